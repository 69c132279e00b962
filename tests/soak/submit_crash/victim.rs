//! One run of the program, and the kill that meets it.
//!
//! It is told what to wait for, and decides nothing.

use super::plan::{Command, Kill};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;
use zegel::sandbox::Sandbox;

/// So long at a time it is waited for a connection that is held, before it is asked whether the program has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// What a run told that ended by itself.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    out: String,
    err: String,
}

impl Told {
    /// Whether it said so on standard error.
    pub(crate) fn said(&self, words: &str) -> bool {
        self.err.contains(words)
    }

    /// The one JSON object on standard output.
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

    /// Reads until it says this, or ends.
    pub(crate) fn until(&mut self, words: &str) {
        let from = self.err.len();
        while !self.err[from..].contains(words) && self.said.read_line(&mut self.err).unwrap() > 0 {}
    }

    /// Until an order is held, or it ends.
    fn until_held(&mut self, sandbox: &Sandbox, before: u64) {
        while sandbox.wait_for_hold(before, GLANCE).is_none() && self.child.try_wait().unwrap().is_none() {}
    }

    /// Lets it run until this kill, and kills it. What it told where it ended before.
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

    /// What it told; nothing where it was killed.
    pub(crate) fn end(mut self) -> Option<Told> {
        let mut out = String::new();
        self.said.read_to_string(&mut self.err).unwrap();
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        let code = self.child.wait().unwrap().code()?;
        Some(Told { code, out, err: std::mem::take(&mut self.err) })
    }
}
