//! The configuration: accounts, what their new orders begin with, language and network, in one commented TOML file.
//!
//! It is read with the line of each value, so that every value can say where it comes from, and all that is wrong is
//! told at once. Edits keep comments and layout. No key is ever in it, only where one is kept. Which account is used,
//! and what the environment has to say, is not decided here.

mod edit;
mod finding;
mod read;
#[cfg(test)]
mod tests;
mod trust;

pub use edit::{Change, EditError, NewAccount, change, judge, save};
pub use finding::{Finding, Flaw};
pub use trust::{Exposure, group_writable};

use crate::certcentral::Network;
use crate::certcentral::network::Proxy;
use crate::facts::{KeyPlace, KeyVariables, NO_TEXT};
use crate::file;
use crate::form::Form;
use crate::host::Host;
use crate::lang::Language;
use crate::product::{Kind, Product};
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
const NAME: &str = "config.toml";

/// Why it is not known where the configuration is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The variable names a directory that depends on where zegel is started: write a whole path.
    #[error("{CONFIG_DIR} is not a whole path: {}", .0.display())]
    Relative(PathBuf),
    /// The variable names a directory whose name is no UTF-8: name another.
    #[error("{CONFIG_DIR} is not UTF-8")]
    NoText,
    /// The system names no home directory: set `HOME` or the variable.
    #[error("there is no home directory")]
    NoHome,
}

/// A value, and the line of the file in which it stands, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// The line.
    pub line: usize,
}

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Whether there is a file.
    pub found: bool,
    /// The account that is used where none is asked for.
    pub account: Option<Stated<String>>,
    /// The language of the program.
    pub lang: Option<Stated<Language>>,
    /// The accounts, in the order in which they stand there.
    pub accounts: Vec<Account>,
    /// The network.
    pub network: Wires,
    /// Milliseconds for what may follow Esc, in a terminal.
    pub escape: Option<Stated<u64>>,
    /// What is wrong with it, by line. Where there is something, nothing is to be ordered by it.
    pub findings: Vec<Finding>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the person calls it.
    pub name: String,
    /// The line at which it begins.
    pub line: usize,
    /// Where it is, if that is not `CertCentral` Europe.
    pub url: Option<Stated<Host>>,
    /// Where its key is kept. Only where something is wrong there is nothing.
    pub key: Option<Stated<KeyPlace>>,
    /// What its new orders begin with.
    pub order: Vec<Stated<Preset>>,
}

/// What a field of a new order begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// The id of the field.
    pub id: String,
    /// The value as the form holds it.
    pub text: String,
    /// As what it is written.
    pub(crate) written: Written,
}

/// The types of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Bool,
}

/// What is said of the network, for all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wires {
    /// The proxy.
    pub proxy: Option<Stated<Proxy>>,
    /// Further issuers of certificates.
    pub ca_file: Option<Stated<PathBuf>>,
    /// Seconds for a connection.
    pub connect: Option<Stated<u64>>,
    /// Seconds for an answer.
    pub answer: Option<Stated<u64>>,
    /// Seconds for the answer to an order.
    pub order: Option<Stated<u64>>,
}

/// The file: in the directory that the environment names, else in the platform's.
///
/// # Errors
/// Where neither is known. Whether there is a file shows when it is read.
pub fn path(get: impl Fn(&str) -> Option<String>) -> Result<PathBuf, Lost> {
    let dir = match get(CONFIG_DIR).filter(|value| !value.trim().is_empty()) {
        Some(named) if named == NO_TEXT => return Err(Lost::NoText),
        Some(named) => PathBuf::from(named),
        None => platform()?,
    };
    if dir.is_absolute() { Ok(dir.join(NAME)) } else { Err(Lost::Relative(dir)) }
}

fn platform() -> Result<PathBuf, Lost> {
    let names =
        AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "zegel".to_owned() };
    Ok(choose_app_strategy(names).map_err(|_| Lost::NoHome)?.config_dir())
}

impl Config {
    /// Reads the file. One that is not there says nothing, and is fine; one that cannot be read, or that somebody else
    /// could have written, is a finding.
    pub fn read(path: &Path) -> Self {
        // Before it is read: where nobody else can change the directories, nobody puts another in its place meanwhile.
        let trusted = trust::check(path);
        let findings = match (file::read(path), trusted) {
            (Err(snagged), _) if read::is_absent(&snagged) => return Self::default(),
            (_, Err(exposed)) => exposed,
            (Ok(loaded), Ok(())) => return read::config(loaded.text.expose()),
            (Err(snagged), Ok(())) => vec![Finding::of_file(Flaw::Unread(snagged))],
        };
        Self { found: true, findings, ..Self::default() }
    }

    /// Looks at what new orders begin with, by what the product lets them, and adds what is wrong to the findings.
    pub fn judge_orders(&mut self, product: &'static Product) {
        let findings = self.accounts.iter().flat_map(|account| account.judge_order(product)).collect::<Vec<_>>();
        self.findings.extend(findings);
        self.findings.sort_by_key(|finding| finding.line);
    }

    /// The account of this name.
    pub fn find(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The variables in which the keys of accounts are.
    pub fn key_variables(&self) -> KeyVariables {
        let named = self.accounts.iter().filter_map(|account| match account.key.as_ref().map(|key| &key.value) {
            Some(KeyPlace::Variable(name)) => Some(name.clone()),
            _ => None,
        });
        KeyVariables(named.collect())
    }

    /// The names of all accounts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|account| account.name.as_str())
    }
}

impl Account {
    /// What a new order begins with, for [`Form::preset`].
    pub fn presets(&self) -> Vec<(String, String)> {
        self.order.iter().map(|stated| stated.value.pair()).collect()
    }

    fn judge_order(&self, product: &'static Product) -> Vec<Finding> {
        let expected = |preset: &Preset| {
            let field = product.find(&preset.id).map(|field| &product[field]).filter(|field| field.preset)?;
            Some(written(field.kind)).filter(|kind| *kind != preset.written)
        };
        let mut wrong: Vec<(&Stated<Preset>, Flaw)> = Vec::new();
        let mut right: Vec<&Stated<Preset>> = Vec::new();
        for stated in &self.order {
            match expected(&stated.value) {
                Some(kind) => wrong.push((stated, Flaw::Type(kind.word()))),
                None => right.push(stated),
            }
        }
        let values: Vec<_> = right.iter().map(|stated| stated.value.pair()).collect();
        let misfits = Form::new(product).preset(&values).misfits;
        wrong.extend(misfits.into_iter().map(|(index, why)| (right[index], Flaw::preset(why, right[index], product))));
        let place = |id: &str| finding::place(&["accounts", &self.name, "order", id]);
        let finding =
            |(stated, what): (&Stated<Preset>, Flaw)| Finding { line: stated.line, key: place(&stated.value.id), what };
        wrong.into_iter().map(finding).collect()
    }
}

impl Preset {
    fn pair(&self) -> (String, String) {
        (self.id.clone(), self.text.clone())
    }
}

/// As what a value of this kind is written.
pub(crate) fn written(kind: Kind) -> Written {
    match kind {
        Kind::Integer => Written::Integer,
        Kind::Bool | Kind::Consent => Written::Bool,
        _ => Written::Text,
    }
}

impl Written {
    /// The word by which it is told.
    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Bool => "bool",
        }
    }
}

impl Wires {
    /// The same, as the client takes it.
    pub fn network(&self) -> Network {
        let seconds = |stated: Option<Stated<u64>>| stated.map(|stated| Duration::from_secs(stated.value));
        Network {
            proxy: self.proxy.as_ref().map(|stated| stated.value.clone()),
            ca_file: self.ca_file.as_ref().map(|stated| stated.value.clone()),
            connect: seconds(self.connect),
            answer: seconds(self.answer),
            order: seconds(self.order),
        }
    }
}
