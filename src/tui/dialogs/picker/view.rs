//! The view of the picker: the query, each row, the progress of the list, and why it is incomplete.
//!
//! It only reads. In a narrow window an organization takes two lines, because its facts do not fit on one.

use super::rows::has_row_ids;
use super::{Picker, PickerEntry};
use crate::domain::{ListName, Organization, Person, Validation};
use crate::form::FieldPlace;
use crate::i18n::{country, texts, with};
use crate::product::PickList;
use crate::text;
use crate::tone::Tone;
use crate::tui::dialogs::picker::rows::{field_list, list_row_count, person_in_row, row_value};
use crate::tui::dialogs::picker::{is_picker_incomplete, picker_fetch_state};
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::field_text::{display_value, field_label, person_text, product_text};
use crate::tui::widgets::{Line, wrap_paragraph};

/// Columns before each row, for the mark of the chosen one.
const MARKER_COLUMNS: usize = 3;

/// The columns that one line with all facts of an organization needs.
const ONE_LINE_COLUMNS: usize = 64;

/// Columns for a kind, a word and a day: `OV verlopen 24 sep 2026`.
const VALIDATION_COLUMNS: usize = 23;

/// Columns between two facts.
const GAP_COLUMNS: usize = 2;

impl Picker {
    /// The number of visible rows: the body without the query line, the status line, and the messages below the rows.
    pub(super) fn visible_rows(&self, session: &Session) -> usize {
        let frame = session.frame();
        let (width, height) = (usize::from(frame.body.width), usize::from(frame.body.height).saturating_sub(2));
        let message_rows = picker_message_lines(session, self, width, height).len();
        (height - message_rows) / picker_entry_height(session, self, width)
    }
}

/// The query line, with the cursor.
pub(super) fn picker_query_line(session: &Session, picker: &Picker, width: usize) -> Line {
    let label = format!(" {}: ", field_label(session, picker.place));
    let label = text::clip(&label, width / 2).into_owned();
    let from = text::display_width(&label);
    let (shown, column) =
        crate::text::wrap::visible_part(picker.query.value(), picker.query.cursor(), width.saturating_sub(from + 1));
    Line::new(Tone::Focus, label).with_span(Tone::Plain, shown).with_cursor(from + column)
}

/// The visible rows, and why there are none, or not all.
pub(super) fn picker_lines(session: &Session, picker: &Picker, width: usize, height: usize) -> Vec<Line> {
    let message = picker_message_lines(session, picker, width, height);
    let rows = height - message.len();
    let shown = picker
        .entries
        .iter()
        .enumerate()
        .skip(picker.top)
        .take(rows.div_ceil(picker_entry_height(session, picker, width)));
    let mut lines: Vec<Line> =
        shown.flat_map(|(index, entry)| picker_entry_lines(session, picker, (index, *entry), width)).collect();
    lines.truncate(rows);
    lines.extend(message);
    lines
}

/// The messages below the rows, in at most half of the height.
fn picker_message_lines(session: &Session, picker: &Picker, width: usize, height: usize) -> Vec<Line> {
    let mut lines = match picker_fetch_state(session, picker) {
        Some(FetchState::Failed(failure)) => {
            wrap_paragraph(Tone::Error, &format!("✗ {}", session.message_writer().failure_text(failure)), 1, width)
        }
        Some(FetchState::Incomplete(gap)) => {
            let list = field_list(session, picker.place).and_then(list_name);
            let text = list.map(|list| session.message_writer().list_gap_sentence(list, gap)).unwrap_or_default();
            wrap_paragraph(Tone::Error, &format!("✗ {text}"), 1, width)
        }
        Some(FetchState::Loading { .. }) => Vec::new(),
        _ if picker.is_searching() => Vec::new(),
        _ if picker.entries.is_empty() => {
            wrap_paragraph(Tone::Note, session.text(texts::flash::NOTHING_FOUND), 3, width)
        }
        _ => Vec::new(),
    };
    lines.truncate(if picker.entries.is_empty() { height } else { height / 2 });
    lines
}

/// The number of lines of each row.
fn picker_entry_height(session: &Session, picker: &Picker, width: usize) -> usize {
    let is_long = field_list(session, picker.place) == Some(PickList::Organizations);
    if is_long && width < ONE_LINE_COLUMNS { 2 } else { 1 }
}

fn picker_entry_lines(
    session: &Session,
    picker: &Picker,
    (index, entry): (usize, PickerEntry),
    width: usize,
) -> Vec<Line> {
    let typed = picker.query.value().trim();
    let columns = width.saturating_sub(MARKER_COLUMNS + 1);
    let mut texts = match entry {
        PickerEntry::CurrentValue => vec![display_value(session, picker.place)],
        PickerEntry::Typed if has_row_ids(field_list(session, picker.place)) => {
            vec![session.lang.format(texts::picker::USE_ID, with::Id(&typed))]
        }
        PickerEntry::Typed => vec![session.lang.format(texts::picker::USE_WORD, with::Word(&typed))],
        PickerEntry::Row(row) => {
            let mut texts = picker_row_texts(session, picker.place, row, columns);
            if let Some(first) = texts.first_mut().filter(|_| picker.verified_rows.contains(&row)) {
                *first = format!("{first}  ✓ {}", session.text(texts::picker::VERIFIED));
            }
            texts
        }
    };
    texts.resize(picker_entry_height(session, picker, width), String::new());
    let chosen = index == picker.selected;
    let tone = if chosen { Tone::Selected } else { Tone::Plain };
    let mark = |first| if first && chosen { " › " } else { "   " };
    let line = |(at, text): (usize, String)| {
        Line::new(tone, mark(at == 0)).with_span(tone, text::clip(text.trim_end(), columns))
    };
    texts.into_iter().enumerate().map(line).collect()
}

fn picker_row_texts(session: &Session, at: FieldPlace, row: usize, columns: usize) -> Vec<String> {
    let known = &session.account_data;
    let text = match field_list(session, at) {
        Some(PickList::Organizations) => {
            return known
                .organizations
                .rows()
                .get(row)
                .map(|row| organization_texts(session, row, columns))
                .unwrap_or_default();
        }
        Some(PickList::Approvers) => person_in_row(session, at, row).map(|person| approver_text(session, person)),
        Some(PickList::Users) => person_in_row(session, at, row).map(user_text),
        Some(PickList::Countries) => {
            country::all_countries().nth(row).map(|c| format!("{}  {}", c.code, c.name(session.lang.language)))
        }
        Some(PickList::ValidityYears) => Some(match row_value(session, at, row).as_str() {
            "1" => session.text(texts::picker::ONE_YEAR).to_owned(),
            years => session.lang.format(texts::picker::YEARS, with::Count(&years)),
        }),
        None => {
            let option = session.product()[at.field].options.get(row);
            option.map(|option| format!("{}  {}", option.id, product_text(session, &option.label)))
        }
    };
    text.into_iter().collect()
}

fn approver_text(session: &Session, person: &Person) -> String {
    match person.user_id {
        Some(id) => format!("{id}  {}", person_text(person)),
        None => format!("{}  {}", session.text(texts::picker::NO_ID), person_text(person)),
    }
}

/// The id, name, place and validation of an organization, side by side or on two lines.
fn organization_texts(session: &Session, row: &Organization, columns: usize) -> Vec<String> {
    let assumed = if row.assumed_name.is_empty() { String::new() } else { format!(" ({})", row.assumed_name) };
    let (id, name) = (row.id.to_string(), format!("{}{assumed}", row.name));
    let place = format!("{} {}", row.city, row.country).trim().to_owned();
    let validated = organization_status_text(session, row);
    if columns + MARKER_COLUMNS + 1 < ONE_LINE_COLUMNS {
        let below = columns.saturating_sub(text::display_width(&validated) + GAP_COLUMNS);
        return vec![format!("{id}  {name}"), format!("{}  {validated}", fit_to_columns(&place, below))];
    }
    let (of_place, of_validated) = (columns / 5, (columns * 3 / 10).max(VALIDATION_COLUMNS));
    let of_name = columns.saturating_sub(id.len() + of_place + of_validated + 3 * GAP_COLUMNS);
    let side = [
        fit_to_columns(&name, of_name),
        fit_to_columns(&place, of_place),
        text::clip(&validated, of_validated).into_owned(),
    ];
    vec![format!("{id}  {}", side.join("  "))]
}

/// The status of an organization in a few words: its best validation, or that it is inactive, because an inactive
/// organization cannot be ordered for.
fn organization_status_text(session: &Session, row: &Organization) -> String {
    match row.is_active() {
        Some(false) => session.text(texts::picker::INACTIVE).to_owned(),
        None if !row.status.is_empty() => {
            let status = texts::state_word::find(&row.status).map_or(row.status.as_str(), |id| session.lang.text(id));
            format!("{status} · {}", best_validation_text(session, row))
        }
        _ => best_validation_text(session, row),
    }
}

/// The best validation: a valid one first, then one with an unknown status, then one that is not valid. Of equals the
/// one that ends last.
fn best_validation_text(session: &Session, row: &Organization) -> String {
    let rank = |one: &Validation| (one.is_valid() == Some(true), one.is_valid().is_none());
    let best = row.validations.iter().max_by_key(|one| (rank(one), one.until.as_str()));
    let Some(one) = best else { return session.text(texts::picker::NOT_VALIDATED).to_owned() };
    let kind = one.title();
    let known = texts::validation_word::find(&one.status).map(|id| session.lang.text(id));
    let word = known.unwrap_or(&one.status);
    match (one.end_date().map(|day| session.lang.format_short_date(day)), one.status.as_str()) {
        (Some(day), "active") => session.lang.format(texts::picker::UNTIL, (with::Kind(&kind), with::Day(&day))),
        (Some(day), _) => format!("{kind} {word} {day}"),
        (None, _) => format!("{kind} {word}"),
    }
}

pub(super) fn picker_help_text<'a>(session: &'a Session, picker: &Picker) -> &'a str {
    session.text(if is_picker_incomplete(session, picker) { texts::picker::FAILED } else { texts::help::PICKER })
}

/// The progress of the list, or why it is not there.
pub(super) fn picker_status_line(session: &Session, picker: &Picker) -> Line {
    let (rows, found) = (list_row_count(session, picker.place), session.lang.format_count(picker.entries.len()));
    let dim = |text: String| Line::new(Tone::Dim, format!(" {text}"));
    let rows_said = session.lang.format_count(rows);
    match picker_fetch_state(session, picker) {
        _ if picker.near_matches.is_some() && !picker.entries.is_empty() => {
            dim(session.text(texts::picker::NEAR).to_owned())
        }
        Some(FetchState::Loading { received, total }) => {
            let total = total.map_or_else(|| "?".to_owned(), |total| session.lang.format_count(total));
            let received = session.lang.format_count(received);
            dim(session
                .lang
                .format(texts::picker::LOADING, (with::Received(&received), with::Total(&total), with::Found(&found))))
        }
        Some(FetchState::Failed(_)) if rows == 0 => {
            Line::new(Tone::Error, format!(" ✗ {}", session.text(texts::picker::MISSING)))
        }
        _ if picker.is_searching() => dim(session.text(texts::picker::LOOKING).to_owned()),
        _ => dim(session.lang.format(texts::picker::FOUND, (with::Found(&found), with::Rows(&rows_said)))),
    }
}

/// The name of the account's list for a pick list; `None` for a list that needs no account.
fn list_name(list: PickList) -> Option<ListName> {
    match list {
        PickList::Organizations => Some(ListName::Organizations),
        PickList::Approvers => Some(ListName::Approvers),
        PickList::Users => Some(ListName::Users),
        PickList::ValidityYears | PickList::Countries => None,
    }
}

impl Picker {
    /// Returns true while near matches are searched and none has arrived.
    fn is_searching(&self) -> bool {
        self.entries.is_empty() && self.near_matches.as_ref().is_some_and(|near| near.rows.is_none())
    }
}

fn user_text(person: &Person) -> String {
    format!("{}  {}  {}", person.user_id.unwrap_or_default(), person_text(person), person.email)
}

/// A text cut or padded to exactly this number of columns.
fn fit_to_columns(text: &str, columns: usize) -> String {
    let text = text::clip(text, columns);
    let blank = columns.saturating_sub(text::display_width(&text));
    format!("{text}{}", " ".repeat(blank))
}
