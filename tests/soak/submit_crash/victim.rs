//! One run of the program, and the kill in it.
//!
//! The caller says what to wait for; this module decides nothing.

use super::plan::{Command, Kill};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;
use zegel::sandbox::Sandbox;

/// How long to wait for a held connection before checking whether the program has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// The output of a run that ended by itself.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    out: String,
    err: String,
}

impl Told {
    /// Returns true if standard error has these words.
    pub(crate) fn said(&self, words: &str) -> bool {
        self.err.contains(words)
    }

    /// Returns the only JSON object on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|flaw| panic!("{flaw}: {self:#?}"))
    }
}

/// A run of the program.
pub(crate) struct Victim {
    child: Child,
    said: BufReader<ChildStderr>,
    err: String,
}

impl Victim {
    pub(crate) fn start(mut command: std::process::Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        Self { child, said, err: String::new() }
    }

    /// Reads until the program prints this or ends.
    pub(crate) fn until(&mut self, words: &str) {
        let from = self.err.len();
        while !self.err[from..].contains(words) && self.said.read_line(&mut self.err).unwrap() > 0 {}
    }

    /// Waits until an order is held or the program ends.
    fn until_held(&mut self, sandbox: &Sandbox, before: u64) {
        while sandbox.wait_for_hold(before, GLANCE).is_none() && self.child.try_wait().unwrap().is_none() {}
    }

    /// Lets it run until this kill, and kills it. Returns its output if it ended before.
    pub(crate) fn killed(mut self, kill: &Kill, command: Command, sandbox: &Sandbox, before: u64) -> Option<Told> {
        if kill.phase.hold().is_some() {
            self.until_held(sandbox, before);
        } else {
            self.until(kill.phase.words(command));
            std::thread::sleep(kill.pause);
        }
        self.child.kill().unwrap();
        self.end()
    }

    /// Returns its output unless it was killed.
    pub(crate) fn end(mut self) -> Option<Told> {
        let mut out = String::new();
        self.said.read_to_string(&mut self.err).unwrap();
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        let code = self.child.wait().unwrap().code()?;
        Some(Told { code, out, err: std::mem::take(&mut self.err) })
    }
}
