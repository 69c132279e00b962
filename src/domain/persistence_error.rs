//! Why something could not be kept, or read again, by what a person can do about it.
//!
//! It names things and numbers, and has no sentences: what a person reads is said elsewhere, in their language. Only what
//! `SQLite` says is kept in its own words.

use super::{IntentId, SystemError};

/// Why something could not be kept, or read again: what happened, with which file or directory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind:?}")]
pub struct PersistenceError {
    /// The file or directory; blank where it happened to none.
    pub path: String,
    /// What happened.
    pub kind: PersistenceErrorKind,
}

/// What keeps something from being kept, by what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersistenceErrorKind {
    /// Nobody knows where it belongs: name a directory.
    NoHome,
    /// The name of the directory that is named is no UTF-8.
    NotUtf8,
    /// The directory that is named is not a whole path.
    RelativePath,
    /// The directory cannot be used: name another.
    NotUsable(PathProblem),
    /// It cannot be written to: give the rights back.
    NotWritable,
    /// The disk is full: make room.
    Full,
    /// A newer zegel wrote it: use that one.
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this zegel knows.
        known: i64,
    },
    /// Another process holds it: close that one, or try again.
    Busy,
    /// Another window is sending or resolving the same order: look there.
    SendingElsewhere,
    /// Another window has the draft open: close it there.
    OpenElsewhere,
    /// This order was placed by another window after the account was looked at: look again.
    PlacedMeanwhile(u64),
    /// It is damaged: start again.
    Damaged(DatabaseDamage),
    /// It was moved away or removed while it was open: start again.
    Moved,
    /// Something of the journal is lost: look in `CertCentral`, and acknowledge it.
    JournalLost,
    /// An open intent stands in the way: resolve it first.
    Blocked(IntentId),
    /// There is no such intent. A fault of the program.
    NoIntent(IntentId),
    /// The outcome of this intent is known, so there is nothing to decide.
    Resolved(IntentId),
    /// Another outcome or decision stands there already, and what is written stays.
    Contradiction(IntentId),
    /// The program is about to end, and keeps nothing any more.
    Closed,
    /// The system failed in a way of its own.
    System(SystemError),
    /// `SQLite` failed in a way of its own, in its own words.
    Database(String),
}

/// Why a directory or a file in it cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathProblem {
    /// It cannot be made.
    NotMade(SystemError),
    /// It is no directory, or no file, where one belongs.
    WrongKind,
    /// It is a symbolic link, through which somebody could lead zegel elsewhere.
    Symlink,
    /// Somebody else owns it.
    NotOurs,
}

/// What is wrong with a file of drafts and journal. It prints in English, for a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseDamage {
    /// It is gone, though what belongs to it is there.
    #[error("not there")]
    Absent,
    /// Its head says that it is only to be read.
    #[error("made for reading only")]
    ReadOnly,
    /// Its head names another program.
    #[error("application id {0:#x}")]
    Foreign(i64),
    /// No zegel ever had this version.
    #[error("version {0}")]
    Version(i64),
    /// Its pages are not whole, in the words of `SQLite`.
    #[error("{0}")]
    Pages(String),
    /// An outcome or a decision stands there without its intent.
    #[error("an outcome or a decision without its intent")]
    Reference,
    /// Its tables are not those of its version.
    #[error("another schema than its version has")]
    Schema,
    /// A row of this table is not as its seal has it.
    #[error("a row of {0} is not as its seal has it")]
    Row(String),
    /// `SQLite` cannot read it, in its own words.
    #[error("{0}")]
    Unreadable(String),
}
