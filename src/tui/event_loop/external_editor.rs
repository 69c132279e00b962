//! External editor: which program it is, the file that it gets, and the text that it leaves.
//!
//! The file is in its own directory, which only its owner can read and which is removed with it. The editor gets none
//! of zegel's own variables and no variable that contains a key. The event loop decides who has the terminal.

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

/// The editor if neither `VISUAL` nor `EDITOR` names one.
const DEFAULT_EDITOR: &str = "vi";

/// The extension tells editors the kind of file.
const FILE_NAME: &str = "order.json";

/// An editor that has the terminal. Its file is removed when this is dropped.
pub(super) struct EditorProcess {
    dir: TempDir,
    pid: Pid,
}

/// Waits for the editor to end, on a separate thread.
pub(super) struct EditorWait {
    child: Child,
    program: String,
    file: PathBuf,
}

/// Starts the editor on this text, with this terminal as its output.
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
    /// Tells the editor to end, because the program ends. Removes its file.
    pub(super) fn terminate(&self) {
        // The end of the editor is not handled yet. If it ended a moment ago, its process id is free, but hardly reused
        // so soon.
        let _ = kill_process(self.pid, Signal::TERM);
        let _ = std::fs::remove_dir_all(self.dir.path());
    }
}

impl EditorWait {
    /// Waits until the editor has ended, and reads the text that it left.
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

/// Writes the text to a file in a new directory.
fn write_temp_file(text: &SecretText) -> Result<(TempDir, PathBuf), FileError> {
    let dir = tempfile::Builder::new().prefix("zegel-").permissions(Permissions::from_mode(0o700)).tempdir();
    let dir = dir.map_err(|error| user_files::file_error_from_io(&std::env::temp_dir(), &error))?;
    let (path, _) = user_files::write_file(&dir.path().join(FILE_NAME), text.expose(), None)?;
    Ok((dir, path))
}

/// Returns the editor's program and its arguments: those of the environment, otherwise the default.
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
    fn an_editor_command_that_cannot_be_split_is_an_error(#[case] visual: &str) {
        assert_eq!(editor_command(named(visual, "vi")).unwrap_err().kind, EditorErrorKind::UnmatchedQuotes);
    }

    #[test]
    fn the_editor_file_is_private_and_removed_afterwards() {
        let (dir, path) = write_temp_file(&SecretText::from("{}".to_owned())).unwrap();
        assert_eq!(path.file_name().unwrap(), FILE_NAME);
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(dir.path()), mode(&path)), (0o700, 0o600));
        drop(dir);
        assert!(!path.exists());
    }
}
