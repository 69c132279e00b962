//! Control sequences: which key a sequence means (xterm's control sequences, "PC-Style Function Keys"), and which
//! sequences are reports of the terminal.
//!
//! A sequence that is not a known key is a report, because a guessed key helps nobody.

use crate::tui::key::{KeyCode, KeyPress, NamedKey};
use vte::{Params, Perform};

/// The meaning of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ControlSequence {
    Key(KeyPress),
    PasteStart,
    /// The terminal reports something that nobody asked for.
    Report,
}

/// Receives what vte parses of a control sequence.
#[derive(Debug, Default)]
pub(super) struct SequenceReader {
    /// The sequence, once it is complete.
    pub(super) sequence: Option<ControlSequence>,
}

impl Perform for SequenceReader {
    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        let known = !ignore && intermediates.is_empty();
        self.sequence = Some(if known { decode_control(params, action) } else { ControlSequence::Report });
    }
}

/// The numbers of a sequence: the first and the third one, the modifiers, and whether the key was released.
struct SequenceNumbers {
    first: u16,
    third: u16,
    modifiers: HeldModifiers,
    released: bool,
    has_any: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct HeldModifiers {
    shift: bool,
    alt: bool,
    ctrl: bool,
}

impl HeldModifiers {
    /// Decodes the number that terminals send: one more than the sum of the bits.
    fn from_number(number: u16) -> Self {
        let bits = number.saturating_sub(1);
        Self { shift: bits & 1 != 0, alt: bits & 2 != 0, ctrl: bits & 4 != 0 }
    }
}

impl SequenceNumbers {
    fn from_params(params: &Params) -> Self {
        let at = |index: usize, sub: usize| params.iter().nth(index).and_then(|all| all.get(sub).copied()).unwrap_or(0);
        let has_any = params.len() > 1 || at(0, 0) != 0;
        Self {
            first: at(0, 0),
            third: at(2, 0),
            modifiers: HeldModifiers::from_number(at(1, 0)),
            released: at(1, 1) == 3,
            has_any,
        }
    }
}

fn decode_control(params: &Params, action: char) -> ControlSequence {
    let numbers = SequenceNumbers::from_params(params);
    let code = match action {
        '~' if numbers.first == 200 => return ControlSequence::PasteStart,
        // With numbers, this reports the cursor position.
        'R' if numbers.has_any => None,
        '~' if numbers.first == 27 => code_of_code_point(numbers.third),
        '~' => code_of_number(numbers.first),
        'u' => code_of_code_point(numbers.first),
        'Z' => Some(KeyCode::Named(NamedKey::Tab)),
        _ => code_of_letter(action),
    };
    let held = if action == 'Z' { HeldModifiers { shift: true, ..numbers.modifiers } } else { numbers.modifiers };
    // Some terminals also report the release of a key.
    match code.filter(|_| !numbers.released) {
        Some(code) => ControlSequence::Key(make_key(code, held)),
        None => ControlSequence::Report,
    }
}

/// Returns the key of `ESC O` and this letter. `number` is the number between them, or 1.
pub(super) fn decode_function_key(number: u16, letter: u8) -> Option<KeyPress> {
    let code = match letter {
        b'M' => Some(KeyCode::Named(NamedKey::Enter)),
        b'I' => Some(KeyCode::Named(NamedKey::Tab)),
        // The keypad, if an earlier program left it in application mode.
        b'j'..=b'y' => Some(KeyCode::Char(char::from(letter - 0x40))),
        letter => code_of_letter(char::from(letter)),
    };
    code.map(|code| make_key(code, HeldModifiers::from_number(number)))
}

/// Returns the key of the Linux console for `ESC [ [` and this letter.
pub(super) fn decode_console_key(letter: u8) -> Option<KeyPress> {
    matches!(letter, b'A'..=b'E').then(|| KeyPress::plain(KeyCode::F(letter - b'A' + 1)))
}

fn make_key(code: KeyCode, held: HeldModifiers) -> KeyPress {
    // A character already includes Shift.
    let code = match code {
        KeyCode::Char(c) if held.shift => KeyCode::Char(c.to_uppercase().next().unwrap_or(c)),
        code => code,
    };
    let shift = held.shift && matches!(code, KeyCode::Named(_));
    KeyPress { code, ctrl: held.ctrl, alt: held.alt, shift }
}

fn code_of_letter(letter: char) -> Option<KeyCode> {
    Some(match letter {
        'A' => KeyCode::Named(NamedKey::Up),
        'B' => KeyCode::Named(NamedKey::Down),
        'C' => KeyCode::Named(NamedKey::Right),
        'D' => KeyCode::Named(NamedKey::Left),
        'F' => KeyCode::Named(NamedKey::End),
        'H' => KeyCode::Named(NamedKey::Home),
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn code_of_number(number: u16) -> Option<KeyCode> {
    let named = match number {
        1 | 7 => NamedKey::Home,
        2 => NamedKey::Insert,
        3 => NamedKey::Delete,
        4 | 8 => NamedKey::End,
        5 => NamedKey::PageUp,
        6 => NamedKey::PageDown,
        _ => return function_key_of_number(number),
    };
    Some(KeyCode::Named(named))
}

/// The numbers of function keys have gaps, because DEC's keyboards had these keys in groups.
fn function_key_of_number(number: u16) -> Option<KeyCode> {
    let before = match number {
        11..=15 => 10,
        17..=21 => 11,
        23..=26 => 12,
        28..=29 => 13,
        31..=34 => 14,
        _ => return None,
    };
    u8::try_from(number - before).ok().map(KeyCode::F)
}

/// Returns the key of a character's code point. Terminals that distinguish all keys send it.
fn code_of_code_point(number: u16) -> Option<KeyCode> {
    let named = match number {
        8 | 127 => NamedKey::Backspace,
        9 => NamedKey::Tab,
        13 => NamedKey::Enter,
        27 => NamedKey::Esc,
        _ => return char::from_u32(u32::from(number)).filter(|c| is_character(*c)).map(KeyCode::Char),
    };
    Some(KeyCode::Named(named))
}

/// Code points for private use mean keys that this program does not use.
fn is_character(c: char) -> bool {
    !c.is_control() && !('\u{e000}'..='\u{f8ff}').contains(&c)
}
