//! The error codes of `SQLite` and of the operating system, as persistence errors. An error contains no stored value.

use crate::domain::{DatabaseDamage, PersistenceErrorKind, SystemError};
use rusqlite::ErrorCode;
use std::io::{self, ErrorKind};

/// `SQLite`'s extended code for a file that was renamed or removed while it was open.
const SQLITE_MOVED: i32 = rusqlite::ffi::SQLITE_READONLY_DBMOVED;

impl From<io::Error> for PersistenceErrorKind {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NotWritable,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full,
            _ => Self::System(SystemError::from(&error)),
        }
    }
}

impl From<rusqlite::Error> for PersistenceErrorKind {
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
            _ => Self::Database(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use rusqlite::ffi;

    fn why(code: i32) -> PersistenceErrorKind {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[rstest]
    #[case(ffi::SQLITE_BUSY, PersistenceErrorKind::Busy)]
    #[case(ffi::SQLITE_BUSY_SNAPSHOT, PersistenceErrorKind::Busy)]
    #[case(ffi::SQLITE_FULL, PersistenceErrorKind::Full)]
    #[case(ffi::SQLITE_READONLY, PersistenceErrorKind::NotWritable)]
    #[case(ffi::SQLITE_READONLY_DIRECTORY, PersistenceErrorKind::NotWritable)]
    #[case(ffi::SQLITE_CANTOPEN, PersistenceErrorKind::NotWritable)]
    #[case(ffi::SQLITE_READONLY_DBMOVED, PersistenceErrorKind::MovedAway)]
    fn codes_of_sqlite_say_what_can_be_done(#[case] code: i32, #[case] kind: PersistenceErrorKind) {
        assert_eq!(why(code), kind);
    }

    #[rstest]
    #[case(ffi::SQLITE_CORRUPT)]
    #[case(ffi::SQLITE_CORRUPT_INDEX)]
    #[case(ffi::SQLITE_NOTADB)]
    fn damage_is_told_from_the_rest(#[case] code: i32) {
        assert!(matches!(why(code), PersistenceErrorKind::Damaged(_)));
        assert!(matches!(why(ffi::SQLITE_IOERR_READ), PersistenceErrorKind::Database(_)));
    }

    #[rstest]
    #[case(ErrorKind::PermissionDenied, PersistenceErrorKind::NotWritable)]
    #[case(ErrorKind::ReadOnlyFilesystem, PersistenceErrorKind::NotWritable)]
    #[case(ErrorKind::QuotaExceeded, PersistenceErrorKind::Full)]
    fn errors_of_the_system_say_what_can_be_done(#[case] error: ErrorKind, #[case] kind: PersistenceErrorKind) {
        assert_eq!(PersistenceErrorKind::from(io::Error::from(error)), kind);
    }
}
