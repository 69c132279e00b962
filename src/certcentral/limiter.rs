//! How fast questions leave: one limiter for all calls of a client, well under what the API allows.
//!
//! Documented are 100 requests in 5 seconds and 1 000 in 3 minutes for each key (fact sheet 1.3). A fifth of both is left
//! for whatever else works with the key, and for an order, which never waits. It knows no call and no answer.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// So many questions leave within so long, whichever stretch of time one looks at.
const WINDOWS: [(usize, Duration); 2] = [(80, Duration::from_secs(5)), (800, Duration::from_mins(3))];

/// When calls left, as far as it still matters. It knows no clock: the time is told from outside.
#[derive(Debug, Default)]
struct Log {
    left: VecDeque<Duration>,
    /// Nothing leaves before: the server has said that we ask too often.
    held: Duration,
}

impl Log {
    /// How long to wait from now until one more may leave; nothing where it may now.
    fn wait(&self, now: Duration) -> Option<Duration> {
        let of = |&(most, span): &(usize, Duration)| {
            let oldest = self.left.len().checked_sub(most).and_then(|at| self.left.get(at));
            oldest.map(|left| *left + span)
        };
        let free = WINDOWS.iter().filter_map(of).chain([self.held]).max()?;
        free.checked_sub(now).filter(|wait| !wait.is_zero())
    }

    /// Writes down that one leaves.
    fn leave(&mut self, now: Duration) {
        let [.., (most, _)] = WINDOWS;
        // One that comes from another thread may be a trace older than the last.
        let now = self.left.back().map_or(now, |last| now.max(*last));
        self.left.push_back(now);
        let many = self.left.len().saturating_sub(most);
        self.left.drain(..many);
    }
}

/// Lets questions pass one after another, in the order in which they came.
#[derive(Debug)]
pub(super) struct Limiter {
    begun: Instant,
    /// What waits are divided by.
    pace: u32,
    log: Mutex<Log>,
    /// Whoever waits has it, so that nobody goes before them.
    turn: tokio::sync::Mutex<()>,
}

impl Limiter {
    /// With its waits, and the stretches of time that it looks at, divided by `pace`; zero counts as 1.
    pub(super) fn new(pace: u32) -> Self {
        let log = Mutex::new(Log::default());
        Self { begun: Instant::now(), pace: pace.max(1), log, turn: tokio::sync::Mutex::new(()) }
    }

    /// Waits until a question may leave, and counts it. Who no longer waits has not been counted.
    pub(super) async fn pass(&self) {
        let _turn = self.turn.lock().await;
        while let Some(wait) = self.try_leave() {
            tokio::time::sleep(wait / self.pace).await;
        }
    }

    /// Counts what leaves at once: an order.
    pub(super) fn leave(&self) {
        let now = self.now();
        self.with(|log| log.leave(now));
    }

    /// Lets nothing pass for so long, because the server has said that we ask too often.
    pub(super) fn hold(&self, pause: Duration) {
        let until = self.now() + pause;
        self.with(|log| log.held = log.held.max(until));
    }

    fn try_leave(&self) -> Option<Duration> {
        let now = self.now();
        self.with(|log| {
            let wait = log.wait(now);
            if wait.is_none() {
                log.leave(now);
            }
            wait
        })
    }

    /// The time since it began, as many times faster as it is paced.
    fn now(&self) -> Duration {
        self.begun.elapsed().saturating_mul(self.pace)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Log) -> T) -> T {
        work(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENTED: [(usize, Duration); 2] = [(100, Duration::from_secs(5)), (1_000, Duration::from_mins(3))];

    /// Has so many leave as early as they may; each wants to at its time, in milliseconds after the one before.
    fn leave(gaps: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        let (mut log, mut now) = (Log::default(), Duration::ZERO);
        let mut pass = |gap| {
            now += Duration::from_millis(gap);
            now += log.wait(now).unwrap_or_default();
            log.leave(now);
            now
        };
        gaps.into_iter().map(&mut pass).collect()
    }

    /// Whether no more than so many left within so long, wherever one begins to count.
    fn holds(left: &[Duration], (most, span): (usize, Duration)) -> bool {
        left.iter().zip(left.iter().skip(most)).all(|(first, one_too_many)| *one_too_many >= *first + span)
    }

    #[test]
    fn what_comes_at_once_leaves_at_once_up_to_the_limit() {
        let left = leave(std::iter::repeat_n(0, 81));
        assert_eq!((left[79], left[80]), (Duration::ZERO, Duration::from_secs(5)));
    }

    #[test]
    fn the_long_limit_holds_where_the_short_one_would_not() {
        let left = leave(std::iter::repeat_n(0, 1_700));
        assert_eq!(WINDOWS.map(|window| holds(&left, window)), [true, true]);
        assert_eq!((left[799], left[800]), (Duration::from_secs(45), Duration::from_mins(3)));
    }

    #[test]
    fn a_fifth_is_left_for_others() {
        for ((most, span), (documented, same)) in WINDOWS.into_iter().zip(DOCUMENTED) {
            assert!(span == same && most * 5 <= documented * 4, "{most} in {span:?}");
        }
    }

    #[test]
    fn an_order_counts_and_does_not_wait() {
        let limiter = Limiter::new(1);
        (0..90).for_each(|_| limiter.leave());
        assert!(limiter.try_leave().is_some());
        assert_eq!(limiter.with(|log| log.left.len()), 90);
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_asks_for_holds_for_all() {
        let limiter = Limiter::new(1);
        limiter.hold(Duration::from_secs(7));
        limiter.hold(Duration::from_secs(2));
        limiter.pass().await;
        assert!(limiter.begun.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pace_makes_it_faster_by_as_much() {
        let limiter = Limiter::new(10);
        for _ in 0..=80 {
            limiter.pass().await;
        }
        let taken = limiter.begun.elapsed();
        assert!(taken >= Duration::from_millis(500) && taken < Duration::from_millis(510), "{taken:?}");
    }

    proptest! {
        #[test]
        fn no_stretch_of_time_has_more(gaps in prop::collection::vec(0_u64..400, 0..1_500)) {
            let left = leave(gaps);
            prop_assert!(WINDOWS.into_iter().all(|window| holds(&left, window)));
        }
    }
}
