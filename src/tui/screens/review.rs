//! Review: a summary by step beside the exact JSON, with all problems and notices listed first.
//!
//! The payload is frozen when Review opens: this is the payload that the person confirms. A line of either pane leads
//! to its field.

pub(crate) mod panes;
pub(crate) mod preview;
pub(crate) mod summary;

use crate::form::{FieldPlace, PayloadText, ProblemTarget};
use crate::i18n::{texts, with};
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ScreenRoute, Transition, View};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::Effect;
use crate::tui::session::Session;
use crate::tui::widgets;
use crate::tui::widgets::{Area, Line, ListPosition, Move, ScrollList};
use summary::{SummaryEntry, SummaryTarget, summary_title};

/// The highest number of bytes to send to the clipboard: terminals cut or drop what is longer than about 100 000
/// characters of base64.
const MAX_CLIPBOARD_BYTES: usize = 74_000;

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

impl Component for ReviewScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        match self.pane {
            ReviewPane::Summary => KeyContext::Summary,
            ReviewPane::Preview => KeyContext::Preview,
        }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        let ComponentEvent::Action(action) = event else { return Transition::Stay };
        match action {
            Action::Enter => return self.open_selected_line(session),
            Action::NextStep => return Transition::Go(ScreenRoute::Confirm),
            Action::Back if session.order_machine.is_outcome_open() => return Transition::Go(ScreenRoute::Unresolved),
            Action::Back => return Transition::Go(ScreenRoute::Step(StepId(session.product().steps.len() - 1))),
            Action::Move(step) => match self.pane {
                ReviewPane::Summary => self.move_summary_selection(step, session),
                ReviewPane::Preview => self.move_preview_selection(step, session),
            },
            Action::SwitchPane => {
                self.pane = match self.pane {
                    ReviewPane::Summary => ReviewPane::Preview,
                    ReviewPane::Preview => ReviewPane::Summary,
                };
                self.scroll_panes(session);
            }
            Action::Copy => self.copy_preview(session),
            _ => {}
        }
        Transition::Stay
    }

    /// The summary beside the JSON, each under its title. Without room for both, only one of them is drawn. The pane
    /// that has the focus shows the cursor, and its title stands out by tone and by a mark.
    fn view(&self, session: &Session, area: Area) -> View {
        let (titles, _) = area.split_top(1);
        let (summary, preview) = self.pane_areas(session);
        let title = |pane, text: String| {
            let (tone, mark) = if self.pane == pane { (Tone::Focus, '›') } else { (Tone::Heading, ' ') };
            vec![Line::new(tone, format!("{mark}{text}"))]
        };
        let mut view = View::default();
        if let Some(area) = summary {
            let lines = self.summary_lines(session, area.width.into(), area.height.into());
            view = view
                .with_lines(
                    Area { x: area.x, width: area.width, ..titles },
                    title(ReviewPane::Summary, summary_title(session)),
                )
                .with_lines(area, lines_with_cursor_if(lines, self.pane == ReviewPane::Summary));
        }
        if let Some(area) = preview {
            let lines = self.preview_lines(area.width.into(), area.height.into());
            view = view
                .with_lines(
                    Area { x: area.x, width: area.width, ..titles },
                    title(ReviewPane::Preview, self.preview_title(session)),
                )
                .with_lines(area, lines_with_cursor_if(lines, self.pane == ReviewPane::Preview));
        }
        if let (Some(_), Some(preview)) = (summary, preview) {
            let bar = Area { x: preview.x.saturating_sub(1), width: 1, ..area };
            view = view.with_lines(bar, vec![Line::new(Tone::Dim, "│"); bar.height.into()]);
        }
        view
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::REVIEW).to_owned())]
    }

    fn is_action_active(&self, action: Action, session: &Session) -> bool {
        match action {
            Action::NextStep => !session.order_machine.is_outcome_open() && !session.account.is_none(),
            Action::EditExternally => session.read_only_reason().is_none(),
            _ => true,
        }
    }

    /// The field that the selected line leads to.
    fn focused_field(&self, _session: &Session) -> Option<FieldPlace> {
        match self.selected_line_target() {
            SummaryTarget::Field(at) | SummaryTarget::Problem(ProblemTarget::Field(at)) => Some(at),
            _ => None,
        }
    }

    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        self.scroll_panes(session);
    }
}

impl ReviewScreen {
    /// Opens Review with the payload that the form makes now.
    pub(in crate::tui) fn open(session: &mut Session) -> Self {
        session.validate_form();
        let asked: Vec<FieldPlace> = session.form.visible_places().collect();
        session.feedback.shown_places.extend(asked);
        session.visited_steps.extend((0..session.product().steps.len()).map(StepId));
        if !session.account.uses_markers {
            session.form.remove_own_order_marker();
        }
        let body = session.form.payload_text();
        session.request_order_marker();
        session.returns_to_review = false;
        let mut review = Self {
            body,
            is_agreed: session.form.is_consent_given(),
            digest_without_consent: session.form.digest_without_consent(),
            pane: ReviewPane::Summary,
            selected_entry: 0,
            selected_target: SummaryTarget::Nowhere,
            summary_top: 0,
            preview_line: 0,
            preview_top: 0,
        };
        review.select_first_entry(session);
        review
    }

    /// Selects the first entry that leads somewhere: the first problem, or else the button to Confirm.
    fn select_first_entry(&mut self, session: &Session) {
        let entries = self.summary_entries(session, self.summary_area(session).width.into());
        let first = entries.iter().position(|entry| entry.target != SummaryTarget::Nowhere);
        self.select_summary_entry(first.unwrap_or(0), session);
    }

    /// Selects an entry; the preview moves to its line.
    fn select_summary_entry(&mut self, index: usize, session: &Session) {
        let entries = self.summary_entries(session, self.summary_area(session).width.into());
        let Some(target) = entries.into_iter().nth(index).map(|entry| entry.target) else { return };
        let line = match &target {
            SummaryTarget::Field(at) | SummaryTarget::Problem(ProblemTarget::Field(at)) => self.body.line_index(*at),
            _ => None,
        };
        (self.selected_entry, self.selected_target) = (index, target);
        if let Some(line) = line {
            self.select_preview_line(line, session);
        }
        self.scroll_panes(session);
    }

    /// Scrolls both panes so that what is selected is in view. An entry that moved is found again.
    fn scroll_panes(&mut self, session: &Session) {
        if let (Some(area), _) = self.pane_areas(session) {
            self.scroll_summary(area, session);
        }
        self.scroll_preview(session);
    }

    fn scroll_summary(&mut self, area: Area, session: &Session) {
        let entries = self.summary_entries(session, area.width.into());
        let target = &self.selected_target;
        let is_there = entries.get(self.selected_entry).is_some_and(|entry| entry.target == *target);
        let moved_to = || entries.iter().position(|entry| entry.target == *target);
        let selected = if is_there { self.selected_entry } else { moved_to().unwrap_or(self.selected_entry) };
        let selected = selected.min(entries.len().saturating_sub(1));
        let (list, view) = (summary_scroll_list(&entries), usize::from(area.height));
        let end = list.item_rows(selected).end;
        // For the first entry that leads somewhere, the lines above it are shown too if they fit.
        let is_first = entries[..selected].iter().all(|entry| entry.target == SummaryTarget::Nowhere) && end <= view;
        self.selected_entry = selected;
        self.summary_top = if is_first {
            widgets::scroll_into_view(self.summary_top, 0..end, view, list.total_rows())
        } else {
            list.top_to_show(ListPosition { index: selected, top: self.summary_top }, view)
        };
    }

    fn move_summary_selection(&mut self, step: Move, session: &Session) {
        let area = self.summary_area(session);
        let list = summary_scroll_list(&self.summary_entries(session, area.width.into()));
        let at = ListPosition { index: self.selected_entry, top: self.summary_top };
        let to = list.apply_move(step, at, area.height.into());
        self.summary_top = to.top;
        if to.index == at.index {
            self.scroll_panes(session);
        } else {
            self.select_summary_entry(to.index, session);
        }
    }

    /// Follows the selected line to its target.
    fn open_selected_line(&mut self, session: &mut Session) -> Transition {
        let target = self.selected_line_target();
        let read_only = session.read_only_reason();
        session.returns_to_review = matches!(
            target,
            SummaryTarget::Problem(ProblemTarget::Field(_) | ProblemTarget::Group(_))
                | SummaryTarget::Field(_)
                | SummaryTarget::Step(_)
        );
        let is_decided = match target {
            SummaryTarget::CopyAgain(..) | SummaryTarget::KeepCopy(..) if read_only.is_some() => {
                if let Some(reason) = read_only {
                    session.show_flash(reason);
                }
                false
            }
            SummaryTarget::CopyAgain(group, row) => session.repeat_copy(group, row).is_some(),
            SummaryTarget::KeepCopy(group, row) => session.keep_outdated_copy(group, row).is_some(),
            SummaryTarget::Problem(target) => return Transition::Go(ScreenRoute::Problem(target)),
            SummaryTarget::Field(at) => return Transition::Go(ScreenRoute::Field(at)),
            SummaryTarget::Step(step) => return Transition::Go(ScreenRoute::Step(step)),
            SummaryTarget::Confirm => return Transition::Go(ScreenRoute::Confirm),
            SummaryTarget::Nowhere => {
                session.show_flash(texts::flash::NO_FIELD);
                false
            }
        };
        // Review opens again with the new payload.
        if is_decided { Transition::Go(ScreenRoute::Review) } else { Transition::Stay }
    }

    fn selected_line_target(&self) -> SummaryTarget {
        match self.pane {
            ReviewPane::Summary => self.selected_target.clone(),
            ReviewPane::Preview => {
                let place = self.body.lines().get(self.preview_line).and_then(|line| line.place);
                place.map_or(SummaryTarget::Nowhere, SummaryTarget::Field)
            }
        }
    }

    /// Sends the JSON as it is shown to the terminal's clipboard. It is the masked text, because any program may read
    /// the clipboard.
    fn copy_preview(&self, session: &mut Session) {
        let text = self.body.masked_text().to_owned();
        if text.len() > MAX_CLIPBOARD_BYTES {
            return session.show_flash(texts::flash::NOT_COPIED);
        }
        let title = self.preview_title(session);
        session.feedback.flash = Some(session.lang.format(texts::flash::SENT_TO_CLIPBOARD, with::Title(&title)));
        session.queue_effect(Effect::CopyToClipboard(text));
    }
}

/// The lines, with their cursor only if the pane has the focus.
fn lines_with_cursor_if(lines: Vec<Line>, has_focus: bool) -> Vec<Line> {
    lines.into_iter().map(|line| Line { cursor: line.cursor.filter(|_| has_focus), ..line }).collect()
}

/// Returns the scroll list of the summary.
fn summary_scroll_list(entries: &[SummaryEntry]) -> ScrollList {
    ScrollList::new(entries.iter().map(|entry| entry.lines.len()))
}
