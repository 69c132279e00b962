//! Every form can be restored from its draft, no secret gets into one, and no text makes reading one panic.

use super::draft::kept;
use super::{codes, problems, product, read, sent};
use crate::common::payloads::any_payload;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use zegel::form::{FieldPlace, FieldValue, Form, RedactedItem, RestoredDraft};
use zegel::json::JsonNode;
use zegel::product::{GroupId, ValueKind};
use zegel::secret::Secret;

/// An action of a user on a form. Indices are taken modulo the number of choices.
#[derive(Debug, Clone)]
enum Act {
    Type(Index, String),
    Choose(Index, Index),
    Secret(Index, String),
    AddRow,
    RemoveRow(Index),
}

/// Digits that occur in nothing else here.
const SECRET: &str = "97[0-9]{4}79";

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (any::<Index>(), "(?s).{0,12}").prop_map(|(at, text)| Act::Type(at, text)),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(at, option)| Act::Choose(at, option)),
        2 => (any::<Index>(), SECRET).prop_map(|(at, text)| Act::Secret(at, text)),
        1 => Just(Act::AddRow),
        1 => any::<Index>().prop_map(Act::RemoveRow),
    ]
}

/// Generates a form, new or read, after some actions, with the secrets of its payload.
fn any_form() -> impl Strategy<Value = (Form, Vec<String>)> {
    let number = proptest::option::of((SECRET, any::<bool>()));
    let start = prop_oneof![Just(None), any_payload().prop_map(|payload| Some(without_card_numbers(payload)))];
    (start, number, proptest::collection::vec(any_act(), 0..30)).prop_map(|(payload, number, acts)| {
        let mut secrets = Vec::new();
        let mut form = payload.map_or_else(
            || Form::new(product()),
            |payload| {
                let payload = with_card(payload, number.as_ref());
                secrets.extend(number.map(|(number, _)| number));
                read(&payload.to_string()).form
            },
        );
        for act in acts {
            carry_out(&mut form, act, &mut secrets);
        }
        (form, secrets)
    })
}

/// Removes numbers that look like a card number by chance.
fn without_card_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => (number.as_i64().unwrap_or_default() % 100_000).into(),
        Value::Array(rows) => rows.into_iter().map(without_card_numbers).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, without_card_numbers(value))).collect()
        }
        value => value,
    }
}

/// Adds a card: at its place, or where the form does not expect one.
fn with_card(mut payload: Value, number: Option<&(String, bool)>) -> Value {
    if let (Some((number, right)), Some(root)) = (number, payload.as_object_mut()) {
        let name = if *right { "number" } else { "expiry" };
        let others = serde_json::json!({name: number, "cvv": [number], "cardholder_name": number, "pin": number});
        root.insert("credit_card".into(), others);
    }
    payload
}

fn carry_out(form: &mut Form, act: Act, secrets: &mut Vec<String>) {
    let product = form.product();
    let contact = GroupId(product.groups.iter().position(|group| group.many.is_some()).unwrap());
    let among = |form: &Form, wanted: &dyn Fn(&FieldPlace) -> bool, index: Index| {
        let places: Vec<FieldPlace> = groups().flat_map(|group| form.group_places(group)).filter(wanted).collect();
        *index.get(&places)
    };
    let field = |at: &FieldPlace| &product[at.field];
    match act {
        Act::Type(at, text) => {
            let typed = |at: &FieldPlace| {
                !matches!(field(at).kind, ValueKind::Mode(_) | ValueKind::Bool | ValueKind::Consent)
                    && field(at).secret.is_none()
            };
            form.set_text(among(form, &typed, at), &text);
        }
        Act::Choose(at, option) => {
            let at = among(form, &|at| !field(at).options.is_empty(), at);
            form.set_text(at, option.get(field(&at).options).id);
        }
        Act::Secret(at, text) => {
            *form.secret_mut(among(form, &|at| field(at).secret.is_some(), at)) = Secret::from(text.as_str());
            secrets.push(text);
        }
        Act::AddRow => drop(form.add_row(contact)),
        Act::RemoveRow(row) if !form.rows(contact).is_empty() => {
            let row = *row.get(form.rows(contact));
            form.remove_row(contact, row).unwrap();
        }
        Act::RemoveRow(_) => {}
    }
}

fn groups() -> impl Iterator<Item = GroupId> {
    (0..product().groups.len()).map(GroupId)
}

fn is_kept(at: &FieldPlace) -> bool {
    let field = &product()[at.field];
    field.secret.is_none() && field.kind != ValueKind::Consent && product()[field.group].keep
}

/// Returns all values that a draft may store, in order.
fn values(form: &Form) -> Vec<(&'static str, Option<FieldValue>)> {
    let places = groups().flat_map(|group| form.group_places(group)).filter(is_kept);
    places.map(|at| (product()[at.field].id, form.field_value(at).cloned())).collect()
}

/// Enters the withheld values again. Returns true if all of them can be entered.
fn enter_again(back: &mut RestoredDraft, form: &Form) -> bool {
    let mut all = true;
    for withheld in &back.redacted {
        match withheld {
            RedactedItem::Secret(at) => *back.form.secret_mut(*at) = form.secret(*at).unwrap().clone(),
            RedactedItem::Agreement(at) | RedactedItem::Private(at) => match form.field_value(*at) {
                Some(FieldValue::Text(text)) => back.form.set_text(*at, text),
                _ => all = false,
            },
            RedactedItem::Member(_) => all = false,
        }
    }
    all
}

/// Returns what is shown of a form besides its body: its problems and its unknown members.
fn visible_state(form: &Form) -> (Vec<String>, Vec<(String, JsonNode)>) {
    let foreign = form.foreign_members().into_iter().map(|(pointer, doc)| (pointer, doc.clone()));
    (codes(form, &problems(form)), foreign.collect())
}

/// Returns the same without what a draft must not store. An added member follows its neighbors, and a secret may be
/// among them: so without order.
fn visible_state_without_private(form: &Form) -> (Value, Vec<String>, Vec<(String, JsonNode)>) {
    let mut body: Value = serde_json::from_str(form.payload_text().masked_text()).unwrap();
    for name in ["csa_agreed_to", "credit_card"] {
        body.as_object_mut().unwrap().shift_remove(name);
    }
    let (mut faults, mut foreign) = visible_state(form);
    faults.retain(|code| !["card.", "order.csa", "/credit_card"].iter().any(|out| code.starts_with(out)));
    foreign.retain(|(pointer, _)| !pointer.starts_with("/credit_card"));
    (body, faults, foreign)
}

/// Generates a draft with changed, removed or repeated bytes.
fn any_damage() -> impl Strategy<Value = String> {
    let damage = (any::<Index>(), 0..40usize, prop_oneof![any::<String>(), "[\\[\\]{}\",:0-9a-z]{0,4}"]);
    (any_form(), proptest::collection::vec(damage, 1..4)).prop_map(|((form, _), damages)| {
        let mut text: Vec<char> = form.to_draft().chars().collect();
        for (at, length, put) in damages {
            let at = at.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.splice(at..end, put.chars());
        }
        text.into_iter().collect()
    })
}

/// Generates a draft in which one part has the value of another, so that it is still JSON.
fn any_swap() -> impl Strategy<Value = String> {
    (any_form(), any::<Index>(), any::<Index>()).prop_map(|((form, _), from, to)| {
        let mut draft: Value = serde_json::from_str(&form.to_draft()).unwrap();
        let mut pointers = Vec::new();
        collect(&draft, "", &mut pointers);
        let value = draft.pointer(&pointers[from.index(pointers.len())]).unwrap().clone();
        *draft.pointer_mut(&pointers[to.index(pointers.len())]).unwrap() = value;
        draft.to_string()
    })
}

fn collect(value: &Value, path: &str, pointers: &mut Vec<String>) {
    pointers.push(path.to_owned());
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                collect(value, &format!("{path}/{}", escaped(name)), pointers);
            }
        }
        Value::Array(rows) => {
            for (index, value) in rows.iter().enumerate() {
                collect(value, &format!("{path}/{index}"), pointers);
            }
        }
        _ => {}
    }
}

/// Reads any text as a draft. If a form results, it must be usable and stored unchanged.
fn assert_usable(text: &str) -> Result<(), TestCaseError> {
    let Ok(back) = Form::from_draft(product(), text) else { return Ok(()) };
    let body = back.form.payload_text();
    prop_assert!(zegel::json::parse(body.masked_text()).is_ok(), "{}", body.masked_text());
    prop_assert!(!body.masked_text().contains("\"csa_agreed_to\""));
    prop_assert!(!back.form.has_secrets());
    problems(&back.form);
    let written = back.form.to_draft();
    prop_assert_eq!(kept(&written).form.to_draft(), written);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_form_is_restored_from_its_draft((form, secrets) in any_form()) {
        let draft = form.to_draft();
        for secret in &secrets {
            prop_assert!(!draft.contains(secret.as_str()), "{} in {}", secret, draft);
        }
        let mut back = kept(&draft);
        prop_assert_eq!(&back.lost_values, &vec![]);
        prop_assert_eq!(values(&back.form), values(&form));
        prop_assert_eq!(visible_state_without_private(&back.form), visible_state_without_private(&form));
        prop_assert_eq!(back.form.to_draft(), draft.as_str());
        if enter_again(&mut back, &form) {
            prop_assert_eq!(sent(&back.form), sent(&form));
            prop_assert_eq!(visible_state(&back.form), visible_state(&form));
            prop_assert_eq!(back.form.to_draft(), draft);
        }
    }

    #[test]
    fn no_text_causes_a_panic(text in any::<String>()) {
        assert_usable(&text)?;
    }

    #[test]
    fn no_damage_causes_a_panic(text in any_damage()) {
        assert_usable(&text)?;
    }

    #[test]
    fn no_misplaced_value_causes_a_panic(text in any_swap()) {
        assert_usable(&text)?;
    }
}
