//! What every screen and dialog can do, and where it can lead.
//!
//! A component changes itself and the session, and returns where to go. It never names another component: the app reads
//! the transition and builds what comes next.

use crate::form::FieldPlace;
use crate::tone::Tone;
use crate::tui::dialogs::quit::NextSession;
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::widgets::{Area, Line, Size};

/// What happens to the component in front.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) enum ComponentEvent<'a> {
    /// A key that the table of keys gives a meaning.
    Action(Action),
    /// Characters that were typed or pasted.
    Text(&'a str),
}

/// Where a component leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum Transition {
    /// It stays in front.
    Stay,
    /// It closes, and what lies under it is in front again.
    Close,
    /// All dialogs close, and the focus goes on from the field that was filled in.
    CloseAndGoOn,
    /// All dialogs for looking up fields close, and this field has the focus.
    FocusField(FieldPlace),
    /// The program ends, and another session opens.
    QuitAndOpen(NextSession),
}

/// What a component shows in its part of the screen.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct View {
    /// A line that stays above the others.
    pub(in crate::tui) first_line: Option<Line>,
    /// The lines between them.
    pub(in crate::tui) lines: Vec<Line>,
    /// The first of these lines in view; `None` if the component has cut them to its area itself.
    pub(in crate::tui) top: Option<usize>,
    /// A line that stays below the others.
    pub(in crate::tui) last_line: Option<Line>,
}

impl View {
    /// The rows that are left for the lines between the fixed ones.
    pub(in crate::tui) fn split_area(&self, area: Area) -> (Area, Area, Area) {
        let (first, rest) = area.split_top(self.first_line.is_some().into());
        let (lines, last) = rest.split_bottom(self.last_line.is_some().into());
        (first, lines, last)
    }
}

/// A screen or a dialog.
pub(in crate::tui) trait Component {
    /// Which rows of the table of keys apply.
    fn key_context(&self, session: &Session) -> KeyContext;

    /// Handles an event that is for this component.
    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition;

    /// The lines to draw in an area of this size. Pure.
    fn view(&self, session: &Session, size: Size) -> View;

    /// The help under the page and on the help page.
    fn help_notes(&self, _session: &Session) -> Vec<(Tone, String)> {
        Vec::new()
    }

    /// Returns false if the action would do nothing now, so that the footer leaves it out.
    fn is_action_active(&self, _action: Action, _session: &Session) -> bool {
        true
    }

    /// Brings the component in line with the session after every message: lists that grew, a window that changed.
    fn settle(&mut self, _session: &mut Session) {}
}
