//! A finding: one thing that is checked before an order, with its status, the result and the advice.
//!
//! The texts for unknown and failed answers are here too. What is checked does not belong here.

use super::{AnswerState, MISSING_PERMISSION_CODE, has_error_code};
use crate::domain::ApiError;
use crate::tone::Tone;
use crate::tui::session::Session;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FindingStatus {
    /// As it should be.
    Good,
    /// Worth a look before an order.
    Warning,
    /// It cannot be determined.
    Unknown,
    /// The answer is not there yet.
    Loading,
}

impl FindingStatus {
    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Good => Tone::Good,
            Self::Warning => Tone::Warning,
            Self::Unknown => Tone::Note,
            Self::Loading => Tone::Dim,
        }
    }

    fn symbol(self) -> char {
        match self {
            Self::Good => '✓',
            Self::Warning => '!',
            Self::Unknown => '?',
            Self::Loading => '…',
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct ReadinessFinding {
    /// What was checked.
    title: String,
    pub(super) status: FindingStatus,
    /// The result in a few words.
    summary: String,
    /// What the result means, and what to do.
    pub(super) details: Vec<String>,
}

impl ReadinessFinding {
    pub(super) fn new(title: &str, status: FindingStatus, line: impl Into<String>) -> Self {
        Self { title: title.to_owned(), status, summary: line.into(), details: Vec::new() }
    }

    pub(super) fn with_detail(mut self, text: impl Into<String>) -> Self {
        self.details.push(text.into());
        self
    }

    /// Returns the finding on one line.
    pub(super) fn summary_text(&self) -> String {
        format!("{} {}: {}", self.status.symbol(), self.title, self.summary)
    }
}

/// Returns the finding for an answer that is not there yet, or that failed.
pub(super) fn unanswered_finding<T>(session: &Session, title: &str, heard: &AnswerState<'_, T>) -> ReadinessFinding {
    match heard {
        AnswerState::Failed(failure) if has_error_code(failure, MISSING_PERMISSION_CODE) => {
            ReadinessFinding::new(title, FindingStatus::Unknown, session.text("ready.not_permitted"))
                .with_detail(failure_text(session, failure))
        }
        AnswerState::Failed(failure) => {
            let because = failure_text(session, failure);
            ReadinessFinding::new(title, FindingStatus::Unknown, session.text("ready.not_told")).with_detail(because)
        }
        _ => ReadinessFinding::new(title, FindingStatus::Loading, session.text("ready.asking")),
    }
}

pub(super) fn failure_text(session: &Session, failure: &ApiError) -> String {
    session.message_writer().failure_text(failure)
}
