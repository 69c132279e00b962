//! The page of a step as lines: labels, values, problems and notes.
//!
//! `update` reads it to scroll, and `draw` reads it to paint. Labels are beside their values if the page is wide
//! enough, and above them otherwise.

use crate::form::FieldPlace;
use crate::i18n::{texts, with};
use crate::product::{BlankPolicy, OptionDetail, PickList, Severity, StepId};
use crate::text;
use crate::tone::Tone;
use crate::tui::screens::step::StepScreen;
use crate::tui::session::Session;
use crate::tui::session::account_defaults::step_defaults_note;
use crate::tui::session::division::payer_funds_text;
use crate::tui::session::field_text::{display_value, duration_text, field_label, is_optional, product_text, row_word};
use crate::tui::session::field_widgets::{FieldWidget, field_widget, has_unsupported_value, is_ticked, shown_options};
use crate::tui::session::outdated_copies::{outdated_copy_in, outdated_copy_text};
use crate::tui::session::page_items::{FocusTarget, PageItem, page_items};
use crate::tui::session::problem_text::server_remark_text;
use crate::tui::session::setup::{setup_field_notes, setup_next_label};
use crate::tui::session::similar_organizations::{similar_organization_note, use_organization_label};
use crate::tui::session::stored_card::stored_card_note;
use crate::tui::widgets::{Line, MIN_WIDE_COLUMNS, wrap_paragraph};

/// The column at which values begin on a wide page, and on a narrow one.
const VALUE_COLUMNS: [usize; 2] = [28, 4];

/// A line of a page, with the target that it belongs to.
pub(crate) type PageLine = (Option<FocusTarget>, Line);

/// The width of a page, and the column at which its values begin.
#[derive(Clone, Copy)]
struct PageLayout {
    width: usize,
    value_column: usize,
}

impl PageLayout {
    fn new(width: usize) -> Self {
        let wide = width >= usize::from(MIN_WIDE_COLUMNS);
        // The last columns stay free for the marks that say how much there is above and below.
        Self { width: width.saturating_sub(4), value_column: VALUE_COLUMNS[usize::from(!wide)] }
    }

    fn has_labels_beside(self) -> bool {
        self.value_column == VALUE_COLUMNS[0]
    }

    /// Returns the width of a value in columns.
    fn value_width(self) -> usize {
        self.width.saturating_sub(self.value_column + 1).max(1)
    }
}

impl StepScreen {
    pub(in crate::tui) fn page_lines(&self, session: &Session, width: usize) -> Vec<PageLine> {
        let layout = PageLayout::new(width);
        let items = page_items(session, self.step).into_iter();
        items.flat_map(|item| self.page_item_lines(session, self.step, item, layout)).collect()
    }

    fn page_item_lines(&self, session: &Session, step: StepId, item: PageItem, layout: PageLayout) -> Vec<PageLine> {
        let product = session.product();
        match item {
            PageItem::Intro => {
                let mut lines = without_focus_target(wrap_paragraph(
                    Tone::Dim,
                    product_text(session, &product[step].intro),
                    1,
                    layout.width,
                ));
                let begun = step_defaults_note(session, step);
                lines.extend(
                    begun
                        .map(|text| without_focus_target(wrap_paragraph(Tone::Note, &text, 1, layout.width)))
                        .into_iter()
                        .flatten(),
                );
                lines.push((None, Line::default()));
                lines
            }
            PageItem::GroupHeading(group) => {
                let title = product[group].title.as_ref().map_or("", |title| product_text(session, title));
                vec![(None, Line::default()), (None, Line::new(Tone::Heading, format!(" {title}")))]
            }
            PageItem::RowHeading(group, number) => {
                let row = capitalize(row_word(session, group));
                let heading = session.lang.format(texts::page::ROW, (with::Row(&row), with::Number(&number)));
                let gap = (number > 1).then(|| (None, Line::default()));
                gap.into_iter().chain([(None, Line::new(Tone::Heading, format!(" {heading}")))]).collect()
            }
            PageItem::OutdatedNote(group, row) => {
                let message =
                    outdated_copy_in(session, group, row).map(|one| format!("! {}", outdated_copy_text(session, &one)));
                without_focus_target(wrap_paragraph(Tone::Warning, &message.unwrap_or_default(), 3, layout.width))
            }
            PageItem::Focusable(FocusTarget::Field(at)) => self.field_lines(session, at, layout),
            PageItem::Focusable(target) => self.button_lines(session, target, layout),
        }
    }

    fn has_focus(&self, session: &Session, target: FocusTarget) -> bool {
        self.focused_target(session) == Some(target)
    }

    fn field_lines(&self, session: &Session, at: FieldPlace, layout: PageLayout) -> Vec<PageLine> {
        let mut lines = match field_widget(session, at) {
            FieldWidget::Check => self.checkbox_lines(session, at, layout),
            _ => self.labeled_field_lines(session, at, layout),
        };
        for (tone, text) in self.field_notes(session, at) {
            lines.extend(wrap_paragraph(tone, &text, layout.value_column, layout.width));
        }
        lines.into_iter().map(|line| (Some(FocusTarget::Field(at)), line)).collect()
    }

    fn focus_marker(&self, session: &Session, target: FocusTarget) -> Line {
        Line::new(Tone::Focus, if self.has_focus(session, target) { " › " } else { "   " })
    }

    fn label_tone(&self, session: &Session, target: FocusTarget) -> Tone {
        if self.has_focus(session, target) { Tone::Focus } else { Tone::Label }
    }

    /// Returns label and value, beside each other or one above the other.
    fn labeled_field_lines(&self, session: &Session, at: FieldPlace, layout: PageLayout) -> Vec<Line> {
        let target = FocusTarget::Field(at);
        let room = if layout.has_labels_beside() { layout.value_column - 4 } else { layout.width.saturating_sub(3) };
        let label = self
            .focus_marker(session, target)
            .with_span(self.label_tone(session, target), text::clip(field_label(session, at), room));
        let mut values = self.value_lines(session, at, layout).into_iter();
        if !layout.has_labels_beside() {
            return std::iter::once(label).chain(values.map(|value| indent_value_line(value, layout))).collect();
        }
        let first = join_lines(label.pad_to(layout.value_column), values.next().unwrap_or_default());
        std::iter::once(first).chain(values.map(|value| indent_value_line(value, layout))).collect()
    }

    fn value_lines(&self, session: &Session, at: FieldPlace, layout: PageLayout) -> Vec<Line> {
        match field_widget(session, at) {
            FieldWidget::Radio => self.radio_lines(session, at, layout),
            FieldWidget::Line | FieldWidget::Secret => vec![self.text_input_line(session, at, layout)],
            FieldWidget::Pick => {
                let value = display_value(session, at);
                let line = if value.is_empty() {
                    placeholder_line(session, at)
                } else {
                    Line::new(Tone::Plain, text::clip(&value, layout.value_width() - 1))
                };
                vec![self.with_cursor(session, at, line.with_span(Tone::Dim, " ▾"))]
            }
            FieldWidget::Fixed | FieldWidget::Check => {
                vec![self.with_cursor(session, at, Line::new(Tone::ReadOnly, display_value(session, at)))]
            }
        }
    }

    fn with_cursor(&self, session: &Session, at: FieldPlace, line: Line) -> Line {
        if self.has_focus(session, FocusTarget::Field(at)) { line.with_cursor(0) } else { line }
    }

    /// Returns the line of a text field, with the cursor if it has the focus.
    fn text_input_line(&self, session: &Session, at: FieldPlace, layout: PageLayout) -> Line {
        let value = display_value(session, at);
        let focused = self.has_focus(session, FocusTarget::Field(at));
        if value.is_empty() && !focused {
            return placeholder_line(session, at);
        }
        let cursor = match session.field_editor.as_ref().filter(|editor| editor.place == at) {
            Some(editor) => editor.input.cursor(),
            None => value.chars().count(),
        };
        let (shown, column) =
            crate::text::wrap::visible_part(&value, if focused { cursor } else { 0 }, layout.value_width());
        let line = Line::new(Tone::Plain, shown);
        if focused { line.with_cursor(column) } else { line }
    }

    /// Returns the options one after another, on as many lines as they need.
    fn radio_lines(&self, session: &Session, at: FieldPlace, layout: PageLayout) -> Vec<Line> {
        let text = session.form.text(at);
        let options = shown_options(session, at).into_iter();
        let mut labels: Vec<(bool, String)> =
            options.map(|option| (option.id == text, product_text(session, &option.label).to_owned())).collect();
        if !text.is_empty() && !labels.iter().any(|(chosen, _)| *chosen) || has_unsupported_value(session, at) {
            labels.push((true, display_value(session, at)));
        }
        // If no option is chosen, the cursor is on the first.
        let on = labels.iter().position(|(chosen, _)| *chosen).unwrap_or(0);
        let mut lines = vec![Line::default()];
        for (index, (chosen, label)) in labels.into_iter().enumerate() {
            let unit = format!(
                "({}) {}",
                if chosen { '•' } else { ' ' },
                text::clip(&label, layout.value_width().saturating_sub(4))
            );
            let last = lines.last().map_or(0, Line::width);
            if last > 0 && last + 2 + text::display_width(&unit) > layout.value_width() {
                lines.push(Line::default());
            }
            if let Some(line) = lines.pop() {
                let line = append_option(line, chosen, &unit);
                let cursor = (index == on && self.has_focus(session, FocusTarget::Field(at)))
                    .then(|| line.width() + 1 - text::display_width(&unit));
                lines.push(Line { cursor: cursor.or(line.cursor), ..line });
            }
        }
        lines
    }

    /// Returns a checkbox with its label.
    fn checkbox_lines(&self, session: &Session, at: FieldPlace, layout: PageLayout) -> Vec<Line> {
        let target = FocusTarget::Field(at);
        let tick = if has_unsupported_value(session, at) {
            '?'
        } else if is_ticked(session, at) {
            'x'
        } else {
            ' '
        };
        let label = wrap_paragraph(
            self.label_tone(session, target),
            field_label(session, at),
            0,
            layout.width.saturating_sub(7),
        );
        let mut lines = Vec::new();
        for (index, line) in label.into_iter().enumerate() {
            let head = match index {
                0 => self.focus_marker(session, target).with_span(Tone::Plain, format!("[{tick}] ")),
                _ => Line::default().pad_to(7),
            };
            lines.push(join_lines(head, line));
        }
        if self.has_focus(session, target)
            && let Some(first) = lines.first_mut()
        {
            first.cursor = Some(4);
        }
        lines
    }

    /// Returns the notes under a field: why it is fixed, what its option means, account data, and problems.
    fn field_notes(&self, session: &Session, at: FieldPlace) -> Vec<(Tone, String)> {
        let field = &session.product()[at.field];
        let mut notes = Vec::new();
        if field.fixed.is_some() {
            notes.push((Tone::Dim, product_text(session, &field.help).to_owned()));
        }
        let note = field.find_option(session.form.text(at)).and_then(|option| option.note.as_ref());
        notes.extend(note.map(|note| (Tone::Note, product_text(session, note).to_owned())));
        notes.extend(duration_text(session, at).map(|text| (Tone::Note, text)));
        notes.extend(sent_blank_note(session, at).map(|text| (Tone::Note, text)));
        notes.extend(self.suggestion_text(session, at).map(|text| (Tone::Note, text)));
        notes.extend(account_data_note(session, at));
        notes.extend(setup_field_notes(session, at));
        for problem in session.feedback.shown_problems_at(at) {
            let (tone, mark) = match problem.level {
                Severity::Error => (Tone::Error, "✗"),
                Severity::Warning => (Tone::Warning, "!"),
            };
            notes.push((tone, format!("{mark} {}", problem.message(&session.lang))));
        }
        notes.extend(similar_organization_note(session, at));
        for remark in session.feedback.remarks_at(at) {
            notes.push((Tone::Error, format!("✗ {}", server_remark_text(session, &remark.error))));
        }
        notes
    }

    /// Returns what the typed text may mean, and how it is taken.
    fn suggestion_text(&self, session: &Session, at: FieldPlace) -> Option<String> {
        let suggested = if self.has_focus(session, FocusTarget::Field(at)) {
            session.form.suggested_provinces(at)
        } else {
            Vec::new()
        };
        let (first, others) = suggested.split_first()?;
        let lang = &session.lang;
        Some(match others {
            _ if session.form.is_blank(at) => lang.format(texts::page::SUGGESTED, with::All(&suggested.join(", "))),
            [] => lang.format(texts::page::SUGGESTED_ONE, with::First(&first)),
            _ => lang.format(texts::page::SUGGESTED_FIRST, (with::First(&first), with::Others(&others.join(", ")))),
        })
    }

    fn button_lines(&self, session: &Session, target: FocusTarget, layout: PageLayout) -> Vec<PageLine> {
        let label = text::clip(&self.button_label(session, target), layout.width.saturating_sub(8)).into_owned();
        let tone = if self.has_focus(session, target) { Tone::Focus } else { Tone::Button };
        let line = self.focus_marker(session, target).with_span(tone, format!("[ {label} ]"));
        let line = if self.has_focus(session, target) { line.with_cursor(3) } else { line };
        let gap = matches!(target, FocusTarget::NextStep | FocusTarget::AddRow(_)).then(|| (None, Line::default()));
        gap.into_iter().chain([(Some(target), line)]).collect()
    }

    pub(crate) fn button_label(&self, session: &Session, target: FocusTarget) -> String {
        let product = session.product();
        match target {
            FocusTarget::Field(at) => field_label(session, at).to_owned(),
            FocusTarget::Agreement => session.text(texts::button::AGREEMENT).to_owned(),
            FocusTarget::AddRow(group) => session.lang.format(texts::button::ADD, with::Row(&row_word(session, group))),
            FocusTarget::RemoveRow(group, _) => {
                session.lang.format(texts::button::REMOVE, with::Row(&row_word(session, group)))
            }
            FocusTarget::CopyAddress { from, .. } => {
                let step = product_text(session, &product[product[from].step].title);
                session.lang.format(texts::button::COPY, with::Step(&step))
            }
            FocusTarget::CopyAgain(..) => session.text(texts::button::COPY_AGAIN).to_owned(),
            FocusTarget::KeepCopy(..) => session.text(texts::button::KEEP_COPY).to_owned(),
            FocusTarget::UseOrganization(id) => use_organization_label(session, id),
            FocusTarget::GroupUndo => {
                session.group_undo.as_ref().map_or("", |undo| session.text(undo.button_text_id())).to_owned()
            }
            FocusTarget::ExpertFields if session.shows_expert_fields => {
                session.text(texts::button::EXPERTS_FOLD).to_owned()
            }
            FocusTarget::ExpertFields => session.text(texts::button::EXPERTS).to_owned(),
            FocusTarget::NextStep => {
                let last = setup_next_label(session).unwrap_or(session.text(texts::review::TITLE));
                let name = self.next_step(session).map_or(last, |step| product_text(session, &product[step].title));
                session.lang.format(texts::button::FORWARD, with::Step(&name))
            }
        }
    }
}

/// The help on a focus target, for the hint lines.
pub(super) fn focus_target_help(session: &Session, target: FocusTarget) -> String {
    let text = match target {
        FocusTarget::AddRow(group) => {
            return session.lang.format(texts::help::ADD, with::Row(&row_word(session, group)));
        }
        FocusTarget::RemoveRow(group, _) => {
            return session.lang.format(texts::help::REMOVE, with::Row(&row_word(session, group)));
        }
        FocusTarget::Field(at) => product_text(session, &session.product()[at.field].help),
        FocusTarget::Agreement => session.text(texts::help::AGREEMENT),
        FocusTarget::CopyAddress { .. } => session.text(texts::help::COPY),
        FocusTarget::CopyAgain(..) => session.text(texts::help::COPY_AGAIN),
        FocusTarget::KeepCopy(..) => session.text(texts::help::KEEP_COPY),
        FocusTarget::UseOrganization(_) => session.text(texts::alike_org::HELP),
        FocusTarget::GroupUndo => session.text(texts::help::TAKE_BACK),
        FocusTarget::ExpertFields => session.text(texts::help::EXPERTS),
        FocusTarget::NextStep => session.text(texts::help::FORWARD),
    };
    text.to_owned()
}

fn placeholder_line(session: &Session, at: FieldPlace) -> Line {
    Line::new(
        Tone::Dim,
        session.text(if is_optional(session, at) { texts::page::OPTIONAL } else { texts::page::REQUIRED }),
    )
}

/// Returns the note that an empty value is sent, once the field was left.
fn sent_blank_note(session: &Session, at: FieldPlace) -> Option<String> {
    let sent = session.product()[at.field].blank == BlankPolicy::Send && session.form.field_value(at).is_some();
    let left = session.feedback.is_shown(at) && session.form.text(at).is_empty();
    (sent && left).then(|| session.text(texts::page::SENT_BLANK).to_owned())
}

/// Returns the account data that matters for a field.
fn account_data_note(session: &Session, at: FieldPlace) -> Option<(Tone, String)> {
    let field = &session.product()[at.field];
    if session.form.is_organization_field(at) {
        let id = session.form.text(at).parse().ok()?;
        let found = session.account_data.organization(id)?;
        let parts = [&found.address, &found.zip, &found.city, &found.country];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
        return (!parts.is_empty()).then(|| (Tone::Note, parts.join(", ")));
    }
    if field.source.as_ref().is_some_and(|source| source.list == PickList::ValidityYears) {
        let years = session.account_data.product.as_ref()?.years.as_ref()?;
        let years: Vec<String> = years.iter().map(u32::to_string).collect();
        let text = session.lang.format(texts::page::YEARS_ALLOWED, with::Years(&years.join(", ")));
        return Some((Tone::Note, text));
    }
    let tells = field.find_option(session.form.text(at)).and_then(|option| option.tells);
    tells.map(|tells| match tells {
        OptionDetail::Funds => (Tone::Note, payer_funds_text(session)),
        OptionDetail::Profile => stored_card_note(session),
    })
}

fn without_focus_target(lines: Vec<Line>) -> Vec<PageLine> {
    lines.into_iter().map(|line| (None, line)).collect()
}

/// Appends the second line to the first.
fn join_lines(mut first: Line, second: Line) -> Line {
    let width = first.width();
    first.cursor = second.cursor.map(|column| width + column).or(first.cursor);
    first.spans.extend(second.spans);
    first
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Appends an option to a line, with a gap if the line already has one.
fn append_option(line: Line, chosen: bool, unit: &str) -> Line {
    let line = if line.width() > 0 { line.with_span(Tone::Plain, "  ") } else { line };
    line.with_span(if chosen { Tone::Plain } else { Tone::Dim }, unit)
}

fn indent_value_line(line: Line, layout: PageLayout) -> Line {
    join_lines(Line::default().pad_to(layout.value_column), line)
}
