//! The texts of the interface: both languages have the same texts.
//!
//! The build makes constants of them, so the compiler knows which are used. The checks of the build are tested here with
//! samples that break them. The tests do not judge the quality of the texts.

#[path = "../../build/texts.rs"]
#[expect(dead_code, clippy::print_stdout, reason = "the build alone writes files")]
mod build;

use build::{TextTable, generate};
use zegel::i18n::{Language, Translations};

/// Texts that are rightly the same in both languages.
const SAME: &[&str] = &[
    "accounts.row",
    "agreement.title",
    "cause.via",
    "key.try_sandbox",
    "doctor.check_account",
    "doctor.check_name",
    "doctor.check_product",
    "doctor.check_proxy",
    "doctor.check_terminal",
    "doctor.config_wrong",
    "doctor.key_failed",
    "doctor.state_failed",
    "doctor.terminal_is",
    "doctor.version_is",
    "format.euros_negative_plain",
    "format.euros_plain",
    "keyname.alt",
    "keyname.backspace",
    "keyname.ctrl",
    "keyname.delete",
    "keyname.down",
    "keyname.end",
    "keyname.enter",
    "keyname.esc",
    "keyname.home",
    "keyname.insert",
    "keyname.left",
    "keyname.pagedown",
    "keyname.pageup",
    "keyname.right",
    "keyname.shift",
    "keyname.tab",
    "keyname.up",
    "page.row",
    "ready.organization_status",
    "ready.product",
    "screen.account",
    "screen.sandbox",
    "summary.status",
    "screen.status",
    "setup.account",
    "status.order_status",
    "summary.account",
    "system.detail",
];

/// Returns the faults of single texts of a language.
fn text_faults<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let judge = |text: &str| match text {
        _ if text.trim().is_empty() => Some("is blank"),
        _ if text.chars().any(|c| c.is_control() && c != '\n') => Some("has a control character"),
        _ if text.ends_with(char::is_whitespace) => Some("ends with white space"),
        _ => None,
    };
    texts.filter_map(|(id, text)| Some(format!("{id} {}", judge(text)?))).collect()
}

/// Returns the texts that are wrongly the same in both languages, or listed as the same and are not.
fn sameness_faults(texts: &[(&str, &str, &str)], same: &[&str]) -> Vec<String> {
    let fault = |(id, en, nl): &(&str, &str, &str)| match (en == nl, same.contains(id)) {
        (true, false) => Some(format!("{id} is the same in both languages")),
        (false, true) => Some(format!("{id} is not the same, though it is listed")),
        _ => None,
    };
    let unknown = same.iter().filter(|id| texts.iter().all(|(known, ..)| known != *id));
    let unknown = unknown.map(|id| format!("{id} is in the list of equal texts, and is no text"));
    texts.iter().filter_map(fault).chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::quotes::quote;
    use rstest::rstest;

    #[rstest]
    #[case(Language::En)]
    #[case(Language::Nl)]
    fn every_text_is_clean(#[case] language: Language) {
        let lang = Translations::new(language);
        assert!(lang.named_texts().count() > 1000);
        assert_eq!(text_faults(lang.named_texts()), Vec::<String>::new());
    }

    #[test]
    fn both_languages_have_matching_texts() {
        let (en, nl) = (Translations::new(Language::En), Translations::new(Language::Nl));
        let texts: Vec<_> = en.named_texts().zip(nl.named_texts()).map(|((id, en), (_, nl))| (id, en, nl)).collect();
        assert_eq!(sameness_faults(&texts, SAME), Vec::<String>::new());
    }

    #[test]
    fn a_quote_agrees_with_its_text() {
        assert_eq!(quote("status.validity", "requested"), "requested");
    }

    #[rstest]
    #[case::of_other_words("status.validity", "asked for")]
    #[case::of_no_text("status.no_such_text", "requested")]
    #[should_panic(expected = "status.")]
    fn a_quote_absent_from_its_text_fails(#[case] id: &str, #[case] words: &str) {
        quote(id, words);
    }

    #[rstest]
    #[case("Fine, {count} of {all_2}", "")]
    #[case(" ", "a.b is blank")]
    #[case("tab\there", "a.b has a control character")]
    #[case("space ", "a.b ends with white space")]
    fn a_text_that_is_not_clean_is_found(#[case] text: &str, #[case] fault: &str) {
        assert_eq!(text_faults([("a.b", text)].into_iter()).join("\n"), fault);
    }

    #[rstest]
    #[case("Yes", "Ja", &[], "")]
    #[case("Status", "Status", &["a.b"], "")]
    #[case("Status", "Status", &[], "a.b is the same in both languages")]
    #[case("Yes", "Ja", &["a.b"], "a.b is not the same, though it is listed")]
    #[case("Yes", "Ja", &["a.c"], "a.c is in the list of equal texts, and is no text")]
    fn languages_that_are_the_same_are_found(
        #[case] en: &str,
        #[case] nl: &str,
        #[case] same: &[&str],
        #[case] fault: &str,
    ) {
        assert_eq!(sameness_faults(&[("a.b", en, nl)], same).join("\n"), fault);
    }

    /// Makes texts from lines of `section.name = text`.
    fn sample(lines: &str) -> TextTable {
        let mut texts = TextTable::new();
        for line in lines.lines() {
            let (id, text) = line.split_once(" = ").unwrap();
            let (section, name) = id.split_once('.').unwrap();
            texts.entry(section.to_owned()).or_default().insert(name.to_owned(), text.to_owned());
        }
        texts
    }

    #[rstest]
    #[case("a.b = {open", "a.b has a brace that is no placeholder: {open")]
    #[case("a.b = {a} } {b}", "a.b has a brace that is no placeholder: } {b}")]
    #[case("a.b = {}", "a.b has a brace that is no placeholder: {}")]
    #[case("a.b = {Two words}", "a.b has a brace that is no placeholder: {Two words}")]
    #[case("a.b-c = x", "a.b-c has a name with other characters than a-z, 0-9 and _")]
    #[case("a.b = {x}\na.b_plain = x", "a.b_plain has not the placeholders of b")]
    fn a_text_that_cannot_be_a_constant_is_found(#[case] lines: &str, #[case] fault: &str) {
        assert_eq!(generate(&sample(lines), &sample(lines)), Err(fault.to_owned()));
    }

    #[rstest]
    #[case("a.b = Yes", "", "a.b is not in Dutch")]
    #[case("", "a.b = Ja", "a.b is not in English")]
    #[case("a.b = {x}", "a.b = {y}.", "a.b has other placeholders in Dutch than in English")]
    #[case("a.b = Yes\na.c = No", "d.b = Ja", "a.b is not in Dutch\na.c is not in Dutch\nd.b is not in English")]
    fn languages_that_differ_are_found(#[case] en: &str, #[case] nl: &str, #[case] fault: &str) {
        assert_eq!(generate(&sample(en), &sample(nl)), Err(fault.to_owned()));
    }

    #[test]
    fn a_text_becomes_a_constant_with_the_types_of_its_values() {
        let en = "a.b = Yes\na.n = {x} of {y}\nkey.up = ↑\nkey.up_plain = Up\nstate_word.active = active";
        let nl = "a.b = Ja\na.n = van {y}: {x}\nkey.up = ↑\nkey.up_plain = Omhoog\nstate_word.active = actief";
        let code = generate(&sample(en), &sample(nl)).unwrap();
        for line in [
            "pub(crate) const B: TextId = TextId::new(0);",
            "pub(crate) const N: TextId<(with::X<'static>, with::Y<'static>)> = TextId::new(1);",
            "pub struct X<'a>(pub &'a dyn std::fmt::Display);",
            "ValuesFor<(X<'a>, Y<'a>)> for (Y<'a>, X<'a>)",
            "\"active\" => ACTIVE,",
            "[(2, 3)]",
            "static NL: [&str; 5] = [\"Ja\", \"van {y}: {x}\", \"↑\", \"Omhoog\", \"actief\"];",
        ] {
            assert!(code.contains(line), "{line} is not in:\n{code}");
        }
        // A text that only replaces another one has no constant.
        assert!(!code.contains("UP_PLAIN"), "{code}");
    }
}
