//! What a wizard starts with: the account, the language, the day, where it begins, and what it stands in.
//!
//! All of it comes from outside, and nothing here is looked up.

use super::Forms;
use crate::lang::Lang;
use crate::layout::Size;
use crate::product::Product;
use jiff::civil::Date;
use std::path::PathBuf;

/// Which account a wizard works on, as far as the person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the person calls it; blank for one that no configuration names.
    pub name: String,
    /// Host and port; blank where there is no account, and so nothing can be ordered.
    pub host: String,
    /// Whether it is the embedded sandbox, in which nothing costs money.
    pub sandbox: bool,
    /// Whether orders carry a mark by which they can be found again. That the product takes it is not confirmed.
    pub marks: bool,
}

impl Account {
    /// By what its drafts are known: by name and host where it has a name, so that two accounts at one host have their own.
    pub fn owner(&self) -> String {
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
pub struct Setup {
    /// What is ordered.
    pub product: &'static Product,
    /// In which language.
    pub lang: Lang,
    /// From whom.
    pub account: Account,
    /// Today, in UTC.
    pub today: Date,
    /// The terminal's size.
    pub size: Size,
    /// Where it starts, and whether what is kept outlives it.
    pub start: Start,
    /// What the wizard stands in.
    pub around: Around,
}

/// What a wizard stands in: the configuration, the other accounts, and what a new order begins with.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The configuration's file, whether there is one or not.
    pub config: PathBuf,
    /// The directory that it is in.
    pub config_dir: PathBuf,
    /// The address of an account that names none.
    pub europe: String,
    /// The accounts of the configuration.
    pub accounts: Vec<Listed>,
    /// Whether the environment has a key.
    pub has_key: bool,
    /// What a new order begins with: values by the ids of their fields.
    pub presets: Vec<(String, String)>,
}

/// An account of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What the person calls it.
    pub name: String,
    /// Host and port.
    pub host: String,
}

/// Where a wizard starts.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// At Home; drafts are kept.
    Home,
    /// At the first step; what is kept is gone when it ends.
    Form,
    /// At the first step of a new order; drafts are kept.
    Order,
    /// At setting up an account.
    Guide(Forms),
}
