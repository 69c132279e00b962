//! Home: a new order, the drafts that there are, and what has to be known before anything else.
//!
//! A draft that is removed stays in its place until zegel ends, so that it can be brought back.

use super::msg::{Effect, Keep};
use super::{Model, Screen};
use crate::facts::{Draft, DraftId, IntentId, same_host};
use crate::layout::{Chosen, Line, Move, Stack, Tone, paragraph};
use crate::order::Course;
use crate::product::StepId;
use crate::tell;

/// Home.
#[derive(Debug, Clone, Copy, Default)]
pub struct Home {
    /// The row that is chosen, counted from the new order.
    selected: usize,
    /// The first line in view.
    top: usize,
}

/// Something that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    /// A new order.
    New,
    /// The orders of unknown outcome.
    Unresolved,
    /// A draft.
    Draft(DraftId),
    /// A file.
    File,
    /// An order of before.
    Placed(IntentId),
}

impl Home {
    /// The first line in view.
    pub fn top(&self) -> usize {
        self.top
    }
}

impl Model {
    /// Puts Home in front, and reads again what is kept.
    pub(super) fn go_home(&mut self) {
        if self.course.is_open() {
            self.show_unknown();
            return self.flash("flash.unresolved");
        }
        let saved = self.save_now();
        self.leave_spot();
        self.form.wipe();
        self.queue.extend(saved);
        if matches!(self.course, Course::Placed(_)) {
            self.begin();
            self.dirty = false;
        }
        self.overlays.clear();
        self.screen = Screen::Home(Home::default());
        self.queue.push(Effect::Keep(Keep::Read));
        self.ready_again();
    }

    /// The drafts of this account, removed ones among them.
    pub(super) fn drafts_here(&self) -> Vec<&(DraftId, Draft)> {
        let stock = self.drafts.stock().map(|stock| stock.drafts.as_slice()).unwrap_or_default();
        let here =
            |draft: &Draft| same_host(&draft.account, &self.account.owner()) && draft.product == self.product().name_id;
        stock.iter().filter(|(_, draft)| here(draft)).collect()
    }

    /// What can be chosen, in its order.
    fn home_rows(&self) -> Vec<Row> {
        let drafts = self.drafts_here().into_iter().map(|(id, _)| Row::Draft(*id));
        let placed = self.placed_here().map(|entry| Row::Placed(entry.id));
        let unresolved = (self.aside().next().is_some()).then_some(Row::Unresolved);
        [Row::New].into_iter().chain(unresolved).chain(drafts).chain([Row::File]).chain(placed).collect()
    }

    fn chosen_row(&self) -> Option<Row> {
        let Screen::Home(home) = &self.screen else { return None };
        self.home_rows().into_iter().nth(home.selected)
    }

    fn chosen_draft(&self) -> Option<DraftId> {
        match self.chosen_row() {
            Some(Row::Draft(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether a new order can begin from what is chosen.
    pub(super) fn begins_again(&self) -> bool {
        matches!(self.chosen_row(), Some(Row::Placed(_)))
    }

    /// Begins a new order from the one that is chosen.
    pub(super) fn begin_again(&mut self) {
        match self.chosen_row() {
            Some(Row::Placed(_)) if self.would_lose() => {}
            Some(Row::Placed(id)) => self.order_again(id),
            _ => self.flash("flash.no_order_here"),
        }
    }

    /// Whether what was typed is not on disk yet, and would be lost if another form took its place: then that is said.
    pub(super) fn would_lose(&mut self) -> bool {
        let loses = self.dirty && self.drafts.is_unsaved();
        if loses {
            self.flash("flash.unsaved");
        }
        loses
    }

    /// Begins a new order, or opens what is chosen.
    pub(super) fn enter_home(&mut self) {
        match self.chosen_row() {
            Some(Row::Draft(id)) if self.drafts.is_removed(id) => self.flash("flash.removed"),
            Some(Row::Draft(id)) if self.drafts.current() == Some(id) && self.dirty && !self.drafts.reads_only() => {
                self.go_to_step(StepId(0));
            }
            Some(Row::File) => self.ask_for_file(),
            Some(Row::Unresolved) => self.front_unresolved(),
            _ if self.would_lose() => {}
            Some(Row::Draft(id)) => self.queue.push(Effect::Keep(Keep::Take(id))),
            Some(Row::Placed(id)) => self.follow_placed(id),
            Some(Row::New) | None => self.new_order(),
        }
    }

    /// Back to the form that Home was opened from.
    pub(super) fn leave_home(&mut self) {
        if self.dirty { self.go_to_step(StepId(0)) } else { self.flash("flash.no_key") }
    }

    /// Whether the draft that is chosen can be removed, or brought back.
    pub(super) fn removes(&self, removes: bool) -> bool {
        self.chosen_draft().is_some_and(|id| self.drafts.is_removed(id) != removes)
    }

    /// Removes the draft that is chosen, or brings it back.
    pub(super) fn remove_draft(&mut self, removes: bool) {
        match self.chosen_draft() {
            Some(id) if self.drafts.is_removed(id) == removes => self.flash("flash.no_key"),
            Some(id) if removes => {
                if self.drafts.current() == Some(id) {
                    self.close_draft(Keep::Release);
                }
                self.queue.push(Effect::Keep(Keep::Remove(id)));
            }
            Some(id) => self.queue.push(Effect::Keep(Keep::Restore(id))),
            None => self.flash("flash.no_draft_here"),
        }
    }

    /// Through the rows.
    pub(super) fn move_at_home(&mut self, step: Move) {
        let view = self.frame().body.height.into();
        let (stack, first) = self.home_stack();
        let Screen::Home(home) = &mut self.screen else { return };
        let to = stack.step(step, Chosen { index: home.selected + first, top: home.top }, view);
        (home.selected, home.top) = (to.index.saturating_sub(first), to.top);
    }

    /// What is chosen is there, and in view.
    pub(super) fn home_in_view(&mut self) {
        if !matches!(self.screen, Screen::Home(_)) {
            return;
        }
        let view = self.frame().body.height.into();
        let (stack, first) = self.home_stack();
        let last = self.home_rows().len() - 1;
        let Screen::Home(home) = &mut self.screen else { return };
        home.selected = home.selected.min(last);
        let top = if home.selected == 0 { 0 } else { home.top };
        home.top = stack.keep(Chosen { index: home.selected + first, top }, view);
    }

    /// The entries by their rows, and the number of those that only say something.
    fn home_stack(&self) -> (Stack, usize) {
        let (notices, rows) = self.home_entries(self.text_columns());
        let first = notices.len();
        (Stack::new(notices.iter().chain(&rows).map(Vec::len)), first)
    }

    /// What it says, in lines.
    pub(super) fn home_lines(&self, width: usize) -> Vec<Line> {
        let (notices, rows) = self.home_entries(width);
        let lines: Vec<Line> = notices.into_iter().chain(rows).flatten().collect();
        let ready = self.ready_block(width);
        let room = self.has_room(lines.len() + ready.len());
        lines.into_iter().chain(ready.into_iter().filter(|_| room)).collect()
    }

    /// Whether so many lines can be seen at once.
    fn has_room(&self, lines: usize) -> bool {
        lines <= usize::from(self.frame().body.height)
    }

    fn home_entries(&self, width: usize) -> (Vec<Vec<Line>>, Vec<Vec<Line>>) {
        let notices = self.home_said().into_iter().map(|(tone, text)| paragraph(tone, &text, 1, width)).collect();
        let selected = if let Screen::Home(home) = &self.screen { home.selected } else { 0 };
        let first = self.placed_here().next().map(|entry| entry.id);
        let heading = paragraph(Tone::Heading, self.say("home.placed_title"), 1, width);
        let rows = self.home_rows().into_iter().enumerate().map(|(at, row)| {
            let (tone, words) = self.row_words(row);
            let head = if first.is_some_and(|id| row == Row::Placed(id)) { heading.as_slice() } else { &[] };
            head.iter().cloned().chain(home_row(tone, &words, selected == at, width)).collect()
        });
        let (notices, rows): (Vec<Vec<Line>>, Vec<Vec<Line>>) = (notices, rows.collect());
        (self.with_summary(notices, &rows, width), rows)
    }

    /// What is to be known before an order stands under the rows; in one line above them where there is no room.
    fn with_summary(&self, mut notices: Vec<Vec<Line>>, rows: &[Vec<Line>], width: usize) -> Vec<Vec<Line>> {
        let lines: usize = notices.iter().chain(rows).map(Vec::len).sum();
        if !self.has_room(lines + self.ready_block(width).len()) {
            notices.extend(self.ready_summary().map(|(tone, text)| paragraph(tone, &text, 1, width)));
        }
        notices
    }

    fn row_words(&self, row: Row) -> (Tone, String) {
        match row {
            Row::New => (Tone::Button, format!("[ {} ]", self.say("home.new"))),
            Row::Placed(id) => (Tone::Plain, self.placed_words(id)),
            Row::Unresolved => (Tone::Warning, format!("! {}", self.unresolved_words())),
            Row::File => (Tone::Button, format!("[ {} ]", self.say("home.file"))),
            Row::Draft(id) => {
                let removed = self.drafts.is_removed(id);
                let draft = self.drafts_here().into_iter().find(|(known, _)| *known == id);
                let words = draft.map(|(_, draft)| self.draft_words(draft, removed));
                (if removed { Tone::Dim } else { Tone::Plain }, words.unwrap_or_default())
            }
        }
    }

    /// "Gemeente Zilverdam · Contacts · saved 2 h ago".
    fn draft_words(&self, draft: &Draft, removed: bool) -> String {
        let title = if draft.title.is_empty() { self.say("home.untitled") } else { &draft.title };
        let step = self.product().steps.iter().find(|step| step.id == draft.step);
        let step = step.map_or(self.say("review.title"), |step| self.words(&step.title));
        let age = self.saved_words(self.drafts.age(draft.saved_at, self.now));
        let words = format!("{title} · {step} · {age}");
        if removed { format!("{words} · {}", self.say("home.removed")) } else { words }
    }

    fn saved_words(&self, minutes: Option<i64>) -> String {
        self.lang.tell("home.saved", &[("age", &self.lang.age(minutes))])
    }

    /// What has to be known before anything else.
    fn home_said(&self) -> Vec<(Tone, String)> {
        let mut said = vec![(Tone::Heading, self.say("home.title").to_owned())];
        if let Some(unkept) = self.drafts.trouble() {
            let why = self.teller().unkept(unkept);
            said.push((Tone::Error, format!("✗ {}", self.lang.tell("home.trouble", &[("why", &why)]))));
        }
        let Some(stock) = self.drafts.stock() else {
            if self.drafts.trouble().is_none() {
                said.push((Tone::Dim, self.say("home.reading").to_owned()));
            }
            return said;
        };
        said.extend(self.teller().losses(&stock.lost));
        if let Some((path, damage)) = stock.set_aside.as_ref().filter(|_| stock.lost.is_empty()) {
            said.push((Tone::Error, format!("✗ {}", tell::set_aside_words(&self.lang, path, damage))));
        }
        for host in &stock.elsewhere {
            said.push((Tone::Warning, format!("! {}", self.elsewhere_words(host))));
        }
        if stock.busy > 0 {
            said.push((Tone::Warning, format!("! {}", self.say("home.busy"))));
        }
        if self.drafts_here().is_empty() {
            said.push((Tone::Dim, self.say("home.no_drafts").to_owned()));
        }
        said
    }

    /// That an order at this host is to be resolved, and with which account, if the configuration has one for it.
    fn elsewhere_words(&self, host: &str) -> String {
        match self.around.accounts.iter().find(|known| known.host == host) {
            Some(known) => {
                self.lang.tell("home.elsewhere_account", &[("host", host), ("account", known.name.as_str())])
            }
            None => self.lang.tell("home.elsewhere", &[("host", host)]),
        }
    }
}

/// A row, marked where it is chosen.
pub(super) fn home_row(tone: Tone, text: &str, chosen: bool, width: usize) -> Vec<Line> {
    let tone = if chosen { Tone::Focus } else { tone };
    let lines = paragraph(tone, text, 3, width);
    let mark = |(at, line): (usize, Line)| {
        if at > 0 || !chosen {
            return line;
        }
        let mut marked = Line::of(Tone::Focus, " › ");
        marked.spans.extend(line.spans.into_iter().skip(1));
        marked.at(1)
    };
    lines.into_iter().enumerate().map(mark).collect()
}
