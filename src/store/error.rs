//! What can go wrong with the store, by what a person can do about it.
//!
//! `SQLite`'s codes and the system's are translated here and nowhere else. No value that was stored is in them.

use crate::domain::{DatabaseDamage, IntentId, PathProblem, PersistenceError, PersistenceErrorKind, SystemError};
use rusqlite::ErrorCode;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// `SQLite`'s extended code for a file that was renamed or removed while it was open.
const SQLITE_MOVED: i32 = rusqlite::ffi::SQLITE_READONLY_DBMOVED;

/// What went wrong, and with which file or directory.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct StoreError {
    /// The file or directory.
    pub path: PathBuf,
    /// What went wrong.
    #[source]
    pub why: StoreErrorKind,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreErrorKind {
    /// Nobody knows where the home directory is: set `ZEGEL_STATE_DIR`.
    #[error("no home directory is known")]
    NoHome,
    /// Its name is no UTF-8: name another.
    #[error("not UTF-8")]
    NotUtf8,
    /// It depends on where zegel is started, so the journal would not be found again: give the whole path.
    #[error("not an absolute path")]
    RelativePath,
    /// The directory cannot be made: make it, or name another.
    #[error("cannot be created: {0}")]
    CannotCreate(#[source] io::Error),
    /// Not a directory, or not a file, where one belongs: move it away, or name another directory.
    #[error("not a plain file or directory")]
    WrongKind,
    /// A symbolic link, through which somebody could lead zegel elsewhere: name the directory itself.
    #[error("a symbolic link")]
    Symlink,
    /// Somebody else owns it: name another directory.
    #[error("owned by another user")]
    NotOurs,
    /// It cannot be written to: give the rights back, or look whether the file system is read-only.
    #[error("not writable")]
    NotWritable,
    /// The disk or the quota is full: make room. What was stored before is whole.
    #[error("no room left")]
    Full,
    /// A newer zegel wrote it, and it was left untouched: use that one.
    #[error("written by a newer zegel: version {found}, this one knows {known}")]
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this zegel knows.
        known: i64,
    },
    /// Another process kept it locked too long: try again, or end that one.
    #[error("locked by another process for too long")]
    Busy,
    /// It must be mended or brought up to date, and another process has it open: close that one, then try again.
    #[error("in use by another process, which keeps it from being mended or brought up to date")]
    InUse,
    /// Found to be damaged while it was open: start zegel again, which sets it aside.
    #[error("damaged: {0}")]
    Damaged(DatabaseDamage),
    /// Renamed or removed while it was open: put it back, or start zegel again.
    #[error("moved away while it was open")]
    MovedAway,
    /// An open intent stands in the way: resolve it first.
    #[error("the open intent {0} stands in the way")]
    Blocked(IntentId),
    /// Something of the journal is lost, and nobody has acknowledged that: look in `CertCentral`, then acknowledge it.
    #[error("the journal has lost {0}, which nobody has acknowledged")]
    JournalLost(String),
    /// This order was placed by another window after the account was looked at: look again.
    #[error("order {0} was placed meanwhile")]
    PlacedMeanwhile(u64),
    /// There is no such intent. A fault of the program.
    #[error("there is no intent {0}")]
    NoIntent(IntentId),
    /// Its outcome is known, so there is nothing to decide.
    #[error("the outcome of intent {0} is known")]
    Resolved(IntentId),
    /// Another outcome or decision stands there already, and what is written stays.
    #[error("another word on intent {0} is in the journal")]
    Contradiction(IntentId),
    /// The system failed in a way of its own.
    #[error("{0}")]
    System(#[source] io::Error),
    /// `SQLite` failed in a way of its own.
    #[error("{0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl StoreErrorKind {
    /// With the file or directory that it is about.
    pub(super) fn at_path(self, path: &Path) -> StoreError {
        StoreError { path: path.to_owned(), why: self }
    }
}

impl From<&StoreError> for PersistenceError {
    fn from(error: &StoreError) -> Self {
        // What is lost is named, not where it was to stand.
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
            // What cannot be opened is the rollback journal beside the file: the file itself is open by then.
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
    fn codes_of_sqlite_say_what_can_be_done(#[case] code: i32, #[case] words: &str) {
        assert_eq!(why(code).to_string(), words);
    }

    #[rstest]
    #[case(ffi::SQLITE_CORRUPT)]
    #[case(ffi::SQLITE_CORRUPT_INDEX)]
    #[case(ffi::SQLITE_NOTADB)]
    fn damage_is_told_from_the_rest(#[case] code: i32) {
        assert!(matches!(why(code), StoreErrorKind::Damaged(_)));
        assert!(matches!(why(ffi::SQLITE_IOERR_READ), StoreErrorKind::Sqlite(_)));
    }

    #[rstest]
    #[case(ErrorKind::PermissionDenied, "not writable")]
    #[case(ErrorKind::ReadOnlyFilesystem, "not writable")]
    #[case(ErrorKind::QuotaExceeded, "no room left")]
    fn errors_of_the_system_say_what_can_be_done(#[case] kind: ErrorKind, #[case] words: &str) {
        let error = StoreErrorKind::from(io::Error::from(kind)).at_path(Path::new("/x"));
        assert_eq!(error.to_string(), format!("/x: {words}"));
    }
}
