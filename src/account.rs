//! The account that zegel works on: its host, where its key is, and how it is reached.
//!
//! A key is never an argument and never shown. Only https leads to another machine. The client of an account is made
//! here, so that a key is read in one place, and late: where it is kept, somebody may have to be asked.

mod select;

pub use select::{ACCOUNT_FLAG, ACCOUNT_VARIABLE, SelectedAccount, SettingSource, WithSource};

use crate::api_url::{ApiUrl, ApiUrlError};
use crate::certcentral::{self, Client, Network};
use crate::domain::{ApiKeyError, KeyLocation, KeyVariables, TransportError};
use crate::keystore::{self, KeyOwner};
use crate::secret::{SECRET_CAPACITY, Secret};

/// Where an account is that names no address: `CertCentral` Europe (certcentral-api.md 1.1).
pub const EUROPE_API_URL: &str = "https://certcentral.digicert.eu/services/v2";

/// The variable that has orders carry a mark by which they can be found again, where it is `unconfirmed`: that the
/// product takes one is not confirmed.
pub const ORDER_MARKER_VARIABLE: &str = "ZEGEL_ORDER_MARKER";

/// The variable by which the client's waits are divided in tests.
pub const TEST_PACE_VARIABLE: &str = "ZEGEL_TEST_PACE";

/// The variable that holds the address of the API.
pub const API_URL_VARIABLE: &str = "ZEGEL_API_URL";

/// The variable that holds the key.
pub const API_KEY_VARIABLE: &str = "ZEGEL_API_KEY";

/// A host with the key that belongs to it.
#[derive(Debug, Clone)]
pub struct AccountAccess {
    /// What the person calls the account; blank for the one of the environment, which has no name.
    pub name: String,
    /// The host.
    pub host: ApiUrl,
    /// The key.
    pub key: ApiKeySource,
    /// Whether it is a sandbox: nothing real is ordered there.
    pub sandbox: bool,
    /// What the client's waits are divided by: 1 for a real server.
    pub pace: u32,
    /// How the host is reached.
    pub network: Network,
    /// The variables in which keys are, of all accounts.
    pub withheld_variables: KeyVariables,
}

/// Where the key of an account is.
#[derive(Debug, Clone)]
pub enum ApiKeySource {
    /// Here.
    Given(Secret),
    /// Where the account keeps it.
    Stored(KeyLocation),
}

/// Why there is no account to work on, by what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nothing names one: try the demo, or set one up.
    #[error("no account is set up")]
    None,
    /// One of the two variables is not set: set it.
    #[error("{0} is not set")]
    MissingVariable(&'static str),
    /// The address is not one that a key may be sent to: mend it.
    #[error("{API_URL_VARIABLE}: {0}")]
    InvalidAddress(ApiUrlError),
    /// The key has characters that no key has, or more of them than any key: mend it.
    #[error("{API_KEY_VARIABLE} is not a key")]
    InvalidKey,
    /// The configuration has no account of the name that is asked for: ask for another.
    #[error("no account of this name")]
    Unknown {
        /// The name, where it can be one.
        name: Option<String>,
        /// What asks for it.
        by: SettingSource,
        /// The name that is nearest, if one is near.
        near: Option<String>,
        /// All names.
        known: Vec<String>,
    },
    /// The configuration has several, and does not say which is used: ask for one of these.
    #[error("several accounts")]
    Several(Vec<String>),
    /// The variable with an address leads elsewhere than this account, whose key would go there: unset it.
    #[error("{API_URL_VARIABLE} is not the address of the account {0}")]
    OtherAddress(String),
    /// The variable with a key is that of this account, which was not asked for: ask for it.
    #[error("{API_KEY_VARIABLE} is the key of the account {0}")]
    KeyOfOtherAccount(String),
    /// Nothing says where the key of this account is kept: mend the configuration.
    #[error("no place for the key of the account {0}")]
    NoKeyPlace(String),
}

impl AccountError {
    /// A word for it that does not change, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::None => "no_account",
            Self::MissingVariable(_) => "no_key_given",
            Self::InvalidAddress(_) => "address",
            Self::InvalidKey => "key",
            Self::Unknown { .. } => "unknown_account",
            Self::Several(_) => "several_accounts",
            Self::OtherAddress(_) => "other_address",
            Self::KeyOfOtherAccount(_) => "whose_key",
            Self::NoKeyPlace(_) => "no_key",
        }
    }
}

impl AccountAccess {
    /// The client that opens this account. Its key is read where it is kept, which may wait for a person: not on the
    /// loop.
    ///
    /// # Errors
    /// Where its key cannot be had or sent, the network is not as it is said to be, or TLS cannot be set up.
    pub fn create_client(&self) -> Result<Client, TransportError> {
        let key = match &self.key {
            ApiKeySource::Given(key) => key.clone(),
            ApiKeySource::Stored(place) => self.read_stored_key(place)?,
        };
        Ok(Client::new(self.host.clone(), key, &self.network, self.network.client_limits(self.pace))?)
    }

    /// Whose key it is.
    pub fn key_owner(&self) -> KeyOwner {
        KeyOwner { account: self.name.clone(), host: self.host.raw_host_and_port() }
    }

    /// Divides the client's waits by this number, on a literal loopback address alone. Answers whether it was
    /// ignored: then it is to be said.
    pub fn set_test_pace(&mut self, pace: Option<&str>) -> bool {
        let Some(pace) = pace.filter(|pace| !pace.is_empty()) else { return false };
        match pace.parse() {
            Ok(pace) if self.host.is_loopback() => self.pace = pace,
            _ => return true,
        }
        false
    }

    /// Reads the key now, but where a keyring keeps it: that may take long, and is done off the loop. A command needs
    /// the terminal before anybody else has it, and of an account on this machine the key tells whether it is the
    /// sandbox.
    ///
    /// # Errors
    /// Where it cannot be had.
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

    /// Told apart from a real account by the sandbox's made-up key, which opens nothing else.
    #[must_use]
    pub fn with_sandbox_detected(mut self, key: &str) -> Self {
        let is_it = matches!(&self.key, ApiKeySource::Given(given) if given.expose() == key);
        self.sandbox |= self.host.is_loopback() && is_it;
        self
    }

    /// The embedded sandbox at this address, with its made-up key.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn for_sandbox(address: &str, key: &str) -> Result<Self, ApiUrlError> {
        let (host, key) = (ApiUrl::parse(address)?, ApiKeySource::Given(Secret::from(key)));
        let (network, withheld) = (Network::default(), KeyVariables::default());
        Ok(Self { name: String::new(), host, key, sandbox: true, pace: 1, network, withheld_variables: withheld })
    }
}

/// The key, if it can be one: what a header can carry, whole.
fn parse_api_key(key: &str) -> Option<Secret> {
    (certcentral::is_key(key) && key.len() <= SECRET_CAPACITY).then(|| Secret::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use rstest::rstest;

    /// The account that the environment names.
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
    fn only_a_literal_loopback_address_is_hurried(
        #[case] url: &str,
        #[case] pace: Option<&str>,
        #[case] expected: u32,
        #[case] ignored: bool,
    ) {
        let mut access = access(url, "key");
        assert_eq!((access.set_test_pace(pace), access.pace), (ignored, expected));
    }

    #[test]
    fn only_the_made_up_key_on_this_machine_is_the_sandbox() {
        let at = |url, key| access(url, key).with_sandbox_detected("made-up").sandbox;
        assert!(at("http://127.0.0.1:1", "made-up"));
        assert!(!at("http://127.0.0.1:1", "other"));
        assert!(!at("https://example.nl", "made-up"));
    }

    #[test]
    fn a_loopback_account_is_taken_and_its_key_never_shown() {
        let access = access("http://127.0.0.1:4711/services/v2", " made-up-key \n");
        let ApiKeySource::Given(key) = &access.key else { panic!("the environment gives it") };
        assert_eq!(
            (access.host.host_and_port(), key.expose(), access.sandbox),
            ("127.0.0.1:4711", "made-up-key", false)
        );
        assert!(!format!("{access:?}").contains("made-up-key"));
    }

    #[test]
    fn a_key_is_read_where_it_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let kept = ApiKeySource::Stored(KeyLocation::File(dir.path().join("main.key")));
        let access = AccountAccess { key: kept, ..access("http://127.0.0.1:1", "made-up") };
        assert!(access.create_client().is_err(), "there is none yet");
        let ApiKeySource::Stored(place) = &access.key else { panic!("it is kept") };
        keystore::write_key(place, &access.key_owner(), &Secret::from("made-up")).unwrap();
        assert_eq!(access.create_client().unwrap().host().host_and_port(), "127.0.0.1:1");
    }
}
