//! Output about the program and the order without a terminal: fields, completions, manual pages, help.
//!
//! The program runs with an empty environment, without a home directory. The golden files under `snapshots` are its
//! exact output.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

use crate::common::snapshots::bind_settings;
use assert_cmd::Command;
use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;
use rstest::rstest;
use serde_json::Value;
use std::collections::BTreeSet;
use zegel::cli::Cli;
use zegel::product::PKIO;

/// Returns the standard output of a run that must succeed without a message.
fn output(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_zegel"))
        .args(args)
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .output()
        .unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn commands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[rstest]
#[case("fields.en", &["fields"])]
#[case("fields.nl", &["fields", "--lang", "nl"])]
#[case("fields.en.md", &["fields", "--markdown"])]
#[case("fields.en.schema", &["fields", "--schema"])]
fn golden(#[case] name: &str, #[case] args: &[&str]) {
    let _settings = bind_settings();
    insta::assert_snapshot!(name, output(args));
}

#[rstest]
#[case(&["fields"])]
#[case(&["fields", "--lang", "nl"])]
#[case(&["fields", "--markdown"])]
#[case(&["fields", "--schema"])]
fn every_field_is_listed_by_pointer_and_text(#[case] args: &[&str]) {
    let text = output(args);
    for entry in PKIO.catalog() {
        let name = entry.pointer.as_deref().unwrap_or("/").rsplit('/').next().unwrap();
        assert!(text.contains(name), "{} is not in {args:?}", entry.field.id);
        assert!(args.contains(&"--schema") || text.contains(entry.field.id), "{} is not in {args:?}", entry.field.id);
    }
    assert!(!text.contains('\u{1b}') && text.ends_with('\n') && !text.ends_with("\n\n"), "{args:?}");
}

/// A documented field with an undocumented check, and a field that is documented elsewhere.
#[rstest]
#[case::lines(&[], "  /ship_info/city\n", "a warning unless the value is not just a number; not confirmed: an assumption by zegel")]
#[case::lines(&[], "  /organization/name\n", "\n    not confirmed: documented elsewhere (create-organization)")]
#[case::tables(&["--markdown"], "| `/ship_info/city` |", "not just a number; not confirmed: an assumption by zegel |")]
#[case::tables(&["--markdown"], "| `/organization/name` |", "| not confirmed: documented elsewhere (create-organization) |")]
#[case::in_dutch(&["--lang", "nl"], "  /ship_info/city\n", "niet alleen een getal; niet bevestigd: een aanname van Zegel")]
fn unconfirmed_facts_of_a_field_are_listed_with_it(#[case] form: &[&str], #[case] from: &str, #[case] shown: &str) {
    let text = output(&[&["fields"], form].concat());
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} is not in {text}"));
    let end = if form.contains(&"--markdown") { "\n" } else { "\n\n" };
    let field = rest.split(end).next().unwrap_or_default();
    assert!(field.contains(shown), "{field}");
}

#[test]
fn the_json_lists_unconfirmed_facts_of_a_field() {
    let document: Value = serde_json::from_str(&output(&["fields", "--json"])).unwrap();
    let fields = document["fields"].as_array().unwrap();
    let field = |pointer: &str| fields.iter().find(|field| field["pointer"] == pointer).unwrap();
    let city = field("/ship_info/city");
    assert_eq!(
        (&city["source"]["confirmed"], &city["source"]["page"]),
        (&true.into(), &"order-pkio-qualified-eseal".into())
    );
    let limit = &city["limits"][0]["source"];
    assert_eq!((&limit["confirmed"], &limit["says"]), (&false.into(), &"not confirmed: an assumption by zegel".into()));
    let name = &field("/organization/name")["source"];
    assert_eq!((&name["confirmed"], &name["page"]), (&false.into(), &"create-organization".into()));
}

#[test]
fn each_table_has_as_many_cells_in_every_row() {
    let text = output(&["fields", "--markdown", "--lang", "nl"]);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let cells = |row: &str| row.replace("\\|", "").matches('|').count();
    assert!(rows.iter().all(|row| cells(row) == 7), "{text}");
    let product = PKIO;
    assert_eq!(rows.len(), product.fields.len() + 2 * product.steps.len());
}

#[test]
fn the_help_of_fields_names_every_member_of_its_json() {
    let document: Value = serde_json::from_str(&output(&["fields", "--json"])).unwrap();
    let mut names = BTreeSet::new();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                names.extend(members.keys());
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    let help = output(&["fields", "--help"]);
    let words: Vec<&str> = help.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let missing: Vec<_> = names.iter().filter(|name| !words.contains(&name.as_str())).collect();
    assert!(names.len() > 30 && missing.is_empty(), "{missing:?}");
}

#[test]
fn each_command_has_help_with_an_example() {
    for command in commands() {
        for flag in ["-h", "--help"] {
            let help = output(&[&command, flag]);
            assert!(help.contains("Example") && help.contains(&format!("\n  zegel {command}")), "{help}");
        }
    }
}

#[rstest]
fn completions_name_every_command(#[values("bash", "zsh", "fish", "elvish", "powershell")] shell: &str) {
    let script = output(&["completions", shell]);
    let names = commands();
    assert!(names.len() > 4 && names.iter().all(|name| script.contains(name.as_str())), "{script}");
}

#[rstest]
#[case("en", "Print only the path of the configuration file")]
#[case("nl", "Alleen het pad van de configuratie tonen")]
fn completions_are_in_the_requested_language(#[case] lang: &str, #[case] words: &str) {
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(output(&["completions", shell, "--lang", lang]).contains(words), "{shell}");
    }
}

#[test]
fn the_manual_is_in_english() {
    assert_eq!(output(&["man", "--lang", "nl"]), output(&["man"]));
}

#[test]
fn every_shell_has_completions() {
    let names = Shell::value_variants().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names, ["bash", "elvish", "fish", "powershell", "zsh"]);
}

/// The former names of `resolve` and `--resolve` work until 1.0, but no list has them.
#[test]
fn former_names_are_listed_nowhere() {
    let mut papers = vec![output(&["--help"]), output(&["submit", "--help"]), output(&["resolve", "--help"])];
    papers.extend(Shell::value_variants().iter().map(|shell| output(&["completions", &shell.to_string()])));
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(output(&["man", "--dir", dir.path().to_str().unwrap()]), "");
    papers.extend(
        std::fs::read_dir(dir.path()).unwrap().map(|page| std::fs::read_to_string(page.unwrap().path()).unwrap()),
    );
    for paper in papers {
        assert!(!paper.to_lowercase().contains("settl"), "{paper}");
    }
    assert_eq!(output(&["settle", "--help"]), output(&["resolve", "--help"]));
}

/// Returns the requests at the beginning of lines of a manual page.
fn requests(page: &str) -> BTreeSet<&str> {
    page.lines().filter(|line| line.starts_with('.')).filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn the_manual_is_a_page_that_names_every_command() {
    let page = output(&["man"]);
    let known = [".ie", ".el", ".TH", ".SH", ".TP", ".PP", ".RS", ".RE", ".IP", ".br"];
    assert!(requests(&page).iter().all(|request| known.contains(request)), "{:?}", requests(&page));
    assert!(page.contains("\n.TH zegel 1 ") && page.contains("\n.SH NAME\n"), "{page}");
    for command in commands() {
        assert!(page.contains(&format!("zegel\\-{command}(1)")), "{command}");
    }
    assert!(!page.contains("zegel\\-help"), "there is no such page");
}

#[test]
fn a_directory_gets_a_page_for_each_command() {
    let dir = tempfile::tempdir().unwrap();
    let there = dir.path().join("man1");
    for _ in 0..2 {
        assert_eq!(output(&["man", "--dir", there.to_str().unwrap()]), "");
    }
    let mut found: Vec<String> =
        std::fs::read_dir(&there).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    let mut names: Vec<String> = commands().into_iter().map(|command| format!("zegel-{command}.1")).collect();
    names.push("zegel.1".to_owned());
    names.sort();
    assert_eq!(found, names);
    for command in commands() {
        let page = std::fs::read_to_string(there.join(format!("zegel-{command}.1"))).unwrap();
        assert!(page.contains(&format!("\n.TH zegel-{command} 1 ")) && page.contains(&format!("zegel {command}")));
    }
}

#[test]
fn an_unwritable_directory_is_reported() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().join("man1");
    let output = Command::new(env!("CARGO_BIN_EXE_zegel")).args(["man", "--dir"]).arg(&path).output().unwrap();
    let shown = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(shown.starts_with(&format!("zegel: cannot write to {} (", path.display())), "{shown}");
}

#[rstest]
#[case(&["fields"])]
#[case(&["completions", "bash"])]
#[case(&["man"])]
fn a_closed_pipe_is_not_a_failure(#[case] args: &[&str]) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    let output = command
        .args(args)
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let output = output.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    let output = command
        .args(["fields", "--json"])
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .stdout(full)
        .stderr(std::process::Stdio::piped());
    let output = output.spawn().unwrap().wait_with_output().unwrap();
    let shown = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(shown.starts_with("zegel: cannot write to standard output (") && shown.contains("\nhint: "), "{shown}");
}

#[rstest]
#[case(&["fields", "--json", "--schema"])]
#[case(&["fields", "extra"])]
#[case(&["completions"])]
#[case(&["completions", "tcsh"])]
fn invalid_arguments_end_with_two(#[case] args: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_zegel"))
        .args(args)
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(shown.starts_with("error: "), "{shown}");
}
