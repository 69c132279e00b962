//! Payloads as files: which ones a path means, and their bytes, of which no more are read than an order can have.
//!
//! What is in them is not looked at here.

use crate::form::audit::LONGEST;
use std::ffi::OsStr;
use std::fs::{DirEntry, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The path that means standard input.
const STDIN: &str = "-";

/// Whether a path means standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// The files that a path means: a folder means the `*.json` in it, by name, and nothing below. What is no file is passed
/// over there; a link that leads nowhere is not, because somebody means it to be one.
///
/// # Errors
/// Where the folder cannot be read.
pub(super) fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if is_stdin(path) || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if Path::new(&name).extension() == Some(OsStr::new("json")) && may_be_file(&entry) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names.into_iter().map(|name| path.join(name)).collect())
}

fn may_be_file(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
        || std::fs::metadata(entry.path()).map_or(true, |found| found.is_file())
}

/// The bytes of a file, wiped after use because card data may be among them. Of one that is too long there is one byte
/// more than an order can have.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    if is_stdin(path) {
        return whole(io::stdin().lock(), 0);
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    whole(file, length)
}

/// A buffer of the right size is made at once: one that grows leaves its bytes behind.
fn whole(source: impl Read, length: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = LONGEST as u64 + 1;
    let room = if length == 0 { most } else { most.min(length + 1) };
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(room).unwrap_or(LONGEST)));
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
