//! Typing: the line of text under the cursor, and secrets, which have no cursor and leave no copy behind.
//!
//! Every change goes into the form at once. What a text may be is not judged here.

use super::Model;
use super::fields::Style;
use super::history::Run;
use super::key::{Code, Key};
use super::keys::Context;
use super::msg::Effect;
use crate::form::Place;
use crate::product::{Check, Own};
use crate::secret::Secret;
use crate::text;
use tui_input::{Input, InputRequest};

/// More than any field takes; a paste beyond it is cut, and said so.
const LIMIT: usize = 2_000;

/// So many milliseconds what is said of a letter that cannot be read stays, whatever is typed.
const UNREAD: u64 = 4_000;

/// The line of text that is being typed.
#[derive(Debug, Clone)]
pub(super) struct Editor {
    /// The field that it belongs to.
    pub(super) place: Place,
    /// Its text and cursor.
    pub(super) input: Input,
    /// Whether anything was typed; what was only looked at is left as it is.
    pub(super) changed: bool,
}

/// Types a whole text at the cursor of a line, as far as there is room. Answers whether all of it went in.
pub(super) fn insert(input: &mut Input, text: &str) -> bool {
    let room = LIMIT.saturating_sub(input.value().chars().count());
    for c in text.chars().take(room) {
        input.handle(InputRequest::InsertChar(c));
    }
    text.chars().count() <= room
}

impl Model {
    /// Characters that were typed one after the other: each is a key. In a line of text they go in as they would one by
    /// one, and are looked at together.
    pub(super) fn type_run(&mut self, text: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let (Context::Line, Some(at)) = (self.key_context(), self.field()) {
                self.used = self.now;
                self.end_flash();
                if !self.only_reads(Context::Line) {
                    self.type_words(at, rest);
                }
                break;
            }
            effects.extend(self.key(&Key::plain(Code::Char(c))));
            effects.extend(self.settle());
            rest = &rest[c.len_utf8()..];
        }
        effects
    }

    /// A letter was typed that cannot be read. What is typed after it follows at once: the word on it stays for a while.
    pub(super) fn garbled(&mut self) -> Vec<Effect> {
        self.used = self.now;
        self.flash("flash.garbled");
        self.marks.flash_until = self.now + UNREAD;
        Vec::new()
    }

    /// What was said of the last key is over with the next one.
    pub(super) fn end_flash(&mut self) {
        if self.now >= self.marks.flash_until {
            self.marks.flash = None;
        }
    }

    /// Types a text into a field: a character, or a paste that was made one line.
    pub(super) fn type_text(&mut self, at: Place, text: &str) {
        match self.style(at) {
            Style::Secret => self.type_secret(at, text),
            Style::Line => self.remembering(at, Run::of(text), |model| {
                model.type_line(at, text);
            }),
            _ => {}
        }
    }

    /// Types characters that came at once into a line, word by word, so that they are undone as if they had come one by
    /// one.
    pub(super) fn type_words(&mut self, at: Place, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let blank = first.is_whitespace();
            let end = rest.find(|c: char| c.is_whitespace() != blank).unwrap_or(rest.len());
            let (piece, after) = rest.split_at(end);
            let mut whole = true;
            self.remembering(at, Run::Typed(blank), |model| whole = model.type_line(at, piece));
            if !whole {
                // Nothing after it fits either, and what is typed next is a step of its own.
                return self.history.pause();
            }
            rest = after;
        }
    }

    /// Answers whether all of it went in.
    fn type_line(&mut self, at: Place, text: &str) -> bool {
        let whole = insert(&mut self.editor_at(at).input, text);
        if !whole {
            self.flash("flash.too_long");
        }
        self.store(at);
        whole
    }

    /// Moves the cursor or deletes, in a line of text.
    pub(super) fn edit(&mut self, at: Place, request: InputRequest) {
        if request == InputRequest::GoToNextChar && self.take_suggestion(at) {
            return;
        }
        let erases = matches!(request, InputRequest::DeletePrevChar | InputRequest::DeleteNextChar);
        let run = if erases { Run::Erased } else { Run::Alone };
        self.remembering(at, run, |model| {
            let changed = model.editor_at(at).input.handle(request);
            if changed.is_some_and(|changed| changed.value) {
                model.store(at);
            }
        });
    }

    /// Takes what is suggested first, where the cursor stands at the end of what was typed. Answers whether it did.
    fn take_suggestion(&mut self, at: Place) -> bool {
        let input = &self.editor_at(at).input;
        let at_end = input.cursor() == input.value().chars().count();
        let suggested = if at_end && !self.form.is_blank(at) { self.form.suggested(at) } else { Vec::new() };
        let Some(first) = suggested.first() else { return false };
        self.put(at, first);
        self.editor = None;
        true
    }

    /// Swaps the character before the cursor with the one at it.
    pub(super) fn swap(&mut self, at: Place) {
        self.remembering(at, Run::Alone, |model| {
            let editor = model.editor_at(at);
            if let Some((text, cursor)) = swapped(editor.input.value(), editor.input.cursor()) {
                editor.input = std::mem::take(&mut editor.input).with_value(text).with_cursor(cursor);
                model.store(at);
            }
        });
    }

    fn editor_at(&mut self, at: Place) -> &mut Editor {
        if self.editor.as_ref().is_some_and(|editor| editor.place != at) {
            self.editor = None;
        }
        let text = self.form.text(at);
        self.editor.get_or_insert_with(|| Editor { place: at, input: Input::new(text.to_owned()), changed: false })
    }

    fn store(&mut self, at: Place) {
        if let Some(editor) = &mut self.editor {
            editor.changed = true;
            self.form.set(at, editor.input.value());
            self.mark_changed(at);
        }
    }

    /// Secrets here are digits; spaces and hyphens between them are passed over, as on the card itself.
    fn type_secret(&mut self, at: Place, text: &str) {
        let is_key = self.product()[at.field].checks.iter().any(|check| check.is == Check::Own(Own::ApiKey));
        if is_key {
            return self.type_key(at, text);
        }
        let mut pushed = false;
        for c in text.chars().filter(char::is_ascii_digit) {
            pushed |= self.form.secret_mut(at).push(c);
        }
        if text.chars().any(|c| !matches!(c, ' ' | '-' | '0'..='9')) {
            self.flash("flash.digits");
        }
        if pushed {
            self.mark_changed(at);
        }
    }

    /// A key is pasted more often than typed, with white space around it. What no key has within it is not taken.
    fn type_key(&mut self, at: Place, text: &str) {
        let key = text.trim();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return self.flash("flash.not_a_key");
        }
        if !key.chars().all(|c| self.form.secret_mut(at).push(c)) {
            self.flash("flash.too_long");
        }
        self.mark_changed(at);
    }

    /// Takes back the last character of a secret, or all of it.
    pub(super) fn erase_secret(&mut self, at: Place, all: bool) {
        if self.form.secret(at).is_none_or(Secret::is_empty) {
            return;
        }
        if all {
            self.form.secret_mut(at).clear();
        } else {
            self.form.secret_mut(at).pop();
        }
        self.mark_changed(at);
    }

    /// Leaves a line of text: it is tidied, and what is usually written otherwise is written so.
    pub(super) fn leave_editor(&mut self) {
        self.history.pause();
        let Some(editor) = self.editor.take().filter(|editor| editor.changed) else { return };
        self.tidy(editor.place);
        if let Some(usual) = self.form.respelled(editor.place) {
            // It is another text than was typed, so that it is undone by itself.
            self.put(editor.place, &usual);
            self.history.pause();
        }
    }

    /// White space around what was typed goes, and a month gets its two digits.
    fn tidy(&mut self, at: Place) {
        let typed = self.form.text(at).to_owned();
        let tidy = tidy(self.product()[at.field].checks.iter().any(|check| check.is == Check::Month), &typed);
        if tidy == typed {
            return;
        }
        let before = self.form.stood(at);
        self.form.set(at, &tidy);
        if let (Some(before), Some(after)) = (before, self.form.stood(at)) {
            self.history.amend(at, &before, &after);
        }
        self.mark_changed(at);
    }
}

/// The text with the graphemes on both sides of the cursor swapped, and the cursor behind them; at the end the last
/// two are.
fn swapped(text: &str, cursor: usize) -> Option<(String, usize)> {
    let mut parts: Vec<&str> = text::graphemes(text).map(|(part, _)| part).collect();
    let lengths = |parts: &[&str]| parts.iter().map(|part| part.chars().count()).sum::<usize>();
    let at = (0..parts.len()).find(|at| lengths(&parts[..*at]) >= cursor).unwrap_or(parts.len());
    let second = at.min(parts.len().checked_sub(1)?);
    parts.swap(second.checked_sub(1)?, second);
    Some((parts.concat(), lengths(&parts[..=second])))
}

fn tidy(month: bool, typed: &str) -> String {
    let trimmed = text::one_line(typed);
    if month && trimmed.len() == 1 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return format!("0{trimmed}");
    }
    trimmed
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_text_goes_in_at_the_cursor_and_not_beyond_the_limit() {
        let mut input = Input::new("Den Haag".into()).with_cursor(4);
        assert!(insert(&mut input, "Hoge "));
        assert_eq!((input.value(), input.cursor()), ("Den Hoge Haag", 9));
        assert!(!insert(&mut input, &"x".repeat(LIMIT)));
        assert_eq!(input.value().chars().count(), LIMIT);
        assert!(input.value().ends_with("Haag"));
    }

    #[rstest]
    #[case("ab", 2, Some(("ba", 2)))]
    #[case("abc", 1, Some(("bac", 2)))]
    #[case("e\u{301}n", 2, Some(("ne\u{301}", 3)))]
    #[case("abc", 0, None)]
    #[case("a", 1, None)]
    #[case("", 0, None)]
    fn characters_are_swapped_whole(#[case] text: &str, #[case] cursor: usize, #[case] to: Option<(&str, usize)>) {
        let swapped = swapped(text, cursor);
        assert_eq!(swapped.as_ref().map(|(text, cursor)| (text.as_str(), *cursor)), to);
    }

    #[test]
    fn white_space_goes_and_a_month_gets_two_digits() {
        assert_eq!(tidy(false, " Den Haag "), "Den Haag");
        assert_eq!(tidy(true, "9"), "09");
        assert_eq!(tidy(false, "9"), "9");
        assert_eq!(tidy(true, "12"), "12");
    }
}
