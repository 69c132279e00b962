//! The keystore: it reads, writes and removes an API key in one of four places: the system's keyring, a command that
//! prints the key, a variable, a file.
//!
//! All of this may wait long, even for a person, so it must not run on the event loop. The keystore does not know
//! which account keeps its key where, nor what a key opens. A key is only in buffers that are wiped, and no error
//! contains any part of it.

mod command;
mod file;
mod keyring;

pub use command::{COMMAND_TIMEOUT, KeyCommandGuard, RunningKeyCommand, remove_key_variables, start_key_command};

use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyVariables, is_key};
use crate::secret::{SECRET_CAPACITY, Secret};
use zeroize::Zeroizing;

/// The owner of a key. A keyring keeps one key for each account at each host, so that no key goes to another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOwner {
    pub account: String,
    pub host: String,
}

/// Reads the key from this place.
///
/// A command does not get the withheld variables. It gets the terminal's standard input and error output, so that it
/// can ask for a passphrase: code that draws on the terminal must release it first. To end a command early, use
/// [`start_key_command`].
///
/// # Errors
/// The place has no key, or its contents cannot be a key.
pub fn read_key(
    place: &KeyLocation,
    owner: &KeyOwner,
    get: impl Fn(&str) -> Option<String>,
    withheld: &KeyVariables,
) -> Result<Secret, ApiKeyError> {
    let (kind, found) = match place {
        KeyLocation::Keyring => ("keyring", keyring::read_key(owner)),
        KeyLocation::Command(words) => ("command", command::read_key(words, withheld)),
        KeyLocation::Variable(name) => ("variable", read_variable(name, get)),
        KeyLocation::File(path) => ("file", file::read_key(path)),
    };
    tracing::info!(place = kind, trouble = ?found.as_ref().err().map(|trouble| trouble.kind), "key asked for");
    found
}

/// Writes a key to this place, and replaces the one that is there.
///
/// # Errors
/// The key cannot be written; for a place that zegel only reads, the error is [`ApiKeyErrorKind::OnlyRead`]. The place
/// is then unchanged, except for a slow keyring: its owner may unlock it after zegel stopped waiting.
pub fn write_key(place: &KeyLocation, owner: &KeyOwner, key: &Secret) -> Result<(), ApiKeyError> {
    match place {
        KeyLocation::Keyring => keyring::write_key(owner, key),
        KeyLocation::File(path) => file::write_key(path, key),
        KeyLocation::Command(_) | KeyLocation::Variable(_) => Err(read_only_error(place)),
    }
}

/// Removes the key from this place.
///
/// # Errors
/// The place has no key ([`ApiKeyErrorKind::Absent`]), or it cannot be removed.
pub fn remove_key(place: &KeyLocation, owner: &KeyOwner) -> Result<(), ApiKeyError> {
    match place {
        KeyLocation::Keyring => keyring::remove_key(owner),
        KeyLocation::File(path) => file::remove_key(path),
        KeyLocation::Command(_) | KeyLocation::Variable(_) => Err(read_only_error(place)),
    }
}

/// Returns the display name of the keyring, if it can keep a key now. This writes nothing, and asks no user to unlock
/// the keyring.
///
/// # Errors
/// There is no persistent keyring, or it does not respond. A keyring that is [`ApiKeyErrorKind::Locked`] may still be
/// chosen: [`read_key`] and [`write_key`] make it ask its owner to unlock it.
pub fn probe_keyring() -> Result<String, ApiKeyError> {
    keyring::probe_keyring()
}

fn read_variable(name: &str, get: impl Fn(&str) -> Option<String>) -> Result<Secret, ApiKeyError> {
    let value = get(name).map(Zeroizing::new).filter(|value| !value.trim().is_empty());
    let value = value.ok_or_else(|| ApiKeyError::new(ApiKeyErrorKind::NotSet, name))?;
    parse_key(value.as_bytes(), name)
}

/// Parses the key in the contents of a place, without the white space around it.
fn parse_key(bytes: &[u8], place: &str) -> Result<Secret, ApiKeyError> {
    let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
    let fits = is_key(text) && text.len() <= SECRET_CAPACITY;
    fits.then(|| Secret::from(text)).ok_or_else(|| ApiKeyError::new(ApiKeyErrorKind::NotAKey, place))
}

fn read_only_error(place: &KeyLocation) -> ApiKeyError {
    let detail = match place {
        KeyLocation::Variable(name) => name.clone(),
        KeyLocation::Command(words) => command::program_name(words),
        KeyLocation::Keyring | KeyLocation::File(_) => String::new(),
    };
    ApiKeyError::new(ApiKeyErrorKind::OnlyRead, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn owner() -> KeyOwner {
        KeyOwner { account: "main".to_owned(), host: "127.0.0.1:1".to_owned() }
    }

    #[rstest]
    #[case(Some("made-up"), Ok("made-up"))]
    #[case(Some(" \tmade-up\r\n"), Ok("made-up"))]
    #[case(None, Err(ApiKeyErrorKind::NotSet))]
    #[case(Some(" \n"), Err(ApiKeyErrorKind::NotSet))]
    #[case(Some("made up"), Err(ApiKeyErrorKind::NotAKey))]
    #[case(Some("made\u{1b}[2Jup"), Err(ApiKeyErrorKind::NotAKey))]
    #[case(Some("sleutel\u{e9}"), Err(ApiKeyErrorKind::NotAKey))]
    fn a_variable_yields_a_key_or_an_error(
        #[case] value: Option<&str>,
        #[case] expected: Result<&str, ApiKeyErrorKind>,
    ) {
        let place = KeyLocation::Variable("MY_KEY".to_owned());
        let get = |name: &str| value.filter(|_| name == "MY_KEY").map(str::to_owned);
        let found = read_key(&place, &owner(), get, &KeyVariables::default());
        match expected {
            Ok(key) => assert_eq!(found.unwrap().expose(), key),
            Err(cause) => assert_eq!(found.unwrap_err(), ApiKeyError::new(cause, "MY_KEY")),
        }
    }

    #[rstest]
    #[case(SECRET_CAPACITY, true)]
    #[case(SECRET_CAPACITY + 1, false)]
    fn an_overlong_key_is_refused_and_never_cut(#[case] length: usize, #[case] fits: bool) {
        assert_eq!(parse_key("k".repeat(length).as_bytes(), "").is_ok(), fits);
    }

    #[rstest]
    #[case(KeyLocation::Variable("MY_KEY".to_owned()), "MY_KEY")]
    #[case(KeyLocation::Command(vec!["pass".to_owned(), "show".to_owned()]), "pass")]
    fn a_read_only_key_location_is_never_written(#[case] place: KeyLocation, #[case] named: &str) {
        let refused = Err(ApiKeyError::new(ApiKeyErrorKind::OnlyRead, named));
        assert_eq!(write_key(&place, &owner(), &Secret::from("made-up")), refused);
        assert_eq!(remove_key(&place, &owner()), refused);
    }
}
