//! The lines below every screen: help on the focused item or a message, and the keys that work now.

use crate::i18n::{texts, with};
use crate::text;
use crate::tone::Tone;
use crate::tui::app::App;
use crate::tui::keymap::labels::binding_key_label;
use crate::tui::keymap::{Action, KeyBinding, active_bindings};
use crate::tui::widgets::{Line, wrap_paragraph};
use std::collections::BTreeSet;

impl App {
    /// The hint lines under the screen: a flash, a store error, or else help on the focused item. If the help does
    /// not fit, its first text is cut. The texts after it stay: the source of a value, and an example.
    pub fn hint_lines(&self, width: usize, rows: usize) -> Vec<Line> {
        if let Some(flash) = &self.session.feedback.flash {
            return truncate_lines(wrap_paragraph(Tone::Warning, flash, 1, width), rows, width);
        }
        if let Some(unkept) = self.session.drafts.store_error() {
            let message = self
                .session
                .lang
                .format(texts::home::TROUBLE, with::Why(&self.session.message_writer().store_failure_text(unkept)));
            return truncate_lines(wrap_paragraph(Tone::Error, &message, 1, width), rows, width);
        }
        let mut notes = self
            .front()
            .help_notes(&self.session)
            .into_iter()
            .map(|(tone, text)| wrap_paragraph(tone, &text, 1, width));
        let first = notes.next().unwrap_or_default();
        let more: Vec<Line> = notes.flatten().collect();
        let room = rows.saturating_sub(more.len()).max(1);
        truncate_lines(first, room, width).into_iter().chain(more).take(rows).collect()
    }

    /// The footer with as many keys as fit. Help always has a place, and quitting goes before other keys.
    pub fn footer_line(&self, width: usize) -> Line {
        let unit = |binding: &KeyBinding| {
            let key = binding_key_label(&self.session, binding.keys[0]);
            Line::new(Tone::Plain, " ")
                .with_span(Tone::Key, key)
                .with_span(Tone::Dim, format!(" {} ", self.session.text(binding.text_id)))
        };
        let mut keys: Vec<_> = active_bindings(self.front(), &self.session, false)
            .into_iter()
            .filter(|binding| binding.in_footer)
            .collect();
        // An action with two bindings is listed once.
        let mut seen = BTreeSet::new();
        keys.retain(|binding| seen.insert(binding.text_id));
        let rank = |binding: &KeyBinding| match binding.action {
            Action::Help => 0,
            Action::Quit => 1,
            _ => 2,
        };
        let mut by_rank: Vec<usize> = (0..keys.len()).collect();
        by_rank.sort_by_key(|index| rank(keys[*index]));
        let (mut room, mut shown) = (width, BTreeSet::new());
        for index in by_rank {
            let columns = unit(keys[index]).width();
            if columns <= room || rank(keys[index]) == 0 {
                room = room.saturating_sub(columns);
                shown.insert(index);
            }
        }
        let spans = shown.into_iter().flat_map(|index| unit(keys[index]).spans);
        Line { spans: spans.collect(), ..Line::default() }
    }
}

/// The lines that fit, with an ellipsis if some are left out.
fn truncate_lines(mut lines: Vec<Line>, rows: usize, width: usize) -> Vec<Line> {
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.pop() {
            let tone = last.spans.last().map_or(Tone::Dim, |span| span.tone);
            lines.push(Line::new(tone, text::clip(&format!("{} …", last.text()), width)));
        }
    }
    lines
}
