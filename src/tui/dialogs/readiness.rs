//! The readiness dialog: the checks before an order, with what to do about each.
//!
//! Home shows them in brief, and runs the checks.

use crate::tui::component::TextDialog;
use crate::tui::keymap::KeyContext;
use crate::tui::screens::home::readiness::readiness_lines;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition};

#[derive(Debug, Clone, Copy, Default)]
pub struct ReadinessDialog {
    scroll: ScrollPosition,
}

impl TextDialog for ReadinessDialog {
    const KEY_CONTEXT: KeyContext = KeyContext::Readiness;

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        readiness_lines(session, width)
    }

    fn scroll(&self) -> ScrollPosition {
        self.scroll
    }

    fn scroll_mut(&mut self) -> &mut ScrollPosition {
        &mut self.scroll
    }

    fn refresh(&self, session: &mut Session) {
        session.refresh_readiness();
    }
}
