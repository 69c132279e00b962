//! Text with a meaning, line by line. What a meaning looks like is the theme's matter.

use crate::text;
use crate::tone::Tone;
use std::borrow::Cow;

/// A piece of text with its meaning. Its text can be shown as it is: whatever is hidden was made visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    text: String,
    /// What it means.
    pub tone: Tone,
}

impl Span {
    /// A piece of text.
    pub fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self { text: text::visible(text.as_ref()).into_owned(), tone }
    }

    /// Its text, safe to show.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        text::visible_width(&self.text)
    }
}

/// One line of text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its pieces, from left to right.
    pub spans: Vec<Span>,
    /// The column of the cursor, if it stands here.
    pub cursor: Option<usize>,
}

impl Line {
    /// A line of one piece.
    pub fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self::default().with_span(tone, text)
    }

    /// The line with a piece more.
    #[must_use]
    pub fn with_span(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.spans.push(Span::new(tone, text));
        self
    }

    /// The line with the cursor at this column.
    #[must_use]
    pub fn with_cursor(mut self, column: usize) -> Self {
        self.cursor = Some(column);
        self
    }

    /// The line filled up with spaces to this column.
    #[must_use]
    pub fn pad_to(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        if missing == 0 { self } else { self.with_span(Tone::Plain, " ".repeat(missing)) }
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(Span::width).sum()
    }

    /// Its text without meaning.
    pub fn text(&self) -> Cow<'_, str> {
        match self.spans.as_slice() {
            [span] => Cow::Borrowed(span.text()),
            spans => Cow::Owned(spans.iter().map(Span::text).collect()),
        }
    }
}

/// A text on as many lines as it needs, from this column on. Whatever is hidden in it is made visible, line ends
/// too: a name or message of a server must not look like lines of ours.
pub fn wrap_paragraph(tone: Tone, text: &str, from: usize, width: usize) -> Vec<Line> {
    let text = text::visible(text);
    let room = width.saturating_sub(from + 1).max(1);
    text::wrap::wrap_text(&text, room)
        .into_iter()
        .map(|line| Line::default().pad_to(from).with_span(tone, line))
        .collect()
}
