//! The parser of the file: it turns the text into a configuration, each value with its line.
//!
//! It reads everything, so that it reports all problems at once. If the text is not TOML, it reports only that,
//! because it could only guess the rest. It does not check values that depend on the product.

use super::problem::shown_key_path;
use super::{
    AccountConfig, Config, ConfigProblem, ConfigProblemKind, ESCAPE_MILLISECONDS, Preset, ValueType, WithLine,
};
use crate::api_url::ApiUrl;
use crate::certcentral::network::{ORDER_TIMEOUT_SECONDS, Proxy, TIMEOUT_SECONDS};
use crate::domain::{FileError, FileErrorKind, KeyLocation, is_account_name, is_variable_name};
use crate::i18n::Language;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// At most this many syntax errors of one text are reported.
const MAX_SYNTAX_ERRORS: usize = 20;

const TOP_LEVEL_KEYS: [&str; 5] = ["account", "lang", "accounts", "network", "terminal"];
const KEY_PLACE_KEYS: [&str; 4] = ["key_store", "key_command", "key_variable", "key_file"];
const ACCOUNT_KEYS: [&str; 6] = ["url", "key_store", "key_command", "key_variable", "key_file", "order"];
const NETWORK_KEYS: [&str; 5] = ["proxy", "ca_file", "connect_seconds", "answer_seconds", "order_seconds"];
const TERMINAL_KEYS: [&str; 1] = ["escape_milliseconds"];

type TomlKey<'t> = Spanned<DeString<'t>>;
type TomlValue<'t> = Spanned<DeValue<'t>>;

pub(super) fn parse_config(text: &str) -> Config {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = ConfigReader { text, config: Config { exists: true, ..Config::default() } };
    if errors.is_empty() {
        reader.read_top_level(table.get_ref());
    } else {
        reader.add_syntax_errors(&errors);
    }
    reader.config.problems.sort_by_key(|finding| finding.line);
    reader.config
}

/// Returns true if there is no file, rather than one that cannot be read.
pub(super) fn is_missing_file(snagged: &FileError) -> bool {
    matches!(snagged.kind, FileErrorKind::Missing)
}

struct ConfigReader<'t> {
    text: &'t str,
    config: Config,
}

impl ConfigReader<'_> {
    /// Adds the syntax errors, one per line. The parser's messages consist of fixed words and contain nothing of the
    /// text.
    fn add_syntax_errors(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let line = self.line_at(error.span().unwrap_or_default());
            if self.config.problems.iter().all(|finding| finding.line != line)
                && self.config.problems.len() < MAX_SYNTAX_ERRORS
            {
                let what = ConfigProblemKind::Syntax(error.message().to_owned());
                self.config.problems.push(ConfigProblem { line, key: String::new(), kind: what });
            }
        }
    }

    /// Returns the line at which a range of the text begins, from 1.
    fn line_at(&self, at: Range<usize>) -> usize {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        1 + before.bytes().filter(|b| *b == b'\n').count()
    }

    fn with_line<T>(&self, key: &TomlKey<'_>, value: T) -> WithLine<T> {
        WithLine { value, line: self.line_at(key.span()) }
    }

    fn add_problem(&mut self, key: &TomlKey<'_>, names: &[&str], what: ConfigProblemKind) {
        let (line, key) = (self.line_at(key.span()), shown_key_path(names));
        self.config.problems.push(ConfigProblem { line, key, kind: what });
    }

    fn read_top_level(&mut self, table: &DeTable<'_>) {
        for (key, value) in entries_in_file_order(table) {
            match key.get_ref().as_ref() {
                "account" => {
                    self.config.default_account = self.read_text(key, value, &["account"], |text| Ok(text.to_owned()));
                }
                "lang" => self.config.lang = self.read_text(key, value, &["lang"], parse_language),
                "accounts" => {
                    for (name, value) in
                        self.read_table(key, value, &["accounts"]).map(entries_in_file_order).unwrap_or_default()
                    {
                        self.read_account(name, value);
                    }
                }
                "network" => {
                    for (name, value) in
                        self.read_table(key, value, &["network"]).map(entries_in_file_order).unwrap_or_default()
                    {
                        self.read_network_entry(name, value);
                    }
                }
                "terminal" => {
                    for (name, value) in
                        self.read_table(key, value, &["terminal"]).map(entries_in_file_order).unwrap_or_default()
                    {
                        self.read_terminal_entry(name, value);
                    }
                }
                name => {
                    self.add_problem(key, &[name], ConfigProblemKind::unknown_name(name, TOP_LEVEL_KEYS.into_iter()));
                }
            }
        }
        self.check_default_account();
    }

    /// Checks that the default account exists.
    fn check_default_account(&mut self) {
        let Some(WithLine { value, line }) = &self.config.default_account else { return };
        if self.config.find_account(value).is_none() {
            let near = crate::text::nearest_name(value, self.config.account_names()).map(str::to_owned);
            let finding =
                ConfigProblem { line: *line, key: "account".to_owned(), kind: ConfigProblemKind::NoAccount(near) };
            self.config.problems.push(finding);
        }
    }

    fn read_account(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>) {
        let name = key.get_ref().as_ref();
        if !is_account_name(name) {
            return self.add_problem(key, &["accounts", name], ConfigProblemKind::AccountName);
        }
        let Some(table) = self.read_table(key, value, &["accounts", name]) else { return };
        let mut account = AccountConfig {
            name: name.to_owned(),
            line: self.line_at(key.span()),
            url: None,
            key: None,
            order_presets: Vec::new(),
        };
        for (key, value) in entries_in_file_order(table) {
            self.read_account_entry(&mut account, key, value);
        }
        let places: Vec<_> = entries_in_file_order(table)
            .into_iter()
            .filter(|(key, _)| KEY_PLACE_KEYS.contains(&key.get_ref().as_ref()))
            .collect();
        match places.as_slice() {
            [] => self.add_problem(key, &["accounts", name], ConfigProblemKind::NoKeyPlace),
            [_] => {}
            [_, more @ ..] => {
                account.key = None;
                for (second, _) in more {
                    self.add_problem(
                        second,
                        &["accounts", name, second.get_ref()],
                        ConfigProblemKind::SeveralKeyPlaces,
                    );
                }
            }
        }
        self.config.accounts.push(account);
    }

    fn read_account_entry(&mut self, account: &mut AccountConfig, key: &TomlKey<'_>, value: &TomlValue<'_>) {
        let name = key.get_ref().as_ref();
        let names = ["accounts", &account.name, name];
        match name {
            "url" => {
                account.url =
                    self.read_text(key, value, &names, |text| ApiUrl::parse(text).map_err(ConfigProblemKind::Url));
            }
            "key_store" => account.key = self.read_text(key, value, &names, parse_key_store),
            "key_variable" => account.key = self.read_text(key, value, &names, parse_key_variable),
            "key_file" => {
                account.key =
                    self.read_text(key, value, &names, |text| parse_absolute_path(text).map(KeyLocation::File));
            }
            "key_command" => match parse_key_command(value) {
                Some(words) => account.key = Some(self.with_line(key, KeyLocation::Command(words))),
                None => self.add_problem(key, &names, ConfigProblemKind::KeyCommand),
            },
            "order" => {
                let Some(order) = self.read_table(key, value, &names) else { return };
                self.read_presets(account, order, "");
            }
            _ => self.add_problem(key, &names, ConfigProblemKind::unknown_name(name, ACCOUNT_KEYS.into_iter())),
        }
    }

    /// Reads the default values of new orders. Ids have dots, so a quoted id and nested tables mean the same.
    fn read_presets(&mut self, account: &mut AccountConfig, table: &DeTable<'_>, above: &str) {
        for (key, value) in entries_in_file_order(table) {
            let id = format!("{above}{}", key.get_ref());
            let (text, written) = match value.get_ref() {
                DeValue::Table(inner) => {
                    self.read_presets(account, inner, &format!("{id}."));
                    continue;
                }
                DeValue::String(text) => (text.to_string(), ValueType::Text),
                DeValue::Integer(number) if number.radix() == 10 => (number.as_str().to_owned(), ValueType::Integer),
                DeValue::Boolean(value) => (value.to_string(), ValueType::Bool),
                _ => {
                    self.add_problem(
                        key,
                        &["accounts", &account.name, "order", &id],
                        ConfigProblemKind::WrongType("text"),
                    );
                    continue;
                }
            };
            account.order_presets.push(self.with_line(key, Preset { id, text, value_type: written }));
        }
    }

    fn read_network_entry(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>) {
        let name = key.get_ref().as_ref();
        let names = ["network", name];
        match name {
            "proxy" => {
                let proxy =
                    self.read_text(key, value, &names, |text| Proxy::parse(text).map_err(ConfigProblemKind::Proxy));
                self.config.network.proxy = proxy;
            }
            "ca_file" => self.config.network.ca_file = self.read_text(key, value, &names, parse_absolute_path),
            "connect_seconds" => self.config.network.connect_seconds = self.read_seconds(key, value, &TIMEOUT_SECONDS),
            "answer_seconds" => self.config.network.answer_seconds = self.read_seconds(key, value, &TIMEOUT_SECONDS),
            "order_seconds" => {
                self.config.network.order_seconds = self.read_seconds(key, value, &ORDER_TIMEOUT_SECONDS);
            }
            _ => self.add_problem(key, &names, ConfigProblemKind::unknown_name(name, NETWORK_KEYS.into_iter())),
        }
    }

    fn read_terminal_entry(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>) {
        let name = key.get_ref().as_ref();
        match name {
            "escape_milliseconds" => {
                let names = ["terminal", name];
                self.config.escape_milliseconds =
                    self.read_number(key, value, &names, &ESCAPE_MILLISECONDS, ConfigProblemKind::Milliseconds);
            }
            _ => self.add_problem(
                key,
                &["terminal", name],
                ConfigProblemKind::unknown_name(name, TERMINAL_KEYS.into_iter()),
            ),
        }
    }

    fn read_seconds(
        &mut self,
        key: &TomlKey<'_>,
        value: &TomlValue<'_>,
        range: &RangeInclusive<u64>,
    ) -> Option<WithLine<u64>> {
        let flaw =
            if *range == ORDER_TIMEOUT_SECONDS { ConfigProblemKind::OrderSeconds } else { ConfigProblemKind::Seconds };
        self.read_number(key, value, &["network", key.get_ref()], range, flaw)
    }

    /// Reads a whole number within a range.
    fn read_number(
        &mut self,
        key: &TomlKey<'_>,
        value: &TomlValue<'_>,
        names: &[&str],
        range: &RangeInclusive<u64>,
        flaw: ConfigProblemKind,
    ) -> Option<WithLine<u64>> {
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|number| range.contains(number)) else {
            self.add_problem(key, names, flaw);
            return None;
        };
        Some(self.with_line(key, number))
    }

    /// Reads a text, and parses it with `read`.
    fn read_text<T>(
        &mut self,
        key: &TomlKey<'_>,
        value: &TomlValue<'_>,
        names: &[&str],
        read: impl FnOnce(&str) -> Result<T, ConfigProblemKind>,
    ) -> Option<WithLine<T>> {
        let read = match value.get_ref() {
            DeValue::String(text) => read(text),
            _ => Err(ConfigProblemKind::WrongType("text")),
        };
        match read {
            Ok(value) => Some(self.with_line(key, value)),
            Err(flaw) => {
                self.add_problem(key, names, flaw);
                None
            }
        }
    }

    fn read_table<'v, 't>(
        &mut self,
        key: &TomlKey<'_>,
        value: &'v TomlValue<'t>,
        names: &[&str],
    ) -> Option<&'v DeTable<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.add_problem(key, names, ConfigProblemKind::WrongType("object"));
        None
    }
}

/// Returns the entries of a table, in the order of the file.
fn entries_in_file_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v TomlKey<'t>, &'v TomlValue<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn parse_language(text: &str) -> Result<Language, ConfigProblemKind> {
    Language::from_code(text).ok_or(ConfigProblemKind::Lang)
}

fn parse_key_store(text: &str) -> Result<KeyLocation, ConfigProblemKind> {
    if text == "keyring" { Ok(KeyLocation::Keyring) } else { Err(ConfigProblemKind::KeyStore) }
}

fn parse_key_variable(text: &str) -> Result<KeyLocation, ConfigProblemKind> {
    if is_variable_name(text) {
        Ok(KeyLocation::Variable(text.to_owned()))
    } else {
        Err(ConfigProblemKind::KeyVariable)
    }
}

fn parse_key_command(value: &TomlValue<'_>) -> Option<Vec<String>> {
    let DeValue::Array(list) = value.get_ref() else { return None };
    let word = |value: &TomlValue<'_>| match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    let words: Vec<String> = list.iter().map(word).collect::<Option<_>>()?;
    words.first().is_some_and(|program| !program.trim().is_empty()).then_some(words)
}

fn parse_absolute_path(text: &str) -> Result<PathBuf, ConfigProblemKind> {
    let path = PathBuf::from(text);
    if path.is_absolute() { Ok(path) } else { Err(ConfigProblemKind::Path) }
}
