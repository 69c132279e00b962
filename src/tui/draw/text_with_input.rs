//! Saving to a file and opening one: what is said, and below it the line in which a name is typed.
//!
//! Where no name is typed all of the body is for what is said.

use crate::tui::app::App;
use crate::tui::canvas::Canvas;
use crate::tui::widgets::{Area, Line};

pub(super) fn draw_text_with_input(model: &App, name: Option<Line>, area: Area, canvas: &mut Canvas<'_>) {
    let (text, line) = area.split_bottom(name.is_some().into());
    canvas.draw_scrolled(text, &model.text_lines(), model.text_scroll().unwrap_or_default().top);
    if let Some(name) = name {
        canvas.draw_line(line, 0, &name);
    }
}
