//! Where a step leads, and the part of its page that is in view.
//!
//! Going back never blocks and never loses anything. Going forward stops at the first problem.

use crate::form::Problem;
use crate::i18n::texts;
use crate::product::StepId;
use crate::tui::component::{ScreenRoute, Transition};
use crate::tui::screens::step::StepScreen;
use crate::tui::session::Session;
use crate::tui::session::feedback::problem_step;
use crate::tui::session::page_items::focus_targets;
use crate::tui::session::setup::is_setting_up;
use crate::tui::widgets;

impl StepScreen {
    /// Goes to the next step or to Review. If the step has errors, it shows them instead and focuses the first.
    pub(super) fn go_on(&mut self, session: &mut Session) -> Transition {
        self.leave_focused_field(session);
        for at in session.form.visible_places_in_step(self.step).collect::<Vec<_>>() {
            session.feedback.mark_left(at);
        }
        let is_here = |problem: &&Problem| problem_step(session, &problem.target) == Some(self.step);
        let error = session.feedback.errors().find(is_here).map(|problem| problem.target.clone());
        if let Some(target) = error {
            session.show_flash(texts::flash::WRONG);
            return Transition::Go(ScreenRoute::Problem(target));
        }
        session.find_similar_organizations();
        if self.stop_at_similar_organizations(session) {
            return Transition::Stay;
        }
        match self.next_step(session) {
            Some(next) => {
                session.propose_key_file();
                Transition::Go(ScreenRoute::Step(next))
            }
            None if is_setting_up(session) => session.finish_setup_form(),
            None => Transition::Go(ScreenRoute::Review),
        }
    }

    /// Goes to the previous step, even if this step has errors.
    pub(super) fn go_back(&mut self, session: &mut Session) -> Transition {
        match self.step {
            StepId(0) if is_setting_up(session) => {
                self.leave_focused_field(session);
                session.leave_setup_form()
            }
            StepId(0) => Transition::Go(ScreenRoute::Home),
            StepId(step) => Transition::Go(ScreenRoute::Step(StepId(step - 1))),
        }
    }

    /// Scrolls the page as little as possible so that the focused target is in view. For the first target, the lines
    /// above it are shown too if they fit.
    pub(super) fn scroll_to_focus(&mut self, session: &Session) {
        let body = session.frame().body;
        let (lines, rows) = (self.page_lines(session, body.width.into()), usize::from(body.height));
        let focused = self.focused_target(session);
        let has_focus = |row: &usize| lines[*row].0.is_some() && lines[*row].0 == focused;
        let focused_rows: Vec<usize> = (0..lines.len()).filter(has_focus).collect();
        let start = focused_rows.first().copied().unwrap_or(0);
        let end = focused_rows.last().map_or(start, |row| row + 1);
        let is_first = focus_targets(session, self.step).first().copied() == focused && end <= rows;
        self.top = widgets::scroll_into_view(self.top, if is_first { 0 } else { start }..end, rows, lines.len());
    }
}
