//! Rate limiting: how many queries may be sent, and when. One limiter serves all calls of a client.
//!
//! The documented limits are 100 requests in 5 seconds and 1 000 in 3 minutes for each key (certcentral-api.md 1.3).
//! A fifth of both is left for other programs with the same key, and for orders, which never wait. The server counts
//! a call at some time between its start and its end, so a call counts here from its start until one window after its
//! end. A new client, as after a key was tried, starts with an empty count.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// The largest number of queries within any period of this length.
const WINDOWS: [(usize, Duration); 2] = [(80, Duration::from_secs(5)), (800, Duration::from_mins(3))];

/// Returns the number of queries that the longest window allows in this time.
pub(super) const fn max_calls_within(time: Duration) -> u32 {
    let (most, span) = WINDOWS[1];
    // The result is a few thousand.
    #[allow(clippy::cast_possible_truncation, reason = "a few thousand")]
    let most = (most as u64 * time.as_secs() / span.as_secs()) as u32;
    most
}

/// The largest number of queries under way at a time.
const MAX_CONCURRENT: usize = 16;

/// The calls that still count. The caller passes the time, so there is no clock here.
#[derive(Debug, Default)]
struct CallLog {
    under_way: usize,
    /// The end times of the other calls, oldest first.
    ended: VecDeque<Duration>,
    /// No query may start before this time, because the server answered 429.
    held_until: Duration,
}

impl CallLog {
    /// Returns the wait until one more call may start. `None` if it may start now.
    fn wait_time(&self, now: Duration) -> Option<Duration> {
        let free = |&(most, span): &(usize, Duration)| {
            let past = (self.under_way + self.ended.len()).checked_sub(most)?;
            // If more calls are under way than the window allows, the wait is one window.
            Some(self.ended.get(past).map_or(now, |ended| *ended) + span)
        };
        let free = WINDOWS.iter().filter_map(free).chain([self.held_until]).max()?;
        free.checked_sub(now).filter(|wait| !wait.is_zero())
    }

    fn begin_call(&mut self) {
        self.under_way += 1;
    }

    fn end_call(&mut self, now: Duration) {
        self.under_way = self.under_way.saturating_sub(1);
        // Another thread may report a time that is slightly older than the last one.
        let now = self.ended.back().map_or(now, |last| now.max(*last));
        self.ended.push_back(now);
        let [.., (most, _)] = WINDOWS;
        let many = self.ended.len().saturating_sub(most);
        self.ended.drain(..many);
    }
}

/// Lets queries start one after another, in the order in which they came.
#[derive(Debug)]
pub(super) struct RateLimiter {
    started_at: Instant,
    /// The divisor of every wait.
    pace: u32,
    log: Mutex<CallLog>,
    permits: Semaphore,
    /// Held by the query that waits, so that no other query overtakes it.
    turn: tokio::sync::Mutex<()>,
}

/// A call that is under way, until this is dropped.
#[derive(Debug)]
pub(super) struct RateLimitPermit<'a> {
    limiter: &'a RateLimiter,
    _room: Option<SemaphorePermit<'a>>,
}

impl Drop for RateLimitPermit<'_> {
    fn drop(&mut self) {
        let now = self.limiter.scaled_now();
        self.limiter.lock_log().end_call(now);
    }
}

impl RateLimiter {
    /// Creates a limiter whose waits and windows are divided by `pace`. Zero counts as 1.
    pub(super) fn new(pace: u32) -> Self {
        let (log, permits, turn) = (Mutex::default(), Semaphore::new(MAX_CONCURRENT), tokio::sync::Mutex::default());
        Self { started_at: Instant::now(), pace: pace.max(1), log, permits, turn }
    }

    /// Waits until a query may start, and counts it. A caller that stops waiting is not counted.
    pub(super) async fn acquire(&self) -> RateLimitPermit<'_> {
        // The semaphore is never closed. If it were, there would be no limit on concurrent queries.
        let room = self.permits.acquire().await.ok();
        let _turn = self.turn.lock().await;
        while let Some(wait) = self.try_begin_call() {
            tokio::time::sleep(wait / self.pace).await;
        }
        RateLimitPermit { limiter: self, _room: room }
    }

    /// Counts a call that starts at once: an order.
    pub(super) fn begin_order_call(&self) -> RateLimitPermit<'_> {
        self.lock_log().begin_call();
        RateLimitPermit { limiter: self, _room: None }
    }

    /// Delays all queries for this time, because the server answered 429.
    pub(super) fn pause_for(&self, pause: Duration) {
        let until = self.scaled_now() + pause;
        let mut log = self.lock_log();
        log.held_until = log.held_until.max(until);
    }

    fn try_begin_call(&self) -> Option<Duration> {
        let (now, mut log) = (self.scaled_now(), self.lock_log());
        let wait = log.wait_time(now);
        if wait.is_none() {
            log.begin_call();
        }
        wait
    }

    /// Returns the time since the start of the limiter, multiplied by the pace.
    fn scaled_now(&self) -> Duration {
        self.started_at.elapsed().saturating_mul(self.pace)
    }

    fn lock_log(&self) -> MutexGuard<'_, CallLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENTED: [(usize, Duration); 2] = [(100, Duration::from_secs(5)), (1_000, Duration::from_mins(3))];

    /// Starts calls as early as allowed. Each call comes a given time after the one before and is answered after a
    /// given time, in milliseconds; the server counts it at a given share of that time. Returns when the server
    /// counted each call.
    fn leave(calls: impl IntoIterator<Item = (u64, u64, f64)>) -> Vec<Duration> {
        let (mut log, mut now, mut open, mut counted) = (CallLog::default(), Duration::ZERO, Vec::new(), Vec::new());
        for (gap, answered, share) in calls {
            now += Duration::from_millis(gap);
            loop {
                open.sort_unstable();
                while open.first().is_some_and(|end| *end <= now) {
                    log.end_call(open.remove(0));
                }
                let next = open.first().copied().filter(|_| open.len() >= MAX_CONCURRENT);
                match (next, log.wait_time(now)) {
                    (Some(next), _) => now = next,
                    (None, Some(wait)) => now += wait,
                    (None, None) => break,
                }
            }
            log.begin_call();
            let takes = Duration::from_millis(answered);
            open.push(now + takes);
            counted.push(now + takes.mul_f64(share));
        }
        counted.sort_unstable();
        counted
    }

    /// Returns true if no period of this length has more calls than allowed.
    fn holds(counted: &[Duration], (most, span): (usize, Duration)) -> bool {
        counted.iter().zip(counted.iter().skip(most)).all(|(first, one_too_many)| *one_too_many >= *first + span)
    }

    #[test]
    fn simultaneous_calls_start_at_once_up_to_the_limit() {
        let left = leave(std::iter::repeat_n((0, 0, 0.0), 81));
        assert_eq!((left[79], left[80]), (Duration::ZERO, Duration::from_secs(5)));
    }

    #[test]
    fn the_long_limit_applies_where_the_short_one_would_not() {
        let left = leave(std::iter::repeat_n((0, 0, 0.0), 1_700));
        assert_eq!(WINDOWS.map(|window| holds(&left, window)), [true, true]);
        assert_eq!((left[799], left[800]), (Duration::from_secs(45), Duration::from_mins(3)));
    }

    #[test]
    fn a_fifth_of_the_limit_stays_free_for_others() {
        for ((most, span), (documented, same)) in WINDOWS.into_iter().zip(DOCUMENTED) {
            assert!(span == same && most * 5 <= documented * 4, "{most} in {span:?}");
        }
    }

    #[test]
    fn an_order_counts_and_does_not_wait() {
        let limiter = RateLimiter::new(1);
        let orders: Vec<RateLimitPermit<'_>> = (0..90).map(|_| limiter.begin_order_call()).collect();
        assert!(limiter.try_begin_call().is_some(), "under way");
        drop(orders);
        assert!(limiter.try_begin_call().is_some(), "just ended");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_the_server_requests_applies_to_all_calls() {
        let limiter = RateLimiter::new(1);
        limiter.pause_for(Duration::from_secs(7));
        limiter.pause_for(Duration::from_secs(2));
        drop(limiter.acquire().await);
        assert!(limiter.started_at.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pace_factor_shortens_the_waits_accordingly() {
        let limiter = RateLimiter::new(10);
        for _ in 0..=80 {
            drop(limiter.acquire().await);
        }
        let taken = limiter.started_at.elapsed();
        assert!(taken >= Duration::from_millis(500) && taken < Duration::from_millis(510), "{taken:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_call_does_not_delay_others() {
        let limiter = RateLimiter::new(1);
        limiter.pause_for(Duration::from_mins(1));
        for _ in 0..3 {
            assert!(tokio::time::timeout(Duration::from_secs(1), limiter.acquire()).await.is_err());
        }
        drop(limiter.acquire().await);
        let log = limiter.lock_log();
        assert_eq!((log.under_way, log.ended.len()), (0, 1));
    }

    proptest! {
        #[test]
        fn no_period_has_more_calls_than_the_limit(calls in prop::collection::vec((0_u64..200, 0_u64..3_000, 0.0..=1.0), 0..1_200)) {
            let counted = leave(calls);
            prop_assert!(WINDOWS.into_iter().all(|window| holds(&counted, window)));
        }
    }
}
