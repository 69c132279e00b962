//! Pictures of the program for its documentation: the drawn cells as SVG, with the letters as text.
//!
//! The reader's browser chooses light or dark. Letters and background of a terminal differ, so this file defines them;
//! the theme's own colors look alike everywhere. The caller writes the files.

use crate::common::palette::fixed;
use crate::common::walk::{TO_REVIEW, Walk};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;
use zegel::i18n::Language;

/// The name of each picture, the keys that lead to it, and its description in both languages.
const PICTURES: &[(&str, &str, [&str; 2])] = &[
    (
        "organization",
        "wait type:zilver enter shift-tab",
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

/// Width and height of a cell, the base line of its letters, and the frame: in pixels.
const CELL: (usize, usize) = (9, 19);
const BASE: usize = 14;
const FRAME: usize = 14;

/// The terminal's own two colors, on white and on nearly black. The theme's colors are the same on both.
const OWN: [[&str; 2]; 2] = [["#ffffff", "#24292f"], ["#0d1117", "#d7dde3"]];

/// Returns paths below the repository's root, each with the content of the file.
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

/// Returns one picture.
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
            out += &run.svg(y.into());
        }
    }
    if let Some((x, y)) = cursor {
        let at = (FRAME + usize::from(x) * CELL.0, FRAME + usize::from(y) * CELL.1);
        out += &rect("class=\"plain\"", at, (2, CELL.1));
    }
    out + "</svg>\n"
}

/// Returns the style sheet. It is light unless the reader prefers dark.
fn styles() -> String {
    let own = OWN.map(|[background, plain]| format!(".ground{{fill:{background}}}\n.plain{{fill:{plain}}}\n"));
    format!(
        "text{{font:15px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}\n\
         .bold{{font-weight:bold}}\n.italic{{font-style:italic}}\n.edge{{fill:none;stroke:#8b949e}}\n\
         {}@media (prefers-color-scheme:dark){{\n{}}}\n",
        own[0], own[1]
    )
}

/// Adjacent cells of the same look.
struct Run {
    column: usize,
    columns: usize,
    text: String,
    look: (Color, Color, Modifier),
}

impl Run {
    fn begun(column: usize, cell: &Cell) -> Self {
        Self { column, columns: 0, text: String::new(), look: look(cell) }
    }

    /// Returns the attributes of the letters, and of the background if there is one.
    fn paints(&self) -> (String, Option<String>) {
        let (letters, background, modifier) = self.look;
        let marks = [(Modifier::BOLD, " bold"), (Modifier::ITALIC, " italic")];
        let marks = marks.iter().filter(|(mark, _)| modifier.contains(*mark)).map(|(_, name)| *name);
        let marks = marks.collect::<String>();
        if modifier.contains(Modifier::REVERSED) {
            return (paint("ground", background, &marks), Some(paint("plain", letters, "")));
        }
        (paint("plain", letters, &marks), (background != Color::Reset).then(|| paint("ground", background, "")))
    }

    /// Returns a line of box drawing. Letters would leave gaps between the cells.
    fn line(&self, paint: &str, (x, y): (usize, usize)) -> Option<String> {
        if self.text.chars().all(|c| c == '─') {
            return Some(rect(paint, (x, y + CELL.1 / 2), (self.columns * CELL.0, 1)));
        }
        (self.text == "│").then(|| rect(paint, (x + CELL.0 / 2, y), (1, CELL.1)))
    }

    fn svg(&self, row: usize) -> String {
        let at = (FRAME + self.column * CELL.0, FRAME + row * CELL.1);
        let (letters, background) = self.paints();
        let background = background.map_or(String::new(), |paint| rect(&paint, at, (self.columns * CELL.0, CELL.1)));
        let text = self.text.trim();
        if text.is_empty() {
            return background;
        }
        let line = self.line(&letters, at).unwrap_or_else(|| {
            let blanks = self.text.chars().take_while(|c| *c == ' ').count();
            let (x, y) = (at.0 + blanks * CELL.0, at.1 + BASE);
            // Sets the width of the cells, whichever fonts the reader's machine has.
            let (length, text) = (text.width() * CELL.0, escaped(text));
            format!("<text {letters} x=\"{x}\" y=\"{y}\" textLength=\"{length}\">{text}</text>\n")
        });
        background + &line
    }
}

fn look(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

/// Returns the attributes of a color, or of the terminal's own color of this name, with further classes.
fn paint(own: &str, color: Color, marks: &str) -> String {
    match color {
        Color::Reset => format!("class=\"{own}{marks}\""),
        Color::Indexed(number) => {
            let [red, green, blue] = fixed(number);
            let class = if marks.is_empty() { String::new() } else { format!("class=\"{}\" ", marks.trim()) };
            format!("{class}fill=\"#{red:02x}{green:02x}{blue:02x}\"")
        }
        other => panic!("{other} is whatever the terminal makes of it"),
    }
}

/// Returns the runs of a row. The cell that a wide character covers is not repeated.
fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        if !runs.last().is_some_and(|run| run.look == look(cell)) {
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

fn rect(paint: &str, (x, y): (usize, usize), (width, height): (usize, usize)) -> String {
    format!("<rect {paint} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n")
}

/// Escapes text for XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
