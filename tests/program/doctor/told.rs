//! The formats of the report: both languages, in a terminal, as JSON, and without a reader.

use super::{Patient, on, ran, sandbox};
use crate::common::snapshots::bind_settings;
use rstest::rstest;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Stdio;

/// Replaces version, system, port and disk space by fixed ones.
fn timeless(json: &str, address: &str) -> String {
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let json = json.replace(address, "127.0.0.1:47110").replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    let json = json.replace(&system, "system");
    let words = json.split_inclusive(' ');
    let is_number = |word: &&str| word.trim_end().replace([',', '.'], "").parse::<u64>().is_ok();
    let mut out: Vec<&str> = Vec::new();
    for word in words {
        // The number before its unit.
        if word.trim_end() == "MiB" && out.last().is_some_and(is_number) {
            out.pop();
            out.push("1000 ");
        }
        out.push(word);
    }
    out.concat()
}

#[rstest]
#[case("en")]
#[case("nl")]
fn a_sandbox_is_reported_in_both_languages(#[case] lang: &str) {
    let sandbox = sandbox(&[]);
    let ran = on(&sandbox).run(&["--lang", lang, "doctor"]).expect_code(0);
    let _settings = bind_settings();
    insta::assert_snapshot!(format!("doctor.{lang}"), timeless(&ran.out, &sandbox.address().to_string()));
}

#[test]
fn a_sandbox_is_reported_as_json() {
    let sandbox = sandbox(&[]);
    let ran = on(&sandbox).json().expect_code(0);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&json["ok"], &json["version"]), (&true.into(), &env!("CARGO_PKG_VERSION").into()));
    let balance = json["checks"].as_array().unwrap().last().unwrap();
    assert_eq!(balance["code"], "funds_are");
    assert_eq!(balance["message"], "Funds are available. The amount is not shown here.");
    ran.expect_findings(&[
        "account ok account_sandbox",
        "key ok key_given",
        "tls ok tls_plain",
        "clock ok clock_is",
        "api ok api_is",
    ]);
}

/// Every check is reported once, by its name in the help.
#[test]
fn the_help_names_every_check_and_member() {
    let sandbox = sandbox(&[]);
    let patient = on(&sandbox);
    let launch = patient.launch(&["doctor", "--json"]).through("\"$0\" \"$@\" > \"$HOME/told.json\"");
    assert_eq!(launch.start().wait_exit(), 0);
    let json: Value = serde_json::from_slice(&std::fs::read(patient.path("told.json")).unwrap()).unwrap();
    let checks = json["checks"].as_array().unwrap();
    let names: Vec<_> = checks.iter().map(|check| check["check"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{names:?}");
    let members = checks.iter().flat_map(|check| check.as_object().unwrap().keys().cloned());
    let told_of: BTreeSet<String> =
        names.iter().cloned().chain(members).chain(json.as_object().unwrap().keys().cloned()).collect();
    let help = ran(&mut patient.command(&["doctor", "--help"]), patient.home.path()).out;
    let words: BTreeSet<&str> = help.split(|c: char| !c.is_alphanumeric()).collect();
    let missing: Vec<_> = told_of.iter().filter(|name| !words.contains(name.as_str())).collect();
    assert!(names.len() == 20 && missing.is_empty(), "{missing:?} {names:?}");
}

#[rstest]
#[case((80, 24), "ok       size             Columns: 80, rows: 24.", "terminal         TERM is xterm-256color.")]
#[case((40, 30), "warning  size", "Recommended: at least")]
fn the_report_fits_the_width_of_the_terminal(#[case] size: (u16, u16), #[case] row: &str, #[case] other: &str) {
    let sandbox = sandbox(&[]);
    let launch =
        on(&sandbox).launch(&["--lang", "en", "doctor"]).size(size.0, size.1).through("\"$0\" \"$@\" | head -n 14");
    let mut tty = launch.start();
    assert_eq!(tty.wait_exit(), 0);
    tty.wait_for(row).wait_for(other);
}

/// A missing reader is not a failure, and the program does not wait for one.
#[test]
fn a_missing_reader_is_not_a_failure() {
    let sandbox = sandbox(&[]);
    let patient = on(&sandbox);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.arg("doctor").env_clear().envs(&patient.env).env("HOME", patient.home.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let mut full = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    full.args(["--lang", "en", "doctor"]).env_clear().envs(&patient.env).env("HOME", patient.home.path());
    let output = full.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output ("), "{output:?}");
}

/// A message that ends with a question has no full stop after it, and none has two.
#[rstest]
#[case::another_path("/services/v3", "en")]
#[case::another_path_in_dutch("/services/v3", "nl")]
#[case::no_path("/", "en")]
fn each_sentence_ends_once(#[case] path: &str, #[case] lang: &str) {
    let sandbox = sandbox(&[]);
    let url = format!("http://{}{path}", sandbox.address());
    let ran = Patient::on(&url, zegel::sandbox::KEY).run(&["--lang", lang, "doctor"]);
    let json = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!["?.", "..", "!.", "….", "?,"].iter().any(|ends| json.contains(ends)), "{json}");
    assert!(json.contains("/services/v2."), "{json}");
}

/// No home directory, no variables, no terminal, no network.
#[test]
fn the_doctor_works_in_an_empty_environment() {
    let patient = Patient::new();
    let mut command = patient.command(&["doctor", "--json"]);
    command.env_clear().env("HTTPS_PROXY", super::NOBODY).current_dir("/");
    let ran = ran(&mut command, patient.home.path()).expect_code(1);
    let locale = if cfg!(target_os = "macos") { "ok locale_assumed" } else { "warning locale_unset" };
    let locale = format!("unicode {locale}");
    let found = [
        "terminal unknown terminal_none",
        &locale,
        "account failed account_none",
        "key unknown not_asked",
        "proxy ok proxy_variable",
        "name ok name_address",
        "tls failed no_way",
        "clock unknown clock_unknown",
        "api unknown not_asked",
        "balance unknown not_asked",
    ];
    ran.expect_findings(&found);
}
