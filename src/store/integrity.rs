//! Whether a file is whole: its pages, its schema, and each row by the seal that was written with it.
//!
//! It only reads. What cannot be found out for another reason, such as a lock, is an error and no damage.

use super::{StoreErrorKind, schema, sealed_rows};
use crate::domain::DatabaseDamage;
use rusqlite::{Connection, Error, ErrorCode, ffi};

/// What a look at a file says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum IntegrityStatus {
    /// Whole, of this version, which this zegel knows.
    Whole(i64),
    /// Of a newer zegel.
    Newer(i64),
    /// Not to be written to, by its head or its rights.
    ReadOnly,
    /// Damaged.
    Damaged(DatabaseDamage),
}

/// Looks at everything. Some of it costs as much as reading the whole file, which is small.
pub(super) fn check_database(connection: &Connection) -> rusqlite::Result<IntegrityStatus> {
    if connection.is_readonly("main")?
        && matches!(schema::read_versions(connection)?, (schema::APPLICATION_ID, ..=schema::NEWEST_VERSION))
    {
        return Ok(IntegrityStatus::ReadOnly);
    }
    check_read_only(connection)
}

/// The same through a connection that only reads.
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

/// The damage that an error speaks of, or the error if it speaks of something else.
pub(super) fn damage_or_error(error: Error) -> Result<DatabaseDamage, StoreErrorKind> {
    if is_damage(&error) { Ok(DatabaseDamage::Unreadable(error.to_string())) } else { Err(error.into()) }
}

fn is_damage(error: &Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    match error.sqlite_error_code() {
        // A value that is not of the kind that it was written with.
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
    fn a_new_file_is_whole() {
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
    fn a_newer_version_is_told_from_damage() {
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
    fn an_error_is_damage_or_a_hindrance(#[case] code: i32, #[case] damage: bool) {
        assert_eq!(is_damage(&Error::SqliteFailure(ffi::Error::new(code), None)), damage);
    }
}
