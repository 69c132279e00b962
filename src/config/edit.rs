//! Changes to the file that leave everything else in it as it is: comments, layout, order.
//!
//! A file that is no TOML is not touched, and nothing is written that would not be read again without a new finding.
//! The file takes the place of the old one in one step; a new one, and its directory, are the owner's alone. What is
//! to be changed is not decided here.

use super::finding::{Finding, Flaw, place};
use super::{Config, Written, read, trust, written};
use crate::facts::{KeyPlace, Snagged, Stamp};
use crate::file;
use crate::lang::{Lang, Language};
use crate::product::Product;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// The keys that say where a key is kept.
const PLACES: [&str; 4] = ["key_store", "key_command", "key_variable", "key_file"];

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
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
        place: KeyPlace,
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
pub struct NewAccount {
    /// What it is called: small letters, digits and `-`, at most 32.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Where its key is kept.
    pub place: KeyPlace,
    /// What its new orders begin with.
    pub order: Vec<(String, String)>,
    /// The language of the program, if it was chosen.
    pub lang: Option<Language>,
    /// Whether it is the account that is used where none is asked for.
    pub make_default: bool,
}

/// Why the file was not changed. It is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It cannot be read or written, or somebody else changed it meanwhile.
    #[error(transparent)]
    File(#[from] Snagged),
    /// What stands there is in the way, or the change would bring these findings: mend the file.
    #[error("the configuration cannot be changed")]
    Faulty(Vec<Finding>),
}

/// Writes an account, in place of the one that has its name. A new file explains itself in the language of `lang`.
///
/// # Errors
/// Where the file cannot be changed.
pub fn save(path: &Path, account: &NewAccount, product: &'static Product, lang: &Lang) -> Result<(), EditError> {
    change(path, &changes_of(account), product, lang)
}

/// Looks whether the account could be written now, and writes nothing.
///
/// # Errors
/// Where the file could not be changed.
pub fn judge(path: &Path, account: &NewAccount, product: &'static Product, lang: &Lang) -> Result<(), EditError> {
    trust::check(path).map_err(EditError::Faulty)?;
    changed(&text_of(path)?.0, &changes_of(account), product, lang).map(drop)
}

fn changes_of(account: &NewAccount) -> Vec<Change> {
    let NewAccount { name, url, place, order, lang, make_default } = account.clone();
    let general = lang.map(Change::Lang).into_iter().chain(make_default.then(|| Change::Default(name.clone())));
    let made = [Change::Account { name: name.clone(), url }, Change::Key { account: name.clone(), place }];
    general.chain(made).chain([Change::Order { account: name, presets: order }]).collect()
}

/// Changes the file, or creates it with comments in the language of `lang`.
///
/// # Errors
/// Where the file cannot be changed.
pub fn change(path: &Path, changes: &[Change], product: &'static Product, lang: &Lang) -> Result<(), EditError> {
    let (text, stamp) = text_of(path)?;
    let new = changed(&text, changes, product, lang)?;
    if new != text || stamp.is_none() {
        write(path, &new, stamp)?;
    }
    Ok(())
}

/// What the file says, and by what it is known again, where there is one.
fn text_of(path: &Path) -> Result<(String, Option<Stamp>), EditError> {
    match file::read(path) {
        Ok(loaded) => Ok((loaded.text.expose().to_owned(), Some(loaded.stamp))),
        Err(snagged) if read::is_absent(&snagged) => Ok((String::new(), None)),
        Err(snagged) => Err(snagged.into()),
    }
}

fn write(path: &Path, text: &str, over: Option<Stamp>) -> Result<(), Snagged> {
    if let Some(dir) = path.parent().filter(|_| over.is_none()) {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| file::snagged(dir, &error))?;
    }
    file::write(path, text, over).map(drop)
}

/// The text after the changes.
pub(super) fn changed(
    text: &str,
    changes: &[Change],
    product: &'static Product,
    lang: &Lang,
) -> Result<String, EditError> {
    let before = judged(text, product);
    let parsed: Result<DocumentMut, _> = text.parse();
    let Ok(mut document) = parsed else { return Err(EditError::Faulty(before.findings)) };
    let is_new = text.trim().is_empty();
    for change in changes {
        if let Some(finding) = unwritable(change) {
            return Err(EditError::Faulty(vec![finding]));
        }
        // What is in the way was found when the text was read.
        apply(document.as_table_mut(), change, product).ok_or_else(|| EditError::Faulty(before.findings.clone()))?;
    }
    if is_new {
        explain(document.as_table_mut(), lang);
    }
    let head = if is_new { comment(lang.say("config_file.head")) } else { String::new() };
    let new = format!("{head}{document}");
    let known =
        |finding: &Finding| before.findings.iter().any(|old| (&old.key, &old.what) == (&finding.key, &finding.what));
    let findings: Vec<_> = judged(&new, product).findings.into_iter().filter(|finding| !known(finding)).collect();
    if findings.is_empty() { Ok(new) } else { Err(EditError::Faulty(findings)) }
}

fn judged(text: &str, product: &'static Product) -> Config {
    let mut config = read::config(text);
    config.judge_orders(product);
    config
}

/// A path that is no UTF-8 can stand in no TOML.
fn unwritable(change: &Change) -> Option<Finding> {
    let Change::Key { account, place: KeyPlace::File(path) } = change else { return None };
    let key = place(&["accounts", account, "key_file"]);
    path.to_str().is_none().then_some(Finding { line: 0, key, what: Flaw::Path })
}

/// Makes one change, if nothing is in the way.
fn apply(top: &mut Table, change: &Change, product: &Product) -> Option<()> {
    match change {
        Change::Account { name, url } => put(account(top, name)?, "url", url.as_str().into()),
        Change::Key { account: name, place } => keep(account(top, name)?, place),
        Change::Order { account: name, presets } => order(account(top, name)?, presets, product)?,
        Change::Default(name) => put(top, "account", name.as_str().into()),
        Change::Lang(language) => put(top, "lang", language.code().into()),
    }
    Some(())
}

/// The table of an account.
fn account<'a>(top: &'a mut Table, name: &str) -> Option<&'a mut dyn TableLike> {
    let accounts = top.entry("accounts").or_insert_with(|| {
        let mut accounts = Table::new();
        // There is nothing in it but the accounts.
        accounts.set_implicit(true);
        Item::Table(accounts)
    });
    below(accounts.as_table_like_mut()?, name)
}

/// The table of this name in another one, made where there is none.
fn below<'a>(table: &'a mut dyn TableLike, name: &str) -> Option<&'a mut dyn TableLike> {
    if table.get(name).is_none() {
        table.insert(name, Item::Table(Table::new()));
    }
    table.get_mut(name)?.as_table_like_mut()
}

/// Puts a value there, with the comment that stands behind the old one.
fn put(table: &mut dyn TableLike, key: &str, value: Value) {
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
fn keep(account: &mut dyn TableLike, place: &KeyPlace) {
    let (name, value) = match place {
        KeyPlace::Keyring => ("key_store", "keyring".into()),
        KeyPlace::Command(words) => ("key_command", Value::Array(words.iter().collect())),
        KeyPlace::Variable(variable) => ("key_variable", variable.as_str().into()),
        KeyPlace::File(path) => ("key_file", path.display().to_string().into()),
    };
    let mut above = None;
    for other in PLACES.into_iter().filter(|other| *other != name) {
        above = above.or_else(|| account.key(other).map(|key| key.leaf_decor().clone()));
        account.remove(other);
    }
    let is_new = account.get(name).is_none();
    put(account, name, value);
    if let Some((mut key, above)) = account.key_mut(name).zip(above.filter(|_| is_new)) {
        *key.leaf_decor_mut() = above;
    }
}

/// Puts in what new orders begin with, and takes out the rest.
fn order(account: &mut dyn TableLike, presets: &[(String, String)], product: &Product) -> Option<()> {
    if presets.is_empty() && account.get("order").is_none() {
        return Some(());
    }
    let order = below(account, "order")?;
    let gone = |(key, item): (&str, &Item)| {
        let kept = item.is_value() && !item.is_table_like() && presets.iter().any(|(id, _)| id == key);
        (!kept).then(|| key.to_owned())
    };
    let gone: Vec<String> = order.iter().filter_map(gone).collect();
    for key in gone {
        order.remove(&key);
    }
    for (id, text) in presets {
        put(order, id, typed(id, text, product));
    }
    Some(())
}

/// A value as its field takes it. What is no number is left for the checks to refuse.
fn typed(id: &str, text: &str, product: &Product) -> Value {
    match product.find(id).map(|field| written(product[field].kind)) {
        Some(Written::Integer) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Some(Written::Bool) => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

/// Says in a new file what its keys are for.
fn explain(top: &mut Table, lang: &Lang) {
    if let Some(mut key) = top.key_mut("account") {
        key.leaf_decor_mut().set_prefix(format!("\n{}", comment(lang.say("config_file.account"))));
    }
    let accounts = top.get_mut("accounts").and_then(Item::as_table_mut);
    for (_, account) in accounts.into_iter().flat_map(Table::iter_mut) {
        let Some(account) = account.as_table_mut() else { continue };
        if let Some(mut key) = account.key_mut("url") {
            key.leaf_decor_mut().set_prefix(comment(lang.say("config_file.url")));
        }
        for name in PLACES {
            let Some(mut key) = account.key_mut(name) else { continue };
            key.leaf_decor_mut().set_prefix(comment(lang.say("config_file.key")));
        }
        if let Some(order) = account.get_mut("order").and_then(Item::as_table_mut) {
            order.decor_mut().set_prefix(format!("\n{}", comment(lang.say("config_file.order"))));
        }
    }
}

/// A text as comment lines.
fn comment(text: &str) -> String {
    text.lines().flat_map(|line| ["# ", line, "\n"]).collect()
}

#[cfg(test)]
mod tests;
