//! What becomes of setting up an account in a walk: a keyring that is there or not, keys that are had or not.

use super::{Walk, setup};
use std::path::PathBuf;
use std::sync::LazyLock;
use zegel::facts::{KeyTrouble, Reason};
use zegel::lang::Language;
use zegel::product::{Product, presets, setup as account};
use zegel::wizard::msg::{GuideTask, Guided, NewAccount};
use zegel::wizard::{Account, Around, Forms, Listed, Model, Setup, Start};

/// To the key's step of setting up, with the account as it is proposed.
pub(crate) const TO_KEY: &str = "enter wait ctrl-n";

/// From there to what the server says, the key kept in the keyring.
pub(crate) const TO_TRIAL: &str = "paste:MADE-UP-KEY ctrl-n wait";

/// From there to what is written down.
pub(crate) const TO_KEEP: &str = "enter wait type:zilver wait enter alt-4 ctrl-n wait";

fn forms() -> Forms {
    static FORMS: LazyLock<[&Product; 2]> = LazyLock::new(|| [account().unwrap(), presets().unwrap()]);
    Forms { account: FORMS[0], presets: FORMS[1] }
}

/// A home directory without an account.
pub(crate) fn around() -> Around {
    Around {
        config: PathBuf::from("/home/anna/.config/zegel/config.toml"),
        config_dir: PathBuf::from("/home/anna/.config/zegel"),
        europe: "https://certcentral.digicert.eu/services/v2".into(),
        ..Around::default()
    }
}

/// An account of the configuration.
pub(crate) fn listed(name: &str, host: &str) -> Listed {
    Listed { name: name.into(), host: host.into() }
}

/// Setting up an account.
pub(crate) fn guided(base: Setup, around: Around) -> Walk {
    let account = Account { name: String::new(), host: String::new(), sandbox: false, marks: false };
    Walk::with(Model::new(Setup { account, start: Start::Guide(forms()), around, ..base }))
}

/// A wizard on one of two accounts, of which the configuration keeps what new orders begin with.
pub(crate) fn of_two(language: Language, width: u16, height: u16, start: Start) -> Walk {
    let account = Account { name: "main".into(), host: "certcentral.digicert.eu".into(), sandbox: false, marks: false };
    let presets =
        [("org.id", "900001"), ("ship.city", "Zilverdam"), ("ship.zip", "1234 AB"), ("pay.method", "balance")];
    let around = Around {
        accounts: vec![listed("main", "certcentral.digicert.eu"), listed("test", "127.0.0.1:4711")],
        presets: presets.map(|(id, text)| (id.to_owned(), text.to_owned())).to_vec(),
        ..around()
    };
    Walk::with(Model::new(Setup { account, around, start, ..setup(language, width, height) }))
}

/// The surroundings of a new account.
#[derive(Debug, Clone)]
pub(crate) struct Guiding {
    /// The keyring, or why there is none.
    pub(crate) keyring: Result<String, KeyTrouble>,
    /// What comes of getting the key.
    pub(crate) tried: Result<bool, Reason>,
    /// What comes of writing the account down.
    pub(crate) kept: Result<(), String>,
    /// What was written down, or would have been.
    pub(crate) written: Vec<NewAccount>,
}

impl Default for Guiding {
    fn default() -> Self {
        Self { keyring: Ok("Test Keyring".into()), tried: Ok(true), kept: Ok(()), written: Vec::new() }
    }
}

impl Guiding {
    /// Does one thing.
    pub(crate) fn work(&mut self, task: GuideTask) -> Guided {
        match task {
            GuideTask::FindKeyring => Guided::Keyring(self.keyring.clone()),
            GuideTask::Try(_) => Guided::Tried(self.tried.clone()),
            GuideTask::Keep(account) => {
                self.written.push(*account);
                Guided::Kept(self.kept.clone())
            }
        }
    }
}
