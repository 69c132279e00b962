//! The fields of all steps, to go to one of them: what is typed, the fields, and how many there are.
//!
//! It knows no field; the wizard says what stands on each row.

use crate::tui::app::{App, FieldSearchDialog};
use crate::tui::canvas::Canvas;
use crate::tui::dialogs::field_search::{field_search_lines, field_search_query_line, field_search_status_line};
use crate::tui::widgets::Area;

pub(super) fn draw_field_search(model: &App, finder: &FieldSearchDialog, area: Area, canvas: &mut Canvas<'_>) {
    let (query, rest) = area.split_top(1);
    let (rows, status) = rest.split_bottom(1);
    canvas.draw_lines(rows, &field_search_lines(&model.session, finder, rows.width.into(), rows.height.into()));
    canvas.draw_line(status, 0, &field_search_status_line(&model.session, finder));
    canvas.draw_line(query, 0, &field_search_query_line(&model.session, finder, query.width.into()));
}
