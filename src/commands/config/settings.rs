//! The settings in use, each with its source, and the problems that make a setting unusable.
//!
//! Secrets are masked here, so that no printer of a row can reveal them. This module sends no request and reads no
//! key.

use crate::account::{AccountError, ApiKeySource, EUROPE_API_URL, SelectedAccount, SettingSource, WithSource};
use crate::api_url::ApiUrl;
use crate::certcentral::network::{ChosenProxy, DirectReason, Proxy, Route};
use crate::certcentral::{Limits, Network};
use crate::commands::context::CommandContext;
use crate::commands::environment_variable;
use crate::commands::error::{account_error_text, config_path_error_text};
use crate::config::{CONFIG_DIR, Config, WithLine};
use crate::domain::{KeyLocation, ProxySource, TransportError, TransportErrorKind};
use crate::messages::{self, MessageWriter};
use crate::product::PKIO;
use crate::store;
use crate::tui::terminal::ESCAPE_WAIT;
use serde_json::{Value, json};
use std::time::Duration;

/// The text that replaces a secret.
const MASKED_SECRET: &str = "***";

/// A setting in use.
pub(super) struct SettingRow {
    /// The name of the setting in the configuration.
    pub(super) key: String,
    /// The value; null if none is set.
    pub(super) value: Value,
    pub(super) source: SettingSource,
    /// A note beside the source.
    pub(super) note: Option<SettingNote>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SettingNote {
    /// There is no file of this name.
    NoFile,
    /// The setting does not apply to an address of this computer.
    Loopback,
}

/// A problem of the settings.
pub(super) struct SettingProblem {
    /// The line of the configuration, from 1; 0 if the problem belongs to no line.
    pub(super) line: usize,
    /// The key in the configuration; blank if the problem belongs to no key.
    pub(super) key: String,
    /// A stable word for the problem.
    pub(super) code: &'static str,
    /// The message for the person.
    pub(super) message: String,
}

/// Collects all settings and problems.
pub(super) fn collect_settings(basis: &CommandContext) -> (Vec<SettingRow>, Vec<SettingProblem>) {
    let mut config = basis.config.clone();
    config.check_order_presets(PKIO);
    let mut gathered = SettingCollector { context: basis, config: &config, rows: Vec::new(), problems: Vec::new() };
    gathered.collect_config_file();
    let host = gathered.collect_account();
    gathered.push_row("lang", json!(basis.lang.language.code()), basis.language_source);
    gathered.collect_network(host.as_ref());
    gathered.collect_terminal();
    gathered.collect_state_dir();
    gathered.collect_accounts();
    (gathered.rows, gathered.problems)
}

struct SettingCollector<'a> {
    context: &'a CommandContext,
    config: &'a Config,
    rows: Vec<SettingRow>,
    problems: Vec<SettingProblem>,
}

impl SettingCollector<'_> {
    fn push_row(&mut self, key: &str, value: Value, source: SettingSource) {
        self.rows.push(SettingRow { key: key.to_owned(), value, source, note: None });
    }

    fn push_problem(&mut self, code: &'static str, words: String) {
        self.problems.push(SettingProblem { line: 0, key: String::new(), code, message: words });
    }

    /// Collects the path of the configuration and the problems in the file.
    fn collect_config_file(&mut self) {
        let path = match &self.context.config_path {
            Ok(path) => path.clone(),
            Err(lost) => return self.push_problem("config_dir", config_path_error_text(&self.context.lang, lost)),
        };
        let (value, source) = (json!(path.display().to_string()), variable_or_default_source(CONFIG_DIR));
        let note = Some(SettingNote::NoFile).filter(|_| !self.config.exists);
        self.rows.push(SettingRow { key: "config".to_owned(), value, source, note });
        for finding in &self.config.problems {
            let words = finding.message(&self.context.lang, &path);
            let code = finding.kind.code();
            self.problems.push(SettingProblem { line: finding.line, key: finding.key.clone(), code, message: words });
        }
    }

    /// Collects the account in use and its settings, and returns its address.
    fn collect_account(&mut self) -> Option<ApiUrl> {
        let choice = match SelectedAccount::select(self.context.account.as_deref(), environment_variable, self.config) {
            Ok(choice) => choice,
            Err(why) => {
                self.push_row("account", Value::Null, SettingSource::Default);
                // The check of the file already reported a default account that does not exist.
                let has_default = matches!(why, AccountError::Several(_)) && self.config.default_account.is_some();
                if why != AccountError::None && !has_default {
                    self.push_problem(why.code(), account_error_text(&self.context.lang, &why));
                }
                return None;
            }
        };
        let SelectedAccount { name, host, key } = choice;
        let shown = Some(&name.value).filter(|name| !name.is_empty());
        self.push_row("account", json!(shown), name.source);
        let address = Some(host.value.as_str()).filter(|_| !self.has_invalid_url(&name.value));
        self.push_row("url", json!(address), host.source);
        if let Some(WithSource { value, source }) = key {
            let (key, shown) = key_setting(&value);
            self.push_row(key, json!(shown), source);
        }
        let order = self.config.find_account(&name.value).map(|account| &account.order_presets);
        // An invalid value is not in use, and it might be a key in the wrong place.
        let wrong = |line: usize| self.config.problems.iter().any(|finding| finding.line == line);
        let right: Vec<_> = order.into_iter().flatten().filter(|stated| !wrong(stated.line)).collect();
        for WithLine { value, line } in right {
            self.push_row(&format!("order.{}", value.id), json!(value.text), SettingSource::Line(*line));
        }
        Some(host.value)
    }

    fn collect_network(&mut self, host: Option<&ApiUrl>) {
        let (wires, network, usual) = (&self.config.network, self.config.network.to_network(), Limits::default());
        match proxy_route(&network, host) {
            Ok((proxy, named)) => {
                let line = wires.proxy.as_ref().map(|stated| stated.line);
                let source = match named {
                    Some(ProxySource::Configuration) => line.map_or(SettingSource::Default, SettingSource::Line),
                    Some(ProxySource::Variable(name)) => SettingSource::Variable(name),
                    Some(ProxySource::System) => SettingSource::System,
                    None => SettingSource::Default,
                };
                let value = json!(proxy.map(|proxy| proxy.to_string()));
                let note = Some(SettingNote::Loopback).filter(|_| host.is_some_and(ApiUrl::is_loopback));
                self.rows.push(SettingRow { key: "network.proxy".to_owned(), value, source, note });
            }
            Err(reason) => {
                let writer = MessageWriter {
                    lang: &self.context.lang,
                    host: host.map(ApiUrl::host_and_port).unwrap_or_default(),
                };
                self.push_problem("proxy", writer.reason_text(&reason));
            }
        }
        let file = wires.ca_file.as_ref().map(|stated| stated.value.display().to_string());
        self.push_row("network.ca_file", json!(file), config_source(wires.ca_file.as_ref()));
        let seconds = [
            ("network.connect_seconds", wires.connect_seconds, usual.connect),
            ("network.answer_seconds", wires.answer_seconds, usual.get),
            ("network.order_seconds", wires.order_seconds, usual.post),
        ];
        for (key, stated, usual) in seconds {
            self.push_row(
                key,
                json!(stated.map_or_else(|| Duration::as_secs(&usual), |s| s.value)),
                config_source(stated.as_ref()),
            );
        }
    }

    fn collect_terminal(&mut self) {
        let (stated, usual) = (self.config.escape_milliseconds, ESCAPE_WAIT.as_millis());
        let value = stated.map_or_else(|| json!(usual), |stated| json!(stated.value));
        self.push_row("terminal.escape_milliseconds", value, config_source(stated.as_ref()));
    }

    /// Collects the directory of drafts and the journal.
    fn collect_state_dir(&mut self) {
        match store::state_dir(environment_variable) {
            Ok(dir) => {
                self.push_row("state", json!(dir.display().to_string()), variable_or_default_source(store::STATE_DIR));
            }
            Err(error) => {
                let words = messages::persistence_error_text(&self.context.lang, &error);
                self.push_problem("state", words);
            }
        }
    }

    /// Returns true if the account has an invalid address: then it has none, and the default address does not apply.
    fn has_invalid_url(&self, account: &str) -> bool {
        let key = format!("accounts.{account}.url");
        self.config.problems.iter().any(|finding| finding.key == key)
    }

    /// Collects all accounts of the configuration.
    fn collect_accounts(&mut self) {
        for account in &self.config.accounts {
            let url = account.url.as_ref().map_or(EUROPE_API_URL, |stated| stated.value.as_str());
            let url = Some(url).filter(|_| !self.has_invalid_url(&account.name));
            self.push_row(&format!("accounts.{}", account.name), json!(url), SettingSource::Line(account.line));
        }
    }
}

/// Returns the source of a value of the configuration.
fn config_source<T>(stated: Option<&WithLine<T>>) -> SettingSource {
    stated.map_or(SettingSource::Default, |stated| SettingSource::Line(stated.line))
}

fn variable_or_default_source(name: &'static str) -> SettingSource {
    let is_set = environment_variable(name).is_some_and(|value| !value.trim().is_empty());
    if is_set { SettingSource::Variable(name) } else { SettingSource::Default }
}

/// Returns the name and the value of the key setting. The arguments of a command are masked, because they may contain
/// a secret.
fn key_setting(key: &ApiKeySource) -> (&'static str, String) {
    match key {
        ApiKeySource::Given(_) => ("key", MASKED_SECRET.to_owned()),
        ApiKeySource::Stored(KeyLocation::Keyring) => ("key_store", "keyring".to_owned()),
        ApiKeySource::Stored(KeyLocation::Command(words)) => {
            let shown =
                words.iter().enumerate().map(|(index, word)| if index == 0 { word.as_str() } else { MASKED_SECRET });
            ("key_command", shown.collect::<Vec<_>>().join(" "))
        }
        ApiKeySource::Stored(KeyLocation::Variable(name)) => ("key_variable", name.clone()),
        ApiKeySource::Stored(KeyLocation::File(path)) => ("key_file", path.display().to_string()),
    }
}

/// Returns the proxy for the host, and the setting that named it or excluded the host. Without a host, it returns the
/// configured proxy.
fn proxy_route(
    network: &Network,
    host: Option<&ApiUrl>,
) -> Result<(Option<Proxy>, Option<ProxySource>), TransportError> {
    let Some(host) = host else {
        let proxy = network.proxy.clone();
        return Ok((proxy.clone(), proxy.map(|_| ProxySource::Configuration)));
    };
    match network.route_to(host) {
        Ok(Route::Through(ChosenProxy { proxy, source: named })) => Ok((Some(proxy), Some(named))),
        Ok(Route::Direct(DirectReason::Except(name))) => Ok((None, Some(ProxySource::Variable(name)))),
        Ok(Route::Direct(DirectReason::Loopback | DirectReason::NoneNamed)) => Ok((None, None)),
        Err((named, flaw)) => Err(TransportErrorKind::BadProxy(named, flaw).into()),
    }
}
