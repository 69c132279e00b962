//! Size of the terminal: what the terminal reports, and what is assumed if it reports nothing.
//!
//! A serial line, a container or a script that drives a terminal may report zero columns and rows, which means unknown.
//! Then the environment decides, as in other programs, and otherwise the smallest usual size is assumed.

use rustix::termios::{Winsize, tcgetwinsize};
use std::fs::File;

/// The assumed size if nothing else is known: columns and rows.
const DEFAULT_SIZE: (u16, u16) = (80, 24);

/// More columns and rows than any screen shows. Every cell takes memory, and a window may report any size.
const MAX_SIZE: (u16, u16) = (1_000, 400);

/// Returns the columns and rows to use: at least one of each, and at most `MAX_SIZE`.
pub fn terminal_size() -> (u16, u16) {
    choose_size(read_window_size(), |name| std::env::var(name).ok())
}

/// Returns the columns and rows that the terminal reports. `None` unless it reports both.
pub fn reported_size() -> Option<(u16, u16)> {
    read_window_size().filter(|size| size.ws_col > 0 && size.ws_row > 0).map(|size| (size.ws_col, size.ws_row))
}

/// Asks the terminal of standard output, then of standard input, then the controlling terminal.
fn read_window_size() -> Option<Winsize> {
    let streams = tcgetwinsize(std::io::stdout()).or_else(|_| tcgetwinsize(std::io::stdin()));
    streams.ok().or_else(|| tcgetwinsize(File::open("/dev/tty").ok()?).ok())
}

fn choose_size(reported: Option<Winsize>, get: impl Fn(&str) -> Option<String>) -> (u16, u16) {
    let named = |name: &str| get(name)?.trim().parse::<u16>().ok().filter(|count| *count > 0);
    let one = |reported: Option<u16>, name: &str, usual: u16, largest: u16| {
        reported.filter(|count| *count > 0).or_else(|| named(name)).unwrap_or(usual).min(largest)
    };
    (
        one(reported.map(|size| size.ws_col), "COLUMNS", DEFAULT_SIZE.0, MAX_SIZE.0),
        one(reported.map(|size| size.ws_row), "LINES", DEFAULT_SIZE.1, MAX_SIZE.1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::told(Some((120, 40)), &[("COLUMNS", "90"), ("LINES", "30")], (120, 40))]
    #[case::small(Some((1, 1)), &[], (1, 1))]
    #[case::nothing(Some((0, 0)), &[], (80, 24))]
    #[case::no_terminal(None, &[], (80, 24))]
    #[case::environment(Some((0, 0)), &[("COLUMNS", "90"), ("LINES", "30")], (90, 30))]
    #[case::no_terminal_but_an_environment(None, &[("COLUMNS", " 90 "), ("LINES", "30")], (90, 30))]
    #[case::one_of_both(Some((0, 50)), &[("LINES", "30")], (80, 50))]
    #[case::the_other_of_both(Some((132, 0)), &[("COLUMNS", "90")], (132, 24))]
    #[case::one_is_named(Some((0, 0)), &[("LINES", "30")], (80, 30))]
    #[case::named_as_nothing(Some((0, 0)), &[("COLUMNS", "0"), ("LINES", "")], (80, 24))]
    #[case::named_as_no_number(Some((0, 0)), &[("COLUMNS", "wide"), ("LINES", "-3")], (80, 24))]
    #[case::named_beyond_numbers(Some((0, 0)), &[("COLUMNS", "65536"), ("LINES", "65535")], (80, 400))]
    #[case::immense(Some((65_535, 65_535)), &[], (1_000, 400))]
    #[case::wide(Some((65_535, 24)), &[], (1_000, 24))]
    fn the_size_is_reported_or_configured_or_default_and_limited(
        #[case] reported: Option<(u16, u16)>,
        #[case] variables: &[(&str, &str)],
        #[case] expected: (u16, u16),
    ) {
        let reported = reported.map(|(ws_col, ws_row)| Winsize { ws_row, ws_col, ws_xpixel: 0, ws_ypixel: 0 });
        let get = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(choose_size(reported, get), expected);
    }
}
