//! The crash loop: the real program in a real terminal is killed at any moment of an order, started again, and gone on
//! with as a person would, up to three times. In the end exactly one order is placed, and nothing typed is lost.
//!
//! `ZEGEL_CRASH_ROUNDS` sets how many rounds there are; with it the figures are printed at the end, so that
//! `ZEGEL_CRASH_ROUNDS=1000 cargo test --test crash_loop` is the long form. A round is decided by its seed, which
//! names the thread that panics; `ZEGEL_CRASH_SEED` is the first one, for going back to it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod common {
    pub(crate) mod http;
    pub(crate) mod tty;
}

#[path = "crash/dice.rs"]
mod dice;
#[path = "crash/hand.rs"]
mod hand;
#[path = "crash/memory.rs"]
mod memory;
#[path = "crash/page.rs"]
mod page;
#[path = "crash/person.rs"]
mod person;
#[path = "crash/plan.rs"]
mod plan;
#[path = "crash/round.rs"]
mod round;
#[path = "crash/rounds.rs"]
mod rounds;
#[path = "crash/tally.rs"]
mod tally;

use rounds::{number, rounds};
use std::io::Write;

/// Enough that each phase is met, and that a planned kill of each kind happens.
const ROUNDS: u64 = 2 * plan::KINDS;

#[test]
fn killed_at_any_moment_it_orders_once_and_loses_nothing() {
    let (first, asked) = (number("ZEGEL_CRASH_SEED").unwrap_or(0), number("ZEGEL_CRASH_ROUNDS"));
    let count = asked.unwrap_or(ROUNDS);
    let tally = rounds(first, count, round::play, tally::Tally::add);
    if asked.is_some() {
        // Not by `println!`, which nobody would see of a test that passes.
        write!(std::io::stderr(), "{tally}").unwrap();
    }
    tally.assert_whole(first, count);
}
