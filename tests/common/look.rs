//! Checks of the screen: the focus, the cursor, what must be shown, and what must never be.

use super::walk::{draw, rows};
use std::fmt::Debug;
use zegel::form::{FieldPlace, Form, RowKey, payload_text};
use zegel::product::SecretDisplay;
use zegel::text;
use zegel::tui::app::{App, Dialog, FocusTarget, Screen};
use zegel::tui::theme::Theme;

/// The mark before the element in focus.
const MARK: &str = " › ";

/// From this size on, everything that matters must be visible.
pub(crate) const ROOM: (u16, u16) = (40, 10);

/// Returns the rows of the step's page with the focus mark, and the target of each.
fn focus_rows(app: &App) -> Vec<(usize, Option<FocusTarget>)> {
    let page = app.page_lines(app.frame().body.width.into());
    let is_marked = |line: &zegel::tui::widgets::Line| line.spans.first().is_some_and(|span| span.text() == MARK);
    page.iter().enumerate().filter(|(_, (_, line))| is_marked(line)).map(|(row, (target, _))| (row, *target)).collect()
}

/// Returns the focus of the current step.
pub(crate) fn focused_target(app: &App) -> Option<FocusTarget> {
    focus_rows(app).first().and_then(|(_, target)| *target)
}

/// Asserts that one element of the step has the focus, that it is on the page, and that its first row is visible.
pub(crate) fn assert_focus(app: &App) {
    let Screen::Step(step) = app.screen() else { return };
    let marked = focus_rows(app);
    let [(row, Some(_))] = marked[..] else { panic!("the focus stands on {marked:?}") };
    let (top, rows) = (step.top(), usize::from(app.frame().body.height));
    assert!(
        rows == 0 || (top..top + rows).contains(&row),
        "row {row} has the focus, and {rows} from {top} are in view"
    );
}

/// Draws and checks the screen.
pub(crate) fn assert_screen(app: &App) {
    let (buffer, cursor) = draw(app, Theme { color: true });
    let size = app.size();
    let lines = rows(&buffer);
    if size.width >= 8 && size.height >= 2 {
        // With an account, its first word says what an order costs. Without one, the tag says so.
        let tags: &[&str] = if app.account().is_none() { &["NO ACC", "GEEN AC"] } else { &["SANDBOX", "ACCOUNT"] };
        assert!(tags.iter().any(|tag| lines[0].contains(tag)), "the title is {:?}", lines[0]);
    }
    for cell in buffer.content() {
        assert!(!cell.symbol().chars().any(text::is_hidden), "{:?} was drawn", cell.symbol());
    }
    if let Some((x, y)) = cursor {
        assert!(x < size.width && y < size.height, "the cursor is at {x}, {y}");
    }
    if size.width >= ROOM.0 && size.height >= ROOM.1 {
        assert_cursor(app, cursor);
    }
    assert_no_secret(&lines.join("\n"), app.form(), has_token);
}

/// Asserts that there is a cursor where something can be typed or chosen, and none where keys have no effect.
fn assert_cursor(app: &App, cursor: Option<(u16, u16)>) {
    let wanted = match (app.top_dialog(), app.screen()) {
        (Some(Dialog::Picker(_) | Dialog::FieldSearch(_) | Dialog::Accounts(_)), _)
        | (None, Screen::Step(_) | Screen::Home(_)) => true,
        (None, Screen::Confirm(confirm)) => confirm.is_armed(),
        (None, Screen::Review(_)) => return,
        _ => app.input_line(usize::MAX).is_some_and(|line| line.cursor.is_some()),
    };
    assert_eq!(cursor.is_some(), wanted, "the cursor is {cursor:?}");
    let body = app.frame().body;
    assert!(
        cursor.is_none_or(|(_, y)| (body.y..body.y + body.height).contains(&y)),
        "the cursor is outside of the body"
    );
}

/// Asserts that no secret is shown: of a card number at most the last four digits, of a CVV nothing.
fn assert_no_secret(text: &str, form: &Form, has: fn(&str, &str) -> bool) {
    for field in form.product().field_ids() {
        let Some(secret) = form.secret(FieldPlace { field, row: RowKey::SINGLE }).map(zegel::secret::Secret::expose)
        else {
            continue;
        };
        let leaks = match form.product()[field].secret {
            Some(SecretDisplay::Last4) if secret.len() >= 10 => text.contains(&secret[..secret.len() - 4]),
            Some(SecretDisplay::All) if secret.len() >= 4 => has(text, secret),
            _ => false,
        };
        assert!(!leaks, "a secret stands in:\n{text}");
    }
}

/// Asserts the same for the debug output of a value.
pub(crate) fn assert_no_secret_in_debug(value: impl Debug, form: &Form) {
    if !form.has_secrets() {
        return;
    }
    let report = format!("{value:?}");
    assert_no_secret(&report, form, |report, secret| {
        report.contains(&format!("\"{secret}")) || report.contains(&format!("{secret}\\\""))
    });
    for field in form.product().field_ids() {
        let secret = form.secret(FieldPlace { field, row: RowKey::SINGLE }).map_or("", zegel::secret::Secret::expose);
        let bytes = secret.bytes().map(|b| b.to_string()).collect::<Vec<_>>().join(", ");
        assert!(secret.len() < 4 || !report.contains(&bytes), "a secret stands in:\n{report}");
    }
}

/// Returns true if these digits are in a text without a digit, letter or mask beside them.
fn has_token(text: &str, digits: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '*');
    text.match_indices(digits).any(|(at, _)| {
        let end = at + digits.len();
        !part(text[..at].chars().next_back()) && !part(text[end..].chars().next())
    })
}

/// Returns the text of a preview with the secrets in place of their masks.
pub(crate) fn with_secrets(shown: &str, form: &Form) -> String {
    let made = form.payload_text();
    let lines = shown.lines().zip(made.lines()).map(|(shown, line)| {
        let secret = line.place.and_then(|at| Some((form.secret(at)?, form.product()[at.field].secret?)));
        match secret {
            Some((secret, show)) => {
                let mask = format!("\"{}\"", payload_text::mask_secret(secret, show));
                assert!(shown.contains(&mask), "{shown} does not mask its secret");
                shown.replacen(&mask, &format!("\"{}\"", secret.expose()), 1)
            }
            None => shown.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
