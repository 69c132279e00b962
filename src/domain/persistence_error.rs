//! Persistence errors: why drafts or journal entries could not be stored or read, by what a person can do about it.
//!
//! The variants hold names and numbers, not sentences: the sentences for a person are made in another module, in
//! their language. Only the words of `SQLite` are kept as they are.

use super::{IntentId, SystemError};
use std::path::Path;

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
    /// The home directory is unknown. Set `ZEGEL_STATE_DIR`.
    NoHome,
    /// The name of the directory is not UTF-8. Name another.
    NotUtf8,
    /// The path depends on the directory where zegel is started, so the journal would not be found again. Name the
    /// absolute path.
    RelativePath,
    /// The directory cannot be created. Create it, or name another.
    CannotCreate(SystemError),
    /// Not a directory, or not a file, where one is expected. Move it, or name another directory.
    WrongKind,
    /// A symbolic link, which could lead zegel to another place. Name the directory itself.
    Symlink,
    /// Another user owns it. Name another directory.
    NotOurs,
    /// The file cannot be written. Restore the rights, or check whether the file system is read-only.
    NotWritable,
    /// The disk or the quota is full. Free some space. Data that was stored before is intact.
    Full,
    /// A newer zegel wrote the file, and it was left untouched. Use that version.
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this zegel can read.
        known: i64,
    },
    /// Another process held the lock for too long. Try again, or end that process.
    Busy,
    /// The file must be repaired or migrated while another process has it open. Close that process, and try again.
    InUse,
    /// Another window is sending or resolving the same order. Look there.
    SendingElsewhere,
    /// Another window has the draft open. Close it there.
    OpenElsewhere,
    /// Another window placed this order after the preflight. Run the preflight again.
    PlacedMeanwhile(u64),
    /// The file was found damaged while it was open. Start zegel again, which sets the file aside.
    Damaged(DatabaseDamage),
    /// The file was renamed or removed while it was open. Put it back, or start zegel again.
    MovedAway,
    /// A part of the journal, this file, is lost, and nobody has acknowledged that. Check `CertCentral`, and
    /// acknowledge the loss.
    JournalLost(String),
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

impl PersistenceErrorKind {
    pub fn at_path(self, path: &Path) -> PersistenceError {
        PersistenceError { path: path.display().to_string(), kind: self }
    }
}

impl From<PersistenceErrorKind> for PersistenceError {
    /// Returns an error that concerns no file.
    fn from(kind: PersistenceErrorKind) -> Self {
        Self { path: String::new(), kind }
    }
}

/// What is wrong with a file of drafts and journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum DatabaseDamage {
    /// The file is gone, although files that belong to it exist.
    Absent,
    /// The header of the file marks it as read-only.
    ReadOnly,
    /// The header of the file names another program.
    Foreign(i64),
    /// No zegel ever had this version.
    Version(i64),
    /// The pages are damaged, in the words of `SQLite`.
    Pages(String),
    /// The file has an outcome or a decision without its intent.
    Reference,
    /// The tables are not those of the file's version.
    Schema,
    /// A row of this table does not match its seal.
    Row(String),
    /// `SQLite` cannot read the file, in its own words.
    Unreadable(String),
}
