//! Half surrogates in the texts of an answer.
//!
//! Some servers cut texts by UTF-16 units, and so in the middle of a character: `"Caf\ud83d"`. No parser accepts that
//! as JSON, and one such text would make a whole answer unreadable. Only the half is replaced, in its own text, by an
//! escape of the same length. Other errors in an answer are left as they are.

use std::borrow::Cow;

/// The length of an escape such as `\ud83d`.
const ESCAPE_LEN: usize = 6;

/// The escape of U+FFFD, the replacement character.
const REPLACEMENT: &str = "\\ufffd";

/// Returns the JSON text with each half surrogate replaced by an escaped U+FFFD.
pub(super) fn replace_half_surrogates(text: Cow<'_, str>) -> Cow<'_, str> {
    let halves = find_half_surrogates(text.as_bytes());
    if halves.is_empty() {
        return text;
    }
    let mut text = text.into_owned();
    for at in halves {
        text.replace_range(at..at + ESCAPE_LEN, REPLACEMENT);
    }
    Cow::Owned(text)
}

/// Returns the position of each half surrogate. A pair is two adjacent escapes, so the end of a text separates them.
fn find_half_surrogates(text: &[u8]) -> Vec<usize> {
    let (mut halves, mut at, mut quoted) = (Vec::new(), 0, false);
    while let Some(byte) = text.get(at) {
        at += match byte {
            b'"' => {
                quoted = !quoted;
                1
            }
            b'\\' if quoted => match (parse_utf16_escape(text, at), parse_utf16_escape(text, at + ESCAPE_LEN)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 2 * ESCAPE_LEN,
                (Some(0xd800..=0xdfff), _) => {
                    halves.push(at);
                    ESCAPE_LEN
                }
                // An escaped character never ends a text, whatever it is.
                _ => 2,
            },
            _ => 1,
        };
    }
    halves
}

/// Returns the UTF-16 unit of the escape at this position, if there is one.
fn parse_utf16_escape(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + ESCAPE_LEN)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::Value;

    fn replaced(text: &str) -> Cow<'_, str> {
        replace_half_surrogates(Cow::Borrowed(text))
    }

    #[rstest]
    #[case::at_the_end(r#""Caf\ud83d""#, "Caf\u{fffd}")]
    #[case::alone(r#""\ud800""#, "\u{fffd}")]
    #[case::second_half(r#""\udfff!""#, "\u{fffd}!")]
    #[case::in_capitals(r#""\uDBFF\uD800""#, "\u{fffd}\u{fffd}")]
    #[case::the_wrong_way_around(r#""\udc00\ud800""#, "\u{fffd}\u{fffd}")]
    #[case::before_a_pair(r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀")]
    #[case::after_a_pair(r#""\ud83d\ude00\ude00""#, "😀\u{fffd}")]
    #[case::apart(r#""\ud83d-\ude00""#, "\u{fffd}-\u{fffd}")]
    #[case::parted_by_an_escape(r#""\ud83d\n\ude00""#, "\u{fffd}\n\u{fffd}")]
    #[case::before_other_escapes(r#""\ud83d\u0041\ud83d\\ude00""#, "\u{fffd}A\u{fffd}\\ude00")]
    #[case::behind_a_quote(r#""\"\ud83d\"""#, "\"\u{fffd}\"")]
    #[case::behind_a_backslash(r#""\\\ud83d\\""#, "\\\u{fffd}\\")]
    fn an_unpaired_surrogate_is_replaced(#[case] text: &str, #[case] read: &str) {
        assert!(serde_json::from_str::<Value>(text).is_err(), "no parser takes it as it came");
        assert_eq!(serde_json::from_str::<Value>(&replaced(text)).unwrap(), read);
    }

    #[rstest]
    #[case::nothing("")]
    #[case::a_pair(r#""\ud83d\ude00 \uDBFF\uDFFF""#)]
    #[case::no_escape(r#""\\ud83d""#)]
    #[case::other_escapes(r#""\ud7ff\ue000\u0041é東😀\"""#)]
    #[case::outside_a_text(r#"{"id": 7\ud83d}"#)]
    #[case::between_texts(r#"["a" \ud83d "b"]"#)]
    #[case::too_short(r#""\ud83""#)]
    #[case::no_digits(r#""\ud83g \u+d83 \ud8é""#)]
    #[case::cut(r#""\ud8"#)]
    #[case::another_letter(r#""\Ud83d""#)]
    fn text_without_unpaired_surrogates_is_unchanged(#[case] text: &str) {
        assert_eq!(replaced(text), text);
    }

    #[rstest]
    #[case(r#"["\ud83d","\ude00"]"#, r#"["\ufffd","\ufffd"]"#)]
    #[case(r#"{"\ud83d":"\ude00"}"#, r#"{"\ufffd":"\ufffd"}"#)]
    #[case(r#""\ud83d"\ude00"#, r#""\ufffd"\ude00"#)]
    #[case(r#""\ud83d\u12"#, r#""\ufffd\u12"#)]
    #[case(r#""\ud83d"#, r#""\ufffd"#)]
    fn surrogates_pair_only_within_one_string_and_invalid_json_stays_invalid(
        #[case] text: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(replaced(text), expected);
    }

    /// Returns JSON text with these UTF-16 units, each as an escape or as the character itself.
    fn escaped(units: &[(u16, bool)]) -> String {
        let one = |(unit, plain): &(u16, bool)| match char::from_u32(u32::from(*unit)) {
            Some(c) if *plain && !c.is_control() && !['"', '\\'].contains(&c) => c.to_string(),
            _ => format!("\\u{unit:04x}"),
        };
        units.iter().map(one).collect()
    }

    proptest! {
        #[test]
        fn strings_of_any_units_are_read_like_utf_16(
            texts in prop::collection::vec(prop::collection::vec(
                (prop_oneof![0xd7f0_u16..0xe010, 0x20_u16..0x80, any::<u16>()], any::<bool>()), 0..6), 1..5),
        ) {
            let expected = texts.iter().map(|text| {
                let units: Vec<u16> = text.iter().map(|(unit, _)| *unit).collect();
                Value::from(String::from_utf16_lossy(&units))
            });
            let sent = format!("[{}]", texts.iter().map(|text| format!("\"{}\"", escaped(text))).collect::<Vec<_>>().join(","));
            prop_assert_eq!(serde_json::from_str::<Value>(&replaced(&sent)).unwrap(), expected.collect::<Value>());
        }

        #[test]
        fn only_unpaired_surrogates_are_changed(text in r#"([{}:,"\\ué😀]|\\u[dD][89a-f][0-9a-f]{2}|[0-9a-z]){0,24}"#) {
            let read = replaced(&text);
            prop_assert_eq!(read.len(), text.len());
            let changed = text.bytes().zip(read.bytes()).filter(|(one, other)| one != other);
            prop_assert!(changed.count() <= text.matches("\\u").count() * 4);
            prop_assert!(read == text || text.contains("\\ud") || text.contains("\\uD"));
        }
    }
}
