//! Standard output, which is written to here alone: in colors on a terminal alone, and as JSON that shows every byte.
//!
//! Somebody who has stopped reading is told apart from a disk that is full, and no write that fails is passed over.
//! Whatever a server put into a text is made visible here; what a text means is the caller's matter.

use super::CommandError;
use crate::json;
use crate::text;
use crate::tone::Tone;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, retry_on_intr, write};
use std::io::{self, ErrorKind, IsTerminal, StdoutLock};

/// Why a line could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutputError {
    /// Nobody reads any more: there is nothing to do but to end.
    #[error("nobody reads any more")]
    Closed,
    /// What is written to does not take it: make room, or choose another place.
    #[error(transparent)]
    Failed(io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe { Self::Closed } else { Self::Failed(error) }
    }
}

/// That nobody reads any more is no reason to fail; that it could not be written is.
pub(super) fn ignore_closed_pipe(told: Result<(), OutputError>) -> Result<(), CommandError> {
    match told {
        Ok(()) | Err(OutputError::Closed) => Ok(()),
        Err(OutputError::Failed(why)) => Err(CommandError::Output(why)),
    }
}

/// Writes to standard output. The library's own passes over a failure where it may not be written to at all.
pub(super) fn write_stdout(bytes: &[u8]) -> Result<(), OutputError> {
    let out = io::stdout().lock();
    let mut left = bytes;
    while !left.is_empty() {
        match retry_on_intr(|| write(&out, left)) {
            Ok(0) => return Err(OutputError::Failed(ErrorKind::WriteZero.into())),
            Ok(count) => left = &left[count..],
            Err(Errno::AGAIN) => wait_until_writable(&out)?,
            Err(errno) => return Err(io::Error::from(errno).into()),
        }
    }
    Ok(())
}

/// Waits until there is room again where writing itself does not wait: another program may have asked for that.
fn wait_until_writable(out: &StdoutLock<'_>) -> io::Result<()> {
    retry_on_intr(|| poll(&mut [PollFd::new(out, PollFlags::OUT)], None))?;
    Ok(())
}

/// One line: a line end in it is shown as what it is.
pub(super) fn print_line(line: &str) -> Result<(), OutputError> {
    print_visible(&format!("{}\n", text::visible(line)))
}

/// Lines that were made visible already.
pub(super) fn print_visible(lines: &str) -> Result<(), OutputError> {
    write_stdout(super::fit_to_terminal(lines, &io::stdout()).as_bytes())
}

/// How lines look.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinePrinter {
    color: bool,
}

impl LinePrinter {
    /// Standard output: in colors where it is a terminal that has them, and the environment does not ask for none.
    pub(super) fn from_environment() -> Self {
        Self { color: super::has_color() && io::stdout().is_terminal() }
    }

    /// Without any color.
    pub(super) fn without_color() -> Self {
        Self { color: false }
    }

    /// One line: a line end in it is shown as what it is.
    pub(super) fn print(self, tone: Tone, line: &str) -> Result<(), OutputError> {
        print_visible(&format!("{}\n", self.format_line(tone, line)))
    }

    /// Several.
    pub(super) fn print_all(self, said: &[(Tone, String)]) -> Result<(), OutputError> {
        said.iter().try_for_each(|(tone, line)| self.print(*tone, line))
    }

    fn format_line(self, tone: Tone, line: &str) -> String {
        let line = text::visible(line);
        match ansi_codes(tone).filter(|_| self.color) {
            Some(look) => format!("\u{1b}[{look}m{line}\u{1b}[0m"),
            None => line.into_owned(),
        }
    }
}

/// The look of a meaning, as the numbers that a terminal takes: the same as on the screens.
fn ansi_codes(tone: Tone) -> Option<&'static str> {
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
    json::write_one_line(&mut line, &doc);
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
        assert_eq!(LinePrinter { color }.format_line(tone, line), shown);
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
        assert!(matches!(OutputError::from(io::Error::from(ErrorKind::BrokenPipe)), OutputError::Closed));
        assert!(matches!(OutputError::from(io::Error::from(ErrorKind::StorageFull)), OutputError::Failed(_)));
    }
}
