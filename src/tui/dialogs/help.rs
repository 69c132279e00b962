//! Help: a few lines on the focused item, and a page with all help on it and every key.
//!
//! Help is made from the product file and the keymap, and lists only the keys that work now.

use crate::text;
use crate::text::wrap::wrap_text;
use crate::tone::Tone;
use crate::tui::app::{App, Dialog, FocusTarget, Screen, SetupScreen};
use crate::tui::dialogs::save_file::view::save_help_notes;
use crate::tui::key::KeyPress;
use crate::tui::keymap::{Action, KeyBinding};
use crate::tui::screens::step::defaults::default_value_note;
use crate::tui::screens::step::page::row_word;
use crate::tui::screens::step::values::{product_text, source_texts};
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use std::collections::BTreeSet;

impl App {
    /// The hint lines under the screen: a flash, a store error, or else help on the focused item. If the help does
    /// not fit, its first text is cut. The texts after it stay: the source of a value, and an example.
    pub fn hint_lines(&self, width: usize, rows: usize) -> Vec<Line> {
        if let Some(flash) = &self.session.feedback.flash {
            return truncate_lines(wrap_paragraph(Tone::Warning, flash, 1, width), rows, width);
        }
        if let Some(unkept) = self.session.drafts.store_error() {
            let said = self
                .session
                .lang
                .format_text("home.trouble", &[("why", &self.session.message_writer().store_failure_text(unkept))]);
            return truncate_lines(wrap_paragraph(Tone::Error, &said, 1, width), rows, width);
        }
        let mut said =
            self.help_notes(self.top_dialog()).into_iter().map(|(tone, text)| wrap_paragraph(tone, &text, 1, width));
        let first = said.next().unwrap_or_default();
        let more: Vec<Line> = said.flatten().collect();
        let room = rows.saturating_sub(more.len()).max(1);
        truncate_lines(first, room, width).into_iter().chain(more).take(rows).collect()
    }

    fn help_notes(&self, overlay: Option<&Dialog>) -> Vec<(Tone, String)> {
        match (overlay, &self.screen) {
            (Some(Dialog::OpenFile(opening)), _) if opening.is_typing_path() => {
                vec![(Tone::Dim, self.session.text("help.open_name").to_owned())]
            }
            (Some(Dialog::SaveFile(saving)), _) => save_help_notes(&self.session, saving),
            (Some(dialog), _) => {
                dialog.component().map(|component| component.help_notes(&self.session)).unwrap_or_default()
            }
            (None, Screen::Step(_)) => self.focus_help_notes(),
            (None, Screen::Review(_)) => vec![(Tone::Dim, self.session.text("help.review").to_owned())],
            (None, Screen::Home(_)) => vec![(Tone::Dim, self.session.text("help.home").to_owned())],
            (None, Screen::Confirm(_)) => vec![(Tone::Dim, self.session.text("help.confirm").to_owned())],
            (None, Screen::Sending) => vec![(Tone::Dim, self.session.text("help.sending").to_owned())],
            (None, Screen::Status(_)) => vec![(Tone::Dim, self.session.text("help.status").to_owned())],
            (None, Screen::Unresolved(_)) => vec![(Tone::Dim, self.session.text("help.unknown").to_owned())],
            (None, Screen::Setup(SetupScreen::Welcome(_))) => {
                vec![(Tone::Dim, self.session.text("help.setup_welcome").to_owned())]
            }
            (None, Screen::Setup(SetupScreen::TestKey(trial))) if trial.is_typing_host() => {
                vec![(Tone::Dim, self.session.text("help.setup_foreign").to_owned())]
            }
            (None, Screen::Setup(SetupScreen::TestKey(_))) => {
                vec![(Tone::Dim, self.session.text("help.setup_trial").to_owned())]
            }
            (None, Screen::Setup(SetupScreen::Save { .. })) => {
                vec![(Tone::Dim, self.session.text("help.setup_keep").to_owned())]
            }
        }
    }

    fn focus_help_notes(&self) -> Vec<(Tone, String)> {
        let Some(spot) = self.focused_target() else { return Vec::new() };
        let mut said = vec![(Tone::Dim, focus_target_help(&self.session, spot))];
        if let Some(at) = self.focused_field() {
            let example = &self.session.product()[at.field].example;
            let example =
                (!example.is_empty()).then(|| self.session.lang.format_text("help.example", &[("example", example)]));
            let begun = default_value_note(&self.session, at);
            let more: Vec<String> = begun.into_iter().chain(example).collect();
            said.push((Tone::Dim, more.join(" · ")));
        }
        said
    }

    /// Opens the help page over the screen or dialog in front, or closes it if it is open.
    pub(crate) fn toggle_help(&mut self) {
        match self.dialogs.last() {
            Some(Dialog::Help(_)) => drop(self.dialogs.pop()),
            _ => self.dialogs.push(Dialog::Help(ScrollPosition::default())),
        }
    }

    /// The lines of the help page, about the screen or dialog under it.
    pub(crate) fn help_lines(&self, width: usize) -> Vec<Line> {
        let under = self.dialogs.iter().rev().find(|overlay| !matches!(overlay, Dialog::Help(_)));
        let mut lines = Vec::new();
        for (_, text) in self.help_notes(under) {
            lines.extend(wrap_paragraph(Tone::Plain, &text, 1, width));
        }
        if let (None, Screen::Step(_), Some(at)) = (under, &self.screen, self.focused_field()) {
            lines.extend(
                source_texts(&self.session, at).iter().flat_map(|text| wrap_paragraph(Tone::Dim, text, 1, width)),
            );
        }
        lines.push(Line::default());
        lines.push(Line::new(Tone::Heading, format!(" {}", self.session.text("help.keys"))));
        let rows = key_help_rows(&self.session, &self.active_bindings(under));
        lines.extend(
            rows.into_iter().flat_map(|(text, keys)| key_help_lines(&keys.join(", "), self.session.text(text), width)),
        );
        lines
    }

    /// Says that a key has no effect here.
    pub(crate) fn flash_key_without_effect(&mut self, key: &KeyPress) {
        let over = matches!(self.top_dialog(), Some(Dialog::Help(_)));
        self.session.flash_about_key(if over { "flash.idle_in_help" } else { "flash.idle" }, key);
    }

    /// The footer with as many keys as fit. Help always has a place, and quitting goes before other keys.
    pub fn footer_line(&self, width: usize) -> Line {
        let unit = |binding: &KeyBinding| {
            let key = binding_key_label(&self.session, binding.keys[0]);
            Line::new(Tone::Plain, " ")
                .with_span(Tone::Key, key)
                .with_span(Tone::Dim, format!(" {} ", self.session.text(binding.text_id)))
        };
        let mut keys: Vec<_> =
            self.active_bindings(self.top_dialog()).into_iter().filter(|binding| binding.in_footer).collect();
        // An action with two bindings is listed once.
        let mut said = BTreeSet::new();
        keys.retain(|binding| said.insert(binding.text_id));
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

impl Session {
    /// Shows a flash about the key that was pressed.
    pub(crate) fn flash_about_key(&mut self, id: &'static str, key: &KeyPress) {
        self.feedback.flash = Some(self.lang.format_text(id, &[("key", &keyboard_label(self, &key.name()))]));
    }
}

/// The help on a focus target, for the hint lines.
pub(crate) fn focus_target_help(session: &Session, spot: FocusTarget) -> String {
    let said = match spot {
        FocusTarget::AddRow(group) => {
            return session.lang.format_text("help.add", &[("row", row_word(session, group))]);
        }
        FocusTarget::RemoveRow(group, _) => {
            return session.lang.format_text("help.remove", &[("row", row_word(session, group))]);
        }
        FocusTarget::Field(at) => product_text(session, &session.product()[at.field].help),
        FocusTarget::Agreement => session.text("help.agreement"),
        FocusTarget::CopyAddress { .. } => session.text("help.copy"),
        FocusTarget::CopyAgain(..) => session.text("help.copy_again"),
        FocusTarget::KeepCopy(..) => session.text("help.keep_copy"),
        FocusTarget::UseOrganization(_) => session.text("alike_org.help"),
        FocusTarget::GroupUndo => session.text("help.take_back"),
        FocusTarget::ExpertFields => session.text("help.experts"),
        FocusTarget::NextStep => session.text("help.forward"),
    };
    said.to_owned()
}

/// Every action once, with all its keys.
fn key_help_rows(session: &Session, live: &[&'static KeyBinding]) -> Vec<(&'static str, Vec<String>)> {
    let mut rows: Vec<(&'static str, Vec<String>)> = Vec::new();
    for binding in live {
        let keys = binding.keys.iter().map(|key| binding_key_label(session, key));
        match rows.iter_mut().find(|(text, _)| *text == binding.text_id) {
            Some((_, known)) => known.extend(keys),
            None => rows.push((binding.text_id, keys.collect())),
        }
    }
    rows
}

/// The label of a key in the keymap; `#` becomes the range of step numbers.
pub(crate) fn binding_key_label(session: &Session, key: &str) -> String {
    let numbers = format!("1…{}", session.product().steps.len() + 1);
    match key.strip_suffix('#') {
        Some("") => numbers,
        Some(held) => format!("{}-{numbers}", keyboard_label(session, held.trim_end_matches('-'))),
        None => keyboard_label(session, key),
    }
}

/// The name of a key as it is printed on the keyboard.
fn keyboard_label(session: &Session, key: &str) -> String {
    let named = |part: &str| match session.lang.find_text(&format!("keyname.{part}")) {
        Some(name) => name.to_owned(),
        None if part.len() > 1 && part.starts_with('f') => part.to_uppercase(),
        None => part.to_owned(),
    };
    match key.split_once('-') {
        Some((modifier, rest)) if rest.chars().count() == 1 => {
            format!("{}-{}", named(modifier), rest.to_uppercase())
        }
        Some((modifier, rest)) if !rest.is_empty() => format!("{}-{}", named(modifier), keyboard_label(session, rest)),
        _ => named(key),
    }
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
