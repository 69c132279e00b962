//! API key places and errors: where a key is kept, and why it cannot be read or stored there.
//!
//! Plain values that the wizard, the configuration and the keystore share. They never contain a key.

use super::SystemError;
use std::path::PathBuf;

/// Where the key of an account is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLocation {
    /// The system's keyring, under the account's name and host.
    Keyring,
    /// A command that prints the key: the program and its arguments. They do not pass through a shell.
    Command(Vec<String>),
    /// The environment variable with this name.
    Variable(String),
    /// A file that only its owner can read.
    File(PathBuf),
}

/// The names of the environment variables that hold keys. No program that zegel starts receives these variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyVariables(pub Vec<String>);

/// Returns true if the text can be a key: visible characters that a header can carry.
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

/// Returns true if the text can be an account name. The characters are limited because the name is typed on command
/// lines.
pub fn is_account_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with('-')
}

/// Returns true if the text can be the name of a variable. Only capitals, digits and `_`, and a limited length are
/// allowed, so that a key that was entered instead of a name is not accepted: names are shown.
pub fn is_variable_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Why a key cannot be read from its place, or stored there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} {detail}")]
pub struct ApiKeyError {
    /// The cause that a person can act on.
    pub kind: ApiKeyErrorKind,
    /// The thing that failed: the file's path, the variable, the program, or the keyring's own name for its error.
    /// Never contains any part of a key or of a command's output. May be blank.
    pub detail: String,
}

/// What is wrong with the place of a key, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyErrorKind {
    /// This system has no keyring. Choose another place.
    NoKeyring(NoKeyring),
    /// The keyring is locked. Unlock it.
    Locked,
    /// The person closed the keyring's unlock prompt. Try again.
    Dismissed,
    /// The keyring does not answer. Check whether it waits for the person.
    KeyringSlow,
    /// The keyring cannot be used. Inspect it with the system's own program.
    KeyringFailed(KeyringErrorKind),
    /// The place has no key for this account and host. Store the key there.
    Absent,
    /// The variable is not set. Set it.
    NotSet,
    /// The program cannot be started. Check its name.
    NotStarted(SystemError),
    /// The command ended with this exit code. Run it by hand.
    Failed(i32),
    /// The command was ended by this signal. Run it by hand.
    Killed(i32),
    /// The operating system does not report how the command ended. Try again.
    EndUnknown(SystemError),
    /// The command did not end in time.
    CommandSlow,
    /// The command was stopped because its result is no longer needed.
    Stopped,
    /// Other users can read the file. Remove their rights.
    Exposed,
    /// Not a regular file of this user, but a link, a directory, or a file of another user.
    NotOurs,
    /// The file cannot be read or written.
    File(SystemError),
    /// The content cannot be a key: it is blank, too long, or has characters that no key has.
    NotAKey,
    /// zegel only reads this place. The person stores and removes the key.
    OnlyRead,
}

/// Why there is no usable keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKeyring {
    /// Neither a session bus nor a keyring program was found.
    NotFound,
    /// The session bus cannot be reached.
    BusClosed(SystemError),
    /// The session bus has no usable address, or refuses access.
    BusUnusable,
    /// No program on the session bus provides a keyring.
    NoService,
    /// The keyring program did not start.
    NotStarted,
    /// No keyring is set as the default.
    NoDefault,
    /// The default keyring is emptied at logout.
    Temporary,
    /// The system reports that its keychain cannot be used.
    NoKeychain,
}

/// Why an existing keyring cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringErrorKind {
    /// It did not store what it was given.
    NotKept,
    /// It has several entries for one account.
    Several,
    /// It does not support the requested operation.
    Unsupported,
    /// The operating system could not start the thread for the query.
    NoThread(SystemError),
    /// The thread for the query is gone.
    Stopped,
    /// It closed the connection during its prompt.
    HungUp,
    /// Its answer cannot be read.
    Unreadable,
    /// It returned an error of its own.
    Refused,
}

impl ApiKeyError {
    pub fn new(kind: ApiKeyErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl From<ApiKeyErrorKind> for ApiKeyError {
    fn from(cause: ApiKeyErrorKind) -> Self {
        Self::new(cause, "")
    }
}
