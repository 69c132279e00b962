//! The payload tree: from values to the members that are asked and present, in the order of the product file.
//!
//! A parsed payload leaves a skeleton: the order of its members, and the members that the form does not know. Those
//! stay where they were, and an added member goes after its nearest earlier neighbor. `payload_text` writes the tree.

use super::{FieldPlace, FieldValue, Form, RowKey, draft};
use crate::json::JsonNode;
use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::product::{FieldId, GroupId, ValueKind};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum PayloadNode {
    /// A value of the form. A secret is not in it: it is put in when the request is written.
    Value(FieldPlace, PayloadScalar),
    /// JSON that was parsed and that no field holds.
    Foreign(JsonNode),
    Object(Vec<(String, PayloadNode)>),
    List(Vec<PayloadNode>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum PayloadScalar {
    Text(String),
    /// A number, `true` or `false`, as it is spelled.
    Literal(String),
    /// Parsed JSON that the field cannot hold, sent unchanged.
    RawJson(JsonNode),
    Secret,
}

/// The members of a parsed object, without the values that the form took over.
pub(super) type PayloadSkeleton = Vec<(String, SkeletonSlot)>;

/// What a skeleton has for a member. A draft stores it unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SkeletonSlot {
    /// A value that the form holds now.
    Held,
    /// An object that the form knows.
    Object(#[serde(with = "draft::members")] PayloadSkeleton),
    /// A list that the form knows; its rows have their own skeletons.
    List,
    /// JSON that the form does not know, or that has the wrong type.
    Foreign(#[serde(with = "draft::json_text")] JsonNode),
}

pub(super) fn build_payload_tree(form: &Form) -> PayloadNode {
    PayloadNode::Object(build_object(form, &form.product.shape, RowKey::SINGLE, form.skeleton.as_ref()))
}

fn build_object(
    form: &Form,
    shape: &PayloadShape,
    row: RowKey,
    skeleton: Option<&PayloadSkeleton>,
) -> Vec<(String, PayloadNode)> {
    let mut out = Vec::with_capacity(shape.members.len());
    for (name, slot) in skeleton.into_iter().flatten() {
        let slot = match shape.member(name) {
            Some((_, member)) => build_known_member(form, member, row, slot),
            None => foreign_node(slot),
        };
        out.extend(slot.map(|node| ((*name).clone(), node)));
    }
    for (index, (name, member)) in shape.members.iter().enumerate() {
        if skeleton.is_none_or(|skeleton| skeleton.iter().all(|(known, _)| known != name))
            && let Some(node) = build_member(form, member, row)
        {
            let at = insert_position(shape, index, &out);
            out.insert(at, ((*name).to_owned(), node));
        }
    }
    out
}

/// Returns the position right after the nearest member that is earlier in the product file.
fn insert_position(shape: &PayloadShape, index: usize, out: &[(String, PayloadNode)]) -> usize {
    let mut earlier = shape.members[..index].iter().rev();
    let found = earlier.find_map(|(name, _)| out.iter().position(|(known, _)| known == name));
    found.map_or(0, |at| at + 1)
}

fn foreign_node(slot: &SkeletonSlot) -> Option<PayloadNode> {
    match slot {
        SkeletonSlot::Foreign(doc) => Some(PayloadNode::Foreign(doc.clone())),
        _ => None,
    }
}

/// Builds a member that the parsed payload had, and that the form knows.
fn build_known_member(form: &Form, member: &PayloadMember, row: RowKey, slot: &SkeletonSlot) -> Option<PayloadNode> {
    match (member, slot) {
        (PayloadMember::Object(shape), _) if is_object_hidden(form, shape, row) => None,
        (PayloadMember::Object(shape), SkeletonSlot::Object(skeleton)) => {
            Some(PayloadNode::Object(build_object(form, shape, row, Some(skeleton))))
        }
        (PayloadMember::List(group, shape), SkeletonSlot::List) => Some(build_list(form, *group, shape)),
        (_, SkeletonSlot::Foreign(_)) => build_member(form, member, row).or_else(|| foreign_node(slot)),
        _ => build_member(form, member, row),
    }
}

/// Builds a member from the values alone.
fn build_member(form: &Form, member: &PayloadMember, row: RowKey) -> Option<PayloadNode> {
    match member {
        PayloadMember::Leaf(fields) => build_leaf(form, fields, row),
        PayloadMember::Object(shape) => {
            let members = build_object(form, shape, row, None);
            (!members.is_empty()).then_some(PayloadNode::Object(members))
        }
        PayloadMember::List(group, _) if form.rows(*group).is_empty() => None,
        PayloadMember::List(group, shape) => Some(build_list(form, *group, shape)),
    }
}

fn build_list(form: &Form, group: GroupId, shape: &PayloadShape) -> PayloadNode {
    let row = |row: &RowKey| match form.row_skeletons.get(row) {
        Some(SkeletonSlot::Object(skeleton)) => PayloadNode::Object(build_object(form, shape, *row, Some(skeleton))),
        slot => match (build_object(form, shape, *row, None), slot.and_then(foreign_node)) {
            (members, Some(odd)) if members.is_empty() => odd,
            (members, _) => PayloadNode::Object(members),
        },
    };
    PayloadNode::List(form.rows(group).iter().map(row).collect())
}

/// Returns true if nothing in this object is asked: then the whole object is left out.
pub(super) fn is_object_hidden(form: &Form, shape: &PayloadShape, row: RowKey) -> bool {
    shape.members.iter().all(|(_, member)| match member {
        PayloadMember::Leaf(fields) => !fields.iter().any(|field| form.is_visible(FieldPlace { field: *field, row })),
        PayloadMember::Object(shape) => is_object_hidden(form, shape, row),
        PayloadMember::List(..) => false,
    })
}

/// Returns the value of the one field at this pointer that is asked.
fn build_leaf(form: &Form, fields: &[FieldId], row: RowKey) -> Option<PayloadNode> {
    let places = fields.iter().map(|field| FieldPlace { field: *field, row });
    let at = places.into_iter().find(|at| form.is_visible(*at))?;
    Some(PayloadNode::Value(at, field_scalar(form, at)?))
}

fn field_scalar(form: &Form, at: FieldPlace) -> Option<PayloadScalar> {
    if form.secrets.get(&at).is_some_and(|secret| !secret.is_empty()) {
        return Some(PayloadScalar::Secret);
    }
    let text = match form.values.get(&at)? {
        FieldValue::RawJson(doc) => return Some(PayloadScalar::RawJson(doc.clone())),
        FieldValue::Text(text) => text,
    };
    Some(match form.product[at.field].kind {
        ValueKind::Integer => match text.parse::<u64>() {
            Ok(number) => PayloadScalar::Literal(number.to_string()),
            Err(_) => PayloadScalar::Text(text.clone()),
        },
        ValueKind::Bool | ValueKind::Consent => PayloadScalar::Literal(text.clone()),
        _ => PayloadScalar::Text(text.clone()),
    })
}
