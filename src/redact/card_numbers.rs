//! Card numbers among other characters: found by their length and their check digit, grouped or not.

use super::decode;
use std::ops::Range;

/// The number of digits of a card number.
const CARD_NUMBER_LENGTH: std::ops::RangeInclusive<usize> = 12..=19;

/// The most separators between two groups of digits.
const MAX_SEPARATORS: usize = 5;

/// Returns true if a text contains a card number, in any encoding.
pub fn has_encoded_card_number(text: &str) -> bool {
    decode::decode_layers(text).iter().any(|layer| !find_card_numbers(&layer.bytes).is_empty())
}

/// Consecutive digits, with or without separators between them.
#[derive(Default)]
struct DigitRun {
    digits: Vec<u8>,
    /// The position of each digit.
    positions: Vec<usize>,
    /// The index of the first digit of each group.
    groups: Vec<usize>,
}

impl DigitRun {
    fn source_range(&self, digits: Range<usize>) -> Range<usize> {
        self.positions[digits.start]..self.positions[digits.end - 1] + 1
    }
}

/// Returns the spans of card numbers.
pub(super) fn find_card_numbers(bytes: &[u8]) -> Vec<Range<usize>> {
    let found = |run: DigitRun| {
        card_numbers_in_run(&run).into_iter().map(|digits| run.source_range(digits)).collect::<Vec<_>>()
    };
    digit_runs(bytes, separator_length).into_iter().flat_map(found).collect()
}

/// Returns the spans of the digits that `find` returns for a run, whatever separators are between them.
pub(super) fn find_in_digit_runs(bytes: &[u8], find: impl Fn(&[u8]) -> Vec<Range<usize>>) -> Vec<Range<usize>> {
    let found =
        |run: DigitRun| find(&run.digits).into_iter().map(|digits| run.source_range(digits)).collect::<Vec<_>>();
    digit_runs(bytes, any_separator_length).into_iter().flat_map(found).collect()
}

/// Splits bytes into runs of digits. `separator` returns the length of a separator at the start of the bytes, or 0.
fn digit_runs(bytes: &[u8], separator: fn(&[u8]) -> usize) -> Vec<DigitRun> {
    let (mut runs, mut run, mut between, mut at) = (Vec::new(), DigitRun::default(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        let length = separator(&bytes[at..]);
        if byte.is_ascii_digit() {
            if between > 0 || run.digits.is_empty() {
                run.groups.push(run.digits.len());
            }
            run.digits.push(*byte);
            run.positions.push(at);
            between = 0;
        } else if length > 0 && between < MAX_SEPARATORS && !run.digits.is_empty() {
            between += 1;
        } else if !run.digits.is_empty() {
            runs.push(std::mem::take(&mut run));
            between = 0;
        }
        at += length.max(1);
    }
    runs.push(run);
    runs
}

/// Returns the length of the separator that begins here, or 0: white space, a hyphen, or a character that looks like
/// one.
fn separator_length(bytes: &[u8]) -> usize {
    match bytes {
        [b' ' | b'\t' | b'\r' | b'\n' | b'-' | b'+', ..] => 1,
        // No-break space; thin spaces and hyphens; narrow no-break space.
        [0xc2, 0xa0, ..] => 2,
        [0xe2, 0x80, 0x80..=0x8b | 0x90..=0x95 | 0xaf, ..] => 3,
        _ => 0,
    }
}

/// Returns the same for every separator that may be between the digits of one number.
fn any_separator_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'.' | b',' | b'_' | b'/' | b'*' | b'|' | b':' | b'"' | b'\'', ..] => 1,
        _ => separator_length(bytes),
    }
}

/// Returns the consecutive groups of a run that make a card number.
fn card_numbers_in_run(run: &DigitRun) -> Vec<Range<usize>> {
    let ends = || run.groups.iter().skip(1).copied().chain([run.digits.len()]);
    let mut found = Vec::new();
    for (number, start) in run.groups.iter().enumerate() {
        let lengths =
            ends().skip(number).map(|end| *start..end).take_while(|range| range.len() <= *CARD_NUMBER_LENGTH.end());
        found.extend(lengths.filter(|range| is_card_number(&run.digits[range.clone()])));
    }
    found
}

/// Returns true for 12 to 19 digits with a valid check digit (ISO/IEC 7812).
pub fn is_card_number(digits: &[u8]) -> bool {
    if !CARD_NUMBER_LENGTH.contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let numbers = digits.iter().rev().map(|digit| u32::from(digit - b'0')).enumerate();
    let sum: u32 = numbers.map(|(place, digit)| if place % 2 == 1 { doubled(digit) } else { digit }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("4111111111111111", true)]
    #[case("card 4111 1111 1111 1111.", true)]
    #[case("4111-1111-1111-1111", true)]
    #[case("4111+1111+1111+1111", true)]
    #[case("4111  -  1111 1111\n1111", true)]
    #[case("4111\u{a0}1111\u{2009}1111\u{2011}1111", true)]
    #[case("x4111111111111111y", true)]
    #[case("2026-03-01 4111 1111 1111 1111 123", true)]
    #[case("376482915730648", true)]
    #[case("%34%31%31%31 1111 1111 1111", true)]
    #[case("NDExMTExMTExMTExMTExMQ==", true)]
    #[case("4111111111111112", false)]
    #[case("41111111111", false)]
    #[case("00000000000000000000", false)]
    #[case("4111111111111111111111", false)]
    #[case("4111.1111.1111.1111", false)]
    #[case("4111 1111 - - - - 1111 1111", false)]
    #[case("incident 18273645546372810", false)]
    #[case("", false)]
    fn a_card_number_is_found_with_or_without_separators(#[case] text: &str, #[case] shows: bool) {
        assert_eq!(has_encoded_card_number(text), shows, "{text}");
    }
}
