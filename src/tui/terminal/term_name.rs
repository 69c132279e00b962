//! Terminal name: what the value of `TERM` says about the terminal.
//!
//! No terminal database is read: every current terminal follows ECMA-48 and ignores sequences that it does not know. So
//! the name only says two things: that there is no screen at all, or that there are no colors.

use super::TerminalError;

/// Terminals that show only lines, or of which nothing is known (according to ncurses' terminfo).
const LINE_ONLY_TERMS: [&str; 2] = ["dumb", "unknown"];

/// Accepts a terminal that can show a full screen.
pub(super) fn check_term_name(term: Option<&str>) -> Result<(), TerminalError> {
    match term.unwrap_or_default() {
        "" => Err(TerminalError::TermNotSet),
        term if LINE_ONLY_TERMS.contains(&term) => Err(TerminalError::DumbTerminal(term.to_owned())),
        _ => Ok(()),
    }
}

/// Terminals with fewer colors than zegel uses. They may interpret the color sequences as something else.
const FEW_COLOR_TERMS: [&str; 6] = ["ansi", "cons25", "cygwin", "Eterm", "pcansi", "rxvt"];

/// Returns true if a terminal of this name has the colors that zegel uses. According to ncurses' terminfo, DEC's
/// terminals have no colors, and names with certain endings mean no or few colors.
pub fn has_colors(term: &str) -> bool {
    let dec = term.strip_prefix("vt").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let few = FEW_COLOR_TERMS.contains(&term)
        || ["-m", "-mono", "-8color", "-16color", "-88color"].iter().any(|end| term.ends_with(end));
    !(term.is_empty() || LINE_ONLY_TERMS.contains(&term) || dec || few)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("xterm-256color", true, true)]
    #[case("screen", true, true)]
    #[case("tmux-256color", true, true)]
    #[case("linux", true, true)]
    #[case("vte", true, true)]
    #[case("vt100", true, false)]
    #[case("vt220", true, false)]
    #[case("linux-m", true, false)]
    #[case("xterm-mono", true, false)]
    #[case("rxvt", true, false)]
    #[case("rxvt-unicode-256color", true, true)]
    #[case("xterm-16color", true, false)]
    #[case("dumb", false, false)]
    #[case("unknown", false, false)]
    #[case("", false, false)]
    fn the_terminal_name_implies_screen_and_colors(#[case] term: &str, #[case] screen: bool, #[case] colors: bool) {
        assert_eq!((check_term_name(Some(term)).is_ok(), has_colors(term)), (screen, colors));
    }

    #[test]
    fn a_terminal_without_a_name_cannot_be_drawn_in() {
        assert!(matches!(check_term_name(None), Err(TerminalError::TermNotSet)));
        assert!(matches!(check_term_name(Some("dumb")), Err(TerminalError::DumbTerminal(term)) if term == "dumb"));
    }
}
