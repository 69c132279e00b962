//! The suggested spelling of a typed value: a date, and a Dutch postal code.
//!
//! It is only an offer: the person decides, and a value from a payload stays as it is.

use super::{FieldPlace, Form, field_checks};
use crate::product::{ValueCheck, ValueKind};

impl Form {
    /// Returns the usual spelling of the value; `None` if it is already spelled so, or if its meaning is ambiguous.
    pub fn suggested_spelling(&self, at: FieldPlace) -> Option<String> {
        let field = &self.product[at.field];
        let text = self.text(at);
        let spelled = match field.kind {
            ValueKind::Date => self.entered_date(at).map(|date| date.to_string()),
            _ => field.checks.iter().chain(field.advice).find_map(|ruling| match ruling.is {
                ValueCheck::PostalCode(country) => {
                    format_dutch_postal_code(text, &field_checks::sibling_value(self, at, country))
                }
                _ => None,
            }),
        };
        spelled.filter(|spelled| spelled != text)
    }
}

/// Returns `1234 AB` for its six characters with white space anywhere and in any letter case.
fn format_dutch_postal_code(text: &str, country: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (digits, letters) = bare.split_at_checked(4)?;
    let is_code = country.eq_ignore_ascii_case("nl")
        && digits.bytes().all(|b| b.is_ascii_digit())
        && letters.len() == 2
        && letters.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| format!("{digits} {}", letters.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use crate::form::tests::{form_with, place};
    use rstest::rstest;

    #[rstest]
    #[case("ship.zip", "nl", "1234ab", Some("1234 AB"))]
    #[case("ship.zip", "NL", "1234 ab", Some("1234 AB"))]
    #[case("ship.zip", "nl", "12 34 AB", Some("1234 AB"))]
    #[case("ship.zip", "nl", "1234AB", Some("1234 AB"))]
    #[case("ship.zip", "nl", "1234 AB", None)]
    #[case("ship.zip", "nl", "1234a", None)]
    #[case("ship.zip", "nl", "12345 ab", None)]
    #[case("ship.zip", "nl", "ab1234", None)]
    #[case("ship.zip", "nl", "123\u{e9}ab", None)]
    #[case("ship.zip", "nl", "1234 \u{e9}b", None)]
    #[case("ship.zip", "be", "1234ab", None)]
    #[case("ship.city", "nl", "1234ab", None)]
    #[case("valid.date", "nl", "30-06-2027", Some("2027-06-30"))]
    #[case("valid.date", "nl", "1 juli 2027", Some("2027-07-01"))]
    #[case("valid.date", "nl", "30/06/2027", Some("2027-06-30"))]
    #[case("valid.date", "nl", "05/06/2027", None)]
    #[case("valid.date", "nl", "2027-06-30", None)]
    #[case("valid.date", "nl", "31-06-2027", None)]
    fn the_usual_spelling_of_a_value_is_suggested(
        #[case] id: &str,
        #[case] country: &str,
        #[case] typed: &str,
        #[case] usual: Option<&str>,
    ) {
        let form = form_with(&[("ship.country", country), ("valid.how", "date"), (id, typed)]);
        assert_eq!(form.suggested_spelling(place(&form, id)).as_deref(), usual);
    }
}
