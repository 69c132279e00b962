//! The messages of problems: what is wrong, and what is right.
//!
//! The messages are in the language files; this module selects them and their numbers. The caller decides where to
//! show them.

use super::validate::ConflictingField;
use super::{Normalization, Problem, ProblemKind};
use crate::i18n::Translations;
use crate::product::Citation;

impl ProblemKind {
    /// Returns a stable code for machines.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Returns the name of the message, in every section that has one.
    pub(super) fn text(&self) -> &'static str {
        match self {
            Self::Rows(many, count) if *count < many.min && many.min == 1 => "rows_one",
            Self::Rows(many, count) if *count < many.min => "rows_few",
            _ => self.code(),
        }
    }

    /// Returns the values of the message, in the order of its `{a}` and `{b}`.
    pub(super) fn message_values(&self, lang: &Translations) -> [String; 2] {
        let one = |text: &str| [text.to_owned(), String::new()];
        match self {
            Self::Missing(text)
            | Self::Fixed(text)
            | Self::FixedCase(text)
            | Self::OneOf(text)
            | Self::Years(text)
            | Self::NotVerified(text) => one(text),
            Self::Conflict(all) => one(&labels(all, lang)),
            Self::FirstOptionWins(winner, all) => [labels(winner, lang), labels(all, lang)],
            Self::AtMost(most) => one(&most.to_string()),
            Self::Type(expected) => one(lang.find_text(&format!("type.{expected}")).unwrap_or(expected)),
            Self::TooLong(max, count) | Self::TotalTooLong(max, count) => {
                [lang.format_count(max), lang.format_count(count)]
            }
            Self::Address(why) => one(lang.find_text(&format!("address.{}", why.code())).unwrap_or_default()),
            Self::Range(first, last) => [first.to_string(), last.to_string()],
            Self::Cvv(Some(digits)) => one(&digits.to_string()),
            Self::Cvv(None) => one(lang.text("fault.three_or_four")),
            Self::PostalCode(example) => one(example),
            Self::DateRange(first, last) => [first.to_string(), last.to_string()],
            Self::Rows(many, count) => {
                let limit = if *count < many.min { many.min } else { many.max };
                [lang.format_count(limit), lang.format_count(count)]
            }
            _ => [String::new(), String::new()],
        }
    }

    /// Returns the values for a message about a file: it names fields by their JSON pointers.
    pub(super) fn values_in_file(&self, lang: &Translations) -> [String; 2] {
        match self {
            Self::Conflict(all) => [pointers(all), String::new()],
            Self::FirstOptionWins(winner, all) => [pointers(winner), pointers(all)],
            _ => self.message_values(lang),
        }
    }

    pub fn message(&self, lang: &Translations) -> String {
        let [a, b] = self.message_values(lang);
        lang.format_text(&format!("fault.{}", self.text()), &[("a", &a), ("b", &b)])
    }
}

fn labels(rivals: &[ConflictingField], lang: &Translations) -> String {
    let label = |rival: &ConflictingField| format!("\"{}\"", rival.label.in_language(lang.language));
    rivals.iter().map(label).collect::<Vec<_>>().join(", ")
}

fn pointers(rivals: &[ConflictingField]) -> String {
    rivals.iter().map(|rival| rival.pointer.as_str()).collect::<Vec<_>>().join(", ")
}

impl Normalization {
    pub fn message(&self, lang: &Translations) -> String {
        let (id, pointer) = match self {
            Self::TextToInteger(pointer) => ("notice.integer", pointer),
            Self::WholeNumber(pointer) => ("notice.whole", pointer),
            Self::NumberToText(pointer) => ("notice.text", pointer),
            Self::LeftOut(pointer) => ("notice.left_out", pointer),
        };
        lang.format_text(id, &[("pointer", pointer)])
    }
}

impl Problem {
    /// Returns the message, with a note if its check is not confirmed.
    pub fn message(&self, lang: &Translations) -> String {
        with_note(self.kind.message(lang), self.source, lang)
    }
}

/// Adds a note to the message if its check is not confirmed.
pub(super) fn with_note(message: String, source: Option<&Citation>, lang: &Translations) -> String {
    match source.filter(|source| source.is_doubtful()) {
        Some(source) => format!("{message} {}", lang.format_text("cite.check", &[("from", &source.source_text(lang))])),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountData;
    use crate::form::{Audience, Form, ValidationContext};
    use crate::i18n::Language;
    use crate::json;
    use crate::product::{PKIO, RowLimits};
    use rstest::rstest;

    /// An organization by id and by name, and a validity in days and in years.
    #[rstest]
    #[case(Language::En, &[
        "These fields cannot be filled in together: \"Name or id\", \"Legal name\". Choose one of the options.",
        "More than one of these fields is filled in: \"Years\", \"Days\". Only \"Days\" counts.",
    ])]
    #[case(Language::Nl, &[
        "Deze velden kunt u niet samen invullen: \"Naam of nummer\", \"Statutaire naam\". Kies een van de mogelijkheden.",
        "Van deze velden is er meer dan één ingevuld: \"Jaren\", \"Dagen\". Alleen \"Dagen\" telt.",
    ])]
    fn fields_that_exclude_each_other_are_named(#[case] language: Language, #[case] said: &[&str]) {
        let payload = r#"{"organization": {"id": 900001, "name": "x"}, "order_validity": {"years": 1, "days": 9}}"#;
        let form = Form::parse_payload(PKIO, &json::parse(payload).unwrap()).unwrap().form;
        let known = AccountData::default();
        let context = ValidationContext { today: jiff::civil::Date::ZERO, known: &known, audience: Audience::Wizard };
        let problems = form.find_problems(&context);
        let named = problems
            .iter()
            .filter(|problem| matches!(problem.kind, ProblemKind::Conflict(_) | ProblemKind::FirstOptionWins(..)));
        let lang = Translations::load(language).unwrap();
        assert_eq!(named.map(|problem| problem.message(&lang)).collect::<Vec<_>>(), said);
    }

    #[rstest]
    #[case(Language::En, 1, 0, "Add at least one entry.")]
    #[case(Language::En, 2, 1, "There are too few entries (1); the minimum is 2.")]
    #[case(Language::En, 1, 11, "There are 11 entries; the maximum is 10. Remove one or more.")]
    #[case(Language::Nl, 1, 0, "Voeg er minstens één toe.")]
    #[case(Language::Nl, 2, 1, "Dit zijn er te weinig (1); het minimum is 2.")]
    #[case(Language::Nl, 1, 11, "Dit zijn er 11; het maximum is 10. Verwijder er een of meer.")]
    fn a_list_is_too_short_or_too_long(
        #[case] language: Language,
        #[case] min: usize,
        #[case] count: usize,
        #[case] said: &str,
    ) {
        let fault = ProblemKind::Rows(RowLimits { min, max: 10 }, count);
        assert_eq!((fault.code(), fault.message(&Translations::load(language).unwrap()).as_str()), ("rows", said));
    }
}
