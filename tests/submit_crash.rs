//! The crash loop of `zegel submit`: the real program is killed at any moment of an order, and gone on with as a person
//! would, up to three times; and two of them at the same moment. In the end exactly one order is placed, and the journal
//! knows it.
//!
//! `ZEGEL_CRASH_ROUNDS` sets how many rounds there are; with it the figures are printed at the end, so that
//! `ZEGEL_CRASH_ROUNDS=1000 cargo test --test submit_crash` is the long form. A round is decided by its seed, which
//! names the thread that panics; `ZEGEL_CRASH_SEED` is the first one, for going back to it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

#[path = "common"]
mod common {
    pub(crate) mod http;
    pub(crate) mod journal;
}
#[path = "submit/desk.rs"]
#[allow(dead_code, reason = "other test files use the rest of it")]
mod desk;
#[path = "crash/dice.rs"]
mod dice;
#[path = "crash/rounds.rs"]
mod rounds;
#[path = "canary/search.rs"]
mod search;

#[path = "submit_crash/person.rs"]
mod person;
#[path = "submit_crash/plan.rs"]
mod plan;
#[path = "submit_crash/round.rs"]
mod round;
#[path = "submit_crash/tally.rs"]
mod tally;
#[path = "submit_crash/together.rs"]
mod together;
#[path = "submit_crash/victim.rs"]
mod victim;

use rounds::{number, rounds};
use std::io::Write;

/// Enough that each planned kill happens twice.
const ROUNDS: u64 = 2 * plan::KINDS;

#[test]
fn killed_at_any_moment_it_orders_once_and_the_journal_knows_it() {
    let (first, asked) = (number("ZEGEL_CRASH_SEED").unwrap_or(0), number("ZEGEL_CRASH_ROUNDS"));
    let count = asked.unwrap_or(ROUNDS);
    let tally = rounds(first, count, round::play, tally::Tally::add);
    if asked.is_some() {
        // Not by `println!`, which nobody would see of a test that passes.
        write!(std::io::stderr(), "{tally}").unwrap();
    }
    tally.assert_whole(first, count);
}
