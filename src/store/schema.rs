//! The schema: the tables, and the migration of an older file to the newest version. Migrations only go forward, and
//! each step is complete or not made.
//!
//! A released version is never changed here. A new version is added at the end.

use super::PersistenceErrorKind;
use crate::domain::DatabaseDamage;
use rusqlite::{Connection, TransactionBehavior};

/// The application id in `SQLite`'s header, which marks a file as zegel's: `zegl`.
pub(super) const APPLICATION_ID: i64 = 0x7a65_676c;

/// The steps from each version to the next; the first one starts from an empty file. A step that changes the columns
/// of a table must also renew the seals of its rows.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql"), include_str!("schema/2.sql")];

#[allow(clippy::cast_possible_wrap, reason = "a handful")]
pub(super) const NEWEST_VERSION: i64 = MIGRATIONS.len() as i64;

/// Returns the application id and the version in the file's header.
pub(super) fn read_versions(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((number("application_id")?, number("user_version")?))
}

/// Creates the tables of the newest version in an empty file.
pub(super) fn create_schema(connection: &mut Connection) -> Result<(), PersistenceErrorKind> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate_schema(connection, MIGRATIONS)
}

/// Runs each step that the file still needs.
pub(super) fn migrate_schema(connection: &mut Connection, steps: &[&str]) -> Result<(), PersistenceErrorKind> {
    let (_, version) = read_versions(connection)?;
    let from = usize::try_from(version).unwrap_or(usize::MAX);
    for (step, number) in steps.iter().zip(1_i64..).skip(from) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}

/// Returns damage if the file's schema differs from that of its version. The texts are compared, because a trigger
/// with one changed letter may still be valid SQL.
pub(super) fn find_difference(connection: &Connection) -> rusqlite::Result<Option<DatabaseDamage>> {
    let (_, version) = read_versions(connection)?;
    let reference = Connection::open_in_memory()?;
    for step in MIGRATIONS.iter().take(usize::try_from(version).unwrap_or(0)) {
        reference.execute_batch(step)?;
    }
    let same = read_schema_texts(&reference)? == read_schema_texts(connection)?;
    Ok((!same && version > 0).then_some(DatabaseDamage::Schema))
}

fn read_schema_texts(connection: &Connection) -> rusqlite::Result<Vec<[Option<String>; 4]>> {
    let mut query = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")?;
    let rows = query.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_migration_is_complete_or_rolled_back() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO none VALUES (1)"];
        migrate_schema(&mut connection, &steps).unwrap_err();
        assert_eq!(read_versions(&connection).unwrap(), (0, 1));
        assert_eq!(read_schema_texts(&connection).unwrap().len(), 1);
        let mended = [steps[0], "CREATE TABLE b (x)", "INSERT INTO a VALUES (1)"];
        migrate_schema(&mut connection, &mended).unwrap();
        migrate_schema(&mut connection, &mended).unwrap();
        assert_eq!(read_versions(&connection).unwrap(), (0, 3));
        let rows: i64 = connection.query_row("SELECT count(*) FROM a", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1, "each step is taken once");
    }

    #[test]
    fn journal_rows_can_neither_be_changed_nor_deleted() {
        let mut connection = Connection::open_in_memory().unwrap();
        create_schema(&mut connection).unwrap();
        let intent =
            "INSERT INTO intent VALUES (1, NULL, 'h', 'a', 'p', NULL, 'd', 'b', NULL, NULL, NULL, NULL, 1, x'')";
        connection.execute_batch(intent).unwrap();
        connection.execute_batch("INSERT INTO outcome VALUES (1, 'unknown', NULL, NULL, NULL, 'w', x'')").unwrap();
        connection.execute_batch("INSERT INTO decision VALUES (1, 'not_placed', NULL, x'')").unwrap();
        connection.execute_batch("INSERT INTO loss VALUES (1, 'f', NULL, NULL, 'gone', 1, x'')").unwrap();
        connection.execute_batch("INSERT INTO acknowledgment VALUES (1, 'w', 'u', 1, x'')").unwrap();
        connection.execute_batch("INSERT INTO look VALUES (1, 0, 0, 1, NULL, '[]', x'')").unwrap();
        connection.execute_batch("INSERT INTO statement VALUES (1, 1, 'not_placed', NULL, 's', 'u', 1, x'')").unwrap();
        connection.execute_batch("INSERT INTO words VALUES (1, 1, 'w', x'')").unwrap();
        for table in ["intent", "outcome", "decision", "loss", "acknowledgment", "look", "statement", "words"] {
            for change in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET seal = x'01'")] {
                let error = connection.execute_batch(&change).unwrap_err();
                assert!(error.to_string().contains("stays"), "{change}: {error}");
            }
        }
    }
}
