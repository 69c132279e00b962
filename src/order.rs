//! The course of one order: what there is before it, the intent, the one request, its outcome, and where that is not
//! known, looking until somebody decides; then its requests are followed.
//!
//! A pure state machine without screens, clock or network: events go in, effects come out as data. The one rule
//! that everything serves: a confirmation sends exactly once, after a survey and with an intent on disk, and nothing
//! else ever sends. The wizard and the commands drive the same course.

mod clock_skew;
pub mod executor;
mod matching;
mod outcome;
mod polling;
mod preflight;
pub mod resolve;
mod similar_orders;
mod unresolved;

pub use clock_skew::{ClockSkew, LocalTimes};
pub use outcome::{Outcome, UnknownCause, classify_result};
pub use polling::{OrderPolling, PollReply, PollResult, PollRound, is_status_under_way};
pub use preflight::{JournalRecords, JournaledOrder, OrderPlan, PreflightData, PreflightExtras, PreflightReport};
pub use similar_orders::SimilarOrder;
pub use unresolved::{OrderLookup, UnresolvedOrder};

use crate::domain::{
    Decision, Intent, IntentId, JournalEntry, PersistenceError, PlacedOrder, RecordedOutcome, SendResult, ServerError,
    TransportError,
};
use crate::secret::SecretBytes;
use resolve::LookupData;

/// Where an order is.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderMachine {
    /// Nothing was sent, or what was sent is known not to have been placed.
    Ready,
    /// It is about to be confirmed; what there is before it is looked at, or was.
    Planned(Box<OrderPlan>, Option<Box<PreflightReport>>),
    /// It was confirmed at this time, in milliseconds, and its intent is being written down.
    Recording(SecretBytes, u64),
    /// The one request is under way since this time, in milliseconds, for the intent of this id.
    Sending(Box<Intent>, IntentId, u64),
    /// It was placed, and is followed.
    Placed(Box<OrderPolling>),
    /// It may have been placed.
    Unknown(Box<UnresolvedOrder>),
}

/// What happens to an order.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderEvent {
    /// This is about to be confirmed.
    Planned(Box<OrderPlan>),
    /// The survey of this number is in, at this time, in milliseconds.
    PreflightDone(u64, Box<PreflightData>, u64),
    /// The person confirmed this body, at this time.
    Confirmed(SecretBytes, u64),
    /// The intent is on disk, or is not.
    IntentRecorded(Result<Box<JournalEntry>, PersistenceError>),
    /// How the attempt to send it ended.
    SendFinished(SendResult, u64),
    /// What became of it is on disk, or is not.
    OutcomeRecorded(Result<(), PersistenceError>),
    /// An intent was found of which no outcome is known, at this time, which is so many milliseconds since 1970 by the
    /// clock here.
    OpenIntentFound(Box<JournalEntry>, u64, i64),
    /// What a look brought.
    LookupDone(Box<OrderLookup>, Box<LookupData>, u64),
    /// The person decides about it.
    Decided(Decision),
    /// The person decides about it by what was checked in `CertCentral`, and says what that is.
    StatementGiven(Decision, String),
    /// The decision is on disk, or is not, at this time.
    DecisionRecorded(Result<(), PersistenceError>, u64),
    /// An order that was placed before is to be followed, from this time.
    PollingRequested(Box<PlacedOrder>, u64),
    /// An answer about the placed order.
    PollReplied(PollReply, u64),
    /// The pause before this round of questions is over.
    PollPauseEnded(PollRound),
    /// The person wants to know now.
    Refresh(u64),
}

/// What is to be done for an order.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderEffect {
    /// Look what there is before it.
    RunPreflight(Box<OrderPlan>),
    /// Write something down.
    Write(JournalWrite),
    /// Send the body, once.
    SendOrder(SecretBytes),
    /// Wait so many milliseconds, and look for it.
    RunLookup(Box<OrderLookup>, u64),
    /// Ask for a request, in this round.
    FetchRequest(PollRound, u64),
    /// Ask for the order, in this round.
    FetchOrder(PollRound, u64),
    /// Wait so many milliseconds before this round.
    WaitForRound(PollRound, u64),
}

/// What is to be written down.
#[derive(Debug, Clone, PartialEq)]
pub enum JournalWrite {
    /// The intent, and what the person was told of before it. The time here is put in then.
    Intent(Box<Intent>, ShownRecords),
    /// What became of it, and what the server said of it, short and without secrets; blank where it said nothing.
    Outcome(IntentId, RecordedOutcome, String),
    /// What was decided about it.
    Decision(IntentId, Decision),
    /// What was decided about it, and what the person says to have checked. Time and user are put in then.
    Statement(IntentId, Decision, String),
}

/// What the person was told of before an order, out of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownRecords {
    /// Orders that were placed from here.
    pub orders: Vec<u64>,
    /// What the journal has lost; ordering all the same acknowledges it.
    pub losses: Vec<i64>,
}

/// What the screen should do about an event.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderTransition {
    /// Nothing changed that matters to a screen's choice.
    Stay,
    /// The order is under way.
    Sent,
    /// What there was before it was looked at too long ago: it is looked at again, and is to be confirmed anew.
    PreflightExpired,
    /// It was placed.
    Placed,
    /// It was refused, for these reasons.
    Refused(u16, Vec<ServerError>),
    /// It never left this machine, for this reason.
    NotSent(TransportError),
    /// Nobody knows.
    Unknown,
    /// Its intent could not be written down, so that it was not sent.
    NotRecorded(PersistenceError),
    /// What became of it, or what was decided, could not be written down.
    NotSaved(PersistenceError),
    /// It was decided that it was not placed.
    NotPlaced,
}

impl OrderTransition {
    fn without_effects(self) -> (Self, Vec<OrderEffect>) {
        (self, Vec::new())
    }
}

impl OrderMachine {
    /// What happened, and what is to be done now.
    pub fn handle_event(&mut self, event: OrderEvent) -> (OrderTransition, Vec<OrderEffect>) {
        match (&mut *self, event) {
            (Self::Ready | Self::Planned(..), OrderEvent::Planned(plan)) => {
                let effect = OrderEffect::RunPreflight(plan.clone());
                *self = Self::Planned(plan, None);
                (OrderTransition::Stay, vec![effect])
            }
            (Self::Planned(plan, ground), OrderEvent::PreflightDone(number, survey, now))
                if plan.preflight_number == number =>
            {
                *ground = Some(Box::new(PreflightReport::from_data(*survey, &plan.intent, now)));
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
                OrderEvent::DecisionRecorded(kept, now) => self.on_decision_recorded(kept, now),
                event => (report_write_failure(&event), open.handle_event(event)),
            },
            (Self::Placed(follow), event) => (report_write_failure(&event), follow.handle_event(event)),
            (_, event) => report_write_failure(&event).without_effects(),
        }
    }

    /// From here a confirmation goes on once: with a survey of just now, and with nothing in the way.
    fn confirm_order(&mut self, body: SecretBytes, now: u64) -> (OrderTransition, Vec<OrderEffect>) {
        let Self::Planned(plan, Some(ground)) = self else { return OrderTransition::Stay.without_effects() };
        if !ground.can_proceed() {
            return OrderTransition::Stay.without_effects();
        }
        if ground.is_expired(now) {
            let plan = plan.clone();
            *self = Self::Planned(plan.clone(), None);
            return (OrderTransition::PreflightExpired, vec![OrderEffect::RunPreflight(plan)]);
        }
        let (intent, told) = (ground.complete_intent(&plan.intent), ground.shown_records());
        *self = Self::Recording(body, now);
        (OrderTransition::Sent, vec![OrderEffect::Write(JournalWrite::Intent(Box::new(intent), told))])
    }

    /// Only with the intent on disk the body leaves.
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

    /// A decision counts once it is on disk.
    fn on_decision_recorded(
        &mut self,
        kept: Result<(), PersistenceError>,
        now: u64,
    ) -> (OrderTransition, Vec<OrderEffect>) {
        let Self::Unknown(open) = self else { return OrderTransition::Stay.without_effects() };
        match (open.take_pending_decision(), kept) {
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

    /// Whether an order may have left, and how it ended is not known.
    pub fn is_outcome_open(&self) -> bool {
        matches!(self, Self::Recording(..) | Self::Sending(..) | Self::Unknown(_))
    }

    /// Since when an order is under way, in milliseconds.
    pub fn sending_since(&self) -> Option<u64> {
        match self {
            Self::Recording(_, since) | Self::Sending(_, _, since) => Some(*since),
            _ => None,
        }
    }

    /// The order whose outcome is not known.
    pub fn unresolved_order(&self) -> Option<&UnresolvedOrder> {
        match self {
            Self::Unknown(open) => Some(open),
            _ => None,
        }
    }

    /// What there is before the order that is about to be confirmed.
    pub fn preflight_report(&self) -> Option<&PreflightReport> {
        match self {
            Self::Planned(_, ground) => ground.as_deref(),
            _ => None,
        }
    }

    /// The order that was placed.
    pub fn placed_order(&self) -> Option<&PlacedOrder> {
        match self {
            Self::Placed(follow) => Some(follow.placed_order()),
            _ => None,
        }
    }
}

/// That something could not be written down is said wherever one is.
fn report_write_failure(event: &OrderEvent) -> OrderTransition {
    match event {
        OrderEvent::OutcomeRecorded(Err(unkept)) => OrderTransition::NotSaved(unkept.clone()),
        _ => OrderTransition::Stay,
    }
}

#[cfg(test)]
mod tests;
