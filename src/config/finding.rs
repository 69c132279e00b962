//! What is wrong with the configuration: where, what, and what to write instead.
//!
//! No value is ever repeated, and no name that nobody gave: somebody may have put a key where none belongs. How it is
//! read is not known here.

use super::{ESCAPE_MILLISECONDS, Exposure, Preset, Stated};
use crate::certcentral::network::{ORDER_SECONDS, SECONDS};
use crate::facts::{ProxyFlaw, Snagged};
use crate::form::Misfit;
use crate::host::HostError;
use crate::lang::Lang;
use crate::product::Product;
use crate::{tell, text};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A longer name is not repeated: it might be a key.
const NAME: usize = 24;

/// Something wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line of the file, from 1; 0 where it is about the file as a whole.
    pub line: usize,
    /// Which key, from the top, such as `accounts.main.url`; blank where it is no key's matter.
    pub key: String,
    /// What it is.
    pub what: Flaw,
}

/// What is wrong, by what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The file cannot be read.
    Unread(Snagged),
    /// Somebody else could have written it, by way of this file or directory.
    Exposed(PathBuf, Exposure),
    /// It is not TOML; what is wrong, in English and in fixed words.
    Syntax(String),
    /// Nothing is known by this name; the one that is nearest, if one is near.
    Unknown(Option<String>),
    /// It seems to be a key, and is never written there.
    KeyWritten,
    /// A value of another type than this one, a word of the texts of types.
    Type(&'static str),
    /// No name that an account can have.
    AccountName,
    /// There is no account of this name; the one that is nearest, if one is near.
    NoAccount(Option<String>),
    /// Nothing says where the key of this account is kept.
    NoKey,
    /// The key is kept in several places.
    TwoKeys,
    /// The address is not one that a key may be sent to.
    Url(HostError),
    /// No language that zegel speaks.
    Lang,
    /// No store of keys.
    KeyStore,
    /// No command.
    KeyCommand,
    /// No name of a variable.
    KeyVariable,
    /// No whole path.
    Path,
    /// No address of a proxy.
    Proxy(ProxyFlaw),
    /// No number of seconds that can be waited for an answer.
    Seconds,
    /// No number of seconds that can be waited for the answer to an order.
    OrderSeconds,
    /// No number of milliseconds that Esc can wait.
    Milliseconds,
    /// No new order can begin with this.
    Preset(Misfit),
}

/// The name of a key as it may be shown, from the top.
pub(super) fn place(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().map(|name| if is_name(name) { *name } else { "…" }).collect();
    shown.join(".")
}

/// Whether a name can be repeated: it is short, and of characters that names are made of.
fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    (1..=NAME).contains(&name.len()) && name.bytes().all(plain)
}

impl Flaw {
    /// What is wrong with a name that is none of these.
    pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let folded = name.to_lowercase();
        match text::nearest(name, known) {
            Some(near) => Self::Unknown(Some(near.to_owned())),
            None if ["key", "token", "secret", "pass"].iter().any(|word| folded.contains(word)) => Self::KeyWritten,
            None => Self::Unknown(None),
        }
    }

    /// Why a new order cannot begin with a value.
    pub(super) fn preset(why: Misfit, stated: &Stated<Preset>, product: &Product) -> Self {
        let ids = product.fields.iter().filter(|field| field.preset).map(|field| field.id.as_str());
        match why {
            Misfit::Unknown => Self::unknown(&stated.value.id, ids),
            why => Self::Preset(why),
        }
    }

    /// A word for it that does not change, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unread(_) => "unread",
            Self::Exposed(_, Exposure::FileOwner) => "file_owner",
            Self::Exposed(_, Exposure::FileWritable) => "file_writable",
            Self::Exposed(_, Exposure::FolderOwner) => "folder_owner",
            Self::Exposed(_, Exposure::FolderWritable) => "folder_writable",
            Self::Syntax(_) => "syntax",
            Self::Unknown(_) | Self::Preset(Misfit::Unknown) => "unknown",
            Self::KeyWritten => "key_written",
            Self::Type(_) => "type",
            Self::AccountName => "account_name",
            Self::NoAccount(_) => "no_account",
            Self::NoKey => "no_key",
            Self::TwoKeys => "two_keys",
            Self::Url(_) => "url",
            Self::Lang => "lang",
            Self::KeyStore => "key_store",
            Self::KeyCommand => "key_command",
            Self::KeyVariable => "key_variable",
            Self::Path => "path",
            Self::Proxy(_) => "proxy",
            Self::Seconds | Self::OrderSeconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Preset(Misfit::AskedAnew) => "asked_anew",
            Self::Preset(Misfit::Card) => "card",
            Self::Preset(Misfit::Hidden { .. }) => "hidden",
            Self::Preset(Misfit::Faulty(fault)) => fault.code(),
        }
    }

    /// The words: what is wrong, and what belongs there.
    pub fn say(&self, lang: &Lang) -> String {
        let near = |id: &'static str, near: &str| lang.tell(id, &[("near", near)]);
        let number = |id: &'static str, range: &RangeInclusive<u64>| {
            lang.tell(id, &[("first", &range.start().to_string()), ("last", &range.end().to_string())])
        };
        lang.say(match self {
            Self::Unread(snagged) => return tell::snag_words(lang, snagged),
            Self::Exposed(path, what) => {
                let id = match what {
                    Exposure::FileOwner => "config.file_owner",
                    Exposure::FileWritable => "config.file_writable",
                    Exposure::FolderOwner => "config.folder_owner",
                    Exposure::FolderWritable => "config.folder_writable",
                };
                return lang.tell(id, &[("path", &path.display().to_string())]);
            }
            Self::Syntax(why) => return lang.tell("config.syntax", &[("why", why)]),
            Self::Unknown(Some(name)) => return near("config.unknown_near", name),
            Self::NoAccount(Some(name)) => return near("config.no_account_near", name),
            Self::Type(kind) => return lang.tell("config.type", &[("kind", type_words(lang, kind))]),
            Self::Url(why) => {
                let why = lang.find(&format!("address.{}", why.code())).unwrap_or_default();
                return lang.tell("config.url", &[("why", why)]);
            }
            Self::Seconds => return number("config.seconds", &SECONDS),
            Self::OrderSeconds => return number("config.seconds", &ORDER_SECONDS),
            Self::Milliseconds => return number("config.milliseconds", &ESCAPE_MILLISECONDS),
            Self::Preset(Misfit::Hidden { field, is }) => {
                return lang.tell("config.hidden", &[("field", field), ("is", is)]);
            }
            Self::Preset(Misfit::Faulty(fault)) => return fault.say(lang),
            Self::Unknown(None) | Self::Preset(Misfit::Unknown) => "config.unknown",
            Self::NoAccount(None) => "config.no_account",
            Self::KeyWritten => "config.key_written",
            Self::AccountName => "config.account_name",
            Self::NoKey => "config.no_key",
            Self::TwoKeys => "config.two_keys",
            Self::Lang => "config.no_lang",
            Self::KeyStore => "config.no_store",
            Self::KeyCommand => "config.no_command",
            Self::KeyVariable => "config.no_variable",
            Self::Path => "config.no_path",
            // Of the proxy alone nobody can say that it is in the way of an IPv6 address.
            Self::Proxy(ProxyFlaw::Malformed | ProxyFlaw::Ipv6) => "config.no_proxy",
            Self::Proxy(ProxyFlaw::Scheme) => "config.no_proxy_scheme",
            Self::Proxy(ProxyFlaw::Escape) => "config.no_proxy_escape",
            Self::Preset(Misfit::AskedAnew) => "config.asked_anew",
            Self::Preset(Misfit::Card) => "config.card",
        })
        .to_owned()
    }
}

impl Finding {
    /// Something that is wrong with the file as a whole.
    pub(super) fn of_file(what: Flaw) -> Self {
        Self { line: 0, key: String::new(), what }
    }

    /// The line that a person reads: file, line, key, what is wrong.
    pub fn say(&self, lang: &Lang, path: &Path) -> String {
        let why = self.what.say(lang);
        match (self.line, self.key.as_str()) {
            (0, _) => why,
            (line, "") => format!("{}:{line}: {why}", path.display()),
            (line, key) => format!("{}:{line}: {key}: {why}", path.display()),
        }
    }
}

/// What a type is called.
fn type_words<'a>(lang: &'a Lang, kind: &'a str) -> &'a str {
    lang.say(match kind {
        "integer" => "type.integer",
        "bool" => "type.bool",
        "list" => "type.list",
        "object" => "config.a_table",
        _ => "type.text",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ship.addr3", true)]
    #[case("key_stor", true)]
    #[case("", false)]
    #[case("MADE-UP-KEY", false)]
    #[case("0123456789abcdef01234567x", false)]
    #[case("a b", false)]
    #[case("a\u{1b}", false)]
    fn only_what_looks_like_a_name_is_repeated(#[case] name: &str, #[case] repeated: bool) {
        assert_eq!(place(&["accounts", name]) == format!("accounts.{name}"), repeated);
    }
}
