//! What is marked on the form: problems and when they are shown, the server's words on fields, short notices.
//!
//! A problem is shown once its field was left or a step forward was refused, and vanishes as soon as the value is
//! right. What the server said of a field vanishes when that field changes.

use super::Model;
use crate::facts::ServerError;
use crate::form::{Place, Problem, Target};
use crate::order::Course;
use crate::product::{Level, StepId};
use std::collections::BTreeSet;

/// Something the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The field that it points at, if the product's tables tell.
    pub place: Option<Place>,
    /// Its words.
    pub error: ServerError,
}

/// What is marked.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// All problems of the form as it is now.
    pub problems: Vec<Problem>,
    /// Places whose problems are shown.
    pub(super) shown: BTreeSet<Place>,
    /// What the server said of the last order, until the fields change.
    pub remarks: Vec<Remark>,
    /// What is to be known at Review of a payload that was read.
    pub notices: Vec<String>,
    /// What became of the last attempt, until something changes.
    pub outcome: Option<String>,
    /// A short word on the last key, until the next one.
    pub flash: Option<String>,
}

impl Marks {
    /// The worst problem at a place, shown or not.
    pub(super) fn problem_at(&self, at: Place) -> Option<&Problem> {
        let here = self.problems.iter().filter(|problem| problem.target == Target::Field(at));
        here.max_by_key(|problem| problem.level)
    }

    /// The problems at a place that are shown.
    pub(super) fn shown_at(&self, at: Place) -> impl Iterator<Item = &Problem> {
        let shown = self.shown.contains(&at);
        self.problems.iter().filter(move |problem| shown && problem.target == Target::Field(at))
    }

    /// What the server said of a place.
    pub(super) fn remarks_at(&self, at: Place) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(move |remark| remark.place == Some(at))
    }

    /// The errors among the problems.
    pub(super) fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.level == Level::Error)
    }
}

/// How a step stands, for the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Where one is.
    Here,
    /// Seen, and nothing wrong.
    Done,
    /// Seen, and something wrong.
    Faulty,
    /// Not seen yet.
    Open,
}

impl Model {
    /// Looks at the whole form again.
    pub(super) fn check(&mut self) {
        self.marks.problems = self.form.problems(&self.context());
    }

    /// Shows a place's problems from now on.
    pub(super) fn mark_left(&mut self, at: Place) {
        self.marks.shown.insert(at);
    }

    /// Stops showing what would only flash up while a right value is being changed.
    pub(super) fn mark_entered(&mut self, at: Place) {
        if self.marks.problem_at(at).is_none() {
            self.marks.shown.remove(&at);
        }
    }

    /// A field was changed: what the server said of it is past.
    pub(super) fn mark_changed(&mut self, at: Place) {
        // A remark on a choice is about all that hangs on it.
        let product = self.product();
        let about = |place: Place| {
            let (field, changed) = (&product[place.field], &product[at.field]);
            place == at || field.is_mode() && field.group == changed.group
        };
        self.marks.remarks.retain(|remark| !remark.place.is_some_and(about));
        self.marks.outcome = None;
        self.touch();
        self.check();
    }

    /// Shows a short word on the key that was pressed.
    pub(super) fn flash(&mut self, id: &'static str) {
        self.marks.flash = Some(self.say(id).to_owned());
    }

    /// The step of a problem.
    pub(super) fn step_of(&self, target: &Target) -> Option<StepId> {
        let group = match target {
            Target::Field(at) => self.product()[at.field].group,
            Target::Group(group) => *group,
            Target::Pointer(_) => return None,
        };
        Some(self.product()[group].step)
    }

    /// How a step stands.
    pub fn standing(&self, step: StepId) -> Standing {
        if matches!(self.screen, super::Screen::Step(here) if here == step) {
            return Standing::Here;
        }
        // Once an order has left, what is wiped is not missing any more.
        let past = matches!(self.course, Course::Placed(_) | Course::Unknown(_));
        let remarked = self.marks.remarks.iter().filter_map(|remark| remark.place).map(Target::Field);
        let mut targets = self.marks.errors().map(|problem| problem.target.clone()).chain(remarked);
        let faulty = !past && targets.any(|target| self.step_of(&target) == Some(step));
        match (self.visited.contains(&step), faulty) {
            (true, true) => Standing::Faulty,
            (true, false) => Standing::Done,
            (false, _) => Standing::Open,
        }
    }
}
