//! The external editor: the order's JSON in the person's own editor, and the result of the edit.
//!
//! The text holds no secrets, so they stay in the form. A text that is no longer a JSON object is not lost: it can be
//! edited again. This module starts no program itself; it requests a file task and handles the reply.

use crate::domain::EditorError;
use crate::form::ParsedPayload;
use crate::json::{self, JsonNode};
use crate::messages;
use crate::secret::SecretText;
use crate::tone::Tone;
use crate::tui::app::{App, Dialog};
use crate::tui::message::{Effect, FileTask};
use crate::tui::screens::review;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use std::path::PathBuf;

/// The external editor dialog over Review.
#[derive(Debug, Clone)]
pub struct ExternalEditorDialog {
    /// The text for the next edit; it may hold what the person typed. `None` while the editor has the terminal.
    pending_text: Option<SecretText>,
    /// Why the edited text was not accepted.
    error: String,
    pub(crate) scroll: ScrollPosition,
}

impl ExternalEditorDialog {
    /// Returns true while the editor has the terminal.
    pub(crate) fn is_editor_running(&self) -> bool {
        self.pending_text.is_none()
    }
}

impl App {
    /// Opens the order's JSON in the editor, unless the form is read-only or another file task is pending.
    pub(crate) fn edit_in_external_editor(&mut self) -> Vec<Effect> {
        if self.session.pending_file_task.is_some() {
            self.session.show_flash("flash.file_busy");
            return Vec::new();
        }
        if let Some(why) = self.session.read_only_reason() {
            self.session.show_flash(why);
            return Vec::new();
        }
        self.start_external_editor(SecretText::from(self.session.form.file_text()))
    }

    fn start_external_editor(&mut self, text: SecretText) -> Vec<Effect> {
        self.open_external_editor_dialog(None, String::new());
        let saved = self.save_draft_now();
        let asked = self.session.request_file_task(PathBuf::new(), false, FileTask::Edit(text.clone()));
        self.session.editor_text = Some(text);
        saved.into_iter().chain(asked).collect()
    }

    fn open_external_editor_dialog(&mut self, text: Option<SecretText>, why: String) {
        self.close_external_editor_dialog();
        self.dialogs.push(Dialog::ExternalEditor(Box::new(ExternalEditorDialog {
            pending_text: text,
            error: why,
            scroll: ScrollPosition::default(),
        })));
    }

    fn close_external_editor_dialog(&mut self) {
        self.dialogs.retain(|overlay| !matches!(overlay, Dialog::ExternalEditor(_)));
    }

    /// Opens the editor again with the text that was not accepted, or with the original text.
    pub(crate) fn restart_external_editor(&mut self) -> Vec<Effect> {
        let Some(Dialog::ExternalEditor(rework)) = self.dialogs.last_mut() else { return Vec::new() };
        let text = rework.pending_text.take();
        text.map(|text| self.start_external_editor(text)).unwrap_or_default()
    }

    /// Handles the result of the editor.
    pub(crate) fn handle_editor_result(&mut self, edited: Result<SecretText, EditorError>) {
        let handed = self.session.editor_text.take();
        match edited {
            Ok(text) => self.take_edited_text(text),
            Err(why) => self.open_external_editor_dialog(handed, messages::editor_error_text(&self.session.lang, &why)),
        }
    }

    fn take_edited_text(&mut self, text: SecretText) {
        let read = parse_edited_text(&self.session, text.expose());
        match read {
            Ok(None) => {
                self.close_external_editor_dialog();
                self.session.show_flash("flash.unedited");
            }
            Ok(Some((reading, withdrawn))) => self.take_edited_form(reading, withdrawn),
            Err(why) => self.open_external_editor_dialog(Some(text), why),
        }
    }

    /// Replaces the form by the edited payload.
    fn take_edited_form(&mut self, reading: ParsedPayload, withdrawn: bool) {
        self.session.form = reading.form;
        // The rows have new keys, and the server's remarks were about the old form.
        (self.session.focus, self.session.group_undo, self.session.undo_history, self.session.field_editor) =
            Default::default();
        (self.session.feedback.remarks, self.session.feedback.attempt_outcome) = Default::default();
        self.session.feedback.notices = review::payload_notices(&self.session, withdrawn, &reading.normalizations);
        self.session.schedule_draft_save();
        self.show_review();
        self.session.show_flash("flash.edited");
    }
}

/// The edited form, and whether its agreement was withdrawn. `None` if the text equals the form. The error says why
/// the text is no order.
fn parse_edited_text(session: &Session, text: &str) -> Result<Option<(ParsedPayload, bool)>, String> {
    let doc = json::parse(text).map_err(|flaw| {
        let (line, column) = json::line_and_column(text, flaw.byte_offset());
        let values = [("line", line.to_string()), ("column", column.to_string())];
        let why = messages::json_error_text(&session.lang, &flaw);
        session.lang.format_text("editor.not_json", &[("line", &values[0].1), ("column", &values[1].1), ("why", &why)])
    })?;
    if has_same_payload(session, &doc) {
        return Ok(None);
    }
    session.form.parse_edited_payload(&doc).map(Some).map_err(|_| session.text("editor.not_an_object").to_owned())
}

fn has_same_payload(session: &Session, doc: &JsonNode) -> bool {
    json::parse(&session.form.file_text()).is_ok_and(|now| now == *doc)
}

/// The text while the editor is open, or the reason why its result was not accepted.
pub(crate) fn external_editor_lines(session: &Session, rework: &ExternalEditorDialog, width: usize) -> Vec<Line> {
    let said = match &rework.pending_text {
        None => vec![(Tone::Dim, session.text("editor.out").to_owned())],
        Some(_) => vec![
            (Tone::Heading, session.text("editor.title").to_owned()),
            (Tone::Error, format!("✗ {}", rework.error)),
            (Tone::Plain, session.text("editor.again").to_owned()),
        ],
    };
    said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}
