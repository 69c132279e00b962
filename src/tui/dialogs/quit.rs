//! Quitting: a question if something would be lost, and what is printed on the way out.
//!
//! The ids of placed orders are for a script, the notices for the person. This module prints nothing itself.

use crate::i18n::{Language, texts};
use crate::order::OrderMachine;
use crate::tone::Tone;
use crate::tui::component::Component;
use crate::tui::keymap::KeyContext;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// The question before the program ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuitDialog {
    scroll: ScrollPosition,
}

impl Component for QuitDialog {
    fn key_context(&self, session: &Session) -> KeyContext {
        match session.lang.language {
            Language::En => KeyContext::QuitPrompt,
            Language::Nl => KeyContext::QuitPromptDutch,
        }
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        quit_dialog_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }
}

fn quit_dialog_lines(session: &Session, width: usize) -> Vec<Line> {
    let what = match session.order_machine {
        OrderMachine::Recording(..) | OrderMachine::Sending(..) => texts::leave::SENDING,
        OrderMachine::Unknown(_) => texts::leave::UNKNOWN,
        _ if session.drafts.is_persistent() => texts::leave::UNSAVED,
        _ => texts::leave::TYPED,
    };
    let notes = [
        (Tone::Heading, session.text(texts::leave::TITLE)),
        (Tone::Plain, session.text(what)),
        (Tone::Dim, session.text(texts::leave::KEYS)),
    ];
    notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, text, 1, width)).collect()
}
