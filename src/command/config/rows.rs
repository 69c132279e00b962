//! The values that count, each with where it comes from, and all that keeps one from counting.
//!
//! What is secret is left out here, so that nothing that shows a row can tell it. It asks no server and reads no key.

use crate::account::{AccountError, Choice, EUROPE, Key, Source, Sourced};
use crate::certcentral::network::{Direct, Proxy, Route, Way};
use crate::certcentral::{Limits, Network};
use crate::command::basis::Basis;
use crate::command::trouble::{account_words, lost_words};
use crate::command::{Trouble, environment};
use crate::config::{CONFIG_DIR, Config, Stated};
use crate::facts::{Cause, KeyPlace, ProxySource, Reason, Unkept};
use crate::host::Host;
use crate::product::pkio;
use crate::store;
use crate::tell::{self, Teller};
use crate::term::ESCAPE_WAIT;
use serde_json::{Value, json};
use std::time::Duration;

/// What is shown of a secret.
const SECRET: &str = "***";

/// A value that counts.
pub(super) struct Row {
    /// What it is, as the configuration calls it.
    pub(super) key: String,
    /// The value; nothing where none is set.
    pub(super) value: Value,
    /// Where it comes from.
    pub(super) source: Source,
    /// What is to be said besides.
    pub(super) note: Option<Note>,
}

/// What is to be said of a value besides where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    /// There is no file of this name.
    NoFile,
    /// It does not count for an address of this computer.
    Loopback,
}

/// Something that is wrong.
pub(super) struct Problem {
    /// The line of the configuration, from 1; 0 where it is none's.
    pub(super) line: usize,
    /// The key in the configuration; blank where it is none's.
    pub(super) key: String,
    /// A word that does not change.
    pub(super) code: &'static str,
    /// What a person reads.
    pub(super) words: String,
}

/// Gathers all of it.
pub(super) fn gather(basis: &Basis) -> Result<(Vec<Row>, Vec<Problem>), Trouble> {
    let mut config = basis.config.clone();
    config.judge_orders(pkio()?);
    let mut gathered = Gathered { basis, config: &config, rows: Vec::new(), problems: Vec::new() };
    gathered.file();
    let host = gathered.account();
    gathered.push("lang", json!(basis.lang.language.code()), basis.language);
    gathered.network(host.as_ref());
    gathered.terminal();
    gathered.state();
    gathered.accounts();
    Ok((gathered.rows, gathered.problems))
}

struct Gathered<'a> {
    basis: &'a Basis,
    config: &'a Config,
    rows: Vec<Row>,
    problems: Vec<Problem>,
}

impl Gathered<'_> {
    fn push(&mut self, key: &str, value: Value, source: Source) {
        self.rows.push(Row { key: key.to_owned(), value, source, note: None });
    }

    fn wrong(&mut self, code: &'static str, words: String) {
        self.problems.push(Problem { line: 0, key: String::new(), code, words });
    }

    /// Where the configuration is, and what is wrong in it.
    fn file(&mut self) {
        let path = match &self.basis.path {
            Ok(path) => path.clone(),
            Err(lost) => return self.wrong("config_dir", lost_words(&self.basis.lang, lost)),
        };
        let (value, source) = (json!(path.display().to_string()), variable_or_default(CONFIG_DIR));
        let note = Some(Note::NoFile).filter(|_| !self.config.found);
        self.rows.push(Row { key: "config".to_owned(), value, source, note });
        for finding in &self.config.findings {
            let words = finding.say(&self.basis.lang, &path);
            let code = finding.what.code();
            self.problems.push(Problem { line: finding.line, key: finding.key.clone(), code, words });
        }
    }

    /// The account that is used, and what it says. Where it is.
    fn account(&mut self) -> Option<Host> {
        let choice = match Choice::of(self.basis.account.as_deref(), environment, self.config) {
            Ok(choice) => choice,
            Err(why) => {
                self.push("account", Value::Null, Source::Default);
                // An account that is named and not there was found in the file already.
                let told = matches!(why, AccountError::Several(_)) && self.config.account.is_some();
                if why != AccountError::None && !told {
                    self.wrong(why.code(), account_words(&self.basis.lang, &why));
                }
                return None;
            }
        };
        let Choice { name, host, key } = choice;
        let shown = Some(&name.value).filter(|name| !name.is_empty());
        self.push("account", json!(shown), name.source);
        let address = Some(host.value.address()).filter(|_| !self.is_wrong(&name.value));
        self.push("url", json!(address), host.source);
        if let Some(Sourced { value, source }) = key {
            let (key, shown) = key_row(&value);
            self.push(key, json!(shown), source);
        }
        let order = self.config.find(&name.value).map(|account| &account.order);
        // What is wrong does not count, and might be a key in the wrong place.
        let wrong = |line: usize| self.config.findings.iter().any(|finding| finding.line == line);
        let right: Vec<_> = order.into_iter().flatten().filter(|stated| !wrong(stated.line)).collect();
        for Stated { value, line } in right {
            self.push(&format!("order.{}", value.id), json!(value.text), Source::Line(*line));
        }
        Some(host.value)
    }

    fn network(&mut self, host: Option<&Host>) {
        let (wires, network, usual) = (&self.config.network, self.config.network.network(), Limits::default());
        match route(&network, host) {
            Ok((proxy, named)) => {
                let line = wires.proxy.as_ref().map(|stated| stated.line);
                let source = match named {
                    Some(ProxySource::Configuration) => line.map_or(Source::Default, Source::Line),
                    Some(ProxySource::Variable(name)) => Source::Variable(name),
                    Some(ProxySource::System) => Source::System,
                    None => Source::Default,
                };
                let value = json!(proxy.map(|proxy| proxy.to_string()));
                let note = Some(Note::Loopback).filter(|_| host.is_some_and(Host::is_loopback));
                self.rows.push(Row { key: "network.proxy".to_owned(), value, source, note });
            }
            Err(reason) => {
                let teller = Teller { lang: &self.basis.lang, host: host.map(Host::name).unwrap_or_default() };
                self.wrong("proxy", teller.reason(&reason));
            }
        }
        let file = wires.ca_file.as_ref().map(|stated| stated.value.display().to_string());
        self.push("network.ca_file", json!(file), from(wires.ca_file.as_ref()));
        let seconds = [
            ("network.connect_seconds", wires.connect, usual.connect),
            ("network.answer_seconds", wires.answer, usual.get),
            ("network.order_seconds", wires.order, usual.post),
        ];
        for (key, stated, usual) in seconds {
            self.push(key, json!(stated.map_or_else(|| Duration::as_secs(&usual), |s| s.value)), from(stated.as_ref()));
        }
    }

    fn terminal(&mut self) {
        let (stated, usual) = (self.config.escape, ESCAPE_WAIT.as_millis());
        let value = stated.map_or_else(|| json!(usual), |stated| json!(stated.value));
        self.push("terminal.escape_milliseconds", value, from(stated.as_ref()));
    }

    /// Where drafts and the journal are.
    fn state(&mut self) {
        match store::state_dir(environment) {
            Ok(dir) => self.push("state", json!(dir.display().to_string()), variable_or_default(store::STATE_DIR)),
            Err(error) => {
                let words = tell::unkept_words(&self.basis.lang, &Unkept::from(&error));
                self.wrong("state", words);
            }
        }
    }

    /// Whether something is wrong with the address of an account: then it has none, and least of all the usual one.
    fn is_wrong(&self, account: &str) -> bool {
        let key = format!("accounts.{account}.url");
        self.config.findings.iter().any(|finding| finding.key == key)
    }

    /// All accounts of the configuration.
    fn accounts(&mut self) {
        for account in &self.config.accounts {
            let url = account.url.as_ref().map_or(EUROPE, |stated| stated.value.address());
            let url = Some(url).filter(|_| !self.is_wrong(&account.name));
            self.push(&format!("accounts.{}", account.name), json!(url), Source::Line(account.line));
        }
    }
}

/// Where a value of the configuration comes from.
fn from<T>(stated: Option<&Stated<T>>) -> Source {
    stated.map_or(Source::Default, |stated| Source::Line(stated.line))
}

fn variable_or_default(name: &'static str) -> Source {
    let is_set = environment(name).is_some_and(|value| !value.trim().is_empty());
    if is_set { Source::Variable(name) } else { Source::Default }
}

/// Where the key is, as the configuration says it. The arguments of a command may hold a secret of their own.
fn key_row(key: &Key) -> (&'static str, String) {
    match key {
        Key::Given(_) => ("key", SECRET.to_owned()),
        Key::Kept(KeyPlace::Keyring) => ("key_store", "keyring".to_owned()),
        Key::Kept(KeyPlace::Command(words)) => {
            let shown = words.iter().enumerate().map(|(index, word)| if index == 0 { word.as_str() } else { SECRET });
            ("key_command", shown.collect::<Vec<_>>().join(" "))
        }
        Key::Kept(KeyPlace::Variable(name)) => ("key_variable", name.clone()),
        Key::Kept(KeyPlace::File(path)) => ("key_file", path.display().to_string()),
    }
}

/// The proxy on the way to the host, and what named it or took the host out. Without a host it is the one that is set.
fn route(network: &Network, host: Option<&Host>) -> Result<(Option<Proxy>, Option<ProxySource>), Reason> {
    let Some(host) = host else {
        let proxy = network.proxy.clone();
        return Ok((proxy.clone(), proxy.map(|_| ProxySource::Configuration)));
    };
    match network.route(host) {
        Ok(Route::Through(Way { proxy, named })) => Ok((Some(proxy), Some(named))),
        Ok(Route::Direct(Direct::Except(name))) => Ok((None, Some(ProxySource::Variable(name)))),
        Ok(Route::Direct(Direct::Loopback | Direct::NoneNamed)) => Ok((None, None)),
        Err((named, flaw)) => Err(Cause::BadProxy(named, flaw).into()),
    }
}
