//! The summary of Review: what is wrong, the way on, what is worth a look, and every value by step.
//!
//! Each entry leads somewhere or nowhere; following it is the matter of `review`. Values are shown whole, on lines
//! of their own where they do not fit.

use super::ReviewScreen;
use crate::domain::ServerError;
use crate::form::{FieldPlace, ProblemTarget, RowKey};
use crate::product::{GroupId, OptionDetail, Severity, StepId, ValueKind};
use crate::text;
use crate::tone::Tone;
use crate::tui::app::App;
use crate::tui::widgets::{Line, wrap_paragraph};

/// Where an entry of the summary leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SummaryTarget {
    Nowhere,
    /// To where a problem can be mended.
    Problem(ProblemTarget),
    /// To a field.
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

impl App {
    /// Everything in it.
    pub(super) fn summary_entries(&self, width: usize) -> Vec<SummaryEntry> {
        let mut entries = Vec::new();
        if self.account.is_none() {
            let lines = wrap_paragraph(Tone::Note, self.text("notice.no_account"), 3, width);
            entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines });
        }
        for notice in self.feedback.attempt_outcome.iter().cloned().chain(self.review_notice_texts()) {
            entries.push(SummaryEntry {
                target: SummaryTarget::Nowhere,
                lines: wrap_paragraph(Tone::Note, &notice, 3, width),
            });
        }
        if let Some((path, digest)) = self.opened_file_digest() {
            let said =
                self.lang.format_text("review.file", &[("path", &path.display().to_string()), ("digest", digest)]);
            entries.push(SummaryEntry {
                target: SummaryTarget::Nowhere,
                lines: wrap_paragraph(Tone::Note, &said, 3, width),
            });
        }
        self.push_remark_entries(width, &mut entries);
        self.push_problem_entries(width, Severity::Error, &mut entries);
        self.push_outdated_entries(width, &mut entries);
        let onward = if self.order_machine.is_outcome_open() { "review.unknown" } else { "review.confirm" };
        let confirm = Line::new(Tone::Button, format!("   [ {} ]", self.text(onward)));
        entries.push(SummaryEntry { target: SummaryTarget::Confirm, lines: vec![confirm] });
        self.push_problem_entries(width, Severity::Warning, &mut entries);
        for step in (0..self.product().steps.len()).map(StepId) {
            self.push_step_entries(step, width, &mut entries);
        }
        self.push_foreign_entries(width, &mut entries);
        entries
    }

    /// What was copied from something that says something else now, with what can be done about it.
    fn push_outdated_entries(&self, width: usize, entries: &mut Vec<SummaryEntry>) {
        for one in self.outdated_copies() {
            let lines = marked_text_lines(Tone::Warning, '!', &self.labeled_outdated_copy_text(&one), width);
            entries.push(SummaryEntry { target: SummaryTarget::Field(one.first_field), lines });
            let again = (SummaryTarget::CopyAgain(one.group, one.row), "button.copy_again");
            let keep = (SummaryTarget::KeepCopy(one.group, one.row), "button.keep_copy");
            for (leads, id) in one.has_source().then_some(again).into_iter().chain([keep]) {
                let lines = vec![Line::new(Tone::Button, format!("     [ {} ]", self.text(id)))];
                entries.push(SummaryEntry { target: leads, lines });
            }
        }
    }

    fn push_remark_entries(&self, width: usize, entries: &mut Vec<SummaryEntry>) {
        for remark in &self.feedback.remarks {
            let said = self.server_remark_text(&remark.error);
            let text = remark.place().map(|at| format!("{}: {said}", self.full_field_label(at))).unwrap_or(said);
            let leads = remark.place().map_or(SummaryTarget::Nowhere, SummaryTarget::Field);
            entries.push(SummaryEntry { target: leads, lines: marked_text_lines(Tone::Error, '✗', &text, width) });
        }
    }

    fn push_problem_entries(&self, width: usize, level: Severity, entries: &mut Vec<SummaryEntry>) {
        let (tone, mark) = match level {
            Severity::Error => (Tone::Error, '✗'),
            Severity::Warning => (Tone::Warning, '!'),
        };
        for problem in self.feedback.problems.iter().filter(|problem| problem.level == level) {
            let text = format!("{}: {}", self.problem_label(&problem.target), problem.message(&self.lang));
            let lines = marked_text_lines(tone, mark, &text, width);
            entries.push(SummaryEntry { target: SummaryTarget::Problem(problem.target.clone()), lines });
        }
    }

    /// What a problem is about.
    pub(crate) fn problem_label(&self, target: &ProblemTarget) -> String {
        match target {
            ProblemTarget::Field(at) => self.full_field_label(*at),
            ProblemTarget::Group(group) => {
                self.product_text(&self.product()[self.product()[*group].step].title).to_owned()
            }
            ProblemTarget::Pointer(pointer) => pointer.clone(),
        }
    }

    /// The label of a field with where it is asked: other steps have an address too.
    fn full_field_label(&self, at: FieldPlace) -> String {
        format!("{} · {}", self.field_row_label(at), self.field_label(at))
    }

    /// Where a field is asked.
    pub(crate) fn field_row_label(&self, at: FieldPlace) -> String {
        let group = &self.product()[self.product()[at.field].group];
        let number = self.form.rows(self.product()[at.field].group).iter().position(|row| *row == at.row);
        match (&group.row, &group.title) {
            (Some(row), _) => format!("{} {}", self.product_text(row), number.unwrap_or_default() + 1),
            (None, Some(title)) => self.product_text(title).to_owned(),
            (None, None) => self.product_text(&self.product()[group.step].title).to_owned(),
        }
    }

    fn push_step_entries(&self, step: StepId, width: usize, entries: &mut Vec<SummaryEntry>) {
        let title = Line::new(Tone::Heading, format!("   {}", self.product_text(&self.product()[step].title)));
        entries.push(SummaryEntry { target: SummaryTarget::Step(step), lines: vec![title] });
        for group in self.product().groups_of(step) {
            for (index, row) in self.form.rows(group).iter().enumerate() {
                self.push_row_entries(group, *row, index + 1, width, entries);
            }
        }
    }

    /// The values of a row, under a heading of its own where the group has one or there are several. A mode is told
    /// only where nothing else is.
    fn push_row_entries(
        &self,
        group: GroupId,
        row: RowKey,
        number: usize,
        width: usize,
        entries: &mut Vec<SummaryEntry>,
    ) {
        let fields = self.product().fields_of(group).map(|field| FieldPlace { field, row });
        let told: Vec<FieldPlace> = fields.filter(|at| self.form.is_visible(*at) && self.is_in_summary(*at)).collect();
        let (modes, values): (Vec<FieldPlace>, Vec<FieldPlace>) =
            told.into_iter().partition(|at| self.product()[at.field].is_mode());
        let several = (self.form.rows(group).len() > 1).then(|| format!("{} {number}", self.row_word(group)));
        let title = self.product()[group].title.as_ref().map(|title| self.product_text(title).to_owned());
        if let Some(heading) = title.or(several).filter(|_| !values.is_empty()) {
            let line = Line::new(Tone::Dim, format!("    {heading}"));
            entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines: vec![line] });
        }
        for at in if values.is_empty() { modes } else { values } {
            let lines =
                self.summary_value_lines(at, width).into_iter().chain(self.stored_card_lines(at, width)).collect();
            entries.push(SummaryEntry { target: SummaryTarget::Field(at), lines });
        }
    }

    /// A field with its value: on one line, or the value below where it does not fit.
    fn summary_value_lines(&self, at: FieldPlace, width: usize) -> Vec<Line> {
        let label = format!("     {}: ", self.field_label(at));
        let value = self.display_value(at);
        let value = if value.is_empty() { "–" } else { &value };
        if text::display_width(&label) + text::display_width(value) < width {
            return vec![Line::new(Tone::Dim, label).with_span(Tone::Plain, value)];
        }
        let mut lines = wrap_paragraph(Tone::Dim, &format!("{}:", self.field_label(at)), 5, width);
        lines.extend(wrap_paragraph(Tone::Plain, value, 7, width));
        lines
    }

    /// The stored card, under what has it charged.
    fn stored_card_lines(&self, at: FieldPlace, width: usize) -> Vec<Line> {
        let tells = self.product()[at.field].find_option(self.form.text(at)).and_then(|option| option.tells);
        let said = (tells == Some(OptionDetail::Profile)).then(|| self.stored_card_note());
        said.map(|(tone, text)| wrap_paragraph(tone, &text, 7, width)).unwrap_or_default()
    }

    /// Whether a field is worth a line: what has a value, or should have one.
    pub(crate) fn is_in_summary(&self, at: FieldPlace) -> bool {
        let expected = self.product()[at.field].kind != ValueKind::Opaque && !self.is_optional(at);
        expected || !self.form.is_blank(at)
    }

    fn push_foreign_entries(&self, width: usize, entries: &mut Vec<SummaryEntry>) {
        let foreign = self.form.foreign_members();
        if foreign.is_empty() {
            return;
        }
        let title = Line::new(Tone::Heading, format!("   {}", self.text("review.foreign")));
        entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines: vec![title] });
        for (pointer, _) in foreign {
            let lines = wrap_paragraph(Tone::Warning, &pointer, 5, width);
            entries.push(SummaryEntry { target: SummaryTarget::Nowhere, lines });
        }
    }

    /// The words of the server, with its code.
    pub(crate) fn server_remark_text(&self, error: &ServerError) -> String {
        let said = [error.message.as_str(), error.code.as_str()];
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        format!("{}: {}", self.text("review.server"), said.join(" · "))
    }

    /// The lines of the summary in view; the chosen entry is marked.
    pub fn summary_lines(&self, review: &ReviewScreen, width: usize, rows: usize) -> Vec<Line> {
        let entries = self.summary_entries(width).into_iter().enumerate();
        let lines = entries.flat_map(|(index, entry)| {
            let mut lines = entry.lines;
            if index == review.selected_entry && !lines.is_empty() {
                let first = lines.remove(0);
                lines.insert(0, mark_selected_line(first));
            }
            lines
        });
        lines.skip(review.summary_top).take(rows).collect()
    }

    /// The title above the summary.
    pub fn summary_title(&self) -> String {
        let count = |level| self.feedback.problems.iter().filter(|problem| problem.level == level).count();
        let errors = (count(Severity::Error) + self.feedback.remarks.len()).to_string();
        let warnings = (count(Severity::Warning) + self.outdated_copies().len()).to_string();
        self.lang.format_text("review.summary", &[("errors", &errors), ("warnings", &warnings)])
    }
}

/// A line with the mark of the chosen one in the place of its first column but one.
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

/// A text behind a mark, and hanging from it where it takes more lines than one.
fn marked_text_lines(tone: Tone, mark: char, text: &str, width: usize) -> Vec<Line> {
    let mut lines = wrap_paragraph(tone, text, 5, width);
    if let Some(first) = lines.first_mut() {
        *first = Line::new(tone, format!("   {mark} {}", first.text().trim_start()));
    }
    lines
}
