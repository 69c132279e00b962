//! The configuration: accounts, default values for their new orders, language and network, in one commented TOML file.
//!
//! The reader keeps the line of each value, so that every value can show its source, and reports all problems at once.
//! Edits keep comments and layout. The file never contains a key, only the place of one. `account` decides which
//! account is used, and how the environment counts.

mod edit;
mod parse;
mod permissions;
mod problem;
#[cfg(test)]
mod tests;

pub use edit::{ConfigChange, ConfigEditError, NewAccountConfig, check_account, edit_config, save_account};
pub use permissions::{Exposure, group_writable_folders};
pub use problem::{ConfigProblem, ConfigProblemKind};

use crate::api_url::ApiUrl;
use crate::certcentral::Network;
use crate::certcentral::network::Proxy;
use crate::domain::{KeyLocation, KeyVariables, NOT_UTF8};
use crate::form::Form;
use crate::i18n::Language;
use crate::product::{Product, ValueKind};
use crate::user_files;
use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The variable that names another directory for the configuration.
pub const CONFIG_DIR: &str = "ZEGEL_CONFIG_DIR";

/// How long zegel waits after Esc for more input, in milliseconds. With a shorter wait, an Esc that begins a longer
/// key sequence would count as a key of its own; with a longer one, the user waits after each Esc.
pub const ESCAPE_MILLISECONDS: RangeInclusive<u64> = 10..=1_000;

const FILE_NAME: &str = "config.toml";

/// Why the path of the configuration is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ConfigPathError {
    /// The variable has a relative path, which depends on where zegel starts: the user writes an absolute path.
    Relative(PathBuf),
    /// The directory in the variable is not UTF-8: the user names another.
    NotUtf8,
    /// The system names no home directory: the user sets `HOME` or the variable.
    NoHome,
}

/// A value, and its line in the file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithLine<T> {
    pub value: T,
    pub line: usize,
}

/// The contents of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// True if there is a file.
    pub exists: bool,
    /// The account that is used if none is requested.
    pub default_account: Option<WithLine<String>>,
    pub lang: Option<WithLine<Language>>,
    /// The accounts, in the order of the file.
    pub accounts: Vec<AccountConfig>,
    pub network: NetworkConfig,
    /// How long the terminal waits after Esc, in milliseconds.
    pub escape_milliseconds: Option<WithLine<u64>>,
    /// The problems, by line. If there is one, zegel must not order.
    pub problems: Vec<ConfigProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountConfig {
    pub name: String,
    /// The line at which the account begins.
    pub line: usize,
    /// The address. `None` for `CertCentral` Europe.
    pub url: Option<WithLine<ApiUrl>>,
    /// The place of the key. `None` only if something is wrong.
    pub key: Option<WithLine<KeyLocation>>,
    /// The default values of new orders.
    pub order_presets: Vec<WithLine<Preset>>,
}

/// The default value of one field of a new order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    pub id: String,
    /// The value as the form holds it.
    pub text: String,
    /// The TOML type of the value in the file.
    pub(crate) value_type: ValueType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ValueType {
    Text,
    Integer,
    Bool,
}

/// The network settings, for all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkConfig {
    pub proxy: Option<WithLine<Proxy>>,
    /// A file with additional certificate issuers.
    pub ca_file: Option<WithLine<PathBuf>>,
    /// The time limit for a connection.
    pub connect_seconds: Option<WithLine<u64>>,
    /// The time limit for a response.
    pub answer_seconds: Option<WithLine<u64>>,
    /// The time limit for the response to an order.
    pub order_seconds: Option<WithLine<u64>>,
}

/// Returns the path of the file: in the directory from the environment, or else in the platform's.
///
/// # Errors
/// Neither directory is known. A missing file is no error here.
pub fn config_path(get: impl Fn(&str) -> Option<String>) -> Result<PathBuf, ConfigPathError> {
    let dir = match get(CONFIG_DIR).filter(|value| !value.trim().is_empty()) {
        Some(named) if named == NOT_UTF8 => return Err(ConfigPathError::NotUtf8),
        Some(named) => PathBuf::from(named),
        None => platform_config_dir()?,
    };
    if dir.is_absolute() { Ok(dir.join(FILE_NAME)) } else { Err(ConfigPathError::Relative(dir)) }
}

fn platform_config_dir() -> Result<PathBuf, ConfigPathError> {
    let names =
        AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "zegel".to_owned() };
    Ok(choose_app_strategy(names).map_err(|_| ConfigPathError::NoHome)?.config_dir())
}

impl Config {
    /// Reads the file. A missing file is an empty configuration without problems. A file that cannot be read, or that
    /// another user could have written, is a problem.
    pub fn read(path: &Path) -> Self {
        // Before reading: if no other user can change the directories, no other user can replace the file in between.
        let trusted = permissions::check_permissions(path);
        let findings = match (user_files::read_file(path), trusted) {
            (Err(snagged), _) if parse::is_missing_file(&snagged) => return Self::default(),
            (_, Err(exposed)) => exposed,
            (Ok(loaded), Ok(())) => return parse::parse_config(loaded.text.expose()),
            (Err(snagged), Ok(())) => vec![ConfigProblem::for_file(ConfigProblemKind::Unreadable(snagged))],
        };
        Self { exists: true, problems: findings, ..Self::default() }
    }

    /// Checks the default values of new orders against the product, and adds what is wrong to the problems.
    pub fn check_order_presets(&mut self, product: &'static Product) {
        let findings = self.accounts.iter().flat_map(|account| account.check_presets(product)).collect::<Vec<_>>();
        self.problems.extend(findings);
        self.problems.sort_by_key(|finding| finding.line);
    }

    pub fn find_account(&self, name: &str) -> Option<&AccountConfig> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// Returns the variables that hold the keys of accounts.
    pub fn key_variables(&self) -> KeyVariables {
        let named = self.accounts.iter().filter_map(|account| match account.key.as_ref().map(|key| &key.value) {
            Some(KeyLocation::Variable(name)) => Some(name.clone()),
            _ => None,
        });
        KeyVariables(named.collect())
    }

    pub fn account_names(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|account| account.name.as_str())
    }
}

impl AccountConfig {
    /// Returns the default values of new orders, for [`Form::apply_account_defaults`].
    pub fn preset_values(&self) -> Vec<(String, String)> {
        self.order_presets.iter().map(|stated| stated.value.id_and_text()).collect()
    }

    fn check_presets(&self, product: &'static Product) -> Vec<ConfigProblem> {
        let expected = |preset: &Preset| {
            let field = product.find_field(&preset.id).map(|field| &product[field]).filter(|field| field.preset)?;
            Some(value_type_of(field.kind)).filter(|kind| *kind != preset.value_type)
        };
        let mut wrong: Vec<(&WithLine<Preset>, ConfigProblemKind)> = Vec::new();
        let mut right: Vec<&WithLine<Preset>> = Vec::new();
        for stated in &self.order_presets {
            match expected(&stated.value) {
                Some(kind) => wrong.push((stated, ConfigProblemKind::WrongType(kind.into()))),
                None => right.push(stated),
            }
        }
        let values: Vec<_> = right.iter().map(|stated| stated.value.id_and_text()).collect();
        let misfits = Form::new(product).apply_account_defaults(&values).rejected;
        wrong.extend(
            misfits
                .into_iter()
                .map(|(index, why)| (right[index], ConfigProblemKind::invalid_preset(why, right[index], product))),
        );
        let place = |id: &str| problem::shown_key_path(&["accounts", &self.name, "order", id]);
        let finding = |(stated, what): (&WithLine<Preset>, ConfigProblemKind)| ConfigProblem {
            line: stated.line,
            key: place(&stated.value.id),
            kind: what,
        };
        wrong.into_iter().map(finding).collect()
    }
}

impl Preset {
    fn id_and_text(&self) -> (String, String) {
        (self.id.clone(), self.text.clone())
    }
}

/// Returns the TOML type for a value of this kind.
pub(crate) fn value_type_of(kind: ValueKind) -> ValueType {
    match kind {
        ValueKind::Integer => ValueType::Integer,
        ValueKind::Bool | ValueKind::Consent => ValueType::Bool,
        _ => ValueType::Text,
    }
}

impl NetworkConfig {
    /// Returns the settings as the client takes them.
    pub fn to_network(&self) -> Network {
        let seconds = |stated: Option<WithLine<u64>>| stated.map(|stated| Duration::from_secs(stated.value));
        Network {
            proxy: self.proxy.as_ref().map(|stated| stated.value.clone()),
            ca_file: self.ca_file.as_ref().map(|stated| stated.value.clone()),
            connect: seconds(self.connect_seconds),
            answer: seconds(self.answer_seconds),
            order: seconds(self.order_seconds),
        }
    }
}
