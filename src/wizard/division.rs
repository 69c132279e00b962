//! Which division of the account an order is charged to, and what that one can spend.
//!
//! No page says it (certcentral-api.md 4.8 tells only that a balance is asked by division where there are several): it
//! is inferred to be the one that the order names, else the one of the key's user, and that is said. Nothing here is
//! sent.

use super::Model;
use super::lists::{State, Want};
use crate::facts::Division;
use crate::json::Value;

/// The member of a payload that names a division. It is not documented for this product (certcentral-api.md 2.1).
const NAMED: (&str, &str) = ("/container", "id");

/// Who pays, as far as that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payer {
    /// It is not known yet.
    Asking,
    /// The account as a whole: it has one division, or does not say.
    Account,
    /// This division, it is inferred.
    Division(u64),
    /// One of several, and nothing tells which.
    Unclear,
}

impl Model {
    /// Who pays for this order.
    pub(super) fn payer(&self) -> Payer {
        if let Some(named) = self.named_division() {
            return Payer::Division(named);
        }
        match (self.lists.state(Want::Divisions), self.several_divisions()) {
            (None | Some(State::Loading { .. }), _) => Payer::Asking,
            (Some(State::Done), true) => self.division_of_user(),
            _ => Payer::Account,
        }
    }

    fn several_divisions(&self) -> bool {
        self.known.divisions.as_ref().is_some_and(|divisions| divisions.len() > 1)
    }

    fn division_of_user(&self) -> Payer {
        match (self.lists.state(Want::Me), self.known.me.as_ref().and_then(|me| me.division)) {
            (None | Some(State::Loading { .. }), _) => Payer::Asking,
            (Some(State::Done), Some(division)) => Payer::Division(division),
            _ => Payer::Unclear,
        }
    }

    /// The division that the payload itself names.
    fn named_division(&self) -> Option<u64> {
        let foreign = self.form.foreign();
        let (_, container) = foreign.iter().find(|(pointer, _)| pointer == NAMED.0)?;
        match &container.member(NAMED.1)?.value {
            Value::Number(id) | Value::Text(id) => id.parse().ok(),
            _ => None,
        }
    }

    /// What has to be asked for to know what can be spent, as far as that is known by now.
    pub(super) fn funds_wants(&self) -> Vec<Want> {
        let user = self.several_divisions().then_some(Want::Me);
        [Want::Divisions].into_iter().chain(user).chain(self.balance_want()).collect()
    }

    /// The balance that counts, once it is known which one that is.
    pub(super) fn balance_want(&self) -> Option<Want> {
        match self.payer() {
            Payer::Account => Some(Want::Balance(None)),
            Payer::Division(id) => Some(Want::Balance(Some(id))),
            Payer::Asking | Payer::Unclear => None,
        }
    }

    /// What is known of the money that pays, and of whose that is.
    pub(super) fn balance_words(&self) -> String {
        match self.payer() {
            Payer::Asking => self.say("page.funds_loading").to_owned(),
            Payer::Unclear => self.say("page.funds_unclear").to_owned(),
            Payer::Account => self.funds_words(None),
            Payer::Division(id) => {
                let (funds, division) = (self.funds_words(Some(id)), self.division_words(id));
                self.lang.tell("page.funds_of", &[("funds", &funds), ("division", &division)])
            }
        }
    }

    /// What can be spent.
    fn funds_words(&self, division: Option<u64>) -> String {
        let Some(balance) = self.known.balances.get(&division) else {
            return match self.lists.state(Want::Balance(division)) {
                Some(State::Loading { .. }) => self.say("page.funds_loading").to_owned(),
                Some(State::Failed(failure)) => {
                    self.lang.tell("page.funds_failed", &[("why", &self.teller().failure(failure))])
                }
                _ => self.say("page.funds_unknown").to_owned(),
            };
        };
        if !balance.has_amount() {
            return self.say("page.funds_unknown").to_owned();
        }
        let amount = |told: &str| self.lang.amount(told, &balance.currency);
        let values = [("balance", amount(&balance.balance)), ("available", amount(&balance.available))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        match (balance.unlimited, balance.available.is_empty()) {
            (true, _) => self.lang.tell("page.funds_unlimited", &values),
            (false, false) => self.lang.tell("page.funds", &values),
            (false, true) => self.lang.tell("page.funds_balance", &values),
        }
    }

    /// "15 Facilitair Bedrijf", or the id where the name is not known.
    pub(super) fn division_words(&self, id: u64) -> String {
        let known = self.known.divisions.iter().flatten().find(|division| division.id == id);
        let name = known.map_or("", |Division { name, .. }| name);
        format!("{id} {name}").trim().to_owned()
    }
}
