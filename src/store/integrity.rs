//! The integrity check of a database file: its pages, its schema, and the seal of each row.
//!
//! The check only reads. A failure for another reason, such as a lock, is an error and not damage.

use super::{PersistenceErrorKind, schema, sealed_rows};
use crate::domain::DatabaseDamage;
use rusqlite::{Connection, Error, ErrorCode, ffi};

/// The result of an integrity check.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum IntegrityStatus {
    /// A complete file of this version, which this zegel can read.
    Whole(i64),
    /// A file of a newer zegel, with its version.
    Newer(i64),
    /// A file that cannot be written, because of its header or its rights.
    ReadOnly,
    Damaged(DatabaseDamage),
}

/// Runs all checks. Together they read the whole file, which is small.
pub(super) fn check_database(connection: &Connection) -> rusqlite::Result<IntegrityStatus> {
    if connection.is_readonly("main")?
        && matches!(schema::read_versions(connection)?, (schema::APPLICATION_ID, ..=schema::NEWEST_VERSION))
    {
        return Ok(IntegrityStatus::ReadOnly);
    }
    check_read_only(connection)
}

/// Runs all checks through a read-only connection.
pub(super) fn check_read_only(connection: &Connection) -> rusqlite::Result<IntegrityStatus> {
    let version = match schema::read_versions(connection)? {
        (schema::APPLICATION_ID, version) => version,
        (other, _) => return Ok(IntegrityStatus::Damaged(DatabaseDamage::Foreign(other))),
    };
    if version > schema::NEWEST_VERSION {
        return Ok(IntegrityStatus::Newer(version));
    }
    let damage = [
        find_page_damage,
        find_dangling_references,
        |connection: &Connection| schema::find_difference(connection),
        sealed_rows::find_broken_seal,
    ];
    for look in damage {
        if let Some(damage) = look(connection)? {
            return Ok(IntegrityStatus::Damaged(damage));
        }
    }
    Ok(if version < 1 {
        IntegrityStatus::Damaged(DatabaseDamage::Version(version))
    } else {
        IntegrityStatus::Whole(version)
    })
}

fn find_page_damage(connection: &Connection) -> rusqlite::Result<Option<DatabaseDamage>> {
    let first: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((first != "ok").then_some(DatabaseDamage::Pages(first)))
}

fn find_dangling_references(connection: &Connection) -> rusqlite::Result<Option<DatabaseDamage>> {
    let lost = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    Ok(lost.then_some(DatabaseDamage::Reference))
}

/// Returns the damage that an error reports, or else the error itself.
pub(super) fn damage_or_error(error: Error) -> Result<DatabaseDamage, PersistenceErrorKind> {
    if is_damage(&error) { Ok(DatabaseDamage::Unreadable(error.to_string())) } else { Err(error.into()) }
}

fn is_damage(error: &Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    match error.sqlite_error_code() {
        // A value has another type than the one that was written.
        None => true,
        Some(ErrorCode::SystemIoFailure) => extended == Some(ffi::SQLITE_IOERR_SHORT_READ),
        Some(code) => matches!(
            code,
            ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::Unknown
                | ErrorCode::InternalMalfunction
                | ErrorCode::TooBig
                | ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::NotFound
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn made() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create_schema(&mut connection).unwrap();
        connection
    }

    #[test]
    fn a_new_file_is_intact() {
        assert_eq!(check_database(&made()).unwrap(), IntegrityStatus::Whole(schema::NEWEST_VERSION));
    }

    #[rstest]
    #[case("PRAGMA user_version = 0", DatabaseDamage::Version(0))]
    #[case("PRAGMA user_version = -1", DatabaseDamage::Version(-1))]
    #[case("PRAGMA application_id = 1", DatabaseDamage::Foreign(1))]
    #[case("DROP TRIGGER intent_stays", DatabaseDamage::Schema)]
    #[case("CREATE TABLE more (x)", DatabaseDamage::Schema)]
    #[case(
        "PRAGMA foreign_keys = OFF; INSERT INTO decision VALUES (7, 'not_placed', NULL, x'00')",
        DatabaseDamage::Reference
    )]
    #[case("INSERT INTO draft VALUES (1, 'a', 'p', 's', 't', '{}', 1, 0, x'00')", DatabaseDamage::Row("draft".to_owned()))]
    fn damage_is_found(#[case] done: &str, #[case] damage: DatabaseDamage) {
        let connection = made();
        connection.execute_batch(done).unwrap();
        assert_eq!(check_database(&connection).unwrap(), IntegrityStatus::Damaged(damage));
    }

    #[test]
    fn a_newer_version_is_not_damage() {
        let connection = made();
        connection.execute_batch("CREATE TABLE more (x); PRAGMA user_version = 99").unwrap();
        assert_eq!(check_database(&connection).unwrap(), IntegrityStatus::Newer(99));
    }

    #[rstest]
    #[case(ffi::SQLITE_NOTADB, true)]
    #[case(ffi::SQLITE_IOERR_SHORT_READ, true)]
    #[case(ffi::SQLITE_IOERR_READ, false)]
    #[case(ffi::SQLITE_BUSY, false)]
    #[case(ffi::SQLITE_NOMEM, false)]
    #[case(ffi::SQLITE_FULL, false)]
    fn an_error_is_damage_or_temporary(#[case] code: i32, #[case] damage: bool) {
        assert_eq!(is_damage(&Error::SqliteFailure(ffi::Error::new(code), None)), damage);
    }
}
