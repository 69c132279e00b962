//! What is said while one saves: each change in the file, that secrets are in none, and how the agreement stands.
//!
//! A change is told by a sign as well as by its color. Values come masked where they may not be shown.

use super::{Plan, Saving, Stage};
use crate::json::{Change, What};
use crate::layout::{Line, Tone, paragraph, view};
use crate::product::Kind;
use crate::text;
use crate::wizard::Model;
use tui_input::Input;

/// More changes than this are only counted.
const LISTED: usize = 300;

type Said = (Tone, String);

impl Model {
    /// What is said above the name, or of what changes.
    pub(in crate::wizard) fn save_lines(&self, saving: &Saving, width: usize) -> Vec<Line> {
        let said = match &saving.stage {
            Stage::Name => self.name_said(saving),
            Stage::Waiting => vec![(Tone::Dim, self.tell_path("save.waiting", saving.name.value()))],
            Stage::Shown(plan) => self.plan_said(plan),
        };
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }

    fn tell_path(&self, id: &'static str, path: &str) -> String {
        self.lang.tell(id, &[("path", path)])
    }

    fn name_said(&self, saving: &Saving) -> Vec<Said> {
        let why = saving.why.iter().map(|why| (Tone::Error, format!("✗ {why}")));
        let rest = [(Tone::Heading, self.say("save.title").to_owned()), (Tone::Dim, self.say("save.name").to_owned())];
        why.chain(rest).collect()
    }

    fn plan_said(&self, plan: &Plan) -> Vec<Said> {
        let path = plan.path.display().to_string();
        let id = match (plan.over, plan.strange) {
            (None, _) => "save.new",
            (Some(_), true) => "save.strange",
            (Some(_), false) => "save.change",
        };
        let mut said = vec![(Tone::Heading, self.tell_path(id, &path))];
        if plan.changes.is_empty() {
            said.push((Tone::Good, self.say("save.nothing").to_owned()));
        }
        said.extend(plan.changes.iter().take(LISTED).map(|change| self.change_said(change)));
        if let Some(more) = plan.changes.len().checked_sub(LISTED + 1) {
            said.push((Tone::Dim, self.lang.tell("save.more", &[("count", &(more + 1).to_string())])));
        }
        said.extend(self.never_said());
        said
    }

    fn change_said(&self, change: &Change) -> Said {
        let at = &change.pointer;
        match &change.what {
            What::Added(new) => (Tone::Good, format!("+ {at}: {new}")),
            What::Removed(old) => (Tone::Warning, format!("- {at}: {old}")),
            What::Changed(old, new) => (Tone::Note, format!("~ {at}: {old} → {new}")),
            What::Repeated(old) => {
                (Tone::Warning, format!("- {}", self.lang.tell("save.repeated", &[("pointer", at), ("value", old)])))
            }
            What::Reordered => {
                let at = if at.is_empty() { "/" } else { at };
                (Tone::Note, format!("~ {}", self.lang.tell("save.reordered", &[("pointer", at)])))
            }
        }
    }

    /// What is in no file, and how the agreement stands in this one.
    fn never_said(&self) -> Vec<Said> {
        let secrets = self.form.secret_fields().map(|field| self.words(&self.product()[field].label));
        let secrets = secrets.collect::<Vec<_>>().join(", ");
        let consent = |at: &crate::form::Place| self.product()[at.field].kind == Kind::Consent;
        let agreed = self.form.all_asked().filter(consent).any(|at| self.ticked(at));
        let agreement = if agreed { "save.agreed" } else { "save.not_agreed" };
        vec![
            (Tone::Plain, self.lang.tell("save.secrets", &[("fields", &secrets)])),
            (Tone::Plain, self.say(agreement).to_owned()),
        ]
    }

    /// Help on it.
    pub(in crate::wizard) fn save_help(&self, saving: &Saving) -> Vec<Said> {
        match &saving.stage {
            Stage::Name => vec![(Tone::Dim, self.say("help.save_name").to_owned())],
            Stage::Waiting => Vec::new(),
            Stage::Shown(_) => vec![(Tone::Dim, self.say("help.save_change").to_owned())],
        }
    }

    /// The line in which the name is typed, where one is.
    pub fn name_line(&self, saving: &Saving, width: usize) -> Option<Line> {
        if !saving.takes_name() {
            return None;
        }
        Some(self.named_line("save.prompt", &saving.name, width))
    }

    /// A line in which a path is typed, behind what it is for.
    pub(in crate::wizard) fn named_line(&self, prompt: &'static str, typed: &Input, width: usize) -> Line {
        let prompt = text::clip(&format!(" {} ", self.say(prompt)), width.saturating_sub(8)).into_owned();
        let from = text::width(&prompt);
        let (shown, column) = view(typed.value(), typed.cursor(), width.saturating_sub(from));
        Line::of(Tone::Heading, prompt).with(Tone::Plain, shown).at(from + column)
    }
}
