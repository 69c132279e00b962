//! What time it is before an order, by the server and by this computer, and whether the two differ.
//!
//! What is recent is told by the server's clock. Where the two differ, one of them is wrong, and nobody here knows which.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// By so much the clocks may differ.
const SKEW_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What time it was here before and after the answers that have the server's time in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTimes {
    /// Before the first question.
    pub asked: Timestamp,
    /// After the last answer.
    pub answered: Timestamp,
}

/// Two clocks that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    /// The time of the server.
    pub server: Timestamp,
    /// The time here.
    pub here: Timestamp,
}

/// What time it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clocks {
    server: Option<Timestamp>,
    here: Option<Timestamp>,
    differ: bool,
}

impl Clocks {
    /// By what the server said, and what it was here meanwhile.
    pub(super) fn new(server: Option<Timestamp>, here: Option<LocalTimes>) -> Self {
        let differ = server.zip(here).is_some_and(|(server, here)| {
            server < here.asked - SKEW_TOLERANCE || here.answered + SKEW_TOLERANCE < server
        });
        Self { server, here: here.map(|here| here.answered), differ }
    }

    /// Both, where they differ.
    pub(super) fn skew(self) -> Option<ClockSkew> {
        let (server, here) = (self.server.filter(|_| self.differ)?, self.here?);
        Some(ClockSkew { server, here })
    }

    /// How long ago something was by the server's clock; none where either time is not told.
    pub(super) fn age_by_server(self, then: Option<Timestamp>) -> Option<SignedDuration> {
        Some(self.server?.duration_since(then?))
    }

    /// How long ago something was by the clock here, where that differs from the server's.
    pub(super) fn age_by_local(self, then: Option<Timestamp>) -> Option<SignedDuration> {
        Some(self.skew()?.here.duration_since(then?))
    }

    /// The day, by each clock that counts: the server's, else the one here, and both where they differ.
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
    fn where_one_is_not_told_nothing_differs() {
        let here = LocalTimes { asked: time("12:00:00"), answered: time("12:00:00") };
        for clocks in [Clocks::new(None, Some(here)), Clocks::new(Some(time("01:00:00")), None), Clocks::default()] {
            assert_eq!((clocks.skew(), clocks.age_by_local(Some(time("11:00:00")))), (None, None));
        }
        assert_eq!(Clocks::new(None, Some(here)).current_dates().count(), 1);
    }
}
