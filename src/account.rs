//! The account that zegel uses: its host, where its key is, and how to reach it.
//!
//! A key is never an argument and is never shown. Only https may lead to another machine. This module creates the
//! client of an account, so that one place reads the key. It reads the key late, because the place that keeps it may
//! have to ask the user.

pub mod readiness;
mod select;

pub use select::{ACCOUNT_FLAG, ACCOUNT_VARIABLE, SelectedAccount, SettingSource, WithSource};

use crate::api_url::{ApiUrl, ApiUrlError};
use crate::certcentral::{self, Client, Network};
use crate::domain::{ApiKeyError, KeyLocation, KeyVariables, TransportError};
use crate::keystore::{self, KeyOwner};
use crate::secret::{SECRET_CAPACITY, Secret};

/// The address of an account that names none: `CertCentral` Europe (certcentral-api.md 1.1).
pub const EUROPE_API_URL: &str = "https://certcentral.digicert.eu/services/v2";

/// The variable that makes orders carry a marker by which zegel can find them again, if its value is `unconfirmed`.
/// The value has that name because it is not confirmed that the product accepts a marker.
pub const ORDER_MARKER_VARIABLE: &str = "ZEGEL_ORDER_MARKER";

/// The variable with the number by which tests divide the waits of the client.
pub const TEST_PACE_VARIABLE: &str = "ZEGEL_TEST_PACE";

pub const API_URL_VARIABLE: &str = "ZEGEL_API_URL";

pub const API_KEY_VARIABLE: &str = "ZEGEL_API_KEY";

/// A host with the key that belongs to it.
#[derive(Debug, Clone)]
pub struct AccountAccess {
    /// The user's name for the account; blank for the account of the environment, which has no name.
    pub name: String,
    pub host: ApiUrl,
    pub key: ApiKeySource,
    /// True for a sandbox: nothing real is ordered there.
    pub sandbox: bool,
    /// The client divides its waits by this number; 1 for a real server.
    pub pace: u32,
    pub network: Network,
    /// The variables that hold the keys of all accounts. Commands do not get these variables.
    pub withheld_variables: KeyVariables,
}

#[derive(Debug, Clone)]
pub enum ApiKeySource {
    /// The key itself.
    Given(Secret),
    /// The place where the account keeps the key.
    Stored(KeyLocation),
}

/// Why there is no account to use. The variants differ by what the user can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[error("{self:?}")]
#[strum(serialize_all = "snake_case")]
pub enum AccountError {
    /// Nothing names an account: the user tries the demo, or sets one up.
    #[strum(serialize = "no_account")]
    None,
    /// One of the two variables is not set: the user sets it.
    #[strum(serialize = "no_key_given")]
    MissingVariable(&'static str),
    /// zegel may not send a key to the address: the user corrects it.
    #[strum(serialize = "address")]
    InvalidAddress(ApiUrlError),
    /// The key is too long or has characters that no key has: the user corrects it.
    #[strum(serialize = "key")]
    InvalidKey,
    /// The configuration has no account of the requested name: the user chooses another.
    #[strum(serialize = "unknown_account")]
    Unknown {
        /// The requested name. `None` if it cannot be a name: then it may be a key, and is not repeated.
        name: Option<String>,
        by: SettingSource,
        /// The most similar name, if one is similar.
        near: Option<String>,
        /// The names of all accounts.
        known: Vec<String>,
    },
    /// The configuration has these accounts and no default: the user chooses one.
    #[strum(serialize = "several_accounts")]
    Several(Vec<String>),
    /// The address variable differs from the address of this account, and the key would go there: the user unsets it.
    OtherAddress(String),
    /// The key variable belongs to this account, which was not requested: the user requests it.
    #[strum(serialize = "whose_key")]
    KeyOfOtherAccount(String),
    /// Nothing says where the key of this account is kept: the user corrects the configuration.
    #[strum(serialize = "no_key")]
    NoKeyPlace(String),
}

impl AccountError {
    /// Returns a stable word for the error, for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

impl AccountAccess {
    /// Creates the client for this account. It reads the key from its place, which may wait for a person, so it must
    /// not run on the event loop.
    ///
    /// # Errors
    /// The key cannot be read or sent, the network settings are wrong, or TLS cannot be set up.
    pub fn create_client(&self) -> Result<Client, TransportError> {
        let key = match &self.key {
            ApiKeySource::Given(key) => key.clone(),
            ApiKeySource::Stored(place) => self.read_stored_key(place)?,
        };
        Client::new(self.host.clone(), key, &self.network, self.network.client_limits(self.pace))
    }

    pub fn key_owner(&self) -> KeyOwner {
        KeyOwner { account: self.name.clone(), host: self.host.raw_host_and_port() }
    }

    /// Divides the waits of the client by this number, only for a literal loopback address. Returns true if the number
    /// was ignored: then the caller must tell the user.
    pub fn set_test_pace(&mut self, pace: Option<&str>) -> bool {
        let Some(pace) = pace.filter(|pace| !pace.is_empty()) else { return false };
        match pace.parse() {
            Ok(pace) if self.host.is_loopback() => self.pace = pace,
            _ => return true,
        }
        false
    }

    /// Reads the key now, unless a keyring keeps it: that may take long, and happens off the event loop. A key command
    /// needs the terminal before anything else uses it. For an account on this machine the key is always read, because
    /// it shows whether the account is the sandbox.
    ///
    /// # Errors
    /// The key cannot be read.
    pub fn with_key_loaded(mut self, made_up: &str) -> Result<Self, ApiKeyError> {
        if let ApiKeySource::Stored(place) = &self.key
            && (*place != KeyLocation::Keyring || self.host.is_loopback())
        {
            self.key = ApiKeySource::Given(self.read_stored_key(place)?);
        }
        Ok(self.with_sandbox_detected(made_up))
    }

    fn read_stored_key(&self, place: &KeyLocation) -> Result<Secret, ApiKeyError> {
        keystore::read_key(place, &self.key_owner(), |name| std::env::var(name).ok(), &self.withheld_variables)
    }

    /// Marks the account as a sandbox if it is on this machine and has the sandbox's made-up key, which opens nothing
    /// else.
    #[must_use]
    pub fn with_sandbox_detected(mut self, key: &str) -> Self {
        let is_it = matches!(&self.key, ApiKeySource::Given(given) if given.expose() == key);
        self.sandbox |= self.host.is_loopback() && is_it;
        self
    }

    /// Returns the account of the embedded sandbox at this address, with its made-up key.
    ///
    /// # Errors
    /// The address is invalid.
    pub fn for_sandbox(address: &str, key: &str) -> Result<Self, ApiUrlError> {
        let (host, key) = (ApiUrl::parse(address)?, ApiKeySource::Given(Secret::from(key)));
        let (network, withheld) = (Network::default(), KeyVariables::default());
        Ok(Self { name: String::new(), host, key, sandbox: true, pace: 1, network, withheld_variables: withheld })
    }
}

/// Returns the key if it can be one: a header can carry it, and it fits in a [`Secret`].
fn parse_api_key(key: &str) -> Option<Secret> {
    (certcentral::is_key(key) && key.len() <= SECRET_CAPACITY).then(|| Secret::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use rstest::rstest;

    /// Returns the account that the environment names.
    fn access(url: &str, key: &str) -> AccountAccess {
        let get = |name: &str| {
            [(API_URL_VARIABLE, url), (API_KEY_VARIABLE, key)]
                .into_iter()
                .find(|set| set.0 == name)
                .map(|set| set.1.to_owned())
        };
        SelectedAccount::select(None, get, &Config::default()).unwrap().into_access(Network::default()).unwrap()
    }

    #[rstest]
    #[case("http://127.0.0.1:1", Some("50"), 50, false)]
    #[case("https://[::1]", Some("50"), 50, false)]
    #[case("http://127.0.0.1:1", None, 1, false)]
    #[case("http://127.0.0.1:1", Some("fast"), 1, true)]
    #[case("https://localhost", Some("50"), 1, true)]
    #[case("https://certcentral.digicert.eu", Some("50"), 1, true)]
    fn only_a_literal_loopback_address_gets_shortened_waits(
        #[case] url: &str,
        #[case] pace: Option<&str>,
        #[case] expected: u32,
        #[case] ignored: bool,
    ) {
        let mut access = access(url, "key");
        assert_eq!((access.set_test_pace(pace), access.pace), (ignored, expected));
    }

    #[test]
    fn an_account_is_the_sandbox_only_with_the_made_up_key_on_this_machine() {
        let at = |url, key| access(url, key).with_sandbox_detected("made-up").sandbox;
        assert!(at("http://127.0.0.1:1", "made-up"));
        assert!(!at("http://127.0.0.1:1", "other"));
        assert!(!at("https://example.nl", "made-up"));
    }

    #[test]
    fn a_loopback_account_is_accepted_and_its_key_never_printed() {
        let access = access("http://127.0.0.1:4711/services/v2", " made-up-key \n");
        let ApiKeySource::Given(key) = &access.key else { panic!("the environment gives it") };
        assert_eq!(
            (access.host.host_and_port(), key.expose(), access.sandbox),
            ("127.0.0.1:4711", "made-up-key", false)
        );
        assert!(!format!("{access:?}").contains("made-up-key"));
    }

    #[test]
    fn a_key_is_read_from_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let kept = ApiKeySource::Stored(KeyLocation::File(dir.path().join("main.key")));
        let access = AccountAccess { key: kept, ..access("http://127.0.0.1:1", "made-up") };
        assert!(access.create_client().is_err(), "there is none yet");
        let ApiKeySource::Stored(place) = &access.key else { panic!("it is kept") };
        keystore::write_key(place, &access.key_owner(), &Secret::from("made-up")).unwrap();
        assert_eq!(access.create_client().unwrap().host().host_and_port(), "127.0.0.1:1");
    }
}
