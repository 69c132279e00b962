//! Searches bytes for the made-up secrets, whole or in part and with any spacing.
//!
//! A CVV has four digits, which may occur in a longer number or digest by chance: it counts only if no letter, digit or
//! point touches it. The digits are no year, size or port that these tests use.

use memchr::memmem;

/// The API key.
pub(crate) const KEY: &str = "CANARY-7Q4Z-XK91-VWPJ-KEY";

/// The number of an American Express card, which has a CVV of four digits.
pub(crate) const CARD: &str = "376482915730648";

/// The CVV of the card.
pub(crate) const CVV: &str = "8305";

/// This many characters of the key in a row are a find.
const KEY_PART: usize = 8;

/// This many digits of the card in a row are a find anywhere.
const CARD_PART: usize = 12;

/// This many are a find on the screen, where a port or an id may have five digits.
const SHOWN_PART: usize = 6;

fn parts(secret: &str, length: usize) -> impl Iterator<Item = &[u8]> {
    secret.as_bytes().windows(length)
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    memmem::find(bytes, part).is_some()
}

fn has_any(bytes: &[u8], secret: &str, length: usize) -> bool {
    parts(secret, length).any(|part| has(bytes, part))
}

/// Returns the text as hexadecimal digits, a simple way to hide bytes.
pub(crate) fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// Percent-encodes every byte.
pub(crate) fn in_url(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// Removes separators between the digits of a card and the halves of a wide character, and converts to lower case.
fn close(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().filter(|byte| !matches!(byte, 0 | b' ' | b'.' | b'_' | b'-')).map(u8::to_ascii_lowercase).collect()
}

/// Returns true if the CVV occurs alone. In a longer number, a digest or a fraction it does not count.
fn has_cvv(bytes: &[u8]) -> bool {
    let touches = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    memmem::find_iter(bytes, CVV).any(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !touches(before) && !touches(bytes.get(at + CVV.len()))
    })
}

/// Returns the names of the secrets that occur in the bytes.
pub(crate) fn found(bytes: &[u8]) -> Vec<&'static str> {
    let (closed, key) = (close(bytes), KEY.to_lowercase().replace('-', ""));
    let all = [
        (has_any(&closed, &key, KEY_PART), "key"),
        (has(&closed, hex(&KEY[..KEY_PART]).as_bytes()), "key in hexadecimal digits"),
        (has_any(&closed, CARD, CARD_PART), "card"),
        (has(&closed, hex(&CARD[..CARD_PART]).as_bytes()), "card in hexadecimal digits"),
        (has_cvv(bytes), "CVV"),
    ];
    all.into_iter().filter(|(found, _)| *found).map(|(_, name)| name).collect()
}

/// Returns the secrets on a screen: fewer digits of the card are a find here, and a row may continue in the next.
pub(crate) fn found_on_screen(rows: &[String]) -> Vec<&'static str> {
    let text = rows.iter().map(|row| row.trim_matches([' ', '│'])).collect::<String>();
    let shown = has_any(&close(text.as_bytes()), CARD, SHOWN_PART);
    let mut all = found(rows.join("\n").as_bytes());
    all.extend(shown.then_some("card on the screen"));
    all
}

/// Replaces each control sequence in the bytes for a terminal by a blank.
pub(crate) fn plain(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut rest = raw.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            0x1b => {
                if rest.next() == Some(b'[') {
                    let _ = rest.find(|byte| (0x40..0x7f).contains(byte));
                }
                text.push(b' ');
            }
            byte => text.push(byte),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("x-dc-devkey: CANARY-7Q4Z-XK91-VWPJ-KEY", "key")]
    #[case("canary7q4zxk91", "key")]
    #[case("…XK91-VWPJ…", "key")]
    #[case("C\0A\0N\0A\0R\0Y\0-\x007\0Q\0", "key")]
    #[case("43414e4152592d37", "key in hexadecimal digits")]
    #[case("\"number\": \"376482915730648\"", "card")]
    #[case("3764 829157 30648", "card")]
    #[case("3764-8291-5730-648", "card")]
    #[case("82915730648 482915730648", "card")]
    #[case("333736343832393135373330", "card in hexadecimal digits")]
    #[case("\"cvv\": \"8305\"", "CVV")]
    #[case("8305", "CVV")]
    #[case("a 8305\0", "CVV")]
    fn planted_secrets_are_found(#[case] text: &str, #[case] what: &str) {
        assert_eq!(found(text.as_bytes()), [what]);
    }

    #[rstest]
    #[case("CANARY-7 ***********0648 CVV ****")]
    #[case("127.0.0.1:48305 98305 83051 0.8305 adc9e8305f 8305ms")]
    #[case("82915730648")]
    #[case("")]
    fn other_digits_are_not_found(#[case] text: &str) {
        assert_eq!(found(text.as_bytes()), Vec::<&str>::new());
    }

    #[test]
    fn fewer_digits_are_a_find_on_a_screen() {
        let rows = |rows: &[&str]| rows.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(found_on_screen(&rows(&["***********0648", "64829"])), Vec::<&str>::new());
        assert_eq!(found_on_screen(&rows(&["  │ 648291 │"])), ["card on the screen"]);
        assert_eq!(found_on_screen(&rows(&[" 3764", " 8291 "])), ["card on the screen"]);
    }

    #[test]
    fn digits_drawn_one_by_one_are_found() {
        let one_by_one = CARD.chars().map(|digit| format!("\x1b[?2026h\x1b[12;30H{digit}\x1b[1;3m\x1b[?2026l"));
        let raw = one_by_one.collect::<Vec<_>>().concat();
        assert_eq!(found(raw.as_bytes()), Vec::<&str>::new());
        assert_eq!(found(&plain(raw.as_bytes())), ["card"]);
    }
}
