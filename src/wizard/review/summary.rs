//! The summary of Review: what is wrong, the way on, what is worth a look, and every value by step.
//!
//! Each entry leads somewhere or nowhere; following it is the matter of `review`. Values are shown whole, on lines
//! of their own where they do not fit.

use super::Review;
use crate::facts::ServerError;
use crate::form::{Place, Row, Target};
use crate::layout::{Line, Tone, paragraph};
use crate::product::{GroupId, Kind, Level, StepId, Telling};
use crate::text;
use crate::wizard::Model;

/// Where an entry of the summary leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Leads {
    Nowhere,
    /// To where a problem can be mended.
    Problem(Target),
    /// To a field.
    Field(Place),
    Step(StepId),
    Confirm,
    /// Copies or fills in a row again.
    CopyAgain(GroupId, Row),
    /// Keeps a row as it is.
    KeepCopy(GroupId, Row),
}

/// An entry of the summary, on one line or more.
pub(super) struct Entry {
    pub(super) leads: Leads,
    pub(super) lines: Vec<Line>,
}

impl Model {
    /// Everything in it.
    pub(super) fn entries(&self, width: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        if self.account.is_none() {
            let lines = paragraph(Tone::Note, self.say("notice.no_account"), 3, width);
            entries.push(Entry { leads: Leads::Nowhere, lines });
        }
        for notice in self.marks.outcome.iter().cloned().chain(self.notices_said()) {
            entries.push(Entry { leads: Leads::Nowhere, lines: paragraph(Tone::Note, &notice, 3, width) });
        }
        if let Some((path, digest)) = self.file_digest() {
            let said = self.lang.tell("review.file", &[("path", &path.display().to_string()), ("digest", digest)]);
            entries.push(Entry { leads: Leads::Nowhere, lines: paragraph(Tone::Note, &said, 3, width) });
        }
        self.remark_entries(width, &mut entries);
        self.problem_entries(width, Level::Error, &mut entries);
        self.outdated_entries(width, &mut entries);
        let onward = if self.course.is_open() { "review.unknown" } else { "review.confirm" };
        let confirm = Line::of(Tone::Button, format!("   [ {} ]", self.say(onward)));
        entries.push(Entry { leads: Leads::Confirm, lines: vec![confirm] });
        self.problem_entries(width, Level::Warning, &mut entries);
        for step in (0..self.product().steps.len()).map(StepId) {
            self.step_entries(step, width, &mut entries);
        }
        self.foreign_entries(width, &mut entries);
        entries
    }

    /// What was copied from something that says something else now, with what can be done about it.
    fn outdated_entries(&self, width: usize, entries: &mut Vec<Entry>) {
        for one in self.outdated() {
            let lines = marked(Tone::Warning, '!', &self.outdated_named(&one), width);
            entries.push(Entry { leads: Leads::Field(one.first), lines });
            let again = (Leads::CopyAgain(one.group, one.row), "button.copy_again");
            let keep = (Leads::KeepCopy(one.group, one.row), "button.keep_copy");
            for (leads, id) in one.has_source().then_some(again).into_iter().chain([keep]) {
                let lines = vec![Line::of(Tone::Button, format!("     [ {} ]", self.say(id)))];
                entries.push(Entry { leads, lines });
            }
        }
    }

    fn remark_entries(&self, width: usize, entries: &mut Vec<Entry>) {
        for remark in &self.marks.remarks {
            let said = self.remark_text(&remark.error);
            let text = remark.place().map(|at| format!("{}: {said}", self.full_label(at))).unwrap_or(said);
            let leads = remark.place().map_or(Leads::Nowhere, Leads::Field);
            entries.push(Entry { leads, lines: marked(Tone::Error, '✗', &text, width) });
        }
    }

    fn problem_entries(&self, width: usize, level: Level, entries: &mut Vec<Entry>) {
        let (tone, mark) = match level {
            Level::Error => (Tone::Error, '✗'),
            Level::Warning => (Tone::Warning, '!'),
        };
        for problem in self.marks.problems.iter().filter(|problem| problem.level == level) {
            let text = format!("{}: {}", self.target_label(&problem.target), problem.say(&self.lang));
            let lines = marked(tone, mark, &text, width);
            entries.push(Entry { leads: Leads::Problem(problem.target.clone()), lines });
        }
    }

    /// What a problem is about.
    pub(in crate::wizard) fn target_label(&self, target: &Target) -> String {
        match target {
            Target::Field(at) => self.full_label(*at),
            Target::Group(group) => self.words(&self.product()[self.product()[*group].step].title).to_owned(),
            Target::Pointer(pointer) => pointer.clone(),
        }
    }

    /// The label of a field with where it is asked: other steps have an address too.
    fn full_label(&self, at: Place) -> String {
        format!("{} · {}", self.row_label(at), self.label(at))
    }

    /// Where a field is asked.
    pub(in crate::wizard) fn row_label(&self, at: Place) -> String {
        let group = &self.product()[self.product()[at.field].group];
        let number = self.form.rows(self.product()[at.field].group).iter().position(|row| *row == at.row);
        match (&group.row, &group.title) {
            (Some(row), _) => format!("{} {}", self.words(row), number.unwrap_or_default() + 1),
            (None, Some(title)) => self.words(title).to_owned(),
            (None, None) => self.words(&self.product()[group.step].title).to_owned(),
        }
    }

    fn step_entries(&self, step: StepId, width: usize, entries: &mut Vec<Entry>) {
        let title = Line::of(Tone::Heading, format!("   {}", self.words(&self.product()[step].title)));
        entries.push(Entry { leads: Leads::Step(step), lines: vec![title] });
        for group in self.product().groups_of(step) {
            for (index, row) in self.form.rows(group).iter().enumerate() {
                self.row_entries(group, *row, index + 1, width, entries);
            }
        }
    }

    /// The values of a row, under a heading of its own where the group has one or there are several. A mode is told
    /// only where nothing else is.
    fn row_entries(&self, group: GroupId, row: Row, number: usize, width: usize, entries: &mut Vec<Entry>) {
        let fields = self.product().fields_of(group).map(|field| Place { field, row });
        let told: Vec<Place> = fields.filter(|at| self.form.visible(*at) && self.is_told(*at)).collect();
        let (modes, values): (Vec<Place>, Vec<Place>) =
            told.into_iter().partition(|at| self.product()[at.field].is_mode());
        let several = (self.form.rows(group).len() > 1).then(|| format!("{} {number}", self.row_word(group)));
        let title = self.product()[group].title.as_ref().map(|title| self.words(title).to_owned());
        if let Some(heading) = title.or(several).filter(|_| !values.is_empty()) {
            let line = Line::of(Tone::Dim, format!("    {heading}"));
            entries.push(Entry { leads: Leads::Nowhere, lines: vec![line] });
        }
        for at in if values.is_empty() { modes } else { values } {
            let lines = self.told_lines(at, width).into_iter().chain(self.card_lines(at, width)).collect();
            entries.push(Entry { leads: Leads::Field(at), lines });
        }
    }

    /// A field with its value: on one line, or the value below where it does not fit.
    fn told_lines(&self, at: Place, width: usize) -> Vec<Line> {
        let label = format!("     {}: ", self.label(at));
        let value = self.value(at);
        let value = if value.is_empty() { "–" } else { &value };
        if text::width(&label) + text::width(value) < width {
            return vec![Line::of(Tone::Dim, label).with(Tone::Plain, value)];
        }
        let mut lines = paragraph(Tone::Dim, &format!("{}:", self.label(at)), 5, width);
        lines.extend(paragraph(Tone::Plain, value, 7, width));
        lines
    }

    /// The stored card, under what has it charged.
    fn card_lines(&self, at: Place, width: usize) -> Vec<Line> {
        let tells = self.product()[at.field].option(self.form.text(at)).and_then(|option| option.tells);
        let said = (tells == Some(Telling::Profile)).then(|| self.card_words());
        said.map(|(tone, text)| paragraph(tone, &text, 7, width)).unwrap_or_default()
    }

    /// Whether a field is worth a line: what has a value, or should have one.
    pub(in crate::wizard) fn is_told(&self, at: Place) -> bool {
        let expected = self.product()[at.field].kind != Kind::Opaque && !self.optional(at);
        expected || !self.form.is_blank(at)
    }

    fn foreign_entries(&self, width: usize, entries: &mut Vec<Entry>) {
        let foreign = self.form.foreign();
        if foreign.is_empty() {
            return;
        }
        let title = Line::of(Tone::Heading, format!("   {}", self.say("review.foreign")));
        entries.push(Entry { leads: Leads::Nowhere, lines: vec![title] });
        for (pointer, _) in foreign {
            let lines = paragraph(Tone::Warning, &pointer, 5, width);
            entries.push(Entry { leads: Leads::Nowhere, lines });
        }
    }

    /// The words of the server, with its code.
    pub(in crate::wizard) fn remark_text(&self, error: &ServerError) -> String {
        let said = [error.message.as_str(), error.code.as_str()];
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        format!("{}: {}", self.say("review.server"), said.join(" · "))
    }

    /// The lines of the summary in view; the chosen entry is marked.
    pub fn summary_lines(&self, review: &Review, width: usize, rows: usize) -> Vec<Line> {
        let entries = self.entries(width).into_iter().enumerate();
        let lines = entries.flat_map(|(index, entry)| {
            let mut lines = entry.lines;
            if index == review.selected && !lines.is_empty() {
                let first = lines.remove(0);
                lines.insert(0, chosen(first));
            }
            lines
        });
        lines.skip(review.top).take(rows).collect()
    }

    /// The title above the summary.
    pub fn summary_title(&self) -> String {
        let count = |level| self.marks.problems.iter().filter(|problem| problem.level == level).count();
        let errors = (count(Level::Error) + self.marks.remarks.len()).to_string();
        let warnings = (count(Level::Warning) + self.outdated().len()).to_string();
        self.lang.tell("review.summary", &[("errors", &errors), ("warnings", &warnings)])
    }
}

/// A line with the mark of the chosen one in the place of its first column but one.
fn chosen(line: Line) -> Line {
    let mut spans = line.spans.into_iter();
    let first = spans.next();
    let text = first.as_ref().map_or("", |span| span.text());
    let rest = text.get(2..).unwrap_or("").to_owned();
    let tone = first.as_ref().map_or(Tone::Chosen, |span| span.tone);
    let mut line = Line::of(Tone::Focus, " ›")
        .with(if tone == Tone::Plain || tone == Tone::Dim { Tone::Chosen } else { tone }, rest);
    line.spans.extend(spans);
    line.cursor = Some(1);
    line
}

/// A text behind a mark, and hanging from it where it takes more lines than one.
fn marked(tone: Tone, mark: char, text: &str, width: usize) -> Vec<Line> {
    let mut lines = paragraph(tone, text, 5, width);
    if let Some(first) = lines.first_mut() {
        *first = Line::of(tone, format!("   {mark} {}", first.text().trim_start()));
    }
    lines
}
