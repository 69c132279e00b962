//! What was found by a check, and how it is told: a line with its words below each other, or JSON.
//!
//! All of it may be read by strangers. The home directory is shortened here; that nothing secret comes in is the
//! matter of the checks.

use crate::lang::Lang;
use crate::layout::{Tone, wrap};
use crate::text;
use serde_json::{Value, json};

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Well.
    Ok,
    /// It works, and something about it should be known.
    Warning,
    /// Something does not work until it is mended.
    Failed,
    /// It was not looked at, or cannot be told.
    Unknown,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
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

/// What was found. `id` is that of its text; what follows the dot is its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) check: Check,
    pub(super) mark: Mark,
    id: &'static str,
    values: Vec<(&'static str, String)>,
}

/// In whose words, how wide, and where home is.
pub(super) struct Teller<'a> {
    pub(super) lang: &'a Lang,
    pub(super) width: usize,
    pub(super) home: Option<String>,
}

impl Mark {
    const ALL: [Self; 4] = [Self::Ok, Self::Warning, Self::Failed, Self::Unknown];

    fn word(self, lang: &Lang) -> &str {
        lang.say(match self {
            Self::Ok => "doctor.ok",
            Self::Warning => "doctor.warning",
            Self::Failed => "doctor.failed",
            Self::Unknown => "doctor.unknown",
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

impl Check {
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

    /// Its code, and the id of its name.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Version => ("version", "doctor.check_version"),
            Self::Terminal => ("terminal", "doctor.check_terminal"),
            Self::Size => ("size", "doctor.check_size"),
            Self::Colors => ("colors", "doctor.check_colors"),
            Self::Unicode => ("unicode", "doctor.check_unicode"),
            Self::Paste => ("paste", "doctor.check_paste"),
            Self::Clipboard => ("clipboard", "doctor.check_clipboard"),
            Self::Configuration => ("configuration", "doctor.check_configuration"),
            Self::State => ("state", "doctor.check_state"),
            Self::Space => ("space", "doctor.check_space"),
            Self::Account => ("account", "doctor.check_account"),
            Self::Key => ("key", "doctor.check_key"),
            Self::Proxy => ("proxy", "doctor.check_proxy"),
            Self::Name => ("name", "doctor.check_name"),
            Self::Tls => ("tls", "doctor.check_tls"),
            Self::Clock => ("clock", "doctor.check_clock"),
            Self::Api => ("api", "doctor.check_api"),
            Self::Role => ("role", "doctor.check_role"),
            Self::Product => ("product", "doctor.check_product"),
            Self::Balance => ("balance", "doctor.check_balance"),
        }
    }

    pub(super) fn is(self, mark: Mark, id: &'static str) -> Finding {
        Finding { check: self, mark, id, values: Vec::new() }
    }

    pub(super) fn ok(self, id: &'static str) -> Finding {
        self.is(Mark::Ok, id)
    }

    pub(super) fn warning(self, id: &'static str) -> Finding {
        self.is(Mark::Warning, id)
    }

    pub(super) fn failed(self, id: &'static str) -> Finding {
        self.is(Mark::Failed, id)
    }

    pub(super) fn unknown(self, id: &'static str) -> Finding {
        self.is(Mark::Unknown, id)
    }
}

impl Finding {
    /// With a value of its text.
    #[expect(clippy::needless_pass_by_value, reason = "most values are made for this")]
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    pub(super) fn code(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(_, code)| code)
    }
}

impl Teller<'_> {
    /// A finding as lines: its mark and name, and its words beside them, or below them where there is no room.
    pub(super) fn lines(&self, finding: &Finding) -> Vec<(Tone, String)> {
        let marks = widest(Mark::ALL.map(|mark| mark.word(self.lang)));
        let checks = widest(Check::ALL.map(|check| self.lang.say(check.names().1)));
        let mark = padded(finding.mark.word(self.lang), marks + 2);
        let head = mark + &padded(self.lang.say(finding.check.names().1), checks + 2);
        let (words, indent) = (self.words(finding), marks + checks + 4);
        let words = text::visible(&words);
        if self.width < indent + 30 {
            let below = wrap(&words, self.width.saturating_sub(2));
            let lines = below.iter().map(|line| format!("  {line}"));
            let lines = std::iter::once(head.trim_end().to_owned()).chain(lines);
            return lines.map(|line| (finding.mark.tone(), line)).collect();
        }
        let beside = wrap(&words, self.width - indent);
        let lead = |at: usize| if at == 0 { head.clone() } else { " ".repeat(indent) };
        beside.iter().enumerate().map(|(at, line)| (finding.mark.tone(), lead(at) + line)).collect()
    }

    /// A finding as JSON.
    pub(super) fn json(&self, finding: &Finding) -> Value {
        let values = self.values(finding).into_iter().map(|(name, value)| (name.to_owned(), Value::String(value)));
        json!({
            "check": finding.check.names().0,
            "result": finding.mark.code(),
            "code": finding.code(),
            "values": Value::Object(values.collect()),
            "message": self.words(finding),
        })
    }

    /// The words for a person. In the values of JSON a day and a number stay as a machine reads them.
    fn words(&self, finding: &Finding) -> String {
        let mut values = self.values(finding);
        for (name, value) in &mut values {
            match *name {
                "until" => *value = self.lang.reported(value),
                "free" | "minutes" => *value = self.lang.count(&*value),
                _ => {}
            }
        }
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.lang.tell(finding.id, &values)
    }

    fn values(&self, finding: &Finding) -> Vec<(&'static str, String)> {
        finding.values.iter().map(|(name, value)| (*name, self.away_from_home(value))).collect()
    }

    /// A text in which the home directory is `~`: its name is often that of a person.
    fn away_from_home(&self, text: &str) -> String {
        match self.home.as_deref().map(|home| home.trim_end_matches('/')).filter(|home| home.len() > 1) {
            Some(home) => text.replace(home, "~"),
            None => text.to_owned(),
        }
    }
}

fn widest<const N: usize>(words: [&str; N]) -> usize {
    words.into_iter().map(text::width).max().unwrap_or_default()
}

fn padded(word: &str, columns: usize) -> String {
    format!("{word}{}", " ".repeat(columns.saturating_sub(text::width(word))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Language;
    use rstest::rstest;

    fn lines(width: usize, home: &str) -> Vec<String> {
        let lang = Lang::load(Language::En).unwrap();
        let teller = Teller { lang: &lang, width, home: Some(home.to_owned()) };
        let finding = Check::Configuration.ok("doctor.config_none").with("path", "/home/anna\u{1b}/zegel/config.toml");
        teller.lines(&finding).into_iter().map(|(_, line)| line).collect()
    }

    #[rstest]
    #[case(80)]
    #[case(60)]
    #[case(40)]
    #[case(20)]
    fn lines_keep_within_the_width(#[case] width: usize) {
        let lines = lines(width, "");
        assert!(lines.len() > 1 && lines[0].starts_with("ok       configuration"), "{lines:?}");
        assert!(lines[1..].iter().all(|line| text::width(line) <= width), "{lines:?}");
    }

    #[rstest]
    #[case("/home/anna\u{1b}", "~/zegel/config.toml")]
    #[case("/home/anna\u{1b}/", "~/zegel/config.toml")]
    #[case("/", "/home/anna^[/zegel/config.toml")]
    #[case("", "/home/anna^[/zegel/config.toml")]
    fn home_has_no_name(#[case] home: &str, #[case] path: &str) {
        let told = lines(100, home).join(" ");
        assert!(told.contains(&format!(" {path} ")), "{told}");
    }
}
