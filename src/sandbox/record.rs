//! The record of the order bodies that arrived: one JSON line each, with the secrets of a card left out.
//!
//! It works on the raw text and not on what was understood of it, so a line shows what a client really sent. What it
//! cannot read it does not write, since a secret may stand anywhere in it.

use crate::json::{self, Doc};
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

/// The members whose values are left out, wherever they stand.
const SECRET: [&str; 2] = ["number", "cvv"];

/// A file that takes one line for each order body that arrived.
#[derive(Debug)]
pub(super) struct Record(File);

impl Record {
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
    pub(super) fn write(&mut self, path: &str, body: &[u8], length: usize) -> io::Result<()> {
        let whole = body.len() == length;
        let line = match masked(body).filter(|_| whole) {
            Some(body) => json!({ "path": path, "body": body }),
            None => json!({ "path": path, "unreadable_bytes": length }),
        };
        self.0.write_all(format!("{line}\n").as_bytes())?;
        self.0.flush()
    }
}

/// The body as it came, but with the length of each secret value in the value's place. `None` where it is not JSON.
fn masked(body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let doc = json::parse(body).ok()?;
    let mut secrets = Vec::new();
    find(&doc, body, &mut secrets);
    let mut out = String::with_capacity(body.len());
    let mut from = 0;
    for (at, length) in secrets {
        out.push_str(&body[from..at.start]);
        out.push_str(&length.to_string());
        from = at.end;
    }
    out.push_str(&body[from..]);
    Some(out)
}

/// Collects the places of secret values in their order, each with its length in characters.
fn find(doc: &Doc, body: &str, secrets: &mut Vec<(Range<usize>, usize)>) {
    match &doc.value {
        json::Value::Object(members) => {
            for (name, member) in members {
                if SECRET.contains(&&**name) {
                    secrets.push((member.at.clone(), length(member, body)));
                } else {
                    find(member, body, secrets);
                }
            }
        }
        json::Value::List(rows) => rows.iter().for_each(|row| find(row, body, secrets)),
        _ => {}
    }
}

fn length(doc: &Doc, body: &str) -> usize {
    match &doc.value {
        json::Value::Text(text) => text.chars().count(),
        _ => body[doc.at.clone()].chars().count(),
    }
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
    #[case("\u{feff}{\"é\":\"🙂\",\"cvv\":\"🙂\"}", "\u{feff}{\"é\":\"🙂\",\"cvv\":1}")]
    #[case(
        " {\"phone_number\" : 1.0e2,\n\t\"zip\":\"1015 AA\" }\r\n",
        " {\"phone_number\" : 1.0e2,\n\t\"zip\":\"1015 AA\" }\r\n"
    )]
    fn only_the_secret_values_change(#[case] body: &str, #[case] expected: &str) {
        assert_eq!(masked(body.as_bytes()).as_deref(), Some(expected));
    }

    #[rstest]
    #[case(b"")]
    #[case(b"{\"cvv\":\"12")]
    #[case(b"{\"cvv\":\"\xff\"}")]
    #[case(b"{cvv: 123}")]
    fn what_is_not_json_is_not_shown(#[case] body: &[u8]) {
        assert_eq!(masked(body), None);
    }

    #[test]
    fn a_body_nested_beyond_reason_is_not_shown() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(masked(deep(100).as_bytes()).is_some());
        assert_eq!(masked(deep(500_000).as_bytes()), None);
    }
}
