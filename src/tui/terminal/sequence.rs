//! Which key a sequence of a terminal stands for (xterm's control sequences, "PC-Style Function Keys"), and which
//! sequences are no key at all but a report of the terminal's.
//!
//! What is not known to be a key is a report: nobody is helped by a key that was guessed.

use crate::tui::key::{KeyCode, KeyPress, NamedKey};
use vte::{Params, Perform};

/// What a sequence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ControlSequence {
    /// A key was pressed.
    Key(KeyPress),
    /// A paste begins.
    PasteStart,
    /// The terminal tells something that nobody asked for.
    Report,
}

/// Takes in what vte makes of a control sequence.
#[derive(Debug, Default)]
pub(super) struct SequenceReader {
    /// The sequence, once it is whole.
    pub(super) sequence: Option<ControlSequence>,
}

impl Perform for SequenceReader {
    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        let known = !ignore && intermediates.is_empty();
        self.sequence = Some(if known { decode_control(params, action) } else { ControlSequence::Report });
    }
}

/// The numbers of a sequence: what stands first, who was held, and whether the key was let go.
struct SequenceNumbers {
    first: u16,
    third: u16,
    modifiers: HeldModifiers,
    released: bool,
    has_any: bool,
}

/// Shift, Alt and Ctrl.
#[derive(Debug, Clone, Copy, Default)]
struct HeldModifiers {
    shift: bool,
    alt: bool,
    ctrl: bool,
}

impl HeldModifiers {
    /// By the number that terminals send: one more than the sum of the bits.
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
        // With numbers it tells where the cursor is.
        'R' if numbers.has_any => None,
        '~' if numbers.first == 27 => code_of_code_point(numbers.third),
        '~' => code_of_number(numbers.first),
        'u' => code_of_code_point(numbers.first),
        'Z' => Some(KeyCode::Named(NamedKey::Tab)),
        _ => code_of_letter(action),
    };
    let held = if action == 'Z' { HeldModifiers { shift: true, ..numbers.modifiers } } else { numbers.modifiers };
    // Some terminals also tell when a key is let go.
    match code.filter(|_| !numbers.released) {
        Some(code) => ControlSequence::Key(make_key(code, held)),
        None => ControlSequence::Report,
    }
}

/// The key of `ESC O` and this letter, with the number between them, if there was one.
pub(super) fn decode_function_key(number: u16, letter: u8) -> Option<KeyPress> {
    let code = match letter {
        b'M' => Some(KeyCode::Named(NamedKey::Enter)),
        b'I' => Some(KeyCode::Named(NamedKey::Tab)),
        // The keypad, where a program before this one left it so.
        b'j'..=b'y' => Some(KeyCode::Char(char::from(letter - 0x40))),
        letter => code_of_letter(char::from(letter)),
    };
    code.map(|code| make_key(code, HeldModifiers::from_number(number)))
}

/// A key of the Linux console: `ESC [ [` and this letter.
pub(super) fn decode_console_key(letter: u8) -> Option<KeyPress> {
    matches!(letter, b'A'..=b'E').then(|| KeyPress::plain(KeyCode::F(letter - b'A' + 1)))
}

fn make_key(code: KeyCode, held: HeldModifiers) -> KeyPress {
    // A character has Shift in itself.
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

/// Function keys are numbered with gaps, as DEC's keyboards had them in groups.
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

/// A key by its character's number, as terminals send it that tell every key apart.
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

/// Numbers for private use stand for keys that nothing is done with.
fn is_character(c: char) -> bool {
    !c.is_control() && !('\u{e000}'..='\u{f8ff}').contains(&c)
}
