//! The database file: opening it with the required settings, checking it first, and creating a new one.
//!
//! The file is read only through `SQLite`: POSIX releases all locks of a process on a file once any handle to it is
//! closed. Its rows are handled in other modules.

use super::integrity::{self, IntegrityStatus};
use super::quarantine::{self, QuarantinedFiles};
use super::{PersistenceError, PersistenceErrorKind, intent_file, loss, paths, schema};
use crate::domain::DatabaseDamage;
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The settings of each connection. EXTRA also syncs the directory after the rollback journal is deleted; without
/// that, a crash of the machine could restore the journal and undo the commit. On macOS, a sync also empties the
/// disk's own cache. Removed data does not stay in free pages, and nothing in the file can make `SQLite` call
/// functions.
const CONNECTION_PRAGMAS: &str = "
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = EXTRA;
    PRAGMA fullfsync = ON;
    PRAGMA journal_mode = DELETE;
";

/// The settings that matter for a read-only connection.
pub(super) const READ_ONLY_PRAGMAS: &str = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";

/// Opens the file, or creates a new one if it is missing or damaged. `alone` is true if no other process has the
/// store open; only then may more than rows be changed.
pub(super) fn open_or_create(
    file: &Path,
    wait: Duration,
    alone: bool,
) -> Result<(Connection, Option<QuarantinedFiles>), PersistenceError> {
    let there = paths::ensure_private_file(file)?;
    let found = if there {
        open_existing(file, wait, alone).map_err(|why| why.at_path(file))?
    } else {
        Err(DatabaseDamage::Absent)
    };
    let damage = match found {
        Ok(connection) => return Ok((connection, None)),
        Err(damage) => damage,
    };
    if !alone {
        return Err(PersistenceErrorKind::InUse.at_path(file));
    }
    // The new file is made first. If that fails, the old file stays, and the next start reports its damage again.
    let new = create_database(file, wait, there).map_err(|why| why.at_path(file))?;
    let set_aside = quarantine::quarantine_files(file, damage)?;
    let connection = publish_database(&new, file, wait).map_err(|why| why.at_path(file))?;
    Ok((connection, set_aside))
}

/// Returns the connection to the existing file, or its damage.
fn open_existing(
    file: &Path,
    wait: Duration,
    alone: bool,
) -> Result<Result<Connection, DatabaseDamage>, PersistenceErrorKind> {
    refuse_newer_version(file)?;
    let mut connection = match open_connection(file, wait) {
        Ok(connection) => connection,
        Err(error) => return integrity::damage_or_error(error).map(Err),
    };
    match integrity::check_database(&connection) {
        Ok(IntegrityStatus::Whole(schema::NEWEST_VERSION)) => {}
        Ok(IntegrityStatus::Whole(_)) if !alone => return Err(PersistenceErrorKind::InUse),
        Ok(IntegrityStatus::Whole(_)) => schema::migrate_schema(&mut connection, schema::MIGRATIONS)?,
        // The file's rights were checked before, so the header marks it as read-only.
        Ok(IntegrityStatus::ReadOnly) => return Ok(Err(DatabaseDamage::ReadOnly)),
        Ok(IntegrityStatus::Newer(found)) => return Err(newer_version_error(found)),
        Ok(IntegrityStatus::Damaged(damage)) => return Ok(Err(damage)),
        Err(error) => return integrity::damage_or_error(error).map(Err),
    }
    Ok(Ok(connection))
}

pub(super) fn newer_version_error(found: i64) -> PersistenceErrorKind {
    PersistenceErrorKind::Newer { found, known: schema::NEWEST_VERSION }
}

/// Refuses a file of a newer zegel before anything could change the file or create another one beside it.
///
/// `SQLite` takes no lock for this and rolls nothing back, so it may see a file in the middle of a change. Only a
/// process that is alone changes the version. Everything else that is read here is ignored.
fn refuse_newer_version(file: &Path) -> Result<(), PersistenceErrorKind> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let versions = Connection::open_with_flags(immutable_uri(file), flags)
        .and_then(|connection| schema::read_versions(&connection));
    match versions {
        Ok((schema::APPLICATION_ID, found)) if found > schema::NEWEST_VERSION => Err(newer_version_error(found)),
        _ => Ok(()),
    }
}

/// Returns the URI that makes `SQLite` treat the file as immutable.
fn immutable_uri(file: &Path) -> String {
    let mut name = "file:".to_owned();
    for byte in file.as_os_str().as_bytes() {
        // Writing to a string cannot fail.
        let _ = write!(name, "%{byte:02X}");
    }
    name + "?immutable=1"
}

fn open_connection(file: &Path, wait: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(wait)?;
    connection.execute_batch(CONNECTION_PRAGMAS)?;
    Ok(connection)
}

/// Creates a complete file under another name. A file under the right name that is incomplete is therefore damaged.
/// If the database is missing although intent files exist, the new file records that loss from the start.
fn create_database(file: &Path, wait: Duration, there: bool) -> Result<PathBuf, PersistenceErrorKind> {
    let new = quarantine::path_with_suffix(file, ".new");
    for left in [&new, &quarantine::path_with_suffix(&new, "-journal")] {
        quarantine::remove_if_present(left)?;
    }
    paths::create_private_file(&new)?;
    let mut connection = open_connection(&new, wait)?;
    schema::create_schema(&mut connection)?;
    if !there && !intent_file::list_intent_files(paths::parent_dir(file))?.is_empty() {
        loss::insert_loss(&connection, &file.display().to_string(), None, "not there", super::now_millis())?;
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(new)
}

fn publish_database(new: &Path, file: &Path, wait: Duration) -> Result<Connection, PersistenceErrorKind> {
    quarantine::rename_to_free_name(new, file)?;
    paths::sync_parent_directory(file);
    Ok(open_connection(file, wait)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::fs;

    fn made() -> (tempfile::TempDir, PathBuf) {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("a file?#%41.sqlite3");
        drop(open_or_create(&file, Duration::ZERO, true).unwrap());
        (temp, file)
    }

    fn names(dir: &Path) -> Vec<String> {
        let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[rstest]
    #[case("journal_mode", "delete")]
    #[case("synchronous", "3")]
    #[case("foreign_keys", "1")]
    #[case("secure_delete", "1")]
    #[case("trusted_schema", "0")]
    #[case("busy_timeout", "7")]
    fn each_connection_has_its_pragmas(#[case] name: &str, #[case] value: &str) {
        let (_temp, file) = made();
        let connection = open_connection(&file, Duration::from_millis(7)).unwrap();
        let found: rusqlite::types::Value = connection.pragma_query_value(None, name, |row| row.get(0)).unwrap();
        let found = match found {
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(found, value);
    }

    #[rstest]
    #[case("")]
    #[case("PRAGMA journal_mode = WAL; CREATE TABLE more (x)")]
    fn a_newer_file_is_left_unchanged(#[case] more: &str) {
        let (temp, file) = made();
        let connection = open_connection(&file, Duration::ZERO).unwrap();
        connection.execute_batch(more).unwrap();
        connection.pragma_update(None, "user_version", schema::NEWEST_VERSION + 1).unwrap();
        drop(connection);
        let before = fs::read(&file).unwrap();
        let why = open_or_create(&file, Duration::ZERO, true).unwrap_err().kind;
        assert!(matches!(why, PersistenceErrorKind::Newer { found, known } if found == known + 1), "{why:?}");
        assert_eq!(fs::read(&file).unwrap(), before);
        assert_eq!(names(temp.path()).len(), 1);
    }

    #[test]
    fn remains_of_an_interrupted_creation_are_ignored() {
        let (temp, file) = made();
        fs::remove_file(&file).unwrap();
        for name in [quarantine::path_with_suffix(&file, ".new"), quarantine::path_with_suffix(&file, ".new-journal")] {
            fs::write(name, "half").unwrap();
        }
        let (_, set_aside) = open_or_create(&file, Duration::ZERO, true).unwrap();
        assert!(set_aside.is_none());
        assert_eq!(names(temp.path()), ["a file?#%41.sqlite3"]);
    }

    #[test]
    fn the_damaged_file_stays_if_no_new_one_can_be_created() {
        let (_temp, file) = made();
        fs::write(&file, "damaged").unwrap();
        fs::create_dir(quarantine::path_with_suffix(&file, ".new")).unwrap();
        open_or_create(&file, Duration::ZERO, true).unwrap_err();
        assert_eq!(fs::read(&file).unwrap(), b"damaged");
    }

    #[test]
    fn a_file_set_aside_just_before_a_crash_is_reported_once() {
        let (_temp, file) = made();
        fs::rename(&file, quarantine::path_with_suffix(&file, ".damaged-1")).unwrap();
        let (_, set_aside) = open_or_create(&file, Duration::ZERO, true).unwrap();
        assert_eq!(set_aside.unwrap().files, [quarantine::path_with_suffix(&file, ".damaged-1")]);
        assert!(open_or_create(&file, Duration::ZERO, true).unwrap().1.is_none());
    }

    #[test]
    fn without_exclusive_access_no_file_is_created_or_set_aside() {
        let (_temp, file) = made();
        for bytes in [Some("damaged"), None] {
            match bytes {
                Some(bytes) => fs::write(&file, bytes).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            assert!(matches!(
                open_or_create(&file, Duration::ZERO, false).unwrap_err().kind,
                PersistenceErrorKind::InUse
            ));
        }
    }
}
