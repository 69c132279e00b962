//! Help: a few lines on what has the focus, and a page with everything that is known of it and every key.
//!
//! It is made from the product file and the table of keys, and shows only what works now.

use super::key::Key;
use super::keys::{Action, Binding};
use super::{Guiding, Model, Overlay, Screen, Spot};
use crate::layout::{Line, Reader, Tone, paragraph, wrap};
use crate::text;
use std::collections::BTreeSet;

impl Model {
    /// The lines under the screen: a word on the last key, else help on what has the focus. Where there is too little
    /// room the first text is cut, and what follows it stays: where a value comes from, and an example.
    pub fn hint(&self, width: usize, rows: usize) -> Vec<Line> {
        if let Some(flash) = &self.marks.flash {
            return cut(paragraph(Tone::Warning, flash, 1, width), rows, width);
        }
        if let Some(unkept) = self.drafts.trouble() {
            let said = self.lang.tell("home.trouble", &[("why", &self.teller().unkept(unkept))]);
            return cut(paragraph(Tone::Error, &said, 1, width), rows, width);
        }
        let mut said = self.help_said(self.overlay()).into_iter().map(|(tone, text)| paragraph(tone, &text, 1, width));
        let first = said.next().unwrap_or_default();
        let more: Vec<Line> = said.flatten().collect();
        let room = rows.saturating_sub(more.len()).max(1);
        cut(first, room, width).into_iter().chain(more).take(rows).collect()
    }

    fn help_said(&self, overlay: Option<&Overlay>) -> Vec<(Tone, String)> {
        match (overlay, &self.screen) {
            (Some(Overlay::Picker(picker)), _) => vec![(Tone::Dim, self.picker_help(picker).to_owned())],
            (Some(Overlay::Open(opening)), _) if opening.takes_name() => {
                vec![(Tone::Dim, self.say("help.open_name").to_owned())]
            }
            (Some(Overlay::Save(saving)), _) => self.save_help(saving),
            (Some(Overlay::Finder(_)), _) => vec![(Tone::Dim, self.say("finder.help").to_owned())],
            (Some(Overlay::Accounts(_)), _) => vec![(Tone::Dim, self.say("help.accounts").to_owned())],
            (Some(_), _) => Vec::new(),
            (None, Screen::Step(_)) => self.focus_help(),
            (None, Screen::Review(_)) => vec![(Tone::Dim, self.say("help.review").to_owned())],
            (None, Screen::Home(_)) => vec![(Tone::Dim, self.say("help.home").to_owned())],
            (None, Screen::Confirm(_)) => vec![(Tone::Dim, self.say("help.confirm").to_owned())],
            (None, Screen::Sending) => vec![(Tone::Dim, self.say("help.sending").to_owned())],
            (None, Screen::Status(_)) => vec![(Tone::Dim, self.say("help.status").to_owned())],
            (None, Screen::Unknown(_)) => vec![(Tone::Dim, self.say("help.unknown").to_owned())],
            (None, Screen::Guide(Guiding::Welcome(_))) => vec![(Tone::Dim, self.say("help.setup_welcome").to_owned())],
            (None, Screen::Guide(Guiding::Trial(trial))) if trial.takes_name() => {
                vec![(Tone::Dim, self.say("help.setup_foreign").to_owned())]
            }
            (None, Screen::Guide(Guiding::Trial(_))) => vec![(Tone::Dim, self.say("help.setup_trial").to_owned())],
            (None, Screen::Guide(Guiding::Keep { .. })) => vec![(Tone::Dim, self.say("help.setup_keep").to_owned())],
        }
    }

    fn focus_help(&self) -> Vec<(Tone, String)> {
        let Some(spot) = self.spot() else { return Vec::new() };
        let mut said = vec![(Tone::Dim, self.spot_help(spot))];
        if let Some(at) = self.field() {
            let example = &self.product()[at.field].example;
            let example = (!example.is_empty()).then(|| self.lang.tell("help.example", &[("example", example)]));
            let begun = self.begun_words(at);
            let more: Vec<String> = begun.into_iter().chain(example).collect();
            said.push((Tone::Dim, more.join(" · ")));
        }
        said
    }

    /// A spot's own help, for the lines under the page.
    pub(super) fn spot_help(&self, spot: Spot) -> String {
        let said = match spot {
            Spot::Add(group) => return self.lang.tell("help.add", &[("row", self.row_word(group))]),
            Spot::Remove(group, _) => return self.lang.tell("help.remove", &[("row", self.row_word(group))]),
            Spot::Field(at) => self.words(&self.product()[at.field].help),
            Spot::Agreement => self.say("help.agreement"),
            Spot::Copy { .. } => self.say("help.copy"),
            Spot::CopyAgain(..) => self.say("help.copy_again"),
            Spot::KeepCopy(..) => self.say("help.keep_copy"),
            Spot::Take(_) => self.say("alike_org.help"),
            Spot::TakeBack => self.say("help.take_back"),
            Spot::Experts => self.say("help.experts"),
            Spot::Forward => self.say("help.forward"),
        };
        said.to_owned()
    }

    /// Opens the help page over what is in front; asked for on the page itself, it closes it.
    pub(super) fn show_help(&mut self) {
        match self.overlays.last() {
            Some(Overlay::Help(_)) => drop(self.overlays.pop()),
            _ => self.overlays.push(Overlay::Help(Reader::default())),
        }
    }

    /// The help page: on what lies under it.
    pub(super) fn help_lines(&self, width: usize) -> Vec<Line> {
        let under = self.overlays.iter().rev().find(|overlay| !matches!(overlay, Overlay::Help(_)));
        let mut lines = Vec::new();
        for (_, text) in self.help_said(under) {
            lines.extend(paragraph(Tone::Plain, &text, 1, width));
        }
        if let (None, Screen::Step(_), Some(at)) = (under, &self.screen, self.field()) {
            lines.extend(self.sources(at).iter().flat_map(|text| paragraph(Tone::Dim, text, 1, width)));
        }
        lines.push(Line::default());
        lines.push(Line::of(Tone::Heading, format!(" {}", self.say("help.keys"))));
        let rows = self.key_rows(&self.live_keys(under));
        lines.extend(rows.into_iter().flat_map(|(text, keys)| beside(&keys.join(", "), self.say(text), width)));
        lines
    }

    /// What can be done, each once, with all the keys that do it.
    fn key_rows(&self, live: &[&'static Binding]) -> Vec<(&'static str, Vec<String>)> {
        let mut rows: Vec<(&'static str, Vec<String>)> = Vec::new();
        for binding in live {
            let keys = binding.keys.iter().map(|key| self.key_name(key));
            match rows.iter_mut().find(|(text, _)| *text == binding.text) {
                Some((_, known)) => known.extend(keys),
                None => rows.push((binding.text, keys.collect())),
            }
        }
        rows
    }

    /// Says of a key that it does nothing here.
    pub(super) fn flash_idle(&mut self, key: &Key) {
        let over = matches!(self.overlay(), Some(Overlay::Help(_)));
        self.flash_key(if over { "flash.idle_in_help" } else { "flash.idle" }, key);
    }

    /// Says something of the key that was pressed.
    pub(super) fn flash_key(&mut self, id: &'static str, key: &Key) {
        self.marks.flash = Some(self.lang.tell(id, &[("key", &self.spelled_key(&key.name()))]));
    }

    /// A key of the table by its name: `#` stands for the numbers of the steps.
    pub(super) fn key_name(&self, key: &str) -> String {
        let numbers = format!("1…{}", self.product().steps.len() + 1);
        match key.strip_suffix('#') {
            Some("") => numbers,
            Some(held) => format!("{}-{numbers}", self.spelled_key(held.trim_end_matches('-'))),
            None => self.spelled_key(key),
        }
    }

    /// A key's name as it stands on the keyboard.
    fn spelled_key(&self, key: &str) -> String {
        let named = |part: &str| match self.lang.find(&format!("keyname.{part}")) {
            Some(name) => name.to_owned(),
            None if part.len() > 1 && part.starts_with('f') => part.to_uppercase(),
            None => part.to_owned(),
        };
        match key.split_once('-') {
            Some((modifier, rest)) if rest.chars().count() == 1 => {
                format!("{}-{}", named(modifier), rest.to_uppercase())
            }
            Some((modifier, rest)) if !rest.is_empty() => format!("{}-{}", named(modifier), self.spelled_key(rest)),
            _ => named(key),
        }
    }

    /// The keys for the footer, as many as there is room for. Help is always among them, and leaving before others.
    pub fn footer(&self, width: usize) -> Line {
        let unit = |binding: &Binding| {
            let key = self.key_name(binding.keys[0]);
            Line::of(Tone::Plain, " ").with(Tone::Key, key).with(Tone::Dim, format!(" {} ", self.say(binding.text)))
        };
        let mut keys: Vec<_> = self.live_keys(self.overlay()).into_iter().filter(|binding| binding.footer).collect();
        // What has two keys is said once.
        let mut said = BTreeSet::new();
        keys.retain(|binding| said.insert(binding.text));
        let rank = |binding: &Binding| match binding.action {
            Action::Help => 0,
            Action::Leave => 1,
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

    /// The agreement, as the account gives it, or where it is found.
    pub(super) fn agreement_lines(&self, width: usize) -> Vec<Line> {
        use super::lists::{State, Want};
        let known =
            self.known.product.as_ref().map(|product| product.agreement.as_str()).filter(|text| !text.is_empty());
        let state = self.lists.state(Want::Product);
        let text = match (known, state) {
            (Some(text), _) => text.to_owned(),
            (None, Some(State::Loading { .. })) => self.say("agreement.loading").to_owned(),
            (None, Some(State::Failed(failure))) => {
                format!("{}\n{}", self.teller().failure(failure), self.say("agreement.elsewhere"))
            }
            (None, _) => self.say("agreement.elsewhere").to_owned(),
        };
        let mut lines = vec![Line::of(Tone::Heading, format!(" {}", self.say("agreement.title"))), Line::default()];
        // Alone here line ends stay: it is a document.
        for text in text.lines() {
            let said = paragraph(Tone::Plain, text, 1, width);
            lines.extend(if said.is_empty() { vec![Line::default()] } else { said });
        }
        lines
    }
}

/// Keys with what they do beside them, each on as many lines as it needs.
fn beside(keys: &str, text: &str, width: usize) -> Vec<Line> {
    let column = 24.min(width / 2);
    let keys = paragraph(Tone::Key, keys, 1, column);
    let texts = wrap(text, width.saturating_sub(column + 1).max(1));
    let row = |at: usize| {
        let text = texts.get(at).copied().unwrap_or_default();
        keys.get(at).cloned().unwrap_or_default().pad(column + 1).with(Tone::Plain, text)
    };
    (0..keys.len().max(texts.len())).map(row).collect()
}

/// The lines that there is room for, with an ellipsis where some are left out.
fn cut(mut lines: Vec<Line>, rows: usize, width: usize) -> Vec<Line> {
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.pop() {
            let tone = last.spans.last().map_or(Tone::Dim, |span| span.tone);
            lines.push(Line::of(tone, text::clip(&format!("{} …", last.text()), width)));
        }
    }
    lines
}
