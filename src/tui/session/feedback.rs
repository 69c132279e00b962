//! Feedback on the form: its problems and when they are shown, the server's errors on fields, and short notices.
//!
//! A problem is shown after its field was left or a step forward was refused, and disappears as soon as the value is
//! right. A server error on a field disappears when that field changes.

use crate::domain::ServerError;
use crate::form::{FieldPlace, FieldValue, Problem, ProblemTarget, RedactedItem, ServerErrorTarget};
use crate::i18n::{TextId, texts, with};
use crate::order::OrderMachine;
use crate::product::{Severity, StepId};
use crate::tui::session::Session;
use crate::tui::session::field_text::field_label;
use crate::tui::session::outdated_copies::has_outdated_copy;
use std::collections::{BTreeMap, BTreeSet};

/// An error that the server reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRemark {
    /// What the error is about, if the product's tables map it.
    pub about: Option<ServerErrorTarget>,
    pub error: ServerError,
}

impl ServerRemark {
    /// The field at which the remark is shown; `None` if it is about the order as a whole.
    pub fn place(&self) -> Option<FieldPlace> {
        Some(self.about?.place)
    }
}

/// A notice at Review about what was read or what happened before.
#[derive(Debug, Clone)]
pub(crate) enum ReviewNotice {
    /// Shown as long as this form is in front.
    Lasting(String),
    /// Says that the agreement was withdrawn; shown until it is given.
    AgreementWithdrawn,
    /// Says that these items are asked again; each is listed until it is entered. The two text ids are for one item
    /// and for several, and give the reason.
    AskedAgain([TextId<with::Fields<'static>>; 2], Vec<RedactedItem>),
    /// About a value; shown as long as the field has that value.
    OfValue(FieldPlace, Option<FieldValue>, String),
}

#[derive(Debug, Clone, Default)]
pub struct FormFeedback {
    /// All problems of the present form.
    pub problems: Vec<Problem>,
    /// The places whose problems are shown.
    pub(crate) shown_places: BTreeSet<FieldPlace>,
    /// The server's errors on the last order, until the fields change.
    pub remarks: Vec<ServerRemark>,
    /// The notices at Review.
    pub(crate) notices: Vec<ReviewNotice>,
    /// The outcome of the last attempt, until something changes.
    pub attempt_outcome: Option<String>,
    /// A short notice about the last key, until the next key.
    pub flash: Option<String>,
    /// Until when the flash stays, whatever key is pressed, in milliseconds since the start.
    pub(crate) flash_until: u64,
}

impl FormFeedback {
    /// The worst problem at a place, shown or not.
    pub(crate) fn worst_problem_at(&self, at: FieldPlace) -> Option<&Problem> {
        let here = self.problems.iter().filter(|problem| problem.target == ProblemTarget::Field(at));
        here.max_by_key(|problem| problem.level)
    }

    /// Returns true if the problems at a place are shown.
    pub(crate) fn is_shown(&self, at: FieldPlace) -> bool {
        self.shown_places.contains(&at)
    }

    pub(crate) fn shown_problems_at(&self, at: FieldPlace) -> impl Iterator<Item = &Problem> {
        let shown = self.is_shown(at);
        self.problems.iter().filter(move |problem| shown && problem.target == ProblemTarget::Field(at))
    }

    pub(crate) fn remarks_at(&self, at: FieldPlace) -> impl Iterator<Item = &ServerRemark> {
        self.remarks.iter().filter(move |remark| remark.place() == Some(at))
    }

    /// Makes a place's problems visible from now on.
    pub(crate) fn mark_left(&mut self, at: FieldPlace) {
        self.shown_places.insert(at);
    }

    /// Hides the problems of a place that has none now, so that none flash up while a right value is being changed.
    pub(crate) fn mark_entered(&mut self, at: FieldPlace) {
        if self.worst_problem_at(at).is_none() {
            self.shown_places.remove(&at);
        }
    }

    pub(crate) fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.level == Severity::Error)
    }
}

/// The status of a step, for the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepStatus {
    Current,
    /// Visited, without errors.
    Complete,
    /// Visited, with errors.
    HasErrors,
    /// Visited, with something to decide.
    HasWarnings,
    Unvisited,
}

impl Session {
    /// Validates the whole form, and replaces its problems.
    pub(crate) fn validate_form(&mut self) {
        self.feedback.problems = self.form.find_problems(&self.validation_context());
    }

    /// Updates everything that depends on a field's value. Earlier feedback on the field is discarded.
    pub(crate) fn mark_field_changed(&mut self, at: FieldPlace) {
        self.forget_feedback_on(&[at]);
        self.drafts.schedule_save(self.now);
        self.validate_form();
    }

    /// Updates everything that depends on the fields whose values differ from `before`. Earlier feedback on them is
    /// discarded.
    pub(crate) fn mark_changed_fields(&mut self, before: &BTreeMap<FieldPlace, FieldValue>) {
        let now = form_values(self);
        let places: BTreeSet<FieldPlace> = before.keys().chain(now.keys()).copied().collect();
        let changed: Vec<FieldPlace> = places.into_iter().filter(|at| before.get(at) != now.get(at)).collect();
        if !changed.is_empty() {
            self.forget_feedback_on(&changed);
        }
        self.drafts.schedule_save(self.now);
        self.validate_form();
    }

    /// Discards the server's remarks about these fields, and about fields that are not asked any more. When the last
    /// remark on a field is gone, the remarks on the order as a whole go too.
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

    /// Shows a short notice about the key that was pressed.
    pub(crate) fn show_flash(&mut self, id: TextId) {
        self.feedback.flash = Some(self.text(id).to_owned());
    }
}

/// The status of a step, if `current` is the one in front.
pub(crate) fn step_status(session: &Session, step: StepId, current: Option<StepId>) -> StepStatus {
    if current == Some(step) {
        return StepStatus::Current;
    }
    // Card data is wiped after an order was sent, so it does not count as missing any more.
    let past = matches!(session.order_machine, OrderMachine::Placed(_) | OrderMachine::Unknown(_));
    let remarked = session.feedback.remarks.iter().filter_map(ServerRemark::place).map(ProblemTarget::Field);
    let mut targets = session.feedback.errors().map(|problem| problem.target.clone()).chain(remarked);
    let faulty = !past && targets.any(|target| problem_step(session, &target) == Some(step));
    match (session.visited_steps.contains(&step), faulty) {
        (true, true) => StepStatus::HasErrors,
        (true, false) if !past && has_outdated_copy(session, step) => StepStatus::HasWarnings,
        (true, false) => StepStatus::Complete,
        (false, _) => StepStatus::Unvisited,
    }
}

/// The present values of the form, to find later which ones changed.
pub(crate) fn form_values(session: &Session) -> BTreeMap<FieldPlace, FieldValue> {
    session.form.visible_places().filter_map(|at| Some((at, session.form.field_value(at)?.clone()))).collect()
}

/// The texts of the notices at Review that still apply.
pub(crate) fn review_notice_texts(session: &Session) -> Vec<String> {
    session.feedback.notices.iter().filter_map(|notice| review_notice_text(session, notice)).collect()
}

fn review_notice_text(session: &Session, notice: &ReviewNotice) -> Option<String> {
    match notice {
        ReviewNotice::Lasting(text) => Some(text.clone()),
        ReviewNotice::AgreementWithdrawn => {
            (!session.form.is_consent_given()).then(|| session.text(texts::notice::AGREEMENT).to_owned())
        }
        ReviewNotice::AskedAgain([one, several], withheld) => {
            let names: Vec<String> = withheld
                .iter()
                .filter(|one| is_still_missing(session, one))
                .map(|one| redacted_item_name(session, one))
                .collect();
            let id = if names.len() == 1 { one } else { several };
            (!names.is_empty()).then(|| session.lang.format(*id, with::Fields(&names.join(", "))))
        }
        ReviewNotice::OfValue(at, held, text) => (session.form.field_value(*at) == held.as_ref()).then(|| text.clone()),
    }
}

/// The name of an item that is asked again.
fn redacted_item_name(session: &Session, one: &RedactedItem) -> String {
    match one {
        RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
            field_label(session, *at).to_owned()
        }
        RedactedItem::Member(pointer) => pointer.clone(),
    }
}

/// Returns true if an item that is asked again was not entered yet.
fn is_still_missing(session: &Session, one: &RedactedItem) -> bool {
    match one {
        RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
            session.form.is_blank(*at)
        }
        RedactedItem::Member(_) => true,
    }
}

/// The step of a problem; `None` for a problem at a JSON pointer, which belongs to no step.
pub(crate) fn problem_step(session: &Session, target: &ProblemTarget) -> Option<StepId> {
    let group = match target {
        ProblemTarget::Field(at) => session.product()[at.field].group,
        ProblemTarget::Group(group) => *group,
        ProblemTarget::Pointer(_) => return None,
    };
    Some(session.product()[group].step)
}
