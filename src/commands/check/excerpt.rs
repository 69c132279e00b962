//! The line of a text that contains a place, with a mark under the place.
//!
//! Secrets are masked, unprintable characters made visible, and long lines shortened. The mark counts columns of the
//! terminal; printed line and column numbers count characters.

use crate::text;
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// The maximum number of columns of a line before the marked part, and from its start.
const COLUMNS_BEFORE_MARK: usize = 40;
const COLUMNS_FROM_MARK: usize = 60;

/// The number of bytes of a line that are examined on either side of a place: more than are shown, but few enough for
/// a line of one mebibyte with a thousand places.
const MAX_BYTES_AROUND: usize = 1_024;

/// The text that replaces a secret.
const MASK: &str = "***";

/// A position for people: line and column count from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextPosition {
    pub(super) line: usize,
    pub(super) column: usize,
    /// The byte offset of the start of the line.
    line_start: usize,
}

/// Finds positions in a text from start to end, and visits each byte once.
pub(super) struct PositionTracker<'a> {
    source: &'a [u8],
    /// The byte offset that the tracker has reached.
    offset: usize,
    position: TextPosition,
}

impl<'a> PositionTracker<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        // A byte-order mark is not a character of the line.
        let begin = if source.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        Self { source, offset: begin, position: TextPosition { line: 1, column: 1, line_start: begin } }
    }

    /// Returns the position of a byte, which must not come before the last one.
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

/// Returns true if this byte of UTF-8 begins a character.
fn is_character_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// A part of a text, to show with its line.
pub(super) struct Excerpt<'a> {
    pub(super) source: &'a [u8],
    pub(super) secrets: &'a [Range<usize>],
    pub(super) at: Range<usize>,
}

impl Excerpt<'_> {
    /// Appends the line and the mark below it.
    pub(super) fn write_to(&self, out: &mut String, position: &TextPosition, paint: impl Fn(&str) -> String) {
        let line = self.trimmed_line(position);
        let (from, to) = (self.at.start.clamp(line.start, line.end), self.at.end.clamp(line.start, line.end));
        let (near, far) = (self.range_around(&line, from), self.range_around(&line, to));
        let cut = if near.start > line.start { "…" } else { "" };
        let parts = [near.start..from, from..to.min(near.end), to..far.end].map(|part| self.masked_text(part));
        let [before, marked, after] = visible_parts(&[&format!("{cut}{}", parts[0]), &parts[1], &parts[2]]);
        let before = clip_start(&before, COLUMNS_BEFORE_MARK);
        let marked = text::clip(&marked, COLUMNS_FROM_MARK);
        let after =
            text::clip(&after, COLUMNS_FROM_MARK.saturating_sub(text::display_width(&marked)).max(1)).into_owned();
        let number = position.line.to_string();
        let (width, mark) = (number.len().max(4), "^".repeat(text::display_width(&marked).max(1)));
        let gap = " ".repeat(text::display_width(&before));
        let _ = writeln!(out, "{number:>width$} | {before}{marked}{after}");
        let _ = writeln!(out, "{:>width$} | {gap}{}", "", paint(&mark));
    }

    /// Returns the line of a position, without the white space around it.
    fn trimmed_line(&self, position: &TextPosition) -> Range<usize> {
        let at = self.at.start.clamp(position.line_start, self.source.len());
        let end = memchr::memchr(b'\n', &self.source[at..]).map_or(self.source.len(), |length| at + length);
        let text = &self.source[position.line_start..end];
        let start = position.line_start + (text.len() - text.trim_ascii_start().len());
        start..(start + text.trim_ascii().len())
    }

    /// Returns the bytes around a place in its line, without cutting a character.
    fn range_around(&self, line: &Range<usize>, at: usize) -> Range<usize> {
        let begins = |at: &usize| self.source.get(*at).is_none_or(|byte| is_character_start(*byte));
        let start = (line.start..=at).rev().skip(MAX_BYTES_AROUND).find(begins).unwrap_or(line.start);
        let end = (at..=line.end).skip(MAX_BYTES_AROUND).find(begins).unwrap_or(line.end);
        start..end
    }

    /// Returns a part of the line with its secrets masked.
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

/// Makes consecutive parts of a text visible together, because the visible form of a character depends on those before
/// it.
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

/// Returns the end of a text, at most this many columns wide.
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
