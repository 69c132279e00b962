//! The messages of findings in a text: what is wrong, and what is right.
//!
//! The messages are in the language files; this module selects them. A message of the form is for a person who types,
//! so where that matters a file has a message of its own. A message repeats only names from the text.

use super::LintFinding;
use crate::form::ProblemKind;
use crate::form::problem_text::with_note;
use crate::i18n::{TextId, Translations, texts, with};
use crate::json::SyntaxErrorKind;

/// A problem that only a text can have.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum TextProblem {
    /// The text is longer than any order.
    TooLarge,
    /// The text has more values than any order.
    TooMuch,
    /// The text is not UTF-8 from this byte on.
    #[strum(serialize = "not_text")]
    InvalidUtf8(usize),
    /// The text is not valid JSON.
    Syntax(SyntaxErrorKind),
    /// The text is JSON, but not an object.
    NotAnObject,
    /// `null`, where a value belongs or the member should be absent.
    Null,
    /// A member that occurs more than once.
    Duplicate,
    /// An unknown member, with the nearest known name.
    Unknown(Option<String>),
    /// A member that other products have, and that is not documented for this one.
    Elsewhere,
    /// A member that does not belong to the chosen option, and is left out.
    LeftOut,
    CardData,
    /// An object that is absent as a whole, with the names that it needs.
    #[strum(serialize = "missing_object")]
    Missing(String),
}

/// Returns the messages of the findings that only the text shows; the form made from it does not have them.
pub fn text_only_messages(lang: &Translations, findings: &[LintFinding]) -> Vec<String> {
    let of_text = findings.iter().filter(|finding| finding.is_text_only());
    of_text.map(|finding| format!("{}: {}", finding.pointer, finding.message(lang))).collect()
}

impl TextProblem {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax(kind) => kind.code(),
            Self::Unknown(Some(_)) => "misspelled",
            _ => self.into(),
        }
    }

    fn message(&self, lang: &Translations) -> String {
        let of_one = |id: TextId<with::A<'_>>, a: &str| lang.format(id, with::A(&a));
        let id = match self {
            Self::InvalidUtf8(at) => return of_one(texts::in_file::NOT_TEXT, &at.to_string()),
            Self::Unknown(Some(name)) => return of_one(texts::in_file::MISSPELLED, name),
            Self::Missing(name) => return of_one(texts::in_file::MISSING_OBJECT, name),
            Self::TooLarge => texts::in_file::TOO_LARGE,
            Self::TooMuch => texts::in_file::TOO_MUCH,
            Self::Syntax(kind) => kind.text_id(),
            Self::NotAnObject => texts::in_file::NOT_AN_OBJECT,
            Self::Null => texts::in_file::NULL,
            Self::Duplicate => texts::in_file::DUPLICATE,
            Self::Unknown(None) => texts::in_file::UNKNOWN,
            Self::Elsewhere => texts::in_file::ELSEWHERE,
            Self::LeftOut => texts::in_file::LEFT_OUT,
            Self::CardData => texts::in_file::CARD_DATA,
        };
        lang.text(id).to_owned()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum FindingKind {
    /// A problem of the form.
    Form(ProblemKind),
    /// A problem of the text alone.
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
    /// Returns a stable code for machines.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FindingKind::Form(fault) => fault.code(),
            FindingKind::Text(oddity) => oddity.code(),
        }
    }

    /// Returns the message, with a note if its check is not confirmed.
    pub fn message(&self, lang: &Translations) -> String {
        let words = match &self.kind {
            FindingKind::Form(fault) => fault.message_in_file(lang),
            FindingKind::Text(oddity) => oddity.message(lang),
        };
        with_note(words, self.source, lang)
    }
}
