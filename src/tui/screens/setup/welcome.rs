//! The first screen without an account: what is needed, where to find it, and that the sandbox can be tried first.
//!
//! What it says of keys is from certcentral-api.md 1.2; conclusions from that are stated as such.

use super::SetupScreen;
use crate::tone::Tone;
use crate::tui::app::{App, NextSession, Screen};
use crate::tui::session::Session;
use crate::tui::widgets::{Line, wrap_paragraph};

impl App {
    /// Leaves for the embedded sandbox.
    pub(crate) fn open_sandbox(&mut self) -> Vec<crate::tui::message::Effect> {
        if !matches!(self.screen, Screen::Setup(SetupScreen::Welcome(_))) {
            return Vec::new();
        }
        self.quit_and_open(NextSession::Demo)
    }
}

pub(super) fn setup_welcome_lines(session: &Session, width: usize) -> Vec<Line> {
    let said = [
        (Tone::Heading, "setup.welcome"),
        (Tone::Note, "setup.sandbox"),
        (Tone::Plain, "setup.needs"),
        (Tone::Plain, "setup.needs_key"),
        (Tone::Plain, "setup.restrictions"),
        (Tone::Plain, "setup.needs_user"),
    ];
    let lines = said.into_iter().map(|(tone, id)| wrap_paragraph(tone, session.text(id), 1, width));
    lines.flat_map(|lines| lines.into_iter().chain([Line::default()])).collect()
}
