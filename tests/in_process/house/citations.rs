//! Every citation of an API fact names a heading of `docs/certcentral-api.md`.
//!
//! A citation is the name of the file, followed by the numbers of headings: `certcentral-api.md 4.9 and 4.11`. A row of
//! the table of open questions is cited as `6 row 24`.

use crate::in_process::source::sources;
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Returns the numbers of the headings of a page (`## 4. Lists`, `### 4.9 Orders`), and the rows of its section 6 (`6
/// row 24`).
fn headings(page: &str) -> BTreeSet<String> {
    let heading = pattern(r"(?m)^#{2,3} (\d+(?:\.\d+)?)\.? ");
    let row = pattern(r"(?m)^\| (\d+) \|");
    let numbers = heading.captures_iter(page).map(|found| found[1].to_owned());
    let questions = page.split("\n## 6. ").nth(1).map_or("", |rest| rest.split("\n## ").next().unwrap_or(rest));
    numbers.chain(row.captures_iter(questions).map(|found| format!("6 row {}", &found[1]))).collect()
}

/// The number of a heading, or of a row of section 6.
const NUMBER_PATTERN: &str = r"\d+(?:\.\d+)?(?: row \d+)?";

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(NUMBER_PATTERN));

/// Where a comment continues in the next line.
static NEXT_LINE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\n\s*//[/!]? ?"));

static CITATION: LazyLock<Regex> = LazyLock::new(|| {
    let numbers = format!("{NUMBER_PATTERN}(?:(?:, | and |, and ){NUMBER_PATTERN})*");
    pattern(&format!(r"certcentral-api\.md(?: \(?({numbers}))?"))
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this file compiles")
}

/// Returns all numbers that a text cites after the name of the page. A citation without a number is an empty text.
fn citations(text: &str) -> Vec<String> {
    let text = NEXT_LINE.replace_all(text, " ");
    let found = CITATION.captures_iter(&text).flat_map(|found| match found.get(1) {
        Some(numbers) => NUMBER.find_iter(numbers.as_str()).map(|found| found.as_str().to_owned()).collect(),
        None => vec![String::new()],
    });
    found.collect()
}

#[test]
fn every_citation_names_a_heading_that_exists() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/certcentral-api.md");
    let headings = headings(&fs::read_to_string(page).expect("the page can be read"));
    let mut count = 0;
    for folder in ["src", "tests/common", "tests/in_process/product_files", "tests/soak"] {
        for source in sources(folder) {
            for cited in citations(&source.text) {
                count += 1;
                assert!(
                    headings.contains(&cited),
                    "{folder}/{}: certcentral-api.md has no heading {cited:?}",
                    source.path
                );
            }
        }
    }
    assert!(count > 100, "only {count} citations were found");
}

#[rstest::rstest]
#[case::of_a_section("/// See certcentral-api.md 3.", &["3"])]
#[case::of_several("/// (certcentral-api.md 4.9, 4.11 and 6 row 24)", &["4.9", "4.11", "6 row 24"])]
#[case::broken_over_lines("/// (certcentral-api.md\n    /// 4.9 and\n    /// 6 row 1)", &["4.9", "6 row 1"])]
#[case::in_parentheses("//! certcentral-api.md (1.2)", &["1.2"])]
#[case::without_a_number("// as certcentral-api.md has it", &[""])]
#[case::none("/// Nothing is cited.", &[])]
fn citations_are_found(#[case] text: &str, #[case] cited: &[&str]) {
    assert_eq!(citations(text), cited);
}

#[test]
fn a_citation_of_a_heading_that_does_not_exist_is_found() {
    let headings =
        headings("# Facts\n## 4. Lists\n### 4.9 Orders\n| 7 | no row of 6 |\n## 6. Open\n| 24 | words |\n## 7. End\n");
    assert_eq!(headings.into_iter().collect::<Vec<_>>(), ["4", "4.9", "6", "6 row 24", "7"]);
}
