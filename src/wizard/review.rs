//! Review: a summary by step beside the exact JSON, with everything that is wrong or worth a look listed first.
//!
//! The body is frozen when Review opens: what is confirmed is this one. A line of either half leads to its field.

mod preview;
mod summary;

use super::{Model, Screen};
use crate::form::{Body, Note, Place, Target};
use crate::layout::{self, Area, Move, WIDE};
use crate::product::StepId;
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
pub(super) fn notices(model: &Model, withdrawn: bool, notes: &[Note]) -> Vec<String> {
    let said = |note: &Note| match note {
        Note::Integer(pointer) => model.lang.tell("notice.integer", &[("pointer", pointer)]),
        Note::LeftOut(pointer) => model.lang.tell("notice.left_out", &[("pointer", pointer)]),
    };
    let agreement = withdrawn.then(|| model.say("notice.agreement").to_owned());
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
        let body = self.form.body();
        self.overlays.clear();
        self.detour = false;
        self.screen = Screen::Review(Review {
            body,
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
        if let Leads::Field(at) | Leads::Problem(Target::Field(at)) = &leads {
            review.line = review.body.line_of(*at).unwrap_or(review.line);
        }
        (review.selected, review.leads) = (index, leads);
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
        let lines = |entries: &[Entry]| entries.iter().map(|entry| entry.lines.len()).sum::<usize>();
        let (above, here) = entries.split_at(selected);
        // The first thing that can be chosen brings in view what stands above it.
        let first = above.iter().all(|entry| entry.leads == Leads::Nowhere);
        let start = if first { 0 } else { lines(above) };
        let end = lines(above) + here.first().map_or(0, |entry| entry.lines.len());
        let total = lines(&entries);
        if let Screen::Review(review) = &mut self.screen {
            review.selected = selected;
            review.top = layout::follow(review.top, start..end, area.height.into(), total);
        }
        self.preview_in_view();
    }

    /// Through the entries that lead somewhere, or through the lines of the preview.
    pub(super) fn move_in_review(&mut self, step: Move) {
        let Some(review) = self.review() else { return };
        match review.pane {
            Pane::Summary => {
                let area = self.summary_area();
                let entries = self.entries(area.width.into());
                let open = |index: &usize| entries[*index].leads != Leads::Nowhere;
                let reachable: Vec<usize> = (0..entries.len()).filter(open).collect();
                let here = reachable.iter().position(|index| *index >= review.selected).unwrap_or(0);
                if let Some(index) = reachable.get(step.from(here, area.height.into(), reachable.len())) {
                    self.select(*index);
                }
            }
            Pane::Preview => {
                let line = step.from(review.line, self.preview_area().height.into(), review.body.lines().len());
                if let Screen::Review(review) = &mut self.screen {
                    review.line = line;
                }
                self.preview_in_view();
            }
        }
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
            Leads::Problem(target) => self.go_to_target(&target),
            Leads::Field(at) => self.go_to(at),
            Leads::Step(step) => self.go_to_step(step),
            Leads::Confirm => self.ask_to_confirm(),
            Leads::Nowhere => self.flash("flash.no_field"),
        }
        self.detour = self.step().is_some();
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
