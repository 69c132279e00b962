//! Orders of unknown outcome that are not in front: they are looked for by their schedule while something else is done.
//!
//! Only their like is held back meanwhile, and that is for the journal to decide. One is put in front again to decide it.

use super::history::History;
use super::msg::{Effect, Keep};
use super::{Model, Screen};
use crate::facts::{DraftId, IntentId};
use crate::form::Form;
use crate::json;
use crate::order::resolve::{LOOKS, Verdict};
use crate::order::{Course, Event, Open};

impl Model {
    /// Leaves the order in front to its schedule, and goes Home.
    pub(super) fn leave_unknown(&mut self) {
        if self.course.unknown().is_none_or(Open::is_deciding) {
            return self.flash("confirm.wait");
        }
        let saved = self.save_now();
        self.queue.extend(saved);
        let course = std::mem::replace(&mut self.course, Course::Ready);
        self.unresolved.push(course);
        self.begin();
        self.close_draft(Keep::Release);
        self.go_home();
    }

    /// Puts an order in front again: one that something is to be decided of, else the first. Its body is the form.
    pub(super) fn front_unresolved(&mut self) {
        let waits = |course: &Course| course.unknown().is_some_and(|open| open.next_look().is_none());
        let found = |course: &Course| course.unknown().is_some_and(|open| !open.candidates().is_empty());
        let at = self.unresolved.iter().position(|course| waits(course) || found(course)).unwrap_or(0);
        if at >= self.unresolved.len() || self.course.is_open() || self.would_lose() {
            return;
        }
        let saved = self.save_now();
        self.queue.extend(saved);
        let course = self.unresolved.remove(at);
        let intent = course.unknown().map(|open| open.intent().clone()).unwrap_or_default();
        self.take_body(&intent.body, intent.draft);
        (self.past.sent_on, self.past.sent_at) = (None, None);
        self.course = course;
        self.show_unknown();
    }

    /// Makes what was sent the form, with its draft.
    pub(super) fn take_body(&mut self, body: &str, draft: Option<DraftId>) {
        let read = json::parse(body).ok().and_then(|doc| Form::read(self.product(), &doc).ok());
        let Some(read) = read else { return };
        self.close_draft(draft.map_or(Keep::Release, Keep::Hold));
        self.form = read.form;
        self.history = History::default();
        self.leave_file();
        self.form.withdraw_consent();
        self.drafts.set_current(draft);
    }

    /// What came back for an order that is not in front; nothing where it is for the one in front.
    pub(super) fn happen_aside(&mut self, event: &Event) -> Option<Vec<Effect>> {
        let Event::Looked(quest, ..) = event else { return None };
        let is_it = |course: &&mut Course| course.unknown().is_some_and(|open| open.id() == quest.intent);
        let course = self.unresolved.iter_mut().find(is_it)?;
        let (_, effects) = course.step(event.clone());
        Some(effects.into_iter().map(Effect::Order).collect())
    }

    /// Whether an order is looked for that is not in front.
    pub(super) fn is_aside(&self, id: IntentId) -> bool {
        self.aside().any(|open| open.id() == id)
    }

    /// Whether the form is what was sent with an order that is not resolved yet: then it stays so.
    pub(super) fn is_sent_unresolved(&self) -> bool {
        let current = self.drafts.current();
        current.is_some() && self.aside().any(|open| open.intent().draft == current)
    }

    /// The orders that are not in front.
    pub(super) fn aside(&self) -> impl Iterator<Item = &Open> {
        self.unresolved.iter().filter_map(Course::unknown)
    }

    /// Whether Home has to be drawn as the time goes on.
    pub(super) fn counts_down(&self) -> bool {
        matches!(self.screen, Screen::Home(_)) && self.aside().any(|open| open.due().is_some())
    }

    /// "1 order unresolved · check 4 of 6 in 42 s".
    pub(super) fn unresolved_words(&self) -> String {
        let more = self.drafts.stock().map_or(0, |stock| stock.more);
        let count = self.unresolved.len().max(more + 1);
        let orders = match count {
            1 => self.say("home.unresolved_one").to_owned(),
            _ => self.lang.tell("home.unresolved", &[("count", &self.lang.count(count))]),
        };
        let next = self.aside().filter(|open| open.due().is_some()).min_by_key(|open| open.due());
        let found = self.aside().any(|open| matches!(open.verdict(), Verdict::Found { .. }));
        let state = match next {
            _ if found => self.say("home.unresolved_found").to_owned(),
            Some(open) => self.check_words(open),
            None => self.say("home.unresolved_decide").to_owned(),
        };
        format!("{orders} · {state}")
    }

    fn check_words(&self, open: &Open) -> String {
        let seconds = open.due().unwrap_or_default().saturating_sub(self.now).div_ceil(1000);
        let number = open.next_look().unwrap_or(LOOKS.len()).to_string();
        let (count, left) = (LOOKS.len().to_string(), seconds.to_string());
        let id = if seconds == 0 { "home.check_now" } else { "home.check_next" };
        self.lang.tell(id, &[("number", &number), ("count", &count), ("seconds", &left)])
    }
}
