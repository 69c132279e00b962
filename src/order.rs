//! The course of one order: what there is before it, the intent, the one request, its outcome, and where that is not
//! known, looking until somebody decides; then its requests are followed.
//!
//! A pure state machine without screens, clock or network: events go in, effects come out as data. The one rule
//! that everything serves: a confirmation sends exactly once, after a survey and with an intent on disk, and nothing
//! else ever sends. The wizard and the commands drive the same course.

mod alike;
mod classify;
mod clocks;
pub mod drive;
mod follow;
mod near;
mod open;
pub mod resolve;
mod survey;

pub use alike::Alike;
pub use classify::{Doubt, Outcome, classify};
pub use clocks::{Differ, Here};
pub use follow::{Follow, Heard, Round, Told, is_under_way};
pub use open::{Open, Quest};
pub use survey::{Beside, Ground, Past, Plan, Records, Survey};

use crate::facts::{Answer, Decision, Ended, Entry, Intent, IntentId, Placed, Reason, ServerError, Unkept};
use crate::secret::SecretBytes;
use resolve::Look;

/// Where an order is.
#[derive(Debug, Clone, PartialEq)]
pub enum Course {
    /// Nothing was sent, or what was sent is known not to have been placed.
    Ready,
    /// It is about to be confirmed; what there is before it is looked at, or was.
    Planned(Box<Plan>, Option<Box<Ground>>),
    /// It was confirmed at this time, in milliseconds, and its intent is being written down.
    Recording(SecretBytes, u64),
    /// The one request is under way since this time, in milliseconds, for the intent of this id.
    Sending(Box<Intent>, IntentId, u64),
    /// It was placed, and is followed.
    Placed(Box<Follow>),
    /// It may have been placed.
    Unknown(Box<Open>),
}

/// What happens to an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// This is about to be confirmed.
    Planned(Box<Plan>),
    /// The survey of this number is in, at this time, in milliseconds.
    Surveyed(u64, Box<Survey>, u64),
    /// The person confirmed this body, at this time.
    Confirmed(SecretBytes, u64),
    /// The intent is on disk, or is not.
    Recorded(Result<Box<Entry>, Unkept>),
    /// How the attempt to send it ended.
    Answered(Answer, u64),
    /// What became of it is on disk, or is not.
    Kept(Result<(), Unkept>),
    /// An intent was found of which no outcome is known, at this time, which is so many milliseconds since 1970 by the
    /// clock here.
    Found(Box<Entry>, u64, i64),
    /// What a look brought.
    Looked(Box<Quest>, Box<Look>, u64),
    /// The person decides about it.
    Decided(Decision),
    /// The person decides about it by what was checked in `CertCentral`, and says what that is.
    Stated(Decision, String),
    /// The decision is on disk, or is not, at this time.
    DecisionKept(Result<(), Unkept>, u64),
    /// An order that was placed before is to be followed, from this time.
    Followed(Box<Placed>, u64),
    /// An answer about the placed order.
    Heard(Heard, u64),
    /// The pause before this round of questions is over.
    Waited(Round),
    /// The person wants to know now.
    Refresh(u64),
}

/// What is to be done for an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Look what there is before it.
    Survey(Box<Plan>),
    /// Write something down.
    Write(Write),
    /// Send the body, once.
    Send(SecretBytes),
    /// Wait so many milliseconds, and look for it.
    Look(Box<Quest>, u64),
    /// Ask for a request, in this round.
    AskRequest(Round, u64),
    /// Ask for the order, in this round.
    AskOrder(Round, u64),
    /// Wait so many milliseconds before this round.
    Wait(Round, u64),
}

/// What is to be written down.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// The intent, and what the person was told of before it. The time here is put in then.
    Intent(Box<Intent>, ToldOf),
    /// What became of it, and what the server said of it, short and without secrets; blank where it said nothing.
    Ended(IntentId, Ended, String),
    /// What was decided about it.
    Decision(IntentId, Decision),
    /// What was decided about it, and what the person says to have checked. Time and user are put in then.
    Statement(IntentId, Decision, String),
}

/// What the person was told of before an order, out of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldOf {
    /// Orders that were placed from here.
    pub orders: Vec<u64>,
    /// What the journal has lost; ordering all the same acknowledges it.
    pub losses: Vec<i64>,
}

/// What the screen should do about an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// Nothing changed that matters to a screen's choice.
    Stay,
    /// The order is under way.
    Sent,
    /// What there was before it was looked at too long ago: it is looked at again, and is to be confirmed anew.
    Aged,
    /// It was placed.
    Placed,
    /// It was refused, for these reasons.
    Refused(u16, Vec<ServerError>),
    /// It never left this machine, for this reason.
    NotSent(Reason),
    /// Nobody knows.
    Unknown,
    /// Its intent could not be written down, so that it was not sent.
    NotRecorded(Unkept),
    /// What became of it, or what was decided, could not be written down.
    NotKept(Unkept),
    /// It was decided that it was not placed.
    NotPlaced,
}

impl Turn {
    fn alone(self) -> (Self, Vec<Effect>) {
        (self, Vec::new())
    }
}

impl Course {
    /// What happened, and what is to be done now.
    pub fn step(&mut self, event: Event) -> (Turn, Vec<Effect>) {
        match (&mut *self, event) {
            (Self::Ready | Self::Planned(..), Event::Planned(plan)) => {
                let effect = Effect::Survey(plan.clone());
                *self = Self::Planned(plan, None);
                (Turn::Stay, vec![effect])
            }
            (Self::Planned(plan, ground), Event::Surveyed(number, survey, now)) if plan.number == number => {
                *ground = Some(Box::new(Ground::of(*survey, &plan.intent, now)));
                Turn::Stay.alone()
            }
            (Self::Planned(..), Event::Confirmed(body, now)) => self.confirm(body, now),
            (Self::Recording(..), Event::Recorded(recorded)) => self.recorded(recorded),
            (Self::Sending(..), Event::Answered(answer, now)) => self.end(classify(answer), now),
            (Self::Ready | Self::Planned(..), Event::Found(entry, now, today)) => {
                let (open, effects) = Open::found(*entry, now, today);
                *self = Self::Unknown(Box::new(open));
                (Turn::Unknown, effects)
            }
            (Self::Ready | Self::Placed(_), Event::Followed(placed, now)) => self.follow(*placed, now),
            (Self::Unknown(open), event) => match event {
                Event::DecisionKept(kept, now) => self.decided(kept, now),
                event => (kept_or_stay(&event), open.step(event)),
            },
            (Self::Placed(follow), event) => (kept_or_stay(&event), follow.step(event)),
            (_, event) => kept_or_stay(&event).alone(),
        }
    }

    /// From here a confirmation goes on once: with a survey of just now, and with nothing in the way.
    fn confirm(&mut self, body: SecretBytes, now: u64) -> (Turn, Vec<Effect>) {
        let Self::Planned(plan, Some(ground)) = self else { return Turn::Stay.alone() };
        if !ground.goes() {
            return Turn::Stay.alone();
        }
        if ground.is_aged(now) {
            let plan = plan.clone();
            *self = Self::Planned(plan.clone(), None);
            return (Turn::Aged, vec![Effect::Survey(plan)]);
        }
        let (intent, told) = (ground.complete(&plan.intent), ground.told_of());
        *self = Self::Recording(body, now);
        (Turn::Sent, vec![Effect::Write(Write::Intent(Box::new(intent), told))])
    }

    /// Only with the intent on disk the body leaves.
    fn recorded(&mut self, recorded: Result<Box<Entry>, Unkept>) -> (Turn, Vec<Effect>) {
        match (std::mem::replace(self, Self::Ready), recorded) {
            (Self::Recording(body, since), Ok(entry)) => {
                *self = Self::Sending(Box::new(entry.intent), entry.id, since);
                (Turn::Stay, vec![Effect::Send(body)])
            }
            (_, Err(unkept)) => Turn::NotRecorded(unkept).alone(),
            (before, Ok(_)) => {
                *self = before;
                Turn::Stay.alone()
            }
        }
    }

    fn end(&mut self, outcome: Outcome, now: u64) -> (Turn, Vec<Effect>) {
        let Self::Sending(intent, id, _) = std::mem::replace(self, Self::Ready) else { return Turn::Stay.alone() };
        let keep = Effect::Write(Write::Ended(id, outcome.ended(), outcome.words()));
        let (turn, effects) = match outcome {
            Outcome::Placed(placed) => self.follow(placed, now),
            Outcome::Refused(status, errors) => Turn::Refused(status, errors).alone(),
            Outcome::NotSent(reason) => Turn::NotSent(reason).alone(),
            Outcome::Unknown(doubt) => {
                let (open, effects) = Open::begin(id, *intent, doubt, now);
                *self = Self::Unknown(Box::new(open));
                (Turn::Unknown, effects)
            }
        };
        (turn, std::iter::once(keep).chain(effects).collect())
    }

    fn follow(&mut self, placed: Placed, now: u64) -> (Turn, Vec<Effect>) {
        let (follow, effects) = Follow::start(placed, now);
        *self = Self::Placed(Box::new(follow));
        (Turn::Placed, effects)
    }

    /// A decision counts once it is on disk.
    fn decided(&mut self, kept: Result<(), Unkept>, now: u64) -> (Turn, Vec<Effect>) {
        let Self::Unknown(open) = self else { return Turn::Stay.alone() };
        match (open.take_decision(), kept) {
            (None, _) => Turn::Stay.alone(),
            (Some(_), Err(unkept)) => Turn::NotKept(unkept).alone(),
            (Some(Decision::Adopted { order }), Ok(())) => {
                let placed = open.adopted(order);
                self.follow(placed, now)
            }
            (Some(Decision::NotPlaced), Ok(())) => {
                *self = Self::Ready;
                Turn::NotPlaced.alone()
            }
        }
    }

    /// Whether an order may have left, and how it ended is not known.
    pub fn is_open(&self) -> bool {
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
    pub fn unknown(&self) -> Option<&Open> {
        match self {
            Self::Unknown(open) => Some(open),
            _ => None,
        }
    }

    /// What there is before the order that is about to be confirmed.
    pub fn ground(&self) -> Option<&Ground> {
        match self {
            Self::Planned(_, ground) => ground.as_deref(),
            _ => None,
        }
    }

    /// The order that was placed.
    pub fn placed(&self) -> Option<&Placed> {
        match self {
            Self::Placed(follow) => Some(follow.placed()),
            _ => None,
        }
    }
}

/// That something could not be written down is said wherever one is.
fn kept_or_stay(event: &Event) -> Turn {
    match event {
        Event::Kept(Err(unkept)) => Turn::NotKept(unkept.clone()),
        _ => Turn::Stay,
    }
}

#[cfg(test)]
mod tests;
