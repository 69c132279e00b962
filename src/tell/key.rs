//! What a person is told of a place of an API key that has none to give, or takes none.
//!
//! The words say what happened, to which place, and what to do. A program is named without its arguments, for one of
//! them may be what others should not read.

use crate::facts::{KeyCause, KeyPlace, KeyTrouble};
use crate::lang::Lang;

/// What is said of a place that has no key, or takes none.
pub fn key_words(lang: &Lang, trouble: &KeyTrouble) -> String {
    let id = match trouble.cause {
        KeyCause::NoKeyring => "vault.no_keyring",
        KeyCause::Locked => "vault.locked",
        KeyCause::KeyringSlow => "vault.keyring_slow",
        KeyCause::KeyringFailed => "vault.keyring_failed",
        KeyCause::Absent => "vault.absent",
        KeyCause::NotSet => "vault.not_set",
        KeyCause::NotStarted => "vault.not_started",
        KeyCause::Failed => "vault.failed",
        KeyCause::CommandSlow => "vault.command_slow",
        KeyCause::Stopped => "vault.stopped",
        KeyCause::Exposed => "vault.exposed",
        KeyCause::NotOurs => "vault.not_ours",
        KeyCause::File => "vault.file",
        KeyCause::NotAKey => "vault.not_a_key",
        KeyCause::OnlyRead => "vault.only_read",
    };
    lang.tell(id, &[("what", &trouble.detail)])
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
    #[case(KeyCause::Failed, "pass: 2", "The key command failed: pass: 2. Run it yourself to see why.")]
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
