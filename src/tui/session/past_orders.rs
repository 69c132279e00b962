//! Past orders: the orders that the journal recorded as placed. Home lists them, follows them and repeats them.
//!
//! They are of this host only, from any window. Their current status comes from the account; looking at one changes
//! and places nothing.

use crate::domain::{AccountResource, IntentId, JournalEntry, RecordedOutcome, RequestState};
use crate::form::Form;
use crate::i18n::{texts, with};
use crate::json;
use crate::tui::session::Session;

const MAX_LISTED_ORDERS: usize = 20;

/// Returns the placed orders of this account, newest first.
pub(crate) fn past_orders(session: &Session) -> impl Iterator<Item = &JournalEntry> {
    let placed = session.drafts.snapshot().map(|stock| stock.placed.as_slice()).unwrap_or_default();
    let account = session
        .account_data
        .current_user
        .as_ref()
        .and_then(|me| me.account_id)
        .map(|id| id.to_string())
        .unwrap_or_default();
    let here = move |entry: &&JournalEntry| {
        entry.intent.can_be_of_account(&session.account.host, &account)
            && entry.intent.product == session.product().name_id
    };
    placed.iter().filter(here)
}

pub(crate) fn listed_past_orders(session: &Session) -> impl Iterator<Item = &JournalEntry> {
    past_orders(session).take(MAX_LISTED_ORDERS)
}

pub(in crate::tui) fn past_order(session: &Session, id: IntentId) -> Option<&JournalEntry> {
    listed_past_orders(session).find(|entry| entry.id == id)
}

/// Returns the form for the recorded payload; None if the payload cannot be read.
pub(crate) fn past_order_form(session: &Session, entry: &JournalEntry) -> Option<Form> {
    let doc = json::parse(&entry.intent.body).ok()?;
    Form::parse_payload(session.product(), &doc).ok().map(|reading| reading.form)
}

/// Returns "order 700001 · 900001  Gemeente Zilverdam · placed 20 Nov 2026".
pub(crate) fn past_order_text(session: &Session, id: IntentId) -> String {
    let Some(entry) = past_order(session, id) else { return String::new() };
    let order = entry.placed_order_id().unwrap_or_default().to_string();
    let (who, day) =
        (past_order_organization_text(session, entry), session.lang.format_day_of_millis(entry.intent.local_time));
    session.lang.format(texts::home::PLACED, (with::Id(&order), with::Who(&who), with::Day(&day)))
}

fn past_order_organization_text(session: &Session, entry: &JournalEntry) -> String {
    let Some(id) = entry.intent.organization else {
        let form = past_order_form(session, entry);
        let name = form.as_ref().and_then(|form| form.subject_place().map(|at| form.text(at)));
        return name.unwrap_or_default().to_owned();
    };
    let name = session.account_data.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
    format!("{id}  {name}").trim().to_owned()
}

/// Returns the organizations to fetch for the names in the list.
pub(crate) fn past_order_resources(session: &Session) -> impl Iterator<Item = AccountResource> {
    listed_past_orders(session).filter_map(|entry| entry.intent.organization).map(AccountResource::Organization)
}

/// Returns the requests from the recorded reply, without their status: that is fetched.
pub(in crate::tui) fn placed_requests(entry: &JournalEntry) -> Vec<RequestState> {
    match &entry.outcome {
        Some(RecordedOutcome::Placed { requests, .. }) => {
            requests.iter().map(|id| RequestState { id: *id, ..RequestState::default() }).collect()
        }
        _ => Vec::new(),
    }
}
