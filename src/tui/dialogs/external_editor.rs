//! The external editor: the order's JSON in the person's own editor, and the result of the edit.
//!
//! The text holds no secrets, so they stay in the form. A text that is no longer a JSON object is not lost: it can be
//! edited again. This module starts no program itself; it requests a file task and handles the reply.

use crate::form::ParsedPayload;
use crate::i18n::{texts, with};
use crate::json::JsonNode;
use crate::secret::SecretText;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{FileReply, FileTask};
use crate::tui::session::Session;
use crate::tui::session::open_form::payload_notices;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use crate::{json, messages};
use std::path::PathBuf;

/// The external editor dialog over Review.
#[derive(Debug, Clone, Default)]
pub struct ExternalEditorDialog {
    /// The text for the next edit; it may hold what the person typed. `None` while the editor has the terminal.
    pending_text: Option<SecretText>,
    /// Why the edited text was not accepted.
    error: String,
    scroll: ScrollPosition,
}

impl Component for ExternalEditorDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        if self.pending_text.is_some() { KeyContext::ExternalEditor } else { KeyContext::FileBusy }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        // Only Enter takes the text away: with any other key it must stay.
        if let ComponentEvent::Action(Action::Enter) = event
            && let Some(text) = self.pending_text.take()
        {
            *self = Self::start(text, session);
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        external_editor_lines(session, self, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn awaits_file_reply(&self, reply: &FileReply) -> bool {
        matches!(reply, FileReply::Edited(_))
    }

    fn take_reply(&mut self, reply: ComponentReply<'_>, session: &mut Session) -> Transition {
        let ComponentReply::File(_, FileReply::Edited(edited)) = reply else { return Transition::Stay };
        let original = session.editor_text.take();
        let (text, error) = match edited {
            Err(error) => (original, messages::editor_error_text(&session.lang, &error)),
            Ok(text) => match parse_edited_text(session, text.expose()) {
                Ok(None) => {
                    session.show_flash(texts::flash::UNEDITED);
                    return Transition::Close;
                }
                Ok(Some((payload, was_withdrawn))) => {
                    Self::replace_form(session, payload, was_withdrawn);
                    return Transition::Go(ScreenRoute::Review);
                }
                Err(error) => (Some(text), error),
            },
        };
        *self = Self { pending_text: text, error, scroll: ScrollPosition::default() };
        Transition::Stay
    }
}

impl ExternalEditorDialog {
    /// Replaces the form by the edited payload.
    fn replace_form(session: &mut Session, payload: ParsedPayload, was_withdrawn: bool) {
        session.form = payload.form;
        // The rows have new keys, and the server's remarks were about the old form.
        (session.focus, session.group_undo, session.undo_history, session.field_editor) = Default::default();
        (session.feedback.remarks, session.feedback.attempt_outcome) = Default::default();
        session.feedback.notices = payload_notices(session, was_withdrawn, &payload.normalizations);
        session.drafts.schedule_save(session.now);
        session.show_flash(texts::flash::EDITED);
    }

    /// Opens the order's JSON in the editor. Returns `None`, and shows a flash, if the form is read-only or another
    /// file task is pending.
    pub(in crate::tui) fn begin(session: &mut Session) -> Option<Self> {
        let reason = if session.pending_file_task.is_some() {
            Some(texts::flash::FILE_BUSY)
        } else {
            session.read_only_reason()
        };
        if let Some(reason) = reason {
            session.show_flash(reason);
            return None;
        }
        Some(Self::start(SecretText::from(session.form.file_text()), session))
    }

    fn start(text: SecretText, session: &mut Session) -> Self {
        session.save_draft_now();
        session.request_file_task(PathBuf::new(), false, FileTask::Edit(text.clone()));
        session.editor_text = Some(text);
        Self::default()
    }
}

/// The edited form, and whether its agreement was withdrawn. `None` if the text equals the form. The error says why
/// the text is no order.
fn parse_edited_text(session: &Session, text: &str) -> Result<Option<(ParsedPayload, bool)>, String> {
    let doc = json::parse(text).map_err(|flaw| {
        let (line, column) = json::line_and_column(text, flaw.at);
        let why = messages::json_error_text(&session.lang, &flaw);
        session.lang.format(texts::editor::NOT_JSON, (with::Line(&line), with::Column(&column), with::Why(&why)))
    })?;
    if has_same_payload(session, &doc) {
        return Ok(None);
    }
    session.form.parse_edited_payload(&doc).map(Some).map_err(|_| session.text(texts::editor::NOT_AN_OBJECT).to_owned())
}

fn has_same_payload(session: &Session, doc: &JsonNode) -> bool {
    json::parse(&session.form.file_text()).is_ok_and(|now| now == *doc)
}

/// The text while the editor is open, or the reason why its result was not accepted.
fn external_editor_lines(session: &Session, dialog: &ExternalEditorDialog, width: usize) -> Vec<Line> {
    let notes = match &dialog.pending_text {
        None => vec![(Tone::Dim, session.text(texts::editor::OUT).to_owned())],
        Some(_) => vec![
            (Tone::Heading, session.text(texts::editor::TITLE).to_owned()),
            (Tone::Error, format!("✗ {}", dialog.error)),
            (Tone::Plain, session.text(texts::editor::AGAIN).to_owned()),
        ],
    };
    notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}
