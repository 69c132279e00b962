//! Setting up an account in a walk: with or without a keyring, with or without keys.

use super::{Walk, setup};
use std::path::PathBuf;
use zegel::domain::{ApiKeyError, TransportError};
use zegel::i18n::Language;
use zegel::product::{ACCOUNT_SETUP, PKIO_DEFAULTS};
use zegel::tui::app::{App, AppEnvironment, ConfiguredAccount, CurrentAccount, SetupForms, StartMode, StartOptions};
use zegel::tui::message::{AccountSetup, SetupReply, SetupTask};

/// To the step of the key, with the proposed account.
pub(crate) const TO_KEY: &str = "enter wait ctrl-n";

/// From there to the response of the server, with the key in the keyring.
pub(crate) const TO_KEY_TEST: &str = "paste:MADE-UP-KEY ctrl-n wait";

/// From there to the step that writes the account.
pub(crate) const TO_WRITE: &str = "enter wait type:zilver wait enter alt-4 ctrl-n wait";

fn forms() -> SetupForms {
    SetupForms { account: ACCOUNT_SETUP, presets: PKIO_DEFAULTS }
}

/// A home directory without an account.
pub(crate) fn around() -> AppEnvironment {
    AppEnvironment {
        config_path: PathBuf::from("/home/anna/.config/zegel/config.toml"),
        config_dir: PathBuf::from("/home/anna/.config/zegel"),
        default_url: "https://certcentral.digicert.eu/services/v2".into(),
        ..AppEnvironment::default()
    }
}

/// An account of the configuration.
pub(crate) fn listed(name: &str, host: &str) -> ConfiguredAccount {
    ConfiguredAccount { name: name.into(), host: host.into() }
}

/// A walk that sets up an account.
pub(crate) fn guided(base: StartOptions, around: AppEnvironment) -> Walk {
    let account = CurrentAccount { name: String::new(), host: String::new(), is_sandbox: false, uses_markers: false };
    Walk::with(App::new(StartOptions { account, mode: StartMode::AccountSetup(forms()), environment: around, ..base }))
}

/// A wizard on one of two accounts, with defaults for new orders in the configuration.
pub(crate) fn of_two(language: Language, width: u16, height: u16, start: StartMode) -> Walk {
    let account = CurrentAccount {
        name: "main".into(),
        host: "certcentral.digicert.eu".into(),
        is_sandbox: false,
        uses_markers: false,
    };
    let presets =
        [("org.id", "900001"), ("ship.city", "Zilverdam"), ("ship.zip", "1234 AB"), ("pay.method", "balance")];
    let around = AppEnvironment {
        accounts: vec![listed("main", "certcentral.digicert.eu"), listed("test", "127.0.0.1:4711")],
        presets: presets.map(|(id, text)| (id.to_owned(), text.to_owned())).to_vec(),
        ..around()
    };
    Walk::with(App::new(StartOptions { account, environment: around, mode: start, ..setup(language, width, height) }))
}

/// The surroundings of a new account.
#[derive(Debug, Clone)]
pub(crate) struct Guiding {
    /// The keyring, or why there is none.
    pub(crate) keyring: Result<String, ApiKeyError>,
    /// The result of reading the key.
    pub(crate) tried: Result<bool, TransportError>,
    /// The result of writing the account.
    pub(crate) kept: Result<(), String>,
    /// The accounts that were written, or would have been.
    pub(crate) written: Vec<AccountSetup>,
}

impl Default for Guiding {
    fn default() -> Self {
        Self { keyring: Ok("Test Keyring".into()), tried: Ok(true), kept: Ok(()), written: Vec::new() }
    }
}

impl Guiding {
    /// Carries out one task.
    pub(crate) fn work(&mut self, task: SetupTask) -> SetupReply {
        match task {
            SetupTask::FindKeyring => SetupReply::Keyring(self.keyring.clone()),
            SetupTask::UseKey(_) => SetupReply::KeyInUse(self.tried.clone()),
            SetupTask::SaveAccount(account) => {
                self.written.push(*account);
                SetupReply::AccountSaved(self.kept.clone())
            }
        }
    }
}
