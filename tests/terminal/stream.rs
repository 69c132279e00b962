//! What the terminal was sent, byte by byte: which sequences the program writes, and that there are no others.
//!
//! The list of sequences is short on purpose. Whatever a paste or a server brings must not add to it.

use crate::common::tty::Tty;

/// A control sequence without its beginning, such as `?25h`, or something that must not be there.
fn sequences(raw: &str) -> Vec<String> {
    raw.split('\x1b').skip(1).map(sequence).collect()
}

fn sequence(part: &str) -> String {
    let Some(rest) = part.strip_prefix('[') else { return format!("ESC {:?}", part.chars().next()) };
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | ';' | '?')).unwrap_or(rest.len());
    rest.chars().take(end + 1).collect()
}

/// Whether the program writes this sequence: modes, places, clearing, looks. Colors are the terminal's own sixteen.
fn is_ours(sequence: &str) -> bool {
    let (numbers, last) = sequence.split_at(sequence.len() - 1);
    match last {
        "h" | "l" => ["?25", "?1049", "?2004", "?2026"].contains(&numbers),
        "J" => numbers == "2",
        "H" => numbers.bytes().all(|b| b.is_ascii_digit() || b == b';'),
        "m" => is_look(numbers),
        _ => false,
    }
}

fn is_look(numbers: &str) -> bool {
    let mut numbers = numbers.split(';');
    while let Some(number) = numbers.next() {
        let known = match number {
            "38" => {
                numbers.next() == Some("5")
                    && numbers.next().is_some_and(|color| color.parse().is_ok_and(|c: u8| c < 16))
            }
            other => ["", "0", "1", "2", "3", "7", "22", "23", "27", "39", "49", "59"].contains(&other),
        };
        if !known {
            return false;
        }
    }
    true
}

/// A character that a terminal obeys, or that hides or turns what stands around it.
fn is_wild(c: char) -> bool {
    let obeyed = c.is_control() && !matches!(c, '\x1b' | '\r' | '\n');
    obeyed || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Nothing has come out but text and the sequences that the program writes.
#[track_caller]
pub(crate) fn assert_tame(tty: &Tty) {
    let raw = String::from_utf8(tty.raw()).expect("all of it is UTF-8");
    let foreign: Vec<String> = sequences(&raw).into_iter().filter(|sequence| !is_ours(sequence)).collect();
    assert_eq!(foreign, Vec::<String>::new());
    assert_eq!(raw.chars().filter(|c| is_wild(*c)).collect::<Vec<char>>(), Vec::<char>::new());
}

/// Whether anything was painted in a color of the foreground or background.
pub(crate) fn has_color(tty: &Tty) -> bool {
    let raw = String::from_utf8(tty.raw()).unwrap();
    let color = |number: &str| matches!(number.parse(), Ok(30..=38 | 40..=48 | 58 | 90..=97 | 100..=107));
    let looks = sequences(&raw).into_iter().filter_map(|sequence| sequence.strip_suffix('m').map(str::to_owned));
    looks.into_iter().any(|numbers| numbers.split(';').any(color))
}

#[test]
fn what_is_not_ours_is_found() {
    let evil = "\x1b[1mfine\x1b[31mEVIL\x1b]0;title\x07\x1b[6n\x1bM\x1b[38;5;200m\x1b[38;5;3;49m\x1b[?1000h\x1b[2J";
    let foreign: Vec<String> = sequences(evil).into_iter().filter(|sequence| !is_ours(sequence)).collect();
    assert_eq!(foreign, ["31m", "ESC Some(']')", "6n", "ESC Some('M')", "38;5;200m", "?1000h"]);
    assert!("\u{9b}\u{202e}\u{200b}\x07\t".chars().all(is_wild) && !"é東👩\x1b\r\n".chars().any(is_wild));
}
