//! Changes to the file that keep everything else in it: comments, layout, order.
//!
//! A file that is not TOML stays untouched, and no change may add a problem that was not there before. The new file
//! replaces the old one in one step. A new file and its directory are readable only for the owner. Callers decide what
//! to change.

use super::problem::{ConfigProblem, ConfigProblemKind, shown_key_path};
use super::{Config, ValueType, parse, permissions, value_type_of};
use crate::domain::{FileDigest, FileError, KeyLocation};
use crate::i18n::{Language, Translations, texts};
use crate::product::Product;
use crate::user_files;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// The keys that name the place of an API key.
const KEY_PLACE_KEYS: [&str; 4] = ["key_store", "key_command", "key_variable", "key_file"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigChange {
    /// Sets the address of an account, and creates the account if there is none of this name.
    Account {
        name: String,
        url: String,
    },
    /// Sets the place of an account's key.
    Key {
        account: String,
        place: KeyLocation,
    },
    /// Replaces all default values of an account's new orders.
    Order {
        account: String,
        /// Values by the ids of their fields.
        presets: Vec<(String, String)>,
    },
    /// Sets the account that is used if none is requested.
    Default(String),
    Lang(Language),
}

/// Everything to write for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccountConfig {
    /// Lower-case letters, digits and `-`, at most 32 characters.
    pub name: String,
    pub url: String,
    pub place: KeyLocation,
    /// The default values of new orders, by the ids of their fields.
    pub order_presets: Vec<(String, String)>,
    /// The language of the program; `None` leaves it as it is.
    pub lang: Option<Language>,
    /// True if the account becomes the one that is used if none is requested.
    pub make_default: bool,
}

/// Why the file was not changed. The file is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ConfigEditError {
    /// The file cannot be read or written, or changed in the meantime.
    File(#[from] FileError),
    /// The contents prevent the change, or the change would add these problems: the user corrects the file.
    Invalid(Vec<ConfigProblem>),
}

/// Writes an account, and replaces the one of the same name. The comments of a new file are in the language of `lang`.
///
/// # Errors
/// The file cannot be changed.
pub fn save_account(
    path: &Path,
    account: &NewAccountConfig,
    product: &'static Product,
    lang: &Translations,
) -> Result<(), ConfigEditError> {
    edit_config(path, &account_changes(account), product, lang)
}

/// Checks whether the account could be written now, and writes nothing.
///
/// # Errors
/// The file could not be changed.
pub fn check_account(
    path: &Path,
    account: &NewAccountConfig,
    product: &'static Product,
    lang: &Translations,
) -> Result<(), ConfigEditError> {
    permissions::check_permissions(path).map_err(ConfigEditError::Invalid)?;
    edited_text(&read_text(path)?.0, &account_changes(account), product, lang).map(drop)
}

fn account_changes(account: &NewAccountConfig) -> Vec<ConfigChange> {
    let NewAccountConfig { name, url, place, order_presets: order, lang, make_default } = account.clone();
    let general =
        lang.map(ConfigChange::Lang).into_iter().chain(make_default.then(|| ConfigChange::Default(name.clone())));
    let made = [ConfigChange::Account { name: name.clone(), url }, ConfigChange::Key { account: name.clone(), place }];
    general.chain(made).chain([ConfigChange::Order { account: name, presets: order }]).collect()
}

/// Changes the file, or creates it with comments in the language of `lang`.
///
/// # Errors
/// The file cannot be changed.
pub fn edit_config(
    path: &Path,
    changes: &[ConfigChange],
    product: &'static Product,
    lang: &Translations,
) -> Result<(), ConfigEditError> {
    let (text, stamp) = read_text(path)?;
    let new = edited_text(&text, changes, product, lang)?;
    if new != text || stamp.is_none() {
        write_config(path, &new, stamp)?;
    }
    Ok(())
}

/// Returns the text of the file and its digest. A missing file has an empty text and no digest.
fn read_text(path: &Path) -> Result<(String, Option<FileDigest>), ConfigEditError> {
    match user_files::read_file(path) {
        Ok(loaded) => Ok((loaded.text.expose().to_owned(), Some(loaded.digest))),
        Err(snagged) if parse::is_missing_file(&snagged) => Ok((String::new(), None)),
        Err(snagged) => Err(snagged.into()),
    }
}

fn write_config(path: &Path, text: &str, over: Option<FileDigest>) -> Result<(), FileError> {
    if let Some(dir) = path.parent().filter(|_| over.is_none()) {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|error| user_files::file_error_from_io(dir, &error))?;
    }
    user_files::write_file(path, text, over).map(drop)
}

/// Returns the text after the changes.
pub(super) fn edited_text(
    text: &str,
    changes: &[ConfigChange],
    product: &'static Product,
    lang: &Translations,
) -> Result<String, ConfigEditError> {
    let before = parse_and_check(text, product);
    let parsed: Result<DocumentMut, _> = text.parse();
    let Ok(mut document) = parsed else { return Err(ConfigEditError::Invalid(before.problems)) };
    let is_new = text.trim().is_empty();
    for change in changes {
        if let Some(finding) = unwritable_path_problem(change) {
            return Err(ConfigEditError::Invalid(vec![finding]));
        }
        // Reading the text already found the problem that prevents the change.
        apply_change(document.as_table_mut(), change, product)
            .ok_or_else(|| ConfigEditError::Invalid(before.problems.clone()))?;
    }
    if is_new {
        add_comments(document.as_table_mut(), lang);
    }
    let head = if is_new { comment_lines(lang.text(texts::config_file::HEAD)) } else { String::new() };
    let new = format!("{head}{document}");
    let known = |finding: &ConfigProblem| {
        before.problems.iter().any(|old| (&old.key, &old.kind) == (&finding.key, &finding.kind))
    };
    let findings: Vec<_> =
        parse_and_check(&new, product).problems.into_iter().filter(|finding| !known(finding)).collect();
    if findings.is_empty() { Ok(new) } else { Err(ConfigEditError::Invalid(findings)) }
}

fn parse_and_check(text: &str, product: &'static Product) -> Config {
    let mut config = parse::parse_config(text);
    config.check_order_presets(product);
    config
}

/// TOML cannot hold a path that is not UTF-8.
fn unwritable_path_problem(change: &ConfigChange) -> Option<ConfigProblem> {
    let ConfigChange::Key { account, place: KeyLocation::File(path) } = change else { return None };
    let key = shown_key_path(&["accounts", account, "key_file"]);
    path.to_str().is_none().then_some(ConfigProblem { line: 0, key, kind: ConfigProblemKind::Path })
}

/// Makes one change. `None` if the contents of the file prevent it.
fn apply_change(top: &mut Table, change: &ConfigChange, product: &Product) -> Option<()> {
    match change {
        ConfigChange::Account { name, url } => set_value(account_table(top, name)?, "url", url.as_str().into()),
        ConfigChange::Key { account: name, place } => set_key_place(account_table(top, name)?, place),
        ConfigChange::Order { account: name, presets } => {
            set_order_presets(account_table(top, name)?, presets, product)?;
        }
        ConfigChange::Default(name) => set_value(top, "account", name.as_str().into()),
        ConfigChange::Lang(language) => set_value(top, "lang", language.code().into()),
    }
    Some(())
}

/// Returns the table of an account, and creates it if there is none.
fn account_table<'a>(top: &'a mut Table, name: &str) -> Option<&'a mut dyn TableLike> {
    let accounts = top.entry("accounts").or_insert_with(|| {
        let mut accounts = Table::new();
        // The table holds only accounts, so it needs no header of its own.
        accounts.set_implicit(true);
        Item::Table(accounts)
    });
    child_table(accounts.as_table_like_mut()?, name)
}

/// Returns a table within a table, and creates it if there is none.
fn child_table<'a>(table: &'a mut dyn TableLike, name: &str) -> Option<&'a mut dyn TableLike> {
    if table.get(name).is_none() {
        table.insert(name, Item::Table(Table::new()));
    }
    table.get_mut(name)?.as_table_like_mut()
}

/// Sets a value, and keeps the comment after the old one.
fn set_value(table: &mut dyn TableLike, key: &str, value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Sets the place of the key and removes the former places. The comment above a former place stays.
fn set_key_place(account: &mut dyn TableLike, place: &KeyLocation) {
    let (name, value) = match place {
        KeyLocation::Keyring => ("key_store", "keyring".into()),
        KeyLocation::Command(words) => ("key_command", Value::Array(words.iter().collect())),
        KeyLocation::Variable(variable) => ("key_variable", variable.as_str().into()),
        KeyLocation::File(path) => ("key_file", path.display().to_string().into()),
    };
    let mut above = None;
    for other in KEY_PLACE_KEYS.into_iter().filter(|other| *other != name) {
        above = above.or_else(|| account.key(other).map(|key| key.leaf_decor().clone()));
        account.remove(other);
    }
    let is_new = account.get(name).is_none();
    set_value(account, name, value);
    if let Some((mut key, above)) = account.key_mut(name).zip(above.filter(|_| is_new)) {
        *key.leaf_decor_mut() = above;
    }
}

/// Sets the default values of new orders, and removes all others.
fn set_order_presets(account: &mut dyn TableLike, presets: &[(String, String)], product: &Product) -> Option<()> {
    if presets.is_empty() && account.get("order").is_none() {
        return Some(());
    }
    let order = child_table(account, "order")?;
    let removed = |(key, item): (&str, &Item)| {
        let stays = item.is_value() && !item.is_table_like() && presets.iter().any(|(id, _)| id == key);
        (!stays).then(|| key.to_owned())
    };
    let removed: Vec<String> = order.iter().filter_map(removed).collect();
    for key in removed {
        order.remove(&key);
    }
    for (id, text) in presets {
        set_value(order, id, typed_value(id, text, product));
    }
    Some(())
}

/// Returns a value in the type of its field. A text that does not fit the type stays a text, and the checks refuse it.
fn typed_value(id: &str, text: &str, product: &Product) -> Value {
    match product.find_field(id).map(|field| value_type_of(product[field].kind)) {
        Some(ValueType::Integer) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Some(ValueType::Bool) => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

/// Adds comments to a new file that explain its keys.
fn add_comments(top: &mut Table, lang: &Translations) {
    if let Some(mut key) = top.key_mut("account") {
        key.leaf_decor_mut().set_prefix(format!("\n{}", comment_lines(lang.text(texts::config_file::ACCOUNT))));
    }
    let accounts = top.get_mut("accounts").and_then(Item::as_table_mut);
    for (_, account) in accounts.into_iter().flat_map(Table::iter_mut) {
        let Some(account) = account.as_table_mut() else { continue };
        if let Some(mut key) = account.key_mut("url") {
            key.leaf_decor_mut().set_prefix(comment_lines(lang.text(texts::config_file::URL)));
        }
        for name in KEY_PLACE_KEYS {
            let Some(mut key) = account.key_mut(name) else { continue };
            key.leaf_decor_mut().set_prefix(comment_lines(lang.text(texts::config_file::KEY)));
        }
        if let Some(order) = account.get_mut("order").and_then(Item::as_table_mut) {
            order.decor_mut().set_prefix(format!("\n{}", comment_lines(lang.text(texts::config_file::ORDER))));
        }
    }
}

/// Returns a text as comment lines.
fn comment_lines(text: &str) -> String {
    text.lines().flat_map(|line| ["# ", line, "\n"]).collect()
}

#[cfg(test)]
mod tests;
