//! A key in a file of its own, which only its owner can read.
//!
//! A file that others can read, a link, and a file of another user are refused. Their permissions stay as they are, so
//! that the person who set them notices. This module does not know whose key the file holds.

use super::parse_key;
use crate::domain::{ApiKeyError, ApiKeyErrorKind, SystemError};
use crate::secret::{SECRET_CAPACITY, Secret};
use rustix::fs::OFlags;
use rustix::process::geteuid;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// More bytes than a key with white space around it has.
const MAX_FILE_BYTES: usize = 2 * SECRET_CAPACITY;

/// The permissions of everyone except the owner.
const OTHERS_MODE: u32 = 0o077;

pub(super) fn read_key(path: &Path) -> Result<Secret, ApiKeyError> {
    // A link may lead to what another user put there. Opening a pipe would block.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)
        .map_err(|error| key_error_from_io(path, &error))?;
    let found = file.metadata().map_err(|error| key_error_from_io(path, &error))?;
    check_owner(path, &found)?;
    check_private(path, &found)?;
    let mut held = Zeroizing::new(vec![0; MAX_FILE_BYTES + 1]);
    let length = fill_buffer(&file, &mut held).map_err(|error| key_error_from_io(path, &error))?;
    // A full buffer means that the file is larger than the limit.
    let held = if length > MAX_FILE_BYTES { &[] } else { &held[..length] };
    parse_key(held, &path.display().to_string())
}

/// Reads to the end of the file or of the buffer. The buffer does not grow, so that no copy of the key stays behind.
fn fill_buffer(mut file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Writes the key to a new file that replaces the old one: nobody ever finds a partial key, or one that others can
/// read.
pub(super) fn write_key(path: &Path, key: &Secret) -> Result<(), ApiKeyError> {
    if let Some(found) = file_metadata(path)? {
        check_owner(path, &found)?;
        check_private(path, &found)?;
    }
    let failed = |error| key_error_from_io(path, &error);
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    let file = create_temp_file(dir).map_err(failed)?;
    // Some file systems let everyone read everything, whatever mode zegel sets.
    check_private(path, &file.as_file().metadata().map_err(failed)?)?;
    write_key_line(&file, key).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    // This puts the new name on disk too. Some file systems do not support it, and the file is there either way.
    let _ = File::open(dir).and_then(|dir| dir.sync_all());
    Ok(())
}

fn create_temp_file(dir: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".zegel-").permissions(Permissions::from_mode(0o600)).tempfile_in(dir)
}

fn write_key_line(file: &NamedTempFile, key: &Secret) -> io::Result<()> {
    let mut file = file.as_file();
    file.write_all(key.expose().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

pub(super) fn remove_key(path: &Path) -> Result<(), ApiKeyError> {
    let found = file_metadata(path)?.ok_or_else(|| key_error(ApiKeyErrorKind::Absent, path))?;
    check_owner(path, &found)?;
    fs::remove_file(path).map_err(|error| key_error_from_io(path, &error))
}

/// Returns the metadata of what has this name. Links are not followed.
fn file_metadata(path: &Path) -> Result<Option<Metadata>, ApiKeyError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(key_error_from_io(path, &error)),
    }
}

/// Checks that it is an ordinary file of this user.
fn check_owner(path: &Path, found: &Metadata) -> Result<(), ApiKeyError> {
    let is_own = found.is_file() && found.uid() == geteuid().as_raw();
    if is_own { Ok(()) } else { Err(key_error(ApiKeyErrorKind::NotOurs, path)) }
}

/// Checks that no one else has any permission.
fn check_private(path: &Path, found: &Metadata) -> Result<(), ApiKeyError> {
    let mode = found.mode() & 0o7777;
    if mode & OTHERS_MODE == 0 {
        return Ok(());
    }
    Err(ApiKeyError::new(ApiKeyErrorKind::Exposed, format!("{} ({mode:04o})", path.display())))
}

fn key_error_from_io(path: &Path, error: &io::Error) -> ApiKeyError {
    let is_link = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    match error.kind() {
        _ if is_link => key_error(ApiKeyErrorKind::NotOurs, path),
        ErrorKind::NotFound => key_error(ApiKeyErrorKind::Absent, path),
        _ => key_error(ApiKeyErrorKind::File(SystemError::from(error)), path),
    }
}

fn key_error(cause: ApiKeyErrorKind, path: &Path) -> ApiKeyError {
    ApiKeyError::new(cause, path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;
    use tempfile::TempDir;

    /// Returns a file with this text and this mode.
    fn file(text: &[u8], mode: u32) -> (TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("main.key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (dir, path)
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    fn names(dir: &Path) -> Vec<String> {
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[rstest]
    #[case(0o600)]
    #[case(0o400)]
    fn a_private_key_file_is_read(#[case] mode: u32) {
        let (_dir, path) = file(b" made-up\r\n", mode);
        assert_eq!(read_key(&path).unwrap().expose(), "made-up");
    }

    #[rstest]
    #[case(0o640)]
    #[case(0o604)]
    #[case(0o610)]
    #[case(0o620)]
    fn a_key_file_open_to_others_is_refused_and_left_unchanged(#[case] rights: u32) {
        let (dir, path) = file(b"made-up", rights);
        let refused = ApiKeyError::new(ApiKeyErrorKind::Exposed, format!("{} (0{rights:o})", path.display()));
        assert_eq!(read_key(&path).unwrap_err(), refused);
        assert_eq!(write_key(&path, &Secret::from("other")).unwrap_err(), refused);
        assert_eq!((fs::read(&path).unwrap().as_slice(), mode(&path)), (b"made-up".as_slice(), rights));
        assert_eq!(names(dir.path()), ["main.key"]);
    }

    #[rstest]
    #[case::blank(b" \n", true)]
    #[case::two_lines(b"made\nup", true)]
    #[case::no_text(b"\xff\xfe", true)]
    #[case::at_the_limit(&[b' '; MAX_FILE_BYTES], true)]
    #[case::over_it(&[b' '; MAX_FILE_BYTES + 1], true)]
    #[case::a_key_and_white_space_over_it(b"made-up", false)]
    fn a_file_without_a_key_is_an_error(#[case] text: &[u8], #[case] whole: bool) {
        let mut text = text.to_vec();
        if !whole {
            text.resize(MAX_FILE_BYTES + 1, b' ');
        }
        let (_dir, path) = file(&text, 0o600);
        assert_eq!(read_key(&path).unwrap_err(), key_error(ApiKeyErrorKind::NotAKey, &path));
    }

    #[test]
    fn a_link_is_not_followed_and_not_replaced() {
        let (dir, path) = file(b"made-up", 0o600);
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        let refused = key_error(ApiKeyErrorKind::NotOurs, &link);
        assert_eq!(read_key(&link).unwrap_err(), refused);
        assert_eq!(write_key(&link, &Secret::from("other")).unwrap_err(), refused);
        assert_eq!(remove_key(&link).unwrap_err(), refused);
        assert!(link.is_symlink());
        assert_eq!(read_key(&path).unwrap().expose(), "made-up");
    }

    fn below_a_file() -> ApiKeyErrorKind {
        let code = Some(rustix::io::Errno::NOTDIR.raw_os_error());
        ApiKeyErrorKind::File(SystemError { kind: ErrorKind::NotADirectory, code })
    }

    #[rstest]
    #[case::a_directory(".", ApiKeyErrorKind::NotOurs)]
    #[case::nothing("missing.key", ApiKeyErrorKind::Absent)]
    #[case::no_such_directory("missing/main.key", ApiKeyErrorKind::Absent)]
    #[case::a_file_as_a_directory("main.key/more", below_a_file())]
    fn a_path_that_is_no_file_is_an_error_with_its_cause(#[case] name: &str, #[case] cause: ApiKeyErrorKind) {
        let (dir, _path) = file(b"made-up", 0o600);
        let path = dir.path().join(name);
        for error in [read_key(&path).unwrap_err(), remove_key(&path).unwrap_err()] {
            assert_eq!(error, key_error(cause, &path));
        }
    }

    #[test]
    fn a_pipe_is_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert_eq!(read_key(&path).unwrap_err(), key_error(ApiKeyErrorKind::NotOurs, &path));
    }

    #[test]
    fn a_written_key_file_is_private_and_readable() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/keys/main.key");
        for key in ["first", "second"] {
            write_key(&path, &Secret::from(key)).unwrap();
            assert_eq!(read_key(&path).unwrap().expose(), key);
        }
        let above = path.parent().unwrap();
        assert_eq!((mode(&path), mode(above), mode(above.parent().unwrap())), (0o600, 0o700, 0o700));
        assert_eq!(names(above), ["main.key"]);
        remove_key(&path).unwrap();
        assert_eq!(names(above), Vec::<String>::new());
    }

    #[test]
    fn a_failed_write_names_the_path() {
        let (dir, _path) = file(b"", 0o600);
        let path = dir.path().join("main.key/new.key");
        let error = write_key(&path, &Secret::from("made-up")).unwrap_err();
        assert!(matches!(error.kind, ApiKeyErrorKind::File(_)), "{error}");
        assert_eq!(error.detail, path.display().to_string());
    }
}
