//! Where in a text secrets stand, or may stand: what nobody is to see when a part of it is shown.
//!
//! Rather too much than too little: it costs a reader a few digits of an excerpt, and nothing else. Whether somebody
//! is warned of card data is not decided here.

use crate::json::{JsonNode, JsonValue};
use crate::product::{FieldId, Product};
use std::ops::Range;

/// From so many digits on a text may be something secret, or a part of it: a CVV has three.
const MIN_SECRET_DIGITS: usize = 3;

/// Digits with no more bytes between them belong together. As many stand between two that are escaped.
const MAX_DIGIT_GAP: usize = 4;

/// Words by which card data goes where zegel's own names for it are not used; small letters alone.
const CARD_WORDS: &[&str] = &["card", "kaart", "cvc", "csc", "security"];

/// Where texts, numbers, and names with digits stand, in order.
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

/// Where digits stand that may be a part of something secret, in a text of which nothing else is known.
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

/// The digits of all scripts.
fn each_digit_span(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let from = start;
        start += chunk.valid().len() + chunk.invalid().len();
        let digits = chunk.valid().char_indices().filter(|(_, c)| c.is_numeric());
        digits.map(move |(at, c)| from + at..from + at + c.len_utf8())
    })
}

/// Whether a text may be something secret where secrets belong.
pub(super) fn can_be_secret(doc: &JsonNode) -> bool {
    matches!(&doc.value, JsonValue::Text(text) | JsonValue::Number(text) if has_secret_digits(text))
}

/// Whether there are so many digits in a text that it may be a secret or a part of one.
pub(super) fn has_secret_digits(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).nth(MIN_SECRET_DIGITS - 1).is_some()
}

/// Whether what stands behind a name that the form does not know may be a secret.
pub(super) fn is_secret_name(product: &Product, name: &str) -> bool {
    let of_secret = |id: FieldId| product[id].secret.and(product[id].at.as_deref());
    let folded = name.to_lowercase();
    let mut words = product.field_ids().filter_map(of_secret).chain(CARD_WORDS.iter().copied());
    words.any(|word| folded.contains(word))
}
