//! The order machine: the states of one order, from preflight through intent, submission and outcome to polling. An
//! unknown outcome is resolved by lookups until a person decides.
//!
//! It is a pure state machine without screens, clock or network: events go in, effects come out as data. Everything
//! serves one rule: a confirmation sends exactly once, after a preflight and with the intent on disk, and nothing
//! else ever sends. The wizard and the commands use the same machine.

mod clock_skew;
pub mod executor;
mod matching;
mod outcome;
mod preflight;
pub mod resolve;
mod similar_orders;
mod status_polling;
mod unresolved;

pub use clock_skew::{ClockSkew, LocalTimes};
pub use outcome::{Outcome, UnknownCause, classify_result};
pub use preflight::{JournalRecords, JournaledOrder, OrderPlan, PreflightData, PreflightExtras, PreflightReport};
pub use similar_orders::SimilarOrder;
pub use status_polling::{OrderPolling, PollReply, PollResult, PollRound, is_status_under_way};
pub use unresolved::{OrderLookup, UnresolvedOrder};

use crate::domain::{
    Decision, Intent, IntentId, JournalEntry, PersistenceError, PlacedOrder, RecordedOutcome, SendResult, ServerError,
    TransportError,
};
use crate::secret::SecretBytes;
use resolve::LookupData;

/// The state of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderMachine {
    /// Nothing was sent, or the order that was sent is known not to have been placed.
    Ready,
    /// The order is about to be confirmed. The report is `None` while the preflight runs.
    Planned(Box<OrderPlan>, Option<Box<PreflightReport>>),
    /// The order was confirmed at this time, in milliseconds, and its intent is being written.
    Recording(SecretBytes, u64),
    /// The order is being sent since this time, in milliseconds, for the intent with this id.
    Sending(Box<Intent>, IntentId, u64),
    /// The order was placed and is being polled.
    Placed(Box<OrderPolling>),
    /// The order may have been placed.
    Unknown(Box<UnresolvedOrder>),
}

/// An event of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderEvent {
    /// This order is about to be confirmed.
    Planned(Box<OrderPlan>),
    /// The preflight with this number ended at this time, in milliseconds.
    PreflightDone(u64, Box<PreflightData>, u64),
    /// The person confirmed this body at this time, in milliseconds.
    Confirmed(SecretBytes, u64),
    /// The intent is on disk, or could not be written.
    IntentRecorded(Result<Box<JournalEntry>, PersistenceError>),
    /// The attempt to send the order ended at this time, in milliseconds.
    SendFinished(SendResult, u64),
    /// The outcome is on disk, or could not be written.
    OutcomeRecorded(Result<(), PersistenceError>),
    /// An intent without a known outcome was found. The first time is in milliseconds of the machine's clock, the
    /// second in milliseconds since 1970 by the local clock.
    OpenIntentFound(Box<JournalEntry>, u64, i64),
    /// A lookup ended at this time, in milliseconds.
    LookupDone(Box<OrderLookup>, Box<LookupData>, u64),
    /// The person decided about the unknown outcome.
    Decided(Decision),
    /// The person decided by a check in `CertCentral`; the text says what was checked.
    StatementGiven(Decision, String),
    /// The decision is on disk or could not be written, at this time in milliseconds.
    DecisionRecorded(Result<(), PersistenceError>, u64),
    /// An order that was placed earlier is to be polled from this time, in milliseconds.
    PollingRequested(Box<PlacedOrder>, u64),
    /// An answer about the placed order arrived at this time, in milliseconds.
    PollReplied(PollReply, u64),
    /// The pause after this round is over.
    PollPauseEnded(PollRound),
    /// The person asks for a new lookup or poll at this time, in milliseconds.
    Refresh(u64),
}

/// An action that the machine requests.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderEffect {
    /// Run the preflight.
    RunPreflight(Box<OrderPlan>),
    /// Write to the journal.
    Write(JournalWrite),
    /// Send the body, once.
    SendOrder(SecretBytes),
    /// Wait this many milliseconds, and run the lookup.
    RunLookup(Box<OrderLookup>, u64),
    /// Fetch the approval request with this id, for this round.
    FetchRequest(PollRound, u64),
    /// Fetch the order with this id, for this round.
    FetchOrder(PollRound, u64),
    /// Wait this many milliseconds after this round.
    WaitForRound(PollRound, u64),
}

/// What is to be written to the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum JournalWrite {
    /// The intent, and the journal records that the person saw before it. The writer adds the local time.
    Intent(Box<Intent>, ShownRecords),
    /// The outcome, and an excerpt of the server's words, short and without secrets. Blank if the server said
    /// nothing.
    Outcome(IntentId, RecordedOutcome, String),
    /// The person's decision.
    Decision(IntentId, Decision),
    /// The person's decision, and what they say to have checked. The writer adds the time and the user.
    Statement(IntentId, Decision, String),
}

/// The journal records that the person saw before an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownRecords {
    /// Orders that were placed from this computer.
    pub orders: Vec<u64>,
    /// The ids of journal losses. Placing the order acknowledges them.
    pub losses: Vec<i64>,
}

/// What an event means for the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderTransition {
    /// Nothing changed that matters for the choice of screen.
    Stay,
    /// The order was confirmed and is under way.
    Sent,
    /// The preflight was too old. It runs again, and the order must be confirmed again.
    PreflightExpired,
    Placed,
    /// The server refused the order with this status, for these reasons.
    Refused(u16, Vec<ServerError>),
    /// The order never left this machine, for this reason.
    NotSent(TransportError),
    /// The outcome is unknown.
    Unknown,
    /// The intent could not be written, so the order was not sent.
    NotRecorded(PersistenceError),
    /// The outcome or the decision could not be written.
    NotSaved(PersistenceError),
    /// The person decided that the order was not placed.
    NotPlaced,
}

impl OrderTransition {
    fn without_effects(self) -> (Self, Vec<OrderEffect>) {
        (self, Vec::new())
    }
}

impl OrderMachine {
    /// Handles an event and returns the transition for the screen and the effects to run.
    pub fn handle_event(&mut self, event: OrderEvent) -> (OrderTransition, Vec<OrderEffect>) {
        match (&mut *self, event) {
            (Self::Ready | Self::Planned(..), OrderEvent::Planned(plan)) => {
                let effect = OrderEffect::RunPreflight(plan.clone());
                *self = Self::Planned(plan, None);
                (OrderTransition::Stay, vec![effect])
            }
            (Self::Planned(plan, report), OrderEvent::PreflightDone(number, survey, now))
                if plan.preflight_number == number =>
            {
                *report = Some(Box::new(PreflightReport::from_data(*survey, &plan.intent, now)));
                OrderTransition::Stay.without_effects()
            }
            (Self::Planned(..), OrderEvent::Confirmed(body, now)) => self.confirm_order(body, now),
            (Self::Recording(..), OrderEvent::IntentRecorded(recorded)) => self.on_intent_recorded(recorded),
            (Self::Sending(..), OrderEvent::SendFinished(answer, now)) => {
                self.finish_sending(classify_result(answer), now)
            }
            (Self::Ready | Self::Planned(..), OrderEvent::OpenIntentFound(entry, now, today)) => {
                let (open, effects) = UnresolvedOrder::resume(*entry, now, today);
                *self = Self::Unknown(Box::new(open));
                (OrderTransition::Unknown, effects)
            }
            (Self::Ready | Self::Placed(_), OrderEvent::PollingRequested(placed, now)) => {
                self.start_polling(*placed, now)
            }
            (Self::Unknown(open), event) => match event {
                OrderEvent::DecisionRecorded(result, now) => self.on_decision_recorded(result, now),
                event => (report_write_failure(&event), open.handle_event(event)),
            },
            (Self::Placed(follow), event) => (report_write_failure(&event), follow.handle_event(event)),
            (_, event) => report_write_failure(&event).without_effects(),
        }
    }

    /// A confirmation proceeds from here at most once: with a recent preflight, and with nothing that blocks it.
    fn confirm_order(&mut self, body: SecretBytes, now: u64) -> (OrderTransition, Vec<OrderEffect>) {
        let Self::Planned(plan, Some(report)) = self else { return OrderTransition::Stay.without_effects() };
        if !report.can_proceed() {
            return OrderTransition::Stay.without_effects();
        }
        if report.is_expired(now) {
            let plan = plan.clone();
            *self = Self::Planned(plan.clone(), None);
            return (OrderTransition::PreflightExpired, vec![OrderEffect::RunPreflight(plan)]);
        }
        let (intent, records) = (report.complete_intent(&plan.intent), report.shown_records());
        *self = Self::Recording(body, now);
        (OrderTransition::Sent, vec![OrderEffect::Write(JournalWrite::Intent(Box::new(intent), records))])
    }

    /// The body leaves only with the intent on disk.
    fn on_intent_recorded(
        &mut self,
        recorded: Result<Box<JournalEntry>, PersistenceError>,
    ) -> (OrderTransition, Vec<OrderEffect>) {
        match (std::mem::replace(self, Self::Ready), recorded) {
            (Self::Recording(body, since), Ok(entry)) => {
                *self = Self::Sending(Box::new(entry.intent), entry.id, since);
                (OrderTransition::Stay, vec![OrderEffect::SendOrder(body)])
            }
            (_, Err(unkept)) => OrderTransition::NotRecorded(unkept).without_effects(),
            (before, Ok(_)) => {
                *self = before;
                OrderTransition::Stay.without_effects()
            }
        }
    }

    fn finish_sending(&mut self, outcome: Outcome, now: u64) -> (OrderTransition, Vec<OrderEffect>) {
        let Self::Sending(intent, id, _) = std::mem::replace(self, Self::Ready) else {
            return OrderTransition::Stay.without_effects();
        };
        let keep = OrderEffect::Write(JournalWrite::Outcome(id, outcome.to_recorded(), outcome.server_excerpt()));
        let (turn, effects) = match outcome {
            Outcome::Placed(placed) => self.start_polling(placed, now),
            Outcome::Refused(status, errors) => OrderTransition::Refused(status, errors).without_effects(),
            Outcome::NotSent(reason) => OrderTransition::NotSent(reason).without_effects(),
            Outcome::Unknown(doubt) => {
                let (open, effects) = UnresolvedOrder::start(id, *intent, doubt, now);
                *self = Self::Unknown(Box::new(open));
                (OrderTransition::Unknown, effects)
            }
        };
        (turn, std::iter::once(keep).chain(effects).collect())
    }

    fn start_polling(&mut self, placed: PlacedOrder, now: u64) -> (OrderTransition, Vec<OrderEffect>) {
        let (follow, effects) = OrderPolling::start(placed, now);
        *self = Self::Placed(Box::new(follow));
        (OrderTransition::Placed, effects)
    }

    /// A decision takes effect once it is on disk.
    fn on_decision_recorded(
        &mut self,
        result: Result<(), PersistenceError>,
        now: u64,
    ) -> (OrderTransition, Vec<OrderEffect>) {
        let Self::Unknown(open) = self else { return OrderTransition::Stay.without_effects() };
        match (open.take_pending_decision(), result) {
            (None, _) => OrderTransition::Stay.without_effects(),
            (Some(_), Err(unkept)) => OrderTransition::NotSaved(unkept).without_effects(),
            (Some(Decision::Adopted { order }), Ok(())) => {
                let placed = open.adopted_order(order);
                self.start_polling(placed, now)
            }
            (Some(Decision::NotPlaced), Ok(())) => {
                *self = Self::Ready;
                OrderTransition::NotPlaced.without_effects()
            }
        }
    }

    /// Returns true if an order is being recorded or sent, or if its outcome is unknown.
    pub fn is_outcome_open(&self) -> bool {
        matches!(self, Self::Recording(..) | Self::Sending(..) | Self::Unknown(_))
    }

    /// Returns the time of the confirmation in milliseconds, while the order is being recorded or sent.
    pub fn sending_since(&self) -> Option<u64> {
        match self {
            Self::Recording(_, since) | Self::Sending(_, _, since) => Some(*since),
            _ => None,
        }
    }

    /// Returns the order with an unknown outcome.
    pub fn unresolved_order(&self) -> Option<&UnresolvedOrder> {
        match self {
            Self::Unknown(open) => Some(open),
            _ => None,
        }
    }

    /// Returns the preflight report of the order that is about to be confirmed.
    pub fn preflight_report(&self) -> Option<&PreflightReport> {
        match self {
            Self::Planned(_, report) => report.as_deref(),
            _ => None,
        }
    }

    pub fn placed_order(&self) -> Option<&PlacedOrder> {
        match self {
            Self::Placed(follow) => Some(follow.placed_order()),
            _ => None,
        }
    }
}

/// Reports a failed write of the outcome. Any state reports it, because the write may end in a later state.
fn report_write_failure(event: &OrderEvent) -> OrderTransition {
    match event {
        OrderEvent::OutcomeRecorded(Err(unkept)) => OrderTransition::NotSaved(unkept.clone()),
        _ => OrderTransition::Stay,
    }
}

#[cfg(test)]
mod tests;
