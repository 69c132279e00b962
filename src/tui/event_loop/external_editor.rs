//! The person's editor: which program that is, the file that it is given, and what it left.
//!
//! The file stands in a directory of its own that only the owner can look into, and is gone with it. The program gets
//! no variable of zegel's nor one in which a key is kept. Who has the terminal is the matter of the loop.

use crate::domain::{EditorError, EditorErrorKind, FileError, KeyVariables, SystemError};
use crate::keystore;
use crate::secret::SecretText;
use crate::user_files;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use tempfile::TempDir;

/// Where neither `VISUAL` nor `EDITOR` says another.
const DEFAULT_EDITOR: &str = "vi";

/// By this name editors know what kind of file it is.
const FILE_NAME: &str = "order.json";

/// An editor that has the terminal. Its file is gone once this is dropped.
pub(super) struct EditorProcess {
    dir: TempDir,
    pid: Pid,
}

/// What waits for the editor to end, on a thread of its own.
pub(super) struct EditorWait {
    child: Child,
    program: String,
    file: PathBuf,
}

/// Starts the editor on this text, on this terminal.
pub(super) fn start_editor(
    text: &SecretText,
    tty: File,
    withheld: &KeyVariables,
) -> Result<(EditorProcess, EditorWait), EditorError> {
    let words = editor_command(|name| std::env::var(name).ok())?;
    let program = words[0].clone();
    let failed = |mishap| EditorError { program: program.clone(), kind: mishap };
    let (dir, file) = write_temp_file(text).map_err(|why| failed(EditorErrorKind::File(why)))?;
    let mut command = Command::new(&program);
    command.args(&words[1..]).arg(&file).stdout(tty);
    keystore::remove_key_variables(&mut command, withheld);
    let child = command.spawn().map_err(|error| failed(spawn_mishap(&error)))?;
    let pid = Pid::from_child(&child);
    Ok((EditorProcess { dir, pid }, EditorWait { child, program, file }))
}

impl EditorProcess {
    /// Tells the editor to end, because the program ends.
    pub(super) fn terminate(&self) {
        // The child is not waited for before somebody has heard that it ended, so the number is still its own.
        let _ = kill_process(self.pid, Signal::TERM);
        let _ = std::fs::remove_dir_all(self.dir.path());
    }
}

impl EditorWait {
    /// Waits until the editor has ended, and reads what it left.
    pub(super) fn wait_for_text(mut self) -> Result<SecretText, EditorError> {
        let result = match self.child.wait() {
            Ok(status) => self.read_result(status),
            Err(error) => Err(EditorErrorKind::System(SystemError::from(&error))),
        };
        result.map_err(|mishap| EditorError { program: self.program, kind: mishap })
    }

    fn read_result(&self, status: ExitStatus) -> Result<SecretText, EditorErrorKind> {
        match (status.code(), status.signal()) {
            (Some(0), _) => user_files::read_file(&self.file).map(|loaded| loaded.text).map_err(EditorErrorKind::File),
            (Some(code), _) => Err(EditorErrorKind::Failed(code)),
            (None, signal) => Err(EditorErrorKind::Killed(signal.unwrap_or_default())),
        }
    }
}

/// The text in a file of its own.
fn write_temp_file(text: &SecretText) -> Result<(TempDir, PathBuf), FileError> {
    let dir = tempfile::Builder::new().prefix("zegel-").permissions(Permissions::from_mode(0o700)).tempdir();
    let dir = dir.map_err(|error| user_files::file_error_from_io(&std::env::temp_dir(), &error))?;
    let (path, _) = user_files::write_file(&dir.path().join(FILE_NAME), text.expose(), None)?;
    Ok((dir, path))
}

/// The editor's program and its arguments: those that the environment names, else the usual one.
fn editor_command(get: impl Fn(&str) -> Option<String>) -> Result<Vec<String>, EditorError> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(get).find(|value| !value.trim().is_empty());
    let named = named.unwrap_or_else(|| DEFAULT_EDITOR.to_owned());
    match shell_words::split(&named) {
        Ok(words) if words.first().is_some_and(|program| !program.is_empty()) => Ok(words),
        _ => Err(EditorError { program: named, kind: EditorErrorKind::UnmatchedQuotes }),
    }
}

fn spawn_mishap(error: &io::Error) -> EditorErrorKind {
    match error.kind() {
        ErrorKind::NotFound => EditorErrorKind::NotFound,
        _ => EditorErrorKind::System(SystemError::from(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::os::unix::fs::MetadataExt;

    fn named<'a>(visual: &'a str, editor: &'a str) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| Some(if name == "VISUAL" { visual } else { editor }.to_owned()).filter(|value| *value != "unset")
    }

    #[rstest]
    #[case("unset", "unset", &["vi"])]
    #[case("", "  ", &["vi"])]
    #[case("unset", "nano -w", &["nano", "-w"])]
    #[case("code --wait", "nano", &["code", "--wait"])]
    #[case("'/opt/my editor/bin' -f", "nano", &["/opt/my editor/bin", "-f"])]
    #[case("vim -c 'set ft=json'", "unset", &["vim", "-c", "set ft=json"])]
    #[case("$EDITOR; rm -rf *", "unset", &["$EDITOR;", "rm", "-rf", "*"])]
    fn the_environment_names_the_editor(#[case] visual: &str, #[case] editor: &str, #[case] expected: &[&str]) {
        assert_eq!(editor_command(named(visual, editor)).unwrap(), expected);
    }

    #[rstest]
    #[case("vim 'x")]
    #[case("''")]
    fn what_cannot_be_broken_into_words_is_said(#[case] visual: &str) {
        assert_eq!(editor_command(named(visual, "vi")).unwrap_err().kind, EditorErrorKind::UnmatchedQuotes);
    }

    #[test]
    fn the_file_is_the_owners_alone_and_gone_afterwards() {
        let (dir, path) = write_temp_file(&SecretText::from("{}".to_owned())).unwrap();
        assert_eq!(path.file_name().unwrap(), FILE_NAME);
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(dir.path()), mode(&path)), (0o700, 0o600));
        drop(dir);
        assert!(!path.exists());
    }
}
