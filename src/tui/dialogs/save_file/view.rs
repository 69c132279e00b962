//! The text of the save dialog: each change in the file, the secrets that no file holds, and the agreement.
//!
//! A change is marked by a sign as well as by its color. Values that must not be shown are masked.

use super::{SaveFileDialog, SaveStage, WritePlan};
use crate::i18n::{TextId, texts, with};
use crate::json::{JsonChange, JsonChangeKind};
use crate::product::ValueKind;
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::field_text::product_text;
use crate::tui::session::field_widgets::is_ticked;
use crate::tui::widgets::{Line, wrap_paragraph};

/// Changes beyond this number are only counted.
const MAX_LISTED_CHANGES: usize = 300;

type SaveNote = (Tone, String);

/// The lines above the typed name, or the lines of the planned changes.
pub(crate) fn save_dialog_lines(session: &Session, saving: &SaveFileDialog, width: usize) -> Vec<Line> {
    let notes = match &saving.stage {
        SaveStage::TypingName => save_name_notes(session, saving),
        SaveStage::Waiting => vec![(Tone::Dim, path_text(session, texts::save::WAITING, saving.name_input.value()))],
        SaveStage::ShowingChanges(plan) => save_plan_notes(session, plan),
    };
    notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}

fn path_text(session: &Session, id: TextId<with::Path<'_>>, path: &str) -> String {
    session.lang.format(id, with::Path(&path))
}

fn save_name_notes(session: &Session, saving: &SaveFileDialog) -> Vec<SaveNote> {
    let why = saving.error.iter().map(|why| (Tone::Error, format!("✗ {why}")));
    let rest = [
        (Tone::Heading, session.text(texts::save::TITLE).to_owned()),
        (Tone::Dim, session.text(texts::save::NAME).to_owned()),
    ];
    why.chain(rest).collect()
}

fn save_plan_notes(session: &Session, plan: &WritePlan) -> Vec<SaveNote> {
    let path = plan.path.display().to_string();
    let id = match (plan.replaces, plan.is_unopened_file) {
        (None, _) => texts::save::NEW,
        (Some(_), true) => texts::save::STRANGE,
        (Some(_), false) => texts::save::CHANGE,
    };
    let mut notes = vec![(Tone::Heading, path_text(session, id, &path))];
    if plan.changes.is_empty() {
        notes.push((Tone::Good, session.text(texts::save::NOTHING).to_owned()));
    }
    notes.extend(plan.changes.iter().take(MAX_LISTED_CHANGES).map(|change| json_change_note(session, change)));
    if let Some(more) = plan.changes.len().checked_sub(MAX_LISTED_CHANGES + 1) {
        notes.push((Tone::Dim, session.lang.format(texts::save::MORE, with::Count(&(more + 1)))));
    }
    notes.extend(left_out_notes(session));
    notes
}

fn json_change_note(session: &Session, change: &JsonChange) -> SaveNote {
    let at = &change.pointer;
    match &change.kind {
        JsonChangeKind::Added(new) => (Tone::Good, format!("+ {at}: {new}")),
        JsonChangeKind::Removed(old) => (Tone::Warning, format!("- {at}: {old}")),
        JsonChangeKind::Changed(old, new) => (Tone::Note, format!("~ {at}: {old} → {new}")),
        JsonChangeKind::DuplicateRemoved(old) => (
            Tone::Warning,
            format!("- {}", session.lang.format(texts::save::REPEATED, (with::Pointer(&at), with::Value(&old)))),
        ),
        JsonChangeKind::Reordered => {
            let at = if at.is_empty() { "/" } else { at };
            (Tone::Note, format!("~ {}", session.lang.format(texts::save::REORDERED, with::Pointer(&at))))
        }
    }
}

/// The fields that no file holds, and the state of the agreement in this file.
fn left_out_notes(session: &Session) -> Vec<SaveNote> {
    let secrets = session.form.secret_fields().map(|field| product_text(session, &session.product()[field].label));
    let secrets = secrets.collect::<Vec<_>>().join(", ");
    let consent = |at: &crate::form::FieldPlace| session.product()[at.field].kind == ValueKind::Consent;
    let agreed = session.form.visible_places().filter(consent).any(|at| is_ticked(session, at));
    let agreement = if agreed { texts::save::AGREED } else { texts::save::NOT_AGREED };
    vec![
        (Tone::Plain, session.lang.format(texts::save::SECRETS, with::Fields(&secrets))),
        (Tone::Plain, session.text(agreement).to_owned()),
    ]
}

pub(crate) fn save_help_notes(session: &Session, saving: &SaveFileDialog) -> Vec<SaveNote> {
    match &saving.stage {
        SaveStage::TypingName => vec![(Tone::Dim, session.text(texts::help::SAVE_NAME).to_owned())],
        SaveStage::Waiting => Vec::new(),
        SaveStage::ShowingChanges(_) => vec![(Tone::Dim, session.text(texts::help::SAVE_CHANGE).to_owned())],
    }
}
