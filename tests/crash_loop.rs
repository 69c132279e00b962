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
#[path = "crash/tally.rs"]
mod tally;

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tally::Tally;

/// Enough that each phase is met, and that a planned kill of each kind happens.
const ROUNDS: u64 = 2 * plan::KINDS;

/// Rounds at a time for each core: they mostly wait.
const ABREAST: usize = 3;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|flaw| panic!("{name}: {flaw}")))
}

/// A round on a thread of its own, whose name says in a panic which one it was.
fn named(seed: u64) -> Tally {
    let thread = std::thread::Builder::new().name(format!("round with ZEGEL_CRASH_SEED={seed}"));
    let tally = thread.spawn(move || round::play(seed)).unwrap().join();
    tally.unwrap_or_else(|_| panic!("the round with ZEGEL_CRASH_SEED={seed} failed"))
}

fn rounds(first: u64, count: u64) -> Tally {
    let (next, sum) = (AtomicU64::new(first), Mutex::new(Tally::default()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return;
            }
            let tally = named(seed);
            sum.lock().unwrap_or_else(PoisonError::into_inner).add(tally);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from) * ABREAST;
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    sum.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn killed_at_any_moment_it_orders_once_and_loses_nothing() {
    let (first, asked) = (number("ZEGEL_CRASH_SEED").unwrap_or(0), number("ZEGEL_CRASH_ROUNDS"));
    let count = asked.unwrap_or(ROUNDS);
    let tally = rounds(first, count);
    if asked.is_some() {
        // Not by `println!`, which nobody would see of a test that passes.
        write!(std::io::stderr(), "{tally}").unwrap();
    }
    tally.assert_whole(first, count);
}
