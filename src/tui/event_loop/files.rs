//! File tasks: reading, writing and completing paths of the person's files, off the event loop.
//!
//! A path is used as typed, except that a `~/` at its beginning means the home directory, as in a shell. Decisions do
//! not belong here.

use crate::domain::{FileError, PathCompletion};
use crate::tui::message::{FileReply, FileTask};
use crate::user_files;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Performs one task. Returns `None` for [`FileTask::Edit`], which the event loop performs because an editor needs the
/// terminal.
pub(super) fn run_file_task(task: FileTask) -> Option<FileReply> {
    let home = std::env::var_os("HOME");
    match task {
        FileTask::Read(path) => Some(FileReply::Read(user_files::read_file(&expand_home(&path, home)))),
        FileTask::Complete(typed) => Some(FileReply::Completed(complete_path(&typed, home))),
        FileTask::Write(path, text, over) => {
            Some(FileReply::Written(user_files::write_file(&expand_home(&path, home), &text, over)))
        }
        FileTask::Edit(_) => None,
    }
}

/// Returns the completions of the last part of a path.
fn complete_path(typed: &str, home: Option<OsString>) -> Result<PathCompletion, FileError> {
    let (dir, prefix) = typed.split_at(typed.rfind('/').map_or(0, |at| at + 1));
    // A name is appended and dropped again, because `~/` alone is not expanded.
    let inside = expand_home(&Path::new(dir).join("name"), home);
    let dir = inside.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    user_files::complete_path(dir, prefix)
}

/// Replaces a `~` at the beginning of the path by the home directory.
fn expand_home(path: &Path, home: Option<OsString>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) if rest != Path::new("") => Path::new(&home).join(rest),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("~/a/b.json", Some("/home/anna"), "/home/anna/a/b.json")]
    #[case("~/b.json", None, "~/b.json")]
    #[case("~anna/b.json", Some("/home/anna"), "~anna/b.json")]
    #[case("a/~/b.json", Some("/home/anna"), "a/~/b.json")]
    #[case("b.json", Some("/home/anna"), "b.json")]
    fn only_a_tilde_at_the_beginning_is_home(#[case] path: &str, #[case] home: Option<&str>, #[case] expected: &str) {
        assert_eq!(expand_home(Path::new(path), home.map(OsString::from)), Path::new(expected));
    }

    #[rstest]
    #[case("~/or", "order.json")]
    #[case("~/", "order.json")]
    #[case("~/sub/", "inner.json")]
    fn names_below_the_home_directory_are_completed(#[case] typed: &str, #[case] name: &str) {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("sub")).unwrap();
        std::fs::write(home.path().join("order.json"), "").unwrap();
        std::fs::write(home.path().join("sub/inner.json"), "").unwrap();
        let found = complete_path(typed, Some(home.path().into())).unwrap();
        assert!(found.names.contains(&name.to_owned()), "{found:?}");
    }
}
