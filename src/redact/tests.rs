//! Every secret in every encoding at every position, and texts that are cleaned and cut.
//!
//! The rest of a redacted text is compared with the text next to the secret: no more than that may be left.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use rstest::rstest;

const KEY: &str = "MADE-UP-KEY-0123456789-abcdef";
const CARD: &str = "376482915730648";
const CVV: &str = "8305";

fn redactor() -> Redactor {
    Redactor::new(KEY, Some((CARD, CVV)))
}

#[rstest]
#[case::key("x-dc-devkey: MADE-UP-KEY-0123456789-abcdef, no", "x-dc-devkey: ***, no")]
#[case::key_in_small_letters("made-up-key-0123456789-abcdef", "***")]
#[case::half_a_key("MADE-UP-KEY-0…", "***…")]
#[case::less_of_a_key("MADE-UP", "MADE-UP")]
#[case::card("number 376482915730648.", "number ***.")]
#[case::card_in_groups("3764 829157 30648", "***")]
#[case::card_with_hyphens("3764-829157-30648", "***")]
#[case::card_with_other_marks("3764.829157/30648", "***")]
#[case::half_a_card("ending 5730648", "ending 5730648")]
#[case::most_of_a_card("ending 915730648", "ending ***")]
#[case::cvv("cvv=8305&x", "cvv=***&x")]
#[case::cvv_behind_the_card("3764829157306488305", "***")]
#[case::another_card("card 4111 1111 1111 1111, thanks", "card ***, thanks")]
#[case::no_card("incident 4111 1111 1111 1112", "incident 4111 1111 1111 1112")]
#[case::an_incident("Incident ID: 18-4711-2026", "Incident ID: 18-4711-2026")]
#[case::several("MADE-UP-KEY-0123456789-abcdef 376482915730648 8305", "*** *** ***")]
#[case::nothing("Try again later.", "Try again later.")]
#[case::blank("", "")]
fn secrets_are_masked(#[case] words: &str, #[case] shown: &str) {
    assert_eq!(redactor().redact_excerpt(words), shown);
    assert_eq!(redactor().mask_secrets(words).as_deref().unwrap_or(words), shown);
}

#[rstest]
#[case::steering("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}on\u{9b}2Jly", "red only")]
#[case::string_without_end("\u{1b}]0;title", "0;title")]
#[case::white_space(" a\r\n\n\tb  \u{a0} c ", "a b c")]
#[case::controls("a\u{0}b\u{8}c\u{7f}d\u{85}e", "abcd e")]
#[case::what_cannot_be_seen("a\u{202e}b\u{200b}c\u{feff}d\u{e0041}", "abcd")]
#[case::a_key_in_pieces("MADE-UP-\u{1b}[1mKEY-0123456789\u{200b}-abcdef", "***")]
#[case::a_card_in_pieces("3764\u{200b}8291\u{1b}[0m5730648", "***")]
#[case::letters("Súdwest 東 😀", "Súdwest 東 😀")]
fn an_excerpt_has_no_control_sequence(#[case] words: &str, #[case] shown: &str) {
    assert_eq!(redactor().redact_excerpt(words), shown);
}

#[test]
fn an_excerpt_is_masked_before_it_is_cut() {
    for before in (0..460).step_by(23).chain(460..510) {
        let words = format!("{}{KEY}{}", "x".repeat(before), " y".repeat(400));
        let shown = redactor().redact_excerpt(&words);
        assert!(shown.chars().count() <= MAX_SHOWN_CHARS, "{before}");
        assert!(!shown.contains("MADE") && shown.ends_with('…'), "{before}: {shown}");
    }
    assert_eq!(redactor().redact_excerpt(&"é".repeat(MAX_SHOWN_CHARS)), "é".repeat(MAX_SHOWN_CHARS));
    assert_eq!(redactor().redact_excerpt(&"é".repeat(MAX_SHOWN_CHARS + 1)).chars().count(), MAX_SHOWN_CHARS);
}

#[test]
fn a_secret_cut_by_the_window_is_not_shown() {
    for before in (MAX_SCANNED_CHARS - CUT_MARGIN - 60..MAX_SCANNED_CHARS + 60).step_by(89) {
        let words = format!("{}{KEY}{}", "x".repeat(before), " z".repeat(CUT_MARGIN));
        assert!(!redactor().mask_secrets(&words).unwrap().contains("MADE-UP"), "{before}");
    }
}

/// Writes each part, one after another.
fn written<T>(parts: impl Iterator<Item = T>, write: impl Fn(T) -> String) -> String {
    parts.map(write).collect()
}

fn percent(text: &str) -> String {
    written(text.bytes(), |byte| format!("%{byte:02x}"))
}

/// Returns the text in each reversible encoding.
fn encodings(text: &str) -> Vec<String> {
    let escape = |c: char| format!("\\u{:04x}", u32::from(c));
    let lines = |text: String| -> String {
        written(text.as_bytes().chunks(16), |line| format!("{}\r\n", String::from_utf8_lossy(line)))
    };
    vec![
        text.to_owned(),
        percent(text),
        percent(text).to_uppercase(),
        percent(&percent(text)),
        text.chars()
            .map(|c| if c.is_ascii_digit() { format!("%{:02X}", u32::from(c)) } else { c.to_string() })
            .collect(),
        text.chars().map(escape).collect(),
        written(text.bytes(), |byte| format!("\\x{byte:02x}")),
        written(text.chars(), |c| format!("&#{};", u32::from(c))),
        written(text.chars(), |c| format!("&#x{:X};", u32::from(c))),
        STANDARD.encode(text),
        STANDARD_NO_PAD.encode(text),
        URL_SAFE.encode(text),
        URL_SAFE_NO_PAD.encode(text),
        lines(STANDARD.encode(text)),
        percent(&STANDARD.encode(text)),
        STANDARD.encode(percent(text)),
        STANDARD.encode(text.chars().map(escape).collect::<String>()),
    ]
}

/// Returns the length of the encoded text without its masks.
fn left(redactor: &Redactor, encoded: &str) -> usize {
    let masked = redactor.mask_secrets(encoded).unwrap_or_else(|| panic!("nothing was masked in {encoded}"));
    masked.replace(MASK, "").len()
}

#[rstest]
#[case(KEY)]
#[case(CARD)]
#[case("3764 829157 30648")]
#[case(CVV)]
#[case("4111111111111111")]
fn a_secret_is_masked_in_every_encoding_at_every_place(#[case] secret: &str) {
    let redactor = redactor();
    for before in ["", "a", "ab", "abc", "a: ?>~"] {
        for behind in ["", "z", "zz", "zzz", "\u{ff}~ z"] {
            let whole = format!("{before}{secret}{behind}");
            for (number, encoded) in encodings(&whole).iter().enumerate() {
                // The characters next to the secret may be masked in part: a base64 character can have bits of both.
                // With a second encoding, each padding character of base64 takes three characters.
                let more = if number == 14 { 12 } else { 4 };
                let beside = encodings(&format!("{before}{behind}"))[number].len() + more;
                assert!(
                    left(&redactor, encoded) <= beside,
                    "{number}: {encoded} became {:?}",
                    redactor.mask_secrets(encoded)
                );
            }
        }
    }
}

#[test]
fn without_a_card_only_the_key_is_a_secret() {
    let redactor = Redactor::new(KEY, None);
    assert_eq!(redactor.redact_excerpt(&format!("{KEY} 8305 915730648")), "*** 8305 915730648");
    assert_eq!(Redactor::new("", None).redact_excerpt("a b"), "a b");
}

proptest! {
    #[test]
    fn no_part_of_a_secret_is_left_in_any_context(
        before in "[ -~é\u{1b}\n]{0,40}", behind in "[ -~é\u{1b}\n]{0,40}", which in 0_usize..17, secret in prop::sample::select(vec![KEY, CARD, CVV]),
    ) {
        let encoded = format!("{before} {} {behind}", encodings(&format!("{before}{secret}{behind}"))[which]);
        let shown = redactor().redact_excerpt(&encoded);
        prop_assert!(shown.chars().count() <= MAX_SHOWN_CHARS && !shown.chars().any(char::is_control));
        for alignment in ["", "a", "ab"] {
            let part = encodings(&format!("{alignment}{secret}"))[which].clone();
            let middle = part.get(4..part.len().saturating_sub(4)).unwrap_or_default();
            // A part of four digits may also be next to them by chance.
            prop_assert!(secret == CVV || middle.len() < 8 || !shown.contains(middle), "{middle} in {shown}");
        }
        prop_assert!(!shown.contains(secret));
    }

    #[test]
    fn any_text_is_cleaned_and_cut(words in any::<String>()) {
        let shown = redactor().redact_excerpt(&words);
        prop_assert!(shown.chars().count() <= MAX_SHOWN_CHARS && !shown.chars().any(text::is_hidden));
    }
}
