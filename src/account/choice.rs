//! Which account is used, and where each of its values comes from: a flag, the environment, the configuration, or what
//! applies where nothing is said.
//!
//! A key belongs to its account's host. So the address that the environment names never gets the key of an account that
//! the configuration names, and the other way round. Nothing is read here: neither the file nor a key.

use super::{Access, AccountError, EUROPE, KEY, Key, URL, usable};
use crate::certcentral::Network;
use crate::config::{Account, Config};
use crate::facts::{KeyPlace, KeyVariables, is_account_name};
use crate::host::Host;
use crate::text;

/// The variable that names an account of the configuration.
pub const ACCOUNT: &str = "ZEGEL_ACCOUNT";

/// The flag that does.
pub const FLAG: &str = "--account";

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// This flag of the command line.
    Flag(&'static str),
    /// This variable of the environment.
    Variable(&'static str),
    /// This line of the configuration.
    Line(usize),
    /// The settings of the system.
    System,
    /// Nothing says anything else.
    Default,
}

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Sourced<T> {
    /// A value from there.
    pub fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

/// An account that was chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its name; blank for the one of the environment, which has none.
    pub name: Sourced<String>,
    /// Where it is.
    pub host: Sourced<Host>,
    /// Its key. Only where something is wrong with the configuration there is none.
    pub key: Option<Sourced<Key>>,
}

impl Choice {
    /// The account that is asked for: by the flag, by the environment, or by the configuration.
    ///
    /// # Errors
    /// Where there is none, or it is not certain which, or it cannot be used.
    pub fn of(flag: Option<&str>, get: impl Fn(&str) -> Option<String>, config: &Config) -> Result<Self, AccountError> {
        let set = |name| get(name).filter(|value| !value.trim().is_empty());
        let chooser = Chooser { key: set(KEY), url: set(URL), config };
        let asked = flag.map(|name| (name.to_owned(), Source::Flag(FLAG)));
        match asked.or_else(|| set(ACCOUNT).map(|name| (name.trim().to_owned(), Source::Variable(ACCOUNT)))) {
            Some((name, source)) => chooser.named(&name, source),
            None => chooser.unasked(),
        }
    }

    /// What opens it, over this network.
    ///
    /// # Errors
    /// Where nothing says where its key is kept.
    pub fn access(self, network: Network) -> Result<Access, AccountError> {
        let key = self.key.ok_or_else(|| AccountError::NoKey(self.name.value.clone()))?.value;
        let withheld = KeyVariables::default();
        Ok(Access { name: self.name.value, host: self.host.value, key, sandbox: false, pace: 1, network, withheld })
    }
}

/// What an account is chosen from, but for its name.
struct Chooser<'a> {
    key: Option<String>,
    url: Option<String>,
    config: &'a Config,
}

impl Chooser<'_> {
    fn named(&self, name: &str, source: Source) -> Result<Choice, AccountError> {
        match self.config.find(name) {
            Some(account) => self.configured(account, source),
            None => Err(AccountError::Unknown {
                // What cannot be a name may be a key.
                name: Some(name.to_owned()).filter(|name| is_account_name(name)),
                by: source,
                near: text::nearest(name, self.config.names()).map(str::to_owned),
                known: self.config.names().map(str::to_owned).collect(),
            }),
        }
    }

    /// Nobody asked for a certain one. A key in the environment makes an account of its own, unless it is that of the
    /// account that is used by default.
    fn unasked(&self) -> Result<Choice, AccountError> {
        let usual = self.usual();
        match (&self.key, usual) {
            (Some(_), Ok(Some((account, source)))) if takes_key(account) => self.configured(account, source),
            (Some(key), _) => self.of_environment(key),
            (None, Ok(Some((account, source)))) => self.configured(account, source),
            (None, Ok(None)) if self.url.is_some() => Err(AccountError::Missing(KEY)),
            (None, Ok(None)) => Err(AccountError::None),
            (None, Err(why)) => Err(why),
        }
    }

    /// The account that is used by default: the one that the configuration names, or the only one.
    fn usual(&self) -> Result<Option<(&Account, Source)>, AccountError> {
        let named = self.config.account.as_ref();
        let named = named.and_then(|name| Some((self.config.find(&name.value)?, Source::Line(name.line))));
        match (named, self.config.accounts.as_slice()) {
            (Some(named), _) => Ok(Some(named)),
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some((only, Source::Default))),
            (None, _) => Err(AccountError::Several(self.config.names().map(str::to_owned).collect())),
        }
    }

    /// An account of the configuration, at its own address.
    fn configured(&self, account: &Account, source: Source) -> Result<Choice, AccountError> {
        let host = match &account.url {
            Some(stated) => Sourced::new(stated.value.clone(), Source::Line(stated.line)),
            None => europe()?,
        };
        // With a key beside it that is not this account's, the address is that of the other account, which is not used.
        let meant = self.key.is_none() || takes_key(account);
        if let Some(url) = self.url.as_ref().filter(|_| meant)
            && !is_same(&Host::parse(url).map_err(AccountError::Address)?, &host.value)
        {
            return Err(AccountError::OtherAddress(account.name.clone()));
        }
        let kept = |place: &KeyPlace, line| Sourced::new(Key::Kept(place.clone()), Source::Line(line));
        Ok(Choice {
            name: Sourced::new(account.name.clone(), source),
            host,
            key: account.key.as_ref().map(|stated| kept(&stated.value, stated.line)),
        })
    }

    /// The account that the environment names.
    fn of_environment(&self, key: &str) -> Result<Choice, AccountError> {
        let host = self.address()?;
        let key = usable(key.trim()).ok_or(AccountError::Key)?;
        Ok(Choice {
            name: Sourced::new(String::new(), Source::Variable(KEY)),
            host,
            key: Some(Sourced::new(Key::Given(key), Source::Variable(KEY))),
        })
    }

    /// Where it is: in Europe, if nothing else is said.
    fn address(&self) -> Result<Sourced<Host>, AccountError> {
        if let Some(url) = &self.url {
            return Ok(Sourced::new(Host::parse(url).map_err(AccountError::Address)?, Source::Variable(URL)));
        }
        // An account of the configuration may be elsewhere than in Europe, and this may be its key.
        match self.config.accounts.iter().find(|account| takes_key(account)) {
            Some(account) => Err(AccountError::Whose(account.name.clone())),
            None => europe(),
        }
    }
}

fn europe() -> Result<Sourced<Host>, AccountError> {
    Ok(Sourced::new(Host::parse(EUROPE).map_err(AccountError::Address)?, Source::Default))
}

/// Whether an account keeps its key in the variable that is the environment's own.
fn takes_key(account: &Account) -> bool {
    let place = account.key.as_ref().map(|stated| &stated.value);
    place.is_some_and(|place| matches!(place, KeyPlace::Variable(name) if name == KEY))
}

/// Whether two addresses lead to the same endpoints. One may end in a slash that the other lacks.
fn is_same(one: &Host, other: &Host) -> bool {
    one.endpoint(&["user"], &[]) == other.endpoint(&["user"], &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Stated;
    use crate::host::HostError;
    use crate::secret::CAPACITY;
    use rstest::rstest;

    const LOCAL: &str = "http://127.0.0.1:4711/services/v2";

    fn account(name: &str, url: Option<&str>, place: KeyPlace) -> Account {
        let url = url.map(|url| Stated { value: Host::parse(url).unwrap(), line: 7 });
        let key = Some(Stated { value: place, line: 8 });
        Account { name: name.to_owned(), line: 6, url, key, order: Vec::new() }
    }

    fn variable() -> KeyPlace {
        KeyPlace::Variable(KEY.to_owned())
    }

    /// Accounts of each kind: `main` in Europe, `test` here, `env` here with its key in the environment's variable.
    fn config(names: &[&str], default: Option<&str>) -> Config {
        let made = |name: &&str| match *name {
            "main" => account("main", None, KeyPlace::Keyring),
            "env" => account("env", Some(LOCAL), variable()),
            name => account(name, Some(LOCAL), KeyPlace::Keyring),
        };
        let account = default.map(|name| Stated { value: name.to_owned(), line: 2 });
        Config { found: true, account, accounts: names.iter().map(made).collect(), ..Config::default() }
    }

    fn choose(flag: Option<&str>, set: &[(&str, &str)], config: &Config) -> Result<Choice, AccountError> {
        let get = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Choice::of(flag, get, config)
    }

    const EU: &str = "certcentral.digicert.eu";
    const HERE: &str = "127.0.0.1:4711";
    const BOTH: &[(&str, &str)] = &[(KEY, "made-up"), (URL, LOCAL)];
    const ALONE: &[(&str, &str)] = &[(KEY, "made-up")];
    const ADDRESS: &[(&str, &str)] = &[(URL, LOCAL)];
    const OTHER: &[(&str, &str)] = &[(KEY, "made-up"), (URL, "https://example.nl")];
    const NAMED: &[(&str, &str)] = &[(ACCOUNT, "test"), (KEY, "made-up")];

    #[rstest]
    #[case::environment(None, BOTH, config(&[], None), ("", Source::Variable(KEY)), (HERE, Source::Variable(URL)))]
    #[case::europe(None, ALONE, config(&[], None), ("", Source::Variable(KEY)), (EU, Source::Default))]
    #[case::blank(None, &[(KEY, "made-up"), (URL, " ")], config(&[], None), ("", Source::Variable(KEY)), (EU, Source::Default))]
    #[case::before(None, ALONE, config(&["test"], None), ("", Source::Variable(KEY)), (EU, Source::Default))]
    #[case::only(None, &[], config(&["main"], None), ("main", Source::Default), (EU, Source::Default))]
    #[case::default(None, &[], config(&["main", "test"], Some("test")), ("test", Source::Line(2)), (HERE, Source::Line(7)))]
    #[case::flag(Some("test"), ALONE, config(&["main", "test"], Some("main")), ("test", Source::Flag(FLAG)), (HERE, Source::Line(7)))]
    #[case::variable(None, NAMED, config(&["main", "test"], Some("main")), ("test", Source::Variable(ACCOUNT)), (HERE, Source::Line(7)))]
    #[case::over(Some("main"), NAMED, config(&["main", "test"], None), ("main", Source::Flag(FLAG)), (EU, Source::Default))]
    #[case::its_key(None, ALONE, config(&["env"], None), ("env", Source::Default), (HERE, Source::Line(7)))]
    #[case::its_url(None, BOTH, config(&["env"], None), ("env", Source::Default), (HERE, Source::Line(7)))]
    #[case::slash(None, &[(KEY, "k"), (URL, "http://127.0.0.1:4711/services/v2/")], config(&["env"], None), ("env", Source::Default), (HERE, Source::Line(7)))]
    #[case::not_its(None, BOTH, config(&["main", "env"], Some("main")), ("", Source::Variable(KEY)), (HERE, Source::Variable(URL)))]
    #[case::same(None, ADDRESS, config(&["test"], None), ("test", Source::Default), (HERE, Source::Line(7)))]
    #[case::not_used(Some("main"), OTHER, config(&["main"], None), ("main", Source::Flag(FLAG)), (EU, Source::Default))]
    fn each_value_has_its_source(
        #[case] flag: Option<&str>,
        #[case] set: &[(&str, &str)],
        #[case] config: Config,
        #[case] name: (&str, Source),
        #[case] host: (&str, Source),
    ) {
        let choice = choose(flag, set, &config).unwrap();
        assert_eq!((choice.name.value.as_str(), choice.name.source), name);
        assert_eq!((choice.host.value.name(), choice.host.source), host);
        let key = choice.key.unwrap();
        let given = matches!(key.value, Key::Given(_));
        assert_eq!(
            (given, key.source),
            (name.0.is_empty(), if given { Source::Variable(KEY) } else { Source::Line(8) })
        );
    }

    /// An account that nobody knows.
    fn unknown(name: Option<&str>, by: Source, near: Option<&str>, known: &[&str]) -> AccountError {
        let known = known.iter().map(|name| (*name).to_owned()).collect();
        AccountError::Unknown { name: name.map(str::to_owned), by, near: near.map(str::to_owned), known }
    }

    /// One more than fits.
    const TOO_LONG: &str = match std::str::from_utf8(&[b'k'; CAPACITY + 1]) {
        Ok(key) => key,
        Err(_) => "",
    };

    #[rstest]
    #[case::none(None, &[], config(&[], None), AccountError::None)]
    #[case::address(None, ADDRESS, config(&[], None), AccountError::Missing(KEY))]
    #[case::blank(None, &[(URL, LOCAL), (KEY, " ")], config(&[], None), AccountError::Missing(KEY))]
    #[case::plain(None, &[(URL, "http://example.nl"), (KEY, "k")], config(&[], None), AccountError::Address(HostError::Plain))]
    #[case::spaces(None, &[(KEY, "a b")], config(&[], None), AccountError::Key)]
    #[case::letters(None, &[(KEY, "sleutel\u{e9}")], config(&[], None), AccountError::Key)]
    #[case::long(None, &[(KEY, TOO_LONG)], config(&[], None), AccountError::Key)]
    #[case::several(None, &[], config(&["main", "test"], None), AccountError::Several(vec!["main".into(), "test".into()]))]
    #[case::elsewhere(None, ADDRESS, config(&["main"], None), AccountError::OtherAddress("main".into()))]
    #[case::flagged(Some("main"), ADDRESS, config(&["main"], None), AccountError::OtherAddress("main".into()))]
    #[case::its_key(None, OTHER, config(&["env"], None), AccountError::OtherAddress("env".into()))]
    #[case::asked(Some("env"), OTHER, config(&["env"], None), AccountError::OtherAddress("env".into()))]
    #[case::wrong(None, &[(URL, "http://example.nl")], config(&["main"], None), AccountError::Address(HostError::Plain))]
    #[case::whose(None, ALONE, config(&["main", "env"], Some("main")), AccountError::Whose("env".into()))]
    #[case::unknown(Some("tset"), &[], config(&["main", "test"], None), unknown(Some("tset"), Source::Flag(FLAG), Some("test"), &["main", "test"]))]
    #[case::variable(None, &[(ACCOUNT, "x")], config(&["main"], None), unknown(Some("x"), Source::Variable(ACCOUNT), None, &["main"]))]
    #[case::key(Some("MADE-UP-KEY"), &[], config(&[], None), unknown(None, Source::Flag(FLAG), None, &[]))]
    fn what_is_not_certain_is_refused(
        #[case] flag: Option<&str>,
        #[case] set: &[(&str, &str)],
        #[case] config: Config,
        #[case] why: AccountError,
    ) {
        assert_eq!(choose(flag, set, &config).unwrap_err(), why);
    }

    #[test]
    fn an_account_without_a_place_for_its_key_opens_nothing() {
        let mut config = config(&["main"], None);
        config.accounts[0].key = None;
        let choice = choose(None, &[], &config).unwrap();
        assert_eq!(choice.access(Network::default()).unwrap_err(), AccountError::NoKey("main".to_owned()));
    }
}
