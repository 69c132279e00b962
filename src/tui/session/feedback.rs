//! What is marked on the form: problems and when they are shown, the server's words on fields, short notices.
//!
//! A problem is shown once its field was left or a step forward was refused, and vanishes as soon as the value is
//! right. What the server said of a field vanishes when that field changes.

use crate::domain::ServerError;
use crate::form::{FieldPlace, FieldValue, Problem, ProblemTarget, RedactedItem, ServerErrorTarget};
use crate::order::OrderMachine;
use crate::product::{Severity, StepId};
use crate::tui::app::App;
use crate::tui::screens::step::outdated_copies::has_outdated_copy;
use crate::tui::session::Session;
use std::collections::{BTreeMap, BTreeSet};

/// Something the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRemark {
    /// What it is about, if the product's tables tell.
    pub about: Option<ServerErrorTarget>,
    /// Its words.
    pub error: ServerError,
}

impl ServerRemark {
    /// The field at which it is shown.
    pub fn place(&self) -> Option<FieldPlace> {
        Some(self.about?.place)
    }
}

/// Something to be known at Review of what was read, or of what went before.
#[derive(Debug, Clone)]
pub(crate) enum ReviewNotice {
    /// As long as this form is in front.
    Lasting(String),
    /// That the agreement was taken out, until it is given.
    AgreementWithdrawn,
    /// That these are asked, until they are entered: for the reason that the texts tell, of one and of several.
    AskedAgain([&'static str; 2], Vec<RedactedItem>),
    /// Of a value, as long as the field has it.
    OfValue(FieldPlace, Option<FieldValue>, String),
}

/// What is marked.
#[derive(Debug, Clone, Default)]
pub struct FormFeedback {
    /// All problems of the form as it is now.
    pub problems: Vec<Problem>,
    /// Places whose problems are shown.
    pub(crate) shown_places: BTreeSet<FieldPlace>,
    /// What the server said of the last order, until the fields change.
    pub remarks: Vec<ServerRemark>,
    /// What is to be known at Review of a payload that was read.
    pub(crate) notices: Vec<ReviewNotice>,
    /// What became of the last attempt, until something changes.
    pub attempt_outcome: Option<String>,
    /// A short word on the last key, until the next one.
    pub flash: Option<String>,
    /// Until when it stays, whatever key comes, in milliseconds since the start.
    pub(crate) flash_until: u64,
}

impl FormFeedback {
    /// The worst problem at a place, shown or not.
    pub(crate) fn worst_problem_at(&self, at: FieldPlace) -> Option<&Problem> {
        let here = self.problems.iter().filter(|problem| problem.target == ProblemTarget::Field(at));
        here.max_by_key(|problem| problem.level)
    }

    /// Whether what there is to say of a place is shown.
    pub(crate) fn is_shown(&self, at: FieldPlace) -> bool {
        self.shown_places.contains(&at)
    }

    /// The problems at a place that are shown.
    pub(crate) fn shown_problems_at(&self, at: FieldPlace) -> impl Iterator<Item = &Problem> {
        let shown = self.is_shown(at);
        self.problems.iter().filter(move |problem| shown && problem.target == ProblemTarget::Field(at))
    }

    /// What the server said of a place.
    pub(crate) fn remarks_at(&self, at: FieldPlace) -> impl Iterator<Item = &ServerRemark> {
        self.remarks.iter().filter(move |remark| remark.place() == Some(at))
    }

    /// The errors among the problems.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.level == Severity::Error)
    }
}

/// How a step stands, for the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepStatus {
    /// Where one is.
    Current,
    /// Seen, and nothing wrong.
    Complete,
    /// Seen, and something wrong.
    HasErrors,
    /// Seen, and something to decide.
    HasWarnings,
    /// Not seen yet.
    Unvisited,
}

impl App {
    /// How a step stands.
    pub fn step_status(&self, step: StepId) -> StepStatus {
        if matches!(self.screen, crate::tui::app::Screen::Step(here) if here == step) {
            return StepStatus::Current;
        }
        // Once an order has left, what is wiped is not missing any more.
        let past = matches!(self.session.order_machine, OrderMachine::Placed(_) | OrderMachine::Unknown(_));
        let remarked = self.session.feedback.remarks.iter().filter_map(ServerRemark::place).map(ProblemTarget::Field);
        let mut targets = self.session.feedback.errors().map(|problem| problem.target.clone()).chain(remarked);
        let faulty = !past && targets.any(|target| self.session.problem_step(&target) == Some(step));
        match (self.session.visited_steps.contains(&step), faulty) {
            (true, true) => StepStatus::HasErrors,
            (true, false) if !past && has_outdated_copy(&self.session, step) => StepStatus::HasWarnings,
            (true, false) => StepStatus::Complete,
            (false, _) => StepStatus::Unvisited,
        }
    }
}

impl Session {
    /// Looks at the whole form again.
    pub(crate) fn validate_form(&mut self) {
        self.feedback.problems = self.form.find_problems(&self.validation_context());
    }

    /// Shows a place's problems from now on.
    pub(crate) fn mark_field_left(&mut self, at: FieldPlace) {
        self.feedback.shown_places.insert(at);
    }

    /// Stops showing what would only flash up while a right value is being changed.
    pub(crate) fn mark_field_entered(&mut self, at: FieldPlace) {
        if self.feedback.worst_problem_at(at).is_none() {
            self.feedback.shown_places.remove(&at);
        }
    }

    /// A field was changed: what was said of it is past.
    pub(crate) fn mark_field_changed(&mut self, at: FieldPlace) {
        self.forget_feedback_on(&[at]);
        self.schedule_draft_save();
        self.validate_form();
    }

    /// What stands in the form now, to tell afterwards what was changed.
    pub(crate) fn form_values(&self) -> BTreeMap<FieldPlace, FieldValue> {
        self.form.visible_places().filter_map(|at| Some((at, self.form.field_value(at)?.clone()))).collect()
    }

    /// Several fields may have been changed at once: what was said of those that were is past.
    pub(crate) fn mark_changed_fields(&mut self, before: &BTreeMap<FieldPlace, FieldValue>) {
        let now = self.form_values();
        let places: BTreeSet<FieldPlace> = before.keys().chain(now.keys()).copied().collect();
        let changed: Vec<FieldPlace> = places.into_iter().filter(|at| before.get(at) != now.get(at)).collect();
        if !changed.is_empty() {
            self.forget_feedback_on(&changed);
        }
        self.schedule_draft_save();
        self.validate_form();
    }

    /// Forgets what was said of the last attempt about these fields, and of those that are asked no more. What was said
    /// of the order as a whole is past with the last that was said of a field.
    fn forget_feedback_on(&mut self, changed: &[FieldPlace]) {
        let product = self.product();
        let form = &self.form;
        let asked: BTreeSet<FieldPlace> = form.visible_places().collect();
        let beside = |at: FieldPlace, other: FieldPlace| product[at.field].group == product[other.field].group;
        let past = |about: ServerErrorTarget| {
            let touches = |at: &FieldPlace| *at == about.place || about.whole_group && beside(*at, about.place);
            changed.iter().any(touches) || !asked.contains(&about.place)
        };
        let remarks = &mut self.feedback.remarks;
        remarks.retain(|remark| !remark.about.is_some_and(past));
        if remarks.iter().all(|remark| remark.about.is_none()) {
            remarks.clear();
        }
        self.feedback.attempt_outcome = None;
    }

    /// What is to be known at Review, as far as it still is.
    pub(crate) fn review_notice_texts(&self) -> Vec<String> {
        self.feedback.notices.iter().filter_map(|notice| self.review_notice_text(notice)).collect()
    }

    fn review_notice_text(&self, notice: &ReviewNotice) -> Option<String> {
        match notice {
            ReviewNotice::Lasting(text) => Some(text.clone()),
            ReviewNotice::AgreementWithdrawn => {
                (!self.form.is_consent_given()).then(|| self.text("notice.agreement").to_owned())
            }
            ReviewNotice::AskedAgain([one, several], withheld) => {
                let names: Vec<String> = withheld
                    .iter()
                    .filter(|one| self.is_still_missing(one))
                    .map(|one| self.withheld_name(one))
                    .collect();
                let id = if names.len() == 1 { one } else { several };
                (!names.is_empty()).then(|| self.lang.format_text(id, &[("fields", &names.join(", "))]))
            }
            ReviewNotice::OfValue(at, held, text) => {
                (self.form.field_value(*at) == held.as_ref()).then(|| text.clone())
            }
        }
    }

    /// Whether something that is asked again was not entered yet.
    fn is_still_missing(&self, one: &RedactedItem) -> bool {
        match one {
            RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
                self.form.is_blank(*at)
            }
            RedactedItem::Member(_) => true,
        }
    }

    /// Shows a short word on the key that was pressed.
    pub(crate) fn show_flash(&mut self, id: &'static str) {
        self.feedback.flash = Some(self.text(id).to_owned());
    }

    /// The step of a problem.
    pub(crate) fn problem_step(&self, target: &ProblemTarget) -> Option<StepId> {
        let group = match target {
            ProblemTarget::Field(at) => self.product()[at.field].group,
            ProblemTarget::Group(group) => *group,
            ProblemTarget::Pointer(_) => return None,
        };
        Some(self.product()[group].step)
    }
}
