//! Background orders: orders with an unknown outcome that are not in front. Their lookups continue on schedule.
//!
//! Meanwhile only similar orders are blocked, and the journal decides which are. The person brings an order to the
//! front to decide its outcome.

use super::undo::UndoHistory;
use crate::domain::{DraftId, IntentId, JournalEntry};
use crate::form::Form;
use crate::i18n::{TextId, texts, with};
use crate::json;
use crate::order::resolve::{LOOKUP_SCHEDULE_MS, Verdict};
use crate::order::{OrderEffect, OrderEvent, OrderMachine, UnresolvedOrder};
use crate::tui::message::StoreTask;
use crate::tui::session::Session;

/// The orders with an unknown outcome that are not in front.
#[derive(Debug, Clone, Default)]
pub(crate) struct BackgroundOrders(Vec<OrderMachine>);

impl BackgroundOrders {
    /// The orders themselves.
    pub(crate) fn unresolved(&self) -> impl Iterator<Item = &UnresolvedOrder> {
        self.0.iter().filter_map(OrderMachine::unresolved_order)
    }

    /// Returns true if the order with this id is among them.
    pub(crate) fn contains(&self, id: IntentId) -> bool {
        self.unresolved().any(|order| order.intent_id() == id)
    }

    /// Returns true if the next lookup of one of them is scheduled, so that a countdown runs.
    pub(crate) fn has_countdown(&self) -> bool {
        self.unresolved().any(|order| order.next_lookup_due().is_some())
    }

    /// Handles a lookup result for one of them, and returns what follows. `None` if the event belongs to the order in
    /// front.
    pub(crate) fn handle_event(&mut self, event: &OrderEvent) -> Option<Vec<OrderEffect>> {
        let OrderEvent::LookupDone(lookup, ..) = event else { return None };
        let is_looked_up = |order: &&mut OrderMachine| {
            order.unresolved_order().is_some_and(|order| order.intent_id() == lookup.intent)
        };
        let order = self.0.iter_mut().find(is_looked_up)?;
        let (_, effects) = order.handle_event(event.clone());
        Some(effects)
    }

    fn push(&mut self, order: OrderMachine) {
        self.0.push(order);
    }

    /// Removes one that needs a decision if there is one, else the first.
    fn take_next(&mut self) -> Option<OrderMachine> {
        let needs_decision = |order: &OrderMachine| {
            order
                .unresolved_order()
                .is_some_and(|order| order.next_lookup_number().is_none() || !order.candidates().is_empty())
        };
        let at = self.0.iter().position(needs_decision).unwrap_or(0);
        (at < self.0.len()).then(|| self.0.remove(at))
    }
}

impl Session {
    /// Moves the order in front to the background, so that another order can begin. Returns false, and shows a flash,
    /// while its outcome is being decided.
    pub(crate) fn put_order_in_background(&mut self) -> bool {
        if self.order_machine.unresolved_order().is_none_or(UnresolvedOrder::is_deciding) {
            self.show_flash(texts::confirm::WAIT);
            return false;
        }
        self.save_draft_now();
        let order = std::mem::replace(&mut self.order_machine, OrderMachine::Ready);
        self.background_orders.push(order);
        self.reset_form_to_defaults();
        self.close_draft(StoreTask::ReleaseDraft);
        true
    }

    /// Brings a background order to the front: one that needs a decision if there is one, else the first. The form
    /// becomes the sent body. Returns false if no order can come to the front now.
    pub(crate) fn bring_order_to_front(&mut self) -> bool {
        if self.order_machine.is_outcome_open() || self.background_orders.0.is_empty() || self.warn_if_unsaved() {
            return false;
        }
        self.save_draft_now();
        let Some(order) = self.background_orders.take_next() else { return false };
        let intent = order.unresolved_order().map(|order| order.intent().clone()).unwrap_or_default();
        self.load_sent_body(&intent.body, intent.draft);
        self.order_machine = order;
        true
    }

    /// Puts the body of an order of an earlier run into the form, because its outcome is unknown. Returns the event
    /// for the order machine.
    pub(crate) fn resume_unresolved_order(&mut self, entry: JournalEntry) -> OrderEvent {
        self.save_draft_now();
        self.load_sent_body(&entry.intent.body, entry.intent.draft);
        OrderEvent::OpenIntentFound(Box::new(entry), self.now, self.drafts.unix_time_ms(self.now))
    }

    /// Replaces the form by the sent body, and holds the draft of that order. Forgets when an earlier order was sent.
    fn load_sent_body(&mut self, body: &str, draft: Option<DraftId>) {
        (self.placed_orders.sent_on, self.placed_orders.sent_at) = (None, None);
        let read = json::parse(body).ok().and_then(|doc| Form::parse_payload(self.product(), &doc).ok());
        let Some(read) = read else { return };
        self.close_draft(draft.map_or(StoreTask::ReleaseDraft, StoreTask::HoldDraft));
        self.form = read.form;
        self.undo_history = UndoHistory::default();
        self.forget_order_file();
        self.form.withdraw_consent();
        self.drafts.set_current_draft(draft);
    }

    /// The text id of the reason why the form cannot be changed now; `None` if it can be changed.
    pub(crate) fn read_only_reason(&self) -> Option<TextId> {
        // While an order is unresolved, the form is exactly what was sent.
        let sent = self.order_machine.is_outcome_open() || is_form_of_unresolved_order(self);
        match (self.drafts.is_read_only(), sent, self.drafts.is_opening_draft()) {
            (true, ..) => Some(texts::flash::READS_ONLY),
            (_, true, _) => Some(texts::flash::UNRESOLVED),
            (.., true) => Some(texts::confirm::WAIT),
            _ => None,
        }
    }
}

/// Returns true if the form is the sent body of a background order. The form is then read-only.
pub(crate) fn is_form_of_unresolved_order(session: &Session) -> bool {
    let current = session.drafts.current_draft();
    current.is_some() && session.background_orders.unresolved().any(|open| open.intent().draft == current)
}

/// A text such as "1 order unresolved · check 4 of 6 in 42 s".
pub(crate) fn unresolved_orders_text(session: &Session) -> String {
    let more = session.drafts.snapshot().map_or(0, |stock| stock.more_unresolved);
    let count = session.background_orders.unresolved().count().max(more + 1);
    let orders = match count {
        1 => session.text(texts::home::UNRESOLVED_ONE).to_owned(),
        _ => session.lang.format(texts::home::UNRESOLVED, with::Count(&session.lang.format_count(count))),
    };
    let next = session
        .background_orders
        .unresolved()
        .filter(|open| open.next_lookup_due().is_some())
        .min_by_key(|open| open.next_lookup_due());
    let found = session.background_orders.unresolved().any(|open| matches!(open.verdict(), Verdict::Found { .. }));
    let state = match next {
        _ if found => session.text(texts::home::UNRESOLVED_FOUND).to_owned(),
        Some(open) => next_check_text(session, open),
        None => session.text(texts::home::UNRESOLVED_DECIDE).to_owned(),
    };
    format!("{orders} · {state}")
}

fn next_check_text(session: &Session, open: &UnresolvedOrder) -> String {
    let seconds = open.next_lookup_due().unwrap_or_default().saturating_sub(session.now).div_ceil(1000);
    let number = open.next_lookup_number().unwrap_or(LOOKUP_SCHEDULE_MS.len()).to_string();
    let count = LOOKUP_SCHEDULE_MS.len().to_string();
    match seconds {
        0 => session.lang.format(texts::home::CHECK_NOW, (with::Number(&number), with::Count(&count))),
        _ => session
            .lang
            .format(texts::home::CHECK_NEXT, (with::Number(&number), with::Count(&count), with::Seconds(&seconds))),
    }
}
