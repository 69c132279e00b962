//! File errors and editor errors, and values of files that were read, such as payloads.
//!
//! Each error says what the person can do about it. A file is recognized by the digest of its bytes alone: its
//! content may be secret and is not part of an error.

use super::SystemError;
use crate::secret::SecretText;

/// Replaces an environment value that is not UTF-8.
pub const NOT_UTF8: &str = "\u{fffd}";

/// The SHA-256 of the bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDigest(pub [u8; 32]);

/// A file that was read. Its text may contain card data, so it is wiped when it is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    pub text: SecretText,
    /// The digest by which the file is recognized.
    pub digest: FileDigest,
}

/// The completions of a partly typed name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathCompletion {
    /// The common prefix of the most likely names in the directory. The typed text if there is none.
    pub common_prefix: String,
    /// True if the prefix is the full name of the only match.
    pub is_only_match: bool,
    /// The number of names that match.
    pub count: usize,
    /// The first matches, in display order. A directory ends in `/`.
    pub names: Vec<String>,
}

/// Why a file could not be read or written, and which file or directory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind:?}")]
pub struct FileError {
    /// The file or directory.
    pub path: String,
    pub kind: FileErrorKind,
}

/// The cause of a file error, by what a person can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileErrorKind {
    /// The file does not exist. Check the name.
    Missing,
    /// The directory does not exist, or is not a directory. Create it, or name another.
    NoDirectory,
    /// The rights are missing. Request them, or choose another file.
    Denied,
    /// The file or its file system is read-only. Choose another.
    ReadOnly,
    /// A directory, a device, or something else that is not a file. Choose another.
    NoFile,
    /// The file has more bytes than a payload has.
    TooLarge,
    /// The file is not UTF-8, from this byte offset on.
    NoText(usize),
    /// The disk or the quota is full. Free some space.
    Full,
    /// Another program changed or removed the file since it was read. Look at it.
    Changed,
    /// A file with this name already exists, and nobody has looked at it.
    Exists,
    /// Any other error of the operating system.
    System(SystemError),
}

/// Why no text came back from the person's editor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{program}: {kind:?}")]
pub struct EditorError {
    /// The program of the editor.
    pub program: String,
    pub kind: EditorErrorKind,
}

/// The cause of an editor error, by what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorErrorKind {
    /// The program does not exist. Set `VISUAL` or `EDITOR`.
    NotFound,
    /// The quotes in the command do not match. Correct `VISUAL` or `EDITOR`.
    UnmatchedQuotes,
    /// The editor ended with this exit code. Editors do so if the person asks them to discard everything.
    Failed(i32),
    /// The editor was ended by this signal.
    Killed(i32),
    /// The editor's result cannot be read, or the temporary file could not be made.
    File(FileError),
    /// The operating system does not start the editor, or does not report how it ended.
    System(SystemError),
}
