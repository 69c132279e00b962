//! Confirm: what it says, and below it the line in which the word is typed.
//!
//! Until keys are taken that line has no cursor.

use crate::tui::app::{App, ConfirmScreen};
use crate::tui::canvas::Canvas;
use crate::tui::widgets::Area;

pub(super) fn draw_confirm(model: &App, confirm: &ConfirmScreen, area: Area, canvas: &mut Canvas<'_>) {
    let (text, word) = area.split_bottom(1);
    canvas.draw_scrolled(text, &model.text_lines(), confirm.scroll.top);
    canvas.draw_line(word, 0, &model.confirmation_word_line(confirm, word.width.into()));
}
