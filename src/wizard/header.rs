//! The two lines at the top: which program, product and account; and where in the order one is.
//!
//! The account is on every screen, and where there is little room it goes before everything else.

use super::marks::Standing;
use super::{Guiding, Model, Screen};
use crate::layout::{Line, Tone, WIDE};
use crate::product::StepId;
use crate::text;

impl Model {
    /// The title, with the account at its right end.
    pub fn title_line(&self, width: usize) -> Line {
        let id = match (self.account.is_none(), self.account.sandbox) {
            (true, _) => "screen.no_account",
            (_, true) => "screen.sandbox",
            (_, false) => "screen.account",
        };
        let named = self.account.label();
        let account = format!(" {} ", self.lang.tell(id, &[("host", &named)]));
        // Its first word says whether it costs money: where little fits, no column goes to a margin.
        let bare = if text::width(&account) > width { account.trim() } else { account.as_str() };
        let account = text::clip(bare, width).into_owned();
        let room = width.saturating_sub(text::width(&account));
        let title = self.guide_title().unwrap_or(self.words(&self.product().title));
        let title = format!(" zegel · {title}");
        Line::of(Tone::Heading, text::clip(&title, room)).pad(room).with(self.account_tone(), account)
    }

    /// Where one is, and how every step stands.
    pub fn steps_line(&self, width: usize) -> Line {
        let bare = matches!(self.screen, Screen::Home(_) | Screen::Guide(Guiding::Welcome(_)));
        let marks = if bare { Line::default() } else { self.step_marks() };
        let room = width.saturating_sub(marks.width() + 1);
        let here = if width < WIDE.into() { self.here_shortly() } else { self.here() };
        let here = Line::of(Tone::Plain, text::clip(&format!(" {here}"), room.saturating_sub(1))).pad(room);
        marks.spans.into_iter().fold(here, |line, span| line.with(span.tone, span.text()))
    }

    fn here(&self) -> String {
        // Review is the last one.
        let last = self.product().steps.len() + 1;
        let numbered = |number: usize, title: &str| {
            let values = [("number", number.to_string()), ("count", last.to_string())];
            self.lang.tell("screen.step", &[("number", &values[0].1), ("count", &values[1].1), ("title", title)])
        };
        let screen = match &self.screen {
            Screen::Step(step) => return numbered(step.0 + 1, self.words(&self.product()[*step].title)),
            Screen::Review(_) => return numbered(last, self.say("review.title")),
            Screen::Guide(Guiding::Trial(_)) => return numbered(last, self.say("setup.to_trial")),
            Screen::Guide(Guiding::Keep { .. }) => return numbered(last, self.say("setup.to_keep")),
            Screen::Guide(Guiding::Welcome(_)) => "setup.title",
            Screen::Home(_) => "screen.home",
            Screen::Confirm(_) => "screen.confirm",
            Screen::Sending => "screen.sending",
            Screen::Status(_) => "screen.status",
            Screen::Unknown(_) => "screen.unknown",
        };
        self.say(screen).to_owned()
    }

    /// Where there is little room, the marks tell the number.
    fn here_shortly(&self) -> String {
        match &self.screen {
            Screen::Step(step) => self.words(&self.product()[*step].title).to_owned(),
            Screen::Review(_) => self.say("review.title").to_owned(),
            Screen::Guide(Guiding::Trial(_)) => self.say("setup.to_trial").to_owned(),
            Screen::Guide(Guiding::Keep { .. }) => self.say("setup.to_keep").to_owned(),
            Screen::Unknown(_) => self.say("screen.unknown_shortly").to_owned(),
            _ => self.here(),
        }
    }

    /// The steps by their numbers; Review has the last one.
    fn step_marks(&self) -> Line {
        let mut line = Line::default();
        for step in (0..self.product().steps.len()).map(StepId) {
            let (tone, mark) = match self.standing(step) {
                Standing::Here => (Tone::Focus, '›'),
                Standing::Done => (Tone::Good, '✓'),
                Standing::Faulty => (Tone::Error, '✗'),
                Standing::Doubtful => (Tone::Warning, '!'),
                Standing::Open => (Tone::Dim, '·'),
            };
            line = line.with(tone, format!("{}{mark} ", step.0 + 1));
        }
        let review = matches!(self.screen, Screen::Review(_) | Screen::Confirm(_) | Screen::Guide(_));
        let (tone, mark) = if review { (Tone::Focus, '›') } else { (Tone::Dim, '·') };
        line.with(tone, format!("{}{mark} ", self.product().steps.len() + 1))
    }
}
