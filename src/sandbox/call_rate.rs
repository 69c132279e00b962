//! Call rate: how many calls came within the periods for which the API has limits.
//!
//! The documented limits are 100 calls in 5 seconds and 1 000 in 3 minutes for each key (certcentral-api.md 1.3). This
//! module only counts. It refuses nothing: a fault imitates what a server does beyond its limits.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

const SHORT_WINDOW: Duration = Duration::from_secs(5);
const LONG_WINDOW: Duration = Duration::from_mins(3);

/// The counts so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct CallRate {
    /// All calls with a valid key.
    pub calls: u64,
    /// The most calls in any period of 5 seconds.
    pub most_in_5_seconds: usize,
    /// The most calls in any period of 3 minutes.
    pub most_in_3_minutes: usize,
}

/// The calls of the last three minutes, and the highest counts so far.
#[derive(Debug, Default)]
pub(super) struct CallMeter {
    times: VecDeque<Instant>,
    rate: CallRate,
}

impl CallMeter {
    pub(super) fn count_call(&mut self, now: Instant) {
        let since = |then: &Instant| now.saturating_duration_since(*then);
        self.times.push_back(now);
        while self.times.front().is_some_and(|then| since(then) >= LONG_WINDOW) {
            self.times.pop_front();
        }
        let short = self.times.iter().rev().take_while(|then| since(then) < SHORT_WINDOW).count();
        self.rate = CallRate {
            calls: self.rate.calls + 1,
            most_in_5_seconds: self.rate.most_in_5_seconds.max(short),
            most_in_3_minutes: self.rate.most_in_3_minutes.max(self.times.len()),
        };
    }

    pub(super) fn rate(&self) -> CallRate {
        self.rate
    }
}

impl From<CallRate> for Value {
    fn from(rate: CallRate) -> Self {
        let CallRate { calls, most_in_5_seconds, most_in_3_minutes } = rate;
        json!({ "calls": calls, "most_in_5_seconds": most_in_5_seconds, "most_in_3_minutes": most_in_3_minutes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&[], 0, 0)]
    #[case(&[0, 0, 4_999], 3, 3)]
    #[case(&[0, 5_000], 1, 2)]
    #[case(&[0, 3_000, 6_000, 9_000], 2, 4)]
    #[case(&[0, 1, 180_000], 2, 2)]
    fn the_greatest_number_of_calls_in_a_period_is_counted(
        #[case] millis: &[u64],
        #[case] short: usize,
        #[case] long: usize,
    ) {
        let (mut meter, begun) = (CallMeter::default(), Instant::now());
        for millis in millis {
            meter.count_call(begun + Duration::from_millis(*millis));
        }
        let CallRate { calls, most_in_5_seconds, most_in_3_minutes } = meter.rate();
        assert_eq!((calls, most_in_5_seconds, most_in_3_minutes), (millis.len() as u64, short, long));
    }
}
