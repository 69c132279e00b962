//! The stored card that an order would be charged to: which card it is, and whether it is still valid.
//!
//! That the default card is charged is inferred (certcentral-api.md 6 row 13). Only the last four digits of a card
//! are known here.

use crate::domain::{AccountResource, PaymentProfile};
use crate::i18n::{texts, with};
use crate::product::OptionDetail;
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;

fn is_paid_by_stored_card(session: &Session) -> bool {
    session.form.visible_places().any(|at| {
        let option = session.product()[at.field].find_option(session.form.text(at));
        option.is_some_and(|option| option.tells == Some(OptionDetail::Profile))
    })
}

/// Returns the resource to fetch for the card, if a card is charged.
pub(crate) fn stored_card_resource(session: &Session) -> Option<AccountResource> {
    is_paid_by_stored_card(session).then_some(AccountResource::Profiles)
}

/// Returns the note on the card for Confirm; None if no card is charged.
pub(crate) fn charged_card_note(session: &Session) -> Option<(Tone, String)> {
    is_paid_by_stored_card(session).then(|| stored_card_note(session))
}

/// Returns what is known of the default card.
pub(crate) fn stored_card_note(session: &Session) -> (Tone, String) {
    let Some(profiles) = &session.account_data.payment_profiles else {
        return match session.fetches.state(AccountResource::Profiles) {
            Some(FetchState::Loading { .. }) => (Tone::Note, session.text(texts::card::LOADING).to_owned()),
            Some(FetchState::Failed(failure)) => {
                let why = session.message_writer().failure_text(failure);
                (Tone::Warning, format!("! {}", session.lang.format(texts::card::FAILED, with::Why(&why))))
            }
            _ => (Tone::Warning, format!("! {}", session.text(texts::card::UNCLEAR))),
        };
    };
    match profiles.iter().find(|profile| profile.is_default) {
        Some(card) => default_card_note(session, card),
        None if profiles.is_empty() => (Tone::Warning, format!("! {}", session.text(texts::card::NONE))),
        None => (Tone::Warning, format!("! {}", session.text(texts::card::UNCLEAR))),
    }
}

fn default_card_note(session: &Session, card: &PaymentProfile) -> (Tone, String) {
    let expires = card.expires_month.zip(card.expires_year);
    let month = expires.map(|(month, year)| format!("{month:02}/{year}")).unwrap_or_default();
    let digits = if card.last_four.is_empty() { "????" } else { &card.last_four };
    let name = format!("{} *{digits}", card.kind).trim_start().to_owned();
    let past = expires.is_some_and(|(month, year)| (year, month) < (session.today.year(), session.today.month()));
    let status = session.message_writer().status_word(texts::state_word::find, &card.status);
    match (past, card.status.as_str(), expires) {
        (true, ..) => (
            Tone::Warning,
            format!("! {}", session.lang.format(texts::card::EXPIRED, (with::Card(&name), with::Month(&month)))),
        ),
        (_, "" | "active", Some(_)) => {
            (Tone::Note, session.lang.format(texts::card::DEFAULT, (with::Card(&name), with::Month(&month))))
        }
        (_, "" | "active", None) => {
            (Tone::Warning, format!("! {}", session.lang.format(texts::card::NO_EXPIRY, with::Card(&name))))
        }
        (_, "inactive" | "expired", _) => (
            Tone::Warning,
            format!("! {}", session.lang.format(texts::card::NOT_ACTIVE, (with::Card(&name), with::Status(&status)))),
        ),
        // The meaning of other status words is not documented.
        _ => (Tone::Note, session.lang.format(texts::card::WORD, (with::Card(&name), with::Status(&status)))),
    }
}
