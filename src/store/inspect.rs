//! The inspection of the store: checks whether it can be used, and changes nothing.
//!
//! Nothing is created, repaired or restricted, and no lock is held for long. The results are the same as those of
//! opening the store.

use super::integrity::{self, IntegrityStatus};
use super::{DATABASE_FILE, PersistenceError, PersistenceErrorKind, database, intent_file, loss, paths, schema};
use rusqlite::{Connection, OpenFlags, ffi};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The wait for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// The state of the store on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreInspection {
    /// No directory, or no file in it. They are created when they are needed.
    Absent,
    /// A complete file.
    Whole(PathBuf),
    /// A file that a crash left in the middle of a change. The next process that opens it undoes the change.
    Unfinished(PathBuf),
    /// A complete file that other users can read, or whose directory they can enter. The mode, such as `0644`, is
    /// restricted when the store is opened.
    Exposed(PathBuf, u32),
}

/// Inspects the store in this directory.
///
/// # Errors
/// Opening the store would fail, or would set the file aside as damaged.
pub fn inspect_store(dir: &Path) -> Result<StoreInspection, PersistenceError> {
    let Some(above) = permissions_if_ours(dir, Metadata::is_dir)? else { return Ok(StoreInspection::Absent) };
    let file = dir.join(DATABASE_FILE);
    let Some(rights) = permissions_if_ours(&file, Metadata::is_file)? else { return inspect_absent(dir, &file) };
    Ok(match (is_whole(&file).map_err(|why| why.at_path(&file))?, above & 0o077, rights & 0o077) {
        (false, ..) => StoreInspection::Unfinished(file),
        (true, 0, 0) => StoreInspection::Whole(file),
        (true, 0, _) => StoreInspection::Exposed(file, rights),
        _ => StoreInspection::Exposed(dir.to_owned(), above),
    })
}

/// The file is missing. Intent files or a damaged copy beside it show that it existed before.
fn inspect_absent(dir: &Path, file: &Path) -> Result<StoreInspection, PersistenceError> {
    if intent_file::has_intent_files(dir).map_err(|why| why.at_path(dir))? {
        return Err(PersistenceErrorKind::JournalLost(file.display().to_string()).at_path(file));
    }
    match loss::first_unrecorded_loss(file, &[]).map_err(|why| why.at_path(dir))? {
        Some(lost) => Err(PersistenceErrorKind::JournalLost(lost).at_path(file)),
        None => Ok(StoreInspection::Absent),
    }
}

/// Returns the mode of a file or directory that belongs to this user and has the right kind. `None` if it does not
/// exist.
fn permissions_if_ours(path: &Path, is_right: impl Fn(&Metadata) -> bool) -> Result<Option<u32>, PersistenceError> {
    let Some(found) = paths::metadata_no_follow(path)? else { return Ok(None) };
    let why = match () {
        () if found.is_symlink() => PersistenceErrorKind::Symlink,
        () if !is_right(&found) => PersistenceErrorKind::WrongKind,
        () if found.uid() != rustix::process::geteuid().as_raw() => PersistenceErrorKind::NotOurs,
        () if paths::check_access(path).is_err() => PersistenceErrorKind::NotWritable,
        () => return Ok(Some(found.mode() & 0o7777)),
    };
    Err(why.at_path(path))
}

/// Returns true if the file is complete, and false if a crash left a change unfinished.
fn is_whole(file: &Path) -> Result<bool, PersistenceErrorKind> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    match connection.execute_batch(database::READ_ONLY_PRAGMAS).and_then(|()| integrity::check_read_only(&connection)) {
        Ok(IntegrityStatus::Damaged(damage)) => Err(PersistenceErrorKind::Damaged(damage)),
        Ok(IntegrityStatus::Newer(found)) => Err(database::newer_version_error(found)),
        Ok(IntegrityStatus::Whole(version)) => find_blocking_loss(&connection, file, version)?
            .map_or(Ok(true), |lost| Err(PersistenceErrorKind::JournalLost(lost))),
        Ok(IntegrityStatus::ReadOnly) => Ok(true),
        Err(error) if extended_code(&error) == Some(ffi::SQLITE_READONLY_ROLLBACK) => Ok(false),
        Err(error) => Err(integrity::damage_or_error(error).map_or_else(|why| why, PersistenceErrorKind::Damaged)),
    }
}

/// Returns a loss that blocks every order: a recorded loss that nobody has acknowledged, or one that is recorded as
/// soon as the journal is opened.
fn find_blocking_loss(
    connection: &Connection,
    file: &Path,
    version: i64,
) -> Result<Option<String>, PersistenceErrorKind> {
    // An older version has no table of losses.
    if version != schema::NEWEST_VERSION {
        return loss::first_unrecorded_loss(file, &[]);
    }
    match loss::list_unacknowledged(connection)?.first() {
        Some(lost) => Ok(Some(lost.file.clone())),
        None => loss::first_unrecorded_loss(file, &loss::list_losses(connection)?),
    }
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use rstest::rstest;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// Creates a store that no process has open.
    fn made() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        fs::set_permissions(temp.path(), Permissions::from_mode(0o700)).unwrap();
        drop(Store::open(temp.path()).unwrap());
        temp
    }

    /// Returns every path below the directory, with its bytes and mode.
    fn all(dir: &Path) -> Vec<(PathBuf, Vec<u8>, u32)> {
        let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        let mut all: Vec<_> = entries
            .flat_map(|path| {
                let mode = fs::symlink_metadata(&path).unwrap().mode();
                let below = if path.is_dir() { all(&path) } else { Vec::new() };
                [(path.clone(), fs::read(&path).unwrap_or_default(), mode)].into_iter().chain(below)
            })
            .collect();
        all.sort();
        all
    }

    #[rstest]
    #[case(0o700, 0o600, None)]
    #[case(0o700, 0o644, Some(0o644))]
    #[case(0o755, 0o600, Some(0o755))]
    fn an_intact_store_is_inspected_without_changes(
        #[case] above: u32,
        #[case] rights: u32,
        #[case] told: Option<u32>,
    ) {
        let temp = made();
        let file = temp.path().join(DATABASE_FILE);
        fs::set_permissions(&file, Permissions::from_mode(rights)).unwrap();
        fs::set_permissions(temp.path(), Permissions::from_mode(above)).unwrap();
        let before = all(temp.path());
        let exposed =
            |mode| StoreInspection::Exposed(if above == 0o700 { file.clone() } else { temp.path().to_owned() }, mode);
        assert_eq!(inspect_store(temp.path()).unwrap(), told.map_or(StoreInspection::Whole(file.clone()), exposed));
        assert_eq!(all(temp.path()), before);
    }

    #[test]
    fn inspection_creates_no_store() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/b");
        assert_eq!(inspect_store(&dir).unwrap(), StoreInspection::Absent);
        assert_eq!(inspect_store(temp.path()).unwrap(), StoreInspection::Absent);
        assert_eq!(all(temp.path()), []);
    }

    /// A copy of the files in the middle of a change equals what a crash leaves.
    #[test]
    fn inspection_reports_crash_remains_and_leaves_them_for_recovery() {
        let (temp, other) = (made(), made());
        let connection = Connection::open(temp.path().join(DATABASE_FILE)).unwrap();
        let change = "PRAGMA cache_size = 1; BEGIN; CREATE TABLE more (x); INSERT INTO more VALUES (randomblob(99999))";
        connection.execute_batch(change).unwrap();
        for name in [DATABASE_FILE.to_owned(), format!("{DATABASE_FILE}-journal")] {
            fs::write(other.path().join(&name), fs::read(temp.path().join(&name)).unwrap()).unwrap();
        }
        let before = all(other.path());
        assert_eq!(inspect_store(other.path()).unwrap(), StoreInspection::Unfinished(other.path().join(DATABASE_FILE)));
        assert_eq!(all(other.path()), before);
        drop(Store::open(other.path()).unwrap());
        assert_eq!(inspect_store(other.path()).unwrap(), StoreInspection::Whole(other.path().join(DATABASE_FILE)));
    }

    #[test]
    fn an_unopenable_store_is_reported() {
        let temp = made();
        let (dir, file) = (temp.path(), temp.path().join(DATABASE_FILE));
        let why = |dir: &Path| inspect_store(dir).unwrap_err().kind;
        let connection = Connection::open(&file).unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        assert!(matches!(why(dir), PersistenceErrorKind::Newer { found: 99, .. }));
        connection.execute_batch("PRAGMA user_version = 1; CREATE TABLE more (x)").unwrap();
        assert!(matches!(why(dir), PersistenceErrorKind::Damaged(_)));
        connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
        assert!(matches!(why(dir), PersistenceErrorKind::Busy));
        drop(connection);
        fs::write(&file, "not a database, though it has some length").unwrap();
        assert!(matches!(why(dir), PersistenceErrorKind::Damaged(_)));
        fs::remove_file(&file).unwrap();
        symlink("/etc/passwd", &file).unwrap();
        assert!(matches!(why(dir), PersistenceErrorKind::Symlink));
        assert!(matches!(why(&file), PersistenceErrorKind::Symlink));
    }
}
