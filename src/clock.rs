//! The run time of the program, by a clock that continues while the computer is suspended.
//!
//! A computer may be suspended in the middle of an order. On return, the preflight and the card data in memory have
//! aged. `std::time::Instant` does not show this, because on Linux it stops during suspension.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// On macOS the monotonic clock counts the time asleep. On Linux only the boot-time clock does.
#[cfg(target_os = "linux")]
const CLOCK: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const CLOCK: ClockId = ClockId::Monotonic;

/// A clock that starts at zero.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started_at: u64,
}

impl Clock {
    pub fn start() -> Self {
        Self { started_at: to_millis(clock_gettime(CLOCK)) }
    }

    /// Returns the milliseconds since the start.
    pub fn now(self) -> u64 {
        to_millis(clock_gettime(CLOCK)).saturating_sub(self.started_at)
    }
}

fn to_millis(time: Timespec) -> u64 {
    let millis = time.tv_sec.saturating_mul(1_000).saturating_add(time.tv_nsec / 1_000_000);
    u64::try_from(millis).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_starts_at_zero_and_advances() {
        let clock = Clock::start();
        let first = clock.now();
        assert!(first < 60_000 && first <= clock.now());
    }

    /// The uptime in `/proc/uptime` includes the time in suspension, and this is the only clock of Linux that does so
    /// too.
    #[test]
    #[cfg(target_os = "linux")]
    fn the_clock_counts_suspended_time() {
        let parse = |text: String| text.split_whitespace().next().and_then(|uptime| uptime.parse::<f64>().ok());
        let Some(uptime) = std::fs::read_to_string("/proc/uptime").ok().and_then(parse) else { return };
        #[expect(clippy::cast_precision_loss)]
        let here = to_millis(clock_gettime(CLOCK)) as f64 / 1_000.0;
        // In a container the uptime may have another starting point. Then it proves nothing.
        if (uptime - here).abs() > 3_600.0 {
            return;
        }
        assert!((uptime - here).abs() < 5.0, "{uptime} {here}");
    }

    #[test]
    fn seconds_and_nanoseconds_convert_to_milliseconds() {
        assert_eq!(to_millis(Timespec { tv_sec: 12, tv_nsec: 345_678_901 }), 12_345);
        assert_eq!(to_millis(Timespec { tv_sec: -1, tv_nsec: 0 }), 0);
    }
}
