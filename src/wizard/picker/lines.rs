//! How an open list reads: what is typed, each row, how far the list is, and why it is not whole.
//!
//! It only reads. Of an organization there are more facts than fit one line of a narrow window, so there it has two.

use super::rows::has_ids;
use super::{Entry, Picker};
use crate::facts::{ListName, Organization, Person, Validation};
use crate::form::Place;
use crate::lang::country;
use crate::layout::{self, Line, Tone, paragraph};
use crate::product::List;
use crate::text;
use crate::wizard::Model;
use crate::wizard::lists::State;
use crate::wizard::show::described;

/// Columns before each row: the mark of the chosen one.
const MARK: usize = 3;

/// In so many columns all facts of an organization stand side by side.
const WIDE: usize = 64;

/// Columns that a kind, a word and a day take: `OV verlopen 24 sep 2026`.
const DATED: usize = 23;

/// Columns between two facts.
const GAP: usize = 2;

impl Model {
    /// The line in which one types, with the cursor.
    pub fn query_line(&self, picker: &Picker, width: usize) -> Line {
        let label = format!(" {}: ", self.label(picker.place));
        let label = text::clip(&label, width / 2).into_owned();
        let from = text::width(&label);
        let (shown, column) = layout::view(picker.query.value(), picker.query.cursor(), width.saturating_sub(from + 1));
        Line::of(Tone::Focus, label).with(Tone::Plain, shown).at(from + column)
    }

    /// So many rows of the list are in view: the body without the line that is typed, the one that says how far it is, and
    /// what is said of it.
    pub(super) fn picker_rows(&self) -> usize {
        let Some(picker) = self.open_list() else { return 0 };
        let frame = self.frame();
        let (width, height) = (usize::from(frame.body.width), usize::from(frame.body.height).saturating_sub(2));
        let said = self.picker_said(picker, width, height).len();
        (height - said) / self.entry_height(picker, width)
    }

    /// The rows in view, and why there are none, or not all.
    pub fn picker_lines(&self, picker: &Picker, width: usize, height: usize) -> Vec<Line> {
        let said = self.picker_said(picker, width, height);
        let rows = height - said.len();
        let shown =
            picker.entries.iter().enumerate().skip(picker.top).take(rows.div_ceil(self.entry_height(picker, width)));
        let mut lines: Vec<Line> =
            shown.flat_map(|(index, entry)| self.entry_lines(picker, (index, *entry), width)).collect();
        lines.truncate(rows);
        lines.extend(said);
        lines
    }

    /// What is said below the rows, in at most half of the room.
    fn picker_said(&self, picker: &Picker, width: usize, height: usize) -> Vec<Line> {
        let mut said = match self.picker_state(picker) {
            Some(State::Failed(failure)) => {
                paragraph(Tone::Error, &format!("✗ {}", self.teller().failure(failure)), 1, width)
            }
            Some(State::Incomplete(gap)) => {
                let list = self.list(picker.place).and_then(name_of);
                let said = list.map(|list| self.teller().gap_sentence(list, gap)).unwrap_or_default();
                paragraph(Tone::Error, &format!("✗ {said}"), 1, width)
            }
            Some(State::Loading { .. }) => Vec::new(),
            _ if picker.looks() => Vec::new(),
            _ if picker.entries.is_empty() => paragraph(Tone::Note, self.say("flash.nothing_found"), 3, width),
            _ => Vec::new(),
        };
        said.truncate(if picker.entries.is_empty() { height } else { height / 2 });
        said
    }

    /// How many lines each row takes.
    fn entry_height(&self, picker: &Picker, width: usize) -> usize {
        let is_long = self.list(picker.place) == Some(List::Organizations);
        if is_long && width < WIDE { 2 } else { 1 }
    }

    fn entry_lines(&self, picker: &Picker, (index, entry): (usize, Entry), width: usize) -> Vec<Line> {
        let typed = picker.query.value().trim();
        let columns = width.saturating_sub(MARK + 1);
        let mut texts = match entry {
            Entry::Present => vec![self.value(picker.place)],
            Entry::Typed if has_ids(self.list(picker.place)) => vec![self.lang.tell("picker.use_id", &[("id", typed)])],
            Entry::Typed => vec![self.lang.tell("picker.use_word", &[("word", typed)])],
            Entry::Row(row) => {
                let mut texts = self.row_texts(picker.place, row, columns);
                if let Some(first) = texts.first_mut().filter(|_| picker.verified.contains(&row)) {
                    *first = format!("{first}  ✓ {}", self.say("picker.verified"));
                }
                texts
            }
        };
        texts.resize(self.entry_height(picker, width), String::new());
        let chosen = index == picker.selected;
        let tone = if chosen { Tone::Chosen } else { Tone::Plain };
        let mark = |first| if first && chosen { " › " } else { "   " };
        let line = |(at, text): (usize, String)| {
            Line::of(tone, mark(at == 0)).with(tone, text::clip(text.trim_end(), columns))
        };
        texts.into_iter().enumerate().map(line).collect()
    }

    fn row_texts(&self, at: Place, row: usize, columns: usize) -> Vec<String> {
        let known = &self.known;
        let text = match self.list(at) {
            Some(List::Organizations) => {
                return known
                    .organizations
                    .rows()
                    .get(row)
                    .map(|row| self.organization_texts(row, columns))
                    .unwrap_or_default();
            }
            Some(List::Approvers) => self.person_in(at, row).map(|person| self.approver_text(person)),
            Some(List::Users) => self.person_in(at, row).map(user_text),
            Some(List::Countries) => {
                country::all().nth(row).map(|c| format!("{}  {}", c.code, c.name(self.lang.language)))
            }
            Some(List::ValidityYears) => Some(match self.word(at, row).as_str() {
                "1" => self.say("picker.one_year").to_owned(),
                years => self.lang.tell("picker.years", &[("count", years)]),
            }),
            None => {
                let option = self.product()[at.field].options.get(row);
                option.map(|option| format!("{}  {}", option.id, self.words(&option.label)))
            }
        };
        text.into_iter().collect()
    }

    fn approver_text(&self, person: &Person) -> String {
        match person.user_id {
            Some(id) => format!("{id}  {}", described(person)),
            None => format!("{}  {}", self.say("picker.no_id"), described(person)),
        }
    }

    /// Id, name, place, and how far it is validated: side by side, or below each other.
    fn organization_texts(&self, row: &Organization, columns: usize) -> Vec<String> {
        let assumed = if row.assumed_name.is_empty() { String::new() } else { format!(" ({})", row.assumed_name) };
        let (id, name) = (row.id.to_string(), format!("{}{assumed}", row.name));
        let place = format!("{} {}", row.city, row.country).trim().to_owned();
        let validated = self.validated_words(row);
        if columns + MARK + 1 < WIDE {
            let below = columns.saturating_sub(text::width(&validated) + GAP);
            return vec![format!("{id}  {name}"), format!("{}  {validated}", fitted(&place, below))];
        }
        let (of_place, of_validated) = (columns / 5, (columns * 3 / 10).max(DATED));
        let of_name = columns.saturating_sub(id.len() + of_place + of_validated + 3 * GAP);
        let side =
            [fitted(&name, of_name), fitted(&place, of_place), text::clip(&validated, of_validated).into_owned()];
        vec![format!("{id}  {}", side.join("  "))]
    }

    /// How far it is validated, in few words: by what holds longest, else by what there is. One that is not active is
    /// not ordered for.
    fn validated_words(&self, row: &Organization) -> String {
        match row.is_active() {
            Some(false) => self.say("picker.inactive").to_owned(),
            None if !row.status.is_empty() => {
                let status = self.lang.find(&format!("state_word.{}", row.status)).unwrap_or(&row.status);
                format!("{status} · {}", self.best_words(row))
            }
            _ => self.best_words(row),
        }
    }

    /// Of the validations the one that tells most.
    fn best_words(&self, row: &Organization) -> String {
        let rank = |one: &Validation| (one.holds() == Some(true), one.holds().is_none());
        let best = row.validations.iter().max_by_key(|one| (rank(one), one.until.as_str()));
        let Some(one) = best else { return self.say("picker.not_validated").to_owned() };
        let kind = one.title();
        let known = self.lang.find(&format!("validation_word.{}", one.status));
        let word = known.unwrap_or(&one.status);
        match (one.day().map(|day| self.lang.short_date(day)), one.status.as_str()) {
            (Some(day), "active") => self.lang.tell("picker.until", &[("kind", kind), ("day", &day)]),
            (Some(day), _) => format!("{kind} {word} {day}"),
            (None, _) => format!("{kind} {word}"),
        }
    }

    /// What can be done in an open list.
    pub(in crate::wizard) fn picker_help(&self, picker: &Picker) -> &str {
        self.say(if self.picker_lacks(picker) { "picker.failed" } else { "help.picker" })
    }

    /// How far the list is, or why it is not there.
    pub fn picker_status(&self, picker: &Picker) -> Line {
        let (rows, found) = (self.rows(picker.place), self.lang.count(picker.entries.len()));
        let dim = |text: String| Line::of(Tone::Dim, format!(" {text}"));
        let rows_said = self.lang.count(rows);
        match self.picker_state(picker) {
            _ if picker.near.is_some() && !picker.entries.is_empty() => dim(self.say("picker.near").to_owned()),
            Some(State::Loading { received, total }) => {
                let total = total.map_or_else(|| "?".to_owned(), |total| self.lang.count(total));
                let received = self.lang.count(received);
                dim(self.lang.tell("picker.loading", &[("received", &received), ("total", &total), ("found", &found)]))
            }
            Some(State::Failed(_)) if rows == 0 => Line::of(Tone::Error, format!(" ✗ {}", self.say("picker.missing"))),
            _ if picker.looks() => dim(self.say("picker.looking").to_owned()),
            _ => dim(self.lang.tell("picker.found", &[("found", &found), ("rows", &rows_said)])),
        }
    }
}

/// The list of the account that one picks from.
fn name_of(list: List) -> Option<ListName> {
    match list {
        List::Organizations => Some(ListName::Organizations),
        List::Approvers => Some(ListName::Approvers),
        List::Users => Some(ListName::Users),
        List::ValidityYears | List::Countries => None,
    }
}

impl Picker {
    /// Whether rows that nearly have the words are looked for, and none is there yet.
    fn looks(&self) -> bool {
        self.entries.is_empty() && self.near.as_ref().is_some_and(|near| near.rows.is_none())
    }
}

fn user_text(person: &Person) -> String {
    format!("{}  {}  {}", person.user_id.unwrap_or_default(), described(person), person.email)
}

/// A text in exactly so many columns.
fn fitted(text: &str, columns: usize) -> String {
    let text = text::clip(text, columns);
    let blank = columns.saturating_sub(text::width(&text));
    format!("{text}{}", " ".repeat(blank))
}
