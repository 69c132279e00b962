//! The typed values, and how long each had been on the screen: which values must be there again after a kill, and which
//! may be.
//!
//! A value must be saved once it was on the screen for longer than the program takes to save it. Then this value, or
//! its later replacement, is shown again, at most cut short.

use super::page::{COUNT, FIELDS};
use std::time::{Duration, Instant};

/// A value that was on the screen for this long is saved. The program saves after 400 ms; the rest is for a machine
/// with a busy processor and disk. Values that were really lost were far younger, as the figures show.
pub(crate) const KEPT_AFTER: Duration = Duration::from_secs(2);

/// A value, from its first key on.
#[derive(Debug, Clone)]
struct Typed {
    text: String,
    /// When it was first complete on the screen.
    shown: Option<Instant>,
}

/// The values typed into each field, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    typed: [Vec<Typed>; COUNT],
    /// When the program ended last.
    ended: Option<Instant>,
    /// Whether the journal had all values by then.
    journaled: bool,
}

/// The result of a comparison after a kill.
#[derive(Debug, Default, Clone)]
pub(crate) struct Losses {
    /// How many values had to be there again, and were.
    pub(crate) kept: u64,
    /// The values that had to be there and were not.
    pub(crate) lost: Vec<String>,
    /// How long the oldest unsaved value was on the screen.
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
    /// The first key of this text is about to be pressed.
    pub(crate) fn begin(&mut self, field: usize, text: &str) {
        self.typed[field].push(Typed { text: text.to_owned(), shown: None });
    }

    /// The value is complete on the screen.
    pub(crate) fn shown(&mut self, field: usize) {
        if let Some(typed) = self.typed[field].last_mut() {
            typed.shown.get_or_insert_with(Instant::now);
        }
    }

    /// The program has ended.
    pub(crate) fn ended(&mut self) {
        self.ended = Some(Instant::now());
    }

    /// The journal has all values, so they are saved, however young.
    pub(crate) fn is_in_the_journal(&mut self) {
        self.journaled = true;
    }

    /// Compares with the present values of the fields, which count from here on.
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
