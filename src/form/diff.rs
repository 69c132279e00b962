//! How two payloads differ, member by member: what was added, taken out, or has another value.
//!
//! It compares what would be sent, so that layout and order do not count. A secret is never told: only that it is
//! another one.

use super::check::shows_card;
use super::payload::{self, Node, Scalar};
use super::{Form, Place};
use crate::json::{self, Doc, Value};
use crate::product::FieldId;
use std::collections::BTreeMap;

/// One member that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it is, as a pointer.
    pub pointer: String,
    /// The field that it is; none where the form does not know it.
    pub field: Option<FieldId>,
    /// What stood there before, as JSON; none where it was added.
    pub before: Option<String>,
    /// What stands there now, as JSON; none where it was taken out.
    pub after: Option<String>,
}

/// What stands for a value that is not told.
const UNTOLD: &str = "***";

/// A value at the end of a path.
struct Leaf {
    pointer: String,
    at: Option<Place>,
    text: String,
}

/// What is otherwise in the second, in its order; what is only in the first comes last.
pub fn diff(before: &Form, after: &Form) -> Vec<Change> {
    let (old, new) = (leaves(before), leaves(after));
    let mut left: BTreeMap<&str, &Leaf> = old.iter().map(|leaf| (leaf.pointer.as_str(), leaf)).collect();
    let mut changes: Vec<Change> = Vec::new();
    for leaf in &new {
        match left.remove(leaf.pointer.as_str()) {
            Some(known) if same(before, known, after, leaf) => {}
            known => changes.push(change(known, Some(leaf))),
        }
    }
    let gone = old.iter().filter(|leaf| left.contains_key(leaf.pointer.as_str()));
    changes.extend(gone.map(|leaf| change(Some(leaf), None)));
    changes
}

fn same(before: &Form, old: &Leaf, after: &Form, new: &Leaf) -> bool {
    let secret = |form: &Form, leaf: &Leaf| leaf.at.and_then(|at| form.secret(at).cloned());
    old.text == new.text && secret(before, old) == secret(after, new)
}

fn change(old: Option<&Leaf>, new: Option<&Leaf>) -> Change {
    let leaf = new.or(old);
    let told = |leaf: &Leaf| if shows_card(&leaf.text) { UNTOLD.to_owned() } else { leaf.text.clone() };
    Change {
        pointer: leaf.map(|leaf| leaf.pointer.clone()).unwrap_or_default(),
        field: leaf.and_then(|leaf| leaf.at).map(|at| at.field),
        before: old.map(told),
        after: new.map(told),
    }
}

/// Every value that the form sends, in its order.
fn leaves(form: &Form) -> Vec<Leaf> {
    let mut found = Vec::new();
    of_node(&payload::tree(form), String::new(), &mut found);
    found
}

fn of_node(node: &Node, pointer: String, found: &mut Vec<Leaf>) {
    match node {
        Node::Value(at, scalar) => found.push(Leaf { pointer, at: Some(*at), text: spelled(scalar) }),
        Node::Foreign(doc) => of_doc(doc, pointer, found),
        Node::Object(members) => {
            for (name, node) in members {
                of_node(node, json::step(&pointer, name), found);
            }
        }
        Node::List(rows) => {
            rows.iter().enumerate().for_each(|(at, row)| of_node(row, format!("{pointer}/{at}"), found));
        }
    }
}

fn of_doc(doc: &Doc, pointer: String, found: &mut Vec<Leaf>) {
    match &doc.value {
        Value::Object(members) if !members.is_empty() => {
            for (name, doc) in members {
                of_doc(doc, json::step(&pointer, name), found);
            }
        }
        Value::List(rows) if !rows.is_empty() => {
            rows.iter().enumerate().for_each(|(at, row)| of_doc(row, format!("{pointer}/{at}"), found));
        }
        _ => found.push(Leaf { pointer, at: None, text: written(doc) }),
    }
}

fn spelled(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Text(text) => {
            let mut out = String::new();
            json::quote(&mut out, text);
            out
        }
        Scalar::Word(word) => word.clone(),
        Scalar::Odd(doc) => written(doc),
        Scalar::Secret => UNTOLD.to_owned(),
    }
}

fn written(doc: &Doc) -> String {
    let mut out = String::new();
    json::write(&mut out, doc);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::pkio;
    use rstest::rstest;

    fn form(payload: &str) -> Form {
        Form::read(pkio().unwrap(), &json::parse(payload).unwrap()).unwrap().form
    }

    fn told(before: &str, after: &str) -> Vec<String> {
        let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let one = |change: &Change| format!("{} {} {}", change.pointer, word(&change.before), word(&change.after));
        diff(&form(before), &form(after)).iter().map(one).collect()
    }

    #[rstest]
    #[case::nothing(r#"{"a": 1, "b": [2]}"#, r#"{"b": [2],  "a": 1}"#, &[])]
    #[case::spelling(r#"{"organization": {"id": "5"}}"#, r#"{"organization": {"id": 5}}"#, &[])]
    #[case::value(r#"{"organization": {"id": 5}}"#, r#"{"organization": {"id": 6}}"#, &["/organization/id 5 6"])]
    #[case::kind(r#"{"x": "1"}"#, r#"{"x": 1}"#, &[r#"/x "1" 1"#])]
    #[case::added(r#"{"x": {}}"#, r#"{"x": {"y/z": null}}"#, &["/x/y~1z - null", "/x {} -"])]
    #[case::row(r#"{"x": [1, 2]}"#, r#"{"x": [1]}"#, &["/x/1 2 -"])]
    #[case::card(r#"{"x": "4111111111111111"}"#, r#"{"x": 1}"#, &["/x *** 1"])]
    fn members_are_told_one_by_one(#[case] before: &str, #[case] after: &str, #[case] found: &[&str]) {
        assert_eq!(told(before, after), found);
    }

    #[test]
    fn of_a_secret_only_that_it_is_another_is_told() {
        let card = |number: &str| format!(r#"{{"payment_method": "card", "credit_card": {{"number": "{number}"}}}}"#);
        let found = told(&card("4111111111111111"), &card("4222222222221111"));
        assert_eq!(found, ["/credit_card/number *** ***"]);
        assert!(told(&card("4111111111111111"), &card("4111111111111111")).is_empty());
    }

    #[test]
    fn a_known_member_says_which_field_it_is() {
        let changes = diff(&form(r#"{"ship_info": {"zip": "1"}}"#), &form(r#"{"ship_info": {"zip": "2"}, "z": 1}"#));
        let product = pkio().unwrap();
        let fields: Vec<_> = changes.iter().map(|change| change.field.map(|id| product[id].id.as_str())).collect();
        assert_eq!(fields, [Some("ship.zip"), None]);
    }
}
