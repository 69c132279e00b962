//! The rows of a picker, by the field that it fills in: rows of the account, countries, or the field's own options.
//!
//! How a row looks is decided in [`view`](super::view).

use super::Picker;
use crate::domain::{AccountResource, IndexedRows, Person};
use crate::form::FieldPlace;
use crate::i18n::country;
use crate::product::PickList;
use crate::search::SearchIndex;
use crate::text;
use crate::tui::session::Session;
use crate::tui::session::fetch::{FetchState, person_search_text};
use std::collections::BTreeSet;

impl Picker {
    /// Takes a row of the list into the form.
    pub(super) fn take_row(session: &mut Session, at: FieldPlace, row: usize) {
        match person_in_row(session, at, row).cloned() {
            Some(person) => {
                for place in session.form.pick_person(at, &person) {
                    session.feedback.mark_left(place);
                }
            }
            None => session.form.pick_row(at, &row_value(session, at, row)),
        }
    }
}

pub(super) fn field_list(session: &Session, at: FieldPlace) -> Option<PickList> {
    session.product()[at.field].source.as_ref().map(|source| source.list)
}

/// The number of rows that the list of a field has by now.
pub(super) fn list_row_count(session: &Session, at: FieldPlace) -> usize {
    match field_list(session, at) {
        Some(PickList::Organizations) => session.account_data.organizations.rows().len(),
        Some(PickList::Approvers) => {
            session.account_data.approvers.rows().len() + unlisted_verified_contacts(session, at).len()
        }
        Some(PickList::Users) => session.account_data.users.rows().len(),
        Some(PickList::Countries) => country::all_countries().count(),
        Some(PickList::ValidityYears) => validity_years(session).len(),
        None => session.product()[at.field].options.len(),
    }
}

/// The years that can be ordered: those of the account, else the one year of the documentation.
fn validity_years(session: &Session) -> Vec<u32> {
    let known = session.account_data.product.as_ref().and_then(|product| product.years.clone());
    known.filter(|years| !years.is_empty()).unwrap_or_else(|| vec![1])
}

/// The person on a row; `None` if the list has no people.
pub(super) fn person_in_row(session: &Session, at: FieldPlace, row: usize) -> Option<&Person> {
    match field_list(session, at)? {
        PickList::Users => session.account_data.users.rows().get(row),
        PickList::Approvers => {
            let approvers = session.account_data.approvers.rows();
            let unlisted = || unlisted_verified_contacts(session, at).get(row - approvers.len()).copied();
            approvers.get(row).or_else(unlisted)
        }
        _ => None,
    }
}

/// The verified contacts of the organization that the list of approvers lacks. They come after its rows, so there are
/// none before that list has arrived or failed.
fn unlisted_verified_contacts(session: &Session, at: FieldPlace) -> Vec<&Person> {
    let settled = !matches!(session.fetches.state(AccountResource::Approvers), None | Some(FetchState::Loading { .. }));
    if field_list(session, at) != Some(PickList::Approvers) || !settled {
        return Vec::new();
    }
    let Some(people) = session.form.organization_id().and_then(|id| session.account_data.verified_people(id)) else {
        return Vec::new();
    };
    let listed = session.account_data.approvers.rows();
    let is_listed = |one: &Person| listed.iter().any(|other| one.is_same(other) == Some(true));
    people.iter().filter(|one| !one.full_name().trim().is_empty() && !is_listed(one)).collect()
}

/// The rows of a list that are verified contacts of the organization.
pub(super) fn verified_contact_rows(session: &Session, at: FieldPlace) -> BTreeSet<usize> {
    let Some(organization) = session.form.organization_id() else { return BTreeSet::new() };
    let people = session.account_data.verified_people(organization).unwrap_or_default();
    match field_list(session, at) {
        Some(PickList::Users) => {
            people.iter().filter_map(|one| session.account_data.users.position(one.user_id?)).collect()
        }
        Some(PickList::Approvers) => {
            let is = |row: &usize| {
                let person = person_in_row(session, at, *row);
                person.is_some_and(|one| people.iter().any(|other| other.is_same(one) == Some(true)))
            };
            (0..list_row_count(session, at)).filter(is).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// The value that picking a row puts into the field; blank for a person who is not a user.
pub(super) fn row_value(session: &Session, at: FieldPlace, row: usize) -> String {
    let id = |id: Option<u64>| id.map(|id| id.to_string()).unwrap_or_default();
    match field_list(session, at) {
        Some(PickList::Organizations) => id(session.account_data.organizations.rows().get(row).map(|row| row.id)),
        Some(PickList::Approvers | PickList::Users) => {
            id(person_in_row(session, at, row).and_then(|person| person.user_id))
        }
        Some(PickList::Countries) => country::all_countries().nth(row).map(|c| c.code.to_owned()).unwrap_or_default(),
        Some(PickList::ValidityYears) => validity_years(session).get(row).map(u32::to_string).unwrap_or_default(),
        None => session.product()[at.field].options.get(row).map_or_else(String::new, |option| option.id.to_owned()),
    }
}

/// The folded words of all rows, as a search compares them.
pub(super) fn row_search_index(session: &Session, at: FieldPlace) -> SearchIndex {
    let options = &session.product()[at.field].options;
    match field_list(session, at) {
        Some(PickList::Countries) => country::all_countries()
            .map(|country| text::fold(&format!("{}\n{}\n{}", country.code, country.en, country.nl)))
            .collect::<Vec<_>>()
            .into(),
        Some(PickList::ValidityYears) => validity_years(session).iter().map(u32::to_string).collect::<Vec<_>>().into(),
        Some(list) => {
            let mut words = session.fetches.search_index(list);
            words.add_rows(unlisted_verified_contacts(session, at).into_iter().map(person_search_text).collect());
            words
        }
        None => options
            .iter()
            .map(|o| text::fold(&format!("{}\n{}\n{}", o.id, o.label.en, o.label.nl)))
            .collect::<Vec<_>>()
            .into(),
    }
}

/// The row that matches the typed text exactly: an id, a number of years, or the two letters of a country.
pub(super) fn exact_row(session: &Session, at: FieldPlace, typed: &str) -> Option<usize> {
    let id = typed.parse::<u64>().ok();
    let person = |people: &IndexedRows<Person>| id.and_then(|id| people.position(id));
    match field_list(session, at) {
        Some(PickList::Organizations) => id.and_then(|id| session.account_data.organizations.position(id)),
        Some(PickList::Approvers) => person(&session.account_data.approvers).or_else(|| {
            let unlisted = unlisted_verified_contacts(session, at);
            let here = unlisted.iter().position(|person| id.is_some() && person.user_id == id)?;
            Some(session.account_data.approvers.rows().len() + here)
        }),
        Some(PickList::Users) => person(&session.account_data.users),
        Some(PickList::Countries) => {
            country::all_countries().position(|country| country.code.eq_ignore_ascii_case(typed))
        }
        Some(PickList::ValidityYears) => validity_years(session).iter().position(|years| Some(u64::from(*years)) == id),
        None => session.product()[at.field].options.iter().position(|option| option.id == typed),
    }
}

pub(super) fn has_row_ids(list: Option<PickList>) -> bool {
    matches!(list, Some(PickList::Organizations | PickList::Approvers | PickList::Users))
}
