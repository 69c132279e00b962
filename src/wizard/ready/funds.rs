//! What can be spent on an order, and from which division.
//!
//! The price of an order is not known beforehand, so nothing is compared with it.

use super::Heard;
use super::find::{Finding, Standing};
use crate::facts::Balance;
use crate::wizard::Model;
use crate::wizard::division::Payer;
use crate::wizard::lists::Want;

impl Model {
    pub(super) fn funds_found(&self) -> Finding {
        let title = self.say("ready.funds");
        let division = match self.payer() {
            Payer::Asking => return Finding::new(title, Standing::Asking, self.say("ready.asking")),
            Payer::Unclear => {
                let finding = Finding::new(title, Standing::Unknown, self.say("ready.funds_unclear"));
                return finding.and(self.say("page.funds_unclear"));
            }
            Payer::Account => None,
            Payer::Division(id) => Some(id),
        };
        let heard = self.heard(Want::Balance(division), self.known.balances.get(&division));
        match &heard {
            Heard::Told(balance) if !balance.has_amount() => {
                Finding::new(title, Standing::Unknown, self.say("ready.not_told")).and(self.say("page.funds_unknown"))
            }
            Heard::Told(balance) => self.can_spend(title, balance, division),
            _ => self.unheard(title, &heard),
        }
    }

    fn can_spend(&self, title: &str, balance: &Balance, division: Option<u64>) -> Finding {
        let spent = !balance.unlimited && spendable(balance).parse::<f64>().is_ok_and(|funds| funds <= 0.0);
        let standing = if spent { Standing::Warning } else { Standing::Good };
        let funds = self.spendable_words(balance);
        let line = match division.map(|id| self.division_words(id)) {
            Some(division) => self.lang.tell("ready.funds_in", &[("funds", &funds), ("division", &division)]),
            None => funds,
        };
        let advice = spent.then(|| self.say("ready.funds_do"));
        let inferred = division.map(|_| self.say("ready.funds_division"));
        let more = advice.into_iter().chain(inferred).chain([self.say("confirm.price")]);
        more.fold(Finding::new(title, standing, line), Finding::and)
    }

    /// What can be spent, behind the word "balance".
    fn spendable_words(&self, balance: &Balance) -> String {
        let (id, amount) = match (balance.unlimited, balance.available.is_empty()) {
            (true, _) => ("ready.funds_unlimited", &balance.balance),
            (false, false) => ("ready.funds_told", &balance.available),
            (false, true) => ("ready.funds_balance", &balance.balance),
        };
        self.lang.tell(id, &[("amount", &self.lang.amount(amount, &balance.currency))])
    }
}

/// What can be spent, else the balance.
fn spendable(balance: &Balance) -> &str {
    if balance.available.is_empty() { &balance.balance } else { &balance.available }
}
