//! The cleaner of foreign text: it leaves nothing that a terminal executes, and nothing that hides, reverses or piles
//! up characters.
//!
//! The input is any text. Its width is measured by a terminal emulator that knows characters and no graphemes, as the
//! plainest terminals do.

use super::grow::{LONG, SHORT, fuzz};
use crate::common::attacks::{ATTACKS, RAW};
use rstest::rstest;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;
use zegel::{json, text};

/// Characters that no cleaned text has. This list is independent of the cleaner.
fn is_wild(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}')
        || matches!(c, '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
        || matches!(c, '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
}

/// The most columns of a grapheme of several characters.
const WIDEST: usize = 6;

/// Returns the number of columns of a text in a terminal.
fn in_terminal(text: &str) -> usize {
    let columns = u16::try_from(2 * text.chars().count() + 2).unwrap().try_into().unwrap();
    let mut parser = vt100::Parser::new(1.try_into().unwrap(), columns, 0);
    // This emulator omits the replacement character, which terminals show.
    parser.process(text.replace('\u{fffd}', "?").as_bytes());
    parser.screen().cursor_position().1.into()
}

/// Asserts that a cleaned text has no forbidden character and no pile of marks, and that cleaning it again changes
/// nothing.
fn is_clean(clean: &str) {
    assert!(!clean.chars().any(is_wild), "{:?}", clean.escape_unicode().to_string());
    assert_eq!(text::visible(clean), clean);
    let mut marks = 0;
    for c in clean.chars() {
        marks = if c.to_string().width() == 0 { marks + 1 } else { 0 };
        assert!(marks <= 4, "{marks} marks on one character");
    }
}

fn widths(clean: &str) {
    let width = text::display_width(clean);
    assert_eq!(text::graphemes(clean).map(|(_, columns)| columns).sum::<usize>(), width);
    let short: String = clean.chars().take(400).collect();
    assert_eq!(
        text::display_width(&short),
        in_terminal(&text::visible(&short)),
        "{:?}",
        short.escape_unicode().to_string()
    );
    for columns in [0, 1, 7, 40] {
        let cut = text::clip(clean, columns);
        assert!(text::display_width(&cut) <= columns);
        is_clean(&cut);
        let lines = zegel::text::wrap::split_by_width(clean, columns);
        assert_eq!(lines.concat(), clean);
        let fits = |line: &&str| text::display_width(line) <= columns.max(WIDEST);
        assert!(lines.iter().chain(&zegel::text::wrap::wrap_text(clean, columns)).all(fits));
    }
}

fn one_line(raw: &str) {
    let line = text::to_one_line(raw);
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert_eq!(text::to_one_line(&line), line, "of {raw:?}");
    for cursor in [0, 1, line.chars().count() / 2, usize::MAX] {
        let (shown, column) = zegel::text::wrap::visible_part(&line, cursor, 20);
        assert!(text::display_width(&shown) <= 20 && column < 20);
        is_clean(&shown);
    }
}

fn quoted(raw: &str) {
    let mut quoted = String::new();
    json::write_quoted(&mut quoted, raw);
    is_clean(&quoted);
    assert_eq!(json::parse(&quoted).unwrap().value, json::JsonValue::Text(raw.to_owned()));
}

fn target(input: &[u8]) -> bool {
    let raw = String::from_utf8_lossy(input);
    let clean = text::visible(&raw);
    is_clean(&clean);
    widths(&clean);
    one_line(&raw);
    quoted(&raw);
    let folded = text::fold(&raw);
    assert_eq!(text::fold(&folded), folded, "of {raw:?}");
    !raw.is_empty()
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn cleaner(#[case] time: Duration) {
    let texts = ATTACKS.iter().map(|(_, attack)| attack.as_bytes().to_vec());
    let characters = ATTACKS.iter().flat_map(|(_, attack)| attack.chars()).map(|c| c.to_string().into_bytes());
    let raw = RAW.iter().map(|bytes| bytes.to_vec());
    fuzz("cleaner", time, texts.chain(characters).chain(raw).collect(), target);
}
