//! The two header lines: program, product and account; and the present step.
//!
//! The account is on every screen, and it takes precedence over the title where there is little room.

use crate::i18n::{texts, with};
use crate::product::StepId;
use crate::text;
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::session::Session;
use crate::tui::session::feedback::{StepStatus, step_status};
use crate::tui::session::field_text::product_text;
use crate::tui::session::order_text::account_tone;
use crate::tui::session::setup::setup_title;
use crate::tui::widgets::{Line, MIN_WIDE_COLUMNS};

impl App {
    /// The present screen or step, and the status of every step.
    pub fn location_line(&self, width: usize) -> Line {
        let bare = matches!(self.screen, Screen::Home(_) | Screen::SetupWelcome(_));
        let marks = if bare { Line::default() } else { self.step_status_line() };
        let room = width.saturating_sub(marks.width() + 1);
        let here = if width < MIN_WIDE_COLUMNS.into() { self.short_location_text() } else { self.location_text() };
        let here = Line::new(Tone::Plain, text::clip(&format!(" {here}"), room.saturating_sub(1))).pad_to(room);
        marks.spans.into_iter().fold(here, |line, span| line.with_span(span.tone, span.text()))
    }

    fn location_text(&self) -> String {
        // Review is the last step.
        let last = self.session.product().steps.len() + 1;
        let numbered = |number: usize, title: &str| {
            self.session
                .lang
                .format(texts::screen::STEP, (with::Number(&number), with::Count(&last), with::Title(&title)))
        };
        let screen = match &self.screen {
            Screen::Step(screen) => {
                let step = screen.step();
                return numbered(step.0 + 1, product_text(&self.session, &self.session.product()[step].title));
            }
            Screen::Review(_) => return numbered(last, self.session.text(texts::review::TITLE)),
            Screen::KeyTest(_) => return numbered(last, self.session.text(texts::setup::TO_TRIAL)),
            Screen::SetupSave(_) => return numbered(last, self.session.text(texts::setup::TO_KEEP)),
            Screen::SetupWelcome(_) => texts::setup::TITLE,
            Screen::Home(_) => texts::screen::HOME,
            Screen::Confirm(_) => texts::screen::CONFIRM,
            Screen::Sending(_) => texts::screen::SENDING,
            Screen::Status(_) => texts::screen::STATUS,
            Screen::Unresolved(_) => texts::screen::UNKNOWN,
        };
        self.session.text(screen).to_owned()
    }

    /// The title without its number: in a narrow window the status marks already show the number.
    fn short_location_text(&self) -> String {
        match &self.screen {
            Screen::Step(screen) => {
                product_text(&self.session, &self.session.product()[screen.step()].title).to_owned()
            }
            Screen::Review(_) => self.session.text(texts::review::TITLE).to_owned(),
            Screen::KeyTest(_) => self.session.text(texts::setup::TO_TRIAL).to_owned(),
            Screen::SetupSave(_) => self.session.text(texts::setup::TO_KEEP).to_owned(),
            Screen::Unresolved(_) => self.session.text(texts::screen::UNKNOWN_SHORTLY).to_owned(),
            _ => self.location_text(),
        }
    }

    /// The steps by their numbers; Review has the last one.
    fn step_status_line(&self) -> Line {
        let mut line = Line::default();
        for step in (0..self.session.product().steps.len()).map(StepId) {
            let (tone, mark) = match step_status(&self.session, step, self.current_step()) {
                StepStatus::Current => (Tone::Focus, '›'),
                StepStatus::Complete => (Tone::Good, '✓'),
                StepStatus::HasErrors => (Tone::Error, '✗'),
                StepStatus::HasWarnings => (Tone::Warning, '!'),
                StepStatus::Unvisited => (Tone::Dim, '·'),
            };
            line = line.with_span(tone, format!("{}{mark} ", step.0 + 1));
        }
        let review = matches!(
            self.screen,
            Screen::Review(_)
                | Screen::Confirm(_)
                | Screen::SetupWelcome(_)
                | Screen::KeyTest(_)
                | Screen::SetupSave(_)
        );
        let (tone, mark) = if review { (Tone::Focus, '›') } else { (Tone::Dim, '·') };
        line.with_span(tone, format!("{}{mark} ", self.session.product().steps.len() + 1))
    }
}

/// The title, with the account at its right end.
pub(crate) fn title_line(session: &Session, width: usize) -> Line {
    let named = session.account.label();
    let account = match (session.account.is_none(), session.account.is_sandbox) {
        (true, _) => session.text(texts::screen::NO_ACCOUNT).to_owned(),
        (_, true) => session.lang.format(texts::screen::SANDBOX, with::Host(&named)),
        (_, false) => session.lang.format(texts::screen::ACCOUNT, with::Host(&named)),
    };
    let account = format!(" {account} ");
    // The first word of the account says if an order costs money, so in a narrow window no column goes to a
    // margin.
    let bare = if text::display_width(&account) > width { account.trim() } else { account.as_str() };
    let account = text::clip(bare, width).into_owned();
    let room = width.saturating_sub(text::display_width(&account));
    let title = setup_title(session).unwrap_or(product_text(session, &session.product().title));
    let title = format!(" zegel · {title}");
    Line::new(Tone::Heading, text::clip(&title, room)).pad_to(room).with_span(account_tone(session), account)
}
