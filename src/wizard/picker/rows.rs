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
use crate::wizard::lists::{State, Want, words_of};
use std::collections::BTreeSet;

impl Model {
    pub(super) fn list(&self, at: Place) -> Option<List> {
        self.product()[at.field].source.as_ref().map(|source| source.list)
    }

    /// How many rows the list of a field has by now.
    pub(super) fn rows(&self, at: Place) -> usize {
        match self.list(at) {
            Some(List::Organizations) => self.known.organizations.rows().len(),
            Some(List::Approvers) => self.known.approvers.rows().len() + self.unlisted_contacts(at).len(),
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

    /// The person of a row, where the list is one of people.
    pub(super) fn person_in(&self, at: Place, row: usize) -> Option<&Person> {
        match self.list(at)? {
            List::Users => self.known.users.rows().get(row),
            List::Approvers => {
                let approvers = self.known.approvers.rows();
                let unlisted = || self.unlisted_contacts(at).get(row - approvers.len()).copied();
                approvers.get(row).or_else(unlisted)
            }
            _ => None,
        }
    }

    /// The verified contacts of the organization whom the list of those who can be one does not have. They stand behind
    /// its rows, and so not before these are all there.
    fn unlisted_contacts(&self, at: Place) -> Vec<&Person> {
        let settled = !matches!(self.lists.state(Want::Approvers), None | Some(State::Loading { .. }));
        if self.list(at) != Some(List::Approvers) || !settled {
            return Vec::new();
        }
        let Some(people) = self.form.organization_id().and_then(|id| self.known.verified_people(id)) else {
            return Vec::new();
        };
        let listed = self.known.approvers.rows();
        let is_listed = |one: &Person| listed.iter().any(|other| one.is_same(other) == Some(true));
        people.iter().filter(|one| !one.full_name().trim().is_empty() && !is_listed(one)).collect()
    }

    /// The rows of a list that are verified contacts of the organization.
    pub(super) fn verified_rows(&self, at: Place) -> BTreeSet<usize> {
        let Some(organization) = self.form.organization_id() else { return BTreeSet::new() };
        let people = self.known.verified_people(organization).unwrap_or_default();
        match self.list(at) {
            Some(List::Users) => people.iter().filter_map(|one| self.known.users.position(one.user_id?)).collect(),
            Some(List::Approvers) => {
                let is = |row: &usize| {
                    let person = self.person_in(at, *row);
                    person.is_some_and(|one| people.iter().any(|other| other.is_same(one) == Some(true)))
                };
                (0..self.rows(at)).filter(is).collect()
            }
            _ => BTreeSet::new(),
        }
    }

    /// What picking a row puts into the field; blank for a person who is no user.
    pub(super) fn word(&self, at: Place, row: usize) -> String {
        let id = |id: Option<u64>| id.map(|id| id.to_string()).unwrap_or_default();
        match self.list(at) {
            Some(List::Organizations) => id(self.known.organizations.rows().get(row).map(|row| row.id)),
            Some(List::Approvers | List::Users) => id(self.person_in(at, row).and_then(|person| person.user_id)),
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
            Some(list) => {
                let mut words = self.lists.words(list);
                words.extend(self.unlisted_contacts(at).into_iter().map(words_of).collect());
                words
            }
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
            Some(List::Approvers) => person(&self.known.approvers).or_else(|| {
                let unlisted = self.unlisted_contacts(at);
                let here = unlisted.iter().position(|person| id.is_some() && person.user_id == id)?;
                Some(self.known.approvers.rows().len() + here)
            }),
            Some(List::Users) => person(&self.known.users),
            Some(List::Countries) => country::all().position(|country| country.code.eq_ignore_ascii_case(typed)),
            Some(List::ValidityYears) => self.years().iter().position(|years| Some(u64::from(*years)) == id),
            None => self.product()[at.field].options.iter().position(|option| option.id == typed),
        }
    }

    pub(super) fn pick_row(&mut self, at: Place, row: usize) {
        match self.person_in(at, row).cloned() {
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
