//! Drawing: turns the app into cells. It only reads.
//!
//! `widgets` computes the areas, and the screens and dialogs make the text; this module gives each tone its look.

use crate::tui::app::App;
use crate::tui::app::header::title_line;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Theme;
use ratatui::Frame;

pub fn draw(app: &App, theme: Theme, frame: &mut Frame<'_>) {
    let parts = app.frame();
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    canvas.draw_line(parts.title, 0, &title_line(&app.session, parts.title.width.into()));
    canvas.draw_line(parts.steps, 0, &app.location_line(parts.steps.width.into()));
    if parts.ruled {
        canvas.draw_rule(parts.steps.y + 1, parts.body.width);
        canvas.draw_rule(parts.help.y - 1, parts.body.width);
    }
    let hint = app.hint_lines(parts.help.width.into(), parts.help.height.into());
    canvas.draw_lines(parts.help, &hint);
    canvas.draw_line(parts.keys, 0, &app.footer_line(parts.keys.width.into()));
    for region in app.front().view(&app.session, parts.body).regions {
        match region.top {
            Some(top) => canvas.draw_scrolled(region.area, &region.lines, top),
            None => canvas.draw_lines(region.area, &region.lines),
        }
    }
    if let Some(cursor) = canvas.cursor() {
        frame.set_cursor_position(cursor);
    }
}
