//! An order without a response: what is found, what may be decided, and that nothing is ever sent.

use super::bench::{Bench, ME, ORDER};
use crate::common::server::{Gate, Reply, Server};
use crate::common::snapshots::bind_settings;
use insta::assert_snapshot;
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use zegel::store::{Decision, Intent, IntentId, JournalEntry, KnownSet, RecordedOutcome, Store};

fn entry(dir: &Path) -> JournalEntry {
    Store::open(dir).unwrap().store.load_entry(IntentId(1)).unwrap().unwrap()
}

/// Asserts that no. 1 has no decision, and that no process holds it.
#[track_caller]
fn assert_open(bench: &Bench) {
    let entry = entry(bench.state());
    assert!(entry.is_open(), "{entry:?}");
    assert!(Store::open(bench.state()).unwrap().store.lock_digest(&entry.intent.digest).unwrap().is_some());
}

#[rstest]
#[case("en")]
#[case("nl")]
fn a_found_order_is_reported_without_a_decision(#[case] lang: &str) {
    let bench = Bench::with_unknown(true);
    let ran = bench.run(&["--lang", lang, "resolve"]).expect_code(3);
    let json = format!("{}---\n{}", bench.timeless(&ran.out), ran.err);
    let _settings = bind_settings();
    assert_snapshot!(format!("resolve_found.{lang}"), json);
    assert_open(&bench);
}

#[test]
fn a_found_order_is_adopted_by_its_number() {
    let bench = Bench::with_unknown(true);
    bench
        .run(&["resolve", "1", "--adopt", "700002"])
        .expect_code(3)
        .expect_errors(&["order 700002 is not one of the orders found"]);
    assert_open(&bench);
    let ran = bench.run(&["resolve", "1", "--adopt", "700001"]).expect_code(0);
    assert_eq!(ran.out.lines().skip(1).collect::<Vec<_>>(), ["order 700001", "request 5001 approved"]);
    assert_eq!(entry(bench.state()).decision, Some(Decision::Adopted { order: 700_001 }));
    bench
        .run(&["resolve"])
        .expect_code(0)
        .expect_no_output()
        .expect_errors(&["This account has no unresolved orders."]);
    bench
        .run(&["resolve", "1"])
        .expect_code(1)
        .expect_no_output()
        .expect_errors(&["journal entry 1 has already been resolved: it is order 700001"]);
    bench.run(&["resolve", "1", "--not-placed"]).expect_code(1).expect_errors(&["it is order 700001"]);
}

/// The server's words are reported wherever the order is read later.
#[rstest]
#[case::words(Some("organization.contacts is required"))]
#[case::nothing(None)]
fn the_server_message_is_reported_as_json_and_as_text(#[case] words: Option<&str>) {
    let bench = Bench::with_unknown(false);
    if let Some(words) = words {
        Store::open(bench.state()).unwrap().store.record_server_excerpt(IntentId(1), words).unwrap();
    }
    let json = bench.run(&["resolve", "1", "--json"]).expect_code(3).json();
    assert_eq!(json["intent"]["words"], json!(words), "{json}");
    let ran = bench.run(&["resolve", "1"]).expect_code(3);
    assert_eq!(ran.err.contains("Response from the server:"), words.is_some(), "{ran:?}");
    assert!(words.is_none_or(|words| ran.err.contains(words)), "{ran:?}");
}

/// Two sandboxes give the same order numbers, and one journal knows both.
#[rstest]
#[case::another_host(|intent: &mut Intent, other: &Bench| intent.host = other.host(), "found")]
#[case::another_account(|intent: &mut Intent, _: &Bench| intent.account = "7002".into(), "found")]
#[case::an_account_that_is_not_told(|intent: &mut Intent, _: &Bench| intent.account.clear(), "found")]
#[case::this_account(|_: &mut Intent, _: &Bench| {}, "not_there")]
#[case::this_account_with_a_dot(|intent: &mut Intent, _: &Bench| {
    intent.host = intent.host.replace(':', ".:");
}, "not_there")]
fn an_order_of_another_account_with_the_same_number_does_not_hide_a_candidate(
    #[case] change: fn(&mut Intent, &Bench),
    #[case] verdict: &str,
) {
    let (bench, other) = (Bench::with_unknown(true), Bench::new());
    let mut elsewhere = Intent { digest: "d2".into(), organization: Some(900_002), ..bench.intent(ORDER) };
    change(&mut elsewhere, &other);
    bench.keep(&elsewhere, Some(&RecordedOutcome::Placed { order: 700_001, requests: vec![5001] }));
    let json = bench.run(&["resolve", "1", "--json"]).expect_code(3).json();
    assert_eq!(json["verdict"], verdict, "{json}");
}

#[test]
fn an_order_of_the_known_set_cannot_be_adopted() {
    let bench = Bench::with_unknown(false);
    let known = entry(bench.state()).intent.known_set.orders.unwrap();
    bench
        .run(&["resolve", "1", "--adopt", &known[0].to_string()])
        .expect_code(3)
        .expect_errors(&["nothing was recorded"]);
    assert_open(&bench);
}

#[rstest]
#[case("en")]
#[case("nl")]
fn an_absent_order_can_be_declared_not_placed(#[case] lang: &str) {
    let bench = Bench::with_unknown(false);
    let ran = bench.run(&["--lang", lang, "resolve"]).expect_code(3);
    let _settings = bind_settings();
    assert_snapshot!(format!("resolve_not_there.{lang}"), format!("{}---\n{}", bench.timeless(&ran.out), ran.err));
    assert_open(&bench);
    bench.run(&["--lang", lang, "resolve", "1", "--not-placed"]).expect_code(0);
    assert_eq!(entry(bench.state()).decision, Some(Decision::NotPlaced));
    bench.run(&["resolve", "1"]).expect_code(1).expect_errors(&["been resolved: it was recorded as not"]);
}

#[rstest]
#[case("0", 1)]
#[case("14", 2)]
#[case("599", 5)]
fn no_denial_is_possible_before_the_last_look(#[case] seconds: &str, #[case] looks: usize) {
    let bench = Bench::with_unknown(false);
    let ran = bench.run(&["resolve", "1", "--not-placed", "--for", seconds]).expect_code(3);
    assert_eq!(ran.err.lines().filter(|line| line.contains(" of 6 ")).count(), looks, "{}", ran.err);
    ran.expect_errors(&["not placed after all", "It is still not known", "check again, run: zegel resolve 1"]);
    assert_open(&bench);
}

#[test]
fn the_looks_continue_where_they_stopped() {
    let bench = Bench::with_unknown(false);
    bench.run(&["resolve", "1", "--for", "14"]).expect_code(3);
    assert_eq!(entry(bench.state()).lookups.len(), 2);
    let ran = bench.run(&["resolve", "1", "--for", "50"]).expect_code(3);
    let looks: Vec<&str> = ran.err.lines().filter(|line| line.contains(" of 6 ")).collect();
    assert!(looks[0].starts_with("Check 3 of 6"), "{looks:?}");
    bench.run(&["resolve", "1"]).expect_code(3).expect_output(&["zegel checked all orders and requests"]);
    assert_eq!(entry(bench.state()).lookups.len(), 6);
    let ran = bench.run(&["resolve", "1", "--not-placed"]).expect_code(0);
    assert!(!ran.err.contains(" of 6 "), "what was seen counts: {}", ran.err);
}

#[test]
fn incomplete_looks_are_repeated() {
    let bench = Bench::with_unknown(true);
    bench.switch(&["list-forbidden"]);
    bench.run(&["resolve", "1"]).expect_code(3).expect_output(&["zegel cannot determine whether the order was placed"]);
    bench.switch(&[]);
    bench.run(&["resolve", "1", "--adopt", "700001"]).expect_code(0);
}

#[test]
fn a_late_listed_order_is_found_late() {
    let bench = Bench::new();
    let intent = bench.intent(ORDER);
    // Five calls: those of the first two looks, and one of the third.
    bench.switch(&["list-late=5"]);
    bench.place();
    bench.switch(&[]);
    bench.keep(&intent, None);
    bench.run(&["resolve", "1", "--for", "0"]).expect_code(3).expect_errors(&["check again, run: zegel resolve 1"]);
    bench.run(&["resolve", "1", "--not-placed"]).expect_code(3).expect_errors(&["found an order that may be this one"]);
    bench.run(&["resolve", "1", "--adopt", "700001"]).expect_code(0);
}

#[rstest]
#[case::forbidden("list-forbidden", "refused (HTTP 403)", "cut")]
#[case::no_me("http-500-before@questions", "HTTP 500", "cut")]
fn incomplete_lists_prove_nothing(#[case] fault: &str, #[case] words: &str, #[case] why: &str) {
    let bench = Bench::with_unknown(false);
    bench.switch(&[fault]);
    let ran = bench
        .run(&["resolve", "1", "--not-placed", "--json"])
        .expect_code(3)
        .expect_errors(&[words, "nothing was recorded"]);
    assert_eq!(ran.err.matches(words).count(), 1, "said once: {}", ran.err);
    let json = ran.json();
    assert_eq!(
        (&json["verdict"], &json["why"], &json["may_deny"]),
        (&json!("cannot_tell"), &json!(why), &json!(false))
    );
    assert_open(&bench);
}

#[test]
fn a_key_of_another_user_proves_nothing() {
    let bench = Bench::new();
    let intent = Intent { user: Some(ME + 1), ..bench.intent(ORDER) };
    bench.keep(&intent, None);
    let ran = bench.run(&["resolve", "1", "--not-placed"]).expect_code(3);
    ran.expect_output(&["order was placed: this key may belong to someone other"])
        .expect_errors(&["nothing was recorded"]);
    bench.place();
    let json = bench.run(&["resolve", "1", "--json"]).expect_code(3).json();
    assert_eq!(
        (&json["verdict"], &json["proposed"], &json["why"]),
        (&json!("found"), &json!(null), &json!("other_user"))
    );
    assert_open(&bench);
}

#[test]
fn the_json_has_all_members() {
    let bench = Bench::with_unknown(true);
    let intent = entry(bench.state()).intent;
    let mut json = bench.run(&["resolve", "--json"]).expect_code(3).json();
    json["candidates"][0]["created"] = "then".into();
    json["intent"]["time"] = "then".into();
    let expected = json!({
        "intent": { "id": 1, "time": "then", "host": bench.host(), "product": intent.product,
                    "organization": 900_001, "digest": intent.digest, "words": null },
        "verdict": "found", "why": null,
        "candidates": [{ "order": 700_001, "status": "pending", "organization_id": 900_001,
                         "organization": "Gemeente Zilverdam", "user_id": ME, "user": "Anouk van Zilverdam",
                         "created": "then", "validity": { "years": 1, "days": null, "date": null },
                         "requests": [{ "id": 5001, "status": "approved" }] }],
        "proposed": 700_001, "may_adopt": [700_001], "may_deny": false, "decided": null, "others": [],
    });
    assert_eq!(json, expected);
    let decided = bench.run(&["resolve", "1", "--adopt", "700001", "--json"]).expect_code(0).json();
    assert_eq!(decided["decided"], json!({ "adopted": 700_001 }));
    let nothing = bench.run(&["resolve", "--json"]).expect_code(0).json();
    assert_eq!((&nothing["intent"], &nothing["verdict"]), (&json!(null), &json!(null)));
}

const CHECKED: &str = "nothing under Orders and Requests since Monday";

/// Each was a dead end: no list that the key may read can ever tell, and every similar order was blocked for ever.
#[rstest]
#[case::the_lists_were_forbidden(|intent: &mut Intent| intent.known_set = KnownSet::default(), &[])]
#[case::the_requests_were_forbidden(|intent: &mut Intent| (intent.known_set.requests, intent.organization) = (None, None), &[])]
#[case::who_ordered_is_not_known(|intent: &mut Intent| intent.user = None, &[])]
#[case::the_key_of_a_colleague(|intent: &mut Intent| intent.user = Some(ME + 1), &[])]
#[case::the_lists_are_forbidden(|_: &mut Intent| {}, &["list-forbidden"])]
#[case::nothing_answers(|_: &mut Intent| {}, &["http-500-before@questions"])]
fn a_dead_end_is_decided_by_a_manual_check(#[case] change: fn(&mut Intent), #[case] faults: &[&str]) {
    let bench = Bench::new();
    let mut intent = bench.intent(ORDER);
    change(&mut intent);
    bench.keep(&intent, Some(&RecordedOutcome::Unknown { why: "status 500".into() }));
    bench.switch(faults);
    bench.run(&["resolve", "1", "--not-placed"]).expect_code(3).expect_errors(&["nothing was recorded", "--checked"]);
    for (args, words) in [
        (&["resolve", "1", "--not-placed", "--checked", "sure"][..], "in at least three words"),
        (&["resolve", "1", "--not-placed", "--checked", "? ! ? !"], "in at least three words"),
    ] {
        bench.run(args).expect_code(2).expect_errors(&[words]);
    }
    assert_open(&bench);
    bench
        .run(&["resolve", "1", "--not-placed", "--checked", CHECKED])
        .expect_code(0)
        .expect_errors(&["was not placed"]);
    let found = entry(bench.state());
    let statement = found.statement.unwrap();
    assert_eq!((found.decision, statement.sentence.as_str()), (Some(Decision::NotPlaced), CHECKED));
    assert!(statement.time > intent.local_time && statement.user.starts_with(|c: char| c.is_ascii_digit()));
}

#[test]
fn a_manual_check_requires_every_look_too() {
    let bench = Bench::with_unknown(false);
    let args = ["resolve", "1", "--not-placed", "--checked", CHECKED, "--for", "14"];
    bench.run(&args).expect_code(3).expect_errors(&["not placed after all"]);
    assert_open(&bench);
}

#[test]
fn a_candidate_is_denied_only_after_a_manual_check() {
    let bench = Bench::with_unknown(true);
    bench
        .run(&["resolve", "1", "--not-placed"])
        .expect_code(3)
        .expect_errors(&["found an order that may be this one", "--checked"]);
    bench.run(&["resolve", "1", "--not-placed", "--checked", CHECKED]).expect_code(0);
    assert_eq!(entry(bench.state()).decision, Some(Decision::NotPlaced));
}

#[test]
fn an_unlisted_order_is_adopted_after_a_manual_check() {
    let bench = Bench::with_unknown(false);
    bench.run(&["resolve", "1", "--adopt", "700009"]).expect_code(3).expect_errors(&["not one of the"]);
    let ran = bench
        .run(&["resolve", "1", "--adopt", "700009", "--checked", "order 700009 is ours, says Anna"])
        .expect_code(0);
    ran.expect_output(&["order 700009"]);
    assert_eq!(entry(bench.state()).decision, Some(Decision::Adopted { order: 700_009 }));
}

#[test]
fn a_card_number_in_a_statement_is_masked() {
    let bench = Bench::with_unknown(false);
    let checked = "paid by card 4111 1111-1111 1111 says Anna";
    bench.run(&["resolve", "1", "--not-placed", "--checked", checked]).expect_code(0);
    assert_eq!(entry(bench.state()).statement.unwrap().sentence, "paid by card *** says Anna");
}

#[test]
fn a_wrong_decision_is_corrected() {
    let bench = Bench::with_unknown(false);
    bench.run(&["resolve", "1", "--not-placed"]).expect_code(0);
    let known = entry(bench.state()).intent.known_set.orders.unwrap()[0].to_string();
    bench.run(&["resolve", "1"]).expect_code(1).expect_errors(&["been resolved: it was recorded as not", "--checked"]);
    bench.run(&["resolve", "1", "--adopt", "700001"]).expect_code(1).expect_errors(&["has already been resolved"]);
    let sentence = "it is in the list of orders after all";
    bench
        .run(&["resolve", "1", "--adopt", &known, "--checked", sentence])
        .expect_code(1)
        .expect_errors(&["existed before this order"]);
    let json = bench.run(&["resolve", "1", "--adopt", "700001", "--checked", sentence, "--json"]).expect_code(0).json();
    assert_eq!(json["decided"], json!({ "adopted": 700_001 }));
    assert_eq!(entry(bench.state()).placed_order_id(), Some(700_001));
    bench.run(&["resolve", "1", "--not-placed", "--checked", "order 700001 is of somebody else"]).expect_code(0);
    assert_eq!(entry(bench.state()).placed_order_id(), None);
}

#[rstest]
#[case(RecordedOutcome::Placed { order: 700_001, requests: vec![] })]
#[case(RecordedOutcome::Refused { status: 400 })]
#[case(RecordedOutcome::NotSent)]
fn a_known_outcome_cannot_be_corrected(#[case] ended: RecordedOutcome) {
    let bench = Bench::new();
    bench.keep(&bench.intent(ORDER), Some(&ended));
    bench
        .run(&["resolve", "1", "--not-placed", "--checked", CHECKED])
        .expect_code(1)
        .expect_errors(&["has already been resolved"]);
    assert_eq!(entry(bench.state()).decision, None);
}

#[test]
fn not_placed_is_reported_as_json_too() {
    let bench = Bench::with_unknown(false);
    let json = bench.run(&["resolve", "1", "--not-placed", "--json"]).expect_code(0).json();
    assert_eq!((&json["verdict"], &json["decided"]), (&json!("not_there"), &json!("not_placed")));
}

#[test]
fn an_order_held_by_another_window_is_left_alone() {
    let bench = Bench::with_unknown(true);
    let store = Store::open(bench.state()).unwrap().store;
    let digest = store.load_entry(IntentId(1)).unwrap().unwrap().intent.digest;
    let held = store.lock_digest(&digest).unwrap().unwrap();
    for args in [&["resolve"][..], &["resolve", "1"], &["resolve", "1", "--adopt", "700001"]] {
        let ran = bench.run(args).expect_code(3).expect_errors(&["being resolved in another window"]);
        ran.expect_output(&["entry 1 · "]);
    }
    drop(held);
    bench.run(&["resolve", "1", "--adopt", "700001"]).expect_code(0);
}

#[test]
fn an_open_order_of_another_host_is_named() {
    let bench = Bench::new();
    bench.keep(&Intent { host: "certcentral.example.nl".into(), ..bench.intent(ORDER) }, None);
    let ran = bench.run(&["resolve"]).expect_code(0).expect_errors(&["This account has no unresolved orders."]);
    ran.expect_output(&["entry 1 · ", "other account, at certcentral.example.nl"]);
    bench
        .run(&["resolve", "1"])
        .expect_code(2)
        .expect_errors(&["The outcome of an order at certcentral.example.nl is still unknown."]);
    bench.run(&["resolve", "1", "--not-placed"]).expect_code(2);
    let json = bench.run(&["resolve", "--json"]).expect_code(0).json();
    assert_eq!(json["others"][0]["state"], "elsewhere");
    assert_open(&bench);
}

#[test]
fn the_oldest_open_order_is_resolved_and_the_others_are_listed() {
    let bench = Bench::with_unknown(false);
    bench.keep(&Intent { organization: Some(900_002), digest: "d2".into(), ..bench.intent(ORDER) }, None);
    let ran = bench.run(&["resolve", "--for", "0"]).expect_code(3);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].starts_with("entry 1 · ") && !lines[0].contains("open"), "{lines:?}");
    assert!(
        lines[1].starts_with("entry 2 · ") && lines[1].ends_with("not resolved yet, not open in any window"),
        "{lines:?}"
    );
}

#[rstest]
#[case(RecordedOutcome::Refused { status: 400 }, "the server refused the order (HTTP 400)")]
#[case(RecordedOutcome::NotSent, "order was never")]
#[case(RecordedOutcome::Placed { order: 700_001, requests: vec![] }, "it is order 700001")]
fn a_resolved_order_is_reported_with_its_outcome(#[case] ended: RecordedOutcome, #[case] words: &str) {
    let bench = Bench::new();
    bench.keep(&bench.intent(ORDER), Some(&ended));
    bench.run(&["resolve", "1"]).expect_code(1).expect_no_output().expect_errors(&[words]);
    bench.run(&["resolve", "2"]).expect_code(1).expect_errors(&["the journal on this computer has no entry 2"]);
}

#[test]
fn an_unreadable_journal_is_reported() {
    let ran = Bench::new().run_with(&["resolve"], &[("ZEGEL_STATE_DIR", "relative")]).expect_code(2);
    ran.expect_no_output().expect_errors(&["nothing can be resolved:", "ZEGEL_STATE_DIR must be an absolute"]);
}

#[test]
fn without_the_network_the_outcome_stays_unknown() {
    let bench = Bench::new();
    let intent = bench.intent(ORDER);
    let nowhere = "127.0.0.1:1";
    bench.keep(&Intent { host: nowhere.into(), ..intent }, None);
    let env = [("ZEGEL_API_URL", "http://127.0.0.1:1/services/v2")];
    let ran = bench.run_with(&["resolve", "1", "--not-placed"], &env).expect_code(3);
    ran.expect_errors(&["connection refused", "nothing was recorded"]);
    assert_open(&bench);
}

#[test]
fn a_signal_reports_the_unknown_outcome_and_releases_the_order() {
    let (bench, gate) = (Bench::new(), Gate::default());
    let server = Server::start(gate.before(|request| Reply::nothing(&request.path)));
    bench.keep(&Intent { host: server.name(), ..bench.intent(ORDER) }, None);
    let mut running = bench.start_with(&["resolve"], &[("ZEGEL_API_URL", &server.url())]);
    let mut message = BufReader::new(running.0.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Running check 1 of 6 ") {
        line.clear();
        assert!(message.read_line(&mut line).unwrap() > 0, "it ended");
    }
    kill_process(Pid::from_child(&running.0), Signal::INT).unwrap();
    let mut rest = String::new();
    message.read_to_string(&mut rest).unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(130));
    assert_eq!(
        rest,
        "zegel: it is still not known whether the order was placed; to check again, run: zegel resolve 1\n"
    );
    assert_open(&bench);
    gate.open();
    assert!(server.finish().iter().all(|request| request.method == "GET"));
}

#[test]
fn hostile_text_of_a_candidate_is_made_visible() {
    let bench = Bench::with_unknown(true);
    bench.switch(&["hostile-names"]);
    let ran = bench.run(&["resolve"]).expect_code(3);
    ran.expect_output(&["^[[2J"]);
    bench.run(&["resolve", "--json"]).expect_code(3).expect_output(&["\\u001b[2J"]);
}

#[test]
fn a_missing_reader_does_not_prevent_a_decision() {
    let bench = Bench::with_unknown(true);
    let mut running = bench.start(&["resolve", "1", "--adopt", "700001"]);
    drop(running.0.stdout.take());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert_eq!(entry(bench.state()).decision, Some(Decision::Adopted { order: 700_001 }));
}

#[test]
fn a_decision_that_cannot_be_printed_is_reported_on_standard_error() {
    let bench = Bench::with_unknown(true);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ran = bench.run_into(&["resolve", "1", "--adopt", "700001", "--json"], full).expect_code(2);
    ran.expect_errors(&["Recorded: journal entry 1 belongs to this order.", "cannot write to standard output"]);
    assert_eq!(entry(bench.state()).decision, Some(Decision::Adopted { order: 700_001 }));
}
