//! Text input: the line of text under the cursor, and secrets, which have no cursor and leave no copy behind.
//!
//! Every change goes into the form at once. Validation does not belong here.

use super::field_widgets::{FieldWidget, field_widget};
use super::undo::EditKind;
use crate::form::FieldPlace;
use crate::i18n::texts;
use crate::product::{SetupCheck, ValueCheck};
use crate::secret::Secret;
use crate::text;
use crate::tui::session::Session;
use crate::tui::widgets::insert_text;
use tui_input::{Input, InputRequest};

/// Milliseconds for which the notice about an undecodable letter stays, whatever is typed.
const UNREADABLE_FLASH_MS: u64 = 4_000;

#[derive(Debug, Clone)]
pub(crate) struct FieldEditor {
    pub(crate) place: FieldPlace,
    /// The text and the cursor.
    pub(crate) input: Input,
    /// True if anything was typed. A text that was only visited is left as it is.
    pub(crate) is_changed: bool,
}

impl Session {
    /// Reports a letter that cannot be decoded. More typing follows at once, so this notice stays for a while.
    pub(crate) fn flash_unreadable_key(&mut self) {
        self.last_key_at = self.now;
        self.show_flash(texts::flash::GARBLED);
        self.feedback.flash_until = self.now + UNREADABLE_FLASH_MS;
    }

    /// Notes that the person pressed a key or pasted, and clears the message about the previous key.
    pub(in crate::tui) fn begin_input(&mut self) {
        self.last_key_at = self.now;
        self.clear_expired_flash();
    }

    /// Clears the notice about the previous key, unless it must stay longer.
    pub(crate) fn clear_expired_flash(&mut self) {
        if self.now >= self.feedback.flash_until {
            self.feedback.flash = None;
        }
    }

    /// Types a text into a field: a character, or a paste that was reduced to one line.
    pub(crate) fn type_into_field(&mut self, at: FieldPlace, text: &str) {
        match field_widget(self, at) {
            FieldWidget::Secret => self.type_into_secret(at, text),
            FieldWidget::Line => self.edit_with_undo(at, EditKind::of_text(text), |model| {
                model.type_into_line(at, text);
            }),
            _ => {}
        }
    }

    /// Types characters that arrived together into a line, word by word, so that undo works as if they had arrived
    /// one by one.
    pub(crate) fn type_words_into_line(&mut self, at: FieldPlace, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let blank = first.is_whitespace();
            let end = rest.find(|c: char| c.is_whitespace() != blank).unwrap_or(rest.len());
            let (piece, after) = rest.split_at(end);
            let mut whole = true;
            self.edit_with_undo(at, EditKind::Typed(blank), |model| whole = model.type_into_line(at, piece));
            if !whole {
                // The rest does not fit either, and the next edit begins a new undo step.
                return self.undo_history.start_new_step();
            }
            rest = after;
        }
    }

    /// Inserts the text. Returns true if all of it fits.
    fn type_into_line(&mut self, at: FieldPlace, text: &str) -> bool {
        let whole = insert_text(&mut self.field_editor_at(at).input, text);
        if !whole {
            self.show_flash(texts::flash::TOO_LONG);
        }
        self.store_edited_text(at);
        whole
    }

    /// Moves the cursor or deletes, in a line of text.
    pub(crate) fn edit_field_text(&mut self, at: FieldPlace, request: InputRequest) {
        if request == InputRequest::GoToNextChar && self.accept_suggestion(at) {
            return;
        }
        let erases = matches!(request, InputRequest::DeletePrevChar | InputRequest::DeleteNextChar);
        let run = if erases { EditKind::Erased } else { EditKind::Standalone };
        self.edit_with_undo(at, run, |model| {
            let changed = model.field_editor_at(at).input.handle(request);
            if changed.is_some_and(|changed| changed.value) {
                model.store_edited_text(at);
            }
        });
    }

    /// Accepts the first suggestion if the cursor is at the end of the text. Returns true if it did.
    fn accept_suggestion(&mut self, at: FieldPlace) -> bool {
        let input = &self.field_editor_at(at).input;
        let at_end = input.cursor() == input.value().chars().count();
        let suggested = if at_end && !self.form.is_blank(at) { self.form.suggested_provinces(at) } else { Vec::new() };
        let Some(first) = suggested.first() else { return false };
        self.set_field_value(at, first);
        self.field_editor = None;
        true
    }

    /// Swaps the character before the cursor with the one at it.
    pub(crate) fn swap_characters(&mut self, at: FieldPlace) {
        self.edit_with_undo(at, EditKind::Standalone, |model| {
            let editor = model.field_editor_at(at);
            if let Some((text, cursor)) = swap_graphemes(editor.input.value(), editor.input.cursor()) {
                editor.input = std::mem::take(&mut editor.input).with_value(text).with_cursor(cursor);
                model.store_edited_text(at);
            }
        });
    }

    fn field_editor_at(&mut self, at: FieldPlace) -> &mut FieldEditor {
        if self.field_editor.as_ref().is_some_and(|editor| editor.place != at) {
            self.field_editor = None;
        }
        let text = self.form.text(at);
        self.field_editor.get_or_insert_with(|| FieldEditor {
            place: at,
            input: Input::new(text.to_owned()),
            is_changed: false,
        })
    }

    fn store_edited_text(&mut self, at: FieldPlace) {
        if let Some(editor) = &mut self.field_editor {
            editor.is_changed = true;
            self.form.set_text(at, editor.input.value());
            self.mark_field_changed(at);
        }
    }

    /// Card secrets are digits. Spaces and hyphens between them are skipped, as they may be printed on the card.
    fn type_into_secret(&mut self, at: FieldPlace, text: &str) {
        let is_key =
            self.product()[at.field].checks.iter().any(|check| check.is == ValueCheck::Own(SetupCheck::ApiKey));
        if is_key {
            return self.type_api_key(at, text);
        }
        let mut pushed = false;
        for c in text.chars().filter(char::is_ascii_digit) {
            pushed |= self.form.secret_mut(at).push(c);
        }
        if text.chars().any(|c| !matches!(c, ' ' | '-' | '0'..='9')) {
            self.show_flash(texts::flash::DIGITS);
        }
        if pushed {
            self.mark_field_changed(at);
        }
    }

    /// Types an API key. A key is usually pasted, with white space around it, so that is removed. A text with
    /// characters that no key has is refused.
    fn type_api_key(&mut self, at: FieldPlace, text: &str) {
        let key = text.trim();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return self.show_flash(texts::flash::NOT_A_KEY);
        }
        if !key.chars().all(|c| self.form.secret_mut(at).push(c)) {
            self.show_flash(texts::flash::TOO_LONG);
        }
        self.mark_field_changed(at);
    }

    /// Erases the last character of a secret, or all of it.
    pub(crate) fn erase_secret(&mut self, at: FieldPlace, all: bool) {
        if self.form.secret(at).is_none_or(Secret::is_empty) {
            return;
        }
        if all {
            self.form.secret_mut(at).clear();
        } else {
            self.form.secret_mut(at).pop();
        }
        self.mark_field_changed(at);
    }

    /// Leaves a line of text: tidies it, and applies its suggested spelling.
    pub(crate) fn close_field_editor(&mut self) {
        self.undo_history.start_new_step();
        let Some(editor) = self.field_editor.take().filter(|editor| editor.is_changed) else { return };
        self.tidy_field(editor.place);
        if let Some(usual) = self.form.suggested_spelling(editor.place) {
            // The spelling differs from what was typed, so it is an undo step of its own.
            self.set_field_value(editor.place, &usual);
            self.undo_history.start_new_step();
        }
    }

    /// Removes white space around the typed text, and pads a month to two digits.
    fn tidy_field(&mut self, at: FieldPlace) {
        let typed = self.form.text(at).to_owned();
        let tidy = tidy_text(self.product()[at.field].checks.iter().any(|check| check.is == ValueCheck::Month), &typed);
        if tidy == typed {
            return;
        }
        let before = self.form.field_state(at);
        self.form.set_text(at, &tidy);
        if let (Some(before), Some(after)) = (before, self.form.field_state(at)) {
            self.undo_history.replace_tidied_value(at, &before, &after);
        }
        self.mark_field_changed(at);
    }
}

/// The text with the graphemes on both sides of the cursor swapped, and the cursor behind them. At the end of the
/// text the last two are swapped. `None` if there is no pair to swap.
fn swap_graphemes(text: &str, cursor: usize) -> Option<(String, usize)> {
    let mut parts: Vec<&str> = text::graphemes(text).map(|(part, _)| part).collect();
    let lengths = |parts: &[&str]| parts.iter().map(|part| part.chars().count()).sum::<usize>();
    let at = (0..parts.len()).find(|at| lengths(&parts[..*at]) >= cursor).unwrap_or(parts.len());
    let second = at.min(parts.len().checked_sub(1)?);
    parts.swap(second.checked_sub(1)?, second);
    Some((parts.concat(), lengths(&parts[..=second])))
}

fn tidy_text(month: bool, typed: &str) -> String {
    let trimmed = text::to_one_line(typed);
    if month && trimmed.len() == 1 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return format!("0{trimmed}");
    }
    trimmed
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ab", 2, Some(("ba", 2)))]
    #[case("abc", 1, Some(("bac", 2)))]
    #[case("e\u{301}n", 2, Some(("ne\u{301}", 3)))]
    #[case("abc", 0, None)]
    #[case("a", 1, None)]
    #[case("", 0, None)]
    fn characters_are_swapped_whole(#[case] text: &str, #[case] cursor: usize, #[case] to: Option<(&str, usize)>) {
        let swapped = swap_graphemes(text, cursor);
        assert_eq!(swapped.as_ref().map(|(text, cursor)| (text.as_str(), *cursor)), to);
    }

    #[test]
    fn leaving_a_field_trims_it_and_pads_a_month() {
        assert_eq!(tidy_text(false, " Den Haag "), "Den Haag");
        assert_eq!(tidy_text(true, "9"), "09");
        assert_eq!(tidy_text(false, "9"), "9");
        assert_eq!(tidy_text(true, "12"), "12");
    }
}
