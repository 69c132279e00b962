//! A word that is typed to do something that cannot be taken back: to order, to decide what became of an order.
//!
//! It is typed key by key; what it does is the matter of the screen that asks for it.

use crate::text;
use crate::text::wrap::visible_part;
use crate::tone::Tone;
use crate::tui::widgets::{Line, insert_text};
use tui_input::{Input, InputRequest};

/// More than any such word has: the name of a host is the longest.
const MAX_WORD_CHARS: usize = 255;

/// What was typed so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypedWord(Input);

impl TypedWord {
    /// Types a character, where it still fits.
    pub(crate) fn push_char(&mut self, c: char) {
        if self.0.value().chars().count() < MAX_WORD_CHARS {
            insert_text(&mut self.0, c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Moves or deletes.
    pub(crate) fn apply_edit(&mut self, request: InputRequest) {
        self.0.handle(request);
    }

    /// What was typed, without the blanks around it.
    pub(crate) fn typed_text(&self) -> &str {
        self.0.value().trim()
    }

    /// Forgets what was typed.
    pub(crate) fn clear(&mut self) {
        self.0 = Input::default();
    }

    /// The line in which it is typed, behind what it is for; without a cursor where no keys are taken.
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
