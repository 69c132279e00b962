//! Where an API key is kept, and why it cannot be had from there, or put there.
//!
//! Plain words for what the wizard asks, the configuration says and the vault does. No key is ever in it.

use super::SystemError;
use std::fmt;
use std::path::PathBuf;

/// Where the key of an account is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLocation {
    /// In the system's keyring, under the account's name and host.
    Keyring,
    /// A command prints it: the program and its arguments. No shell reads them.
    Command(Vec<String>),
    /// In this variable of the environment.
    Variable(String),
    /// In this file, which nobody but its owner can read.
    File(PathBuf),
}

/// The variables of the environment in which keys are, by their names. No program that zegel starts gets one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyVariables(pub Vec<String>);

/// Whether a text can be a key: something that can be seen, and that a header can carry.
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

/// Whether an account can be called this: it is typed on command lines.
pub fn is_account_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with('-')
}

/// Whether a variable can have this name. They are in capitals and not too long, so that a key that was put in the place
/// of a name is not taken for one: names are shown.
pub fn is_variable_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Why a place has no key to give, or takes none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyError {
    /// What one can do something about.
    pub kind: ApiKeyErrorKind,
    /// To which thing it happened: the file's path, the variable, the program; of a keyring what it calls its error. Never
    /// anything of a key, nor of what a command printed. May be blank.
    pub detail: String,
}

/// What is the matter with a place, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyErrorKind {
    /// There is no keyring on this system: choose another place.
    NoKeyring(NoKeyring),
    /// The keyring is locked: unlock it.
    Locked,
    /// The keyring asked its owner to unlock it, who closed the question: try again.
    Dismissed,
    /// The keyring does not answer: look whether it waits for somebody.
    KeyringSlow,
    /// The keyring cannot be used: look at it with the system's own program.
    KeyringFailed(KeyringFault),
    /// Nothing is kept there for this account and host: put the key there.
    Absent,
    /// The variable is not set: set it.
    NotSet,
    /// The program cannot be started: look at its name.
    NotStarted(SystemError),
    /// The command ended with this code: run it by hand.
    Failed(i32),
    /// This signal ended the command: run it by hand.
    Killed(i32),
    /// The system does not tell how the command ended: try again.
    EndUnknown(SystemError),
    /// The command did not end in time.
    CommandSlow,
    /// The command was ended because nobody waits for it any more.
    Stopped,
    /// Others can read the file: take their rights away.
    Exposed,
    /// It is no ordinary file of this person's: a link, a directory, somebody else's.
    NotOurs,
    /// The file cannot be read or written.
    File(SystemError),
    /// What is there cannot be a key: it is blank, too long, or has characters that no key has.
    NotAKey,
    /// zegel puts no key there and takes none away: the person does that.
    OnlyRead,
}

/// Why there is no keyring that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKeyring {
    /// Neither a session bus nor a program that keeps a keyring was found.
    NotFound,
    /// The session bus cannot be reached.
    BusClosed(SystemError),
    /// The session bus has no address that can be used, or does not let anybody in.
    BusUnusable,
    /// Nobody on the session bus keeps a keyring.
    NoService,
    /// The program that keeps the keyring did not start.
    NotStarted,
    /// No keyring is the default one.
    NoDefault,
    /// The default keyring is emptied at logout.
    Temporary,
    /// The system says that its own keychain cannot be used.
    NoKeychain,
}

/// Why a keyring that is there cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringFault {
    /// It did not keep what it was given.
    NotKept,
    /// It has several entries for one account.
    Several,
    /// It was asked for something that it does not do.
    Unsupported,
    /// The system gave no thread on which it could be asked.
    NoThread(SystemError),
    /// The thread on which it was asked is gone.
    Stopped,
    /// It hung up while it asked its owner.
    HungUp,
    /// It answered something that cannot be read.
    Unreadable,
    /// It answered with an error of its own.
    Refused,
}

impl ApiKeyError {
    /// A cause with its details.
    pub fn new(kind: ApiKeyErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl From<ApiKeyErrorKind> for ApiKeyError {
    fn from(cause: ApiKeyErrorKind) -> Self {
        Self::new(cause, "")
    }
}

impl fmt::Display for ApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => write!(f, "{:?}", self.kind),
            detail => write!(f, "{:?} ({detail})", self.kind),
        }
    }
}

impl std::error::Error for ApiKeyError {}
