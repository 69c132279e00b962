//! The picker: a list to pick a value from. Typing narrows it, the chosen row stays chosen while the list grows, and
//! a typed value is accepted if the field allows that.
//!
//! More rows may arrive while the list is open. Words are compared without case and diacritics. If no row matches,
//! the nearest matches are shown; the event loop finds those, because that takes time. A typed id is always accepted,
//! even if the API key may not read the list.

pub(crate) mod rows;
pub(crate) mod view;

use crate::domain::AccountResource;
use crate::form::FieldPlace;
use crate::i18n::texts;
use crate::product::ValueKind;
use crate::search::SearchResults;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, Transition, View};
use crate::tui::dialogs::picker::rows::{
    exact_row, field_list, list_row_count, row_search_index, verified_contact_rows,
};
use crate::tui::dialogs::picker::view::{picker_help_text, picker_lines, picker_query_line, picker_status_line};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{Effect, Ticket};
use crate::tui::session::Session;
use crate::tui::session::feedback::form_values;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::undo::EditKind;
use crate::tui::widgets;
use crate::tui::widgets::Area;
use std::collections::BTreeSet;
use tui_input::Input;

/// The shortest word for which near matches are searched.
const MIN_NEAR_WORD_CHARS: usize = 4;

/// The content of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PickerEntry {
    /// The field's value, while the list has no row for it.
    CurrentValue,
    /// The typed text as it is.
    Typed,
    /// A row of the list.
    Row(usize),
}

/// The rows that nearly match the query.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NearMatches {
    ticket: Ticket,
    typed: String,
    /// The number of rows in the list when the search was requested.
    row_count: usize,
    /// True while the search runs.
    is_pending: bool,
    /// The matches found so far, possibly among fewer rows than the list has now.
    rows: Option<Vec<usize>>,
}

#[derive(Debug, Clone)]
pub struct Picker {
    /// The field that the list fills in.
    place: FieldPlace,
    query: Input,
    found: SearchResults,
    near_matches: Option<NearMatches>,
    entries: Vec<PickerEntry>,
    selected: usize,
    /// True if the person has chosen a row or typed. Until then the field's own row is the chosen one, as soon as it
    /// arrives.
    is_touched: bool,
    top: usize,
    /// The number of rows in the list when it was last filtered.
    row_count: usize,
    /// The rows shown before all others: the verified contacts of the organization.
    verified_rows: BTreeSet<usize>,
}

impl Picker {
    /// The list of a field, with the query already typed.
    pub(in crate::tui) fn new(session: &mut Session, at: FieldPlace, query: &str) -> Self {
        let mut picker = Self {
            place: at,
            query: Input::new(query.to_owned()),
            found: SearchResults::default(),
            near_matches: None,
            entries: Vec::new(),
            selected: 0,
            is_touched: false,
            top: 0,
            row_count: 0,
            verified_rows: BTreeSet::new(),
        };
        picker.filter_rows(session);
        picker
    }

    /// The account resource whose rows are shown; `None` for lists that need no account.
    pub(in crate::tui) fn resource(&self, session: &Session) -> Option<AccountResource> {
        field_list(session, self.place).and_then(AccountResource::for_list)
    }

    /// Shows the near matches, if they are still awaited.
    fn show_near_matches(&mut self, session: &mut Session, ticket: Ticket, rows: Vec<usize>) {
        let Some(near) = self.near_matches.as_mut().filter(|near| near.ticket == ticket) else { return };
        (near.is_pending, near.rows) = (false, Some(rows));
        self.filter_rows(session);
    }

    /// Finds the rows that have all the typed words. The selected row stays selected if it is among them.
    fn filter_rows(&mut self, session: &mut Session) {
        let (at, typed) = (self.place, self.query.value().trim().to_owned());
        let words = row_search_index(session, at);
        let exact = exact_row(session, at, &typed);
        let takes_typed = exact.is_none() && can_take_typed_value(session, at, &typed);
        let present = typed.is_empty().then(|| session.form.text(at)).filter(|text| !text.is_empty());
        let present =
            present.map(|text| exact_row(session, at, text).map_or(PickerEntry::CurrentValue, PickerEntry::Row));
        (self.row_count, self.verified_rows) = (words.len(), verified_contact_rows(session, at));
        self.found.refine_search(&words, &typed);
        if !self.found.is_empty() || self.near_matches.as_ref().is_some_and(|near| near.typed != typed) {
            self.near_matches = None;
        }
        self.build_entries(exact, takes_typed, present);
        if self.needs_near_search(&typed) {
            let ticket = session.next_ticket();
            let known = self.near_matches.take().and_then(|near| near.rows);
            self.near_matches = Some(NearMatches {
                ticket,
                typed: typed.clone(),
                row_count: words.len(),
                is_pending: true,
                rows: known,
            });
            session.queue_effect(Effect::FindNearMatches(ticket, words, typed));
        }
        self.scroll_to_selection(session);
    }

    fn mark_query_changed(&mut self, session: &mut Session) {
        self.entries.clear();
        self.is_touched = true;
        self.filter_rows(session);
    }

    fn scroll_to_selection(&mut self, session: &Session) {
        let rows = self.visible_rows(session);
        self.top = widgets::scroll_into_view(self.top, self.selected..self.selected + 1, rows, self.entries.len());
    }

    /// Takes the selected row into the form.
    fn take_selected_entry(&self, session: &mut Session) -> Transition {
        let at = self.place;
        let before = form_values(session);
        match self.entries.get(self.selected) {
            None => {
                session.show_flash(texts::flash::NOTHING_FOUND);
                return Transition::Stay;
            }
            Some(PickerEntry::CurrentValue) => {}
            Some(PickerEntry::Typed) => {
                let typed = self.query.value().trim();
                session.edit_with_undo(at, EditKind::Standalone, |session| session.form.pick_row(at, typed));
            }
            Some(PickerEntry::Row(row)) => {
                session.edit_with_undo(at, EditKind::Standalone, |session| Self::take_row(session, at, *row));
            }
        }
        session.mark_changed_fields(&before);
        Transition::CloseAndGoOn
    }
}

impl Component for Picker {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Picker
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Text(text) | ComponentEvent::Paste(text) => {
                widgets::insert_text(&mut self.query, text);
                self.mark_query_changed(session);
            }
            ComponentEvent::Action(Action::Edit(request)) => {
                if self.query.handle(request).is_some_and(|changed| changed.value) {
                    self.mark_query_changed(session);
                }
            }
            ComponentEvent::Action(Action::Move(step)) => {
                self.selected = step.apply_to(self.selected, self.visible_rows(session), self.entries.len());
                self.is_touched = true;
                self.scroll_to_selection(session);
            }
            ComponentEvent::Action(Action::Enter) => return self.take_selected_entry(session),
            ComponentEvent::Action(Action::Refresh) => {
                // Requests the list again if it failed or is incomplete.
                if let Some(resource) = self.resource(session) {
                    session.fetches.forget_failure(resource);
                }
            }
            ComponentEvent::Action(_) => {}
        }
        Transition::Stay
    }

    fn view(&self, session: &Session, area: Area) -> View {
        let (first, rest) = area.split_top(1);
        let (rows, status) = rest.split_bottom(1);
        let lines = picker_lines(session, self, area.width.into(), rows.height.into());
        View::default()
            .with_lines(rows, lines)
            .with_lines(status, vec![picker_status_line(session, self)])
            .with_lines(first, vec![picker_query_line(session, self, area.width.into())])
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, picker_help_text(session, self).to_owned())]
    }

    fn is_action_active(&self, action: Action, session: &Session) -> bool {
        match action {
            Action::Enter => !self.entries.is_empty(),
            Action::Refresh => is_picker_incomplete(session, self),
            _ => true,
        }
    }

    fn takes_text(&self, _session: &Session) -> bool {
        true
    }

    fn take_reply(&mut self, reply: ComponentReply<'_>, session: &mut Session) -> Transition {
        match reply {
            ComponentReply::NearMatches(ticket, rows) => self.show_near_matches(session, ticket, rows.to_vec()),
            ComponentReply::AccountData
                if self.row_count != list_row_count(session, self.place)
                    || self.verified_rows != verified_contact_rows(session, self.place) =>
            {
                self.filter_rows(session);
            }
            _ => {}
        }
        Transition::Stay
    }

    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        self.scroll_to_selection(session);
    }
}

/// Returns true if the typed text is acceptable as a value.
fn can_take_typed_value(session: &Session, at: FieldPlace, typed: &str) -> bool {
    let field = &session.product()[at.field];
    match field.kind {
        ValueKind::Integer => !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit()),
        ValueKind::Choice => field.open && !typed.is_empty(),
        _ => false,
    }
}

fn picker_fetch_state<'a>(session: &'a Session, picker: &Picker) -> Option<&'a FetchState> {
    session.fetches.state(AccountResource::for_list(field_list(session, picker.place)?)?)
}

/// Returns true if the list failed or is incomplete.
fn is_picker_incomplete(session: &Session, picker: &Picker) -> bool {
    matches!(picker_fetch_state(session, picker), Some(FetchState::Failed(_) | FetchState::Incomplete(_)))
}

impl Picker {
    /// Builds the entries, and keeps the chosen one chosen.
    fn build_entries(&mut self, exact: Option<usize>, takes_typed: bool, present: Option<PickerEntry>) {
        let before = self.entries.get(self.selected).copied();
        let near = self.near_matches.iter().filter_map(|near| near.rows.as_ref()).flatten().copied();
        let rows = self.found.rows().chain(near).filter(|row| Some(*row) != exact);
        let typed = takes_typed.then_some(PickerEntry::Typed);
        let unlisted = present.filter(|present| *present == PickerEntry::CurrentValue);
        let (first, others): (Vec<usize>, Vec<usize>) = rows.partition(|row| self.verified_rows.contains(row));
        let rows = exact.into_iter().chain(first).chain(others).map(PickerEntry::Row);
        self.entries = unlisted.into_iter().chain(rows).chain(typed).collect();
        let chosen = match before {
            // The row of the field's value has arrived.
            Some(PickerEntry::CurrentValue) => present,
            before if self.is_touched => before,
            _ => present,
        };
        let place = chosen.and_then(|chosen| self.entries.iter().position(|entry| *entry == chosen));
        self.selected = place.unwrap_or_default();
    }

    /// Returns true if no row matches and the near matches were not yet searched among all rows.
    fn needs_near_search(&self, typed: &str) -> bool {
        let telling = typed.split_whitespace().any(|word| word.chars().count() >= MIN_NEAR_WORD_CHARS);
        let looked = self.near_matches.as_ref().is_some_and(|near| near.is_pending || near.row_count == self.row_count);
        let takes = self.entries.contains(&PickerEntry::Typed) || !self.found.is_empty();
        telling && self.row_count > 0 && !takes && !looked
    }
}
