//! Changes to the file that leave everything else in it as it is: comments, layout, order.
//!
//! A file that is no TOML is not touched, and nothing is written that would not be read again without a new finding.
//! The file takes the place of the old one in one step; a new one, and its directory, are the owner's alone. What is
//! to be changed is not decided here.

use super::problem::{ConfigProblem, ConfigProblemKind, shown_key_path};
use super::{Config, ValueType, parse, permissions, value_type_of};
use crate::domain::{FileDigest, FileError, KeyLocation};
use crate::i18n::{Language, Translations};
use crate::product::Product;
use crate::user_files;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// The keys that say where a key is kept.
const KEY_PLACE_KEYS: [&str; 4] = ["key_store", "key_command", "key_variable", "key_file"];

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigChange {
    /// An account of this name is at this address; it is made where there is none.
    Account {
        /// Its name.
        name: String,
        /// Its address.
        url: String,
    },
    /// The key of an account is kept here.
    Key {
        /// The account.
        account: String,
        /// The place.
        place: KeyLocation,
    },
    /// New orders of an account begin with this, and with nothing else.
    Order {
        /// The account.
        account: String,
        /// Values by the ids of their fields, as [`Form::presets`](crate::form::Form::presets) tells them.
        presets: Vec<(String, String)>,
    },
    /// The account that is used where none is asked for.
    Default(String),
    /// The language of the program.
    Lang(Language),
}

/// All that is to be written for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccountConfig {
    /// What it is called: small letters, digits and `-`, at most 32.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Where its key is kept.
    pub place: KeyLocation,
    /// What its new orders begin with.
    pub order_presets: Vec<(String, String)>,
    /// The language of the program, if it was chosen.
    pub lang: Option<Language>,
    /// Whether it is the account that is used where none is asked for.
    pub make_default: bool,
}

/// Why the file was not changed. It is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigEditError {
    /// It cannot be read or written, or somebody else changed it meanwhile.
    #[error(transparent)]
    File(#[from] FileError),
    /// What stands there is in the way, or the change would bring these findings: mend the file.
    #[error("the configuration cannot be changed")]
    Invalid(Vec<ConfigProblem>),
}

/// Writes an account, in place of the one that has its name. A new file explains itself in the language of `lang`.
///
/// # Errors
/// Where the file cannot be changed.
pub fn save_account(
    path: &Path,
    account: &NewAccountConfig,
    product: &'static Product,
    lang: &Translations,
) -> Result<(), ConfigEditError> {
    edit_config(path, &account_changes(account), product, lang)
}

/// Looks whether the account could be written now, and writes nothing.
///
/// # Errors
/// Where the file could not be changed.
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
/// Where the file cannot be changed.
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

/// What the file says, and by what it is known again, where there is one.
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

/// The text after the changes.
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
        // What is in the way was found when the text was read.
        apply_change(document.as_table_mut(), change, product)
            .ok_or_else(|| ConfigEditError::Invalid(before.problems.clone()))?;
    }
    if is_new {
        add_comments(document.as_table_mut(), lang);
    }
    let head = if is_new { comment_lines(lang.text("config_file.head")) } else { String::new() };
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

/// A path that is no UTF-8 can stand in no TOML.
fn unwritable_path_problem(change: &ConfigChange) -> Option<ConfigProblem> {
    let ConfigChange::Key { account, place: KeyLocation::File(path) } = change else { return None };
    let key = shown_key_path(&["accounts", account, "key_file"]);
    path.to_str().is_none().then_some(ConfigProblem { line: 0, key, kind: ConfigProblemKind::Path })
}

/// Makes one change, if nothing is in the way.
fn apply_change(top: &mut Table, change: &ConfigChange, product: &Product) -> Option<()> {
    match change {
        ConfigChange::Account { name, url } => set_value(account_table(top, name)?, "url", url.as_str().into()),
        ConfigChange::Key { account: name, place } => set_key_place(account_table(top, name)?, place),
        ConfigChange::Order { account: name, presets } => {
            set_order_presets(account_table(top, name)?, presets, product)?
        }
        ConfigChange::Default(name) => set_value(top, "account", name.as_str().into()),
        ConfigChange::Lang(language) => set_value(top, "lang", language.code().into()),
    }
    Some(())
}

/// The table of an account.
fn account_table<'a>(top: &'a mut Table, name: &str) -> Option<&'a mut dyn TableLike> {
    let accounts = top.entry("accounts").or_insert_with(|| {
        let mut accounts = Table::new();
        // There is nothing in it but the accounts.
        accounts.set_implicit(true);
        Item::Table(accounts)
    });
    child_table(accounts.as_table_like_mut()?, name)
}

/// The table of this name in another one, made where there is none.
fn child_table<'a>(table: &'a mut dyn TableLike, name: &str) -> Option<&'a mut dyn TableLike> {
    if table.get(name).is_none() {
        table.insert(name, Item::Table(Table::new()));
    }
    table.get_mut(name)?.as_table_like_mut()
}

/// Puts a value there, with the comment that stands behind the old one.
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

/// Says where the key is kept, and takes out where it was. What stood above that stays.
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

/// Puts in what new orders begin with, and takes out the rest.
fn set_order_presets(account: &mut dyn TableLike, presets: &[(String, String)], product: &Product) -> Option<()> {
    if presets.is_empty() && account.get("order").is_none() {
        return Some(());
    }
    let order = child_table(account, "order")?;
    let gone = |(key, item): (&str, &Item)| {
        let kept = item.is_value() && !item.is_table_like() && presets.iter().any(|(id, _)| id == key);
        (!kept).then(|| key.to_owned())
    };
    let gone: Vec<String> = order.iter().filter_map(gone).collect();
    for key in gone {
        order.remove(&key);
    }
    for (id, text) in presets {
        set_value(order, id, typed_value(id, text, product));
    }
    Some(())
}

/// A value as its field takes it. What is no number is left for the checks to refuse.
fn typed_value(id: &str, text: &str, product: &Product) -> Value {
    match product.find_field(id).map(|field| value_type_of(product[field].kind)) {
        Some(ValueType::Integer) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Some(ValueType::Bool) => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

/// Says in a new file what its keys are for.
fn add_comments(top: &mut Table, lang: &Translations) {
    if let Some(mut key) = top.key_mut("account") {
        key.leaf_decor_mut().set_prefix(format!("\n{}", comment_lines(lang.text("config_file.account"))));
    }
    let accounts = top.get_mut("accounts").and_then(Item::as_table_mut);
    for (_, account) in accounts.into_iter().flat_map(Table::iter_mut) {
        let Some(account) = account.as_table_mut() else { continue };
        if let Some(mut key) = account.key_mut("url") {
            key.leaf_decor_mut().set_prefix(comment_lines(lang.text("config_file.url")));
        }
        for name in KEY_PLACE_KEYS {
            let Some(mut key) = account.key_mut(name) else { continue };
            key.leaf_decor_mut().set_prefix(comment_lines(lang.text("config_file.key")));
        }
        if let Some(order) = account.get_mut("order").and_then(Item::as_table_mut) {
            order.decor_mut().set_prefix(format!("\n{}", comment_lines(lang.text("config_file.order"))));
        }
    }
}

/// A text as comment lines.
fn comment_lines(text: &str) -> String {
    text.lines().flat_map(|line| ["# ", line, "\n"]).collect()
}

#[cfg(test)]
mod tests;
