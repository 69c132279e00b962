//! Unknown: what is known by now, and below it the line in which is typed what decides.
//!
//! While there is nothing to decide that line has no cursor.

use crate::tui::app::{App, UnresolvedScreen};
use crate::tui::canvas::Canvas;
use crate::tui::widgets::Area;

pub(super) fn draw_unresolved(model: &App, unknown: &UnresolvedScreen, area: Area, canvas: &mut Canvas<'_>) {
    let (text, word) = area.split_bottom(1);
    canvas.draw_scrolled(text, &model.text_lines(), unknown.scroll.top);
    canvas.draw_line(word, 0, &model.decision_line(unknown, word.width.into()));
}
