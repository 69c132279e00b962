//! How long a key takes in the list of 100 000 organizations, from the press to its character on the screen, while
//! pages still arrive and after all have arrived.
//!
//! Frames for arriving pages do not show the key, so the bench reads the screen and does not count bytes.

use crate::run::{Program, Run};
use std::time::{Duration, Instant};

/// The words that are typed and cleared again: common ones, rare ones, and one without a match.
const WORDS: [&str; 6] = ["zilver", "waters", "apotheek", "9123", "griffel", "qx"];

/// Clears the typed word.
const CLEAR: &[u8] = b"\x15";

/// How long the bench types while pages arrive. The rate limiter delays the last pages for longer than this.
const MEANWHILE: Duration = Duration::from_secs(4);

/// The time of each key, while pages arrived and afterwards.
pub(crate) struct Crowd {
    pub(crate) meanwhile: Vec<Duration>,
    pub(crate) afterwards: Vec<Duration>,
}

/// Types into the list of a program that starts at the step of the organization.
pub(crate) fn measure(program: &Program) -> Crowd {
    let mut run = Run::start(program);
    run.paint();
    run.until(b"\t\r", |line| line.contains("of 100 000"));
    let begun = Instant::now();
    let mut meanwhile = Vec::new();
    while begun.elapsed() < MEANWHILE {
        meanwhile.extend(words(&mut run));
    }
    // This wait would fail if all pages had arrived before.
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
