//! What commands go by: the language, the configuration, and the account that is asked for.
//!
//! It is made once, of the command line and the environment. That something is wrong with the configuration is told by
//! what needs an account; all others go on without.

use super::{Trouble, environment, paced};
use crate::account::{Access, Choice, Source, Sourced};
use crate::cli::{Cli, Command};
use crate::config::{self, Config, Lost};
use crate::lang::{Damaged, Lang, Language};
use crate::product::Product;
use crate::sandbox::KEY;
use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

/// The variable that names the language.
pub(super) const LANG: &str = "ZEGEL_LANG";

/// The flag that does.
const LANG_FLAG: &str = "--lang";

/// What a command goes by.
pub(super) struct Basis {
    /// The texts.
    pub(super) lang: Lang,
    /// Where the language was chosen.
    pub(super) language: Source,
    /// The account that the command line names.
    pub(super) account: Option<String>,
    /// Where the configuration is, or why that is not known.
    pub(super) path: Result<PathBuf, Lost>,
    /// What it says.
    pub(super) config: Config,
    /// Whether there is neither configuration nor account: in the demo and the sandbox.
    pub(super) apart: bool,
    /// The language that the command line asks for.
    asked: Option<Language>,
}

impl Basis {
    /// Reads the configuration, but for the demo and the sandbox: they are what they are whoever starts them.
    ///
    /// # Errors
    /// Where the program's own texts are damaged.
    pub(super) fn of(cli: &Cli) -> anyhow::Result<Self> {
        let path = config::path(environment);
        let apart = matches!(cli.command, Some(Command::Demo { .. } | Command::Sandbox { .. }));
        Ok(Self::read(cli.lang.map(Language::from), cli.account.clone(), path, apart)?)
    }

    /// What there is to go by where the command line ends in help, or cannot be understood: the language that its words
    /// ask for, or else that of the environment or the configuration.
    ///
    /// # Errors
    /// Where the program's own texts are damaged.
    pub(super) fn of_words(words: &[OsString]) -> anyhow::Result<Self> {
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
        let apart = words.iter().any(|word| word == "demo" || word == "sandbox");
        Ok(Self::read(asked(&words), None, config::path(environment), apart)?)
    }

    fn read(
        asked: Option<Language>,
        account: Option<String>,
        path: Result<PathBuf, Lost>,
        apart: bool,
    ) -> Result<Self, Damaged> {
        let config = path.as_ref().ok().filter(|_| !apart).map(|path| Config::read(path)).unwrap_or_default();
        let Sourced { value, source } = language(asked, environment, &config);
        Ok(Self { lang: Lang::load(value)?, language: source, account, path, config, apart, asked })
    }

    /// The same by what the configuration says now, for another account.
    pub(super) fn again(&self, account: Option<String>) -> Result<Self, Trouble> {
        Ok(Self::read(self.asked, account, self.path.clone(), false)?)
    }

    /// The same without configuration and account, in the language that it has.
    pub(super) fn apart(&self) -> Self {
        Self {
            lang: self.lang.clone(),
            account: None,
            path: self.path.clone(),
            config: Config::default(),
            apart: true,
            ..*self
        }
    }

    /// The account to work on, of which new orders are for this product.
    pub(super) fn access(&self, product: &'static Product) -> Result<Access, Trouble> {
        Ok(self.chosen(product)?.ready(KEY)?)
    }

    /// The configuration, where nothing is wrong with it.
    pub(super) fn sound(&self, product: &'static Product) -> Result<Config, Trouble> {
        let mut config = self.config.clone();
        config.judge_orders(product);
        if config.findings.is_empty() {
            return Ok(config);
        }
        Err(Trouble::Config { path: self.path.clone().unwrap_or_default(), findings: config.findings })
    }

    /// The same, its key left where it is kept.
    pub(super) fn chosen(&self, product: &'static Product) -> Result<Access, Trouble> {
        // A system without home directories has no configuration either, and the environment may be enough.
        if let Err(lost @ (Lost::Relative(_) | Lost::NoText)) = &self.path {
            return Err(Trouble::Lost(lost.clone()));
        }
        let config = self.sound(product)?;
        let choice = Choice::of(self.account.as_deref(), environment, &config)?;
        let mut access = choice.access(config.network.network())?;
        access.withheld = config.key_variables();
        Ok(paced(access.or_sandbox(KEY), &self.lang))
    }
}

/// The language that `--lang` names first, wherever it stands.
fn asked(words: &[Cow<'_, str>]) -> Option<Language> {
    let mut flags = words.iter().enumerate().filter_map(|(at, word)| match word.strip_prefix(LANG_FLAG)? {
        "" => words.get(at + 1).map(AsRef::as_ref),
        joined => joined.strip_prefix('='),
    });
    flags.find_map(Language::of_code)
}

/// The language of the program: that of the flag, of the variable, of the configuration, of the locale. A variable that
/// names none is passed over, as a locale is: nobody is to be kept from an order by it.
fn language(flag: Option<Language>, get: impl Fn(&str) -> Option<String>, config: &Config) -> Sourced<Language> {
    let variable = get(LANG).and_then(|code| Language::of_code(code.trim()));
    let stated = config.lang.map(|stated| Sourced::new(stated.value, Source::Line(stated.line)));
    flag.map(|language| Sourced::new(language, Source::Flag(LANG_FLAG)))
        .or_else(|| variable.map(|language| Sourced::new(language, Source::Variable(LANG))))
        .or(stated)
        .unwrap_or_else(|| {
            let (language, name) = Language::of_environment(&get);
            Sourced::new(language, name.map_or(Source::Default, Source::Variable))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Stated;
    use rstest::rstest;

    #[rstest]
    #[case::apart(&["zegel", "--nope", "--lang", "nl"], Some(Language::Nl))]
    #[case::joined(&["zegel", "submit", "--lang=nl", "--help"], Some(Language::Nl))]
    #[case::passed_over(&["zegel", "--lang", "fr", "--lang", "nl"], Some(Language::Nl))]
    #[case::no_value(&["zegel", "--lang"], None)]
    #[case::another_flag(&["zegel", "--language=nl", "nl"], None)]
    fn the_words_of_the_command_line_name_a_language(#[case] words: &[&str], #[case] expected: Option<Language>) {
        let words: Vec<Cow<'_, str>> = words.iter().map(|word| Cow::Borrowed(*word)).collect();
        assert_eq!(asked(&words), expected);
    }

    #[rstest]
    #[case::flag(Some(Language::Nl), &[(LANG, "en")], Some(Language::En), Language::Nl, Source::Flag(LANG_FLAG))]
    #[case::variable(None, &[(LANG, "nl"), ("LANG", "en")], Some(Language::En), Language::Nl, Source::Variable(LANG))]
    #[case::config(None, &[(LANG, ""), ("LANG", "en")], Some(Language::Nl), Language::Nl, Source::Line(3))]
    #[case::locale(None, &[(LANG, "de"), ("LC_ALL", "nl_NL")], None, Language::Nl, Source::Variable("LC_ALL"))]
    #[case::nothing(None, &[], None, Language::En, Source::Default)]
    fn the_language_has_its_source(
        #[case] flag: Option<Language>,
        #[case] set: &[(&str, &str)],
        #[case] stated: Option<Language>,
        #[case] expected: Language,
        #[case] source: Source,
    ) {
        let get = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let config = Config { lang: stated.map(|value| Stated { value, line: 3 }), ..Config::default() };
        assert_eq!(language(flag, get, &config), Sourced::new(expected, source));
    }
}
