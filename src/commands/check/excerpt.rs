//! The line of a text on which something stands, with a mark under it.
//!
//! Secrets are masked, foreign characters made visible, and of a long line a part is shown. Columns of the mark are
//! those of a terminal; lines and columns that are told count characters.

use crate::text;
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// So many columns of a line are shown at most before what is marked, and from there on.
const COLUMNS_BEFORE_MARK: usize = 40;
const COLUMNS_FROM_MARK: usize = 60;

/// So many bytes of a line are looked at on either side of a place: more of them than are shown, and few in a line of a
/// mebibyte with a thousand places.
const MAX_BYTES_AROUND: usize = 1_024;

/// What stands for a secret.
const MASK: &str = "***";

/// Where something stands, for a person: both count from one, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextPosition {
    pub(super) line: usize,
    pub(super) column: usize,
    /// Where the line begins, in bytes.
    line_start: usize,
}

/// Finds spots in a text from its beginning to its end, each byte once.
pub(super) struct PositionTracker<'a> {
    source: &'a [u8],
    /// How far it has come.
    offset: usize,
    position: TextPosition,
}

impl<'a> PositionTracker<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        // A byte-order mark is no character of the line.
        let begin = if source.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        Self { source, offset: begin, position: TextPosition { line: 1, column: 1, line_start: begin } }
    }

    /// The spot of a byte that does not stand before the last one.
    pub(super) fn position_at(&mut self, at: usize) -> TextPosition {
        let at = at.clamp(self.offset, self.source.len().max(self.offset));
        let mut passed = &self.source[self.offset..at];
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.position.line += memchr::memchr_iter(b'\n', passed).count();
            self.position.line_start = self.offset + last + 1;
            self.position.column = 1;
            passed = &passed[last + 1..];
        }
        self.position.column += passed.iter().filter(|byte| is_character_start(**byte)).count();
        self.offset = at;
        self.position.clone()
    }
}

/// Whether a byte of UTF-8 begins a character.
fn is_character_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// A part of a text, to be shown with its line.
pub(super) struct Excerpt<'a> {
    pub(super) source: &'a [u8],
    pub(super) secrets: &'a [Range<usize>],
    pub(super) at: Range<usize>,
}

impl Excerpt<'_> {
    /// Appends the line and the mark below it.
    pub(super) fn write_to(&self, out: &mut String, spot: &TextPosition, paint: impl Fn(&str) -> String) {
        let line = self.trimmed_line(spot);
        let (from, to) = (self.at.start.clamp(line.start, line.end), self.at.end.clamp(line.start, line.end));
        let (near, far) = (self.range_around(&line, from), self.range_around(&line, to));
        let cut = if near.start > line.start { "…" } else { "" };
        let parts = [near.start..from, from..to.min(near.end), to..far.end].map(|part| self.masked_text(part));
        let [before, marked, after] = visible_parts(&[&format!("{cut}{}", parts[0]), &parts[1], &parts[2]]);
        let before = clip_start(&before, COLUMNS_BEFORE_MARK);
        let marked = text::clip(&marked, COLUMNS_FROM_MARK);
        let after =
            text::clip(&after, COLUMNS_FROM_MARK.saturating_sub(text::display_width(&marked)).max(1)).into_owned();
        let number = spot.line.to_string();
        let (width, mark) = (number.len().max(4), "^".repeat(text::display_width(&marked).max(1)));
        let gap = " ".repeat(text::display_width(&before));
        let _ = writeln!(out, "{number:>width$} | {before}{marked}{after}");
        let _ = writeln!(out, "{:>width$} | {gap}{}", "", paint(&mark));
    }

    /// The line of a spot, without the white space around it.
    fn trimmed_line(&self, spot: &TextPosition) -> Range<usize> {
        let at = self.at.start.clamp(spot.line_start, self.source.len());
        let end = memchr::memchr(b'\n', &self.source[at..]).map_or(self.source.len(), |length| at + length);
        let text = &self.source[spot.line_start..end];
        let start = spot.line_start + (text.len() - text.trim_ascii_start().len());
        start..(start + text.trim_ascii().len())
    }

    /// What stands around a place in its line. No character is cut.
    fn range_around(&self, line: &Range<usize>, at: usize) -> Range<usize> {
        let begins = |at: &usize| self.source.get(*at).is_none_or(|byte| is_character_start(*byte));
        let start = (line.start..=at).rev().skip(MAX_BYTES_AROUND).find(begins).unwrap_or(line.start);
        let end = (at..=line.end).skip(MAX_BYTES_AROUND).find(begins).unwrap_or(line.end);
        start..end
    }

    /// A part of the line without its secrets.
    fn masked_text(&self, part: Range<usize>) -> String {
        let mut out = String::new();
        let mut from = part.start;
        let first = self.secrets.partition_point(|secret| secret.end <= part.start);
        for secret in self.secrets[first..].iter().take_while(|secret| secret.start < part.end) {
            let start = secret.start.max(from);
            out.push_str(&self.lossy_text(from..start));
            out.push_str(MASK);
            from = secret.end.clamp(start, part.end);
        }
        out.push_str(&self.lossy_text(from..part.end));
        out
    }

    fn lossy_text(&self, part: Range<usize>) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.source[part])
    }
}

/// Parts of a text, one after the other, made visible together: what a character shows depends on those before it.
fn visible_parts<const N: usize>(parts: &[&str; N]) -> [String; N] {
    let (mut text, mut told) = (String::new(), 0);
    parts.map(|part| {
        text.push_str(part);
        let seen = text::visible(&text);
        let part = seen[told..].to_owned();
        told = seen.len();
        part
    })
}

/// The end of a text, at most so many columns.
fn clip_start(text: &str, columns: usize) -> Cow<'_, str> {
    if text::display_width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let (mut used, mut start) = (1, text.len());
    for (grapheme, width) in text::graphemes(text).collect::<Vec<_>>().into_iter().rev() {
        if used + width > columns {
            break;
        }
        used += width;
        start -= grapheme.len();
    }
    Cow::Owned(format!("…{}", &text[start..]))
}
