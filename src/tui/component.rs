//! What every screen and dialog can do, and where it can lead.
//!
//! A component changes itself and the session, and returns where to go. It never names another component: the app reads
//! the transition and builds what comes next.

use crate::domain::AccountResource;
use crate::form::{FieldPlace, ProblemTarget};
use crate::order::OrderEvent;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{FileReply, SetupReply, Ticket};
use crate::tui::session::Session;
use crate::tui::session::exit::NextSession;
use crate::tui::session::order_file::PendingFileTask;
use crate::tui::widgets::{Area, Line, Move, ScrollPosition};

/// What happens to the component in front.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) enum ComponentEvent<'a> {
    /// A key that the table of keys gives a meaning.
    Action(Action),
    /// A character that was typed.
    Text(&'a str),
    /// Characters that were pasted, as one line. A paste is text, whatever it holds: it never presses, confirms or
    /// submits anything.
    Paste(&'a str),
}

/// Where a component leads.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::tui) enum Transition {
    /// It stays in front.
    Stay,
    /// It closes, and what lies under it is in front again.
    Close,
    /// All dialogs close, and the focus goes on from the field that was filled in.
    CloseAndGoOn,
    /// All dialogs for looking up fields close, and this field has the focus.
    FocusField(FieldPlace),
    /// All dialogs close, and another screen follows, unless something is in the way.
    Go(ScreenRoute),
    /// A dialog opens over it.
    Open(DialogRoute),
    /// The order machine gets an event, and its answer decides where this leads.
    Order(Box<OrderEvent>),
    /// The program ends, and another session opens.
    QuitAndOpen(NextSession),
}

/// A screen to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum ScreenRoute {
    Home,
    /// A new order, at its first step.
    NewOrder,
    Step(StepId),
    /// The step of a field, with the focus on it and its problems shown.
    Field(FieldPlace),
    /// The place where a problem can be solved.
    Problem(ProblemTarget),
    Review,
    Confirm,
    /// The first screen of the setup.
    SetupWelcome,
    /// The test of the key; `true` if it was passed before.
    KeyTest(bool),
    /// The last screen of the setup.
    SetupSave,
    /// The order in front, whose outcome is unknown.
    Unresolved,
}

/// A dialog to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum DialogRoute {
    /// The list of a field, with this query typed.
    Picker(FieldPlace, String),
    Agreement,
    OpenFile,
}

/// A reply to something that a component asked for.
#[derive(Debug)]
pub(in crate::tui) enum ComponentReply<'a> {
    /// Data of the account has arrived, such as rows of a list.
    AccountData,
    /// The rows that nearly match what was typed.
    NearMatches(Ticket, &'a [usize]),
    /// The pause before an order can be confirmed is over.
    Armed(Ticket),
    /// The reply to a file task that the component waits for.
    File(&'a PendingFileTask, FileReply),
    /// The reply to a task of the setup.
    Setup(SetupReply),
}

/// Lines in a part of the screen.
#[derive(Debug, Clone)]
pub(in crate::tui) struct Region {
    pub(in crate::tui) area: Area,
    pub(in crate::tui) lines: Vec<Line>,
    /// The first of these lines in view; `None` if the component has cut them to the area itself.
    pub(in crate::tui) top: Option<usize>,
}

/// What a component shows in its part of the screen. The cursor is that of the last line that has one.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct View {
    pub(in crate::tui) regions: Vec<Region>,
}

impl View {
    /// Lines of which those from `top` on are in view.
    pub(in crate::tui) fn scrolled(area: Area, lines: Vec<Line>, top: usize) -> Self {
        Self { regions: vec![Region { area, lines, top: Some(top) }] }
    }

    /// Adds lines that fit in their area.
    pub(in crate::tui) fn with_lines(mut self, area: Area, lines: Vec<Line>) -> Self {
        self.regions.push(Region { area, lines, top: None });
        self
    }
}

/// A screen or a dialog.
///
/// Many show a text that is only read and scrolled, with at most a line to type in below it. Such a component has
/// `text_lines`, `scroll` and `scroll_mut`, and everything about scrolling follows. Others have their own `view`.
pub(in crate::tui) trait Component {
    /// Which rows of the table of keys apply.
    fn key_context(&self, session: &Session) -> KeyContext;

    /// Handles an event that is for this component, other than scrolling its text.
    fn handle(&mut self, _event: ComponentEvent<'_>, _session: &mut Session) -> Transition {
        Transition::Stay
    }

    /// The text that is only read, in lines of this width.
    fn text_lines(&self, _session: &Session, _width: usize) -> Vec<Line> {
        Vec::new()
    }

    /// How far down the text is scrolled; `None` if the component is no such text.
    fn scroll(&self) -> Option<ScrollPosition> {
        None
    }

    /// The same, to change it.
    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        None
    }

    /// The line below the text in which something is typed.
    fn input_line(&self, _session: &Session, _width: usize) -> Option<Line> {
        None
    }

    /// What to draw in this area. Pure.
    fn view(&self, session: &Session, area: Area) -> View {
        let input = self.input_line(session, area.width.into());
        let (text, line) = area.split_bottom(input.is_some().into());
        let lines = self.text_lines(session, session.text_columns());
        View::scrolled(text, lines, self.scroll().unwrap_or_default().top).with_lines(line, input.into_iter().collect())
    }

    /// The help under the page and on the help page.
    fn help_notes(&self, _session: &Session) -> Vec<(Tone, String)> {
        Vec::new()
    }

    /// Returns false if an action other than scrolling would do nothing now, so that the footer leaves it out.
    fn is_action_active(&self, _action: Action, _session: &Session) -> bool {
        true
    }

    /// The field that has the focus.
    fn focused_field(&self, _session: &Session) -> Option<FieldPlace> {
        None
    }

    /// Returns true if typed and pasted characters are for this component. If not, the app says that they have no
    /// effect.
    fn takes_text(&self, _session: &Session) -> bool {
        false
    }

    /// In how many milliseconds it must be drawn again because of the time that it shows; `None` if it shows none.
    fn redraw_in(&self, _session: &Session) -> Option<u64> {
        None
    }

    /// The account data to request, unless it is known. `is_covered` is true if a dialog lies over the component.
    fn needed_resources(&self, _session: &Session, _is_covered: bool) -> Vec<AccountResource> {
        Vec::new()
    }

    /// Returns true if it waits for this reply to a file task.
    fn awaits_file_reply(&self, _reply: &FileReply) -> bool {
        false
    }

    /// Takes a reply.
    fn take_reply(&mut self, _reply: ComponentReply<'_>, _session: &mut Session) -> Transition {
        Transition::Stay
    }

    /// Keeps what is selected in view after every message, because text and window may have changed. `is_covered` is
    /// true if a dialog lies over the component.
    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        self.clamp_scroll(session);
    }

    /// Finishes what was begun in it, such as the text of a field, because another screen follows.
    fn leave(&mut self, _session: &mut Session) {}

    /// Makes sure that the text is not scrolled beyond its end.
    fn clamp_scroll(&mut self, session: &Session) {
        let Some(mut scroll) = self.scroll() else { return };
        let total = self.text_lines(session, session.text_columns()).len();
        scroll.clamp(self.text_rows(session), total);
        self.scroll_mut().into_iter().for_each(|position| *position = scroll);
    }

    /// The rows for the text, above the line in which something is typed.
    fn text_rows(&self, session: &Session) -> usize {
        let typing = self.input_line(session, session.frame().body.width.into()).is_some();
        usize::from(session.frame().body.height).saturating_sub(typing.into())
    }

    /// Returns true if the end of the text is in view, or if there is no such text.
    fn is_text_at_end(&self, session: &Session) -> bool {
        let total = || self.text_lines(session, session.text_columns()).len();
        self.scroll().is_none_or(|scroll| scroll.is_at_end(self.text_rows(session), total()))
    }

    /// Scrolls the text. Returns false if there is no such text.
    fn scroll_text(&mut self, step: Move, session: &Session) -> bool {
        let Some(mut scroll) = self.scroll() else { return false };
        let total = self.text_lines(session, session.text_columns()).len();
        scroll.scroll(step, self.text_rows(session), total);
        self.scroll_mut().into_iter().for_each(|position| *position = scroll);
        true
    }
}
