//! Retry after HTTP 429: how long to wait before a query is repeated.
//!
//! The limits are 1000 requests in three minutes and 100 in five seconds for each key; no reset interval and no
//! `Retry-After` is documented (certcentral-api.md 1.3). Only queries wait and are repeated: an order never is. There
//! is no clock and no network here.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// The largest number of attempts of one query, the first one included.
pub const MAX_ATTEMPTS: u32 = 5;

const FIRST_PAUSE: Duration = Duration::from_secs(5);
const MAX_PAUSE: Duration = Duration::from_mins(1);
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);
const JITTER_SHARE: f64 = 0.2;

/// Returns the wait after the `attempt`th attempt, counted from 1, was answered with 429. `None` after the last
/// attempt.
///
/// The wait starts at 5 seconds and doubles up to 60. `jitter` spreads it, from a factor of 0.8 at 0.0 to 1.2 at 1.0;
/// values outside count as the nearer end, and NaN as the middle. A `Retry-After` of the server is waited exactly,
/// but never longer than 120 seconds.
pub fn retry_pause(attempt: u32, retry_after: Option<Duration>, jitter: f64) -> Option<Duration> {
    if attempt >= MAX_ATTEMPTS {
        return None;
    }
    let jitter = if jitter.is_nan() { 0.5 } else { jitter.clamp(0.0, 1.0) };
    let spread = backoff_pause(attempt).mul_f64(1.0 - JITTER_SHARE + 2.0 * JITTER_SHARE * jitter);
    Some(retry_after.map_or(spread, |requested| requested.min(MAX_RETRY_AFTER)))
}

fn backoff_pause(attempt: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(MAX_PAUSE)
}

/// Parses the seconds form of `Retry-After`. Its date form would need a clock that agrees with the server's.
pub(super) fn parse_retry_after(header: &str) -> Option<Duration> {
    let digits = header.trim();
    let whole = digits.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| digits.parse().ok().map(Duration::from_secs)).flatten()
}

/// Returns a number between 0 and 1 that differs between two windows that started together. No random number
/// generator is needed: each of the standard library's hashers starts from random keys.
pub(super) fn random_jitter() -> f64 {
    let random = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(random).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 5)]
    #[case(1, 5)]
    #[case(2, 10)]
    #[case(3, 20)]
    #[case(4, 40)]
    #[case(5, 60)]
    #[case(40, 60)]
    #[case(u32::MAX, 60)]
    fn the_wait_doubles_up_to_a_minute(#[case] attempt: u32, #[case] seconds: u64) {
        assert_eq!(backoff_pause(attempt), Duration::from_secs(seconds));
    }

    #[rstest]
    #[case(1, 0.0, 4_000)]
    #[case(1, 0.5, 5_000)]
    #[case(1, 1.0, 6_000)]
    #[case(4, 0.0, 32_000)]
    #[case(4, 1.0, 48_000)]
    #[case(1, -7.0, 4_000)]
    #[case(1, f64::INFINITY, 6_000)]
    #[case(1, f64::NAN, 5_000)]
    fn jitter_varies_the_wait_by_a_fifth(#[case] attempt: u32, #[case] jitter: f64, #[case] millis: u64) {
        let wait = retry_pause(attempt, None, jitter).unwrap();
        assert!(wait.abs_diff(Duration::from_millis(millis)) < Duration::from_millis(1), "{wait:?}");
    }

    #[rstest]
    #[case(0, 0)]
    #[case(1, 1)]
    #[case(119, 119)]
    #[case(120, 120)]
    #[case(121, 120)]
    #[case(u64::MAX, 120)]
    fn a_requested_wait_is_honored_up_to_a_limit(#[case] asked: u64, #[case] waited: u64) {
        assert_eq!(retry_pause(1, Some(Duration::from_secs(asked)), 1.0), Some(Duration::from_secs(waited)));
    }

    #[test]
    fn the_last_attempt_is_not_followed_by_another() {
        assert!((1..MAX_ATTEMPTS).all(|attempt| retry_pause(attempt, None, 0.5).is_some()));
        assert_eq!(retry_pause(MAX_ATTEMPTS, None, 0.5), None);
        assert_eq!(retry_pause(MAX_ATTEMPTS, Some(Duration::ZERO), 0.5), None);
        assert_eq!(retry_pause(u32::MAX, None, 0.5), None);
    }

    #[rstest]
    #[case("7", Some(7))]
    #[case(" 007 ", Some(7))]
    #[case("", None)]
    #[case("-1", None)]
    #[case("1.5", None)]
    #[case("99999999999999999999", None)]
    #[case("Wed, 21 Oct 2026 07:28:00 GMT", None)]
    fn retry_after_is_read_in_seconds(#[case] header: &str, #[case] read: Option<u64>) {
        assert_eq!(parse_retry_after(header), read.map(Duration::from_secs));
    }

    #[test]
    fn jitter_varies_within_its_bounds() {
        let rolls: Vec<f64> = (0..64).map(|_| random_jitter()).collect();
        assert!(rolls.iter().all(|roll| (0.0..=1.0).contains(roll)));
        assert!(rolls.iter().any(|roll| roll.to_bits() != rolls[0].to_bits()));
    }
}
