//! The funds for an order, and the division they belong to.
//!
//! The price of an order is not known in advance, so the funds are not compared with it.

use super::AnswerState;
use super::finding::{FindingStatus, ReadinessFinding};
use crate::domain::{AccountResource, Balance};
use crate::tui::session::Session;
use crate::tui::session::division::{Payer, division_text, payer};
use crate::tui::session::readiness::answer_state;
use crate::tui::session::readiness::finding::unanswered_finding;

pub(super) fn funds_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.funds");
    let division = match payer(session) {
        Payer::Loading => return ReadinessFinding::new(title, FindingStatus::Loading, session.text("ready.asking")),
        Payer::Ambiguous => {
            let finding = ReadinessFinding::new(title, FindingStatus::Unknown, session.text("ready.funds_unclear"));
            return finding.with_detail(session.text("page.funds_unclear"));
        }
        Payer::Account => None,
        Payer::Division(id) => Some(id),
    };
    let heard = answer_state(session, AccountResource::Balance(division), session.account_data.balances.get(&division));
    match &heard {
        AnswerState::Known(balance) if !balance.has_amount() => {
            ReadinessFinding::new(title, FindingStatus::Unknown, session.text("ready.not_told"))
                .with_detail(session.text("page.funds_unknown"))
        }
        AnswerState::Known(balance) => balance_finding(session, title, balance, division),
        _ => unanswered_finding(session, title, &heard),
    }
}

fn balance_finding(session: &Session, title: &str, balance: &Balance, division: Option<u64>) -> ReadinessFinding {
    let spent = !balance.unlimited && spendable_amount(balance).parse::<f64>().is_ok_and(|funds| funds <= 0.0);
    let standing = if spent { FindingStatus::Warning } else { FindingStatus::Good };
    let funds = spendable_text(session, balance);
    let line = match division.map(|id| division_text(session, id)) {
        Some(division) => session.lang.format_text("ready.funds_in", &[("funds", &funds), ("division", &division)]),
        None => funds,
    };
    let advice = spent.then(|| session.text("ready.funds_do"));
    let inferred = division.map(|_| session.text("ready.funds_division"));
    let more = advice.into_iter().chain(inferred).chain([session.text("confirm.price")]);
    more.fold(ReadinessFinding::new(title, standing, line), ReadinessFinding::with_detail)
}

/// Returns the available funds as text, or else the balance.
fn spendable_text(session: &Session, balance: &Balance) -> String {
    let (id, amount) = match (balance.unlimited, balance.available.is_empty()) {
        (true, _) => ("ready.funds_unlimited", &balance.balance),
        (false, false) => ("ready.funds_told", &balance.available),
        (false, true) => ("ready.funds_balance", &balance.balance),
    };
    session.lang.format_text(id, &[("amount", &session.lang.format_amount(amount, &balance.currency))])
}

/// Returns the available amount, or else the balance.
fn spendable_amount(balance: &Balance) -> &str {
    if balance.available.is_empty() { &balance.balance } else { &balance.available }
}
