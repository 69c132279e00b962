//! Comparing at Review: how the order differs from the last one of its organization.
//!
//! The comparison uses the journal, which holds no secrets, and reports nothing about them.

use crate::domain::JournalEntry;
use crate::form::Form;
use crate::form::payload_diff::{PayloadChange, diff_payloads};
use crate::i18n::{texts, with};
use crate::tone::Tone;
use crate::tui::component::Component;
use crate::tui::keymap::KeyContext;
use crate::tui::session::Session;
use crate::tui::session::field_text::product_text;
use crate::tui::session::past_orders::{past_order_form, past_orders};
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

#[derive(Debug, Clone)]
pub struct CompareDialog {
    notes: Vec<(Tone, String)>,
    scroll: ScrollPosition,
}

impl CompareDialog {
    pub(in crate::tui) fn new(session: &Session) -> Self {
        Self { notes: comparison_notes(session), scroll: ScrollPosition::default() }
    }
}

impl Component for CompareDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::HelpPage
    }

    fn text_lines(&self, _session: &Session, width: usize) -> Vec<Line> {
        self.notes.iter().flat_map(|(tone, text)| wrap_paragraph(*tone, text, 1, width)).collect()
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }
}

fn comparison_notes(session: &Session) -> Vec<(Tone, String)> {
    let last = last_order_of_organization(session).and_then(|entry| Some((entry, past_order_form(session, entry)?)));
    let Some((entry, mut before)) = last else {
        return vec![(Tone::Plain, session.text(texts::compare::NONE).to_owned())];
    };
    let mut now = session.form.clone();
    // Another order has another marker, so that difference is left out.
    before.remove_own_order_marker();
    now.remove_own_order_marker();
    let order = entry.placed_order_id().unwrap_or_default().to_string();
    let day = session.lang.format_day_of_millis(entry.intent.local_time);
    let title = session.lang.format(texts::compare::TITLE, (with::Id(&order), with::Day(&day)));
    let mut notes = vec![(Tone::Heading, title)];
    let changes = diff_payloads(&before, &now);
    let open = |change: &&PayloadChange| change.field.is_none_or(|field| session.product()[field].secret.is_none());
    notes.extend(changes.iter().filter(open).map(|change| difference_note(session, change)));
    if notes.len() == 1 {
        notes.push((Tone::Good, session.text(texts::compare::SAME).to_owned()));
    }
    notes.push((Tone::Dim, session.text(texts::compare::SECRETS).to_owned()));
    notes
}

/// The last order of the same organization. A new organization is matched by its name.
fn last_order_of_organization(session: &Session) -> Option<&JournalEntry> {
    let organization = session.form.organization_id();
    let named = |form: &Form| form.subject_place().map(|at| form.text(at).trim().to_owned()).unwrap_or_default();
    let same = |entry: &&JournalEntry| match (entry.intent.organization, organization) {
        (Some(one), Some(other)) => one == other,
        (None, None) => past_order_form(session, entry).is_some_and(|form| named(&form) == named(&session.form)),
        _ => false,
    };
    past_orders(session).find(same)
}

fn difference_note(session: &Session, change: &PayloadChange) -> (Tone, String) {
    let name = match change.field {
        Some(field) => format!("{} ({})", product_text(session, &session.product()[field].label), change.pointer),
        None => change.pointer.clone(),
    };
    match (&change.before, &change.after) {
        (None, new) => (Tone::Good, format!("+ {name}: {}", new.as_deref().unwrap_or_default())),
        (Some(old), None) => (Tone::Warning, format!("- {name}: {old}")),
        (Some(old), Some(new)) => (Tone::Note, format!("~ {name}: {old} → {new}")),
    }
}
