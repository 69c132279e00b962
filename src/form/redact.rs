//! What a draft may not hold: secrets, the agreement, and card data wherever the form can tell it.
//!
//! It is taken out before a draft is written and again when one was read, so neither a change of the product file
//! nor a draft that somebody else wrote brings any of it in. Of what is taken out the place is remembered, and
//! nothing else. It knows nothing of how a draft is written.

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
    /// A value beside a secret, or one that held card data where none belongs.
    Private(FieldPlace),
    /// Something that the form does not know, beside a secret or with card data in it, in what is at this pointer.
    Member(String),
}

impl Form {
    /// The pointers of members that the form does not know and that may be card data: what is not masked where it is
    /// shown, and not left out where the order is journaled.
    pub fn sensitive_members(&self) -> BTreeSet<String> {
        let mut form = self.clone();
        form.redacted_members.clear();
        form.redact_members();
        form.redacted_members
    }

    /// Takes out what may not be kept.
    pub(super) fn redact_for_storage(&mut self) {
        self.wipe_secrets();
        let values = std::mem::take(&mut self.values);
        let (kept, out) = values.into_iter().partition(|(at, held)| self.can_store(at.field, held));
        self.values = kept;
        self.redacted.extend(out.into_keys());
        self.redact_members();
    }

    fn can_store(&self, field: FieldId, held: &FieldValue) -> bool {
        let declared = &self.product[field];
        match held {
            _ if declared.secret.is_some() || declared.kind == ValueKind::Consent => false,
            // What the product file says itself is nobody's secret.
            FieldValue::Text(text) if is_private_field(self.product, field) => self.initial_value(field) == Some(text),
            FieldValue::Text(_) => true,
            FieldValue::RawJson(doc) => !is_private_field(self.product, field) && !has_card_number_in_json(doc),
        }
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

    /// What is not in the draft from which this form comes.
    pub(super) fn redacted_items(&self) -> Vec<RedactedItem> {
        let values = self.redacted.iter().map(|at| match &self.product[at.field] {
            field if field.secret.is_some() => RedactedItem::Secret(*at),
            field if field.kind == ValueKind::Consent => RedactedItem::Agreement(*at),
            _ => RedactedItem::Private(*at),
        });
        values.chain(self.redacted_members.iter().cloned().map(RedactedItem::Member)).collect()
    }
}

/// Takes out of what was read the members that may be card data.
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
                    // Its place stays, for what is entered instead.
                    if !self.can_keep_slot(shape, slot, &inner) {
                        *slot = SkeletonSlot::Held;
                    }
                    true
                }
                // Where the name may say too much, what it stands in is told.
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

    /// Whether what stands where the form knows an object, a list or a row of one can stay.
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

/// Whether it is a secret, or stands beside one.
pub(super) fn is_private_field(product: &Product, field: FieldId) -> bool {
    product[field].secret.is_some() || !product.group_of(field).keep
}

/// Whether a secret, or something that is never stored, is a member of this object.
pub(super) fn has_private_member(product: &Product, shape: &PayloadShape) -> bool {
    shape.members.iter().any(|(_, member)| match member {
        PayloadMember::Leaf(fields) => fields.iter().any(|field| is_private_field(product, *field)),
        PayloadMember::Object(_) | PayloadMember::List(..) => false,
    })
}

/// Whether one is in this object or below.
pub(super) fn has_private_descendant(product: &Product, shape: &PayloadShape) -> bool {
    let below = |member: &PayloadMember| match member {
        PayloadMember::Object(shape) | PayloadMember::List(_, shape) => has_private_descendant(product, shape),
        PayloadMember::Leaf(_) => false,
    };
    has_private_member(product, shape) || shape.members.iter().any(|(_, member)| below(member))
}

/// Whether something in a document, its names included, looks like a card number.
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
