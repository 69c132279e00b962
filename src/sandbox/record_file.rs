//! The record of the order bodies that arrived: one JSON line each, with the secrets of a card left out, wherever in a body
//! they stand.
//!
//! It works on the raw text and not on what was understood of it, so a line shows what a client really sent. What it
//! cannot read it does not write, since a secret may stand anywhere in it.

use crate::json::{self, JsonNode, JsonValue};
use crate::redact::has_encoded_card_number;
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

/// What the names of members say whose values are left out, whatever is in them.
const SECURITY_CODE_NAMES: [&str; 2] = ["cvv", "cvc"];

/// The name of a member that is left out where it is all there is to the card.
const CARD_MEMBER: &str = "creditcard";

/// What stands in place of a name that shows a card number.
const MASKED_NAME: &str = "\"***\"";

/// A file that takes one line for each order body that arrived.
#[derive(Debug)]
pub(super) struct RecordFile(File);

impl RecordFile {
    /// Opens the file to append to it. Where it is made, the person alone may read it.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(Self)
    }

    /// Writes the line of one body. `length` is what arrived of it, which can be more than was kept.
    ///
    /// # Errors
    /// Where the line cannot be written.
    pub(super) fn append_body(&mut self, path: &str, body: &[u8], length: usize) -> io::Result<()> {
        let whole = body.len() == length;
        let path = if has_encoded_card_number(path) { "***" } else { path };
        let line = match mask_secrets(body).filter(|_| whole) {
            Some(body) => json!({ "path": path, "body": body }),
            None => json!({ "path": path, "unreadable_bytes": length }),
        };
        self.0.write_all(format!("{line}\n").as_bytes())?;
        self.0.flush()
    }
}

/// The body as it came, but with the length of each secret value in the value's place. `None` where it is not JSON.
fn mask_secrets(body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let doc = json::parse(body).ok()?;
    let mut secrets = Vec::new();
    collect_secrets(&doc, body, &mut secrets);
    let mut out = String::with_capacity(body.len());
    let mut from = 0;
    for (at, instead) in secrets {
        out.push_str(&body[from..at.start]);
        out.push_str(&instead);
        from = at.end;
    }
    out.push_str(&body[from..]);
    Some(out)
}

/// Collects the places of what is secret in their order, each with what is written instead.
fn collect_secrets(doc: &JsonNode, body: &str, secrets: &mut Vec<(Range<usize>, String)>) {
    match &doc.value {
        JsonValue::Object(members) => {
            for (name, member) in members {
                if has_encoded_card_number(name) {
                    secrets.push((name.span.clone(), MASKED_NAME.to_owned()));
                }
                if is_secret_member(name, member) {
                    secrets.push((member.span.clone(), value_length(member, body)));
                } else {
                    collect_secrets(member, body, secrets);
                }
            }
        }
        JsonValue::List(rows) if is_split_card(rows) => secrets.push((doc.span.clone(), value_length(doc, body))),
        JsonValue::List(rows) => rows.iter().for_each(|row| collect_secrets(row, body, secrets)),
        JsonValue::Text(text) if has_encoded_card_number(text) => {
            secrets.push((doc.span.clone(), value_length(doc, body)))
        }
        JsonValue::Number(digits) if is_card_number(digits) => {
            secrets.push((doc.span.clone(), value_length(doc, body)))
        }
        _ => {}
    }
}

/// Whether a member is a secret by its name, however that is spelled.
fn is_secret_member(name: &str, member: &JsonNode) -> bool {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_number = letters == "number" || letters.ends_with("cardnumber");
    let is_whole_card = letters == CARD_MEMBER
        && matches!(member.value, JsonValue::Text(_) | JsonValue::Number(_) | JsonValue::List(_));
    is_number || is_whole_card || SECURITY_CODE_NAMES.iter().any(|part| letters.contains(part))
}

/// Whether the parts of a list are a card number together.
fn is_split_card(rows: &[JsonNode]) -> bool {
    let parts: Option<Vec<&str>> = rows
        .iter()
        .map(|row| match &row.value {
            JsonValue::Text(text) | JsonValue::Number(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    parts.is_some_and(|parts| has_encoded_card_number(&parts.join(" ")) || has_encoded_card_number(&parts.concat()))
}

/// Whether a number is that of a card, also as `4.1e15` and `4111111111111111.0`.
fn is_card_number(number: &str) -> bool {
    has_encoded_card_number(number)
        || number.parse::<f64>().is_ok_and(|number| number < 1e19 && has_encoded_card_number(&format!("{number:.0}")))
}

fn value_length(doc: &JsonNode, body: &str) -> String {
    let length = match &doc.value {
        JsonValue::Text(text) => text.chars().count(),
        _ => body[doc.span.clone()].chars().count(),
    };
    length.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("{ \"number\" : \"4111\" }", "{ \"number\" : 4 }")]
    #[case("{\"n\\u0075mber\":\"41\\u0031é\",\"cvv\":123}", "{\"n\\u0075mber\":4,\"cvv\":3}")]
    #[case("{\"number\":\"1\",\"number\":\"22\"}", "{\"number\":1,\"number\":2}")]
    #[case("[[{\"cvv\":{\"number\":\"1\"}}],{\"cvv\":null}]", "[[{\"cvv\":14}],{\"cvv\":4}]")]
    #[case("{\"x\":[{\"cvv\":[1, 2]}],\"Number\":1}", "{\"x\":[{\"cvv\":6}],\"Number\":1}")]
    #[case("{\"Number\":\"4111 11\",\"NUMBER\":123}", "{\"Number\":7,\"NUMBER\":3}")]
    #[case(
        "{\"CVV\":\"123\",\"card_cvc\":12,\"CVC2\":null,\"card-Cvv-2\":{\"a\":1}}",
        "{\"CVV\":3,\"card_cvc\":2,\"CVC2\":4,\"card-Cvv-2\":7}"
    )]
    #[case("{\"card_number\":\"x\",\"creditCardNumber\":[1]}", "{\"card_number\":1,\"creditCardNumber\":3}")]
    #[case(
        "{\"credit_card\":\"4111 12/29 123\",\"pay\":{\"creditCard\":12}}",
        "{\"credit_card\":14,\"pay\":{\"creditCard\":2}}"
    )]
    #[case(
        "{\"credit_card\":{\"pan\":\"4111111111111111\",\"holder\":\"A\"}}",
        "{\"credit_card\":{\"pan\":16,\"holder\":\"A\"}}"
    )]
    #[case(
        "{\"a\":[{\"b\":{\"c\":\"4111 1111 1111 1111\"}}],\"d\":\"pay 4111-1111-1111-1111!\"}",
        "{\"a\":[{\"b\":{\"c\":19}}],\"d\":24}"
    )]
    #[case("{\"4111111111111111\":{\"4111-1111-1111-1111\":true}}", "{\"***\":{\"***\":true}}")]
    #[case(
        "{\"x\":4111111111111111,\"y\":4111111111111111.0,\"z\":4.111111111111111e15}",
        "{\"x\":16,\"y\":18,\"z\":20}"
    )]
    #[case("{\"x\":[\"4111\",\"1111\",1111,\"1111\"],\"y\":[1,2]}", "{\"x\":27,\"y\":[1,2]}")]
    #[case("{\"x\":\"\\u0034111111111111111\",\"\\u0034111111111111111\":1}", "{\"x\":16,\"***\":1}")]
    #[case(
        "{\"x\":\"4111111111111112\",\"telephone\":\"+31 20 555 0100\"}",
        "{\"x\":\"4111111111111112\",\"telephone\":\"+31 20 555 0100\"}"
    )]
    #[case("\"4111111111111111\"", "16")]
    #[case("\u{feff}{\"é\":\"🙂\",\"cvv\":\"🙂\"}", "\u{feff}{\"é\":\"🙂\",\"cvv\":1}")]
    #[case(
        " {\"phone_number\" : 1.0e2,\n\t\"zip\":\"1015 AA\" }\r\n",
        " {\"phone_number\" : 1.0e2,\n\t\"zip\":\"1015 AA\" }\r\n"
    )]
    fn only_the_secret_values_change(#[case] body: &str, #[case] expected: &str) {
        assert_eq!(mask_secrets(body.as_bytes()).as_deref(), Some(expected));
    }

    #[rstest]
    #[case(b"")]
    #[case(b"{\"cvv\":\"12")]
    #[case(b"{\"cvv\":\"\xff\"}")]
    #[case(b"{cvv: 123}")]
    fn what_is_not_json_is_not_shown(#[case] body: &[u8]) {
        assert_eq!(mask_secrets(body), None);
    }

    #[test]
    fn a_body_nested_beyond_reason_is_not_shown() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(mask_secrets(deep(100).as_bytes()).is_some());
        assert_eq!(mask_secrets(deep(500_000).as_bytes()), None);
    }
}
