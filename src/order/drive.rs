//! Carries out what the course of an order asks for, over the API. The order is sent once; its future is never
//! dropped before the answer.
//!
//! It decides nothing: what an answer means, and what comes next, is the course's matter.

use super::{Effect, Event, Heard, Told};
use crate::certcentral::Client;
use std::time::Duration;

/// Does one thing, and says what happened. `now` tells the time in milliseconds.
pub async fn carry_out(client: &Client, endpoint: &str, effect: Effect, now: impl Fn() -> u64) -> Event {
    match effect {
        Effect::Send(body) => {
            let answer = client.submit(endpoint, body).await;
            Event::Answered(answer, now())
        }
        Effect::AskRequest(round, id) => {
            let told = Told::Request(id, client.request(id).await);
            Event::Heard(Heard { round, told }, now())
        }
        Effect::AskOrder(round, id) => {
            let told = Told::Order(Box::new(client.order(id).await));
            Event::Heard(Heard { round, told }, now())
        }
        Effect::Wait(round, pause) => {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Event::Waited(round)
        }
    }
}
