//! Lines for standard output: in colors on a terminal alone, and as JSON that shows every byte.
//!
//! Somebody who has stopped reading is told apart from a disk that is full. Whatever a server put into a text is made
//! visible here; what a text means is the caller's matter.

use crate::json;
use crate::layout::Tone;
use crate::text;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Why a line could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritten {
    /// Nobody reads any more: there is nothing to do but to end.
    #[error("nobody reads any more")]
    Closed,
    /// What is written to does not take it: make room, or choose another place.
    #[error(transparent)]
    Failed(io::Error),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe { Self::Closed } else { Self::Failed(error) }
    }
}

/// Where the lines go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    color: bool,
}

impl Lines {
    /// Standard output: in colors where it is a terminal that has them, and the environment does not ask for none.
    pub(super) fn of_environment() -> Self {
        Self { color: super::has_color() && io::stdout().is_terminal() }
    }

    /// Without any color.
    pub(super) fn plain() -> Self {
        Self { color: false }
    }

    /// One line: a line end in it is shown as what it is.
    pub(super) fn print(self, tone: Tone, line: &str) -> Result<(), Unwritten> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", super::shown(&self.dressed(tone, line), &out))?;
        Ok(out.flush()?)
    }

    /// Several.
    pub(super) fn print_all(self, said: &[(Tone, String)]) -> Result<(), Unwritten> {
        said.iter().try_for_each(|(tone, line)| self.print(*tone, line))
    }

    fn dressed(self, tone: Tone, line: &str) -> String {
        let line = text::visible(line);
        match look(tone).filter(|_| self.color) {
            Some(look) => format!("\u{1b}[{look}m{line}\u{1b}[0m"),
            None => line.into_owned(),
        }
    }
}

/// The look of a meaning, as the numbers that a terminal takes: the same as on the screens.
fn look(tone: Tone) -> Option<&'static str> {
    Some(match tone {
        Tone::Heading => "1",
        Tone::Dim => "2",
        Tone::Error => "1;31",
        Tone::Warning => "33",
        Tone::Good => "32",
        _ => return None,
    })
}

/// A value as JSON on one line, in which everything that cannot be seen is escaped.
pub(super) fn json_line(value: &serde_json::Value) -> String {
    let text = value.to_string();
    let Ok(doc) = json::parse(&text) else { return text };
    let mut line = String::with_capacity(text.len());
    json::write(&mut line, &doc);
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(true, Tone::Error, "a\u{1b}[2Jb", "\u{1b}[1;31ma^[[2Jb\u{1b}[0m")]
    #[case(true, Tone::Plain, "a\nb", "a^Jb")]
    #[case(false, Tone::Error, "a\u{202e}b", "a\\u{202e}b")]
    fn a_line_is_colored_where_that_is_wanted_and_always_visible(
        #[case] color: bool,
        #[case] tone: Tone,
        #[case] line: &str,
        #[case] shown: &str,
    ) {
        assert_eq!(Lines { color }.dressed(tone, line), shown);
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_in_json_and_still_says_the_same() {
        let value = json!({ "a": "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}é\r\n", "b": [1, null, true] });
        let line = json_line(&value);
        assert!(!line.chars().any(text::is_hidden), "{line:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }

    #[test]
    fn nobody_who_reads_is_no_full_disk() {
        assert!(matches!(Unwritten::from(io::Error::from(ErrorKind::BrokenPipe)), Unwritten::Closed));
        assert!(matches!(Unwritten::from(io::Error::from(ErrorKind::StorageFull)), Unwritten::Failed(_)));
    }
}
