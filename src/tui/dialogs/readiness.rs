//! The readiness dialog: the checks before an order, with what to do about each.
//!
//! Home shows them in brief, and runs the checks.

use crate::domain::AccountResource;
use crate::tui::component::{Component, ComponentEvent, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::session::readiness::{next_readiness_resource, readiness_lines};
use crate::tui::widgets::{Line, ScrollPosition};

#[derive(Debug, Clone, Copy, Default)]
pub struct ReadinessDialog {
    scroll: ScrollPosition,
}

impl Component for ReadinessDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Readiness
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        readiness_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn needed_resources(&self, session: &Session, is_covered: bool) -> Vec<AccountResource> {
        next_readiness_resource(session).filter(|_| !is_covered).into_iter().collect()
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        if let ComponentEvent::Action(Action::Refresh) = event {
            session.refresh_readiness();
        }
        Transition::Stay
    }
}
