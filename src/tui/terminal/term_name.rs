//! What kind of terminal there is, by its name in `TERM`.
//!
//! No database of terminals is read: every terminal of today is one of ECMA-48, which passes over what it does not
//! know, so that the name only tells two things: that there is no screen at all, and that there are no colors.

use super::TerminalError;

/// Names that say of a terminal that it shows lines and nothing else, or that nothing is known of it (ncurses'
/// terminfo has them so).
const LINE_ONLY_TERMS: [&str; 2] = ["dumb", "unknown"];

/// Whether a whole screen can be painted in a terminal of this name.
pub(super) fn check_term_name(term: Option<&str>) -> Result<(), TerminalError> {
    match term.unwrap_or_default() {
        "" => Err(TerminalError::TermNotSet),
        term if LINE_ONLY_TERMS.contains(&term) => Err(TerminalError::DumbTerminal(term.to_owned())),
        _ => Ok(()),
    }
}

/// Names of terminals with fewer colors than the ones that are used, which may take those for something else.
const FEW_COLOR_TERMS: [&str; 6] = ["ansi", "cons25", "cygwin", "Eterm", "pcansi", "rxvt"];

/// Whether a terminal of this name has the colors that are used. DEC's have none, nor have those whose name says so at
/// its end: so they stand in ncurses' terminfo. Some have only a few.
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
    fn the_name_tells_of_screen_and_colors(#[case] term: &str, #[case] screen: bool, #[case] colors: bool) {
        assert_eq!((check_term_name(Some(term)).is_ok(), has_colors(term)), (screen, colors));
    }

    #[test]
    fn a_terminal_without_a_name_is_none_to_paint_in() {
        assert!(matches!(check_term_name(None), Err(TerminalError::TermNotSet)));
        assert!(matches!(check_term_name(Some("dumb")), Err(TerminalError::DumbTerminal(term)) if term == "dumb"));
    }
}
