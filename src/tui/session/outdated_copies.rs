//! Outdated copies: values that were copied or filled in from a source that has changed since.
//!
//! The step, Review and Confirm show them until they are copied again or kept. The sources are the form and the
//! account data. Only the person changes a value.

use crate::domain::{AccountResource, Person};
use crate::form::{Address, FieldPlace, OriginSource, RowKey};
use crate::i18n::{texts, with};
use crate::product::{AddressPart, GroupId, PickList, StepId};
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::feedback::form_values;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::field_text::product_text;
use crate::tui::session::page_items::GroupUndo;
use crate::tui::session::problem_text::field_row_label;
use crate::tui::session::undo::EditKind;

/// A row with a source that has changed since the copy.
#[derive(Debug, Clone)]
pub(crate) struct OutdatedCopy {
    pub(crate) group: GroupId,
    pub(crate) row: RowKey,
    /// The first field that still has the copied value.
    pub(crate) first_field: FieldPlace,
    current_source: CurrentSource,
}

/// What the source holds now.
#[derive(Debug, Clone)]
enum CurrentSource {
    Address(Address),
    Person(Box<Person>),
    Gone,
}

impl OutdatedCopy {
    /// Returns true if the source still exists, so that it can be copied again.
    pub(crate) fn has_source(&self) -> bool {
        !matches!(self.current_source, CurrentSource::Gone)
    }
}

impl Session {
    /// Copies or fills in the row again, from what the source holds now. Returns the first field of the copy; `None`
    /// if nothing was decided.
    pub(crate) fn repeat_copy(&mut self, group: GroupId, row: RowKey) -> Option<FieldPlace> {
        let copy = outdated_copy_in(self, group, row)?;
        let source = self.form.row_origin(group, row).map(|origin| origin.source.clone());
        match (copy.current_source, source) {
            (CurrentSource::Address(_), Some(OriginSource::Address { of, .. })) => self.copy_address(group, of),
            (CurrentSource::Person(person), _) => self.refill_person(group, row, &person),
            _ => {
                self.show_flash(texts::flash::NO_SOURCE);
                return None;
            }
        }
        Some(copy.first_field)
    }

    /// Keeps the row as it is: it no longer counts as a copy. Returns the first field of the copy.
    pub(crate) fn keep_outdated_copy(&mut self, group: GroupId, row: RowKey) -> Option<FieldPlace> {
        let copy = outdated_copy_in(self, group, row)?;
        self.form.forget_origin(group, row);
        self.drafts.schedule_save(self.now);
        self.show_flash(texts::flash::KEPT);
        Some(copy.first_field)
    }

    fn refill_person(&mut self, group: GroupId, row: RowKey, person: &Person) {
        let Some(at) = person_picker_field(self, group, row) else { return };
        let before = form_values(self);
        self.edit_with_undo(at, EditKind::Standalone, |model| {
            model.form.refill_person(at, person);
        });
        self.mark_changed_fields(&before);
        self.show_flash(texts::flash::FILLED);
    }
}

/// Returns all rows with a changed source, in the order of the form.
pub(crate) fn outdated_copies(session: &Session) -> Vec<OutdatedCopy> {
    session.form.row_origins().filter_map(|(group, row, _)| outdated_copy_in(session, group, row)).collect()
}

/// Returns the outdated copy in one row; None if it has none.
pub(crate) fn outdated_copy_in(session: &Session, group: GroupId, row: RowKey) -> Option<OutdatedCopy> {
    let (places, now) = match &session.form.row_origin(group, row)?.source {
        OriginSource::Address { of, organization } => {
            let now = current_address_of(session, *of, *organization)?;
            let places = session.form.outdated_address_places(group, &now);
            (places, if now.is_empty() { CurrentSource::Gone } else { CurrentSource::Address(now) })
        }
        OriginSource::Person { name, email } => {
            let now = current_person_of(session, group, row, name, email)?;
            let person = if let CurrentSource::Person(person) = &now { Some(&**person) } else { None };
            (session.form.outdated_person_places(group, row, person), now)
        }
    };
    let first = *places.first()?;
    Some(OutdatedCopy { group, row, first_field: first, current_source: now })
}

/// Returns the id of the organization that is picked in a group.
pub(crate) fn picked_organization_in(session: &Session, group: GroupId) -> Option<u64> {
    let at = session
        .form
        .group_places(group)
        .find(|at| session.form.is_organization_field(*at) && session.form.is_visible(*at))?;
    session.form.text(at).parse().ok()
}

/// Returns the address that a source group has now. `organization` is the one that was picked there at the time of
/// the copy. None if the address is not known yet.
fn current_address_of(session: &Session, of: GroupId, organization: Option<u64>) -> Option<Address> {
    let typed = session.form.address(of);
    if has_more_than_country(&typed) {
        return Some(typed);
    }
    match picked_organization_in(session, of) {
        // The row of a list may have fewer parts than the details.
        Some(id) if Some(id) == organization => session.account_data.organization_details.get(id).map(Address::from),
        Some(id) => Some(session.account_data.organization(id).map(Address::from).unwrap_or_default()),
        None => Some(Address::new()),
    }
}

/// Returns the current details of the person that a row was filled from: `Gone` if the person is no longer listed,
/// None if that is not known yet.
fn current_person_of(session: &Session, group: GroupId, row: RowKey, name: &str, email: &str) -> Option<CurrentSource> {
    let at = person_picker_field(session, group, row)?;
    let of = |person: &Person| CurrentSource::Person(Box::new(person.clone()));
    if session.form.is_visible(at) {
        return session.account_data.person(session.form.text(at).parse().ok()?).map(of);
    }
    let contacts = session
        .account_data
        .organization_details
        .rows()
        .iter()
        .flat_map(|known| known.verified_people.iter().flatten());
    let people: Vec<&Person> =
        session.account_data.approvers.rows().iter().chain(session.account_data.users.rows()).chain(contacts).collect();
    let by_email = people.iter().find(|one| !email.is_empty() && one.email.eq_ignore_ascii_case(email));
    let found = by_email.or_else(|| people.iter().find(|one| one.full_name() == name));
    let whole = matches!(session.fetches.state(AccountResource::Approvers), Some(FetchState::Done));
    found.map(|person| of(person)).or_else(|| whole.then_some(CurrentSource::Gone))
}

/// Returns the field of a row that picks a person whose details can be filled in instead.
fn person_picker_field(session: &Session, group: GroupId, row: RowKey) -> Option<FieldPlace> {
    let fields = session.product().fields_of(group).map(|field| FieldPlace { field, row });
    let mut picks = fields
        .filter(|at| session.product()[at.field].source.as_ref().is_some_and(|source| source.without_id.is_some()));
    picks.next()
}

/// Returns the resource to fetch to see whether a source has changed.
pub(crate) fn copy_source_resource(session: &Session) -> Option<AccountResource> {
    let mut lists = session.form.row_origins().filter_map(|(group, row, origin)| {
        let at = matches!(origin.source, OriginSource::Person { .. })
            .then(|| person_picker_field(session, group, row))??;
        Some(session.product()[at.field].source.as_ref()?.list)
    });
    lists.find(|list| *list == PickList::Approvers).and_then(AccountResource::for_list)
}

pub(crate) fn has_outdated_copy(session: &Session, step: StepId) -> bool {
    outdated_copies(session).iter().any(|one| session.product()[one.group].step == step)
}

pub(crate) fn outdated_copy_text(session: &Session, one: &OutdatedCopy) -> String {
    let Some(origin) = session.form.row_origin(one.group, one.row) else { return String::new() };
    let (from, (changed, gone)) = match &origin.source {
        OriginSource::Address { of, .. } => {
            let step = product_text(session, &session.product()[session.product()[*of].step].title);
            (step, (texts::outdated::ADDRESS, texts::outdated::NO_ADDRESS))
        }
        OriginSource::Person { name, .. } => (name.as_str(), (texts::outdated::PERSON, texts::outdated::NO_PERSON)),
    };
    match &one.current_source {
        CurrentSource::Address(address) => {
            let now = address_text(address);
            session.lang.format(changed, (with::From(&from), with::Now(&now)))
        }
        CurrentSource::Person(person) => {
            let facts = [&person.full_name(), &person.email, &person.job_title, &person.telephone];
            let now: Vec<&str> = facts.into_iter().filter(|text| !text.is_empty()).map(String::as_str).collect();
            session.lang.format(changed, (with::From(&from), with::Now(&now.join(", "))))
        }
        CurrentSource::Gone => session.lang.format(gone, with::From(&from)),
    }
}

/// Returns the text with the label of the row in front.
pub(crate) fn labeled_outdated_copy_text(session: &Session, one: &OutdatedCopy) -> String {
    format!("{}: {}", field_row_label(session, one.first_field), outdated_copy_text(session, one))
}

/// Returns the paragraphs for Confirm.
pub(crate) fn outdated_copy_notes(session: &Session) -> Vec<(Tone, String)> {
    let to_note = |one: &OutdatedCopy| {
        let text = format!("! {} {}", labeled_outdated_copy_text(session, one), session.text(texts::confirm::OUTDATED));
        (Tone::Warning, text)
    };
    outdated_copies(session).iter().map(to_note).collect()
}

/// Returns true if an address has more than a country: a country alone is not a place.
pub(crate) fn has_more_than_country(address: &Address) -> bool {
    address.keys().any(|part| *part != AddressPart::Country)
}

/// Returns an address on one line.
fn address_text(address: &Address) -> String {
    let part = |part: AddressPart| address.get(&part).map_or("", String::as_str);
    let place = format!("{} {}", part(AddressPart::Zip), part(AddressPart::City));
    let parts = [
        part(AddressPart::Line1),
        part(AddressPart::Line2),
        place.trim(),
        part(AddressPart::State),
        part(AddressPart::Country),
    ];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

impl Session {
    /// Copies the address of one group into another, or shows a message if there is no address to copy.
    pub(crate) fn copy_address(&mut self, to: GroupId, from: GroupId) {
        let (address, organization) = address_to_copy(self, from);
        if address.is_empty() {
            return self.show_flash(texts::flash::NO_ADDRESS);
        }
        let earlier = match &self.group_undo {
            Some(GroupUndo::AddressCopied(group, replaced)) if *group == to => Some(replaced),
            _ => None,
        };
        let before = form_values(self);
        let replaced = self.form.paste_address(to, &address, earlier);
        self.form.set_address_origin(to, OriginSource::Address { of: from, organization });
        self.group_undo = Some(GroupUndo::AddressCopied(to, replaced));
        self.mark_changed_fields(&before);
        self.show_flash(texts::flash::COPIED);
    }
}

/// Returns the address that can be copied from a group: the typed address, or else that of the organization picked
/// there. In the second case the id of the organization comes with it.
pub(in crate::tui) fn address_to_copy(session: &Session, group: GroupId) -> (Address, Option<u64>) {
    let typed = session.form.address(group);
    if has_more_than_country(&typed) {
        return (typed, None);
    }
    let id = picked_organization_in(session, group);
    (id.and_then(|id| session.account_data.organization(id)).map(Address::from).unwrap_or_default(), id)
}
