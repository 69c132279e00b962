//! The configuration: accounts, what their new orders begin with, language and network, in one commented TOML file.
//!
//! It is read with the line of each value, so that every value can say where it comes from, and all that is wrong is
//! told at once. Edits keep comments and layout. No key is ever in it, only where one is kept. Which account is used,
//! and what the environment has to say, is not decided here.

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

/// How long Esc may wait for what follows it, in milliseconds. With less it would be taken for a key of its own where it
/// begins another; with more whoever presses it waits.
pub const ESCAPE_MILLISECONDS: RangeInclusive<u64> = 10..=1_000;

/// The file in that directory.
const FILE_NAME: &str = "config.toml";

/// Why it is not known where the configuration is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigPathError {
    /// The variable names a directory that depends on where zegel is started: write a whole path.
    #[error("{CONFIG_DIR} is not a whole path: {}", .0.display())]
    Relative(PathBuf),
    /// The variable names a directory whose name is no UTF-8: name another.
    #[error("{CONFIG_DIR} is not UTF-8")]
    NotUtf8,
    /// The system names no home directory: set `HOME` or the variable.
    #[error("there is no home directory")]
    NoHome,
}

/// A value, and the line of the file in which it stands, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithLine<T> {
    /// The value.
    pub value: T,
    /// The line.
    pub line: usize,
}

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Whether there is a file.
    pub exists: bool,
    /// The account that is used where none is asked for.
    pub default_account: Option<WithLine<String>>,
    /// The language of the program.
    pub lang: Option<WithLine<Language>>,
    /// The accounts, in the order in which they stand there.
    pub accounts: Vec<AccountConfig>,
    /// The network.
    pub network: NetworkConfig,
    /// Milliseconds for what may follow Esc, in a terminal.
    pub escape_milliseconds: Option<WithLine<u64>>,
    /// What is wrong with it, by line. Where there is something, nothing is to be ordered by it.
    pub problems: Vec<ConfigProblem>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountConfig {
    /// What the person calls it.
    pub name: String,
    /// The line at which it begins.
    pub line: usize,
    /// Where it is, if that is not `CertCentral` Europe.
    pub url: Option<WithLine<ApiUrl>>,
    /// Where its key is kept. Only where something is wrong there is nothing.
    pub key: Option<WithLine<KeyLocation>>,
    /// What its new orders begin with.
    pub order_presets: Vec<WithLine<Preset>>,
}

/// What a field of a new order begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// The id of the field.
    pub id: String,
    /// The value as the form holds it.
    pub text: String,
    /// As what it is written.
    pub(crate) value_type: ValueType,
}

/// The types of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueType {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Bool,
}

/// What is said of the network, for all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkConfig {
    /// The proxy.
    pub proxy: Option<WithLine<Proxy>>,
    /// Further issuers of certificates.
    pub ca_file: Option<WithLine<PathBuf>>,
    /// Seconds for a connection.
    pub connect_seconds: Option<WithLine<u64>>,
    /// Seconds for an answer.
    pub answer_seconds: Option<WithLine<u64>>,
    /// Seconds for the answer to an order.
    pub order_seconds: Option<WithLine<u64>>,
}

/// The file: in the directory that the environment names, else in the platform's.
///
/// # Errors
/// Where neither is known. Whether there is a file shows when it is read.
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
    /// Reads the file. One that is not there says nothing, and is fine; one that cannot be read, or that somebody else
    /// could have written, is a finding.
    pub fn read(path: &Path) -> Self {
        // Before it is read: where nobody else can change the directories, nobody puts another in its place meanwhile.
        let trusted = permissions::check_permissions(path);
        let findings = match (user_files::read_file(path), trusted) {
            (Err(snagged), _) if parse::is_missing_file(&snagged) => return Self::default(),
            (_, Err(exposed)) => exposed,
            (Ok(loaded), Ok(())) => return parse::parse_config(loaded.text.expose()),
            (Err(snagged), Ok(())) => vec![ConfigProblem::for_file(ConfigProblemKind::Unreadable(snagged))],
        };
        Self { exists: true, problems: findings, ..Self::default() }
    }

    /// Looks at what new orders begin with, by what the product lets them, and adds what is wrong to the findings.
    pub fn check_order_presets(&mut self, product: &'static Product) {
        let findings = self.accounts.iter().flat_map(|account| account.check_presets(product)).collect::<Vec<_>>();
        self.problems.extend(findings);
        self.problems.sort_by_key(|finding| finding.line);
    }

    /// The account of this name.
    pub fn find_account(&self, name: &str) -> Option<&AccountConfig> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The variables in which the keys of accounts are.
    pub fn key_variables(&self) -> KeyVariables {
        let named = self.accounts.iter().filter_map(|account| match account.key.as_ref().map(|key| &key.value) {
            Some(KeyLocation::Variable(name)) => Some(name.clone()),
            _ => None,
        });
        KeyVariables(named.collect())
    }

    /// The names of all accounts.
    pub fn account_names(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|account| account.name.as_str())
    }
}

impl AccountConfig {
    /// What a new order begins with, for [`Form::preset`].
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
                Some(kind) => wrong.push((stated, ConfigProblemKind::WrongType(kind.type_word()))),
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

/// As what a value of this kind is written.
pub(crate) fn value_type_of(kind: ValueKind) -> ValueType {
    match kind {
        ValueKind::Integer => ValueType::Integer,
        ValueKind::Bool | ValueKind::Consent => ValueType::Bool,
        _ => ValueType::Text,
    }
}

impl ValueType {
    /// The word by which it is told.
    fn type_word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Bool => "bool",
        }
    }
}

impl NetworkConfig {
    /// The same, as the client takes it.
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
