//! The help page: all help on what it covers, and every key that works there.
//!
//! Help is made from the product file and the table of keys.

use crate::i18n::{TextId, texts};
use crate::text::wrap::wrap_text;
use crate::tone::Tone;
use crate::tui::component::Component;
use crate::tui::keymap::labels::binding_key_label;
use crate::tui::keymap::{KeyBinding, KeyContext};
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// The help page over a screen or dialog.
#[derive(Debug, Clone, Default)]
pub struct HelpDialog {
    content: HelpContent,
    scroll: ScrollPosition,
}

/// What the help page says of the component that it covers.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct HelpContent {
    pub(in crate::tui) notes: Vec<(Tone, String)>,
    pub(in crate::tui) bindings: Vec<&'static KeyBinding>,
}

impl HelpDialog {
    pub(in crate::tui) fn new(content: HelpContent) -> Self {
        Self { content, scroll: ScrollPosition::default() }
    }

    /// Replaces the content, because what it covers may have changed.
    pub(in crate::tui) fn set_content(&mut self, content: HelpContent) {
        self.content = content;
    }
}

impl Component for HelpDialog {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::HelpPage
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        let notes = self.content.notes.iter();
        let mut lines: Vec<Line> = notes.flat_map(|(tone, text)| wrap_paragraph(*tone, text, 1, width)).collect();
        lines.push(Line::default());
        lines.push(Line::new(Tone::Heading, format!(" {}", session.text(texts::help::KEYS))));
        let rows = key_help_rows(session, &self.content.bindings);
        let key_lines =
            rows.into_iter().flat_map(|(text, keys)| key_help_lines(&keys.join(", "), session.text(text), width));
        lines.extend(key_lines);
        lines
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }
}

/// Every action once, with all its keys.
fn key_help_rows(session: &Session, live: &[&'static KeyBinding]) -> Vec<(TextId, Vec<String>)> {
    let mut rows: Vec<(TextId, Vec<String>)> = Vec::new();
    for binding in live {
        let keys = binding.keys.iter().map(|key| binding_key_label(session, key));
        match rows.iter_mut().find(|(text, _)| *text == binding.text_id) {
            Some((_, known)) => known.extend(keys),
            None => rows.push((binding.text_id, keys.collect())),
        }
    }
    rows
}

/// Keys with their action beside them, each on as many lines as it needs.
fn key_help_lines(keys: &str, text: &str, width: usize) -> Vec<Line> {
    let column = 24.min(width / 2);
    let keys = wrap_paragraph(Tone::Key, keys, 1, column);
    let texts = wrap_text(text, width.saturating_sub(column + 1).max(1));
    let row = |at: usize| {
        let text = texts.get(at).copied().unwrap_or_default();
        keys.get(at).cloned().unwrap_or_default().pad_to(column + 1).with_span(Tone::Plain, text)
    };
    (0..keys.len().max(texts.len())).map(row).collect()
}
