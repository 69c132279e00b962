//! Text that a terminal can safely show: hidden characters made visible, widths by grapheme, folding for search.
//!
//! A text from a server, a file or a paste can contain control characters, escape sequences or bidirectional
//! controls. Everything that is drawn or printed goes through [`visible`]; the origin of a text makes no difference
//! here.

pub mod wrap;

use icu_normalizer::DecomposingNormalizerBorrowed;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The most combining marks on one character; further ones are shown as escapes. No language needs more, and a pile
/// of marks paints over the neighboring lines.
const MAX_COMBINING_MARKS: usize = 4;

/// The most columns of one grapheme; a wider one is broken up. No script needs more, and a grapheme wider than a
/// window could not be shown.
const MAX_CHARACTER_COLUMNS: usize = 6;

/// Ranges of characters that show nothing, or change how others are shown: soft hyphen, joiners, bidirectional
/// controls, line and paragraph separators, variation selectors, fillers, tags.
const HIDDEN_RANGES: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Returns true if a character shows nothing by itself, or would control the terminal or the text direction.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || (c >= '\u{ad}' && HIDDEN_RANGES.iter().any(|&(first, last)| (first..=last).contains(&c)))
}

/// White space and other characters that leave their columns empty, and are not hidden: the spaces of Unicode, and
/// the braille blank.
const EMPTY_RANGES: &[(char, char)] = &[
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
];

/// Returns the characters that a blank text can contain: control characters, white space, and characters that show
/// nothing.
pub fn blank_ranges() -> impl Iterator<Item = (char, char)> {
    let controls = [('\0', '\u{1f}'), ('\u{7f}', '\u{9f}')];
    controls.into_iter().chain(EMPTY_RANGES.iter().chain(HIDDEN_RANGES).copied())
}

/// Returns true if a text is empty, or has only white space and characters that show nothing.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is_hidden(c) || EMPTY_RANGES.iter().any(|&(first, last)| (first..=last).contains(&c)))
}

/// Returns the characters of a text, each with true if it may be shown as it is.
///
/// These may not be shown: hidden characters; zero-width characters that do not belong to the character before them,
/// or that are too many on it; and the skin tone of an emoji, because some terminals add its columns and others do
/// not. So every grapheme of the shown text begins with a character that takes columns, and is as wide as the sum of
/// its characters.
pub fn chars_with_visibility(text: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut before: Option<char> = None;
    let (mut marks, mut columns) = (0, 0);
    let parts = |(grapheme, _)| str::char_indices(grapheme).map(|(at, c)| (at == 0, c));
    graphemes(text).flat_map(parts).map(move |(begins, c)| {
        let width = c.width().unwrap_or(0);
        marks = if width > 0 { 0 } else { marks + 1 };
        columns = if begins { width } else { columns + width };
        let fits = match before {
            Some(base) if width > 0 => begins || columns <= MAX_CHARACTER_COLUMNS && has_added_width(base, c),
            // A line may be broken at white space, which is then left out.
            Some(base) => marks <= MAX_COMBINING_MARKS && !base.is_whitespace() && is_joined(base, c),
            None => width > 0,
        };
        let shown = fits && !is_hidden(c);
        before = shown.then_some(c);
        columns = if shown { columns } else { 0 };
        (c, shown)
    })
}

/// Returns true if the two characters make one grapheme.
fn is_joined(first: char, second: char) -> bool {
    encode_pair(&mut [0; 8], first, second).graphemes(true).nth(1).is_none()
}

/// Returns true if the width of the pair is the sum of the widths of its characters.
fn has_added_width(first: char, second: char) -> bool {
    let alone = |c: char| c.width().unwrap_or(0);
    encode_pair(&mut [0; 8], first, second).width() == alone(first) + alone(second)
}

/// Encodes two characters as a text.
fn encode_pair(room: &mut [u8; 8], first: char, second: char) -> &str {
    let length = first.encode_utf8(room).len();
    let length = length + second.encode_utf8(&mut room[length..]).len();
    str::from_utf8(&room[..length]).unwrap_or_default()
}

/// Returns the text with every hidden character made visible: `^[` for Escape, `\u{202e}` for a bidirectional
/// control.
///
/// ``` assert_eq!(zegel::text::visible("a\u{1b}[2Jb\u{202e}"), "a^[[2Jb\\u{202e}"); ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain_ascii) || chars_with_visibility(text).all(|(_, shown)| shown) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (c, shown) in chars_with_visibility(text) {
        match c {
            _ if shown => out.push(c),
            '\u{0}'..='\u{1f}' => out.extend(['^', char::from(c as u8 ^ 0x40)]),
            '\u{7f}' => out.push_str("^?"),
            _ => out.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(out)
}

/// Returns true if a byte is a printable ASCII character, or a space.
fn is_plain_ascii(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte)
}

/// Returns the number of columns of a text after it is made [`visible`].
pub fn display_width(text: &str) -> usize {
    visible_width(&visible(text))
}

/// Returns the number of columns of a text that is already [`visible`].
pub fn visible_width(text: &str) -> usize {
    if text.bytes().all(is_plain_ascii) { text.len() } else { graphemes(text).map(|(_, columns)| columns).sum() }
}

/// Returns the graphemes of a text, each with its columns once the text is [`visible`].
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (first, second) = (*rest.as_bytes().first()?, rest.as_bytes().get(1));
        // Nearly all text is plain ASCII, and plain characters never join: only other text needs the Unicode tables.
        let alone = is_plain_ascii(first) && second.is_none_or(|b| is_plain_ascii(*b));
        let grapheme = if alone { &rest[..1] } else { rest.graphemes(true).next()? };
        rest = &rest[grapheme.len()..];
        Some((grapheme, if alone { 1 } else { grapheme.width() }))
    })
}

/// Returns the visible text cut to `columns`, with an ellipsis if something was cut off.
pub fn clip(text: &str, columns: usize) -> Cow<'_, str> {
    let text = visible(text);
    if self::visible_width(&text) <= columns {
        return text;
    }
    let mut out = String::new();
    let mut left = columns.saturating_sub(1);
    for (grapheme, w) in graphemes(&text) {
        if w > left {
            break;
        }
        left -= w;
        out.push_str(grapheme);
    }
    if columns > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Folds a text for comparison in a search: without case, diacritics and compatibility forms.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in DecomposingNormalizerBorrowed::new_nfkd().normalize(text).chars() {
        match c {
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' => out.push('d'),
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            _ if c.width() == Some(0) => {}
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Returns the text without diacritics: for the program's own texts on a terminal that cannot show them.
pub fn strip_diacritics(text: &str) -> String {
    let letters = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    letters.chars().filter(|c| c.width() != Some(0)).collect()
}

/// Returns the known name that was most likely meant by another one; `None` if none is near enough.
pub fn nearest_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let near = known.map(|known| (strsim::damerau_levenshtein(&folded, known), known));
    let (distance, known) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1.max(known.chars().count() / 4)).then_some(known)
}

/// Converts a pasted or typed text for a one-line field: line ends and tabs become one space, other control
/// characters are dropped, and the white space at both ends is removed. The text may be a secret, so no second copy
/// of it is made.
pub fn to_one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\n' | '\r' | '\t' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out.drain(..out.len() - out.trim_start().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Gemeente Zilverdam", "Gemeente Zilverdam")]
    #[case("\u{1b}]0;owned\u{7}", "^[]0;owned^G")]
    #[case("\u{9b}31mred", "\\u{9b}31mred")]
    #[case("a\u{7f}\n", "a^?^J")]
    #[case("abc\u{202e}cba", "abc\\u{202e}cba")]
    #[case("zero\u{200b}width", "zero\\u{200b}width")]
    #[case("\u{301}lone", "\\u{301}lone")]
    #[case("e\u{301} fine", "e\u{301} fine")]
    #[case("tag\u{e0041}", "tag\\u{e0041}")]
    #[case("👩\u{200d}🚀", "👩\\u{200d}🚀")]
    #[case("a \u{301}b", "a \\u{301}b")]
    #[case("👍🏽", "👍\\u{1f3fd}")]
    fn hidden_characters_are_made_visible(#[case] raw: &str, #[case] shown: &str) {
        assert_eq!(visible(raw), shown);
        assert_eq!(visible(shown), shown, "what is visible stays as it is");
    }

    #[rstest]
    #[case("", true)]
    #[case("   ", true)]
    #[case("\t\r\n\u{b}\u{c}\u{85}", true)]
    #[case("\u{a0}\u{1680}\u{2003}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}", true)]
    #[case("\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{180e}\u{61c}\u{202e}", true)]
    #[case("\u{115f}\u{3164}\u{ffa0}\u{2800}\u{fe0f}\u{e0020}", true)]
    #[case(" - ", false)]
    #[case("\u{200b}x", false)]
    #[case("省", false)]
    fn a_text_without_visible_characters_is_blank(#[case] text: &str, #[case] blank: bool) {
        assert_eq!(is_blank(text), blank, "{text:?}");
    }

    #[test]
    fn all_white_space_is_blank() {
        let white = ('\0'..=char::MAX).filter(|c| c.is_whitespace());
        assert!(white.into_iter().all(|c| is_blank(c.encode_utf8(&mut [0; 4]))));
        let listed = ('\0'..=char::MAX).filter(|c| is_blank(c.encode_utf8(&mut [0; 4])));
        assert!(listed.into_iter().all(|c| blank_ranges().any(|(first, last)| (first..=last).contains(&c))));
    }

    #[rstest]
    #[case("\u{1100}", "\\u{1100}", 3)]
    #[case("क\u{94d}", "\\u{915}", 6)]
    fn an_endless_grapheme_is_split(#[case] part: &str, #[case] escape: &str, #[case] kept: usize) {
        let shown = visible(&part.repeat(40)).into_owned();
        assert!(shown.starts_with(&format!("{}{escape}", part.repeat(kept))), "{shown}");
        assert!(graphemes(&shown).all(|(_, columns)| columns <= MAX_CHARACTER_COLUMNS));
        assert_eq!(visible(&shown), shown);
    }

    #[test]
    fn a_pile_of_marks_is_cut_down() {
        let zalgo = format!("a{}", "\u{301}".repeat(6));
        assert_eq!(visible(&zalgo), format!("a{}\\u{{301}}\\u{{301}}", "\u{301}".repeat(4)));
    }

    #[rstest]
    #[case("abc", 3)]
    #[case("東京", 4)]
    #[case("e\u{301}", 1)]
    #[case("🇳🇱", 2)]
    #[case("\u{1b}", 2)]
    fn widths_are_counted_by_grapheme(#[case] text: &str, #[case] columns: usize) {
        assert_eq!(display_width(text), columns);
    }

    #[rstest]
    #[case("Zilverdam", 9, "Zilverdam")]
    #[case("Zilverdam", 5, "Zilv…")]
    #[case("東京都", 4, "東…")]
    #[case("abc", 0, "")]
    fn a_cut_text_ends_with_an_ellipsis(#[case] text: &str, #[case] columns: usize, #[case] cut: &str) {
        assert_eq!(clip(text, columns), cut);
        assert!(display_width(&clip(text, columns)) <= columns);
    }

    #[rstest]
    #[case("Súdwest-Fryslân", "sudwest-fryslan")]
    #[case("IJSSEL", "ijssel")]
    #[case("ĳssel", "ijssel")]
    #[case("Straße Øst", "strasse ost")]
    fn folding_removes_case_and_diacritics(#[case] text: &str, #[case] folded: &str) {
        assert_eq!(fold(text), folded);
    }

    #[test]
    fn diacritics_can_be_removed() {
        assert_eq!(strip_diacritics("Één keer kopiëren … ↑"), "Een keer kopieren … ↑");
    }

    #[rstest]
    #[case("  Den Haag \r\n", "Den Haag")]
    #[case("Straat 1\r\n1015 AA", "Straat 1 1015 AA")]
    #[case("a\u{1b}[31mb", "a[31mb")]
    #[case("\u{1b} a \n\u{85}", "a")]
    fn a_paste_becomes_one_line(#[case] raw: &str, #[case] line: &str) {
        assert_eq!(to_one_line(raw), line);
    }

    proptest::proptest! {
        #[test]
        fn the_fast_path_for_plain_text_finds_the_standard_graphemes(
            text in proptest::collection::vec(
                proptest::prop_oneof!["[ -~]{1,3}", "[\u{300}-\u{36f}\u{200d}\u{fe0f}\u{1f1e6}-\u{1f1ff}👩🚀省é]", "\\PC"],
                0..12,
            ),
        ) {
            let text = text.concat();
            let standard: Vec<_> = text.graphemes(true).map(|grapheme| (grapheme, grapheme.width())).collect();
            proptest::prop_assert_eq!(graphemes(&text).collect::<Vec<_>>(), standard);
        }
    }
}
