//! The problems of the configuration: where, what, and what to write instead.
//!
//! A problem never repeats a value, nor a name that may be a key: the user may have pasted a key in the wrong place.
//! `parse` finds the problems.

use super::{ESCAPE_MILLISECONDS, Exposure, Preset, WithLine};
use crate::api_url::ApiUrlError;
use crate::certcentral::network::{ORDER_TIMEOUT_SECONDS, TIMEOUT_SECONDS};
use crate::domain::{FileError, ProxyAddressError};
use crate::form::DefaultRejection;
use crate::i18n::{TextId, Translations, texts, with};
use crate::product::Product;
use crate::{messages, text};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A longer name is not repeated: it might be a key.
const MAX_NAME_LENGTH: usize = 24;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The line of the file, from 1; 0 if the problem concerns the whole file.
    pub line: usize,
    /// The full key, such as `accounts.main.url`; blank if the problem concerns no key.
    pub key: String,
    pub kind: ConfigProblemKind,
}

/// The kinds of problems. The variants differ by what the user can do about them.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ConfigProblemKind {
    #[strum(serialize = "unread")]
    Unreadable(FileError),
    /// Another user could have written the file, because of this file or directory.
    Exposed(PathBuf, Exposure),
    /// The file is not TOML. The parser's message is in English and in fixed words.
    Syntax(String),
    /// No setting has this name; with the most similar name, if one is similar.
    Unknown(Option<String>),
    /// The name suggests a secret, which never belongs in the file.
    #[strum(serialize = "key_written")]
    LooksLikeKey,
    /// The value has another type than this one. The word names a type in the texts.
    #[strum(serialize = "type")]
    WrongType(&'static str),
    /// No account can have this name.
    AccountName,
    /// There is no account of this name; with the most similar name, if one is similar.
    NoAccount(Option<String>),
    /// Nothing says where the key of this account is kept.
    #[strum(serialize = "no_key")]
    NoKeyPlace,
    /// The account has several places for its key.
    #[strum(serialize = "two_keys")]
    SeveralKeyPlaces,
    /// zegel may not send a key to the address.
    Url(ApiUrlError),
    /// zegel has no texts in this language.
    Lang,
    /// The value is no key store.
    KeyStore,
    /// The value is no command.
    KeyCommand,
    /// The value is no name of a variable.
    KeyVariable,
    /// The value is no absolute path.
    Path,
    /// The value is no address of a proxy.
    Proxy(ProxyAddressError),
    /// The value is no allowed number of seconds for a connection or a response.
    Seconds,
    /// The value is no allowed number of seconds for the response to an order.
    #[strum(serialize = "seconds")]
    OrderSeconds,
    /// The value is no allowed number of milliseconds for Esc.
    Milliseconds,
    /// The value cannot be a default of new orders.
    Preset(DefaultRejection),
}

/// Returns the full name of a key as it may be shown.
pub(super) fn shown_key_path(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().map(|name| if is_showable_name(name) { *name } else { "…" }).collect();
    shown.join(".")
}

/// Returns true if a name may be repeated: it is short, and has only characters of setting names.
fn is_showable_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    (1..=MAX_NAME_LENGTH).contains(&name.len()) && name.bytes().all(plain)
}

impl ConfigProblemKind {
    /// Returns the problem of a name that is not among the known ones.
    pub(super) fn unknown_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let folded = name.to_lowercase();
        match text::nearest_name(name, known) {
            Some(near) => Self::Unknown(Some(near.to_owned())),
            None if ["key", "token", "secret", "pass"].iter().any(|word| folded.contains(word)) => Self::LooksLikeKey,
            None => Self::Unknown(None),
        }
    }

    /// Returns the problem of a default value that new orders cannot have.
    pub(super) fn invalid_preset(why: DefaultRejection, stated: &WithLine<Preset>, product: &Product) -> Self {
        let ids = product.fields.iter().filter(|field| field.preset).map(|field| field.id);
        match why {
            DefaultRejection::Unknown => Self::unknown_name(&stated.value.id, ids),
            why => Self::Preset(why),
        }
    }

    /// Returns a stable word for the problem, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exposed(_, exposure) => exposure.into(),
            Self::Preset(DefaultRejection::Invalid(problem)) => problem.code(),
            Self::Preset(rejection) => rejection.into(),
            _ => self.into(),
        }
    }

    /// Returns the message: what is wrong, and what belongs there.
    pub fn message(&self, lang: &Translations) -> String {
        let near = |id: TextId<with::Near<'_>>, near: &str| lang.format(id, with::Near(&near));
        let number = |id: TextId<(with::First<'_>, with::Last<'_>)>, range: &RangeInclusive<u64>| {
            lang.format(id, (with::First(&range.start()), with::Last(&range.end())))
        };
        lang.text(match self {
            Self::Unreadable(snagged) => return messages::file_error_text(lang, snagged),
            Self::Exposed(path, what) => {
                let id = match what {
                    Exposure::FileOwner => texts::config::FILE_OWNER,
                    Exposure::FileWritable => texts::config::FILE_WRITABLE,
                    Exposure::FolderOwner => texts::config::FOLDER_OWNER,
                    Exposure::FolderWritable => texts::config::FOLDER_WRITABLE,
                };
                return lang.format(id, with::Path(&path.display()));
            }
            Self::Syntax(why) => return lang.format(texts::config::SYNTAX, with::Why(&why)),
            Self::Unknown(Some(name)) => return near(texts::config::UNKNOWN_NEAR, name),
            Self::NoAccount(Some(name)) => return near(texts::config::NO_ACCOUNT_NEAR, name),
            Self::WrongType(kind) => return lang.format(texts::config::TYPE, with::Kind(&type_name_text(lang, kind))),
            Self::Url(why) => {
                let why = lang.text(why.text_id());
                return lang.format(texts::config::URL, with::Why(&why));
            }
            Self::Seconds => return number(texts::config::SECONDS, &TIMEOUT_SECONDS),
            Self::OrderSeconds => return number(texts::config::SECONDS, &ORDER_TIMEOUT_SECONDS),
            Self::Milliseconds => return number(texts::config::MILLISECONDS, &ESCAPE_MILLISECONDS),
            Self::Preset(DefaultRejection::Hidden { field, is }) => {
                return lang.format(texts::config::HIDDEN, (with::Field(&field), with::Is(&is)));
            }
            Self::Preset(DefaultRejection::Invalid(fault)) => return fault.message(lang),
            Self::Unknown(None) | Self::Preset(DefaultRejection::Unknown) => texts::config::UNKNOWN,
            Self::NoAccount(None) => texts::config::NO_ACCOUNT,
            Self::LooksLikeKey => texts::config::KEY_WRITTEN,
            Self::AccountName => texts::config::ACCOUNT_NAME,
            Self::NoKeyPlace => texts::config::NO_KEY,
            Self::SeveralKeyPlaces => texts::config::TWO_KEYS,
            Self::Lang => texts::config::NO_LANG,
            Self::KeyStore => texts::config::NO_STORE,
            Self::KeyCommand => texts::config::NO_COMMAND,
            Self::KeyVariable => texts::config::NO_VARIABLE,
            Self::Path => texts::config::NO_PATH,
            // `Ipv6` depends on the host that is reached, so the configuration alone never causes it.
            Self::Proxy(ProxyAddressError::Malformed | ProxyAddressError::Ipv6) => texts::config::NO_PROXY,
            Self::Proxy(ProxyAddressError::Scheme) => texts::config::NO_PROXY_SCHEME,
            Self::Proxy(ProxyAddressError::Escape) => texts::config::NO_PROXY_ESCAPE,
            Self::Preset(DefaultRejection::AskedAnew) => texts::config::ASKED_ANEW,
            Self::Preset(DefaultRejection::CardNumber) => texts::config::CARD,
        })
        .to_owned()
    }
}

impl ConfigProblem {
    /// Returns a problem of the whole file.
    pub(super) fn for_file(kind: ConfigProblemKind) -> Self {
        Self { line: 0, key: String::new(), kind }
    }

    /// Returns the line that a person reads: file, line, key, what is wrong.
    pub fn message(&self, lang: &Translations, path: &Path) -> String {
        let why = self.kind.message(lang);
        match (self.line, self.key.as_str()) {
            (0, _) => why,
            (line, "") => format!("{}:{line}: {why}", path.display()),
            (line, key) => format!("{}:{line}: {key}: {why}", path.display()),
        }
    }
}

fn type_name_text<'a>(lang: &'a Translations, kind: &'a str) -> &'a str {
    lang.text(match kind {
        "integer" => texts::value_type::INTEGER,
        "bool" => texts::value_type::BOOL,
        "list" => texts::value_type::LIST,
        "object" => texts::config::A_TABLE,
        _ => texts::value_type::TEXT,
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
    fn only_text_that_looks_like_a_name_is_repeated(#[case] name: &str, #[case] repeated: bool) {
        assert_eq!(shown_key_path(&["accounts", name]) == format!("accounts.{name}"), repeated);
    }
}
