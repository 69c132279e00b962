//! The messages of problems: what is wrong, and what is right.
//!
//! The messages are in the language files; this module selects them and their numbers. The caller decides where to
//! show them.

use super::validate::ConflictingField;
use super::{Normalization, Problem, ProblemKind};
use crate::i18n::{TextId, Translations, texts, with};
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
        let of_one = |id: TextId<with::A<'_>>, a: &str| lang.format(id, with::A(&a));
        let of_both =
            |id: TextId<(with::A<'_>, with::B<'_>)>, a: &str, b: &str| lang.format(id, (with::A(&a), with::B(&b)));
        Some(match self {
            Self::Missing(text) => of_one(texts::fault::MISSING, text),
            Self::Fixed(text) => of_one(texts::fault::FIXED, text),
            Self::FixedCase(text) => of_one(texts::fault::FIXED_CASE, text),
            Self::OneOf(text) => of_one(texts::fault::ONE_OF, text),
            Self::Years(text) => of_one(texts::fault::YEARS, text),
            Self::NotVerified(text) => of_one(texts::fault::NOT_VERIFIED, text),
            Self::Conflict(all) => of_one(texts::fault::CONFLICT, &labels(all, lang)),
            Self::FirstOptionWins(winner, all) => {
                of_both(texts::fault::WINS, &labels(winner, lang), &labels(all, lang))
            }
            Self::AtMost(most) => of_one(texts::fault::AT_MOST, &most.to_string()),
            Self::Type(expected) => of_one(texts::fault::TYPE, lang.text(type_text_id(expected))),
            Self::TooLong(max, count) => {
                of_both(texts::fault::TOO_LONG, &lang.format_count(max), &lang.format_count(count))
            }
            Self::TotalTooLong(max, count) => {
                of_both(texts::fault::TOTAL_TOO_LONG, &lang.format_count(max), &lang.format_count(count))
            }
            Self::Address(why) => of_one(texts::fault::ADDRESS, lang.text(why.text_id())),
            Self::Range(first, last) => of_both(texts::fault::RANGE, &first.to_string(), &last.to_string()),
            Self::Cvv(Some(digits)) => of_one(texts::fault::CVV, &digits.to_string()),
            Self::Cvv(None) => of_one(texts::fault::CVV, lang.text(texts::fault::THREE_OR_FOUR)),
            Self::PostalCode(example) => of_one(texts::fault::POSTAL_CODE, example),
            Self::DateRange(first, last) => of_both(texts::fault::DATE_RANGE, &first.to_string(), &last.to_string()),
            Self::Rows(many, count) if *count >= many.min => {
                of_both(texts::fault::ROWS, &lang.format_count(many.max), &lang.format_count(count))
            }
            Self::Rows(many, count) if many.min > 1 => {
                of_both(texts::fault::ROWS_FEW, &lang.format_count(many.min), &lang.format_count(count))
            }
            _ => return None,
        })
    }

    /// Returns the message of a problem without values.
    fn text_id(&self) -> TextId {
        match self {
            Self::Required => texts::fault::REQUIRED,
            Self::SecretLater => texts::fault::SECRET_LATER,
            Self::Advised => texts::fault::ADVISED,
            Self::Id => texts::fault::ID,
            Self::Email => texts::fault::EMAIL,
            Self::EmailShape => texts::fault::EMAIL_SHAPE,
            Self::Telephone => texts::fault::TELEPHONE,
            Self::FewDigits => texts::fault::FEW_DIGITS,
            Self::PoBox => texts::fault::PO_BOX,
            Self::HouseNumber => texts::fault::HOUSE_NUMBER,
            Self::NoLetters => texts::fault::NO_LETTERS,
            Self::NoPerson => texts::fault::NO_PERSON,
            Self::Luhn => texts::fault::CARD_NUMBER,
            Self::Month => texts::fault::MONTH,
            Self::Year => texts::fault::YEAR,
            Self::TwoWords => texts::fault::TWO_WORDS,
            Self::Date => texts::fault::DATE,
            Self::DateSpelling => texts::fault::DATE_SPELLING,
            Self::Country => texts::fault::COUNTRY,
            Self::Duplicate => texts::fault::TWICE,
            Self::PastMonth => texts::fault::PAST_MONTH,
            Self::Inactive => texts::fault::INACTIVE,
            Self::ContactId => texts::fault::CONTACT_ID,
            Self::NoDetails => texts::fault::NO_DETAILS,
            Self::NoneVerified => texts::fault::NONE_VERIFIED,
            Self::YearsUnknown => texts::fault::YEARS_UNKNOWN,
            Self::NoCustomDate => texts::fault::NO_CUSTOM_DATE,
            Self::ApiKey => texts::fault::API_KEY,
            Self::AccountName => texts::fault::ACCOUNT_NAME,
            Self::Variable => texts::fault::VARIABLE,
            Self::Command => texts::fault::COMMAND,
            Self::AbsolutePath => texts::fault::ABSOLUTE_PATH,
            Self::Consent => texts::fault::CONSENT,
            Self::ControlCharacter => texts::fault::CONTROL,
            Self::HiddenCharacter => texts::fault::UNSEEN,
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
            | Self::Rows(..) => texts::fault::ROWS_ONE,
        }
    }

    /// Returns the message about a file: where that matters it has words of its own, and it names fields by their JSON
    /// pointers.
    pub(super) fn message_in_file(&self, lang: &Translations) -> String {
        let of_one = |id: TextId<with::A<'_>>, a: &str| lang.format(id, with::A(&a));
        let of_both =
            |id: TextId<(with::A<'_>, with::B<'_>)>, a: &str, b: &str| lang.format(id, (with::A(&a), with::B(&b)));
        match self {
            Self::Required => lang.text(texts::in_file::REQUIRED).to_owned(),
            Self::Advised => lang.text(texts::in_file::ADVISED).to_owned(),
            Self::Missing(text) => of_one(texts::in_file::MISSING, text),
            Self::Fixed(text) => of_one(texts::in_file::FIXED, text),
            Self::FixedCase(text) => of_one(texts::in_file::FIXED_CASE, text),
            Self::Country => lang.text(texts::in_file::COUNTRY).to_owned(),
            Self::Consent => lang.text(texts::in_file::CONSENT).to_owned(),
            Self::Conflict(all) => of_one(texts::in_file::CONFLICT, &pointers(all)),
            Self::FirstOptionWins(winner, all) => of_both(texts::in_file::WINS, &pointers(winner), &pointers(all)),
            Self::ControlCharacter => lang.text(texts::in_file::CONTROL).to_owned(),
            Self::HiddenCharacter => lang.text(texts::in_file::UNSEEN).to_owned(),
            Self::Rows(many, count) if *count >= many.min => {
                of_both(texts::in_file::ROWS, &lang.format_count(many.max), &lang.format_count(count))
            }
            Self::Rows(many, _) if many.min == 1 => lang.text(texts::in_file::ROWS_ONE).to_owned(),
            Self::Rows(many, count) => {
                of_both(texts::in_file::ROWS_FEW, &lang.format_count(many.min), &lang.format_count(count))
            }
            _ => self.message(lang),
        }
    }
}

/// Returns the name of a JSON type in words.
fn type_text_id(expected: &str) -> TextId {
    match expected {
        "integer" => texts::value_type::INTEGER,
        "bool" => texts::value_type::BOOL,
        "object" => texts::value_type::OBJECT,
        "list" => texts::value_type::LIST,
        _ => texts::value_type::TEXT,
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
            Self::TextToInteger(pointer) => (texts::notice::INTEGER, pointer),
            Self::WholeNumber(pointer) => (texts::notice::WHOLE, pointer),
            Self::NumberToText(pointer) => (texts::notice::TEXT, pointer),
            Self::LeftOut(pointer) => (texts::notice::LEFT_OUT, pointer),
        };
        lang.format(id, with::Pointer(&pointer))
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
        Some(source) => format!("{message} {}", lang.format(texts::cite::CHECK, with::From(&source.source_text(lang)))),
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
    fn fields_that_exclude_each_other_are_named(#[case] language: Language, #[case] text: &[&str]) {
        let payload = r#"{"organization": {"id": 900001, "name": "x"}, "order_validity": {"years": 1, "days": 9}}"#;
        let form = Form::parse_payload(PKIO, &json::parse(payload).unwrap()).unwrap().form;
        let known = AccountData::default();
        let context = ValidationContext { today: jiff::civil::Date::ZERO, known: &known, audience: Audience::Wizard };
        let problems = form.find_problems(&context);
        let named = problems
            .iter()
            .filter(|problem| matches!(problem.kind, ProblemKind::Conflict(_) | ProblemKind::FirstOptionWins(..)));
        let lang = Translations::new(language);
        assert_eq!(named.map(|problem| problem.message(&lang)).collect::<Vec<_>>(), text);
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
        #[case] text: &str,
    ) {
        let fault = ProblemKind::Rows(RowLimits { min, max: 10 }, count);
        assert_eq!((fault.code(), fault.message(&Translations::new(language)).as_str()), ("rows", text));
    }
}
