//! Focus: moving between the targets of a page.

use crate::form::FieldPlace;
use crate::i18n::texts;
use crate::product::{Severity, StepId};
use crate::tui::screens::step::StepScreen;
use crate::tui::session::Session;
use crate::tui::session::page_items::{FocusTarget, focus_targets};

impl StepScreen {
    /// Opens a step, with the focus on the first field that needs something, or else on its first field.
    pub(in crate::tui) fn open(step: StepId, session: &mut Session) -> Self {
        session.visited_steps.insert(step);
        session.fetches.forget_detail_failures();
        session.validate_form();
        session.focus.extend(initial_focus(session, step).map(|target| (step, target)));
        Self { step, top: 0 }
    }

    /// Opens the step of a field, with the focus on the field if the page shows it.
    pub(in crate::tui) fn open_at_field(at: FieldPlace, session: &mut Session) -> Self {
        session.shows_expert_fields |= session.product()[at.field].expert;
        let step = session.product()[session.product()[at.field].group].step;
        let screen = Self::open(step, session);
        if focus_targets(session, step).contains(&FocusTarget::Field(at)) {
            session.focus.insert(step, FocusTarget::Field(at));
        }
        screen
    }

    pub fn step(&self) -> StepId {
        self.step
    }

    /// The first visible line of the page.
    pub fn top(&self) -> usize {
        self.top
    }

    pub(super) fn focused_target(&self, session: &Session) -> Option<FocusTarget> {
        session.focus.get(&self.step).copied()
    }

    /// Moves the focus to a target of the page.
    pub(in crate::tui) fn set_focus(&mut self, session: &mut Session, target: FocusTarget) {
        if self.focused_target(session) == Some(target) {
            return;
        }
        self.leave_focused_field(session);
        session.focus.insert(self.step, target);
        if let FocusTarget::Field(at) = target {
            session.feedback.mark_entered(at);
        }
    }

    /// Leaves the focused field: its text is tidied, and its problems are shown from now on.
    pub(super) fn leave_focused_field(&self, session: &mut Session) {
        session.close_field_editor();
        if let Some(FocusTarget::Field(at)) = self.focused_target(session) {
            session.feedback.mark_left(at);
        }
    }

    /// Moves the focus to the next or previous target of the page; it stops at the ends.
    pub(in crate::tui) fn move_focus(&mut self, session: &mut Session, forward: bool) {
        let targets = focus_targets(session, self.step);
        let here = targets.iter().position(|target| Some(*target) == self.focused_target(session)).unwrap_or(0);
        let next = if forward { here + 1 } else { here.saturating_sub(1) };
        match targets.get(next) {
            Some(target) if next != here => self.set_focus(session, *target),
            _ => session.show_flash(if forward { texts::flash::LAST } else { texts::flash::FIRST }),
        }
    }

    /// Moves the focus to the first or last target of the page.
    pub(super) fn move_focus_to_end(&mut self, session: &mut Session, last: bool) {
        let targets = focus_targets(session, self.step);
        if let Some(target) = if last { targets.last() } else { targets.first() } {
            self.set_focus(session, *target);
        }
    }

    /// Makes sure that the focus is on a target of the page. If its target is gone, the nearest one gets the focus.
    pub(in crate::tui) fn restore_focus(&self, session: &mut Session) {
        let targets = focus_targets(session, self.step);
        let focused = self.focused_target(session);
        if focused.is_none_or(|target| !targets.contains(&target)) {
            let nearest = focused
                .and_then(|target| nearest_focus_target(session, target, &targets))
                .or_else(|| initial_focus(session, self.step));
            session.focus.extend(nearest.map(|target| (self.step, target)));
        }
    }

    /// Returns the next step; None if this is the last one, or if Review follows.
    pub(super) fn next_step(&self, session: &Session) -> Option<StepId> {
        let next = self.step.0 + 1;
        (!session.returns_to_review && next < session.product().steps.len()).then_some(StepId(next))
    }
}

/// Returns the first focus of a step. It is never a button that changes values if there is a field: someone who
/// starts typing means a field.
fn initial_focus(session: &Session, step: StepId) -> Option<FocusTarget> {
    let spots = focus_targets(session, step);
    let field = |target: &&FocusTarget| matches!(target, FocusTarget::Field(_));
    let needs = |target: &&FocusTarget| matches!(target, FocusTarget::Field(at) if needs_correction(session, *at));
    spots.iter().find(needs).or_else(|| spots.iter().find(field)).or(spots.last()).copied()
}

/// Returns true if the value of a place has an error, or if the server refused it.
fn needs_correction(session: &Session, at: FieldPlace) -> bool {
    let faulty = session.feedback.worst_problem_at(at).is_some_and(|problem| problem.level == Severity::Error);
    faulty || session.feedback.remarks_at(at).next().is_some()
}

/// Returns the first remaining target at or after one that is gone, in the order of the fields.
fn nearest_focus_target(session: &Session, gone: FocusTarget, spots: &[FocusTarget]) -> Option<FocusTarget> {
    let gone = match gone {
        FocusTarget::Field(at) => at.field,
        FocusTarget::RemoveRow(group, _) => session.product().fields_of(group).last()?,
        _ => return None,
    };
    spots.iter().copied().find(|target| matches!(target, FocusTarget::Field(at) if at.field >= gone))
}
