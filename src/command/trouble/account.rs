//! What a person reads where there is no account to work on: what is wrong, to which account, and what to do.
//!
//! Names that cannot be those of accounts are not repeated: they may be keys.

use crate::account::{ACCOUNT, AccountError, Source};
use crate::config::{CONFIG_DIR, Finding, Lost};
use crate::lang::Lang;
use std::path::Path;

/// Why there is no account.
pub(in crate::command) fn account_words(lang: &Lang, error: &AccountError) -> String {
    let account = |id: &'static str, name: &str| lang.tell(id, &[("account", name)]);
    match error {
        AccountError::None => lang.say("trouble.no_account").to_owned(),
        AccountError::Missing(name) => lang.tell("trouble.missing", &[("name", name)]),
        AccountError::Key => lang.say("trouble.key").to_owned(),
        AccountError::Address(why) => {
            let why = lang.find(&format!("address.{}", why.code())).unwrap_or_default();
            lang.tell("trouble.address", &[("why", why)])
        }
        AccountError::Unknown { name, by, near, known } => unknown(lang, name.as_deref(), *by, near.as_deref(), known),
        AccountError::Several(known) => lang.tell("trouble.several", &[("known", &known.join(", "))]),
        AccountError::OtherAddress(name) => account("trouble.other_address", name),
        AccountError::Whose(name) => account("trouble.whose", name),
        AccountError::NoKey(name) => account("trouble.no_key", name),
    }
}

fn unknown(lang: &Lang, name: Option<&str>, source: Source, near: Option<&str>, known: &[String]) -> String {
    let by = if source == Source::Variable(ACCOUNT) { ACCOUNT } else { crate::account::FLAG };
    let what = match name {
        Some(name) => lang.tell("trouble.unknown_account", &[("name", name), ("by", by)]),
        None => lang.tell("trouble.no_name", &[("by", by)]),
    };
    let hint = match (near, known) {
        (Some(near), _) => lang.tell("trouble.near_account", &[("near", near), ("known", &known.join(", "))]),
        (None, []) => lang.say("trouble.no_accounts").to_owned(),
        (None, known) => lang.tell("trouble.known_accounts", &[("known", &known.join(", "))]),
    };
    format!("{what}\n{hint}")
}

/// Why it is not known where the configuration is.
pub(in crate::command) fn lost_words(lang: &Lang, lost: &Lost) -> String {
    match lost {
        Lost::NoText => lang.tell("trouble.config_no_text", &[("name", CONFIG_DIR)]),
        Lost::Relative(_) => lang.tell("trouble.config_relative", &[("name", CONFIG_DIR)]),
        Lost::NoHome => lang.tell("trouble.config_nowhere", &[("name", CONFIG_DIR)]),
    }
}

/// What is wrong with the configuration, a line each.
pub(super) fn config_words(lang: &Lang, path: &Path, findings: &[Finding]) -> String {
    let mut lines: Vec<String> = findings.iter().map(|finding| finding.say(lang, path)).collect();
    lines.insert(0, lang.say("trouble.config").to_owned());
    lines.push(lang.say("trouble.config_hint").to_owned());
    lines.join("\n")
}
