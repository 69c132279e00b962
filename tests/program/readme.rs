//! The README and the guide describe what the program does.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use clap::{CommandFactory, Parser};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use zegel::cli::Cli;

const README: &str = include_str!("../../README.md");
const README_NL: &str = include_str!("../../README.nl.md");
const GUIDE: &str = include_str!("../../docs/guide.md");
const BENCHMARKS: &str = include_str!("../../docs/benchmarks.md");
const CONTRIBUTING: &str = include_str!("../../CONTRIBUTING.md");
const SECURITY: &str = include_str!("../../SECURITY.md");
const CI: &str = include_str!("../../.ci/run");

/// The documents with their paths.
const PAPERS: [(&str, &str); 6] = [
    ("README.md", README),
    ("README.nl.md", README_NL),
    ("CONTRIBUTING.md", CONTRIBUTING),
    ("SECURITY.md", SECURITY),
    ("docs/guide.md", GUIDE),
    ("docs/benchmarks.md", BENCHMARKS),
];

/// With this variable set, the output of `zegel check` in the guide is written again instead of compared.
const UPDATE: &str = "ZEGEL_UPDATE_GUIDE";

/// The command that runs the long forms of the soak tests.
const LONG: &str = "cargo test --test soak -- --ignored";

/// The ignored tests without a long form: one runs as the child of others, one needs a desktop.
const OTHERS: [&str; 2] = [
    r#"#[ignore = "is carried out by the other tests, each on a bus of its own"]"#,
    r#"#[ignore = "needs a real Secret Service that is unlocked, on the bus of whoever starts it"]"#,
];

/// Returns the fenced blocks of one language.
fn blocks(paper: &'static str, language: &str) -> Vec<&'static str> {
    let open = format!("```{language}\n");
    paper.split(&open).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

/// The output of `zegel check` in the guide is in English and for the order in the repository.
#[test]
fn the_check_output_in_the_guide_is_real() {
    let mut shell = Command::new(env!("CARGO_BIN_EXE_zegel"));
    let run = shell
        .args(["check", "examples/order.json"])
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = run.output().unwrap();
    let message = [b"$ zegel check examples/order.json\n".to_vec(), output.stdout, output.stderr].concat();
    let message = String::from_utf8(message).unwrap();
    let shown = blocks(GUIDE, "console");
    if std::env::var_os(UPDATE).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
        return std::fs::write(path, GUIDE.replacen(shown[0], message.trim_end(), 1)).unwrap();
    }
    assert_eq!(shown, [message.trim_end()], "renew it: {UPDATE}=1 cargo test --test program readme");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_readme_test_command_is_that_of_the_ci_script() {
    let steps: Vec<&str> = CI.lines().filter(|line| line.starts_with("cargo ")).collect();
    for readme in [README, README_NL] {
        let commands: Vec<&str> = blocks(readme, "sh")[0].lines().collect();
        assert_eq!(commands, ["cargo run --release -- demo", "cargo test"]);
        let at = steps.iter().position(|step| *step == commands[1]).expect("the check runs the README's test command");
        assert_eq!(steps[at + 1..], [LONG], "the long forms follow, and nothing else");
    }
    assert!(CONTRIBUTING.contains(LONG));
}

/// Both READMEs list every command, and no other.
#[test]
fn each_readme_has_a_row_for_every_command() {
    let mut names: Vec<String> =
        Cli::command().get_subcommands().map(|command| format!("zegel {}", command.get_name())).collect();
    names.push("zegel".to_owned());
    names.sort();
    for readme in [README, README_NL] {
        let rows = readme.lines().filter_map(|line| line.strip_prefix("| `zegel")?.split('`').next());
        let mut listed: Vec<String> =
            rows.map(|rest| format!("zegel{rest}").split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        listed.sort();
        assert_eq!(listed, names);
    }
}

/// The program accepts the command lines in the documents.
#[test]
fn every_documented_command_line_is_valid() {
    let mut count = 0;
    for (path, paper) in PAPERS {
        let lines = ["sh", "yaml"].into_iter().flat_map(|language| blocks(paper, language)).flat_map(str::lines);
        let lines = lines.map(|line| line.trim().trim_start_matches("- run: "));
        for line in lines.filter(|line| line.starts_with("zegel")) {
            count += 1;
            let words = shell_words::split(line.split(" >").next().unwrap()).unwrap();
            assert!(Cli::try_parse_from(words).is_ok(), "{path}: {line}");
        }
    }
    assert!(count > 8, "only {count} command lines were found");
}

/// `cargo test` skips only the long forms of soak tests, and two tests that cannot run by themselves.
#[test]
fn only_listed_tests_are_ignored() {
    let mut ignored = BTreeMap::new();
    for path in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| line.trim_start().starts_with("#[ignore")) {
            ignored.entry(line.trim().to_owned()).or_insert_with(Vec::new).push(path.clone());
        }
    }
    let long = format!("#[ignore = \"long: {LONG}\"]");
    let soak = ignored.remove(&long).unwrap_or_default();
    assert!(soak.len() > 5 && soak.iter().all(|path| path.components().any(|part| part.as_os_str() == "soak")));
    assert_eq!(ignored.into_keys().collect::<Vec<_>>(), OTHERS);
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Returns the references of a document within the repository: the targets of its links, and the paths in its code
/// spans.
fn named(paper: &'static str) -> Vec<&'static str> {
    let links = paper.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
    let spans = paper.split('`').skip(1).step_by(2);
    let roots = ["src/", "tests/", "assets/", "benches/", "examples/"];
    links.chain(spans.filter(|span| roots.iter().any(|root| span.starts_with(root)))).collect()
}

#[test]
fn every_reference_in_the_documents_exists() {
    for (place, paper) in PAPERS {
        let named = named(paper);
        assert!(!named.is_empty());
        for path in named {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let beside = root.join(place).parent().unwrap().join(path);
            // In a code span, a path starts at the root of the repository.
            assert!(beside.exists() || root.join(path).exists(), "{place}: {path} is not there");
        }
    }
}

/// Returns the name by which GitHub links to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Returns the headings of a document by their names, without those in blocks of code.
fn anchors(paper: &str) -> Vec<String> {
    let text = paper.split("```").step_by(2).flat_map(str::lines);
    let headings = text.filter(|line| line.starts_with("##")).map(|line| line.trim_start_matches('#'));
    headings.map(anchor).collect()
}

#[test]
fn every_link_to_a_heading_leads_to_one() {
    for (place, paper) in PAPERS {
        let links = paper.split("](").skip(1).filter_map(|rest| rest.split(')').next()?.split_once('#'));
        for (file, heading) in links.filter(|(file, _)| !file.contains("://")) {
            let file = file.trim_start_matches("../");
            let to = if file.is_empty() { place } else { file };
            let found = PAPERS.iter().find(|(path, _)| *path == to || path.strip_prefix("docs/") == Some(to));
            let (_, target) = found.expect("links to headings stay within these documents");
            assert!(anchors(target).iter().any(|anchor| anchor == heading), "{place}: {to} has no {heading}");
        }
    }
}

#[test]
fn the_readme_links_the_other_documents() {
    for readme in [README, README_NL] {
        for paper in ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/guide.md", "docs/benchmarks.md"] {
            assert!(named(readme).contains(&paper), "{paper}");
        }
    }
    assert!(named(README).contains(&"README.nl.md") && named(README_NL).contains(&"README.md"));
}

#[test]
fn the_documented_rust_version_is_the_crates() {
    assert!(README.contains(&format!("{} or later", env!("CARGO_PKG_RUST_VERSION"))));
    assert!(README_NL.contains(&format!("{} of nieuwer", env!("CARGO_PKG_RUST_VERSION"))));
}
