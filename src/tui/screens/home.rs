//! Home: a new order, the stored drafts, past orders, and what the person must know first.
//!
//! A removed draft stays in its place until zegel ends, so that it can be restored.

pub(crate) mod past_orders;
pub(crate) mod readiness;

use crate::domain::{DraftId, IntentId, StoredDraft, is_same_host};
use crate::messages;
use crate::order::OrderMachine;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, StoreTask};
use crate::tui::screens::home::past_orders::{listed_past_orders, past_order_text};
use crate::tui::screens::home::readiness::{readiness_block_lines, readiness_summary_note};
use crate::tui::screens::step::values::product_text;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ListPosition, Move, ScrollList, wrap_paragraph};

#[derive(Debug, Clone, Copy, Default)]
pub struct HomeScreen {
    /// The index of the selected row; the new order is 0.
    selected: usize,
    /// The first line in view.
    top: usize,
}

/// A row that can be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HomeRow {
    NewOrder,
    /// The orders with an unknown outcome.
    Unresolved,
    Draft(DraftId),
    /// Opens an order file.
    OpenFile,
    /// An order that was placed before.
    PastOrder(IntentId),
}

impl HomeScreen {
    pub fn top_line(&self) -> usize {
        self.top
    }
}

impl App {
    /// Puts Home in front and reads the store again. If the outcome of the order in front is unknown, it shows that
    /// screen instead.
    pub(crate) fn show_home(&mut self) {
        if self.session.order_machine.is_outcome_open() {
            self.show_unresolved();
            return self.session.show_flash("flash.unresolved");
        }
        let saved = self.save_draft_now();
        self.leave_focused_field();
        self.session.form.wipe_secrets();
        self.session.queued_effects.extend(saved);
        if matches!(self.session.order_machine, OrderMachine::Placed(_)) {
            self.session.reset_form_to_defaults();
            self.session.is_dirty = false;
        }
        self.dialogs.clear();
        self.screen = Screen::Home(HomeScreen::default());
        self.session.queued_effects.push(Effect::Store(StoreTask::ReadAll));
        self.session.refresh_stale_readiness();
    }

    fn selected_home_row(&self) -> Option<HomeRow> {
        let Screen::Home(home) = &self.screen else { return None };
        home_rows(&self.session).into_iter().nth(home.selected)
    }

    fn selected_draft(&self) -> Option<DraftId> {
        match self.selected_home_row() {
            Some(HomeRow::Draft(id)) => Some(id),
            _ => None,
        }
    }

    /// Returns true if a new order can be based on the selected row.
    pub(crate) fn can_repeat_selected_order(&self) -> bool {
        matches!(self.selected_home_row(), Some(HomeRow::PastOrder(_)))
    }

    /// Starts a new order with the values of the selected past order.
    pub(crate) fn repeat_selected_order(&mut self) {
        match self.selected_home_row() {
            Some(HomeRow::PastOrder(_)) if self.session.warn_if_unsaved() => {}
            Some(HomeRow::PastOrder(id)) => self.repeat_past_order(id),
            _ => self.session.show_flash("flash.no_order_here"),
        }
    }

    /// Opens the selected row, or starts a new order.
    pub(crate) fn open_selected_home_row(&mut self) {
        match self.selected_home_row() {
            Some(HomeRow::Draft(id)) if self.session.drafts.is_draft_removed(id) => {
                self.session.show_flash("flash.removed");
            }
            Some(HomeRow::Draft(id))
                if self.session.drafts.current_draft() == Some(id)
                    && self.session.is_dirty
                    && !self.session.drafts.is_read_only() =>
            {
                self.go_to_step(StepId(0));
            }
            Some(HomeRow::OpenFile) => self.show_open_file_dialog(),
            Some(HomeRow::Unresolved) => self.bring_unresolved_to_front(),
            _ if self.session.warn_if_unsaved() => {}
            Some(HomeRow::Draft(id)) => self.session.queued_effects.push(Effect::Store(StoreTask::OpenDraft(id))),
            Some(HomeRow::PastOrder(id)) => self.follow_past_order(id),
            Some(HomeRow::NewOrder) | None => self.start_new_order(),
        }
    }

    /// Returns to the form that Home was opened from.
    pub(crate) fn leave_home(&mut self) {
        if self.session.is_dirty { self.go_to_step(StepId(0)) } else { self.session.show_flash("flash.no_key") }
    }

    /// Returns true if the selected draft can be removed, or restored if `removes` is false.
    pub(crate) fn can_remove_or_restore_draft(&self, removes: bool) -> bool {
        self.selected_draft().is_some_and(|id| self.session.drafts.is_draft_removed(id) != removes)
    }

    /// Removes the selected draft, or restores it if `removes` is false.
    pub(crate) fn remove_or_restore_draft(&mut self, removes: bool) {
        match self.selected_draft() {
            Some(id) if self.session.drafts.is_draft_removed(id) == removes => self.session.show_flash("flash.no_key"),
            Some(id) if removes => {
                if self.session.drafts.current_draft() == Some(id) {
                    self.session.close_draft(StoreTask::ReleaseDraft);
                }
                self.session.queued_effects.push(Effect::Store(StoreTask::RemoveDraft(id)));
            }
            Some(id) => self.session.queued_effects.push(Effect::Store(StoreTask::RestoreDraft(id))),
            None => self.session.show_flash("flash.no_draft_here"),
        }
    }

    pub(crate) fn move_home_selection(&mut self, step: Move) {
        let view = self.session.frame().body.height.into();
        let (stack, first) = self.home_scroll_list();
        let Screen::Home(home) = &mut self.screen else { return };
        let to = stack.apply_move(step, ListPosition { index: home.selected + first, top: home.top }, view);
        (home.selected, home.top) = (to.index.saturating_sub(first), to.top);
    }

    /// Makes sure that the selection is on a row and in view.
    pub(crate) fn scroll_home(&mut self) {
        if !matches!(self.screen, Screen::Home(_)) {
            return;
        }
        let view = self.session.frame().body.height.into();
        let (stack, first) = self.home_scroll_list();
        let last = home_rows(&self.session).len() - 1;
        let Screen::Home(home) = &mut self.screen else { return };
        home.selected = home.selected.min(last);
        let top = if home.selected == 0 { 0 } else { home.top };
        home.top = stack.top_to_show(ListPosition { index: home.selected + first, top }, view);
    }

    /// Returns the scroll list of notices and rows, and the number of notices, which cannot be selected.
    fn home_scroll_list(&self) -> (ScrollList, usize) {
        let (notices, rows) = self.home_entries(self.session.text_columns());
        let first = notices.len();
        (ScrollList::new(notices.iter().chain(&rows).map(Vec::len)), first)
    }

    pub(crate) fn home_lines(&self, width: usize) -> Vec<Line> {
        let (notices, rows) = self.home_entries(width);
        let lines: Vec<Line> = notices.into_iter().chain(rows).flatten().collect();
        let ready = readiness_block_lines(&self.session, width);
        let room = has_room_for_lines(&self.session, lines.len() + ready.len());
        lines.into_iter().chain(ready.into_iter().filter(|_| room)).collect()
    }

    fn home_entries(&self, width: usize) -> (Vec<Vec<Line>>, Vec<Vec<Line>>) {
        let notices =
            home_notes(&self.session).into_iter().map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
        let selected = if let Screen::Home(home) = &self.screen { home.selected } else { 0 };
        let first = listed_past_orders(&self.session).next().map(|entry| entry.id);
        let heading = wrap_paragraph(Tone::Heading, self.session.text("home.placed_title"), 1, width);
        let rows = home_rows(&self.session).into_iter().enumerate().map(|(at, row)| {
            let (tone, words) = home_row_text(&self.session, row);
            let head = if first.is_some_and(|id| row == HomeRow::PastOrder(id)) { heading.as_slice() } else { &[] };
            head.iter().cloned().chain(selectable_row_lines(tone, &words, selected == at, width)).collect()
        });
        let (notices, rows): (Vec<Vec<Line>>, Vec<Vec<Line>>) = (notices, rows.collect());
        (with_readiness_summary(&self.session, notices, &rows, width), rows)
    }
}

impl Session {
    /// Returns true, and shows a message, if unsaved values would be lost when another form takes the place of this
    /// one.
    pub(crate) fn warn_if_unsaved(&mut self) -> bool {
        let loses = self.is_dirty && self.drafts.has_unsaved_changes();
        if loses {
            self.show_flash("flash.unsaved");
        }
        loses
    }
}

/// Returns the drafts of this account, including removed ones.
pub(crate) fn account_drafts(session: &Session) -> Vec<&(DraftId, StoredDraft)> {
    let stock = session.drafts.snapshot().map(|stock| stock.drafts.as_slice()).unwrap_or_default();
    let here = |draft: &StoredDraft| {
        is_same_host(&draft.account, &session.account.draft_owner()) && draft.product == session.product().name_id
    };
    stock.iter().filter(|(_, draft)| here(draft)).collect()
}

/// Returns the rows in display order.
fn home_rows(session: &Session) -> Vec<HomeRow> {
    let drafts = account_drafts(session).into_iter().map(|(id, _)| HomeRow::Draft(*id));
    let placed = listed_past_orders(session).map(|entry| HomeRow::PastOrder(entry.id));
    let unresolved = (session.unresolved_orders().next().is_some()).then_some(HomeRow::Unresolved);
    [HomeRow::NewOrder].into_iter().chain(unresolved).chain(drafts).chain([HomeRow::OpenFile]).chain(placed).collect()
}

/// Returns true if this number of lines fits on the screen.
fn has_room_for_lines(session: &Session, lines: usize) -> bool {
    lines <= usize::from(session.frame().body.height)
}

/// Adds the one-line readiness summary to the notices if the full block does not fit under the rows.
fn with_readiness_summary(
    session: &Session,
    mut notices: Vec<Vec<Line>>,
    rows: &[Vec<Line>],
    width: usize,
) -> Vec<Vec<Line>> {
    let lines: usize = notices.iter().chain(rows).map(Vec::len).sum();
    if !has_room_for_lines(session, lines + readiness_block_lines(session, width).len()) {
        notices.extend(readiness_summary_note(session).map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)));
    }
    notices
}

fn home_row_text(session: &Session, row: HomeRow) -> (Tone, String) {
    match row {
        HomeRow::NewOrder => (Tone::Button, format!("[ {} ]", session.text("home.new"))),
        HomeRow::PastOrder(id) => (Tone::Plain, past_order_text(session, id)),
        HomeRow::Unresolved => (Tone::Warning, format!("! {}", session.unresolved_orders_text())),
        HomeRow::OpenFile => (Tone::Button, format!("[ {} ]", session.text("home.file"))),
        HomeRow::Draft(id) => {
            let removed = session.drafts.is_draft_removed(id);
            let draft = account_drafts(session).into_iter().find(|(known, _)| *known == id);
            let words = draft.map(|(_, draft)| draft_text(session, draft, removed));
            (if removed { Tone::Dim } else { Tone::Plain }, words.unwrap_or_default())
        }
    }
}

/// Returns "Gemeente Zilverdam · Contacts · saved 2 h ago".
fn draft_text(session: &Session, draft: &StoredDraft, removed: bool) -> String {
    let title = if draft.title.is_empty() { session.text("home.untitled") } else { &draft.title };
    let step = session.product().steps.iter().find(|step| step.id == draft.step);
    let step = step.map_or(session.text("review.title"), |step| product_text(session, &step.title));
    let age = saved_age_text(session, session.drafts.age_in_minutes(draft.saved_at, session.now));
    let words = format!("{title} · {step} · {age}");
    if removed { format!("{words} · {}", session.text("home.removed")) } else { words }
}

fn saved_age_text(session: &Session, minutes: Option<i64>) -> String {
    session.lang.format_text("home.saved", &[("age", &session.lang.format_age(minutes))])
}

/// Returns the paragraphs above the rows: problems of the store, other hosts, other windows.
fn home_notes(session: &Session) -> Vec<(Tone, String)> {
    let mut said = vec![(Tone::Heading, session.text("home.title").to_owned())];
    if let Some(unkept) = session.drafts.store_error() {
        let why = session.message_writer().store_failure_text(unkept);
        said.push((Tone::Error, format!("✗ {}", session.lang.format_text("home.trouble", &[("why", &why)]))));
    }
    let Some(stock) = session.drafts.snapshot() else {
        if session.drafts.store_error().is_none() {
            said.push((Tone::Dim, session.text("home.reading").to_owned()));
        }
        return said;
    };
    said.extend(session.message_writer().loss_lines(&stock.journal_losses));
    if let Some((path, damage)) = stock.quarantined_file.as_ref().filter(|_| stock.journal_losses.is_empty()) {
        said.push((Tone::Error, format!("✗ {}", messages::quarantined_file_text(&session.lang, path, damage))));
    }
    for host in &stock.other_hosts {
        said.push((Tone::Warning, format!("! {}", elsewhere_words(session, host))));
    }
    if stock.busy_orders > 0 {
        said.push((Tone::Warning, format!("! {}", session.text("home.busy"))));
    }
    if account_drafts(session).is_empty() {
        said.push((Tone::Dim, session.text("home.no_drafts").to_owned()));
    }
    said
}

/// Returns the note that an order at this host is unresolved. It names the account if the configuration has one for
/// it.
fn elsewhere_words(session: &Session, host: &str) -> String {
    match session.environment.accounts.iter().find(|known| known.host == host) {
        Some(known) => {
            session.lang.format_text("home.elsewhere_account", &[("host", host), ("account", known.name.as_str())])
        }
        None => session.lang.format_text("home.elsewhere", &[("host", host)]),
    }
}

/// Returns a row in lines, with a mark if it is selected.
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
