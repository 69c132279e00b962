//! The values of an account for a new order: which fields can be preset is in the product file.
//!
//! Each value is stored under the id of its field; a value of a list field is for the first row. The caller decides
//! where the values are stored, and for which account.

use super::field_checks::has_card_number;
use super::{Audience, FieldPlace, Form, Problem, ProblemKind, ProblemTarget, RowKey, ValidationContext};
use crate::domain::AccountData;
use crate::product::{GroupId, Severity, ValueKind};
use jiff::civil::Date;

/// The result of applying an account's values to a new order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppliedDefaults {
    /// The places that received a value.
    pub places: Vec<FieldPlace>,
    /// The rejected values, by their index in the list, with the reason. Their fields are as in any new order.
    pub rejected: Vec<(usize, DefaultRejection)>,
}

/// The reason why a value is rejected.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DefaultRejection {
    Unknown,
    /// The field must be entered again in every order.
    AskedAnew,
    /// The value looks like card data, which is never stored.
    #[strum(serialize = "card")]
    CardNumber,
    /// The field is not asked, because another field hides it.
    Hidden {
        /// The id of that field.
        field: String,
        /// The value of that field with which this one would be asked.
        is: String,
    },
    Invalid(ProblemKind),
}

impl Form {
    /// Puts values into a new form, by the ids of their fields. A value with an error is rejected, with the problem
    /// that the form's own checks find. A value with only a warning is accepted.
    pub fn apply_account_defaults(&mut self, values: &[(String, String)]) -> AppliedDefaults {
        let put: Vec<_> = values.iter().map(|(id, text)| self.set_default(id, text)).collect();
        let wrong = field_errors(self);
        let mut done = AppliedDefaults::default();
        let mut back = Vec::new();
        for (index, put) in put.into_iter().enumerate() {
            match put.and_then(|at| check_default(self, at, &wrong).map_err(|why| (Some(at), why))) {
                Ok(at) => done.places.push(at),
                Err((at, why)) => {
                    back.extend(at);
                    done.rejected.push((index, why));
                }
            }
        }
        for at in back {
            self.set_text(at, self.initial_value(at.field).unwrap_or_default());
        }
        done
    }

    /// Returns the values of the fields that can be preset, as far as they are asked:
    /// [`Form::apply_account_defaults`] reads them. A mode with the value of any new order is left out.
    pub fn account_defaults(&self) -> Vec<(String, String)> {
        let groups = (0..self.product.groups.len()).map(GroupId);
        let places = groups.flat_map(|group| {
            let row = self.rows(group).iter().find(|row| is_row_as_new(self, group, **row));
            row.into_iter()
                .flat_map(move |row| self.product.fields_of(group).map(|field| FieldPlace { field, row: *row }))
        });
        let invalid =
            places.filter(|at| self.product[at.field].preset && self.is_visible(*at) && !self.text(*at).is_empty());
        let steers =
            |at: &FieldPlace| self.product[at.field].is_mode() && self.initial_value(at.field) == Some(self.text(*at));
        invalid
            .filter(|at| !steers(at))
            .map(|at| (self.product[at.field].id.to_owned(), self.text(at).to_owned()))
            .collect()
    }

    fn set_default(&mut self, id: &str, text: &str) -> Result<FieldPlace, (Option<FieldPlace>, DefaultRejection)> {
        let field = self.product.find_field(id).ok_or((None, DefaultRejection::Unknown))?;
        if !self.product[field].preset {
            return Err((None, DefaultRejection::AskedAnew));
        }
        if has_card_number(text) {
            return Err((None, DefaultRejection::CardNumber));
        }
        let group = self.product[field].group;
        let row = self.rows(group).first().copied().unwrap_or_else(|| self.add_row(group));
        let at = FieldPlace { field, row };
        self.set_text(at, text);
        Ok(at)
    }
}

fn check_default(
    form: &Form,
    at: FieldPlace,
    wrong: &[(FieldPlace, ProblemKind)],
) -> Result<FieldPlace, DefaultRejection> {
    let field = &form.product[at.field];
    let mut conditions = form.product[field.group].when.iter().chain(field.when);
    if let Some(other) = conditions.find(|condition| !form.is_condition_met(condition, at)) {
        return Err(DefaultRejection::Hidden {
            field: form.product[other.field].id.to_owned(),
            is: other.is.join(", "),
        });
    }
    // An unknown option is more than a warning in an order that nobody has looked at.
    let closed = matches!(field.kind, ValueKind::Mode(_) | ValueKind::Choice) && !field.open;
    if closed && field.find_option(form.text(at)).is_none() {
        let words: Vec<&str> = field.options.iter().map(|option| option.id).collect();
        return Err(DefaultRejection::Invalid(ProblemKind::OneOf(words.join(", "))));
    }
    let fault = wrong.iter().find(|(place, _)| *place == at);
    fault.map_or(Ok(at), |(_, fault)| Err(DefaultRejection::Invalid(fault.clone())))
}

/// Returns the errors of single fields. No field that depends on the day can be preset, so any date serves here.
fn field_errors(form: &Form) -> Vec<(FieldPlace, ProblemKind)> {
    let known = AccountData::default();
    let problems =
        form.find_problems(&ValidationContext { today: Date::ZERO, known: &known, audience: Audience::Wizard });
    let at = |problem: Problem| match problem {
        Problem { target: ProblemTarget::Field(at), level: Severity::Error, kind: fault, .. } => Some((at, fault)),
        _ => None,
    };
    problems.into_iter().filter_map(at).collect()
}

/// Returns true if the fields of this row that cannot be preset are as in a new row. Otherwise the row is about a
/// specific person or thing.
fn is_row_as_new(form: &Form, group: GroupId, row: RowKey) -> bool {
    let mut rest = form.product.fields_of(group).filter(|field| !form.product[*field].preset);
    let is_new = |field| form.text(FieldPlace { field, row }) == form.initial_value(field).unwrap_or_default();
    form.product[group].many.is_none() || rest.all(is_new)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;
    use crate::product::PKIO;
    use rstest::rstest;

    fn owned(values: &[(&str, &str)]) -> Vec<(String, String)> {
        values.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
    }

    const ALL: &[(&str, &str)] = &[
        ("org.id", "900001"),
        ("contact.how", "new"),
        ("contact.first", "Anna"),
        ("contact.last", "de Vries"),
        ("contact.email", "a.devries@zilverdam.example"),
        ("contact.title", "CISO"),
        ("contact.telephone", "+31 88 555 0101"),
        ("ship.name", "Anna de Vries"),
        ("ship.addr1", "Raadhuisplein 1"),
        ("ship.zip", "1234 AB"),
        ("ship.city", "Zilverdam"),
        ("ship.state", "Noord-Holland"),
        ("ship.country", "nl"),
        ("pay.method", "profile"),
    ];

    #[test]
    fn saved_defaults_are_restored_completely() {
        let mut form = Form::new(PKIO);
        let done = form.apply_account_defaults(&owned(ALL));
        assert_eq!((done.places.len(), done.rejected), (ALL.len(), vec![]));
        assert_eq!(form.text(place(&form, "contact.first")), "Anna");
        assert_eq!(form.account_defaults(), owned(ALL));
    }

    #[test]
    fn a_new_form_saves_only_values_that_it_sends_by_itself() {
        let form = Form::new(PKIO);
        assert_eq!(form.account_defaults(), owned(&[("ship.country", "nl"), ("pay.method", "balance")]));
    }

    #[test]
    fn hidden_fields_are_not_saved_as_defaults() {
        let form = form_with(&[("org.how", "new"), ("org.id", "900001"), ("contact.first", "Anna")]);
        assert!(!form.account_defaults().iter().any(|(id, _)| id == "org.id" || id == "contact.first"));
    }

    #[test]
    fn a_contact_in_another_role_is_ignored() {
        let mut form = form_with(&[("contact.person", "800002"), ("contact.type", "technical_contact")]);
        assert!(!form.account_defaults().iter().any(|(id, _)| id == "contact.person"));
        let group = form.product()[place(&form, "contact.type").field].group;
        let second = form.add_row(group);
        form.set_text(FieldPlace { row: second, ..place(&form, "contact.person") }, "800001");
        assert!(form.account_defaults().contains(&("contact.person".to_owned(), "800001".to_owned())));
    }

    #[rstest]
    #[case("ship.town", "Ede", DefaultRejection::Unknown)]
    #[case("valid.years", "1", DefaultRejection::AskedAnew)]
    #[case("order.csa", "true", DefaultRejection::AskedAnew)]
    #[case("card.number", "4111111111111111", DefaultRejection::AskedAnew)]
    #[case("ship.name", "4111 1111 1111 1111", DefaultRejection::CardNumber)]
    #[case("contact.first", "Anna", DefaultRejection::Hidden { field: "contact.how".into(), is: "new, both".into() })]
    #[case("org.id", "Zilverdam", DefaultRejection::Invalid(ProblemKind::Type("integer")))]
    #[case("org.id", "0", DefaultRejection::Invalid(ProblemKind::Id))]
    #[case("ship.name", "", DefaultRejection::Invalid(ProblemKind::Required))]
    #[case("ship.name", "Anna\u{7}", DefaultRejection::Invalid(ProblemKind::ControlCharacter))]
    #[case("ship.country", "xx", DefaultRejection::Invalid(ProblemKind::Country))]
    #[case("pay.method", "cash", DefaultRejection::Invalid(ProblemKind::OneOf("balance, card, profile".into())))]
    #[case("contact.how", "who", DefaultRejection::Invalid(ProblemKind::OneOf("person, user, new, both".into())))]
    fn an_invalid_default_is_reported_and_omitted(#[case] id: &str, #[case] text: &str, #[case] why: DefaultRejection) {
        let mut form = Form::new(PKIO);
        let before = form.payload_text();
        let done = form.apply_account_defaults(&owned(&[(id, text)]));
        assert_eq!((done.places, done.rejected), (vec![], vec![(0, why)]));
        assert_eq!(form.payload_text(), before);
    }

    #[test]
    fn valid_defaults_apply_beside_an_invalid_one() {
        let mut form = Form::new(PKIO);
        let done =
            form.apply_account_defaults(&owned(&[("ship.city", "Ede"), ("ship.town", "Ede"), ("ship.zip", "x")]));
        assert_eq!((done.places.len(), done.rejected), (2, vec![(1, DefaultRejection::Unknown)]));
        assert_eq!((form.text(place(&form, "ship.city")), form.text(place(&form, "ship.zip"))), ("Ede", "x"));
    }
}
