//! The accounts dialog over Home: switches to another account, sets one up, or opens the sandbox.
//!
//! Each account has its own session. This one ends as with any other quit, so nothing of one account reaches the
//! other.

use crate::i18n::{texts, with};
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, Transition, View};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::session::exit::NextSession;
use crate::tui::widgets::{Area, Line, ListPosition, ScrollList};

#[derive(Debug, Clone, Copy)]
pub struct AccountsDialog {
    position: ListPosition,
}

impl AccountsDialog {
    /// The list, with the present account selected.
    pub(in crate::tui) fn new(session: &Session) -> Self {
        let here = session.environment.accounts.iter().position(|known| known.name == session.account.name);
        let mut dialog = Self { position: ListPosition { index: here.unwrap_or(0), top: 0 } };
        dialog.scroll_to_selection(session);
        dialog
    }

    fn rows(session: &Session) -> ScrollList {
        ScrollList::new(accounts_dialog_entries(session, session.text_columns(), None).iter().map(Vec::len))
    }

    fn scroll_to_selection(&mut self, session: &Session) {
        let view = session.frame().body.height.into();
        self.position.top = Self::rows(session).top_to_show(self.position, view);
    }

    fn open_selected_account(self, session: &mut Session) -> Transition {
        let (chosen, count) = (self.position.index, session.environment.accounts.len());
        let next = match session.environment.accounts.get(chosen) {
            Some(known) if known.name == session.account.name => return Transition::Close,
            Some(known) => NextSession::SwitchAccount(known.name.clone()),
            None if chosen == count => NextSession::SetUpAccount,
            None => NextSession::Demo,
        };
        if session.warn_if_unsaved() { Transition::Stay } else { Transition::QuitAndOpen(next) }
    }
}

impl Component for AccountsDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Accounts
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Enter) => return self.open_selected_account(session),
            ComponentEvent::Action(Action::Move(step)) => {
                let view = session.frame().body.height.into();
                self.position = Self::rows(session).apply_move(step, self.position, view);
            }
            _ => {}
        }
        Transition::Stay
    }

    fn view(&self, session: &Session, area: Area) -> View {
        let entries = accounts_dialog_entries(session, session.text_columns(), Some(self.position.index));
        View::scrolled(area, entries.into_iter().flatten().collect(), self.position.top)
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::ACCOUNTS).to_owned())]
    }

    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        self.scroll_to_selection(session);
    }
}

fn accounts_dialog_entries(session: &Session, width: usize, chosen: Option<usize>) -> Vec<Vec<Line>> {
    let known = session.environment.accounts.iter().map(|known| {
        let id = if known.name == session.account.name { texts::accounts::HERE } else { texts::accounts::ROW };
        (Tone::Plain, session.lang.format(id, (with::Name(&known.name), with::Host(&known.host))))
    });
    let buttons = [texts::accounts::ANOTHER, texts::accounts::SANDBOX];
    let buttons = buttons.map(|id| (Tone::Button, format!("[ {} ]", session.text(id))));
    let rows = known.chain(buttons).enumerate();
    rows.map(|(at, (tone, text))| crate::tui::widgets::selectable_row_lines(tone, &text, chosen == Some(at), width))
        .collect()
}
