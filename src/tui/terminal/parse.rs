//! The bytes that a terminal sends, told apart: keys, pastes, letters that cannot be read, and reports, which are
//! swallowed whole.
//!
//! Where a sequence is not whole yet, it says how long the rest is to be waited for; whoever reads the terminal tells it
//! when that time has passed. So nothing that never ends keeps the keys after it. vte reads the numbers of control
//! sequences; because it was made for the other end of the line, where no key is pressed, everything else is told apart
//! here.

use super::paste::Paste;
use super::sequence::{self, ControlSequence, SequenceReader};
use crate::secret::SecretText;
use crate::tui::key::{KeyCode, KeyPress, NamedKey};
use std::time::Duration;

/// Something that a terminal sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ParsedInput {
    /// A key.
    Key(KeyPress),
    /// A paste.
    Paste(SecretText),
    /// A letter that cannot be read: its bytes are not UTF-8.
    InvalidUtf8,
}

/// The byte of Esc, which begins every sequence.
const ESC: u8 = 0x1b;

/// The byte of Ctrl-C.
const CTRL_C: u8 = 0x03;

/// So long the rest of something that has begun is waited for: a line may stall.
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// So long the other bytes of a letter are waited for.
const CHAR_TIMEOUT: Duration = Duration::from_millis(250);

/// Tells apart what a terminal sends.
pub(super) struct InputParser {
    state: ParserState,
    /// Reads the control sequence that is under way.
    control: vte::Parser,
    /// How long Esc waits for what may follow it.
    escape_wait: Duration,
}

/// What is under way.
enum ParserState {
    /// Nothing.
    Ground,
    /// Esc, once or twice: a key, or the beginning of something.
    Escape { twice: bool },
    /// The bytes of a letter, which is typed with Alt or without.
    PartialChar { bytes: Vec<u8>, alt: bool },
    /// `ESC O`, and a number perhaps.
    Function { twice: bool, number: Option<u16> },
    /// `ESC [`, and so many bytes more.
    Control { twice: bool, bytes: usize },
    /// `ESC [ [`: a key of the Linux console.
    Console,
    /// The old way to tell of a mouse: so many bytes are left, which may be any.
    Mouse { left: u8 },
    /// A control string: `ESC` and this, what it says, and perhaps the `ESC` that its end begins with.
    ControlString { kind: u8, begun: bool, escape: bool },
    /// A paste.
    Paste(Paste),
}

impl InputParser {
    /// With Esc waiting so long for what may follow it.
    pub(super) fn new(escape_wait: Duration) -> Self {
        Self { state: ParserState::Ground, control: vte::Parser::new(), escape_wait }
    }

    /// How long more bytes are waited for; nothing where nothing is under way.
    pub(super) fn wait_limit(&self) -> Option<Duration> {
        match &self.state {
            ParserState::Ground => None,
            ParserState::PartialChar { .. } => Some(CHAR_TIMEOUT),
            ParserState::Escape { .. }
            | ParserState::Function { number: None, .. }
            | ParserState::Control { bytes: 0, .. }
            | ParserState::ControlString { begun: false, .. } => Some(self.escape_wait),
            ParserState::Paste(paste) => Some(paste.wait_limit()),
            _ => Some(REST_TIMEOUT),
        }
    }

    /// Takes in bytes.
    pub(super) fn feed_bytes(&mut self, bytes: &[u8], tell: &mut impl FnMut(ParsedInput)) {
        let mut rest = bytes;
        while let [byte, after @ ..] = rest {
            let ParserState::Paste(paste) = &mut self.state else {
                self.parse_byte(*byte, tell);
                rest = after;
                continue;
            };
            let (taken, ended) = paste.take_bytes(rest);
            rest = &rest[taken..];
            if ended {
                self.finish_pending(tell);
            }
        }
    }

    /// Nothing came for as long as it was to be waited for: what is under way is taken as it stands.
    pub(super) fn finish_pending(&mut self, tell: &mut impl FnMut(ParsedInput)) {
        match std::mem::replace(&mut self.state, ParserState::Ground) {
            ParserState::Escape { twice } => {
                (0..=usize::from(twice)).for_each(|_| tell(ParsedInput::Key(ascii_key(ESC))));
            }
            ParserState::PartialChar { .. } => tell(ParsedInput::InvalidUtf8),
            ParserState::Function { twice, number: None } => emit_alt_key(twice, b'O', tell),
            ParserState::Control { twice, bytes: 0 } => emit_alt_key(twice, b'[', tell),
            ParserState::ControlString { kind, begun: false, .. } => emit_alt_key(false, kind, tell),
            ParserState::Paste(paste) => {
                let (text, interrupted) = paste.finish_text();
                tell(ParsedInput::Paste(text));
                if interrupted {
                    tell(ParsedInput::Key(ascii_key(CTRL_C)));
                }
            }
            // Half a report, or half of what nobody knows.
            _ => {}
        }
    }

    fn parse_byte(&mut self, byte: u8, tell: &mut impl FnMut(ParsedInput)) {
        match std::mem::replace(&mut self.state, ParserState::Ground) {
            ParserState::Ground | ParserState::Paste(_) => self.parse_plain_byte(byte, false, tell),
            ParserState::Escape { twice } => self.parse_after_escape(byte, twice, tell),
            ParserState::PartialChar { bytes, alt } => self.parse_char_byte(bytes, byte, alt, tell),
            ParserState::Function { twice, number } => self.parse_function_key(byte, twice, number, tell),
            ParserState::Control { twice, bytes } => self.parse_control_byte(byte, twice, bytes, tell),
            ParserState::Console => self.emit_sequence_key(sequence::decode_console_key(byte), byte, tell),
            ParserState::Mouse { left: 1 } => {}
            ParserState::Mouse { left } => self.state = ParserState::Mouse { left: left - 1 },
            ParserState::ControlString { kind, escape, .. } => self.parse_string_byte(byte, kind, escape, tell),
        }
    }

    /// A byte that belongs to nothing before it but Alt.
    fn parse_plain_byte(&mut self, byte: u8, alt: bool, tell: &mut impl FnMut(ParsedInput)) {
        match byte {
            ESC => self.state = ParserState::Escape { twice: false },
            0x80.. => self.parse_char_byte(Vec::new(), byte, alt, tell),
            _ => tell(ParsedInput::Key(KeyPress { alt, ..ascii_key(byte) })),
        }
    }

    fn parse_after_escape(&mut self, byte: u8, twice: bool, tell: &mut impl FnMut(ParsedInput)) {
        let esc = ParsedInput::Key(ascii_key(ESC));
        match byte {
            ESC => {
                if twice {
                    tell(esc);
                }
                self.state = ParserState::Escape { twice: true };
            }
            b'[' => {
                self.control = vte::Parser::new();
                self.control.advance(&mut SequenceReader::default(), b"\x1b[");
                self.state = ParserState::Control { twice, bytes: 0 };
            }
            b'O' => self.state = ParserState::Function { twice, number: None },
            b']' | b'P' | b'X' | b'^' | b'_' => {
                // Somebody pressed Esc just before the terminal told something.
                if twice {
                    tell(esc);
                }
                self.state = ParserState::ControlString { kind: byte, begun: false, escape: false };
            }
            byte => {
                if twice {
                    tell(esc);
                }
                self.parse_plain_byte(byte, true, tell);
            }
        }
    }

    fn parse_char_byte(&mut self, mut bytes: Vec<u8>, byte: u8, alt: bool, tell: &mut impl FnMut(ParsedInput)) {
        let first = bytes.is_empty();
        bytes.push(byte);
        match std::str::from_utf8(&bytes).map(|text| text.chars().next()) {
            Ok(c) => c
                .into_iter()
                .for_each(|c| tell(ParsedInput::Key(KeyPress { alt, ..KeyPress::plain(KeyCode::Char(c)) }))),
            Err(error) if error.error_len().is_none() => self.state = ParserState::PartialChar { bytes, alt },
            Err(_) => {
                tell(ParsedInput::InvalidUtf8);
                // What does not belong to the letter is one of its own.
                if !first {
                    self.parse_plain_byte(byte, false, tell);
                }
            }
        }
    }

    fn parse_function_key(&mut self, byte: u8, twice: bool, number: Option<u16>, tell: &mut impl FnMut(ParsedInput)) {
        match byte {
            b'0'..=b'9' => {
                let number = number.unwrap_or(0).saturating_mul(10).saturating_add(u16::from(byte - b'0'));
                self.state = ParserState::Function { twice, number: Some(number) };
            }
            byte => {
                let key = sequence::decode_function_key(number.unwrap_or(1), byte);
                self.emit_sequence_key(key.map(|key| KeyPress { alt: key.alt || twice, ..key }), byte, tell);
            }
        }
    }

    /// The key of a sequence that ends with this byte. One that nobody knows is swallowed, but for a byte that cannot be
    /// the end of any.
    fn emit_sequence_key(&mut self, key: Option<KeyPress>, byte: u8, tell: &mut impl FnMut(ParsedInput)) {
        match key {
            Some(key) => tell(ParsedInput::Key(key)),
            None if (b' '..=b'~').contains(&byte) => {}
            None => self.parse_plain_byte(byte, false, tell),
        }
    }

    fn parse_control_byte(&mut self, byte: u8, twice: bool, bytes: usize, tell: &mut impl FnMut(ParsedInput)) {
        match byte {
            b'[' if bytes == 0 => self.state = ParserState::Console,
            b'M' if bytes == 0 => self.state = ParserState::Mouse { left: 3 },
            b' '..=b'~' => {
                let mut reader = SequenceReader::default();
                self.control.advance(&mut reader, &[byte]);
                // vte tells nothing of a sequence that it cannot make sense of.
                let ended = (b'@'..=b'~').contains(&byte);
                match reader.sequence.or(ended.then_some(ControlSequence::Report)) {
                    Some(read) => self.emit_sequence(read, twice, tell),
                    None => self.state = ParserState::Control { twice, bytes: bytes + 1 },
                }
            }
            byte => self.parse_plain_byte(byte, false, tell),
        }
    }

    fn emit_sequence(&mut self, read: ControlSequence, twice: bool, tell: &mut impl FnMut(ParsedInput)) {
        // Esc and a sequence for a key are that key with Alt; before anything else somebody pressed Esc.
        if twice && !matches!(read, ControlSequence::Key(_)) {
            tell(ParsedInput::Key(ascii_key(ESC)));
        }
        match read {
            ControlSequence::Key(key) => tell(ParsedInput::Key(KeyPress { alt: key.alt || twice, ..key })),
            ControlSequence::PasteStart => self.state = ParserState::Paste(Paste::default()),
            ControlSequence::Report => {}
        }
    }

    fn parse_string_byte(&mut self, byte: u8, kind: u8, escape: bool, tell: &mut impl FnMut(ParsedInput)) {
        match byte {
            b'\\' if escape => {}
            // Anything else after Esc is no end, and begins something new.
            byte if escape => self.parse_after_escape(byte, false, tell),
            ESC => self.state = ParserState::ControlString { kind, begun: true, escape: true },
            0x07 if kind == b']' => {}
            // CAN and SUB break a string off, and Ctrl-C gets out of everything.
            0x18 | 0x1a => {}
            CTRL_C => self.parse_plain_byte(byte, false, tell),
            _ => self.state = ParserState::ControlString { kind, begun: true, escape: false },
        }
    }
}

/// The key of a byte below 0x80, without Alt.
fn ascii_key(byte: u8) -> KeyPress {
    let ctrl = |c: char| KeyPress { ctrl: true, ..KeyPress::plain(KeyCode::Char(c)) };
    match byte {
        0x00 => ctrl(' '),
        b'\t' => KeyPress::plain(KeyCode::Named(NamedKey::Tab)),
        b'\r' => KeyPress::plain(KeyCode::Named(NamedKey::Enter)),
        ESC => KeyPress::plain(KeyCode::Named(NamedKey::Esc)),
        0x01..=0x1a => ctrl(char::from(byte - 1 + b'a')),
        0x1c..=0x1e => ctrl(char::from(byte - 0x1c + b'4')),
        // What terminals send for Ctrl-_, and most of them for Ctrl-/.
        0x1f => ctrl('_'),
        0x7f => KeyPress::plain(KeyCode::Named(NamedKey::Backspace)),
        byte => KeyPress::plain(KeyCode::Char(char::from(byte))),
    }
}

/// A sign with Alt that could have been the beginning of a sequence, and Esc before it where that was pressed too.
fn emit_alt_key(twice: bool, sign: u8, tell: &mut impl FnMut(ParsedInput)) {
    if twice {
        tell(ParsedInput::Key(ascii_key(ESC)));
    }
    tell(ParsedInput::Key(KeyPress { alt: true, ..ascii_key(sign) }));
}

#[cfg(test)]
mod tests;
