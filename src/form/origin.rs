//! The origin of values that were copied or filled in at once, to detect when their source has changed.
//!
//! A value that was typed over since is the person's own: only values that are still as inserted count. The caller
//! knows the current values of the source.

use super::{FieldPlace, Form, RowKey};
use crate::domain::Person;
use crate::product::{AddressPart, GroupId, RowFact};
use std::collections::BTreeMap;

/// The origin of a row's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueOrigin {
    pub source: OriginSource,
    /// The inserted values, by the ids of the fields.
    pub(super) values: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginSource {
    /// The address of another group.
    Address {
        of: GroupId,
        /// The organization that was picked in that group, if the address is of that organization.
        organization: Option<u64>,
    },
    /// A person from a list, whom the name and the e-mail address identify.
    Person {
        /// The full name, as [`Person::full_name`] returns it.
        name: String,
        email: String,
    },
}

impl Form {
    /// Returns the origin of a row, if it was copied or filled in.
    pub fn row_origin(&self, group: GroupId, row: RowKey) -> Option<&ValueOrigin> {
        self.origins.get(&(group, row))
    }

    /// Returns all rows with an origin, in the order of their groups.
    pub fn row_origins(&self) -> impl Iterator<Item = (GroupId, RowKey, &ValueOrigin)> {
        self.origins.iter().map(|((group, row), origin)| (*group, *row, origin))
    }

    /// Forgets the origin of a row: its values are the person's own from now on.
    pub fn forget_origin(&mut self, group: GroupId, row: RowKey) {
        self.origins.remove(&(group, row));
    }

    /// Records the source of the address that a group has now.
    pub fn set_address_origin(&mut self, group: GroupId, source: OriginSource) {
        let parts: Vec<FieldPlace> = self.address_places(group).map(|(_, at)| at).collect();
        self.set_origin(group, RowKey::SINGLE, source, &parts);
    }

    /// Records that the details of a person were filled in at these places.
    pub(super) fn set_person_origin(&mut self, person: &Person, filled: &[FieldPlace]) {
        let Some(at) = filled.first() else { return };
        let source = OriginSource::Person { name: person.full_name(), email: person.email.clone() };
        self.set_origin(self.product[at.field].group, at.row, source, filled);
    }

    fn set_origin(&mut self, group: GroupId, row: RowKey, source: OriginSource, places: &[FieldPlace]) {
        let put = |at: &FieldPlace| (self.product[at.field].id.to_owned(), self.text(*at).to_owned());
        let put = places.iter().map(put).collect();
        self.origins.insert((group, row), ValueOrigin { source, values: put });
    }

    /// Returns the places of a group that still hold the copied address, and where the address has another value now.
    pub fn outdated_address_places(&self, group: GroupId, now: &BTreeMap<AddressPart, String>) -> Vec<FieldPlace> {
        let source_text =
            |at: &FieldPlace| self.product[at.field].part.and_then(|part| now.get(&part)).map_or("", String::as_str);
        // A country alone is not an address.
        let has_text = |at: &FieldPlace| self.product[at.field].part != Some(AddressPart::Country);
        let unchanged = self.unchanged_origin_places(group, RowKey::SINGLE);
        if !unchanged.iter().any(|at| has_text(at) && !self.text(*at).is_empty()) {
            return Vec::new();
        }
        unchanged.into_iter().filter(|at| source_text(at) != self.text(*at)).collect()
    }

    /// Returns the places of a row that still hold the details of a person, and where the person has other details
    /// now. `None` is a person of whom nothing is known any more.
    pub fn outdated_person_places(&self, group: GroupId, row: RowKey, now: Option<&Person>) -> Vec<FieldPlace> {
        let facts = person_fact_fields(self, group);
        let differs = |at: &FieldPlace| match (now, facts.get(&at.field)) {
            (Some(person), Some(fact)) => {
                let now = super::pick_row::person_fact(person, *fact);
                // A detail that CertCentral does not give is not a change.
                !now.is_empty() && now != self.text(*at)
            }
            _ => !self.text(*at).is_empty(),
        };
        self.unchanged_origin_places(group, row).into_iter().filter(differs).collect()
    }

    /// Returns the places of a row that are asked and still hold the inserted value.
    fn unchanged_origin_places(&self, group: GroupId, row: RowKey) -> Vec<FieldPlace> {
        let Some(origin) = self.row_origin(group, row) else { return Vec::new() };
        let places = origin.values.iter().filter_map(|(id, put)| Some((self.product.find_field(id)?, put)));
        let places = places.map(|(field, put)| (FieldPlace { field, row }, put));
        places.filter(|(at, put)| self.is_visible(*at) && self.text(*at) == *put).map(|(at, _)| at).collect()
    }
}

/// Returns the fields that a person's details are filled into, for a person of the list who is not a user.
fn person_fact_fields(form: &Form, group: GroupId) -> BTreeMap<crate::product::FieldId, RowFact> {
    let fields = form.product.fields_of(group);
    let without = fields.filter_map(|field| form.product[field].source.as_ref()?.without_id.as_ref());
    without.flat_map(|without| without.fills.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Address;
    use super::super::tests::{form_with, place};
    use super::*;

    fn address(line: &str) -> Address {
        Address::from([(AddressPart::Line1, line.to_owned()), (AddressPart::Country, "nl".to_owned())])
    }

    /// Returns a form with an address copied from the organization, and the group with the copy.
    fn copied(line: &str) -> (Form, GroupId) {
        let mut form = form_with(&[]);
        let [org, ship] = ["org.address", "ship.addr1"].map(|id| form.product()[place(&form, id).field].group);
        form.paste_address(ship, &address(line), None);
        form.set_address_origin(ship, OriginSource::Address { of: org, organization: Some(900_001) });
        (form, ship)
    }

    #[test]
    fn a_copy_is_outdated_if_its_source_differs() {
        let (mut form, ship) = copied("Kade 3");
        let line = place(&form, "ship.addr1");
        assert_eq!(form.outdated_address_places(ship, &address("Kade 3")), []);
        assert_eq!(form.outdated_address_places(ship, &address("Plein 1")), [line]);
        assert_eq!(form.outdated_address_places(ship, &Address::new()).len(), 2);
        form.set_text(line, "Weg 2");
        assert_eq!(form.outdated_address_places(ship, &address("Plein 1")), [], "it is the person's own");
        form.set_text(line, "Kade 3");
        form.forget_origin(ship, RowKey::SINGLE);
        assert_eq!(form.outdated_address_places(ship, &address("Plein 1")), [], "it is kept");
    }

    #[test]
    fn undo_restores_the_earlier_origin() {
        let (mut form, ship) = copied("Kade 3");
        let first = form.row_origin(ship, RowKey::SINGLE).cloned();
        let replaced = form.paste_address(ship, &address("Plein 1"), None);
        assert_eq!(form.row_origin(ship, RowKey::SINGLE), None);
        form.restore_address(replaced);
        assert_eq!(form.row_origin(ship, RowKey::SINGLE), first.as_ref());
    }

    #[test]
    fn details_are_outdated_if_the_person_has_other_ones() {
        let mut form = form_with(&[]);
        let carla =
            Person { name: "Carla Smit".into(), last_name: "Smit".into(), email: "c@b.nl".into(), ..Person::default() };
        let at = place(&form, "contact.person");
        form.pick_person(at, &carla);
        let (group, row) = (form.product()[at.field].group, at.row);
        assert_eq!(form.outdated_person_places(group, row, Some(&carla)), []);
        let title = Person { job_title: "CFO".into(), email: String::new(), ..carla.clone() };
        assert_eq!(form.outdated_person_places(group, row, Some(&title)), [place(&form, "contact.title")]);
        assert_eq!(form.outdated_person_places(group, row, None).len(), 2);
        form.set_text(place(&form, "contact.how"), "person");
        assert_eq!(form.outdated_person_places(group, row, None), [], "it is not asked");
    }
}
