//! Home: a new order, the drafts that there are, and what has to be known before anything else.
//!
//! A draft that is removed stays in its place until zegel ends, so that it can be brought back.

pub(crate) mod past_orders;
pub(crate) mod readiness;

use crate::domain::{DraftId, IntentId, StoredDraft, is_same_host};
use crate::messages;
use crate::order::OrderMachine;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, StoreTask};
use crate::tui::widgets::{Line, ListPosition, Move, ScrollList, wrap_paragraph};

/// Home.
#[derive(Debug, Clone, Copy, Default)]
pub struct HomeScreen {
    /// The row that is chosen, counted from the new order.
    selected: usize,
    /// The first line in view.
    top: usize,
}

/// Something that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HomeRow {
    /// A new order.
    NewOrder,
    /// The orders of unknown outcome.
    Unresolved,
    /// A draft.
    Draft(DraftId),
    /// A file.
    OpenFile,
    /// An order of before.
    PastOrder(IntentId),
}

impl HomeScreen {
    /// The first line in view.
    pub fn top_line(&self) -> usize {
        self.top
    }
}

impl App {
    /// Puts Home in front, and reads again what is kept.
    pub(crate) fn show_home(&mut self) {
        if self.order_machine.is_outcome_open() {
            self.show_unresolved();
            return self.show_flash("flash.unresolved");
        }
        let saved = self.save_draft_now();
        self.leave_focused_field();
        self.form.wipe_secrets();
        self.queued_effects.extend(saved);
        if matches!(self.order_machine, OrderMachine::Placed(_)) {
            self.reset_form_to_defaults();
            self.is_dirty = false;
        }
        self.dialogs.clear();
        self.screen = Screen::Home(HomeScreen::default());
        self.queued_effects.push(Effect::Store(StoreTask::ReadAll));
        self.refresh_stale_readiness();
    }

    /// The drafts of this account, removed ones among them.
    pub(crate) fn account_drafts(&self) -> Vec<&(DraftId, StoredDraft)> {
        let stock = self.drafts.snapshot().map(|stock| stock.drafts.as_slice()).unwrap_or_default();
        let here = |draft: &StoredDraft| {
            is_same_host(&draft.account, &self.account.draft_owner()) && draft.product == self.product().name_id
        };
        stock.iter().filter(|(_, draft)| here(draft)).collect()
    }

    /// What can be chosen, in its order.
    fn home_rows(&self) -> Vec<HomeRow> {
        let drafts = self.account_drafts().into_iter().map(|(id, _)| HomeRow::Draft(*id));
        let placed = self.listed_past_orders().map(|entry| HomeRow::PastOrder(entry.id));
        let unresolved = (self.unresolved_orders().next().is_some()).then_some(HomeRow::Unresolved);
        [HomeRow::NewOrder]
            .into_iter()
            .chain(unresolved)
            .chain(drafts)
            .chain([HomeRow::OpenFile])
            .chain(placed)
            .collect()
    }

    fn selected_home_row(&self) -> Option<HomeRow> {
        let Screen::Home(home) = &self.screen else { return None };
        self.home_rows().into_iter().nth(home.selected)
    }

    fn selected_draft(&self) -> Option<DraftId> {
        match self.selected_home_row() {
            Some(HomeRow::Draft(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether a new order can begin from what is chosen.
    pub(crate) fn can_repeat_selected_order(&self) -> bool {
        matches!(self.selected_home_row(), Some(HomeRow::PastOrder(_)))
    }

    /// Begins a new order from the one that is chosen.
    pub(crate) fn repeat_selected_order(&mut self) {
        match self.selected_home_row() {
            Some(HomeRow::PastOrder(_)) if self.warn_if_unsaved() => {}
            Some(HomeRow::PastOrder(id)) => self.repeat_past_order(id),
            _ => self.show_flash("flash.no_order_here"),
        }
    }

    /// Whether what was typed is not on disk yet, and would be lost if another form took its place: then that is said.
    pub(crate) fn warn_if_unsaved(&mut self) -> bool {
        let loses = self.is_dirty && self.drafts.has_unsaved_changes();
        if loses {
            self.show_flash("flash.unsaved");
        }
        loses
    }

    /// Begins a new order, or opens what is chosen.
    pub(crate) fn open_selected_home_row(&mut self) {
        match self.selected_home_row() {
            Some(HomeRow::Draft(id)) if self.drafts.is_draft_removed(id) => self.show_flash("flash.removed"),
            Some(HomeRow::Draft(id))
                if self.drafts.current_draft() == Some(id) && self.is_dirty && !self.drafts.is_read_only() =>
            {
                self.go_to_step(StepId(0));
            }
            Some(HomeRow::OpenFile) => self.show_open_file_dialog(),
            Some(HomeRow::Unresolved) => self.bring_unresolved_to_front(),
            _ if self.warn_if_unsaved() => {}
            Some(HomeRow::Draft(id)) => self.queued_effects.push(Effect::Store(StoreTask::OpenDraft(id))),
            Some(HomeRow::PastOrder(id)) => self.follow_past_order(id),
            Some(HomeRow::NewOrder) | None => self.start_new_order(),
        }
    }

    /// Back to the form that Home was opened from.
    pub(crate) fn leave_home(&mut self) {
        if self.is_dirty { self.go_to_step(StepId(0)) } else { self.show_flash("flash.no_key") }
    }

    /// Whether the draft that is chosen can be removed, or brought back.
    pub(crate) fn can_remove_or_restore_draft(&self, removes: bool) -> bool {
        self.selected_draft().is_some_and(|id| self.drafts.is_draft_removed(id) != removes)
    }

    /// Removes the draft that is chosen, or brings it back.
    pub(crate) fn remove_or_restore_draft(&mut self, removes: bool) {
        match self.selected_draft() {
            Some(id) if self.drafts.is_draft_removed(id) == removes => self.show_flash("flash.no_key"),
            Some(id) if removes => {
                if self.drafts.current_draft() == Some(id) {
                    self.close_draft(StoreTask::ReleaseDraft);
                }
                self.queued_effects.push(Effect::Store(StoreTask::RemoveDraft(id)));
            }
            Some(id) => self.queued_effects.push(Effect::Store(StoreTask::RestoreDraft(id))),
            None => self.show_flash("flash.no_draft_here"),
        }
    }

    /// Through the rows.
    pub(crate) fn move_home_selection(&mut self, step: Move) {
        let view = self.frame().body.height.into();
        let (stack, first) = self.home_scroll_list();
        let Screen::Home(home) = &mut self.screen else { return };
        let to = stack.apply_move(step, ListPosition { index: home.selected + first, top: home.top }, view);
        (home.selected, home.top) = (to.index.saturating_sub(first), to.top);
    }

    /// What is chosen is there, and in view.
    pub(crate) fn scroll_home(&mut self) {
        if !matches!(self.screen, Screen::Home(_)) {
            return;
        }
        let view = self.frame().body.height.into();
        let (stack, first) = self.home_scroll_list();
        let last = self.home_rows().len() - 1;
        let Screen::Home(home) = &mut self.screen else { return };
        home.selected = home.selected.min(last);
        let top = if home.selected == 0 { 0 } else { home.top };
        home.top = stack.top_to_show(ListPosition { index: home.selected + first, top }, view);
    }

    /// The entries by their rows, and the number of those that only say something.
    fn home_scroll_list(&self) -> (ScrollList, usize) {
        let (notices, rows) = self.home_entries(self.text_columns());
        let first = notices.len();
        (ScrollList::new(notices.iter().chain(&rows).map(Vec::len)), first)
    }

    /// What it says, in lines.
    pub(crate) fn home_lines(&self, width: usize) -> Vec<Line> {
        let (notices, rows) = self.home_entries(width);
        let lines: Vec<Line> = notices.into_iter().chain(rows).flatten().collect();
        let ready = self.readiness_block_lines(width);
        let room = self.has_room_for_lines(lines.len() + ready.len());
        lines.into_iter().chain(ready.into_iter().filter(|_| room)).collect()
    }

    /// Whether so many lines can be seen at once.
    fn has_room_for_lines(&self, lines: usize) -> bool {
        lines <= usize::from(self.frame().body.height)
    }

    fn home_entries(&self, width: usize) -> (Vec<Vec<Line>>, Vec<Vec<Line>>) {
        let notices = self.home_notes().into_iter().map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
        let selected = if let Screen::Home(home) = &self.screen { home.selected } else { 0 };
        let first = self.listed_past_orders().next().map(|entry| entry.id);
        let heading = wrap_paragraph(Tone::Heading, self.text("home.placed_title"), 1, width);
        let rows = self.home_rows().into_iter().enumerate().map(|(at, row)| {
            let (tone, words) = self.home_row_text(row);
            let head = if first.is_some_and(|id| row == HomeRow::PastOrder(id)) { heading.as_slice() } else { &[] };
            head.iter().cloned().chain(selectable_row_lines(tone, &words, selected == at, width)).collect()
        });
        let (notices, rows): (Vec<Vec<Line>>, Vec<Vec<Line>>) = (notices, rows.collect());
        (self.with_readiness_summary(notices, &rows, width), rows)
    }

    /// What is to be known before an order stands under the rows; in one line above them where there is no room.
    fn with_readiness_summary(&self, mut notices: Vec<Vec<Line>>, rows: &[Vec<Line>], width: usize) -> Vec<Vec<Line>> {
        let lines: usize = notices.iter().chain(rows).map(Vec::len).sum();
        if !self.has_room_for_lines(lines + self.readiness_block_lines(width).len()) {
            notices.extend(self.readiness_summary_note().map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)));
        }
        notices
    }

    fn home_row_text(&self, row: HomeRow) -> (Tone, String) {
        match row {
            HomeRow::NewOrder => (Tone::Button, format!("[ {} ]", self.text("home.new"))),
            HomeRow::PastOrder(id) => (Tone::Plain, self.past_order_text(id)),
            HomeRow::Unresolved => (Tone::Warning, format!("! {}", self.unresolved_orders_text())),
            HomeRow::OpenFile => (Tone::Button, format!("[ {} ]", self.text("home.file"))),
            HomeRow::Draft(id) => {
                let removed = self.drafts.is_draft_removed(id);
                let draft = self.account_drafts().into_iter().find(|(known, _)| *known == id);
                let words = draft.map(|(_, draft)| self.draft_text(draft, removed));
                (if removed { Tone::Dim } else { Tone::Plain }, words.unwrap_or_default())
            }
        }
    }

    /// "Gemeente Zilverdam · Contacts · saved 2 h ago".
    fn draft_text(&self, draft: &StoredDraft, removed: bool) -> String {
        let title = if draft.title.is_empty() { self.text("home.untitled") } else { &draft.title };
        let step = self.product().steps.iter().find(|step| step.id == draft.step);
        let step = step.map_or(self.text("review.title"), |step| self.product_text(&step.title));
        let age = self.saved_age_text(self.drafts.age_in_minutes(draft.saved_at, self.now));
        let words = format!("{title} · {step} · {age}");
        if removed { format!("{words} · {}", self.text("home.removed")) } else { words }
    }

    fn saved_age_text(&self, minutes: Option<i64>) -> String {
        self.lang.format_text("home.saved", &[("age", &self.lang.format_age(minutes))])
    }

    /// What has to be known before anything else.
    fn home_notes(&self) -> Vec<(Tone, String)> {
        let mut said = vec![(Tone::Heading, self.text("home.title").to_owned())];
        if let Some(unkept) = self.drafts.store_error() {
            let why = self.message_writer().store_failure_text(unkept);
            said.push((Tone::Error, format!("✗ {}", self.lang.format_text("home.trouble", &[("why", &why)]))));
        }
        let Some(stock) = self.drafts.snapshot() else {
            if self.drafts.store_error().is_none() {
                said.push((Tone::Dim, self.text("home.reading").to_owned()));
            }
            return said;
        };
        said.extend(self.message_writer().loss_lines(&stock.journal_losses));
        if let Some((path, damage)) = stock.quarantined_file.as_ref().filter(|_| stock.journal_losses.is_empty()) {
            said.push((Tone::Error, format!("✗ {}", messages::quarantined_file_text(&self.lang, path, damage))));
        }
        for host in &stock.other_hosts {
            said.push((Tone::Warning, format!("! {}", self.elsewhere_words(host))));
        }
        if stock.busy_orders > 0 {
            said.push((Tone::Warning, format!("! {}", self.text("home.busy"))));
        }
        if self.account_drafts().is_empty() {
            said.push((Tone::Dim, self.text("home.no_drafts").to_owned()));
        }
        said
    }

    /// That an order at this host is to be resolved, and with which account, if the configuration has one for it.
    fn elsewhere_words(&self, host: &str) -> String {
        match self.environment.accounts.iter().find(|known| known.host == host) {
            Some(known) => {
                self.lang.format_text("home.elsewhere_account", &[("host", host), ("account", known.name.as_str())])
            }
            None => self.lang.format_text("home.elsewhere", &[("host", host)]),
        }
    }
}

/// A row, marked where it is chosen.
pub(crate) fn selectable_row_lines(tone: Tone, text: &str, chosen: bool, width: usize) -> Vec<Line> {
    let tone = if chosen { Tone::Focus } else { tone };
    let lines = wrap_paragraph(tone, text, 3, width);
    let mark = |(at, line): (usize, Line)| {
        if at > 0 || !chosen {
            return line;
        }
        let mut marked = Line::new(Tone::Focus, " › ");
        marked.spans.extend(line.spans.into_iter().skip(1));
        marked.with_cursor(1)
    };
    lines.into_iter().enumerate().map(mark).collect()
}
