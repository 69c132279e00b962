//! Review: a summary by step beside the exact JSON, with all problems and notices listed first.
//!
//! The payload is frozen when Review opens: this is the payload that the person confirms. A line of either pane leads
//! to its field.

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

/// The pane of Review that receives the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewPane {
    Summary,
    /// The JSON.
    Preview,
}

#[derive(Debug, Clone)]
pub struct ReviewScreen {
    /// What will be sent.
    pub body: PayloadText,
    /// True if the consent to the agreement is in the payload: the digest can be confirmed only then.
    is_agreed: bool,
    /// The digest of the payload without the consent.
    digest_without_consent: String,
    pub pane: ReviewPane,
    /// The index of the selected entry of the summary.
    selected_entry: usize,
    /// The target of the selected entry. It finds the entry again when others are added or removed.
    selected_target: SummaryTarget,
    /// The first line of the summary in view.
    summary_top: usize,
    /// The selected line of the payload.
    preview_line: usize,
    /// The first line of the preview in view.
    preview_top: usize,
}

/// Returns the notices about a payload that was read.
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
    /// Opens Review with the payload that the form makes now.
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

    /// Selects the first entry that leads somewhere: the first problem, or else the button to Confirm.
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

    /// Returns the areas of summary and preview, without their titles. On a narrow screen only the pane in front has
    /// one.
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

    /// Returns the file that this order was read from and its digest there. None if the order has changed since,
    /// apart from the consent.
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

    /// Selects an entry; the preview moves to its line.
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

    /// Scrolls both panes so that what is selected is in view. An entry that moved is found again.
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
        // For the first entry that leads somewhere, the lines above it are shown too if they fit.
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

    /// Moves through the entries of the summary, or through the lines of the preview.
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

    pub(crate) fn switch_review_pane(&mut self) {
        if let Screen::Review(review) = &mut self.screen {
            review.pane = if review.pane == ReviewPane::Summary { ReviewPane::Preview } else { ReviewPane::Summary };
        }
        self.scroll_review();
    }

    /// Follows the selected line to its target.
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

    /// Returns the field that the selected line leads to.
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

/// Returns the scroll list of the summary.
fn summary_scroll_list(entries: &[SummaryEntry]) -> ScrollList {
    ScrollList::new(entries.iter().map(|entry| entry.lines.len()))
}
