//! Background orders: orders with an unknown outcome that are not in front. Their lookups continue on schedule.
//!
//! Meanwhile only similar orders are blocked, and the journal decides which are. The person brings an order to the
//! front to decide its outcome.

use super::undo::UndoHistory;
use crate::domain::{DraftId, IntentId};
use crate::form::Form;
use crate::json;
use crate::order::resolve::{LOOKUP_SCHEDULE_MS, Verdict};
use crate::order::{OrderEvent, OrderMachine, UnresolvedOrder};
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, StoreTask};
use crate::tui::session::Session;

impl App {
    /// Moves the order in front to the background, and goes to Home.
    pub(crate) fn leave_unresolved(&mut self) {
        if self.session.order_machine.unresolved_order().is_none_or(UnresolvedOrder::is_deciding) {
            return self.session.show_flash("confirm.wait");
        }
        let saved = self.save_draft_now();
        self.session.queued_effects.extend(saved);
        let course = std::mem::replace(&mut self.session.order_machine, OrderMachine::Ready);
        self.session.background_orders.push(course);
        self.session.reset_form_to_defaults();
        self.session.close_draft(StoreTask::ReleaseDraft);
        self.show_home();
    }

    /// Brings a background order to the front: one that needs a decision if there is one, else the first. The form
    /// becomes the sent body.
    pub(crate) fn bring_unresolved_to_front(&mut self) {
        let waits =
            |course: &OrderMachine| course.unresolved_order().is_some_and(|open| open.next_lookup_number().is_none());
        let found = |course: &OrderMachine| course.unresolved_order().is_some_and(|open| !open.candidates().is_empty());
        let at = self.session.background_orders.iter().position(|course| waits(course) || found(course)).unwrap_or(0);
        if at >= self.session.background_orders.len()
            || self.session.order_machine.is_outcome_open()
            || self.session.warn_if_unsaved()
        {
            return;
        }
        let saved = self.save_draft_now();
        self.session.queued_effects.extend(saved);
        let course = self.session.background_orders.remove(at);
        let intent = course.unresolved_order().map(|open| open.intent().clone()).unwrap_or_default();
        self.session.load_sent_body(&intent.body, intent.draft);
        (self.session.placed_orders.sent_on, self.session.placed_orders.sent_at) = (None, None);
        self.session.order_machine = course;
        self.show_unresolved();
    }

    /// Returns true if Home shows a countdown and must be redrawn as time passes.
    pub(crate) fn has_home_countdown(&self) -> bool {
        matches!(self.screen, Screen::Home(_))
            && self.session.unresolved_orders().any(|open| open.next_lookup_due().is_some())
    }
}

impl Session {
    /// Replaces the form by the sent body, and holds the draft of that order.
    pub(crate) fn load_sent_body(&mut self, body: &str, draft: Option<DraftId>) {
        let read = json::parse(body).ok().and_then(|doc| Form::parse_payload(self.product(), &doc).ok());
        let Some(read) = read else { return };
        self.close_draft(draft.map_or(StoreTask::ReleaseDraft, StoreTask::HoldDraft));
        self.form = read.form;
        self.undo_history = UndoHistory::default();
        self.forget_order_file();
        self.form.withdraw_consent();
        self.drafts.set_current_draft(draft);
    }

    /// Handles a lookup result for a background order. `None` if the event belongs to the order in front.
    pub(crate) fn handle_background_event(&mut self, event: &OrderEvent) -> Option<Vec<Effect>> {
        let OrderEvent::LookupDone(quest, ..) = event else { return None };
        let is_it =
            |course: &&mut OrderMachine| course.unresolved_order().is_some_and(|open| open.intent_id() == quest.intent);
        let course = self.background_orders.iter_mut().find(is_it)?;
        let (_, effects) = course.handle_event(event.clone());
        Some(effects.into_iter().map(Effect::Order).collect())
    }

    /// Returns true if the order with this id is a background order.
    pub(crate) fn is_background_order(&self, id: IntentId) -> bool {
        self.unresolved_orders().any(|open| open.intent_id() == id)
    }

    /// Returns true if the form is the sent body of a background order. The form is then read-only.
    pub(crate) fn is_form_of_unresolved_order(&self) -> bool {
        let current = self.drafts.current_draft();
        current.is_some() && self.unresolved_orders().any(|open| open.intent().draft == current)
    }

    /// The background orders.
    pub(crate) fn unresolved_orders(&self) -> impl Iterator<Item = &UnresolvedOrder> {
        self.background_orders.iter().filter_map(OrderMachine::unresolved_order)
    }

    /// A text such as "1 order unresolved · check 4 of 6 in 42 s".
    pub(crate) fn unresolved_orders_text(&self) -> String {
        let more = self.drafts.snapshot().map_or(0, |stock| stock.more_unresolved);
        let count = self.background_orders.len().max(more + 1);
        let orders = match count {
            1 => self.text("home.unresolved_one").to_owned(),
            _ => self.lang.format_text("home.unresolved", &[("count", &self.lang.format_count(count))]),
        };
        let next = self
            .unresolved_orders()
            .filter(|open| open.next_lookup_due().is_some())
            .min_by_key(|open| open.next_lookup_due());
        let found = self.unresolved_orders().any(|open| matches!(open.verdict(), Verdict::Found { .. }));
        let state = match next {
            _ if found => self.text("home.unresolved_found").to_owned(),
            Some(open) => self.next_check_text(open),
            None => self.text("home.unresolved_decide").to_owned(),
        };
        format!("{orders} · {state}")
    }

    fn next_check_text(&self, open: &UnresolvedOrder) -> String {
        let seconds = open.next_lookup_due().unwrap_or_default().saturating_sub(self.now).div_ceil(1000);
        let number = open.next_lookup_number().unwrap_or(LOOKUP_SCHEDULE_MS.len()).to_string();
        let (count, left) = (LOOKUP_SCHEDULE_MS.len().to_string(), seconds.to_string());
        let id = if seconds == 0 { "home.check_now" } else { "home.check_next" };
        self.lang.format_text(id, &[("number", &number), ("count", &count), ("seconds", &left)])
    }
}
