//! Messages about a place of an API key that has no key, or accepts none.
//!
//! They say what happened, to which place, and what to do. A program is named without its arguments, because one of
//! them may be a secret.

use super::system::{system_words, with_detail};
use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyringErrorKind, NoKeyring};
use crate::i18n::{TextId, Translations, texts, with};

pub fn key_error_text(lang: &Translations, trouble: &ApiKeyError) -> String {
    let detail = trouble.detail.as_str();
    let of_what = |id: TextId<with::What<'_>>| lang.format(id, with::What(&detail));
    let of_both = |id: TextId<(with::What<'_>, with::Why<'_>)>, why: &str| {
        lang.format(id, (with::What(&detail), with::Why(&why)))
    };
    match trouble.kind {
        ApiKeyErrorKind::NoKeyring(why) => {
            lang.format(texts::vault::NO_KEYRING, with::Why(&no_keyring_words(lang, why, detail)))
        }
        ApiKeyErrorKind::Locked => lang.text(texts::vault::LOCKED).to_owned(),
        ApiKeyErrorKind::Dismissed => lang.text(texts::vault::DISMISSED).to_owned(),
        ApiKeyErrorKind::KeyringSlow => lang.text(texts::vault::KEYRING_SLOW).to_owned(),
        ApiKeyErrorKind::KeyringFailed(fault) => {
            lang.format(texts::vault::KEYRING_FAILED, with::Why(&keyring_words(lang, fault, detail)))
        }
        ApiKeyErrorKind::Absent => of_what(texts::vault::ABSENT),
        ApiKeyErrorKind::NotSet => of_what(texts::vault::NOT_SET),
        ApiKeyErrorKind::NotStarted(error) => of_both(texts::vault::NOT_STARTED, &system_words(lang, error)),
        ApiKeyErrorKind::Failed(code) => of_both(texts::vault::FAILED, &code.to_string()),
        ApiKeyErrorKind::Killed(signal) => of_both(texts::vault::KILLED, &signal.to_string()),
        ApiKeyErrorKind::EndUnknown(error) => of_both(texts::vault::END_UNKNOWN, &system_words(lang, error)),
        ApiKeyErrorKind::CommandSlow => of_what(texts::vault::COMMAND_SLOW),
        ApiKeyErrorKind::Stopped => of_what(texts::vault::STOPPED),
        ApiKeyErrorKind::Exposed => of_what(texts::vault::EXPOSED),
        ApiKeyErrorKind::NotOurs => of_what(texts::vault::NOT_OURS),
        ApiKeyErrorKind::File(error) => of_both(texts::vault::FILE, &system_words(lang, error)),
        ApiKeyErrorKind::NotAKey => of_what(texts::vault::NOT_A_KEY),
        ApiKeyErrorKind::OnlyRead => of_what(texts::vault::ONLY_READ),
    }
}

/// Returns why there is no keyring, as part of a sentence. `detail` is the other side's name of its error.
fn no_keyring_words(lang: &Translations, why: NoKeyring, detail: &str) -> String {
    let id = match why {
        NoKeyring::NotFound => texts::keyring::NOT_FOUND,
        NoKeyring::BusClosed(error) => {
            return lang.format(texts::keyring::BUS_CLOSED, with::Why(&system_words(lang, error)));
        }
        NoKeyring::BusUnusable => texts::keyring::BUS_UNUSABLE,
        NoKeyring::NoService => texts::keyring::NO_SERVICE,
        NoKeyring::NotStarted => texts::keyring::NOT_STARTED,
        NoKeyring::NoDefault => texts::keyring::NO_DEFAULT,
        NoKeyring::Temporary => texts::keyring::TEMPORARY,
        NoKeyring::NoKeychain => texts::keyring::NO_KEYCHAIN,
    };
    with_detail(lang, lang.text(id), detail)
}

/// Returns why a keyring cannot be used, as part of a sentence. `detail` is the keyring's name of its error, or the
/// owner of the key.
fn keyring_words(lang: &Translations, fault: KeyringErrorKind, detail: &str) -> String {
    let id = match fault {
        KeyringErrorKind::NotKept => texts::keyring::NOT_KEPT,
        KeyringErrorKind::Several => return lang.format(texts::keyring::SEVERAL, with::What(&detail)),
        KeyringErrorKind::Unsupported => texts::keyring::UNSUPPORTED,
        KeyringErrorKind::NoThread(error) => {
            return lang.format(texts::keyring::NO_THREAD, with::Why(&system_words(lang, error)));
        }
        KeyringErrorKind::Stopped => texts::keyring::STOPPED,
        KeyringErrorKind::HungUp => texts::keyring::HUNG_UP,
        KeyringErrorKind::Unreadable => texts::keyring::UNREADABLE,
        KeyringErrorKind::Refused => texts::keyring::REFUSED,
    };
    with_detail(lang, lang.text(id), detail)
}

/// Returns the name of a place in a sentence.
pub fn key_place_text(lang: &Translations, place: &KeyLocation) -> String {
    let format = |id: TextId<with::What<'_>>, what: &str| lang.format(id, with::What(&what));
    match place {
        KeyLocation::Keyring => lang.text(texts::vault::PLACE_KEYRING).to_owned(),
        KeyLocation::Command(words) => format(texts::vault::PLACE_COMMAND, words.first().map_or("", String::as_str)),
        KeyLocation::Variable(name) => format(texts::vault::PLACE_VARIABLE, name),
        KeyLocation::File(path) => format(texts::vault::PLACE_FILE, &path.display().to_string()),
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
        assert_eq!(key_place_text(&Translations::new(Language::En), &place), words);
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
        let lang = Translations::new(Language::En);
        let trouble = ApiKeyError::new(cause, detail);
        assert_eq!(key_error_text(&lang, &trouble), words);
        let reason = trouble.into();
        assert_eq!(MessageWriter { lang: &lang, host: "" }.reason_text(&reason), words);
        assert_eq!(reason.kind, TransportErrorKind::Key(cause));
    }
}
