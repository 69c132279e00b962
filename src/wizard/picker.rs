//! A list to pick from: it narrows as one types, keeps the chosen row while it grows, and takes what is typed where
//! the field allows that.
//!
//! The rows are those that are known so far; more may arrive while it is open. Words are compared without case and
//! diacritics; where no row has them, those are shown that nearly do, which are looked for elsewhere, because that takes
//! its time. An id that is typed can always be taken, also where the key may not read the list.

mod lines;
mod rows;

use super::edit;
use super::keys::Action;
use super::lists::{State, Want};
use super::msg::{Effect, Ticket};
use super::{Model, Overlay};
use crate::find::Found;
use crate::form::Place;
use crate::layout::{self, Move};
use crate::product::Kind;
use std::collections::BTreeSet;
use tui_input::Input;

/// Nothing shorter nearly has the words of a row.
const TELLING: usize = 4;

/// What stands on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// What the field has, as long as no row of it is known.
    Present,
    /// What was typed, as it is.
    Typed,
    /// A row of the list.
    Row(usize),
}

/// The rows that nearly have the words typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Near {
    ticket: Ticket,
    typed: String,
    /// How many rows the list had when it was asked for.
    seen: usize,
    /// Whether they are being looked for.
    looks: bool,
    /// What was found so far, among fewer rows perhaps.
    rows: Option<Vec<usize>>,
}

/// A list that is open.
#[derive(Debug, Clone)]
pub struct Picker {
    /// The field that it fills in.
    place: Place,
    query: Input,
    found: Found,
    near: Option<Near>,
    entries: Vec<Entry>,
    selected: usize,
    /// Whether the person has chosen a row, or typed: until then the field's own is the chosen one, whenever it comes.
    touched: bool,
    top: usize,
    /// How many rows the list had when it was last narrowed.
    seen: usize,
    /// The rows that stand before all others: the verified contacts of the organization.
    verified: BTreeSet<usize>,
}

impl Model {
    /// Opens the list of a field, with this much typed already.
    pub(super) fn open_picker(&mut self, at: Place, query: &str) {
        let picker = Picker {
            place: at,
            query: Input::new(query.to_owned()),
            found: Found::default(),
            near: None,
            entries: Vec::new(),
            selected: 0,
            touched: false,
            top: 0,
            seen: 0,
            verified: BTreeSet::new(),
        };
        self.overlays.push(Overlay::Picker(Box::new(picker)));
        self.narrow();
    }

    /// The list that is open, also where something lies over it.
    fn open_list(&self) -> Option<&Picker> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Picker(picker) => Some(&**picker),
            _ => None,
        })
    }

    fn picker(&mut self) -> Option<&mut Picker> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Picker(picker) => Some(&mut **picker),
            _ => None,
        })
    }

    /// The list in which somebody looks for a row.
    pub(super) fn picker_want(&self) -> Option<Want> {
        self.open_list().and_then(|picker| self.list(picker.place)).and_then(Want::of)
    }

    /// Whether what is typed can be taken as it is.
    fn takes_typed(&self, at: Place, typed: &str) -> bool {
        let field = &self.product()[at.field];
        match field.kind {
            Kind::Integer => !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit()),
            Kind::Choice => field.open && !typed.is_empty(),
            _ => false,
        }
    }

    /// Finds the rows that have all the words typed. The selected one stays selected if it is among them.
    pub(super) fn narrow(&mut self) {
        let Some(picker) = self.open_list() else { return };
        let (at, typed) = (picker.place, picker.query.value().trim().to_owned());
        let words = self.words_of_rows(at);
        let exact = self.exact(at, &typed);
        let takes_typed = exact.is_none() && self.takes_typed(at, &typed);
        let present = typed.is_empty().then(|| self.form.text(at)).filter(|text| !text.is_empty());
        let present = present.map(|text| self.exact(at, text).map_or(Entry::Present, Entry::Row));
        let verified = self.verified_rows(at);
        let Some(picker) = self.picker() else { return };
        (picker.seen, picker.verified) = (words.len(), verified);
        picker.found.narrow(&words, &typed);
        if !picker.found.is_empty() || picker.near.as_ref().is_some_and(|near| near.typed != typed) {
            picker.near = None;
        }
        picker.list(exact, takes_typed, present);
        if picker.lacks_rows(&typed) {
            let ticket = Ticket(self.tickets + 1);
            self.tickets += 1;
            if let Some(picker) = self.picker() {
                let known = picker.near.take().and_then(|near| near.rows);
                picker.near = Some(Near { ticket, typed: typed.clone(), seen: words.len(), looks: true, rows: known });
            }
            self.queue.push(Effect::Near(ticket, words, typed));
        }
        self.picker_in_view();
    }

    /// Shows the rows that nearly have the words typed, if they are still wanted.
    pub(super) fn near_found(&mut self, ticket: Ticket, rows: Vec<usize>) {
        let Some(picker) = self.picker() else { return };
        let Some(near) = picker.near.as_mut().filter(|near| near.ticket == ticket) else { return };
        (near.looks, near.rows) = (false, Some(rows));
        self.narrow();
    }

    /// Takes in rows that have arrived since.
    pub(super) fn renew_picker(&mut self) {
        if let Some(picker) = self.open_list()
            && (picker.seen != self.rows(picker.place) || picker.verified != self.verified_rows(picker.place))
        {
            self.narrow();
        }
    }

    /// Types into the open list.
    pub(super) fn type_query(&mut self, text: &str) {
        if let Some(picker) = self.picker() {
            edit::insert(&mut picker.query, text);
            picker.entries.clear();
            picker.touched = true;
        }
        self.narrow();
    }

    /// Moves the cursor or deletes in what is typed.
    pub(super) fn edit_query(&mut self, request: tui_input::InputRequest) {
        let changed = self.picker().and_then(|picker| picker.query.handle(request));
        if changed.is_some_and(|changed| changed.value) {
            if let Some(picker) = self.picker() {
                picker.entries.clear();
                picker.touched = true;
            }
            self.narrow();
        }
    }

    /// Goes through the rows.
    pub(super) fn move_in_picker(&mut self, step: Move) {
        let page = self.picker_rows();
        if let Some(picker) = self.picker() {
            picker.selected = step.from(picker.selected, page, picker.entries.len());
            picker.touched = true;
        }
        self.picker_in_view();
    }

    pub(super) fn picker_in_view(&mut self) {
        let rows = self.picker_rows();
        if let Some(picker) = self.picker() {
            let at = picker.selected;
            picker.top = layout::follow(picker.top, at..at + 1, rows, picker.entries.len());
        }
    }

    /// Takes the selected row, and goes on to what is asked next.
    pub(super) fn take_picked(&mut self) {
        let Some(picker) = self.open_list() else { return };
        let (at, entry) = (picker.place, picker.entries.get(picker.selected).copied());
        let typed = picker.query.value().trim().to_owned();
        let before = self.entered();
        match entry {
            None => return self.flash("flash.nothing_found"),
            Some(Entry::Present) => {}
            Some(Entry::Typed) => self.form.pick(at, &typed),
            Some(Entry::Row(row)) => self.pick_row(at, row),
        }
        self.overlays.clear();
        self.mark_changes(&before);
        self.keep_focus();
        self.move_focus(true);
        self.marks.flash = None;
    }

    /// Asks for the list again if it could not be had, or not to its end.
    pub(super) fn reload_picker(&mut self) {
        if let Some(want) = self.picker_want() {
            self.lists.retry(want);
        }
    }

    fn picker_state(&self, picker: &Picker) -> Option<&State> {
        self.lists.state(Want::of(self.list(picker.place)?)?)
    }

    /// Whether the open list could not be had, or not to its end.
    fn picker_lacks(&self, picker: &Picker) -> bool {
        matches!(self.picker_state(picker), Some(State::Failed(_) | State::Incomplete(_)))
    }

    /// Whether there is something to take in the open list, or something to try again.
    pub(super) fn picker_takes(&self, action: Action) -> bool {
        let Some(picker) = self.open_list() else { return false };
        match action {
            Action::Refresh => self.picker_lacks(picker),
            _ => !picker.entries.is_empty(),
        }
    }
}

impl Picker {
    /// Puts together what there is to take, and keeps the chosen one chosen.
    fn list(&mut self, exact: Option<usize>, takes_typed: bool, present: Option<Entry>) {
        let before = self.entries.get(self.selected).copied();
        let near = self.near.iter().filter_map(|near| near.rows.as_ref()).flatten().copied();
        let rows = self.found.rows().chain(near).filter(|row| Some(*row) != exact);
        let typed = takes_typed.then_some(Entry::Typed);
        let unlisted = present.filter(|present| *present == Entry::Present);
        let (first, others): (Vec<usize>, Vec<usize>) = rows.partition(|row| self.verified.contains(row));
        let rows = exact.into_iter().chain(first).chain(others).map(Entry::Row);
        self.entries = unlisted.into_iter().chain(rows).chain(typed).collect();
        let chosen = match before {
            // Its row has come.
            Some(Entry::Present) => present,
            before if self.touched => before,
            _ => present,
        };
        let place = chosen.and_then(|chosen| self.entries.iter().position(|entry| *entry == chosen));
        self.selected = place.unwrap_or_default();
    }

    /// Whether no row has the words, and those that nearly have them were not looked for among all rows yet.
    fn lacks_rows(&self, typed: &str) -> bool {
        let telling = typed.split_whitespace().any(|word| word.chars().count() >= TELLING);
        let looked = self.near.as_ref().is_some_and(|near| near.looks || near.seen == self.seen);
        let takes = self.entries.contains(&Entry::Typed) || !self.found.is_empty();
        telling && self.seen > 0 && !takes && !looked
    }
}
