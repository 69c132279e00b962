//! What a person is told of a place of an API key that has none to give, or takes none.
//!
//! The words say what happened, to which place, and what to do. A program is named without its arguments, for one of
//! them may be what others should not read.

use super::system::{system_words, with_detail};
use crate::facts::{KeyCause, KeyPlace, KeyTrouble, KeyringFault, NoKeyring};
use crate::lang::Lang;

/// What is said of a place that has no key, or takes none.
pub fn key_words(lang: &Lang, trouble: &KeyTrouble) -> String {
    let detail = trouble.detail.as_str();
    let (id, why) = match trouble.cause {
        KeyCause::NoKeyring(why) => ("vault.no_keyring", no_keyring_words(lang, why, detail)),
        KeyCause::Locked => ("vault.locked", String::new()),
        KeyCause::Dismissed => ("vault.dismissed", String::new()),
        KeyCause::KeyringSlow => ("vault.keyring_slow", String::new()),
        KeyCause::KeyringFailed(fault) => ("vault.keyring_failed", keyring_words(lang, fault, detail)),
        KeyCause::Absent => ("vault.absent", String::new()),
        KeyCause::NotSet => ("vault.not_set", String::new()),
        KeyCause::NotStarted(error) => ("vault.not_started", system_words(lang, error)),
        KeyCause::Failed(code) => ("vault.failed", code.to_string()),
        KeyCause::Killed(signal) => ("vault.killed", signal.to_string()),
        KeyCause::EndUnknown(error) => ("vault.end_unknown", system_words(lang, error)),
        KeyCause::CommandSlow => ("vault.command_slow", String::new()),
        KeyCause::Stopped => ("vault.stopped", String::new()),
        KeyCause::Exposed => ("vault.exposed", String::new()),
        KeyCause::NotOurs => ("vault.not_ours", String::new()),
        KeyCause::File(error) => ("vault.file", system_words(lang, error)),
        KeyCause::NotAKey => ("vault.not_a_key", String::new()),
        KeyCause::OnlyRead => ("vault.only_read", String::new()),
    };
    lang.tell(id, &[("what", detail), ("why", &why)])
}

/// Why there is no keyring; part of a sentence. The detail is what the other side calls its error.
fn no_keyring_words(lang: &Lang, why: NoKeyring, detail: &str) -> String {
    let id = match why {
        NoKeyring::NotFound => "keyring.not_found",
        NoKeyring::BusClosed(error) => {
            return lang.tell("keyring.bus_closed", &[("why", &system_words(lang, error))]);
        }
        NoKeyring::BusUnusable => "keyring.bus_unusable",
        NoKeyring::NoService => "keyring.no_service",
        NoKeyring::NotStarted => "keyring.not_started",
        NoKeyring::NoDefault => "keyring.no_default",
        NoKeyring::Temporary => "keyring.temporary",
        NoKeyring::NoKeychain => "keyring.no_keychain",
    };
    with_detail(lang, lang.say(id), detail)
}

/// Why a keyring cannot be used; part of a sentence. The detail is what the keyring calls its error, or whose key it is.
fn keyring_words(lang: &Lang, fault: KeyringFault, detail: &str) -> String {
    let id = match fault {
        KeyringFault::NotKept => "keyring.not_kept",
        KeyringFault::Several => return lang.tell("keyring.several", &[("what", detail)]),
        KeyringFault::Unsupported => "keyring.unsupported",
        KeyringFault::NoThread(error) => {
            return lang.tell("keyring.no_thread", &[("why", &system_words(lang, error))]);
        }
        KeyringFault::Stopped => "keyring.stopped",
        KeyringFault::HungUp => "keyring.hung_up",
        KeyringFault::Unreadable => "keyring.unreadable",
        KeyringFault::Refused => "keyring.refused",
    };
    with_detail(lang, lang.say(id), detail)
}

/// How a place is spoken of.
pub fn place_words(lang: &Lang, place: &KeyPlace) -> String {
    let tell = |id: &str, what: &str| lang.tell(id, &[("what", what)]);
    match place {
        KeyPlace::Keyring => lang.say("vault.place_keyring").to_owned(),
        KeyPlace::Command(words) => tell("vault.place_command", words.first().map_or("", String::as_str)),
        KeyPlace::Variable(name) => tell("vault.place_variable", name),
        KeyPlace::File(path) => tell("vault.place_file", &path.display().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Cause;
    use crate::lang::Language;
    use crate::tell::Teller;
    use rstest::rstest;

    #[rstest]
    #[case(KeyPlace::Keyring, "the system's keyring")]
    #[case(KeyPlace::Command(vec!["op".to_owned(), "read".to_owned(), "op://secret".to_owned()]), "the command op")]
    #[case(KeyPlace::Command(Vec::new()), "the command ")]
    #[case(KeyPlace::Variable("MY_KEY".to_owned()), "the variable MY_KEY")]
    #[case(KeyPlace::File("/home/anna/main.key".into()), "the file /home/anna/main.key")]
    fn a_place_is_named_without_what_nobody_should_read(#[case] place: KeyPlace, #[case] words: &str) {
        assert_eq!(place_words(&Lang::load(Language::En).unwrap(), &place), words);
    }

    #[rstest]
    #[case(KeyCause::NotSet, "MY_KEY", "The variable MY_KEY is not set. Set it to the key.")]
    #[case(KeyCause::Failed(2), "pass", "The key command failed: pass exited with code 2. Run it yourself to see why.")]
    #[case(
        KeyCause::Locked,
        "",
        "The keyring is locked. Unlock it, for example by logging in to your desktop, and try again."
    )]
    fn a_trouble_is_told_with_its_place(#[case] cause: KeyCause, #[case] detail: &str, #[case] words: &str) {
        let lang = Lang::load(Language::En).unwrap();
        let trouble = KeyTrouble::new(cause, detail);
        assert_eq!(key_words(&lang, &trouble), words);
        let reason = trouble.into();
        assert_eq!(Teller { lang: &lang, host: "" }.reason(&reason), words);
        assert_eq!(reason.cause, Cause::Key(cause));
    }
}
