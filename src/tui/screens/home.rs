//! Home: a new order, the stored drafts, past orders, and what the person must know first.
//!
//! A removed draft stays in its place until zegel ends, so that it can be restored.

use crate::domain::{AccountResource, DraftId, IntentId, PlacedOrder, StoredDraft};
use crate::form::Form;
use crate::i18n::{texts, with};
use crate::messages;
use crate::order::OrderEvent;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, DialogRoute, ScreenRoute, Transition, View};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{Effect, StoreTask};
use crate::tui::session::Session;
use crate::tui::session::background_orders::unresolved_orders_text;
use crate::tui::session::drafts::account_drafts;
use crate::tui::session::field_text::product_text;
use crate::tui::session::past_orders::{
    listed_past_orders, past_order, past_order_form, past_order_resources, past_order_text, placed_requests,
};
use crate::tui::session::readiness::{
    can_show_readiness, next_readiness_resource, readiness_block_lines, readiness_summary_note,
};
use crate::tui::session::start::can_choose_account;
use crate::tui::widgets::{Area, Line, ListPosition, Move, ScrollList, selectable_row_lines, wrap_paragraph};

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

impl Component for HomeScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Home
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        let ComponentEvent::Action(action) = event else { return Transition::Stay };
        match action {
            Action::Enter => return self.open_selected_row(session),
            Action::Move(step) => self.move_selection(step, session),
            Action::RemoveDraft(removes) => self.remove_or_restore_draft(removes, session),
            Action::OrderAgain => return self.repeat_selected_order(session),
            Action::Refresh => session.refresh_readiness(),
            Action::Back if session.drafts.is_dirty => return Transition::Go(ScreenRoute::Step(StepId(0))),
            Action::Back => session.show_flash(texts::flash::NO_KEY),
            _ => {}
        }
        Transition::Stay
    }

    fn view(&self, session: &Session, area: Area) -> View {
        let width = session.text_columns();
        let (notices, rows) = self.entries(session, width);
        let mut lines: Vec<Line> = notices.into_iter().chain(rows).flatten().collect();
        let readiness = readiness_block_lines(session, width);
        if has_room_for_lines(session, lines.len() + readiness.len()) {
            lines.extend(readiness);
        }
        View::scrolled(area, lines, self.top)
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::HOME).to_owned())]
    }

    fn is_action_active(&self, action: Action, session: &Session) -> bool {
        match action {
            Action::RemoveDraft(removes) => {
                self.selected_draft(session).is_some_and(|id| session.drafts.is_draft_removed(id) != removes)
            }
            Action::OrderAgain => matches!(self.selected_row(session), Some(HomeRow::PastOrder(_))),
            Action::Accounts => can_choose_account(session),
            Action::ShowReadiness | Action::Refresh => can_show_readiness(session),
            Action::Back => session.drafts.is_dirty,
            _ => true,
        }
    }

    fn redraw_in(&self, session: &Session) -> Option<u64> {
        session.background_orders.has_countdown().then_some(1_000)
    }

    fn needed_resources(&self, session: &Session, is_covered: bool) -> Vec<AccountResource> {
        let readiness = next_readiness_resource(session).filter(|_| !is_covered);
        past_order_resources(session).chain(readiness).collect()
    }

    /// Makes sure that the selection is on a row and in view.
    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        let view = session.frame().body.height.into();
        let (list, first) = self.scroll_list(session);
        self.selected = self.selected.min(home_rows(session).len() - 1);
        let top = if self.selected == 0 { 0 } else { self.top };
        self.top = list.top_to_show(ListPosition { index: self.selected + first, top }, view);
    }
}

impl HomeScreen {
    fn selected_row(self, session: &Session) -> Option<HomeRow> {
        home_rows(session).into_iter().nth(self.selected)
    }

    fn selected_draft(self, session: &Session) -> Option<DraftId> {
        match self.selected_row(session) {
            Some(HomeRow::Draft(id)) => Some(id),
            _ => None,
        }
    }

    /// Starts a new order with the values of the selected past order.
    fn repeat_selected_order(self, session: &mut Session) -> Transition {
        match self.selected_row(session) {
            Some(HomeRow::PastOrder(_)) if session.warn_if_unsaved() => Transition::Stay,
            Some(HomeRow::PastOrder(id)) => Self::repeat_past_order(session, id),
            _ => {
                session.show_flash(texts::flash::NO_ORDER_HERE);
                Transition::Stay
            }
        }
    }

    /// Opens the selected row, or starts a new order.
    fn open_selected_row(self, session: &mut Session) -> Transition {
        match self.selected_row(session) {
            Some(HomeRow::Draft(id)) if session.drafts.is_draft_removed(id) => {
                session.show_flash(texts::flash::REMOVED);
            }
            Some(HomeRow::Draft(id))
                if session.drafts.current_draft() == Some(id)
                    && session.drafts.is_dirty
                    && !session.drafts.is_read_only() =>
            {
                return Transition::Go(ScreenRoute::Step(StepId(0)));
            }
            Some(HomeRow::OpenFile) => return Transition::Open(DialogRoute::OpenFile),
            Some(HomeRow::Unresolved) if session.bring_order_to_front() => {
                return Transition::Go(ScreenRoute::Unresolved);
            }
            Some(HomeRow::Unresolved) => {}
            _ if session.warn_if_unsaved() => {}
            Some(HomeRow::Draft(id)) => session.queue_effect(Effect::Store(StoreTask::OpenDraft(id))),
            Some(HomeRow::PastOrder(id)) => return Self::follow_past_order(session, id),
            Some(HomeRow::NewOrder) | None => return Transition::Go(ScreenRoute::NewOrder),
        }
        Transition::Stay
    }

    /// Follows an order, based on its journal entry.
    fn follow_past_order(session: &mut Session, id: IntentId) -> Transition {
        let Some(entry) = past_order(session, id).cloned() else { return Transition::Stay };
        let Some(order) = entry.placed_order_id() else { return Transition::Stay };
        let mut form = past_order_form(session, &entry).unwrap_or_else(|| Form::new(session.product()));
        form.withdraw_consent();
        session.open_form_as_new_draft(form);
        session.placed_orders.looked_up_order = Some(order);
        let placed = PlacedOrder { id: order, requests: placed_requests(&entry), ..PlacedOrder::default() };
        Transition::Order(Box::new(OrderEvent::PollingRequested(Box::new(placed), session.now)))
    }

    /// Starts a new order with the values of a past order.
    fn repeat_past_order(session: &mut Session, id: IntentId) -> Transition {
        if let Some(form) = past_order(session, id).and_then(|entry| past_order_form(session, entry)) {
            return session.begin_order_from_form(form);
        }
        session.show_flash(texts::flash::BAD_RECORD);
        Transition::Stay
    }

    /// Removes the selected draft, or restores it if `removes` is false.
    fn remove_or_restore_draft(self, removes: bool, session: &mut Session) {
        match self.selected_draft(session) {
            Some(id) if session.drafts.is_draft_removed(id) == removes => session.show_flash(texts::flash::NO_KEY),
            Some(id) if removes => {
                if session.drafts.current_draft() == Some(id) {
                    session.close_draft(StoreTask::ReleaseDraft);
                }
                session.queue_effect(Effect::Store(StoreTask::RemoveDraft(id)));
            }
            Some(id) => session.queue_effect(Effect::Store(StoreTask::RestoreDraft(id))),
            None => session.show_flash(texts::flash::NO_DRAFT_HERE),
        }
    }

    fn move_selection(&mut self, step: Move, session: &Session) {
        let view = session.frame().body.height.into();
        let (list, first) = self.scroll_list(session);
        let to = list.apply_move(step, ListPosition { index: self.selected + first, top: self.top }, view);
        (self.selected, self.top) = (to.index.saturating_sub(first), to.top);
    }

    /// Returns the scroll list of notices and rows, and the number of notices, which cannot be selected.
    fn scroll_list(self, session: &Session) -> (ScrollList, usize) {
        let (notices, rows) = self.entries(session, session.text_columns());
        let first = notices.len();
        (ScrollList::new(notices.iter().chain(&rows).map(Vec::len)), first)
    }

    /// Returns the notices and the rows, each in lines.
    fn entries(self, session: &Session, width: usize) -> (Vec<Vec<Line>>, Vec<Vec<Line>>) {
        let notices =
            home_notes(session).into_iter().map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
        let first = listed_past_orders(session).next().map(|entry| entry.id);
        let heading = wrap_paragraph(Tone::Heading, session.text(texts::home::PLACED_TITLE), 1, width);
        let rows = home_rows(session).into_iter().enumerate().map(|(at, row)| {
            let (tone, words) = home_row_text(session, row);
            let head = if first.is_some_and(|id| row == HomeRow::PastOrder(id)) { heading.as_slice() } else { &[] };
            head.iter().cloned().chain(selectable_row_lines(tone, &words, self.selected == at, width)).collect()
        });
        let (notices, rows): (Vec<Vec<Line>>, Vec<Vec<Line>>) = (notices, rows.collect());
        (with_readiness_summary(session, notices, &rows, width), rows)
    }
}

/// Returns the rows in display order.
fn home_rows(session: &Session) -> Vec<HomeRow> {
    let drafts = account_drafts(session).into_iter().map(|(id, _)| HomeRow::Draft(*id));
    let placed = listed_past_orders(session).map(|entry| HomeRow::PastOrder(entry.id));
    let unresolved = session.background_orders.unresolved().next().is_some().then_some(HomeRow::Unresolved);
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
        HomeRow::NewOrder => (Tone::Button, format!("[ {} ]", session.text(texts::home::NEW))),
        HomeRow::PastOrder(id) => (Tone::Plain, past_order_text(session, id)),
        HomeRow::Unresolved => (Tone::Warning, format!("! {}", unresolved_orders_text(session))),
        HomeRow::OpenFile => (Tone::Button, format!("[ {} ]", session.text(texts::home::FILE))),
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
    let title = if draft.title.is_empty() { session.text(texts::home::UNTITLED) } else { &draft.title };
    let step = session.product().steps.iter().find(|step| step.id == draft.step);
    let step = step.map_or(session.text(texts::review::TITLE), |step| product_text(session, &step.title));
    let age = saved_age_text(session, session.drafts.age_in_minutes(draft.saved_at, session.now));
    let words = format!("{title} · {step} · {age}");
    if removed { format!("{words} · {}", session.text(texts::home::REMOVED)) } else { words }
}

fn saved_age_text(session: &Session, minutes: Option<i64>) -> String {
    session.lang.format(texts::home::SAVED, with::Age(&session.lang.format_age(minutes)))
}

/// Returns the paragraphs above the rows: problems of the store, other hosts, other windows.
fn home_notes(session: &Session) -> Vec<(Tone, String)> {
    let mut notes = vec![(Tone::Heading, session.text(texts::home::TITLE).to_owned())];
    if let Some(unkept) = session.drafts.store_error() {
        let why = session.message_writer().store_failure_text(unkept);
        notes.push((Tone::Error, format!("✗ {}", session.lang.format(texts::home::TROUBLE, with::Why(&why)))));
    }
    let Some(stock) = session.drafts.snapshot() else {
        if session.drafts.store_error().is_none() {
            notes.push((Tone::Dim, session.text(texts::home::READING).to_owned()));
        }
        return notes;
    };
    notes.extend(session.message_writer().loss_lines(&stock.journal_losses));
    if let Some((path, damage)) = stock.quarantined_file.as_ref().filter(|_| stock.journal_losses.is_empty()) {
        notes.push((Tone::Error, format!("✗ {}", messages::quarantined_file_text(&session.lang, path, damage))));
    }
    for host in &stock.other_hosts {
        notes.push((Tone::Warning, format!("! {}", elsewhere_words(session, host))));
    }
    if stock.busy_orders > 0 {
        notes.push((Tone::Warning, format!("! {}", session.text(texts::home::BUSY))));
    }
    if account_drafts(session).is_empty() {
        notes.push((Tone::Dim, session.text(texts::home::NO_DRAFTS).to_owned()));
    }
    notes
}

/// Returns the note that an order at this host is unresolved. It names the account if the configuration has one for
/// it.
fn elsewhere_words(session: &Session, host: &str) -> String {
    match session.environment.accounts.iter().find(|known| known.host == host) {
        Some(known) => {
            session.lang.format(texts::home::ELSEWHERE_ACCOUNT, (with::Host(&host), with::Account(&known.name)))
        }
        None => session.lang.format(texts::home::ELSEWHERE, with::Host(&host)),
    }
}
