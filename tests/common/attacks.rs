//! The corpus of text attacks: text that a terminal would execute, and text that hides, reverses or piles up
//! characters.
//!
//! A server, a file or a paste may bring any of them within a text. A test that shows all of them and lets one through
//! reports its name. The word [`SPOOF`] follows each attack: a row that begins with it was forged.

/// The word that follows each attack.
pub(crate) const SPOOF: &str = "SPOOFED";

pub(crate) const ATTACKS: &[(&str, &str)] = &[
    ("CSI, a color", "\x1b[31m"),
    ("CSI, clearing", "\x1b[2J\x1b[H\x1b[K"),
    ("CSI, a report", "\x1b[6n\x1b[c\x1b[>q\x1b[21t"),
    ("CSI, a mode", "\x1b[?1049l\x1b[?2004l\x1b[?1000h\x1b[4h"),
    ("CSI, scrolling", "\x1b[1;1r\x1b[9S"),
    ("CSI, repeating", "\x1b[9999b"),
    ("CSI, cut", "\x1b["),
    ("Escape alone", "\x1b"),
    ("reset", "\x1bc"),
    ("reverse index", "\x1bM\x1bD\x1bE"),
    ("charset", "\x1b(0\x0e\x0f"),
    ("OSC 0, title", "\x1b]0;title\x07"),
    ("OSC 8, link", "\x1b]8;;https://example.com/\x1b\\link\x1b]8;;\x1b\\"),
    ("OSC 52, clipboard", "\x1b]52;c;ZXZpbA==\x07"),
    ("OSC 52, reading", "\x1b]52;c;?\x1b\\"),
    ("OSC 1337, file", "\x1b]1337;File=inline=1:AAAA\x07"),
    ("OSC without end", "\x1b]0;"),
    ("DCS", "\x1bP$q\"p\x1b\\"),
    ("sixel", "\x1bPq#0;2;0;0;0~~\x1b\\"),
    ("APC", "\x1b_Ga=T;AAAA\x1b\\"),
    ("PM", "\x1b^private\x1b\\"),
    ("SOS", "\x1bXsos\x1b\\"),
    ("C1 CSI", "\u{9b}31m\u{9b}2J"),
    ("C1 OSC", "\u{9d}0;title\u{9c}"),
    ("C1 DCS", "\u{90}$qm\u{9c}"),
    ("C1 APC, PM, SOS", "\u{9f}a\u{9c}\u{9e}b\u{9c}\u{98}c\u{9c}"),
    ("C1, the rest", "\u{80}\u{84}\u{85}\u{88}\u{8d}\u{8e}\u{8f}\u{97}\u{9a}"),
    ("end of a paste", "\x1b[201~order\r"),
    ("synchronized output", "\x1b[?2026h\x1b[?2026l"),
    ("NUL", "\0\0"),
    ("bell", "\x07"),
    ("backspace", "abc\x08\x08\x08"),
    ("DEL", "abc\x7f\x7f\x7f"),
    ("CR", "abc\rdef"),
    ("line ends", "abc\r\ndef\n\x0b\x0c"),
    ("tabs", "\t\t\t"),
    ("the rest of C0", "\x01\x02\x03\x04\x05\x06\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1c\x1d\x1e\x1f"),
    ("bidi overrides", "\u{202e}drow\u{202c}\u{202d}x\u{202c}"),
    ("bidi embeddings", "\u{202a}a\u{202b}b\u{202c}"),
    ("bidi isolates", "\u{2066}a\u{2067}b\u{2068}c\u{2069}"),
    ("bidi marks", "\u{200e}\u{200f}\u{61c}"),
    ("zero width", "a\u{200b}b\u{200c}c\u{200d}d\u{feff}e\u{2060}f"),
    ("invisible operators", "\u{2061}\u{2062}\u{2063}\u{2064}\u{206a}\u{206f}"),
    ("soft hyphen", "so\u{ad}ft"),
    ("separators", "a\u{2028}b\u{2029}c"),
    ("fillers", "\u{115f}\u{1160}\u{3164}\u{ffa0}\u{34f}\u{17b4}\u{17b5}"),
    ("variation selectors", "a\u{fe0e}b\u{fe0f}c\u{180b}d\u{180f}e\u{e0100}f\u{e01ef}"),
    ("tags", "\u{e0001}\u{e0041}\u{e0042}\u{e007f}"),
    ("interlinear", "\u{fff9}a\u{fffa}b\u{fffb}"),
    ("prepended marks", "\u{600}1\u{6dd}2\u{70f}3\u{110bd}4"),
    ("musical controls", "\u{1d173}\u{1d17a}\u{1bca0}\u{13430}"),
    ("a lone mark", "\u{301}\u{20e3}\u{34f}"),
    ("an emoji with skin", "👍🏽👩🏿"),
    ("an emoji family", "👩\u{200d}👩\u{200d}👧\u{200d}👦"),
    ("flags", "🇳🇱🇳"),
    ("conjoining jamo", "\u{1100}\u{1161}\u{11a8}\u{1161}\u{11a8}"),
    ("a replacement", "\u{fffd}"),
    ("noncharacters", "\u{fffe}\u{ffff}\u{1fffe}\u{fdd0}"),
    ("private use", "\u{e000}\u{f8ff}\u{100000}"),
];

/// Returns attacks by length: this many marks on one base, and one grapheme of this many parts.
pub(crate) fn piles(count: usize) -> Vec<(&'static str, String)> {
    vec![
        ("marks on one base", format!("a{}", "\u{301}".repeat(count))),
        ("marks on nothing", "\u{489}".repeat(count)),
        ("a giant of joiners", "👩\u{200d}".repeat(count)),
        ("a giant of viramas", "क\u{94d}".repeat(count)),
        ("a giant of jamo", "\u{1100}".repeat(count)),
        ("selectors on one base", format!("☺{}", "\u{fe0f}".repeat(count))),
        ("tags on one flag", format!("🏴{}\u{e007f}", "\u{e0067}".repeat(count))),
    ]
}

/// Returns the attacks in this many parts, each of them one text.
pub(crate) fn parts(count: usize) -> Vec<String> {
    let texts: Vec<String> = ATTACKS.iter().map(|(_, attack)| format!("{attack}{SPOOF}\r\n{SPOOF}")).collect();
    texts.chunks(texts.len().div_ceil(count)).map(<[String]>::concat).collect()
}

/// Bytes that are not UTF-8: 8-bit controls, and sequences that are cut, overlong or surrogates.
pub(crate) const RAW: &[&[u8]] = &[
    b"\x9b31m",
    b"\x9d0;title\x9c",
    b"\x90q\x9c",
    b"\x9fapc\x9c",
    b"\xc2",
    b"\xe2\x80",
    b"\xc0\x9b",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff\xfe",
];
