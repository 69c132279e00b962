//! Pictures of the program for its papers: what it draws, cell by cell, as SVG with the letters as text.
//!
//! A reader's browser chooses light or dark. Which colors a terminal has is the person's matter; here they are those of
//! this file. It writes nothing: who calls it does.

use crate::common::walk::{TO_REVIEW, Walk};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;
use zegel::lang::Language;

/// Each picture's name, with the keys that lead to it and what it shows, in both languages.
const PICTURES: &[(&str, &str, [&str; 2])] = &[
    (
        "organization",
        "wait tab type:zilver enter shift-tab",
        ["zegel: which organization the seal will name", "zegel: welke organisatie in het zegel komt te staan"],
    ),
    (
        "review",
        TO_REVIEW,
        [
            "zegel at Review: the order beside its exact JSON",
            "zegel bij Controleren: de bestelling naast de precieze JSON",
        ],
    ),
];

/// Columns and rows of the screen.
const SCREEN: (u16, u16) = (80, 24);

/// Width and height of a cell, the letters' base line in it, and the frame around all: in pixels.
const CELL: (usize, usize) = (9, 19);
const BASE: usize = 14;
const FRAME: usize = 14;

/// Colors by class, on white and on nearly black.
const COLORS: &[(&str, &str, &str)] = &[
    ("ground", "#ffffff", "#0d1117"),
    ("plain", "#24292f", "#d7dde3"),
    ("red", "#b3261e", "#ff8a80"),
    ("yellow", "#7a5200", "#e3b341"),
    ("green", "#116329", "#56d364"),
    ("cyan", "#0b6478", "#56d4dd"),
    ("magenta", "#86309c", "#d8a0f0"),
];

/// Paths below the repository's root, each with the whole file.
pub(crate) fn pictures() -> Vec<(String, String)> {
    let languages = [(Language::En, "en", 0), (Language::Nl, "nl", 1)];
    let each = |(name, script, titles): &(&str, &str, [&str; 2])| {
        languages.map(|(language, tag, index)| {
            let mut walk = Walk::sized(language, SCREEN.0, SCREEN.1);
            let (buffer, cursor) = walk.keys(script).buffer();
            (format!("docs/{name}.{tag}.svg"), svg(&buffer, cursor, titles[index], tag))
        })
    };
    PICTURES.iter().flat_map(each).collect()
}

/// A whole picture.
fn svg(buffer: &Buffer, cursor: Option<(u16, u16)>, title: &str, tag: &str) -> String {
    let width = usize::from(buffer.area.width) * CELL.0 + 2 * FRAME;
    let height = usize::from(buffer.area.height) * CELL.1 + 2 * FRAME;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" xml:lang=\"{tag}\" \
         xml:space=\"preserve\">\n<title>{}</title>\n<style>\n{}</style>\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n\
         <rect class=\"edge\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        escaped(title),
        styles(),
        width - 1,
        height - 1
    );
    for y in 0..buffer.area.height {
        for run in runs(buffer, y) {
            run.write(&mut out, y.into());
        }
    }
    if let Some((x, y)) = cursor {
        let at = (FRAME + usize::from(x) * CELL.0, FRAME + usize::from(y) * CELL.1);
        out += &rect("plain", at, (2, CELL.1));
    }
    out + "</svg>\n"
}

/// The style sheet: without a choice of the reader it is light.
fn styles() -> String {
    let rules = |color: fn(&(&str, &'static str, &'static str)) -> &'static str| {
        COLORS.iter().fold(String::new(), |rules, row| format!("{rules}.{}{{fill:{}}}\n", row.0, color(row)))
    };
    format!(
        "text{{font:15px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}\n\
         .bold{{font-weight:bold}}\n.dim{{opacity:.75}}\n.italic{{font-style:italic}}\n.edge{{fill:none;stroke:#8b949e}}\n{}\
         @media (prefers-color-scheme:dark){{\n{}}}\n",
        rules(|row| row.1),
        rules(|row| row.2)
    )
}

/// Cells beside each other that look alike.
struct Run {
    column: usize,
    columns: usize,
    text: String,
    color: Color,
    modifier: Modifier,
}

impl Run {
    fn begun(column: usize, cell: &Cell) -> Self {
        Self { column, columns: 0, text: String::new(), color: cell.fg, modifier: cell.modifier }
    }

    fn is_like(&self, cell: &Cell) -> bool {
        (self.color, self.modifier) == (cell.fg, cell.modifier)
    }

    fn is_reversed(&self) -> bool {
        self.modifier.contains(Modifier::REVERSED)
    }

    fn classes(&self) -> String {
        let color = if self.is_reversed() { "ground" } else { class(self.color) };
        let looks = [(Modifier::BOLD, " bold"), (Modifier::DIM, " dim"), (Modifier::ITALIC, " italic")];
        let looks = looks.iter().filter(|(look, _)| self.modifier.contains(*look)).map(|(_, name)| *name);
        looks.fold(color.to_owned(), |all, look| all + look)
    }

    /// A line of box drawing: letters would leave gaps between the cells.
    fn line(&self, row: usize) -> Option<String> {
        let (x, y) = (FRAME + self.column * CELL.0, FRAME + row * CELL.1);
        if self.text.chars().all(|c| c == '─') {
            return Some(rect(&self.classes(), (x, y + CELL.1 / 2), (self.columns * CELL.0, 1)));
        }
        (self.text == "│").then(|| rect(&self.classes(), (x + CELL.0 / 2, y), (1, CELL.1)))
    }

    fn write(&self, out: &mut String, row: usize) {
        let (class, at) = (class(self.color), (FRAME + self.column * CELL.0, FRAME + row * CELL.1));
        if self.is_reversed() {
            *out += &rect(class, at, (self.columns * CELL.0, CELL.1));
        }
        let text = self.text.trim();
        if text.is_empty() {
            return;
        }
        if let Some(line) = self.line(row) {
            *out += &line;
            return;
        }
        let column = self.column + self.text.len() - self.text.trim_start().len();
        let (x, y) = (FRAME + column * CELL.0, FRAME + row * CELL.1 + BASE);
        let classes = self.classes();
        // As wide as its cells, whichever letters the reader's machine has.
        let length = text.width() * CELL.0;
        let text = escaped(text);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<text class=\"{classes}\" x=\"{x}\" y=\"{y}\" textLength=\"{length}\">{text}</text>");
    }
}

/// The runs of a row: what a wide character covers is not there twice.
fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        if !runs.last().is_some_and(|run| run.is_like(cell)) {
            runs.push(Run::begun(x.into(), cell));
        }
        let run = runs.last_mut().unwrap();
        let columns = cell.symbol().width().max(1);
        run.text += cell.symbol();
        run.columns += columns;
        x += u16::try_from(columns).unwrap();
    }
    runs
}

fn rect(class: &str, (x, y): (usize, usize), (width, height): (usize, usize)) -> String {
    format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n")
}

fn class(color: Color) -> &'static str {
    match color {
        Color::Reset => "plain",
        Color::Red => "red",
        Color::Yellow => "yellow",
        Color::Green => "green",
        Color::Cyan => "cyan",
        Color::Magenta => "magenta",
        other => panic!("the theme has a color more: {other}"),
    }
}

/// Text as it stands in XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
