//! Orders that were placed before, as the journal has them: listed at Home, followed, and begun anew.
//!
//! They are of this host alone, whatever window placed them. What became of one is asked of the account; nothing of it
//! is changed, and looking at one places nothing.

use crate::domain::{IntentId, JournalEntry, PlacedOrder, RecordedOutcome, RequestState};
use crate::form::Form;
use crate::json;
use crate::order::OrderEvent;
use crate::tui::app::App;
use crate::tui::session::fetch::AccountResource;

/// More orders than this are not listed.
const MAX_LISTED_ORDERS: usize = 20;

impl App {
    /// The orders of this account that were placed, newest first.
    pub(crate) fn past_orders(&self) -> impl Iterator<Item = &JournalEntry> {
        let placed = self.drafts.snapshot().map(|stock| stock.placed.as_slice()).unwrap_or_default();
        let account = self
            .account_data
            .current_user
            .as_ref()
            .and_then(|me| me.account_id)
            .map(|id| id.to_string())
            .unwrap_or_default();
        let here = move |entry: &&JournalEntry| {
            entry.intent.can_be_of_account(&self.account.host, &account)
                && entry.intent.product == self.product().name_id
        };
        placed.iter().filter(here)
    }

    /// Those that Home lists.
    pub(crate) fn listed_past_orders(&self) -> impl Iterator<Item = &JournalEntry> {
        self.past_orders().take(MAX_LISTED_ORDERS)
    }

    fn past_order(&self, id: IntentId) -> Option<&JournalEntry> {
        self.listed_past_orders().find(|entry| entry.id == id)
    }

    /// The form that its body makes.
    pub(crate) fn past_order_form(&self, entry: &JournalEntry) -> Option<Form> {
        let doc = json::parse(&entry.intent.body).ok()?;
        Form::parse_payload(self.product(), &doc).ok().map(|reading| reading.form)
    }

    /// "order 700001 · 900001  Gemeente Zilverdam · placed 20 Nov 2026".
    pub(crate) fn past_order_text(&self, id: IntentId) -> String {
        let Some(entry) = self.past_order(id) else { return String::new() };
        let order = entry.placed_order_id().unwrap_or_default().to_string();
        let (who, day) =
            (self.past_order_organization_text(entry), self.lang.format_day_of_millis(entry.intent.local_time));
        self.lang.format_text("home.placed", &[("id", &order), ("who", &who), ("day", &day)])
    }

    fn past_order_organization_text(&self, entry: &JournalEntry) -> String {
        let Some(id) = entry.intent.organization else {
            let form = self.past_order_form(entry);
            let name = form.as_ref().and_then(|form| form.subject_place().map(|at| form.text(at)));
            return name.unwrap_or_default().to_owned();
        };
        let name = self.account_data.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
        format!("{id}  {name}").trim().to_owned()
    }

    /// The organizations of which Home tells the names.
    pub(crate) fn past_order_resources(&self) -> impl Iterator<Item = AccountResource> {
        self.listed_past_orders().filter_map(|entry| entry.intent.organization).map(AccountResource::Organization)
    }

    /// Follows an order, from what the journal knows of it.
    pub(crate) fn follow_past_order(&mut self, id: IntentId) {
        let Some(entry) = self.past_order(id).cloned() else { return };
        let Some(order) = entry.placed_order_id() else { return };
        let mut form = self.past_order_form(&entry).unwrap_or_else(|| Form::new(self.product()));
        form.withdraw_consent();
        self.open_form_as_new_draft(form);
        self.session_orders.looked_up_order = Some(order);
        let placed = PlacedOrder { id: order, requests: placed_requests(&entry), ..PlacedOrder::default() };
        let effects = self.handle_order_event(OrderEvent::PollingRequested(Box::new(placed), self.now));
        self.queued_effects.extend(effects);
    }

    /// A new order with the values of one that was placed.
    pub(crate) fn repeat_past_order(&mut self, id: IntentId) {
        match self.past_order(id).and_then(|entry| self.past_order_form(entry)) {
            Some(form) => self.begin_order_from_form(form),
            None => self.show_flash("flash.bad_record"),
        }
    }
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
