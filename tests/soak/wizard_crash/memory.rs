//! What a person remembers of what was typed, and since when it had been on the screen: what must be there again after
//! a kill, and what may be.
//!
//! A value must be kept once it was there for longer than the program takes to save it; then it, or what was typed
//! over it since, stands there again, at most cut short.

use super::page::{COUNT, FIELDS};
use std::time::{Duration, Instant};

/// A value that was on the screen for so long is kept. The program saves after 400 ms; the rest is for a machine that
/// is busy with much else, disk included. What was lost in truth was younger by far, as the figures say.
pub(crate) const KEPT_AFTER: Duration = Duration::from_secs(2);

/// A value, from the first key on.
#[derive(Debug, Clone)]
struct Typed {
    text: String,
    /// Since when it stood there whole.
    shown: Option<Instant>,
}

/// What was typed into each field, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    typed: [Vec<Typed>; COUNT],
    /// When the program ended last.
    ended: Option<Instant>,
    /// All of it was in the journal by then.
    journaled: bool,
}

/// What came of what was on the screen at a kill.
#[derive(Debug, Default, Clone)]
pub(crate) struct Losses {
    /// How many values had to be there again, and were.
    pub(crate) kept: u64,
    /// Those that had to be there and were not.
    pub(crate) lost: Vec<String>,
    /// How long the oldest of those was on the screen that were not saved yet.
    pub(crate) oldest: Duration,
}

impl Losses {
    /// Adds others.
    pub(crate) fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.lost.extend(other.lost);
        self.oldest = self.oldest.max(other.oldest);
    }
}

impl Memory {
    /// The first key of this text is pressed.
    pub(crate) fn begin(&mut self, field: usize, text: &str) {
        self.typed[field].push(Typed { text: text.to_owned(), shown: None });
    }

    /// It stands there whole.
    pub(crate) fn shown(&mut self, field: usize) {
        if let Some(typed) = self.typed[field].last_mut() {
            typed.shown.get_or_insert_with(Instant::now);
        }
    }

    /// The program has ended.
    pub(crate) fn ended(&mut self) {
        self.ended = Some(Instant::now());
    }

    /// All of it is in the journal, and so kept, however young it was.
    pub(crate) fn is_in_the_journal(&mut self) {
        self.journaled = true;
    }

    /// Compares with what stands in the fields now, which is what counts from here on.
    pub(crate) fn compare(&mut self, values: &[String; COUNT]) -> Losses {
        let mut losses = Losses::default();
        for (field, value) in values.iter().enumerate() {
            losses.add(self.compare_one(field, value));
            self.typed[field] = vec![Typed { text: value.clone(), shown: Some(Instant::now()) }];
        }
        self.journaled = false;
        losses
    }

    fn compare_one(&self, field: usize, value: &str) -> Losses {
        let (typed, ended) = (&self.typed[field], self.ended.unwrap_or_else(Instant::now));
        let age = |typed: &Typed| typed.shown.map(|shown| ended.saturating_duration_since(shown));
        let old = |typed: &Typed| age(typed).is_some_and(|age| age > KEPT_AFTER || self.journaled);
        let stands =
            |at: usize| typed[at].text == value || typed[at + 1..].iter().any(|new| new.text.starts_with(value));
        let missing = typed.iter().rposition(|typed| typed.shown.is_some()).filter(|at| !stands(*at));
        let oldest = missing.and_then(|at| age(&typed[at])).unwrap_or_default();
        let mut losses = Losses { oldest, ..Losses::default() };
        match typed.iter().rposition(old) {
            Some(at) if stands(at) => losses.kept = 1,
            Some(_) => losses.lost.push(format!("{:?} shows {value:?} after {typed:?}", FIELDS[field].label)),
            None => {}
        }
        losses
    }
}
