//! A list to pick from: what is typed, the rows, and how far the list is.
//!
//! It knows neither the list nor the field; the wizard says what stands on each row.

use super::paint::Canvas;
use crate::layout::Area;
use crate::wizard::{Model, Picker};

pub(super) fn draw(model: &Model, picker: &Picker, area: Area, canvas: &mut Canvas<'_>) {
    let (query, rest) = area.split_top(1);
    let (rows, status) = rest.split_bottom(1);
    canvas.lines(rows, &model.picker_lines(picker, rows.width.into(), rows.height.into()));
    canvas.line(status, 0, &model.picker_status(picker));
    canvas.line(query, 0, &model.query_line(picker, query.width.into()));
}
