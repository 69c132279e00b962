//! The four places of an API key: the system's keyring, a command that prints it, a variable, a file.
//!
//! It gets a key from its place, puts one there, takes it away, and says why it cannot. All of it may wait long, for a
//! person even: never on the loop. It does not know which account keeps its key where, nor what a key opens. A key is in
//! buffers that are wiped, and nothing of it is in what is said of a failure.

mod command;
mod file;
mod keyring;

pub use command::{Asking, COMMAND_LIMIT, Stop, ask, without_keys};

use crate::facts::{KeyCause, KeyPlace, KeyTrouble, KeyVariables, is_key};
use crate::secret::{CAPACITY, Secret};
use zeroize::Zeroizing;

/// Whose key it is. A keyring keeps one for each account at each host, so that no key goes to another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The account's name in the configuration.
    pub account: String,
    /// Host and port of the account.
    pub host: String,
}

/// The key that is kept at this place.
///
/// A command gets none of the variables that are withheld. It gets the terminal's standard input and error output, so that it can ask for a passphrase: whoever draws
/// there lends it first. Who wants to end it early uses [`ask`].
///
/// # Errors
/// Where there is none, or what is there cannot be a key.
pub fn read(
    place: &KeyPlace,
    owner: &Owner,
    get: impl Fn(&str) -> Option<String>,
    withheld: &KeyVariables,
) -> Result<Secret, KeyTrouble> {
    let (kind, found) = match place {
        KeyPlace::Keyring => ("keyring", keyring::read(owner)),
        KeyPlace::Command(words) => ("command", command::read(words, withheld)),
        KeyPlace::Variable(name) => ("variable", variable(name, get)),
        KeyPlace::File(path) => ("file", file::read(path)),
    };
    tracing::info!(place = kind, trouble = ?found.as_ref().err().map(|trouble| trouble.cause), "key asked for");
    found
}

/// Puts a key at this place, in place of the one that is there.
///
/// # Errors
/// Where it cannot be put there; a place that zegel only reads says [`KeyCause::OnlyRead`]. Then everything is as it
/// was, but for a keyring that is slow: its owner may unlock it after nobody waits any more.
pub fn write(place: &KeyPlace, owner: &Owner, key: &Secret) -> Result<(), KeyTrouble> {
    match place {
        KeyPlace::Keyring => keyring::write(owner, key),
        KeyPlace::File(path) => file::write(path, key),
        KeyPlace::Command(_) | KeyPlace::Variable(_) => Err(only_read(place)),
    }
}

/// Takes the key away from this place.
///
/// # Errors
/// Where there is none ([`KeyCause::Absent`]), or it cannot be taken away.
pub fn remove(place: &KeyPlace, owner: &Owner) -> Result<(), KeyTrouble> {
    match place {
        KeyPlace::Keyring => keyring::remove(owner),
        KeyPlace::File(path) => file::remove(path),
        KeyPlace::Command(_) | KeyPlace::Variable(_) => Err(only_read(place)),
    }
}

/// The name that the keyring has for people, if it can keep a key now. Nothing is put there, and nobody is asked to
/// unlock it.
///
/// # Errors
/// Where there is no keyring that lasts, or it does not answer. One that is [`KeyCause::Locked`] may be chosen all the
/// same: [`read`] and [`write`] have its owner asked to unlock it.
pub fn probe() -> Result<String, KeyTrouble> {
    keyring::probe()
}

fn variable(name: &str, get: impl Fn(&str) -> Option<String>) -> Result<Secret, KeyTrouble> {
    let value = get(name).map(Zeroizing::new).filter(|value| !value.trim().is_empty());
    let value = value.ok_or_else(|| KeyTrouble::new(KeyCause::NotSet, name))?;
    key(value.as_bytes(), name)
}

/// The key in what a place held, less the white space around it.
fn key(held: &[u8], place: &str) -> Result<Secret, KeyTrouble> {
    let text = std::str::from_utf8(held).map(str::trim).unwrap_or_default();
    let fits = is_key(text) && text.len() <= CAPACITY;
    fits.then(|| Secret::from(text)).ok_or_else(|| KeyTrouble::new(KeyCause::NotAKey, place))
}

fn only_read(place: &KeyPlace) -> KeyTrouble {
    let detail = match place {
        KeyPlace::Variable(name) => name.clone(),
        KeyPlace::Command(words) => command::name(words),
        KeyPlace::Keyring | KeyPlace::File(_) => String::new(),
    };
    KeyTrouble::new(KeyCause::OnlyRead, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn owner() -> Owner {
        Owner { account: "main".to_owned(), host: "127.0.0.1:1".to_owned() }
    }

    #[rstest]
    #[case(Some("made-up"), Ok("made-up"))]
    #[case(Some(" \tmade-up\r\n"), Ok("made-up"))]
    #[case(None, Err(KeyCause::NotSet))]
    #[case(Some(" \n"), Err(KeyCause::NotSet))]
    #[case(Some("made up"), Err(KeyCause::NotAKey))]
    #[case(Some("made\u{1b}[2Jup"), Err(KeyCause::NotAKey))]
    #[case(Some("sleutel\u{e9}"), Err(KeyCause::NotAKey))]
    fn a_variable_has_a_key_or_says_why_not(#[case] value: Option<&str>, #[case] expected: Result<&str, KeyCause>) {
        let place = KeyPlace::Variable("MY_KEY".to_owned());
        let get = |name: &str| value.filter(|_| name == "MY_KEY").map(str::to_owned);
        let found = read(&place, &owner(), get, &KeyVariables::default());
        match expected {
            Ok(key) => assert_eq!(found.unwrap().expose(), key),
            Err(cause) => assert_eq!(found.unwrap_err(), KeyTrouble::new(cause, "MY_KEY")),
        }
    }

    #[rstest]
    #[case(CAPACITY, true)]
    #[case(CAPACITY + 1, false)]
    fn a_key_that_does_not_fit_is_never_cut(#[case] length: usize, #[case] fits: bool) {
        assert_eq!(key("k".repeat(length).as_bytes(), "").is_ok(), fits);
    }

    #[rstest]
    #[case(KeyPlace::Variable("MY_KEY".to_owned()), "MY_KEY")]
    #[case(KeyPlace::Command(vec!["pass".to_owned(), "show".to_owned()]), "pass")]
    fn what_zegel_only_reads_is_left_alone(#[case] place: KeyPlace, #[case] named: &str) {
        let refused = Err(KeyTrouble::new(KeyCause::OnlyRead, named));
        assert_eq!(write(&place, &owner(), &Secret::from("made-up")), refused);
        assert_eq!(remove(&place, &owner()), refused);
    }
}
