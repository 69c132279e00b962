//! An order with an unknown outcome: lookups with growing pauses, until a person decides by their findings.
//!
//! Nothing here sends an order. The lookups determine which decisions are allowed, and when.

use super::resolve::{Candidate, LookupData, OrderBaseline, Resolver, SoughtOrder, Verdict};
use super::{JournalWrite, OrderEffect, OrderEvent, UnknownCause};
use crate::certcentral::decode;
use crate::domain::{
    Decision, Intent, IntentId, JournalEntry, ListGap, ListName, PlacedOrder, RequestState, is_sentence,
};

#[derive(Debug, Clone, PartialEq)]
pub struct UnresolvedOrder {
    id: IntentId,
    intent: Intent,
    cause: UnknownCause,
    /// The server's words when the order was sent. Blank if there were none, or if they are not known.
    server_excerpt: String,
    resolver: Resolver,
    /// The first incomplete list of this series, and the reason. The journal stores only the consequence.
    gap: Option<(ListName, ListGap)>,
    /// The number of this series of lookups. Results of an earlier series are dropped.
    series: u32,
    /// When the next lookup is due, in milliseconds. `None` after the last one.
    next_lookup_due: Option<u64>,
    pending_decision: Option<Decision>,
}

/// The wait, in milliseconds, before a lookup that could not be written to the journal is repeated.
const RETRY_LOOKUP_AFTER_MS: u64 = 15_000;

/// The parameters of one lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLookup {
    pub intent: IntentId,
    /// The number of the series.
    pub series: u32,
    /// The number of the lookup within the series, counted from zero.
    pub number: usize,
    /// The product's name id.
    pub product: String,
    /// `None` for a new organization: then all orders of the product count.
    pub organization: Option<u64>,
    /// Orders that existed before. Their details are not needed.
    pub known_orders: Vec<u64>,
    /// The mark that the order was sent with. Blank if it had none.
    pub alternative_order_id: String,
}

impl UnresolvedOrder {
    fn new(id: IntentId, intent: Intent, cause: UnknownCause, server_excerpt: String, resolver: Resolver) -> Self {
        Self {
            id,
            intent,
            cause,
            server_excerpt,
            resolver,
            gap: None,
            series: 0,
            next_lookup_due: None,
            pending_decision: None,
        }
    }

    /// Starts the lookups at once.
    pub(super) fn start(id: IntentId, intent: Intent, cause: UnknownCause, now: u64) -> (Self, Vec<OrderEffect>) {
        let resolve = Resolver::new(OrderBaseline::from(&intent), SoughtOrder::from(&intent));
        let words = cause.server_excerpt().to_owned();
        let mut open = Self::new(id, intent, cause, words, resolve);
        let effects = open.schedule_next_lookup(0, now);
        (open, effects)
    }

    /// Resumes an intent that was found without a known outcome. Its lookups continue on schedule; `today` is the
    /// local time in milliseconds since 1970.
    pub(super) fn resume(entry: JournalEntry, now: u64, today: i64) -> (Self, Vec<OrderEffect>) {
        let mut resolve = Resolver::new(OrderBaseline::from(&entry.intent), SoughtOrder::from(&entry.intent));
        let mut series = 0;
        for look in &entry.lookups {
            if look.series != series {
                (resolve, series) = (resolve.restarted(), look.series);
            }
            resolve.add_stored_lookup(look);
        }
        // The time since the last lookup counts as waited. A clock that was turned back changes nothing.
        let last = entry.lookups.last().map_or(0, |look| today.saturating_sub(look.time).max(0).unsigned_abs());
        let before = resolve.last_lookup_due().map_or(0, |due| due + last);
        // An open entry with an outcome has the outcome "unknown".
        let cause = if entry.outcome.is_some() { UnknownCause::Unanswered } else { UnknownCause::Interrupted };
        let JournalEntry { id, intent, server_excerpt: words, .. } = entry;
        let words = words.unwrap_or_default();
        let mut open = Self { series, ..Self::new(id, intent, cause, words, resolve) };
        let effects = open.schedule_next_lookup(before, now);
        (open, effects)
    }

    pub fn intent_id(&self) -> IntentId {
        self.id
    }

    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// Returns why the outcome is unknown.
    pub fn cause(&self) -> &UnknownCause {
        &self.cause
    }

    /// Returns the server's words when the order was sent. Blank if there were none, or if they are not known.
    pub fn server_excerpt(&self) -> &str {
        &self.server_excerpt
    }

    /// Returns the result of the lookups so far.
    pub fn verdict(&self) -> Verdict {
        self.resolver.verdict()
    }

    /// Returns the first incomplete list and the reason, if a lookup of this run of the program met one.
    pub fn list_gap(&self) -> Option<&(ListName, ListGap)> {
        self.gap.as_ref()
    }

    /// Returns the candidates found so far.
    pub fn candidates(&self) -> &[Candidate] {
        self.resolver.candidates()
    }

    /// Returns when the next lookup is due, in milliseconds. `None` after the last one.
    pub fn next_lookup_due(&self) -> Option<u64> {
        self.next_lookup_due
    }

    /// Returns the number of the next lookup, counted from one. `None` after the last one.
    pub fn next_lookup_number(&self) -> Option<usize> {
        self.resolver.next_lookup().map(|(number, _)| number + 1)
    }

    /// Returns true while a decision is being written.
    pub fn is_deciding(&self) -> bool {
        self.pending_decision.is_some()
    }

    /// Returns true if the person may decide that this order is the result.
    pub fn can_adopt(&self, order: u64) -> bool {
        self.pending_decision.is_none() && self.resolver.can_adopt(order)
    }

    /// Returns true if the person may decide that the order was not placed.
    pub fn can_deny(&self) -> bool {
        self.pending_decision.is_none() && self.resolver.can_deny()
    }

    /// Returns true if the person may decide so by a check in `CertCentral`. "Not placed" requires that every lookup
    /// was made, complete or not, because an order may be listed late there as well.
    pub fn can_state(&self, decision: &Decision) -> bool {
        let may = match decision {
            Decision::NotPlaced => self.resolver.next_lookup().is_none(),
            Decision::Adopted { order } => !self.intent.known_set.orders.iter().flatten().any(|known| known == order),
        };
        may && self.pending_decision.is_none()
    }

    /// Schedules the next lookup. `before` is the part of the schedule that has passed, in milliseconds.
    fn schedule_next_lookup(&mut self, before: u64, now: u64) -> Vec<OrderEffect> {
        let due = self.resolver.next_lookup().map_or(0, |(_, due)| due);
        self.schedule_lookup_after(due.saturating_sub(before), now)
    }

    /// Schedules the next lookup after this wait, in milliseconds.
    fn schedule_lookup_after(&mut self, wait: u64, now: u64) -> Vec<OrderEffect> {
        let Some((number, _)) = self.resolver.next_lookup() else {
            self.next_lookup_due = None;
            return Vec::new();
        };
        self.next_lookup_due = Some(now + wait);
        let known = self.intent.known_set.orders.clone().unwrap_or_default();
        let (product, organization) = (self.intent.product.clone(), self.intent.organization);
        let mark = decode::parse_alternative_order_id(self.intent.body.as_bytes());
        let lookup = OrderLookup {
            intent: self.id,
            series: self.series,
            number,
            product,
            organization,
            known_orders: known,
            alternative_order_id: mark,
        };
        vec![OrderEffect::RunLookup(Box::new(lookup), wait)]
    }

    /// Handles an event and returns the effects to run.
    pub(super) fn handle_event(&mut self, event: OrderEvent) -> Vec<OrderEffect> {
        match event {
            OrderEvent::LookupDone(lookup, look, now) => self.handle_lookup(&lookup, *look, now),
            OrderEvent::Decided(decision) => self.begin_decision(decision),
            OrderEvent::StatementGiven(decision, sentence) => self.begin_statement(decision, sentence),
            OrderEvent::Refresh(now) => self.restart_lookups(now),
            _ => Vec::new(),
        }
    }

    fn handle_lookup(&mut self, lookup: &OrderLookup, look: LookupData, now: u64) -> Vec<OrderEffect> {
        let Some((number, due)) = self.resolver.next_lookup() else { return Vec::new() };
        if (lookup.intent, lookup.series, lookup.number) != (self.id, self.series, number) {
            return Vec::new();
        }
        let is_stored = look.write_error.is_none();
        self.gap = self.gap.take().or_else(|| look.first_gap().map(|(list, gap)| (list, gap.clone())));
        self.resolver.add_lookup(number, look);
        // A lookup that is not in the journal is repeated after a while.
        if is_stored {
            self.schedule_next_lookup(due, now)
        } else {
            self.schedule_lookup_after(RETRY_LOOKUP_AFTER_MS, now)
        }
    }

    /// Starts a new series, once all lookups of this one were made.
    fn restart_lookups(&mut self, now: u64) -> Vec<OrderEffect> {
        if self.resolver.next_lookup().is_some() || self.pending_decision.is_some() {
            return Vec::new();
        }
        self.series += 1;
        (self.resolver, self.gap) = (self.resolver.restarted(), None);
        self.schedule_next_lookup(0, now)
    }

    fn begin_decision(&mut self, decision: Decision) -> Vec<OrderEffect> {
        let may = match decision {
            Decision::Adopted { order } => self.can_adopt(order),
            Decision::NotPlaced => self.can_deny(),
        };
        if !may {
            return Vec::new();
        }
        self.pending_decision = Some(decision.clone());
        vec![OrderEffect::Write(JournalWrite::Decision(self.id, decision))]
    }

    fn begin_statement(&mut self, decision: Decision, sentence: String) -> Vec<OrderEffect> {
        if !(is_sentence(&sentence) && self.can_state(&decision)) {
            return Vec::new();
        }
        self.pending_decision = Some(decision.clone());
        vec![OrderEffect::Write(JournalWrite::Statement(self.id, decision, sentence))]
    }

    /// Takes the decision that is being written.
    pub(super) fn take_pending_decision(&mut self) -> Option<Decision> {
        self.pending_decision.take()
    }

    /// Returns the adopted order, as far as the lists describe it.
    pub(super) fn adopted_order(&self, order: u64) -> PlacedOrder {
        let found = self.candidates().iter().find(|one| one.order == Some(order)).cloned().unwrap_or_default();
        let mut requests: Vec<RequestState> = found.requests.into_iter().map(RequestState::from).collect();
        for request in found.row.map(|row| row.requests).unwrap_or_default() {
            if requests.iter().all(|known| known.id != request.id) {
                requests.push(request);
            }
        }
        PlacedOrder { id: order, requests, certificate_id: None, organization_id: None }
    }
}
