//! The terminal, as far as it can be told without changing or asking it.
//!
//! What a terminal would have to be asked is said to be unknown: an answer that comes late would stand in what the
//! person types next.

use super::finding::{Check, Finding};
use crate::term::{self, Letters, Locale, TermError};
use crate::text;

/// The size at which everything can be seen (columns and rows).
const WHOLE: (u16, u16) = (80, 24);

/// More than the name of any terminal or locale takes.
const COLUMNS: usize = 40;

/// What there is to work in.
pub(super) struct Screen {
    pub(super) available: Result<(), TermError>,
    pub(super) size: Option<(u16, u16)>,
}

impl Screen {
    pub(super) fn of_environment() -> Self {
        Self { available: term::available(), size: term::reported_size() }
    }
}

/// What can be told of it, with this environment.
pub(super) fn findings(screen: &Screen, get: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let there = !matches!(screen.available, Err(TermError::NotATerminal));
    let mut findings = vec![terminal(screen, get("TERM"))];
    if there {
        findings.push(size(screen.size));
    }
    findings.extend([colors(get("NO_COLOR"), &get("TERM").unwrap_or_default()), unicode(&Locale::of(&get))]);
    if there {
        findings.push(Check::Paste.unknown("doctor.paste_unknown"));
        findings.push(Check::Clipboard.unknown("doctor.clipboard_unknown"));
    }
    findings
}

fn terminal(screen: &Screen, term: Option<String>) -> Finding {
    let named = |finding: Finding| finding.with("term", short(&term.unwrap_or_default()));
    match &screen.available {
        Err(TermError::NotATerminal) => Check::Terminal.unknown("doctor.terminal_none"),
        Err(TermError::Lines(_)) => named(Check::Terminal.warning("doctor.terminal_lines")),
        Err(TermError::Unnamed) => Check::Terminal.warning("doctor.terminal_unnamed"),
        Err(TermError::Io(_)) => Check::Terminal.warning("doctor.terminal_mute"),
        Ok(()) => named(Check::Terminal.ok("doctor.terminal_is")),
    }
}

fn size(size: Option<(u16, u16)>) -> Finding {
    let Some((columns, rows)) = size else { return Check::Size.unknown("doctor.size_unknown") };
    let whole = columns >= WHOLE.0 && rows >= WHOLE.1;
    let finding = if whole { Check::Size.ok("doctor.size_is") } else { Check::Size.warning("doctor.size_small") };
    finding.with("columns", columns).with("rows", rows)
}

fn colors(no_color: Option<String>, term: &str) -> Finding {
    if no_color.is_some_and(|value| !value.is_empty()) {
        return Check::Colors.ok("doctor.colors_off");
    }
    Check::Colors.ok(if term::has_colors(term) { "doctor.colors_on" } else { "doctor.colors_none" })
}

fn unicode(locale: &Locale) -> Finding {
    match locale {
        Locale::Utf8(locale) => Check::Unicode.ok("doctor.locale_is").with("locale", short(locale)),
        Locale::Other(locale) => Check::Unicode.warning("doctor.locale_other").with("locale", short(locale)),
        Locale::Unset if locale.letters() == Letters::All => Check::Unicode.ok("doctor.locale_assumed"),
        Locale::Unset => Check::Unicode.warning("doctor.locale_unset"),
    }
}

fn short(value: &str) -> String {
    text::clip(value, COLUMNS).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn codes(screen: &Screen, variables: &[(&str, &str)]) -> Vec<&'static str> {
        let get = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        findings(screen, get).iter().map(Finding::code).collect()
    }

    #[rstest]
    #[case(Ok(()), Some((80, 24)), &[("TERM", "xterm"), ("LANG", "nl_NL.UTF-8")],
        &["terminal_is", "size_is", "colors_on", "locale_is", "paste_unknown", "clipboard_unknown"])]
    #[case(Err(TermError::Unnamed), Some((79, 24)), &[("NO_COLOR", "1"), ("LC_ALL", "C"), ("LANG", "nl_NL.UTF-8")],
        &["terminal_unnamed", "size_small", "colors_off", "locale_other", "paste_unknown", "clipboard_unknown"])]
    #[case(Err(TermError::Lines("dumb".into())), None, &[("TERM", "dumb"), ("NO_COLOR", ""), ("LC_CTYPE", "C.utf8")],
        &["terminal_lines", "size_unknown", "colors_none", "locale_is", "paste_unknown", "clipboard_unknown"])]
    #[case(Ok(()), Some((80, 24)), &[("TERM", "vt100"), ("LANG", "C.UTF-8")],
        &["terminal_is", "size_is", "colors_none", "locale_is", "paste_unknown", "clipboard_unknown"])]
    fn the_terminal_is_told(
        #[case] available: Result<(), TermError>,
        #[case] size: Option<(u16, u16)>,
        #[case] variables: &[(&str, &str)],
        #[case] expected: &[&str],
    ) {
        assert_eq!(codes(&Screen { available, size }, variables), expected);
    }
}
