//! Drawing: the model in, cells out. It only reads.
//!
//! What stands where is computed by `layout`, what it says by `wizard`; here each meaning gets its look. One file
//! per screen that is more than text.

mod confirm;
mod finder;
mod paint;
mod picker;
mod review;
mod save;
pub mod theme;
mod unknown;

use crate::layout::{Area, Line, Tone};
use crate::wizard::{Guiding, Model, Overlay, Screen};
use paint::Canvas;
use ratatui::Frame;
use theme::Theme;

/// Draws everything.
pub fn draw(model: &Model, theme: Theme, frame: &mut Frame<'_>) {
    let parts = model.frame();
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    canvas.line(parts.title, 0, &model.title_line(parts.title.width.into()));
    canvas.line(parts.steps, 0, &model.steps_line(parts.steps.width.into()));
    if parts.ruled {
        canvas.rule(parts.steps.y + 1, parts.body.width);
        canvas.rule(parts.help.y - 1, parts.body.width);
    }
    let hint = model.hint(parts.help.width.into(), parts.help.height.into());
    canvas.lines(parts.help, &hint);
    canvas.line(parts.keys, 0, &model.footer(parts.keys.width.into()));
    body(model, parts.body, &mut canvas);
    if let Some(cursor) = canvas.cursor() {
        frame.set_cursor_position(cursor);
    }
}

fn body(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    match (model.overlay(), model.screen()) {
        (Some(Overlay::Picker(picker)), _) => picker::draw(model, picker, area, canvas),
        (Some(Overlay::Finder(finder)), _) => finder::draw(model, finder, area, canvas),
        (Some(Overlay::Open(opening)), _) => {
            save::draw(model, model.path_line(opening, area.width.into()), area, canvas);
        }
        (Some(Overlay::Save(saving)), _) => {
            save::draw(model, model.name_line(saving, area.width.into()), area, canvas);
        }
        (Some(Overlay::Accounts(accounts)), _) => canvas.scrolled(area, &model.reading(), accounts.top()),
        (None, Screen::Step(_)) => step(model, area, canvas),
        (None, Screen::Review(review)) => review::draw(model, review, area, canvas),
        (None, Screen::Home(home)) => canvas.scrolled(area, &model.reading(), home.top()),
        (None, Screen::Confirm(confirm)) => confirm::draw(model, confirm, area, canvas),
        (None, Screen::Unknown(unknown)) => unknown::draw(model, unknown, area, canvas),
        (None, Screen::Guide(Guiding::Trial(trial))) => {
            save::draw(model, model.host_line(trial, area.width.into()), area, canvas);
        }
        (
            Some(
                Overlay::Help(_)
                | Overlay::Agreement(_)
                | Overlay::Ready(_)
                | Overlay::Leave
                | Overlay::Compare(_)
                | Overlay::Rework(_),
            ),
            _,
        )
        | (None, Screen::Sending | Screen::Status(_) | Screen::Guide(_)) => {
            canvas.scrolled(area, &model.reading(), model.reader().unwrap_or_default().top);
        }
    }
}

/// The page of a step, scrolled so that what has the focus is in view.
fn step(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let lines: Vec<Line> = model.page(area.width.into()).into_iter().map(|(_, line)| line).collect();
    canvas.scrolled(area, &lines, model.top());
}

/// A mark at the right end of a line.
fn marked(text: &'static str) -> Line {
    Line::of(Tone::Dim, text)
}
