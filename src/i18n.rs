//! The texts of the interface, by id, in English and Dutch.
//!
//! A field's own texts are in its product file; all other texts that a person reads in the program are here. A text
//! is looked up by its id, and each `{name}` in it is replaced by a value.

pub mod country;
mod format;

use std::collections::BTreeMap;
use std::sync::Arc;

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
    texts: Arc<TextTable>,
}

/// The texts by section and name.
pub type TextTable = BTreeMap<String, BTreeMap<String, String>>;

/// A language file that cannot be read. The files are part of the program, and a test reads both.
#[derive(Debug, thiserror::Error)]
#[error("the texts of this zegel are damaged, please build or install it again")]
pub struct DamagedTexts(#[from] toml::de::Error);

impl Translations {
    /// Loads the texts of one language.
    ///
    /// # Errors
    /// If the embedded file is invalid; a test excludes that.
    pub fn load(language: Language) -> Result<Self, DamagedTexts> {
        let source = match language {
            Language::En => include_str!("../assets/i18n/en.toml"),
            Language::Nl => include_str!("../assets/i18n/nl.toml"),
        };
        Ok(Self { language, texts: Arc::new(toml::from_str(source)?) })
    }

    /// Adapts the texts to a terminal with few characters: `fit` converts each text. If a text has a second one with
    /// `_plain` after its name, that one replaces it: it has words in place of a sign.
    #[must_use]
    pub fn for_plain_terminal(mut self, fit: impl Fn(&str) -> String) -> Self {
        for names in Arc::make_mut(&mut self.texts).values_mut() {
            let words = names.iter().filter_map(|(name, text)| Some((name.strip_suffix("_plain")?, text)));
            let words: Vec<_> = words.map(|(name, text)| (name.to_owned(), text.clone())).collect();
            names.extend(words);
            for text in names.values_mut() {
                *text = fit(text);
            }
        }
        self
    }

    /// Returns all texts, for the tests that compare the languages.
    pub fn all_texts(&self) -> &TextTable {
        &self.texts
    }

    /// Returns the text of an id, `section.name`. An unknown id is returned as it is; a test finds those.
    pub fn text<'a>(&'a self, id: &'a str) -> &'a str {
        self.find_text(id).unwrap_or(id)
    }

    /// Returns the text of an id that may not exist, such as one made from a word of the server.
    pub fn find_text(&self, id: &str) -> Option<&str> {
        let (section, name) = id.split_once('.')?;
        self.texts.get(section)?.get(name).map(String::as_str)
    }

    /// Returns the text of an id with its `{name}` placeholders filled in.
    pub fn format_text(&self, id: &str, values: &[(&str, &str)]) -> String {
        fill_placeholders(self.text(id), values)
    }
}

/// Fills in each `{name}` of a text. Placeholders within a value are not filled in. A full stop is dropped after a
/// value that ends a sentence itself.
pub fn fill_placeholders(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + close];
        out.push_str(&rest[..open]);
        let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        out.push_str(value.unwrap_or(&rest[open..=open + close]));
        rest = &rest[open + close + 1..];
        if value.is_some_and(|value| value.ends_with(['.', '?', '!', '…'])) {
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
        let lang = Translations::load(Language::Nl).unwrap();
        assert_eq!((lang.text("keyname.up"), lang.text("key.copy")), ("↑", "kopiëren"));
        let plain = lang.for_plain_terminal(|text| text.replace('ë', "e"));
        assert_eq!((plain.text("keyname.up"), plain.text("key.copy")), ("Omhoog", "kopieren"));
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
