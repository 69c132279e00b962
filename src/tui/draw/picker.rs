//! A list to pick from: what is typed, the rows, and how far the list is.
//!
//! It knows neither the list nor the field; the wizard says what stands on each row.

use crate::tui::app::{App, Picker};
use crate::tui::canvas::Canvas;
use crate::tui::dialogs::picker::view::{picker_lines, picker_query_line, picker_status_line};
use crate::tui::widgets::Area;

pub(super) fn draw_picker(model: &App, picker: &Picker, area: Area, canvas: &mut Canvas<'_>) {
    let (query, rest) = area.split_top(1);
    let (rows, status) = rest.split_bottom(1);
    canvas.draw_lines(rows, &picker_lines(&model.session, picker, rows.width.into(), rows.height.into()));
    canvas.draw_line(status, 0, &picker_status_line(&model.session, picker));
    canvas.draw_line(query, 0, &picker_query_line(&model.session, picker, query.width.into()));
}
