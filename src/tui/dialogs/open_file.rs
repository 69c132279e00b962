//! Opening a file at Home: typing and completing its path, and reading its order.
//!
//! The file is checked as `zegel check` does it. A file that is no order opens nothing, and the dialog says why. A
//! file opened for review is also the file to save to; a new order that begins from a file is not connected to it.
//! This module reads no file itself; it requests a file task and handles the reply.

use super::save_file::{FileOrderDigests, OrderFile};
use crate::domain::{AccountData, FileDigest, FileError, LoadedFile, PathCompletion};
use crate::form::lint::{LintReport, lint_text, text_only_messages};
use crate::form::{Audience, Form, ParsedPayload, ValidationContext};
use crate::json;
use crate::tone::Tone;
use crate::tui::app::{App, Dialog, Screen};
use crate::tui::dialogs::save_file::view::path_prompt_line;
use crate::tui::message::{Effect, FileTask, StoreTask};
use crate::tui::screens::review;
use crate::tui::session::Session;
use crate::tui::session::feedback::ReviewNotice;
use crate::tui::widgets;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use std::path::{Path, PathBuf};
use tui_input::{Input, InputRequest};

/// The open dialog over Home.
#[derive(Debug, Clone)]
pub struct OpenFileDialog {
    path: Input,
    /// The purpose of the pending read: true to begin a new order from the file, false to review it. `None` if
    /// nothing is being read.
    pending_read: Option<bool>,
    /// Why nothing was opened.
    error: Option<String>,
    /// The completions of the path, if they were requested.
    completions: Option<PathCompletion>,
    pub(crate) scroll: ScrollPosition,
}

impl OpenFileDialog {
    pub(crate) fn is_typing_path(&self) -> bool {
        self.pending_read.is_none()
    }

    /// Clears the results of the previous path, because the path has changed.
    fn clear_result(&mut self) {
        (self.error, self.completions, self.scroll) = (None, None, ScrollPosition::default());
    }
}

impl App {
    pub(crate) fn show_open_file_dialog(&mut self) {
        let (path, reader) = (Input::default(), ScrollPosition::default());
        self.dialogs.push(Dialog::OpenFile(Box::new(OpenFileDialog {
            path,
            pending_read: None,
            error: None,
            completions: None,
            scroll: reader,
        })));
    }

    /// The open dialog, even if another dialog covers it.
    fn open_file_dialog_mut(&mut self) -> Option<&mut OpenFileDialog> {
        self.dialogs.iter_mut().find_map(|overlay| match overlay {
            Dialog::OpenFile(opening) => Some(&mut **opening),
            _ => None,
        })
    }

    /// Returns true if a file is being read to open it.
    pub(crate) fn is_reading_file(&self) -> bool {
        self.dialogs.iter().any(|overlay| matches!(overlay, Dialog::OpenFile(opening) if !opening.is_typing_path()))
    }

    /// Types into the path.
    pub(crate) fn type_file_path(&mut self, text: &str) {
        let Some(opening) = self.open_file_dialog_mut() else { return };
        opening.clear_result();
        if !widgets::insert_text(&mut opening.path, text) {
            self.session.show_flash("flash.too_long");
        }
    }

    /// Moves the cursor or deletes in the path.
    pub(crate) fn edit_file_path(&mut self, request: InputRequest) {
        let Some(opening) = self.open_file_dialog_mut() else { return };
        if opening.path.handle(request).is_some_and(|changed| changed.value) {
            opening.clear_result();
        }
    }

    /// Requests the completions of the path.
    pub(crate) fn complete_file_path(&mut self) -> Vec<Effect> {
        let Some(opening) = self.open_file_dialog_mut() else { return Vec::new() };
        if opening.path.value() == "~" {
            widgets::insert_text(&mut opening.path, "/");
        }
        let typed = opening.path.value().to_owned();
        self.session.request_file_task(PathBuf::from(&typed), true, FileTask::Complete(typed))
    }

    /// Shows the completions of the path, unless the path has changed meanwhile.
    pub(crate) fn take_path_completions(&mut self, asked: &Path, fitting: Result<PathCompletion, FileError>) {
        let why = fitting.as_ref().err().map(|why| self.session.message_writer().file_error_text(why));
        let Some(opening) = self.open_file_dialog_mut().filter(|opening| Path::new(opening.path.value()) == asked)
        else {
            return;
        };
        opening.clear_result();
        opening.error = why;
        let Ok(fitting) = fitting else { return };
        let typed = opening.path.value();
        let dir = &typed[..typed.rfind('/').map_or(0, |at| at + 1)];
        opening.path = Input::new(format!("{dir}{}", fitting.common_prefix));
        opening.completions = (!fitting.is_only_match).then_some(fitting);
    }

    /// Reads the file, to review it or to begin a new order from it.
    pub(crate) fn read_typed_file(&mut self, again: bool) -> Vec<Effect> {
        let Some(opening) = self.open_file_dialog_mut() else { return Vec::new() };
        // A file name may end in a blank, but the blanks around a typed path are typing errors.
        let path = PathBuf::from(opening.path.value().trim());
        if path.as_os_str().is_empty() {
            self.session.show_flash("flash.no_name");
            return Vec::new();
        }
        opening.clear_result();
        opening.pending_read = Some(again);
        self.session.request_file_task(path.clone(), true, FileTask::Read(path))
    }

    /// Handles the file that was read, or the reason why it could not be read.
    pub(crate) fn handle_file_read(&mut self, path: &Path, read: Result<LoadedFile, FileError>) {
        let Some(again) = self.open_file_dialog_mut().and_then(|opening| opening.pending_read.take()) else { return };
        if let Err(why) = self.open_read_file(path, again, read)
            && let Some(opening) = self.open_file_dialog_mut()
        {
            opening.error = Some(why);
        }
    }

    fn open_read_file(&mut self, path: &Path, again: bool, read: Result<LoadedFile, FileError>) -> Result<(), String> {
        let loaded = read.map_err(|why| self.session.message_writer().file_error_text(&why))?;
        let known = AccountData::default();
        let context = ValidationContext { today: self.session.today, known: &known, audience: Audience::Review };
        let mut found = lint_text(self.session.product(), loaded.text.expose().as_bytes(), &context);
        let Some(reading) = found.payload.take() else {
            return Err(not_an_order_text(&self.session, path, &loaded, &found));
        };
        let strays: Vec<String> = reading.form.sensitive_members().into_iter().collect();
        if !strays.is_empty() {
            let values = [("path", &*path.display().to_string()), ("pointers", &strays.join(", "))];
            return Err(self.session.lang.format_text("payload.stray", &values));
        }
        // Changes that are not on disk yet stay in front.
        if matches!(self.screen, Screen::Home(_)) && !self.session.warn_if_unsaved() {
            if again {
                self.begin_order_from_form(reading.form);
            } else {
                self.review_opened_file(reading, (path.to_owned(), loaded.digest), &found);
            }
        }
        Ok(())
    }

    /// Opens the file at Review, as `zegel review` does.
    fn review_opened_file(&mut self, reading: ParsedPayload, (path, stamp): (PathBuf, FileDigest), found: &LintReport) {
        let mut form = reading.form;
        let stands = FileOrderDigests::from_form(&form, found.has_errors());
        let withdrawn = form.withdraw_consent();
        self.session.open_form_as_new_draft(form);
        self.session.order_file = Some(OrderFile::new(path, stamp, stands));
        self.session.feedback.notices = review::payload_notices(&self.session, withdrawn, &reading.normalizations);
        self.session
            .feedback
            .notices
            .extend(text_only_messages(&self.session.lang, &found.findings).into_iter().map(ReviewNotice::Lasting));
        self.show_review();
    }

    /// Begins a new order with the values of an old one. Notices say which values are asked again.
    pub(crate) fn begin_order_from_form(&mut self, mut form: Form) {
        let asked = form.prepare_reorder(self.session.today);
        self.session.open_form_as_new_draft(form);
        self.session.feedback.notices =
            vec![ReviewNotice::AskedAgain(["notice.asked_anew_one", "notice.asked_anew"], asked)];
        self.show_review();
        self.session.feedback.flash = self.session.review_notice_texts().into_iter().next();
    }
}

impl Session {
    /// Replaces the form, in a draft of its own.
    pub(crate) fn open_form_as_new_draft(&mut self, form: Form) {
        self.reset_with_form(form);
        self.close_draft(StoreTask::ReleaseDraft);
        self.schedule_draft_save();
    }
}

/// The reason why a text is no order, with its line and column.
fn not_an_order_text(session: &Session, path: &Path, loaded: &LoadedFile, found: &LintReport) -> String {
    let at = found.findings.first().map_or(0, |finding| finding.span.start);
    let why = found.findings.first().map(|finding| finding.message(&session.lang)).unwrap_or_default();
    let (line, column) = json::line_and_column(loaded.text.expose(), at);
    let (path, line, column) = (path.display().to_string(), line.to_string(), column.to_string());
    session.lang.format_text("open.no_order", &[("path", &path), ("line", &line), ("column", &column), ("why", &why)])
}

/// The lines above the typed path.
pub(crate) fn open_file_lines(session: &Session, opening: &OpenFileDialog, width: usize) -> Vec<Line> {
    let mut said = Vec::new();
    if opening.pending_read.is_some() {
        said.push((Tone::Dim, session.lang.format_text("open.waiting", &[("path", opening.path.value())])));
    } else {
        let why = opening.error.iter().map(|why| (Tone::Error, format!("✗ {why} {}", session.text("open.stays"))));
        said.extend(why);
        said.push((Tone::Heading, session.text("open.title").to_owned()));
    }
    let mut lines: Vec<Line> =
        said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
    lines.extend(opening.completions.iter().flat_map(|fits| path_completion_lines(session, fits, width)));
    lines
}

fn path_completion_lines(session: &Session, fits: &PathCompletion, width: usize) -> Vec<Line> {
    if fits.count == 0 {
        return wrap_paragraph(Tone::Warning, session.text("open.none"), 1, width);
    }
    let count =
        |id: &'static str, count: usize| session.lang.format_text(id, &[("count", &session.lang.format_count(count))]);
    let mut lines = wrap_paragraph(Tone::Plain, &count("open.fits", fits.count), 1, width);
    for name in &fits.names {
        lines.push(Line::new(Tone::Plain, "   ").with_span(Tone::Plain, name.as_str()));
    }
    match fits.count - fits.names.len() {
        0 => {}
        more => lines.extend(wrap_paragraph(Tone::Dim, &count("open.more", more), 1, width)),
    }
    lines
}

/// The line in which the path is typed; `None` while a file is read.
pub(crate) fn file_path_line(session: &Session, opening: &OpenFileDialog, width: usize) -> Option<Line> {
    opening.is_typing_path().then(|| path_prompt_line(session, "open.prompt", &opening.path, width))
}
