//! Drawing: turns the app into cells. It only reads.
//!
//! `widgets` computes the areas, and the screens and dialogs make the text; this module gives each tone its look.
//! Review, which is more than text, has its own file.

mod review;

use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::canvas::Canvas;
use crate::tui::component::Component;
use crate::tui::theme::Theme;
use crate::tui::widgets::{Area, Line, Size};
use ratatui::Frame;

pub fn draw(model: &App, theme: Theme, frame: &mut Frame<'_>) {
    let parts = model.frame();
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    canvas.draw_line(parts.title, 0, &model.session.title_line(parts.title.width.into()));
    canvas.draw_line(parts.steps, 0, &model.location_line(parts.steps.width.into()));
    if parts.ruled {
        canvas.draw_rule(parts.steps.y + 1, parts.body.width);
        canvas.draw_rule(parts.help.y - 1, parts.body.width);
    }
    let hint = model.hint_lines(parts.help.width.into(), parts.help.height.into());
    canvas.draw_lines(parts.help, &hint);
    canvas.draw_line(parts.keys, 0, &model.footer_line(parts.keys.width.into()));
    draw_body(model, parts.body, &mut canvas);
    if let Some(cursor) = canvas.cursor() {
        frame.set_cursor_position(cursor);
    }
}

fn draw_body(model: &App, area: Area, canvas: &mut Canvas<'_>) {
    if let Some(component) = model.top_component() {
        return draw_component(model, component, area, canvas);
    }
    match (model.top_dialog(), model.screen()) {
        (None, Screen::Step(_)) => draw_step(model, area, canvas),
        (None, Screen::Review(review)) => review::draw_review(model, review, area, canvas),
        (None, Screen::Home(home)) => canvas.draw_scrolled(area, &model.text_lines(), home.top_line()),
        _ => draw_text_with_input(model, area, canvas),
    }
}

/// Draws the lines of a component, with its fixed first and last lines.
fn draw_component(model: &App, component: &dyn Component, area: Area, canvas: &mut Canvas<'_>) {
    let view = component.view(&model.session, Size { width: area.width, height: area.height });
    let (first, lines, last) = view.split_area(area);
    match view.top {
        Some(top) => canvas.draw_scrolled(lines, &view.lines, top),
        None => canvas.draw_lines(lines, &view.lines),
    }
    view.last_line.iter().for_each(|line| canvas.draw_line(last, 0, line));
    view.first_line.iter().for_each(|line| canvas.draw_line(first, 0, line));
}

/// Draws read-only text, and below it the input line, if there is one.
fn draw_text_with_input(model: &App, area: Area, canvas: &mut Canvas<'_>) {
    let input = model.input_line(area.width.into());
    let (text, line) = area.split_bottom(input.is_some().into());
    canvas.draw_scrolled(text, &model.text_lines(), model.text_top());
    if let Some(input) = input {
        canvas.draw_line(line, 0, &input);
    }
}

/// Draws the page of a step, scrolled so that the focus is visible.
fn draw_step(model: &App, area: Area, canvas: &mut Canvas<'_>) {
    let lines: Vec<Line> = model.page_lines(area.width.into()).into_iter().map(|(_, line)| line).collect();
    canvas.draw_scrolled(area, &lines, model.page_top());
}

/// A dim line of text.
fn dim_line(text: &'static str) -> Line {
    Line::new(Tone::Dim, text)
}
