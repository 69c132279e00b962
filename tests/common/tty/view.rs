//! The screen of the emulator, as the user reads it.
//!
//! It is a snapshot, and knows nothing of the program.

/// The screen of an emulator.
pub(crate) struct View(vt100::Screen);

impl View {
    /// Returns the present screen of an emulator.
    pub(crate) fn of(parser: &vt100::Parser) -> Self {
        Self(parser.screen().clone())
    }

    /// Returns the rows without the blanks at their ends.
    pub(crate) fn rows(&self) -> Vec<String> {
        let (columns, _) = self.size();
        self.0.rows(0, columns).map(|row| row.trim_end().to_owned()).collect()
    }

    /// Returns the rows as one text.
    pub(crate) fn text(&self) -> String {
        self.rows().join("\n")
    }

    /// Returns true if a row has this text.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.contains(text))
    }

    /// Returns column and row of the cursor, if it is shown.
    pub(crate) fn cursor(&self) -> Option<(u16, u16)> {
        let (row, column) = self.0.cursor_position();
        (!self.0.hide_cursor()).then_some((column, row))
    }

    /// Returns the text of the row with the cursor.
    pub(crate) fn cursor_row(&self) -> Option<String> {
        let (_, row) = self.cursor()?;
        self.rows().into_iter().nth(row.into())
    }

    /// Returns the text of some columns of a row, with its blanks.
    pub(crate) fn cells(&self, row: u16, columns: std::ops::Range<u16>) -> String {
        let cells = columns.filter_map(|column| self.0.cell(row, column)).filter(|c| !c.is_wide_continuation());
        cells.map(|cell| if cell.has_contents() { cell.contents() } else { " " }).collect()
    }

    /// Returns the text of one cell.
    pub(crate) fn cell(&self, column: u16, row: u16) -> &str {
        self.0.cell(row, column).map_or("", vt100::Cell::contents)
    }

    /// Returns columns and rows.
    pub(crate) fn size(&self) -> (u16, u16) {
        let (rows, columns) = self.0.size();
        (columns.get(), rows.get())
    }

    /// Returns true if the program uses the alternate screen.
    pub(crate) fn alternate(&self) -> bool {
        self.0.alternate_screen()
    }
}
