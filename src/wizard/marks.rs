//! What is marked on the form: problems and when they are shown, the server's words on fields, short notices.
//!
//! A problem is shown once its field was left or a step forward was refused, and vanishes as soon as the value is
//! right. What the server said of a field vanishes when that field changes.

use super::Model;
use crate::facts::ServerError;
use crate::form::{Blamed, Held, Place, Problem, Target, Withheld};
use crate::order::Course;
use crate::product::{Level, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Something the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is about, if the product's tables tell.
    pub about: Option<Blamed>,
    /// Its words.
    pub error: ServerError,
}

impl Remark {
    /// The field at which it is shown.
    pub fn place(&self) -> Option<Place> {
        Some(self.about?.at)
    }
}

/// Something to be known at Review of what was read, or of what went before.
#[derive(Debug, Clone)]
pub(super) enum Notice {
    /// As long as this form is in front.
    Lasting(String),
    /// That the agreement was taken out, until it is given.
    Agreement,
    /// That these are asked, until they are entered: for the reason that the texts tell, of one and of several.
    Asked([&'static str; 2], Vec<Withheld>),
    /// Of a value, as long as the field has it.
    Value(Place, Option<Held>, String),
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
    pub(super) notices: Vec<Notice>,
    /// What became of the last attempt, until something changes.
    pub outcome: Option<String>,
    /// A short word on the last key, until the next one.
    pub flash: Option<String>,
    /// Until when it stays, whatever key comes, in milliseconds since the start.
    pub(super) flash_until: u64,
}

impl Marks {
    /// The worst problem at a place, shown or not.
    pub(super) fn problem_at(&self, at: Place) -> Option<&Problem> {
        let here = self.problems.iter().filter(|problem| problem.target == Target::Field(at));
        here.max_by_key(|problem| problem.level)
    }

    /// Whether what there is to say of a place is shown.
    pub(super) fn is_shown(&self, at: Place) -> bool {
        self.shown.contains(&at)
    }

    /// The problems at a place that are shown.
    pub(super) fn shown_at(&self, at: Place) -> impl Iterator<Item = &Problem> {
        let shown = self.is_shown(at);
        self.problems.iter().filter(move |problem| shown && problem.target == Target::Field(at))
    }

    /// What the server said of a place.
    pub(super) fn remarks_at(&self, at: Place) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(move |remark| remark.place() == Some(at))
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
    /// Seen, and something to decide.
    Doubtful,
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

    /// A field was changed: what was said of it is past.
    pub(super) fn mark_changed(&mut self, at: Place) {
        self.forget_said(&[at]);
        self.touch();
        self.check();
    }

    /// What stands in the form now, to tell afterwards what was changed.
    pub(super) fn entered(&self) -> BTreeMap<Place, Held> {
        self.form.all_asked().filter_map(|at| Some((at, self.form.held(at)?.clone()))).collect()
    }

    /// Several fields may have been changed at once: what was said of those that were is past.
    pub(super) fn mark_changes(&mut self, before: &BTreeMap<Place, Held>) {
        let now = self.entered();
        let places: BTreeSet<Place> = before.keys().chain(now.keys()).copied().collect();
        let changed: Vec<Place> = places.into_iter().filter(|at| before.get(at) != now.get(at)).collect();
        if !changed.is_empty() {
            self.forget_said(&changed);
        }
        self.touch();
        self.check();
    }

    /// Forgets what was said of the last attempt about these fields, and of those that are asked no more. What was said
    /// of the order as a whole is past with the last that was said of a field.
    fn forget_said(&mut self, changed: &[Place]) {
        let product = self.product();
        let form = &self.form;
        let asked: BTreeSet<Place> = form.all_asked().collect();
        let beside = |at: Place, other: Place| product[at.field].group == product[other.field].group;
        let past = |about: Blamed| {
            let touches = |at: &Place| *at == about.at || about.whole && beside(*at, about.at);
            changed.iter().any(touches) || !asked.contains(&about.at)
        };
        let remarks = &mut self.marks.remarks;
        remarks.retain(|remark| !remark.about.is_some_and(past));
        if remarks.iter().all(|remark| remark.about.is_none()) {
            remarks.clear();
        }
        self.marks.outcome = None;
    }

    /// What is to be known at Review, as far as it still is.
    pub(super) fn notices_said(&self) -> Vec<String> {
        self.marks.notices.iter().filter_map(|notice| self.notice_words(notice)).collect()
    }

    fn notice_words(&self, notice: &Notice) -> Option<String> {
        match notice {
            Notice::Lasting(text) => Some(text.clone()),
            Notice::Agreement => (!self.form.is_agreed()).then(|| self.say("notice.agreement").to_owned()),
            Notice::Asked([one, several], withheld) => {
                let names: Vec<String> =
                    withheld.iter().filter(|one| self.is_unentered(one)).map(|one| self.withheld_name(one)).collect();
                let id = if names.len() == 1 { one } else { several };
                (!names.is_empty()).then(|| self.lang.tell(id, &[("fields", &names.join(", "))]))
            }
            Notice::Value(at, held, text) => (self.form.held(*at) == held.as_ref()).then(|| text.clone()),
        }
    }

    /// Whether something that is asked again was not entered yet.
    fn is_unentered(&self, one: &Withheld) -> bool {
        match one {
            Withheld::Secret(at) | Withheld::Agreement(at) | Withheld::Private(at) => self.form.is_blank(*at),
            Withheld::Member(_) => true,
        }
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
        let remarked = self.marks.remarks.iter().filter_map(Remark::place).map(Target::Field);
        let mut targets = self.marks.errors().map(|problem| problem.target.clone()).chain(remarked);
        let faulty = !past && targets.any(|target| self.step_of(&target) == Some(step));
        match (self.visited.contains(&step), faulty) {
            (true, true) => Standing::Faulty,
            (true, false) if !past && self.is_outdated(step) => Standing::Doubtful,
            (true, false) => Standing::Done,
            (false, _) => Standing::Open,
        }
    }
}
