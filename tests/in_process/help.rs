//! The command line help in both languages: every command and argument has its texts, and neither the Dutch help nor
//! the Dutch errors contain English.
//!
//! The tests do not judge the quality of the texts.

use crate::in_process::source::{levels, sources};
use clap::error::ErrorKind;
use proc_macro2::TokenTree;
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};
use zegel::cli::HelpTexts;
use zegel::i18n::Language;

/// English words that are no Dutch words, no names, and no part of JSON.
const ENGLISH: &str = "the and with from this that for not when which are be by it to or if an print show usage \
                       arguments possible cannot unexpected invalid similar used more information try";

/// The beginnings of lines that are rightly the same in both languages: commands, the configuration, and JSON.
const SAME: &[&str] = &["zegel", "${EDITOR", "generate-order", "{", "\"", "[", "GET", "POST", "key_store", "url = "];

fn help(language: Language) -> HelpTexts {
    HelpTexts::load(language).unwrap()
}

/// Returns the output of the program for these arguments.
fn render_output(help: &HelpTexts, words: &[&str]) -> String {
    let mut command = help.help_command();
    let end = command.try_get_matches_from_mut([&["zegel"], words].concat()).unwrap_err();
    help.render_clap_error(&end, &command).to_string()
}

/// Returns the commands by name, including the program without a command.
fn names(help: &HelpTexts) -> Vec<String> {
    help.manual_command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// Returns every way to request help.
fn help_commands(help: &HelpTexts) -> Vec<Vec<String>> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut asked = vec![words(&["-h"]), words(&["--help"])];
    for name in names(help) {
        asked.extend([words(&[&name, "-h"]), words(&[&name, "--help"]), words(&["help", &name])]);
    }
    asked
}

/// Returns the paths of all texts of a language file.
fn keys(language: Language) -> BTreeSet<String> {
    fn walk(value: &toml::Value, path: &str, keys: &mut BTreeSet<String>) {
        match value {
            toml::Value::Table(table) => {
                table.iter().for_each(|(name, value)| walk(value, &format!("{path}.{name}"), keys));
            }
            _ => assert!(
                keys.insert(path.to_owned()) && value.as_str().is_some_and(|text| !text.trim().is_empty()),
                "{path}"
            ),
        }
    }
    let text = match language {
        Language::En => include_str!("../../assets/help/en.toml"),
        Language::Nl => include_str!("../../assets/help/nl.toml"),
    };
    let mut keys = BTreeSet::new();
    walk(&toml::Value::Table(toml::from_str(text).unwrap()), "", &mut keys);
    keys
}

/// Returns the English words in a text, outside literal input and file content.
fn english_words(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !SAME.iter().any(|begin| line.trim_start().starts_with(begin)));
    // The first word in a list of members is a name.
    let words = lines.flat_map(|line| line.split_whitespace().skip(usize::from(line.starts_with("  "))));
    let plain = words.map(|word| word.trim_matches(|c: char| ".,;:()'\"".contains(c)));
    plain.filter(|word| ENGLISH.split_whitespace().any(|known| known == word.to_lowercase())).collect()
}

#[test]
fn both_languages_have_the_same_texts() {
    let (en, nl) = (keys(Language::En), keys(Language::Nl));
    assert_eq!(en.symmetric_difference(&nl).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(en.len() > 150, "{}", en.len());
}

#[rstest]
fn every_command_and_argument_has_its_texts_and_every_text_is_used(
    #[values(Language::En, Language::Nl)] language: Language,
) {
    let help = help(language);
    let root = help.manual_command();
    let mut left: BTreeSet<String> = help.command.keys().cloned().collect();
    let mut shared: BTreeSet<&String> = help.shared.keys().collect();
    for command in root.get_subcommands().chain([&root]) {
        let name = command.get_name();
        let texts = help.command.get(name).unwrap_or_else(|| panic!("no texts of {name}"));
        assert!(left.remove(name));
        assert_eq!(command.get_about().map(ToString::to_string).as_ref(), Some(&texts.about));
        let mut ids: BTreeSet<&String> = texts.arg.keys().collect();
        for arg in command.get_arguments() {
            let id = arg.get_id().to_string();
            let known = texts.arg.get(&id).or_else(|| help.shared.get(&id));
            let known = known.unwrap_or_else(|| panic!("no texts of {id} of {name}"));
            ids.remove(&id);
            shared.remove(&id);
            assert_eq!(arg.get_help().map(ToString::to_string).as_ref(), Some(&known.help));
            assert_eq!(arg.get_action().takes_values(), known.value.is_some(), "{id} of {name}");
        }
        assert!(ids.is_empty(), "texts of no argument of {name}: {ids:?}");
    }
    assert!(left.is_empty() && shared.is_empty(), "texts of nothing: {left:?} {shared:?}");
}

#[test]
fn every_other_text_is_used_by_the_code() {
    let mut used = BTreeSet::new();
    for source in sources("src/cli") {
        levels(source.live(), &mut |trees| {
            used.extend(trees.iter().filter_map(|tree| match tree {
                TokenTree::Literal(literal) => Some(literal.to_string().trim_matches('"').to_owned()),
                _ => None,
            }));
        });
    }
    let help = help(Language::En);
    let unused: Vec<_> = help.words.keys().chain(help.wrong.keys()).filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[rstest]
fn help_fits_a_terminal_and_shows_no_text_id(#[values(Language::En, Language::Nl)] language: Language) {
    let help = help(language);
    for words in help_commands(&help) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let text = render_output(&help, &words);
        let long: Vec<_> = text.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(long.is_empty(), "{words:?}: {long:#?}");
        assert!(
            !help.words.keys().filter(|name| name.contains('_')).any(|name| text.contains(name.as_str())),
            "{text}"
        );
    }
}

#[test]
fn dutch_help_contains_no_english() {
    let (en, nl) = (help(Language::En), help(Language::Nl));
    for words in help_commands(&nl) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (english_text, dutch_text) = (render_output(&en, &words), render_output(&nl, &words));
        assert_eq!(english_words(&dutch_text), Vec::<&str>::new(), "{words:?}: {dutch_text}");
        assert!(english_words(&english_text).len() > 2, "the test finds English: {english_text}");
        let all: BTreeSet<&str> = english_text.lines().collect();
        let same: Vec<&str> = dutch_text.lines().filter(|line| all.contains(line) && line.contains(' ')).collect();
        let sentences: Vec<_> =
            same.into_iter().filter(|line| !english_words(&line.replace("  ", "")).is_empty()).collect();
        assert!(sentences.is_empty(), "{words:?}: {sentences:#?}");
    }
}

/// One case for each kind of error in a command line.
#[rstest]
#[case(&["--nope"], "unknown option '--nope'", "onbekende optie '--nope'")]
#[case(&["submit", "--nope"], "unknown option '--nope'", "Gebruik: zegel submit [OPTIES] <BESTAND>")]
#[case(&["--strict", "check", "x"], "'zegel check --strict' exists", "'zegel check --strict' bestaat wel")]
#[case(&["submit", "--confrim"], "did you mean '--confirm'?", "bedoelt u '--confirm'?")]
#[case(&["demos"], "unknown command 'demos'", "bedoelt u 'demo'?")]
#[case(&["help", "demos"], "unknown command 'demos'", "onbekend commando 'demos'")]
#[case(&["demo", "extra"], "unexpected argument 'extra'", "onverwacht argument 'extra'")]
#[case(&["--lang", "fr"], "[possible values: en, nl]", "ongeldige waarde 'fr' voor '--lang <TAAL>'")]
#[case(&["completions", "bassh"], "did you mean 'bash'?", "bedoelt u 'bash'?")]
#[case(&["--lang"], "a value is required for '--lang <LANG>'", "bij '--lang <TAAL>' is een waarde verplicht")]
#[case(&["check", "--json=1", "x"], "'--json' does not take a value", "bij '--json' hoort geen waarde")]
#[case(&["submit"], "missing:\n  <FILE>", "ontbreken:\n  <BESTAND>")]
#[case(&["resolve", "--adopt", "7"], "missing:\n  <NUMBER>", "ontbreken:\n  <NUMMER>")]
#[case(&["status", "1", "--summary", "--json"], "cannot be used with '--json'", "kunnen niet samen worden gebruikt")]
#[case(&["check", "--json", "--json", "x"], "can be used only once", "kan maar één keer worden gebruikt")]
#[case(&["sandbox", "--port", "99999"], "it must be a number from 0 to 65535", "geef een getal van 0 tot en met 65535 op")]
#[case(&["check", "--", "x", "--json"], "", "")]
#[case(&["--", "demo"], "'demo' is a command", "'demo' is een commando")]
#[case(&["sub\u{1b}[2Jmit"], "unknown command 'sub^[[2Jmit'", "onbekend commando 'sub^[[2Jmit'")]
fn command_line_errors_are_in_both_languages(#[case] words: &[&str], #[case] en: &str, #[case] nl: &str) {
    if en.is_empty() {
        assert!(help(Language::En).help_command().try_get_matches_from([&["zegel"], words].concat()).is_ok());
        return;
    }
    let (english_text, dutch_text) =
        (render_output(&help(Language::En), words), render_output(&help(Language::Nl), words));
    assert!(english_text.starts_with("error: ") && english_text.contains(en), "{english_text}");
    assert!(english_text.ends_with("For more information, try '--help'.\n"), "{english_text}");
    assert!(dutch_text.starts_with("fout: ") && dutch_text.contains(nl), "{dutch_text}");
    assert_eq!(english_words(&dutch_text.replace("[default", "")), Vec::<&str>::new(), "{dutch_text}");
}

/// An option that removes a protection of an order is never suggested.
#[rstest]
fn no_option_that_removes_a_protection_is_suggested(
    #[values("--despit", "--unprotectd", "--journal-los", "--nope", "--digest")] typed: &str,
    #[values(&[], &["submit"])] command: &[&str],
) {
    let text = render_output(&help(Language::En), &[command, &[typed]].concat());
    let lifting = ["--despite", "--unprotected", "--journal-lost"];
    assert!(!lifting.iter().any(|option| text.contains(option)), "{text}");
}

/// The error for an invalid text, path or choice names what is expected.
#[rstest]
fn an_invalid_value_error_names_the_expected_kind(#[values(Language::En, Language::Nl)] language: Language) {
    let help = help(language);
    let mut expected: BTreeMap<String, &str> = BTreeMap::new();
    for command in help.manual_command().get_subcommands() {
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            let flag = arg.get_long().map(|long| format!("--{long}"));
            let words: Vec<&str> =
                ["zegel", command.get_name()].into_iter().chain(flag.as_deref()).chain(["x"]).collect();
            let mut dressed = help.help_command();
            let Err(end) = dressed.try_get_matches_from_mut(words) else { continue };
            if end.kind() != ErrorKind::ValueValidation {
                continue;
            }
            let texts = help.command[command.get_name()].arg.get(arg.get_id().as_str());
            let texts = texts.or_else(|| help.shared.get(arg.get_id().as_str())).unwrap();
            let expects = texts.expects.as_deref().unwrap_or_else(|| panic!("{arg} says nothing"));
            assert!(help.render_clap_error(&end, &dressed).to_string().contains(expects), "{arg}");
            expected.insert(arg.get_id().to_string(), expects);
        }
    }
    let all = help.command.values().flat_map(|texts| &texts.arg).chain(&help.shared);
    let all: BTreeSet<&String> = all.filter(|(_, texts)| texts.expects.is_some()).map(|(id, _)| id).collect();
    assert_eq!(expected.keys().collect::<BTreeSet<_>>(), all);
}
