//! The quarantine: renames a damaged file to a free name, together with its rollback journal.
//!
//! Nothing is deleted or overwritten. The caller is alone with the store, so no other process has the file open.

use super::loss::DAMAGED_INFIX;
use super::{PersistenceError, PersistenceErrorKind, paths};
use crate::domain::DatabaseDamage;
use rustix::fs::{CWD, RenameFlags};
use rustix::io::Errno;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The suffixes of the files that `SQLite` keeps beside a database. A stray one would be taken for the new file's
/// own, and damage it.
pub(super) const COMPANION_SUFFIXES: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The files that were set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedFiles {
    /// The new paths: the database, and then its companions.
    pub files: Vec<PathBuf>,
    pub damage: DatabaseDamage,
}

/// Sets a file and its existing companions aside. If nothing exists, the last file that was set aside is returned: a
/// crash may have come before it could be reported.
pub(super) fn quarantine_files(
    file: &Path,
    damage: DatabaseDamage,
) -> Result<Option<QuarantinedFiles>, PersistenceError> {
    let number = free_number(file)?;
    let mut files = Vec::new();
    // The database is renamed first. A half-written database without its journal could be taken for a complete one.
    for companion in [""].into_iter().chain(COMPANION_SUFFIXES) {
        let (name, to) = (path_with_suffix(file, companion), quarantine_path(file, number, companion));
        if paths::metadata_no_follow(&name)?.is_some() {
            rename_to_free_name(&name, &to).map_err(|why| why.at_path(&name))?;
            files.push(to);
        }
    }
    paths::sync_parent_directory(file);
    if files.is_empty() && number > 1 {
        files.push(quarantine_path(file, number - 1, ""));
    }
    Ok((!files.is_empty()).then_some(QuarantinedFiles { files, damage }))
}

fn quarantine_path(file: &Path, number: u32, companion: &str) -> PathBuf {
    path_with_suffix(file, &format!("{DAMAGED_INFIX}{number}{companion}"))
}

/// Returns the first number for which the names of the file and of all companions are free.
fn free_number(file: &Path) -> Result<u32, PersistenceError> {
    let mut number = 1;
    while is_number_taken(file, number)? {
        number += 1;
    }
    Ok(number)
}

fn is_number_taken(file: &Path, number: u32) -> Result<bool, PersistenceError> {
    let mut taken = false;
    for companion in [""].into_iter().chain(COMPANION_SUFFIXES) {
        taken |= paths::metadata_no_follow(&quarantine_path(file, number, companion))?.is_some();
    }
    Ok(taken)
}

pub(super) fn path_with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

/// Renames a file without overwriting another. Some file systems cannot guarantee that; there, the earlier check must
/// suffice.
pub(super) fn rename_to_free_name(from: &Path, to: &Path) -> Result<(), PersistenceErrorKind> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if fs::symlink_metadata(to).is_err() => {
            Ok(fs::rename(from, to)?)
        }
        renamed => Ok(renamed.map_err(io::Error::from)?),
    }
}

/// Removes a file, if it exists.
pub(super) fn remove_if_present(file: &Path) -> Result<(), PersistenceErrorKind> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_aside_overwrites_nothing_and_keeps_companions_together() {
        let temp = tempfile::tempdir().unwrap();
        let path = |name: &str| temp.path().join(name);
        for name in ["f", "f-journal", "f.damaged-1", "f.damaged-2-wal"] {
            fs::write(path(name), name).unwrap();
        }
        let set_aside = quarantine_files(&path("f"), DatabaseDamage::Schema).unwrap().unwrap();
        assert_eq!(set_aside.files, [path("f.damaged-3"), path("f.damaged-3-journal")]);
        assert_eq!(set_aside.damage, DatabaseDamage::Schema);
        let kept = [("f.damaged-1", "f.damaged-1"), ("f.damaged-2-wal", "f.damaged-2-wal"), ("f.damaged-3", "f")];
        for (name, text) in kept {
            assert_eq!(fs::read_to_string(path(name)).unwrap(), text);
        }
    }

    #[test]
    fn a_stray_journal_is_set_aside_and_no_file_is_no_error() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("f");
        assert_eq!(quarantine_files(&file, DatabaseDamage::Absent).unwrap(), None);
        fs::write(path_with_suffix(&file, "-journal"), "x").unwrap();
        let files = quarantine_files(&file, DatabaseDamage::Absent).unwrap().unwrap().files;
        assert_eq!(files, [path_with_suffix(&file, ".damaged-1-journal")]);
    }

    #[test]
    fn a_file_is_never_renamed_to_an_existing_name() {
        let temp = tempfile::tempdir().unwrap();
        let (from, to) = (temp.path().join("a"), temp.path().join("b"));
        fs::write(&from, "a").unwrap();
        fs::write(&to, "b").unwrap();
        rename_to_free_name(&from, &to).unwrap_err();
        assert_eq!((fs::read(&from).unwrap(), fs::read(&to).unwrap()), (b"a".to_vec(), b"b".to_vec()));
    }
}
