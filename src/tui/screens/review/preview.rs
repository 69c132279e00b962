//! The JSON preview of Review: every line as it is sent, colored by token, and wrapped if it is too long.
//!
//! The visible lines joined are the payload, character by character. All that the preview uses of the form is which
//! line belongs to which field.

use super::ReviewScreen;
use crate::i18n::{texts, with};
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::widgets::{Area, Line, ListPosition, Move, ScrollList};

impl ReviewScreen {
    /// Scrolls the preview so that its selected line is in view.
    pub(super) fn scroll_preview(&mut self, session: &Session) {
        let area = self.preview_area(session);
        let at = ListPosition { index: self.preview_line, top: self.preview_top };
        self.preview_top = preview_scroll_list(self, area).top_to_show(at, area.height.into());
    }

    /// Selects a line of the preview, and scrolls so that its first row is not above the view.
    pub(super) fn select_preview_line(&mut self, line: usize, session: &Session) {
        let area = self.preview_area(session);
        self.preview_line = line;
        self.preview_top = self.preview_top.min(preview_scroll_list(self, area).item_rows(line).start);
    }

    pub(super) fn move_preview_selection(&mut self, step: Move, session: &Session) {
        let area = self.preview_area(session);
        let at = ListPosition { index: self.preview_line, top: self.preview_top };
        let to = preview_scroll_list(self, area).apply_move(step, at, area.height.into());
        (self.preview_line, self.preview_top) = (to.index, to.top);
    }

    /// Returns the title above the preview.
    pub(super) fn preview_title(&self, session: &Session) -> String {
        match self.opened_file_digest(session) {
            _ if self.is_agreed => session.lang.format(texts::review::PREVIEW, with::Digest(&self.body.short_digest())),
            Some((_, digest)) => session.lang.format(texts::review::PREVIEW_FILE, with::Digest(&digest)),
            None => session.text(texts::review::PREVIEW_NOT_AGREED).to_owned(),
        }
    }

    /// Returns the lines of the preview in view. A line that is too long continues behind a mark.
    pub(super) fn preview_lines(&self, width: usize, rows: usize) -> Vec<Line> {
        let lines = self.body.lines().iter().enumerate();
        let pieces = lines.flat_map(|(index, line)| {
            let is_selected = index == self.preview_line;
            json_line_pieces(self.body.line_text(line), line.foreign, is_selected, width.saturating_sub(2))
        });
        pieces.skip(self.preview_top).take(rows).collect()
    }
}

/// Returns the scroll list of the payload's lines.
fn preview_scroll_list(review: &ReviewScreen, area: Area) -> ScrollList {
    let width = usize::from(area.width).saturating_sub(2);
    ScrollList::new(
        review
            .body
            .lines()
            .iter()
            .map(|line| crate::text::wrap::split_by_width(review.body.line_text(line), width).len()),
    )
}

/// Splits one line of JSON into pieces of this width, colored by token.
fn json_line_pieces(text: &str, foreign: bool, chosen: bool, width: usize) -> Vec<Line> {
    let tokens = json_tokens(text);
    let mut lines = Vec::new();
    let mut start = 0;
    for piece in crate::text::wrap::split_by_width(text, width) {
        let end = start + piece.len();
        let gutter = match (start, chosen) {
            (0, true) => "› ",
            (0, false) => "  ",
            _ => " ↳",
        };
        let mut line = Line::new(if chosen { Tone::Focus } else { Tone::Dim }, gutter);
        for (range, tone) in &tokens {
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                line = line.with_span(if foreign { Tone::Warning } else { *tone }, &text[from..to]);
            }
        }
        line.cursor = (chosen && start == 0).then_some(0);
        lines.push(line);
        start = end;
    }
    lines
}

/// Splits a line of JSON into tokens: names, strings, numbers and words, and everything else.
fn json_tokens(text: &str) -> Vec<(std::ops::Range<usize>, Tone)> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let (length, tone) = match rest.as_bytes()[0] {
            b'"' => {
                let end = json_string_length(rest);
                (end, if rest[end..].starts_with(':') { Tone::JsonName } else { Tone::JsonString })
            }
            b if b.is_ascii_alphanumeric() || b == b'-' => {
                let word = |c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c));
                (rest.find(word).unwrap_or(rest.len()), Tone::JsonLiteral)
            }
            _ => (
                rest.find(|c: char| c == '"' || c.is_ascii_alphanumeric() || c == '-').unwrap_or(rest.len()),
                Tone::Plain,
            ),
        };
        tokens.push((start..start + length, tone));
        start += length;
    }
    tokens
}

/// Returns the length in bytes of the string that the text begins with, including the quotes.
fn json_string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, Tone)> {
        json_tokens(text).into_iter().map(|(range, tone)| (&text[range], tone)).collect()
    }

    #[test]
    fn a_json_line_is_split_into_styled_parts() {
        let expected = [
            ("  ", Tone::Plain),
            ("\"a\\\"b\"", Tone::JsonName),
            (": ", Tone::Plain),
            ("\"x: \\\\\"", Tone::JsonString),
            (",", Tone::Plain),
        ];
        assert_eq!(kinds("  \"a\\\"b\": \"x: \\\\\","), expected);
        assert_eq!(kinds("-1.5e+3")[0], ("-1.5e+3", Tone::JsonLiteral));
        assert_eq!(kinds("true,"), [("true", Tone::JsonLiteral), (",", Tone::Plain)]);
        assert_eq!(kinds("\"open"), [("\"open", Tone::JsonString)]);
        assert_eq!(kinds("é\"x\""), [("é", Tone::Plain), ("\"x\"", Tone::JsonString)]);
    }

    #[test]
    fn the_parts_of_a_line_add_up_to_the_line() {
        let text = "    \"name\": \"東京都 \\u202e Gemeente\",";
        for width in 1..60 {
            let lines = json_line_pieces(text, false, false, width);
            let whole: String =
                lines.iter().flat_map(|line| line.spans[1..].iter().map(|span| span.text().to_owned())).collect();
            assert_eq!(whole, text, "{width}");
        }
    }
}
