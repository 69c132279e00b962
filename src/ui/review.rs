//! Review: the summary beside the JSON, each under its title; where there is no room for both, one of them.
//!
//! The half that has the keys has the cursor, and its title stands out, by a mark as well.

use super::paint::Canvas;
use crate::layout::{Area, Line, Tone};
use crate::wizard::{Model, Pane, Review};

pub(super) fn draw(model: &Model, review: &Review, area: Area, canvas: &mut Canvas<'_>) {
    let (titles, _) = area.split_top(1);
    let (summary, preview) = model.review_areas();
    let title = |pane, text: String| {
        let (tone, mark) = if review.pane == pane { (Tone::Focus, '›') } else { (Tone::Heading, ' ') };
        Line::of(tone, format!("{mark}{text}"))
    };
    if let Some(summary) = summary {
        let title = title(Pane::Summary, model.summary_title());
        canvas.line(Area { x: summary.x, width: summary.width, ..titles }, 0, &title);
        let lines = model.summary_lines(review, summary.width.into(), summary.height.into());
        canvas.lines(summary, &held(lines, review.pane == Pane::Summary));
    }
    if let Some(preview) = preview {
        let title = title(Pane::Preview, model.preview_title(review));
        canvas.line(Area { x: preview.x, width: preview.width, ..titles }, 0, &title);
        let lines = Model::preview_lines(review, preview.width.into(), preview.height.into());
        canvas.lines(preview, &held(lines, review.pane == Pane::Preview));
    }
    if let (Some(_), Some(preview)) = (summary, preview) {
        let bar = Area { x: preview.x.saturating_sub(1), width: 1, ..area };
        for row in 0..bar.height {
            canvas.line(bar, row, &super::marked("│"));
        }
    }
}

/// The lines with their cursor only where the keys go.
fn held(lines: Vec<Line>, keys: bool) -> Vec<Line> {
    let cursor = |line: Line| Line { cursor: line.cursor.filter(|_| keys), ..line };
    lines.into_iter().map(cursor).collect()
}
