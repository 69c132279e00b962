//! Suggestions while typing: the provinces of the Netherlands.
//!
//! A suggestion is not a rule: any other text is sent as typed.

use super::{FieldPlace, Form};
use crate::product::AddressPart;
use crate::text;

/// The provinces in their usual spelling, each with other names that find it.
const PROVINCES: &[(&str, &[&str])] = &[
    ("Drenthe", &[]),
    ("Flevoland", &[]),
    ("Fryslân", &["Friesland"]),
    ("Gelderland", &["Guelders"]),
    ("Groningen", &[]),
    ("Limburg", &[]),
    ("Noord-Brabant", &["North Brabant"]),
    ("Noord-Holland", &["North Holland"]),
    ("Overijssel", &[]),
    ("Utrecht", &[]),
    ("Zeeland", &["Zealand"]),
    ("Zuid-Holland", &["South Holland"]),
];

impl Form {
    /// Returns the provinces that the text can become; all of them if the text is blank. Returns none outside the
    /// Netherlands, and none if the text is a province.
    pub fn suggested_provinces(&self, at: FieldPlace) -> Vec<&'static str> {
        let text = self.text(at);
        let written = PROVINCES.iter().any(|(name, _)| *name == text);
        if self.product[at.field].part != Some(AddressPart::State) || written || !is_in_netherlands(self, at) {
            return Vec::new();
        }
        let folded = text::fold(text.trim());
        let begins = |name: &str| {
            let name = text::fold(name);
            let words = name.match_indices(['-', ' ']).map(|(at, _)| &name[at + 1..]);
            std::iter::once(name.as_str()).chain(words).any(|part| part.starts_with(&folded))
        };
        let fits = |(name, others): &&(&str, &[&str])| std::iter::once(name).chain(*others).any(|name| begins(name));
        PROVINCES.iter().filter(fits).map(|(name, _)| *name).collect()
    }
}

/// Returns true if the country of the same address is the Netherlands.
fn is_in_netherlands(form: &Form, at: FieldPlace) -> bool {
    let mut beside = form.product.fields_of(form.product[at.field].group);
    let country = beside.find(|field| form.product[*field].part == Some(AddressPart::Country));
    country.is_some_and(|field| form.text(FieldPlace { field, ..at }).eq_ignore_ascii_case("nl"))
}

#[cfg(test)]
mod tests {
    use crate::form::tests::{form_with, place};
    use rstest::rstest;

    #[rstest]
    #[case("fries", &["Fryslân"])]
    #[case("Friesland", &["Fryslân"])]
    #[case("FRYSLAN", &["Fryslân"])]
    #[case("z", &["Zeeland", "Zuid-Holland"])]
    #[case("holland", &["Noord-Holland", "Zuid-Holland"])]
    #[case("brabant", &["Noord-Brabant"])]
    #[case("North H", &["Noord-Holland"])]
    #[case("utrecht", &["Utrecht"])]
    #[case("Utrecht", &[])]
    #[case("Vlaams-Brabant", &[])]
    fn provinces_are_found_by_prefix(#[case] typed: &str, #[case] found: &[&str]) {
        for id in ["ship.state", "org.state", "bill.state"] {
            let form = form_with(&[(id, typed)]);
            assert_eq!(form.suggested_provinces(place(&form, id)), found, "{id}");
        }
    }

    #[test]
    fn all_provinces_are_suggested_at_first_and_none_for_another_country() {
        let form = form_with(&[]);
        assert_eq!(form.suggested_provinces(place(&form, "ship.state")).len(), 12);
        assert_eq!(form.suggested_provinces(place(&form, "ship.city")), Vec::<&str>::new());
        let form = form_with(&[("ship.country", "be")]);
        assert_eq!(form.suggested_provinces(place(&form, "ship.state")), Vec::<&str>::new());
    }
}
