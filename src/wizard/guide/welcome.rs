//! The first screen without an account: what will be needed, where it is found, and that all of it can be tried first.
//!
//! What it says of keys is from certcentral-api.md 1.2; what follows from that is said as such.

use super::Guiding;
use crate::layout::{Line, Tone, paragraph};
use crate::wizard::{Model, Next, Screen};

impl Model {
    pub(super) fn welcome_lines(&self, width: usize) -> Vec<Line> {
        let said = [
            (Tone::Heading, "setup.welcome"),
            (Tone::Note, "setup.sandbox"),
            (Tone::Plain, "setup.needs"),
            (Tone::Plain, "setup.needs_key"),
            (Tone::Plain, "setup.restrictions"),
            (Tone::Plain, "setup.needs_user"),
        ];
        let lines = said.into_iter().map(|(tone, id)| paragraph(tone, self.say(id), 1, width));
        lines.flat_map(|lines| lines.into_iter().chain([Line::default()])).collect()
    }

    /// Leaves for the embedded sandbox.
    pub(in crate::wizard) fn try_sandbox(&mut self) -> Vec<crate::wizard::msg::Effect> {
        if !matches!(self.screen, Screen::Guide(Guiding::Welcome(_))) {
            return Vec::new();
        }
        self.leave_for(Next::Demo)
    }
}
