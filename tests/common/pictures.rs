//! Pictures of the program for its papers: what it draws, cell by cell, as SVG with the letters as text.
//!
//! A reader's browser chooses light or dark. Letters and background are a terminal's own, so they are
//! of this file; what the theme adds looks alike everywhere. It writes nothing: who calls it does.

use crate::common::palette::fixed;
use crate::common::walk::{TO_REVIEW, Walk};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;
use zegel::i18n::Language;

/// Each picture's name, with the keys that lead to it and what it shows, in both languages.
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

/// Width and height of a cell, the letters' base line in it, and the frame around all: in pixels.
const CELL: (usize, usize) = (9, 19);
const BASE: usize = 14;
const FRAME: usize = 14;

/// The terminal's own two, on white and on nearly black. Colors of the theme are the same on both.
const OWN: [[&str; 2]; 2] = [["#ffffff", "#24292f"], ["#0d1117", "#d7dde3"]];

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
            out += &run.svg(y.into());
        }
    }
    if let Some((x, y)) = cursor {
        let at = (FRAME + usize::from(x) * CELL.0, FRAME + usize::from(y) * CELL.1);
        out += &rect("class=\"plain\"", at, (2, CELL.1));
    }
    out + "</svg>\n"
}

/// The style sheet: without a choice of the reader it is light.
fn styles() -> String {
    let own = OWN.map(|[ground, plain]| format!(".ground{{fill:{ground}}}\n.plain{{fill:{plain}}}\n"));
    format!(
        "text{{font:15px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}\n\
         .bold{{font-weight:bold}}\n.italic{{font-style:italic}}\n.edge{{fill:none;stroke:#8b949e}}\n\
         {}@media (prefers-color-scheme:dark){{\n{}}}\n",
        own[0], own[1]
    )
}

/// Cells beside each other that look alike.
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

    /// The attributes of its letters, and of its background where it has one.
    fn paints(&self) -> (String, Option<String>) {
        let (letters, ground, modifier) = self.look;
        let marks = [(Modifier::BOLD, " bold"), (Modifier::ITALIC, " italic")];
        let marks = marks.iter().filter(|(mark, _)| modifier.contains(*mark)).map(|(_, name)| *name);
        let marks = marks.collect::<String>();
        if modifier.contains(Modifier::REVERSED) {
            return (paint("ground", ground, &marks), Some(paint("plain", letters, "")));
        }
        (paint("plain", letters, &marks), (ground != Color::Reset).then(|| paint("ground", ground, "")))
    }

    /// A line of box drawing: letters would leave gaps between the cells.
    fn line(&self, paint: &str, (x, y): (usize, usize)) -> Option<String> {
        if self.text.chars().all(|c| c == '─') {
            return Some(rect(paint, (x, y + CELL.1 / 2), (self.columns * CELL.0, 1)));
        }
        (self.text == "│").then(|| rect(paint, (x + CELL.0 / 2, y), (1, CELL.1)))
    }

    fn svg(&self, row: usize) -> String {
        let at = (FRAME + self.column * CELL.0, FRAME + row * CELL.1);
        let (letters, ground) = self.paints();
        let ground = ground.map_or(String::new(), |paint| rect(&paint, at, (self.columns * CELL.0, CELL.1)));
        let text = self.text.trim();
        if text.is_empty() {
            return ground;
        }
        let line = self.line(&letters, at).unwrap_or_else(|| {
            let blanks = self.text.chars().take_while(|c| *c == ' ').count();
            let (x, y) = (at.0 + blanks * CELL.0, at.1 + BASE);
            // As wide as its cells, whichever letters the reader's machine has.
            let (length, text) = (text.width() * CELL.0, escaped(text));
            format!("<text {letters} x=\"{x}\" y=\"{y}\" textLength=\"{length}\">{text}</text>\n")
        });
        ground + &line
    }
}

fn look(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

/// The attributes of a color, or of the terminal's own of this name, with more classes.
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

/// The runs of a row: what a wide character covers is not there twice.
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

/// Text as it stands in XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
