//! Undo and redo in fields: the former values of a field that was typed in, pasted into, picked, ticked or chosen.
//!
//! Each field has its own history, and a change of several fields at once is undone in all of them. A typed word is
//! one step. The history is not part of a draft. It never holds a secret, because the form gives no state of a secret
//! field.

use super::field_widgets::{FieldWidget, field_widget};
use super::text_editor::FieldEditor;
use crate::form::{FieldPlace, FieldState};
use crate::i18n::texts;
use crate::tui::session::Session;
use tui_input::Input;

/// The highest number of steps to keep; the oldest are forgotten first.
const MAX_UNDO_STEPS: usize = 200;

/// The steps done, oldest first, and the steps undone.
#[derive(Debug, Clone, Default)]
pub(crate) struct UndoHistory {
    done_steps: Vec<UndoStep>,
    undone_steps: Vec<UndoStep>,
    /// The kind of the last edit, if the next edit may extend its step.
    last_edit: Option<EditKind>,
}

/// Changes that are undone together.
#[derive(Debug, Clone)]
struct UndoStep {
    /// The field that the person edited.
    at: FieldPlace,
    /// The cursor before and after, in characters.
    cursors: [usize; 2],
    changes: Vec<UndoChange>,
}

/// The change of one place in a step.
#[derive(Debug, Clone)]
struct UndoChange {
    at: FieldPlace,
    before: FieldState,
    after: FieldState,
}

/// The kind of a change; some kinds extend the step before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EditKind {
    /// A character was typed; true for white space.
    Typed(bool),
    /// A character was deleted.
    Erased,
    /// A change that is always a step of its own.
    Standalone,
}

impl EditKind {
    /// The kind of typing or pasting this text.
    pub(crate) fn of_text(text: &str) -> Self {
        match (text.chars().next(), text.chars().nth(1)) {
            (Some(c), None) => Self::Typed(c.is_whitespace()),
            _ => Self::Standalone,
        }
    }

    /// Returns true if the edit extends the previous step: a word with the white space behind it, or deleting
    /// character by character.
    fn is_continuation_of(self, before: Self) -> bool {
        match (before, self) {
            (Self::Typed(blank), Self::Typed(next)) => next || !blank,
            (Self::Erased, Self::Erased) => true,
            _ => false,
        }
    }
}

impl UndoStep {
    fn has_change_at(&self, at: FieldPlace) -> bool {
        self.changes.iter().any(|change| change.at == at)
    }
}

impl UndoHistory {
    /// Makes the next edit begin a new step.
    pub(crate) fn start_new_step(&mut self) {
        self.last_edit = None;
    }

    fn record_step(&mut self, step: UndoStep, run: EditKind) {
        let goes_on = self.last_edit.replace(run).is_some_and(|before| run.is_continuation_of(before));
        self.undone_steps.retain(|undone| !step.changes.iter().any(|change| undone.has_change_at(change.at)));
        if let ([change], Some(last)) = (step.changes.as_slice(), self.done_steps.last_mut().filter(|_| goes_on))
            && let [earlier] = last.changes.as_mut_slice()
            && earlier.at == change.at
        {
            earlier.after = change.after.clone();
            last.cursors[1] = step.cursors[1];
            return;
        }
        self.done_steps.push(step);
        if self.done_steps.len() > MAX_UNDO_STEPS {
            self.done_steps.remove(0);
        }
    }

    /// Replaces a typed value by its tidied form in every step, so that tidying is no step of its own.
    pub(crate) fn replace_tidied_value(&mut self, at: FieldPlace, typed: &FieldState, tidy: &FieldState) {
        for step in self.done_steps.iter_mut().chain(&mut self.undone_steps) {
            for change in step.changes.iter_mut().filter(|change| change.at == at) {
                for before in [&mut change.before, &mut change.after] {
                    if before == typed {
                        before.clone_from(tidy);
                    }
                }
            }
            step.changes.retain(|change| change.before != change.after);
        }
        self.done_steps.retain(|step| !step.changes.is_empty());
        self.undone_steps.retain(|step| !step.changes.is_empty());
    }

    /// Removes and returns the last step that changed a place, from the done or the undone steps.
    fn take_step(&mut self, at: FieldPlace, redo: bool) -> Option<UndoStep> {
        let from = if redo { &mut self.undone_steps } else { &mut self.done_steps };
        let last = from.iter().rposition(|step| step.has_change_at(at))?;
        Some(from.remove(last))
    }
}

impl Session {
    /// Undoes the last change in a field, or redoes the last undone one.
    pub(crate) fn undo_in_field(&mut self, at: FieldPlace, redo: bool) {
        if self.form.field_state(at).is_none() || field_widget(self, at) == FieldWidget::Secret {
            return self.show_flash(texts::flash::NOTHING_KEPT);
        }
        self.undo_history.start_new_step();
        let Some(step) = self.take_undo_step(at, redo) else {
            return self.show_flash(if redo { texts::flash::NOTHING_UNDONE } else { texts::flash::NOTHING_DONE });
        };
        for change in &step.changes {
            let (from, to) = if redo { (&change.before, &change.after) } else { (&change.after, &change.before) };
            // A field that changed after this step keeps its value.
            if self.form.field_state(change.at).as_ref() == Some(from) {
                self.form.restore_field_state(change.at, to.clone());
                self.mark_field_changed(change.at);
            }
        }
        let cursor = (step.at == at).then_some(step.cursors[usize::from(redo)]);
        let to = if redo { &mut self.undo_history.done_steps } else { &mut self.undo_history.undone_steps };
        to.push(step);
        self.restore_editor_after_undo(at, cursor);
    }

    /// Runs an edit of a field, and records the changes of that field and the fields beside it as one step.
    pub(crate) fn edit_with_undo(&mut self, at: FieldPlace, run: EditKind, act: impl FnOnce(&mut Self)) {
        let beside = self.form.group_places(self.product()[at.field].group).filter(|place| place.row == at.row);
        let stood: Vec<(FieldPlace, FieldState)> =
            beside.filter_map(|at| Some((at, self.form.field_state(at)?))).collect();
        let cursor = cursor_in_field(self, at);
        act(self);
        let changes = stood.into_iter().filter_map(|(at, before)| {
            let after = self.form.field_state(at).filter(|after| *after != before)?;
            Some(UndoChange { at, before, after })
        });
        match changes.collect::<Vec<_>>() {
            changes if changes.is_empty() => self.undo_history.start_new_step(),
            changes => {
                let cursors = [cursor, cursor_in_field(self, at)];
                self.undo_history.record_step(UndoStep { at, cursors, changes }, run);
            }
        }
    }

    /// Takes the step to undo or redo. `None` if there is no step, or if the field has another value by now.
    fn take_undo_step(&mut self, at: FieldPlace, redo: bool) -> Option<UndoStep> {
        let step = self.undo_history.take_step(at, redo)?;
        let here = self.form.field_state(at);
        let fits = |change: &UndoChange| {
            change.at == at && here.as_ref() == Some(if redo { &change.before } else { &change.after })
        };
        step.changes.iter().any(fits).then_some(step)
    }

    /// Sets the editor to the restored value, with the cursor of that time. The editor counts as changed only if the
    /// value was edited and has no suggested spelling, so leaving the field does not tidy an original value or repeat
    /// a correction.
    fn restore_editor_after_undo(&mut self, at: FieldPlace, cursor: Option<usize>) {
        if field_widget(self, at) != FieldWidget::Line {
            return;
        }
        let now = self.form.text(at).to_owned();
        let input = self.field_editor.take().filter(|editor| editor.place == at).map(|editor| editor.input);
        let input = input.unwrap_or_else(|| Input::new(String::new())).with_value(now);
        let input = if let Some(cursor) = cursor { input.with_cursor(cursor) } else { input };
        let changed = self.undo_history.done_steps.iter().any(|step| step.has_change_at(at))
            && self.form.suggested_spelling(at).is_none();
        self.field_editor = Some(FieldEditor { place: at, input, is_changed: changed });
    }
}

/// The cursor in a field, in characters; the end if the field is not open in the editor.
fn cursor_in_field(session: &Session, at: FieldPlace) -> usize {
    let editor = session.field_editor.as_ref().filter(|editor| editor.place == at);
    editor.map_or_else(|| session.form.text(at).chars().count(), |editor| editor.input.cursor())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a", "b", true)]
    #[case("a", " ", true)]
    #[case(" ", " ", true)]
    #[case(" ", "b", false)]
    #[case("a", "bc", false)]
    #[case("ab", "c", false)]
    fn a_typed_word_is_one_undo_step(#[case] first: &str, #[case] then: &str, #[case] same: bool) {
        assert_eq!(EditKind::of_text(then).is_continuation_of(EditKind::of_text(first)), same);
    }
}
