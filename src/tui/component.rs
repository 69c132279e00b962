//! What every screen and dialog can do, and where it can lead.
//!
//! A component changes itself and the session, and returns where to go. It never names another component: the app reads
//! the transition and builds what comes next.

use crate::form::FieldPlace;
use crate::tone::Tone;
use crate::tui::dialogs::quit::NextSession;
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::widgets::{Area, Line, Move, ScrollPosition, Size};

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

    /// Returns true if typed and pasted characters are for this component.
    fn takes_text(&self) -> bool {
        false
    }

    /// Takes in data of the account that has arrived, such as rows of a list.
    fn take_account_data(&mut self, _session: &mut Session) {}

    /// Keeps the selection in view after every message, because the size of the window may have changed.
    fn settle(&mut self, _session: &mut Session) {}
}

/// A dialog whose text is only read and scrolled.
pub(in crate::tui) trait TextDialog {
    /// Which rows of the table of keys apply.
    const KEY_CONTEXT: KeyContext;

    /// The whole text, in lines of this width.
    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line>;

    /// How far down it is scrolled.
    fn scroll_mut(&mut self) -> &mut ScrollPosition;

    /// How far down it is scrolled.
    fn scroll(&self) -> ScrollPosition;

    /// Asks again for what the text is made of.
    fn refresh(&self, _session: &mut Session) {}
}

impl<T: TextDialog> Component for T {
    fn key_context(&self, _session: &Session) -> KeyContext {
        T::KEY_CONTEXT
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Move(step)) => {
                let total = self.text_lines(session, session.text_columns()).len();
                self.scroll_mut().scroll(step, session.frame().body.height.into(), total);
            }
            ComponentEvent::Action(Action::Refresh) => self.refresh(session),
            _ => {}
        }
        Transition::Stay
    }

    fn view(&self, session: &Session, _size: Size) -> View {
        let lines = self.text_lines(session, session.text_columns());
        View { lines, top: Some(self.scroll().top), ..View::default() }
    }

    fn is_action_active(&self, action: Action, session: &Session) -> bool {
        let total = || self.text_lines(session, session.text_columns()).len();
        action != Action::Move(Move::Down) || !self.scroll().is_at_end(session.frame().body.height.into(), total())
    }

    fn settle(&mut self, session: &mut Session) {
        let total = self.text_lines(session, session.text_columns()).len();
        self.scroll_mut().clamp(session.frame().body.height.into(), total);
    }
}
