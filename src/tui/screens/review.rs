//! Review: a summary by step beside the exact JSON, with everything that is wrong or worth a look listed first.
//!
//! The body is frozen when Review opens: what is confirmed is this one. A line of either half leads to its field.

pub(crate) mod preview;
pub(crate) mod summary;

use crate::form::{FieldPlace, Normalization, PayloadText, ProblemTarget};
use crate::product::StepId;
use crate::tui::app::{App, Screen};
use crate::tui::session::Session;
use crate::tui::session::feedback::ReviewNotice;
use crate::tui::widgets;
use crate::tui::widgets::{Area, ListPosition, MIN_WIDE_COLUMNS, Move, ScrollList};
use std::path::Path;
use summary::{SummaryEntry, SummaryTarget};

/// The half of Review that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewPane {
    /// The summary.
    Summary,
    /// The JSON.
    Preview,
}

/// Review.
#[derive(Debug, Clone)]
pub struct ReviewScreen {
    /// What will be sent.
    pub body: PayloadText,
    /// Whether the agreement is in it: only then its digest can be confirmed.
    is_agreed: bool,
    /// The digest of it but for the agreement.
    digest_without_consent: String,
    /// Which half has the keys.
    pub pane: ReviewPane,
    /// The entry of the summary that is chosen.
    selected_entry: usize,
    /// Where that entry leads, to find it again when others come or go.
    selected_target: SummaryTarget,
    /// The first line of the summary in view.
    summary_top: usize,
    /// The line of the body that is chosen.
    preview_line: usize,
    /// The first line of the preview in view.
    preview_top: usize,
}

/// What is to be known about a payload that was read.
pub(crate) fn payload_notices(session: &Session, withdrawn: bool, notes: &[Normalization]) -> Vec<ReviewNotice> {
    let said = |note: &Normalization| {
        let text = note.message(&session.lang);
        let (Normalization::TextToInteger(pointer)
        | Normalization::WholeNumber(pointer)
        | Normalization::NumberToText(pointer)) = note
        else {
            return ReviewNotice::Lasting(text);
        };
        let at = session.form.visible_places().find(|at| session.form.json_pointer(*at).as_ref() == Some(pointer));
        at.map_or(ReviewNotice::Lasting(text.clone()), |at| {
            ReviewNotice::OfValue(at, session.form.field_value(at).cloned(), text)
        })
    };
    let agreement = withdrawn.then_some(ReviewNotice::AgreementWithdrawn);
    agreement.into_iter().chain(notes.iter().map(said)).collect()
}

impl App {
    /// Opens Review with the body that the form makes now.
    pub(crate) fn show_review(&mut self) {
        self.leave_focused_field();
        self.session.validate_form();
        let asked: Vec<FieldPlace> = self.session.form.visible_places().collect();
        self.session.feedback.shown_places.extend(asked);
        self.session.visited_steps.extend((0..self.session.product().steps.len()).map(StepId));
        if !self.session.account.uses_markers {
            self.session.form.remove_own_order_marker();
        }
        let body = self.session.form.payload_text();
        self.session.request_order_marker();
        self.dialogs.clear();
        self.session.returns_to_review = false;
        let (agreed, but_for_consent) =
            (self.session.form.is_consent_given(), self.session.form.digest_without_consent());
        self.screen = Screen::Review(ReviewScreen {
            body,
            is_agreed: agreed,
            digest_without_consent: but_for_consent,
            pane: ReviewPane::Summary,
            selected_entry: 0,
            selected_target: SummaryTarget::Nowhere,
            summary_top: 0,
            preview_line: 0,
            preview_top: 0,
        });
        self.select_first_entry();
    }

    /// The first entry that leads somewhere: what is wrong, if anything is; else the way on.
    fn select_first_entry(&mut self) {
        let entries = self.summary_entries(self.summary_area().width.into());
        let first = entries.iter().position(|entry| entry.target != SummaryTarget::Nowhere);
        self.select_summary_entry(first.unwrap_or(0));
    }

    fn review_screen(&self) -> Option<&ReviewScreen> {
        match &self.screen {
            Screen::Review(review) => Some(review),
            _ => None,
        }
    }

    /// The two halves, without their titles; where there is no room for both, the one in front has it all.
    pub fn review_areas(&self) -> (Option<Area>, Option<Area>) {
        let (_, body) = self.session.frame().body.split_top(1);
        let pane = self.review_screen().map_or(ReviewPane::Summary, |review| review.pane);
        if body.width >= MIN_WIDE_COLUMNS {
            let (left, rest) = body.split_left(body.width / 2 - 2);
            return (Some(left), Some(rest.split_left(1).1));
        }
        match pane {
            ReviewPane::Summary => (Some(body), None),
            ReviewPane::Preview => (None, Some(body)),
        }
    }

    /// The file that this order was read from, and the digest of the order as it stands there, while it is what is
    /// reviewed but for the agreement.
    fn opened_file_digest(&self) -> Option<(&Path, &str)> {
        let review = self.review_screen()?;
        self.session.order_file.as_ref()?.matching_digest(&review.digest_without_consent)
    }

    fn summary_area(&self) -> Area {
        self.review_areas().0.unwrap_or_default()
    }

    fn preview_area(&self) -> Area {
        self.review_areas().1.unwrap_or_default()
    }

    /// Chooses an entry; the preview follows to its line.
    fn select_summary_entry(&mut self, index: usize) {
        let leads = match self.summary_entries(self.summary_area().width.into()).into_iter().nth(index) {
            Some(entry) => entry.target,
            None => return,
        };
        let Screen::Review(review) = &mut self.screen else { return };
        let line = match &leads {
            SummaryTarget::Field(at) | SummaryTarget::Problem(ProblemTarget::Field(at)) => review.body.line_index(*at),
            _ => None,
        };
        (review.selected_entry, review.selected_target) = (index, leads);
        if let Some(line) = line {
            self.select_preview_line(line);
        }
        self.scroll_review();
    }

    /// Scrolls both halves so that what is chosen is in view. An entry that moved is found again.
    pub(crate) fn scroll_review(&mut self) {
        let (Some(area), Some(review)) = (self.review_areas().0, self.review_screen()) else {
            return self.scroll_preview();
        };
        let entries = self.summary_entries(area.width.into());
        let (selected, leads) = (review.selected_entry, &review.selected_target);
        let still = entries.get(selected).is_some_and(|entry| entry.target == *leads);
        let moved = || entries.iter().position(|entry| entry.target == *leads);
        let selected = if still { selected } else { moved().unwrap_or(selected).min(entries.len().saturating_sub(1)) };
        let (stack, view) = (summary_scroll_list(&entries), usize::from(area.height));
        let end = stack.item_rows(selected).end;
        // The first thing that leads somewhere brings in view what stands above it, where there is room.
        let first = entries[..selected].iter().all(|entry| entry.target == SummaryTarget::Nowhere) && end <= view;
        if let Screen::Review(review) = &mut self.screen {
            review.selected_entry = selected;
            review.summary_top = if first {
                widgets::scroll_into_view(review.summary_top, 0..end, view, stack.total_rows())
            } else {
                stack.top_to_show(ListPosition { index: selected, top: review.summary_top }, view)
            };
        }
        self.scroll_preview();
    }

    /// Through the entries of the summary, or through the lines of the preview.
    pub(crate) fn move_review_selection(&mut self, step: Move) {
        match self.review_screen().map(|review| review.pane) {
            Some(ReviewPane::Summary) => self.move_summary_selection(step),
            Some(ReviewPane::Preview) => self.move_preview_selection(step),
            None => {}
        }
    }

    fn move_summary_selection(&mut self, step: Move) {
        let area = self.summary_area();
        let stack = summary_scroll_list(&self.summary_entries(area.width.into()));
        let Screen::Review(review) = &mut self.screen else { return };
        let at = ListPosition { index: review.selected_entry, top: review.summary_top };
        let to = stack.apply_move(step, at, area.height.into());
        review.summary_top = to.top;
        if to.index == at.index { self.scroll_review() } else { self.select_summary_entry(to.index) }
    }

    /// To the other half.
    pub(crate) fn switch_review_pane(&mut self) {
        if let Screen::Review(review) = &mut self.screen {
            review.pane = if review.pane == ReviewPane::Summary { ReviewPane::Preview } else { ReviewPane::Summary };
        }
        self.scroll_review();
    }

    /// Where the chosen line leads.
    pub(crate) fn open_selected_review_line(&mut self) {
        match self.selected_review_target() {
            SummaryTarget::CopyAgain(..) | SummaryTarget::KeepCopy(..) if self.session.read_only_reason().is_some() => {
                self.session.read_only_reason().into_iter().for_each(|why| self.session.show_flash(why));
            }
            SummaryTarget::CopyAgain(group, row) => self.repeat_copy(group, row),
            SummaryTarget::KeepCopy(group, row) => self.keep_outdated_copy(group, row),
            SummaryTarget::Problem(target) => self.go_to_problem(&target),
            SummaryTarget::Field(at) => self.go_to_field(at),
            SummaryTarget::Step(step) => self.go_to_step(step),
            SummaryTarget::Confirm => self.open_confirm_screen(),
            SummaryTarget::Nowhere => self.session.show_flash("flash.no_field"),
        }
        self.session.returns_to_review = self.current_step().is_some();
    }

    /// The field to which the chosen line leads.
    pub(crate) fn selected_review_field(&self) -> Option<FieldPlace> {
        match self.selected_review_target() {
            SummaryTarget::Field(at) | SummaryTarget::Problem(ProblemTarget::Field(at)) => Some(at),
            _ => None,
        }
    }

    fn selected_review_target(&self) -> SummaryTarget {
        match self.review_screen() {
            Some(review) if review.pane == ReviewPane::Summary => review.selected_target.clone(),
            Some(review) => {
                let place = review.body.lines().get(review.preview_line).and_then(|line| line.place);
                place.map_or(SummaryTarget::Nowhere, SummaryTarget::Field)
            }
            None => SummaryTarget::Nowhere,
        }
    }
}

/// The entries of the summary by their rows.
fn summary_scroll_list(entries: &[SummaryEntry]) -> ScrollList {
    ScrollList::new(entries.iter().map(|entry| entry.lines.len()))
}
