//! Sending: the screen while an order is under way.

use crate::i18n::{texts, with};
use crate::tone::Tone;
use crate::tui::component::Component;
use crate::tui::keymap::KeyContext;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// The screen while an order is under way.
#[derive(Debug, Clone, Copy, Default)]
pub struct SendingScreen {
    scroll: ScrollPosition,
}

impl Component for SendingScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Sending
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        sending_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::SENDING).to_owned())]
    }

    fn redraw_in(&self, _session: &Session) -> Option<u64> {
        Some(1_000)
    }
}

fn sending_lines(session: &Session, width: usize) -> Vec<Line> {
    let since = session.order_machine.sending_since().unwrap_or(session.now);
    let seconds = (session.now.saturating_sub(since) / 1000).to_string();
    let notes = [
        (Tone::Heading, session.lang.format(texts::sending::TITLE, with::Host(&session.account.host))),
        (Tone::Plain, session.lang.format(texts::sending::SECONDS, with::Seconds(&seconds))),
        (Tone::Dim, session.text(texts::sending::WAIT).to_owned()),
    ];
    notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}
