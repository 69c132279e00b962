//! The commands without a screen, run as a script or a person at a shell runs them.
//!
//! The tests examine only their output and their end; they use the library only for its constants. No test reaches
//! beyond this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod check;
mod files;
mod hostile;
mod reported;
mod schema;
mod secrets;

use assert_cmd::Command;
use std::ffi::OsStr;
use std::path::Path;
use tempfile::TempDir;

/// A payload without problems.
const RIGHT: &str = include_str!("payloads/right.json");

/// The result of a run.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Returns the program in a directory, with an empty environment.
fn zegel<S: AsRef<OsStr>>(folder: &Path, args: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.args(args).env_clear().env("ZEGEL_CONFIG_DIR", "/nonexistent").current_dir(folder);
    command
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the program in a directory.
fn run<S: AsRef<OsStr>>(folder: &Path, args: &[S]) -> Ran {
    ran(&mut zegel(folder, args))
}

/// Makes a directory with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Returns each line of standard output as JSON.
fn lines(ran: &Ran) -> Vec<serde_json::Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}
