//! The output of the real program to its terminal: text and its own sequences, and whether any of them is a color.
//!
//! `common/stream` has the list of its own sequences.

use crate::common::stream::{foreign, sequences};
use crate::common::tty::{Tty, rfind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Asserts that the output has only text and the sequences that the program writes.
#[track_caller]
pub(crate) fn assert_tame(tty: &Tty) {
    assert_eq!(foreign(&tty.raw()), Vec::<String>::new());
}

/// Returns true if any foreground or background color was used.
pub(crate) fn has_color(tty: &Tty) -> bool {
    let raw = String::from_utf8(tty.raw()).unwrap();
    let color = |number: &str| matches!(number.parse(), Ok(30..=38 | 40..=48 | 58 | 90..=97 | 100..=107));
    let looks = sequences(&raw).into_iter().filter_map(|sequence| sequence.strip_suffix('m').map(str::to_owned));
    looks.into_iter().any(|numbers| numbers.split(';').any(color))
}

/// The beginning of a text for the clipboard.
pub(crate) const CLIPBOARD: &str = "\x1b]52;c;";

/// Returns the text that was sent to the clipboard, once.
#[track_caller]
pub(crate) fn copied(tty: &mut Tty) -> String {
    let start = CLIPBOARD.as_bytes();
    let raw = tty.wait_raw(0, start).wait_raw(0, &[7]).raw();
    let at = rfind(&raw, start).unwrap();
    assert_eq!(rfind(&raw[..at], start), None, "it is sent once");
    let text = raw[at + start.len()..].split(|byte| *byte == 7).next().unwrap();
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}
