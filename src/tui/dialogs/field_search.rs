//! Field search: goes to a field by its label. The fields of all steps are listed, and typing narrows the list.
//!
//! Words are compared without case and diacritics, in both languages, and the name of the step counts too. The search
//! changes nothing in the form.

use crate::form::FieldPlace;
use crate::i18n::{texts, with};
use crate::product::{Severity, ValueKind};
use crate::text;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, Transition, View};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::session::field_text::{display_value, field_label, is_optional, product_text};
use crate::tui::session::problem_text::server_remark_text;
use crate::tui::widgets;
use crate::tui::widgets::{Area, Line, wrap_paragraph};
use tui_input::Input;

/// The field search dialog over the form.
#[derive(Debug, Clone, Default)]
pub struct FieldSearchDialog {
    query: Input,
    found_fields: Vec<FieldPlace>,
    selected: usize,
    top: usize,
}

impl FieldSearchDialog {
    /// A dialog with all fields, with this one selected.
    pub(in crate::tui) fn new(session: &Session, selected: Option<FieldPlace>) -> Self {
        let found_fields = searchable_fields(session);
        let selected = found_fields.iter().position(|at| Some(*at) == selected).unwrap_or(0);
        let mut dialog = Self { found_fields, selected, ..Self::default() };
        dialog.scroll_to_selection(session);
        dialog
    }

    /// Finds the fields that have all the typed words in their labels or around them.
    fn filter_fields(&mut self, session: &Session) {
        let query = text::fold(self.query.value().trim());
        let ranked = searchable_fields(session).into_iter();
        let mut ranked: Vec<(usize, FieldPlace)> =
            ranked.filter_map(|at| Some((rank_field(session, at, &query)?, at))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        self.found_fields = ranked.into_iter().map(|(_, at)| at).collect();
        self.selected = 0;
        self.scroll_to_selection(session);
    }

    fn scroll_to_selection(&mut self, session: &Session) {
        let rows = field_search_rows(session);
        self.top = widgets::scroll_into_view(self.top, self.selected..self.selected + 1, rows, self.found_fields.len());
    }
}

impl Component for FieldSearchDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::FieldSearch
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Text(text) | ComponentEvent::Paste(text) => {
                widgets::insert_text(&mut self.query, text);
                self.filter_fields(session);
            }
            ComponentEvent::Action(Action::Edit(request)) => {
                if self.query.handle(request).is_some_and(|changed| changed.value) {
                    self.filter_fields(session);
                }
            }
            ComponentEvent::Action(Action::Move(step)) => {
                self.selected = step.apply_to(self.selected, field_search_rows(session), self.found_fields.len());
                self.scroll_to_selection(session);
            }
            ComponentEvent::Action(Action::Enter) => match self.found_fields.get(self.selected) {
                Some(at) => return Transition::FocusField(*at),
                None => session.show_flash(texts::flash::NOTHING_FOUND),
            },
            ComponentEvent::Action(_) => {}
        }
        Transition::Stay
    }

    fn view(&self, session: &Session, area: Area) -> View {
        let (first, rest) = area.split_top(1);
        let (rows, status) = rest.split_bottom(1);
        let lines = field_search_lines(session, self, area.width.into(), rows.height.into());
        View::default()
            .with_lines(rows, lines)
            .with_lines(status, vec![field_search_status_line(session, self)])
            .with_lines(first, vec![field_search_query_line(session, self, area.width.into())])
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::finder::HELP).to_owned())]
    }

    fn is_action_active(&self, action: Action, _session: &Session) -> bool {
        action != Action::Enter || !self.found_fields.is_empty()
    }

    fn takes_text(&self, _session: &Session) -> bool {
        true
    }

    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        self.scroll_to_selection(session);
    }
}

/// Every field that can have the focus, hidden fields included.
fn searchable_fields(session: &Session) -> Vec<FieldPlace> {
    let product = session.product();
    let reachable = |at: &FieldPlace| {
        let field = &product[at.field];
        field.kind != ValueKind::Opaque && (field.fixed.is_none() || session.feedback.worst_problem_at(*at).is_some())
    };
    session.form.visible_places().filter(reachable).collect()
}

/// The rank of a field for a query, lower is better. It is 0 if a label begins with the query, else one more than the
/// number of words that the labels lack. Those words must be in the names of its row, group, step or member. `None`
/// if the field does not match.
fn rank_field(session: &Session, at: FieldPlace, query: &str) -> Option<usize> {
    let product = session.product();
    let field = &product[at.field];
    let (group, step) = (&product[field.group], &product[product[field.group].step]);
    let labels = text::fold(&format!("{}\n{}", field.label.en, field.label.nl));
    let row = numbered_row_label(session, at).unwrap_or_default();
    let titles = group.title.iter().chain([&step.title]).map(|title| format!("{}\n{}\n", title.en, title.nl));
    let member = field.at.unwrap_or_default();
    let around = text::fold(&(titles.collect::<String>() + &row + "\n" + member));
    if labels.lines().any(|label| label.starts_with(query)) {
        return Some(0);
    }
    let lacks: Vec<&str> = query.split_whitespace().filter(|word| !labels.contains(word)).collect();
    lacks.iter().all(|word| around.contains(word)).then_some(lacks.len() + 1)
}

/// A label such as "Contact 2", for a field in a list.
fn numbered_row_label(session: &Session, at: FieldPlace) -> Option<String> {
    let group = &session.product()[session.product()[at.field].group];
    let rows = session.form.rows(session.product()[at.field].group);
    let number = rows.iter().position(|row| *row == at.row)? + 1;
    group.many.as_ref()?;
    let row = group.row.as_ref().map_or("", |row| product_text(session, row));
    Some(session.lang.format(texts::page::ROW, (with::Row(&row), with::Number(&number))))
}

/// Rows for fields: the body without the query line and the status line.
fn field_search_rows(session: &Session) -> usize {
    usize::from(session.frame().body.height).saturating_sub(2)
}

/// The query line, with the cursor.
fn field_search_query_line(session: &Session, finder: &FieldSearchDialog, width: usize) -> Line {
    let label = text::clip(&format!(" {}: ", session.text(texts::finder::FIELD)), width / 2).into_owned();
    let from = text::display_width(&label);
    let (shown, column) =
        crate::text::wrap::visible_part(finder.query.value(), finder.query.cursor(), width.saturating_sub(from + 1));
    Line::new(Tone::Focus, label).with_span(Tone::Plain, shown).with_cursor(from + column)
}

/// The visible fields.
fn field_search_lines(session: &Session, finder: &FieldSearchDialog, width: usize, rows: usize) -> Vec<Line> {
    let shown = finder.found_fields.iter().enumerate().skip(finder.top).take(rows);
    let lines = shown.map(|(index, at)| found_field_line(session, *at, index == finder.selected, width));
    let none = if finder.found_fields.is_empty() { session.text(texts::flash::NOTHING_FOUND) } else { "" };
    lines.chain(wrap_paragraph(Tone::Note, none, 3, width)).take(rows).collect()
}

/// A line such as "› 4 Recipient   ✓ Anna de Vries".
fn found_field_line(session: &Session, at: FieldPlace, chosen: bool, width: usize) -> Line {
    let step = session.product()[session.product()[at.field].group].step.0 + 1;
    let row = numbered_row_label(session, at).map(|row| format!("{row} · ")).unwrap_or_default();
    let (marker, tone) = if chosen { (" › ", Tone::Selected) } else { ("   ", Tone::Plain) };
    let half = width.saturating_sub(4) / 2;
    let label = text::clip(&format!("{step} {row}{}", field_label(session, at)), half).into_owned();
    let line = Line::new(tone, marker).with_span(tone, label).pad_to(half + 4);
    let (tone, state) = found_field_status(session, at);
    let room = width.saturating_sub(line.width() + 1);
    line.with_span(tone, text::clip(&state, room))
}

/// The state of a field: its problem if that is shown, else its value.
fn found_field_status(session: &Session, at: FieldPlace) -> (Tone, String) {
    let wrong = session.feedback.shown_problems_at(at).max_by_key(|problem| problem.level);
    let (blank, value) = (session.form.is_blank(at), display_value(session, at));
    match (session.feedback.remarks_at(at).next(), wrong, blank) {
        (Some(remark), ..) => (Tone::Error, format!("✗ {}", server_remark_text(session, &remark.error))),
        (_, Some(problem), _) if problem.level == Severity::Error => {
            (Tone::Error, format!("✗ {}", problem.kind.message(&session.lang)))
        }
        (_, Some(problem), false) => (Tone::Warning, format!("! {value} · {}", problem.kind.message(&session.lang))),
        (_, _, true) => (
            Tone::Dim,
            session
                .text(if is_optional(session, at) { texts::page::OPTIONAL } else { texts::page::REQUIRED })
                .to_owned(),
        ),
        _ => (Tone::Good, format!("✓ {value}")),
    }
}

/// The number of fields found, and of all fields.
fn field_search_status_line(session: &Session, finder: &FieldSearchDialog) -> Line {
    let (found, rows) = (finder.found_fields.len().to_string(), searchable_fields(session).len().to_string());
    Line::new(
        Tone::Dim,
        format!(" {}", session.lang.format(texts::picker::FOUND, (with::Found(&found), with::Rows(&rows)))),
    )
}
