//! The stored card that an order would be charged to: which one, and whether it is still good.
//!
//! That it is the default one is inferred (certcentral-api.md 6 row 13). Of a card no more than the last four digits is
//! known here.

use super::Model;
use super::lists::{State, Want};
use crate::facts::PaymentProfile;
use crate::layout::Tone;
use crate::product::Telling;

impl Model {
    /// Whether the order is paid by a stored card.
    fn pays_by_profile(&self) -> bool {
        self.form.all_asked().any(|at| {
            let option = self.product()[at.field].option(self.form.text(at));
            option.is_some_and(|option| option.tells == Some(Telling::Profile))
        })
    }

    /// What has to be asked for to tell the card, if one is charged.
    pub(super) fn card_want(&self) -> Option<Want> {
        self.pays_by_profile().then_some(Want::Profiles)
    }

    /// The card, at Review and Confirm.
    pub(super) fn card_said(&self) -> Option<(Tone, String)> {
        self.pays_by_profile().then(|| self.card_words())
    }

    /// What is known of the card.
    pub(super) fn card_words(&self) -> (Tone, String) {
        let Some(profiles) = &self.known.profiles else {
            return match self.lists.state(Want::Profiles) {
                Some(State::Loading { .. }) => (Tone::Note, self.say("card.loading").to_owned()),
                Some(State::Failed(failure)) => {
                    let why = self.teller().failure(failure);
                    (Tone::Warning, format!("! {}", self.lang.tell("card.failed", &[("why", &why)])))
                }
                _ => (Tone::Warning, format!("! {}", self.say("card.unclear"))),
            };
        };
        match profiles.iter().find(|profile| profile.is_default) {
            Some(card) => self.described_card(card),
            None if profiles.is_empty() => (Tone::Warning, format!("! {}", self.say("card.none"))),
            None => (Tone::Warning, format!("! {}", self.say("card.unclear"))),
        }
    }

    fn described_card(&self, card: &PaymentProfile) -> (Tone, String) {
        let expires = card.expires_month.zip(card.expires_year);
        let month = expires.map(|(month, year)| format!("{month:02}/{year}")).unwrap_or_default();
        let digits = if card.last_four.is_empty() { "????" } else { &card.last_four };
        let name = format!("{} *{digits}", card.kind).trim_start().to_owned();
        let past = expires.is_some_and(|(month, year)| (year, month) < (self.today.year(), self.today.month()));
        let status = self.teller().status_word("state_word.", &card.status);
        let values = [("card", name.as_str()), ("month", &month), ("status", &status)];
        match (past, card.status.as_str(), expires) {
            (true, ..) => (Tone::Warning, format!("! {}", self.lang.tell("card.expired", &values))),
            (_, "" | "active", Some(_)) => (Tone::Note, self.lang.tell("card.default", &values)),
            (_, "" | "active", None) => (Tone::Warning, format!("! {}", self.lang.tell("card.no_expiry", &values))),
            (_, "inactive" | "expired", _) => {
                (Tone::Warning, format!("! {}", self.lang.tell("card.not_active", &values)))
            }
            // What other words mean is not documented.
            _ => (Tone::Note, self.lang.tell("card.word", &values)),
        }
    }
}
