//! What is said of a file of the person's, such as a payload, and of the editor that it is handed to.
//!
//! It is told by what the person can do about it. A file is known again by the digest of its bytes alone: what was in
//! it may be secret and is not held here.

use super::SystemError;
use crate::secret::SecretText;

/// What stands for a value of the environment that is no UTF-8.
pub const NOT_UTF8: &str = "\u{fffd}";

/// The bytes that a file had, by their SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDigest(pub [u8; 32]);

/// A file that was read. Its text may hold card data, so it is wiped once it is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    /// What is in it.
    pub text: SecretText,
    /// By which it is known again.
    pub digest: FileDigest,
}

/// What a name that is half typed can become.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathCompletion {
    /// What the names of the directory that are most likely sought have in common; what was typed where there is none.
    pub common_prefix: String,
    /// Whether that is the whole name of the only one.
    pub is_only_match: bool,
    /// How many names fit.
    pub count: usize,
    /// The first of them, in the order in which they are shown. A directory ends in `/`.
    pub names: Vec<String>,
}

/// Why a file could not be read or written: what happened, to which file or directory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind:?}")]
pub struct FileError {
    /// The file or directory.
    pub path: String,
    /// What happened, by what can be done about it.
    pub kind: FileErrorKind,
}

/// What keeps a file from being read or written, by what a person can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileErrorKind {
    /// There is no such file: look at the name.
    Missing,
    /// The directory is not there, or is none: make it, or name another.
    NoDirectory,
    /// The rights are not there: ask for them, or choose another file.
    Denied,
    /// The file or its file system can only be read: choose another.
    ReadOnly,
    /// A directory, a device, or something else that is no file: choose another.
    NoFile,
    /// More bytes than a payload has.
    TooLarge,
    /// Not UTF-8, from this byte on.
    NoText(usize),
    /// The disk or the quota is full: make room.
    Full,
    /// Somebody else changed or removed it since it was read: look at it.
    Changed,
    /// There is a file of this name already, which nobody has looked at.
    Exists,
    /// The system says something else.
    System(SystemError),
}

/// Why no text came back from the person's editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorError {
    /// The editor's program.
    pub program: String,
    /// What happened, by what can be done about it.
    pub kind: EditorErrorKind,
}

/// What can go wrong with an editor, by what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorErrorKind {
    /// There is no such program: set `VISUAL` or `EDITOR`.
    NotFound,
    /// Its quotes do not match: mend `VISUAL` or `EDITOR`.
    UnmatchedQuotes,
    /// It ended with this code, as an editor does that is told to throw everything away.
    Failed(i32),
    /// This signal ended it.
    Killed(i32),
    /// What it left cannot be read, or there was no place for it.
    File(FileError),
    /// The system does not start it, or does not tell how it ended.
    System(SystemError),
}
