//! Going to a field by its label: all fields that are asked, of all steps, narrowed as one types.
//!
//! Words are compared without case and diacritics, in both languages, and the name of the step counts too. It changes
//! nothing of the form: it leads to a field, as the number of a step leads to a step.

use super::{Model, Overlay, Screen, Spot, edit};
use crate::form::Place;
use crate::layout::{self, Line, Move, Tone, paragraph};
use crate::product::{Kind, Level};
use crate::text;
use tui_input::{Input, InputRequest};

/// The fields, where they lie over the form.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    query: Input,
    found: Vec<Place>,
    selected: usize,
    top: usize,
}

impl Model {
    /// Shows all fields, the one in focus first in mind.
    pub(super) fn show_finder(&mut self) {
        let here = self.field().or_else(|| self.chosen_place());
        let found = self.fields_to_find();
        let selected = found.iter().position(|at| Some(*at) == here).unwrap_or(0);
        self.overlays.push(Overlay::Finder(Box::new(Finder { found, selected, ..Finder::default() })));
        self.finder_in_view();
    }

    /// Every field that can have the focus, what is folded away included.
    fn fields_to_find(&self) -> Vec<Place> {
        let product = self.product();
        let reachable = |at: &Place| {
            let field = &product[at.field];
            field.kind != Kind::Opaque && (field.fixed.is_none() || self.marks.problem_at(*at).is_some())
        };
        self.form.all_asked().filter(reachable).collect()
    }

    fn open_finder(&self) -> Option<&Finder> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Finder(finder) => Some(&**finder),
            _ => None,
        })
    }

    fn finder_mut(&mut self) -> Option<&mut Finder> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Finder(finder) => Some(&mut **finder),
            _ => None,
        })
    }

    /// Types into it.
    pub(super) fn type_in_finder(&mut self, text: &str) {
        if let Some(finder) = self.finder_mut() {
            edit::insert(&mut finder.query, text);
        }
        self.narrow_fields();
    }

    /// Moves the cursor or deletes in what is typed.
    pub(super) fn edit_finder(&mut self, request: InputRequest) {
        let changed = self.finder_mut().and_then(|finder| finder.query.handle(request));
        if changed.is_some_and(|changed| changed.value) {
            self.narrow_fields();
        }
    }

    /// Finds the fields that have all the words typed, in their labels or around them.
    fn narrow_fields(&mut self) {
        let Some(finder) = self.open_finder() else { return };
        let query = text::fold(finder.query.value().trim());
        let ranked = self.fields_to_find().into_iter().filter_map(|at| Some((self.rank(at, &query)?, at)));
        let mut ranked: Vec<(usize, Place)> = ranked.collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        if let Some(finder) = self.finder_mut() {
            finder.found = ranked.into_iter().map(|(_, at)| at).collect();
            finder.selected = 0;
        }
        self.finder_in_view();
    }

    /// How far a field is from what is typed: nothing where its label begins with it, else the more the fewer of the words
    /// its label has. The others must stand in the names of its row, group and step, or of its member.
    fn rank(&self, at: Place, query: &str) -> Option<usize> {
        let product = self.product();
        let field = &product[at.field];
        let (group, step) = (&product[field.group], &product[product[field.group].step]);
        let labels = text::fold(&format!("{}\n{}", field.label.en, field.label.nl));
        let row = self.numbered_row(at).unwrap_or_default();
        let titles = group.title.iter().chain([&step.title]).map(|title| format!("{}\n{}\n", title.en, title.nl));
        let member = field.at.as_deref().unwrap_or_default();
        let around = text::fold(&(titles.collect::<String>() + &row + "\n" + member));
        if labels.lines().any(|label| label.starts_with(query)) {
            return Some(0);
        }
        let lacks: Vec<&str> = query.split_whitespace().filter(|word| !labels.contains(word)).collect();
        lacks.iter().all(|word| around.contains(word)).then_some(lacks.len() + 1)
    }

    /// "Contact 2", for a field in a list.
    fn numbered_row(&self, at: Place) -> Option<String> {
        let group = &self.product()[self.product()[at.field].group];
        let rows = self.form.rows(self.product()[at.field].group);
        let number = rows.iter().position(|row| *row == at.row)? + 1;
        group.many.as_ref()?;
        let row = group.row.as_ref().map_or("", |row| self.words(row));
        Some(self.lang.tell("page.row", &[("row", row), ("number", &number.to_string())]))
    }

    /// Through the fields.
    pub(super) fn move_in_finder(&mut self, step: Move) {
        let page = self.finder_rows();
        if let Some(finder) = self.finder_mut() {
            finder.selected = step.from(finder.selected, page, finder.found.len());
        }
        self.finder_in_view();
    }

    /// Rows for fields: the body without the line that is typed, and the one that says how many there are.
    fn finder_rows(&self) -> usize {
        usize::from(self.frame().body.height).saturating_sub(2)
    }

    pub(super) fn finder_in_view(&mut self) {
        let rows = self.finder_rows();
        if let Some(finder) = self.finder_mut() {
            let at = finder.selected;
            finder.top = layout::follow(finder.top, at..at + 1, rows, finder.found.len());
        }
    }

    /// Whether there is a field to go to.
    pub(super) fn finds(&self) -> bool {
        self.open_finder().is_some_and(|finder| !finder.found.is_empty())
    }

    /// Goes to the field that is chosen. Its problems are not shown for that.
    pub(super) fn go_to_found(&mut self) {
        let Some(at) = self.open_finder().and_then(|finder| finder.found.get(finder.selected).copied()) else {
            return self.flash("flash.nothing_found");
        };
        let (spot, step) = (Spot::Field(at), self.product()[self.product()[at.field].group].step);
        self.overlays.retain(|overlay| !matches!(overlay, Overlay::Finder(_)));
        self.experts |= self.product()[at.field].expert;
        self.detour |= matches!(self.screen, Screen::Review(_));
        if self.step() == Some(step) {
            return self.focus_on(spot);
        }
        self.go_to_step(step);
        self.focus.insert(step, spot);
        self.mark_entered(at);
    }

    /// The line in which one types, with the cursor.
    pub fn finder_query(&self, finder: &Finder, width: usize) -> Line {
        let label = text::clip(&format!(" {}: ", self.say("finder.field")), width / 2).into_owned();
        let from = text::width(&label);
        let (shown, column) = layout::view(finder.query.value(), finder.query.cursor(), width.saturating_sub(from + 1));
        Line::of(Tone::Focus, label).with(Tone::Plain, shown).at(from + column)
    }

    /// The fields in view.
    pub fn finder_lines(&self, finder: &Finder, width: usize, rows: usize) -> Vec<Line> {
        let shown = finder.found.iter().enumerate().skip(finder.top).take(rows);
        let lines = shown.map(|(index, at)| self.found_line(*at, index == finder.selected, width));
        let none = if finder.found.is_empty() { self.say("flash.nothing_found") } else { "" };
        lines.chain(paragraph(Tone::Note, none, 3, width)).take(rows).collect()
    }

    /// "› 4 Recipient   ✓ Anna de Vries".
    fn found_line(&self, at: Place, chosen: bool, width: usize) -> Line {
        let step = self.product()[self.product()[at.field].group].step.0 + 1;
        let row = self.numbered_row(at).map(|row| format!("{row} · ")).unwrap_or_default();
        let (marker, tone) = if chosen { (" › ", Tone::Chosen) } else { ("   ", Tone::Plain) };
        let half = width.saturating_sub(4) / 2;
        let label = text::clip(&format!("{step} {row}{}", self.label(at)), half).into_owned();
        let line = Line::of(tone, marker).with(tone, label).pad(half + 4);
        let (tone, state) = self.found_state(at);
        let room = width.saturating_sub(line.width() + 1);
        line.with(tone, text::clip(&state, room))
    }

    /// How a field stands: what is wrong with it where that is shown, else what is in it.
    fn found_state(&self, at: Place) -> (Tone, String) {
        let wrong = self.marks.shown_at(at).max_by_key(|problem| problem.level);
        let (blank, value) = (self.form.is_blank(at), self.value(at));
        match (self.marks.remarks_at(at).next(), wrong, blank) {
            (Some(remark), ..) => (Tone::Error, format!("✗ {}", self.remark_text(&remark.error))),
            (_, Some(problem), _) if problem.level == Level::Error => {
                (Tone::Error, format!("✗ {}", problem.fault.say(&self.lang)))
            }
            (_, Some(problem), false) => (Tone::Warning, format!("! {value} · {}", problem.fault.say(&self.lang))),
            (_, _, true) => {
                (Tone::Dim, self.say(if self.optional(at) { "page.optional" } else { "page.required" }).to_owned())
            }
            _ => (Tone::Good, format!("✓ {value}")),
        }
    }

    /// How many there are.
    pub fn finder_status(&self, finder: &Finder) -> Line {
        let (found, rows) = (finder.found.len().to_string(), self.fields_to_find().len().to_string());
        Line::of(Tone::Dim, format!(" {}", self.lang.tell("picker.found", &[("found", &found), ("rows", &rows)])))
    }
}
