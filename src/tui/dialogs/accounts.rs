//! The other accounts, where they lie over Home: going over to one of them, setting up another, or the sandbox.
//!
//! Another account is another wizard: this one ends as it does when one leaves, so that nothing of one account reaches
//! the other.

use super::quit::NextSession;
use crate::tone::Tone;
use crate::tui::app::{App, Dialog};
use crate::tui::message::Effect;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ListPosition, Move, ScrollList};

/// The list of accounts.
#[derive(Debug, Clone, Copy)]
pub struct AccountsDialog {
    position: ListPosition,
}

impl AccountsDialog {
    /// The first line in view.
    pub fn top_line(&self) -> usize {
        self.position.top
    }
}

impl App {
    /// Shows the accounts.
    pub(crate) fn open_accounts_dialog(&mut self) {
        if !can_choose_account(&self.session) {
            return self.session.show_flash("flash.no_accounts");
        }
        let here = self.session.environment.accounts.iter().position(|known| known.name == self.session.account.name);
        let chosen = ListPosition { index: here.unwrap_or(0), top: 0 };
        self.dialogs.push(Dialog::Accounts(AccountsDialog { position: chosen }));
        self.move_account_selection(None);
    }

    /// Through the list; without a step what is chosen is kept in view.
    pub(crate) fn move_account_selection(&mut self, step: Option<Move>) {
        let view = self.session.frame().body.height.into();
        let stack = ScrollList::new(
            accounts_dialog_entries(&self.session, self.session.text_columns(), None).iter().map(Vec::len),
        );
        let Some(Dialog::Accounts(accounts)) = self.dialogs.last_mut() else { return };
        let at = accounts.position;
        accounts.position = match step {
            Some(step) => stack.apply_move(step, at, view),
            None => ListPosition { top: stack.top_to_show(at, view), ..at },
        };
    }

    /// Goes over to what is chosen.
    pub(crate) fn open_selected_account(&mut self) -> Vec<Effect> {
        let Some(Dialog::Accounts(accounts)) = self.top_dialog() else { return Vec::new() };
        let (chosen, count) = (accounts.position.index, self.session.environment.accounts.len());
        let next = match self.session.environment.accounts.get(chosen) {
            Some(known) if known.name == self.session.account.name => {
                self.dialogs.pop();
                return Vec::new();
            }
            Some(known) => NextSession::SwitchAccount(known.name.clone()),
            None if chosen == count => NextSession::SetUpAccount,
            None => NextSession::Demo,
        };
        if self.session.warn_if_unsaved() {
            return Vec::new();
        }
        self.quit_and_open(next)
    }
}

/// Whether there is a configuration from which accounts can be chosen.
pub(crate) fn can_choose_account(session: &Session) -> bool {
    !session.environment.config_path.as_os_str().is_empty()
}

pub(crate) fn accounts_dialog_lines(session: &Session, accounts: AccountsDialog, width: usize) -> Vec<Line> {
    accounts_dialog_entries(session, width, Some(accounts.position.index)).into_iter().flatten().collect()
}

fn accounts_dialog_entries(session: &Session, width: usize, chosen: Option<usize>) -> Vec<Vec<Line>> {
    let known = session.environment.accounts.iter().map(|known| {
        let id = if known.name == session.account.name { "accounts.here" } else { "accounts.row" };
        (Tone::Plain, session.lang.format_text(id, &[("name", &known.name), ("host", &known.host)]))
    });
    let buttons = ["accounts.another", "accounts.sandbox"];
    let buttons = buttons.map(|id| (Tone::Button, format!("[ {} ]", session.text(id))));
    let rows = known.chain(buttons).enumerate();
    rows.map(|(at, (tone, text))| {
        crate::tui::screens::home::selectable_row_lines(tone, &text, chosen == Some(at), width)
    })
    .collect()
}
