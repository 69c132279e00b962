//! What the rows of a list are, by the field that it fills in: those of the account, the countries, or the field's own.
//!
//! It knows no screen. How a row reads is the matter of [`lines`](super::lines).

use crate::facts::{Directory, Person};
use crate::find::Words;
use crate::form::Place;
use crate::lang::country;
use crate::product::List;
use crate::text;
use crate::wizard::Model;

impl Model {
    pub(super) fn list(&self, at: Place) -> Option<List> {
        self.product()[at.field].source.as_ref().map(|source| source.list)
    }

    /// How many rows the list of a field has by now.
    pub(super) fn rows(&self, at: Place) -> usize {
        match self.list(at) {
            Some(List::Organizations) => self.known.organizations.rows().len(),
            Some(List::Approvers) => self.known.approvers.rows().len(),
            Some(List::Users) => self.known.users.rows().len(),
            Some(List::Countries) => country::all().count(),
            Some(List::ValidityYears) => self.years().len(),
            None => self.product()[at.field].options.len(),
        }
    }

    /// The years that can be ordered: those of the account, else the documentation's one.
    fn years(&self) -> Vec<u32> {
        let known = self.known.product.as_ref().and_then(|product| product.years.clone());
        known.filter(|years| !years.is_empty()).unwrap_or_else(|| vec![1])
    }

    /// What picking a row puts into the field; blank for a person who is no user.
    pub(super) fn word(&self, at: Place, row: usize) -> String {
        let id = |id: Option<u64>| id.map(|id| id.to_string()).unwrap_or_default();
        match self.list(at) {
            Some(List::Organizations) => id(self.known.organizations.rows().get(row).map(|row| row.id)),
            Some(List::Approvers) => id(self.known.approvers.rows().get(row).and_then(|row| row.user_id)),
            Some(List::Users) => id(self.known.users.rows().get(row).and_then(|row| row.user_id)),
            Some(List::Countries) => country::all().nth(row).map(|c| c.code.to_owned()).unwrap_or_default(),
            Some(List::ValidityYears) => self.years().get(row).map(u32::to_string).unwrap_or_default(),
            None => self.product()[at.field].options.get(row).map(|option| option.id.clone()).unwrap_or_default(),
        }
    }

    /// The words of all rows as a search compares them.
    pub(super) fn words_of_rows(&self, at: Place) -> Words {
        let options = &self.product()[at.field].options;
        match self.list(at) {
            Some(List::Countries) => country::all()
                .map(|country| text::fold(&format!("{}\n{}\n{}", country.code, country.en, country.nl)))
                .collect::<Vec<_>>()
                .into(),
            Some(List::ValidityYears) => self.years().iter().map(u32::to_string).collect::<Vec<_>>().into(),
            Some(list) => self.lists.words(list),
            None => options
                .iter()
                .map(|o| text::fold(&format!("{}\n{}\n{}", o.id, o.label.en, o.label.nl)))
                .collect::<Vec<_>>()
                .into(),
        }
    }

    /// The row that is exactly what was typed: an id, a country's two letters.
    pub(super) fn exact(&self, at: Place, typed: &str) -> Option<usize> {
        let id = typed.parse::<u64>().ok();
        let person = |people: &Directory<Person>| id.and_then(|id| people.position(id));
        match self.list(at) {
            Some(List::Organizations) => id.and_then(|id| self.known.organizations.position(id)),
            Some(List::Approvers) => person(&self.known.approvers),
            Some(List::Users) => person(&self.known.users),
            Some(List::Countries) => country::all().position(|country| country.code.eq_ignore_ascii_case(typed)),
            Some(List::ValidityYears) => self.years().iter().position(|years| Some(u64::from(*years)) == id),
            None => self.product()[at.field].options.iter().position(|option| option.id == typed),
        }
    }

    pub(super) fn pick_row(&mut self, at: Place, row: usize) {
        let person = match self.list(at) {
            Some(List::Approvers) => self.known.approvers.rows().get(row),
            Some(List::Users) => self.known.users.rows().get(row),
            _ => None,
        };
        match person.cloned() {
            Some(person) => {
                for place in self.form.pick_person(at, &person) {
                    self.mark_left(place);
                }
            }
            None => self.form.pick(at, &self.word(at, row)),
        }
    }
}

/// Whether the rows of a list have ids.
pub(super) fn has_ids(list: Option<List>) -> bool {
    matches!(list, Some(List::Organizations | List::Approvers | List::Users))
}
