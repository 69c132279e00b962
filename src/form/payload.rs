//! From values to the tree of the payload: what is asked and present, in the order of the product file.
//!
//! A payload that was read leaves a skeleton: its order, and the members that the form does not know. Then those
//! stay where they were, and a member that is added goes after its nearest earlier neighbor. How the tree is
//! written is the matter of `body`.

use super::{Form, Held, Place, Row, draft};
use crate::json::Doc;
use crate::product::shape::{Member, Shape};
use crate::product::{FieldId, GroupId, Kind};
use serde::{Deserialize, Serialize};

/// A part of the payload.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A value of the form. Secrets are not in it: they are put in when the request is written.
    Value(Place, Scalar),
    /// Something that was read and that no field holds.
    Foreign(Doc),
    /// An object.
    Object(Vec<(String, Node)>),
    /// A list.
    List(Vec<Node>),
}

/// A value that a field sends.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    /// A string.
    Text(String),
    /// A number or `true` or `false`, as it is spelled.
    Word(String),
    /// Something read that the field cannot hold, sent as it is.
    Odd(Doc),
    /// A secret.
    Secret,
}

/// What was read, without the values that the form took over.
pub(super) type Skeleton = Vec<(String, Slot)>;

/// What stood behind a name. A draft keeps it as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Slot {
    /// A value that the form holds now.
    Held,
    /// An object that the form knows.
    Object(#[serde(with = "draft::members")] Skeleton),
    /// A list that the form knows; its rows have skeletons of their own.
    List,
    /// Something that the form does not know, or that is not what it should be.
    Foreign(#[serde(with = "draft::json_text")] Doc),
}

/// The whole payload.
pub(super) fn tree(form: &Form) -> Node {
    Node::Object(object(form, &form.product.shape, Row::ONE, form.skeleton.as_ref()))
}

fn object(form: &Form, shape: &Shape, row: Row, skeleton: Option<&Skeleton>) -> Vec<(String, Node)> {
    let mut out = Vec::with_capacity(shape.members.len());
    for (name, slot) in skeleton.into_iter().flatten() {
        let kept = match shape.member(name) {
            Some((_, member)) => known(form, member, row, slot),
            None => foreign(slot),
        };
        out.extend(kept.map(|node| (name.clone(), node)));
    }
    for (index, (name, member)) in shape.members.iter().enumerate() {
        if skeleton.is_none_or(|skeleton| skeleton.iter().all(|(known, _)| known != name))
            && let Some(node) = fresh(form, member, row)
        {
            let at = after_nearest(shape, index, &out);
            out.insert(at, (name.clone(), node));
        }
    }
    out
}

/// The place right after the nearest member that stands earlier in the product file.
fn after_nearest(shape: &Shape, index: usize, out: &[(String, Node)]) -> usize {
    let mut earlier = shape.members[..index].iter().rev();
    let found = earlier.find_map(|(name, _)| out.iter().position(|(known, _)| known == name));
    found.map_or(0, |at| at + 1)
}

fn foreign(slot: &Slot) -> Option<Node> {
    match slot {
        Slot::Foreign(doc) => Some(Node::Foreign(doc.clone())),
        _ => None,
    }
}

/// A member that stood in what was read, and that the form knows.
fn known(form: &Form, member: &Member, row: Row, slot: &Slot) -> Option<Node> {
    match (member, slot) {
        (Member::Object(shape), _) if hidden(form, shape, row) => None,
        (Member::Object(shape), Slot::Object(skeleton)) => Some(Node::Object(object(form, shape, row, Some(skeleton)))),
        (Member::List(group, shape), Slot::List) => Some(list(form, *group, shape)),
        (_, Slot::Foreign(_)) => fresh(form, member, row).or_else(|| foreign(slot)),
        _ => fresh(form, member, row),
    }
}

/// A member as the values alone make it.
fn fresh(form: &Form, member: &Member, row: Row) -> Option<Node> {
    match member {
        Member::Leaf(fields) => leaf(form, fields, row),
        Member::Object(shape) => {
            let members = object(form, shape, row, None);
            (!members.is_empty()).then_some(Node::Object(members))
        }
        Member::List(group, _) if form.rows(*group).is_empty() => None,
        Member::List(group, shape) => Some(list(form, *group, shape)),
    }
}

fn list(form: &Form, group: GroupId, shape: &Shape) -> Node {
    let row = |row: &Row| match form.row_skeletons.get(row) {
        Some(Slot::Object(skeleton)) => Node::Object(object(form, shape, *row, Some(skeleton))),
        slot => match (object(form, shape, *row, None), slot.and_then(foreign)) {
            (members, Some(odd)) if members.is_empty() => odd,
            (members, _) => Node::Object(members),
        },
    };
    Node::List(form.rows(group).iter().map(row).collect())
}

/// Whether nothing in this object is asked: then it is left out whole.
pub(super) fn hidden(form: &Form, shape: &Shape, row: Row) -> bool {
    shape.members.iter().all(|(_, member)| match member {
        Member::Leaf(fields) => !fields.iter().any(|field| form.visible(Place { field: *field, row })),
        Member::Object(shape) => hidden(form, shape, row),
        Member::List(..) => false,
    })
}

/// The value of the one field at this pointer that is asked.
fn leaf(form: &Form, fields: &[FieldId], row: Row) -> Option<Node> {
    let places = fields.iter().map(|field| Place { field: *field, row });
    let at = places.into_iter().find(|at| form.visible(*at))?;
    Some(Node::Value(at, scalar(form, at)?))
}

fn scalar(form: &Form, at: Place) -> Option<Scalar> {
    if form.secrets.get(&at).is_some_and(|secret| !secret.is_empty()) {
        return Some(Scalar::Secret);
    }
    let text = match form.values.get(&at)? {
        Held::Odd(doc) => return Some(Scalar::Odd(doc.clone())),
        Held::Text(text) => text,
    };
    Some(match form.product[at.field].kind {
        Kind::Integer => match text.parse::<u64>() {
            Ok(number) => Scalar::Word(number.to_string()),
            Err(_) => Scalar::Text(text.clone()),
        },
        Kind::Bool | Kind::Consent => Scalar::Word(text.clone()),
        _ => Scalar::Text(text.clone()),
    })
}
