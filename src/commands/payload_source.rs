//! The files of payloads: which files a path means, and their bytes, limited to the maximum size of an order.
//!
//! This module does not interpret the contents.

use super::wait_notice::{NoticeReader, WaitNotice};
use crate::form::lint::MAX_TEXT_BYTES;
use crate::i18n::{Translations, texts, with};
use crate::messages;
use std::ffi::OsStr;
use std::fs::{DirEntry, File, FileType};
use std::io::{self, IsTerminal, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The path that means standard input.
const STDIN: &str = "-";

/// Why a path gives no payload.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum PayloadReadError {
    /// The path is a device, which may never end or have side effects: the user names a file or a pipe.
    Device,
    /// The folder has no payloads: the user names another, or a file.
    EmptyFolder,
    /// The system refuses to read the path: the user corrects its name or permissions.
    System(#[from] io::Error),
}

impl PayloadReadError {
    pub(super) fn message(&self, lang: &Translations, path: &Path) -> String {
        let why = match self {
            Self::EmptyFolder => return lang.format(texts::check::EMPTY, with::Path(&path.display())),
            Self::Device => lang.text(texts::check::DEVICE).to_owned(),
            Self::System(error) => messages::system_words(lang, error.into()),
        };
        lang.format(texts::check::UNREADABLE, (with::Path(&path.display()), with::Why(&why)))
    }
}

/// Returns true if the path means standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Returns the files that a path means. A folder means the `*.json` files in it, in upper or lower case, sorted by
/// name, without subfolders. Other entries are skipped, but not a dangling link, because it was meant to be a file.
///
/// # Errors
/// The folder cannot be read, or has no such file: a user who names a folder expects some.
pub(super) fn payload_files(path: &Path) -> Result<Vec<PathBuf>, PayloadReadError> {
    if is_stdin(path) || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if is_json(&name) && may_be_file(&entry) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(PayloadReadError::EmptyFolder);
    }
    names.sort_unstable();
    Ok(names.into_iter().map(|name| path.join(name)).collect())
}

fn is_json(name: &OsStr) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn may_be_file(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
        || std::fs::metadata(entry.path()).map_or(true, |found| found.is_file())
}

/// Reads the bytes of a file. They are wiped after use, because they may contain card data. From a file that is too
/// long, it reads one byte more than an order can have. A named pipe is read like standard input: until the writer
/// closes it.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read_payload(lang: &Translations, path: &Path) -> Result<Zeroizing<Vec<u8>>, PayloadReadError> {
    if is_stdin(path) {
        let id = if io::stdin().is_terminal() { texts::waiting::TYPED } else { texts::waiting::STDIN };
        let notice = WaitNotice::start(lang.text(id).to_owned());
        return Ok(read_limited(NoticeReader::new(io::stdin().lock(), notice), 0)?);
    }
    // Opening some devices already has side effects.
    let kind = std::fs::metadata(path)?.file_type();
    if is_device(kind) {
        return Err(PayloadReadError::Device);
    }
    if kind.is_fifo() {
        // The call blocks until a writer opens the pipe.
        let notice = WaitNotice::start(lang.format(texts::waiting::PIPE, with::Path(&path.display())));
        return Ok(read_limited(NoticeReader::new(open_file(path)?, notice), 0)?);
    }
    let file = open_file(path)?;
    let length = file.metadata()?.len();
    Ok(read_limited(file, length)?)
}

/// Opens a file, and checks again that it is no device.
fn open_file(path: &Path) -> Result<File, PayloadReadError> {
    let file = File::open(path)?;
    if is_device(file.metadata()?.file_type()) { Err(PayloadReadError::Device) } else { Ok(file) }
}

fn is_device(kind: FileType) -> bool {
    kind.is_char_device() || kind.is_block_device()
}

/// Reads into a buffer of the right size: a growing buffer would leave copies of its bytes in memory.
fn read_limited(source: impl Read, length: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = MAX_TEXT_BYTES as u64 + 1;
    let room = if length == 0 { most } else { most.min(length + 1) };
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(room).unwrap_or(MAX_TEXT_BYTES)));
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
