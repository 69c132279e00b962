//! What is said while one saves: each change in the file, that secrets are in none, and how the agreement stands.
//!
//! A change is told by a sign as well as by its color. Values come masked where they may not be shown.

use super::{SaveFileDialog, SaveStage, WritePlan};
use crate::json::{JsonChange, JsonChangeKind};
use crate::product::ValueKind;
use crate::text;
use crate::text::wrap::visible_part;
use crate::tone::Tone;
use crate::tui::app::App;
use crate::tui::widgets::{Line, wrap_paragraph};
use tui_input::Input;

/// More changes than this are only counted.
const MAX_LISTED_CHANGES: usize = 300;

type SaveNote = (Tone, String);

impl App {
    /// What is said above the name, or of what changes.
    pub(crate) fn save_dialog_lines(&self, saving: &SaveFileDialog, width: usize) -> Vec<Line> {
        let said = match &saving.stage {
            SaveStage::TypingName => self.save_name_notes(saving),
            SaveStage::Waiting => vec![(Tone::Dim, self.path_text("save.waiting", saving.name_input.value()))],
            SaveStage::ShowingChanges(plan) => self.save_plan_notes(plan),
        };
        said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
    }

    fn path_text(&self, id: &'static str, path: &str) -> String {
        self.lang.format_text(id, &[("path", path)])
    }

    fn save_name_notes(&self, saving: &SaveFileDialog) -> Vec<SaveNote> {
        let why = saving.error.iter().map(|why| (Tone::Error, format!("✗ {why}")));
        let rest =
            [(Tone::Heading, self.text("save.title").to_owned()), (Tone::Dim, self.text("save.name").to_owned())];
        why.chain(rest).collect()
    }

    fn save_plan_notes(&self, plan: &WritePlan) -> Vec<SaveNote> {
        let path = plan.path.display().to_string();
        let id = match (plan.replaces, plan.is_unopened_file) {
            (None, _) => "save.new",
            (Some(_), true) => "save.strange",
            (Some(_), false) => "save.change",
        };
        let mut said = vec![(Tone::Heading, self.path_text(id, &path))];
        if plan.changes.is_empty() {
            said.push((Tone::Good, self.text("save.nothing").to_owned()));
        }
        said.extend(plan.changes.iter().take(MAX_LISTED_CHANGES).map(|change| self.json_change_note(change)));
        if let Some(more) = plan.changes.len().checked_sub(MAX_LISTED_CHANGES + 1) {
            said.push((Tone::Dim, self.lang.format_text("save.more", &[("count", &(more + 1).to_string())])));
        }
        said.extend(self.left_out_notes());
        said
    }

    fn json_change_note(&self, change: &JsonChange) -> SaveNote {
        let at = &change.pointer;
        match &change.kind {
            JsonChangeKind::Added(new) => (Tone::Good, format!("+ {at}: {new}")),
            JsonChangeKind::Removed(old) => (Tone::Warning, format!("- {at}: {old}")),
            JsonChangeKind::Changed(old, new) => (Tone::Note, format!("~ {at}: {old} → {new}")),
            JsonChangeKind::DuplicateRemoved(old) => (
                Tone::Warning,
                format!("- {}", self.lang.format_text("save.repeated", &[("pointer", at), ("value", old)])),
            ),
            JsonChangeKind::Reordered => {
                let at = if at.is_empty() { "/" } else { at };
                (Tone::Note, format!("~ {}", self.lang.format_text("save.reordered", &[("pointer", at)])))
            }
        }
    }

    /// What is in no file, and how the agreement stands in this one.
    fn left_out_notes(&self) -> Vec<SaveNote> {
        let secrets = self.form.secret_fields().map(|field| self.product_text(&self.product()[field].label));
        let secrets = secrets.collect::<Vec<_>>().join(", ");
        let consent = |at: &crate::form::FieldPlace| self.product()[at.field].kind == ValueKind::Consent;
        let agreed = self.form.visible_places().filter(consent).any(|at| self.is_ticked(at));
        let agreement = if agreed { "save.agreed" } else { "save.not_agreed" };
        vec![
            (Tone::Plain, self.lang.format_text("save.secrets", &[("fields", &secrets)])),
            (Tone::Plain, self.text(agreement).to_owned()),
        ]
    }

    /// Help on it.
    pub(crate) fn save_help_notes(&self, saving: &SaveFileDialog) -> Vec<SaveNote> {
        match &saving.stage {
            SaveStage::TypingName => vec![(Tone::Dim, self.text("help.save_name").to_owned())],
            SaveStage::Waiting => Vec::new(),
            SaveStage::ShowingChanges(_) => vec![(Tone::Dim, self.text("help.save_change").to_owned())],
        }
    }

    /// The line in which the name is typed, where one is.
    pub fn save_name_line(&self, saving: &SaveFileDialog, width: usize) -> Option<Line> {
        if !saving.is_typing_name() {
            return None;
        }
        Some(self.path_prompt_line("save.prompt", &saving.name_input, width))
    }

    /// A line in which a path is typed, behind what it is for.
    pub(crate) fn path_prompt_line(&self, prompt: &'static str, typed: &Input, width: usize) -> Line {
        let prompt = text::clip(&format!(" {} ", self.text(prompt)), width.saturating_sub(8)).into_owned();
        let from = text::display_width(&prompt);
        let (shown, column) = visible_part(typed.value(), typed.cursor(), width.saturating_sub(from));
        Line::new(Tone::Heading, prompt).with_span(Tone::Plain, shown).with_cursor(from + column)
    }
}
