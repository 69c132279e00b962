//! The course of one order: confirmed, sent once, and its outcome told apart; then its requests are followed.
//!
//! A pure state machine without screens, clock or network: events go in, effects come out as data. The one rule
//! that everything serves: from `Ready` a confirmation sends exactly once, and nothing else ever sends. An order
//! whose outcome is unknown is never sent again from here.

mod classify;
pub mod drive;
mod follow;
pub mod settle;

pub use classify::{Doubt, Outcome, classify};
pub use follow::{Follow, Heard, Round, Told};

use crate::facts::{Answer, Placed, Reason, ServerError};
use crate::secret::SecretBytes;

/// Where an order is.
#[derive(Debug, Clone, PartialEq)]
pub enum Course {
    /// Nothing was sent, or what was sent is known not to have been placed.
    Ready,
    /// The one request is under way since this time, in milliseconds.
    Sending(u64),
    /// It was placed, and is followed.
    Placed(Box<Follow>),
    /// It may have been placed, at about this time.
    Unknown {
        /// Why nothing is known.
        doubt: Doubt,
        /// When it was sent, in milliseconds.
        since: u64,
    },
}

/// What happens to an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The person confirmed this body, at this time.
    Confirmed(SecretBytes, u64),
    /// How the attempt to send it ended.
    Answered(Answer, u64),
    /// An answer about the placed order.
    Heard(Heard, u64),
    /// The pause before this round of questions is over.
    Waited(Round),
    /// The person wants to know now.
    Refresh,
}

/// What is to be done for an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send the body, once.
    Send(SecretBytes),
    /// Ask for a request, in this round.
    AskRequest(Round, u64),
    /// Ask for the order, in this round.
    AskOrder(Round, u64),
    /// Wait so many milliseconds before this round.
    Wait(Round, u64),
}

/// What the screen should do about an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// Nothing changed that matters to a screen's choice.
    Stay,
    /// The order is under way.
    Sent,
    /// It was placed.
    Placed,
    /// It was refused, for these reasons.
    Refused(u16, Vec<ServerError>),
    /// It never left this machine, for this reason.
    NotSent(Reason),
    /// Nobody knows.
    Unknown,
}

impl Course {
    /// What happened, and what is to be done now.
    pub fn step(&mut self, event: Event) -> (Turn, Vec<Effect>) {
        match (&mut *self, event) {
            (Self::Ready, Event::Confirmed(body, now)) => {
                *self = Self::Sending(now);
                (Turn::Sent, vec![Effect::Send(body)])
            }
            (Self::Sending(since), Event::Answered(answer, now)) => {
                let since = *since;
                self.end(classify(answer), since, now)
            }
            (Self::Placed(follow), Event::Heard(heard, now)) => (Turn::Stay, follow.hear(heard, now)),
            (Self::Placed(follow), Event::Waited(round)) => (Turn::Stay, follow.waited(round)),
            (Self::Placed(follow), Event::Refresh) => (Turn::Stay, follow.refresh()),
            _ => (Turn::Stay, Vec::new()),
        }
    }

    fn end(&mut self, outcome: Outcome, since: u64, now: u64) -> (Turn, Vec<Effect>) {
        match outcome {
            Outcome::Placed(placed) => {
                let (follow, effects) = Follow::start(placed, now);
                *self = Self::Placed(Box::new(follow));
                (Turn::Placed, effects)
            }
            Outcome::Refused(status, errors) => {
                *self = Self::Ready;
                (Turn::Refused(status, errors), Vec::new())
            }
            Outcome::NotSent(reason) => {
                *self = Self::Ready;
                (Turn::NotSent(reason), Vec::new())
            }
            Outcome::Unknown(doubt) => {
                *self = Self::Unknown { doubt, since };
                (Turn::Unknown, Vec::new())
            }
        }
    }

    /// Whether an order may have left, and how it ended is not known.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Sending(_) | Self::Unknown { .. })
    }

    /// The order that was placed.
    pub fn placed(&self) -> Option<&Placed> {
        match self {
            Self::Placed(follow) => Some(follow.placed()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Cause;
    use proptest::prelude::*;
    use rstest::rstest;

    fn body() -> SecretBytes {
        SecretBytes::with_capacity(0)
    }

    fn reply(status: u16, body: &str) -> Event {
        Event::Answered(Answer::Reply { status, body: body.as_bytes().to_vec() }, 9)
    }

    #[test]
    fn a_confirmation_sends_once() {
        let mut course = Course::Ready;
        assert_eq!(course.step(Event::Confirmed(body(), 5)), (Turn::Sent, vec![Effect::Send(body())]));
        assert_eq!(course.step(Event::Confirmed(body(), 6)), (Turn::Stay, vec![]));
        assert!(course.is_open());
    }

    #[rstest]
    #[case(reply(201, r#"{"id": 1}"#), true)]
    #[case(reply(400, r#"{"errors": [{"code": "x"}]}"#), false)]
    #[case(Event::Answered(Answer::NotSent(Cause::Refused.into()), 9), false)]
    #[case(Event::Answered(Answer::Lost(Cause::Broken.into()), 9), true)]
    #[case(reply(500, ""), true)]
    fn only_what_was_surely_not_placed_may_be_sent_again(#[case] answer: Event, #[case] never: bool) {
        let mut course = Course::Sending(5);
        course.step(answer);
        let (_, effects) = course.step(Event::Confirmed(body(), 10));
        assert_eq!(effects.is_empty(), never);
    }

    #[test]
    fn an_unknown_outcome_keeps_the_time_of_sending() {
        let mut course = Course::Sending(5);
        let (turn, effects) = course.step(Event::Answered(Answer::Lost(Cause::Broken.into()), 9));
        assert_eq!((turn, effects), (Turn::Unknown, vec![]));
        assert_eq!(course, Course::Unknown { doubt: Doubt::NoAnswer(Cause::Broken.into()), since: 5 });
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let bodies = ["{\"id\": 1}", "{\"errors\": [{\"code\": \"x\"}]}", "", "<html>", "{\"id\": 0}"];
        let answers = (
            proptest::sample::select(vec![200, 201, 302, 400, 403, 429, 500]),
            proptest::sample::select(bodies.to_vec()),
        )
            .prop_map(|(status, body)| reply(status, body));
        prop_oneof![
            Just(Event::Confirmed(body(), 1)),
            answers,
            Just(Event::Answered(Answer::Lost(Cause::Slow.into()), 1)),
            Just(Event::Answered(Answer::NotSent(Cause::Name.into()), 1)),
            (0u32..4).prop_map(|number| Event::Waited(Round { order: 7, number })),
            Just(Event::Refresh),
        ]
    }

    proptest! {
        #[test]
        fn nothing_but_a_confirmation_sends(events in proptest::collection::vec(any_event(), 0..30)) {
            let mut course = Course::Ready;
            for event in events {
                let confirmed = matches!(event, Event::Confirmed(..));
                let ready = course == Course::Ready;
                let (_, effects) = course.step(event);
                let sends = effects.iter().filter(|effect| matches!(effect, Effect::Send(_))).count();
                prop_assert_eq!(sends, usize::from(confirmed && ready));
            }
        }
    }
}
