//! Persistence errors: why drafts or journal entries could not be stored or read, by what a person can do about it.
//!
//! The variants hold names and numbers, not sentences: the sentences for a person are made in another module, in
//! their language. Only the words of `SQLite` are kept as they are.

use super::{IntentId, SystemError};

/// Why something could not be stored or read, and which file or directory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind:?}")]
pub struct PersistenceError {
    /// The file or directory. Blank if the error concerns none.
    pub path: String,
    pub kind: PersistenceErrorKind,
}

/// The cause of a persistence error, by what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersistenceErrorKind {
    /// The home directory is unknown. Name a directory.
    NoHome,
    /// The name of the directory is not UTF-8.
    NotUtf8,
    /// The path of the directory is not absolute.
    RelativePath,
    /// The directory cannot be used. Name another.
    NotUsable(PathProblem),
    /// The file cannot be written. Restore the rights.
    NotWritable,
    /// The disk is full. Free some space.
    Full,
    /// A newer zegel wrote the file. Use that version.
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this zegel can read.
        known: i64,
    },
    /// Another process holds the lock. Close it, or try again.
    Busy,
    /// Another window is sending or resolving the same order. Look there.
    SendingElsewhere,
    /// Another window has the draft open. Close it there.
    OpenElsewhere,
    /// Another window placed this order after the preflight. Run the preflight again.
    PlacedMeanwhile(u64),
    /// The database is damaged. Start again.
    Damaged(DatabaseDamage),
    /// The file was moved or removed while it was open. Start again.
    Moved,
    /// A part of the journal is lost. Check `CertCentral`, and acknowledge the loss.
    JournalLost,
    /// An open intent blocks the order. Resolve it first.
    Blocked(IntentId),
    /// The intent does not exist. This is a fault of the program.
    NoIntent(IntentId),
    /// The outcome of this intent is known, so there is nothing to decide.
    Resolved(IntentId),
    /// Another outcome or decision is already recorded. It is kept.
    Contradiction(IntentId),
    /// The program is about to end and stores nothing more.
    Closed,
    /// Any other error of the operating system.
    System(SystemError),
    /// Any other error of `SQLite`, in its own words.
    Database(String),
}

/// Why a directory, or a file in it, cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathProblem {
    /// It cannot be created.
    NotMade(SystemError),
    /// It is not a directory, or not a file, where one is expected.
    WrongKind,
    /// It is a symbolic link, which could lead zegel to another place.
    Symlink,
    /// Another user owns it.
    NotOurs,
}

/// What is wrong with a file of drafts and journal. It prints in English, for a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseDamage {
    /// The file is gone, although files that belong to it exist.
    #[error("not there")]
    Absent,
    /// The header of the file marks it as read-only.
    #[error("made for reading only")]
    ReadOnly,
    /// The header of the file names another program.
    #[error("application id {0:#x}")]
    Foreign(i64),
    /// No zegel ever had this version.
    #[error("version {0}")]
    Version(i64),
    /// The pages are damaged, in the words of `SQLite`.
    #[error("{0}")]
    Pages(String),
    /// The file has an outcome or a decision without its intent.
    #[error("an outcome or a decision without its intent")]
    Reference,
    /// The tables are not those of the file's version.
    #[error("another schema than its version has")]
    Schema,
    /// A row of this table does not match its seal.
    #[error("a row of {0} is not as its seal has it")]
    Row(String),
    /// `SQLite` cannot read the file, in its own words.
    #[error("{0}")]
    Unreadable(String),
}
