//! A look at the store that leaves everything as it is: nothing is made, mended, tightened or locked for long.
//!
//! It is for who wants to know whether the store can be used, and judges as opening it would.

use super::damage::{self, Finding};
use super::{FILE, StoreError, Why, database, intent_file, loss, paths, schema};
use rusqlite::{Connection, OpenFlags, ffi};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another process is waited for.
const WAIT: Duration = Duration::from_secs(2);

/// What is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inspected {
    /// No directory, or no file in it: they are made when they are needed.
    Absent,
    /// A whole file.
    Whole(PathBuf),
    /// A file that a crash left in the middle of a change: the next one who opens it takes the change back.
    Unfinished(PathBuf),
    /// A whole file, which others may read, or whose directory they may enter: the rights (as in `0644`) that are
    /// taken away when the store is opened.
    Exposed(PathBuf, u32),
}

/// Looks at the store in this directory.
///
/// # Errors
/// Where opening it would fail, or set it aside as damaged.
pub fn inspect(dir: &Path) -> Result<Inspected, StoreError> {
    let Some(above) = own(dir, Metadata::is_dir)? else { return Ok(Inspected::Absent) };
    let file = dir.join(FILE);
    let Some(rights) = own(&file, Metadata::is_file)? else { return absent(dir, &file) };
    Ok(match (whole(&file).map_err(|why| why.at(&file))?, above & 0o077, rights & 0o077) {
        (false, ..) => Inspected::Unfinished(file),
        (true, 0, 0) => Inspected::Whole(file),
        (true, 0, _) => Inspected::Exposed(file, rights),
        _ => Inspected::Exposed(dir.to_owned(), above),
    })
}

/// There is none, or none any more: then files of orders without an outcome stand there, or a damaged copy.
fn absent(dir: &Path, file: &Path) -> Result<Inspected, StoreError> {
    if intent_file::is_any(dir).map_err(|why| why.at(dir))? {
        return Err(Why::Lost(file.display().to_string()).at(file));
    }
    match loss::first_untold(file, &[]).map_err(|why| why.at(dir))? {
        Some(lost) => Err(Why::Lost(lost).at(file)),
        None => Ok(Inspected::Absent),
    }
}

/// The rights of what is there by this name, if it is ours and of the right kind.
fn own(path: &Path, is_right: impl Fn(&Metadata) -> bool) -> Result<Option<u32>, StoreError> {
    let Some(found) = paths::look(path)? else { return Ok(None) };
    let why = match () {
        () if found.is_symlink() => Why::Symlink,
        () if !is_right(&found) => Why::WrongKind,
        () if found.uid() != rustix::process::geteuid().as_raw() => Why::NotOurs,
        () if paths::usable(path).is_err() => Why::NotWritable,
        () => return Ok(Some(found.mode() & 0o7777)),
    };
    Err(why.at(path))
}

/// Whether it is whole as it stands.
fn whole(file: &Path) -> Result<bool, Why> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(WAIT)?;
    match connection.execute_batch(database::READING).and_then(|()| damage::read(&connection)) {
        Ok(Finding::Damaged(damage)) => Err(Why::Damaged(damage)),
        Ok(Finding::Newer(found)) => Err(database::newer(found)),
        Ok(Finding::Whole(version)) => lost(&connection, file, version)?.map_or(Ok(true), |lost| Err(Why::Lost(lost))),
        Ok(Finding::ReadOnly) => Ok(true),
        Err(error) if extended(&error) == Some(ffi::SQLITE_READONLY_ROLLBACK) => Ok(false),
        Err(error) => Err(damage::or_error(error).map_or_else(|why| why, Why::Damaged)),
    }
}

/// A file of which the loss stops every order: one that is written down and that nobody has acknowledged, or one that is
/// written down as soon as the journal is opened.
fn lost(connection: &Connection, file: &Path, version: i64) -> Result<Option<String>, Why> {
    // An older version has no table of losses.
    if version != schema::NEWEST {
        return loss::first_untold(file, &[]);
    }
    match loss::unacknowledged(connection)?.first() {
        Some(lost) => Ok(Some(lost.file.clone())),
        None => loss::first_untold(file, &loss::all(connection)?),
    }
}

fn extended(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use rstest::rstest;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A store that nobody has open.
    fn made() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        fs::set_permissions(temp.path(), Permissions::from_mode(0o700)).unwrap();
        drop(Store::open(temp.path()).unwrap());
        temp
    }

    /// Every name below with its bytes and rights.
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
    fn a_whole_store_is_found_and_left_as_it_is(#[case] above: u32, #[case] rights: u32, #[case] told: Option<u32>) {
        let temp = made();
        let file = temp.path().join(FILE);
        fs::set_permissions(&file, Permissions::from_mode(rights)).unwrap();
        fs::set_permissions(temp.path(), Permissions::from_mode(above)).unwrap();
        let before = all(temp.path());
        let exposed =
            |mode| Inspected::Exposed(if above == 0o700 { file.clone() } else { temp.path().to_owned() }, mode);
        assert_eq!(inspect(temp.path()).unwrap(), told.map_or(Inspected::Whole(file.clone()), exposed));
        assert_eq!(all(temp.path()), before);
    }

    #[test]
    fn what_is_not_there_is_not_made() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/b");
        assert_eq!(inspect(&dir).unwrap(), Inspected::Absent);
        assert_eq!(inspect(temp.path()).unwrap(), Inspected::Absent);
        assert_eq!(all(temp.path()), []);
    }

    /// A copy of the files as they are in the middle of a change is what a crash leaves.
    #[test]
    fn what_a_crash_left_is_told_and_left_to_the_next_one() {
        let (temp, other) = (made(), made());
        let connection = Connection::open(temp.path().join(FILE)).unwrap();
        let change = "PRAGMA cache_size = 1; BEGIN; CREATE TABLE more (x); INSERT INTO more VALUES (randomblob(99999))";
        connection.execute_batch(change).unwrap();
        for name in [FILE.to_owned(), format!("{FILE}-journal")] {
            fs::write(other.path().join(&name), fs::read(temp.path().join(&name)).unwrap()).unwrap();
        }
        let before = all(other.path());
        assert_eq!(inspect(other.path()).unwrap(), Inspected::Unfinished(other.path().join(FILE)));
        assert_eq!(all(other.path()), before);
        drop(Store::open(other.path()).unwrap());
        assert_eq!(inspect(other.path()).unwrap(), Inspected::Whole(other.path().join(FILE)));
    }

    #[test]
    fn what_could_not_be_opened_is_told() {
        let temp = made();
        let (dir, file) = (temp.path(), temp.path().join(FILE));
        let why = |dir: &Path| inspect(dir).unwrap_err().why;
        let connection = Connection::open(&file).unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        assert!(matches!(why(dir), Why::Newer { found: 99, .. }));
        connection.execute_batch("PRAGMA user_version = 1; CREATE TABLE more (x)").unwrap();
        assert!(matches!(why(dir), Why::Damaged(_)));
        connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
        assert!(matches!(why(dir), Why::Busy));
        drop(connection);
        fs::write(&file, "not a database, though it has some length").unwrap();
        assert!(matches!(why(dir), Why::Damaged(_)));
        fs::remove_file(&file).unwrap();
        symlink("/etc/passwd", &file).unwrap();
        assert!(matches!(why(dir), Why::Symlink));
        assert!(matches!(why(&file), Why::Symlink));
    }
}
