//! Redaction of drafts: a draft contains no secrets, no agreement, and no card data that the form can recognize.
//!
//! The form is redacted before a draft is written and again after one was read. So neither a change of the product
//! file nor a draft that somebody else wrote brings such a value in. Of a redacted value only its place is
//! remembered.

use super::field_checks::has_card_number;
use super::payload_tree::{PayloadSkeleton, SkeletonSlot};
use super::{FieldPlace, FieldValue, Form};
use crate::json::{JsonNode, JsonValue};
use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::product::{FieldId, Product, ValueKind};
use std::collections::BTreeSet;

/// Something that was left out of a draft, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedactedItem {
    /// A secret, which is never stored.
    Secret(FieldPlace),
    /// The agreement, which must come from the person's own act.
    Agreement(FieldPlace),
    /// A value in the group of a secret, or a value with card data where none belongs.
    Private(FieldPlace),
    /// A member that the form does not know, in the object of a secret or with card data in it; the pointer is of
    /// this member or of the one that contains it.
    Member(String),
}

impl Form {
    /// Returns the pointers of members that the form does not know and that may be card data. They are not masked
    /// where they are shown, and not left out where the order is journaled.
    pub fn sensitive_members(&self) -> BTreeSet<String> {
        let mut form = self.clone();
        form.redacted_members.clear();
        form.redact_members();
        form.redacted_members
    }

    /// Removes what may not be stored.
    pub(super) fn redact_for_storage(&mut self) {
        self.wipe_secrets();
        let values = std::mem::take(&mut self.values);
        let (kept, out) = values.into_iter().partition(|(at, held)| can_store(self, at.field, held));
        self.values = kept;
        self.redacted.extend(out.into_keys());
        self.redact_members();
    }

    fn redact_members(&mut self) {
        let product = self.product;
        let mut sieve = MemberRedactor { product, redacted: &mut self.redacted_members };
        if let Some(skeleton) = &mut self.skeleton {
            sieve.redact_skeleton(&product.shape, skeleton, "");
        }
        for (group, rows) in &self.rows {
            let Some(shape) = product.row_shape(*group) else { continue };
            for (index, row) in rows.iter().enumerate() {
                let path = format!("{}/{index}", product[*group].at);
                let sound = self.row_skeletons.get_mut(row).is_none_or(|slot| sieve.can_keep_slot(shape, slot, &path));
                if !sound {
                    self.row_skeletons.remove(row);
                }
            }
        }
    }

    /// Returns the items that are not in the draft from which this form comes.
    pub(super) fn redacted_items(&self) -> Vec<RedactedItem> {
        let values = self.redacted.iter().map(|at| match &self.product[at.field] {
            field if field.secret.is_some() => RedactedItem::Secret(*at),
            field if field.kind == ValueKind::Consent => RedactedItem::Agreement(*at),
            _ => RedactedItem::Private(*at),
        });
        values.chain(self.redacted_members.iter().cloned().map(RedactedItem::Member)).collect()
    }
}

fn can_store(form: &Form, field: FieldId, held: &FieldValue) -> bool {
    let declared = &form.product[field];
    match held {
        _ if declared.secret.is_some() || declared.kind == ValueKind::Consent => false,
        // A value that the product file itself sets is not a secret of the person.
        FieldValue::Text(text) if is_private_field(form.product, field) => form.initial_value(field) == Some(text),
        FieldValue::Text(_) => true,
        FieldValue::RawJson(doc) => !is_private_field(form.product, field) && !has_card_number_in_json(doc),
    }
}

/// Removes the members that may be card data from the skeleton.
struct MemberRedactor<'a> {
    product: &'static Product,
    redacted: &'a mut BTreeSet<String>,
}

impl MemberRedactor<'_> {
    fn redact_skeleton(&mut self, shape: &PayloadShape, skeleton: &mut PayloadSkeleton, path: &str) {
        skeleton.retain_mut(|(name, slot)| {
            let inner = format!("{path}/{name}");
            match (shape.member(name).map(|(_, member)| member), slot) {
                (Some(PayloadMember::Object(shape) | PayloadMember::List(_, shape)), slot) => {
                    // Its place stays, for the value that is entered instead.
                    if !self.can_keep_slot(shape, slot, &inner) {
                        *slot = SkeletonSlot::Held;
                    }
                    true
                }
                // The name may reveal too much, so the pointer of the containing object is recorded.
                (None, SkeletonSlot::Foreign(doc))
                    if has_private_member(self.product, shape) || has_card_number(name) =>
                {
                    self.can_keep_json(doc, true, path)
                }
                (_, SkeletonSlot::Foreign(doc)) => self.can_keep_json(doc, false, &inner),
                _ => true,
            }
        });
    }

    /// Returns true if a slot can stay at a place where the form knows an object, a list or a row.
    fn can_keep_slot(&mut self, shape: &PayloadShape, slot: &mut SkeletonSlot, path: &str) -> bool {
        match slot {
            SkeletonSlot::Object(members) => self.redact_skeleton(shape, members, path),
            SkeletonSlot::Foreign(doc) => {
                return self.can_keep_json(doc, has_private_descendant(self.product, shape), path);
            }
            SkeletonSlot::Held | SkeletonSlot::List => {}
        }
        true
    }

    fn can_keep_json(&mut self, doc: &JsonNode, private: bool, path: &str) -> bool {
        let out = private || has_card_number_in_json(doc);
        self.redacted.extend(out.then(|| path.to_owned()));
        !out
    }
}

/// Returns true if the field is a secret, or in the group of one.
pub(super) fn is_private_field(product: &Product, field: FieldId) -> bool {
    product[field].secret.is_some() || !product.group_of(field).keep
}

/// Returns true if this object has a member that is a secret or is never stored.
pub(super) fn has_private_member(product: &Product, shape: &PayloadShape) -> bool {
    shape.members.iter().any(|(_, member)| match member {
        PayloadMember::Leaf(fields) => fields.iter().any(|field| is_private_field(product, *field)),
        PayloadMember::Object(_) | PayloadMember::List(..) => false,
    })
}

/// Returns true if this object, or one below it, has such a member.
pub(super) fn has_private_descendant(product: &Product, shape: &PayloadShape) -> bool {
    let below = |member: &PayloadMember| match member {
        PayloadMember::Object(shape) | PayloadMember::List(_, shape) => has_private_descendant(product, shape),
        PayloadMember::Leaf(_) => false,
    };
    has_private_member(product, shape) || shape.members.iter().any(|(_, member)| below(member))
}

/// Returns true if a text, number or name in a JSON value looks like a card number.
fn has_card_number_in_json(doc: &JsonNode) -> bool {
    match &doc.value {
        JsonValue::Text(text) | JsonValue::Number(text) => has_card_number(text),
        JsonValue::List(rows) => rows.iter().any(has_card_number_in_json),
        JsonValue::Object(members) => {
            members.iter().any(|(name, doc)| has_card_number(name) || has_card_number_in_json(doc))
        }
        JsonValue::Null | JsonValue::Bool(_) => false,
    }
}
