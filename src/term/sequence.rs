//! Which key a sequence of a terminal stands for (xterm's control sequences, "PC-Style Function Keys"), and which
//! sequences are no key at all but a report of the terminal's.
//!
//! What is not known to be a key is a report: nobody is helped by a key that was guessed.

use crate::wizard::key::{Code, Key, Named};
use vte::{Params, Perform};

/// What a sequence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    /// A key was pressed.
    Key(Key),
    /// A paste begins.
    Paste,
    /// The terminal tells something that nobody asked for.
    Report,
}

/// Takes in what vte makes of a control sequence.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The sequence, once it is whole.
    pub(super) read: Option<Sequence>,
}

impl Perform for Reader {
    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        let known = !ignore && intermediates.is_empty();
        self.read = Some(if known { control(params, action) } else { Sequence::Report });
    }
}

/// The numbers of a sequence: what stands first, who was held, and whether the key was let go.
struct Numbers {
    first: u16,
    third: u16,
    held: Held,
    released: bool,
    any: bool,
}

/// Shift, Alt and Ctrl.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    shift: bool,
    alt: bool,
    ctrl: bool,
}

impl Held {
    /// By the number that terminals send: one more than the sum of the bits.
    fn of(number: u16) -> Self {
        let bits = number.saturating_sub(1);
        Self { shift: bits & 1 != 0, alt: bits & 2 != 0, ctrl: bits & 4 != 0 }
    }
}

impl Numbers {
    fn of(params: &Params) -> Self {
        let at = |index: usize, sub: usize| params.iter().nth(index).and_then(|all| all.get(sub).copied()).unwrap_or(0);
        let any = params.len() > 1 || at(0, 0) != 0;
        Self { first: at(0, 0), third: at(2, 0), held: Held::of(at(1, 0)), released: at(1, 1) == 3, any }
    }
}

fn control(params: &Params, action: char) -> Sequence {
    let numbers = Numbers::of(params);
    let code = match action {
        '~' if numbers.first == 200 => return Sequence::Paste,
        // With numbers it tells where the cursor is.
        'R' if numbers.any => None,
        '~' if numbers.first == 27 => from_code_point(numbers.third),
        '~' => numbered(numbers.first),
        'u' => from_code_point(numbers.first),
        'Z' => Some(Code::Named(Named::Tab)),
        _ => lettered(action),
    };
    let held = if action == 'Z' { Held { shift: true, ..numbers.held } } else { numbers.held };
    // Some terminals also tell when a key is let go.
    match code.filter(|_| !numbers.released) {
        Some(code) => Sequence::Key(key(code, held)),
        None => Sequence::Report,
    }
}

/// The key of `ESC O` and this letter, with the number between them, if there was one.
pub(super) fn function(number: u16, letter: u8) -> Option<Key> {
    let code = match letter {
        b'M' => Some(Code::Named(Named::Enter)),
        b'I' => Some(Code::Named(Named::Tab)),
        // The keypad, where a program before this one left it so.
        b'j'..=b'y' => Some(Code::Char(char::from(letter - 0x40))),
        letter => lettered(char::from(letter)),
    };
    code.map(|code| key(code, Held::of(number)))
}

/// A key of the Linux console: `ESC [ [` and this letter.
pub(super) fn console(letter: u8) -> Option<Key> {
    matches!(letter, b'A'..=b'E').then(|| Key::plain(Code::F(letter - b'A' + 1)))
}

fn key(code: Code, held: Held) -> Key {
    // A character has Shift in itself.
    let code = match code {
        Code::Char(c) if held.shift => Code::Char(c.to_uppercase().next().unwrap_or(c)),
        code => code,
    };
    let shift = held.shift && matches!(code, Code::Named(_));
    Key { code, ctrl: held.ctrl, alt: held.alt, shift }
}

fn lettered(letter: char) -> Option<Code> {
    Some(match letter {
        'A' => Code::Named(Named::Up),
        'B' => Code::Named(Named::Down),
        'C' => Code::Named(Named::Right),
        'D' => Code::Named(Named::Left),
        'F' => Code::Named(Named::End),
        'H' => Code::Named(Named::Home),
        'P' => Code::F(1),
        'Q' => Code::F(2),
        'R' => Code::F(3),
        'S' => Code::F(4),
        _ => return None,
    })
}

fn numbered(number: u16) -> Option<Code> {
    let named = match number {
        1 | 7 => Named::Home,
        2 => Named::Insert,
        3 => Named::Delete,
        4 | 8 => Named::End,
        5 => Named::PageUp,
        6 => Named::PageDown,
        _ => return numbered_function(number),
    };
    Some(Code::Named(named))
}

/// Function keys are numbered with gaps, as DEC's keyboards had them in groups.
fn numbered_function(number: u16) -> Option<Code> {
    let before = match number {
        11..=15 => 10,
        17..=21 => 11,
        23..=26 => 12,
        28..=29 => 13,
        31..=34 => 14,
        _ => return None,
    };
    u8::try_from(number - before).ok().map(Code::F)
}

/// A key by its character's number, as terminals send it that tell every key apart.
fn from_code_point(number: u16) -> Option<Code> {
    let named = match number {
        8 | 127 => Named::Backspace,
        9 => Named::Tab,
        13 => Named::Enter,
        27 => Named::Esc,
        _ => return char::from_u32(u32::from(number)).filter(|c| is_character(*c)).map(Code::Char),
    };
    Some(Code::Named(named))
}

/// Numbers for private use stand for keys that nothing is done with.
fn is_character(c: char) -> bool {
    !c.is_control() && !('\u{e000}'..='\u{f8ff}').contains(&c)
}
