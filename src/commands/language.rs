//! Selection of the language: by `--lang`, by `ZEGEL_LANG`, by the configuration, or by the locale.
//!
//! The option is read before the command line is parsed, so that its errors and its help are in that language too.

use crate::account::{SettingSource, WithSource};
use crate::config::Config;
use crate::i18n::Language;
use std::borrow::Cow;

/// The variable that names the language.
pub(super) const LANG_VARIABLE: &str = "ZEGEL_LANG";

/// The flag that names the language.
const LANG_FLAG: &str = "--lang";

/// Returns the first language that `--lang` names, wherever it is on the command line.
pub(super) fn requested_language(words: &[Cow<'_, str>]) -> Option<Language> {
    let mut flags = words.iter().enumerate().filter_map(|(at, word)| match word.strip_prefix(LANG_FLAG)? {
        "" => words.get(at + 1).map(AsRef::as_ref),
        joined => joined.strip_prefix('='),
    });
    flags.find_map(Language::from_code)
}

/// Selects the language from the flag, the variable, the configuration or the locale, in this order. A variable with
/// an unknown language is ignored, like a locale: it must not prevent an order.
pub(super) fn select_language(
    flag: Option<Language>,
    get: impl Fn(&str) -> Option<String>,
    config: &Config,
) -> WithSource<Language> {
    let variable = get(LANG_VARIABLE).and_then(|code| Language::from_code(code.trim()));
    let stated = config.lang.map(|stated| WithSource::new(stated.value, SettingSource::Line(stated.line)));
    flag.map(|language| WithSource::new(language, SettingSource::Flag(LANG_FLAG)))
        .or_else(|| variable.map(|language| WithSource::new(language, SettingSource::Variable(LANG_VARIABLE))))
        .or(stated)
        .unwrap_or_else(|| {
            let (language, name) = Language::from_environment(&get);
            WithSource::new(language, name.map_or(SettingSource::Default, SettingSource::Variable))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WithLine;
    use rstest::rstest;

    #[rstest]
    #[case::apart(&["zegel", "--nope", "--lang", "nl"], Some(Language::Nl))]
    #[case::joined(&["zegel", "submit", "--lang=nl", "--help"], Some(Language::Nl))]
    #[case::passed_over(&["zegel", "--lang", "fr", "--lang", "nl"], Some(Language::Nl))]
    #[case::no_value(&["zegel", "--lang"], None)]
    #[case::another_flag(&["zegel", "--language=nl", "nl"], None)]
    fn the_command_line_selects_a_language(#[case] words: &[&str], #[case] expected: Option<Language>) {
        let words: Vec<Cow<'_, str>> = words.iter().map(|word| Cow::Borrowed(*word)).collect();
        assert_eq!(requested_language(&words), expected);
    }

    #[rstest]
    #[case::flag(Some(Language::Nl), &[(LANG_VARIABLE, "en")], Some(Language::En), Language::Nl, SettingSource::Flag(LANG_FLAG))]
    #[case::variable(None, &[(LANG_VARIABLE, "nl"), ("LANG", "en")], Some(Language::En), Language::Nl, SettingSource::Variable(LANG_VARIABLE))]
    #[case::config(None, &[(LANG_VARIABLE, ""), ("LANG", "en")], Some(Language::Nl), Language::Nl, SettingSource::Line(3))]
    #[case::locale(None, &[(LANG_VARIABLE, "de"), ("LC_ALL", "nl_NL")], None, Language::Nl, SettingSource::Variable("LC_ALL"))]
    #[case::nothing(None, &[], None, Language::En, SettingSource::Default)]
    fn the_language_has_its_source(
        #[case] flag: Option<Language>,
        #[case] set: &[(&str, &str)],
        #[case] stated: Option<Language>,
        #[case] expected: Language,
        #[case] source: SettingSource,
    ) {
        let get = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let config = Config { lang: stated.map(|value| WithLine { value, line: 3 }), ..Config::default() };
        assert_eq!(select_language(flag, get, &config), WithSource::new(expected, source));
    }
}
