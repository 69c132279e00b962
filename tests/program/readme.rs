//! What the README shows and says is what the program does.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = include_str!("../../README.md");
const CI: &str = include_str!("../../.ci/run");

/// Runs the long forms of the soak tests.
const LONG: &str = "cargo test --test soak -- --ignored";

/// The ignored tests that are no long form: one is the child of others, one needs a desktop.
const OTHERS: [&str; 2] = [
    r#"#[ignore = "is carried out by the other tests, each on a bus of its own"]"#,
    r#"#[ignore = "needs a real Secret Service that is unlocked, on the bus of whoever starts it"]"#,
];

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let open = format!("```{language}\n");
    README.split(&open).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn its_check_is_a_real_one() {
    let mut shell = Command::new(env!("CARGO_BIN_EXE_zegel"));
    let run = shell
        .args(["check", "examples/order.json"])
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = run.output().unwrap();
    let said = [b"$ zegel check examples/order.json\n".to_vec(), output.stdout, output.stderr].concat();
    assert_eq!(blocks("console"), [String::from_utf8(said).unwrap().trim_end()]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn its_test_command_is_what_decides_whether_a_change_lands() {
    let commands: Vec<&str> = blocks("sh").into_iter().flat_map(str::lines).collect();
    assert_eq!(commands, ["cargo run --release -- demo", "cargo test"]);
    let steps: Vec<&str> = CI.lines().filter(|line| line.starts_with("cargo ")).collect();
    let at = steps.iter().position(|step| *step == commands[1]).expect("the check runs the README's test command");
    assert_eq!(steps[at + 1..], [LONG], "the long forms follow, and nothing else");
    for paper in [README, include_str!("../../CONTRIBUTING.md")] {
        assert!(paper.contains(LONG));
    }
}

/// Only long forms of soak tests, and two that cannot run by themselves, are left out of `cargo test`.
#[test]
fn nothing_else_is_ignored() {
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

/// What a paper points at within the repository: the targets of its links, and whatever in its code spans looks like a path.
fn named(paper: &'static str) -> Vec<&'static str> {
    let links = paper.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
    let spans = paper.split('`').skip(1).step_by(2);
    let roots = ["src/", "tests/", "assets/", "benches/", "examples/"];
    links.chain(spans.filter(|span| roots.iter().any(|root| span.starts_with(root)))).collect()
}

#[test]
fn what_the_papers_point_at_is_there() {
    for paper in [README, include_str!("../../CONTRIBUTING.md"), include_str!("../../SECURITY.md")] {
        let named = named(paper);
        assert!(!named.is_empty());
        for path in named {
            let here = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            assert!(here.exists(), "does not exist. Check");
        }
    }
}

#[test]
fn it_leads_to_the_way_through_the_code() {
    assert!(named(README).contains(&"CONTRIBUTING.md"));
}

#[test]
fn its_rust_version_is_the_crates() {
    assert!(README.contains(&format!("{} or later", env!("CARGO_PKG_RUST_VERSION"))));
}
