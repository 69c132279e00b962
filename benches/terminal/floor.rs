//! The minimum that a program in a terminal can do: it draws one word, and a counter at each key. Q ends it.
//!
//! `cargo bench --bench terminal` measures zegel beside it: start, response to a key, and idling.

use crossterm::cursor::MoveTo;
use crossterm::event::{Event, KeyCode, KeyEventKind, read};
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use std::io::{Result, Stdout, stdout};

pub(crate) fn main() -> Result<()> {
    let mut out = stdout();
    enable_raw_mode()?;
    execute!(out, EnterAlternateScreen, MoveTo(0, 0), Print("floor"))?;
    let counted = count(&mut out);
    execute!(out, LeaveAlternateScreen)?;
    disable_raw_mode()?;
    counted
}

fn count(out: &mut Stdout) -> Result<()> {
    let mut keys = 0;
    loop {
        match read()? {
            Event::Key(key) if key.kind == KeyEventKind::Release => {}
            Event::Key(key) if key.code == KeyCode::Char('q') => return Ok(()),
            Event::Key(_) => {
                keys += 1;
                execute!(out, MoveTo(0, 1), Print(keys))?;
            }
            _ => {}
        }
    }
}
