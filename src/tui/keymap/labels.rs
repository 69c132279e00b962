//! The names of keys as they are printed on the keyboard, for the footer and the help page.

use crate::i18n::{TextId, texts, with};
use crate::tui::key::KeyPress;
use crate::tui::session::Session;

impl Session {
    /// Shows a flash about the key that was pressed.
    pub(crate) fn flash_about_key(&mut self, id: TextId<with::Key<'_>>, key: &KeyPress) {
        self.feedback.flash = Some(self.lang.format(id, with::Key(&keyboard_label(self, &key.name()))));
    }
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
    let named = |part: &str| match key_name(part) {
        Some(name) => session.text(name).to_owned(),
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

/// The name of a key that has one on the keyboard.
fn key_name(key: &str) -> Option<TextId> {
    Some(match key {
        "alt" => texts::keyname::ALT,
        "backspace" => texts::keyname::BACKSPACE,
        "ctrl" => texts::keyname::CTRL,
        "delete" => texts::keyname::DELETE,
        "down" => texts::keyname::DOWN,
        "end" => texts::keyname::END,
        "enter" => texts::keyname::ENTER,
        "esc" => texts::keyname::ESC,
        "home" => texts::keyname::HOME,
        "insert" => texts::keyname::INSERT,
        "left" => texts::keyname::LEFT,
        "pagedown" => texts::keyname::PAGEDOWN,
        "pageup" => texts::keyname::PAGEUP,
        "right" => texts::keyname::RIGHT,
        "shift" => texts::keyname::SHIFT,
        "space" => texts::keyname::SPACE,
        "tab" => texts::keyname::TAB,
        "up" => texts::keyname::UP,
        _ => return None,
    })
}
