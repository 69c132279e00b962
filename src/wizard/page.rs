//! The page of a step as lines of text with a meaning: labels, values, what is wrong, what is good to know.
//!
//! Both `update` (to scroll) and `draw` (to paint) read it. Where there is room labels stand beside their values,
//! else above them.

use super::fields::Style;
use super::items::{Item, Undo};
use super::{Model, Spot};
use crate::form::Place;
use crate::layout::{self, Line, Tone, WIDE, paragraph};
use crate::product::{Blank, GroupId, Level, List, StepId, Telling};
use crate::text;

/// The column at which values begin where there is room, and where there is not.
const VALUES: [usize; 2] = [28, 4];

/// A line of a page, with what it belongs to.
pub(super) type PageLine = (Option<Spot>, Line);

/// How wide a page is, and where its values begin.
#[derive(Clone, Copy)]
struct Sheet {
    width: usize,
    values: usize,
}

impl Sheet {
    fn new(width: usize) -> Self {
        let wide = width >= usize::from(WIDE);
        // The last columns are kept free for the marks that say how much there is above and below.
        Self { width: width.saturating_sub(4), values: VALUES[usize::from(!wide)] }
    }

    fn beside(self) -> bool {
        self.values == VALUES[0]
    }

    /// Columns for a value.
    fn room(self) -> usize {
        self.width.saturating_sub(self.values + 1).max(1)
    }
}

impl Model {
    /// The page of the step in front.
    pub fn page(&self, width: usize) -> Vec<PageLine> {
        let Some(step) = self.step() else { return Vec::new() };
        let sheet = Sheet::new(width);
        self.items(step).into_iter().flat_map(|item| self.item_lines(step, item, sheet)).collect()
    }

    fn item_lines(&self, step: StepId, item: Item, sheet: Sheet) -> Vec<PageLine> {
        let product = self.product();
        match item {
            Item::Intro => {
                let mut lines = plain(paragraph(Tone::Dim, self.words(&product[step].intro), 1, sheet.width));
                let begun = self.begun_above(step);
                lines.extend(
                    begun.map(|text| plain(paragraph(Tone::Note, &text, 1, sheet.width))).into_iter().flatten(),
                );
                lines.push((None, Line::default()));
                lines
            }
            Item::Heading(group) => {
                let title = product[group].title.as_ref().map_or("", |title| self.words(title));
                vec![(None, Line::default()), (None, Line::of(Tone::Heading, format!(" {title}")))]
            }
            Item::RowHeading(group, number) => {
                let row = capital(self.row_word(group));
                let heading = self.lang.tell("page.row", &[("row", &row), ("number", &number.to_string())]);
                let gap = (number > 1).then(|| (None, Line::default()));
                gap.into_iter().chain([(None, Line::of(Tone::Heading, format!(" {heading}")))]).collect()
            }
            Item::Outdated(group, row) => {
                let said = self.outdated_in(group, row).map(|one| format!("! {}", self.outdated_words(&one)));
                plain(paragraph(Tone::Warning, &said.unwrap_or_default(), 3, sheet.width))
            }
            Item::Spot(Spot::Field(at)) => self.field_lines(at, sheet),
            Item::Spot(spot) => self.button_lines(spot, sheet),
        }
    }

    fn has_focus(&self, spot: Spot) -> bool {
        self.spot() == Some(spot)
    }

    fn field_lines(&self, at: Place, sheet: Sheet) -> Vec<PageLine> {
        let mut lines = match self.style(at) {
            Style::Check => self.check_lines(at, sheet),
            _ => self.labelled(at, sheet),
        };
        for (tone, text) in self.said_at(at) {
            lines.extend(paragraph(tone, &text, sheet.values, sheet.width));
        }
        lines.into_iter().map(|line| (Some(Spot::Field(at)), line)).collect()
    }

    fn marker(&self, spot: Spot) -> Line {
        Line::of(Tone::Focus, if self.has_focus(spot) { " › " } else { "   " })
    }

    fn label_tone(&self, spot: Spot) -> Tone {
        if self.has_focus(spot) { Tone::Focus } else { Tone::Label }
    }

    /// Label and value, beside each other or one above the other.
    fn labelled(&self, at: Place, sheet: Sheet) -> Vec<Line> {
        let spot = Spot::Field(at);
        let room = if sheet.beside() { sheet.values - 4 } else { sheet.width.saturating_sub(3) };
        let label = self.marker(spot).with(self.label_tone(spot), text::clip(self.label(at), room));
        let mut values = self.value_lines(at, sheet).into_iter();
        if !sheet.beside() {
            return std::iter::once(label).chain(values.map(|value| indented(value, sheet))).collect();
        }
        let first = join(label.pad(sheet.values), values.next().unwrap_or_default());
        std::iter::once(first).chain(values.map(|value| indented(value, sheet))).collect()
    }

    fn value_lines(&self, at: Place, sheet: Sheet) -> Vec<Line> {
        match self.style(at) {
            Style::Radio => self.radio_lines(at, sheet),
            Style::Line | Style::Secret => vec![self.typed_line(at, sheet)],
            Style::Pick => {
                let value = self.value(at);
                let line = if value.is_empty() {
                    self.placeholder(at)
                } else {
                    Line::of(Tone::Plain, text::clip(&value, sheet.room() - 1))
                };
                vec![self.with_cursor(at, line.with(Tone::Dim, " ▾"))]
            }
            Style::Fixed | Style::Check => vec![self.with_cursor(at, Line::of(Tone::Fixed, self.value(at)))],
        }
    }

    fn with_cursor(&self, at: Place, line: Line) -> Line {
        if self.has_focus(Spot::Field(at)) { line.at(0) } else { line }
    }

    fn placeholder(&self, at: Place) -> Line {
        Line::of(Tone::Dim, self.say(if self.optional(at) { "page.optional" } else { "page.required" }))
    }

    /// A line that can be typed into, with the cursor if it has the focus.
    fn typed_line(&self, at: Place, sheet: Sheet) -> Line {
        let value = self.value(at);
        let focused = self.has_focus(Spot::Field(at));
        if value.is_empty() && !focused {
            return self.placeholder(at);
        }
        let cursor = match self.editor.as_ref().filter(|editor| editor.place == at) {
            Some(editor) => editor.input.cursor(),
            None => value.chars().count(),
        };
        let (shown, column) = layout::view(&value, if focused { cursor } else { 0 }, sheet.room());
        let line = Line::of(Tone::Plain, shown);
        if focused { line.at(column) } else { line }
    }

    /// The options one after another, on as many lines as they need.
    fn radio_lines(&self, at: Place, sheet: Sheet) -> Vec<Line> {
        let text = self.form.text(at);
        let options = self.options(at).into_iter();
        let mut labels: Vec<(bool, String)> =
            options.map(|option| (option.id == text, self.words(&option.label).to_owned())).collect();
        if !text.is_empty() && !labels.iter().any(|(chosen, _)| *chosen) || self.is_odd(at) {
            labels.push((true, self.value(at)));
        }
        // Where nothing is chosen the cursor stands on the first.
        let on = labels.iter().position(|(chosen, _)| *chosen).unwrap_or(0);
        let mut lines = vec![Line::default()];
        for (index, (chosen, label)) in labels.into_iter().enumerate() {
            let unit =
                format!("({}) {}", if chosen { '•' } else { ' ' }, text::clip(&label, sheet.room().saturating_sub(4)));
            let last = lines.last().map_or(0, Line::width);
            if last > 0 && last + 2 + text::width(&unit) > sheet.room() {
                lines.push(Line::default());
            }
            if let Some(line) = lines.pop() {
                let line = option_unit(line, chosen, &unit);
                let cursor =
                    (index == on && self.has_focus(Spot::Field(at))).then(|| line.width() + 1 - text::width(&unit));
                lines.push(Line { cursor: cursor.or(line.cursor), ..line });
            }
        }
        lines
    }

    /// A box with its label behind it.
    fn check_lines(&self, at: Place, sheet: Sheet) -> Vec<Line> {
        let spot = Spot::Field(at);
        let tick = if self.is_odd(at) {
            '?'
        } else if self.ticked(at) {
            'x'
        } else {
            ' '
        };
        let label = paragraph(self.label_tone(spot), self.label(at), 0, sheet.width.saturating_sub(7));
        let mut lines = Vec::new();
        for (index, line) in label.into_iter().enumerate() {
            let head = match index {
                0 => self.marker(spot).with(Tone::Plain, format!("[{tick}] ")),
                _ => Line::default().pad(7),
            };
            lines.push(join(head, line));
        }
        if self.has_focus(spot)
            && let Some(first) = lines.first_mut()
        {
            first.cursor = Some(4);
        }
        lines
    }

    /// What is said under a field: why it is fixed, what its option means, what the account knows, what is wrong.
    fn said_at(&self, at: Place) -> Vec<(Tone, String)> {
        let field = &self.product()[at.field];
        let mut said = Vec::new();
        if field.fixed.is_some() {
            said.push((Tone::Dim, self.words(&field.help).to_owned()));
        }
        let note = field.option(self.form.text(at)).and_then(|option| option.note.as_ref());
        said.extend(note.map(|note| (Tone::Note, self.words(note).to_owned())));
        said.extend(self.since_issue(at).map(|text| (Tone::Note, text)));
        said.extend(self.sent_blank(at).map(|text| (Tone::Note, text)));
        said.extend(self.suggestion_words(at).map(|text| (Tone::Note, text)));
        said.extend(self.known_at(at));
        said.extend(self.guide_said(at));
        for problem in self.marks.shown_at(at) {
            let (tone, mark) = match problem.level {
                Level::Error => (Tone::Error, "✗"),
                Level::Warning => (Tone::Warning, "!"),
            };
            said.push((tone, format!("{mark} {}", problem.say(&self.lang))));
        }
        said.extend(self.alike_said(at));
        for remark in self.marks.remarks_at(at) {
            said.push((Tone::Error, format!("✗ {}", self.remark_text(&remark.error))));
        }
        said
    }

    /// That a blank is sent, once the field was left.
    fn sent_blank(&self, at: Place) -> Option<String> {
        let sent = self.product()[at.field].blank == Blank::Send && self.form.held(at).is_some();
        let left = self.marks.is_shown(at) && self.form.text(at).is_empty();
        (sent && left).then(|| self.say("page.sent_blank").to_owned())
    }

    /// What may be meant by what is being typed, and how it is taken.
    fn suggestion_words(&self, at: Place) -> Option<String> {
        let suggested = if self.has_focus(Spot::Field(at)) { self.form.suggested(at) } else { Vec::new() };
        let (first, others) = suggested.split_first()?;
        let id = match others {
            _ if self.form.is_blank(at) => "page.suggested",
            [] => "page.suggested_one",
            _ => "page.suggested_first",
        };
        let all = suggested.join(", ");
        Some(self.lang.tell(id, &[("all", &all), ("first", first), ("others", &others.join(", "))]))
    }

    /// What the account knows that matters here.
    fn known_at(&self, at: Place) -> Option<(Tone, String)> {
        let field = &self.product()[at.field];
        if self.form.is_organization(at) {
            let id = self.form.text(at).parse().ok()?;
            let found = self.known.organization(id)?;
            let parts = [&found.address, &found.zip, &found.city, &found.country];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
            return (!parts.is_empty()).then(|| (Tone::Note, parts.join(", ")));
        }
        if field.source.as_ref().is_some_and(|source| source.list == List::ValidityYears) {
            let years = self.known.product.as_ref()?.years.as_ref()?;
            let years: Vec<String> = years.iter().map(u32::to_string).collect();
            let said = self.lang.tell("page.years_allowed", &[("years", &years.join(", "))]);
            return Some((Tone::Note, said));
        }
        let tells = field.option(self.form.text(at)).and_then(|option| option.tells);
        tells.map(|tells| match tells {
            Telling::Funds => (Tone::Note, self.balance_words()),
            Telling::Profile => self.card_words(),
        })
    }

    fn button_lines(&self, spot: Spot, sheet: Sheet) -> Vec<PageLine> {
        let label = text::clip(&self.button_label(spot), sheet.width.saturating_sub(8)).into_owned();
        let tone = if self.has_focus(spot) { Tone::Focus } else { Tone::Button };
        let line = self.marker(spot).with(tone, format!("[ {label} ]"));
        let line = if self.has_focus(spot) { line.at(3) } else { line };
        let gap = matches!(spot, Spot::Forward | Spot::Add(_)).then(|| (None, Line::default()));
        gap.into_iter().chain([(Some(spot), line)]).collect()
    }

    /// What a row of a list is called.
    pub(super) fn row_word(&self, group: GroupId) -> &'static str {
        self.product()[group].row.as_ref().map_or("", |row| self.words(row))
    }

    /// What a button says.
    pub(super) fn button_label(&self, spot: Spot) -> String {
        let product = self.product();
        match spot {
            Spot::Field(at) => self.label(at).to_owned(),
            Spot::Agreement => self.say("button.agreement").to_owned(),
            Spot::Add(group) => self.lang.tell("button.add", &[("row", self.row_word(group))]),
            Spot::Remove(group, _) => self.lang.tell("button.remove", &[("row", self.row_word(group))]),
            Spot::Copy { from, .. } => {
                let step = self.words(&product[product[from].step].title);
                self.lang.tell("button.copy", &[("step", step)])
            }
            Spot::CopyAgain(..) => self.say("button.copy_again").to_owned(),
            Spot::KeepCopy(..) => self.say("button.keep_copy").to_owned(),
            Spot::Take(id) => self.take_words(id),
            Spot::TakeBack => self.say(self.undo.as_ref().map_or("", Undo::text)).to_owned(),
            Spot::Experts if self.experts => self.say("button.experts_fold").to_owned(),
            Spot::Experts => self.say("button.experts").to_owned(),
            Spot::Forward => {
                let last = self.guide_next().unwrap_or(self.say("review.title"));
                let name = self.next_step().map_or(last, |step| self.words(&product[step].title));
                self.lang.tell("button.forward", &[("step", name)])
            }
        }
    }
}

fn plain(lines: Vec<Line>) -> Vec<PageLine> {
    lines.into_iter().map(|line| (None, line)).collect()
}

/// The second line behind the first.
fn join(mut first: Line, second: Line) -> Line {
    let width = first.width();
    first.cursor = second.cursor.map(|column| width + column).or(first.cursor);
    first.spans.extend(second.spans);
    first
}

/// With a capital, as a heading begins.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// An option behind those that stand on the line already.
fn option_unit(line: Line, chosen: bool, unit: &str) -> Line {
    let line = if line.width() > 0 { line.with(Tone::Plain, "  ") } else { line };
    line.with(if chosen { Tone::Plain } else { Tone::Dim }, unit)
}

fn indented(line: Line, sheet: Sheet) -> Line {
    join(Line::default().pad(sheet.values), line)
}
