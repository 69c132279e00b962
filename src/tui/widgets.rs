//! Widgets: areas of the screen, wrapped lines, and which of them are in view, computed with plain integers.
//!
//! Both `update` and `draw` call these functions, so `update` needs nothing from a drawn frame. Neither the app nor the
//! terminal is used here. Hidden characters of a text are made visible before it is measured, by the caller or here.

use crate::tone::Tone;

mod line;
mod scroll_list;
mod text_input;
pub(crate) mod word_input;

pub use line::{Line, Span, wrap_paragraph};
pub use scroll_list::{ListPosition, ScrollList};
pub use text_input::insert_text;
pub(crate) use text_input::path_prompt_line;

/// The size of the terminal, in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    pub width: u16,
    pub height: u16,
}

/// A rectangle of the screen. It may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// The number of columns.
    pub width: u16,
    /// The number of rows.
    pub height: u16,
}

impl Area {
    /// Returns the upper `rows` of the area, and the rest.
    pub fn split_top(self, rows: u16) -> (Self, Self) {
        let rows = rows.min(self.height);
        (Self { height: rows, ..self }, Self { y: self.y + rows, height: self.height - rows, ..self })
    }

    /// Returns the rest, and the lower `rows` of the area.
    pub fn split_bottom(self, rows: u16) -> (Self, Self) {
        self.split_top(self.height.saturating_sub(rows))
    }

    /// Returns the left `columns` of the area, and the rest.
    pub fn split_left(self, columns: u16) -> (Self, Self) {
        let columns = columns.min(self.width);
        (Self { width: columns, ..self }, Self { x: self.x + columns, width: self.width - columns, ..self })
    }
}

/// The parts of every screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenAreas {
    /// The program, the product and the account; one row, or none.
    pub title: Area,
    /// The steps and the current one; one row, or none if there is little room.
    pub steps: Area,
    pub body: Area,
    /// Help on the focused item; empty if there is little room.
    pub help: Area,
    /// The keys that work now; one row, or none.
    pub keys: Area,
    /// Whether lines are drawn between the parts.
    pub ruled: bool,
}

/// Divides the screen. If there is only one row, the body gets it.
pub fn split_screen(size: Size) -> ScreenAreas {
    let all = Area { x: 0, y: 0, width: size.width, height: size.height };
    let rows = |at_least: u16, rows: u16| if size.height >= at_least { rows } else { 0 };
    let ruled = size.height >= 20;
    let (title, rest) = all.split_top(rows(2, 1));
    let (steps, rest) = rest.split_top(rows(9, 1));
    let (rest, keys) = rest.split_bottom(rows(4, 1));
    let help = if ruled { 3 } else { rows(12, 2).max(rows(7, 1)) };
    let (rest, help) = rest.split_bottom(help);
    let rule = u16::from(ruled);
    let (_, rest) = rest.split_top(rule);
    let (body, _) = rest.split_bottom(rule);
    ScreenAreas { title, steps, body, help, keys, ruled }
}

/// The narrowest screen on which labels are beside their values, and the summary beside the preview.
pub const MIN_WIDE_COLUMNS: u16 = 60;

/// Returns the top row so that the focused rows are in view. It scrolls as little as possible; if the rows do not fit,
/// the first one is in view.
pub fn scroll_into_view(top: usize, focus: std::ops::Range<usize>, rows: usize, total: usize) -> usize {
    let lowest = total.saturating_sub(rows);
    let top = top.max(focus.end.saturating_sub(rows)).min(focus.start);
    top.min(lowest)
}

/// How far a read-only text is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScrollPosition {
    /// The first line in view.
    pub top: usize,
}

/// A movement in a list or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    PageUp,
    PageDown,
    HalfUp,
    HalfDown,
    First,
    Last,
}

impl Move {
    /// Returns the largest number of rows that this movement covers in a view of `view` rows. After a page, one row of
    /// the former view stays in view.
    pub(crate) fn max_rows(self, view: usize) -> usize {
        let rows = match self {
            Self::PageUp | Self::PageDown => view.saturating_sub(1),
            Self::HalfUp | Self::HalfDown => view / 2,
            _ => 1,
        };
        rows.max(1)
    }

    /// Returns the index after the movement from `at` among `total` items, of which `page` are in view.
    pub fn apply_to(self, at: usize, page: usize, total: usize) -> usize {
        let page = self.max_rows(page);
        let to = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
            Self::PageUp | Self::HalfUp => at.saturating_sub(page),
            Self::PageDown | Self::HalfDown => at + page,
            Self::First => 0,
            Self::Last => total,
        };
        to.min(total.saturating_sub(1))
    }
}

impl ScrollPosition {
    /// Scrolls, but never beyond the end.
    pub fn scroll(&mut self, step: Move, rows: usize, total: usize) {
        self.top = step.apply_to(self.top, rows, total.saturating_sub(rows) + 1);
    }

    /// Keeps the position within a text that may have become shorter.
    pub fn clamp(&mut self, rows: usize, total: usize) {
        self.top = self.top.min(total.saturating_sub(rows));
    }

    /// Returns true if the end is in view.
    pub fn is_at_end(&self, rows: usize, total: usize) -> bool {
        rows > 0 && self.top + rows >= total
    }
}

/// Returns a row in lines, with a mark if it is selected.
pub(crate) fn selectable_row_lines(tone: Tone, text: &str, chosen: bool, width: usize) -> Vec<Line> {
    let tone = if chosen { Tone::Focus } else { tone };
    let lines = wrap_paragraph(tone, text, 3, width);
    let mark = |(at, line): (usize, Line)| {
        if at > 0 || !chosen {
            return line;
        }
        let mut marked = Line::new(Tone::Focus, " › ");
        marked.spans.extend(line.spans.into_iter().skip(1));
        marked.with_cursor(1)
    };
    lines.into_iter().enumerate().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_parts_fill_the_screen_at_every_size() {
        for height in 0..60 {
            let f = split_screen(Size { width: 80, height });
            let parts = [f.title, f.steps, f.body, f.help, f.keys].map(|area| area.height);
            let rules = if f.ruled { 2 } else { 0 };
            assert_eq!(parts.iter().sum::<u16>() + rules, height, "{height}");
            assert!(height == 0 || f.body.height > 0, "{height}");
        }
        let f = split_screen(Size { width: 80, height: 24 });
        assert_eq!((f.body.y, f.body.height, f.help.height, f.keys.y), (3, 16, 3, 23));
        let f = split_screen(Size { width: 40, height: 10 });
        assert_eq!((f.body.y, f.body.height, f.help.height, f.keys.y), (2, 6, 1, 9));
    }

    #[rstest]
    #[case(0, 0..1, 5, 20, 0)]
    #[case(0, 7..8, 5, 20, 3)]
    #[case(6, 2..3, 5, 20, 2)]
    #[case(3, 4..5, 5, 20, 3)]
    #[case(18, 19..20, 5, 20, 15)]
    #[case(0, 3..12, 5, 20, 3)]
    #[case(0, 3..12, 0, 20, 3)]
    fn scrolling_follows_the_focus(
        #[case] top: usize,
        #[case] focus: std::ops::Range<usize>,
        #[case] rows: usize,
        #[case] total: usize,
        #[case] expected: usize,
    ) {
        assert_eq!(scroll_into_view(top, focus, rows, total), expected);
    }

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut reader = ScrollPosition::default();
        reader.scroll(Move::Last, 5, 12);
        assert_eq!((reader.top, reader.is_at_end(5, 12)), (7, true));
        reader.scroll(Move::Down, 5, 12);
        assert_eq!(reader.top, 7);
        reader.scroll(Move::PageUp, 5, 12);
        assert_eq!((reader.top, reader.is_at_end(5, 12)), (3, false));
        reader.clamp(5, 6);
        assert_eq!(reader.top, 1);
        assert!(!reader.is_at_end(0, 0), "what has no room was never shown");
    }
}
