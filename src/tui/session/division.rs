//! The division that an order is charged to, and what it can spend.
//!
//! No API page says which division pays (certcentral-api.md 4.8 says only that a balance is requested by division if
//! there are several). The payer is inferred: the division that the order names, or else the division of the key's
//! user. The texts say that it is inferred. Nothing here is sent.

use crate::domain::{AccountResource, Division};
use crate::json::JsonValue;
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;

/// The member of a payload that names a division. It is not documented for this product (certcentral-api.md 2.1).
const DIVISION_MEMBER: (&str, &str) = ("/container", "id");

/// Who pays, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Payer {
    /// The answers are not there yet.
    Loading,
    /// The account as a whole: it has one division, or its divisions are not known.
    Account,
    /// This division, by inference.
    Division(u64),
    /// One of several divisions, and nothing tells which.
    Ambiguous,
}

pub(crate) fn payer(session: &Session) -> Payer {
    if let Some(named) = payload_division(session) {
        return Payer::Division(named);
    }
    match (session.fetches.state(AccountResource::Divisions), has_several_divisions(session)) {
        (None | Some(FetchState::Loading { .. }), _) => Payer::Loading,
        (Some(FetchState::Done), true) => payer_of_key_user(session),
        _ => Payer::Account,
    }
}

fn has_several_divisions(session: &Session) -> bool {
    session.account_data.divisions.as_ref().is_some_and(|divisions| divisions.len() > 1)
}

fn payer_of_key_user(session: &Session) -> Payer {
    match (
        session.fetches.state(AccountResource::Me),
        session.account_data.current_user.as_ref().and_then(|me| me.division),
    ) {
        (None | Some(FetchState::Loading { .. }), _) => Payer::Loading,
        (Some(FetchState::Done), Some(division)) => Payer::Division(division),
        _ => Payer::Ambiguous,
    }
}

/// Returns the division that the payload itself names.
fn payload_division(session: &Session) -> Option<u64> {
    let foreign = session.form.foreign_members();
    let (_, container) = foreign.iter().find(|(pointer, _)| pointer == DIVISION_MEMBER.0)?;
    match &container.member(DIVISION_MEMBER.1)?.value {
        JsonValue::Number(id) | JsonValue::Text(id) => id.parse().ok(),
        _ => None,
    }
}

/// Returns the resources to fetch for the available funds, as far as they are known by now.
pub(crate) fn funds_resources(session: &Session) -> Vec<AccountResource> {
    let user = has_several_divisions(session).then_some(AccountResource::Me);
    [AccountResource::Divisions].into_iter().chain(user).chain(balance_resource(session)).collect()
}

/// Returns the balance that counts; None until the payer is known.
pub(crate) fn balance_resource(session: &Session) -> Option<AccountResource> {
    match payer(session) {
        Payer::Account => Some(AccountResource::Balance(None)),
        Payer::Division(id) => Some(AccountResource::Balance(Some(id))),
        Payer::Loading | Payer::Ambiguous => None,
    }
}

/// Returns what is known of the available funds, and of the division that pays.
pub(crate) fn payer_funds_text(session: &Session) -> String {
    match payer(session) {
        Payer::Loading => session.text("page.funds_loading").to_owned(),
        Payer::Ambiguous => session.text("page.funds_unclear").to_owned(),
        Payer::Account => funds_text(session, None),
        Payer::Division(id) => {
            let (funds, division) = (funds_text(session, Some(id)), division_text(session, id));
            session.lang.format_text("page.funds_of", &[("funds", &funds), ("division", &division)])
        }
    }
}

fn funds_text(session: &Session, division: Option<u64>) -> String {
    let Some(balance) = session.account_data.balances.get(&division) else {
        return match session.fetches.state(AccountResource::Balance(division)) {
            Some(FetchState::Loading { .. }) => session.text("page.funds_loading").to_owned(),
            Some(FetchState::Failed(failure)) => session
                .lang
                .format_text("page.funds_failed", &[("why", &session.message_writer().failure_text(failure))]),
            _ => session.text("page.funds_unknown").to_owned(),
        };
    };
    if !balance.has_amount() {
        return session.text("page.funds_unknown").to_owned();
    }
    let amount = |told: &str| session.lang.format_amount(told, &balance.currency);
    let values = [("balance", amount(&balance.balance)), ("available", amount(&balance.available))];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    match (balance.unlimited, balance.available.is_empty()) {
        (true, _) => session.lang.format_text("page.funds_unlimited", &values),
        (false, false) => session.lang.format_text("page.funds", &values),
        (false, true) => session.lang.format_text("page.funds_balance", &values),
    }
}

/// Returns "15 Facilitair Bedrijf", or only the id if the name is not known.
pub(crate) fn division_text(session: &Session, id: u64) -> String {
    let known = session.account_data.divisions.iter().flatten().find(|division| division.id == id);
    let name = known.map_or("", |Division { name, .. }| name);
    format!("{id} {name}").trim().to_owned()
}
