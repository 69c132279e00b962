//! Saving to a file: its name, the changes in it, and where it was written.
//!
//! Nothing is written before its changes were shown. A file that the person has not seen is never overwritten: if
//! somebody else changed it meanwhile, it stays. Neither a file nor the shown changes hold secrets. This module does
//! no file access itself; it requests a file task and handles the reply.

pub(crate) mod view;

use crate::domain::{FileDigest, FileError, FileErrorKind, LoadedFile};
use crate::i18n::{texts, with};
use crate::json::{JsonChange, JsonValue};
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{FileReply, FileTask};
use crate::tui::session::Session;
use crate::tui::session::order_file::PendingFileTask;
use crate::tui::widgets;
use crate::tui::widgets::path_prompt_line;
use crate::tui::widgets::{Line, ScrollPosition};
use crate::{json, text};
use std::path::{Path, PathBuf};
use tui_input::Input;
use view::{save_dialog_lines, save_help_notes};

/// The name of a new file if no organization has a name.
const DEFAULT_FILE_STEM: &str = "order";

/// The highest number of characters of an organization's name in a file name.
const MAX_NAME_CHARS: usize = 40;

/// The save dialog over Review.
#[derive(Debug, Clone)]
pub struct SaveFileDialog {
    stage: SaveStage,
    /// The typed name.
    name_input: Input,
    /// Why another name is needed.
    error: Option<String>,
    scroll: ScrollPosition,
}

/// The stage of saving.
#[derive(Debug, Clone)]
enum SaveStage {
    /// The person types a name.
    TypingName,
    /// The file is being read or written.
    Waiting,
    /// The changes are shown.
    ShowingChanges(Box<WritePlan>),
}

/// A write that the person has not confirmed yet.
#[derive(Debug, Clone)]
struct WritePlan {
    path: PathBuf,
    text: String,
    changes: Vec<JsonChange>,
    replaces: Option<FileDigest>,
    /// True if the file exists and is not the one that was opened.
    is_unopened_file: bool,
}

impl Component for SaveFileDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        match self.stage {
            SaveStage::TypingName => KeyContext::SaveFileName,
            SaveStage::Waiting => KeyContext::FileBusy,
            SaveStage::ShowingChanges(_) => KeyContext::SaveFileChanges,
        }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Text(text) | ComponentEvent::Paste(text) => {
                if !widgets::insert_text(&mut self.name_input, text) {
                    session.show_flash(texts::flash::TOO_LONG);
                }
            }
            ComponentEvent::Action(Action::Edit(request)) => drop(self.name_input.handle(request)),
            ComponentEvent::Action(Action::OtherFileName) => {
                if let SaveStage::ShowingChanges(plan) = &mut self.stage {
                    let path = std::mem::take(&mut plan.path);
                    self.ask_name(&path, None);
                }
            }
            ComponentEvent::Action(Action::Enter) => return self.continue_saving(session),
            ComponentEvent::Action(_) => {}
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        save_dialog_lines(session, self, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn input_line(&self, session: &Session, width: usize) -> Option<Line> {
        self.takes_text(session).then(|| path_prompt_line(session.text(texts::save::PROMPT), &self.name_input, width))
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        save_help_notes(session, self)
    }

    fn takes_text(&self, _session: &Session) -> bool {
        matches!(self.stage, SaveStage::TypingName)
    }

    fn awaits_file_reply(&self, reply: &FileReply) -> bool {
        matches!(reply, FileReply::Read(_) | FileReply::Written(_))
    }

    fn take_reply(&mut self, reply: ComponentReply<'_>, session: &mut Session) -> Transition {
        let ComponentReply::File(task, reply) = reply else { return Transition::Stay };
        match reply {
            FileReply::Read(read) => self.plan_file_changes(task, read, session),
            FileReply::Written(Ok((path, stamp))) => {
                session.note_file_written(path, stamp, task.form_text.clone());
                return Transition::Close;
            }
            FileReply::Written(Err(error)) => self.report_error(&task.path, &error, session),
            FileReply::Completed(_) | FileReply::Edited(_) => {}
        }
        Transition::Stay
    }
}

impl SaveFileDialog {
    fn new(stage: SaveStage, name: &Path, error: Option<String>) -> Self {
        Self { stage, name_input: Input::new(name.display().to_string()), error, scroll: ScrollPosition::default() }
    }

    /// Begins to save: reads the file that the form came from, or asks for a name. Returns `None`, and shows a flash,
    /// while another file task is pending.
    pub(in crate::tui) fn begin(session: &mut Session) -> Option<Self> {
        if session.pending_file_task.is_some() {
            session.show_flash(texts::flash::FILE_BUSY);
            return None;
        }
        let mut dialog = Self::new(SaveStage::TypingName, &suggested_file_name(session), None);
        if let Some(path) = session.order_file.as_ref().map(|file| file.path.clone()) {
            dialog.read_target(path, false, session);
        }
        Some(dialog)
    }

    /// The dialog for a write whose own dialog has been closed.
    pub(in crate::tui) fn for_write() -> Self {
        Self::new(SaveStage::Waiting, Path::new(""), None)
    }

    /// Why another name is needed.
    pub(in crate::tui) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    fn ask_name(&mut self, name: &Path, error: Option<String>) {
        *self = Self::new(SaveStage::TypingName, name, error);
    }

    /// Continues from the present stage: reads the named file, or writes the shown changes.
    fn continue_saving(&mut self, session: &mut Session) -> Transition {
        match &self.stage {
            SaveStage::TypingName => match self.name_input.value().trim() {
                "" => session.show_flash(texts::flash::NO_NAME),
                name => self.read_target(PathBuf::from(name), true, session),
            },
            SaveStage::ShowingChanges(plan) => {
                let plan = plan.clone();
                return self.write_planned_file(*plan, session);
            }
            SaveStage::Waiting => {}
        }
        Transition::Stay
    }

    fn read_target(&mut self, path: PathBuf, is_typed_name: bool, session: &mut Session) {
        *self = Self::new(SaveStage::Waiting, &path, None);
        session.request_file_task(path.clone(), is_typed_name, FileTask::Read(path));
    }

    fn write_planned_file(&mut self, plan: WritePlan, session: &mut Session) -> Transition {
        let WritePlan { path, text, changes, replaces, is_unopened_file } = plan;
        // Without changes the file already has the right content.
        if let Some(stamp) = replaces.filter(|_| changes.is_empty()) {
            session.note_file_written(path, stamp, session.form.file_text());
            return Transition::Close;
        }
        *self = Self::new(SaveStage::Waiting, &path, None);
        session.request_file_task(path.clone(), is_unopened_file, FileTask::Write(path, text, replaces));
        Transition::Stay
    }

    /// Plans the write from the file that was read, and shows its changes.
    fn plan_file_changes(&mut self, task: &PendingFileTask, read: Result<LoadedFile, FileError>, session: &Session) {
        let path = &task.path;
        let opened_file = session.order_file.as_ref().filter(|file| !task.is_typed_name && file.path == *path);
        let opened = opened_file.map(|file| file.stamp);
        let (replaces, patched) = match read {
            Ok(loaded) if opened.is_some_and(|stamp| stamp != loaded.digest) => {
                return self.report_error(path, &file_error(path, FileErrorKind::Changed), session);
            }
            Ok(loaded) => (Some(loaded.digest), patch_file_text(session, loaded.text.expose())),
            Err(error) if error.kind == FileErrorKind::Missing && opened.is_none() => {
                (None, Some((session.form.file_text(), session.form.file_changes())))
            }
            Err(error) => return self.report_error(path, &error, session),
        };
        let Some((text, changes)) = patched else {
            let error = session.lang.format(texts::save::NO_ORDER, with::Path(&path.display()));
            return self.ask_name(path, Some(error));
        };
        let is_unopened_file = replaces.is_some() && opened.is_none();
        let plan = WritePlan { path: path.clone(), text, changes, replaces, is_unopened_file };
        *self = Self::new(SaveStage::ShowingChanges(Box::new(plan)), path, None);
    }

    /// Says why saving failed, and asks for another name.
    fn report_error(&mut self, path: &Path, error: &FileError, session: &Session) {
        let text = session.message_writer().file_error_text(error);
        match error.kind {
            FileErrorKind::Changed | FileErrorKind::Exists => self.ask_name(&sibling_file_path(path), Some(text)),
            _ => self.ask_name(path, Some(text)),
        }
    }
}

/// A name for a new file: the organization's name in characters that every file system accepts.
fn suggested_file_name(session: &Session) -> PathBuf {
    let named = session.form.visible_places().find(|at| session.product()[at.field].subject);
    let name = match session.form.organization_id() {
        Some(id) => session.account_data.organization(id).map(|found| found.name.clone()).unwrap_or_default(),
        None => named.map(|at| session.form.text(at).to_owned()).unwrap_or_default(),
    };
    let plain = text::fold(&name).replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    let words: String = plain.chars().take(MAX_NAME_CHARS).collect();
    let name = std::iter::once(DEFAULT_FILE_STEM).chain(words.split_whitespace()).collect::<Vec<_>>().join("-");
    PathBuf::from(name + ".json")
}

/// The new text of a file, and the changes in it. `None` if the source is not a JSON object.
fn patch_file_text(session: &Session, source: &str) -> Option<(String, Vec<JsonChange>)> {
    let doc = json::parse(source).ok().filter(|doc| matches!(doc.value, JsonValue::Object(_)))?;
    let patched = session.form.patch_file_text(source, &doc);
    Some((patched.text, patched.changes))
}

/// Another name in the same directory.
fn sibling_file_path(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().display();
    path.with_file_name(format!("{stem}-2.json"))
}

fn file_error(path: &Path, snag: FileErrorKind) -> FileError {
    FileError { path: path.display().to_string(), kind: snag }
}
