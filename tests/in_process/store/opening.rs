//! The state before opening: no store, too wide permissions, another user, a directory that cannot be written.

use crate::common::store_child::Child;
use crate::common::store_samples::{directory, intent, whole};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zegel::store::{DATABASE_FILE, PersistenceErrorKind, Store};

/// A user who is not root and is therefore subject to permissions.
const NOBODY: u32 = 65_534;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn all_files_are_private_and_no_temporary_file_is_left() {
    let temp = directory();
    let dir = temp.path().join("a/zegel");
    let mut store = whole(&dir);
    store.record_intent(&intent(None)).unwrap();
    assert_eq!(names(&dir), ["intent-1.json", "locks", DATABASE_FILE]);
    let files = [&dir.join("intent-1.json"), store.database_file()].map(mode);
    assert_eq!((mode(&dir), mode(&dir.join("locks")), files), (0o700, 0o700, [0o600, 0o600]));
    for name in names(&dir.join("locks")) {
        assert_eq!(mode(&dir.join("locks").join(name)), 0o600);
    }
}

#[test]
fn too_wide_permissions_are_removed() {
    let temp = directory();
    let file = whole(temp.path()).database_file().to_owned();
    fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o777)).unwrap();
    drop(whole(temp.path()));
    assert_eq!((mode(temp.path()), mode(&file)), (0o700, 0o600));
}

#[test]
fn a_link_in_place_of_the_file_is_refused() {
    let (temp, other) = (directory(), directory());
    let file = whole(other.path()).database_file().to_owned();
    symlink(&file, temp.path().join(DATABASE_FILE)).unwrap();
    assert!(matches!(Store::open(temp.path()).unwrap_err().kind, PersistenceErrorKind::Symlink));
}

#[test]
fn a_directory_that_cannot_be_created_is_an_error() {
    let error = Store::open(Path::new("/proc/zegel/state")).unwrap_err();
    assert!(matches!(error.kind, PersistenceErrorKind::CannotCreate(_)), "{error}");
}

#[test]
fn several_processes_share_the_store_and_see_each_others_writes() {
    let temp = directory();
    let (mut one, mut other) = (whole(temp.path()), whole(temp.path()));
    let id = one.record_intent(&intent(Some(1))).unwrap();
    assert_eq!(other.list_open_intents().unwrap()[0].id, id);
    assert!(
        matches!(other.record_intent(&intent(Some(1))).unwrap_err().kind, PersistenceErrorKind::Blocked(at) if at == id)
    );
    assert_ne!(other.record_intent(&intent(Some(2))).unwrap(), id);
}

#[test]
fn only_one_of_many_processes_creates_the_store() {
    let temp = tempfile::tempdir().unwrap();
    let begun = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| Store::open(temp.path()).unwrap().store.record_intent(&intent(None))))
            .collect();
        tries.into_iter().flat_map(|one| one.join().unwrap()).count()
    });
    assert_eq!(begun, 1);
}

/// Returns this program and a directory, both for a user who is subject to permissions.
fn for_nobody() -> (TempDir, PathBuf, PathBuf, Option<u32>) {
    let temp = tempfile::tempdir().unwrap();
    let (program, dir) = (temp.path().join("program"), temp.path().join("state"));
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::create_dir(&dir).unwrap();
    let root = rustix::process::geteuid().is_root();
    if root {
        fs::set_permissions(temp.path(), Permissions::from_mode(0o755)).unwrap();
        chown(&dir, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    (temp, program, dir, root.then_some(NOBODY))
}

#[test]
fn an_unwritable_directory_is_an_error_and_keeps_its_files() {
    let (_temp, program, dir, user) = for_nobody();
    let mut child = Child::start(&program, "write", &dir, user);
    assert_eq!(child.hear().as_deref(), Some("NotWritable"));
    assert_eq!(child.hear().as_deref(), Some("1"));
    drop(child);
    let mut child = Child::start(&program, "open", &dir, user);
    let output = child.hear();
    fs::set_permissions(&dir, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(output.as_deref(), Some("NotWritable"));
    let mut child = Child::start(&program, "open", &dir, user);
    assert_eq!(child.hear().as_deref(), Some("open"));
}
