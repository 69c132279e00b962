//! Review: a summary by step beside the exact JSON, with everything that is wrong or worth a look listed first.
//!
//! The body is frozen when Review opens: what is confirmed is this one. A line of either half leads to its field.

mod preview;
mod summary;

use super::marks::Notice;
use super::{Model, Screen};
use crate::form::{Body, Note, Place, Target};
use crate::layout::{self, Area, Chosen, Move, Stack, WIDE};
use crate::product::StepId;
use std::path::Path;
use summary::{Entry, Leads};

/// The half of Review that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The summary.
    Summary,
    /// The JSON.
    Preview,
}

/// Review.
#[derive(Debug, Clone)]
pub struct Review {
    /// What will be sent.
    pub body: Body,
    /// Whether the agreement is in it: only then its digest can be confirmed.
    agreed: bool,
    /// The digest of it but for the agreement.
    but_for_consent: String,
    /// Which half has the keys.
    pub pane: Pane,
    /// The entry of the summary that is chosen.
    selected: usize,
    /// Where that entry leads, to find it again when others come or go.
    leads: Leads,
    /// The first line of the summary in view.
    top: usize,
    /// The line of the body that is chosen.
    line: usize,
    /// The first line of the preview in view.
    preview_top: usize,
}

/// What is to be known about a payload that was read.
pub(super) fn notices(model: &Model, withdrawn: bool, notes: &[Note]) -> Vec<Notice> {
    let said = |note: &Note| {
        let text = note.say(&model.lang);
        let (Note::Integer(pointer) | Note::Whole(pointer) | Note::Text(pointer)) = note else {
            return Notice::Lasting(text);
        };
        let at = model.form.all_asked().find(|at| model.form.pointer(*at).as_ref() == Some(pointer));
        at.map_or(Notice::Lasting(text.clone()), |at| Notice::Value(at, model.form.held(at).cloned(), text))
    };
    let agreement = withdrawn.then_some(Notice::Agreement);
    agreement.into_iter().chain(notes.iter().map(said)).collect()
}

impl Model {
    /// Opens Review with the body that the form makes now.
    pub(super) fn show_review(&mut self) {
        self.leave_spot();
        self.check();
        let asked: Vec<Place> = self.form.all_asked().collect();
        self.marks.shown.extend(asked);
        self.visited.extend((0..self.product().steps.len()).map(StepId));
        if !self.account.marks {
            self.form.unmark();
        }
        let body = self.form.body();
        self.ask_for_mark();
        self.overlays.clear();
        self.detour = false;
        let (agreed, but_for_consent) = (self.form.is_agreed(), self.form.digest_but_for_consent());
        self.screen = Screen::Review(Review {
            body,
            agreed,
            but_for_consent,
            pane: Pane::Summary,
            selected: 0,
            leads: Leads::Nowhere,
            top: 0,
            line: 0,
            preview_top: 0,
        });
        self.start_at_first();
    }

    /// The first entry that leads somewhere: what is wrong, if anything is; else the way on.
    fn start_at_first(&mut self) {
        let entries = self.entries(self.summary_area().width.into());
        let first = entries.iter().position(|entry| entry.leads != Leads::Nowhere);
        self.select(first.unwrap_or(0));
    }

    fn review(&self) -> Option<&Review> {
        match &self.screen {
            Screen::Review(review) => Some(review),
            _ => None,
        }
    }

    /// The two halves, without their titles; where there is no room for both, the one in front has it all.
    pub fn review_areas(&self) -> (Option<Area>, Option<Area>) {
        let (_, body) = self.frame().body.split_top(1);
        let pane = self.review().map_or(Pane::Summary, |review| review.pane);
        if body.width >= WIDE {
            let (left, rest) = body.split_left(body.width / 2 - 2);
            return (Some(left), Some(rest.split_left(1).1));
        }
        match pane {
            Pane::Summary => (Some(body), None),
            Pane::Preview => (None, Some(body)),
        }
    }

    /// The file that this order was read from, and the digest of the order as it stands there, while it is what is
    /// reviewed but for the agreement.
    fn file_digest(&self) -> Option<(&Path, &str)> {
        let review = self.review()?;
        self.file.as_ref()?.digest(&review.but_for_consent)
    }

    fn summary_area(&self) -> Area {
        self.review_areas().0.unwrap_or_default()
    }

    fn preview_area(&self) -> Area {
        self.review_areas().1.unwrap_or_default()
    }

    /// Chooses an entry; the preview follows to its line.
    fn select(&mut self, index: usize) {
        let leads = match self.entries(self.summary_area().width.into()).into_iter().nth(index) {
            Some(entry) => entry.leads,
            None => return,
        };
        let Screen::Review(review) = &mut self.screen else { return };
        let line = match &leads {
            Leads::Field(at) | Leads::Problem(Target::Field(at)) => review.body.line_of(*at),
            _ => None,
        };
        (review.selected, review.leads) = (index, leads);
        if let Some(line) = line {
            self.preview_to(line);
        }
        self.review_in_view();
    }

    /// Scrolls both halves so that what is chosen is in view. An entry that moved is found again.
    pub(super) fn review_in_view(&mut self) {
        let (Some(area), Some(review)) = (self.review_areas().0, self.review()) else {
            return self.preview_in_view();
        };
        let entries = self.entries(area.width.into());
        let (selected, leads) = (review.selected, &review.leads);
        let still = entries.get(selected).is_some_and(|entry| entry.leads == *leads);
        let moved = || entries.iter().position(|entry| entry.leads == *leads);
        let selected = if still { selected } else { moved().unwrap_or(selected).min(entries.len().saturating_sub(1)) };
        let (stack, view) = (stack(&entries), usize::from(area.height));
        let end = stack.rows(selected).end;
        // The first thing that leads somewhere brings in view what stands above it, where there is room.
        let first = entries[..selected].iter().all(|entry| entry.leads == Leads::Nowhere) && end <= view;
        if let Screen::Review(review) = &mut self.screen {
            review.selected = selected;
            review.top = if first {
                layout::follow(review.top, 0..end, view, stack.total())
            } else {
                stack.keep(Chosen { index: selected, top: review.top }, view)
            };
        }
        self.preview_in_view();
    }

    /// Through the entries of the summary, or through the lines of the preview.
    pub(super) fn move_in_review(&mut self, step: Move) {
        match self.review().map(|review| review.pane) {
            Some(Pane::Summary) => self.move_in_summary(step),
            Some(Pane::Preview) => self.move_in_preview(step),
            None => {}
        }
    }

    fn move_in_summary(&mut self, step: Move) {
        let area = self.summary_area();
        let stack = stack(&self.entries(area.width.into()));
        let Screen::Review(review) = &mut self.screen else { return };
        let at = Chosen { index: review.selected, top: review.top };
        let to = stack.step(step, at, area.height.into());
        review.top = to.top;
        if to.index == at.index { self.review_in_view() } else { self.select(to.index) }
    }

    /// To the other half.
    pub(super) fn switch_pane(&mut self) {
        if let Screen::Review(review) = &mut self.screen {
            review.pane = if review.pane == Pane::Summary { Pane::Preview } else { Pane::Summary };
        }
        self.review_in_view();
    }

    /// Where the chosen line leads.
    pub(super) fn enter_review(&mut self) {
        match self.chosen_lead() {
            Leads::CopyAgain(..) | Leads::KeepCopy(..) if self.unchangeable().is_some() => {
                self.unchangeable().into_iter().for_each(|why| self.flash(why));
            }
            Leads::CopyAgain(group, row) => self.copy_again(group, row),
            Leads::KeepCopy(group, row) => self.keep_copy(group, row),
            Leads::Problem(target) => self.go_to_target(&target),
            Leads::Field(at) => self.go_to(at),
            Leads::Step(step) => self.go_to_step(step),
            Leads::Confirm => self.ask_to_confirm(),
            Leads::Nowhere => self.flash("flash.no_field"),
        }
        self.detour = self.step().is_some();
    }

    /// The field to which the chosen line leads.
    pub(super) fn chosen_place(&self) -> Option<Place> {
        match self.chosen_lead() {
            Leads::Field(at) | Leads::Problem(Target::Field(at)) => Some(at),
            _ => None,
        }
    }

    fn chosen_lead(&self) -> Leads {
        match self.review() {
            Some(review) if review.pane == Pane::Summary => review.leads.clone(),
            Some(review) => {
                let place = review.body.lines().get(review.line).and_then(|line| line.place);
                place.map_or(Leads::Nowhere, Leads::Field)
            }
            None => Leads::Nowhere,
        }
    }
}

/// The entries of the summary by their rows.
fn stack(entries: &[Entry]) -> Stack {
    Stack::new(entries.iter().map(|entry| entry.lines.len()))
}
