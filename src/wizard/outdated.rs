//! What was copied or filled in from something that says something else by now.
//!
//! It is said on the step, at Review and at Confirm, until it is copied again or kept. What the source says is asked of the
//! form and of what is known of the account; nothing is changed but by the person.

use super::history::Run;
use super::lists::{State, Want};
use super::{Model, Screen, Spot};
use crate::facts::Person;
use crate::form::{Address, Place, Row, Source};
use crate::layout::Tone;
use crate::product::{GroupId, List, Part, StepId};

/// A row whose source says something else.
#[derive(Debug, Clone)]
pub(super) struct Outdated {
    pub(super) group: GroupId,
    pub(super) row: Row,
    /// The first field that still says what was copied.
    pub(super) first: Place,
    now: Now,
}

/// What the source says now.
#[derive(Debug, Clone)]
enum Now {
    Address(Address),
    Person(Box<Person>),
    Nothing,
}

impl Outdated {
    /// Whether there is something to copy again.
    pub(super) fn has_source(&self) -> bool {
        !matches!(self.now, Now::Nothing)
    }
}

impl Model {
    /// All rows whose source says something else, in the order of the form.
    pub(super) fn outdated(&self) -> Vec<Outdated> {
        self.form.origins().filter_map(|(group, row, _)| self.outdated_in(group, row)).collect()
    }

    /// The same for one row.
    pub(super) fn outdated_in(&self, group: GroupId, row: Row) -> Option<Outdated> {
        let (places, now) = match &self.form.origin(group, row)?.source {
            Source::Address { of, organization } => {
                let now = self.address_now(*of, *organization)?;
                let places = self.form.outdated_address(group, &now);
                (places, if now.is_empty() { Now::Nothing } else { Now::Address(now) })
            }
            Source::Person { name, email } => {
                let now = self.person_now(group, row, name, email)?;
                let person = if let Now::Person(person) = &now { Some(&**person) } else { None };
                (self.form.outdated_person(group, row, person), now)
            }
        };
        let first = *places.first()?;
        Some(Outdated { group, row, first, now })
    }

    /// The organization that is picked in a group.
    pub(super) fn picked_in(&self, group: GroupId) -> Option<u64> {
        let at = self.form.places(group).find(|at| self.form.is_organization(*at) && self.form.visible(*at))?;
        self.form.text(at).parse().ok()
    }

    /// The address that a group has now, of which an address was copied when this organization was picked in it; none
    /// where that is not known yet.
    fn address_now(&self, of: GroupId, organization: Option<u64>) -> Option<Address> {
        let typed = self.form.address(of);
        if is_place(&typed) {
            return Some(typed);
        }
        match self.picked_in(of) {
            // A row of the list may tell less than the details.
            Some(id) if Some(id) == organization => self.known.details.get(id).map(Address::from),
            Some(id) => Some(self.known.organization(id).map(Address::from).unwrap_or_default()),
            None => Some(Address::new()),
        }
    }

    /// Whose details belong in a row into which those of this person were filled; nothing where that person is not
    /// listed any more, and none where that is not known yet.
    fn person_now(&self, group: GroupId, row: Row, name: &str, email: &str) -> Option<Now> {
        let at = self.person_field(group, row)?;
        let of = |person: &Person| Now::Person(Box::new(person.clone()));
        if self.form.visible(at) {
            return self.known.person(self.form.text(at).parse().ok()?).map(of);
        }
        let contacts = self.known.details.rows().iter().flat_map(|known| known.verified_people.iter().flatten());
        let people: Vec<&Person> =
            self.known.approvers.rows().iter().chain(self.known.users.rows()).chain(contacts).collect();
        let by_email = people.iter().find(|one| !email.is_empty() && one.email.eq_ignore_ascii_case(email));
        let found = by_email.or_else(|| people.iter().find(|one| one.full_name() == name));
        let whole = matches!(self.lists.state(Want::Approvers), Some(State::Done));
        found.map(|person| of(person)).or_else(|| whole.then_some(Now::Nothing))
    }

    /// The field of a row in which somebody is picked whose details can be filled in instead.
    fn person_field(&self, group: GroupId, row: Row) -> Option<Place> {
        let fields = self.product().fields_of(group).map(|field| Place { field, row });
        let mut picks = fields
            .filter(|at| self.product()[at.field].source.as_ref().is_some_and(|source| source.without_id.is_some()));
        picks.next()
    }

    /// What has to be asked for to tell whether a source says something else.
    pub(super) fn origin_want(&self) -> Option<Want> {
        let mut lists = self.form.origins().filter_map(|(group, row, origin)| {
            let at = matches!(origin.source, Source::Person { .. }).then(|| self.person_field(group, row))??;
            Some(self.product()[at.field].source.as_ref()?.list)
        });
        lists.find(|list| *list == List::Approvers).and_then(Want::of)
    }

    /// Whether something in a step came from what says something else now.
    pub(super) fn is_outdated(&self, step: StepId) -> bool {
        self.outdated().iter().any(|one| self.product()[one.group].step == step)
    }

    /// What is said of it.
    pub(super) fn outdated_words(&self, one: &Outdated) -> String {
        let Some(origin) = self.form.origin(one.group, one.row) else { return String::new() };
        let (from, ids) = match &origin.source {
            Source::Address { of, .. } => {
                let step = self.words(&self.product()[self.product()[*of].step].title);
                (step, ["outdated.address", "outdated.no_address"])
            }
            Source::Person { name, .. } => (name.as_str(), ["outdated.person", "outdated.no_person"]),
        };
        match &one.now {
            Now::Address(address) => {
                let now = address_words(address);
                self.lang.tell(ids[0], &[("from", from), ("now", &now)])
            }
            Now::Person(person) => {
                let facts = [&person.full_name(), &person.email, &person.job_title, &person.telephone];
                let now: Vec<&str> = facts.into_iter().filter(|text| !text.is_empty()).map(String::as_str).collect();
                self.lang.tell(ids[0], &[("from", from), ("now", &now.join(", "))])
            }
            Now::Nothing => self.lang.tell(ids[1], &[("from", from)]),
        }
    }

    /// The same with where it stands.
    pub(super) fn outdated_named(&self, one: &Outdated) -> String {
        format!("{}: {}", self.row_label(one.first), self.outdated_words(one))
    }

    /// What Confirm says of it.
    pub(super) fn outdated_said(&self) -> Vec<(Tone, String)> {
        let said = |one: &Outdated| {
            let text = format!("! {} {}", self.outdated_named(one), self.say("confirm.outdated"));
            (Tone::Warning, text)
        };
        self.outdated().iter().map(said).collect()
    }

    /// Copies or fills in what the source says now.
    pub(super) fn copy_again(&mut self, group: GroupId, row: Row) {
        let Some(one) = self.outdated_in(group, row) else { return };
        let source = self.form.origin(group, row).map(|origin| origin.source.clone());
        match (one.now, source) {
            (Now::Address(_), Some(Source::Address { of, .. })) => self.copy(group, of),
            (Now::Person(person), _) => self.fill_in_again(group, row, &person),
            _ => return self.flash("flash.no_source"),
        }
        self.after_origin(one.first);
    }

    fn fill_in_again(&mut self, group: GroupId, row: Row, person: &Person) {
        let Some(at) = self.person_field(group, row) else { return };
        let before = self.entered();
        self.remembering(at, Run::Alone, |model| {
            model.form.refill_person(at, person);
        });
        self.mark_changes(&before);
        self.flash("flash.filled");
    }

    /// What stands there is meant as it is.
    pub(super) fn keep_copy(&mut self, group: GroupId, row: Row) {
        let Some(one) = self.outdated_in(group, row) else { return };
        self.form.forget_origin(group, row);
        self.touch();
        self.flash("flash.kept");
        self.after_origin(one.first);
    }

    /// Goes on where it was decided: at Review with the body as it is now, on a step at what it was about.
    fn after_origin(&mut self, first: Place) {
        let flash = self.marks.flash.take();
        match self.screen {
            Screen::Review(_) => self.show_review(),
            _ => self.focus_on(Spot::Field(first)),
        }
        self.marks.flash = flash;
    }
}

/// Whether an address tells a place: a country alone does not.
pub(super) fn is_place(address: &Address) -> bool {
    address.keys().any(|part| *part != Part::Country)
}

/// An address on one line.
fn address_words(address: &Address) -> String {
    let part = |part: Part| address.get(&part).map_or("", String::as_str);
    let place = format!("{} {}", part(Part::Zip), part(Part::City));
    let parts = [part(Part::Line1), part(Part::Line2), place.trim(), part(Part::State), part(Part::Country)];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}
