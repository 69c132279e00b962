//! Confirm: what it says, and below it the line in which the word is typed.
//!
//! Until keys are taken that line has no cursor.

use super::paint::Canvas;
use crate::layout::Area;
use crate::wizard::{Confirm, Model};

pub(super) fn draw(model: &Model, confirm: &Confirm, area: Area, canvas: &mut Canvas<'_>) {
    let (text, word) = area.split_bottom(1);
    canvas.scrolled(text, &model.reading(), confirm.reader.top);
    canvas.line(word, 0, &model.word_line(confirm, word.width.into()));
}
