//! Following a placed order: rounds of questions with growing pauses, until nothing more is to come.
//!
//! A round asks for every request and for the order. Answers of an earlier round are dropped. It never changes
//! anything at the server, and knows no clock: times come in with the answers.

use super::{Effect, Event};
use crate::facts::{Failure, OrderState, Placed, RequestState};

/// Pauses between rounds, in milliseconds; the last one repeats.
const PAUSES: [u64; 7] = [2_000, 3_000, 5_000, 8_000, 15_000, 30_000, 60_000];

/// Order states after which nothing changes by itself.
const FINAL: [&str; 5] = ["issued", "rejected", "canceled", "revoked", "expired"];

/// Whether nothing changes by itself any more in an order with this status.
fn is_final(status: &str) -> bool {
    FINAL.contains(&status)
}

/// Order states in which something is to come (certcentral-api.md 4.9).
const UNDER_WAY: [&str; 7] =
    ["needs_approval", "pending", "processing", "waiting_pickup", "approved", "reissue_pending", "needs_csr"];

/// Whether an order with this status is under way; none where the word is not known.
pub fn is_under_way(status: &str) -> Option<bool> {
    if is_final(status) {
        return Some(false);
    }
    UNDER_WAY.contains(&status).then_some(true)
}

/// A round of questions about one order. An answer that is late belongs to its own order, whatever is followed by
/// then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// The id of the order.
    pub order: u64,
    /// Which round, counted from one.
    pub number: u32,
}

/// An answer about a placed order, with the round that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The round that asked.
    pub round: Round,
    /// What was told.
    pub told: Told,
}

/// What was told about a placed order.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// About the request of this id.
    Request(u64, Result<RequestState, Failure>),
    /// About the order.
    Order(Box<Result<OrderState, Failure>>),
}

/// A placed order, and what is known of it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Follow {
    placed: Placed,
    requests: Vec<RequestState>,
    order: Option<OrderState>,
    /// Whether this round told of the order.
    told: bool,
    heard: u64,
    failure: Option<Failure>,
    round: Round,
    /// Requests of which this round told nothing.
    untold: Vec<u64>,
    /// Questions of this round without an answer.
    open: usize,
    /// Rounds since something changed.
    calm: usize,
}

impl Follow {
    /// Starts with the answer to the order, and asks at once.
    pub(super) fn start(placed: Placed, now: u64) -> (Self, Vec<Effect>) {
        let requests = placed.requests.clone();
        let round = Round { order: placed.id, number: 0 };
        let (order, failure, untold) = (None, None, Vec::new());
        let mut follow =
            Self { placed, requests, order, told: false, heard: now, failure, round, untold, open: 0, calm: 0 };
        let effects = follow.ask();
        (follow, effects)
    }

    fn ask(&mut self) -> Vec<Effect> {
        self.round.number += 1;
        (self.failure, self.untold, self.told) = (None, Vec::new(), false);
        let requests = self.requests.iter().map(|request| Effect::AskRequest(self.round, request.id));
        let effects: Vec<_> = requests.chain([Effect::AskOrder(self.round, self.placed.id)]).collect();
        self.open = effects.len();
        effects
    }

    /// What happened, and what is to be done now.
    pub(super) fn step(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Heard(heard, now) => self.hear(heard, now),
            Event::Waited(round) => self.waited(round),
            Event::Refresh(_) => self.refresh(),
            _ => Vec::new(),
        }
    }

    fn hear(&mut self, heard: Heard, now: u64) -> Vec<Effect> {
        if heard.round != self.round || self.open == 0 {
            return Vec::new();
        }
        self.open -= 1;
        match heard.told {
            Told::Request(_, Ok(request)) => self.take_request(&request, now),
            Told::Order(answer) => match *answer {
                Ok(order) => self.take_order(order, now),
                Err(failure) => self.failure = Some(failure),
            },
            Told::Request(id, Err(failure)) => {
                self.untold.push(id);
                self.failure = Some(failure);
            }
        }
        self.take_from_order(now);
        if self.open > 0 || self.is_final() { Vec::new() } else { self.pause() }
    }

    fn pause(&mut self) -> Vec<Effect> {
        let pause = PAUSES[self.calm.min(PAUSES.len() - 1)];
        self.calm += 1;
        vec![Effect::Wait(self.round, pause)]
    }

    fn take_request(&mut self, request: &RequestState, now: u64) {
        self.heard = now;
        match self.requests.iter_mut().find(|known| known.id == request.id) {
            Some(known) if known.status != request.status && !request.status.is_empty() => {
                known.status.clone_from(&request.status);
                self.calm = 0;
            }
            _ => {}
        }
    }

    /// Where a request itself told nothing, what the order says of it counts.
    fn take_from_order(&mut self, now: u64) {
        let of_order = self.order.iter().filter(|_| self.told).flat_map(|order| &order.requests);
        let told: Vec<RequestState> = of_order.filter(|request| self.untold.contains(&request.id)).cloned().collect();
        for request in &told {
            self.take_request(request, now);
        }
    }

    fn take_order(&mut self, mut order: OrderState, now: u64) {
        self.heard = now;
        // An answer without a status says nothing new of it.
        if let Some(known) = self.order.as_ref().filter(|_| order.status.is_empty()) {
            order.status.clone_from(&known.status);
        }
        for request in &order.requests {
            if self.requests.iter().all(|known| known.id != request.id) {
                self.requests.push(request.clone());
            }
        }
        if self.order.as_ref().is_none_or(|known| known.status != order.status) {
            self.calm = 0;
        }
        (self.order, self.told) = (Some(order), true);
    }

    fn waited(&mut self, round: Round) -> Vec<Effect> {
        if round == self.round && self.open == 0 { self.ask() } else { Vec::new() }
    }

    fn refresh(&mut self) -> Vec<Effect> {
        self.calm = 0;
        if self.open == 0 { self.ask() } else { Vec::new() }
    }

    /// Whether nothing more changes by itself.
    pub fn is_final(&self) -> bool {
        self.order.as_ref().is_some_and(|order| is_final(&order.status))
    }

    /// Whether questions are under way.
    pub fn is_asking(&self) -> bool {
        self.open > 0
    }

    /// The answer to the order.
    pub fn placed(&self) -> &Placed {
        &self.placed
    }

    /// The requests as last heard, in the order in which they became known.
    pub fn requests(&self) -> &[RequestState] {
        &self.requests
    }

    /// The order as last heard.
    pub fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }

    /// The certificate's id, from whichever answer has it.
    pub fn certificate_id(&self) -> Option<u64> {
        self.order.as_ref().and_then(|order| order.certificate_id).or(self.placed.certificate_id)
    }

    /// When something was last heard, in milliseconds.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// Why the last round brought nothing, or not all.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Cause;

    fn placed() -> Placed {
        let request = RequestState { id: 5, status: "submitted".into() };
        Placed { id: 7, requests: vec![request], ..Placed::default() }
    }

    fn round(number: u32) -> Round {
        Round { order: 7, number }
    }

    fn request(number: u32, status: &str) -> Heard {
        Heard { round: round(number), told: Told::Request(5, Ok(RequestState { id: 5, status: status.into() })) }
    }

    fn order(number: u32, status: &str) -> Heard {
        let order = OrderState { id: 7, status: status.into(), ..OrderState::default() };
        Heard { round: round(number), told: Told::Order(Box::new(Ok(order))) }
    }

    #[test]
    fn it_asks_at_once_and_then_with_growing_pauses() {
        let (mut follow, effects) = Follow::start(placed(), 1);
        assert_eq!(effects, [Effect::AskRequest(round(1), 5), Effect::AskOrder(round(1), 7)]);
        let mut pauses = Vec::new();
        for number in 1..=9 {
            assert_eq!(follow.hear(request(number, "submitted"), 2), []);
            match follow.hear(order(number, "needs_approval"), 3)[..] {
                [Effect::Wait(_, pause)] => pauses.push(pause / 1000),
                ref other => panic!("{other:?}"),
            }
            assert_eq!(follow.waited(round(number)).len(), 2);
        }
        assert_eq!(pauses, [2, 3, 5, 8, 15, 30, 60, 60, 60]);
        assert_eq!(follow.heard(), 3);
    }

    #[test]
    fn a_change_makes_the_pauses_short_again() {
        let (mut follow, _) = Follow::start(placed(), 1);
        for number in 1..=3 {
            follow.hear(request(number, "submitted"), 2);
            follow.hear(order(number, "needs_approval"), 3);
            follow.waited(round(number));
        }
        follow.hear(request(4, "approved"), 4);
        assert_eq!(follow.hear(order(4, "pending"), 4), [Effect::Wait(round(4), 2_000)]);
        assert_eq!(follow.requests()[0].status, "approved");
    }

    #[test]
    fn it_ends_where_nothing_more_is_to_come() {
        let (mut follow, _) = Follow::start(placed(), 1);
        follow.hear(request(1, "approved"), 2);
        assert_eq!(follow.hear(order(1, "issued"), 3), []);
        assert!(follow.is_final());
        assert_eq!(follow.refresh().len(), 2, "but the person may still ask");
    }

    #[test]
    fn answers_and_pauses_of_another_round_are_dropped() {
        let (mut follow, _) = Follow::start(placed(), 1);
        assert_eq!(follow.hear(request(9, "approved"), 2), []);
        assert_eq!(follow.requests()[0].status, "submitted");
        assert_eq!(follow.waited(round(1)), [], "while questions are open nothing is asked twice");
        assert_eq!(follow.refresh(), []);
    }

    #[test]
    fn an_answer_about_another_order_is_dropped() {
        let (mut follow, _) = Follow::start(placed(), 1);
        let other = Heard { round: Round { order: 6, number: 1 }, ..order(1, "issued") };
        assert_eq!(follow.hear(other, 2), []);
        assert_eq!(follow.order(), None);
        assert_eq!(follow.waited(Round { order: 6, number: 1 }), []);
    }

    #[test]
    fn what_the_order_says_of_a_request_counts_where_the_request_told_nothing() {
        let failed = || Heard { round: round(1), told: Told::Request(5, Err(Failure::Cut(Cause::Slow.into()))) };
        let told = || {
            let requests = vec![RequestState { id: 5, status: "approved".into() }];
            let order = OrderState { id: 7, requests, ..OrderState::default() };
            Heard { round: round(1), told: Told::Order(Box::new(Ok(order))) }
        };
        for answers in [[failed(), told()], [told(), failed()], [request(1, "pending"), told()]] {
            let (mut follow, _) = Follow::start(placed(), 1);
            let own = answers.contains(&request(1, "pending"));
            for heard in answers {
                follow.hear(heard, 2);
            }
            assert_eq!(follow.requests()[0].status, if own { "pending" } else { "approved" });
        }
    }

    #[test]
    fn an_answer_without_a_status_keeps_the_one_that_was_known() {
        let (mut follow, _) = Follow::start(placed(), 1);
        follow.hear(request(1, ""), 2);
        follow.hear(order(1, "needs_approval"), 2);
        follow.waited(round(1));
        follow.hear(order(2, ""), 3);
        assert_eq!(follow.requests()[0].status, "submitted");
        assert_eq!(follow.order().unwrap().status, "needs_approval");
    }

    #[test]
    fn a_failure_keeps_what_was_known_and_goes_on() {
        let (mut follow, _) = Follow::start(placed(), 1);
        follow.hear(Heard { round: round(1), told: Told::Request(5, Err(Failure::Cut(Cause::Slow.into()))) }, 2);
        let effects = follow
            .hear(Heard { round: round(1), told: Told::Order(Box::new(Err(Failure::Cut(Cause::Slow.into())))) }, 2);
        assert_eq!(effects, [Effect::Wait(round(1), 2_000)]);
        assert_eq!(follow.heard(), 1);
        assert!(follow.failure().is_some());
        follow.waited(round(1));
        assert!(follow.failure().is_none());
    }

    #[test]
    fn requests_that_the_order_brings_are_followed_too() {
        let (mut follow, effects) = Follow::start(Placed { id: 7, ..Placed::default() }, 1);
        assert_eq!(effects, [Effect::AskOrder(round(1), 7)]);
        let requests = vec![RequestState { id: 6, status: "pending".into() }];
        let order = OrderState { id: 7, requests, certificate_id: Some(9), ..OrderState::default() };
        follow.hear(Heard { round: round(1), told: Told::Order(Box::new(Ok(order))) }, 2);
        assert_eq!(follow.waited(round(1)), [Effect::AskRequest(round(2), 6), Effect::AskOrder(round(2), 7)]);
        assert_eq!(follow.certificate_id(), Some(9));
    }
}
