//! Standard output: only this module writes to it, with colors only on a terminal, and with JSON that shows every
//! byte.
//!
//! It distinguishes a closed pipe from a full disk, and never ignores a failed write. It makes text from a server
//! visible; it does not interpret it.

use super::CommandError;
use crate::json;
use crate::text;
use crate::tone::Tone;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, retry_on_intr, write};
use std::io::{self, ErrorKind, IsTerminal, StdoutLock};

/// Why a line could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub(super) enum OutputError {
    /// The reader has closed the pipe: the program only ends.
    Closed,
    /// The destination cannot be written: the user frees space, or chooses another.
    Failed(io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe { Self::Closed } else { Self::Failed(error) }
    }
}

/// Treats a closed pipe as success, and any other failure as an error.
pub(super) fn ignore_closed_pipe(result: Result<(), OutputError>) -> Result<(), CommandError> {
    match result {
        Ok(()) | Err(OutputError::Closed) => Ok(()),
        Err(OutputError::Failed(why)) => Err(CommandError::Output(why)),
    }
}

/// Writes to standard output. The standard library would ignore the failure if standard output is closed.
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

/// Waits until there is room again. This happens if another program made standard output non-blocking.
fn wait_until_writable(out: &StdoutLock<'_>) -> io::Result<()> {
    retry_on_intr(|| poll(&mut [PollFd::new(out, PollFlags::OUT)], None))?;
    Ok(())
}

/// Prints one line. A line break in it becomes visible.
pub(super) fn print_line(line: &str) -> Result<(), OutputError> {
    print_visible(&format!("{}\n", text::visible(line)))
}

/// Prints lines. The text must already be visible.
pub(super) fn print_visible(lines: &str) -> Result<(), OutputError> {
    write_stdout(super::fit_to_terminal(lines, &io::stdout()).as_bytes())
}

/// Prints lines, with or without colors.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinePrinter {
    color: bool,
}

impl LinePrinter {
    /// Uses colors if standard output is a terminal that supports them, and the environment does not forbid them.
    pub(super) fn from_environment() -> Self {
        Self { color: super::has_color() && io::stdout().is_terminal() }
    }

    pub(super) fn without_color() -> Self {
        Self { color: false }
    }

    /// Prints one line. A line break in it becomes visible.
    pub(super) fn print(self, tone: Tone, line: &str) -> Result<(), OutputError> {
        print_visible(&format!("{}\n", self.format_line(tone, line)))
    }

    pub(super) fn print_all(self, lines: &[(Tone, String)]) -> Result<(), OutputError> {
        lines.iter().try_for_each(|(tone, line)| self.print(*tone, line))
    }

    fn format_line(self, tone: Tone, line: &str) -> String {
        let line = text::visible(line);
        match ansi_codes(tone).filter(|_| self.color) {
            Some(look) => format!("\u{1b}[{look}m{line}\u{1b}[0m"),
            None => line.into_owned(),
        }
    }
}

/// Returns the ANSI codes of a tone: the same look as on the screens.
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

/// Returns a value as JSON on one line, with all invisible characters escaped.
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
    fn a_line_is_colored_only_if_wanted_and_always_shows_hidden_characters(
        #[case] color: bool,
        #[case] tone: Tone,
        #[case] line: &str,
        #[case] shown: &str,
    ) {
        assert_eq!(LinePrinter { color }.format_line(tone, line), shown);
    }

    #[test]
    fn invisible_characters_are_escaped_in_json_without_changing_its_value() {
        let value = json!({ "a": "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}é\r\n", "b": [1, null, true] });
        let line = json_line(&value);
        assert!(!line.chars().any(text::is_hidden), "{line:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }

    #[test]
    fn a_closed_pipe_is_not_a_full_disk() {
        assert!(matches!(OutputError::from(io::Error::from(ErrorKind::BrokenPipe)), OutputError::Closed));
        assert!(matches!(OutputError::from(io::Error::from(ErrorKind::StorageFull)), OutputError::Failed(_)));
    }
}
