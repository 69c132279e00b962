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

    /// Returns the message for a person who types.
    pub fn message(&self, lang: &Translations) -> String {
        self.message_with_values(lang).unwrap_or_else(|| lang.text(self.text_id()).to_owned())
    }

    /// Returns the message if it has values.
    fn message_with_values(&self, lang: &Translations) -> Option<String> {
        let of_one = |id: &'static str, a: &str| lang.format_text(id, &[("a", a)]);
        let of_both = |id: &'static str, a: &str, b: &str| lang.format_text(id, &[("a", a), ("b", b)]);
        Some(match self {
            Self::Missing(text) => of_one("fault.missing", text),
            Self::Fixed(text) => of_one("fault.fixed", text),
            Self::FixedCase(text) => of_one("fault.fixed_case", text),
            Self::OneOf(text) => of_one("fault.one_of", text),
            Self::Years(text) => of_one("fault.years", text),
            Self::NotVerified(text) => of_one("fault.not_verified", text),
            Self::Conflict(all) => of_one("fault.conflict", &labels(all, lang)),
            Self::FirstOptionWins(winner, all) => of_both("fault.wins", &labels(winner, lang), &labels(all, lang)),
            Self::AtMost(most) => of_one("fault.at_most", &most.to_string()),
            Self::Type(expected) => of_one("fault.type", lang.text(type_text_id(expected))),
            Self::TooLong(max, count) => of_both("fault.too_long", &lang.format_count(max), &lang.format_count(count)),
            Self::TotalTooLong(max, count) => {
                of_both("fault.total_too_long", &lang.format_count(max), &lang.format_count(count))
            }
            Self::Address(why) => of_one("fault.address", lang.text(why.text_id())),
            Self::Range(first, last) => of_both("fault.range", &first.to_string(), &last.to_string()),
            Self::Cvv(Some(digits)) => of_one("fault.cvv", &digits.to_string()),
            Self::Cvv(None) => of_one("fault.cvv", lang.text("fault.three_or_four")),
            Self::PostalCode(example) => of_one("fault.postal_code", example),
            Self::DateRange(first, last) => of_both("fault.date_range", &first.to_string(), &last.to_string()),
            Self::Rows(many, count) if *count >= many.min => {
                of_both("fault.rows", &lang.format_count(many.max), &lang.format_count(count))
            }
            Self::Rows(many, count) if many.min > 1 => {
                of_both("fault.rows_few", &lang.format_count(many.min), &lang.format_count(count))
            }
            _ => return None,
        })
    }

    /// Returns the message of a problem without values.
    fn text_id(&self) -> &'static str {
        match self {
            Self::Required => "fault.required",
            Self::SecretLater => "fault.secret_later",
            Self::Advised => "fault.advised",
            Self::Id => "fault.id",
            Self::Email => "fault.email",
            Self::EmailShape => "fault.email_shape",
            Self::Telephone => "fault.telephone",
            Self::FewDigits => "fault.few_digits",
            Self::PoBox => "fault.po_box",
            Self::HouseNumber => "fault.house_number",
            Self::NoLetters => "fault.no_letters",
            Self::NoPerson => "fault.no_person",
            Self::Luhn => "fault.card_number",
            Self::Month => "fault.month",
            Self::Year => "fault.year",
            Self::TwoWords => "fault.two_words",
            Self::Date => "fault.date",
            Self::DateSpelling => "fault.date_spelling",
            Self::Country => "fault.country",
            Self::Duplicate => "fault.twice",
            Self::PastMonth => "fault.past_month",
            Self::Inactive => "fault.inactive",
            Self::ContactId => "fault.contact_id",
            Self::NoDetails => "fault.no_details",
            Self::NoneVerified => "fault.none_verified",
            Self::YearsUnknown => "fault.years_unknown",
            Self::NoCustomDate => "fault.no_custom_date",
            Self::ApiKey => "fault.api_key",
            Self::AccountName => "fault.account_name",
            Self::Variable => "fault.variable",
            Self::Command => "fault.command",
            Self::AbsolutePath => "fault.absolute_path",
            Self::Consent => "fault.consent",
            Self::ControlCharacter => "fault.control",
            Self::HiddenCharacter => "fault.unseen",
            // All of these have values, except for a list without rows.
            Self::Missing(_)
            | Self::Fixed(_)
            | Self::FixedCase(_)
            | Self::OneOf(_)
            | Self::Years(_)
            | Self::NotVerified(_)
            | Self::Conflict(_)
            | Self::FirstOptionWins(..)
            | Self::AtMost(_)
            | Self::Type(_)
            | Self::TooLong(..)
            | Self::TotalTooLong(..)
            | Self::Address(_)
            | Self::Range(..)
            | Self::Cvv(_)
            | Self::PostalCode(_)
            | Self::DateRange(..)
            | Self::Rows(..) => "fault.rows_one",
        }
    }

    /// Returns the message about a file: where that matters it has words of its own, and it names fields by their JSON
    /// pointers.
    pub(super) fn message_in_file(&self, lang: &Translations) -> String {
        let of_one = |id: &'static str, a: &str| lang.format_text(id, &[("a", a)]);
        let of_both = |id: &'static str, a: &str, b: &str| lang.format_text(id, &[("a", a), ("b", b)]);
        match self {
            Self::Required => lang.text("in_file.required").to_owned(),
            Self::Advised => lang.text("in_file.advised").to_owned(),
            Self::Missing(text) => of_one("in_file.missing", text),
            Self::Fixed(text) => of_one("in_file.fixed", text),
            Self::FixedCase(text) => of_one("in_file.fixed_case", text),
            Self::Country => lang.text("in_file.country").to_owned(),
            Self::Consent => lang.text("in_file.consent").to_owned(),
            Self::Conflict(all) => of_one("in_file.conflict", &pointers(all)),
            Self::FirstOptionWins(winner, all) => of_both("in_file.wins", &pointers(winner), &pointers(all)),
            Self::ControlCharacter => lang.text("in_file.control").to_owned(),
            Self::HiddenCharacter => lang.text("in_file.unseen").to_owned(),
            Self::Rows(many, count) if *count >= many.min => {
                of_both("in_file.rows", &lang.format_count(many.max), &lang.format_count(count))
            }
            Self::Rows(many, _) if many.min == 1 => lang.text("in_file.rows_one").to_owned(),
            Self::Rows(many, count) => {
                of_both("in_file.rows_few", &lang.format_count(many.min), &lang.format_count(count))
            }
            _ => self.message(lang),
        }
    }
}

/// Returns the name of a JSON type in words.
fn type_text_id(expected: &str) -> &'static str {
    match expected {
        "integer" => "value_type.integer",
        "bool" => "value_type.bool",
        "object" => "value_type.object",
        "list" => "value_type.list",
        _ => "value_type.text",
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
