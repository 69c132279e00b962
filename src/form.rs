//! What has been typed for an order: values, which of them are asked, their problems, and the payload they make.
//!
//! Everything derives from the [`Product`]: a form holds values by field and row, and knows no screen, clock or
//! network; what time it is and what the account knows come in by [`Context`]. A payload that was read keeps its
//! order and the members that the form does not know.

mod alike;
pub mod audit;
mod blame;
pub mod body;
mod check;
mod copy;
mod dates;
pub mod diff;
mod draft;
mod fill;
mod marker;
mod origin;
mod payload;
mod plausible;
mod preset;
mod problems;
mod read;
mod renew;
mod respell;
mod rewrite;
mod rules;
mod say;
mod schema;
mod stood;
mod subject;
mod suggest;
mod told;
mod withhold;

pub use blame::Blamed;
pub use body::{Body, Line, SHORT_DIGEST};
pub use copy::{Address, Replaced};
pub use draft::{DraftError, Kept, Lost};
pub use origin::{Origin, Source};
pub use preset::{Misfit, Prefilled};
pub use problems::{Audience, Context, Fault, Problem, Target};
pub use read::{NotAnObject, Note, Reading};
pub use stood::Stood;
pub use told::{Names, Told};
pub use withhold::Withheld;

use crate::json::Doc;
use crate::product::{Blank, Condition, FieldId, GroupId, Kind, Product, StepId};
use crate::secret::Secret;
use crate::text;
use payload::{Skeleton, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// A row of a list, by a key that stays while other rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(pub u32);

impl Row {
    /// The row of everything that is no list.
    pub const ONE: Self = Self(0);
}

/// Where a value stands: which field, in which row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The field or mode.
    pub field: FieldId,
    /// The row, [`Row::ONE`] outside lists.
    pub row: Row,
}

/// A value as the form holds it. A field without one is simply not there.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Text as typed; digits, a date, `true` or an option's word are text here too.
    Text(String),
    /// Something that was read and that the field cannot hold.
    Odd(Doc),
}

/// A row that was taken out, to be put back.
#[derive(Debug, Clone)]
pub struct Removed {
    group: GroupId,
    row: Row,
    at: usize,
    values: BTreeMap<Place, Held>,
    skeleton: Option<Slot>,
    origin: Option<Origin>,
}

impl Removed {
    /// The row that was taken out.
    pub fn row(&self) -> Row {
        self.row
    }
}

/// The values of one order.
#[derive(Debug, Clone)]
pub struct Form {
    product: &'static Product,
    values: BTreeMap<Place, Held>,
    secrets: BTreeMap<Place, Secret>,
    rows: BTreeMap<GroupId, Vec<Row>>,
    next_row: u32,
    /// Modes for which a payload showed several options.
    conflicts: BTreeSet<Place>,
    /// What was read, without the values that the form holds.
    skeleton: Option<Skeleton>,
    row_skeletons: BTreeMap<Row, Slot>,
    /// Places whose value was wiped, or stayed out of the draft from which this form comes.
    withheld: BTreeSet<Place>,
    /// Pointers to what stayed out of that draft for looking like card data.
    withheld_members: BTreeSet<String>,
    /// Where rows came from that were copied or filled in.
    origins: BTreeMap<(GroupId, Row), Origin>,
}

impl Form {
    /// A new form: defaults and fixed values in place, as many rows as a list must have.
    pub fn new(product: &'static Product) -> Self {
        let mut form = Self::empty(product);
        for group in (0..product.groups.len()).map(GroupId) {
            let rows = product[group].many.map_or(0, |many| many.min);
            for _ in 0..rows {
                form.add_row(group);
            }
            if product[group].many.is_none() {
                form.prefill(group, Row::ONE);
            }
        }
        form
    }

    /// A form without any value, for reading a payload into.
    fn empty(product: &'static Product) -> Self {
        Self {
            product,
            values: BTreeMap::new(),
            secrets: BTreeMap::new(),
            rows: BTreeMap::new(),
            next_row: 1,
            conflicts: BTreeSet::new(),
            skeleton: None,
            row_skeletons: BTreeMap::new(),
            withheld: BTreeSet::new(),
            withheld_members: BTreeSet::new(),
            origins: BTreeMap::new(),
        }
    }

    /// The product that it orders.
    pub fn product(&self) -> &'static Product {
        self.product
    }

    fn prefill(&mut self, group: GroupId, row: Row) {
        for field in self.product.fields_of(group) {
            if let Some(text) = self.initial(field) {
                self.values.insert(Place { field, row }, Held::Text(text.to_owned()));
            }
        }
    }

    /// What a field of a new form holds, or what the person accepts for one that a payload lacks.
    pub fn initial(&self, field: FieldId) -> Option<&'static str> {
        let field = &self.product[field];
        let blank = (field.blank == Blank::Send).then_some("");
        field.fixed.as_deref().or(field.default.as_deref()).or(blank)
    }

    /// What the field holds, if anything.
    pub fn held(&self, at: Place) -> Option<&Held> {
        self.values.get(&at)
    }

    /// The text of a field; blank where there is none. Secrets are never given here.
    pub fn text(&self, at: Place) -> &str {
        match self.values.get(&at) {
            Some(Held::Text(text)) => text,
            _ => "",
        }
    }

    /// The secret of a field, if one was entered.
    pub fn secret(&self, at: Place) -> Option<&Secret> {
        self.secrets.get(&at)
    }

    /// The secret of a field, to type into.
    pub fn secret_mut(&mut self, at: Place) -> &mut Secret {
        self.withheld.remove(&at);
        self.secrets.entry(at).or_default()
    }

    /// Whether a secret was entered.
    pub fn has_secrets(&self) -> bool {
        self.secrets.values().any(|secret| !secret.is_empty())
    }

    /// Wipes all secrets. That there were some is remembered, for the draft to tell.
    pub fn wipe(&mut self) {
        let entered = std::mem::take(&mut self.secrets).into_iter().filter(|(_, secret)| !secret.is_empty());
        self.withheld.extend(entered.map(|(at, _)| at));
    }

    /// Whether nothing was entered, or nothing that can be seen.
    pub fn is_blank(&self, at: Place) -> bool {
        match self.values.get(&at) {
            Some(Held::Odd(_)) => false,
            Some(Held::Text(text)) => text::is_blank(text),
            None => self.secrets.get(&at).is_none_or(|secret| text::is_blank(secret.expose())),
        }
    }

    /// Puts a text into a field. Blank takes the value out, unless the field is sent blank.
    pub fn set(&mut self, at: Place, text: &str) {
        self.withheld.remove(&at);
        if self.product[at.field].is_mode() {
            self.conflicts.remove(&at);
        }
        if text.is_empty() && self.product[at.field].blank == Blank::Omit {
            self.values.remove(&at);
        } else {
            self.values.insert(at, Held::Text(text.to_owned()));
        }
    }

    /// Takes the agreement out. It must come from the person's own act, never from what was read or kept.
    /// Answers whether there was one.
    pub fn withdraw_consent(&mut self) -> bool {
        let consents = self.product.ids().filter(|id| self.product[*id].kind == Kind::Consent);
        consents.filter(|field| self.values.remove(&Place { field: *field, row: Row::ONE }).is_some()).count() > 0
    }

    /// Whether every agreement that is asked for is given: without it the order is refused, and no digest of it can be
    /// confirmed.
    pub fn is_agreed(&self) -> bool {
        let mut asked = self.all_asked().filter(|at| self.product[at.field].kind == Kind::Consent);
        asked.all(|at| self.text(at) == "true")
    }

    /// The digest of what the form says but for the agreement, to tell whether it still says the same.
    pub fn digest_but_for_consent(&self) -> String {
        let mut form = self.clone();
        form.withdraw_consent();
        form.body().digest().to_owned()
    }

    /// The rows of a list, in order. A group that is no list has the one row.
    pub fn rows(&self, group: GroupId) -> &[Row] {
        if self.product[group].many.is_none() {
            return &[Row::ONE];
        }
        self.rows.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Adds a row with the values of a new form.
    pub fn add_row(&mut self, group: GroupId) -> Row {
        let row = self.bare_row(group);
        self.prefill(group, row);
        row
    }

    fn bare_row(&mut self, group: GroupId) -> Row {
        let row = Row(self.next_row);
        self.next_row += 1;
        self.rows.entry(group).or_default().push(row);
        row
    }

    /// Takes a row out, with everything in it.
    pub fn remove_row(&mut self, group: GroupId, row: Row) -> Option<Removed> {
        let rows = self.rows.get_mut(&group)?;
        let at = rows.iter().position(|known| *known == row)?;
        rows.remove(at);
        let values = self.values.extract_if(.., |place, _| place.row == row).collect();
        let origin = self.origins.remove(&(group, row));
        Some(Removed { group, row, at, values, skeleton: self.row_skeletons.remove(&row), origin })
    }

    /// Puts a row back where it stood.
    pub fn put_back(&mut self, removed: Removed) {
        let rows = self.rows.entry(removed.group).or_default();
        rows.insert(removed.at.min(rows.len()), removed.row);
        self.values.extend(removed.values);
        self.origins.extend(removed.origin.map(|origin| ((removed.group, removed.row), origin)));
        if let Some(skeleton) = removed.skeleton {
            self.row_skeletons.insert(removed.row, skeleton);
        }
    }

    /// All places of a group, row by row, whether they are asked or not.
    pub fn places(&self, group: GroupId) -> impl Iterator<Item = Place> + '_ {
        let rows = self.rows(group).iter();
        rows.flat_map(move |row| self.product.fields_of(group).map(|field| Place { field, row: *row }))
    }

    /// All places of a step that are asked, in order.
    pub fn asked(&self, step: StepId) -> impl Iterator<Item = Place> + '_ {
        self.product.groups_of(step).flat_map(|group| self.places(group)).filter(|at| self.visible(*at))
    }

    /// All places of the form that are asked, in order.
    pub fn all_asked(&self) -> impl Iterator<Item = Place> + '_ {
        (0..self.product.steps.len()).map(StepId).flat_map(|step| self.asked(step))
    }

    /// Whether a field is asked at all, and so part of the payload.
    pub fn visible(&self, at: Place) -> bool {
        let field = &self.product[at.field];
        let mut conditions = self.product[field.group].when.iter().chain(&field.when);
        conditions.all(|condition| self.holds(condition, at))
    }

    /// Whether a condition holds, seen from this place.
    fn holds(&self, condition: &Condition, at: Place) -> bool {
        let same = self.product[condition.field].group == self.product[at.field].group;
        let on = Place { field: condition.field, row: if same { at.row } else { Row::ONE } };
        condition.is.iter().any(|word| word == self.text(on)) && self.visible(on)
    }

    /// The pointer of a place in the payload that the form makes now.
    pub fn pointer(&self, at: Place) -> Option<String> {
        let rows = self.rows(self.product[at.field].group);
        self.product.pointer(at.field, rows.iter().position(|row| *row == at.row))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::product::pkio;

    /// The place of a field by its id, in the first row where it is in a list.
    pub(crate) fn place(form: &Form, id: &str) -> Place {
        let field = form.product().find(id).unwrap();
        Place { field, row: form.rows(form.product()[field].group)[0] }
    }

    /// A form with these values.
    pub(crate) fn form_with(values: &[(&str, &str)]) -> Form {
        let mut form = Form::new(pkio().unwrap());
        for (id, text) in values {
            let at = place(&form, id);
            if form.product()[at.field].secret.is_some() {
                *form.secret_mut(at) = Secret::from(*text);
            } else {
                form.set(at, text);
            }
        }
        form
    }

    #[test]
    fn a_new_form_holds_defaults_fixed_values_and_blanks_that_are_sent() {
        let form = form_with(&[]);
        assert_eq!(form.text(place(&form, "cert.hash")), "sha256");
        assert_eq!(form.text(place(&form, "ship.method")), "STANDARD");
        assert_eq!(form.held(place(&form, "ship.addr2")), Some(&Held::Text(String::new())));
        assert_eq!(form.held(place(&form, "order.csa")), None, "agreement never comes from a default");
        assert_eq!(form.rows(form.product()[place(&form, "contact.type").field].group).len(), 1);
    }

    #[test]
    fn a_hidden_value_is_kept() {
        let mut form = form_with(&[("org.how", "new"), ("org.name", "Gemeente Zilverdam")]);
        let (how, name) = (place(&form, "org.how"), place(&form, "org.name"));
        assert!(form.visible(name));
        form.set(how, "existing");
        assert!(!form.visible(name));
        assert_eq!(form.text(name), "Gemeente Zilverdam");
    }

    #[test]
    fn a_removed_row_comes_back_whole_and_in_place() {
        let mut form = form_with(&[("contact.first", "Anna")]);
        let group = form.product()[place(&form, "contact.first").field].group;
        let (first, second) = (form.rows(group)[0], form.add_row(group));
        let removed = form.remove_row(group, first).unwrap();
        assert_eq!(form.rows(group), [second]);
        form.put_back(removed);
        assert_eq!(form.rows(group), [first, second]);
        assert_eq!(form.text(place(&form, "contact.first")), "Anna");
        assert!(form.remove_row(group, Row(99)).is_none());
    }

    #[test]
    fn conditions_within_a_list_look_at_their_own_row() {
        let mut form = form_with(&[]);
        let group = form.product()[place(&form, "contact.how").field].group;
        let second = form.add_row(group);
        form.set(Place { row: second, ..place(&form, "contact.how") }, "new");
        assert!(!form.visible(place(&form, "contact.first")));
        assert!(form.visible(Place { row: second, ..place(&form, "contact.first") }));
    }

    #[test]
    fn consent_can_be_withdrawn() {
        let mut form = form_with(&[("order.csa", "true")]);
        assert!(form.withdraw_consent());
        assert!(!form.withdraw_consent());
    }
}
