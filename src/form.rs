//! The order form: the values of one order, which fields are asked, their problems, and the payload they make.
//!
//! Everything derives from the [`Product`]: a form stores values by field and row. The form does not use a screen, a
//! clock or the network; [`ValidationContext`] passes in the date and what is known of the account. A form that was
//! read from a payload keeps the order of the members and the members that the form does not know.

mod address;
mod cross_field_rules;
mod dates;
mod defaults;
mod draft;
mod field_checks;
mod field_state;
mod intent;
mod json_schema;
pub mod lint;
mod order_marker;
mod origin;
pub mod payload_diff;
mod payload_parse;
pub mod payload_text;
mod payload_tree;
mod pick_row;
mod plausibility;
mod postal_code;
mod problem_text;
mod redact;
mod reorder;
mod save_payload;
mod server_errors;
mod similar_organization;
mod suggested_provinces;
mod suggested_spelling;
mod summary;
mod validate;

pub use address::{Address, ReplacedAddress};
pub use defaults::{AppliedDefaults, DefaultRejection};
pub use draft::{DraftError, LostValue, RestoredDraft};
pub use field_state::FieldState;
pub use origin::{OriginSource, ValueOrigin};
pub use payload_parse::{Normalization, NotAnObject, ParsedPayload};
pub use payload_text::{PayloadLine, PayloadText, SHORT_DIGEST_LENGTH};
pub use redact::RedactedItem;
pub use server_errors::ServerErrorTarget;
pub use summary::{NameLookup, SummaryLine};
pub use validate::{Audience, Problem, ProblemKind, ProblemTarget, ValidationContext};

use crate::json::JsonNode;
use crate::product::{BlankPolicy, Condition, FieldId, GroupId, Product, StepId, ValueKind};
use crate::secret::Secret;
use crate::text;
use payload_tree::{PayloadSkeleton, SkeletonSlot};
use std::collections::{BTreeMap, BTreeSet};

/// The key of a list row. It does not change when other rows are added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey(pub u32);

impl RowKey {
    /// The only row of a group that is not a list.
    pub const SINGLE: Self = Self(0);
}

/// The address of a value: a field and a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPlace {
    pub field: FieldId,
    /// The row; [`RowKey::SINGLE`] outside lists.
    pub row: RowKey,
}

/// A value as the form stores it. A field without a value has no entry.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// Text as typed. Digits, a date, `true` and the id of an option are text here too.
    Text(String),
    /// JSON that was read from a payload and that the field cannot hold.
    RawJson(JsonNode),
}

/// A row that was removed, with all it needs to be restored.
#[derive(Debug, Clone)]
pub struct RemovedRow {
    group: GroupId,
    row: RowKey,
    index: usize,
    values: BTreeMap<FieldPlace, FieldValue>,
    skeleton: Option<SkeletonSlot>,
    origin: Option<ValueOrigin>,
}

impl RemovedRow {
    pub fn row(&self) -> RowKey {
        self.row
    }
}

#[derive(Debug, Clone)]
pub struct Form {
    product: &'static Product,
    values: BTreeMap<FieldPlace, FieldValue>,
    secrets: BTreeMap<FieldPlace, Secret>,
    rows: BTreeMap<GroupId, Vec<RowKey>>,
    next_row: u32,
    /// Modes for which the payload showed more than one option.
    mode_conflicts: BTreeSet<FieldPlace>,
    /// The structure of the payload that was read, without the values that the form holds.
    skeleton: Option<PayloadSkeleton>,
    row_skeletons: BTreeMap<RowKey, SkeletonSlot>,
    /// Places whose value was wiped, or was left out of the draft that this form was read from.
    redacted: BTreeSet<FieldPlace>,
    /// Pointers to the members that were left out of that draft because they look like card data.
    redacted_members: BTreeSet<String>,
    /// The sources of rows that were copied or filled in.
    origins: BTreeMap<(GroupId, RowKey), ValueOrigin>,
}

impl Form {
    /// Creates a form with default and fixed values, and with the minimum number of rows in each list.
    pub fn new(product: &'static Product) -> Self {
        let mut form = Self::new_empty(product);
        for group in (0..product.groups.len()).map(GroupId) {
            let rows = product[group].many.map_or(0, |many| many.min);
            for _ in 0..rows {
                form.add_row(group);
            }
            if product[group].many.is_none() {
                form.set_initial_values(group, RowKey::SINGLE);
            }
        }
        form
    }

    /// Creates a form without any value, for a payload to be read into.
    fn new_empty(product: &'static Product) -> Self {
        Self {
            product,
            values: BTreeMap::new(),
            secrets: BTreeMap::new(),
            rows: BTreeMap::new(),
            next_row: 1,
            mode_conflicts: BTreeSet::new(),
            skeleton: None,
            row_skeletons: BTreeMap::new(),
            redacted: BTreeSet::new(),
            redacted_members: BTreeSet::new(),
            origins: BTreeMap::new(),
        }
    }

    pub fn product(&self) -> &'static Product {
        self.product
    }

    fn set_initial_values(&mut self, group: GroupId, row: RowKey) {
        for field in self.product.fields_of(group) {
            if let Some(text) = self.initial_value(field) {
                self.values.insert(FieldPlace { field, row }, FieldValue::Text(text.to_owned()));
            }
        }
    }

    /// Returns the value of a field in a new form. The person can also accept it for a member that a payload lacks.
    pub fn initial_value(&self, field: FieldId) -> Option<&'static str> {
        let field = &self.product[field];
        let blank = (field.blank == BlankPolicy::Send).then_some("");
        field.fixed.or(field.default).or(blank)
    }

    pub fn field_value(&self, at: FieldPlace) -> Option<&FieldValue> {
        self.values.get(&at)
    }

    /// Returns the text of a field, or "" if it has none. It never returns a secret.
    pub fn text(&self, at: FieldPlace) -> &str {
        match self.values.get(&at) {
            Some(FieldValue::Text(text)) => text,
            _ => "",
        }
    }

    pub fn secret(&self, at: FieldPlace) -> Option<&Secret> {
        self.secrets.get(&at)
    }

    /// Returns the secret of a field for typing into; creates an empty one if there is none.
    pub fn secret_mut(&mut self, at: FieldPlace) -> &mut Secret {
        self.redacted.remove(&at);
        self.secrets.entry(at).or_default()
    }

    pub fn has_secrets(&self) -> bool {
        self.secrets.values().any(|secret| !secret.is_empty())
    }

    /// Wipes all secrets. The form remembers which fields had one, so that the draft can say so.
    pub fn wipe_secrets(&mut self) {
        let entered = std::mem::take(&mut self.secrets).into_iter().filter(|(_, secret)| !secret.is_empty());
        self.redacted.extend(entered.map(|(at, _)| at));
    }

    /// Returns true if the field has no value, or only invisible characters.
    pub fn is_blank(&self, at: FieldPlace) -> bool {
        match self.values.get(&at) {
            Some(FieldValue::RawJson(_)) => false,
            Some(FieldValue::Text(text)) => text::is_blank(text),
            None => self.secrets.get(&at).is_none_or(|secret| text::is_blank(secret.expose())),
        }
    }

    /// Sets the text of a field. An empty text removes the value, unless the field is sent blank.
    pub fn set_text(&mut self, at: FieldPlace, text: &str) {
        self.redacted.remove(&at);
        if self.product[at.field].is_mode() {
            self.mode_conflicts.remove(&at);
        }
        if text.is_empty() && self.product[at.field].blank == BlankPolicy::Omit {
            self.values.remove(&at);
        } else {
            self.values.insert(at, FieldValue::Text(text.to_owned()));
        }
    }

    /// Removes the agreement. It must come from the person's own act, never from a payload or a draft. Returns true
    /// if there was one.
    pub fn withdraw_consent(&mut self) -> bool {
        let consents = self.product.field_ids().filter(|id| self.product[*id].kind == ValueKind::Consent);
        consents
            .filter(|field| self.values.remove(&FieldPlace { field: *field, row: RowKey::SINGLE }).is_some())
            .count()
            > 0
    }

    /// Returns true if every agreement that is asked for is given. Without it the order is refused, and its
    /// digest cannot be confirmed.
    pub fn is_consent_given(&self) -> bool {
        let mut consents = self.visible_places().filter(|at| self.product[at.field].kind == ValueKind::Consent);
        consents.all(|at| self.text(at) == "true")
    }

    /// Returns the digest of the form without the agreement, to detect whether anything else changed.
    pub fn digest_without_consent(&self) -> String {
        let mut form = self.clone();
        form.withdraw_consent();
        form.payload_text().digest().to_owned()
    }

    /// Returns the rows of a list, in order. A group that is not a list has one row.
    pub fn rows(&self, group: GroupId) -> &[RowKey] {
        if self.product[group].many.is_none() {
            return &[RowKey::SINGLE];
        }
        self.rows.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Adds a row with the values of a new form.
    pub fn add_row(&mut self, group: GroupId) -> RowKey {
        let row = self.add_empty_row(group);
        self.set_initial_values(group, row);
        row
    }

    fn add_empty_row(&mut self, group: GroupId) -> RowKey {
        let row = RowKey(self.next_row);
        self.next_row += 1;
        self.rows.entry(group).or_default().push(row);
        row
    }

    /// Removes a row with all its values.
    pub fn remove_row(&mut self, group: GroupId, row: RowKey) -> Option<RemovedRow> {
        let rows = self.rows.get_mut(&group)?;
        let at = rows.iter().position(|known| *known == row)?;
        rows.remove(at);
        let values = self.values.extract_if(.., |place, _| place.row == row).collect();
        let origin = self.origins.remove(&(group, row));
        Some(RemovedRow { group, row, index: at, values, skeleton: self.row_skeletons.remove(&row), origin })
    }

    /// Restores a removed row at its former position.
    pub fn restore_row(&mut self, removed: RemovedRow) {
        let rows = self.rows.entry(removed.group).or_default();
        rows.insert(removed.index.min(rows.len()), removed.row);
        self.values.extend(removed.values);
        self.origins.extend(removed.origin.map(|origin| ((removed.group, removed.row), origin)));
        if let Some(skeleton) = removed.skeleton {
            self.row_skeletons.insert(removed.row, skeleton);
        }
    }

    /// Returns all places of a group, row by row, whether they are asked or not.
    pub fn group_places(&self, group: GroupId) -> impl Iterator<Item = FieldPlace> + '_ {
        let rows = self.rows(group).iter();
        rows.flat_map(move |row| self.product.fields_of(group).map(|field| FieldPlace { field, row: *row }))
    }

    pub fn visible_places_in_step(&self, step: StepId) -> impl Iterator<Item = FieldPlace> + '_ {
        self.product.groups_of(step).flat_map(|group| self.group_places(group)).filter(|at| self.is_visible(*at))
    }

    /// Returns all places that are asked, in the order of the steps.
    pub fn visible_places(&self) -> impl Iterator<Item = FieldPlace> + '_ {
        (0..self.product.steps.len()).map(StepId).flat_map(|step| self.visible_places_in_step(step))
    }

    /// Returns true if a field is asked. Only asked fields are part of the payload.
    pub fn is_visible(&self, at: FieldPlace) -> bool {
        let field = &self.product[at.field];
        let mut conditions = self.product[field.group].when.iter().chain(field.when);
        conditions.all(|condition| self.is_condition_met(condition, at))
    }

    /// Returns true if a condition holds, seen from this place: its field is read in the same row if it is in the
    /// same group. A hidden field meets no condition.
    fn is_condition_met(&self, condition: &Condition, at: FieldPlace) -> bool {
        let same = self.product[condition.field].group == self.product[at.field].group;
        let on = FieldPlace { field: condition.field, row: if same { at.row } else { RowKey::SINGLE } };
        condition.is.iter().any(|word| *word == self.text(on)) && self.is_visible(on)
    }

    /// Returns the JSON pointer of a place in the payload that the form makes now.
    pub fn json_pointer(&self, at: FieldPlace) -> Option<String> {
        let rows = self.rows(self.product[at.field].group);
        self.product.json_pointer(at.field, rows.iter().position(|row| *row == at.row))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::product::PKIO;

    /// Returns the place of a field by its id; in a list, in the first row.
    pub(crate) fn place(form: &Form, id: &str) -> FieldPlace {
        let field = form.product().find_field(id).unwrap();
        FieldPlace { field, row: form.rows(form.product()[field].group)[0] }
    }

    pub(crate) fn form_with(values: &[(&str, &str)]) -> Form {
        let mut form = Form::new(PKIO);
        for (id, text) in values {
            let at = place(&form, id);
            if form.product()[at.field].secret.is_some() {
                *form.secret_mut(at) = Secret::from(*text);
            } else {
                form.set_text(at, text);
            }
        }
        form
    }

    #[test]
    fn a_new_form_has_defaults_fixed_values_and_sent_blanks() {
        let form = form_with(&[]);
        assert_eq!(form.text(place(&form, "cert.hash")), "sha256");
        assert_eq!(form.text(place(&form, "ship.method")), "STANDARD");
        assert_eq!(form.field_value(place(&form, "ship.addr2")), Some(&FieldValue::Text(String::new())));
        assert_eq!(form.field_value(place(&form, "order.csa")), None, "agreement never comes from a default");
        assert_eq!(form.rows(form.product()[place(&form, "contact.type").field].group).len(), 1);
    }

    #[test]
    fn a_hidden_value_is_kept() {
        let mut form = form_with(&[("org.how", "new"), ("org.name", "Gemeente Zilverdam")]);
        let (how, name) = (place(&form, "org.how"), place(&form, "org.name"));
        assert!(form.is_visible(name));
        form.set_text(how, "existing");
        assert!(!form.is_visible(name));
        assert_eq!(form.text(name), "Gemeente Zilverdam");
    }

    #[test]
    fn undo_restores_a_removed_row_with_all_values_at_its_position() {
        let mut form = form_with(&[("contact.first", "Anna")]);
        let group = form.product()[place(&form, "contact.first").field].group;
        let (first, second) = (form.rows(group)[0], form.add_row(group));
        let removed = form.remove_row(group, first).unwrap();
        assert_eq!(form.rows(group), [second]);
        form.restore_row(removed);
        assert_eq!(form.rows(group), [first, second]);
        assert_eq!(form.text(place(&form, "contact.first")), "Anna");
        assert!(form.remove_row(group, RowKey(99)).is_none());
    }

    #[test]
    fn conditions_within_a_list_apply_to_their_own_row() {
        let mut form = form_with(&[]);
        let group = form.product()[place(&form, "contact.how").field].group;
        let second = form.add_row(group);
        form.set_text(FieldPlace { row: second, ..place(&form, "contact.how") }, "new");
        assert!(!form.is_visible(place(&form, "contact.first")));
        assert!(form.is_visible(FieldPlace { row: second, ..place(&form, "contact.first") }));
    }

    #[test]
    fn consent_can_be_withdrawn() {
        let mut form = form_with(&[("order.csa", "true")]);
        assert!(form.withdraw_consent());
        assert!(!form.withdraw_consent());
    }
}
