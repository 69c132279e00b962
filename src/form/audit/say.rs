//! What is said of a finding in a text: what is wrong, and what is right.
//!
//! The words stand in the language files; here is only which words. Those of the form are for somebody who types, so
//! where that matters a file has words of its own. Nothing of the text is repeated but names.

use super::Finding;
use crate::form::Fault;
use crate::form::say::with_note;
use crate::json::{Flaw, Slip};
use crate::lang::Lang;

/// What only a text can have wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// It is longer than any order.
    TooLarge,
    /// There is more in it than in any order.
    TooMuch,
    /// From this byte on it is no UTF-8.
    NotText(usize),
    /// There is nothing in it.
    Empty,
    /// A control character stands in a text as it is.
    RawControl,
    /// It is not written as JSON is.
    Slip(Slip),
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
pub fn of_text(lang: &Lang, findings: &[Finding]) -> Vec<String> {
    let of_text = findings.iter().filter(|finding| finding.is_of_text());
    of_text.map(|finding| format!("{}: {}", finding.pointer, finding.say(lang))).collect()
}

impl Oddity {
    /// What is said of a text that is no JSON.
    pub(super) fn of(flaw: &Flaw) -> Self {
        match flaw {
            Flaw::Empty => Self::Empty,
            Flaw::Control(_) => Self::RawControl,
            Flaw::Syntax(_, slip) => Self::Slip(*slip),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooMuch => "too_much",
            Self::NotText(_) => "not_text",
            Self::Empty => "empty",
            Self::RawControl => "raw_control",
            Self::Slip(slip) => slip.code(),
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

    fn value(&self) -> String {
        match self {
            Self::NotText(at) => at.to_string(),
            Self::Unknown(Some(name)) | Self::Missing(name) => name.clone(),
            _ => String::new(),
        }
    }
}

/// What a finding is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// Something that the form finds.
    Fault(Fault),
    /// Something of the text alone.
    Oddity(Oddity),
}

impl From<Fault> for What {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Oddity> for What {
    fn from(oddity: Oddity) -> Self {
        Self::Oddity(oddity)
    }
}

impl Finding {
    /// A word for it that does not change, for machines.
    pub fn code(&self) -> &'static str {
        match &self.what {
            What::Fault(fault) => fault.code(),
            What::Oddity(oddity) => oddity.code(),
        }
    }

    fn text(&self) -> &'static str {
        match &self.what {
            What::Fault(fault) => fault.text(),
            What::Oddity(oddity) => oddity.code(),
        }
    }

    /// The message, and whether the check that it rests on is not confirmed.
    pub fn say(&self, lang: &Lang) -> String {
        let values = match &self.what {
            What::Fault(fault) => fault.values_in_file(lang),
            What::Oddity(oddity) => [oddity.value(), String::new()],
        };
        let own = lang.find(&format!("in_file.{}", self.text())).map(str::to_owned);
        let words = own.unwrap_or_else(|| lang.say(&format!("fault.{}", self.text())).to_owned());
        with_note(crate::lang::fill(&words, &[("a", &values[0]), ("b", &values[1])]), self.source, lang)
    }
}
