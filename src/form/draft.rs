//! The draft: a form as JSON text and back, including values that are not asked now, invalid, or unknown to the form.
//!
//! A draft names fields and lists by the ids of the product file, so it outlives a change of that file. It is JSON
//! that a person can read. A member that no field holds is stored as JSON text within a string, so that its spelling
//! and its depth do not change. `redact` decides what a draft may not contain. The caller decides where and when a
//! draft is stored.

use super::field_checks::has_card_number;
use super::payload_parse::PayloadParser;
use super::payload_tree::{PayloadSkeleton, SkeletonSlot};
use super::{FieldPlace, FieldValue, Form, OriginSource, RedactedItem, RowKey, ValueOrigin};
use crate::json::{self, JsonNode};
use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::product::{Field, GroupId, Product, ValueKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the draft format. Origins came later without a new version: an older draft has none.
const DRAFT_VERSION: u64 = 1;

#[derive(Debug, Clone)]
pub struct RestoredDraft {
    /// The form. Its rows have new keys.
    pub form: Form,
    /// The items that the draft leaves out and the form asks again, visible or not.
    pub redacted: Vec<RedactedItem>,
    /// The values that the product file has no place for any more. Saving the draft again drops them for good.
    pub lost_values: Vec<LostValue>,
}

/// A value of a draft that the form cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostValue {
    /// The id of the field, or the JSON pointer of a member without a field.
    pub id: String,
    /// The text as typed; JSON if it was read from a payload; stars if it is a secret or looks like card data. The
    /// text is untrusted: clean it before it is shown.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum DraftError {
    /// The text is not a draft, or not any more: it can be shown or set aside.
    Damaged {
        /// The line, from 1.
        line: usize,
        /// The column, in bytes from 1; 0 before the first.
        column: usize,
    },
    /// A newer zegel wrote the draft, in this version of the format: that zegel can read it.
    Newer(u64),
    /// The draft is for the product of this name: it can be opened with that product.
    OtherProduct(String),
}

impl From<serde_json::Error> for DraftError {
    /// Keeps only the position: the message may repeat text of the draft.
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged { line: error.line(), column: error.column() }
    }
}

/// The version alone, for a draft whose other members may differ.
#[derive(Deserialize)]
struct DraftVersion {
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftDocument {
    version: u64,
    product: String,
    values: StoredValues,
    lists: BTreeMap<String, Vec<StoredRow>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<StoredSkeleton>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    withheld_members: BTreeSet<String>,
    /// Origins by the ids of groups that are not lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    origins: BTreeMap<String, StoredOrigin>,
}

/// The source of values. Its ids are those of the product file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOrigin {
    source: StoredSource,
    put: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredSource {
    Address { of: String, organization: Option<u64> },
    Person { name: String, email: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRow {
    values: StoredValues,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<SkeletonSlot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<StoredOrigin>,
}

/// Values by the ids of their fields.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StoredValues {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    text: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    odd: BTreeMap<String, StoredJson>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    conflicts: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    withheld: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredJson(#[serde(with = "json_text")] JsonNode);

#[derive(Serialize, Deserialize)]
struct StoredSkeleton(#[serde(with = "members")] PayloadSkeleton);

/// Stores a JSON node as JSON text in a string.
pub(super) mod json_text {
    use super::{JsonNode, json, json_one_line};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::form) fn serialize<S: Serializer>(doc: &JsonNode, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&json_one_line(doc))
    }

    pub(in crate::form) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonNode, D::Error> {
        json::parse(&String::deserialize(deserializer)?).map_err(Error::custom)
    }
}

/// Stores members in their order, as an object. Of duplicates the last counts.
pub(super) mod members {
    use super::PayloadSkeleton;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use serde_json::{Map, Value};

    pub(in crate::form) fn serialize<S: Serializer>(
        members: &PayloadSkeleton,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(members.iter().map(|(name, slot)| (name, slot)))
    }

    pub(in crate::form) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<PayloadSkeleton, D::Error> {
        let members = Map::<String, Value>::deserialize(deserializer)?.into_iter();
        members.map(|(name, value)| Ok((name, serde_json::from_value(value).map_err(Error::custom)?))).collect()
    }
}

fn json_one_line(doc: &JsonNode) -> String {
    let mut text = String::new();
    json::write_one_line(&mut text, doc);
    text
}

impl Form {
    /// Serializes the form for [`Form::from_draft`], without what may not be stored. Forms with the same stored
    /// content give the same text, so comparing the texts shows whether there is something to save.
    pub fn to_draft(&self) -> String {
        let mut form = self.clone();
        form.redact_for_storage();
        DraftDocument::from_form(form).to_json()
    }

    /// Restores the form from a draft that [`Form::to_draft`] wrote, perhaps for an earlier product file.
    ///
    /// # Errors
    /// If the text is not a draft, or is for another version of zegel or another product.
    pub fn from_draft(product: &'static Product, text: &str) -> Result<RestoredDraft, DraftError> {
        let draft = DraftDocument::parse(text)?;
        if draft.product != product.name_id {
            return Err(DraftError::OtherProduct(draft.product));
        }
        let mut restorer = DraftRestorer { product, parser: PayloadParser::new(product), lost_values: Vec::new() };
        restorer.restore_draft(draft);
        let DraftRestorer { parser: PayloadParser { mut form, .. }, lost_values: lost, .. } = restorer;
        form.redact_for_storage();
        Ok(RestoredDraft { redacted: form.redacted_items(), form, lost_values: lost })
    }
}

impl DraftDocument {
    /// Builds the draft of a form that is already redacted.
    fn from_form(form: Form) -> Self {
        let product = form.product;
        let (lists, single): (Vec<_>, Vec<_>) =
            (0..product.groups.len()).map(GroupId).partition(|group| product[*group].many.is_some());
        let rows =
            |group: GroupId| form.rows(group).iter().map(|row| StoredRow::from_form(&form, group, *row)).collect();
        let origins: BTreeMap<_, _> = single
            .iter()
            .filter_map(|group| Some((product[*group].id.to_owned(), stored_origin(&form, *group, RowKey::SINGLE)?)))
            .collect();
        Self {
            version: DRAFT_VERSION,
            product: product.name_id.to_owned(),
            values: StoredValues::from_form(&form, single.into_iter().flat_map(|group| form.group_places(group))),
            lists: lists.into_iter().map(|group| (product[group].id.to_owned(), rows(group))).collect(),
            origins,
            payload: form.skeleton.map(StoredSkeleton),
            withheld_members: form.redacted_members,
        }
    }

    fn to_json(&self) -> String {
        // The draft holds only strings in memory: this cannot fail.
        serde_json::to_string_pretty(self).expect("a draft of strings")
    }

    fn parse(text: &str) -> Result<Self, DraftError> {
        match serde_json::from_str::<DraftVersion>(text)?.version {
            DRAFT_VERSION => Ok(serde_json::from_str(text)?),
            0 => Err(DraftError::Damaged { line: 1, column: 0 }),
            newer => Err(DraftError::Newer(newer)),
        }
    }
}

impl StoredRow {
    fn from_form(form: &Form, group: GroupId, row: RowKey) -> Self {
        let places = form.product.fields_of(group).map(|field| FieldPlace { field, row });
        let (payload, origin) = (form.row_skeletons.get(&row).cloned(), stored_origin(form, group, row));
        Self { values: StoredValues::from_form(form, places), payload, origin }
    }
}

/// Returns the stored origin of a row. An origin that looks like card data is never stored.
fn stored_origin(form: &Form, group: GroupId, row: RowKey) -> Option<StoredOrigin> {
    let origin = form.row_origin(group, row)?;
    let source = match &origin.source {
        OriginSource::Address { of, organization } => {
            StoredSource::Address { of: form.product[*of].id.to_owned(), organization: *organization }
        }
        OriginSource::Person { name, email } if has_card_number(name) || has_card_number(email) => return None,
        OriginSource::Person { name, email } => StoredSource::Person { name: name.clone(), email: email.clone() },
    };
    let put = origin.values.iter().filter(|(_, text)| !has_card_number(text));
    Some(StoredOrigin { source, put: put.map(|(id, text)| (id.clone(), text.clone())).collect() })
}

impl StoredValues {
    fn from_form(form: &Form, places: impl Iterator<Item = FieldPlace>) -> Self {
        let mut values = Self::default();
        for at in places {
            let field = &form.product[at.field];
            match form.field_value(at) {
                Some(FieldValue::RawJson(doc)) => drop(values.odd.insert(field.id.to_owned(), StoredJson(doc.clone()))),
                // A blank mode is written, to distinguish it from a mode that an earlier product file did not have.
                None if !field.is_mode() => {}
                _ => drop(values.text.insert(field.id.to_owned(), form.text(at).to_owned())),
            }
            values.conflicts.extend(form.mode_conflicts.contains(&at).then(|| field.id.to_owned()));
            values.withheld.extend(form.redacted.contains(&at).then(|| field.id.to_owned()));
        }
        values
    }
}

struct DraftRestorer {
    product: &'static Product,
    parser: PayloadParser,
    lost_values: Vec<LostValue>,
}

impl DraftRestorer {
    fn restore_draft(&mut self, draft: DraftDocument) {
        let product = self.product;
        self.restore_values(draft.values, RowKey::SINGLE, |group| product[group].many.is_none());
        for (id, rows) in draft.lists {
            let group = self.find_group(&id).filter(|group| product[*group].many.is_some());
            for row in rows {
                match group {
                    Some(group) => self.restore_row(group, row),
                    None => self.report_lost_row(&id, row),
                }
            }
        }
        let root = draft
            .payload
            .map(|StoredSkeleton(skeleton)| self.restore_skeleton(&product.shape, skeleton, RowKey::SINGLE, ""));
        self.parser.form.skeleton = root;
        self.parser.infer_modes();
        let blank = |at: &FieldPlace, value: &FieldValue| {
            product[at.field].is_mode() && *value == FieldValue::Text(String::new())
        };
        self.parser.form.values.retain(|at, value| !blank(at, value));
        self.parser.form.redacted_members = draft.withheld_members;
        for (id, origin) in draft.origins {
            let group = self.find_group(&id).filter(|group| product[*group].many.is_none());
            if let Some(group) = group {
                self.restore_origin(group, RowKey::SINGLE, origin);
            }
        }
    }

    fn find_group(&self, id: &str) -> Option<GroupId> {
        (0..self.product.groups.len()).map(GroupId).find(|group| self.product[*group].id == id)
    }

    /// Restores the origin of a row; does nothing if the product file does not have this source any more.
    fn restore_origin(&mut self, group: GroupId, row: RowKey, stored: StoredOrigin) {
        let source = match stored.source {
            StoredSource::Address { of, organization } => {
                let Some(of) = self.find_group(&of) else { return };
                OriginSource::Address { of, organization }
            }
            StoredSource::Person { name, email } => OriginSource::Person { name, email },
        };
        self.parser.form.origins.insert((group, row), ValueOrigin { source, values: stored.put });
    }

    fn restore_row(&mut self, group: GroupId, row: StoredRow) {
        let at = self.parser.form.add_empty_row(group);
        self.restore_values(row.values, at, |other| other == group);
        if let Some(origin) = row.origin {
            self.restore_origin(group, at, origin);
        }
        let (shape, path) = (self.product.row_shape(group), &self.product[group].at);
        let slot = match (shape, row.payload) {
            (Some(shape), Some(SkeletonSlot::Object(members))) => {
                SkeletonSlot::Object(self.restore_skeleton(shape, members, at, path))
            }
            (Some(_), Some(SkeletonSlot::Foreign(doc))) => SkeletonSlot::Foreign(doc),
            _ => return,
        };
        self.parser.form.row_skeletons.insert(at, slot);
    }

    /// Reports a row of a list that the product file does not have any more.
    fn report_lost_row(&mut self, list: &str, row: StoredRow) {
        self.restore_values(row.values, RowKey::SINGLE, |_| false);
        if let Some(slot) = row.payload {
            self.report_lost_slot(slot, list);
        }
    }

    fn restore_values(&mut self, values: StoredValues, row: RowKey, here: impl Fn(GroupId) -> bool) {
        let product = self.product;
        let place = |id: &str| {
            let field = product.find_field(id).filter(|field| here(product[*field].group))?;
            Some(FieldPlace { field, row })
        };
        let texts = values.text.into_iter().map(|(id, text)| (id, FieldValue::Text(text)));
        for (id, value) in
            texts.chain(values.odd.into_iter().map(|(id, StoredJson(doc))| (id, FieldValue::RawJson(doc))))
        {
            self.restore_value(place(&id), id, value);
        }
        let form = &mut self.parser.form;
        let modes = values.conflicts.iter().filter_map(|id| place(id)).filter(|at| product[at.field].is_mode());
        form.mode_conflicts.extend(modes);
        form.redacted.extend(values.withheld.iter().filter_map(|id| place(id)));
    }

    fn restore_value(&mut self, at: Option<FieldPlace>, id: String, value: FieldValue) {
        if let Some(at) = at.filter(|at| can_hold_value(&self.product[at.field], &value)) {
            self.parser.form.values.insert(at, value);
            return;
        }
        let text = match value {
            FieldValue::Text(text) => text,
            FieldValue::RawJson(doc) => json_one_line(&doc),
        };
        self.report_lost_value(id, text);
    }

    /// Adds a lost value. zegel writes no secret into a draft, but somebody else may have written one.
    fn report_lost_value(&mut self, id: String, text: String) {
        let secret = self.product.find_field(&id).is_some_and(|field| self.product[field].secret.is_some());
        let text = if secret || has_card_number(&text) { "***".to_owned() } else { text };
        self.lost_values.push(LostValue { id, text });
    }

    /// Restores the members of the payload that the current product file still knows in the same way.
    fn restore_skeleton(
        &mut self,
        shape: &PayloadShape,
        skeleton: PayloadSkeleton,
        row: RowKey,
        path: &str,
    ) -> PayloadSkeleton {
        let stored = skeleton.into_iter().filter_map(|(name, slot)| {
            let member = shape.member(&name).map(|(_, member)| member);
            let slot = self.restore_slot(member, slot, row, &format!("{path}/{name}"))?;
            Some((name, slot))
        });
        stored.collect()
    }

    fn restore_slot(
        &mut self,
        member: Option<&PayloadMember>,
        slot: SkeletonSlot,
        row: RowKey,
        path: &str,
    ) -> Option<SkeletonSlot> {
        match (member, slot) {
            (Some(PayloadMember::Object(shape)), SkeletonSlot::Object(inner)) => {
                Some(SkeletonSlot::Object(self.restore_skeleton(shape, inner, row, path)))
            }
            // It may have become a member that the form knows: then a field takes it over.
            (Some(_), SkeletonSlot::Foreign(doc)) => Some(self.parser.parse_slot(member, &doc, row, path)),
            (_, slot @ SkeletonSlot::Object(_)) => {
                self.report_lost_slot(slot, path);
                None
            }
            (None, SkeletonSlot::Held | SkeletonSlot::List) => None,
            (_, slot) => Some(slot),
        }
    }

    /// Reports the values of an object that is no longer an object; its known members are reported by their ids.
    fn report_lost_slot(&mut self, slot: SkeletonSlot, path: &str) {
        match slot {
            SkeletonSlot::Foreign(doc) => self.report_lost_value(path.to_owned(), json_one_line(&doc)),
            SkeletonSlot::Object(members) => {
                for (name, slot) in members {
                    self.report_lost_slot(slot, &format!("{path}/{name}"));
                }
            }
            SkeletonSlot::Held | SkeletonSlot::List => {}
        }
    }
}

/// Returns true if a field can hold this value: a mode holds one of its options, and a boolean only `true` or
/// `false`.
fn can_hold_value(field: &Field, value: &FieldValue) -> bool {
    match (field.kind, value) {
        (ValueKind::Mode(_), FieldValue::Text(text)) => text.is_empty() || field.find_option(text).is_some(),
        (ValueKind::Mode(_), FieldValue::RawJson(_)) => false,
        (ValueKind::Bool, FieldValue::Text(text)) => matches!(text.as_str(), "true" | "false"),
        _ => true,
    }
}
