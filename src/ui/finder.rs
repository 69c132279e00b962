//! The fields of all steps, to go to one of them: what is typed, the fields, and how many there are.
//!
//! It knows no field; the wizard says what stands on each row.

use super::paint::Canvas;
use crate::layout::Area;
use crate::wizard::{Finder, Model};

pub(super) fn draw(model: &Model, finder: &Finder, area: Area, canvas: &mut Canvas<'_>) {
    let (query, rest) = area.split_top(1);
    let (rows, status) = rest.split_bottom(1);
    canvas.lines(rows, &model.finder_lines(finder, rows.width.into(), rows.height.into()));
    canvas.line(status, 0, &model.finder_status(finder));
    canvas.line(query, 0, &model.finder_query(finder, query.width.into()));
}
