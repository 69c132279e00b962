//! The division that an order is charged to, and what it can spend.
//!
//! No API page says which division pays (certcentral-api.md 4.8 says only that a balance is requested by division if
//! there are several). The payer is inferred: the division that the order names, or else the division of the key's
//! user. The texts say that it is inferred. Nothing here is sent.

use crate::account::readiness::{self, Payer};
use crate::domain::AccountResource;
use crate::i18n::{texts, with};
use crate::json::JsonValue;
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;

/// The member of a payload that names a division. It is not documented for this product (certcentral-api.md 2.1).
const DIVISION_MEMBER: (&str, &str) = ("/container", "id");

/// Returns the resources to fetch for the available funds, as far as they are known by now.
pub(crate) fn funds_resources(session: &Session) -> Vec<AccountResource> {
    readiness::funds_resources(session, payload_division(session))
}

/// Returns the division that the payload itself names.
pub(crate) fn payload_division(session: &Session) -> Option<u64> {
    let foreign = session.form.foreign_members();
    let (_, container) = foreign.iter().find(|(pointer, _)| pointer == DIVISION_MEMBER.0)?;
    match &container.member(DIVISION_MEMBER.1)?.value {
        JsonValue::Number(id) | JsonValue::Text(id) => id.parse().ok(),
        _ => None,
    }
}

/// Returns what is known of the available funds, and of the division that pays.
pub(crate) fn payer_funds_text(session: &Session) -> String {
    match readiness::find_payer(session, payload_division(session)) {
        Payer::Loading => session.text(texts::page::FUNDS_LOADING).to_owned(),
        Payer::Ambiguous => session.text(texts::page::FUNDS_UNCLEAR).to_owned(),
        Payer::Account => funds_text(session, None),
        Payer::Division(id) => {
            let (funds, division) = (funds_text(session, Some(id)), session.account_data.division(id).label());
            session.lang.format(texts::page::FUNDS_OF, (with::Funds(&funds), with::Division(&division)))
        }
    }
}

fn funds_text(session: &Session, division: Option<u64>) -> String {
    let Some(balance) = session.account_data.balances.get(&division) else {
        return match session.fetches.state(AccountResource::Balance(division)) {
            Some(FetchState::Loading { .. }) => session.text(texts::page::FUNDS_LOADING).to_owned(),
            Some(FetchState::Failed(failure)) => session
                .lang
                .format(texts::page::FUNDS_FAILED, with::Why(&session.message_writer().failure_text(failure))),
            _ => session.text(texts::page::FUNDS_UNKNOWN).to_owned(),
        };
    };
    if !balance.has_amount() {
        return session.text(texts::page::FUNDS_UNKNOWN).to_owned();
    }
    let amount = |reported: &str| session.lang.format_amount(reported, &balance.currency);
    let (total, available) = (amount(&balance.balance), amount(&balance.available));
    match (balance.unlimited, balance.available.is_empty()) {
        (true, _) => session.lang.format(texts::page::FUNDS_UNLIMITED, with::Balance(&total)),
        (false, false) => session.lang.format(texts::page::FUNDS, (with::Balance(&total), with::Available(&available))),
        (false, true) => session.lang.format(texts::page::FUNDS_BALANCE, with::Balance(&total)),
    }
}
