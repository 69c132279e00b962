//! Files for a check: whatever they contain, each finding has its place, occurs once, and shows no secret.
//!
//! The input is the bytes of a file. This target does not judge which findings are right, only that they are
//! consistent.

use super::grow::{LONG, SHORT, fuzz, pieces};
use super::payload::PIECES;
use crate::common::walk::{TODAY, product};
use rstest::rstest;
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;
use zegel::domain::AccountData;
use zegel::form::lint::{LintFinding, LintReport, lint_text};
use zegel::form::{Audience, ValidationContext};
use zegel::i18n::{Language, Translations};
use zegel::json::{self, JsonNode, JsonValue};

/// A card number, wherever it occurs by itself.
const CARD: &str = "378282246310005";

/// The members whose values are secrets.
const SECRETS: [&str; 2] = ["/credit_card/number", "/credit_card/cvv"];

/// The codes of findings about something absent.
const ABSENT: [&str; 7] = ["required", "secret_later", "advised", "missing", "missing_object", "consent", "rows"];

const MORE: &[&str] = &[
    "\"3782 8224 6310 005\": 1,",
    "\"378282246310005\"",
    "\"comments\": \"Amex 3782-822463-10005, 09/29\",",
    "\\u0033782822463",
    "\"card\": {\"cvc\": 123},",
    "\"4\\n1\\n1\\n1\"",
    "４１１１",
    "\"cvv\": {\"987\": 1},",
    "\"a/b~\": [{\"\\u0007\": \"\\u0007\"}],",
    "\"contacts\": [{}, {}, 5, null],",
    "\"credit_card\": [",
    "\u{0}",
    "\r\n",
];

/// Returns true if the steps of a pointer lead to a value, in any of the members of the same name.
fn leads(doc: &JsonNode, steps: &[&str]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let name = step.replace("~1", "/").replace("~0", "~");
    match &doc.value {
        JsonValue::List(rows) => {
            step.parse().ok().and_then(|at: usize| rows.get(at)).is_some_and(|row| leads(row, rest))
        }
        JsonValue::Object(members) => members.iter().any(|(known, doc)| **known == name && leads(doc, rest)),
        _ => false,
    }
}

/// Returns true if a place is within the text and splits no character.
fn is_place(bytes: &[u8], place: &Range<usize>) -> bool {
    let fits = place.start <= place.end && place.end <= bytes.len();
    let whole = |text: &str| text.is_char_boundary(place.start) && text.is_char_boundary(place.end);
    fits && str::from_utf8(bytes).map_or(true, whole)
}

fn places(bytes: &[u8], found: &LintReport) {
    let starts = found.findings.iter().map(|finding| finding.span.start);
    assert!(starts.is_sorted(), "in the order of the text");
    assert!(found.secret_spans.windows(2).all(|two| two[0].end <= two[1].start), "{:?}", found.secret_spans);
    let places = found.findings.iter().map(|finding| &finding.span).chain(&found.secret_spans);
    places.for_each(|place| assert!(is_place(bytes, place), "{place:?}"));
    let mut result = BTreeSet::new();
    for finding in &found.findings {
        let once = result.insert((finding.span.start, finding.span.end, finding.code(), &finding.pointer));
        assert!(once, "{finding:?} is told twice");
    }
}

fn pointers(doc: &JsonNode, found: &LintReport) {
    for finding in &found.findings {
        let steps: Vec<&str> = finding.pointer.split('/').skip(1).collect();
        let there = finding.pointer.contains("***") || leads(doc, &steps);
        assert!(there || ABSENT.contains(&finding.code()), "{finding:?} leads nowhere");
        assert!(doc.span.start <= finding.span.start && finding.span.end <= doc.span.end, "{finding:?} is outside");
    }
}

fn is_hidden(found: &LintReport, place: &Range<usize>) -> bool {
    found.secret_spans.iter().any(|secret| secret.start <= place.start && place.end <= secret.end)
}

/// Asserts that every text with the card's number is hidden, also in names, and every value at the place of a secret.
fn hidden(doc: &JsonNode, found: &LintReport, pointer: &str) {
    let secret = SECRETS.iter().any(|secret| pointer.starts_with(secret));
    match &doc.value {
        JsonValue::Text(text) | JsonValue::Number(text) => {
            assert!(!secret && text != CARD || is_hidden(found, &doc.span), "{pointer} is shown");
        }
        JsonValue::List(rows) => rows.iter().for_each(|row| hidden(row, found, &format!("{pointer}/0"))),
        JsonValue::Object(members) => {
            for (name, doc) in members {
                assert!(&**name != CARD || is_hidden(found, &name.span), "a name is shown");
                hidden(doc, found, &format!("{pointer}/{}", name.text));
            }
        }
        JsonValue::Null | JsonValue::Bool(_) => {}
    }
}

/// Asserts that the report of invalid JSON shows no digits that could be a part of a card.
fn digits_hidden(bytes: &[u8], found: &LintReport) {
    let mut start = 0;
    for run in bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        let place = start..start + run.len();
        start = place.end;
        assert!(!run[0].is_ascii_digit() || run.len() < 3 || is_hidden(found, &place), "digits at {place:?}");
    }
}

fn says(finding: &LintFinding, langs: &[Translations]) {
    for lang in langs {
        let output = finding.message(lang);
        assert!(!output.is_empty() && !output.contains(CARD) && !finding.pointer.contains(CARD), "{output}");
    }
}

fn langs() -> &'static [Translations] {
    static LANGS: std::sync::LazyLock<[Translations; 2]> =
        std::sync::LazyLock::new(|| [Language::En, Language::Nl].map(Translations::new));
    &*LANGS
}

fn target(input: &[u8]) -> bool {
    let context = ValidationContext { today: TODAY, known: &AccountData::default(), audience: Audience::Review };
    let found = lint_text(product(), input, &context);
    places(input, &found);
    found.findings.iter().for_each(|finding| says(finding, langs()));
    let doc = str::from_utf8(input).ok().and_then(|source| json::parse(source).ok());
    if let Some(doc) = &doc {
        pointers(doc, &found);
        hidden(doc, &found, "");
    } else {
        digits_hidden(input, &found);
        assert!(found.has_errors() && found.payload.is_none());
    }
    doc.is_some()
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn audits(#[case] time: Duration) {
    fuzz("audit", time, pieces(&[PIECES, MORE].concat()), target);
}
