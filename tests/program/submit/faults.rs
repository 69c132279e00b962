//! The table of faults for an order from the command line: the messages, the exit code, the journal, and the number of
//! orders.
//!
//! While an outcome is unknown, no other order that could be the same is sent.

use crate::common::submit_desk::{Desk, program, ran};
use rstest::rstest;
use std::net::TcpListener;
use zegel::sandbox::KEY;

#[rstest]
#[case::failed_500("http-500-after", "HTTP 500")]
#[case::failed_502("http-502-after", "HTTP 502")]
#[case::failed_503("http-503-after", "HTTP 503")]
#[case::no_reply("reply-lost", "the connection was lost")]
#[case::half_a_reply("reply-cut", "the connection was lost")]
#[case::reset("reset", "the connection was lost")]
#[case::flood("flood=17", "the response is too large")]
#[case::half_the_json("json-truncated@orders", "HTTP 201")]
#[case::wrong_types("json-wrong-types@orders", "HTTP 201")]
fn a_possibly_placed_order_is_looked_for_and_blocks_others(#[case] fault: &str, #[case] why: &str) {
    let desk = Desk::new();
    let (path, digest) = (desk.path(), desk.digest());
    desk.switch(&[&format!("{}*1", if fault.contains('@') { fault.to_owned() } else { format!("{fault}@orders") })]);
    let args = ["submit", &path, "--confirm", &digest, "--resolve", "36000"];
    desk.run(&args, "")
        .expect_end(3, &["It is not known whether", why, "order 700001", "zegel resolve 1 --adopt 700001"]);
    assert_eq!((desk.orders(), desk.journal()), ((1, 1), vec!["unknown".to_owned()]));
    let json = desk.run(&[&args[..], &["--json"]].concat(), "").expect_end(1, &["zegel resolve 1"]).json();
    assert_eq!((json["outcome"].as_str(), json["intent"].as_i64()), (Some("blocked"), Some(1)));
    assert_eq!(desk.orders(), (1, 1), "and is not sent again");
}

#[rstest]
#[case::failed_500("http-500-before")]
#[case::failed_502("http-502-before")]
#[case::failed_503("http-503-before")]
fn an_order_that_was_not_placed_can_have_an_unknown_outcome(#[case] fault: &str) {
    let desk = Desk::new();
    let (path, digest) = (desk.path(), desk.digest());
    desk.switch(&[&format!("{fault}@orders*1")]);
    let json = desk
        .run(&["submit", &path, "--confirm", &digest, "--resolve", "600", "--json"], "")
        .expect_end(3, &["zegel resolve 1"]);
    let json = json.json();
    assert_eq!((json["outcome"].as_str(), json["intent"].as_i64()), (Some("unknown"), Some(1)));
    assert_eq!((desk.orders().1, desk.journal()), (0, vec!["unknown".to_owned()]));
}

/// `settle` and `--settle` are the former names of `resolve` and `--resolve`. They work until 1.0.
#[test]
fn former_names_still_work() {
    let desk = Desk::new();
    desk.switch(&["reply-lost@orders*1"]);
    desk.submit(&["--settle", "0"]).expect_end(3, &["zegel resolve 1"]);
    desk.run(&["settle", "1", "--adopt", "700001"], "").expect_end(0, &["order 700001"]);
    assert_eq!(desk.journal(), ["unknown, adopted 700001"]);
}

#[rstest]
#[case::refused("order-refused", "refused")]
#[case::too_many("too-many", "refused")]
fn a_refusal_is_reported_in_the_servers_words_and_may_be_retried(#[case] fault: &str, #[case] outcome: &str) {
    let desk = Desk::new();
    desk.digest();
    desk.switch(&[&format!("{fault}@orders*1")]);
    let json = desk.submit(&["--json"]).expect_end(1, &["HTTP 4"]).json();
    assert_eq!(json["outcome"].as_str(), Some(outcome), "{json}");
    assert!(!json["errors"].as_array().unwrap().is_empty(), "{json}");
    assert!(desk.journal()[0].starts_with("refused 4"));
    desk.submit(&[]).expect_end(0, &["order 700001"]);
    assert_eq!(desk.orders().1, 1);
}

/// The lists arrive, and then the server accepts no more connections.
#[test]
fn an_order_without_a_connection_is_not_sent() {
    let desk = Desk::new();
    let digest = desk.digest();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/services/v2", nobody.local_addr().unwrap());
    drop(nobody);
    let mut command = program(&desk.state(), &url);
    let json = ran(command.args(["submit", &desk.path(), "--confirm", &digest, "--unprotected", "--json"]));
    let json = json.expect_end(2, &["connection refused"]).json();
    assert_eq!(json["outcome"], "not_sent");
    assert_eq!(desk.journal(), ["not sent"]);
}

#[test]
fn without_protection_an_explicit_option_is_required() {
    let desk = Desk::new();
    desk.switch(&["list-forbidden"]);
    let json = desk.submit(&["--json"]).expect_end(1, &["cannot protect", "--unprotected"]).json();
    assert_eq!((json["outcome"].as_str(), desk.orders()), (Some("unprotected"), (0, 0)));
    desk.submit(&["--unprotected"]).expect_end(0, &["order 700001"]);
}

#[test]
fn without_a_journal_nothing_is_ordered() {
    let desk = Desk::new();
    std::fs::write(desk.state(), "no directory").unwrap();
    let json = desk.submit(&["--json"]).expect_end(2, &["Nothing was ordered"]).json();
    assert_eq!((json["outcome"].as_str(), desk.orders()), (Some("not_journaled"), (0, 0)));
}

#[test]
fn hostile_text_is_shown_and_not_executed() {
    let desk = Desk::new();
    desk.switch(&["hostile-names"]);
    let json = desk.submit(&[]).expect_end(0, &[]);
    assert!(!json.err.contains('\u{1b}') && !json.err.contains('\u{202e}'), "{json:#?}");
    assert!(!KEY.is_empty() && !json.out.contains('\u{1b}'));
}
