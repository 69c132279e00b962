//! A list to pick from: it narrows as one types, keeps the chosen row while it grows, and takes what is typed where
//! the field allows that.
//!
//! The rows are those that are known so far; more may arrive while it is open. Words are compared without case and
//! diacritics; where no row has them, those are shown that nearly do, which are looked for elsewhere, because that takes
//! its time. An id that is typed can always be taken, also where the key may not read the list.

pub(crate) mod rows;
pub(crate) mod view;

use crate::form::FieldPlace;
use crate::product::ValueKind;
use crate::search::SearchResults;
use crate::tui::app::{App, Dialog};
use crate::tui::dialogs::picker::rows::{
    exact_row, field_list, list_row_count, row_search_index, verified_contact_rows,
};
use crate::tui::keymap::Action;
use crate::tui::message::{Effect, Ticket};
use crate::tui::session::Session;
use crate::tui::session::fetch::{AccountResource, FetchState};
use crate::tui::session::undo::EditKind;
use crate::tui::widgets;
use crate::tui::widgets::Move;
use std::collections::BTreeSet;
use tui_input::Input;

/// Nothing shorter nearly has the words of a row.
const MIN_NEAR_WORD_CHARS: usize = 4;

/// What stands on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PickerEntry {
    /// What the field has, as long as no row of it is known.
    CurrentValue,
    /// What was typed, as it is.
    Typed,
    /// A row of the list.
    Row(usize),
}

/// The rows that nearly have the words typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NearMatches {
    ticket: Ticket,
    typed: String,
    /// How many rows the list had when it was asked for.
    row_count: usize,
    /// Whether they are being looked for.
    is_pending: bool,
    /// What was found so far, among fewer rows perhaps.
    rows: Option<Vec<usize>>,
}

/// A list that is open.
#[derive(Debug, Clone)]
pub struct Picker {
    /// The field that it fills in.
    place: FieldPlace,
    query: Input,
    found: SearchResults,
    near_matches: Option<NearMatches>,
    entries: Vec<PickerEntry>,
    selected: usize,
    /// Whether the person has chosen a row, or typed: until then the field's own is the chosen one, whenever it comes.
    is_touched: bool,
    top: usize,
    /// How many rows the list had when it was last narrowed.
    row_count: usize,
    /// The rows that stand before all others: the verified contacts of the organization.
    verified_rows: BTreeSet<usize>,
}

impl App {
    /// Opens the list of a field, with this much typed already.
    pub(crate) fn open_picker(&mut self, at: FieldPlace, query: &str) {
        let picker = Picker {
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
        self.dialogs.push(Dialog::Picker(Box::new(picker)));
        self.filter_picker();
    }

    /// The list that is open, also where something lies over it.
    fn current_picker(&self) -> Option<&Picker> {
        self.dialogs.iter().find_map(|overlay| match overlay {
            Dialog::Picker(picker) => Some(&**picker),
            _ => None,
        })
    }

    fn current_picker_mut(&mut self) -> Option<&mut Picker> {
        self.dialogs.iter_mut().find_map(|overlay| match overlay {
            Dialog::Picker(picker) => Some(&mut **picker),
            _ => None,
        })
    }

    /// The list in which somebody looks for a row.
    pub(crate) fn picker_resource(&self) -> Option<AccountResource> {
        self.current_picker()
            .and_then(|picker| field_list(&self.session, picker.place))
            .and_then(AccountResource::for_list)
    }

    /// Finds the rows that have all the words typed. The selected one stays selected if it is among them.
    pub(crate) fn filter_picker(&mut self) {
        let Some(picker) = self.current_picker() else { return };
        let (at, typed) = (picker.place, picker.query.value().trim().to_owned());
        let words = row_search_index(&self.session, at);
        let exact = exact_row(&self.session, at, &typed);
        let takes_typed = exact.is_none() && can_take_typed_value(&self.session, at, &typed);
        let present = typed.is_empty().then(|| self.session.form.text(at)).filter(|text| !text.is_empty());
        let present =
            present.map(|text| exact_row(&self.session, at, text).map_or(PickerEntry::CurrentValue, PickerEntry::Row));
        let verified = verified_contact_rows(&self.session, at);
        let Some(picker) = self.current_picker_mut() else { return };
        (picker.row_count, picker.verified_rows) = (words.len(), verified);
        picker.found.refine_search(&words, &typed);
        if !picker.found.is_empty() || picker.near_matches.as_ref().is_some_and(|near| near.typed != typed) {
            picker.near_matches = None;
        }
        picker.build_entries(exact, takes_typed, present);
        if picker.needs_near_search(&typed) {
            let ticket = Ticket(self.session.last_ticket + 1);
            self.session.last_ticket += 1;
            if let Some(picker) = self.current_picker_mut() {
                let known = picker.near_matches.take().and_then(|near| near.rows);
                picker.near_matches = Some(NearMatches {
                    ticket,
                    typed: typed.clone(),
                    row_count: words.len(),
                    is_pending: true,
                    rows: known,
                });
            }
            self.session.queued_effects.push(Effect::FindNearMatches(ticket, words, typed));
        }
        self.scroll_picker();
    }

    /// Shows the rows that nearly have the words typed, if they are still wanted.
    pub(crate) fn show_near_matches(&mut self, ticket: Ticket, rows: Vec<usize>) {
        let Some(picker) = self.current_picker_mut() else { return };
        let Some(near) = picker.near_matches.as_mut().filter(|near| near.ticket == ticket) else { return };
        (near.is_pending, near.rows) = (false, Some(rows));
        self.filter_picker();
    }

    /// Takes in rows that have arrived since.
    pub(crate) fn update_picker_rows(&mut self) {
        if let Some(picker) = self.current_picker()
            && (picker.row_count != list_row_count(&self.session, picker.place)
                || picker.verified_rows != verified_contact_rows(&self.session, picker.place))
        {
            self.filter_picker();
        }
    }

    /// Types into the open list.
    pub(crate) fn type_picker_query(&mut self, text: &str) {
        if let Some(picker) = self.current_picker_mut() {
            widgets::insert_text(&mut picker.query, text);
            picker.entries.clear();
            picker.is_touched = true;
        }
        self.filter_picker();
    }

    /// Moves the cursor or deletes in what is typed.
    pub(crate) fn edit_picker_query(&mut self, request: tui_input::InputRequest) {
        let changed = self.current_picker_mut().and_then(|picker| picker.query.handle(request));
        if changed.is_some_and(|changed| changed.value) {
            if let Some(picker) = self.current_picker_mut() {
                picker.entries.clear();
                picker.is_touched = true;
            }
            self.filter_picker();
        }
    }

    /// Goes through the rows.
    pub(crate) fn move_picker_selection(&mut self, step: Move) {
        let page = self.visible_picker_rows();
        if let Some(picker) = self.current_picker_mut() {
            picker.selected = step.apply_to(picker.selected, page, picker.entries.len());
            picker.is_touched = true;
        }
        self.scroll_picker();
    }

    pub(crate) fn scroll_picker(&mut self) {
        let rows = self.visible_picker_rows();
        if let Some(picker) = self.current_picker_mut() {
            let at = picker.selected;
            picker.top = widgets::scroll_into_view(picker.top, at..at + 1, rows, picker.entries.len());
        }
    }

    /// Takes the selected row, and goes on to what is asked next.
    pub(crate) fn take_picked_entry(&mut self) {
        let Some(picker) = self.current_picker() else { return };
        let (at, entry) = (picker.place, picker.entries.get(picker.selected).copied());
        let typed = picker.query.value().trim().to_owned();
        let before = self.session.form_values();
        match entry {
            None => return self.session.show_flash("flash.nothing_found"),
            Some(PickerEntry::CurrentValue) => {}
            Some(PickerEntry::Typed) => {
                self.session.edit_with_undo(at, EditKind::Standalone, |session| session.form.pick_row(at, &typed));
            }
            Some(PickerEntry::Row(row)) => {
                self.session.edit_with_undo(at, EditKind::Standalone, |session| session.pick_row(at, row));
            }
        }
        self.dialogs.clear();
        self.session.mark_changed_fields(&before);
        self.restore_focus();
        self.move_focus(true);
        self.session.feedback.flash = None;
    }

    /// Asks for the list again if it could not be had, or not to its end.
    pub(crate) fn reload_picker(&mut self) {
        if let Some(want) = self.picker_resource() {
            self.session.fetches.forget_failure(want);
        }
    }

    /// Whether there is something to take in the open list, or something to try again.
    pub(crate) fn can_act_in_picker(&self, action: Action) -> bool {
        let Some(picker) = self.current_picker() else { return false };
        match action {
            Action::Refresh => is_picker_incomplete(&self.session, picker),
            _ => !picker.entries.is_empty(),
        }
    }
}

/// Whether what is typed can be taken as it is.
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

/// Whether the open list could not be had, or not to its end.
fn is_picker_incomplete(session: &Session, picker: &Picker) -> bool {
    matches!(picker_fetch_state(session, picker), Some(FetchState::Failed(_) | FetchState::Incomplete(_)))
}

impl Picker {
    /// Puts together what there is to take, and keeps the chosen one chosen.
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
            // Its row has come.
            Some(PickerEntry::CurrentValue) => present,
            before if self.is_touched => before,
            _ => present,
        };
        let place = chosen.and_then(|chosen| self.entries.iter().position(|entry| *entry == chosen));
        self.selected = place.unwrap_or_default();
    }

    /// Whether no row has the words, and those that nearly have them were not looked for among all rows yet.
    fn needs_near_search(&self, typed: &str) -> bool {
        let telling = typed.split_whitespace().any(|word| word.chars().count() >= MIN_NEAR_WORD_CHARS);
        let looked = self.near_matches.as_ref().is_some_and(|near| near.is_pending || near.row_count == self.row_count);
        let takes = self.entries.contains(&PickerEntry::Typed) || !self.found.is_empty();
        telling && self.row_count > 0 && !takes && !looked
    }
}
