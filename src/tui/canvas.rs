//! Canvas: draws lines into the cells of a buffer, and never outside the area that they are for.
//!
//! What a screen shows does not belong here. If several visible lines have a cursor, the last drawn one wins.

use super::theme::Theme;
use crate::tone::Tone;
use crate::tui::widgets::{Area, Line, Span};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

pub(crate) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(buffer: &'a mut Buffer, theme: Theme) -> Self {
        Self { buffer, theme, cursor: None }
    }

    /// The position of the cursor. `None` if no drawn line shows one.
    pub(crate) fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Draws a line on a row of an area. Text that is too long is cut.
    pub(crate) fn draw_line(&mut self, area: Area, row: u16, line: &Line) {
        // The buffer has the current size of the terminal. The app may not know a new size yet.
        let space = self.buffer.area;
        let y = area.y.saturating_add(row);
        let right = area.x.saturating_add(area.width).min(space.width);
        if row >= area.height || y >= space.height {
            return;
        }
        let mut x = area.x;
        for span in &line.spans {
            let room = usize::from(right.saturating_sub(x));
            if room == 0 {
                break;
            }
            x = self.draw_span(x, y, span, room);
        }
        if let Some(column) = line.cursor.and_then(|column| u16::try_from(column).ok()) {
            let x = area.x.saturating_add(column);
            self.cursor = (x < right).then_some(Position { x, y }).or(self.cursor);
        }
    }

    /// Draws a span in at most `room` columns. Returns the column after it.
    fn draw_span(&mut self, x: u16, y: u16, span: &Span, room: usize) -> u16 {
        let (text, style) = (span.text(), self.theme.style(span.tone));
        if !text.is_ascii() {
            return self.buffer.set_stringn(x, y, text, room, style).0;
        }
        // Nearly all text is ASCII with one column per character. This draws the same as `set_stringn`, only faster.
        let mut next = x;
        for c in text.chars().take(room) {
            self.buffer[(next, y)].set_char(c).set_style(style);
            next += 1;
        }
        next
    }

    /// Draws lines from the top of an area.
    pub(crate) fn draw_lines(&mut self, area: Area, lines: &[Line]) {
        for (row, line) in (0..area.height).zip(lines) {
            self.draw_line(area, row, line);
        }
    }

    /// Draws the lines from `top` on, with marks that say how many lines are above and below.
    pub(crate) fn draw_scrolled(&mut self, area: Area, lines: &[Line], top: usize) {
        self.draw_lines(area, lines.get(top..).unwrap_or_default());
        let below = lines.len().saturating_sub(top + usize::from(area.height));
        if top > 0 {
            self.draw_scroll_mark(area, 0, &format!("↑{top}"));
        }
        if below > 0 {
            self.draw_scroll_mark(area, area.height.saturating_sub(1), &format!("↓{below}"));
        }
    }

    /// Draws a word at the right end of a row.
    fn draw_scroll_mark(&mut self, area: Area, row: u16, word: &str) {
        let line = Line::new(Tone::Key, word);
        let columns = u16::try_from(line.width()).unwrap_or(u16::MAX).min(area.width);
        let corner = Area { x: area.x + area.width - columns, width: columns, ..area };
        self.draw_line(corner, row, &line);
    }

    /// Draws a line across the screen. It sets the cells directly, because a text would be checked character by
    /// character for hidden characters.
    pub(crate) fn draw_rule(&mut self, row: u16, width: u16) {
        let (space, style) = (self.buffer.area, self.theme.style(Tone::Dim));
        for x in (0..width.min(space.width)).filter(|_| row < space.height) {
            self.buffer[(x, row)].set_symbol("─").set_style(style);
        }
    }
}
