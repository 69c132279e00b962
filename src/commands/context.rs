//! The context of a command: the language, the configuration, and the requested account.
//!
//! It is made once, from the command line and the environment. Only commands that need an account report problems of
//! the configuration; all others run without it.

use super::language::{requested_language, select_language};
use super::{CommandError, environment_variable, with_test_pace};
use crate::account::{AccountAccess, SelectedAccount, SettingSource, WithSource};
use crate::cli::{Cli, Command};
use crate::config::{self, Config, ConfigPathError};
use crate::i18n::{Language, Translations};
use crate::product::Product;
use crate::sandbox::KEY;
use std::ffi::OsString;
use std::path::PathBuf;

/// The context of a command.
pub(super) struct CommandContext {
    pub(super) lang: Translations,
    pub(super) language_source: SettingSource,
    /// The account that the command line names.
    pub(super) account: Option<String>,
    /// The path of the configuration, or why it is unknown.
    pub(super) config_path: Result<PathBuf, ConfigPathError>,
    pub(super) config: Config,
    /// True in the demo and the sandbox, which have neither configuration nor account.
    pub(super) is_isolated: bool,
    /// The language that the command line asks for.
    asked_language: Option<Language>,
}

impl CommandContext {
    /// Reads the configuration, except for the demo and the sandbox: they are the same for every user.
    pub(super) fn from_cli(cli: &Cli) -> Self {
        let path = config::config_path(environment_variable);
        let apart = matches!(cli.command, Some(Command::Demo { .. } | Command::Sandbox { .. }));
        Self::load(cli.lang.map(Language::from), cli.account.clone(), path, apart)
    }

    /// Returns the context for help, or for an invalid command line. The language comes from its words, or else from
    /// the environment or the configuration.
    pub(super) fn from_raw_args(words: &[OsString]) -> Self {
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
        let apart = words.iter().any(|word| word == "demo" || word == "sandbox");
        Self::load(requested_language(&words), None, config::config_path(environment_variable), apart)
    }

    fn load(
        requested: Option<Language>,
        account: Option<String>,
        path: Result<PathBuf, ConfigPathError>,
        apart: bool,
    ) -> Self {
        let config = path.as_ref().ok().filter(|_| !apart).map(|path| Config::read(path)).unwrap_or_default();
        let WithSource { value, source } = select_language(requested, environment_variable, &config);
        Self {
            lang: Translations::new(value),
            language_source: source,
            account,
            config_path: path,
            config,
            is_isolated: apart,
            asked_language: requested,
        }
    }

    /// Reads the configuration again, for another account.
    pub(super) fn reload_for_account(&self, account: Option<String>) -> Self {
        Self::load(self.asked_language, account, self.config_path.clone(), false)
    }

    /// Returns the context without configuration and account, in the same language.
    pub(super) fn without_config(&self) -> Self {
        Self {
            lang: self.lang.clone(),
            account: None,
            config_path: self.config_path.clone(),
            config: Config::default(),
            is_isolated: true,
            ..*self
        }
    }

    /// Returns the access to the account with its key, as far as it can be read now. The configuration must be valid
    /// for this product.
    pub(super) fn access_with_key(&self, product: &'static Product) -> Result<AccountAccess, CommandError> {
        Ok(self.account_access(product)?.with_key_loaded(KEY)?)
    }

    /// Returns the configuration if it has no problems.
    pub(super) fn valid_config(&self, product: &'static Product) -> Result<Config, CommandError> {
        let mut config = self.config.clone();
        config.check_order_presets(product);
        if config.problems.is_empty() {
            return Ok(config);
        }
        Err(CommandError::Config { path: self.config_path.clone().unwrap_or_default(), findings: config.problems })
    }

    /// Returns the access to the account, and leaves the key in its place.
    pub(super) fn account_access(&self, product: &'static Product) -> Result<AccountAccess, CommandError> {
        // A system without home directories has no configuration, but the environment may be enough.
        if let Err(lost @ (ConfigPathError::Relative(_) | ConfigPathError::NotUtf8)) = &self.config_path {
            return Err(CommandError::ConfigPath(lost.clone()));
        }
        let config = self.valid_config(product)?;
        let choice = SelectedAccount::select(self.account.as_deref(), environment_variable, &config)?;
        let mut access = choice.into_access(config.network.to_network())?;
        access.withheld_variables = config.key_variables();
        Ok(with_test_pace(access.with_sandbox_detected(KEY), &self.lang))
    }
}
