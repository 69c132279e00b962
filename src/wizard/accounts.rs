//! The other accounts, where they lie over Home: going over to one of them, setting up another, or the sandbox.
//!
//! Another account is another wizard: this one ends as it does when one leaves, so that nothing of one account reaches
//! the other.

use super::leave::Next;
use super::msg::Effect;
use super::{Model, Overlay};
use crate::layout::{Chosen, Line, Move, Stack, Tone};

/// The list of accounts.
#[derive(Debug, Clone, Copy)]
pub struct Accounts {
    chosen: Chosen,
}

impl Accounts {
    /// The first line in view.
    pub fn top(&self) -> usize {
        self.chosen.top
    }
}

impl Model {
    /// Whether there is a configuration from which accounts can be chosen.
    pub(super) fn has_accounts(&self) -> bool {
        !self.around.config.as_os_str().is_empty()
    }

    /// Shows the accounts.
    pub(super) fn show_accounts(&mut self) {
        if !self.has_accounts() {
            return self.flash("flash.no_accounts");
        }
        let here = self.around.accounts.iter().position(|known| known.name == self.account.name);
        let chosen = Chosen { index: here.unwrap_or(0), top: 0 };
        self.overlays.push(Overlay::Accounts(Accounts { chosen }));
        self.move_in_accounts(None);
    }

    /// Through the list; without a step what is chosen is kept in view.
    pub(super) fn move_in_accounts(&mut self, step: Option<Move>) {
        let view = self.frame().body.height.into();
        let stack = Stack::new(self.account_entries(self.text_columns(), None).iter().map(Vec::len));
        let Some(Overlay::Accounts(accounts)) = self.overlays.last_mut() else { return };
        let at = accounts.chosen;
        accounts.chosen = match step {
            Some(step) => stack.step(step, at, view),
            None => Chosen { top: stack.keep(at, view), ..at },
        };
    }

    /// Goes over to what is chosen.
    pub(super) fn take_account(&mut self) -> Vec<Effect> {
        let Some(Overlay::Accounts(accounts)) = self.overlay() else { return Vec::new() };
        let (chosen, count) = (accounts.chosen.index, self.around.accounts.len());
        let next = match self.around.accounts.get(chosen) {
            Some(known) if known.name == self.account.name => {
                self.overlays.pop();
                return Vec::new();
            }
            Some(known) => Next::Switch(known.name.clone()),
            None if chosen == count => Next::Setup,
            None => Next::Demo,
        };
        if self.would_lose() {
            return Vec::new();
        }
        self.leave_for(next)
    }

    pub(super) fn account_lines(&self, accounts: Accounts, width: usize) -> Vec<Line> {
        self.account_entries(width, Some(accounts.chosen.index)).into_iter().flatten().collect()
    }

    fn account_entries(&self, width: usize, chosen: Option<usize>) -> Vec<Vec<Line>> {
        let known = self.around.accounts.iter().map(|known| {
            let id = if known.name == self.account.name { "accounts.here" } else { "accounts.row" };
            (Tone::Plain, self.lang.tell(id, &[("name", &known.name), ("host", &known.host)]))
        });
        let buttons = ["accounts.another", "accounts.sandbox"];
        let buttons = buttons.map(|id| (Tone::Button, format!("[ {} ]", self.say(id))));
        let rows = known.chain(buttons).enumerate();
        rows.map(|(at, (tone, text))| super::home::home_row(tone, &text, chosen == Some(at), width)).collect()
    }
}
