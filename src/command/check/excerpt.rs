//! The line of a text on which something stands, with a mark under it.
//!
//! Secrets are masked, foreign characters made visible, and of a long line a part is shown. Columns of the mark are
//! those of a terminal; lines and columns that are told count characters.

use crate::text;
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// So many columns of a line are shown at most before what is marked, and from there on.
const BEFORE: usize = 40;
const FROM: usize = 60;

/// What stands for a secret.
const MASK: &str = "***";

/// Where something stands, for a person: both count from one, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: usize,
    pub(super) column: usize,
    /// The bytes of the line.
    range: Range<usize>,
}

impl Spot {
    /// The spot of a byte.
    pub(super) fn of(source: &[u8], at: usize) -> Self {
        let at = at.min(source.len());
        let start = memchr::memrchr(b'\n', &source[..at]).map_or(0, |end| end + 1);
        let end = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |length| at + length);
        // A byte-order mark is no character of the line.
        let begin = if start == 0 && source.starts_with("\u{feff}".as_bytes()) { 3.min(at) } else { start };
        let line = memchr::memchr_iter(b'\n', &source[..at]).count() + 1;
        let column = String::from_utf8_lossy(&source[begin..at]).chars().count() + 1;
        Self { line, column, range: begin..end }
    }
}

/// A part of a text, to be shown with its line.
pub(super) struct Excerpt<'a> {
    pub(super) source: &'a [u8],
    pub(super) secrets: &'a [Range<usize>],
    pub(super) at: Range<usize>,
}

impl Excerpt<'_> {
    /// Appends the line and the mark below it.
    pub(super) fn write(&self, out: &mut String, spot: &Spot, paint: impl Fn(&str) -> String) {
        let line = bare(self.source, &spot.range);
        let (from, to) = (self.at.start.clamp(line.start, line.end), self.at.end.clamp(line.start, line.end));
        let (before, marked, after) = (self.shown(line.start..from), self.shown(from..to), self.shown(to..line.end));
        let before = tail(&before, BEFORE);
        let marked = text::clip(&marked, FROM);
        let after = text::clip(&after, FROM.saturating_sub(text::width(&marked)).max(1)).into_owned();
        let number = spot.line.to_string();
        let (width, mark) = (number.len().max(4), "^".repeat(text::width(&marked).max(1)));
        let gap = " ".repeat(text::width(&before));
        let _ = writeln!(out, "{number:>width$} | {before}{marked}{after}");
        let _ = writeln!(out, "{:>width$} | {gap}{}", "", paint(&mark));
    }

    /// A part of the line as it may be seen.
    fn shown(&self, part: Range<usize>) -> String {
        let mut out = String::new();
        let mut from = part.start;
        let inside = self.secrets.iter().filter(|secret| secret.start < part.end && secret.end > part.start);
        for secret in inside {
            let start = secret.start.max(from);
            out.push_str(&self.plain(from..start));
            out.push_str(MASK);
            from = secret.end.clamp(start, part.end);
        }
        out.push_str(&self.plain(from..part.end));
        out
    }

    fn plain(&self, part: Range<usize>) -> String {
        text::visible(&String::from_utf8_lossy(&self.source[part])).into_owned()
    }
}

/// A line without the white space around it.
fn bare(source: &[u8], line: &Range<usize>) -> Range<usize> {
    let text = &source[line.clone()];
    let start = line.start + (text.len() - text.trim_ascii_start().len());
    start..(start + text.trim_ascii().len())
}

/// The end of a text, at most so many columns.
fn tail(text: &str, columns: usize) -> Cow<'_, str> {
    if text::width(text) <= columns {
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
