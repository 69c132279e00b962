//! The report about an order or a request, once.

use super::bench::{Bench, ORDER};
use crate::common::quotes::quote;
use crate::common::server::{Reply, Server};
use crate::common::snapshots::bind_settings;
use insta::assert_snapshot;
use rstest::rstest;
use serde_json::json;
use zegel::domain::{Intent, RecordedOutcome};

#[rstest]
#[case("en")]
#[case("nl")]
fn an_order_is_reported_in_both_languages(#[case] lang: &str) {
    let bench = Bench::with_order();
    let ran = bench.run(&["--lang", lang, "status", "700001"]).expect_code(0);
    assert_eq!(ran.err, "");
    let _settings = bind_settings();
    assert_snapshot!(format!("status.{lang}"), bench.timeless(&ran.out));
}

#[test]
fn a_colleagues_order_is_reported_without_a_journal_entry() {
    let bench = Bench::new();
    bench.place();
    let ran = bench.run(&["status", "700001"]).expect_code(0).expect_output(&["request 5001: approved", "1 year"]);
    assert!(!ran.out.contains(quote("status.validity", "requested")) && ran.err.is_empty(), "{ran:?}");
}

/// Accounts of one host give the same order numbers, and one journal knows them all.
#[rstest]
#[case::another_account("7002", false)]
#[case::an_account_that_is_not_told("", true)]
fn a_journal_entry_of_another_account_with_the_same_number_is_ignored(#[case] account: &str, #[case] json: bool) {
    let bench = Bench::with_order();
    let two_years = ORDER.replace(r#""years": 1"#, r#""years": 2"#);
    let other = Intent { account: account.into(), digest: "d2".into(), ..bench.intent(&two_years) };
    bench.keep(&other, Some(&RecordedOutcome::Placed { order: 700_001, requests: vec![5002] }));
    let ran = bench.run(&["status", "700001"]).expect_code(0).expect_output(&["1 year"]);
    assert_eq!(ran.out.contains("requested: 2 years"), json, "{ran:?}");
}

#[test]
fn a_request_leads_to_its_order() {
    let bench = Bench::new();
    bench.place();
    let ran = bench.run(&["status", "5001", "--json"]).expect_code(0);
    assert_eq!(ran.json()["order"]["id"], 700_001);
    assert_eq!(ran.json()["requests"], json!([{ "id": 5001, "status": "approved" }]));
}

#[test]
fn a_request_without_an_order_is_reported_alone() {
    let answer = json!({ "id": 7, "status": "pending" }).to_string();
    let server = Server::start(move |request| {
        if request.path.ends_with("/request/7") { Reply::Json(200, answer.clone()) } else { Reply::missing() }
    });
    let bench = Bench::new();
    let url = server.url();
    let env = [("ZEGEL_API_URL", url.as_str())];
    bench
        .run_with(&["status", "7"], &env)
        .expect_code(0)
        .expect_output(&["Request 7 at", "waiting for approval (pending)"]);
    let ran = bench.run_with(&["status", "7", "--json"], &env).expect_code(0);
    assert_eq!((&ran.json()["order"], &ran.json()["requests"][0]["id"]), (&json!(null), &json!(7)));
    let ran = bench.run_with(&["status", "7", "--watch"], &env).expect_code(2);
    ran.expect_output(&["request 7: waiting for approval"]).expect_errors(&["yet, so it can be shown but"]);
    server.finish();
}

#[test]
fn the_json_has_all_members() {
    let bench = Bench::with_order();
    let mut json = bench.run(&["status", "700001", "--json"]).expect_code(0).json();
    assert!(json["heard"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    json["heard"] = "then".into();
    let expected = json!({
        "host": bench.host(),
        "order": { "id": 700_001, "status": "pending", "validity": { "years": 1, "days": null, "date": null },
                   "organization": { "id": 900_001, "name": "Gemeente Zilverdam" } },
        "requests": [{ "id": 5001, "status": "approved" }],
        "certificate": 600_001, "heard": "then", "final": false, "failure": null,
    });
    assert_eq!(json, expected);
}

#[rstest]
#[case("en", "has no order or request 99")]
#[case("nl", "is met deze sleutel geen bestelling of aanvraag 99")]
fn a_number_of_neither_kind_is_reported(#[case] lang: &str, #[case] words: &str) {
    let bench = Bench::new();
    for more in [&[][..], &["--json"], &["--watch"], &["--summary"]] {
        let args = [&["--lang", lang, "status", "99"], more].concat();
        bench.run(&args).expect_code(2).expect_no_output().expect_errors(&[words, "\nhint: "]);
    }
}

#[test]
fn a_wrong_path_does_not_mean_an_unknown_order() {
    let server = Server::start(|_| Reply::missing());
    let ran = Bench::new().run_with(&["status", "7"], &[("ZEGEL_API_URL", &server.url())]).expect_code(2);
    ran.expect_errors(&["Check that the account's address ends in /services/v2."]);
    server.finish();
}

#[rstest]
#[case::refused(&[("ZEGEL_API_KEY", "ANOTHER-MADE-UP-KEY")], "refused (HTTP 403)")]
#[case::no_network(&[("ZEGEL_API_URL", "http://127.0.0.1:1/services/v2")], "connection refused")]
fn a_failed_request_is_reported(#[case] env: &[(&str, &str)], #[case] words: &str) {
    let bench = Bench::with_order();
    for more in [&[][..], &["--json"]] {
        bench
            .run_with(&[&["status", "700001"], more].concat(), env)
            .expect_code(2)
            .expect_no_output()
            .expect_errors(&[words]);
    }
}

#[rstest]
#[case(&["status"])]
#[case(&["status", "0"])]
#[case(&["status", "700001x"])]
#[case(&["status", "1", "--summary", "--json"])]
#[case(&["status", "1", "--summary", "--watch"])]
#[case(&["resolve", "0"])]
#[case(&["resolve", "--adopt", "700001"])]
#[case(&["resolve", "--not-placed"])]
#[case(&["resolve", "1", "--adopt", "7", "--not-placed"])]
fn an_invalid_number_is_refused(#[case] args: &[&str]) {
    Bench::new().run(args).expect_code(2).expect_no_output().expect_errors(&["error: "]);
}

#[rstest]
#[case("status", &["zegel status 700001 --watch", "--summary", "  certificate  "])]
#[case("resolve", &["zegel resolve 3 --adopt 700001", "--not-placed", "  may_deny    "])]
fn help_has_an_example_and_the_members_of_the_json(#[case] command: &str, #[case] parts: &[&str]) {
    let ran = Bench::new().run(&[command, "--help"]).expect_code(0).expect_output(parts);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 100), "{}", ran.out);
}

#[test]
fn without_an_account_nothing_is_asked() {
    for command in [&["status", "1"][..], &["resolve"]] {
        let ran = Bench::new().run_with(command, &[("ZEGEL_API_KEY", "")]).expect_code(2);
        ran.expect_no_output().expect_errors(&["zegel: ZEGEL_API_KEY is not set"]);
    }
}

#[test]
fn without_a_journal_the_status_is_reported_nevertheless() {
    let bench = Bench::new();
    bench.place();
    let ran = bench.run_with(&["status", "700001"], &[("ZEGEL_STATE_DIR", "relative")]).expect_code(0);
    ran.expect_output(&["Order 700001"]).expect_errors(&["this computer cannot be read, so zegel does"]);
}

#[test]
fn a_journal_of_another_host_is_ignored() {
    let bench = Bench::with_order();
    let elsewhere = Bench::new();
    elsewhere.place();
    let state = bench.state().to_str().unwrap();
    let ran = elsewhere.run_with(&["status", "700001"], &[("ZEGEL_STATE_DIR", state)]).expect_code(0);
    assert!(!ran.out.contains(quote("status.validity", "requested")), "{ran:?}");
}

#[test]
fn hostile_server_text_is_made_visible() {
    let bench = Bench::with_order();
    bench.switch(&["hostile-names"]);
    bench.run(&["status", "700001"]).expect_code(0).expect_output(&["^[[2J"]);
    bench.run(&["status", "700001", "--summary"]).expect_code(0).expect_output(&["^[[2J"]);
    let ran = bench.run(&["status", "700001", "--json"]).expect_code(0).expect_output(&[
        "\\u001b[2J",
        "\\u202e",
        "\\u009b31m",
    ]);
    assert!(ran.json()["order"]["organization"]["name"].as_str().unwrap().starts_with('\u{1b}'));
}

#[rstest]
#[case::color(None, true)]
#[case::no_color(Some("1"), false)]
#[case::blank(Some(""), true)]
fn colors_are_used_only_on_terminals_and_if_wanted(#[case] no_color: Option<&str>, #[case] colored: bool) {
    let bench = Bench::with_order();
    let launch = bench.launch(&["status", "700001"]);
    let launch = match no_color {
        Some(value) => launch.env("NO_COLOR", value),
        None => launch,
    };
    let mut tty = launch.start();
    assert_eq!(tty.wait_exit(), 0);
    let raw = String::from_utf8(tty.raw()).unwrap();
    assert!(raw.contains("Order 700001") && raw.contains('\u{1b}') == colored, "{raw:?}");
}

#[test]
fn a_failed_write_is_reported() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    Bench::with_order()
        .run_into(&["status", "700001"], full)
        .expect_code(2)
        .expect_errors(&["cannot write to standard output (no disk space left)"]);
}
