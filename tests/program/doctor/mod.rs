//! `zegel doctor` on a sandbox, and with something broken: its report, its exit code, and that it leaves no traces.
//!
//! Every run has its own home directory and a proxy without a server, so that no test reaches beyond this machine:
//! loopback is reached without a proxy.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod account;
mod local_files;
mod told;
mod way;

use crate::common::tty::Launch;
use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

/// A proxy without a server; port 9 accepts no connections.
const NOBODY: &str = "http://anna:hunter2@127.0.0.1:9";

/// The result of a run.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    /// Returns result and code of each check.
    fn found(&self) -> BTreeMap<String, String> {
        let json: Value = serde_json::from_str(&self.out).unwrap_or_else(|flaw| panic!("{flaw}: {self:?}"));
        let word = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
        let checks = json["checks"].as_array().unwrap().iter();
        checks
            .map(|check| (word(check, "check"), format!("{} {}", word(check, "result"), word(check, "code"))))
            .collect()
    }

    /// Asserts that these checks had these results, each as `check result code`.
    #[track_caller]
    fn expect_findings(self, expected: &[&str]) -> Self {
        let found: Vec<_> = self.found().into_iter().map(|(check, what)| format!("{check} {what}")).collect();
        for what in expected {
            assert!(found.iter().any(|found| found == what), "{what}: {found:#?}");
        }
        self
    }

    #[track_caller]
    fn expect_code(self, code: i32) -> Self {
        assert_eq!((self.code, self.err.as_str()), (Some(code), ""), "{self:?}");
        self
    }
}

/// A home directory, and further variables of the environment.
struct Patient {
    home: TempDir,
    env: BTreeMap<String, String>,
}

impl Patient {
    /// Makes one without an account.
    fn new() -> Self {
        let env = [("HTTPS_PROXY", NOBODY), ("LANG", "en_US.UTF-8"), ("TERM", "xterm-256color")];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { home: tempfile::tempdir().unwrap(), env }
    }

    /// Makes one with this account.
    fn on(url: &str, key: &str) -> Self {
        Self::new().with("ZEGEL_API_URL", url).with("ZEGEL_API_KEY", key)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }

    /// Writes a file below the home directory.
    fn write(&self, below: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
        command.args(args).env_clear().envs(&self.env).env("HOME", self.home.path()).current_dir(self.home.path());
        command
    }

    /// Runs it. Asserts that its output has neither a secret nor the path of the home directory, and that no file there
    /// changed.
    fn run(&self, args: &[&str]) -> Ran {
        ran(&mut self.command(args), self.home.path())
    }

    /// Runs it for JSON.
    fn json(&self) -> Ran {
        self.run(&["doctor", "--json"])
    }

    fn launch(&self, args: &[&str]) -> Launch {
        let launch = self.env.iter().fold(Launch::new(args), |launch, (name, value)| launch.env(name, value));
        launch.env("HOME", self.home.path().to_str().unwrap())
    }
}

fn ran(command: &mut Command, home: &Path) -> Ran {
    let before = below(home);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
    for secret in [KEY, "hunter2", home.to_str().unwrap()] {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{secret}: {ran:?}");
    }
    assert_eq!(below(home), before, "something was left behind");
    ran
}

/// Returns everything below a directory, with its bytes.
fn below(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let is_dir = path.is_dir();
        all.insert(path.clone(), if is_dir { Vec::new() } else { std::fs::read(&path).unwrap_or_default() });
        if is_dir {
            all.extend(below(&path));
        }
    }
    all
}

/// Starts a sandbox with these faults.
fn sandbox(faults: &[&str]) -> Sandbox {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    Sandbox::start(&SandboxOptions { faults, ..SandboxOptions::default() }).unwrap()
}

/// Makes one with the account of a sandbox.
fn on(sandbox: &Sandbox) -> Patient {
    Patient::on(&format!("http://{}/services/v2", sandbox.address()), KEY)
}
