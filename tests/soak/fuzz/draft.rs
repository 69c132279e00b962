//! Drafts that are damaged or written by another program: read or refused, and without a secret in the result.
//!
//! The input is the text of a draft. A draft that was read and written stays the same when it is read and written
//! again.

use super::grow::{LONG, SHORT, fuzz, pieces};
use crate::common::walk::{TODAY, product};
use rstest::rstest;
use serde_json::Value;
use std::time::Duration;
use zegel::domain::AccountData;
use zegel::form::{Audience, Form, ValidationContext};
use zegel::json;
use zegel::product::ValueKind;

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "{}",
    "[]",
    "null",
    "true",
    "1",
    "0",
    "2",
    "\"\"",
    "\"x\"",
    "\"version\": 1,",
    "\"version\": 9,",
    "\"product\":",
    "\"pkio_qualified_organisation_services\"",
    "\"values\":",
    "\"lists\":",
    "\"payload\":",
    "\"text\":",
    "\"odd\":",
    "\"conflicts\":",
    "\"withheld\":",
    "\"withheld_members\":",
    "\"contact\":",
    "\"org\":",
    "\"org.how\": \"new\",",
    "\"org.id\": \"900001\",",
    "\"org.name\": \"Gemeente\",",
    "\"order.csa\": \"true\",",
    "\"card.number\": \"9786123412341279\",",
    "\"card.cvv\": \"97861279\",",
    "\"card.holder\": \"Anna\",",
    "\"pay.method\": \"card\",",
    "\"contact.how\": \"new\",",
    "\"contact.person\": \"800001\",",
    "\"nobody.knows\": \"x\",",
    "\"card.number\": \"\\\"9786123412341279\\\"\",",
    "\"credit_card\": \"{\\\"number\\\": \\\"9786123412341279\\\"}\",",
    "\"csa_agreed_to\":",
    "\"held\"",
    "\"list\"",
    "{\"object\": {}}",
    "{\"foreign\": \"[1]\"}",
    "{\"foreign\": \"\"}",
    "{\"foreign\": \"{\"}",
];

/// The card number of these drafts. In a field that is no secret it is not one.
const SECRET: &str = "9786123412341279";

/// Returns the values of a draft: of the form, and of the rows of its lists.
fn values(draft: &Value) -> Vec<&Value> {
    let lists = draft["lists"].as_object().unwrap().values();
    let rows = lists.flat_map(|rows| rows.as_array().unwrap()).map(|row| &row["values"]);
    std::iter::once(&draft["values"]).chain(rows).collect()
}

/// Asserts that there is no value of a secret field or of the agreement anywhere.
fn keeps_nothing_secret(draft: &str) {
    let secret = |id: &str| {
        let field = product().find_field(id).map(|field| &product()[field]);
        field.is_some_and(|field| field.secret.is_some() || field.kind == ValueKind::Consent)
    };
    let parsed: Value = serde_json::from_str(draft).unwrap();
    for values in values(&parsed) {
        let held = ["text", "odd"].iter().filter_map(|kind| values[*kind].as_object()).flatten();
        let out: Vec<_> = held.filter(|(id, _)| secret(id)).collect();
        assert!(out.is_empty(), "{out:?} in {draft}");
    }
}

fn target(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let Ok(kept) = Form::from_draft(product(), &text) else { return false };
    let form = &kept.form;
    form.find_problems(&ValidationContext { today: TODAY, known: &AccountData::default(), audience: Audience::Wizard });
    assert!(!form.has_secrets() && !form.payload_text().masked_text().contains("\"csa_agreed_to\""));
    json::parse(form.payload_text().masked_text()).unwrap();
    let secrets = |id: &str| product().find_field(id).is_some_and(|field| product()[field].secret.is_some());
    for lost in &kept.lost_values {
        assert!(!secrets(&lost.id) || !lost.text.contains(SECRET), "{lost:?} is told on the screen");
    }
    let written = form.to_draft();
    keeps_nothing_secret(&written);
    let again = Form::from_draft(product(), &written).unwrap();
    assert_eq!(again.lost_values, []);
    assert_eq!(again.form.to_draft(), written);
    assert_eq!(again.form.payload_text(), form.payload_text());
    true
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn draft(#[case] time: Duration) {
    fuzz("draft", time, pieces(PIECES), target);
}
