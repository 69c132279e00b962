//! From the text of the file to what it says, each value with its line.
//!
//! Everything is looked at, so that all that is wrong is told at once; where the text is no TOML, only that is told,
//! because the rest could be guessed at most. Values that depend on the product are taken as they are.

use super::finding::place;
use super::{Account, Config, ESCAPE_MILLISECONDS, Finding, Flaw, Preset, Stated, Written};
use crate::certcentral::network::{ORDER_SECONDS, Proxy, SECONDS};
use crate::facts::{KeyPlace, Snag, Snagged, is_account_name, is_variable};
use crate::host::Host;
use crate::lang::Language;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// So many findings of one text that is no TOML are enough.
const MOST: usize = 20;

const TOP: [&str; 5] = ["account", "lang", "accounts", "network", "terminal"];
const PLACES: [&str; 4] = ["key_store", "key_command", "key_variable", "key_file"];
const OF_ACCOUNT: [&str; 6] = ["url", "key_store", "key_command", "key_variable", "key_file", "order"];
const OF_NETWORK: [&str; 5] = ["proxy", "ca_file", "connect_seconds", "answer_seconds", "order_seconds"];
const OF_TERMINAL: [&str; 1] = ["escape_milliseconds"];

type Key<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

/// Reads the text of the file.
pub(super) fn config(text: &str) -> Config {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, config: Config { found: true, ..Config::default() } };
    if errors.is_empty() {
        reader.top(table.get_ref());
    } else {
        reader.no_toml(&errors);
    }
    reader.config.findings.sort_by_key(|finding| finding.line);
    reader.config
}

/// Whether there is no file, rather than one that cannot be read.
pub(super) fn is_absent(snagged: &Snagged) -> bool {
    matches!(snagged.snag, Snag::Missing)
}

struct Reader<'t> {
    text: &'t str,
    config: Config,
}

impl Reader<'_> {
    /// What keeps the text from being TOML. The parser's messages are of fixed words: nothing of the text is in them.
    fn no_toml(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let line = self.line(error.span().unwrap_or_default());
            if self.config.findings.iter().all(|finding| finding.line != line) && self.config.findings.len() < MOST {
                let what = Flaw::Syntax(error.message().to_owned());
                self.config.findings.push(Finding { line, key: String::new(), what });
            }
        }
    }

    /// The line at which something begins.
    fn line(&self, at: Range<usize>) -> usize {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        1 + before.bytes().filter(|b| *b == b'\n').count()
    }

    fn stated<T>(&self, key: &Key<'_>, value: T) -> Stated<T> {
        Stated { value, line: self.line(key.span()) }
    }

    fn wrong(&mut self, key: &Key<'_>, names: &[&str], what: Flaw) {
        let (line, key) = (self.line(key.span()), place(names));
        self.config.findings.push(Finding { line, key, what });
    }

    fn top(&mut self, table: &DeTable<'_>) {
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "account" => self.config.account = self.text(key, value, &["account"], |text| Ok(text.to_owned())),
                "lang" => self.config.lang = self.text(key, value, &["lang"], language),
                "accounts" => {
                    for (name, value) in self.table(key, value, &["accounts"]).map(in_order).unwrap_or_default() {
                        self.account(name, value);
                    }
                }
                "network" => {
                    for (name, value) in self.table(key, value, &["network"]).map(in_order).unwrap_or_default() {
                        self.network(name, value);
                    }
                }
                "terminal" => {
                    for (name, value) in self.table(key, value, &["terminal"]).map(in_order).unwrap_or_default() {
                        self.terminal(name, value);
                    }
                }
                name => self.wrong(key, &[name], Flaw::unknown(name, TOP.into_iter())),
            }
        }
        self.default_account();
    }

    /// The account that is used by default must be there.
    fn default_account(&mut self) {
        let Some(Stated { value, line }) = &self.config.account else { return };
        if self.config.find(value).is_none() {
            let near = crate::text::nearest(value, self.config.names()).map(str::to_owned);
            let finding = Finding { line: *line, key: "account".to_owned(), what: Flaw::NoAccount(near) };
            self.config.findings.push(finding);
        }
    }

    fn account(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().as_ref();
        if !is_account_name(name) {
            return self.wrong(key, &["accounts", name], Flaw::AccountName);
        }
        let Some(table) = self.table(key, value, &["accounts", name]) else { return };
        let mut account =
            Account { name: name.to_owned(), line: self.line(key.span()), url: None, key: None, order: Vec::new() };
        for (key, value) in in_order(table) {
            self.of_account(&mut account, key, value);
        }
        let places: Vec<_> =
            in_order(table).into_iter().filter(|(key, _)| PLACES.contains(&key.get_ref().as_ref())).collect();
        match places.as_slice() {
            [] => self.wrong(key, &["accounts", name], Flaw::NoKey),
            [_] => {}
            [_, more @ ..] => {
                account.key = None;
                for (second, _) in more {
                    self.wrong(second, &["accounts", name, second.get_ref()], Flaw::TwoKeys);
                }
            }
        }
        self.config.accounts.push(account);
    }

    fn of_account(&mut self, account: &mut Account, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().as_ref();
        let names = ["accounts", &account.name, name];
        match name {
            "url" => account.url = self.text(key, value, &names, |text| Host::parse(text).map_err(Flaw::Url)),
            "key_store" => account.key = self.text(key, value, &names, key_store),
            "key_variable" => account.key = self.text(key, value, &names, key_variable),
            "key_file" => {
                account.key = self.text(key, value, &names, |text| whole_path(text).map(KeyPlace::File));
            }
            "key_command" => match command(value) {
                Some(words) => account.key = Some(self.stated(key, KeyPlace::Command(words))),
                None => self.wrong(key, &names, Flaw::KeyCommand),
            },
            "order" => {
                let Some(order) = self.table(key, value, &names) else { return };
                self.presets(account, order, "");
            }
            _ => self.wrong(key, &names, Flaw::unknown(name, OF_ACCOUNT.into_iter())),
        }
    }

    /// Ids are dotted: whether they stand in quotes or make tables of their own is the same.
    fn presets(&mut self, account: &mut Account, table: &DeTable<'_>, above: &str) {
        for (key, value) in in_order(table) {
            let id = format!("{above}{}", key.get_ref());
            let (text, written) = match value.get_ref() {
                DeValue::Table(inner) => {
                    self.presets(account, inner, &format!("{id}."));
                    continue;
                }
                DeValue::String(text) => (text.to_string(), Written::Text),
                DeValue::Integer(number) if number.radix() == 10 => (number.as_str().to_owned(), Written::Integer),
                DeValue::Boolean(value) => (value.to_string(), Written::Bool),
                _ => {
                    self.wrong(key, &["accounts", &account.name, "order", &id], Flaw::Type("text"));
                    continue;
                }
            };
            account.order.push(self.stated(key, Preset { id, text, written }));
        }
    }

    fn network(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().as_ref();
        let names = ["network", name];
        match name {
            "proxy" => {
                let proxy = self.text(key, value, &names, |text| Proxy::parse(text).map_err(Flaw::Proxy));
                self.config.network.proxy = proxy;
            }
            "ca_file" => self.config.network.ca_file = self.text(key, value, &names, whole_path),
            "connect_seconds" => self.config.network.connect = self.seconds(key, value, &SECONDS),
            "answer_seconds" => self.config.network.answer = self.seconds(key, value, &SECONDS),
            "order_seconds" => self.config.network.order = self.seconds(key, value, &ORDER_SECONDS),
            _ => self.wrong(key, &names, Flaw::unknown(name, OF_NETWORK.into_iter())),
        }
    }

    fn terminal(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let name = key.get_ref().as_ref();
        match name {
            "escape_milliseconds" => {
                let names = ["terminal", name];
                self.config.escape = self.number(key, value, &names, &ESCAPE_MILLISECONDS, Flaw::Milliseconds);
            }
            _ => self.wrong(key, &["terminal", name], Flaw::unknown(name, OF_TERMINAL.into_iter())),
        }
    }

    fn seconds(&mut self, key: &Key<'_>, value: &Value<'_>, range: &RangeInclusive<u64>) -> Option<Stated<u64>> {
        let flaw = if *range == ORDER_SECONDS { Flaw::OrderSeconds } else { Flaw::Seconds };
        self.number(key, value, &["network", key.get_ref()], range, flaw)
    }

    /// A whole number within these bounds.
    fn number(
        &mut self,
        key: &Key<'_>,
        value: &Value<'_>,
        names: &[&str],
        range: &RangeInclusive<u64>,
        flaw: Flaw,
    ) -> Option<Stated<u64>> {
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|number| range.contains(number)) else {
            self.wrong(key, names, flaw);
            return None;
        };
        Some(self.stated(key, number))
    }

    /// A text that says something.
    fn text<T>(
        &mut self,
        key: &Key<'_>,
        value: &Value<'_>,
        names: &[&str],
        read: impl FnOnce(&str) -> Result<T, Flaw>,
    ) -> Option<Stated<T>> {
        let read = match value.get_ref() {
            DeValue::String(text) => read(text),
            _ => Err(Flaw::Type("text")),
        };
        match read {
            Ok(value) => Some(self.stated(key, value)),
            Err(flaw) => {
                self.wrong(key, names, flaw);
                None
            }
        }
    }

    fn table<'v, 't>(&mut self, key: &Key<'_>, value: &'v Value<'t>, names: &[&str]) -> Option<&'v DeTable<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong(key, names, Flaw::Type("object"));
        None
    }
}

/// What stands in a table, in the order of the file.
fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn language(text: &str) -> Result<Language, Flaw> {
    Language::of_code(text).ok_or(Flaw::Lang)
}

fn key_store(text: &str) -> Result<KeyPlace, Flaw> {
    if text == "keyring" { Ok(KeyPlace::Keyring) } else { Err(Flaw::KeyStore) }
}

fn key_variable(text: &str) -> Result<KeyPlace, Flaw> {
    if is_variable(text) { Ok(KeyPlace::Variable(text.to_owned())) } else { Err(Flaw::KeyVariable) }
}

fn command(value: &Value<'_>) -> Option<Vec<String>> {
    let DeValue::Array(list) = value.get_ref() else { return None };
    let word = |value: &Value<'_>| match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    let words: Vec<String> = list.iter().map(word).collect::<Option<_>>()?;
    words.first().is_some_and(|program| !program.trim().is_empty()).then_some(words)
}

fn whole_path(text: &str) -> Result<PathBuf, Flaw> {
    let path = PathBuf::from(text);
    if path.is_absolute() { Ok(path) } else { Err(Flaw::Path) }
}
