//! The messages for commands without an account: what is wrong, with which account, and what to do.
//!
//! Names that cannot belong to accounts are not repeated, because they may be keys.

use crate::account::{ACCOUNT_VARIABLE, AccountError, SettingSource};
use crate::config::{CONFIG_DIR, ConfigPathError, ConfigProblem};
use crate::i18n::Translations;
use std::path::Path;

pub(in crate::commands) fn account_error_text(lang: &Translations, error: &AccountError) -> String {
    let account = |id: &'static str, name: &str| lang.format_text(id, &[("account", name)]);
    match error {
        AccountError::None => lang.text("trouble.no_account").to_owned(),
        AccountError::MissingVariable(name) => lang.format_text("trouble.missing", &[("name", name)]),
        AccountError::InvalidKey => lang.text("trouble.key").to_owned(),
        AccountError::InvalidAddress(why) => {
            let why = lang.text(why.text_id());
            lang.format_text("trouble.address", &[("why", why)])
        }
        AccountError::Unknown { name, by, near, known } => {
            unknown_account_text(lang, name.as_deref(), *by, near.as_deref(), known)
        }
        AccountError::Several(known) => lang.format_text("trouble.several", &[("known", &known.join(", "))]),
        AccountError::OtherAddress(name) => account("trouble.other_address", name),
        AccountError::KeyOfOtherAccount(name) => account("trouble.whose", name),
        AccountError::NoKeyPlace(name) => account("trouble.no_key", name),
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
        Some(name) => lang.format_text("trouble.unknown_account", &[("name", name), ("by", by)]),
        None => lang.format_text("trouble.no_name", &[("by", by)]),
    };
    let hint = match (near, known) {
        (Some(near), _) => lang.format_text("trouble.near_account", &[("near", near), ("known", &known.join(", "))]),
        (None, []) => lang.text("trouble.no_accounts").to_owned(),
        (None, known) => lang.format_text("trouble.known_accounts", &[("known", &known.join(", "))]),
    };
    format!("{what}\n{hint}")
}

pub(in crate::commands) fn config_path_error_text(lang: &Translations, lost: &ConfigPathError) -> String {
    match lost {
        ConfigPathError::NotUtf8 => lang.format_text("trouble.config_no_text", &[("name", CONFIG_DIR)]),
        ConfigPathError::Relative(_) => lang.format_text("trouble.config_relative", &[("name", CONFIG_DIR)]),
        ConfigPathError::NoHome => lang.format_text("trouble.config_nowhere", &[("name", CONFIG_DIR)]),
    }
}

/// Returns the problems of the configuration, one per line.
pub(super) fn config_problems_text(lang: &Translations, path: &Path, findings: &[ConfigProblem]) -> String {
    let mut lines: Vec<String> = findings.iter().map(|finding| finding.message(lang, path)).collect();
    lines.insert(0, lang.text("trouble.config").to_owned());
    lines.push(lang.text("trouble.config_hint").to_owned());
    lines.join("\n")
}
