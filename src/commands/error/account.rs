//! The messages for commands without an account: what is wrong, with which account, and what to do.
//!
//! Names that cannot belong to accounts are not repeated, because they may be keys.

use crate::account::{ACCOUNT_VARIABLE, AccountError, SettingSource};
use crate::config::{CONFIG_DIR, ConfigPathError, ConfigProblem};
use crate::i18n::{TextId, Translations, texts, with};
use std::path::Path;

pub(in crate::commands) fn account_error_text(lang: &Translations, error: &AccountError) -> String {
    let account = |id: TextId<with::Account<'_>>, name: &str| lang.format(id, with::Account(&name));
    match error {
        AccountError::None => lang.text(texts::trouble::NO_ACCOUNT).to_owned(),
        AccountError::MissingVariable(name) => lang.format(texts::trouble::MISSING, with::Name(&name)),
        AccountError::InvalidKey => lang.text(texts::trouble::KEY).to_owned(),
        AccountError::InvalidAddress(why) => {
            let why = lang.text(why.text_id());
            lang.format(texts::trouble::ADDRESS, with::Why(&why))
        }
        AccountError::Unknown { name, by, near, known } => {
            unknown_account_text(lang, name.as_deref(), *by, near.as_deref(), known)
        }
        AccountError::Several(known) => lang.format(texts::trouble::SEVERAL, with::Known(&known.join(", "))),
        AccountError::OtherAddress(name) => account(texts::trouble::OTHER_ADDRESS, name),
        AccountError::KeyOfOtherAccount(name) => account(texts::trouble::WHOSE, name),
        AccountError::NoKeyPlace(name) => account(texts::trouble::NO_KEY, name),
    }
}

fn unknown_account_text(
    lang: &Translations,
    name: Option<&str>,
    source: SettingSource,
    near: Option<&str>,
    known: &[String],
) -> String {
    let by = if source == SettingSource::Variable(ACCOUNT_VARIABLE) {
        ACCOUNT_VARIABLE
    } else {
        crate::account::ACCOUNT_FLAG
    };
    let what = match name {
        Some(name) => lang.format(texts::trouble::UNKNOWN_ACCOUNT, (with::Name(&name), with::By(&by))),
        None => lang.format(texts::trouble::NO_NAME, with::By(&by)),
    };
    let hint = match (near, known) {
        (Some(near), _) => {
            lang.format(texts::trouble::NEAR_ACCOUNT, (with::Near(&near), with::Known(&known.join(", "))))
        }
        (None, []) => lang.text(texts::trouble::NO_ACCOUNTS).to_owned(),
        (None, known) => lang.format(texts::trouble::KNOWN_ACCOUNTS, with::Known(&known.join(", "))),
    };
    format!("{what}\n{hint}")
}

pub(in crate::commands) fn config_path_error_text(lang: &Translations, lost: &ConfigPathError) -> String {
    match lost {
        ConfigPathError::NotUtf8 => lang.format(texts::trouble::CONFIG_NO_TEXT, with::Name(&CONFIG_DIR)),
        ConfigPathError::Relative(_) => lang.format(texts::trouble::CONFIG_RELATIVE, with::Name(&CONFIG_DIR)),
        ConfigPathError::NoHome => lang.format(texts::trouble::CONFIG_NOWHERE, with::Name(&CONFIG_DIR)),
    }
}

/// Returns the problems of the configuration, one per line.
pub(super) fn config_problems_text(lang: &Translations, path: &Path, findings: &[ConfigProblem]) -> String {
    let mut lines: Vec<String> = findings.iter().map(|finding| finding.message(lang, path)).collect();
    lines.insert(0, lang.text(texts::trouble::CONFIG).to_owned());
    lines.push(lang.text(texts::trouble::CONFIG_HINT).to_owned());
    lines.join("\n")
}
