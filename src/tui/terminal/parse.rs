//! Input parser: splits the bytes of a terminal into keys, pastes and unreadable characters, and swallows reports.
//!
//! If a sequence is incomplete, [`InputParser::wait_limit`] says how long to wait for the rest; after that time the
//! reader calls [`InputParser::finish_pending`]. So an unfinished sequence never holds back the keys after it. vte
//! parses control sequences with their numbers. Everything else is parsed here, because vte is made for the terminal's
//! side of the line, where no key is pressed.

use super::paste::Paste;
use super::sequence::{self, ControlSequence, SequenceReader};
use crate::secret::SecretText;
use crate::tui::key::{KeyCode, KeyPress, NamedKey};
use std::time::Duration;

/// Input that was parsed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ParsedInput {
    Key(KeyPress),
    Paste(SecretText),
    /// A character that cannot be read: its bytes are not UTF-8.
    InvalidUtf8,
}

/// The byte of Esc, with which every sequence begins.
const ESC: u8 = 0x1b;

/// The byte of Ctrl-C.
const CTRL_C: u8 = 0x03;

/// How long to wait for the rest of a sequence: a line may stall.
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// How long to wait for the other bytes of a character.
const CHAR_TIMEOUT: Duration = Duration::from_millis(250);

pub(super) struct InputParser {
    state: ParserState,
    /// Parses the current control sequence.
    control: vte::Parser,
    /// How long Esc waits for more bytes.
    escape_wait: Duration,
}

/// The incomplete input.
enum ParserState {
    /// None.
    Ground,
    /// Esc, once or twice: a key, or the start of a sequence.
    Escape { twice: bool },
    /// The first bytes of a character, typed with or without Alt.
    PartialChar { bytes: Vec<u8>, alt: bool },
    /// `ESC O`, with the number after it, if any.
    Function { twice: bool, number: Option<u16> },
    /// `ESC [`, followed by this many bytes.
    Control { twice: bool, bytes: usize },
    /// `ESC [ [`: a key of the Linux console.
    Console,
    /// A mouse report of the old protocol: this many bytes are left, which may have any value.
    Mouse { left: u8 },
    /// A control string: `ESC` and `kind`, some text if `begun`, and the `ESC` of its end if `escape`.
    ControlString { kind: u8, begun: bool, escape: bool },
    /// A paste that has not ended.
    Paste(Paste),
}

impl InputParser {
    /// Makes a parser in which Esc waits for `escape_wait` for more bytes.
    pub(super) fn new(escape_wait: Duration) -> Self {
        Self { state: ParserState::Ground, control: vte::Parser::new(), escape_wait }
    }

    /// Returns how long to wait for more bytes. `None` if there is no incomplete input.
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

    /// Parses bytes and calls `tell` for each input.
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

    /// Ends the incomplete input as it is. Call this if no byte came within [`Self::wait_limit`].
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
            // An incomplete report or an incomplete unknown sequence is dropped.
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

    /// Parses a byte that belongs to no sequence. `alt` says whether Esc preceded it.
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
                // The person pressed Esc just before the terminal sent a report.
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
                // A byte that does not belong to the character is parsed on its own.
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

    /// Emits the key of a sequence that ends with this byte. An unknown sequence is swallowed. A byte that cannot end a
    /// sequence is parsed on its own.
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
                // vte does not report a sequence that it cannot interpret.
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
        // Esc before the sequence of a key means Alt. Before any other sequence it is the key Esc.
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
            // Any other byte after Esc does not end the string, and begins something new.
            byte if escape => self.parse_after_escape(byte, false, tell),
            ESC => self.state = ParserState::ControlString { kind, begun: true, escape: true },
            0x07 if kind == b']' => {}
            // CAN and SUB cancel a string, and Ctrl-C always works.
            0x18 | 0x1a => {}
            CTRL_C => self.parse_plain_byte(byte, false, tell),
            _ => self.state = ParserState::ControlString { kind, begun: true, escape: false },
        }
    }
}

/// Returns the key of a byte below 0x80, without Alt.
fn ascii_key(byte: u8) -> KeyPress {
    let ctrl = |c: char| KeyPress { ctrl: true, ..KeyPress::plain(KeyCode::Char(c)) };
    match byte {
        0x00 => ctrl(' '),
        b'\t' => KeyPress::plain(KeyCode::Named(NamedKey::Tab)),
        b'\r' => KeyPress::plain(KeyCode::Named(NamedKey::Enter)),
        ESC => KeyPress::plain(KeyCode::Named(NamedKey::Esc)),
        0x01..=0x1a => ctrl(char::from(byte - 1 + b'a')),
        0x1c..=0x1e => ctrl(char::from(byte - 0x1c + b'4')),
        // Terminals send this for Ctrl-_, and most of them for Ctrl-/ too.
        0x1f => ctrl('_'),
        0x7f => KeyPress::plain(KeyCode::Named(NamedKey::Backspace)),
        byte => KeyPress::plain(KeyCode::Char(char::from(byte))),
    }
}

/// Emits a sign with Alt that could have begun a sequence, and before it Esc, if that was pressed too.
fn emit_alt_key(twice: bool, sign: u8, tell: &mut impl FnMut(ParsedInput)) {
    if twice {
        tell(ParsedInput::Key(ascii_key(ESC)));
    }
    tell(ParsedInput::Key(KeyPress { alt: true, ..ascii_key(sign) }));
}

#[cfg(test)]
mod tests;
