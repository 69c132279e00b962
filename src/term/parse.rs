//! The bytes that a terminal sends, told apart: keys, pastes, letters that cannot be read, and reports, which are
//! swallowed whole.
//!
//! Where a sequence is not whole yet, it says how long the rest is to be waited for; whoever reads the terminal tells it
//! when that time has passed. So nothing that never ends keeps the keys after it. vte reads the numbers of control
//! sequences; because it was made for the other end of the line, where no key is pressed, everything else is told apart
//! here.

use super::paste::Paste;
use super::sequence::{self, Reader, Sequence};
use crate::secret::SecretText;
use crate::wizard::key::{Code, Key, Named};
use std::time::Duration;

/// Something that a terminal sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sent {
    /// A key.
    Key(Key),
    /// A paste.
    Paste(SecretText),
    /// A letter that cannot be read: its bytes are not UTF-8.
    Garbled,
}

/// The byte of Esc, which begins every sequence.
const ESC: u8 = 0x1b;

/// The byte of Ctrl-C.
const CTRL_C: u8 = 0x03;

/// So long the rest of something that has begun is waited for: a line may stall.
const REST: Duration = Duration::from_secs(1);

/// So long the other bytes of a letter are waited for.
const LETTER: Duration = Duration::from_millis(250);

/// Tells apart what a terminal sends.
pub(super) struct Parser {
    state: State,
    /// Reads the control sequence that is under way.
    control: vte::Parser,
    /// How long Esc waits for what may follow it.
    escape_wait: Duration,
}

/// What is under way.
enum State {
    /// Nothing.
    Ground,
    /// Esc, once or twice: a key, or the beginning of something.
    Escape { twice: bool },
    /// The bytes of a letter, which is typed with Alt or without.
    Letter { bytes: Vec<u8>, alt: bool },
    /// `ESC O`, and a number perhaps.
    Function { twice: bool, number: Option<u16> },
    /// `ESC [`, and so many bytes more.
    Control { twice: bool, bytes: usize },
    /// `ESC [ [`: a key of the Linux console.
    Console,
    /// The old way to tell of a mouse: so many bytes are left, which may be any.
    Mouse { left: u8 },
    /// A control string: `ESC` and this, what it says, and perhaps the `ESC` that its end begins with.
    Text { kind: u8, begun: bool, escape: bool },
    /// A paste.
    Paste(Paste),
}

impl Parser {
    /// With Esc waiting so long for what may follow it.
    pub(super) fn new(escape_wait: Duration) -> Self {
        Self { state: State::Ground, control: vte::Parser::new(), escape_wait }
    }

    /// How long more bytes are waited for; nothing where nothing is under way.
    pub(super) fn patience(&self) -> Option<Duration> {
        match &self.state {
            State::Ground => None,
            State::Letter { .. } => Some(LETTER),
            State::Escape { .. }
            | State::Function { number: None, .. }
            | State::Control { bytes: 0, .. }
            | State::Text { begun: false, .. } => Some(self.escape_wait),
            State::Paste(paste) => Some(paste.patience()),
            _ => Some(REST),
        }
    }

    /// Takes in bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], tell: &mut impl FnMut(Sent)) {
        let mut rest = bytes;
        while let [byte, after @ ..] = rest {
            let State::Paste(paste) = &mut self.state else {
                self.byte(*byte, tell);
                rest = after;
                continue;
            };
            let (taken, ended) = paste.take(rest);
            rest = &rest[taken..];
            if ended {
                self.give_up(tell);
            }
        }
    }

    /// Nothing came for as long as it was to be waited for: what is under way is taken as it stands.
    pub(super) fn give_up(&mut self, tell: &mut impl FnMut(Sent)) {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape { twice } => {
                (0..=usize::from(twice)).for_each(|_| tell(Sent::Key(ascii(ESC))));
            }
            State::Letter { .. } => tell(Sent::Garbled),
            State::Function { twice, number: None } => tell_alt(twice, b'O', tell),
            State::Control { twice, bytes: 0 } => tell_alt(twice, b'[', tell),
            State::Text { kind, begun: false, .. } => tell_alt(false, kind, tell),
            State::Paste(paste) => {
                let (text, interrupted) = paste.finish();
                tell(Sent::Paste(text));
                if interrupted {
                    tell(Sent::Key(ascii(CTRL_C)));
                }
            }
            // Half a report, or half of what nobody knows.
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8, tell: &mut impl FnMut(Sent)) {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground | State::Paste(_) => self.plain(byte, false, tell),
            State::Escape { twice } => self.after_escape(byte, twice, tell),
            State::Letter { bytes, alt } => self.letter(bytes, byte, alt, tell),
            State::Function { twice, number } => self.function(byte, twice, number, tell),
            State::Control { twice, bytes } => self.control(byte, twice, bytes, tell),
            State::Console => self.told_key(sequence::console(byte), byte, tell),
            State::Mouse { left: 1 } => {}
            State::Mouse { left } => self.state = State::Mouse { left: left - 1 },
            State::Text { kind, escape, .. } => self.text(byte, kind, escape, tell),
        }
    }

    /// A byte that belongs to nothing before it but Alt.
    fn plain(&mut self, byte: u8, alt: bool, tell: &mut impl FnMut(Sent)) {
        match byte {
            ESC => self.state = State::Escape { twice: false },
            0x80.. => self.letter(Vec::new(), byte, alt, tell),
            _ => tell(Sent::Key(Key { alt, ..ascii(byte) })),
        }
    }

    fn after_escape(&mut self, byte: u8, twice: bool, tell: &mut impl FnMut(Sent)) {
        let esc = Sent::Key(ascii(ESC));
        match byte {
            ESC => {
                if twice {
                    tell(esc);
                }
                self.state = State::Escape { twice: true };
            }
            b'[' => {
                self.control = vte::Parser::new();
                self.control.advance(&mut Reader::default(), b"\x1b[");
                self.state = State::Control { twice, bytes: 0 };
            }
            b'O' => self.state = State::Function { twice, number: None },
            b']' | b'P' | b'X' | b'^' | b'_' => {
                // Somebody pressed Esc just before the terminal told something.
                if twice {
                    tell(esc);
                }
                self.state = State::Text { kind: byte, begun: false, escape: false };
            }
            byte => {
                if twice {
                    tell(esc);
                }
                self.plain(byte, true, tell);
            }
        }
    }

    fn letter(&mut self, mut bytes: Vec<u8>, byte: u8, alt: bool, tell: &mut impl FnMut(Sent)) {
        let first = bytes.is_empty();
        bytes.push(byte);
        match std::str::from_utf8(&bytes).map(|text| text.chars().next()) {
            Ok(c) => c.into_iter().for_each(|c| tell(Sent::Key(Key { alt, ..Key::plain(Code::Char(c)) }))),
            Err(error) if error.error_len().is_none() => self.state = State::Letter { bytes, alt },
            Err(_) => {
                tell(Sent::Garbled);
                // What does not belong to the letter is one of its own.
                if !first {
                    self.plain(byte, false, tell);
                }
            }
        }
    }

    fn function(&mut self, byte: u8, twice: bool, number: Option<u16>, tell: &mut impl FnMut(Sent)) {
        match byte {
            b'0'..=b'9' => {
                let number = number.unwrap_or(0).saturating_mul(10).saturating_add(u16::from(byte - b'0'));
                self.state = State::Function { twice, number: Some(number) };
            }
            byte => {
                let key = sequence::function(number.unwrap_or(1), byte);
                self.told_key(key.map(|key| Key { alt: key.alt || twice, ..key }), byte, tell);
            }
        }
    }

    /// The key of a sequence that ends with this byte. One that nobody knows is swallowed, but for a byte that cannot be
    /// the end of any.
    fn told_key(&mut self, key: Option<Key>, byte: u8, tell: &mut impl FnMut(Sent)) {
        match key {
            Some(key) => tell(Sent::Key(key)),
            None if (b' '..=b'~').contains(&byte) => {}
            None => self.plain(byte, false, tell),
        }
    }

    fn control(&mut self, byte: u8, twice: bool, bytes: usize, tell: &mut impl FnMut(Sent)) {
        match byte {
            b'[' if bytes == 0 => self.state = State::Console,
            b'M' if bytes == 0 => self.state = State::Mouse { left: 3 },
            b' '..=b'~' => {
                let mut reader = Reader::default();
                self.control.advance(&mut reader, &[byte]);
                // vte tells nothing of a sequence that it cannot make sense of.
                let ended = (b'@'..=b'~').contains(&byte);
                match reader.read.or(ended.then_some(Sequence::Report)) {
                    Some(read) => self.sequence(read, twice, tell),
                    None => self.state = State::Control { twice, bytes: bytes + 1 },
                }
            }
            byte => self.plain(byte, false, tell),
        }
    }

    fn sequence(&mut self, read: Sequence, twice: bool, tell: &mut impl FnMut(Sent)) {
        // Esc and a sequence for a key are that key with Alt; before anything else somebody pressed Esc.
        if twice && !matches!(read, Sequence::Key(_)) {
            tell(Sent::Key(ascii(ESC)));
        }
        match read {
            Sequence::Key(key) => tell(Sent::Key(Key { alt: key.alt || twice, ..key })),
            Sequence::Paste => self.state = State::Paste(Paste::default()),
            Sequence::Report => {}
        }
    }

    fn text(&mut self, byte: u8, kind: u8, escape: bool, tell: &mut impl FnMut(Sent)) {
        match byte {
            b'\\' if escape => {}
            // Anything else after Esc is no end, and begins something new.
            byte if escape => self.after_escape(byte, false, tell),
            ESC => self.state = State::Text { kind, begun: true, escape: true },
            0x07 if kind == b']' => {}
            // CAN and SUB break a string off, and Ctrl-C gets out of everything.
            0x18 | 0x1a => {}
            CTRL_C => self.plain(byte, false, tell),
            _ => self.state = State::Text { kind, begun: true, escape: false },
        }
    }
}

/// The key of a byte below 0x80, without Alt.
fn ascii(byte: u8) -> Key {
    let ctrl = |c: char| Key { ctrl: true, ..Key::plain(Code::Char(c)) };
    match byte {
        0x00 => ctrl(' '),
        b'\t' => Key::plain(Code::Named(Named::Tab)),
        b'\r' => Key::plain(Code::Named(Named::Enter)),
        ESC => Key::plain(Code::Named(Named::Esc)),
        0x01..=0x1a => ctrl(char::from(byte - 1 + b'a')),
        0x1c..=0x1e => ctrl(char::from(byte - 0x1c + b'4')),
        // What terminals send for Ctrl-_, and most of them for Ctrl-/.
        0x1f => ctrl('_'),
        0x7f => Key::plain(Code::Named(Named::Backspace)),
        byte => Key::plain(Code::Char(char::from(byte))),
    }
}

/// A sign with Alt that could have been the beginning of a sequence, and Esc before it where that was pressed too.
fn tell_alt(twice: bool, sign: u8, tell: &mut impl FnMut(Sent)) {
    if twice {
        tell(Sent::Key(ascii(ESC)));
    }
    tell(Sent::Key(Key { alt: true, ..ascii(sign) }));
}

#[cfg(test)]
mod tests;
