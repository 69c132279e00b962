//! A sandbox, a directory with a payload and a journal, and runs of the program with them.
//!
//! The output of a run is kept by stream. Every run is searched for the card number and the key, which no output may
//! have.

use crate::common::journal::journal;
use crate::common::search::found;
use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zegel::sandbox::{KEY, OrderCounts, Sandbox, SandboxOptions};

/// An order for an organization of the sandbox without recent orders.
pub(crate) const ORDER: &str = r#"{
  "organization": { "id": 900011, "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd",
  "csa_agreed_to": true,
  "ship_info": { "name": "Anna de Vries", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA",
                 "city": "Amsterdam", "state": "Noord-Holland", "country": "nl", "method": "STANDARD" },
  "order_validity": { "years": 1 },
  "payment_method": "balance"
}"#;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Asserts that it ended with this code and printed all of these parts, on either stream.
    #[track_caller]
    pub(crate) fn expect_end(self, code: i32, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in parts {
            assert!(self.out.contains(part) || self.err.contains(part), "{part:?}: {self:#?}");
        }
        self
    }

    /// Returns the only JSON object on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|flaw| panic!("{flaw}: {self:#?}"))
    }
}

pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) dir: TempDir,
    pub(crate) file: PathBuf,
}

impl Desk {
    /// Creates a desk with a correct order.
    pub(crate) fn new() -> Self {
        Self::with(ORDER)
    }

    pub(crate) fn with(payload: &str) -> Self {
        let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("order.json");
        std::fs::write(&file, payload).unwrap();
        Self { sandbox, dir, file }
    }

    /// Turns these faults on, and all others off.
    pub(crate) fn switch(&self, faults: &[&str]) {
        let faults: Vec<_> = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        self.sandbox.set_faults(&faults);
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    pub(crate) fn journal(&self) -> Vec<String> {
        journal(&self.state())
    }

    /// Returns how many orders arrived, and how many of them were placed.
    pub(crate) fn orders(&self) -> (u64, u64) {
        let OrderCounts { received, placed, .. } = self.sandbox.order_counts();
        (received, placed)
    }

    /// Returns the digest of the file, as a colleague would have it.
    pub(crate) fn digest(&self) -> String {
        self.run(&["preview", "--digest", &self.path()], "").expect_end(0, &[]).out.trim().to_owned()
    }

    pub(crate) fn path(&self) -> String {
        self.file.display().to_string()
    }

    /// Submits the reviewed order.
    pub(crate) fn submit(&self, more: &[&str]) -> Ran {
        let (path, digest) = (self.path(), self.digest());
        self.run(&[&["submit", &path, "--confirm", &digest], more].concat(), "")
    }

    /// Returns the program with the sandbox's account.
    pub(crate) fn command(&self) -> Command {
        program(&self.state(), &self.sandbox.api_url())
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, args: &[&str], typed: &str) -> Ran {
        ran(self.command().args(args).write_stdin(typed))
    }
}

/// Returns the program with only an account and a directory in its environment.
pub(crate) fn program(state: &Path, url: &str) -> Command {
    bare(state, url).into()
}

/// Returns the same as a plain command, to be started without waiting for its end.
pub(crate) fn bare(state: &Path, url: &str) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.env_clear().env("ZEGEL_API_URL", url).env("ZEGEL_API_KEY", KEY).env("ZEGEL_STATE_DIR", state);
    command.env("ZEGEL_TEST_PACE", "600").env("ZEGEL_CONFIG_DIR", "/nonexistent");
    command
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
    let report = format!("{}\n{}", ran.out, ran.err);
    assert!(!report.contains(KEY) && found(report.as_bytes()).is_empty(), "a secret was told: {ran:#?}");
    ran
}
