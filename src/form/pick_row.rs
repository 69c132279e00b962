//! Picking a row from a list, and the fields that it fills in.
//!
//! The product file says which fact of a row goes into which field. The list itself, and its display, are elsewhere.

use super::{FieldPlace, Form};
use crate::domain::Person;
use crate::product::{FieldId, RowFact};

impl Form {
    /// Picks a row of which only the id or word is used.
    pub fn pick_row(&mut self, at: FieldPlace, id: &str) {
        let Some(source) = &self.product[at.field].source else { return self.set_text(at, id) };
        if source.fills.is_empty() {
            return self.set_text(at, id);
        }
        for (field, _) in source.fills {
            self.set_text(FieldPlace { field: *field, ..at }, id);
        }
    }

    /// Picks a person. For a person who is not a user it sets the mode and fills in the details instead. Returns the
    /// places that were filled.
    pub fn pick_person(&mut self, at: FieldPlace, person: &Person) -> Vec<FieldPlace> {
        let Some(source) = &self.product[at.field].source else { return Vec::new() };
        let Some(without) = source.without_id.as_ref().filter(|_| person.user_id.is_none()) else {
            return self.fill_from_person(at, source.fills, person);
        };
        let mode = FieldPlace { field: without.mode, ..at };
        self.set_text(mode, without.option);
        let mut filled = self.fill_from_person(at, without.fills, person);
        self.set_person_origin(person, &filled);
        filled.push(mode);
        filled
    }

    /// Fills in the details of a person again, in the row of this place. Returns the places that were filled.
    pub fn refill_person(&mut self, at: FieldPlace, person: &Person) -> Vec<FieldPlace> {
        let Some(without) = self.product[at.field].source.as_ref().and_then(|source| source.without_id.as_ref()) else {
            return Vec::new();
        };
        let missing = without.fills.iter().filter(|(_, fact)| !person_fact(person, *fact).is_empty());
        let filled = self.fill_from_person(at, &missing.copied().collect::<Vec<_>>(), person);
        let places: Vec<FieldPlace> =
            without.fills.iter().map(|(field, _)| FieldPlace { field: *field, ..at }).collect();
        self.set_person_origin(person, &places);
        filled
    }

    fn fill_from_person(&mut self, at: FieldPlace, fills: &[(FieldId, RowFact)], person: &Person) -> Vec<FieldPlace> {
        let places = fills.iter().map(|(field, fact)| (FieldPlace { field: *field, ..at }, fact));
        places.map(|(place, fact)| (self.set_text(place, &person_fact(person, *fact)), place).1).collect()
    }
}

pub(super) fn person_fact(person: &Person, fact: RowFact) -> String {
    match fact {
        RowFact::Id | RowFact::UserId => person.user_id.map(|id| id.to_string()).unwrap_or_default(),
        RowFact::FirstName => person.first_name.clone(),
        RowFact::LastName => person.last_name.clone(),
        RowFact::Email => person.email.clone(),
        RowFact::JobTitle => person.job_title.clone(),
        RowFact::Telephone => person.telephone.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;

    fn person(user_id: Option<u64>) -> Person {
        let text = |text: &str| text.to_owned();
        let (first_name, last_name, email) = (text("Anna"), text("de Vries"), text("a@b.nl"));
        Person { user_id, first_name, last_name, email, job_title: text("CISO"), ..Person::default() }
    }

    #[test]
    fn a_user_is_entered_by_id() {
        let mut form = form_with(&[]);
        let at = place(&form, "contact.person");
        assert_eq!(form.pick_person(at, &person(Some(800_001))), [at]);
        assert_eq!(form.text(at), "800001");
        assert_eq!(form.text(place(&form, "contact.how")), "person");
    }

    #[test]
    fn a_contact_without_a_user_id_is_entered_as_a_new_person() {
        let mut form = form_with(&[]);
        let at = place(&form, "contact.person");
        form.pick_person(at, &person(None));
        assert_eq!(form.text(at), "");
        assert_eq!(form.text(place(&form, "contact.how")), "new");
        assert_eq!(form.text(place(&form, "contact.last")), "de Vries");
        assert_eq!(form.text(place(&form, "contact.telephone")), "", "what is not known stays to be asked");
    }
}
