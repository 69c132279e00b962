//! Lines of text whose spans each have a tone. The theme decides what a tone looks like.

use crate::text;
use crate::tone::Tone;
use std::borrow::Cow;

/// A piece of text with its tone. Hidden characters are already visible in it, so it can be shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    text: String,
    pub tone: Tone,
}

impl Span {
    pub fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self { text: text::visible(text.as_ref()).into_owned(), tone }
    }

    /// The text, safe to show.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The width in columns.
    pub fn width(&self) -> usize {
        text::visible_width(&self.text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The spans, from left to right.
    pub spans: Vec<Span>,
    /// The column of the cursor. `None` if the cursor is not on this line.
    pub cursor: Option<usize>,
}

impl Line {
    pub fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self::default().with_span(tone, text)
    }

    #[must_use]
    pub fn with_span(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.spans.push(Span::new(tone, text));
        self
    }

    #[must_use]
    pub fn with_cursor(mut self, column: usize) -> Self {
        self.cursor = Some(column);
        self
    }

    /// Adds spaces up to this column.
    #[must_use]
    pub fn pad_to(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        if missing == 0 { self } else { self.with_span(Tone::Plain, " ".repeat(missing)) }
    }

    /// The width in columns.
    pub fn width(&self) -> usize {
        self.spans.iter().map(Span::width).sum()
    }

    /// The text of all spans.
    pub fn text(&self) -> Cow<'_, str> {
        match self.spans.as_slice() {
            [span] => Cow::Borrowed(span.text()),
            spans => Cow::Owned(spans.iter().map(Span::text).collect()),
        }
    }
}

/// Wraps a text into lines that begin at column `from`. Hidden characters and line ends are made visible, because a
/// name or message of a server must not look like zegel's own lines.
pub fn wrap_paragraph(tone: Tone, text: &str, from: usize, width: usize) -> Vec<Line> {
    let text = text::visible(text);
    let room = width.saturating_sub(from + 1).max(1);
    text::wrap::wrap_text(&text, room)
        .into_iter()
        .map(|line| Line::default().pad_to(from).with_span(tone, line))
        .collect()
}
