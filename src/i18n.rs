//! The texts of the interface, by id, in English and Dutch.
//!
//! A field's own texts are in its product file; all other texts that a person reads in the program are here. The build
//! makes a constant of each text in `assets/i18n`, such as `texts::home::PLACED`, and a type of each placeholder, such
//! as `with::Day`. The compiler finds a text that is missing or unused, and a value that is missing or unknown.

pub mod country;
mod format;
mod text_id;

use std::fmt::{Display, Write as _};
use std::sync::Arc;

pub use text_id::{NamedValues, TextId, ValuesFor};

// The texts: `texts`, `with`, and the tables of words.
include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    En,
    Nl,
}

impl Language {
    /// Returns the code of ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nl => "nl",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::En, Self::Nl].into_iter().find(|language| language.code() == code)
    }

    /// Returns the language of a POSIX locale such as `nl_NL.UTF-8`; English for any other language.
    pub fn from_locale(locale: &str) -> Self {
        match locale.split(['_', '.', '@', '-']).next() {
            Some("nl") => Self::Nl,
            _ => Self::En,
        }
    }

    /// Returns the language that the environment asks for, and the variable that sets it: the first of `LC_ALL`,
    /// `LC_MESSAGES`, `LANG` that is not blank.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> (Self, Option<&'static str>) {
        let set = |name| Some((get(name).filter(|value| !value.is_empty())?, name));
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        locale.map_or((Self::En, None), |(locale, name)| (Self::from_locale(&locale), Some(name)))
    }
}

/// One text in both languages, as a product file has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LocalizedText {
    pub en: &'static str,
    pub nl: &'static str,
}

impl LocalizedText {
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Nl => self.nl,
        }
    }
}

/// The texts of one language. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Translations {
    pub language: Language,
    /// The texts for a terminal with few characters.
    plain: Option<Arc<[String]>>,
}

impl Translations {
    pub fn new(language: Language) -> Self {
        Self { language, plain: None }
    }

    /// Adapts the texts to a terminal with few characters: `fit` converts each text. If a text has a second one with
    /// `_plain` after its name, that one replaces it: it has words in place of a sign.
    #[must_use]
    pub fn for_plain_terminal(mut self, fit: impl Fn(&str) -> String) -> Self {
        let mut texts = self.embedded_texts().to_vec();
        for (base, plain) in PLAIN_VARIANTS {
            texts[*base] = texts[*plain];
        }
        self.plain = Some(texts.into_iter().map(fit).collect());
        self
    }

    fn embedded_texts(&self) -> &'static [&'static str] {
        match self.language {
            Language::En => &EN,
            Language::Nl => &NL,
        }
    }

    /// Returns a text without placeholders.
    pub fn text(&self, id: TextId) -> &str {
        self.text_at(id.index())
    }

    /// Returns a text with its placeholders filled in.
    #[expect(clippy::needless_pass_by_value, reason = "ids and values are made for the call")]
    pub fn format<V>(&self, id: TextId<V>, values: impl ValuesFor<V>) -> String {
        fill_placeholders(self.text_at(id.index()), &values.named_values())
    }

    fn text_at(&self, index: usize) -> &str {
        match &self.plain {
            Some(texts) => &texts[index],
            None => self.embedded_texts()[index],
        }
    }

    /// Returns the text with this name, `section.name`, for tests.
    #[doc(hidden)]
    pub fn find_by_name(&self, name: &str) -> Option<&str> {
        Some(self.text_at(NAMES.lines().position(|known| known == name)?))
    }

    /// Returns all texts with their names, for tests.
    #[doc(hidden)]
    pub fn named_texts(&self) -> impl Iterator<Item = (&str, &str)> {
        NAMES.lines().enumerate().map(|(index, name)| (name, self.text_at(index)))
    }
}

/// Returns the name of a text, `section.name`.
fn text_name(index: usize) -> &'static str {
    NAMES.lines().nth(index).unwrap_or_default()
}

/// Fills in each `{name}` of a text. Placeholders within a value are not filled in. A full stop is dropped after a
/// value that ends a sentence itself.
pub(crate) fn fill_placeholders(text: &str, values: &[(&str, impl Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + close];
        out.push_str(&rest[..open]);
        let whole = &rest[open..=open + close];
        rest = &rest[open + close + 1..];
        let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
            out.push_str(whole);
            continue;
        };
        let before = out.len();
        let _ = write!(out, "{value}");
        if out[before..].ends_with(['.', '?', '!', '…']) {
            rest = rest.strip_prefix('.').unwrap_or(rest);
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("nl_NL.UTF-8", Language::Nl)]
    #[case("nl", Language::Nl)]
    #[case("nl-BE", Language::Nl)]
    #[case("en_US.UTF-8", Language::En)]
    #[case("C", Language::En)]
    #[case("", Language::En)]
    fn the_locale_chooses(#[case] locale: &str, #[case] language: Language) {
        assert_eq!(Language::from_locale(locale), language);
    }

    #[test]
    fn the_first_variable_that_is_set_wins() {
        let environment = |name: &str| match name {
            "LC_ALL" => Some(String::new()),
            "LC_MESSAGES" => Some("nl_NL".to_owned()),
            _ => Some("en_US".to_owned()),
        };
        assert_eq!(Language::from_environment(environment), (Language::Nl, Some("LC_MESSAGES")));
        assert_eq!(Language::from_environment(|_| None), (Language::En, None));
    }

    #[test]
    fn a_limited_terminal_gets_words_instead_of_symbols() {
        let lang = Translations::new(Language::Nl);
        assert_eq!((lang.text(texts::keyname::UP), lang.text(texts::key::COPY)), ("↑", "kopiëren"));
        let plain = lang.for_plain_terminal(|text| text.replace('ë', "e"));
        assert_eq!((plain.text(texts::keyname::UP), plain.text(texts::key::COPY)), ("Omhoog", "kopieren"));
    }

    #[rstest]
    #[case("{a} of {b}", "1 of {a}")]
    #[case("{c} stays", "{c} stays")]
    #[case("open { brace", "open { brace")]
    #[case("not {a}. Next", "not 1. Next")]
    #[case("not {question}. Next", "not so? Next")]
    #[case("{stop}. {dots}.", "B.V. and so on…")]
    #[case("{question}, {stop}", "so?, B.V.")]
    #[case("{unknown}.", "{unknown}.")]
    fn placeholders_are_filled_once(#[case] text: &str, #[case] filled: &str) {
        let values = [("a", "1"), ("b", "{a}"), ("question", "so?"), ("stop", "B.V."), ("dots", "and so on…")];
        assert_eq!(fill_placeholders(text, &values), filled);
    }
}
