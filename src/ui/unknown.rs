//! Unknown: what is known by now, and below it the line in which is typed what decides.
//!
//! While there is nothing to decide that line has no cursor.

use super::paint::Canvas;
use crate::layout::Area;
use crate::wizard::{Model, Unknown};

pub(super) fn draw(model: &Model, unknown: &Unknown, area: Area, canvas: &mut Canvas<'_>) {
    let (text, word) = area.split_bottom(1);
    canvas.scrolled(text, &model.reading(), unknown.reader.top);
    canvas.line(word, 0, &model.decision_line(unknown, word.width.into()));
}
