//! A finding: one thing that is looked at before an order, how it stands, what was found, and what to do about it.
//!
//! It also has the words for what is not known yet and for what cannot be had. It knows nothing of what is looked at.

use super::{Heard, NOT_PERMITTED, has_code};
use crate::facts::Failure;
use crate::layout::Tone;
use crate::wizard::Model;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// As it should be.
    Good,
    /// Worth a look before an order.
    Warning,
    /// It cannot be told.
    Unknown,
    /// It is being asked for.
    Asking,
}

impl Standing {
    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Good => Tone::Good,
            Self::Warning => Tone::Warning,
            Self::Unknown => Tone::Note,
            Self::Asking => Tone::Dim,
        }
    }

    fn mark(self) -> char {
        match self {
            Self::Good => '✓',
            Self::Warning => '!',
            Self::Unknown => '?',
            Self::Asking => '…',
        }
    }
}

/// What was found out about one thing.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    /// What it is about.
    title: String,
    /// How it stands.
    pub(super) standing: Standing,
    /// What was found, in few words.
    line: String,
    /// What that means, and what to do.
    pub(super) more: Vec<String>,
}

impl Finding {
    pub(super) fn new(title: &str, standing: Standing, line: impl Into<String>) -> Self {
        Self { title: title.to_owned(), standing, line: line.into(), more: Vec::new() }
    }

    /// With a sentence more.
    pub(super) fn and(mut self, text: impl Into<String>) -> Self {
        self.more.push(text.into());
        self
    }

    /// In one line.
    pub(super) fn words(&self) -> String {
        format!("{} {}: {}", self.standing.mark(), self.title, self.line)
    }
}

impl Model {
    /// What is said of something that is not known yet, or that cannot be had.
    pub(super) fn unheard<T>(&self, title: &str, heard: &Heard<'_, T>) -> Finding {
        match heard {
            Heard::Failed(failure) if has_code(failure, NOT_PERMITTED) => {
                Finding::new(title, Standing::Unknown, self.say("ready.not_permitted")).and(self.because(failure))
            }
            Heard::Failed(failure) => {
                let because = self.because(failure);
                Finding::new(title, Standing::Unknown, self.say("ready.not_told")).and(because)
            }
            _ => Finding::new(title, Standing::Asking, self.say("ready.asking")),
        }
    }

    pub(super) fn because(&self, failure: &Failure) -> String {
        self.teller().failure(failure)
    }
}
