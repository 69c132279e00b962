//! Text input: typing into a line of text.
//!
//! Every line has a maximum length, so that a paste cannot fill the memory.

use crate::text;
use crate::text::wrap::visible_part;
use crate::tone::Tone;
use crate::tui::widgets::Line;
use tui_input::{Input, InputRequest};

/// More than any field takes. [`insert_text`] cuts a longer paste and reports that.
const MAX_TEXT_CHARS: usize = 2_000;

/// Inserts a text at the cursor of a line, as far as there is room. Returns true if all of it was inserted.
pub fn insert_text(input: &mut Input, text: &str) -> bool {
    let room = MAX_TEXT_CHARS.saturating_sub(input.value().chars().count());
    for c in text.chars().take(room) {
        input.handle(InputRequest::InsertChar(c));
    }
    text.chars().count() <= room
}

/// A line in which a path is typed, behind its prompt.
pub(crate) fn path_prompt_line(prompt: &str, typed: &Input, width: usize) -> Line {
    let prompt = text::clip(&format!(" {prompt} "), width.saturating_sub(8)).into_owned();
    let from = text::display_width(&prompt);
    let (shown, column) = visible_part(typed.value(), typed.cursor(), width.saturating_sub(from));
    Line::new(Tone::Heading, prompt).with_span(Tone::Plain, shown).with_cursor(from + column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_inserted_at_the_cursor_up_to_the_limit() {
        let mut input = Input::new("Den Haag".into()).with_cursor(4);
        assert!(insert_text(&mut input, "Hoge "));
        assert_eq!((input.value(), input.cursor()), ("Den Hoge Haag", 9));
        assert!(!insert_text(&mut input, &"x".repeat(MAX_TEXT_CHARS)));
        assert_eq!(input.value().chars().count(), MAX_TEXT_CHARS);
        assert!(input.value().ends_with("Haag"));
    }
}
