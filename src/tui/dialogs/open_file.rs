//! Opening a file at Home: typing and completing its path, and reading its order.
//!
//! The file is checked as `zegel check` does it. A file that is no order opens nothing, and the dialog says why. A
//! file opened for review is also the file to save to; a new order that begins from a file is not connected to it.
//! This module reads no file itself; it requests a file task and handles the reply.

use crate::domain::{AccountData, FileDigest, FileError, LoadedFile, PathCompletion};
use crate::form::lint::{LintReport, lint_text, text_only_messages};
use crate::form::{Audience, ParsedPayload, ValidationContext};
use crate::i18n::{TextId, texts, with};
use crate::json;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{FileReply, FileTask};
use crate::tui::session::Session;
use crate::tui::session::feedback::ReviewNotice;
use crate::tui::session::open_form::payload_notices;
use crate::tui::session::order_file::{FileOrderDigests, OrderFile};
use crate::tui::widgets;
use crate::tui::widgets::path_prompt_line;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use std::path::{Path, PathBuf};
use tui_input::Input;

/// The open dialog over Home.
#[derive(Debug, Clone, Default)]
pub struct OpenFileDialog {
    path: Input,
    /// The purpose of the pending read: true to begin a new order from the file, false to review it. `None` if
    /// nothing is being read.
    pending_read: Option<bool>,
    /// Why nothing was opened.
    error: Option<String>,
    /// The completions of the path, if they were requested.
    completions: Option<PathCompletion>,
    scroll: ScrollPosition,
}

impl Component for OpenFileDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        if self.pending_read.is_none() { KeyContext::OpenFileName } else { KeyContext::FileBusy }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Text(text) | ComponentEvent::Paste(text) => {
                self.clear_result();
                if !widgets::insert_text(&mut self.path, text) {
                    session.show_flash(texts::flash::TOO_LONG);
                }
            }
            ComponentEvent::Action(Action::Edit(request)) => {
                if self.path.handle(request).is_some_and(|changed| changed.value) {
                    self.clear_result();
                }
            }
            ComponentEvent::Action(Action::CompletePath) => self.complete_path(session),
            ComponentEvent::Action(Action::Enter) => self.read_file(false, session),
            ComponentEvent::Action(Action::OrderAgain) => self.read_file(true, session),
            ComponentEvent::Action(_) => {}
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        open_file_lines(session, self, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn input_line(&self, session: &Session, width: usize) -> Option<Line> {
        self.takes_text(session).then(|| path_prompt_line(session.text(texts::open::PROMPT), &self.path, width))
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        let note = self.takes_text(session).then(|| (Tone::Dim, session.text(texts::help::OPEN_NAME).to_owned()));
        note.into_iter().collect()
    }

    fn takes_text(&self, _session: &Session) -> bool {
        self.pending_read.is_none()
    }

    fn awaits_file_reply(&self, reply: &FileReply) -> bool {
        match reply {
            FileReply::Read(_) => self.pending_read.is_some(),
            FileReply::Completed(_) => true,
            FileReply::Written(_) | FileReply::Edited(_) => false,
        }
    }

    fn take_reply(&mut self, reply: ComponentReply<'_>, session: &mut Session) -> Transition {
        let ComponentReply::File(task, reply) = reply else { return Transition::Stay };
        match reply {
            FileReply::Completed(completion) => self.take_completions(&task.path, completion, session),
            FileReply::Read(read) => {
                let begins_order = self.pending_read.take().unwrap_or_default();
                match open_read_file(&task.path, begins_order, read, session) {
                    Ok(transition) => return transition,
                    Err(error) => self.error = Some(error),
                }
            }
            FileReply::Written(_) | FileReply::Edited(_) => {}
        }
        Transition::Stay
    }
}

impl OpenFileDialog {
    /// Puts the order of a file into the form, as `zegel review` does.
    fn review_file(
        session: &mut Session,
        payload: ParsedPayload,
        (path, stamp): (PathBuf, FileDigest),
        report: &LintReport,
    ) {
        let mut form = payload.form;
        let digests = FileOrderDigests::from_form(&form, report.has_errors());
        let was_withdrawn = form.withdraw_consent();
        session.open_form_as_new_draft(form);
        session.order_file = Some(OrderFile::new(path, stamp, digests));
        session.feedback.notices = payload_notices(session, was_withdrawn, &payload.normalizations);
        let messages = text_only_messages(&session.lang, &report.findings);
        session.feedback.notices.extend(messages.into_iter().map(ReviewNotice::Lasting));
    }

    /// Clears the results of the previous path, because the path has changed.
    fn clear_result(&mut self) {
        (self.error, self.completions, self.scroll) = (None, None, ScrollPosition::default());
    }

    /// Requests the completions of the path.
    fn complete_path(&mut self, session: &mut Session) {
        if self.path.value() == "~" {
            widgets::insert_text(&mut self.path, "/");
        }
        let typed = self.path.value().to_owned();
        session.request_file_task(PathBuf::from(&typed), true, FileTask::Complete(typed));
    }

    /// Shows the completions of the path, unless the path has changed meanwhile.
    fn take_completions(&mut self, asked: &Path, completion: Result<PathCompletion, FileError>, session: &Session) {
        if Path::new(self.path.value()) != asked {
            return;
        }
        self.clear_result();
        match completion {
            Err(error) => self.error = Some(session.message_writer().file_error_text(&error)),
            Ok(completion) => {
                let typed = self.path.value();
                let dir = &typed[..typed.rfind('/').map_or(0, |at| at + 1)];
                self.path = Input::new(format!("{dir}{}", completion.common_prefix));
                self.completions = (!completion.is_only_match).then_some(completion);
            }
        }
    }

    /// Requests the file, to review it or to begin a new order from it.
    fn read_file(&mut self, begins_order: bool, session: &mut Session) {
        // A file name may end in a blank, but the blanks around a typed path are typing errors.
        let path = PathBuf::from(self.path.value().trim());
        if path.as_os_str().is_empty() {
            return session.show_flash(texts::flash::NO_NAME);
        }
        self.clear_result();
        self.pending_read = Some(begins_order);
        session.request_file_task(path.clone(), true, FileTask::Read(path));
    }
}

/// Puts the order of a file into the form. Returns the reason if the file holds no order.
fn open_read_file(
    path: &Path,
    begins_order: bool,
    read: Result<LoadedFile, FileError>,
    session: &mut Session,
) -> Result<Transition, String> {
    let loaded = read.map_err(|error| session.message_writer().file_error_text(&error))?;
    let known = AccountData::default();
    let context = ValidationContext { today: session.today, known: &known, audience: Audience::Review };
    let mut report = lint_text(session.product(), loaded.text.expose().as_bytes(), &context);
    let Some(payload) = report.payload.take() else {
        return Err(not_an_order_text(session, path, &loaded, &report));
    };
    let secrets: Vec<String> = payload.form.sensitive_members().into_iter().collect();
    if !secrets.is_empty() {
        return Err(session
            .lang
            .format(texts::payload::STRAY, (with::Path(&path.display()), with::Pointers(&secrets.join(", ")))));
    }
    // Changes that are not on disk yet stay in front.
    if session.warn_if_unsaved() {
        return Ok(Transition::Stay);
    }
    if begins_order {
        return Ok(session.begin_order_from_form(payload.form));
    }
    OpenFileDialog::review_file(session, payload, (path.to_owned(), loaded.digest), &report);
    Ok(Transition::Go(ScreenRoute::Review))
}

/// The reason why a text is no order, with its line and column.
fn not_an_order_text(session: &Session, path: &Path, loaded: &LoadedFile, found: &LintReport) -> String {
    let at = found.findings.first().map_or(0, |finding| finding.span.start);
    let why = found.findings.first().map(|finding| finding.message(&session.lang)).unwrap_or_default();
    let (line, column) = json::line_and_column(loaded.text.expose(), at);
    session.lang.format(
        texts::open::NO_ORDER,
        (with::Path(&path.display()), with::Line(&line), with::Column(&column), with::Why(&why)),
    )
}

/// The lines above the typed path.
fn open_file_lines(session: &Session, opening: &OpenFileDialog, width: usize) -> Vec<Line> {
    let mut notes = Vec::new();
    if opening.pending_read.is_some() {
        notes.push((Tone::Dim, session.lang.format(texts::open::WAITING, with::Path(&opening.path.value()))));
    } else {
        let why =
            opening.error.iter().map(|why| (Tone::Error, format!("✗ {why} {}", session.text(texts::open::STAYS))));
        notes.extend(why);
        notes.push((Tone::Heading, session.text(texts::open::TITLE).to_owned()));
    }
    let mut lines: Vec<Line> =
        notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
    lines.extend(opening.completions.iter().flat_map(|fits| path_completion_lines(session, fits, width)));
    lines
}

fn path_completion_lines(session: &Session, fits: &PathCompletion, width: usize) -> Vec<Line> {
    if fits.count == 0 {
        return wrap_paragraph(Tone::Warning, session.text(texts::open::NONE), 1, width);
    }
    let count = |id: TextId<with::Count<'_>>, count: usize| {
        session.lang.format(id, with::Count(&session.lang.format_count(count)))
    };
    let mut lines = wrap_paragraph(Tone::Plain, &count(texts::open::FITS, fits.count), 1, width);
    for name in &fits.names {
        lines.push(Line::new(Tone::Plain, "   ").with_span(Tone::Plain, name.as_str()));
    }
    match fits.count - fits.names.len() {
        0 => {}
        more => lines.extend(wrap_paragraph(Tone::Dim, &count(texts::open::MORE, more), 1, width)),
    }
    lines
}
