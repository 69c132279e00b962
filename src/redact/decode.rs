//! Decoding: the texts that a text contains in URL encoding, in JSON and HTML escapes, and in base64. Each decoded
//! byte keeps its source position.
//!
//! Base64 is decoded from each of the first four characters on, because the start of a part within the whole is
//! unknown, and in both alphabets at once.

use std::ops::Range;
use zeroize::Zeroizing;

/// The number of decoding passes: a text that was encoded twice is found too.
const MAX_DECODE_DEPTH: usize = 3;

/// One decoding of a text.
pub(super) struct DecodedLayer {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// The source range of each byte.
    source_ranges: Vec<Range<usize>>,
}

/// Returns the text itself, and all its decodings.
pub(super) fn decode_layers(text: &str) -> Vec<DecodedLayer> {
    let plain = DecodedLayer {
        bytes: Zeroizing::new(text.as_bytes().to_vec()),
        source_ranges: (0..text.len()).map(|at| at..at + 1).collect(),
    };
    let mut layers = vec![plain];
    for _ in 0..MAX_DECODE_DEPTH {
        let next = layers.last().and_then(DecodedLayer::decode_escapes);
        layers.extend(next);
    }
    let decoded: Vec<DecodedLayer> =
        layers.iter().flat_map(|layer| (0..4).map(|first| layer.decode_base64(first))).collect();
    let unescaped: Vec<DecodedLayer> = decoded.iter().filter_map(DecodedLayer::decode_escapes).collect();
    layers.into_iter().chain(decoded).chain(unescaped).collect()
}

impl DecodedLayer {
    fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(bytes)), source_ranges: Vec::with_capacity(bytes) }
    }

    fn push(&mut self, byte: u8, place: Range<usize>) {
        self.bytes.push(byte);
        self.source_ranges.push(place);
    }

    /// Returns the source range of these bytes.
    pub(super) fn source_range(&self, bytes: Range<usize>) -> Range<usize> {
        let places = &self.source_ranges[bytes];
        let start = places.first().map_or(0, |place| place.start);
        start..places.last().map_or(start, |place| place.end)
    }

    /// Replaces each escape by its character; `None` if there are no escapes.
    fn decode_escapes(&self) -> Option<Self> {
        let mut out = Self::with_capacity(self.bytes.len());
        let (mut at, mut any) = (0, false);
        while at < self.bytes.len() {
            if let Some((length, decoded)) = parse_escape(&self.bytes[at..]) {
                let place = self.source_range(at..at + length);
                decoded.as_bytes().iter().for_each(|byte| out.push(*byte, place.clone()));
                (at, any) = (at + length, true);
            } else {
                out.push(self.bytes[at], self.source_ranges[at].clone());
                at += 1;
            }
        }
        any.then_some(out)
    }

    /// Decodes every run of base64 characters, from its character number `first` on. A run may contain line breaks.
    fn decode_base64(&self, first: usize) -> Self {
        let mut out = Self::with_capacity(self.bytes.len());
        let (mut skipped, mut bits, mut held) = (0, 0_u32, 0);
        // The source of the previous character: most bytes come from two characters.
        let mut before = 0..0;
        for (byte, place) in self.bytes.iter().zip(&self.source_ranges) {
            let Some(value) = base64_value(*byte) else {
                if !byte.is_ascii_whitespace() {
                    out.push(0, place.clone());
                    (skipped, bits, held) = (0, 0, 0);
                }
                continue;
            };
            if skipped < first {
                skipped += 1;
                continue;
            }
            bits = (bits << 6 | value) & 0xffff;
            held += 6;
            if held >= 8 {
                held -= 8;
                out.push((bits >> held).to_le_bytes()[0], before.start..place.end);
            }
            before = place.clone();
        }
        out
    }
}

fn base64_value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// Parses the escape that begins here: its length, and its character.
fn parse_escape(bytes: &[u8]) -> Option<(usize, EscapedChar)> {
    match bytes {
        [b'%', ..] => Some((3, EscapedChar::from_byte(parse_hex(bytes.get(1..3)?)?))),
        [b'\\', b'x', ..] => Some((4, EscapedChar::from_byte(parse_hex(bytes.get(2..4)?)?))),
        [b'\\', b'u', ..] => Some((6, EscapedChar::from_code_point(parse_hex(bytes.get(2..6)?)?))),
        [b'\\', b'n' | b'r' | b't' | b'f' | b'b', ..] => Some((2, EscapedChar::from_code_point(b' '.into()))),
        [b'\\', c @ (b'"' | b'\'' | b'\\' | b'/'), ..] => Some((2, EscapedChar::from_byte((*c).into()))),
        [b'&', b'#', ..] => parse_entity(bytes),
        _ => None,
    }
}

/// Parses `&#52;` and `&#x34;`.
fn parse_entity(bytes: &[u8]) -> Option<(usize, EscapedChar)> {
    let end = bytes.iter().take(12).position(|byte| *byte == b';')?;
    let number = bytes.get(2..end)?;
    let code = match number {
        [b'x' | b'X', digits @ ..] => parse_hex(digits)?,
        digits => std::str::from_utf8(digits).ok()?.parse().ok()?,
    };
    Some((end + 1, EscapedChar::from_code_point(code)))
}

fn parse_hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

/// The bytes of an escaped character, and their number.
struct EscapedChar([u8; 4], usize);

impl EscapedChar {
    fn from_byte(value: u32) -> Self {
        Self([value.to_le_bytes()[0], 0, 0, 0], 1)
    }

    fn from_code_point(code: u32) -> Self {
        let mut bytes = [0; 4];
        let length = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut bytes).len();
        Self(bytes, length)
    }

    fn as_bytes(&self) -> &[u8] {
        &self.0[..self.1]
    }
}
