//! The first screen without an account: what is needed, where to find it, and that the sandbox can be tried first.
//!
//! What it says of keys is from certcentral-api.md 1.2; conclusions from that are stated as such.

use crate::i18n::texts;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::session::exit::NextSession;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

#[derive(Debug, Clone, Copy, Default)]
pub struct SetupWelcomeScreen {
    scroll: ScrollPosition,
}

impl Component for SetupWelcomeScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::SetupWelcome
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Enter) => return Transition::Go(ScreenRoute::Step(StepId(0))),
            ComponentEvent::Action(Action::OpenSandbox) => return Transition::QuitAndOpen(NextSession::Demo),
            ComponentEvent::Action(Action::Back) => session.show_flash(texts::flash::NO_KEY),
            _ => {}
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        setup_welcome_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::SETUP_WELCOME).to_owned())]
    }
}

fn setup_welcome_lines(session: &Session, width: usize) -> Vec<Line> {
    let notes = [
        (Tone::Heading, texts::setup::WELCOME),
        (Tone::Note, texts::setup::SANDBOX),
        (Tone::Plain, texts::setup::NEEDS),
        (Tone::Plain, texts::setup::NEEDS_KEY),
        (Tone::Plain, texts::setup::RESTRICTIONS),
        (Tone::Plain, texts::setup::NEEDS_USER),
    ];
    let lines = notes.into_iter().map(|(tone, id)| wrap_paragraph(tone, session.text(id), 1, width));
    lines.flat_map(|lines| lines.into_iter().chain([Line::default()])).collect()
}
