//! Undo and redo in fields: what stood in a field before it was typed, pasted, picked, ticked or chosen.
//!
//! Each field has its own past, and what filled in several at once is undone in all of them. A word that is typed is
//! one step. It is no part of a draft and never holds a secret: the form gives out nothing that may not be kept.

use super::Model;
use super::edit::Editor;
use super::fields::Style;
use crate::form::{Place, Stood};
use tui_input::Input;

/// So many steps are kept; of more, the first ones are forgotten.
const STEPS: usize = 200;

/// What was done, oldest first, and what of it was undone.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    past: Vec<Step>,
    undone: Vec<Step>,
    /// What the last step can be gone on with.
    run: Option<Run>,
}

/// Something that is undone at once.
#[derive(Debug, Clone)]
struct Step {
    /// The field in which it was done.
    at: Place,
    /// Where the cursor stood before and after.
    cursors: [usize; 2],
    changes: Vec<Change>,
}

/// One place of it.
#[derive(Debug, Clone)]
struct Change {
    at: Place,
    before: Stood,
    after: Stood,
}

/// What kind of change it is: some go on with the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// A character was typed; whether it was a blank.
    Typed(bool),
    /// A character was deleted.
    Erased,
    /// Something that stands alone.
    Alone,
}

impl Run {
    /// What typing or pasting this is.
    pub(super) fn of(text: &str) -> Self {
        match (text.chars().next(), text.chars().nth(1)) {
            (Some(c), None) => Self::Typed(c.is_whitespace()),
            _ => Self::Alone,
        }
    }

    /// Whether it belongs to the same step as what came before: a word with the blanks behind it, or what is deleted
    /// character by character.
    fn goes_on(self, before: Self) -> bool {
        match (before, self) {
            (Self::Typed(blank), Self::Typed(next)) => next || !blank,
            (Self::Erased, Self::Erased) => true,
            _ => false,
        }
    }
}

impl Step {
    fn touches(&self, at: Place) -> bool {
        self.changes.iter().any(|change| change.at == at)
    }
}

impl History {
    /// What is done next begins a step of its own.
    pub(super) fn pause(&mut self) {
        self.run = None;
    }

    fn record(&mut self, step: Step, run: Run) {
        let goes_on = self.run.replace(run).is_some_and(|before| run.goes_on(before));
        self.undone.retain(|undone| !step.changes.iter().any(|change| undone.touches(change.at)));
        if let ([change], Some(last)) = (step.changes.as_slice(), self.past.last_mut().filter(|_| goes_on))
            && let [earlier] = last.changes.as_mut_slice()
            && earlier.at == change.at
        {
            earlier.after = change.after.clone();
            last.cursors[1] = step.cursors[1];
            return;
        }
        self.past.push(step);
        if self.past.len() > STEPS {
            self.past.remove(0);
        }
    }

    /// A value was tidied as it was left: that is part of what was done before.
    pub(super) fn amend(&mut self, at: Place, typed: &Stood, tidy: &Stood) {
        for step in self.past.iter_mut().chain(&mut self.undone) {
            for change in step.changes.iter_mut().filter(|change| change.at == at) {
                for stood in [&mut change.before, &mut change.after] {
                    if stood == typed {
                        stood.clone_from(tidy);
                    }
                }
            }
            step.changes.retain(|change| change.before != change.after);
        }
        self.past.retain(|step| !step.changes.is_empty());
        self.undone.retain(|step| !step.changes.is_empty());
    }

    /// Takes the last step of a place out of the past, or out of what was undone.
    fn take(&mut self, at: Place, redo: bool) -> Option<Step> {
        let from = if redo { &mut self.undone } else { &mut self.past };
        let last = from.iter().rposition(|step| step.touches(at))?;
        Some(from.remove(last))
    }
}

impl Model {
    /// Does something in a field, and remembers how it and those beside it stood.
    pub(super) fn remembering(&mut self, at: Place, run: Run, act: impl FnOnce(&mut Self)) {
        let beside = self.form.places(self.product()[at.field].group).filter(|place| place.row == at.row);
        let stood: Vec<(Place, Stood)> = beside.filter_map(|at| Some((at, self.form.stood(at)?))).collect();
        let cursor = self.cursor_in(at);
        act(self);
        let changes = stood.into_iter().filter_map(|(at, before)| {
            let after = self.form.stood(at).filter(|after| *after != before)?;
            Some(Change { at, before, after })
        });
        match changes.collect::<Vec<_>>() {
            changes if changes.is_empty() => self.history.pause(),
            changes => {
                let cursors = [cursor, self.cursor_in(at)];
                self.history.record(Step { at, cursors, changes }, run);
            }
        }
    }

    /// Where the cursor stands in a field, counted in characters; at the end where nothing was done there yet.
    fn cursor_in(&self, at: Place) -> usize {
        let editor = self.editor.as_ref().filter(|editor| editor.place == at);
        editor.map_or_else(|| self.form.text(at).chars().count(), |editor| editor.input.cursor())
    }

    /// Undoes the last thing that was done in the field in focus, or does again what was undone.
    pub(super) fn undo_here(&mut self, redo: bool) {
        let Some(at) = self.field() else { return };
        if self.form.stood(at).is_none() || self.style(at) == Style::Secret {
            return self.flash("flash.nothing_kept");
        }
        self.history.pause();
        let Some(step) = self.step_to_take(at, redo) else {
            return self.flash(if redo { "flash.nothing_undone" } else { "flash.nothing_done" });
        };
        for change in &step.changes {
            let (from, to) = if redo { (&change.before, &change.after) } else { (&change.after, &change.before) };
            // What became of a field since stays.
            if self.form.stood(change.at).as_ref() == Some(from) {
                self.form.bring_back(change.at, to.clone());
                self.mark_changed(change.at);
            }
        }
        let cursor = (step.at == at).then_some(step.cursors[usize::from(redo)]);
        let to = if redo { &mut self.history.past } else { &mut self.history.undone };
        to.push(step);
        self.show_undone(at, cursor);
        self.keep_focus();
    }

    /// The step to undo or to do again; none where something else has been put into the field since.
    fn step_to_take(&mut self, at: Place, redo: bool) -> Option<Step> {
        let step = self.history.take(at, redo)?;
        let here = self.form.stood(at);
        let fits = |change: &Change| {
            change.at == at && here.as_ref() == Some(if redo { &change.before } else { &change.after })
        };
        step.changes.iter().any(fits).then_some(step)
    }

    /// The cursor stands where it stood then. What was there at first is not tidied, nor is what was written otherwise
    /// written so once more.
    fn show_undone(&mut self, at: Place, cursor: Option<usize>) {
        if self.style(at) != Style::Line {
            return;
        }
        let now = self.form.text(at).to_owned();
        let input = self.editor.take().filter(|editor| editor.place == at).map(|editor| editor.input);
        let input = input.unwrap_or_else(|| Input::new(String::new())).with_value(now);
        let input = if let Some(cursor) = cursor { input.with_cursor(cursor) } else { input };
        let changed = self.history.past.iter().any(|step| step.touches(at)) && self.form.respelled(at).is_none();
        self.editor = Some(Editor { place: at, input, changed });
    }
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
    fn a_word_is_one_step(#[case] first: &str, #[case] then: &str, #[case] same: bool) {
        assert_eq!(Run::of(then).goes_on(Run::of(first)), same);
    }
}
