//! What the real program sent to its terminal: text and its own sequences, and whether any of them is a color.
//!
//! Which sequences are its own is written down in `common/stream`.

use crate::common::stream::{foreign, sequences};
use crate::common::tty::{Tty, rfind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Nothing has come out but text and the sequences that the program writes.
#[track_caller]
pub(crate) fn assert_tame(tty: &Tty) {
    assert_eq!(foreign(&tty.raw()), Vec::<String>::new());
}

/// Whether anything was painted in a color of the foreground or background.
pub(crate) fn has_color(tty: &Tty) -> bool {
    let raw = String::from_utf8(tty.raw()).unwrap();
    let color = |number: &str| matches!(number.parse(), Ok(30..=38 | 40..=48 | 58 | 90..=97 | 100..=107));
    let looks = sequences(&raw).into_iter().filter_map(|sequence| sequence.strip_suffix('m').map(str::to_owned));
    looks.into_iter().any(|numbers| numbers.split(';').any(color))
}

/// What a text for the clipboard begins with.
pub(crate) const CLIPBOARD: &str = "\x1b]52;c;";

/// What the terminal was told to put on its clipboard, once.
#[track_caller]
pub(crate) fn copied(tty: &mut Tty) -> String {
    let start = CLIPBOARD.as_bytes();
    let raw = tty.wait_raw(0, start).wait_raw(0, &[7]).raw();
    let at = rfind(&raw, start).unwrap();
    assert_eq!(rfind(&raw[..at], start), None, "it is sent once");
    let text = raw[at + start.len()..].split(|byte| *byte == 7).next().unwrap();
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}
