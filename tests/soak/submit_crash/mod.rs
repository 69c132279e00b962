//! The crash loop of `zegel submit`: the real program is killed at any moment of an order, and continued as a person
//! would, up to three times; and two of them at the same moment. In the end exactly one order is placed, and the
//! journal knows it.
//!
//! A seed decides a round, and it is in the name of the thread that panics.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod person;
mod plan;
mod round;
mod tally;
mod together;
mod victim;

use crate::soak::rounds::{number, rounds};
use rstest::rstest;
use std::io::Write;

/// Each planned kill happens, with and without damage to the journal.
const SHORT: u64 = 2 * plan::KINDS;

/// Enough rounds to reach the phases that only chance decides.
const LONG: u64 = 20 * plan::KINDS;

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(number("ZEGEL_CRASH_ROUNDS").unwrap_or(LONG))]
fn killed_at_any_moment_submit_orders_once_and_journals_it(#[case] count: u64) {
    let first = number("ZEGEL_CRASH_SEED").unwrap_or(0);
    let tally = rounds(first, count, round::play, tally::Tally::add);
    if count > SHORT {
        // Not by `println!`, whose output is hidden in a test that passes.
        write!(std::io::stderr(), "{tally}").unwrap();
    }
    tally.assert_whole(first, count);
}
