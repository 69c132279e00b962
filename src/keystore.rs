//! The four places of an API key: the system's keyring, a command that prints it, a variable, a file.
//!
//! It gets a key from its place, puts one there, takes it away, and says why it cannot. All of it may wait long, for a
//! person even: never on the loop. It does not know which account keeps its key where, nor what a key opens. A key is in
//! buffers that are wiped, and nothing of it is in what is said of a failure.

mod command;
mod file;
mod keyring;

pub use command::{COMMAND_TIMEOUT, KeyCommandGuard, RunningKeyCommand, remove_key_variables, start_key_command};

use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyVariables, is_key};
use crate::secret::{SECRET_CAPACITY, Secret};
use zeroize::Zeroizing;

/// Whose key it is. A keyring keeps one for each account at each host, so that no key goes to another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOwner {
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

/// Puts a key at this place, in place of the one that is there.
///
/// # Errors
/// Where it cannot be put there; a place that zegel only reads says [`KeyCause::OnlyRead`]. Then everything is as it
/// was, but for a keyring that is slow: its owner may unlock it after nobody waits any more.
pub fn write_key(place: &KeyLocation, owner: &KeyOwner, key: &Secret) -> Result<(), ApiKeyError> {
    match place {
        KeyLocation::Keyring => keyring::write_key(owner, key),
        KeyLocation::File(path) => file::write_key(path, key),
        KeyLocation::Command(_) | KeyLocation::Variable(_) => Err(read_only_error(place)),
    }
}

/// Takes the key away from this place.
///
/// # Errors
/// Where there is none ([`KeyCause::Absent`]), or it cannot be taken away.
pub fn remove_key(place: &KeyLocation, owner: &KeyOwner) -> Result<(), ApiKeyError> {
    match place {
        KeyLocation::Keyring => keyring::remove_key(owner),
        KeyLocation::File(path) => file::remove_key(path),
        KeyLocation::Command(_) | KeyLocation::Variable(_) => Err(read_only_error(place)),
    }
}

/// The name that the keyring has for people, if it can keep a key now. Nothing is put there, and nobody is asked to
/// unlock it.
///
/// # Errors
/// Where there is no keyring that lasts, or it does not answer. One that is [`KeyCause::Locked`] may be chosen all the
/// same: [`read`] and [`write`] have its owner asked to unlock it.
pub fn probe_keyring() -> Result<String, ApiKeyError> {
    keyring::probe_keyring()
}

fn read_variable(name: &str, get: impl Fn(&str) -> Option<String>) -> Result<Secret, ApiKeyError> {
    let value = get(name).map(Zeroizing::new).filter(|value| !value.trim().is_empty());
    let value = value.ok_or_else(|| ApiKeyError::new(ApiKeyErrorKind::NotSet, name))?;
    parse_key(value.as_bytes(), name)
}

/// The key in what a place held, less the white space around it.
fn parse_key(held: &[u8], place: &str) -> Result<Secret, ApiKeyError> {
    let text = std::str::from_utf8(held).map(str::trim).unwrap_or_default();
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
    fn a_variable_has_a_key_or_says_why_not(
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
    fn a_key_that_does_not_fit_is_never_cut(#[case] length: usize, #[case] fits: bool) {
        assert_eq!(parse_key("k".repeat(length).as_bytes(), "").is_ok(), fits);
    }

    #[rstest]
    #[case(KeyLocation::Variable("MY_KEY".to_owned()), "MY_KEY")]
    #[case(KeyLocation::Command(vec!["pass".to_owned(), "show".to_owned()]), "pass")]
    fn what_zegel_only_reads_is_left_alone(#[case] place: KeyLocation, #[case] named: &str) {
        let refused = Err(ApiKeyError::new(ApiKeyErrorKind::OnlyRead, named));
        assert_eq!(write_key(&place, &owner(), &Secret::from("made-up")), refused);
        assert_eq!(remove_key(&place, &owner()), refused);
    }
}
