//! The shape of a postal code in each country.

use crate::form::ProblemKind;

/// Postal code shapes, `9` for a digit and `A` for a letter, each with the example that a message shows. The space is
/// optional. Only countries with one certain shape are listed.
pub(super) const POSTAL_CODES: &[(&str, &str, &str)] = &[
    ("nl", "9999 AA", "1234 AB"),
    ("be", "9999", "1000"),
    ("de", "99999", "10115"),
    ("lu", "9999", "1111"),
    ("fr", "99999", "75001"),
    ("dk", "9999", "1000"),
    ("at", "9999", "1010"),
    ("ch", "9999", "8001"),
    ("it", "99999", "00118"),
    ("es", "99999", "28001"),
    ("pl", "99-999", "00-001"),
    ("fi", "99999", "00100"),
    ("no", "9999", "0150"),
    ("us", "99999", "10001"),
];

pub(super) fn check_postal_code(text: &str, country: &str) -> Option<ProblemKind> {
    let (_, shape, example) = POSTAL_CODES.iter().find(|(code, ..)| code.eq_ignore_ascii_case(country))?;
    // The United States also use nine digits.
    let text = if *shape == "99999" { text.split_once('-').map_or(text, |(short, _)| short) } else { text };
    let bare = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
    let (typed, shape) = (bare(text), bare(shape));
    let fits = |(c, s): (char, char)| match s {
        '9' => c.is_ascii_digit(),
        'A' => c.is_ascii_alphabetic(),
        _ => c == s,
    };
    let right = typed.chars().count() == shape.chars().count() && typed.chars().zip(shape.chars()).all(fits);
    (!right).then_some(ProblemKind::PostalCode(example))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("nl", "1234 AB", true)]
    #[case("NL", "1234ab", true)]
    #[case("nl", "12345", false)]
    #[case("nl", "1234 A", false)]
    #[case("be", "1000", true)]
    #[case("us", "10001-1234", true)]
    #[case("pl", "00-001", true)]
    #[case("pl", "00001", false)]
    #[case("gb", "anything", true)]
    #[case("", "anything", true)]
    fn postal_codes(#[case] country: &str, #[case] text: &str, #[case] right: bool) {
        assert_eq!(check_postal_code(text, country).is_none(), right, "{country} {text}");
    }

    #[test]
    fn every_example_postal_code_is_valid() {
        for (country, _, example) in POSTAL_CODES {
            assert_eq!(check_postal_code(example, country), None);
        }
    }
}
