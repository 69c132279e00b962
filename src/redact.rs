//! Redaction: masks secrets and card numbers in texts from elsewhere, in any encoding.
//!
//! A server, or a proxy before it, may repeat what it was sent. So no part of a reply is shown, printed or stored
//! before it is redacted here: the API key of the account and the card of the order are known, and any other number
//! is checked for being a card number. Network and JSON do not belong here.

mod card_numbers;
mod decode;

pub use card_numbers::{has_encoded_card_number, is_card_number};

use crate::text;
use decode::DecodedLayer;
use memchr::memmem;
use std::ops::Range;
use zeroize::Zeroizing;

/// The mask of a secret.
const MASK: &str = "***";

/// The most characters of a reply that are shown.
pub const MAX_SHOWN_CHARS: usize = 500;

/// The most characters that are scanned: the shown text comes from within these.
const MAX_SCANNED_CHARS: usize = 8192;

/// The maximum length, in any encoding, of a secret that is cut at the end of the window.
const CUT_MARGIN: usize = 4096;

/// This many consecutive characters of a key, or digits of a card number, are as sensitive as the whole.
const MIN_PART_LENGTH: usize = 8;

/// The secrets of one exchange with the server.
#[derive(Default)]
pub struct Redactor {
    key: Zeroizing<Vec<u8>>,
    /// The number of the card, only its digits.
    card_number: Zeroizing<Vec<u8>>,
    cvv: Zeroizing<Vec<u8>>,
}

impl Redactor {
    /// Creates a redactor for the API key, and for the number and the CVV of the card if the order has one.
    pub fn new(key: &str, card: Option<(&str, &str)>) -> Self {
        let (number, cvv) = card.unwrap_or_default();
        let digits = |text: &str| Zeroizing::new(text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>());
        Self {
            key: Zeroizing::new(key.to_ascii_lowercase().into_bytes()),
            card_number: digits(number),
            cvv: digits(cvv),
        }
    }

    /// Redacts a text for showing, printing and storing: it is cleaned, each secret is masked, and then it is cut to
    /// its length, so that no secret is cut in half.
    pub fn redact_excerpt(&self, words: &str) -> String {
        self.mask_prefix(&clean_text(words), MAX_SHOWN_CHARS)
    }

    /// Masks the secrets of a text; `None` if nothing had to change. A very long text is cut.
    pub fn mask_secrets(&self, text: &str) -> Option<String> {
        let is_long = text.len() > MAX_SCANNED_CHARS;
        (is_long || !self.find_secrets(text).is_empty()).then(|| self.mask_prefix(text, MAX_SCANNED_CHARS))
    }

    /// Returns the first characters of a text, with the secrets in it masked.
    fn mask_prefix(&self, text: &str, most: usize) -> String {
        let end = text.char_indices().nth(MAX_SCANNED_CHARS).map_or(text.len(), |(at, _)| at);
        let (window, is_cut) = (&text[..end], end < text.len());
        // A secret that begins later may end beyond the window.
        let last = if is_cut { window.char_indices().rev().nth(CUT_MARGIN).map_or(0, |(at, _)| at) } else { end };
        let (mut out, mut at) = (String::new(), 0);
        for secret in self.find_secrets(window) {
            out.push_str(&window[at..secret.start.min(last).max(at)]);
            at = at.max(secret.end);
            if secret.start < last {
                out.push_str(MASK);
            }
        }
        out.push_str(&window[at.min(last)..last]);
        if is_cut || out.chars().nth(most).is_some() {
            let end = out.char_indices().nth(most - 1).map_or(out.len(), |(at, _)| at);
            out.truncate(end);
            out.push('…');
        }
        out
    }

    /// Returns the spans of the secrets, sorted and without overlap.
    fn find_secrets(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for layer in decode::decode_layers(text) {
            self.find_secrets_in_layer(&layer, &mut found);
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in found {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }

    fn find_secrets_in_layer(&self, layer: &DecodedLayer, found: &mut Vec<Range<usize>>) {
        let small = Zeroizing::new(layer.bytes.to_ascii_lowercase());
        for part in secret_parts(&self.key) {
            found.extend(memmem::find_iter(&small, part).map(|at| layer.source_range(at..at + part.len())));
        }
        if !self.cvv.is_empty() {
            found.extend(
                memmem::find_iter(&layer.bytes, &*self.cvv).map(|at| layer.source_range(at..at + self.cvv.len())),
            );
        }
        let own = card_numbers::find_in_digit_runs(&layer.bytes, |digits| find_number_parts(digits, &self.card_number));
        let numbers = own.into_iter().chain(card_numbers::find_card_numbers(&layer.bytes));
        found.extend(numbers.map(|range| layer.source_range(range)));
    }
}

/// Returns the parts of a secret that are as sensitive as the whole; the whole secret if it is short.
fn secret_parts(secret: &[u8]) -> impl Iterator<Item = &[u8]> {
    let length = secret.len().min(MIN_PART_LENGTH);
    secret.windows(length.max(1)).filter(move |_| length > 0)
}

/// Returns the spans of a card number in a row of digits, whole or in part.
fn find_number_parts(digits: &[u8], number: &[u8]) -> Vec<Range<usize>> {
    secret_parts(number).flat_map(|part| memmem::find_iter(digits, part).map(|at| at..at + part.len())).collect()
}

/// Cleans a text: removes terminal sequences and invisible characters, and collapses white space into single spaces.
fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_SCANNED_CHARS));
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' | '\u{9b}' | '\u{9d}' | '\u{90}' | '\u{98}' | '\u{9e}' | '\u{9f}' => {
                skip_escape_sequence(c, &mut rest);
            }
            c if c.is_whitespace() && !out.ends_with(' ') && !out.is_empty() => out.push(' '),
            c if c.is_whitespace() || text::is_hidden(c) => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Skips an escape sequence or a control string that began with this character.
fn skip_escape_sequence(first: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let kind = match first {
        '\u{1b}' => rest.next_if(|c| ('\u{20}'..='\u{7e}').contains(c)),
        '\u{9b}' => Some('['),
        _ => Some(']'),
    };
    match kind {
        Some('[') => {
            while rest.next_if(|c| ('\u{20}'..='\u{3f}').contains(c)).is_some() {}
            rest.next_if(|c| ('\u{40}'..='\u{7e}').contains(c));
        }
        // A control string ends with its terminator. Without a terminator it is ordinary text.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            let mut ahead = rest.clone();
            let ends = |c: &char| matches!(c, '\u{7}' | '\u{1b}' | '\u{9c}');
            if ahead.any(|c| ends(&c)) {
                while rest.next_if(|c| !ends(c)).is_some() {}
                if rest.next() == Some('\u{1b}') {
                    rest.next_if_eq(&'\\');
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
