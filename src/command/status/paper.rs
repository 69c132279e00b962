//! Plain text for paper: a title, headings, and labels beside their values, in at most 80 columns.
//!
//! Whatever is written on it is made visible first. It knows nothing of orders.

use crate::layout::wrap;
use crate::text;

/// So many columns a line has at most.
const COLUMNS: usize = 80;

/// How far labels and texts are set in.
const MARGIN: usize = 2;

/// The column in which values begin.
const VALUES: usize = 30;

/// What is written.
pub(super) struct Paper {
    lines: Vec<String>,
}

impl Paper {
    /// Paper with a title.
    pub(super) fn titled(title: &str) -> Self {
        let mut paper = Self { lines: Vec::new() };
        paper.underlined(title, '=');
        paper
    }

    /// What is written.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// A heading, with a blank line before it.
    pub(super) fn heading(&mut self, title: &str) {
        self.lines.push(String::new());
        self.underlined(title, '-');
    }

    /// The title of a part, with a blank line before it where something stands there.
    pub(super) fn part(&mut self, title: &str) {
        if !self.lines.last().is_some_and(|line| line.starts_with('-')) {
            self.lines.push(String::new());
        }
        self.write(0, title);
    }

    /// The title of a part of a part.
    pub(super) fn smaller(&mut self, title: &str) {
        self.write(1, title);
    }

    /// A text on lines of its own.
    pub(super) fn text(&mut self, words: &str) {
        self.write(MARGIN, words);
    }

    /// A label, and beside it a value; below it where the label is too long for that.
    pub(super) fn row(&mut self, label: &str, value: &str) {
        let (label, value) = (text::visible(label), text::visible(value));
        let room = VALUES - MARGIN - 1;
        let mut values: Vec<&str> = wrap(&value, COLUMNS - VALUES);
        if text::width(&label) > room {
            self.write(MARGIN, &label);
        } else {
            let first = if values.is_empty() { "" } else { values.remove(0) };
            let gap = " ".repeat(VALUES - MARGIN - text::width(&label));
            self.push(MARGIN, &format!("{label}{gap}{first}"));
        }
        for line in values {
            self.push(VALUES, line);
        }
    }

    fn underlined(&mut self, title: &str, with: char) {
        let from = self.lines.len();
        self.write(0, title);
        let longest = self.lines[from..].iter().map(|line| text::width(line)).max().unwrap_or_default();
        self.lines.push(with.to_string().repeat(longest));
    }

    fn write(&mut self, margin: usize, words: &str) {
        for line in wrap(&text::visible(words), COLUMNS - margin) {
            self.push(margin, line);
        }
    }

    fn push(&mut self, margin: usize, line: &str) {
        self.lines.push(format!("{}{line}", " ".repeat(margin)).trim_end().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_stand_below_each_other() {
        let mut paper = Paper::titled("Title");
        paper.heading("Part");
        paper.row("Label", &format!("{} end", "long ".repeat(10)));
        paper.row("A label that has no room beside its value", "value");
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
        fn no_line_is_too_long_or_steers_anything(words in "\\PC{0,200}|.{0,40}", label in "\\PC{0,60}") {
            let mut paper = Paper::titled(&words);
            paper.row(&label, &words);
            paper.part(&words);
            paper.text(&words);
            for line in paper.lines() {
                prop_assert!(text::width(line) <= COLUMNS, "{line:?}");
                prop_assert!(!line.chars().any(text::is_hidden), "{line:?}");
            }
        }
    }
}
