//! The summary for the administrator's records.

use super::bench::{Bench, by_card};
use crate::common::snapshots::bind_settings;
use insta::assert_snapshot;
use rstest::rstest;
use zegel::store::{Decision, IntentId, RecordedOutcome, Store};

#[rstest]
#[case("en")]
#[case("nl")]
fn the_summary_is_correct_in_both_languages(#[case] lang: &str) {
    let bench = Bench::with_order();
    let ran = bench.run(&["--lang", lang, "status", "700001", "--summary"]).expect_code(0);
    assert!(ran.err.is_empty() && ran.out.lines().all(|line| zegel::text::display_width(line) <= 80), "{ran:?}");
    let _settings = bind_settings();
    assert_snapshot!(format!("summary.{lang}"), bench.timeless(&ran.out));
}

#[test]
fn the_summary_has_no_colors_on_a_terminal() {
    let bench = Bench::with_order();
    let mut tty = bench.launch(&["status", "700001", "--summary"]).start();
    assert_eq!(tty.wait_exit(), 0);
    assert!(!tty.raw().contains(&0x1b));
}

#[test]
fn an_order_without_a_journal_entry_is_reported() {
    let bench = Bench::new();
    bench.place();
    let ran = bench.run(&["status", "700001", "--summary"]).expect_code(0);
    let ran = ran.expect_errors(&["journal on this computer has no record of this order;"]);
    ran.expect_output(&["placed elsewhere", "Anouk van Zilverdam (user 800001)", "request 5001: approved"]);
}

#[rstest]
#[case("700001")]
#[case("5001")]
fn without_the_server_the_journal_provides_the_summary(#[case] id: &str) {
    let bench = Bench::with_order();
    // The journal applies only to the same host, so the sandbox must fail instead of being stopped.
    bench.switch(&["http-503-before@every"]);
    let ran = bench.run(&["status", id, "--summary"]).expect_code(0);
    ran.expect_output(&[
        "Summary of order 700001",
        "The status could not be retrieved: ",
        "HTTP 503",
        "Keizersgracht 1",
    ]);
}

#[test]
fn an_adopted_order_is_marked_as_such() {
    let bench = Bench::with_unknown(true);
    Store::open(bench.state())
        .unwrap()
        .store
        .record_decision(IntentId(1), &Decision::Adopted { order: 700_001 })
        .unwrap();
    let ran = bench.run(&["status", "700001", "--summary"]).expect_code(0);
    ran.expect_output(&["entry 1; the response was lost", "Requests                    5001", "Keizersgracht 1"]);
    bench
        .run(&["status", "5001", "--summary"])
        .expect_code(0)
        .expect_output(&["Summary of order 700001", "Keizersgracht 1"]);
}

#[test]
fn no_summary_contains_card_data() {
    let bench = Bench::new();
    bench.place();
    let intent = bench.intent(&by_card());
    bench.keep(&intent, Some(&RecordedOutcome::Placed { order: 700_001, requests: vec![5001] }));
    let ran = bench
        .run(&["status", "700001", "--summary"])
        .expect_code(0)
        .expect_output(&["credit card", "looks like card data"]);
    for part in ["Kaarthouder", "2099", "8305", "0648"] {
        let without =
            ran.out.replace(&bench.host(), "").replace(&intent.digest[..32], "").replace(&intent.digest[32..], "");
        assert!(!without.contains(part), "{part} in {without}");
    }
}
