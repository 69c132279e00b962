//! Plain text for paper: a title, headings, and labels beside their values, in at most 80 columns.
//!
//! All text is made visible first. This module does not know orders.

use crate::text;
use crate::text::wrap::wrap_text;

/// The maximum number of columns in a line.
const MAX_COLUMNS: usize = 80;

/// The indentation of labels and texts.
const MARGIN: usize = 2;

/// The column in which values begin.
const VALUE_COLUMN: usize = 30;

pub(super) struct TextDocument {
    lines: Vec<String>,
}

impl TextDocument {
    pub(super) fn with_title(title: &str) -> Self {
        let mut paper = Self { lines: Vec::new() };
        paper.push_underlined(title, '=');
        paper
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Adds a heading, with a blank line before it.
    pub(super) fn add_heading(&mut self, title: &str) {
        self.lines.push(String::new());
        self.push_underlined(title, '-');
    }

    /// Adds the title of a section. A blank line comes before it, except directly after a heading.
    pub(super) fn add_section(&mut self, title: &str) {
        if !self.lines.last().is_some_and(|line| line.starts_with('-')) {
            self.lines.push(String::new());
        }
        self.push_wrapped(0, title);
    }

    pub(super) fn add_subsection(&mut self, title: &str) {
        self.push_wrapped(1, title);
    }

    /// Adds a text on lines of its own.
    pub(super) fn add_text(&mut self, words: &str) {
        self.push_wrapped(MARGIN, words);
    }

    /// Adds a label with its value beside it, or below it if the label is too long.
    pub(super) fn add_row(&mut self, label: &str, value: &str) {
        let (label, value) = (text::visible(label), text::visible(value));
        let room = VALUE_COLUMN - MARGIN - 1;
        let mut values: Vec<&str> = wrap_text(&value, MAX_COLUMNS - VALUE_COLUMN);
        if text::display_width(&label) > room {
            self.push_wrapped(MARGIN, &label);
        } else {
            let first = if values.is_empty() { "" } else { values.remove(0) };
            let gap = " ".repeat(VALUE_COLUMN - MARGIN - text::display_width(&label));
            self.push_line(MARGIN, &format!("{label}{gap}{first}"));
        }
        for line in values {
            self.push_line(VALUE_COLUMN, line);
        }
    }

    fn push_underlined(&mut self, title: &str, with: char) {
        let from = self.lines.len();
        self.push_wrapped(0, title);
        let longest = self.lines[from..].iter().map(|line| text::display_width(line)).max().unwrap_or_default();
        self.lines.push(with.to_string().repeat(longest));
    }

    fn push_wrapped(&mut self, margin: usize, words: &str) {
        for line in wrap_text(&text::visible(words), MAX_COLUMNS - margin) {
            self.push_line(margin, line);
        }
    }

    fn push_line(&mut self, margin: usize, line: &str) {
        self.lines.push(format!("{}{line}", " ".repeat(margin)).trim_end().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_aligned_in_a_column() {
        let mut paper = TextDocument::with_title("Title");
        paper.add_heading("Part");
        paper.add_row("Label", &format!("{} end", "long ".repeat(10)));
        paper.add_row("A label that has no room beside its value", "value");
        let expected = [
            "Title",
            "=====",
            "",
            "Part",
            "----",
            "  Label                       long long long long long long long long long long",
            "                              end",
            "  A label that has no room beside its value",
            "                              value",
        ];
        assert_eq!(paper.lines(), expected);
    }

    proptest! {
        #[test]
        fn no_line_exceeds_the_width_or_contains_control_characters(words in "\\PC{0,200}|.{0,40}", label in "\\PC{0,60}") {
            let mut paper = TextDocument::with_title(&words);
            paper.add_row(&label, &words);
            paper.add_section(&words);
            paper.add_text(&words);
            for line in paper.lines() {
                prop_assert!(text::display_width(line) <= MAX_COLUMNS, "{line:?}");
                prop_assert!(!line.chars().any(text::is_hidden), "{line:?}");
            }
        }
    }
}
