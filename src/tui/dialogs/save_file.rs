//! Saving to a file: its name, the changes in it, and where it was written.
//!
//! Nothing is written before its changes were shown. A file that the person has not seen is never overwritten: if
//! somebody else changed it meanwhile, it stays. Neither a file nor the shown changes hold secrets. This module does
//! no file access itself; it requests a file task and handles the reply.

pub(crate) mod view;

use crate::domain::{FileDigest, FileError, FileErrorKind, LoadedFile};
use crate::form::{Form, SHORT_DIGEST_LENGTH};
use crate::json::{self, JsonChange, JsonValue};
use crate::text;
use crate::tui::app::{App, Dialog, Screen};
use crate::tui::message::{Effect, FileReply, FileTask, Ticket};
use crate::tui::session::Session;
use crate::tui::widgets;
use crate::tui::widgets::ScrollPosition;
use std::path::{Path, PathBuf};
use tui_input::{Input, InputRequest};

/// The name of a new file if no organization has a name.
const DEFAULT_FILE_STEM: &str = "order";

/// The highest number of characters of an organization's name in a file name.
const MAX_NAME_CHARS: usize = 40;

/// The file that the form was read from, or last written to.
#[derive(Debug, Clone)]
pub(crate) struct OrderFile {
    path: PathBuf,
    /// The digest of the file's bytes at that time.
    stamp: FileDigest,
    /// The form's text when it was written to the file; `None` if it was only read.
    written_text: Option<String>,
    /// The digests of the file's order; `None` if that order cannot be placed as it is.
    digests: Option<FileOrderDigests>,
}

/// The digests of an order as its file holds it. The file may include an agreement that is asked again here.
#[derive(Debug, Clone)]
pub(crate) struct FileOrderDigests {
    digest: String,
    /// The digest of the order without the agreement.
    digest_without_consent: String,
}

impl FileOrderDigests {
    /// The digests of the form that was read, before its agreement is withdrawn. `None` if the order is faulty or has
    /// no agreement.
    pub(crate) fn from_form(form: &Form, faulty: bool) -> Option<Self> {
        (!faulty && form.is_consent_given()).then(|| Self {
            digest: form.payload_text().digest().to_owned(),
            digest_without_consent: form.digest_without_consent(),
        })
    }
}

/// An unanswered task of a file or of the editor.
#[derive(Debug, Clone)]
pub(crate) struct PendingFileTask {
    ticket: Ticket,
    path: PathBuf,
    /// True if the person typed the name, so that it may be a file that was not opened.
    is_typed_name: bool,
    /// The form's text when the task was requested.
    form_text: String,
}

/// The save dialog over Review.
#[derive(Debug, Clone)]
pub struct SaveFileDialog {
    stage: SaveStage,
    /// The typed name.
    name_input: Input,
    /// Why another name is needed.
    error: Option<String>,
    pub(crate) scroll: ScrollPosition,
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

impl OrderFile {
    pub(crate) fn new(path: PathBuf, stamp: FileDigest, digests: Option<FileOrderDigests>) -> Self {
        Self { path, stamp, written_text: None, digests }
    }

    /// The path of the file, and the 16 digits shown of the digest of its order. `None` if the file does not hold the
    /// order under review.
    pub(crate) fn matching_digest(&self, but_for_consent: &str) -> Option<(&Path, &str)> {
        let stands = self.digests.as_ref().filter(|stands| stands.digest_without_consent == but_for_consent)?;
        Some((&self.path, &stands.digest[..SHORT_DIGEST_LENGTH]))
    }
}

impl SaveFileDialog {
    fn new(stage: SaveStage, name: &Path, error: Option<String>) -> Self {
        Self { stage, name_input: Input::new(name.display().to_string()), error, scroll: ScrollPosition::default() }
    }

    pub(crate) fn is_typing_name(&self) -> bool {
        matches!(self.stage, SaveStage::TypingName)
    }

    pub(crate) fn is_showing_changes(&self) -> bool {
        matches!(self.stage, SaveStage::ShowingChanges(_))
    }
}

impl App {
    /// Reads the file that the form came from, or asks for a name.
    pub(crate) fn save_to_file(&mut self) -> Vec<Effect> {
        if self.session.pending_file_task.is_some() {
            self.session.show_flash("flash.file_busy");
            return Vec::new();
        }
        if let Some(opened) = &self.session.order_file {
            return self.read_save_target(opened.path.clone(), false);
        }
        self.ask_file_name(&suggested_file_name(&self.session), None);
        Vec::new()
    }

    /// Opens the save dialog in this stage, or replaces the open one.
    fn open_save_dialog(&mut self, stage: SaveStage, name: &Path, why: Option<String>) {
        let saving = SaveFileDialog::new(stage, name, why);
        match self.save_dialog_mut() {
            Some(there) => *there = saving,
            None => self.dialogs.push(Dialog::SaveFile(Box::new(saving))),
        }
    }

    /// The save dialog, even if another dialog covers it.
    fn save_dialog_mut(&mut self) -> Option<&mut SaveFileDialog> {
        self.dialogs.iter_mut().find_map(|overlay| match overlay {
            Dialog::SaveFile(saving) => Some(&mut **saving),
            _ => None,
        })
    }

    /// Asks for a file name, with the reason if there is one.
    fn ask_file_name(&mut self, name: &Path, why: Option<String>) {
        // Another screen may be in front when a reply arrives.
        if matches!(self.screen, Screen::Review(_)) {
            self.open_save_dialog(SaveStage::TypingName, name, why);
        } else if why.is_some() {
            self.session.feedback.flash = why;
        }
    }

    /// Asks for another name than that of the file whose changes are shown.
    pub(crate) fn ask_other_file_name(&mut self) {
        if let Some(SaveFileDialog { stage: SaveStage::ShowingChanges(plan), .. }) = self.save_dialog_mut() {
            let path = std::mem::take(&mut plan.path);
            self.ask_file_name(&path, None);
        }
    }

    /// Types into the name.
    pub(crate) fn type_file_name(&mut self, text: &str) {
        let whole = self.save_dialog_mut().is_none_or(|saving| widgets::insert_text(&mut saving.name_input, text));
        if !whole {
            self.session.show_flash("flash.too_long");
        }
    }

    /// Moves the cursor or deletes in the name.
    pub(crate) fn edit_file_name(&mut self, request: InputRequest) {
        if let Some(saving) = self.save_dialog_mut() {
            saving.name_input.handle(request);
        }
    }

    /// Continues from the present stage: reads the named file, or writes the shown changes.
    pub(crate) fn continue_saving(&mut self) -> Vec<Effect> {
        let Some(saving) = self.save_dialog_mut() else { return Vec::new() };
        match &saving.stage {
            SaveStage::TypingName => match saving.name_input.value().trim().to_owned() {
                name if name.is_empty() => self.session.show_flash("flash.no_name"),
                name => return self.read_save_target(PathBuf::from(name), true),
            },
            SaveStage::ShowingChanges(plan) => {
                let plan = plan.clone();
                return self.write_planned_file(*plan);
            }
            SaveStage::Waiting => {}
        }
        Vec::new()
    }

    fn read_save_target(&mut self, path: PathBuf, named: bool) -> Vec<Effect> {
        self.open_save_dialog(SaveStage::Waiting, &path, None);
        self.session.request_file_task(path.clone(), named, FileTask::Read(path))
    }

    fn write_planned_file(&mut self, plan: WritePlan) -> Vec<Effect> {
        let WritePlan { path, text, changes, replaces: over, is_unopened_file: strange } = plan;
        // Without changes the file already has the right content.
        if let Some(stamp) = over.filter(|_| changes.is_empty()) {
            self.handle_file_written(path, stamp, self.session.form.file_text());
            return Vec::new();
        }
        self.open_save_dialog(SaveStage::Waiting, &path, None);
        self.session.request_file_task(path.clone(), strange, FileTask::Write(path, text, over))
    }

    /// Handles the reply to a file task. A reply that is no longer awaited is dropped.
    pub(crate) fn handle_file_reply(&mut self, ticket: Ticket, filed: FileReply) -> Vec<Effect> {
        let Some(awaited) = self.session.pending_file_task.take_if(|awaited| awaited.ticket == ticket) else {
            return Vec::new();
        };
        match filed {
            FileReply::Read(read) if self.is_reading_file() => self.handle_file_read(&awaited.path, read),
            FileReply::Read(looked) => self.plan_file_changes(&awaited, looked),
            FileReply::Completed(fitting) => self.take_path_completions(&awaited.path, fitting),
            FileReply::Written(Ok((path, stamp))) => self.handle_file_written(path, stamp, awaited.form_text),
            FileReply::Written(Err(why)) => self.report_save_error(&awaited.path, &why),
            FileReply::Edited(edited) => self.handle_editor_result(edited),
        }
        Vec::new()
    }

    /// Plans the write from the file that was read, and shows its changes.
    fn plan_file_changes(&mut self, awaited: &PendingFileTask, looked: Result<LoadedFile, FileError>) {
        if self.save_dialog_mut().is_none() {
            return;
        }
        let path = &awaited.path;
        let opened = self
            .session
            .order_file
            .as_ref()
            .filter(|opened| !awaited.is_typed_name && opened.path == *path)
            .map(|opened| opened.stamp);
        let (over, patched) = match looked {
            Ok(loaded) if opened.is_some_and(|stamp| stamp != loaded.digest) => {
                return self.report_save_error(path, &file_error(path, FileErrorKind::Changed));
            }
            Ok(loaded) => (Some(loaded.digest), patch_file_text(&self.session, loaded.text.expose())),
            Err(why) if why.kind == FileErrorKind::Missing && opened.is_none() => {
                (None, Some((self.session.form.file_text(), self.session.form.file_changes())))
            }
            Err(why) => return self.report_save_error(path, &why),
        };
        let Some((text, changes)) = patched else {
            let why = self.session.lang.format_text("save.no_order", &[("path", &path.display().to_string())]);
            return self.ask_file_name(path, Some(why));
        };
        let strange = over.is_some() && opened.is_none();
        let plan = WritePlan { path: path.clone(), text, changes, replaces: over, is_unopened_file: strange };
        self.open_save_dialog(SaveStage::ShowingChanges(Box::new(plan)), path, None);
    }

    /// Says why saving failed, and asks for another name.
    fn report_save_error(&mut self, path: &Path, why: &FileError) {
        let words = self.session.message_writer().file_error_text(why);
        match why.kind {
            FileErrorKind::Changed | FileErrorKind::Exists => self.ask_file_name(&sibling_file_path(path), Some(words)),
            _ => self.ask_file_name(path, Some(words)),
        }
    }

    /// Records the written file, and says where it is.
    fn handle_file_written(&mut self, path: PathBuf, stamp: FileDigest, said: String) {
        let done = self.session.lang.format_text("save.done", &[("path", &path.display().to_string())]);
        self.session.order_file = Some(OrderFile { path, stamp, written_text: Some(said), digests: None });
        self.dialogs.retain(|overlay| !matches!(overlay, Dialog::SaveFile(_)));
        self.session.feedback.flash = Some(done.clone());
        self.session.feedback.attempt_outcome = Some(done);
    }
}

impl Session {
    /// Requests a file task. Only one is pending at a time.
    pub(crate) fn request_file_task(&mut self, path: PathBuf, named: bool, task: FileTask) -> Vec<Effect> {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        self.pending_file_task =
            Some(PendingFileTask { ticket, path, is_typed_name: named, form_text: self.form.file_text() });
        vec![Effect::File(ticket, task)]
    }

    /// Forgets the file, because another form replaces this one.
    pub(crate) fn forget_order_file(&mut self) {
        (self.order_file, self.pending_file_task) = (None, None);
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

/// Returns true if the file has the whole form, except for what is never written to a file.
pub(crate) fn is_form_in_file(session: &Session) -> bool {
    let said = session.order_file.as_ref().and_then(|opened| opened.written_text.as_ref());
    said.is_some_and(|said| *said == session.form.file_text())
}

/// Another name in the same directory.
fn sibling_file_path(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().display();
    path.with_file_name(format!("{stem}-2.json"))
}

fn file_error(path: &Path, snag: FileErrorKind) -> FileError {
    FileError { path: path.display().to_string(), kind: snag }
}
