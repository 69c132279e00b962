//! Plausibility hints: what an address, a telephone number, a city or a recipient usually looks like. None of them is
//! a rule of the server.

use crate::text;

/// The least number of digits of a telephone number with its area code.
const MIN_TELEPHONE_DIGITS: usize = 8;

/// The names of a post-office box, each as consecutive words.
const PO_BOX_PHRASES: &[&[&str]] = &[
    &["postbus"],
    &["antwoordnummer"],
    &["pobox"],
    &["po", "box"],
    &["p", "o", "box"],
    &["post", "office", "box"],
    &["postfach"],
    &["boite", "postale"],
];

/// Words in the name of a department or an organization, and not in the name of a person.
const IMPERSONAL_WORDS: &[&str] = &[
    "postkamer",
    "postroom",
    "mailroom",
    "receptie",
    "reception",
    "balie",
    "frontdesk",
    "servicedesk",
    "helpdesk",
    "afdeling",
    "afd",
    "department",
    "dept",
    "team",
    "secretariaat",
    "magazijn",
    "warehouse",
    "inkoop",
    "facilitair",
    "facilitaire",
    "gemeente",
    "provincie",
    "waterschap",
    "ministerie",
    "stichting",
    "vereniging",
    "bv",
    "nv",
    "gmbh",
    "ltd",
];

/// Words before the name of a person.
const ATTENTION_WORDS: &[&str] = &["tav", "attn", "att", "attention"];

/// Returns the words of a text in lower case, without accents; an abbreviation is one word.
fn normalized_words(text: &str) -> Vec<String> {
    let folded = text::fold(text).replace('.', "");
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns true if an address is a post-office box, where nobody can sign.
pub(super) fn is_po_box(text: &str) -> bool {
    let words = normalized_words(text);
    let words: Vec<&str> = words.iter().map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
    PO_BOX_PHRASES.iter().any(|name| words.windows(name.len()).any(|part| part == *name))
}

/// Returns true if an address has a number that can be a house number: in "1e Straat" and "2de Hof" it cannot.
pub(super) fn has_house_number(text: &str) -> bool {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
    parts.enumerate().any(|(index, part)| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let ordinal = index == 0 && ["e", "de", "ste"].contains(&rest.to_lowercase().as_str());
        let digit = |part: &str| part.contains(|c: char| c.is_ascii_digit());
        digit(part) && !(rest.len() < part.len() && ordinal)
    })
}

/// Returns true if a telephone number has fewer digits than one with its area code.
pub(super) fn has_few_digits(number: &str) -> bool {
    number.chars().filter(char::is_ascii_digit).count() < MIN_TELEPHONE_DIGITS
}

/// Returns true if a text is a number where a name belongs.
pub(super) fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || " +,./-".contains(c))
}

/// Returns true if a name is of a department or an organization, which cannot sign.
pub(super) fn is_impersonal_name(text: &str) -> bool {
    let words = normalized_words(text);
    let is = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    is(IMPERSONAL_WORDS) && !is(ATTENTION_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Postbus 12", true)]
    #[case("postbus12", true)]
    #[case("POSTBUS 1234, 1000 AA", true)]
    #[case("P.O. Box 12", true)]
    #[case("PO Box 12", true)]
    #[case("P O Box 12", true)]
    #[case("Post Office Box 12", true)]
    #[case("Antwoordnummer 12", true)]
    #[case("Bo\u{ee}te postale 12", true)]
    #[case("Postbusweg 12", false)]
    #[case("Boxtelseweg 12", false)]
    #[case("Postlaan 1", false)]
    fn post_boxes_are_recognized(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_po_box(text), is, "{text}");
    }

    #[rstest]
    #[case("Keizersgracht 1", true)]
    #[case("Keizersgracht 1-H", true)]
    #[case("Keizersgracht 12e", true)]
    #[case("Plein 1944 7", true)]
    #[case("1e Pinksterstraat 3", true)]
    #[case("Kade nr.3", true)]
    #[case("40, Coolsingel", true)]
    #[case("Keizersgracht", false)]
    #[case("1e Pinksterstraat", false)]
    #[case("2de Hof", false)]
    fn house_numbers_are_recognized(#[case] text: &str, #[case] has: bool) {
        assert_eq!(has_house_number(text), has, "{text}");
    }

    #[rstest]
    #[case("14070", true)]
    #[case("555 0100", true)]
    #[case("088 555 01", false)]
    #[case("+31 88 555 0100", false)]
    fn texts_with_few_digits_are_recognized(#[case] text: &str, #[case] few: bool) {
        assert_eq!(has_few_digits(text), few, "{text}");
    }

    #[rstest]
    #[case("1015", true)]
    #[case("12-34", true)]
    #[case("Ede", false)]
    #[case("'s-Gravenhage", false)]
    #[case("1015 AA", false)]
    #[case("東京", false)]
    fn numeric_texts_are_recognized(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_number(text), is, "{text}");
    }

    #[rstest]
    #[case("Postkamer", true)]
    #[case("Afdeling Inkoop", true)]
    #[case("Gemeente Zilverdam", true)]
    #[case("Voorbeeld B.V.", true)]
    #[case("De receptie", true)]
    #[case("Anna de Vries", false)]
    #[case("Postkamer t.a.v. Anna de Vries", false)]
    #[case("Bert van de Gemeenteraad", false)]
    fn placeholder_names_are_recognized(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_impersonal_name(text), is, "{text}");
    }
}
