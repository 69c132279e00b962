//! Store errors, by what a person can do about them.
//!
//! The error codes of `SQLite` and of the operating system are translated only here. An error contains no stored
//! value.

use crate::domain::{DatabaseDamage, IntentId, PathProblem, PersistenceError, PersistenceErrorKind, SystemError};
use rusqlite::ErrorCode;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// `SQLite`'s extended code for a file that was renamed or removed while it was open.
const SQLITE_MOVED: i32 = rusqlite::ffi::SQLITE_READONLY_DBMOVED;

/// A store error, and the file or directory that it concerns.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct StoreError {
    /// The file or directory.
    pub path: PathBuf,
    #[source]
    pub why: StoreErrorKind,
}

/// The cause of a store error.
#[derive(Debug, thiserror::Error)]
pub enum StoreErrorKind {
    /// The home directory is unknown. Set `ZEGEL_STATE_DIR`.
    #[error("no home directory is known")]
    NoHome,
    /// The path is not UTF-8. Name another.
    #[error("not UTF-8")]
    NotUtf8,
    /// The path depends on the directory where zegel is started, so the journal would not be found again. Name the
    /// absolute path.
    #[error("not an absolute path")]
    RelativePath,
    /// The directory cannot be created. Create it, or name another.
    #[error("cannot be created: {0}")]
    CannotCreate(#[source] io::Error),
    /// Not a directory, or not a file, where one is expected. Move it, or name another directory.
    #[error("not a plain file or directory")]
    WrongKind,
    /// A symbolic link, which could lead zegel to another place. Name the directory itself.
    #[error("a symbolic link")]
    Symlink,
    /// Another user owns it. Name another directory.
    #[error("owned by another user")]
    NotOurs,
    /// The file cannot be written. Restore the rights, or check whether the file system is read-only.
    #[error("not writable")]
    NotWritable,
    /// The disk or the quota is full. Free some space. Data that was stored before is intact.
    #[error("no room left")]
    Full,
    /// A newer zegel wrote the file, and it was left untouched. Use that version.
    #[error("written by a newer zegel: version {found}, this one knows {known}")]
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this zegel can read.
        known: i64,
    },
    /// Another process held the lock for too long. Try again, or end that process.
    #[error("locked by another process for too long")]
    Busy,
    /// The file must be repaired or migrated while another process has it open. Close that process, and try again.
    #[error("in use by another process, which keeps it from being mended or brought up to date")]
    InUse,
    /// The file was found damaged while it was open. Start zegel again, which sets the file aside.
    #[error("damaged: {0}")]
    Damaged(DatabaseDamage),
    /// The file was renamed or removed while it was open. Put it back, or start zegel again.
    #[error("moved away while it was open")]
    MovedAway,
    /// An open intent blocks the order. Resolve it first.
    #[error("the open intent {0} stands in the way")]
    Blocked(IntentId),
    /// A part of the journal is lost, and nobody has acknowledged that. Check `CertCentral`, and acknowledge the
    /// loss.
    #[error("the journal has lost {0}, which nobody has acknowledged")]
    JournalLost(String),
    /// Another window placed this order after the preflight. Run the preflight again.
    #[error("order {0} was placed meanwhile")]
    PlacedMeanwhile(u64),
    /// The intent does not exist. This is a fault of the program.
    #[error("there is no intent {0}")]
    NoIntent(IntentId),
    /// The outcome of the intent is known, so there is nothing to decide.
    #[error("the outcome of intent {0} is known")]
    Resolved(IntentId),
    /// Another outcome or decision is already recorded. It is kept.
    #[error("another word on intent {0} is in the journal")]
    Contradiction(IntentId),
    /// Any other error of the operating system.
    #[error("{0}")]
    System(#[source] io::Error),
    /// Any other error of `SQLite`.
    #[error("{0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl StoreErrorKind {
    pub(super) fn at_path(self, path: &Path) -> StoreError {
        StoreError { path: path.to_owned(), why: self }
    }
}

impl From<&StoreError> for PersistenceError {
    fn from(error: &StoreError) -> Self {
        // A loss names the lost file, not the file that should have been written.
        let path = match &error.why {
            StoreErrorKind::JournalLost(file) => file.clone(),
            _ => error.path.display().to_string(),
        };
        Self { path, kind: error.why.persistence_kind() }
    }
}

impl StoreErrorKind {
    fn persistence_kind(&self) -> PersistenceErrorKind {
        match self {
            Self::NoHome => PersistenceErrorKind::NoHome,
            Self::NotUtf8 => PersistenceErrorKind::NotUtf8,
            Self::RelativePath => PersistenceErrorKind::RelativePath,
            Self::CannotCreate(error) => {
                PersistenceErrorKind::NotUsable(PathProblem::NotMade(SystemError::from(error)))
            }
            Self::WrongKind => PersistenceErrorKind::NotUsable(PathProblem::WrongKind),
            Self::Symlink => PersistenceErrorKind::NotUsable(PathProblem::Symlink),
            Self::NotOurs => PersistenceErrorKind::NotUsable(PathProblem::NotOurs),
            Self::NotWritable => PersistenceErrorKind::NotWritable,
            Self::Full => PersistenceErrorKind::Full,
            Self::Newer { found, known } => PersistenceErrorKind::Newer { found: *found, known: *known },
            Self::Busy | Self::InUse => PersistenceErrorKind::Busy,
            Self::Damaged(damage) => PersistenceErrorKind::Damaged(damage.clone()),
            Self::MovedAway => PersistenceErrorKind::Moved,
            Self::JournalLost(_) => PersistenceErrorKind::JournalLost,
            Self::Blocked(id) => PersistenceErrorKind::Blocked(*id),
            Self::PlacedMeanwhile(order) => PersistenceErrorKind::PlacedMeanwhile(*order),
            Self::NoIntent(id) => PersistenceErrorKind::NoIntent(*id),
            Self::Resolved(id) => PersistenceErrorKind::Resolved(*id),
            Self::Contradiction(id) => PersistenceErrorKind::Contradiction(*id),
            Self::System(error) => PersistenceErrorKind::System(SystemError::from(error)),
            Self::Sqlite(error) => PersistenceErrorKind::Database(error.to_string()),
        }
    }
}

impl From<io::Error> for StoreErrorKind {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NotWritable,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full,
            _ => Self::System(error),
        }
    }
}

impl From<rusqlite::Error> for StoreErrorKind {
    fn from(error: rusqlite::Error) -> Self {
        let extended = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) if extended == Some(SQLITE_MOVED) => Self::MovedAway,
            // At this point the file is open, so the rollback journal beside it cannot be opened.
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => Self::NotWritable,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(DatabaseDamage::Unreadable(error.to_string()))
            }
            _ => Self::Sqlite(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use rusqlite::ffi;

    fn why(code: i32) -> StoreErrorKind {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[rstest]
    #[case(ffi::SQLITE_BUSY, "locked by another process for too long")]
    #[case(ffi::SQLITE_BUSY_SNAPSHOT, "locked by another process for too long")]
    #[case(ffi::SQLITE_FULL, "no room left")]
    #[case(ffi::SQLITE_READONLY, "not writable")]
    #[case(ffi::SQLITE_READONLY_DIRECTORY, "not writable")]
    #[case(ffi::SQLITE_CANTOPEN, "not writable")]
    #[case(ffi::SQLITE_READONLY_DBMOVED, "moved away while it was open")]
    fn sqlite_codes_map_to_advice(#[case] code: i32, #[case] words: &str) {
        assert_eq!(why(code).to_string(), words);
    }

    #[rstest]
    #[case(ffi::SQLITE_CORRUPT)]
    #[case(ffi::SQLITE_CORRUPT_INDEX)]
    #[case(ffi::SQLITE_NOTADB)]
    fn damage_codes_are_recognized(#[case] code: i32) {
        assert!(matches!(why(code), StoreErrorKind::Damaged(_)));
        assert!(matches!(why(ffi::SQLITE_IOERR_READ), StoreErrorKind::Sqlite(_)));
    }

    #[rstest]
    #[case(ErrorKind::PermissionDenied, "not writable")]
    #[case(ErrorKind::ReadOnlyFilesystem, "not writable")]
    #[case(ErrorKind::QuotaExceeded, "no room left")]
    fn system_errors_map_to_advice(#[case] kind: ErrorKind, #[case] words: &str) {
        let error = StoreErrorKind::from(io::Error::from(kind)).at_path(Path::new("/x"));
        assert_eq!(error.to_string(), format!("/x: {words}"));
    }
}
