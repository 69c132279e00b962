//! Orders that were placed before, as the journal has them: listed at Home, followed, and begun anew.
//!
//! They are of this host alone, whatever window placed them. What became of one is asked of the account; nothing of it
//! is changed, and looking at one places nothing.

use crate::domain::{IntentId, JournalEntry, PlacedOrder, RecordedOutcome, RequestState};
use crate::form::Form;
use crate::json;
use crate::order::OrderEvent;
use crate::tui::app::App;
use crate::tui::session::Session;
use crate::tui::session::fetch::AccountResource;

/// More orders than this are not listed.
const MAX_LISTED_ORDERS: usize = 20;

impl App {
    /// Follows an order, from what the journal knows of it.
    pub(crate) fn follow_past_order(&mut self, id: IntentId) {
        let Some(entry) = past_order(&self.session, id).cloned() else { return };
        let Some(order) = entry.placed_order_id() else { return };
        let mut form = past_order_form(&self.session, &entry).unwrap_or_else(|| Form::new(self.session.product()));
        form.withdraw_consent();
        self.session.open_form_as_new_draft(form);
        self.session.placed_orders.looked_up_order = Some(order);
        let placed = PlacedOrder { id: order, requests: placed_requests(&entry), ..PlacedOrder::default() };
        let effects = self.handle_order_event(OrderEvent::PollingRequested(Box::new(placed), self.session.now));
        self.session.queued_effects.extend(effects);
    }

    /// A new order with the values of one that was placed.
    pub(crate) fn repeat_past_order(&mut self, id: IntentId) {
        match past_order(&self.session, id).and_then(|entry| past_order_form(&self.session, entry)) {
            Some(form) => self.begin_order_from_form(form),
            None => self.session.show_flash("flash.bad_record"),
        }
    }
}

/// The orders of this account that were placed, newest first.
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

/// Those that Home lists.
pub(crate) fn listed_past_orders(session: &Session) -> impl Iterator<Item = &JournalEntry> {
    past_orders(session).take(MAX_LISTED_ORDERS)
}

fn past_order(session: &Session, id: IntentId) -> Option<&JournalEntry> {
    listed_past_orders(session).find(|entry| entry.id == id)
}

/// The form that its body makes.
pub(crate) fn past_order_form(session: &Session, entry: &JournalEntry) -> Option<Form> {
    let doc = json::parse(&entry.intent.body).ok()?;
    Form::parse_payload(session.product(), &doc).ok().map(|reading| reading.form)
}

/// "order 700001 · 900001  Gemeente Zilverdam · placed 20 Nov 2026".
pub(crate) fn past_order_text(session: &Session, id: IntentId) -> String {
    let Some(entry) = past_order(session, id) else { return String::new() };
    let order = entry.placed_order_id().unwrap_or_default().to_string();
    let (who, day) =
        (past_order_organization_text(session, entry), session.lang.format_day_of_millis(entry.intent.local_time));
    session.lang.format_text("home.placed", &[("id", &order), ("who", &who), ("day", &day)])
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

/// The organizations of which Home tells the names.
pub(crate) fn past_order_resources(session: &Session) -> impl Iterator<Item = AccountResource> {
    listed_past_orders(session).filter_map(|entry| entry.intent.organization).map(AccountResource::Organization)
}

/// The requests that the answer brought; how they stand is asked.
fn placed_requests(entry: &JournalEntry) -> Vec<RequestState> {
    match &entry.outcome {
        Some(RecordedOutcome::Placed { requests, .. }) => {
            requests.iter().map(|id| RequestState { id: *id, ..RequestState::default() }).collect()
        }
        _ => Vec::new(),
    }
}
