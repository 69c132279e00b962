//! `zegel check` on payloads with one kind of problem each: its report and its exit code.

use super::{RIGHT, folder, lines, ran, run, zegel};
use crate::common::snapshots::bind_settings;
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Returns the parent directory of `payloads`.
fn here() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/program/commands"))
}

#[rstest]
#[case("en")]
#[case("nl")]
fn the_report_for_people_has_place_problem_and_correction(#[case] language: &str) {
    let ran = run(here(), &["check", "payloads", "--lang", language]);
    assert_eq!(ran.code, Some(1));
    let _settings = bind_settings();
    insta::assert_snapshot!(format!("check.{language}"), format!("{}\n{}", ran.out, ran.err));
}

/// Problems that a payload cannot have in a check without account data, and those with their own test below.
const ELSEWHERE: &[&str] = &[
    // Texts of the code "rows".
    "rows_one",
    "rows_few",
    "inactive",
    "contact_id",
    "not_verified",
    "none_verified",
    "no_details",
    "years",
    "years_unknown",
    "no_custom_date",
    "three_or_four",
    "date_range",
    "past_month",
    // Whether a day is near depends on today.
    "date_spelling",
    // Checks that no field of this product has.
    "range",
    "too_large",
    "too_much",
    // Data for setting up an account, which no order has.
    "address",
    "api_key",
    "account_name",
    "variable",
    "command",
    "absolute_path",
];

#[test]
fn the_sample_payloads_have_every_kind_of_problem() {
    let texts: toml::Table = toml::from_str(include_str!("../../../assets/i18n/en.toml")).unwrap();
    let codes = |section: &str| texts[section].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
    let shown = run(here(), &["check", "--json", "payloads"]);
    let problems = lines(&shown).into_iter().flat_map(|line| line["problems"].as_array().unwrap().clone());
    let shown: BTreeSet<String> = problems.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect();
    let all = [codes("in_file"), codes("fault")].concat();
    let missing: Vec<_> = all.iter().filter(|code| !shown.contains(*code)).collect();
    let expected: Vec<_> = missing.iter().filter(|code| !ELSEWHERE.contains(&code.as_str())).collect();
    assert!(expected.is_empty(), "no file under payloads shows {expected:?}");
}

#[test]
fn the_json_report_has_one_line_per_file() {
    let ran =
        run(here(), &["check", "--json", "payloads/required.json", "payloads/right.json", "payloads/unknown.json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    let required = json!({
        "file": "payloads/required.json",
        "ok": false,
        "problems": [{
            "severity": "error", "pointer": "/ship_info/city", "line": 22, "column": 13, "code": "required",
            "field": "ship.city", "label": "City", "message": "Required, but missing or blank.",
        }],
    });
    let unknown = json!({
        "file": "payloads/unknown.json",
        "ok": true,
        "problems": [{
            "severity": "warning", "pointer": "/fax", "line": 31, "column": 3, "code": "unknown", "field": null,
            "label": null,
            "message": "Unknown field. zegel will send it unchanged, but DigiCert may ignore or refuse it.",
        }],
    });
    let right = json!({ "file": "payloads/right.json", "ok": true, "problems": [] });
    assert_eq!(lines(&ran), [required, right, unknown]);
}

/// A check that is based on an assumption, and one from the page of the endpoint.
#[rstest]
#[case::assumed(
    "en",
    "payloads/city-number.json",
    "Enter a name. This check is not confirmed: an assumption by zegel."
)]
#[case::documented("en", "payloads/two-words.json", "Enter a first and a last name.")]
#[case::in_dutch("nl", "payloads/city-number.json", "Deze controle is niet bevestigd: een aanname van Zegel.")]
#[case::documented_in_dutch("nl", "payloads/two-words.json", "Vul een voornaam en een achternaam in.")]
fn a_problem_notes_an_unconfirmed_check(#[case] language: &str, #[case] file: &str, #[case] end: &str) {
    let person = run(here(), &["check", "--lang", language, file]);
    let headline = person.out.lines().next().unwrap();
    assert!(headline.ends_with(end), "{headline}");
    let script = run(here(), &["check", "--lang", language, "--json", file]);
    let message = lines(&script)[0]["problems"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with(end), "{message}");
}

#[test]
fn text_and_json_reports_have_the_same_places() {
    let person = run(here(), &["check", "payloads"]);
    let place = |file: &str, problem: &Value| {
        let output = ["line", "column"].map(|name| problem[name].to_string());
        format!("{file}:{}:{}: {}:", output[0], output[1], problem["severity"].as_str().unwrap())
    };
    let script = run(here(), &["check", "--json", "payloads"]);
    let places = lines(&script).into_iter().flat_map(|line| {
        let problems = line["problems"].as_array().unwrap().clone();
        problems.into_iter().map(move |problem| place(line["file"].as_str().unwrap(), &problem))
    });
    let heads: Vec<&str> = person.out.lines().filter(|line| line.starts_with("payloads/")).collect();
    let places: Vec<String> = places.collect();
    assert_eq!(heads.len(), places.len());
    for (head, place) in heads.iter().zip(&places) {
        assert!(head.starts_with(place.as_str()), "{place} in {head}");
    }
}

#[rstest]
#[case::right("payloads/right.json", false, 0)]
#[case::right_and_strict("payloads/right.json", true, 0)]
#[case::warning("payloads/unknown.json", false, 0)]
#[case::warning_and_strict("payloads/unknown.json", true, 1)]
#[case::error("payloads/required.json", false, 1)]
#[case::unread("payloads/none.json", false, 2)]
fn the_exit_code_reflects_the_findings(#[case] file: &str, #[case] strict: bool, #[case] code: i32) {
    let args = [&["check", file][..], if strict { &["--strict"] } else { &[] }].concat();
    assert_eq!(run(here(), &args).code, Some(code));
    let json = run(here(), &[&args[..], &["--json"]].concat());
    assert_eq!((json.code, lines(&json)[0]["ok"] == true), (Some(code), code == 0));
}

#[rstest]
#[case("en", "1 file checked: 1 without problems\n")]
#[case("nl", "1 bestand gecontroleerd: 1 zonder problemen\n")]
fn standard_input_is_checked_too(#[case] language: &str, #[case] output: &str) {
    let good = ran(zegel(here(), &["check", "--lang", language, "-"]).write_stdin(RIGHT));
    assert_eq!((good.code, good.out.as_str(), good.err.as_str()), (Some(0), "", output));
    let bad = ran(zegel(here(), &["check", "-"]).write_stdin("{"));
    assert!(bad.out.starts_with("-:1:1: error: "), "{}", bad.out);
    assert_eq!(bad.code, Some(1));
}

#[test]
fn a_directory_means_its_json_files_by_name_without_subdirectories() {
    let folder = folder(&[
        ("b.json", b"{}"),
        ("a.json", b"{}"),
        ("c.JSON", b"{}"),
        ("e.Json", b"{}"),
        ("d.txt", b"{}"),
        ("json", b"{}"),
    ]);
    std::fs::create_dir(folder.path().join("below.json")).unwrap();
    std::fs::write(folder.path().join("below.json/x.json"), "{}").unwrap();
    let named = |args: &[&str]| {
        let ran = run(folder.path(), args);
        lines(&ran).iter().map(|line| line["file"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named(&["check", "--json", "."]), ["./a.json", "./b.json", "./c.JSON", "./e.Json"]);
    assert_eq!(named(&["check", "--json", "d.txt", "below.json", "a.json"]), ["d.txt", "below.json/x.json", "a.json"]);
    assert_eq!(named(&["check", "--json", "a.json", "a.json"]), ["a.json", "a.json"], "as often as it is named");
}

#[rstest]
#[case::empty(&[])]
#[case::other_files(&["order.txt", "json", "order.json~"])]
#[case::a_folder_within(&["below.json/"])]
fn a_directory_without_json_files_is_an_error(#[case] files: &[&str], #[values(false, true)] json: bool) {
    let folder = folder(&[("right.json", RIGHT.as_bytes())]);
    for name in [&["folder/"], files].concat() {
        let path = folder.path().join("folder").join(name);
        match name.strip_suffix('/') {
            Some("folder") => std::fs::create_dir(folder.path().join("folder")).unwrap(),
            Some(_) => std::fs::create_dir(path).unwrap(),
            None => std::fs::write(path, RIGHT).unwrap(),
        }
    }
    let nothing = "folder: this folder has no files to check (file names must end in .json)\n";
    let args = |paths: &[&str]| [&["check"][..], paths, if json { &["--json"][..] } else { &[] }].concat().join(" ");
    for (paths, end) in [
        (&["folder"][..], "0 files checked: 1 could not be read\n"),
        (&["folder", "right.json"], "1 file checked: 1 without problems, 1 could not be read\n"),
    ] {
        let args = args(paths);
        let ran = run(folder.path(), &args.split(' ').collect::<Vec<_>>());
        let end = if json { "" } else { end };
        assert_eq!((ran.code, ran.err.as_str()), (Some(2), format!("{nothing}{end}").as_str()));
        assert_eq!(ran.out.lines().count(), if json { paths.len() } else { 0 });
    }
}

#[rstest]
#[case::right("right.json", 0)]
#[case::warning("unknown.json", 0)]
#[case::error("required.json", 1)]
#[case::no_json("comma.json", 1)]
#[case::no_file("none.json", 2)]
fn a_preview_reports_whether_the_order_is_valid(
    #[case] file: &str,
    #[case] code: i32,
    #[values(&[], &["--digest"], &["--diff", "SAME"])] more: &[&str],
) {
    let path = format!("payloads/{file}");
    let more = more.iter().map(|arg| if *arg == "SAME" { path.as_str() } else { arg });
    let ran = run(here(), &["preview", &path].into_iter().chain(more).collect::<Vec<_>>());
    assert_eq!(ran.code, Some(code), "{}", ran.err);
    let output = format!("this order has errors; to see them, run: zegel check {path}");
    assert_eq!(ran.err.contains(&output), file == "required.json", "{}", ran.err);
}

#[test]
fn help_has_an_example() {
    let ran = run(here(), &["check", "--help"]);
    let parts = ["Usage: zegel check", "--strict", "Exit codes: 0", "zegel check --json orders/", "\"pointer\""];
    assert!(parts.iter().all(|part| ran.out.contains(part)), "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 100 && !line.contains('`')), "{}", ran.out);
    assert_eq!(
        (ran.code, run::<&str>(here(), &["check"]).code),
        (Some(0), Some(2)),
        "without a path there is nothing to do"
    );
}
