//! The crash loop of `zegel submit`: the real program is killed at any moment of an order, and gone on with as a person
//! would, up to three times; and two of them at the same moment. In the end exactly one order is placed, and the journal
//! knows it.
//!
//! A round is decided by its seed, which names the thread that panics.
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

/// Each planned kill happens, with and without harm to the journal.
const SHORT: u64 = 2 * plan::KINDS;

/// Phases that only chance decides are met too.
const LONG: u64 = 20 * plan::KINDS;

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(number("ZEGEL_CRASH_ROUNDS").unwrap_or(LONG))]
fn killed_at_any_moment_it_orders_once_and_the_journal_knows_it(#[case] count: u64) {
    let first = number("ZEGEL_CRASH_SEED").unwrap_or(0);
    let tally = rounds(first, count, round::play, tally::Tally::add);
    if count > SHORT {
        // Not by `println!`, which nobody would see of a test that passes.
        write!(std::io::stderr(), "{tally}").unwrap();
    }
    tally.assert_whole(first, count);
}
