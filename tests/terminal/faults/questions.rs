//! Requests that fail before the order: without the lists an order without a response could not be found again, so
//! another word is required, and the screen says why.
//!
//! Typing works whatever the account answers.

use super::bench::{Bench, again, assert_ends, assert_kept, leave_with, screen_words, wait_said};
use crate::common::quotes::quote;
use crate::common::steps::{confirm_by, order_by};
use crate::common::tty::Tty;
use rstest::rstest;
use zegel::domain::KnownSet;
use zegel::store::{IntentId, Store};

/// The word that confirms an order without protection against a duplicate.
pub(crate) const UNPROTECTED: &str = "unprotected";

/// At Confirm, where the screen says that there is no protection, and why.
#[track_caller]
pub(crate) fn to_unprotected(tty: &mut Tty, why: &str) {
    confirm_by(tty, UNPROTECTED);
    wait_said(tty, "zegel cannot protect you from ordering twice: if");
    wait_said(tty, &format!("The list of orders could not be loaded completely: {why}"));
    tty.type_text("order").wait_cursor("Enter: order").press("enter").wait_for("To order, type \"unprotected\".");
    tty.press("ctrl-u");
}

/// Asserts that the first order of this journal has no known set.
fn assert_no_known_set(bench: &Bench) {
    let store = Store::open(bench.launch.state()).unwrap().store;
    let known = store.load_entry(IntentId(1)).unwrap().unwrap().intent.known_set;
    assert_eq!(known, KnownSet::default());
}

#[rstest]
#[case::forbidden("list-forbidden", "refused (HTTP 403)")]
#[case::key_revoked("invalid-key@questions", "refused (HTTP 403) access_denied")]
#[case::too_many("too-many@questions", "refused (HTTP 429)")]
#[case::too_many_with_a_time("too-many-wait=1@questions", "refused (HTTP 429)")]
#[case::failed_500("http-500-before@questions", "the server reported an error (HTTP 500)")]
#[case::failed_502("http-502-before@questions", "the server reported an error (HTTP 502)")]
#[case::failed_503("http-503-after@questions", "the server reported an error (HTTP 503)")]
#[case::half_the_json("json-truncated@questions", "unreadable response: it is not JSON")]
#[case::wrong_types("json-wrong-types@questions", "page.total is 7")]
#[case::no_reply("reply-lost@questions", "no complete response (the connection was lost)")]
#[case::half_a_reply("reply-cut@questions", "no complete response (the connection was lost)")]
#[case::reset("reset@questions", "no complete response (the connection was lost)")]
#[case::flood("flood=17@lists", "no complete response (the response is too large)")]
fn without_lists_another_word_is_required(#[case] fault: &str, #[case] why: &str) {
    let bench = Bench::new();
    bench.switch(&[fault]);
    let mut tty = bench.at_review();
    to_unprotected(&mut tty, why);
    assert_eq!(bench.orders(), (0, 0), "the usual word does not order here");
    order_by(&mut tty, UNPROTECTED);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_ends(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec!["placed 700001".to_owned()], (1, 1)));
    assert_no_known_set(&bench);
}

#[test]
fn refused_lists_lose_no_input() {
    let bench = Bench::new();
    bench.switch(&["invalid-key"]);
    let mut tty = bench.at_review();
    to_unprotected(&mut tty, "refused (HTTP 403)");
    leave_with(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
    bench.assert_goes_on();
}

/// Without a known set no order stands out: only the user can tell.
#[test]
fn a_lost_order_without_a_known_set_is_never_proposed() {
    let bench = Bench::new();
    bench.switch(&["list-forbidden"]);
    let mut tty = bench.at_review();
    to_unprotected(&mut tty, "refused (HTTP 403)");
    bench.switch(&["reply-lost"]);
    order_by(&mut tty, UNPROTECTED);
    tty.wait_for("It is not known whether the order was placed").wait_for("order 700001 · ");
    tty.wait_for("If you can see in CertCentral what happened");
    tty.wait_gone("Check 6 of 6").wait_gone("Running check 6 of 6");
    tty.wait_cursor("Type the order number, or \"not placed:\" and why:");
    let words = tty.look(screen_words);
    for (id, found) in [("unknown.proposed", "As far as zegel can tell"), ("unknown.found", "since you ordered:")] {
        assert!(!words.contains(quote(id, found)), "{words}");
    }
    tty.type_text("not placed")
        .wait_cursor(": not placed")
        .press("enter")
        .wait_for("Nothing was recorded. After \"not placed:\", type at");
    tty.press("ctrl-u").type_text("700001").wait_cursor(": 700001").press("enter");
    tty.wait_for("Order 700001 was placed").press("q");
    assert_ends(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec!["unknown, adopted 700001".to_owned()], (1, 1)));
}

/// A failure during typing is shown there, and does not block the user.
#[test]
fn typing_works_whatever_the_account_answers() {
    let bench = Bench::new();
    bench.switch(&["http-500-before@questions"]);
    let mut tty = bench.at_review();
    tty.press("alt-6").wait_for("The balance could not be retrieved: the server reported an error (HTTP 500)");
    bench.switch(&[]);
    again(&mut tty);
    leave_with(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
}
