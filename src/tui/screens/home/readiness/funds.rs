//! What can be spent on an order, and from which division.
//!
//! The price of an order is not known beforehand, so nothing is compared with it.

use super::AnswerState;
use super::finding::{FindingStatus, ReadinessFinding};
use crate::domain::Balance;
use crate::tui::app::App;
use crate::tui::screens::step::division::Payer;
use crate::tui::session::fetch::AccountResource;

impl App {
    pub(super) fn funds_finding(&self) -> ReadinessFinding {
        let title = self.text("ready.funds");
        let division = match self.payer() {
            Payer::Loading => return ReadinessFinding::new(title, FindingStatus::Loading, self.text("ready.asking")),
            Payer::Ambiguous => {
                let finding = ReadinessFinding::new(title, FindingStatus::Unknown, self.text("ready.funds_unclear"));
                return finding.with_detail(self.text("page.funds_unclear"));
            }
            Payer::Account => None,
            Payer::Division(id) => Some(id),
        };
        let heard = self.answer_state(AccountResource::Balance(division), self.account_data.balances.get(&division));
        match &heard {
            AnswerState::Known(balance) if !balance.has_amount() => {
                ReadinessFinding::new(title, FindingStatus::Unknown, self.text("ready.not_told"))
                    .with_detail(self.text("page.funds_unknown"))
            }
            AnswerState::Known(balance) => self.balance_finding(title, balance, division),
            _ => self.unanswered_finding(title, &heard),
        }
    }

    fn balance_finding(&self, title: &str, balance: &Balance, division: Option<u64>) -> ReadinessFinding {
        let spent = !balance.unlimited && spendable_amount(balance).parse::<f64>().is_ok_and(|funds| funds <= 0.0);
        let standing = if spent { FindingStatus::Warning } else { FindingStatus::Good };
        let funds = self.spendable_text(balance);
        let line = match division.map(|id| self.division_text(id)) {
            Some(division) => self.lang.format_text("ready.funds_in", &[("funds", &funds), ("division", &division)]),
            None => funds,
        };
        let advice = spent.then(|| self.text("ready.funds_do"));
        let inferred = division.map(|_| self.text("ready.funds_division"));
        let more = advice.into_iter().chain(inferred).chain([self.text("confirm.price")]);
        more.fold(ReadinessFinding::new(title, standing, line), ReadinessFinding::with_detail)
    }

    /// What can be spent, behind the word "balance".
    fn spendable_text(&self, balance: &Balance) -> String {
        let (id, amount) = match (balance.unlimited, balance.available.is_empty()) {
            (true, _) => ("ready.funds_unlimited", &balance.balance),
            (false, false) => ("ready.funds_told", &balance.available),
            (false, true) => ("ready.funds_balance", &balance.balance),
        };
        self.lang.format_text(id, &[("amount", &self.lang.format_amount(amount, &balance.currency))])
    }
}

/// What can be spent, else the balance.
fn spendable_amount(balance: &Balance) -> &str {
    if balance.available.is_empty() { &balance.balance } else { &balance.available }
}
