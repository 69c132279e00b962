//! What a new order begins with: values that an account keeps for the fields of which the product file says so.
//!
//! Each goes by the id of its field; of a list they are for the first row. It does not know where they are kept, nor
//! of which account.

use super::check::shows_card;
use super::{Audience, Context, Fault, Form, Place, Problem, Row, Target};
use crate::facts::Known;
use crate::product::{GroupId, Kind, Level};
use jiff::civil::Date;

/// What became of values for a new order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefilled {
    /// Where they are now.
    pub places: Vec<Place>,
    /// Which were not taken, by their place in the list, and why. Their fields are as in any new order.
    pub misfits: Vec<(usize, Misfit)>,
}

/// Why a value is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// There is no field of this id.
    Unknown,
    /// It is asked anew in every order.
    AskedAnew,
    /// It looks like card data, which is never kept.
    Card,
    /// Another field keeps it from being asked.
    Hidden {
        /// The id of that field.
        field: String,
        /// With which of its words it would be asked.
        is: String,
    },
    /// It is not right.
    Faulty(Fault),
}

impl Form {
    /// Puts values into a new form, by the ids of their fields. What is wrong is left out, and the form's own checks
    /// say what that is; what only earns a warning is taken.
    pub fn preset(&mut self, values: &[(String, String)]) -> Prefilled {
        let put: Vec<_> = values.iter().map(|(id, text)| self.put(id, text)).collect();
        let wrong = self.errors();
        let mut done = Prefilled::default();
        let mut back = Vec::new();
        for (index, put) in put.into_iter().enumerate() {
            match put.and_then(|at| self.judge(at, &wrong).map_err(|why| (Some(at), why))) {
                Ok(at) => done.places.push(at),
                Err((at, why)) => {
                    back.extend(at);
                    done.misfits.push((index, why));
                }
            }
        }
        for at in back {
            self.set(at, self.initial(at.field).unwrap_or_default());
        }
        done
    }

    /// What stands in the fields that can be preset, as far as they are asked: what [`Form::preset`] takes. A choice
    /// that only steers is left out where it is that of any new order.
    pub fn presets(&self) -> Vec<(String, String)> {
        let groups = (0..self.product.groups.len()).map(GroupId);
        let places = groups.flat_map(|group| {
            let row = self.rows(group).iter().find(|row| self.is_plain(group, **row));
            row.into_iter().flat_map(move |row| self.product.fields_of(group).map(|field| Place { field, row: *row }))
        });
        let told = places.filter(|at| self.product[at.field].preset && self.visible(*at) && !self.text(*at).is_empty());
        let steers = |at: &Place| self.product[at.field].is_mode() && self.initial(at.field) == Some(self.text(*at));
        told.filter(|at| !steers(at)).map(|at| (self.product[at.field].id.clone(), self.text(at).to_owned())).collect()
    }

    fn put(&mut self, id: &str, text: &str) -> Result<Place, (Option<Place>, Misfit)> {
        let field = self.product.find(id).ok_or((None, Misfit::Unknown))?;
        if !self.product[field].preset {
            return Err((None, Misfit::AskedAnew));
        }
        if shows_card(text) {
            return Err((None, Misfit::Card));
        }
        let group = self.product[field].group;
        let row = self.rows(group).first().copied().unwrap_or_else(|| self.add_row(group));
        let at = Place { field, row };
        self.set(at, text);
        Ok(at)
    }

    fn judge(&self, at: Place, wrong: &[(Place, Fault)]) -> Result<Place, Misfit> {
        let field = &self.product[at.field];
        let mut conditions = self.product[field.group].when.iter().chain(&field.when);
        if let Some(other) = conditions.find(|condition| !self.holds(condition, at)) {
            return Err(Misfit::Hidden { field: self.product[other.field].id.clone(), is: other.is.join(", ") });
        }
        // A word of an order that nobody has looked at is more than a warning.
        let closed = matches!(field.kind, Kind::Mode(_) | Kind::Choice) && !field.open;
        if closed && field.option(self.text(at)).is_none() {
            let words: Vec<&str> = field.options.iter().map(|option| option.id.as_str()).collect();
            return Err(Misfit::Faulty(Fault::OneOf(words.join(", "))));
        }
        let fault = wrong.iter().find(|(place, _)| *place == at);
        fault.map_or(Ok(at), |(_, fault)| Err(Misfit::Faulty(fault.clone())))
    }

    /// The errors of single fields. No field that depends on the day can be preset, so any day will do.
    fn errors(&self) -> Vec<(Place, Fault)> {
        let known = Known::default();
        let problems = self.problems(&Context { today: Date::ZERO, known: &known, audience: Audience::Wizard });
        let at = |problem: Problem| match problem {
            Problem { target: Target::Field(at), level: Level::Error, fault, .. } => Some((at, fault)),
            _ => None,
        };
        problems.into_iter().filter_map(at).collect()
    }

    /// Whether what cannot be preset is in this row as in a new one: else it stands for somebody or something else.
    fn is_plain(&self, group: GroupId, row: Row) -> bool {
        let mut rest = self.product.fields_of(group).filter(|field| !self.product[*field].preset);
        let is_new = |field| self.text(Place { field, row }) == self.initial(field).unwrap_or_default();
        self.product[group].many.is_none() || rest.all(is_new)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;
    use crate::product::pkio;
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
    fn what_was_kept_comes_back_whole() {
        let mut form = Form::new(pkio().unwrap());
        let done = form.preset(&owned(ALL));
        assert_eq!((done.places.len(), done.misfits), (ALL.len(), vec![]));
        assert_eq!(form.text(place(&form, "contact.first")), "Anna");
        assert_eq!(form.presets(), owned(ALL));
    }

    #[test]
    fn a_new_form_keeps_only_what_it_sends_by_itself() {
        let form = Form::new(pkio().unwrap());
        assert_eq!(form.presets(), owned(&[("ship.country", "nl"), ("pay.method", "balance")]));
    }

    #[test]
    fn what_is_not_asked_is_not_kept() {
        let form = form_with(&[("org.how", "new"), ("org.id", "900001"), ("contact.first", "Anna")]);
        assert!(!form.presets().iter().any(|(id, _)| id == "org.id" || id == "contact.first"));
    }

    #[test]
    fn a_contact_in_another_role_is_passed_over() {
        let mut form = form_with(&[("contact.person", "800002"), ("contact.type", "technical_contact")]);
        assert!(!form.presets().iter().any(|(id, _)| id == "contact.person"));
        let group = form.product()[place(&form, "contact.type").field].group;
        let second = form.add_row(group);
        form.set(Place { row: second, ..place(&form, "contact.person") }, "800001");
        assert!(form.presets().contains(&("contact.person".to_owned(), "800001".to_owned())));
    }

    #[rstest]
    #[case("ship.town", "Ede", Misfit::Unknown)]
    #[case("valid.years", "1", Misfit::AskedAnew)]
    #[case("order.csa", "true", Misfit::AskedAnew)]
    #[case("card.number", "4111111111111111", Misfit::AskedAnew)]
    #[case("ship.name", "4111 1111 1111 1111", Misfit::Card)]
    #[case("contact.first", "Anna", Misfit::Hidden { field: "contact.how".into(), is: "new, both".into() })]
    #[case("org.id", "Zilverdam", Misfit::Faulty(Fault::Type("integer")))]
    #[case("org.id", "0", Misfit::Faulty(Fault::Id))]
    #[case("ship.name", "", Misfit::Faulty(Fault::Required))]
    #[case("ship.name", "Anna\u{7}", Misfit::Faulty(Fault::Control))]
    #[case("ship.country", "xx", Misfit::Faulty(Fault::Country))]
    #[case("pay.method", "cash", Misfit::Faulty(Fault::OneOf("balance, card, profile".into())))]
    #[case("contact.how", "who", Misfit::Faulty(Fault::OneOf("person, user, new, both".into())))]
    fn what_cannot_begin_an_order_is_told_and_left_out(#[case] id: &str, #[case] text: &str, #[case] why: Misfit) {
        let mut form = Form::new(pkio().unwrap());
        let before = form.body();
        let done = form.preset(&owned(&[(id, text)]));
        assert_eq!((done.places, done.misfits), (vec![], vec![(0, why)]));
        assert_eq!(form.body(), before);
    }

    #[test]
    fn the_rest_is_taken_where_one_is_wrong() {
        let mut form = Form::new(pkio().unwrap());
        let done = form.preset(&owned(&[("ship.city", "Ede"), ("ship.town", "Ede"), ("ship.zip", "x")]));
        assert_eq!((done.places.len(), done.misfits), (2, vec![(1, Misfit::Unknown)]));
        assert_eq!((form.text(place(&form, "ship.city")), form.text(place(&form, "ship.zip"))), ("Ede", "x"));
    }
}
