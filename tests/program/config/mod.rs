//! `zegel config`, and the account that the program uses: with the real program, as a person or a script runs it.
//!
//! No test reaches beyond this computer. The single values of a configuration are tested beside their code.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod accounts;
mod shown;
mod trust;

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The result of a run.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// A directory with a configuration, and beside it a state directory.
struct Home {
    root: TempDir,
}

impl Home {
    /// Makes one with this configuration; `{root}` is the directory.
    fn with(text: &str) -> Self {
        let home = Self { root: tempfile::tempdir().unwrap() };
        std::fs::write(home.file(), text.replace("{root}", home.root.path().to_str().unwrap())).unwrap();
        home
    }

    /// Makes one without a configuration.
    fn without() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.path().join("config.toml")
    }

    fn path(&self) -> &Path {
        self.root.path()
    }

    /// Runs the program with these arguments, and these variables besides those of the directories.
    fn run(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
        command.args(args).env_clear().env("ZEGEL_CONFIG_DIR", self.path()).env("ZEGEL_TEST_PACE", "600");
        command.env("ZEGEL_STATE_DIR", self.path().join("state")).envs(env.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(self.path().to_str().unwrap(), "/home");
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}
