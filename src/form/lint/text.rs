//! What is said of a finding in a text: what is wrong, and what is right.
//!
//! The words stand in the language files; here is only which words. Those of the form are for somebody who types, so
//! where that matters a file has words of its own. Nothing of the text is repeated but names.

use super::LintFinding;
use crate::form::ProblemKind;
use crate::form::problem_text::with_note;
use crate::i18n::Translations;
use crate::json::{JsonSyntaxError, SyntaxErrorKind};

/// What only a text can have wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextProblem {
    /// It is longer than any order.
    TooLarge,
    /// There is more in it than in any order.
    TooMuch,
    /// From this byte on it is no UTF-8.
    InvalidUtf8(usize),
    /// There is nothing in it.
    Empty,
    /// A control character stands in a text as it is.
    RawControl,
    /// It is not written as JSON is.
    Syntax(SyntaxErrorKind),
    /// It is JSON, and no object.
    NotAnObject,
    /// `null`, where nothing or a value belongs.
    Null,
    /// A member that stands there already.
    Duplicate,
    /// A member that is not known; the known name that is nearest.
    Unknown(Option<String>),
    /// A member that other products take, and that is not documented for this one.
    Elsewhere,
    /// A member that does not belong to what was chosen, and is left out.
    LeftOut,
    /// Card data.
    CardData,
    /// An object that is absent as a whole; the names that it needs.
    Missing(String),
}

/// What only the text shows of what was found: a form that it makes knows nothing of it.
pub fn text_only_messages(lang: &Translations, findings: &[LintFinding]) -> Vec<String> {
    let of_text = findings.iter().filter(|finding| finding.is_text_only());
    of_text.map(|finding| format!("{}: {}", finding.pointer, finding.message(lang))).collect()
}

impl TextProblem {
    /// What is said of a text that is no JSON.
    pub(super) fn from_syntax_error(flaw: &JsonSyntaxError) -> Self {
        match flaw {
            JsonSyntaxError::Empty => Self::Empty,
            JsonSyntaxError::Control(_) => Self::RawControl,
            JsonSyntaxError::Syntax(_, slip) => Self::Syntax(*slip),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooMuch => "too_much",
            Self::InvalidUtf8(_) => "not_text",
            Self::Empty => "empty",
            Self::RawControl => "raw_control",
            Self::Syntax(slip) => slip.code(),
            Self::NotAnObject => "not_an_object",
            Self::Null => "null",
            Self::Duplicate => "duplicate",
            Self::Unknown(None) => "unknown",
            Self::Unknown(Some(_)) => "misspelled",
            Self::Elsewhere => "elsewhere",
            Self::LeftOut => "left_out",
            Self::CardData => "card_data",
            Self::Missing(_) => "missing_object",
        }
    }

    fn message_value(&self) -> String {
        match self {
            Self::InvalidUtf8(at) => at.to_string(),
            Self::Unknown(Some(name)) | Self::Missing(name) => name.clone(),
            _ => String::new(),
        }
    }
}

/// What a finding is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FindingKind {
    /// Something that the form finds.
    Form(ProblemKind),
    /// Something of the text alone.
    Text(TextProblem),
}

impl From<ProblemKind> for FindingKind {
    fn from(fault: ProblemKind) -> Self {
        Self::Form(fault)
    }
}

impl From<TextProblem> for FindingKind {
    fn from(oddity: TextProblem) -> Self {
        Self::Text(oddity)
    }
}

impl LintFinding {
    /// A word for it that does not change, for machines.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FindingKind::Form(fault) => fault.code(),
            FindingKind::Text(oddity) => oddity.code(),
        }
    }

    fn text(&self) -> &'static str {
        match &self.kind {
            FindingKind::Form(fault) => fault.text(),
            FindingKind::Text(oddity) => oddity.code(),
        }
    }

    /// The message, and whether the check that it rests on is not confirmed.
    pub fn message(&self, lang: &Translations) -> String {
        let values = match &self.kind {
            FindingKind::Form(fault) => fault.values_in_file(lang),
            FindingKind::Text(oddity) => [oddity.message_value(), String::new()],
        };
        let own = lang.find_text(&format!("in_file.{}", self.text())).map(str::to_owned);
        let words = own.unwrap_or_else(|| lang.text(&format!("fault.{}", self.text())).to_owned());
        with_note(crate::i18n::fill_placeholders(&words, &[("a", &values[0]), ("b", &values[1])]), self.source, lang)
    }
}
