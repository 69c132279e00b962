//! Files of the user: reading them whole, and writing them so that nobody ever finds a partial file.
//!
//! A file is written beside its place and put there in one step, and only if the old file is still the one that was
//! read. A symbolic link is followed and stays. This module does not interpret files, and `messages` words the errors.

mod path_completion;

pub use path_completion::complete_path;

use crate::domain::{FileDigest, FileError, FileErrorKind, LoadedFile, SystemError};
use crate::secret::SecretText;
use rustix::fs::{Gid, Uid, fchown};
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use zeroize::Zeroize;

/// More bytes than any payload has; a larger file is something else.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The mode of a new file: only the owner may read an order until they allow more.
const NEW_FILE_MODE: u32 = 0o600;

/// Reads a whole file.
///
/// # Errors
/// The file cannot be read, is too large, or is not UTF-8.
pub fn read_file(path: &Path) -> Result<LoadedFile, FileError> {
    let bytes = read_bytes(path).map_err(|error| file_error_from_io(path, &error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(file_error(path, FileErrorKind::TooLarge));
    }
    let stamp = compute_stamp(&bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(LoadedFile { text: SecretText::from(text), digest: stamp }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            error.into_bytes().zeroize();
            Err(file_error(path, FileErrorKind::NoText(at)))
        }
    }
}

/// Reads the bytes of a file, at most one more than the limit.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe or a device might block forever.
    let file =
        OpenOptions::new().read(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(ErrorKind::IsADirectory.into());
    }
    // The buffer has room for all of it. If it grew, copies would stay in memory.
    let mut bytes = Vec::with_capacity(usize::try_from(about.len().min(MAX_FILE_BYTES) + 2).unwrap_or_default());
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn compute_stamp(bytes: &[u8]) -> FileDigest {
    FileDigest(Sha256::digest(bytes).into())
}

/// Writes a file: over the one with digest `over`, or a new one where none may exist. Returns the real path and the
/// new digest.
///
/// # Errors
/// The file cannot be written, or is no longer the one that was read. The file is then unchanged.
pub fn write_file(path: &Path, text: &str, over: Option<FileDigest>) -> Result<(PathBuf, FileDigest), FileError> {
    let place = resolve_path(path)?;
    let before = over.map(|stamp| check_unchanged(&place, stamp)).transpose()?;
    let dir = place.parent().unwrap_or(Path::new("/"));
    let failed = |error: io::Error| file_error_from_io(&place, &error);
    let file = write_temp_file(dir, text, before.as_ref()).map_err(|error| directory_error(dir, &place, &error))?;
    if let Some(stamp) = over {
        // A short moment remains between this check and the next step; no file system can close it.
        check_unchanged(&place, stamp)?;
        file.persist(&place).map_err(|error| failed(error.error))?;
    } else {
        file.persist_noclobber(&place).map_err(|error| failed(error.error))?;
    }
    // This puts the new name on disk too. Some file systems do not support it, and the file is there either way.
    let _ = File::open(dir).and_then(|dir| dir.sync_all());
    Ok((place, compute_stamp(text.as_bytes())))
}

/// Returns the path where a file really is, or would be: symbolic links are followed.
fn resolve_path(path: &Path) -> Result<PathBuf, FileError> {
    match fs::canonicalize(path) {
        Ok(place) => return Ok(place),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(file_error_from_io(path, &error)),
        // A dangling link is no place for a file.
        Err(error) if path.is_symlink() => return Err(file_error_from_io(path, &error)),
        Err(_) => {}
    }
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| file_error(path, FileErrorKind::NoFile))?;
    let whole = fs::canonicalize(dir).map_err(|error| directory_error(dir, dir, &error))?;
    Ok(whole.join(name))
}

/// Checks that a file still has this digest and may be written, and returns its metadata.
fn check_unchanged(place: &Path, stamp: FileDigest) -> Result<Metadata, FileError> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => file_error(place, FileErrorKind::Changed),
        _ => file_error_from_io(place, &error),
    };
    let mut now = read_bytes(place).map_err(failed)?;
    let same = self::compute_stamp(&now) == stamp;
    now.zeroize();
    if !same {
        return Err(file_error(place, FileErrorKind::Changed));
    }
    // Replacing a file needs only permission on the directory. But a read-only file is read-only on purpose.
    let file = OpenOptions::new().append(true).open(place).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.mode() & 0o222 == 0 { Err(file_error(place, FileErrorKind::ReadOnly)) } else { Ok(about) }
}

/// Writes the text to a temporary file on disk, with the permissions of the file that it replaces.
fn write_temp_file(dir: &Path, text: &str, before: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".zegel-")
        .permissions(Permissions::from_mode(NEW_FILE_MODE))
        .tempfile_in(dir)?;
    file.write_all(text.as_bytes())?;
    if let Some(before) = before {
        file.as_file().set_permissions(Permissions::from_mode(replacement_mode(file.as_file(), before)?))?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Returns the permissions of the replaced file. If the group cannot be kept, the other group gets none.
fn replacement_mode(file: &File, before: &Metadata) -> io::Result<u32> {
    let now = file.metadata()?;
    let owner = (now.uid() != before.uid()).then(|| Uid::from_raw(before.uid()));
    let group = (now.gid() != before.gid()).then(|| Gid::from_raw(before.gid()));
    let mode = before.mode() & 0o777;
    let stored =
        owner.is_none() && group.is_none() || fchown(file, owner, group).is_ok() || fchown(file, None, group).is_ok();
    Ok(if stored { mode } else { mode & 0o707 })
}

fn file_error(path: &Path, kind: FileErrorKind) -> FileError {
    FileError { path: path.display().to_string(), kind }
}

/// Converts an error of the system for a file.
pub(crate) fn file_error_from_io(path: &Path, error: &io::Error) -> FileError {
    let kind = match error.kind() {
        ErrorKind::NotFound => FileErrorKind::Missing,
        ErrorKind::NotADirectory => FileErrorKind::NoDirectory,
        ErrorKind::PermissionDenied => FileErrorKind::Denied,
        ErrorKind::ReadOnlyFilesystem => FileErrorKind::ReadOnly,
        ErrorKind::IsADirectory => FileErrorKind::NoFile,
        ErrorKind::AlreadyExists => FileErrorKind::Exists,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => FileErrorKind::Full,
        _ => FileErrorKind::System(SystemError::from(error)),
    };
    FileError { path: path.display().to_string(), kind }
}

/// Converts an error of the system for a new file: the directory is missing or not writable, not the file.
fn directory_error(dir: &Path, place: &Path, error: &io::Error) -> FileError {
    match error.kind() {
        ErrorKind::NotFound => FileError { kind: FileErrorKind::NoDirectory, ..file_error_from_io(dir, error) },
        ErrorKind::PermissionDenied => file_error_from_io(dir, error),
        _ => file_error_from_io(place, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::os::unix::fs::symlink;

    fn dir() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    /// Returns the names in a directory.
    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_read_file_is_replaced_with_its_permissions_and_without_remains() {
        let dir = dir();
        let path = dir.path().join("order.json");
        fs::write(&path, "{}").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let loaded = read_file(&path).unwrap();
        assert_eq!(loaded.text.expose(), "{}");
        let (place, stamp) = write_file(&path, "{\"a\": 1}", Some(loaded.digest)).unwrap();
        assert_eq!((place, stamp), (path.canonicalize().unwrap(), read_file(&path).unwrap().digest));
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), mode(&path)), ("{\"a\": 1}", 0o640));
        assert_eq!(names(dir.path()), ["order.json"]);
    }

    #[test]
    fn a_new_file_is_private_and_never_replaces_another() {
        let dir = dir();
        let path = dir.path().join("new.json");
        write_file(&path, "1", None).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), mode(&path)), ("1", 0o600));
        assert_eq!(write_file(&path, "2", None).unwrap_err().kind, FileErrorKind::Exists);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(dir.path()).len()), ("1", 1));
    }

    #[test]
    fn a_link_is_followed_and_kept() {
        let dir = dir();
        let (real, link) = (dir.path().join("real.json"), dir.path().join("link.json"));
        fs::write(&real, "1").unwrap();
        symlink("real.json", &link).unwrap();
        write_file(&link, "2", Some(read_file(&link).unwrap().digest)).unwrap();
        assert!(link.is_symlink() && !real.is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "2");
        symlink("nowhere", dir.path().join("lost")).unwrap();
        assert_eq!(write_file(&dir.path().join("lost"), "3", None).unwrap_err().kind, FileErrorKind::Missing);
    }

    #[test]
    fn a_changed_or_removed_file_is_not_overwritten() {
        let dir = dir();
        let path = dir.path().join("order.json");
        fs::write(&path, "1").unwrap();
        let stamp = read_file(&path).unwrap().digest;
        fs::write(&path, "theirs").unwrap();
        assert_eq!(write_file(&path, "2", Some(stamp)).unwrap_err().kind, FileErrorKind::Changed);
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        fs::remove_file(&path).unwrap();
        assert_eq!(write_file(&path, "2", Some(stamp)).unwrap_err().kind, FileErrorKind::Changed);
        assert_eq!(names(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn a_read_only_file_is_unchanged() {
        let dir = dir();
        let path = dir.path().join("order.json");
        fs::write(&path, "1").unwrap();
        let stamp = read_file(&path).unwrap().digest;
        fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        let error = write_file(&path, "2", Some(stamp)).unwrap_err();
        // For root the mode refuses the write, for other users the system.
        assert!(matches!(error.kind, FileErrorKind::ReadOnly | FileErrorKind::Denied), "{error:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "1");
    }

    #[rstest]
    #[case("missing.json", FileErrorKind::Missing)]
    #[case("nowhere/order.json", FileErrorKind::Missing)]
    #[case("plain/order.json", FileErrorKind::NoDirectory)]
    #[case(".", FileErrorKind::NoFile)]
    #[case("large", FileErrorKind::TooLarge)]
    #[case("latin", FileErrorKind::NoText(2))]
    fn an_unreadable_file_is_an_error_with_its_cause(#[case] name: &str, #[case] why: FileErrorKind) {
        let dir = dir();
        fs::write(dir.path().join("plain"), "1").unwrap();
        fs::write(dir.path().join("large"), vec![b' '; usize::try_from(MAX_FILE_BYTES).unwrap() + 1]).unwrap();
        fs::write(dir.path().join("latin"), b"ab\xe9").unwrap();
        let error = read_file(&dir.path().join(name)).unwrap_err();
        assert_eq!(error.kind, why);
        assert!(error.path.ends_with(name), "{error}");
    }

    #[rstest]
    #[case("gone/order.json", FileErrorKind::NoDirectory)]
    #[case("plain/order.json", FileErrorKind::NoDirectory)]
    #[case("..", FileErrorKind::Exists)]
    fn an_unwritable_file_is_an_error_with_its_cause(#[case] name: &str, #[case] why: FileErrorKind) {
        let dir = dir();
        fs::write(dir.path().join("plain"), "1").unwrap();
        assert_eq!(write_file(&dir.path().join(name), "2", None).unwrap_err().kind, why);
    }
}
