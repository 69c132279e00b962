//! The choice of the account, and the source of each of its values: a flag, the environment, the configuration, or a
//! default.
//!
//! A key belongs to its account's host. So the address from the environment never gets the key of a configured
//! account, and a configured address never gets the key from the environment. This module reads neither the file nor a
//! key.

use super::{
    API_KEY_VARIABLE, API_URL_VARIABLE, AccountAccess, AccountError, ApiKeySource, EUROPE_API_URL, parse_api_key,
};
use crate::api_url::ApiUrl;
use crate::certcentral::Network;
use crate::config::{AccountConfig, Config};
use crate::domain::{KeyLocation, KeyVariables, is_account_name};
use crate::text;

/// The variable that names an account of the configuration.
pub const ACCOUNT_VARIABLE: &str = "ZEGEL_ACCOUNT";

/// The flag that names an account of the configuration.
pub const ACCOUNT_FLAG: &str = "--account";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingSource {
    /// This flag of the command line.
    Flag(&'static str),
    /// This variable of the environment.
    Variable(&'static str),
    /// This line of the configuration, from 1.
    Line(usize),
    /// The settings of the operating system.
    System,
    /// No source sets the value.
    Default,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithSource<T> {
    pub value: T,
    pub source: SettingSource,
}

impl<T> WithSource<T> {
    pub fn new(value: T, source: SettingSource) -> Self {
        Self { value, source }
    }
}

#[derive(Debug, Clone)]
pub struct SelectedAccount {
    /// Blank for the account of the environment, which has no name.
    pub name: WithSource<String>,
    pub host: WithSource<ApiUrl>,
    /// `None` only if the configuration is wrong.
    pub key: Option<WithSource<ApiKeySource>>,
}

impl SelectedAccount {
    /// Selects the account that the flag, the environment or the configuration asks for, in this order.
    ///
    /// # Errors
    /// There is no account, the choice is ambiguous, or the account cannot be used.
    pub fn select(
        flag: Option<&str>,
        get: impl Fn(&str) -> Option<String>,
        config: &Config,
    ) -> Result<Self, AccountError> {
        let set = |name| get(name).filter(|value| !value.trim().is_empty());
        let chooser = AccountSelector { key: set(API_KEY_VARIABLE), url: set(API_URL_VARIABLE), config };
        let named = flag.map(|name| (name.to_owned(), SettingSource::Flag(ACCOUNT_FLAG)));
        match named.or_else(|| {
            set(ACCOUNT_VARIABLE).map(|name| (name.trim().to_owned(), SettingSource::Variable(ACCOUNT_VARIABLE)))
        }) {
            Some((name, source)) => chooser.select_named(&name, source),
            None => chooser.select_implicit(),
        }
    }

    /// Returns the access to the account over this network.
    ///
    /// # Errors
    /// Nothing says where the key is kept.
    pub fn into_access(self, network: Network) -> Result<AccountAccess, AccountError> {
        let key = self.key.ok_or_else(|| AccountError::NoKeyPlace(self.name.value.clone()))?.value;
        let withheld = KeyVariables::default();
        Ok(AccountAccess {
            name: self.name.value,
            host: self.host.value,
            key,
            sandbox: false,
            pace: 1,
            network,
            withheld_variables: withheld,
        })
    }
}

/// The inputs of the selection, except the requested name.
struct AccountSelector<'a> {
    key: Option<String>,
    url: Option<String>,
    config: &'a Config,
}

impl AccountSelector<'_> {
    fn select_named(&self, name: &str, source: SettingSource) -> Result<SelectedAccount, AccountError> {
        match self.config.find_account(name) {
            Some(account) => self.select_configured(account, source),
            None => Err(AccountError::Unknown {
                // A text that cannot be a name may be a key.
                name: Some(name.to_owned()).filter(|name| is_account_name(name)),
                by: source,
                near: text::nearest_name(name, self.config.account_names()).map(str::to_owned),
                known: self.config.account_names().map(str::to_owned).collect(),
            }),
        }
    }

    /// Selects an account if none was requested. A key in the environment makes an account of its own, unless it is
    /// the key of the default account.
    fn select_implicit(&self) -> Result<SelectedAccount, AccountError> {
        let usual = self.default_account();
        match (&self.key, usual) {
            (Some(_), Ok(Some((account, source)))) if uses_key_variable(account) => {
                self.select_configured(account, source)
            }
            (Some(key), _) => self.select_from_environment(key),
            (None, Ok(Some((account, source)))) => self.select_configured(account, source),
            (None, Ok(None)) if self.url.is_some() => Err(AccountError::MissingVariable(API_KEY_VARIABLE)),
            (None, Ok(None)) => Err(AccountError::None),
            (None, Err(why)) => Err(why),
        }
    }

    /// Returns the default account: the one that the configuration names, or the only one.
    fn default_account(&self) -> Result<Option<(&AccountConfig, SettingSource)>, AccountError> {
        let named = self.config.default_account.as_ref();
        let named =
            named.and_then(|name| Some((self.config.find_account(&name.value)?, SettingSource::Line(name.line))));
        match (named, self.config.accounts.as_slice()) {
            (Some(named), _) => Ok(Some(named)),
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some((only, SettingSource::Default))),
            (None, _) => Err(AccountError::Several(self.config.account_names().map(str::to_owned).collect())),
        }
    }

    /// Selects a configured account, at its own address.
    fn select_configured(
        &self,
        account: &AccountConfig,
        source: SettingSource,
    ) -> Result<SelectedAccount, AccountError> {
        let host = match &account.url {
            Some(stated) => WithSource::new(stated.value.clone(), SettingSource::Line(stated.line)),
            None => europe_api_url()?,
        };
        // If the environment also has a key that is not this account's, the address belongs to that key's account,
        // which is not used.
        let is_intended = self.key.is_none() || uses_key_variable(account);
        if let Some(url) = self.url.as_ref().filter(|_| is_intended)
            && !is_same_api(&ApiUrl::parse(url).map_err(AccountError::InvalidAddress)?, &host.value)
        {
            return Err(AccountError::OtherAddress(account.name.clone()));
        }
        let location =
            |place: &KeyLocation, line| WithSource::new(ApiKeySource::Stored(place.clone()), SettingSource::Line(line));
        Ok(SelectedAccount {
            name: WithSource::new(account.name.clone(), source),
            host,
            key: account.key.as_ref().map(|stated| location(&stated.value, stated.line)),
        })
    }

    /// Selects the account that the environment names.
    fn select_from_environment(&self, key: &str) -> Result<SelectedAccount, AccountError> {
        let host = self.environment_api_url()?;
        let key = parse_api_key(key.trim()).ok_or(AccountError::InvalidKey)?;
        Ok(SelectedAccount {
            name: WithSource::new(String::new(), SettingSource::Variable(API_KEY_VARIABLE)),
            host,
            key: Some(WithSource::new(ApiKeySource::Given(key), SettingSource::Variable(API_KEY_VARIABLE))),
        })
    }

    /// Returns the address from the environment; Europe if there is none.
    fn environment_api_url(&self) -> Result<WithSource<ApiUrl>, AccountError> {
        if let Some(url) = &self.url {
            return Ok(WithSource::new(
                ApiUrl::parse(url).map_err(AccountError::InvalidAddress)?,
                SettingSource::Variable(API_URL_VARIABLE),
            ));
        }
        // A configured account may be outside Europe, and this may be its key.
        match self.config.accounts.iter().find(|account| uses_key_variable(account)) {
            Some(account) => Err(AccountError::KeyOfOtherAccount(account.name.clone())),
            None => europe_api_url(),
        }
    }
}

fn europe_api_url() -> Result<WithSource<ApiUrl>, AccountError> {
    Ok(WithSource::new(ApiUrl::parse(EUROPE_API_URL).map_err(AccountError::InvalidAddress)?, SettingSource::Default))
}

/// Returns true if the account keeps its key in `ZEGEL_API_KEY`.
fn uses_key_variable(account: &AccountConfig) -> bool {
    let place = account.key.as_ref().map(|stated| &stated.value);
    place.is_some_and(|place| matches!(place, KeyLocation::Variable(name) if name == API_KEY_VARIABLE))
}

/// Returns true if two addresses lead to the same endpoints. One may end in a slash that the other lacks.
fn is_same_api(one: &ApiUrl, other: &ApiUrl) -> bool {
    one.endpoint_url(&["user"], &[]) == other.endpoint_url(&["user"], &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api_url::ApiUrlError;
    use crate::config::WithLine;
    use crate::secret::SECRET_CAPACITY;
    use rstest::rstest;

    const LOCAL: &str = "http://127.0.0.1:4711/services/v2";

    fn account(name: &str, url: Option<&str>, place: KeyLocation) -> AccountConfig {
        let url = url.map(|url| WithLine { value: ApiUrl::parse(url).unwrap(), line: 7 });
        let key = Some(WithLine { value: place, line: 8 });
        AccountConfig { name: name.to_owned(), line: 6, url, key, order_presets: Vec::new() }
    }

    fn variable() -> KeyLocation {
        KeyLocation::Variable(API_KEY_VARIABLE.to_owned())
    }

    /// Returns accounts of each kind: `main` in Europe, `test` here, `env` here with its key in the environment's
    /// variable.
    fn config(names: &[&str], default: Option<&str>) -> Config {
        let made = |name: &&str| match *name {
            "main" => account("main", None, KeyLocation::Keyring),
            "env" => account("env", Some(LOCAL), variable()),
            name => account(name, Some(LOCAL), KeyLocation::Keyring),
        };
        let account = default.map(|name| WithLine { value: name.to_owned(), line: 2 });
        Config {
            exists: true,
            default_account: account,
            accounts: names.iter().map(made).collect(),
            ..Config::default()
        }
    }

    fn choose(flag: Option<&str>, set: &[(&str, &str)], config: &Config) -> Result<SelectedAccount, AccountError> {
        let get = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        SelectedAccount::select(flag, get, config)
    }

    const EU: &str = "certcentral.digicert.eu";
    const HERE: &str = "127.0.0.1:4711";
    const BOTH: &[(&str, &str)] = &[(API_KEY_VARIABLE, "made-up"), (API_URL_VARIABLE, LOCAL)];
    const ALONE: &[(&str, &str)] = &[(API_KEY_VARIABLE, "made-up")];
    const ADDRESS: &[(&str, &str)] = &[(API_URL_VARIABLE, LOCAL)];
    const OTHER: &[(&str, &str)] = &[(API_KEY_VARIABLE, "made-up"), (API_URL_VARIABLE, "https://example.nl")];
    const NAMED: &[(&str, &str)] = &[(ACCOUNT_VARIABLE, "test"), (API_KEY_VARIABLE, "made-up")];

    #[rstest]
    #[case::environment(None, BOTH, config(&[], None), ("", SettingSource::Variable(API_KEY_VARIABLE)), (HERE, SettingSource::Variable(API_URL_VARIABLE)))]
    #[case::europe(None, ALONE, config(&[], None), ("", SettingSource::Variable(API_KEY_VARIABLE)), (EU, SettingSource::Default))]
    #[case::blank(None, &[(API_KEY_VARIABLE, "made-up"), (API_URL_VARIABLE, " ")], config(&[], None), ("", SettingSource::Variable(API_KEY_VARIABLE)), (EU, SettingSource::Default))]
    #[case::before(None, ALONE, config(&["test"], None), ("", SettingSource::Variable(API_KEY_VARIABLE)), (EU, SettingSource::Default))]
    #[case::only(None, &[], config(&["main"], None), ("main", SettingSource::Default), (EU, SettingSource::Default))]
    #[case::default(None, &[], config(&["main", "test"], Some("test")), ("test", SettingSource::Line(2)), (HERE, SettingSource::Line(7)))]
    #[case::flag(Some("test"), ALONE, config(&["main", "test"], Some("main")), ("test", SettingSource::Flag(ACCOUNT_FLAG)), (HERE, SettingSource::Line(7)))]
    #[case::variable(None, NAMED, config(&["main", "test"], Some("main")), ("test", SettingSource::Variable(ACCOUNT_VARIABLE)), (HERE, SettingSource::Line(7)))]
    #[case::over(Some("main"), NAMED, config(&["main", "test"], None), ("main", SettingSource::Flag(ACCOUNT_FLAG)), (EU, SettingSource::Default))]
    #[case::its_key(None, ALONE, config(&["env"], None), ("env", SettingSource::Default), (HERE, SettingSource::Line(7)))]
    #[case::its_url(None, BOTH, config(&["env"], None), ("env", SettingSource::Default), (HERE, SettingSource::Line(7)))]
    #[case::slash(None, &[(API_KEY_VARIABLE, "k"), (API_URL_VARIABLE, "http://127.0.0.1:4711/services/v2/")], config(&["env"], None), ("env", SettingSource::Default), (HERE, SettingSource::Line(7)))]
    #[case::not_its(None, BOTH, config(&["main", "env"], Some("main")), ("", SettingSource::Variable(API_KEY_VARIABLE)), (HERE, SettingSource::Variable(API_URL_VARIABLE)))]
    #[case::same(None, ADDRESS, config(&["test"], None), ("test", SettingSource::Default), (HERE, SettingSource::Line(7)))]
    #[case::not_used(Some("main"), OTHER, config(&["main"], None), ("main", SettingSource::Flag(ACCOUNT_FLAG)), (EU, SettingSource::Default))]
    fn each_value_has_its_source(
        #[case] flag: Option<&str>,
        #[case] set: &[(&str, &str)],
        #[case] config: Config,
        #[case] name: (&str, SettingSource),
        #[case] host: (&str, SettingSource),
    ) {
        let choice = choose(flag, set, &config).unwrap();
        assert_eq!((choice.name.value.as_str(), choice.name.source), name);
        assert_eq!((choice.host.value.host_and_port(), choice.host.source), host);
        let key = choice.key.unwrap();
        let given = matches!(key.value, ApiKeySource::Given(_));
        assert_eq!(
            (given, key.source),
            (name.0.is_empty(), if given { SettingSource::Variable(API_KEY_VARIABLE) } else { SettingSource::Line(8) })
        );
    }

    /// Returns the error for an account that does not exist.
    fn unknown(name: Option<&str>, by: SettingSource, near: Option<&str>, known: &[&str]) -> AccountError {
        let known = known.iter().map(|name| (*name).to_owned()).collect();
        AccountError::Unknown { name: name.map(str::to_owned), by, near: near.map(str::to_owned), known }
    }

    /// One byte more than fits in a secret.
    const TOO_LONG: &str = match std::str::from_utf8(&[b'k'; SECRET_CAPACITY + 1]) {
        Ok(key) => key,
        Err(_) => "",
    };

    #[rstest]
    #[case::none(None, &[], config(&[], None), AccountError::None)]
    #[case::address(None, ADDRESS, config(&[], None), AccountError::MissingVariable(API_KEY_VARIABLE))]
    #[case::blank(None, &[(API_URL_VARIABLE, LOCAL), (API_KEY_VARIABLE, " ")], config(&[], None), AccountError::MissingVariable(API_KEY_VARIABLE))]
    #[case::plain(None, &[(API_URL_VARIABLE, "http://example.nl"), (API_KEY_VARIABLE, "k")], config(&[], None), AccountError::InvalidAddress(ApiUrlError::PlaintextHttp))]
    #[case::spaces(None, &[(API_KEY_VARIABLE, "a b")], config(&[], None), AccountError::InvalidKey)]
    #[case::letters(None, &[(API_KEY_VARIABLE, "sleutel\u{e9}")], config(&[], None), AccountError::InvalidKey)]
    #[case::long(None, &[(API_KEY_VARIABLE, TOO_LONG)], config(&[], None), AccountError::InvalidKey)]
    #[case::several(None, &[], config(&["main", "test"], None), AccountError::Several(vec!["main".into(), "test".into()]))]
    #[case::elsewhere(None, ADDRESS, config(&["main"], None), AccountError::OtherAddress("main".into()))]
    #[case::flagged(Some("main"), ADDRESS, config(&["main"], None), AccountError::OtherAddress("main".into()))]
    #[case::its_key(None, OTHER, config(&["env"], None), AccountError::OtherAddress("env".into()))]
    #[case::asked(Some("env"), OTHER, config(&["env"], None), AccountError::OtherAddress("env".into()))]
    #[case::wrong(None, &[(API_URL_VARIABLE, "http://example.nl")], config(&["main"], None), AccountError::InvalidAddress(ApiUrlError::PlaintextHttp))]
    #[case::whose(None, ALONE, config(&["main", "env"], Some("main")), AccountError::KeyOfOtherAccount("env".into()))]
    #[case::unknown(Some("tset"), &[], config(&["main", "test"], None), unknown(Some("tset"), SettingSource::Flag(ACCOUNT_FLAG), Some("test"), &["main", "test"]))]
    #[case::variable(None, &[(ACCOUNT_VARIABLE, "x")], config(&["main"], None), unknown(Some("x"), SettingSource::Variable(ACCOUNT_VARIABLE), None, &["main"]))]
    #[case::key(Some("MADE-UP-KEY"), &[], config(&[], None), unknown(None, SettingSource::Flag(ACCOUNT_FLAG), None, &[]))]
    fn an_ambiguous_account_is_refused(
        #[case] flag: Option<&str>,
        #[case] set: &[(&str, &str)],
        #[case] config: Config,
        #[case] why: AccountError,
    ) {
        assert_eq!(choose(flag, set, &config).unwrap_err(), why);
    }

    #[test]
    fn an_account_without_a_key_location_opens_no_client() {
        let mut config = config(&["main"], None);
        config.accounts[0].key = None;
        let choice = choose(None, &[], &config).unwrap();
        assert_eq!(choice.into_access(Network::default()).unwrap_err(), AccountError::NoKeyPlace("main".to_owned()));
    }
}
