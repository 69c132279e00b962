//! The JSON of Review: every line as it is sent, colored by what it is, and broken where it is too long.
//!
//! The lines in view put together are the body, character by character. It knows nothing of fields but which line
//! is theirs.

use super::Review;
use crate::layout::{self, Area, Chosen, Line, Move, Stack, Tone};
use crate::wizard::{Model, Screen};

impl Model {
    /// Scrolls the preview so that its chosen line is in view.
    pub(super) fn preview_in_view(&mut self) {
        let area = self.preview_area();
        let Screen::Review(review) = &mut self.screen else { return };
        let at = Chosen { index: review.line, top: review.preview_top };
        review.preview_top = stack(review, area).keep(at, area.height.into());
    }

    /// Chooses a line of the preview, and has its beginning in view.
    pub(super) fn preview_to(&mut self, line: usize) {
        let area = self.preview_area();
        let Screen::Review(review) = &mut self.screen else { return };
        review.line = line;
        review.preview_top = review.preview_top.min(stack(review, area).rows(line).start);
    }

    /// Through the lines of the preview.
    pub(super) fn move_in_preview(&mut self, step: Move) {
        let area = self.preview_area();
        let Screen::Review(review) = &mut self.screen else { return };
        let at = Chosen { index: review.line, top: review.preview_top };
        let to = stack(review, area).step(step, at, area.height.into());
        (review.line, review.preview_top) = (to.index, to.top);
    }

    /// The lines of the preview in view. A line that is too long goes on behind a mark.
    pub fn preview_lines(review: &Review, width: usize, rows: usize) -> Vec<Line> {
        let lines = review.body.lines().iter().enumerate();
        let pieces = lines.flat_map(|(index, line)| {
            let here = index == review.line;
            json_lines(review.body.line(line), line.foreign, here, width.saturating_sub(2))
        });
        pieces.skip(review.preview_top).take(rows).collect()
    }

    /// The title above the preview.
    pub fn preview_title(&self, review: &Review) -> String {
        match self.file_digest() {
            _ if review.agreed => self.lang.tell("review.preview", &[("digest", review.body.short_digest())]),
            Some((_, digest)) => self.lang.tell("review.preview_file", &[("digest", digest)]),
            None => self.say("review.preview_not_agreed").to_owned(),
        }
    }
}

/// The lines of the body by their rows.
fn stack(review: &Review, area: Area) -> Stack {
    let width = usize::from(area.width).saturating_sub(2);
    Stack::new(review.body.lines().iter().map(|line| layout::chunk(review.body.line(line), width).len()))
}

/// One line of JSON in pieces of this width, colored by what they are.
fn json_lines(text: &str, foreign: bool, chosen: bool, width: usize) -> Vec<Line> {
    let tokens = tokens(text);
    let mut lines = Vec::new();
    let mut start = 0;
    for piece in layout::chunk(text, width) {
        let end = start + piece.len();
        let gutter = match (start, chosen) {
            (0, true) => "› ",
            (0, false) => "  ",
            _ => " ↳",
        };
        let mut line = Line::of(if chosen { Tone::Focus } else { Tone::Dim }, gutter);
        for (range, tone) in &tokens {
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                line = line.with(if foreign { Tone::Warning } else { *tone }, &text[from..to]);
            }
        }
        line.cursor = (chosen && start == 0).then_some(0);
        lines.push(line);
        start = end;
    }
    lines
}

/// The parts of a line of JSON: names, strings, numbers and words, and everything else.
fn tokens(text: &str) -> Vec<(std::ops::Range<usize>, Tone)> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let (length, tone) = match rest.as_bytes()[0] {
            b'"' => {
                let end = string_end(rest);
                (end, if rest[end..].starts_with(':') { Tone::Name } else { Tone::Text })
            }
            b if b.is_ascii_alphanumeric() || b == b'-' => {
                let word = |c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c));
                (rest.find(word).unwrap_or(rest.len()), Tone::Literal)
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

/// How long the string is that the text begins with, quotes included.
fn string_end(text: &str) -> usize {
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
        tokens(text).into_iter().map(|(range, tone)| (&text[range], tone)).collect()
    }

    #[test]
    fn a_line_of_json_falls_into_its_parts() {
        let expected = [
            ("  ", Tone::Plain),
            ("\"a\\\"b\"", Tone::Name),
            (": ", Tone::Plain),
            ("\"x: \\\\\"", Tone::Text),
            (",", Tone::Plain),
        ];
        assert_eq!(kinds("  \"a\\\"b\": \"x: \\\\\","), expected);
        assert_eq!(kinds("-1.5e+3")[0], ("-1.5e+3", Tone::Literal));
        assert_eq!(kinds("true,"), [("true", Tone::Literal), (",", Tone::Plain)]);
        assert_eq!(kinds("\"open"), [("\"open", Tone::Text)]);
        assert_eq!(kinds("é\"x\""), [("é", Tone::Plain), ("\"x\"", Tone::Text)]);
    }

    #[test]
    fn pieces_of_a_line_are_the_line() {
        let text = "    \"name\": \"東京都 \\u202e Gemeente\",";
        for width in 1..60 {
            let lines = json_lines(text, false, false, width);
            let whole: String =
                lines.iter().flat_map(|line| line.spans[1..].iter().map(|span| span.text().to_owned())).collect();
            assert_eq!(whole, text, "{width}");
        }
    }
}
