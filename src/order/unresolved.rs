//! An order whose outcome is not known: looked for at growing pauses, until somebody decides by what was found.
//!
//! Nothing here sends an order. What may be decided, and when, is told by what the looks brought.

use super::resolve::{Candidate, LookupData, OrderBaseline, Resolver, SoughtOrder, Verdict};
use super::{JournalWrite, OrderEffect, OrderEvent, UnknownCause};
use crate::certcentral::decode;
use crate::domain::{
    Decision, Intent, IntentId, JournalEntry, ListGap, ListName, PlacedOrder, RequestState, is_sentence,
};

/// An order whose outcome is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct UnresolvedOrder {
    id: IntentId,
    intent: Intent,
    cause: UnknownCause,
    /// What the server said when it was sent; blank where it said nothing, or nobody knows.
    server_excerpt: String,
    resolver: Resolver,
    /// The first list of this series that was not whole, and what it lacks. The journal keeps only what follows from it.
    gap: Option<(ListName, ListGap)>,
    /// Which series of looks it is: a look of an earlier one is dropped.
    series: u32,
    /// When the look that is awaited is due, in milliseconds; none once all came back.
    next_lookup_due: Option<u64>,
    pending_decision: Option<Decision>,
}

/// After so many milliseconds a look is made again that could not be written down.
const RETRY_LOOKUP_AFTER_MS: u64 = 15_000;

/// Which look it is, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLookup {
    /// The intent.
    pub intent: IntentId,
    /// Which series.
    pub series: u32,
    /// Which look of it.
    pub number: usize,
    /// The product.
    pub product: String,
    /// The organization; none for a new one, for which the whole product counts.
    pub organization: Option<u64>,
    /// The orders that need no details, because they were there before.
    pub known_orders: Vec<u64>,
    /// The mark that it was sent with; blank where it had none.
    pub alternative_order_id: String,
}

impl UnresolvedOrder {
    /// Begins to look at once.
    pub(super) fn start(id: IntentId, intent: Intent, doubt: UnknownCause, now: u64) -> (Self, Vec<OrderEffect>) {
        let resolve = Resolver::new(OrderBaseline::from(&intent), SoughtOrder::from(&intent));
        let words = doubt.server_excerpt().to_owned();
        let mut open = Self {
            id,
            intent,
            cause: doubt,
            server_excerpt: words,
            resolver: resolve,
            gap: None,
            series: 0,
            next_lookup_due: None,
            pending_decision: None,
        };
        let effects = open.schedule_next_lookup(0, now);
        (open, effects)
    }

    /// Takes up an intent that was found without a known outcome.
    /// Its looks go on where they were, by the clock here at `today`, in milliseconds since 1970.
    pub(super) fn resume(entry: JournalEntry, now: u64, today: i64) -> (Self, Vec<OrderEffect>) {
        let mut resolve = Resolver::new(OrderBaseline::from(&entry.intent), SoughtOrder::from(&entry.intent));
        let mut series = 0;
        for look in &entry.lookups {
            if look.series != series {
                (resolve, series) = (resolve.restarted(), look.series);
            }
            resolve.add_stored_lookup(look);
        }
        // What passed since the last look was waited for already; a clock that was turned back changes nothing.
        let last = entry.lookups.last().map_or(0, |look| today.saturating_sub(look.time).max(0).unsigned_abs());
        let before = resolve.last_lookup_due().map_or(0, |due| due + last);
        // What has an outcome and is open has that nobody knows.
        let doubt = if entry.outcome.is_some() { UnknownCause::Unanswered } else { UnknownCause::Interrupted };
        let JournalEntry { id, intent, server_excerpt: words, .. } = entry;
        let words = words.unwrap_or_default();
        let mut open = Self {
            id,
            intent,
            cause: doubt,
            server_excerpt: words,
            resolver: resolve,
            gap: None,
            series,
            next_lookup_due: None,
            pending_decision: None,
        };
        let effects = open.schedule_next_lookup(before, now);
        (open, effects)
    }

    /// The intent's id.
    pub fn intent_id(&self) -> IntentId {
        self.id
    }

    /// What was about to be sent.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// Why nothing is known.
    pub fn cause(&self) -> &UnknownCause {
        &self.cause
    }

    /// What the server said when it was sent; blank where it said nothing, or nobody knows.
    pub fn server_excerpt(&self) -> &str {
        &self.server_excerpt
    }

    /// What is known by now.
    pub fn verdict(&self) -> Verdict {
        self.resolver.verdict()
    }

    /// The list that was not whole, and what it lacks, where a look of this run of the program met one.
    pub fn list_gap(&self) -> Option<&(ListName, ListGap)> {
        self.gap.as_ref()
    }

    /// What may be it, as far as it was seen.
    pub fn candidates(&self) -> &[Candidate] {
        self.resolver.candidates()
    }

    /// When the look that is awaited is due, in milliseconds; none once all came back.
    pub fn next_lookup_due(&self) -> Option<u64> {
        self.next_lookup_due
    }

    /// Which look is next, counted from one; none once all came back.
    pub fn next_lookup_number(&self) -> Option<usize> {
        self.resolver.next_lookup().map(|(number, _)| number + 1)
    }

    /// Whether a decision is being written down.
    pub fn is_deciding(&self) -> bool {
        self.pending_decision.is_some()
    }

    /// Whether the person may say that this order is it.
    pub fn can_adopt(&self, order: u64) -> bool {
        self.pending_decision.is_none() && self.resolver.can_adopt(order)
    }

    /// Whether the person may say that it was not placed.
    pub fn can_deny(&self) -> bool {
        self.pending_decision.is_none() && self.resolver.can_deny()
    }

    /// Whether the person may decide so by what was checked in `CertCentral`. That it was not placed takes every look, whole
    /// or not: an order may be listed late there as well.
    pub fn can_state(&self, decision: &Decision) -> bool {
        let may = match decision {
            Decision::NotPlaced => self.resolver.next_lookup().is_none(),
            Decision::Adopted { order } => !self.intent.known_set.orders.iter().flatten().any(|known| known == order),
        };
        may && self.pending_decision.is_none()
    }

    /// The next look, so long after the one before as the schedule has it.
    fn schedule_next_lookup(&mut self, before: u64, now: u64) -> Vec<OrderEffect> {
        let due = self.resolver.next_lookup().map_or(0, |(_, due)| due);
        self.schedule_lookup_after(due.saturating_sub(before), now)
    }

    /// The next look, after so long.
    fn schedule_lookup_after(&mut self, wait: u64, now: u64) -> Vec<OrderEffect> {
        let Some((number, _)) = self.resolver.next_lookup() else {
            self.next_lookup_due = None;
            return Vec::new();
        };
        self.next_lookup_due = Some(now + wait);
        let known = self.intent.known_set.orders.clone().unwrap_or_default();
        let (product, organization) = (self.intent.product.clone(), self.intent.organization);
        let mark = decode::parse_alternative_order_id(self.intent.body.as_bytes());
        let quest = OrderLookup {
            intent: self.id,
            series: self.series,
            number,
            product,
            organization,
            known_orders: known,
            alternative_order_id: mark,
        };
        vec![OrderEffect::RunLookup(Box::new(quest), wait)]
    }

    /// What happened, and what is to be done now.
    pub(super) fn handle_event(&mut self, event: OrderEvent) -> Vec<OrderEffect> {
        match event {
            OrderEvent::LookupDone(quest, look, now) => self.handle_lookup(&quest, *look, now),
            OrderEvent::Decided(decision) => self.begin_decision(decision),
            OrderEvent::StatementGiven(decision, sentence) => self.begin_statement(decision, sentence),
            OrderEvent::Refresh(now) => self.restart_lookups(now),
            _ => Vec::new(),
        }
    }

    fn handle_lookup(&mut self, quest: &OrderLookup, look: LookupData, now: u64) -> Vec<OrderEffect> {
        let Some((number, due)) = self.resolver.next_lookup() else { return Vec::new() };
        if (quest.intent, quest.series, quest.number) != (self.id, self.series, number) {
            return Vec::new();
        }
        let kept = look.write_error.is_none();
        self.gap = self.gap.take().or_else(|| look.first_gap().map(|(list, gap)| (list, gap.clone())));
        self.resolver.add_lookup(number, look);
        // One that is not in the journal is made again, after a while.
        if kept { self.schedule_next_lookup(due, now) } else { self.schedule_lookup_after(RETRY_LOOKUP_AFTER_MS, now) }
    }

    /// Looks all over again, once the looks are through.
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

    /// The decision that is being written down.
    pub(super) fn take_pending_decision(&mut self) -> Option<Decision> {
        self.pending_decision.take()
    }

    /// The order that was adopted, as far as the lists told of it.
    pub(super) fn adopted_order(&self, order: u64) -> PlacedOrder {
        let found = self.candidates().iter().find(|one| one.order == Some(order)).cloned().unwrap_or_default();
        let listed = found.requests.into_iter().map(|row| RequestState { id: row.id, status: row.status });
        let mut requests: Vec<RequestState> = listed.collect();
        for request in found.row.map(|row| row.requests).unwrap_or_default() {
            if requests.iter().all(|known| known.id != request.id) {
                requests.push(request);
            }
        }
        PlacedOrder { id: order, requests, certificate_id: None, organization_id: None }
    }
}
