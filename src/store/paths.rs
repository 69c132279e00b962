//! Paths of the store: the state directory, and files and directories that only their owner can read or replace.
//!
//! Files and directories are created and checked by name alone. The database is never opened here: closing it once
//! more would release this process's locks on it.

use super::{PersistenceError, PersistenceErrorKind};
use crate::domain::{NOT_UTF8, SystemError};
use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use rustix::fs::Access;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The environment variable that names another state directory.
pub const STATE_DIR: &str = "ZEGEL_STATE_DIR";

/// Returns the state directory: the one from the environment, or else the platform's.
///
/// # Errors
/// [`PersistenceErrorKind::NotUtf8`], [`PersistenceErrorKind::RelativePath`] or [`PersistenceErrorKind::NoHome`]. Opening the store
/// shows whether the directory can be used.
pub fn state_dir(get: impl Fn(&str) -> Option<String>) -> Result<PathBuf, PersistenceError> {
    let Some(named) = get(STATE_DIR).filter(|value| !value.trim().is_empty()) else { return platform_state_dir() };
    let dir = PathBuf::from(&named);
    if named == NOT_UTF8 {
        return Err(PersistenceErrorKind::NotUtf8.at_path(&dir));
    }
    if dir.is_absolute() { Ok(dir) } else { Err(PersistenceErrorKind::RelativePath.at_path(&dir)) }
}

fn platform_state_dir() -> Result<PathBuf, PersistenceError> {
    let names =
        AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "zegel".to_owned() };
    let strategy = choose_app_strategy(names).map_err(|_| PersistenceErrorKind::NoHome.at_path(Path::new("~")))?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()))
}

pub(super) fn parent_dir(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

/// Creates a directory that only its owner can access, or restricts an existing one.
pub(super) fn ensure_private_directory(dir: &Path) -> Result<(), PersistenceError> {
    let new: Vec<&Path> = dir.ancestors().take_while(|above| !above.exists()).collect();
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    for above in new {
        sync_parent_directory(above);
    }
    match (made, metadata_no_follow(dir)?) {
        (Err(error), None) => Err(creation_error(&error).at_path(dir)),
        (_, None) => Err(PersistenceErrorKind::MovedAway.at_path(dir)),
        (_, Some(found)) => ensure_private(dir, &found, found.is_dir(), 0o700).map_err(|why| why.at_path(dir)),
    }
}

fn creation_error(error: &io::Error) -> PersistenceErrorKind {
    match PersistenceErrorKind::from(io::Error::from(error.kind())) {
        PersistenceErrorKind::Full => PersistenceErrorKind::Full,
        _ => PersistenceErrorKind::CannotCreate(SystemError::from(error)),
    }
}

/// Restricts an existing file to its owner. Returns true if the file exists.
pub(super) fn ensure_private_file(file: &Path) -> Result<bool, PersistenceError> {
    let Some(found) = metadata_no_follow(file)? else { return Ok(false) };
    ensure_private(file, &found, found.is_file(), 0o600).map_err(|why| why.at_path(file))?;
    Ok(true)
}

/// Creates an empty file that only its owner can access. Fails if the file exists.
pub(super) fn create_private_file(file: &Path) -> Result<(), PersistenceErrorKind> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    Ok(())
}

/// Makes sure that a new name survives a crash of the machine. Some file systems cannot sync a directory; nothing can
/// be done then, and `SQLite` does not insist on it either.
pub(super) fn sync_parent_directory(path: &Path) {
    let _ = path.parent().map(|dir| File::open(dir).and_then(|dir| dir.sync_all()));
}

/// Returns the metadata without following a symbolic link. `None` if nothing has this name.
pub(super) fn metadata_no_follow(path: &Path) -> Result<Option<Metadata>, PersistenceError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(PersistenceErrorKind::from(error).at_path(path)),
    }
}

/// Refuses a path of the wrong kind or owner, and removes rights that are too wide. It never adds rights: someone may
/// have removed them for a reason. The access check at the end reports missing rights before the first write.
fn ensure_private(path: &Path, found: &Metadata, right_kind: bool, rights: u32) -> Result<(), PersistenceErrorKind> {
    if found.is_symlink() {
        return Err(PersistenceErrorKind::Symlink);
    }
    if !right_kind {
        return Err(PersistenceErrorKind::WrongKind);
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(PersistenceErrorKind::NotOurs);
    }
    let mode = found.mode() & 0o7777;
    if mode & !rights != 0 {
        fs::set_permissions(path, Permissions::from_mode(mode & rights))?;
    }
    Ok(check_access(path)?)
}

/// Checks the rights to read and write.
pub(super) fn check_access(path: &Path) -> io::Result<()> {
    rustix::fs::access(path, Access::READ_OK | Access::WRITE_OK).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::os::unix::fs::symlink;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn the_environment_names_the_directory() {
        let dir = |value: &'static str| state_dir(move |name| (name == STATE_DIR).then(|| value.to_owned()));
        assert_eq!(dir("/some/where").unwrap(), Path::new("/some/where"));
        assert!(matches!(dir("some/where").unwrap_err().kind, PersistenceErrorKind::RelativePath));
        for unset in ["", " "] {
            assert_eq!(dir(unset).unwrap(), state_dir(|_| None).unwrap());
        }
        assert!(state_dir(|_| None).unwrap().ends_with("zegel"));
    }

    #[rstest]
    #[case(0o777, 0o700)]
    #[case(0o1750, 0o700)]
    #[case(0o500, 0o500)]
    fn permissions_are_removed_and_never_added(#[case] before: u32, #[case] after: u32) {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a");
        ensure_private_directory(&dir).unwrap();
        assert_eq!(mode(&dir), 0o700);
        fs::set_permissions(&dir, Permissions::from_mode(before)).unwrap();
        let result = ensure_private_directory(&dir).map_err(|error| error.kind);
        assert_eq!(mode(&dir), after);
        let enough = after == 0o700 || rustix::process::geteuid().is_root();
        assert_eq!(result, if enough { Ok(()) } else { Err(PersistenceErrorKind::NotWritable) });
    }

    #[test]
    fn file_permissions_are_tightened_too() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("f");
        assert!(!ensure_private_file(&file).unwrap());
        create_private_file(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        fs::set_permissions(&file, Permissions::from_mode(0o664)).unwrap();
        assert!(ensure_private_file(&file).unwrap());
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn a_directory_is_created_with_its_parents() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/b/c");
        ensure_private_directory(&dir).unwrap();
        assert_eq!((mode(&dir), mode(dir.parent().unwrap())), (0o700, 0o700));
    }

    #[test]
    fn a_path_that_is_no_plain_directory_or_file_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let path = |name: &str| temp.path().join(name);
        symlink(temp.path(), path("link")).unwrap();
        symlink(path("nowhere"), path("dangling")).unwrap();
        fs::write(path("file"), "").unwrap();
        let why = |path: &Path| ensure_private_directory(path).unwrap_err().kind;
        assert!(matches!(why(&path("link")), PersistenceErrorKind::Symlink));
        assert!(matches!(why(&path("dangling")), PersistenceErrorKind::Symlink));
        assert!(matches!(why(&path("file")), PersistenceErrorKind::WrongKind));
        assert!(matches!(why(&path("file/below")), PersistenceErrorKind::CannotCreate(_)));
        assert!(matches!(ensure_private_file(&path("link")).unwrap_err().kind, PersistenceErrorKind::Symlink));
        assert!(matches!(ensure_private_file(temp.path()).unwrap_err().kind, PersistenceErrorKind::WrongKind));
    }

    #[test]
    fn a_path_of_another_owner_is_refused() {
        // Root can give a directory away. Other users use a directory that belongs to root.
        let temp = tempfile::tempdir().unwrap();
        let root = rustix::process::geteuid().is_root();
        let dir = if root { temp.path().to_owned() } else { PathBuf::from("/") };
        if root {
            std::os::unix::fs::chown(&dir, Some(65_534), None).unwrap();
        }
        assert!(matches!(ensure_private_directory(&dir).unwrap_err().kind, PersistenceErrorKind::NotOurs));
    }
}
