//! The summary of Review: errors, the button to Confirm, warnings, and every value by step.
//!
//! Following an entry to its target belongs to `review`. Values are shown whole, on lines of their own if they do not
//! fit.

use super::ReviewScreen;
use crate::form::{FieldPlace, ProblemTarget, RowKey};
use crate::i18n::{texts, with};
use crate::product::{GroupId, OptionDetail, Severity, StepId};
use crate::text;
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::feedback::review_notice_texts;
use crate::tui::session::field_text::row_word;
use crate::tui::session::field_text::{display_value, field_label, product_text};
use crate::tui::session::outdated_copies::{labeled_outdated_copy_text, outdated_copies};
use crate::tui::session::problem_text::{full_field_label, is_in_summary, problem_label, server_remark_text};
use crate::tui::session::stored_card::stored_card_note;
use crate::tui::widgets::{Line, wrap_paragraph};

/// The target of a summary entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SummaryTarget {
    Nowhere,
    /// Where a problem can be fixed.
    Problem(ProblemTarget),
    Field(FieldPlace),
    Step(StepId),
    Confirm,
    /// Copies or fills in a row again.
    CopyAgain(GroupId, RowKey),
    /// Keeps a row as it is.
    KeepCopy(GroupId, RowKey),
}

/// An entry of the summary, on one line or more.
pub(super) struct SummaryEntry {
    pub(super) target: SummaryTarget,
    pub(super) lines: Vec<Line>,
}

impl ReviewScreen {
    pub(super) fn summary_entries(&self, session: &Session, width: usize) -> Vec<SummaryEntry> {
        let mut entries = Vec::new();
        if session.account.is_none() {
            let lines = wrap_paragraph(Tone::Note, session.text(texts::notice::NO_ACCOUNT), 3, width);
            entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines });
        }
        for notice in session.feedback.attempt_outcome.iter().cloned().chain(review_notice_texts(session)) {
            entries.push(SummaryEntry {
                target: SummaryTarget::Nowhere,
                lines: wrap_paragraph(Tone::Note, &notice, 3, width),
            });
        }
        if let Some((path, digest)) = self.opened_file_digest(session) {
            let text = session.lang.format(texts::review::FILE, (with::Path(&path.display()), with::Digest(&digest)));
            entries.push(SummaryEntry {
                target: SummaryTarget::Nowhere,
                lines: wrap_paragraph(Tone::Note, &text, 3, width),
            });
        }
        push_remark_entries(session, width, &mut entries);
        push_problem_entries(session, width, Severity::Error, &mut entries);
        push_outdated_entries(session, width, &mut entries);
        let onward =
            if session.order_machine.is_outcome_open() { texts::review::UNKNOWN } else { texts::review::CONFIRM };
        let confirm = Line::new(Tone::Button, format!("   [ {} ]", session.text(onward)));
        entries.push(SummaryEntry { target: SummaryTarget::Confirm, lines: vec![confirm] });
        push_problem_entries(session, width, Severity::Warning, &mut entries);
        for step in (0..session.product().steps.len()).map(StepId) {
            push_step_entries(session, step, width, &mut entries);
        }
        push_foreign_entries(session, width, &mut entries);
        entries
    }

    /// Returns the lines of the summary in view; the selected entry is marked.
    pub(super) fn summary_lines(&self, session: &Session, width: usize, rows: usize) -> Vec<Line> {
        let entries = self.summary_entries(session, width).into_iter().enumerate();
        let lines = entries.flat_map(|(index, entry)| {
            let mut lines = entry.lines;
            if index == self.selected_entry && !lines.is_empty() {
                let first = lines.remove(0);
                lines.insert(0, mark_selected_line(first));
            }
            lines
        });
        lines.skip(self.summary_top).take(rows).collect()
    }
}

/// Adds the outdated copies, each with the buttons to copy it again and to keep it.
fn push_outdated_entries(session: &Session, width: usize, entries: &mut Vec<SummaryEntry>) {
    for one in outdated_copies(session) {
        let lines = marked_text_lines(Tone::Warning, '!', &labeled_outdated_copy_text(session, &one), width);
        entries.push(SummaryEntry { target: SummaryTarget::Field(one.first_field), lines });
        let again = (SummaryTarget::CopyAgain(one.group, one.row), texts::button::COPY_AGAIN);
        let keep = (SummaryTarget::KeepCopy(one.group, one.row), texts::button::KEEP_COPY);
        for (leads, id) in one.has_source().then_some(again).into_iter().chain([keep]) {
            let lines = vec![Line::new(Tone::Button, format!("     [ {} ]", session.text(id)))];
            entries.push(SummaryEntry { target: leads, lines });
        }
    }
}

fn push_remark_entries(session: &Session, width: usize, entries: &mut Vec<SummaryEntry>) {
    for remark in &session.feedback.remarks {
        let message = server_remark_text(session, &remark.error);
        let text = remark.place().map(|at| format!("{}: {message}", full_field_label(session, at))).unwrap_or(message);
        let leads = remark.place().map_or(SummaryTarget::Nowhere, SummaryTarget::Field);
        entries.push(SummaryEntry { target: leads, lines: marked_text_lines(Tone::Error, '✗', &text, width) });
    }
}

fn push_problem_entries(session: &Session, width: usize, level: Severity, entries: &mut Vec<SummaryEntry>) {
    let (tone, mark) = match level {
        Severity::Error => (Tone::Error, '✗'),
        Severity::Warning => (Tone::Warning, '!'),
    };
    for problem in session.feedback.problems.iter().filter(|problem| problem.level == level) {
        let text = format!("{}: {}", problem_label(session, &problem.target), problem.message(&session.lang));
        let lines = marked_text_lines(tone, mark, &text, width);
        entries.push(SummaryEntry { target: SummaryTarget::Problem(problem.target.clone()), lines });
    }
}

fn push_step_entries(session: &Session, step: StepId, width: usize, entries: &mut Vec<SummaryEntry>) {
    let title = Line::new(Tone::Heading, format!("   {}", product_text(session, &session.product()[step].title)));
    entries.push(SummaryEntry { target: SummaryTarget::Step(step), lines: vec![title] });
    for group in session.product().groups_of(step) {
        for (index, row) in session.form.rows(group).iter().enumerate() {
            push_row_entries(session, group, *row, index + 1, width, entries);
        }
    }
}

/// Adds the values of a row, under a heading if the group has a title or more than one row. A mode is shown only if
/// there is no other value.
fn push_row_entries(
    session: &Session,
    group: GroupId,
    row: RowKey,
    number: usize,
    width: usize,
    entries: &mut Vec<SummaryEntry>,
) {
    let fields = session.product().fields_of(group).map(|field| FieldPlace { field, row });
    let shown: Vec<FieldPlace> =
        fields.filter(|at| session.form.is_visible(*at) && is_in_summary(session, *at)).collect();
    let (modes, values): (Vec<FieldPlace>, Vec<FieldPlace>) =
        shown.into_iter().partition(|at| session.product()[at.field].is_mode());
    let several = (session.form.rows(group).len() > 1).then(|| format!("{} {number}", row_word(session, group)));
    let title = session.product()[group].title.as_ref().map(|title| product_text(session, title).to_owned());
    if let Some(heading) = title.or(several).filter(|_| !values.is_empty()) {
        let line = Line::new(Tone::Dim, format!("    {heading}"));
        entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines: vec![line] });
    }
    for at in if values.is_empty() { modes } else { values } {
        let lines =
            summary_value_lines(session, at, width).into_iter().chain(stored_card_lines(session, at, width)).collect();
        entries.push(SummaryEntry { target: SummaryTarget::Field(at), lines });
    }
}

/// Returns a field with its value on one line, or with the value below if it does not fit.
fn summary_value_lines(session: &Session, at: FieldPlace, width: usize) -> Vec<Line> {
    let label = format!("     {}: ", field_label(session, at));
    let value = display_value(session, at);
    let value = if value.is_empty() { "–" } else { &value };
    if text::display_width(&label) + text::display_width(value) < width {
        return vec![Line::new(Tone::Dim, label).with_span(Tone::Plain, value)];
    }
    let mut lines = wrap_paragraph(Tone::Dim, &format!("{}:", field_label(session, at)), 5, width);
    lines.extend(wrap_paragraph(Tone::Plain, value, 7, width));
    lines
}

/// Returns the note on the stored card, under the field that has the card charged.
fn stored_card_lines(session: &Session, at: FieldPlace, width: usize) -> Vec<Line> {
    let tells = session.product()[at.field].find_option(session.form.text(at)).and_then(|option| option.tells);
    let note = (tells == Some(OptionDetail::Profile)).then(|| stored_card_note(session));
    note.map(|(tone, text)| wrap_paragraph(tone, &text, 7, width)).unwrap_or_default()
}

fn push_foreign_entries(session: &Session, width: usize, entries: &mut Vec<SummaryEntry>) {
    let foreign = session.form.foreign_members();
    if foreign.is_empty() {
        return;
    }
    let title = Line::new(Tone::Heading, format!("   {}", session.text(texts::review::FOREIGN)));
    entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines: vec![title] });
    for (pointer, _) in foreign {
        let lines = wrap_paragraph(Tone::Warning, &pointer, 5, width);
        entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines });
    }
}

/// Returns the title above the summary.
pub(crate) fn summary_title(session: &Session) -> String {
    let count = |level| session.feedback.problems.iter().filter(|problem| problem.level == level).count();
    let errors = (count(Severity::Error) + session.feedback.remarks.len()).to_string();
    let warnings = (count(Severity::Warning) + outdated_copies(session).len()).to_string();
    session.lang.format(texts::review::SUMMARY, (with::Errors(&errors), with::Warnings(&warnings)))
}

/// Replaces the second column of a line with the mark of the selection.
fn mark_selected_line(line: Line) -> Line {
    let mut spans = line.spans.into_iter();
    let first = spans.next();
    let text = first.as_ref().map_or("", |span| span.text());
    let rest = text.get(2..).unwrap_or("").to_owned();
    let tone = first.as_ref().map_or(Tone::Selected, |span| span.tone);
    let mut line = Line::new(Tone::Focus, " ›")
        .with_span(if tone == Tone::Plain || tone == Tone::Dim { Tone::Selected } else { tone }, rest);
    line.spans.extend(spans);
    line.cursor = Some(1);
    line
}

/// Returns a text behind a mark; further lines are indented.
fn marked_text_lines(tone: Tone, mark: char, text: &str, width: usize) -> Vec<Line> {
    let mut lines = wrap_paragraph(tone, text, 5, width);
    if let Some(first) = lines.first_mut() {
        *first = Line::new(tone, format!("   {mark} {}", first.text().trim_start()));
    }
    lines
}
