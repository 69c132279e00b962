//! Server responses: the first line of an input is the status, and the rest is the body.
//!
//! Every decoder reads it. This target decides once more, from the JSON alone, what counts as *placed* or *refused*, so
//! that no input makes an order of something else or loses one.

use super::grow::{LONG, SHORT, fuzz, pieces};
use rstest::rstest;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Formatter;
use std::time::Duration;
use zegel::certcentral::decode;
use zegel::domain::{DecodeError, SendResult};
use zegel::order::{Outcome, classify_result};

const PIECES: &[&str] = &[
    "200\n",
    "201\n",
    "204\n",
    "302\n",
    "400\n",
    "403\n",
    "404\n",
    "408\n",
    "429\n",
    "499\n",
    "500\n",
    "0\n",
    "65535\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "{}",
    "[]",
    "[{}]",
    "null",
    "true",
    "false",
    "\"\"",
    "\" \"",
    "\"x\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"Caf\\ud83d\"",
    "\\ud83d",
    "\\ude00",
    "\\uDBFF\\uDFFF",
    "\\\\",
    "\\\"",
    "\"\u{202e}\u{1b}[2J\"",
    "0",
    "-1",
    "1",
    "1.0",
    "1.5",
    "1e3",
    "1e999",
    "-0",
    "\"1\"",
    "\"007\"",
    "\"-1\"",
    "\"+1\"",
    "\" 1\"",
    "\"٥\"",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "99999999999999999999",
    "\"9223372036854775807\"",
    "\u{feff}",
    "<html>",
    "{\"id\": 1}",
    "\"id\": 700001,",
    "\"id\": null,",
    "\"errors\": [{\"code\": \"x\"}],",
    "\"errors\": {\"message\": \"y\"},",
    "\"errors\": [\"city is required\"],",
    "\"errors\": {\"city\": [\"is required\"]},",
    "\"errors\": [],",
    "\"errors\": [{\"code\": \" \"}],",
    "\"description\": \"z\",",
    "\"requests\": [{\"id\": 5, \"status\": \"pending\"}],",
    "\"requests\": {\"id\": 5},",
    "\"organization\": {\"id\": 9, \"name\": \"n\"},",
    "\"page\": {\"total\": 0},",
    "\"orders\": [{\"id\": 1}],",
    "\"users\": [],",
    "\"contacts\": {},",
    "\"order_validity\": {\"years\": 1},",
    "\"allowed_order_validity_years\": [1, 2],",
    "\"is_active\": \"1\",",
    "\"containers\": [{\"id\": 14, \"name\": \"Main\"}],",
    "\"validations\": [{\"type\": \"ov\", \"validated_until\": 7}],",
    "\"profiles\": [{\"is_default\": true, \"credit_card\": {\"shortened_number\": \"************4242\"}}],",
    "\"expiration_year\": \"29\",",
];

/// Returns the status and the body. A first line that is no status gives one by its length.
fn split(input: &[u8]) -> (u16, &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let line = std::str::from_utf8(&input[..end]).unwrap_or_default();
    let status = line.parse().unwrap_or_else(|_| u16::try_from(end % 600).unwrap());
    (status, input.get(end + 1..).unwrap_or_default())
}

/// Runs every decoder, and returns the errors of those that failed.
fn read_all(body: &[u8]) -> Vec<DecodeError> {
    let refused = [
        decode::parse_account(body).err(),
        decode::parse_alternative_orders(body).err(),
        decode::parse_approvers(body).err(),
        decode::parse_balance(body).err(),
        decode::parse_divisions(body).err(),
        decode::parse_current_user(body).err(),
        decode::parse_order(body).err(),
        decode::parse_orders(body).err(),
        decode::parse_organization(body).err(),
        decode::parse_organizations(body).err(),
        decode::parse_product(body).err(),
        decode::parse_payment_profiles(body).err(),
        decode::parse_request(body).err(),
        decode::parse_requests(body).err(),
        decode::parse_user(body).err(),
        decode::parse_users(body).err(),
        decode::parse_validations(body).err(),
    ];
    let _ = decode::parse_requested_validity(body);
    refused.into_iter().flatten().collect()
}

/// Returns the body as an object, if it is one.
fn object(body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    serde_json::from_str::<&RawValue>(text).ok()?;
    value(text, 0).filter(Value::is_object)
}

/// Parses a JSON text at a depth; unpaired surrogates affect only their own texts. The decoders work in another way:
/// this parser returns texts as bytes, with such surrogates in them.
fn value(text: &str, depth: usize) -> Option<Value> {
    let first = text.as_bytes().first()?;
    match first {
        // The decoders refuse this depth.
        b'[' | b'{' if depth == 127 => None,
        b'"' => serde_json::from_str::<Halves>(text).ok().map(|halves| halves.0.into()),
        b'[' => {
            let rows: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            rows.iter().map(|row| value(row.get(), depth + 1)).collect()
        }
        b'{' => {
            let members: BTreeMap<Halves, &RawValue> = serde_json::from_str(text).ok()?;
            let members = members.into_iter().map(|(name, member)| Some((name.0, value(member.get(), depth + 1)?)));
            members.collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
        }
        _ => serde_json::from_str(text).ok(),
    }
}

/// A text with U+FFFD for each unpaired surrogate.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Halves(String);

impl<'de> Deserialize<'de> for Halves {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Halves;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Halves, E> {
                // An unpaired surrogate is three bytes of invalid UTF-8, and nothing else in a text is invalid.
                Ok(Halves(String::from_utf8_lossy(bytes).replace("\u{fffd}\u{fffd}\u{fffd}", "\u{fffd}")))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Returns the id that makes a response an order.
fn id(value: &Value) -> Option<u64> {
    let id = match &value["id"] {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.chars().all(|c| c.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    id.filter(|id| (1..=i64::MAX.unsigned_abs()).contains(id))
}

/// Returns true if there is at least one readable error: a text or an object in a list, an object, or either under the
/// name of its subject.
fn has_errors(value: &Value) -> bool {
    match &value["errors"] {
        Value::String(_) => false,
        Value::Object(about) if !says(&value["errors"]) => about.values().any(any_says),
        errors => any_says(errors),
    }
}

fn any_says(value: &Value) -> bool {
    match value {
        Value::Array(errors) => errors.iter().any(says),
        error => says(error),
    }
}

fn says(error: &Value) -> bool {
    let has_text = |value: &Value| match value {
        Value::String(text) => !text.trim().is_empty(),
        value => value.is_number(),
    };
    match error {
        Value::String(text) => !text.trim().is_empty(),
        error => ["code", "message", "description"].iter().any(|name| has_text(&error[*name])),
    }
}

fn judge(status: u16, body: &[u8]) {
    let value = object(body);
    let outcome = classify_result(SendResult::from_reply(status, body));
    let (report, refuses) = (value.as_ref().and_then(id), value.as_ref().is_some_and(has_errors));
    match (status, report) {
        (200..=299, Some(id)) => assert!(matches!(outcome, Outcome::Placed(placed) if placed.id == id)),
        (400..=407 | 409..=499, _) if refuses => {
            assert!(matches!(outcome, Outcome::Refused(output, errors) if output == status && !errors.is_empty()));
        }
        _ => assert!(matches!(outcome, Outcome::Unknown(_)), "{status} became {outcome:?}"),
    }
}

fn target(input: &[u8]) -> bool {
    let (status, body) = split(input);
    let refused = read_all(body);
    for status in [status, 201, 400] {
        judge(status, body);
    }
    let is_object = object(body).is_some();
    let lacks = |why: &DecodeError| matches!(why, DecodeError::MissingIdOrName | DecodeError::MissingList(_));
    assert!(!is_object || refused.iter().all(lacks), "{refused:?}");
    assert_eq!(
        decode::parse_placed_order(body).map(|placed| placed.id),
        decode::parse_order(body).ok().map(|order| order.id)
    );
    is_object
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn answers(#[case] time: Duration) {
    fuzz("answers", time, pieces(PIECES), target);
}
