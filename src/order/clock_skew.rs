//! Clock skew: the server's time and the local time before an order, and whether they differ.
//!
//! The age of an order is measured by the server's clock. If the two clocks differ, one of them is wrong, and the
//! program cannot know which.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The largest difference that does not count as skew.
const SKEW_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The local times before and after the answers that carry the server's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTimes {
    /// Before the first query.
    pub asked: Timestamp,
    /// After the last answer.
    pub answered: Timestamp,
}

/// The times of two clocks that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    pub server: Timestamp,
    /// The local time.
    pub here: Timestamp,
}

/// The server's time and the local time, as far as known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clocks {
    server: Option<Timestamp>,
    here: Option<Timestamp>,
    differ: bool,
}

impl Clocks {
    /// Compares the server's time with the local times around it.
    pub(super) fn new(server: Option<Timestamp>, here: Option<LocalTimes>) -> Self {
        let differ = server.zip(here).is_some_and(|(server, here)| {
            server < here.asked - SKEW_TOLERANCE || here.answered + SKEW_TOLERANCE < server
        });
        Self { server, here: here.map(|here| here.answered), differ }
    }

    /// Returns both times if the clocks differ.
    pub(super) fn skew(self) -> Option<ClockSkew> {
        let (server, here) = (self.server.filter(|_| self.differ)?, self.here?);
        Some(ClockSkew { server, here })
    }

    /// Returns the age by the server's clock. `None` if either time is unknown.
    pub(super) fn age_by_server(self, then: Option<Timestamp>) -> Option<SignedDuration> {
        Some(self.server?.duration_since(then?))
    }

    /// Returns the age by the local clock. `None` if the clocks do not differ.
    pub(super) fn age_by_local(self, then: Option<Timestamp>) -> Option<SignedDuration> {
        Some(self.skew()?.here.duration_since(then?))
    }

    /// Returns the current date in UTC by the server's clock, or else by the local clock. Returns both dates if the
    /// clocks differ.
    pub(super) fn current_dates(self) -> impl Iterator<Item = Date> {
        let here = self.here.filter(|_| self.differ || self.server.is_none());
        self.server.into_iter().chain(here).map(|time| time.to_zoned(TimeZone::UTC).date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn time(text: &str) -> Timestamp {
        format!("2026-11-22T{text}Z").parse().unwrap()
    }

    #[rstest]
    #[case::the_same("12:00:00", false)]
    #[case::behind("11:55:00", false)]
    #[case::ahead("12:05:40", false)]
    #[case::too_far_behind("11:54:59", true)]
    #[case::too_far_ahead("12:05:41", true)]
    #[case::hours("02:00:00", true)]
    fn clocks_differ_by_more_than_five_minutes(#[case] server: &str, #[case] differ: bool) {
        let here = LocalTimes { asked: time("12:00:00"), answered: time("12:00:40") };
        let clocks = Clocks::new(Some(time(server)), Some(here));
        assert_eq!(clocks.skew(), differ.then_some(ClockSkew { server: time(server), here: here.answered }));
        assert_eq!(clocks.age_by_local(Some(time("11:00:00"))).is_some(), differ);
    }

    #[test]
    fn an_unknown_time_is_no_difference() {
        let here = LocalTimes { asked: time("12:00:00"), answered: time("12:00:00") };
        for clocks in [Clocks::new(None, Some(here)), Clocks::new(Some(time("01:00:00")), None), Clocks::default()] {
            assert_eq!((clocks.skew(), clocks.age_by_local(Some(time("11:00:00")))), (None, None));
        }
        assert_eq!(Clocks::new(None, Some(here)).current_dates().count(), 1);
    }
}
