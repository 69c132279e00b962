//! Polling of a placed order: rounds of queries with growing pauses, until its status is final.
//!
//! A round fetches every request and the order. Answers of an earlier round are dropped. Polling never changes
//! anything on the server. It has no clock: times arrive with the answers.

use super::{OrderEffect, OrderEvent};
use crate::domain::{ApiError, OrderRow, PlacedOrder, RequestState};

/// The pauses between rounds, in milliseconds. The last one repeats.
const POLL_PAUSES_MS: [u64; 7] = [2_000, 3_000, 5_000, 8_000, 15_000, 30_000, 60_000];

/// Order states that do not change by themselves.
const FINAL_STATUSES: [&str; 5] = ["issued", "rejected", "canceled", "revoked", "expired"];

/// Returns true if an order with this status does not change by itself.
fn is_final_status(status: &str) -> bool {
    FINAL_STATUSES.contains(&status)
}

/// Order states that are followed by another (certcentral-api.md 4.9).
const UNDER_WAY_STATUSES: [&str; 7] =
    ["needs_approval", "pending", "processing", "waiting_pickup", "approved", "reissue_pending", "needs_csr"];

/// Returns true if an order with this status is under way. `None` if the word is not known.
pub fn is_status_under_way(status: &str) -> Option<bool> {
    if is_final_status(status) {
        return Some(false);
    }
    UNDER_WAY_STATUSES.contains(&status).then_some(true)
}

/// A round of queries about one order. The order id is included so that a late answer counts only for its own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollRound {
    pub order: u64,
    /// Counted from one.
    pub number: u32,
}

/// An answer about a placed order.
#[derive(Debug, Clone, PartialEq)]
pub struct PollReply {
    /// The round of the query.
    pub round: PollRound,
    pub result: PollResult,
}

/// The content of an answer about a placed order.
#[derive(Debug, Clone, PartialEq)]
pub enum PollResult {
    /// The answer about the approval request with this id.
    Request(u64, Result<RequestState, ApiError>),
    /// The answer about the order.
    Order(Box<Result<OrderRow, ApiError>>),
}

/// A placed order and its latest known state.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderPolling {
    placed: PlacedOrder,
    requests: Vec<RequestState>,
    order: Option<OrderRow>,
    /// True if this round has an answer about the order.
    has_order_reply: bool,
    last_reply_at: u64,
    last_error: Option<ApiError>,
    round: PollRound,
    /// Requests without a usable answer in this round.
    failed_requests: Vec<u64>,
    /// The number of queries in this round without an answer.
    open_questions: usize,
    /// The number of rounds since the last change.
    unchanged_rounds: usize,
}

impl OrderPolling {
    /// Starts with the answer to the order and begins the first round at once.
    pub(super) fn start(placed: PlacedOrder, now: u64) -> (Self, Vec<OrderEffect>) {
        let requests = placed.requests.clone();
        let round = PollRound { order: placed.id, number: 0 };
        let (order, failure, untold) = (None, None, Vec::new());
        let mut follow = Self {
            placed,
            requests,
            order,
            has_order_reply: false,
            last_reply_at: now,
            last_error: failure,
            round,
            failed_requests: untold,
            open_questions: 0,
            unchanged_rounds: 0,
        };
        let effects = follow.start_round();
        (follow, effects)
    }

    fn start_round(&mut self) -> Vec<OrderEffect> {
        self.round.number += 1;
        (self.last_error, self.failed_requests, self.has_order_reply) = (None, Vec::new(), false);
        let requests = self.requests.iter().map(|request| OrderEffect::FetchRequest(self.round, request.id));
        let effects: Vec<_> = requests.chain([OrderEffect::FetchOrder(self.round, self.placed.id)]).collect();
        self.open_questions = effects.len();
        effects
    }

    /// Handles an event and returns the effects to run.
    pub(super) fn handle_event(&mut self, event: OrderEvent) -> Vec<OrderEffect> {
        match event {
            OrderEvent::PollReplied(reply, now) => self.handle_reply(reply, now),
            OrderEvent::PollPauseEnded(round) => self.on_pause_ended(round),
            OrderEvent::Refresh(_) => self.refresh_now(),
            _ => Vec::new(),
        }
    }

    fn handle_reply(&mut self, reply: PollReply, now: u64) -> Vec<OrderEffect> {
        if reply.round != self.round || self.open_questions == 0 {
            return Vec::new();
        }
        self.open_questions -= 1;
        match reply.result {
            PollResult::Request(_, Ok(request)) => self.update_request(&request, now),
            PollResult::Order(answer) => match *answer {
                Ok(order) => self.update_order(order, now),
                Err(failure) => self.last_error = Some(failure),
            },
            PollResult::Request(id, Err(failure)) => {
                self.failed_requests.push(id);
                self.last_error = Some(failure);
            }
        }
        self.update_requests_from_order(now);
        if self.open_questions > 0 || self.is_final() { Vec::new() } else { self.schedule_next_round() }
    }

    fn schedule_next_round(&mut self) -> Vec<OrderEffect> {
        let pause = POLL_PAUSES_MS[self.unchanged_rounds.min(POLL_PAUSES_MS.len() - 1)];
        self.unchanged_rounds += 1;
        vec![OrderEffect::WaitForRound(self.round, pause)]
    }

    fn update_request(&mut self, request: &RequestState, now: u64) {
        self.last_reply_at = now;
        match self.requests.iter_mut().find(|known| known.id == request.id) {
            Some(known) if known.status != request.status && !request.status.is_empty() => {
                known.status.clone_from(&request.status);
                self.unchanged_rounds = 0;
            }
            _ => {}
        }
    }

    /// For a request without a usable answer, the order's own list of requests is used.
    fn update_requests_from_order(&mut self, now: u64) {
        let of_order = self.order.iter().filter(|_| self.has_order_reply).flat_map(|order| &order.requests);
        let known: Vec<RequestState> =
            of_order.filter(|request| self.failed_requests.contains(&request.id)).cloned().collect();
        for request in &known {
            self.update_request(request, now);
        }
    }

    fn update_order(&mut self, mut order: OrderRow, now: u64) {
        self.last_reply_at = now;
        // An answer without a status keeps the known status.
        if let Some(known) = self.order.as_ref().filter(|_| order.status.is_empty()) {
            order.status.clone_from(&known.status);
        }
        for request in &order.requests {
            if self.requests.iter().all(|known| known.id != request.id) {
                self.requests.push(request.clone());
            }
        }
        if self.order.as_ref().is_none_or(|known| known.status != order.status) {
            self.unchanged_rounds = 0;
        }
        (self.order, self.has_order_reply) = (Some(order), true);
    }

    fn on_pause_ended(&mut self, round: PollRound) -> Vec<OrderEffect> {
        if round == self.round && self.open_questions == 0 { self.start_round() } else { Vec::new() }
    }

    fn refresh_now(&mut self) -> Vec<OrderEffect> {
        self.unchanged_rounds = 0;
        if self.open_questions == 0 { self.start_round() } else { Vec::new() }
    }

    /// Returns true if the order does not change by itself any more.
    pub fn is_final(&self) -> bool {
        self.order.as_ref().is_some_and(|order| is_final_status(&order.status))
    }

    /// Returns true if queries are under way.
    pub fn is_round_running(&self) -> bool {
        self.open_questions > 0
    }

    /// Returns the answer to the order.
    pub fn placed_order(&self) -> &PlacedOrder {
        &self.placed
    }

    /// Returns the requests in their latest known state, in the order in which they became known.
    pub fn requests(&self) -> &[RequestState] {
        &self.requests
    }

    /// Returns the order in its latest known state.
    pub fn order(&self) -> Option<&OrderRow> {
        self.order.as_ref()
    }

    /// Returns the certificate's id, from the latest answer or else from the answer to the order.
    pub fn certificate_id(&self) -> Option<u64> {
        self.order.as_ref().and_then(|order| order.certificate_id).or(self.placed.certificate_id)
    }

    /// Returns the time of the last usable answer, in milliseconds.
    pub fn last_reply_at(&self) -> u64 {
        self.last_reply_at
    }

    /// Returns an error of the last round, if a query failed.
    pub fn last_error(&self) -> Option<&ApiError> {
        self.last_error.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TransportErrorKind;

    fn placed() -> PlacedOrder {
        let request = RequestState { id: 5, status: "submitted".into() };
        PlacedOrder { id: 7, requests: vec![request], ..PlacedOrder::default() }
    }

    fn round(number: u32) -> PollRound {
        PollRound { order: 7, number }
    }

    fn request(number: u32, status: &str) -> PollReply {
        PollReply {
            round: round(number),
            result: PollResult::Request(5, Ok(RequestState { id: 5, status: status.into() })),
        }
    }

    fn order(number: u32, status: &str) -> PollReply {
        let order = OrderRow { id: 7, status: status.into(), ..OrderRow::default() };
        PollReply { round: round(number), result: PollResult::Order(Box::new(Ok(order))) }
    }

    #[test]
    fn polling_starts_at_once_and_then_with_growing_pauses() {
        let (mut follow, effects) = OrderPolling::start(placed(), 1);
        assert_eq!(effects, [OrderEffect::FetchRequest(round(1), 5), OrderEffect::FetchOrder(round(1), 7)]);
        let mut pauses = Vec::new();
        for number in 1..=9 {
            assert_eq!(follow.handle_reply(request(number, "submitted"), 2), []);
            match follow.handle_reply(order(number, "needs_approval"), 3)[..] {
                [OrderEffect::WaitForRound(_, pause)] => pauses.push(pause / 1000),
                ref other => panic!("{other:?}"),
            }
            assert_eq!(follow.on_pause_ended(round(number)).len(), 2);
        }
        assert_eq!(pauses, [2, 3, 5, 8, 15, 30, 60, 60, 60]);
        assert_eq!(follow.last_reply_at(), 3);
    }

    #[test]
    fn a_change_makes_the_pauses_short_again() {
        let (mut follow, _) = OrderPolling::start(placed(), 1);
        for number in 1..=3 {
            follow.handle_reply(request(number, "submitted"), 2);
            follow.handle_reply(order(number, "needs_approval"), 3);
            follow.on_pause_ended(round(number));
        }
        follow.handle_reply(request(4, "approved"), 4);
        assert_eq!(follow.handle_reply(order(4, "pending"), 4), [OrderEffect::WaitForRound(round(4), 2_000)]);
        assert_eq!(follow.requests()[0].status, "approved");
    }

    #[test]
    fn polling_ends_when_the_status_is_final() {
        let (mut follow, _) = OrderPolling::start(placed(), 1);
        follow.handle_reply(request(1, "approved"), 2);
        assert_eq!(follow.handle_reply(order(1, "issued"), 3), []);
        assert!(follow.is_final());
        assert_eq!(follow.refresh_now().len(), 2, "but the person may still ask");
    }

    #[test]
    fn replies_and_pauses_of_another_round_are_ignored() {
        let (mut follow, _) = OrderPolling::start(placed(), 1);
        assert_eq!(follow.handle_reply(request(9, "approved"), 2), []);
        assert_eq!(follow.requests()[0].status, "submitted");
        assert_eq!(follow.on_pause_ended(round(1)), [], "while questions are open nothing is asked twice");
        assert_eq!(follow.refresh_now(), []);
    }

    #[test]
    fn a_reply_about_another_order_is_ignored() {
        let (mut follow, _) = OrderPolling::start(placed(), 1);
        let other = PollReply { round: PollRound { order: 6, number: 1 }, ..order(1, "issued") };
        assert_eq!(follow.handle_reply(other, 2), []);
        assert_eq!(follow.order(), None);
        assert_eq!(follow.on_pause_ended(PollRound { order: 6, number: 1 }), []);
    }

    #[test]
    fn the_orders_request_status_counts_if_the_request_gave_none() {
        let failed = || PollReply {
            round: round(1),
            result: PollResult::Request(5, Err(ApiError::ResponseCut(TransportErrorKind::Slow.into()))),
        };
        let shown = || {
            let requests = vec![RequestState { id: 5, status: "approved".into() }];
            let order = OrderRow { id: 7, requests, ..OrderRow::default() };
            PollReply { round: round(1), result: PollResult::Order(Box::new(Ok(order))) }
        };
        for answers in [[failed(), shown()], [shown(), failed()], [request(1, "pending"), shown()]] {
            let (mut follow, _) = OrderPolling::start(placed(), 1);
            let own = answers.contains(&request(1, "pending"));
            for heard in answers {
                follow.handle_reply(heard, 2);
            }
            assert_eq!(follow.requests()[0].status, if own { "pending" } else { "approved" });
        }
    }

    #[test]
    fn a_reply_without_a_status_keeps_the_known_one() {
        let (mut follow, _) = OrderPolling::start(placed(), 1);
        follow.handle_reply(request(1, ""), 2);
        follow.handle_reply(order(1, "needs_approval"), 2);
        follow.on_pause_ended(round(1));
        follow.handle_reply(order(2, ""), 3);
        assert_eq!(follow.requests()[0].status, "submitted");
        assert_eq!(follow.order().unwrap().status, "needs_approval");
    }

    #[test]
    fn a_failure_keeps_the_known_status_and_polling_continues() {
        let (mut follow, _) = OrderPolling::start(placed(), 1);
        follow.handle_reply(
            PollReply {
                round: round(1),
                result: PollResult::Request(5, Err(ApiError::ResponseCut(TransportErrorKind::Slow.into()))),
            },
            2,
        );
        let effects = follow.handle_reply(
            PollReply {
                round: round(1),
                result: PollResult::Order(Box::new(Err(ApiError::ResponseCut(TransportErrorKind::Slow.into())))),
            },
            2,
        );
        assert_eq!(effects, [OrderEffect::WaitForRound(round(1), 2_000)]);
        assert_eq!(follow.last_reply_at(), 1);
        assert!(follow.last_error().is_some());
        follow.on_pause_ended(round(1));
        assert!(follow.last_error().is_none());
    }

    #[test]
    fn requests_named_by_the_order_are_polled_too() {
        let (mut follow, effects) = OrderPolling::start(PlacedOrder { id: 7, ..PlacedOrder::default() }, 1);
        assert_eq!(effects, [OrderEffect::FetchOrder(round(1), 7)]);
        let requests = vec![RequestState { id: 6, status: "pending".into() }];
        let order = OrderRow { id: 7, requests, certificate_id: Some(9), ..OrderRow::default() };
        follow.handle_reply(PollReply { round: round(1), result: PollResult::Order(Box::new(Ok(order))) }, 2);
        assert_eq!(
            follow.on_pause_ended(round(1)),
            [OrderEffect::FetchRequest(round(2), 6), OrderEffect::FetchOrder(round(2), 7)]
        );
        assert_eq!(follow.certificate_id(), Some(9));
    }
}
