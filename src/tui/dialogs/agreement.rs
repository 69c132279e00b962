//! The text of the Certificate Subscriber Agreement, to read before agreeing.
//!
//! The account gives the text. Where it does not, the dialog says where the text can be found.

use crate::domain::AccountResource;
use crate::i18n::texts;
use crate::tone::Tone;
use crate::tui::component::Component;
use crate::tui::keymap::KeyContext;
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

#[derive(Debug, Clone, Copy, Default)]
pub struct AgreementDialog {
    scroll: ScrollPosition,
}

impl Component for AgreementDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Agreement
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        agreement_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }
}

/// The agreement as the account gives it, or where it can be found.
fn agreement_lines(session: &Session, width: usize) -> Vec<Line> {
    let known =
        session.account_data.product.as_ref().map(|product| product.agreement.as_str()).filter(|text| !text.is_empty());
    let state = session.fetches.state(AccountResource::Product);
    let text = match (known, state) {
        (Some(text), _) => text.to_owned(),
        (None, Some(FetchState::Loading { .. })) => session.text(texts::agreement::LOADING).to_owned(),
        (None, Some(FetchState::Failed(failure))) => {
            format!("{}\n{}", session.message_writer().failure_text(failure), session.text(texts::agreement::ELSEWHERE))
        }
        (None, _) => session.text(texts::agreement::ELSEWHERE).to_owned(),
    };
    let mut lines =
        vec![Line::new(Tone::Heading, format!(" {}", session.text(texts::agreement::TITLE))), Line::default()];
    // Only here line ends are kept, because the text is a document.
    for text in text.lines() {
        let notes = wrap_paragraph(Tone::Plain, text, 1, width);
        lines.extend(if notes.is_empty() { vec![Line::default()] } else { notes });
    }
    lines
}
