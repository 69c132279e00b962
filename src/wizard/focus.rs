//! Moving about: from spot to spot, from step to step. Back never blocks or loses anything; forward leads to the
//! first problem instead.

use super::{Model, Screen, Spot};
use crate::form::{Place, Target};
use crate::layout;
use crate::product::{Level, StepId};

impl Model {
    /// The step in front, if one is.
    pub(super) fn step(&self) -> Option<StepId> {
        match self.screen {
            Screen::Step(step) => Some(step),
            _ => None,
        }
    }

    /// What has the focus in the step in front.
    pub(super) fn spot(&self) -> Option<Spot> {
        self.focus.get(&self.step()?).copied()
    }

    /// The field that has the focus.
    pub(super) fn field(&self) -> Option<Place> {
        match self.spot() {
            Some(Spot::Field(at)) => Some(at),
            _ => None,
        }
    }

    /// Gives the focus to a spot of the step in front.
    pub(super) fn focus_on(&mut self, spot: Spot) {
        let Some(step) = self.step() else { return };
        if self.spot() == Some(spot) {
            return;
        }
        self.leave_spot();
        self.focus.insert(step, spot);
        if let Spot::Field(at) = spot {
            self.mark_entered(at);
        }
    }

    /// The field in focus is left: it is tidied, and its problems are shown from now on.
    pub(super) fn leave_spot(&mut self) {
        self.leave_editor();
        if let Some(at) = self.field() {
            self.mark_left(at);
        }
    }

    /// To the next spot of the page, or the one before; it stops at the ends.
    pub(super) fn move_focus(&mut self, forward: bool) {
        let Some(step) = self.step() else { return };
        let spots = self.spots(step);
        let here = spots.iter().position(|spot| Some(*spot) == self.spot()).unwrap_or(0);
        let next = if forward { here + 1 } else { here.saturating_sub(1) };
        match spots.get(next) {
            Some(spot) if next != here => self.focus_on(*spot),
            _ => self.flash(if forward { "flash.last" } else { "flash.first" }),
        }
    }

    /// To the first or last spot of the page.
    pub(super) fn focus_end(&mut self, last: bool) {
        let Some(step) = self.step() else { return };
        let spots = self.spots(step);
        if let Some(spot) = if last { spots.last() } else { spots.first() } {
            self.focus_on(*spot);
        }
    }

    /// Puts a step in front, at the first field that needs something, else at its first field.
    pub(super) fn go_to_step(&mut self, step: StepId) {
        self.leave_spot();
        self.screen = Screen::Step(step);
        self.visited.insert(step);
        self.lists.retry_details();
        self.overlays.clear();
        self.top = 0;
        self.check();
        self.focus.extend(self.opening_spot(step).map(|spot| (step, spot)));
    }

    /// Where a step opens. Never on a button that changes what was entered: whoever begins to type means a field.
    fn opening_spot(&self, step: StepId) -> Option<Spot> {
        let spots = self.spots(step);
        let field = |spot: &&Spot| matches!(spot, Spot::Field(_));
        let needs = |spot: &&Spot| matches!(spot, Spot::Field(at) if self.needs_something(*at));
        spots.iter().find(needs).or_else(|| spots.iter().find(field)).or(spots.last()).copied()
    }

    /// Whether an order is refused for what stands at a place, here or by the server.
    fn needs_something(&self, at: Place) -> bool {
        let faulty = self.marks.problem_at(at).is_some_and(|problem| problem.level == Level::Error);
        faulty || self.marks.remarks_at(at).next().is_some()
    }

    /// Puts a field in front, with its problems shown.
    pub(super) fn go_to(&mut self, at: Place) {
        self.mark_left(at);
        self.experts |= self.product()[at.field].expert;
        self.go_to_step(self.product()[self.product()[at.field].group].step);
        if let Some(step) = self.step().filter(|step| self.spots(*step).contains(&Spot::Field(at))) {
            self.focus.insert(step, Spot::Field(at));
        }
    }

    /// Puts what a problem speaks of in front, if the form has it.
    pub(super) fn go_to_target(&mut self, target: &Target) {
        match target {
            Target::Field(at) => self.go_to(*at),
            Target::Group(group) => {
                self.go_to_step(self.product()[*group].step);
                self.focus_on(Spot::Add(*group));
            }
            Target::Pointer(_) => self.flash("flash.not_in_form"),
        }
    }

    /// The focus stands on something that is on the page; where it went, the nearest takes its place.
    pub(super) fn keep_focus(&mut self) {
        let Some(step) = self.step() else { return };
        let spots = self.spots(step);
        if self.spot().is_none_or(|spot| !spots.contains(&spot)) {
            let nearest = self.spot().and_then(|spot| self.nearest(spot, &spots)).or_else(|| self.opening_spot(step));
            self.focus.extend(nearest.map(|spot| (step, spot)));
        }
    }

    /// The first spot that stands behind one that is gone, by the order of the fields.
    fn nearest(&self, gone: Spot, spots: &[Spot]) -> Option<Spot> {
        let gone = match gone {
            Spot::Field(at) => at.field,
            Spot::Remove(group, _) => self.product().fields_of(group).last()?,
            _ => return None,
        };
        spots.iter().copied().find(|spot| matches!(spot, Spot::Field(at) if at.field >= gone))
    }

    /// On to the next step or to Review. Refused while the step has errors: then they are shown, and the first
    /// has the focus.
    pub(super) fn forward(&mut self) {
        let Some(step) = self.step() else { return };
        self.leave_spot();
        for at in self.form.asked(step).collect::<Vec<_>>() {
            self.mark_left(at);
        }
        let wrong = self.marks.errors().find(|problem| self.step_of(&problem.target) == Some(step));
        if let Some(target) = wrong.map(|problem| problem.target.clone()) {
            self.go_to_target(&target);
            return self.flash("flash.wrong");
        }
        self.look_for_alikes();
        if self.meets_alikes(step) {
            return;
        }
        match self.next_step() {
            Some(next) => {
                self.propose_file();
                self.go_to_step(next);
            }
            None if self.is_guided() => self.guide_onward(),
            None => self.show_review(),
        }
    }

    /// The step to which this one leads; none where that is Review.
    pub(super) fn next_step(&self) -> Option<StepId> {
        let next = self.step()?.0 + 1;
        (!self.detour && next < self.product().steps.len()).then_some(StepId(next))
    }

    /// Back to the step before, whatever is wrong here.
    pub(super) fn back(&mut self) {
        match self.step() {
            Some(StepId(0)) | None if self.is_guided() => self.guide_back(),
            Some(StepId(0)) => self.go_home(),
            Some(step) => self.go_to_step(StepId(step.0 - 1)),
            None => self.go_to_step(StepId(self.product().steps.len() - 1)),
        }
    }

    /// To the step of a number, counted from one; the one behind the last is Review.
    pub(super) fn go_to_number(&mut self, number: usize) {
        self.detour = false;
        match number {
            1.. if number <= self.product().steps.len() => self.go_to_step(StepId(number - 1)),
            _ if self.is_guided() => self.flash("flash.no_step"),
            _ if number == self.product().steps.len() + 1 => {
                self.leave_spot();
                self.show_review();
            }
            _ => self.flash("flash.no_step"),
        }
    }

    /// Scrolls the page of the step as little as possible, so that what has the focus is in view. The first spot
    /// brings in view what stands above it, where there is room.
    pub(super) fn keep_in_view(&mut self) {
        let Some(step) = self.step() else { return };
        let body = self.frame().body;
        let (lines, rows) = (self.page(body.width.into()), usize::from(body.height));
        let of_focus = |row: &usize| lines[*row].0.is_some() && lines[*row].0 == self.spot();
        let here: Vec<usize> = (0..lines.len()).filter(of_focus).collect();
        let start = here.first().copied().unwrap_or(0);
        let end = here.last().map_or(start, |row| row + 1);
        let first = self.spots(step).first().copied() == self.spot() && end <= rows;
        self.top = layout::follow(self.top, if first { 0 } else { start }..end, rows, lines.len());
    }
}
