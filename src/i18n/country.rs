//! The countries of ISO 3166-1, with their everyday names in English and in Dutch.
//!
//! The list is `assets/i18n/countries.tsv`, one country per line; names are slices of that text, not copies. The
//! standard defines the codes, and a test compares them. Which countries an order accepts, and how a payload spells a
//! code, do not belong here.

use super::Language;
use memchr::memmem;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// The two letters of ISO 3166-1, in lower case.
    pub code: &'static str,
    /// The everyday name in English.
    pub en: &'static str,
    /// The name in Dutch, as the government of the Netherlands writes it.
    pub nl: &'static str,
}

impl Country {
    pub fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Nl => self.nl,
        }
    }
}

const COUNTRY_LIST: &str = include_str!("../../assets/i18n/countries.tsv");

/// Returns all countries, by code. A line without three columns is skipped; a test excludes that.
pub fn all_countries() -> impl Iterator<Item = Country> {
    COUNTRY_LIST.lines().filter_map(parse_country_line)
}

/// Returns the country of a code in any letter case.
///
/// ``` use zegel::i18n::country; assert_eq!(country::find_country("NL").map(|country| country.nl),
/// Some("Nederland")); ```
pub fn find_country(code: &str) -> Option<Country> {
    // It runs after every key press, so it searches the whole list at once instead of line by line.
    let first = format!("{}\t", code.to_ascii_lowercase());
    let begins = |at: &usize| *at == 0 || COUNTRY_LIST.as_bytes()[at - 1] == b'\n';
    let at = memmem::find_iter(COUNTRY_LIST.as_bytes(), &first).find(begins)?;
    COUNTRY_LIST[at..]
        .lines()
        .next()
        .and_then(parse_country_line)
        .filter(|country| country.code.eq_ignore_ascii_case(code))
}

fn parse_country_line(line: &'static str) -> Option<Country> {
    let (code, names) = line.split_once('\t')?;
    let (en, nl) = names.split_once('\t')?;
    Some(Country { code, en, nl })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::collections::BTreeSet;

    /// The countries with the same name in Dutch and English.
    const SAME: &str = "ad af ai ao aq aw bb bd bf bi bj bm bn bo bt bw by bz ca cn co cr cu cw cy dj dm ec er fi fj \
        fm ga gd gg gh gi gm gp gt gu gy hn im in ir je jm jp ki la lc li lk lr ls mc me ml mm mq ms mt mu mw mx mz \
        ne ng ni np nr nu om pa pe pk pr pt pw py qa re rw sg sl sm sn sr sv sx sz tg th tk tm to tv tw tz uy ve vn \
        vu ws yt zm zw";

    #[test]
    fn the_codes_are_those_of_the_standard_in_order() {
        let codes: Vec<String> = all_countries().map(|country| country.code.to_owned()).collect();
        let mut standard: Vec<String> = rust_iso3166::ALL_ALPHA2.iter().map(|code| code.to_lowercase()).collect();
        standard.sort_unstable();
        assert_eq!(codes, standard);
    }

    #[test]
    fn every_line_is_a_country() {
        assert_eq!(all_countries().count(), include_str!("../../assets/i18n/countries.tsv").lines().count());
    }

    #[rstest]
    #[case(Language::En)]
    #[case(Language::Nl)]
    fn each_country_name_is_unique_and_clean(#[case] language: Language) {
        let mut names = BTreeSet::new();
        for country in all_countries() {
            let name = country.name(language);
            assert!(!name.is_empty(), "{} has no name", country.code);
            assert_eq!(name.split_whitespace().collect::<Vec<_>>().join(" "), name, "white space in {name:?}");
            assert_eq!(crate::text::visible(name), name, "{name:?} can be seen");
            assert!(names.insert(name), "{name} occurs twice");
        }
    }

    #[test]
    fn dutch_country_names_equal_english_ones_only_if_listed() {
        let same: Vec<&str> =
            all_countries().filter(|country| country.en == country.nl).map(|country| country.code).collect();
        assert_eq!(same.join(" "), SAME);
    }

    #[rstest]
    #[case("nl", Some(("Netherlands", "Nederland")))]
    #[case("CI", Some(("Côte d'Ivoire", "Ivoorkust")))]
    #[case("De", Some(("Germany", "Duitsland")))]
    #[case("xx", None)]
    #[case("", None)]
    #[case("nl\t", None)]
    #[case("Netherlands", None)]
    fn a_code_is_found_in_any_letter_case(#[case] code: &str, #[case] names: Option<(&str, &str)>) {
        assert_eq!(find_country(code).map(|country| (country.en, country.nl)), names);
    }

    #[test]
    fn a_damaged_line_is_skipped() {
        let read: Vec<_> = "\nxx\nyy\tone\nzz\tone\ttwo\r\n".lines().filter_map(parse_country_line).collect();
        assert_eq!(read, [Country { code: "zz", en: "one", nl: "two" }]);
    }
}
