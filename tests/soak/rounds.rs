//! Runs many rounds at a time, each on a thread of its own that is named after its seed, and adds up their figures.
//!
//! `ZEGEL_CRASH_ROUNDS` sets the number of rounds of the long form, and `ZEGEL_CRASH_SEED` the first one, to repeat it.
//! This module does not know what a round does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Rounds at a time for each core: they mostly wait.
const ABREAST: usize = 3;

/// Returns the number in a variable of the environment, if it is set.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|flaw| panic!("{name}: {flaw}")))
}

/// Runs a round on a thread of its own, whose name shows the seed in a panic.
fn named<T: Send + 'static>(seed: u64, play: fn(u64) -> T) -> T {
    let thread = std::thread::Builder::new().name(format!("round with ZEGEL_CRASH_SEED={seed}"));
    let tally = thread.spawn(move || play(seed)).unwrap().join();
    tally.unwrap_or_else(|_| panic!("the round with ZEGEL_CRASH_SEED={seed} failed"))
}

/// Runs this many rounds from the first seed on, and adds up their results.
pub(crate) fn rounds<T: Default + Send + 'static>(first: u64, count: u64, play: fn(u64) -> T, add: fn(&mut T, T)) -> T {
    let (next, sum) = (AtomicU64::new(first), Mutex::new(T::default()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return;
            }
            let tally = named(seed, play);
            add(&mut sum.lock().unwrap_or_else(PoisonError::into_inner), tally);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from) * ABREAST;
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    sum.into_inner().unwrap_or_else(PoisonError::into_inner)
}
