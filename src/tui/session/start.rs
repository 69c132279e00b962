//! What the app starts with: the account, the language, the day, the first screen and the environment.
//!
//! The caller supplies all of it; nothing here is looked up.

use crate::i18n::Translations;
use crate::product::Product;
use crate::tui::session::Session;
use crate::tui::session::setup::SetupForms;
use crate::tui::widgets::Size;
use jiff::civil::Date;
use std::path::PathBuf;

/// The account in use, as far as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentAccount {
    /// The person's own name for the account; blank for an account that is not in the configuration.
    pub name: String,
    /// Host and port; blank if there is no account, so that nothing can be ordered.
    pub host: String,
    /// True for the embedded sandbox, where nothing costs money.
    pub is_sandbox: bool,
    /// True if orders carry a marker by which they can be found again. It is not confirmed that the product accepts
    /// the marker.
    pub uses_markers: bool,
}

impl CurrentAccount {
    /// The key under which the drafts of the account are stored. It includes the name, so that two accounts at one
    /// host have separate drafts.
    pub fn draft_owner(&self) -> String {
        if self.name.is_empty() { self.host.clone() } else { format!("{}@{}", self.name, self.host) }
    }

    /// The account as it is shown to the person.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.host.clone() } else { format!("{} · {}", self.name, self.host) }
    }

    /// Returns true if there is no account.
    pub fn is_none(&self) -> bool {
        self.host.is_empty()
    }
}

#[derive(Debug, Clone)]
pub struct StartOptions {
    pub product: &'static Product,
    pub lang: Translations,
    pub account: CurrentAccount,
    /// Today, in UTC.
    pub today: Date,
    pub size: Size,
    /// The first screen, and whether drafts are stored permanently.
    pub mode: StartMode,
    pub environment: AppEnvironment,
}

/// The configuration, the other accounts, and the values that a new order begins with.
#[derive(Debug, Clone, Default)]
pub struct AppEnvironment {
    /// The path of the configuration file, which may not exist.
    pub config_path: PathBuf,
    pub config_dir: PathBuf,
    /// The address for an account that has none of its own.
    pub default_url: String,
    /// The accounts in the configuration.
    pub accounts: Vec<ConfiguredAccount>,
    /// True if an environment variable holds an API key.
    pub has_environment_key: bool,
    /// The values that a new order begins with, by the ids of their fields.
    pub presets: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredAccount {
    /// The person's own name for the account.
    pub name: String,
    /// Host and port.
    pub host: String,
}

/// Where the app starts.
#[derive(Debug, Clone, Copy)]
pub enum StartMode {
    /// At Home; drafts are stored permanently.
    Home,
    /// At the first step; drafts are lost when the program ends.
    TemporaryOrder,
    /// At the first step of a new order; drafts are stored permanently.
    NewOrder,
    /// At account setup.
    AccountSetup(SetupForms),
}

/// Returns true if there is a configuration from which accounts can be chosen.
pub(crate) fn can_choose_account(session: &Session) -> bool {
    !session.environment.config_path.as_os_str().is_empty()
}
