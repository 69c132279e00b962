//! Completion of a partly typed file name: the entries of its directory that begin with it.
//!
//! Directories and `*.json` come first, because users look for those. Names that are not UTF-8 cannot be typed, so
//! they are skipped.

use super::directory_error;
use crate::domain::{FileError, PathCompletion};
use std::fs::{self, DirEntry};
use std::path::Path;

/// At most this many names are listed; the others are only counted.
const MAX_LISTED_NAMES: usize = 300;

/// Returns the entries of a directory that begin with `prefix`. A hidden entry matches only if the prefix begins with
/// a dot.
///
/// # Errors
/// The directory cannot be read.
pub fn complete_path(dir: &Path, prefix: &str) -> Result<PathCompletion, FileError> {
    let entries = fs::read_dir(dir).map_err(|error| directory_error(dir, dir, &error))?;
    let fits = |name: &str| name.starts_with(prefix) && (!name.starts_with('.') || prefix.starts_with('.'));
    let mut found: Vec<(bool, String)> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| directory_error(dir, dir, &error))?;
        if let Some(name) = entry.file_name().into_string().ok().filter(|name| fits(name)) {
            found.push(rank_entry(&entry, name));
        }
    }
    found.sort();
    let wanted = found.iter().filter(|(other, _)| !other).count();
    let counted = if wanted > 0 { &found[..wanted] } else { &found[..] };
    let common = counted.iter().map(|(_, name)| name.as_str()).reduce(common_prefix).unwrap_or(prefix).to_owned();
    let (only, count) = (counted.len() == 1, found.len());
    Ok(PathCompletion {
        common_prefix: common,
        is_only_match: only,
        count,
        names: found.into_iter().map(|(_, name)| name).take(MAX_LISTED_NAMES).collect(),
    })
}

/// Returns the name with a rank before it: false for a directory or a `*.json`, true for anything else.
fn rank_entry(entry: &DirEntry, name: String) -> (bool, String) {
    let is_dir = match entry.file_type() {
        // Only a link needs another query.
        Ok(kind) if kind.is_symlink() => fs::metadata(entry.path()).is_ok_and(|about| about.is_dir()),
        kind => kind.is_ok_and(|kind| kind.is_dir()),
    };
    let is_json = Path::new(&name).extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    if is_dir { (false, name + "/") } else { (!is_json, name) }
}

/// Returns the common beginning of two names.
fn common_prefix<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    &one[..same.map(|(c, _)| c.len_utf8()).sum()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FileErrorKind;
    use rstest::rstest;
    use std::fs::File;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    fn place() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in ["order-a.json", "order-b.JSON", "order.txt", ".hidden.json", "x 🙂\u{1b}[2J.json", "notes"] {
            File::create(dir.path().join(name)).unwrap();
        }
        File::create(dir.path().join(std::ffi::OsStr::from_bytes(b"order-\xff.json"))).unwrap();
        fs::create_dir(dir.path().join("orders")).unwrap();
        symlink("orders", dir.path().join("linked")).unwrap();
        symlink("nowhere", dir.path().join("lost")).unwrap();
        dir
    }

    #[rstest]
    #[case("ord", "order", false, &["order-a.json", "order-b.JSON", "orders/", "order.txt"])]
    #[case("order-a", "order-a.json", true, &["order-a.json"])]
    #[case("orders", "orders/", true, &["orders/"])]
    #[case("li", "linked/", true, &["linked/"])]
    #[case("order.", "order.txt", true, &["order.txt"])]
    #[case(".h", ".hidden.json", true, &[".hidden.json"])]
    #[case("x", "x 🙂\u{1b}[2J.json", true, &["x 🙂\u{1b}[2J.json"])]
    #[case("lo", "lost", true, &["lost"])]
    #[case("z", "z", false, &[])]
    fn names_with_the_prefix_match_and_likely_files_come_first(
        #[case] prefix: &str,
        #[case] common: &str,
        #[case] only: bool,
        #[case] names: &[&str],
    ) {
        let dir = place();
        let found = complete_path(dir.path(), prefix).unwrap();
        assert_eq!((found.common_prefix.as_str(), found.is_only_match, found.count), (common, only, names.len()));
        assert_eq!(found.names, names);
    }

    #[test]
    fn many_names_are_counted_and_only_the_first_are_listed() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..1_000 {
            File::create(dir.path().join(format!("order-{number:04}.json"))).unwrap();
        }
        let found = complete_path(dir.path(), "").unwrap();
        assert_eq!(
            (found.common_prefix.as_str(), found.count, found.names.len()),
            ("order-0", 1_000, MAX_LISTED_NAMES)
        );
    }

    #[test]
    fn a_missing_directory_is_an_error() {
        let dir = place();
        for name in ["gone", "notes"] {
            assert_eq!(complete_path(&dir.path().join(name), "").unwrap_err().kind, FileErrorKind::NoDirectory);
        }
    }
}
