//! Reads the JSON of Review from the screen, as the user does by scrolling to its end.
//!
//! It knows two columns before each row: a mark, and an arrow if the row continues the line above. It never asks the
//! program for its content.

use crate::common::tty::{Tty, View};

/// Returns the rows of the right half, each from behind the bar on.
fn pane(view: &View) -> Vec<String> {
    let rules: Vec<usize> =
        view.rows().iter().enumerate().filter(|(_, row)| row.chars().all(|c| c == '─')).map(|(at, _)| at).collect();
    let (first, last) = (u16::try_from(rules[0] + 1).unwrap(), u16::try_from(rules[1]).unwrap());
    let bar = (0..view.size().0).find(|x| (first..last).all(|y| view.cell(*x, y) == "│")).expect("a bar");
    // Its first row is a title.
    (first + 1..last).map(|y| view.cells(y, bar + 1..view.size().0)).collect()
}

/// Returns the first row of the marked line.
fn marked(pane: &[String]) -> usize {
    pane.iter().position(|row| row.starts_with("› ")).unwrap_or_else(|| panic!("no marked line in {pane:#?}"))
}

fn goes_on(row: &str) -> bool {
    row.starts_with(" ↳")
}

fn text(row: &str) -> &str {
    row.char_indices().nth(2).map_or("", |(at, _)| &row[at..])
}

/// Returns the rows of the marked line.
fn line(pane: &[String]) -> &[String] {
    let start = marked(pane);
    let more = pane[start + 1..].iter().take_while(|row| goes_on(row)).count();
    &pane[start..=start + more]
}

/// Returns a line without its gutter. If it continues, its rows are full, and their blanks belong to it.
fn joined(rows: &[String]) -> String {
    let (last, full) = rows.split_last().unwrap();
    full.iter().map(|row| text(row)).chain([text(last).trim_end()]).collect()
}

/// Returns the whole JSON, line by line from the first to the last.
#[track_caller]
pub(crate) fn read(tty: &mut Tty) -> String {
    tty.press("tab").wait_until("the right half", |view| view.cursor().is_some_and(|(x, _)| x > view.size().0 / 3));
    tty.press("home").wait_until("the first line", |view| joined(line(&pane(view))) == "{");
    let (mut lines, mut rows, mut panes) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let seen = tty.look(pane);
        lines.push(joined(line(&seen)));
        rows.extend(line(&seen).iter().map(|row| unmarked(row)));
        panes.push(seen.clone());
        if lines.last().is_some_and(|line| line == "}") {
            break;
        }
        tty.press("down").wait_until("the next line", |view| pane(view) != seen);
    }
    for pane in panes {
        let pane: Vec<String> = pane.iter().map(|row| unmarked(row)).collect();
        assert!(rows.windows(pane.len()).any(|rows| rows == pane), "{pane:#?} is a part of {rows:#?}");
    }
    tty.press("home").wait_until("the first line", |view| joined(line(&pane(view))) == "{");
    tty.press("end").wait_until("the last line", |view| joined(line(&pane(view))) == "}");
    tty.press("tab").wait_until("the left half", |view| view.cursor().is_some_and(|(x, _)| x < view.size().0 / 3));
    lines.join("\n")
}

fn unmarked(row: &str) -> String {
    row.replacen('›', " ", 1)
}

/// Returns the digest in the title of the JSON.
pub(crate) fn digest(tty: &Tty) -> String {
    let row = tty.row("JSON · digest ");
    row.split("JSON · digest ").nth(1).unwrap().trim().to_owned()
}
