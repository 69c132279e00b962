//! What a wizard starts with: the account, the language, the day, where it begins, and what it stands in.
//!
//! All of it comes from outside, and nothing here is looked up.

use crate::i18n::Translations;
use crate::product::Product;
use crate::tui::app::SetupForms;
use crate::tui::widgets::Size;
use jiff::civil::Date;
use std::path::PathBuf;

/// Which account a wizard works on, as far as the person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentAccount {
    /// What the person calls it; blank for one that no configuration names.
    pub name: String,
    /// Host and port; blank where there is no account, and so nothing can be ordered.
    pub host: String,
    /// Whether it is the embedded sandbox, in which nothing costs money.
    pub is_sandbox: bool,
    /// Whether orders carry a mark by which they can be found again. That the product takes it is not confirmed.
    pub uses_markers: bool,
}

impl CurrentAccount {
    /// By what its drafts are known: by name and host where it has a name, so that two accounts at one host have their own.
    pub fn draft_owner(&self) -> String {
        if self.name.is_empty() { self.host.clone() } else { format!("{}@{}", self.name, self.host) }
    }

    /// How it is spoken of.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.host.clone() } else { format!("{} · {}", self.name, self.host) }
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.host.is_empty()
    }
}

/// What a wizard starts with.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// What is ordered.
    pub product: &'static Product,
    /// In which language.
    pub lang: Translations,
    /// From whom.
    pub account: CurrentAccount,
    /// Today, in UTC.
    pub today: Date,
    /// The terminal's size.
    pub size: Size,
    /// Where it starts, and whether what is kept outlives it.
    pub mode: StartMode,
    /// What the wizard stands in.
    pub environment: AppEnvironment,
}

/// What a wizard stands in: the configuration, the other accounts, and what a new order begins with.
#[derive(Debug, Clone, Default)]
pub struct AppEnvironment {
    /// The configuration's file, whether there is one or not.
    pub config_path: PathBuf,
    /// The directory that it is in.
    pub config_dir: PathBuf,
    /// The address of an account that names none.
    pub default_url: String,
    /// The accounts of the configuration.
    pub accounts: Vec<ConfiguredAccount>,
    /// Whether the environment has a key.
    pub has_environment_key: bool,
    /// What a new order begins with: values by the ids of their fields.
    pub presets: Vec<(String, String)>,
}

/// An account of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredAccount {
    /// What the person calls it.
    pub name: String,
    /// Host and port.
    pub host: String,
}

/// Where a wizard starts.
#[derive(Debug, Clone, Copy)]
pub enum StartMode {
    /// At Home; drafts are kept.
    Home,
    /// At the first step; what is kept is gone when it ends.
    TemporaryOrder,
    /// At the first step of a new order; drafts are kept.
    NewOrder,
    /// At setting up an account.
    AccountSetup(SetupForms),
}
