//! The interface's texts, by id, in English and Dutch.
//!
//! A field's own texts stand in its product file; here is everything else that a person reads in the program.
//! It knows no screen: a text is looked up by its id, and `{name}` in it is filled in.

pub mod country;
mod format;

use std::collections::BTreeMap;
use std::sync::Arc;

/// The languages that zegel speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Dutch.
    Nl,
}

impl Language {
    /// Its code of ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nl => "nl",
        }
    }

    /// The language of this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::En, Self::Nl].into_iter().find(|language| language.code() == code)
    }

    /// The language of a POSIX locale such as `nl_NL.UTF-8`; English where it is neither.
    pub fn from_locale(locale: &str) -> Self {
        match locale.split(['_', '.', '@', '-']).next() {
            Some("nl") => Self::Nl,
            _ => Self::En,
        }
    }

    /// The language that the environment asks for, with the variable that does: the first of `LC_ALL`, `LC_MESSAGES`,
    /// `LANG` that is not blank.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> (Self, Option<&'static str>) {
        let set = |name| Some((get(name).filter(|value| !value.is_empty())?, name));
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        locale.map_or((Self::En, None), |(locale, name)| (Self::from_locale(&locale), Some(name)))
    }
}

/// One text in both languages, as it stands in a product file.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalizedText {
    /// English.
    pub en: String,
    /// Dutch.
    pub nl: String,
}

impl LocalizedText {
    /// The text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Nl => &self.nl,
        }
    }
}

/// The texts of one language. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Translations {
    /// Which language it is.
    pub language: Language,
    texts: Arc<TextTable>,
}

/// Section, then name, then text.
pub type TextTable = BTreeMap<String, BTreeMap<String, String>>;

/// A language file that cannot be read. The files are part of the program, and a test reads both.
#[derive(Debug, thiserror::Error)]
#[error("the texts of this zegel are damaged, please build or install it again")]
pub struct DamagedTexts(#[from] toml::de::Error);

impl Translations {
    /// The texts of one language.
    ///
    /// # Errors
    /// Where the embedded file is not what it should be; a test excludes that.
    pub fn load(language: Language) -> Result<Self, DamagedTexts> {
        let source = match language {
            Language::En => include_str!("../assets/i18n/en.toml"),
            Language::Nl => include_str!("../assets/i18n/nl.toml"),
        };
        Ok(Self { language, texts: Arc::new(toml::from_str(source)?) })
    }

    /// The same for a terminal that shows little: each text as `fit` brings it there, and where a text is a sign that is
    /// not shown, the words that stand for it (of the id with `_plain` behind it).
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

    /// All texts, for the tests that compare the languages.
    pub fn all_texts(&self) -> &TextTable {
        &self.texts
    }

    /// A text by its id, `section.name`. An id that is not there is shown as it is; a test finds those.
    pub fn text<'a>(&'a self, id: &'a str) -> &'a str {
        self.find_text(id).unwrap_or(id)
    }

    /// A text if there is one of this id: for ids that are made from a word of the server.
    pub fn find_text(&self, id: &str) -> Option<&str> {
        let (section, name) = id.split_once('.')?;
        self.texts.get(section)?.get(name).map(String::as_str)
    }

    /// A text with its `{name}`s filled in.
    pub fn format_text(&self, id: &str, values: &[(&str, &str)]) -> String {
        fill_placeholders(self.text(id), values)
    }
}

/// Fills in each `{name}` of a text. What a value holds is never filled in again, and the full stop behind one that ends
/// a sentence itself is left out.
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
    fn a_terminal_that_shows_little_is_told_in_words() {
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
    fn filling_is_done_once(#[case] text: &str, #[case] filled: &str) {
        let values = [("a", "1"), ("b", "{a}"), ("question", "so?"), ("stop", "B.V."), ("dots", "and so on…")];
        assert_eq!(fill_placeholders(text, &values), filled);
    }
}
