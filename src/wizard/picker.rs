//! A list to pick from: it narrows as one types, keeps the chosen row while it grows, and takes what is typed where
//! the field allows that.
//!
//! The rows are those that are known so far; more may arrive while it is open. Words are compared without case and
//! diacritics. An id that is typed can always be taken, also where the key may not read the list.

use super::edit;
use super::keys::Action;
use super::lists::{State, Want};
use super::show::described;
use super::{Model, Overlay};
use crate::facts::{Organization, Person};
use crate::form::Place;
use crate::lang::country;
use crate::layout::{self, Line, Move, Tone, paragraph};
use crate::product::{Kind, List};
use crate::text;
use memchr::memmem;
use std::borrow::Cow;
use tui_input::Input;

/// What stands on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// What was typed, as it is.
    Typed,
    /// A row of the list.
    Row(usize),
}

/// A list that is open.
#[derive(Debug, Clone)]
pub struct Picker {
    /// The field that it fills in.
    place: Place,
    query: Input,
    entries: Vec<Entry>,
    selected: usize,
    top: usize,
    /// How many rows the list had when it was last narrowed.
    seen: usize,
}

impl Model {
    /// Opens the list of a field, with this much typed already.
    pub(super) fn open_picker(&mut self, at: Place, query: &str) {
        let picker = Picker {
            place: at,
            query: Input::new(query.to_owned()),
            entries: Vec::new(),
            selected: 0,
            top: 0,
            seen: 0,
        };
        self.overlays.push(Overlay::Picker(Box::new(picker)));
        self.narrow();
        if query.is_empty() {
            self.select_current(at);
        }
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

    /// Puts the row of the field's present value in front.
    fn select_current(&mut self, at: Place) {
        let current = self.form.text(at).to_owned();
        let Some(entries) = self.open_list().map(|picker| picker.entries.clone()) else { return };
        let found = entries.iter().position(|entry| matches!(entry, Entry::Row(row) if self.word(at, *row) == current));
        if let (Some(found), Some(picker)) = (found.filter(|_| !current.is_empty()), self.picker()) {
            picker.selected = found;
        }
        self.picker_in_view();
    }

    fn list(&self, at: Place) -> Option<List> {
        self.product()[at.field].source.as_ref().map(|source| source.list)
    }

    /// How many rows the list of a field has by now.
    fn rows(&self, at: Place) -> usize {
        match self.list(at) {
            Some(List::Organizations) => self.known.organizations.rows().len(),
            Some(List::Approvers) => self.known.approvers.rows().len(),
            Some(List::Users) => self.known.users.rows().len(),
            Some(List::Countries) => country::all().count(),
            Some(List::ValidityYears) => self.years().len(),
            None => self.product()[at.field].options.len(),
        }
    }

    /// The years that can be ordered: those of the account, else the documentation's one.
    fn years(&self) -> Vec<u32> {
        let known = self.known.product.as_ref().and_then(|product| product.years.clone());
        known.filter(|years| !years.is_empty()).unwrap_or_else(|| vec![1])
    }

    /// What picking a row puts into the field; blank for a person who is no user.
    fn word(&self, at: Place, row: usize) -> String {
        let id = |id: Option<u64>| id.map(|id| id.to_string()).unwrap_or_default();
        match self.list(at) {
            Some(List::Organizations) => id(self.known.organizations.rows().get(row).map(|row| row.id)),
            Some(List::Approvers) => id(self.known.approvers.rows().get(row).and_then(|row| row.user_id)),
            Some(List::Users) => id(self.known.users.rows().get(row).and_then(|row| row.user_id)),
            Some(List::Countries) => country::all().nth(row).map(|c| c.code.to_owned()).unwrap_or_default(),
            Some(List::ValidityYears) => self.years().get(row).map(u32::to_string).unwrap_or_default(),
            None => self.product()[at.field].options.get(row).map(|option| option.id.clone()).unwrap_or_default(),
        }
    }

    /// The words of all rows as a search compares them; what has several names has each on a line of its own.
    fn folded(&self, at: Place) -> Vec<Cow<'_, str>> {
        let options = &self.product()[at.field].options;
        match self.list(at) {
            Some(List::Countries) => country::all()
                .map(|country| Cow::Owned(text::fold(&format!("{}\n{}\n{}", country.code, country.en, country.nl))))
                .collect(),
            Some(List::ValidityYears) => self.years().iter().map(|years| Cow::Owned(years.to_string())).collect(),
            Some(list) => self.lists.folded(list).iter().map(|words| Cow::Borrowed(words.as_str())).collect(),
            None => options
                .iter()
                .map(|o| Cow::Owned(text::fold(&format!("{} {} {}", o.id, o.label.en, o.label.nl))))
                .collect(),
        }
    }

    /// The row that is exactly what was typed: an id, a country's two letters.
    fn exact(&self, at: Place, typed: &str) -> Option<usize> {
        let id = typed.parse::<u64>().ok();
        let people = |rows: &[Person]| rows.iter().position(|row| row.user_id.is_some() && row.user_id == id);
        match self.list(at) {
            Some(List::Organizations) => self.known.organizations.rows().iter().position(|row| Some(row.id) == id),
            Some(List::Approvers) => people(self.known.approvers.rows()),
            Some(List::Users) => people(self.known.users.rows()),
            Some(List::Countries) => country::all().position(|country| country.code.eq_ignore_ascii_case(typed)),
            Some(List::ValidityYears) => self.years().iter().position(|years| Some(u64::from(*years)) == id),
            None => self.product()[at.field].options.iter().position(|option| option.id == typed),
        }
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
        let before = picker.entries.get(picker.selected).copied();
        let entries = self.found(at, &typed);
        let selected = before.and_then(|before| entries.iter().position(|entry| *entry == before)).unwrap_or(0);
        let seen = self.rows(at);
        if let Some(picker) = self.picker() {
            (picker.entries, picker.selected, picker.seen) = (entries, selected, seen);
        }
        self.picker_in_view();
    }

    fn found(&self, at: Place, typed: &str) -> Vec<Entry> {
        let query = text::fold(typed);
        let words: Vec<memmem::Finder<'_>> = query.split_whitespace().map(memmem::Finder::new).collect();
        let exact = self.exact(at, typed);
        let has_all = |there: &str| words.iter().all(|word| word.find(there.as_bytes()).is_some());
        let rows = self.folded(at).into_iter().enumerate().filter(|(_, there)| has_all(there));
        // What begins with it goes before what only has it, or "Nederland" would be "Caribisch Nederland".
        let begins = |there: &str| there.lines().any(|name| name.starts_with(&query));
        let (first, others): (Vec<_>, Vec<_>) = rows.partition(|(_, there)| begins(there));
        let rows = first.into_iter().chain(others).map(|(row, _)| row).filter(|row| Some(*row) != exact);
        let typed = (exact.is_none() && self.takes_typed(at, typed)).then_some(Entry::Typed);
        exact.into_iter().chain(rows).map(Entry::Row).chain(typed).collect()
    }

    /// Takes in rows that have arrived since.
    pub(super) fn renew_picker(&mut self) {
        if let Some(picker) = self.open_list()
            && picker.seen != self.rows(picker.place)
        {
            self.narrow();
        }
    }

    /// Types into the open list.
    pub(super) fn type_query(&mut self, text: &str) {
        if let Some(picker) = self.picker() {
            edit::insert(&mut picker.query, text);
            picker.entries.clear();
        }
        self.narrow();
    }

    /// Moves the cursor or deletes in what is typed.
    pub(super) fn edit_query(&mut self, request: tui_input::InputRequest) {
        let changed = self.picker().and_then(|picker| picker.query.handle(request));
        if changed.is_some_and(|changed| changed.value) {
            if let Some(picker) = self.picker() {
                picker.entries.clear();
            }
            self.narrow();
        }
    }

    /// Goes through the rows.
    pub(super) fn move_in_picker(&mut self, step: Move) {
        let page = self.picker_rows();
        if let Some(picker) = self.picker() {
            picker.selected = step.from(picker.selected, page, picker.entries.len());
        }
        self.picker_in_view();
    }

    /// Rows of the list that are in view: the body without the line that is typed, and the one that says how far it is.
    fn picker_rows(&self) -> usize {
        usize::from(self.frame().body.height).saturating_sub(2)
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
        match entry {
            None => return self.flash("flash.nothing_found"),
            Some(Entry::Typed) => self.form.pick(at, &typed),
            Some(Entry::Row(row)) => self.pick_row(at, row),
        }
        self.overlays.clear();
        self.mark_changed(at);
        self.keep_focus();
        self.move_focus(true);
        self.marks.flash = None;
    }

    fn pick_row(&mut self, at: Place, row: usize) {
        let person = match self.list(at) {
            Some(List::Approvers) => self.known.approvers.rows().get(row),
            Some(List::Users) => self.known.users.rows().get(row),
            _ => None,
        };
        match person.cloned() {
            Some(person) => {
                for place in self.form.pick_person(at, &person) {
                    self.mark_left(place);
                }
            }
            None => self.form.pick(at, &self.word(at, row)),
        }
    }

    /// Asks for the list again if it could not be had.
    pub(super) fn reload_picker(&mut self) {
        if let Some(picker) = self.open_list()
            && let Some(want) = self.list(picker.place).and_then(Want::of)
        {
            self.lists.retry(want);
        }
    }

    /// The line in which one types, with the cursor.
    pub fn query_line(&self, picker: &Picker, width: usize) -> Line {
        let label = format!(" {}: ", self.label(picker.place));
        let label = text::clip(&label, width / 2).into_owned();
        let from = text::width(&label);
        let (shown, column) = layout::view(picker.query.value(), picker.query.cursor(), width.saturating_sub(from + 1));
        Line::of(Tone::Focus, label).with(Tone::Plain, shown).at(from + column)
    }

    /// The rows in view.
    pub fn picker_lines(&self, picker: &Picker, width: usize, rows: usize) -> Vec<Line> {
        let shown = picker.entries.iter().enumerate().skip(picker.top).take(rows);
        let mut lines: Vec<Line> = shown.map(|(index, entry)| self.entry_line(picker, index, *entry, width)).collect();
        lines.extend(self.picker_said(picker, width));
        lines.truncate(rows);
        lines
    }

    /// What is said below the rows: why there are none, or not all.
    fn picker_said(&self, picker: &Picker, width: usize) -> Vec<Line> {
        match self.picker_state(picker) {
            Some(State::Failed(failure)) => {
                paragraph(Tone::Error, &format!("✗ {}", self.teller().failure(failure)), 1, width)
            }
            Some(State::Loading { .. }) => Vec::new(),
            _ if picker.entries.is_empty() => paragraph(Tone::Note, self.say("flash.nothing_found"), 3, width),
            _ => Vec::new(),
        }
    }

    fn entry_line(&self, picker: &Picker, index: usize, entry: Entry, width: usize) -> Line {
        let chosen = index == picker.selected;
        let typed = picker.query.value().trim();
        let text = match entry {
            Entry::Typed if has_ids(self.list(picker.place)) => self.lang.tell("picker.use_id", &[("id", typed)]),
            Entry::Typed => self.lang.tell("picker.use_word", &[("word", typed)]),
            Entry::Row(row) => self.row_text(picker.place, row),
        };
        let text = text::clip(&text, width.saturating_sub(4)).into_owned();
        let (marker, tone) = if chosen { (" › ", Tone::Chosen) } else { ("   ", Tone::Plain) };
        Line::of(tone, marker).with(tone, text)
    }

    fn row_text(&self, at: Place, row: usize) -> String {
        let blank = String::new;
        match self.list(at) {
            Some(List::Organizations) => {
                self.known.organizations.rows().get(row).map_or_else(blank, |row| self.organization_row(row))
            }
            Some(List::Approvers) => self.known.approvers.rows().get(row).map_or_else(blank, |p| match p.user_id {
                Some(id) => format!("{id}  {}", described(p)),
                None => format!("{}  {}", self.say("picker.no_id"), described(p)),
            }),
            Some(List::Users) => self
                .known
                .users
                .rows()
                .get(row)
                .map_or_else(blank, |p| format!("{}  {}  {}", p.user_id.unwrap_or_default(), described(p), p.email)),
            Some(List::Countries) => {
                country::all().nth(row).map_or_else(blank, |c| format!("{}  {}", c.code, c.name(self.lang.language)))
            }
            Some(List::ValidityYears) => match self.word(at, row).as_str() {
                "1" => self.say("picker.one_year").to_owned(),
                years => self.lang.tell("picker.years", &[("count", years)]),
            },
            None => self.product()[at.field]
                .options
                .get(row)
                .map_or_else(blank, |option| format!("{}  {}", option.id, self.words(&option.label))),
        }
    }

    fn organization_row(&self, row: &Organization) -> String {
        let assumed = if row.assumed_name.is_empty() { String::new() } else { format!(" ({})", row.assumed_name) };
        let place = [row.city.as_str(), &row.country].join(" ");
        let inactive = match row.status.as_str() {
            "inactive" => format!("({})  ", self.say("picker.inactive")),
            _ => String::new(),
        };
        format!("{}  {inactive}{}{assumed}  {place}", row.id, row.name)
    }

    fn picker_state(&self, picker: &Picker) -> Option<&State> {
        self.lists.state(Want::of(self.list(picker.place)?)?)
    }

    /// Whether there is something to take in the open list, or something to try again.
    pub(super) fn picker_takes(&self, action: Action) -> bool {
        let Some(picker) = self.open_list() else { return false };
        match action {
            Action::Refresh => matches!(self.picker_state(picker), Some(State::Failed(_))),
            _ => !picker.entries.is_empty(),
        }
    }

    /// What can be done in an open list.
    pub(super) fn picker_help(&self, picker: &Picker) -> &str {
        let failed = matches!(self.picker_state(picker), Some(State::Failed(_)));
        self.say(if failed { "picker.failed" } else { "help.picker" })
    }

    /// How far the list is, or why it is not there.
    pub fn picker_status(&self, picker: &Picker) -> Line {
        let rows = self.rows(picker.place).to_string();
        let found = picker.entries.len().to_string();
        match self.picker_state(picker) {
            Some(State::Loading { received, total, .. }) => {
                let total = total.map_or_else(|| "?".to_owned(), |total| total.to_string());
                let values = [("received", received.to_string()), ("total", total)];
                let values = [("received", values[0].1.as_str()), ("total", values[1].1.as_str())];
                Line::of(Tone::Dim, format!(" {}", self.lang.tell("picker.loading", &values)))
            }
            Some(State::Failed(_)) => Line::of(Tone::Error, format!(" ✗ {}", self.say("picker.missing"))),
            _ => Line::of(
                Tone::Dim,
                format!(" {}", self.lang.tell("picker.found", &[("found", &found), ("rows", &rows)])),
            ),
        }
    }
}

/// Whether the rows of a list have ids.
fn has_ids(list: Option<List>) -> bool {
    matches!(list, Some(List::Organizations | List::Approvers | List::Users))
}
