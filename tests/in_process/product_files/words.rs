//! The vocabulary of a product file: its texts in both languages, and its closed sets of words.

use super::{PKIO_FILE, load_error, products};
use std::collections::BTreeSet;
use zegel::i18n::LocalizedText;

#[test]
fn both_languages_have_nonempty_texts() {
    for (_, product, _) in products() {
        let steps = product.steps.iter().flat_map(|step| [&step.title, &step.intro]);
        let groups = product.groups.iter().flat_map(|group| group.title.iter().chain(&group.row));
        let fields =
            product.fields.iter().flat_map(|field| [&field.label, &field.help].into_iter().chain(&field.guess));
        let options = product.fields.iter().flat_map(|field| field.options);
        let options = options.flat_map(|option| std::iter::once(&option.label).chain(&option.note));
        let pages =
            product.fields.iter().map(|field| &field.cite.page).filter(|page| **page != LocalizedText::default());
        for words in steps.chain(groups).chain(fields).chain(options).chain(pages) {
            for text in [words.en, words.nl] {
                assert!(!text.is_empty() && text.trim() == text, "{words:?}");
            }
        }
        let helps = product.fields.iter().map(|field| &field.help);
        for help in helps {
            assert_ne!(help.en, help.nl);
        }
    }
}

/// Texts of product files that are rightly the same in both languages.
const SAME: &[&str] = &["PKIo Qualified eSeal", "E-mail", "CVV"];

#[test]
fn texts_equal_in_both_languages_are_listed() {
    let mut met = BTreeSet::new();
    for (source, _, _) in products() {
        for line in source.lines() {
            for part in line.split("{ en = ").skip(1) {
                let Some((en, rest)) = part.split_once(", nl = ") else { continue };
                let nl = rest.split_once(" }").map_or(rest, |(nl, _)| nl);
                if en == nl {
                    let text = en.trim_matches('"').to_owned();
                    assert!(SAME.contains(&text.as_str()), "\"{text}\" is the same in both languages");
                    met.insert(text);
                }
            }
        }
    }
    let stale: Vec<_> = SAME.iter().filter(|text| !met.contains(**text)).collect();
    assert!(stale.is_empty(), "no longer the same: {stale:?}");
}

/// Returns the words between backticks in serde's "unknown …, expected …" message about an unknown word.
fn vocabulary(wrong: &str) -> Vec<String> {
    let error = load_error(wrong);
    let (_, expected) = error.split_once("expected").unwrap_or_else(|| panic!("{error}"));
    let line = expected.lines().next().unwrap();
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// For each closed set of words, a place in the file that uses one.
const WORDS: &[(&str, &str)] = &[
    ("mark = \"doc\"", "mark = \"zzz\""),
    ("conflict = \"error\"", "conflict = \"zzz\""),
    ("kind = \"integer\"", "kind = \"zzz\""),
    ("required = \"yes\"", "required = \"zzz\""),
    ("blank = \"send\"", "blank = \"zzz\""),
    ("is = \"email\"", "is = \"zzz\""),
    ("list = \"users\"", "list = \"zzz\""),
    ("\"contact.first\" = \"first_name\"", "\"contact.first\" = \"zzz\""),
    ("part = \"zip\"", "part = \"zzz\""),
    ("secret = \"all\"", "secret = \"zzz\""),
    ("from_issue = \"days\"", "from_issue = \"zzz\""),
    ("is = \"distinct\"", "is = \"zzz\""),
    ("level = \"warning\"", "level = \"zzz\""),
    ("needs_fact = \"custom_date\"", "needs_fact = \"zzz\""),
    ("name_id =", "zzz ="),
    ("[[step]]\n", "[[step]]\nzzz = 1\n"),
    ("[[group]]\n", "[[group]]\nzzz = 1\n"),
    ("[[mode]]\n", "[[mode]]\nzzz = 1\n"),
    ("[[field]]\n", "[[field]]\nzzz = 1\n"),
    ("[[rule]]\n", "[[rule]]\nzzz = 1\n"),
    ("many = { ", "many = { zzz = 1, "),
    ("source = { ", "source = { zzz = 1, "),
    ("without_id = { ", "without_id = { zzz = 1, "),
    ("{ id = \"existing\", ", "{ id = \"existing\", zzz = 1, "),
    ("{ mark = \"doc\", ", "{ mark = \"doc\", zzz = 1, "),
    ("page = { en = ", "page = { zzz = 1, en = "),
    ("total_max = { ", "total_max = { zzz = 1, "),
    ("when = [{ ", "when = [{ zzz = 1, "),
    ("checks = [{ ", "checks = [{ zzz = 1, "),
    ("{ word = ", "{ zzz = 1, word = "),
];

#[test]
fn every_word_of_the_vocabulary_is_used() {
    let mut words = BTreeSet::new();
    for (right, wrong) in WORDS {
        assert!(PKIO_FILE.contains(right), "{right}");
        words.extend(vocabulary(&PKIO_FILE.replacen(right, wrong, 1)));
    }
    assert!(words.len() > 80, "{words:?}");
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let used: BTreeSet<&str> = PKIO_FILE.split(|c| !is_word(c)).collect();
    // The default of `blank`, which no file needs to write.
    let unused: Vec<_> = words.iter().filter(|word| !used.contains(word.as_str()) && *word != "omit").collect();
    assert!(unused.is_empty(), "{unused:?}");
}
