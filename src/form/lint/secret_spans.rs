//! The places of a text that contain, or may contain, secrets: they are hidden when a part of the text is shown.
//!
//! It hides too much rather than too little: this costs a reader only a few digits of an excerpt. It does not decide
//! whether the person is warned of card data.

use crate::json::{JsonNode, JsonValue};
use crate::product::{FieldId, Product};
use std::ops::Range;

/// A text with at least this many digits may be a secret or a part of one: a CVV has three.
const MIN_SECRET_DIGITS: usize = 3;

/// Digits with at most this many bytes between them belong together. Escaped digits such as `\uff11\uff12` have as
/// many bytes between them.
const MAX_DIGIT_GAP: usize = 4;

/// Words in the names of card data where other names than zegel's are used; lower case only.
const CARD_WORDS: &[&str] = &["card", "kaart", "cvc", "csc", "security"];

/// Returns the spans of texts, numbers, and names with digits, in order.
pub(super) fn value_spans(doc: &JsonNode) -> Vec<Range<usize>> {
    match &doc.value {
        JsonValue::Text(_) | JsonValue::Number(_) => vec![doc.span.clone()],
        JsonValue::List(rows) => rows.iter().flat_map(value_spans).collect(),
        JsonValue::Object(members) => {
            let named = |name: &str, at: &Range<usize>| has_secret_digits(name).then(|| at.clone());
            members.iter().flat_map(|(name, doc)| named(name, &name.span).into_iter().chain(value_spans(doc))).collect()
        }
        JsonValue::Null | JsonValue::Bool(_) => Vec::new(),
    }
}

/// Returns the spans of digits that may be a part of a secret, in a text of which nothing else is known.
pub(super) fn digit_spans(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut groups: Vec<(Range<usize>, usize)> = Vec::new();
    for at in each_digit_span(bytes) {
        match groups.last_mut() {
            Some((group, count)) if at.start - group.end <= MAX_DIGIT_GAP => {
                group.end = at.end;
                *count += 1;
            }
            _ => groups.push((at, 1)),
        }
    }
    groups.into_iter().filter(|(_, count)| *count >= MIN_SECRET_DIGITS).map(|(group, _)| group).collect()
}

/// Returns the spans of the digits of all scripts.
fn each_digit_span(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let from = start;
        start += chunk.valid().len() + chunk.invalid().len();
        let digits = chunk.valid().char_indices().filter(|(_, c)| c.is_numeric());
        digits.map(move |(at, c)| from + at..from + at + c.len_utf8())
    })
}

/// Returns true if a value may be a secret, at a place where secrets belong.
pub(super) fn can_be_secret(doc: &JsonNode) -> bool {
    matches!(&doc.value, JsonValue::Text(text) | JsonValue::Number(text) if has_secret_digits(text))
}

/// Returns true if a text has enough digits to be a secret or a part of one.
pub(super) fn has_secret_digits(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).nth(MIN_SECRET_DIGITS - 1).is_some()
}

/// Returns true if the value of an unknown member with this name may be a secret.
pub(super) fn is_secret_name(product: &Product, name: &str) -> bool {
    let of_secret = |id: FieldId| product[id].secret.and(product[id].at);
    let folded = name.to_lowercase();
    let mut words = product.field_ids().filter_map(of_secret).chain(CARD_WORDS.iter().copied());
    words.any(|word| folded.contains(word))
}
