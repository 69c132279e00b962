//! Review: the summary beside the JSON, each under its title. Without room for both, only one of them is drawn.
//!
//! The pane that has the focus shows the cursor, and its title stands out by tone and by a mark.

use crate::tone::Tone;
use crate::tui::app::{App, ReviewPane, ReviewScreen};
use crate::tui::canvas::Canvas;
use crate::tui::screens::review::summary::summary_title;
use crate::tui::widgets::{Area, Line};

pub(super) fn draw_review(model: &App, review: &ReviewScreen, area: Area, canvas: &mut Canvas<'_>) {
    let (titles, _) = area.split_top(1);
    let (summary, preview) = model.review_areas();
    let title = |pane, text: String| {
        let (tone, mark) = if review.pane == pane { (Tone::Focus, '›') } else { (Tone::Heading, ' ') };
        Line::new(tone, format!("{mark}{text}"))
    };
    if let Some(summary) = summary {
        let title = title(ReviewPane::Summary, summary_title(&model.session));
        canvas.draw_line(Area { x: summary.x, width: summary.width, ..titles }, 0, &title);
        let lines = model.summary_lines(review, summary.width.into(), summary.height.into());
        canvas.draw_lines(summary, &lines_with_cursor_if(lines, review.pane == ReviewPane::Summary));
    }
    if let Some(preview) = preview {
        let title = title(ReviewPane::Preview, model.preview_title(review));
        canvas.draw_line(Area { x: preview.x, width: preview.width, ..titles }, 0, &title);
        let lines = crate::tui::session::Session::preview_lines(review, preview.width.into(), preview.height.into());
        canvas.draw_lines(preview, &lines_with_cursor_if(lines, review.pane == ReviewPane::Preview));
    }
    if let (Some(_), Some(preview)) = (summary, preview) {
        let bar = Area { x: preview.x.saturating_sub(1), width: 1, ..area };
        for row in 0..bar.height {
            canvas.draw_line(bar, row, &super::dim_line("│"));
        }
    }
}

/// The lines, with their cursor only if `keys` is true.
fn lines_with_cursor_if(lines: Vec<Line>, keys: bool) -> Vec<Line> {
    let cursor = |line: Line| Line { cursor: line.cursor.filter(|_| keys), ..line };
    lines.into_iter().map(cursor).collect()
}
