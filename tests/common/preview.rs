//! The JSON of Review as the screen shows it, put together again from drawn cells.
//!
//! The gutter has this rule: a line begins behind `› ` (the chosen one) or two blanks, and continues behind ` ↳`.

use super::walk::draw;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;
use zegel::tui::app::update;
use zegel::tui::app::{App, ReviewPane, Screen};
use zegel::tui::key::KeyPress;
use zegel::tui::message::Message;
use zegel::tui::theme::Theme;
use zegel::tui::widgets::{Area, Size};

/// Presses a key of which the name must be valid.
fn press(app: &mut App, name: &str) {
    update(app, Message::Key(KeyPress::parse(name).unwrap()));
}

/// Returns all text of the preview at Review, on a terminal that is tall enough for it.
pub(crate) fn drawn(app: &App) -> String {
    let mut app = app.clone();
    front(&mut app);
    for height in [100, 400, 1_600, 6_400] {
        update(&mut app, Message::Resize(Size { width: 120, height }));
        press(&mut app, "home");
        let rows = window(&app);
        if rows.len() < area(&app).height.into() {
            return joined(&rows);
        }
    }
    panic!("a preview of more than 6400 rows");
}

/// Opens the preview.
fn front(app: &mut App) {
    match app.screen() {
        Screen::Review(review) if review.pane == ReviewPane::Summary => press(app, "tab"),
        Screen::Review(_) => {}
        other => panic!("no Review: {other:?}"),
    }
}

fn area(app: &App) -> Area {
    app.review_areas().1.unwrap_or_default()
}

/// A row of the preview: whether it continues the line before, and its text.
struct Row {
    goes_on: bool,
    text: String,
}

/// Returns the visible rows of the preview.
fn window(app: &App) -> Vec<Row> {
    let (buffer, _) = draw(app, Theme { color: true });
    let area = area(app);
    let rows = (area.y..area.y + area.height).map(|y| row(&buffer, area, y));
    rows.take_while(|row| !row.text.is_empty()).collect()
}

fn row(buffer: &Buffer, area: Area, y: u16) -> Row {
    let symbols = |from: u16, to: u16| {
        let mut text = String::new();
        let mut x = from;
        while x < to {
            let symbol = buffer[(x, y)].symbol();
            text.push_str(symbol);
            x += u16::try_from(symbol.width()).unwrap().max(1);
        }
        text
    };
    let end = (area.x + 2..area.x + area.width).rev().find(|x| is_written(&buffer[(*x, y)]));
    let gutter = symbols(area.x, area.x + 2);
    assert!(["› ", "  ", " ↳"].contains(&gutter.as_str()), "{gutter:?} is no gutter");
    let text = end.map_or(String::new(), |x| symbols(area.x + 2, x + 1));
    Row { goes_on: gutter == " ↳", text }
}

/// Returns true if something was drawn here. A blank inside a text has the look of the text.
fn is_written(cell: &Cell) -> bool {
    cell.symbol() != " " || cell.fg != Color::Reset || cell.modifier != Modifier::empty()
}

fn joined(rows: &[Row]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 && !row.goes_on {
            text.push('\n');
        }
        text.push_str(&row.text);
    }
    text
}
