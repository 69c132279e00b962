//! A key in the list of 100 000 organizations, from the key to what it typed on the screen, while pages still arrive and
//! once all are there.
//!
//! A frame that shows pages is none that shows the key, so the screen is read and not the bytes counted.

use crate::run::{Program, Run};
use std::time::{Duration, Instant};

/// What is typed, and taken back again: common words, rare ones, and what no row has.
const WORDS: [&str; 6] = ["zilver", "waters", "apotheek", "9123", "griffel", "qx"];

/// Takes back what was typed.
const CLEAR: &[u8] = b"\x15";

/// So long typing goes on while pages arrive: the limiter holds the last of them back for longer.
const MEANWHILE: Duration = Duration::from_secs(4);

/// How long each key took, while pages arrived and afterwards.
pub(crate) struct Crowd {
    pub(crate) meanwhile: Vec<Duration>,
    pub(crate) afterwards: Vec<Duration>,
}

/// Types into the list of a program that begins at the step of the organization.
pub(crate) fn measure(program: &Program) -> Crowd {
    let mut run = Run::start(program);
    run.paint();
    run.until(b"\t\r", |line| line.contains("of 100 000"));
    let begun = Instant::now();
    let mut meanwhile = Vec::new();
    while begun.elapsed() < MEANWHILE {
        meanwhile.extend(words(&mut run));
    }
    // Had all of them come before, this would wait in vain.
    run.until(b"", |line| line == "100 000 of 100 000");
    let afterwards = (0..5).flat_map(|_| words(&mut run)).collect();
    Crowd { meanwhile, afterwards }
}

fn words(run: &mut Run) -> Vec<Duration> {
    let mut times = Vec::new();
    for word in WORDS {
        for end in 1..=word.len() {
            let typed = format!("Name or id: {}", &word[..end]);
            times.push(run.until(&word.as_bytes()[end - 1..end], |line| line == typed));
        }
        run.until(CLEAR, |line| line == "Name or id:");
    }
    times
}
