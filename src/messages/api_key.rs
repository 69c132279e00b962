//! Messages about a place of an API key that has no key, or accepts none.
//!
//! They say what happened, to which place, and what to do. A program is named without its arguments, because one of
//! them may be a secret.

use super::system::{system_words, with_detail};
use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyringFault, NoKeyring};
use crate::i18n::Translations;

pub fn key_error_text(lang: &Translations, trouble: &ApiKeyError) -> String {
    let detail = trouble.detail.as_str();
    let of_what = |id: &'static str| lang.format_text(id, &[("what", detail)]);
    let of_both = |id: &'static str, why: &str| lang.format_text(id, &[("what", detail), ("why", why)]);
    match trouble.kind {
        ApiKeyErrorKind::NoKeyring(why) => {
            lang.format_text("vault.no_keyring", &[("why", &no_keyring_words(lang, why, detail))])
        }
        ApiKeyErrorKind::Locked => lang.text("vault.locked").to_owned(),
        ApiKeyErrorKind::Dismissed => lang.text("vault.dismissed").to_owned(),
        ApiKeyErrorKind::KeyringSlow => lang.text("vault.keyring_slow").to_owned(),
        ApiKeyErrorKind::KeyringFailed(fault) => {
            lang.format_text("vault.keyring_failed", &[("why", &keyring_words(lang, fault, detail))])
        }
        ApiKeyErrorKind::Absent => of_what("vault.absent"),
        ApiKeyErrorKind::NotSet => of_what("vault.not_set"),
        ApiKeyErrorKind::NotStarted(error) => of_both("vault.not_started", &system_words(lang, error)),
        ApiKeyErrorKind::Failed(code) => of_both("vault.failed", &code.to_string()),
        ApiKeyErrorKind::Killed(signal) => of_both("vault.killed", &signal.to_string()),
        ApiKeyErrorKind::EndUnknown(error) => of_both("vault.end_unknown", &system_words(lang, error)),
        ApiKeyErrorKind::CommandSlow => of_what("vault.command_slow"),
        ApiKeyErrorKind::Stopped => of_what("vault.stopped"),
        ApiKeyErrorKind::Exposed => of_what("vault.exposed"),
        ApiKeyErrorKind::NotOurs => of_what("vault.not_ours"),
        ApiKeyErrorKind::File(error) => of_both("vault.file", &system_words(lang, error)),
        ApiKeyErrorKind::NotAKey => of_what("vault.not_a_key"),
        ApiKeyErrorKind::OnlyRead => of_what("vault.only_read"),
    }
}

/// Returns why there is no keyring, as part of a sentence. `detail` is the other side's name of its error.
fn no_keyring_words(lang: &Translations, why: NoKeyring, detail: &str) -> String {
    let id = match why {
        NoKeyring::NotFound => "keyring.not_found",
        NoKeyring::BusClosed(error) => {
            return lang.format_text("keyring.bus_closed", &[("why", &system_words(lang, error))]);
        }
        NoKeyring::BusUnusable => "keyring.bus_unusable",
        NoKeyring::NoService => "keyring.no_service",
        NoKeyring::NotStarted => "keyring.not_started",
        NoKeyring::NoDefault => "keyring.no_default",
        NoKeyring::Temporary => "keyring.temporary",
        NoKeyring::NoKeychain => "keyring.no_keychain",
    };
    with_detail(lang, lang.text(id), detail)
}

/// Returns why a keyring cannot be used, as part of a sentence. `detail` is the keyring's name of its error, or the
/// owner of the key.
fn keyring_words(lang: &Translations, fault: KeyringFault, detail: &str) -> String {
    let id = match fault {
        KeyringFault::NotKept => "keyring.not_kept",
        KeyringFault::Several => return lang.format_text("keyring.several", &[("what", detail)]),
        KeyringFault::Unsupported => "keyring.unsupported",
        KeyringFault::NoThread(error) => {
            return lang.format_text("keyring.no_thread", &[("why", &system_words(lang, error))]);
        }
        KeyringFault::Stopped => "keyring.stopped",
        KeyringFault::HungUp => "keyring.hung_up",
        KeyringFault::Unreadable => "keyring.unreadable",
        KeyringFault::Refused => "keyring.refused",
    };
    with_detail(lang, lang.text(id), detail)
}

/// Returns the name of a place in a sentence.
pub fn key_place_text(lang: &Translations, place: &KeyLocation) -> String {
    let format = |id: &str, what: &str| lang.format_text(id, &[("what", what)]);
    match place {
        KeyLocation::Keyring => lang.text("vault.place_keyring").to_owned(),
        KeyLocation::Command(words) => format("vault.place_command", words.first().map_or("", String::as_str)),
        KeyLocation::Variable(name) => format("vault.place_variable", name),
        KeyLocation::File(path) => format("vault.place_file", &path.display().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TransportErrorKind;
    use crate::i18n::Language;
    use crate::messages::MessageWriter;
    use rstest::rstest;

    #[rstest]
    #[case(KeyLocation::Keyring, "the system's keyring")]
    #[case(KeyLocation::Command(vec!["op".to_owned(), "read".to_owned(), "op://secret".to_owned()]), "the command op")]
    #[case(KeyLocation::Command(Vec::new()), "the command ")]
    #[case(KeyLocation::Variable("MY_KEY".to_owned()), "the variable MY_KEY")]
    #[case(KeyLocation::File("/home/anna/main.key".into()), "the file /home/anna/main.key")]
    fn a_key_location_is_named_without_secrets(#[case] place: KeyLocation, #[case] words: &str) {
        assert_eq!(key_place_text(&Translations::load(Language::En).unwrap(), &place), words);
    }

    #[rstest]
    #[case(ApiKeyErrorKind::NotSet, "MY_KEY", "The variable MY_KEY is not set. Set it to the key.")]
    #[case(
        ApiKeyErrorKind::Failed(2),
        "pass",
        "The key command failed: pass exited with code 2. Run it yourself to see why."
    )]
    #[case(
        ApiKeyErrorKind::Locked,
        "",
        "The keyring is locked. Unlock it, for example by logging in to your desktop, and try again."
    )]
    fn a_key_error_message_names_the_place(#[case] cause: ApiKeyErrorKind, #[case] detail: &str, #[case] words: &str) {
        let lang = Translations::load(Language::En).unwrap();
        let trouble = ApiKeyError::new(cause, detail);
        assert_eq!(key_error_text(&lang, &trouble), words);
        let reason = trouble.into();
        assert_eq!(MessageWriter { lang: &lang, host: "" }.reason_text(&reason), words);
        assert_eq!(reason.kind, TransportErrorKind::Key(cause));
    }
}
