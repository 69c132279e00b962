//! Files in memory, and an editor with scripted results.
//!
//! They behave as the real ones: nothing is overwritten unless it is still what was read.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use zegel::domain::{EditorError, FileDigest, FileError, FileErrorKind, LoadedFile, PathCompletion};
use zegel::secret::SecretText;
use zegel::tui::message::{FileReply, FileTask};

/// The result of an editor for the text that it receives.
type EditorResult = fn(&str) -> Result<String, EditorError>;

/// Files and an editor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    /// The files by path.
    pub(crate) kept: BTreeMap<PathBuf, String>,
    /// The error with which every write fails, if any.
    pub(crate) write_error: Option<FileErrorKind>,
    /// The results of the editor, in sequence; once they are used up, it leaves the text unchanged.
    pub(crate) editor_results: VecDeque<EditorResult>,
    /// The texts that the editor received.
    pub(crate) edited_texts: Vec<String>,
}

/// Returns the digest by which a file is recognized.
pub(crate) fn stamp(text: &str) -> FileDigest {
    let mut stamp = [0_u8; 32];
    text.bytes().enumerate().for_each(|(at, byte)| stamp[at % 32] = byte.wrapping_add(stamp[at % 32].rotate_left(3)));
    FileDigest(stamp)
}

fn file_error(path: &Path, write_error: FileErrorKind) -> FileError {
    FileError { path: path.display().to_string(), kind: write_error }
}

impl Files {
    /// Files with this one.
    pub(crate) fn with(path: &str, text: &str) -> Self {
        Self { kept: BTreeMap::from([(path.into(), text.to_owned())]), ..Self::default() }
    }

    /// Returns the text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.kept.get(Path::new(path)).map(String::as_str)
    }

    /// Carries out one task.
    pub(crate) fn work(&mut self, task: FileTask) -> FileReply {
        match task {
            FileTask::Read(path) => FileReply::Read(match self.kept.get(&path) {
                Some(text) => Ok(LoadedFile { text: SecretText::from(text.clone()), digest: stamp(text) }),
                None => Err(file_error(&path, FileErrorKind::Missing)),
            }),
            FileTask::Complete(typed) => FileReply::Completed(Ok(self.fitting(&typed))),
            FileTask::Write(path, text, over) => FileReply::Written(self.write(path, text, over)),
            FileTask::Edit(text) => {
                self.edited_texts.push(text.expose().to_owned());
                let hand = self.editor_results.pop_front().unwrap_or(|text| Ok(text.to_owned()));
                FileReply::Edited(hand(text.expose()).map(SecretText::from))
            }
        }
    }

    /// Returns the completions among all names, as if there were no directories.
    fn fitting(&self, typed: &str) -> PathCompletion {
        let dir = typed.rfind('/').map_or(0, |at| at + 1);
        let paths = self.kept.keys().map(|path| path.to_str().unwrap()).filter(|path| path.starts_with(typed));
        let names: Vec<String> = paths.map(|path| path[dir..].to_owned()).collect();
        let same =
            |a: &String, b: &String| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c).collect();
        let common = names.iter().cloned().reduce(|a, b| same(&a, &b)).unwrap_or(typed[dir..].to_owned());
        PathCompletion { common_prefix: common, is_only_match: names.len() == 1, count: names.len(), names }
    }

    fn write(
        &mut self,
        path: PathBuf,
        text: String,
        over: Option<FileDigest>,
    ) -> Result<(PathBuf, FileDigest), FileError> {
        let write_error = match (self.write_error, self.kept.get(&path), over) {
            (Some(write_error), ..) => Some(write_error),
            (None, Some(_), None) => Some(FileErrorKind::Exists),
            (None, now, Some(over)) if now.map(|now| stamp(now)) != Some(over) => Some(FileErrorKind::Changed),
            _ => None,
        };
        if let Some(write_error) = write_error {
            return Err(file_error(&path, write_error));
        }
        let stamp = stamp(&text);
        self.kept.insert(path.clone(), text);
        Ok((Path::new("/home/anna").join(path), stamp))
    }
}
