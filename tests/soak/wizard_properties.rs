//! Any events of the wizard in any order: nothing unseen is ordered, nothing is ordered twice, and no input is lost.
//!
//! Runs of random messages begin in every named state. The long form has more and longer ones. `PROPTEST_RNG_SEED`
//! selects them, and `PROPTEST_CASES` sets the number of runs of the long form.

use crate::common::driver::{Driver, Tally};
use crate::common::moves::{Move, any_move};
use crate::common::states::{State, states};
use crate::common::walk::product;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use rstest::rstest;
use std::cell::RefCell;

/// The number and kind of random runs for each of the two threads.
#[derive(Clone, Copy)]
struct Length {
    runs: u32,
    /// The most moves in a run.
    moves: usize,
    is_long: bool,
}

const SHORT: Length = Length { runs: 50, moves: 16, is_long: false };
const LONG: Length = Length { runs: 350, moves: 60, is_long: true };

/// What happened in all runs of a thread.
#[derive(Default)]
struct Total {
    runs: usize,
    with_order: usize,
    with_outcome: usize,
    tally: Tally,
}

impl Total {
    fn add(&mut self, run: Tally) {
        self.runs += 1;
        self.with_order += usize::from(run.sent > 0);
        self.with_outcome += usize::from(run.rejected + run.unknown > 0);
        let all = &mut self.tally;
        all.messages += run.messages;
        all.drawn += run.drawn;
        all.previews += run.previews;
        all.sent += run.sent;
        all.placed += run.placed;
        all.rejected += run.rejected;
        all.not_sent += run.not_sent;
        all.unknown += run.unknown;
        all.left += run.left;
    }
}

/// Half of the runs begin where an order is near.
fn any_start() -> impl Strategy<Value = usize> {
    let near: Vec<usize> = (0..states().len()).filter(|at| is_near(&states()[*at].name)).collect();
    let orders: Vec<usize> = (0..states().len()).filter(|at| is_of_order(&states()[*at])).collect();
    prop_oneof![
        1 => any::<Index>().prop_map(move |at| orders[at.index(orders.len())]),
        1 => proptest::sample::select(near),
    ]
}

/// Returns true if the form of an order with the one account is open: these tests check the rules of orders. Setting up
/// an account uses another form, which is never sent, and with several accounts another wizard may follow.
fn is_of_order(state: &State) -> bool {
    let app = &state.walk.app;
    std::ptr::eq(app.form().product(), product()) && app.account().name.is_empty()
}

fn is_near(name: &str) -> bool {
    ["confirm", "sending", "review, ", "payload, agreed", "rejected", "not sent"]
        .iter()
        .any(|word| name.starts_with(word))
}

fn run(thread: u64, length: Length) -> Total {
    let Length { runs, moves, is_long } = length;
    let mut config = Config { failure_persistence: None, ..Config::default() };
    let is_set = is_long && std::env::var_os("PROPTEST_CASES").is_some();
    config.cases = if is_set { config.cases } else { runs };
    if let RngSeed::Fixed(seed) = config.rng_seed {
        config.rng_seed = RngSeed::Fixed(seed + thread);
    }
    let moves = vec(any_move(), 1..moves);
    let total = RefCell::new(Total::default());
    let play = |state: &State, moves: &[Move]| {
        let tally = Driver::new(state)
            .run(moves)
            .map_err(|wrong| TestCaseError::fail(format!("{wrong}\nfrom {:?}", state.name)))?;
        total.borrow_mut().add(tally);
        Ok(())
    };
    // The threads share the states: in the long form each state gets one run, and the other runs begin at random.
    let each = states().iter().filter(|state| is_long && is_of_order(state)).skip(usize::from(thread == 1)).step_by(2);
    for state in each {
        let one = Config { cases: 1, ..config.clone() };
        TestRunner::new(one).run(&moves, |moves| play(state, &moves)).unwrap_or_else(|error| panic!("{error}"));
    }
    let runs = TestRunner::new(config).run(&(any_start(), moves), |(start, moves)| play(&states()[start], &moves));
    runs.unwrap_or_else(|error| panic!("{error}"));
    total.into_inner()
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn any_messages_keep_the_rules(#[case] length: Length) {
    let threads: Vec<_> = (0..2).map(|thread| std::thread::spawn(move || run(thread, length))).collect();
    let mut all = Total::default();
    for thread in threads {
        let total = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        println!(
            "{:?}, {} runs, {} with an order, {} rejected or unknown",
            total.tally, total.runs, total.with_order, total.with_outcome
        );
        all.runs += total.runs;
        all.with_order += total.with_order;
        all.with_outcome += total.with_outcome;
    }
    assert!(all.with_order * 20 >= all.runs, "too few runs sent an order");
    assert!(all.with_outcome * 20 >= all.runs, "too few runs were rejected or unknown");
}
