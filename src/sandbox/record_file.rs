//! Record file: one JSON line for each order body that arrived, with all card secrets masked, wherever they are in it.
//!
//! The module masks the raw text, not parsed values, so a line shows exactly what a client sent. It does not write a
//! body that it cannot parse, because such a body may contain a secret anywhere.

use crate::json::{self, JsonNode, JsonValue};
use crate::redact::has_encoded_card_number;
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

/// A member whose name contains one of these is masked, whatever its value is.
const SECURITY_CODE_NAMES: [&str; 2] = ["cvv", "cvc"];

/// A member of this name is masked if its value is a text, a number or a list: then the value is the whole card.
const CARD_MEMBER: &str = "creditcard";

/// Replaces a member name that contains a card number.
const MASKED_NAME: &str = "\"***\"";

#[derive(Debug)]
pub(super) struct RecordFile(File);

impl RecordFile {
    /// Opens the file for appending. If the file is new, only the person may read it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(Self)
    }

    /// Writes the line of one body. `length` is the number of bytes that arrived, which can exceed the bytes in `body`.
    ///
    /// # Errors
    /// The line cannot be written.
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

/// Returns the body with each secret value replaced by its length. `None` if the body is not JSON.
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

/// Collects the positions of all secrets, in their order, each with its replacement.
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
            secrets.push((doc.span.clone(), value_length(doc, body)));
        }
        JsonValue::Number(digits) if is_card_number(digits) => {
            secrets.push((doc.span.clone(), value_length(doc, body)));
        }
        _ => {}
    }
}

/// Returns true if the name of a member says that it is a secret. Case and punctuation do not count.
fn is_secret_member(name: &str, member: &JsonNode) -> bool {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_number = letters == "number" || letters.ends_with("cardnumber");
    let is_whole_card = letters == CARD_MEMBER
        && matches!(member.value, JsonValue::Text(_) | JsonValue::Number(_) | JsonValue::List(_));
    is_number || is_whole_card || SECURITY_CODE_NAMES.iter().any(|part| letters.contains(part))
}

/// Returns true if the items of a list form a card number together.
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

/// Returns true if the number is a card number, also if written as `4.1e15` or `4111111111111111.0`.
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
    fn only_secret_values_are_masked_in_the_record(#[case] body: &str, #[case] expected: &str) {
        assert_eq!(mask_secrets(body.as_bytes()).as_deref(), Some(expected));
    }

    #[rstest]
    #[case(b"")]
    #[case(b"{\"cvv\":\"12")]
    #[case(b"{\"cvv\":\"\xff\"}")]
    #[case(b"{cvv: 123}")]
    fn a_body_that_is_no_json_is_not_recorded(#[case] body: &[u8]) {
        assert_eq!(mask_secrets(body), None);
    }

    #[test]
    fn a_too_deeply_nested_body_is_not_recorded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(mask_secrets(deep(100).as_bytes()).is_some());
        assert_eq!(mask_secrets(deep(500_000).as_bytes()), None);
    }
}
