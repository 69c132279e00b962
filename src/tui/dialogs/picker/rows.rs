//! What the rows of a list are, by the field that it fills in: those of the account, the countries, or the field's own.
//!
//! It knows no screen. How a row reads is the matter of [`lines`](super::lines).

use crate::domain::{IndexedRows, Person};
use crate::form::FieldPlace;
use crate::i18n::country;
use crate::product::PickList;
use crate::search::SearchIndex;
use crate::text;
use crate::tui::app::App;
use crate::tui::session::fetch::{AccountResource, FetchState, person_search_text};
use std::collections::BTreeSet;

impl App {
    pub(super) fn field_list(&self, at: FieldPlace) -> Option<PickList> {
        self.product()[at.field].source.as_ref().map(|source| source.list)
    }

    /// How many rows the list of a field has by now.
    pub(super) fn list_row_count(&self, at: FieldPlace) -> usize {
        match self.field_list(at) {
            Some(PickList::Organizations) => self.account_data.organizations.rows().len(),
            Some(PickList::Approvers) => {
                self.account_data.approvers.rows().len() + self.unlisted_verified_contacts(at).len()
            }
            Some(PickList::Users) => self.account_data.users.rows().len(),
            Some(PickList::Countries) => country::all_countries().count(),
            Some(PickList::ValidityYears) => self.validity_years().len(),
            None => self.product()[at.field].options.len(),
        }
    }

    /// The years that can be ordered: those of the account, else the documentation's one.
    fn validity_years(&self) -> Vec<u32> {
        let known = self.account_data.product.as_ref().and_then(|product| product.years.clone());
        known.filter(|years| !years.is_empty()).unwrap_or_else(|| vec![1])
    }

    /// The person of a row, where the list is one of people.
    pub(super) fn person_in_row(&self, at: FieldPlace, row: usize) -> Option<&Person> {
        match self.field_list(at)? {
            PickList::Users => self.account_data.users.rows().get(row),
            PickList::Approvers => {
                let approvers = self.account_data.approvers.rows();
                let unlisted = || self.unlisted_verified_contacts(at).get(row - approvers.len()).copied();
                approvers.get(row).or_else(unlisted)
            }
            _ => None,
        }
    }

    /// The verified contacts of the organization whom the list of those who can be one does not have. They stand behind
    /// its rows, and so not before these are all there.
    fn unlisted_verified_contacts(&self, at: FieldPlace) -> Vec<&Person> {
        let settled =
            !matches!(self.fetches.state(AccountResource::Approvers), None | Some(FetchState::Loading { .. }));
        if self.field_list(at) != Some(PickList::Approvers) || !settled {
            return Vec::new();
        }
        let Some(people) = self.form.organization_id().and_then(|id| self.account_data.verified_people(id)) else {
            return Vec::new();
        };
        let listed = self.account_data.approvers.rows();
        let is_listed = |one: &Person| listed.iter().any(|other| one.is_same(other) == Some(true));
        people.iter().filter(|one| !one.full_name().trim().is_empty() && !is_listed(one)).collect()
    }

    /// The rows of a list that are verified contacts of the organization.
    pub(super) fn verified_contact_rows(&self, at: FieldPlace) -> BTreeSet<usize> {
        let Some(organization) = self.form.organization_id() else { return BTreeSet::new() };
        let people = self.account_data.verified_people(organization).unwrap_or_default();
        match self.field_list(at) {
            Some(PickList::Users) => {
                people.iter().filter_map(|one| self.account_data.users.position(one.user_id?)).collect()
            }
            Some(PickList::Approvers) => {
                let is = |row: &usize| {
                    let person = self.person_in_row(at, *row);
                    person.is_some_and(|one| people.iter().any(|other| other.is_same(one) == Some(true)))
                };
                (0..self.list_row_count(at)).filter(is).collect()
            }
            _ => BTreeSet::new(),
        }
    }

    /// What picking a row puts into the field; blank for a person who is no user.
    pub(super) fn row_value(&self, at: FieldPlace, row: usize) -> String {
        let id = |id: Option<u64>| id.map(|id| id.to_string()).unwrap_or_default();
        match self.field_list(at) {
            Some(PickList::Organizations) => id(self.account_data.organizations.rows().get(row).map(|row| row.id)),
            Some(PickList::Approvers | PickList::Users) => {
                id(self.person_in_row(at, row).and_then(|person| person.user_id))
            }
            Some(PickList::Countries) => {
                country::all_countries().nth(row).map(|c| c.code.to_owned()).unwrap_or_default()
            }
            Some(PickList::ValidityYears) => self.validity_years().get(row).map(u32::to_string).unwrap_or_default(),
            None => self.product()[at.field].options.get(row).map(|option| option.id.clone()).unwrap_or_default(),
        }
    }

    /// The words of all rows as a search compares them.
    pub(super) fn row_search_index(&self, at: FieldPlace) -> SearchIndex {
        let options = &self.product()[at.field].options;
        match self.field_list(at) {
            Some(PickList::Countries) => country::all_countries()
                .map(|country| text::fold(&format!("{}\n{}\n{}", country.code, country.en, country.nl)))
                .collect::<Vec<_>>()
                .into(),
            Some(PickList::ValidityYears) => {
                self.validity_years().iter().map(u32::to_string).collect::<Vec<_>>().into()
            }
            Some(list) => {
                let mut words = self.fetches.search_index(list);
                words.add_rows(self.unlisted_verified_contacts(at).into_iter().map(person_search_text).collect());
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
    pub(super) fn exact_row(&self, at: FieldPlace, typed: &str) -> Option<usize> {
        let id = typed.parse::<u64>().ok();
        let person = |people: &IndexedRows<Person>| id.and_then(|id| people.position(id));
        match self.field_list(at) {
            Some(PickList::Organizations) => id.and_then(|id| self.account_data.organizations.position(id)),
            Some(PickList::Approvers) => person(&self.account_data.approvers).or_else(|| {
                let unlisted = self.unlisted_verified_contacts(at);
                let here = unlisted.iter().position(|person| id.is_some() && person.user_id == id)?;
                Some(self.account_data.approvers.rows().len() + here)
            }),
            Some(PickList::Users) => person(&self.account_data.users),
            Some(PickList::Countries) => {
                country::all_countries().position(|country| country.code.eq_ignore_ascii_case(typed))
            }
            Some(PickList::ValidityYears) => {
                self.validity_years().iter().position(|years| Some(u64::from(*years)) == id)
            }
            None => self.product()[at.field].options.iter().position(|option| option.id == typed),
        }
    }

    pub(super) fn pick_row(&mut self, at: FieldPlace, row: usize) {
        match self.person_in_row(at, row).cloned() {
            Some(person) => {
                for place in self.form.pick_person(at, &person) {
                    self.mark_field_left(place);
                }
            }
            None => self.form.pick_row(at, &self.row_value(at, row)),
        }
    }
}

/// Whether the rows of a list have ids.
pub(super) fn has_row_ids(list: Option<PickList>) -> bool {
    matches!(list, Some(PickList::Organizations | PickList::Approvers | PickList::Users))
}
