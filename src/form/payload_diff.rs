//! The difference of two payloads, member by member: added, removed, or another value.
//!
//! It compares what would be sent, so layout and order do not count. A secret is never shown, only that it differs.

use super::field_checks::has_card_number;
use super::payload_tree::{self, PayloadNode, PayloadScalar};
use super::{FieldPlace, Form};
use crate::json::{self, JsonNode, JsonValue};
use crate::product::FieldId;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadChange {
    /// The place, as a JSON pointer.
    pub pointer: String,
    /// The field; `None` if the form does not know the member.
    pub field: Option<FieldId>,
    /// The former value, as JSON; `None` if the member was added.
    pub before: Option<String>,
    /// The current value, as JSON; `None` if the member was removed.
    pub after: Option<String>,
}

/// The mask of a value that is not shown.
const MASK: &str = "***";

/// A value without members or rows of its own.
struct PayloadLeaf {
    pointer: String,
    place: Option<FieldPlace>,
    text: String,
}

/// Returns the members of the second payload that differ, in its order, then the members that only the first one has.
pub fn diff_payloads(before: &Form, after: &Form) -> Vec<PayloadChange> {
    let (old, new) = (collect_leaves(before), collect_leaves(after));
    let mut left: BTreeMap<&str, &PayloadLeaf> = old.iter().map(|leaf| (leaf.pointer.as_str(), leaf)).collect();
    let mut changes: Vec<PayloadChange> = Vec::new();
    for leaf in &new {
        match left.remove(leaf.pointer.as_str()) {
            Some(known) if is_same_value(before, known, after, leaf) => {}
            known => changes.push(describe_change(known, Some(leaf))),
        }
    }
    let removed = old.iter().filter(|leaf| left.contains_key(leaf.pointer.as_str()));
    changes.extend(removed.map(|leaf| describe_change(Some(leaf), None)));
    changes
}

fn is_same_value(before: &Form, old: &PayloadLeaf, after: &Form, new: &PayloadLeaf) -> bool {
    let secret = |form: &Form, leaf: &PayloadLeaf| leaf.place.and_then(|at| form.secret(at).cloned());
    old.text == new.text && secret(before, old) == secret(after, new)
}

fn describe_change(old: Option<&PayloadLeaf>, new: Option<&PayloadLeaf>) -> PayloadChange {
    let leaf = new.or(old);
    let shown = |leaf: &PayloadLeaf| if has_card_number(&leaf.text) { MASK.to_owned() } else { leaf.text.clone() };
    PayloadChange {
        pointer: leaf.map(|leaf| leaf.pointer.clone()).unwrap_or_default(),
        field: leaf.and_then(|leaf| leaf.place).map(|at| at.field),
        before: old.map(shown),
        after: new.map(shown),
    }
}

/// Returns every value that the form sends, in its order.
fn collect_leaves(form: &Form) -> Vec<PayloadLeaf> {
    let mut found = Vec::new();
    collect_node_leaves(&payload_tree::build_payload_tree(form), String::new(), &mut found);
    found
}

fn collect_node_leaves(node: &PayloadNode, pointer: String, found: &mut Vec<PayloadLeaf>) {
    match node {
        PayloadNode::Value(at, scalar) => {
            found.push(PayloadLeaf { pointer, place: Some(*at), text: scalar_as_json(scalar) });
        }
        PayloadNode::Foreign(doc) => collect_json_leaves(doc, pointer, found),
        PayloadNode::Object(members) => {
            for (name, node) in members {
                collect_node_leaves(node, json::child_pointer(&pointer, name), found);
            }
        }
        PayloadNode::List(rows) => {
            rows.iter().enumerate().for_each(|(at, row)| collect_node_leaves(row, format!("{pointer}/{at}"), found));
        }
    }
}

fn collect_json_leaves(doc: &JsonNode, pointer: String, found: &mut Vec<PayloadLeaf>) {
    match &doc.value {
        JsonValue::Object(members) if !members.is_empty() => {
            for (name, doc) in members {
                collect_json_leaves(doc, json::child_pointer(&pointer, name), found);
            }
        }
        JsonValue::List(rows) if !rows.is_empty() => {
            rows.iter().enumerate().for_each(|(at, row)| collect_json_leaves(row, format!("{pointer}/{at}"), found));
        }
        _ => found.push(PayloadLeaf { pointer, place: None, text: json_as_text(doc) }),
    }
}

fn scalar_as_json(scalar: &PayloadScalar) -> String {
    match scalar {
        PayloadScalar::Text(text) => {
            let mut out = String::new();
            json::write_quoted(&mut out, text);
            out
        }
        PayloadScalar::Literal(word) => word.clone(),
        PayloadScalar::RawJson(doc) => json_as_text(doc),
        PayloadScalar::Secret => MASK.to_owned(),
    }
}

fn json_as_text(doc: &JsonNode) -> String {
    let mut out = String::new();
    json::write_one_line(&mut out, doc);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::PKIO;
    use rstest::rstest;

    fn form(payload: &str) -> Form {
        Form::parse_payload(PKIO, &json::parse(payload).unwrap()).unwrap().form
    }

    fn change_lines(before: &str, after: &str) -> Vec<String> {
        let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let one =
            |change: &PayloadChange| format!("{} {} {}", change.pointer, word(&change.before), word(&change.after));
        diff_payloads(&form(before), &form(after)).iter().map(one).collect()
    }

    #[rstest]
    #[case::nothing(r#"{"a": 1, "b": [2]}"#, r#"{"b": [2],  "a": 1}"#, &[])]
    #[case::spelling(r#"{"organization": {"id": "5"}}"#, r#"{"organization": {"id": 5}}"#, &[])]
    #[case::value(r#"{"organization": {"id": 5}}"#, r#"{"organization": {"id": 6}}"#, &["/organization/id 5 6"])]
    #[case::kind(r#"{"x": "1"}"#, r#"{"x": 1}"#, &[r#"/x "1" 1"#])]
    #[case::added(r#"{"x": {}}"#, r#"{"x": {"y/z": null}}"#, &["/x/y~1z - null", "/x {} -"])]
    #[case::row(r#"{"x": [1, 2]}"#, r#"{"x": [1]}"#, &["/x/1 2 -"])]
    #[case::card(r#"{"x": "4111111111111111"}"#, r#"{"x": 1}"#, &["/x *** 1"])]
    fn each_changed_member_is_listed(#[case] before: &str, #[case] after: &str, #[case] found: &[&str]) {
        assert_eq!(change_lines(before, after), found);
    }

    #[test]
    fn a_changed_secret_is_listed_without_its_value() {
        let card = |number: &str| format!(r#"{{"payment_method": "card", "credit_card": {{"number": "{number}"}}}}"#);
        let found = change_lines(&card("4111111111111111"), &card("4222222222221111"));
        assert_eq!(found, ["/credit_card/number *** ***"]);
        assert!(change_lines(&card("4111111111111111"), &card("4111111111111111")).is_empty());
    }

    #[test]
    fn a_known_member_is_listed_with_its_field() {
        let changes =
            diff_payloads(&form(r#"{"ship_info": {"zip": "1"}}"#), &form(r#"{"ship_info": {"zip": "2"}, "z": 1}"#));
        let product = PKIO;
        let fields: Vec<_> = changes.iter().map(|change| change.field.map(|id| product[id].id)).collect();
        assert_eq!(fields, [Some("ship.zip"), None]);
    }
}
