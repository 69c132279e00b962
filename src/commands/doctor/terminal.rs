//! The checks of the terminal, without changing it or sending it queries.
//!
//! A property that needs a query is reported as unknown: a late reply would end up in what the user types next.

use super::finding::{DoctorCheck, DoctorFinding};
use crate::i18n::texts;
use crate::text;
use crate::tui::terminal;
use crate::tui::terminal::{Charset, Locale, TerminalError};

/// The size that shows everything (columns and rows).
const FULL_SIZE: (u16, u16) = (80, 24);

/// Longer than the name of any terminal or locale.
const MAX_NAME_WIDTH: usize = 40;

pub(super) struct TerminalInfo {
    pub(super) available: Result<(), TerminalError>,
    pub(super) size: Option<(u16, u16)>,
}

impl TerminalInfo {
    pub(super) fn detect() -> Self {
        Self { available: terminal::check_terminal(), size: terminal::reported_size() }
    }
}

/// Checks the terminal, with this environment.
pub(super) fn check_terminal(screen: &TerminalInfo, get: impl Fn(&str) -> Option<String>) -> Vec<DoctorFinding> {
    let there = !matches!(screen.available, Err(TerminalError::NotATerminal));
    let mut findings = vec![terminal_finding(screen, get("TERM"))];
    if there {
        findings.push(size_finding(screen.size));
    }
    findings.extend([
        color_finding(get("NO_COLOR"), &get("TERM").unwrap_or_default()),
        unicode_finding(&Locale::from_environment(&get)),
    ]);
    if there {
        findings.push(DoctorCheck::Paste.unknown(texts::doctor::PASTE_UNKNOWN));
        findings.push(DoctorCheck::Clipboard.unknown(texts::doctor::CLIPBOARD_UNKNOWN));
    }
    findings
}

fn terminal_finding(screen: &TerminalInfo, term: Option<String>) -> DoctorFinding {
    let named = |finding: DoctorFinding| finding.with_value("term", clip_name(&term.unwrap_or_default()));
    match &screen.available {
        Err(TerminalError::NotATerminal) => DoctorCheck::Terminal.unknown(texts::doctor::TERMINAL_NONE),
        Err(TerminalError::DumbTerminal(_)) => named(DoctorCheck::Terminal.warning(texts::doctor::TERMINAL_LINES)),
        Err(TerminalError::TermNotSet) => DoctorCheck::Terminal.warning(texts::doctor::TERMINAL_UNNAMED),
        Err(TerminalError::Io(_)) => DoctorCheck::Terminal.warning(texts::doctor::TERMINAL_MUTE),
        Ok(()) => named(DoctorCheck::Terminal.ok(texts::doctor::TERMINAL_IS)),
    }
}

fn size_finding(size: Option<(u16, u16)>) -> DoctorFinding {
    let Some((columns, rows)) = size else { return DoctorCheck::Size.unknown(texts::doctor::SIZE_UNKNOWN) };
    let whole = columns >= FULL_SIZE.0 && rows >= FULL_SIZE.1;
    let finding = if whole {
        DoctorCheck::Size.ok(texts::doctor::SIZE_IS)
    } else {
        DoctorCheck::Size.warning(texts::doctor::SIZE_SMALL)
    };
    finding.with_value("columns", columns).with_value("rows", rows)
}

fn color_finding(no_color: Option<String>, term: &str) -> DoctorFinding {
    if no_color.is_some_and(|value| !value.is_empty()) {
        return DoctorCheck::Colors.ok(texts::doctor::COLORS_OFF);
    }
    DoctorCheck::Colors.ok(if terminal::has_colors(term) {
        texts::doctor::COLORS_ON
    } else {
        texts::doctor::COLORS_NONE
    })
}

fn unicode_finding(locale: &Locale) -> DoctorFinding {
    match locale {
        Locale::Utf8(locale) => {
            DoctorCheck::Unicode.ok(texts::doctor::LOCALE_IS).with_value("locale", clip_name(locale))
        }
        Locale::Other(locale) => {
            DoctorCheck::Unicode.warning(texts::doctor::LOCALE_OTHER).with_value("locale", clip_name(locale))
        }
        Locale::Unset if locale.charset() == Charset::Unicode => DoctorCheck::Unicode.ok(texts::doctor::LOCALE_ASSUMED),
        Locale::Unset => DoctorCheck::Unicode.warning(texts::doctor::LOCALE_UNSET),
    }
}

fn clip_name(value: &str) -> String {
    text::clip(value, MAX_NAME_WIDTH).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn codes(screen: &TerminalInfo, variables: &[(&str, &str)]) -> Vec<&'static str> {
        let get = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        check_terminal(screen, get).iter().map(DoctorFinding::code).collect()
    }

    #[rstest]
    #[case(Ok(()), Some((80, 24)), &[("TERM", "xterm"), ("LANG", "nl_NL.UTF-8")],
        &["terminal_is", "size_is", "colors_on", "locale_is", "paste_unknown", "clipboard_unknown"])]
    #[case(Err(TerminalError::TermNotSet), Some((79, 24)), &[("NO_COLOR", "1"), ("LC_ALL", "C"), ("LANG", "nl_NL.UTF-8")],
        &["terminal_unnamed", "size_small", "colors_off", "locale_other", "paste_unknown", "clipboard_unknown"])]
    #[case(Err(TerminalError::DumbTerminal("dumb".into())), None, &[("TERM", "dumb"), ("NO_COLOR", ""), ("LC_CTYPE", "C.utf8")],
        &["terminal_lines", "size_unknown", "colors_none", "locale_is", "paste_unknown", "clipboard_unknown"])]
    #[case(Ok(()), Some((80, 24)), &[("TERM", "vt100"), ("LANG", "C.UTF-8")],
        &["terminal_is", "size_is", "colors_none", "locale_is", "paste_unknown", "clipboard_unknown"])]
    fn the_terminal_is_reported(
        #[case] available: Result<(), TerminalError>,
        #[case] size: Option<(u16, u16)>,
        #[case] variables: &[(&str, &str)],
        #[case] expected: &[&str],
    ) {
        assert_eq!(codes(&TerminalInfo { available, size }, variables), expected);
    }
}
