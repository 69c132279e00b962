//! Focus: moving between the targets of a page and between steps.
//!
//! Going back never blocks and never loses anything. Going forward stops at the first problem.

use crate::form::{FieldPlace, ProblemTarget};
use crate::product::{Severity, StepId};
use crate::tui::app::{App, FocusTarget, Screen};
use crate::tui::screens::setup::is_setting_up;
use crate::tui::session::Session;
use crate::tui::widgets;

impl App {
    /// Returns the step in front; None if another screen is in front.
    pub(crate) fn current_step(&self) -> Option<StepId> {
        match self.screen {
            Screen::Step(step) => Some(step),
            _ => None,
        }
    }

    pub(crate) fn focused_target(&self) -> Option<FocusTarget> {
        self.session.focus.get(&self.current_step()?).copied()
    }

    /// Returns the focused field; None if the focus is on a button.
    pub(crate) fn focused_field(&self) -> Option<FieldPlace> {
        match self.focused_target() {
            Some(FocusTarget::Field(at)) => Some(at),
            _ => None,
        }
    }

    /// Moves the focus to a target of the step in front.
    pub(crate) fn set_focus(&mut self, spot: FocusTarget) {
        let Some(step) = self.current_step() else { return };
        if self.focused_target() == Some(spot) {
            return;
        }
        self.leave_focused_field();
        self.session.focus.insert(step, spot);
        if let FocusTarget::Field(at) = spot {
            self.session.mark_field_entered(at);
        }
    }

    /// Leaves the focused field: its text is tidied, and its problems are shown from now on.
    pub(crate) fn leave_focused_field(&mut self) {
        self.session.close_field_editor();
        if let Some(at) = self.focused_field() {
            self.session.mark_field_left(at);
        }
    }

    /// Moves the focus to the next or previous target of the page; it stops at the ends.
    pub(crate) fn move_focus(&mut self, forward: bool) {
        let Some(step) = self.current_step() else { return };
        let spots = self.session.focus_targets(step);
        let here = spots.iter().position(|spot| Some(*spot) == self.focused_target()).unwrap_or(0);
        let next = if forward { here + 1 } else { here.saturating_sub(1) };
        match spots.get(next) {
            Some(spot) if next != here => self.set_focus(*spot),
            _ => self.session.show_flash(if forward { "flash.last" } else { "flash.first" }),
        }
    }

    /// Moves the focus to the first or last target of the page.
    pub(crate) fn move_focus_to_end(&mut self, last: bool) {
        let Some(step) = self.current_step() else { return };
        let spots = self.session.focus_targets(step);
        if let Some(spot) = if last { spots.last() } else { spots.first() } {
            self.set_focus(*spot);
        }
    }

    /// Puts a step in front, with the focus on the first field that needs something, or else on its first field.
    pub(crate) fn go_to_step(&mut self, step: StepId) {
        self.leave_focused_field();
        self.screen = Screen::Step(step);
        self.session.visited_steps.insert(step);
        self.session.fetches.forget_detail_failures();
        self.dialogs.clear();
        self.session.page_top = 0;
        self.session.validate_form();
        self.session.focus.extend(initial_focus(&self.session, step).map(|spot| (step, spot)));
    }

    /// Puts a field in front, with its problems shown.
    pub(crate) fn go_to_field(&mut self, at: FieldPlace) {
        self.session.mark_field_left(at);
        self.session.shows_expert_fields |= self.session.product()[at.field].expert;
        self.go_to_step(self.session.product()[self.session.product()[at.field].group].step);
        if let Some(step) =
            self.current_step().filter(|step| self.session.focus_targets(*step).contains(&FocusTarget::Field(at)))
        {
            self.session.focus.insert(step, FocusTarget::Field(at));
        }
    }

    /// Puts the target of a problem in front, if the form has it.
    pub(crate) fn go_to_problem(&mut self, target: &ProblemTarget) {
        match target {
            ProblemTarget::Field(at) => self.go_to_field(*at),
            ProblemTarget::Group(group) => {
                self.go_to_step(self.session.product()[*group].step);
                self.set_focus(FocusTarget::AddRow(*group));
            }
            ProblemTarget::Pointer(_) => self.session.show_flash("flash.not_in_form"),
        }
    }

    /// Makes sure that the focus is on a target of the page. If its target is gone, the nearest one gets the focus.
    pub(crate) fn restore_focus(&mut self) {
        let Some(step) = self.current_step() else { return };
        let spots = self.session.focus_targets(step);
        if self.focused_target().is_none_or(|spot| !spots.contains(&spot)) {
            let nearest = self
                .focused_target()
                .and_then(|spot| nearest_focus_target(&self.session, spot, &spots))
                .or_else(|| initial_focus(&self.session, step));
            self.session.focus.extend(nearest.map(|spot| (step, spot)));
        }
    }

    /// Goes to the next step or to Review. If the step has errors, it shows them instead and focuses the first.
    pub(crate) fn go_to_next_step(&mut self) {
        let Some(step) = self.current_step() else { return };
        self.leave_focused_field();
        for at in self.session.form.visible_places_in_step(step).collect::<Vec<_>>() {
            self.session.mark_field_left(at);
        }
        let wrong =
            self.session.feedback.errors().find(|problem| self.session.problem_step(&problem.target) == Some(step));
        if let Some(target) = wrong.map(|problem| problem.target.clone()) {
            self.go_to_problem(&target);
            return self.session.show_flash("flash.wrong");
        }
        self.session.find_similar_organizations();
        if self.stop_at_similar_organizations(step) {
            return;
        }
        match self.next_step() {
            Some(next) => {
                self.session.propose_key_file();
                self.go_to_step(next);
            }
            None if is_setting_up(&self.session) => self.finish_setup_form(),
            None => self.show_review(),
        }
    }

    /// Returns the next step; None if this is the last one, or if Review follows.
    pub(crate) fn next_step(&self) -> Option<StepId> {
        let next = self.current_step()?.0 + 1;
        (!self.session.returns_to_review && next < self.session.product().steps.len()).then_some(StepId(next))
    }

    /// Goes to the previous step, even if this step has errors.
    pub(crate) fn go_to_previous_step(&mut self) {
        match self.current_step() {
            Some(StepId(0)) | None if is_setting_up(&self.session) => self.go_back_in_setup(),
            Some(StepId(0)) => self.show_home(),
            Some(step) => self.go_to_step(StepId(step.0 - 1)),
            None => self.go_to_step(StepId(self.session.product().steps.len() - 1)),
        }
    }

    /// Goes to the step with this number, counted from one; the number after the last step is Review.
    pub(crate) fn go_to_step_number(&mut self, number: usize) {
        self.session.returns_to_review = false;
        match number {
            1.. if number <= self.session.product().steps.len() => self.go_to_step(StepId(number - 1)),
            _ if is_setting_up(&self.session) => self.session.show_flash("flash.no_step"),
            _ if number == self.session.product().steps.len() + 1 => {
                self.leave_focused_field();
                self.show_review();
            }
            _ => self.session.show_flash("flash.no_step"),
        }
    }

    /// Scrolls the page as little as possible so that the focused target is in view. For the first target, the lines
    /// above it are shown too if they fit.
    pub(crate) fn scroll_page_to_focus(&mut self) {
        let Some(step) = self.current_step() else { return };
        let body = self.session.frame().body;
        let (lines, rows) = (self.page_lines(body.width.into()), usize::from(body.height));
        let of_focus = |row: &usize| lines[*row].0.is_some() && lines[*row].0 == self.focused_target();
        let here: Vec<usize> = (0..lines.len()).filter(of_focus).collect();
        let start = here.first().copied().unwrap_or(0);
        let end = here.last().map_or(start, |row| row + 1);
        let first = self.session.focus_targets(step).first().copied() == self.focused_target() && end <= rows;
        self.session.page_top =
            widgets::scroll_into_view(self.session.page_top, if first { 0 } else { start }..end, rows, lines.len());
    }
}

/// Returns the first focus of a step. It is never a button that changes values if there is a field: someone who
/// starts typing means a field.
fn initial_focus(session: &Session, step: StepId) -> Option<FocusTarget> {
    let spots = session.focus_targets(step);
    let field = |spot: &&FocusTarget| matches!(spot, FocusTarget::Field(_));
    let needs = |spot: &&FocusTarget| matches!(spot, FocusTarget::Field(at) if needs_correction(session, *at));
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
    spots.iter().copied().find(|spot| matches!(spot, FocusTarget::Field(at) if at.field >= gone))
}
