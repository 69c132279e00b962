//! The findings of the checks, and how they are printed: as aligned lines, or as JSON.
//!
//! Strangers may read the output. This module shortens the home directory; the checks must not put secrets into a
//! finding.

use crate::i18n::{TextId, Translations, fill_placeholders, texts};
use crate::text;
use crate::text::wrap::wrap_text;
use crate::tone::Tone;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DoctorStatus {
    Ok,
    /// It works, but the user should know something about it.
    Warning,
    /// Something does not work until the user corrects it.
    Failed,
    /// It was not checked, or the check could not find out.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DoctorCheck {
    Version,
    Terminal,
    Size,
    Colors,
    Unicode,
    Paste,
    Clipboard,
    Configuration,
    State,
    Space,
    Account,
    Key,
    Proxy,
    Name,
    Tls,
    Clock,
    Api,
    Role,
    Product,
    Balance,
}

/// The finding of a check. The name of its text is its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DoctorFinding {
    pub(super) check: DoctorCheck,
    pub(super) status: DoctorStatus,
    text_id: TextId,
    values: Vec<(&'static str, String)>,
}

/// Formats findings: the language, the width, and the home directory to shorten.
pub(super) struct FindingFormatter<'a> {
    pub(super) lang: &'a Translations,
    pub(super) width: usize,
    pub(super) home: Option<String>,
}

impl DoctorStatus {
    const ALL: [Self; 4] = [Self::Ok, Self::Warning, Self::Failed, Self::Unknown];

    fn label(self, lang: &Translations) -> &str {
        lang.text(match self {
            Self::Ok => texts::doctor::OK,
            Self::Warning => texts::doctor::WARNING,
            Self::Failed => texts::doctor::FAILED,
            Self::Unknown => texts::doctor::UNKNOWN,
        })
    }

    fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Plain,
            Self::Warning => Tone::Warning,
            Self::Failed => Tone::Error,
            Self::Unknown => Tone::Dim,
        }
    }
}

impl DoctorCheck {
    const ALL: [Self; 20] = [
        Self::Version,
        Self::Terminal,
        Self::Size,
        Self::Colors,
        Self::Unicode,
        Self::Paste,
        Self::Clipboard,
        Self::Configuration,
        Self::State,
        Self::Space,
        Self::Account,
        Self::Key,
        Self::Proxy,
        Self::Name,
        Self::Tls,
        Self::Clock,
        Self::Api,
        Self::Role,
        Self::Product,
        Self::Balance,
    ];

    /// Returns the code of the check, and the id of its name.
    fn code_and_text_id(self) -> (&'static str, TextId) {
        match self {
            Self::Version => ("version", texts::doctor::CHECK_VERSION),
            Self::Terminal => ("terminal", texts::doctor::CHECK_TERMINAL),
            Self::Size => ("size", texts::doctor::CHECK_SIZE),
            Self::Colors => ("colors", texts::doctor::CHECK_COLORS),
            Self::Unicode => ("unicode", texts::doctor::CHECK_UNICODE),
            Self::Paste => ("paste", texts::doctor::CHECK_PASTE),
            Self::Clipboard => ("clipboard", texts::doctor::CHECK_CLIPBOARD),
            Self::Configuration => ("configuration", texts::doctor::CHECK_CONFIGURATION),
            Self::State => ("state", texts::doctor::CHECK_STATE),
            Self::Space => ("space", texts::doctor::CHECK_SPACE),
            Self::Account => ("account", texts::doctor::CHECK_ACCOUNT),
            Self::Key => ("key", texts::doctor::CHECK_KEY),
            Self::Proxy => ("proxy", texts::doctor::CHECK_PROXY),
            Self::Name => ("name", texts::doctor::CHECK_NAME),
            Self::Tls => ("tls", texts::doctor::CHECK_TLS),
            Self::Clock => ("clock", texts::doctor::CHECK_CLOCK),
            Self::Api => ("api", texts::doctor::CHECK_API),
            Self::Role => ("role", texts::doctor::CHECK_ROLE),
            Self::Product => ("product", texts::doctor::CHECK_PRODUCT),
            Self::Balance => ("balance", texts::doctor::CHECK_BALANCE),
        }
    }

    pub(super) fn to_finding<V>(self, mark: DoctorStatus, id: TextId<V>) -> DoctorFinding {
        DoctorFinding { check: self, status: mark, text_id: id.unfilled(), values: Vec::new() }
    }

    pub(super) fn ok<V>(self, id: TextId<V>) -> DoctorFinding {
        self.to_finding(DoctorStatus::Ok, id)
    }

    pub(super) fn warning<V>(self, id: TextId<V>) -> DoctorFinding {
        self.to_finding(DoctorStatus::Warning, id)
    }

    pub(super) fn failed<V>(self, id: TextId<V>) -> DoctorFinding {
        self.to_finding(DoctorStatus::Failed, id)
    }

    pub(super) fn unknown<V>(self, id: TextId<V>) -> DoctorFinding {
        self.to_finding(DoctorStatus::Unknown, id)
    }
}

impl DoctorFinding {
    /// Adds a value for the text.
    #[expect(clippy::needless_pass_by_value, reason = "most values are made for this")]
    pub(super) fn with_value(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    pub(super) fn code(&self) -> &'static str {
        self.text_id.name()
    }
}

impl FindingFormatter<'_> {
    /// Returns a finding as lines: its status and name, with the text beside them, or below them on a narrow terminal.
    pub(super) fn format_lines(&self, finding: &DoctorFinding) -> Vec<(Tone, String)> {
        let marks = max_width(DoctorStatus::ALL.map(|mark| mark.label(self.lang)));
        let checks = max_width(DoctorCheck::ALL.map(|check| self.lang.text(check.code_and_text_id().1)));
        let mark = pad_to_width(finding.status.label(self.lang), marks + 2);
        let head = mark + &pad_to_width(self.lang.text(finding.check.code_and_text_id().1), checks + 2);
        let (words, indent) = (self.message_text(finding), marks + checks + 4);
        let words = text::visible(&words);
        if self.width < indent + 30 {
            let below = wrap_text(&words, self.width.saturating_sub(2));
            let lines = below.iter().map(|line| format!("  {line}"));
            let lines = std::iter::once(head.trim_end().to_owned()).chain(lines);
            return lines.map(|line| (finding.status.tone(), line)).collect();
        }
        let beside = wrap_text(&words, self.width - indent);
        let lead = |at: usize| if at == 0 { head.clone() } else { " ".repeat(indent) };
        beside.iter().enumerate().map(|(at, line)| (finding.status.tone(), lead(at) + line)).collect()
    }

    pub(super) fn finding_json(&self, finding: &DoctorFinding) -> Value {
        let values =
            self.shortened_values(finding).into_iter().map(|(name, value)| (name.to_owned(), Value::String(value)));
        json!({
            "check": finding.check.code_and_text_id().0,
            "result": finding.status.code(),
            "code": finding.code(),
            "values": Value::Object(values.collect()),
            "message": self.message_text(finding),
        })
    }

    /// Returns the text for a person. It formats days and numbers; the JSON keeps them in machine form.
    fn message_text(&self, finding: &DoctorFinding) -> String {
        let mut values = self.shortened_values(finding);
        for (name, value) in &mut values {
            match *name {
                "until" => *value = self.lang.format_reported_time(value),
                "free" | "minutes" => *value = self.lang.format_count(&*value),
                _ => {}
            }
        }
        fill_placeholders(self.lang.text(finding.text_id), &values)
    }

    fn shortened_values(&self, finding: &DoctorFinding) -> Vec<(&'static str, String)> {
        finding.values.iter().map(|(name, value)| (*name, self.shorten_home(value))).collect()
    }

    /// Replaces the home directory by `~`, because its name is often that of a person.
    fn shorten_home(&self, text: &str) -> String {
        match self.home.as_deref().map(|home| home.trim_end_matches('/')).filter(|home| home.len() > 1) {
            Some(home) => text.replace(home, "~"),
            None => text.to_owned(),
        }
    }
}

fn max_width<const N: usize>(words: [&str; N]) -> usize {
    words.into_iter().map(text::display_width).max().unwrap_or_default()
}

fn pad_to_width(word: &str, columns: usize) -> String {
    format!("{word}{}", " ".repeat(columns.saturating_sub(text::display_width(word))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use rstest::rstest;

    fn lines(width: usize, home: &str) -> Vec<String> {
        let lang = Translations::new(Language::En);
        let teller = FindingFormatter { lang: &lang, width, home: Some(home.to_owned()) };
        let finding = DoctorCheck::Configuration
            .ok(texts::doctor::CONFIG_NONE)
            .with_value("path", "/home/anna\u{1b}/zegel/config.toml");
        teller.format_lines(&finding).into_iter().map(|(_, line)| line).collect()
    }

    #[rstest]
    #[case(80)]
    #[case(60)]
    #[case(40)]
    #[case(20)]
    fn lines_keep_within_the_width(#[case] width: usize) {
        let lines = lines(width, "");
        assert!(lines.len() > 1 && lines[0].starts_with("ok       configuration"), "{lines:?}");
        assert!(lines[1..].iter().all(|line| text::display_width(line) <= width), "{lines:?}");
    }

    #[rstest]
    #[case("/home/anna\u{1b}", "~/zegel/config.toml")]
    #[case("/home/anna\u{1b}/", "~/zegel/config.toml")]
    #[case("/", "/home/anna^[/zegel/config.toml")]
    #[case("", "/home/anna^[/zegel/config.toml")]
    fn the_home_directory_is_shown_as_a_tilde(#[case] home: &str, #[case] path: &str) {
        let told = lines(100, home).join(" ");
        assert!(told.contains(&format!(" {path} ")), "{told}");
    }
}
