//! Orders that were placed before, as the journal has them: listed at Home, followed, and begun anew.
//!
//! They are of this host alone, whatever window placed them. What became of one is asked of the account; nothing of it
//! is changed, and looking at one places nothing.

use super::Model;
use super::lists::Want;
use crate::facts::{Ended, Entry, IntentId, Placed, RequestState};
use crate::form::Form;
use crate::json;
use crate::order::Event;

/// More orders than this are not listed.
const LISTED: usize = 20;

impl Model {
    /// The orders of this account that were placed, newest first.
    pub(super) fn placed_before(&self) -> impl Iterator<Item = &Entry> {
        let placed = self.drafts.stock().map(|stock| stock.placed.as_slice()).unwrap_or_default();
        let account = self.known.me.as_ref().and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default();
        let here = move |entry: &&Entry| {
            entry.intent.may_be_of(&self.account.host, &account) && entry.intent.product == self.product().name_id
        };
        placed.iter().filter(here)
    }

    /// Those that Home lists.
    pub(super) fn placed_here(&self) -> impl Iterator<Item = &Entry> {
        self.placed_before().take(LISTED)
    }

    fn placed_entry(&self, id: IntentId) -> Option<&Entry> {
        self.placed_here().find(|entry| entry.id == id)
    }

    /// The form that its body makes.
    pub(super) fn placed_form(&self, entry: &Entry) -> Option<Form> {
        let doc = json::parse(&entry.intent.body).ok()?;
        Form::read(self.product(), &doc).ok().map(|reading| reading.form)
    }

    /// "order 700001 · 900001  Gemeente Zilverdam · placed 20 Nov 2026".
    pub(super) fn placed_words(&self, id: IntentId) -> String {
        let Some(entry) = self.placed_entry(id) else { return String::new() };
        let order = entry.order().unwrap_or_default().to_string();
        let (who, day) = (self.placed_for(entry), self.lang.day_of(entry.intent.local_time));
        self.lang.tell("home.placed", &[("id", &order), ("who", &who), ("day", &day)])
    }

    fn placed_for(&self, entry: &Entry) -> String {
        let Some(id) = entry.intent.organization else {
            let form = self.placed_form(entry);
            let name = form.as_ref().and_then(|form| form.subject().map(|at| form.text(at)));
            return name.unwrap_or_default().to_owned();
        };
        let name = self.known.organization(id).map(|found| found.name.as_str()).unwrap_or_default();
        format!("{id}  {name}").trim().to_owned()
    }

    /// The organizations of which Home tells the names.
    pub(super) fn placed_wants(&self) -> impl Iterator<Item = Want> {
        self.placed_here().filter_map(|entry| entry.intent.organization).map(Want::Organization)
    }

    /// Follows an order, from what the journal knows of it.
    pub(super) fn follow_placed(&mut self, id: IntentId) {
        let Some(entry) = self.placed_entry(id).cloned() else { return };
        let Some(order) = entry.order() else { return };
        let mut form = self.placed_form(&entry).unwrap_or_else(|| Form::new(self.product()));
        form.withdraw_consent();
        self.take_the_place(form);
        self.past.looked_up = Some(order);
        let placed = Placed { id: order, requests: requests(&entry), ..Placed::default() };
        let effects = self.happen(Event::Followed(Box::new(placed), self.now));
        self.queue.extend(effects);
    }

    /// A new order with the values of one that was placed.
    pub(super) fn order_again(&mut self, id: IntentId) {
        match self.placed_entry(id).and_then(|entry| self.placed_form(entry)) {
            Some(form) => self.begin_from(form),
            None => self.flash("flash.bad_record"),
        }
    }
}

/// The requests that the answer brought; how they stand is asked.
fn requests(entry: &Entry) -> Vec<RequestState> {
    match &entry.outcome {
        Some(Ended::Placed { requests, .. }) => {
            requests.iter().map(|id| RequestState { id: *id, ..RequestState::default() }).collect()
        }
        _ => Vec::new(),
    }
}
