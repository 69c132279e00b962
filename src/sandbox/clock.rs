//! The sandbox's clock: the monotonic clock of the computer plus an offset that a test can advance.
//!
//! Orders progress by this clock and dates are checked against it, so a test can see an approval without waiting. The
//! clock never goes back.

use super::account::SandboxTime;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::time::{Duration, Instant};

/// The offset is at most a hundred years, so that every date stays within the calendar.
const MAX_OFFSET_SECONDS: u64 = 100 * 366 * 24 * 60 * 60;

#[derive(Debug, Clone, Copy)]
pub(super) struct SandboxClock {
    began: Instant,
    began_at: Timestamp,
    offset: Duration,
}

impl SandboxClock {
    /// Starts the clock at the current time.
    pub(super) fn start() -> Self {
        Self { began: Instant::now(), began_at: Timestamp::now(), offset: Duration::ZERO }
    }

    /// Returns the time since the sandbox started, plus the offset.
    pub(super) fn elapsed(&self) -> SandboxTime {
        SignedDuration::try_from(self.began.elapsed() + self.offset).unwrap_or(SignedDuration::MAX)
    }

    /// Adds whole seconds to the offset and returns the new offset in seconds. Returns `None` and changes nothing if
    /// the new offset would be too large.
    pub(super) fn advance(&mut self, seconds: u64) -> Option<u64> {
        let offset = self.offset.as_secs().checked_add(seconds).filter(|&offset| offset <= MAX_OFFSET_SECONDS)?;
        self.offset = Duration::from_secs(offset);
        Some(offset)
    }

    /// Returns the current date in UTC.
    pub(super) fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.timestamp_at(self.elapsed())).date()
    }

    /// Formats a moment like the API: ISO 8601 with a numeric offset, in UTC (certcentral-api.md 1.1).
    pub(super) fn format_timestamp(&self, moment: SandboxTime) -> String {
        self.timestamp_at(moment).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
    }

    fn timestamp_at(&self, moment: SandboxTime) -> Timestamp {
        self.began_at.checked_add(moment).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advancing_adds_up_and_moves_the_date() {
        let mut clock = SandboxClock::start();
        let before = clock.today();
        assert_eq!(clock.advance(3 * 86_400), Some(3 * 86_400));
        assert_eq!(clock.advance(1), Some(3 * 86_400 + 1));
        assert!(clock.today() > before);
        assert!(clock.elapsed() >= SignedDuration::from_secs(3 * 86_400 + 1));
    }

    #[test]
    fn the_clock_never_leaves_the_calendar() {
        let mut clock = SandboxClock::start();
        assert_eq!(clock.advance(u64::MAX), None);
        assert_eq!(clock.advance(MAX_OFFSET_SECONDS), Some(MAX_OFFSET_SECONDS));
        assert_eq!(clock.advance(1), None);
        assert!(clock.today().year() < 3000);
    }

    #[test]
    fn times_are_written_in_utc() {
        let clock = SandboxClock { began: Instant::now(), began_at: Timestamp::UNIX_EPOCH, offset: Duration::ZERO };
        assert_eq!(clock.format_timestamp(SignedDuration::from_secs(86_400 + 61)), "1970-01-02T00:01:01+00:00");
        assert_eq!(clock.format_timestamp(SignedDuration::from_secs(-60)), "1969-12-31T23:59:00+00:00");
    }
}
