//! Typed word: the word that the person types to confirm what cannot be undone, such as an order.
//!
//! The screen that asks for the word decides what it confirms.

use crate::text;
use crate::text::wrap::visible_part;
use crate::tone::Tone;
use crate::tui::widgets::{Line, insert_text};
use tui_input::{Input, InputRequest};

/// Longer than any such word: the longest is the name of a host.
const MAX_WORD_CHARS: usize = 255;

/// What the person has typed so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct WordInput(Input);

impl WordInput {
    /// Types a character if it still fits.
    pub(crate) fn push_char(&mut self, c: char) {
        if self.0.value().chars().count() < MAX_WORD_CHARS {
            insert_text(&mut self.0, c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Moves the cursor or deletes.
    pub(crate) fn apply_edit(&mut self, request: InputRequest) {
        self.0.handle(request);
    }

    /// Returns the typed text without blanks around it.
    pub(crate) fn typed_text(&self) -> &str {
        self.0.value().trim()
    }

    pub(crate) fn clear(&mut self) {
        self.0 = Input::default();
    }

    /// Returns the line with the prompt and the typed word. If `taken` is false, no keys are accepted, and the line
    /// shows only the prompt, without a cursor.
    pub(crate) fn prompt_line(&self, prompt: &str, taken: bool, width: usize) -> Line {
        let prompt = text::clip(&format!(" {prompt} "), width.saturating_sub(8)).into_owned();
        let from = text::display_width(&prompt);
        let line = Line::new(Tone::Heading, prompt);
        if !taken {
            return line;
        }
        let (shown, column) = visible_part(self.0.value(), self.0.cursor(), width.saturating_sub(from));
        line.with_span(Tone::Plain, shown).with_cursor(from + column)
    }
}
