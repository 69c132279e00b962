//! An order whose outcome is not known: looked for at growing pauses, until somebody decides by what was found.
//!
//! Nothing here sends an order. What may be decided, and when, is told by what the looks brought.

use super::resolve::{Before, Candidate, Look, Resolve, Sought, Verdict};
use super::{Doubt, Effect, Event, Write};
use crate::facts::{Decision, Entry, Gap, Intent, IntentId, ListName, Placed, RequestState, is_sentence};
use crate::wire;

/// An order whose outcome is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    id: IntentId,
    intent: Intent,
    doubt: Doubt,
    /// What the server said when it was sent; blank where it said nothing, or nobody knows.
    words: String,
    resolve: Resolve,
    /// The first list of this series that was not whole, and what it lacks. The journal keeps only what follows from it.
    gap: Option<(ListName, Gap)>,
    /// Which series of looks it is: a look of an earlier one is dropped.
    series: u32,
    /// When the look that is awaited is due, in milliseconds; none once all came back.
    due: Option<u64>,
    deciding: Option<Decision>,
}

/// After so many milliseconds a look is made again that could not be written down.
const LATER: u64 = 15_000;

/// Which look it is, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quest {
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
    pub known: Vec<u64>,
    /// The mark that it was sent with; blank where it had none.
    pub mark: String,
}

impl Open {
    /// Begins to look at once.
    pub(super) fn begin(id: IntentId, intent: Intent, doubt: Doubt, now: u64) -> (Self, Vec<Effect>) {
        let resolve = Resolve::new(Before::from(&intent), Sought::from(&intent));
        let words = doubt.words().to_owned();
        let mut open = Self { id, intent, doubt, words, resolve, gap: None, series: 0, due: None, deciding: None };
        let effects = open.ask(0, now);
        (open, effects)
    }

    /// Takes up an intent that was found without a known outcome.
    /// Its looks go on where they were, by the clock here at `today`, in milliseconds since 1970.
    pub(super) fn found(entry: Entry, now: u64, today: i64) -> (Self, Vec<Effect>) {
        let mut resolve = Resolve::new(Before::from(&entry.intent), Sought::from(&entry.intent));
        let mut series = 0;
        for look in &entry.looks {
            if look.series != series {
                (resolve, series) = (resolve.again(), look.series);
            }
            resolve.restore(look);
        }
        // What passed since the last look was waited for already; a clock that was turned back changes nothing.
        let last = entry.looks.last().map_or(0, |look| today.saturating_sub(look.time).max(0).unsigned_abs());
        let before = resolve.made().map_or(0, |due| due + last);
        // What has an outcome and is open has that nobody knows.
        let doubt = if entry.outcome.is_some() { Doubt::Unanswered } else { Doubt::Earlier };
        let Entry { id, intent, words, .. } = entry;
        let words = words.unwrap_or_default();
        let mut open = Self { id, intent, doubt, words, resolve, gap: None, series, due: None, deciding: None };
        let effects = open.ask(before, now);
        (open, effects)
    }

    /// The intent's id.
    pub fn id(&self) -> IntentId {
        self.id
    }

    /// What was about to be sent.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// Why nothing is known.
    pub fn doubt(&self) -> &Doubt {
        &self.doubt
    }

    /// What the server said when it was sent; blank where it said nothing, or nobody knows.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What is known by now.
    pub fn verdict(&self) -> Verdict {
        self.resolve.verdict()
    }

    /// The list that was not whole, and what it lacks, where a look of this run of the program met one.
    pub fn gap(&self) -> Option<&(ListName, Gap)> {
        self.gap.as_ref()
    }

    /// What may be it, as far as it was seen.
    pub fn candidates(&self) -> &[Candidate] {
        self.resolve.candidates()
    }

    /// When the look that is awaited is due, in milliseconds; none once all came back.
    pub fn due(&self) -> Option<u64> {
        self.due
    }

    /// Which look is next, counted from one; none once all came back.
    pub fn next_look(&self) -> Option<usize> {
        self.resolve.next().map(|(number, _)| number + 1)
    }

    /// Whether a decision is being written down.
    pub fn is_deciding(&self) -> bool {
        self.deciding.is_some()
    }

    /// Whether the person may say that this order is it.
    pub fn may_adopt(&self, order: u64) -> bool {
        self.deciding.is_none() && self.resolve.may_adopt(order)
    }

    /// Whether the person may say that it was not placed.
    pub fn may_deny(&self) -> bool {
        self.deciding.is_none() && self.resolve.may_deny()
    }

    /// Whether the person may decide so by what was checked in `CertCentral`. That it was not placed takes every look, whole
    /// or not: an order may be listed late there as well.
    pub fn may_state(&self, decision: &Decision) -> bool {
        let may = match decision {
            Decision::NotPlaced => self.resolve.next().is_none(),
            Decision::Adopted { order } => !self.intent.known.orders.iter().flatten().any(|known| known == order),
        };
        may && self.deciding.is_none()
    }

    /// The next look, so long after the one before as the schedule has it.
    fn ask(&mut self, before: u64, now: u64) -> Vec<Effect> {
        let due = self.resolve.next().map_or(0, |(_, due)| due);
        self.ask_after(due.saturating_sub(before), now)
    }

    /// The next look, after so long.
    fn ask_after(&mut self, wait: u64, now: u64) -> Vec<Effect> {
        let Some((number, _)) = self.resolve.next() else {
            self.due = None;
            return Vec::new();
        };
        self.due = Some(now + wait);
        let known = self.intent.known.orders.clone().unwrap_or_default();
        let (product, organization) = (self.intent.product.clone(), self.intent.organization);
        let mark = wire::mark(self.intent.body.as_bytes());
        let quest = Quest { intent: self.id, series: self.series, number, product, organization, known, mark };
        vec![Effect::Look(Box::new(quest), wait)]
    }

    /// What happened, and what is to be done now.
    pub(super) fn step(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Looked(quest, look, now) => self.look(&quest, *look, now),
            Event::Decided(decision) => self.decide(decision),
            Event::Stated(decision, sentence) => self.state(decision, sentence),
            Event::Refresh(now) => self.again(now),
            _ => Vec::new(),
        }
    }

    fn look(&mut self, quest: &Quest, look: Look, now: u64) -> Vec<Effect> {
        let Some((number, due)) = self.resolve.next() else { return Vec::new() };
        if (quest.intent, quest.series, quest.number) != (self.id, self.series, number) {
            return Vec::new();
        }
        let kept = look.unkept.is_none();
        self.gap = self.gap.take().or_else(|| look.gap().map(|(list, gap)| (list, gap.clone())));
        self.resolve.look(number, look);
        // One that is not in the journal is made again, after a while.
        if kept { self.ask(due, now) } else { self.ask_after(LATER, now) }
    }

    /// Looks all over again, once the looks are through.
    fn again(&mut self, now: u64) -> Vec<Effect> {
        if self.resolve.next().is_some() || self.deciding.is_some() {
            return Vec::new();
        }
        self.series += 1;
        (self.resolve, self.gap) = (self.resolve.again(), None);
        self.ask(0, now)
    }

    fn decide(&mut self, decision: Decision) -> Vec<Effect> {
        let may = match decision {
            Decision::Adopted { order } => self.may_adopt(order),
            Decision::NotPlaced => self.may_deny(),
        };
        if !may {
            return Vec::new();
        }
        self.deciding = Some(decision.clone());
        vec![Effect::Write(Write::Decision(self.id, decision))]
    }

    fn state(&mut self, decision: Decision, sentence: String) -> Vec<Effect> {
        if !(is_sentence(&sentence) && self.may_state(&decision)) {
            return Vec::new();
        }
        self.deciding = Some(decision.clone());
        vec![Effect::Write(Write::Statement(self.id, decision, sentence))]
    }

    /// The decision that is being written down.
    pub(super) fn take_decision(&mut self) -> Option<Decision> {
        self.deciding.take()
    }

    /// The order that was adopted, as far as the lists told of it.
    pub(super) fn adopted(&self, order: u64) -> Placed {
        let found = self.candidates().iter().find(|one| one.order == Some(order)).cloned().unwrap_or_default();
        let listed = found.requests.into_iter().map(|row| RequestState { id: row.id, status: row.status });
        let mut requests: Vec<RequestState> = listed.collect();
        for request in found.row.map(|row| row.requests).unwrap_or_default() {
            if requests.iter().all(|known| known.id != request.id) {
                requests.push(request);
            }
        }
        Placed { id: order, requests, certificate_id: None, organization_id: None }
    }
}
