//! Review beside what was before: how the order differs from the last one of its organization, and a copy of it.
//!
//! It compares with what the journal has, which is without secrets; of them nothing is told. What is copied is the masked
//! text, because whoever reads the clipboard is not known.

use super::msg::Effect;
use super::{Model, Overlay, Screen};
use crate::facts::Entry;
use crate::form::Form;
use crate::form::diff::{Change, diff};
use crate::layout::{Line, Reader, Tone, paragraph};

/// More bytes than this are not sent to a clipboard: terminals cut or drop what is longer than some 100 000 characters
/// of base64.
const LONGEST: usize = 74_000;

/// The comparison, where it lies over Review.
#[derive(Debug, Clone)]
pub struct Compared {
    said: Vec<(Tone, String)>,
    /// How far down it is scrolled.
    pub(super) reader: Reader,
}

impl Model {
    /// Sends the JSON as it is shown to the terminal's clipboard.
    pub(super) fn copy_preview(&mut self) -> Vec<Effect> {
        let Screen::Review(review) = &self.screen else { return Vec::new() };
        let text = review.body.text().to_owned();
        if text.len() > LONGEST {
            self.flash("flash.not_copied");
            return Vec::new();
        }
        let title = self.preview_title(review);
        self.marks.flash = Some(self.lang.tell("flash.sent_to_clipboard", &[("title", &title)]));
        vec![Effect::Copy(text)]
    }

    /// Shows how the order differs from the last one of its organization.
    pub(super) fn compare(&mut self) {
        let (said, reader) = (self.comparison(), Reader::default());
        self.overlays.push(Overlay::Compare(Box::new(Compared { said, reader })));
    }

    fn comparison(&self) -> Vec<(Tone, String)> {
        let last = self.last_placed().and_then(|entry| Some((entry, self.placed_form(entry)?)));
        let Some((entry, mut before)) = last else {
            return vec![(Tone::Plain, self.say("compare.none").to_owned())];
        };
        let mut now = self.form.clone();
        // It is another order, so that its mark is another one.
        before.unmark();
        now.unmark();
        let order = entry.order().unwrap_or_default().to_string();
        let day = self.lang.day_of(entry.intent.local_time);
        let title = self.lang.tell("compare.title", &[("id", &order), ("day", &day)]);
        let mut said = vec![(Tone::Heading, title)];
        let changes = diff(&before, &now);
        let open = |change: &&Change| change.field.is_none_or(|field| self.product()[field].secret.is_none());
        said.extend(changes.iter().filter(open).map(|change| self.difference(change)));
        if said.len() == 1 {
            said.push((Tone::Good, self.say("compare.same").to_owned()));
        }
        said.push((Tone::Dim, self.say("compare.secrets").to_owned()));
        said
    }

    /// The last order of the organization of this one. A new organization is known by its name.
    fn last_placed(&self) -> Option<&Entry> {
        let organization = self.form.organization_id();
        let named = |form: &Form| form.subject().map(|at| form.text(at).trim().to_owned()).unwrap_or_default();
        let same = |entry: &&Entry| match (entry.intent.organization, organization) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.placed_form(entry).is_some_and(|form| named(&form) == named(&self.form)),
            _ => false,
        };
        self.placed_before().find(same)
    }

    fn difference(&self, change: &Change) -> (Tone, String) {
        let name = match change.field {
            Some(field) => format!("{} ({})", self.words(&self.product()[field].label), change.pointer),
            None => change.pointer.clone(),
        };
        match (&change.before, &change.after) {
            (None, new) => (Tone::Good, format!("+ {name}: {}", new.as_deref().unwrap_or_default())),
            (Some(old), None) => (Tone::Warning, format!("- {name}: {old}")),
            (Some(old), Some(new)) => (Tone::Note, format!("~ {name}: {old} → {new}")),
        }
    }

    /// What is said of it.
    pub(super) fn compare_lines(compared: &Compared, width: usize) -> Vec<Line> {
        compared.said.iter().flat_map(|(tone, text)| paragraph(*tone, text, 1, width)).collect()
    }
}
