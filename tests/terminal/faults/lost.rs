//! Orders with an unknown outcome: each is resolved by the looks, and none is ordered twice.

use super::bench::{Bench, NEW, again, assert_ends, assert_kept, assert_places, assert_typed, drafts, leave_asked};
use crate::common::steps::order;
use crate::common::tty::Tty;
use rstest::rstest;

const TITLE: &str = "It is not known whether the order was placed";

/// Asserts that the placed order is found and proposed, and decides that it is the sent one.
#[track_caller]
pub(crate) fn adopt(tty: &mut Tty) {
    tty.wait_for("New in the account since you ordered:").wait_for("order 700001 · ");
    tty.wait_for("As far as zegel can tell, order 700001 matches yours.");
    tty.type_text("70000").wait_cursor(": 70000").press("enter").wait_for("Not recognized. Type one of the order");
    tty.type_text("1").wait_cursor(": 700001").press("enter").wait_for("Order 700001 was placed").press("q");
    assert_ends(tty, 0);
}

/// Asserts that nothing is found, and decides that the order was not placed.
#[track_caller]
fn deny(tty: &mut Tty) {
    tty.wait_for("zegel checked all orders and requests for ten minutes").wait_cursor("Type \"not placed\":");
    tty.type_text("not placed").wait_cursor(": not placed").press("enter");
    tty.wait_for("The order is now recorded as not placed.");
}

/// The same for an order of an earlier run, whose draft is opened again.
#[track_caller]
pub(crate) fn deny_earlier(tty: &mut Tty) {
    deny(tty);
    tty.wait_for("This field is never saved, so please fill it in");
}

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
fn a_placed_order_is_found(#[case] fault: &str, #[case] why: &str) {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&[fault]);
    order(&mut tty);
    tty.wait_for(TITLE).wait_for(why).wait_for("Do not order again");
    adopt(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["unknown, adopted 700001".to_owned()], (1, 1)));
    assert_eq!(drafts(bench.launch.state()), Vec::<String>::new());
}

#[test]
fn a_late_listed_order_is_found_late() {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    // Five calls: those of the first two looks, and one of the third.
    bench.switch(&["list-late=5", "reply-lost"]);
    order(&mut tty);
    tty.wait_for(TITLE);
    adopt(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["unknown, adopted 700001".to_owned()], (1, 1)));
}

#[rstest]
#[case::failed_500("http-500-before@orders", "HTTP 500")]
#[case::failed_502("http-502-before@orders", "HTTP 502")]
#[case::failed_503("http-503-before@orders", "HTTP 503")]
fn an_order_that_was_not_placed_can_be_repeated(#[case] fault: &str, #[case] why: &str) {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&[fault]);
    order(&mut tty);
    tty.wait_for(TITLE).wait_for(why);
    assert_refuses_another(&mut tty);
    deny(&mut tty);
    assert_eq!(bench.orders(), (1, 0), "nothing was sent again by itself");
    assert_typed(&mut tty);
    bench.switch(&[]);
    again(&mut tty);
    assert_places(&mut tty);
    assert_eq!(bench.journal(), ["unknown, not placed", "placed 700001"]);
    assert_eq!(bench.orders(), (2, 1));
}

/// Asserts that no other order can be confirmed while it is unresolved.
#[track_caller]
fn assert_refuses_another(tty: &mut Tty) {
    tty.press("f2").wait_for("JSON · digest ").press("ctrl-n");
    tty.wait_for("It is not yet known whether this order was placed.").wait_for(TITLE);
}

#[rstest]
#[case::placed("http-502-after", true)]
#[case::not_placed("http-502-before", false)]
fn an_open_order_is_resolved_at_the_next_start(#[case] fault: &str, #[case] placed: bool) {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&[fault]);
    order(&mut tty);
    tty.wait_for(TITLE);
    leave_asked(&mut tty, 3);
    assert_eq!(bench.journal(), ["unknown"]);
    assert_kept(bench.launch.state());
    bench.switch(&[]);
    let mut tty = bench.launch.start();
    tty.wait_for(TITLE).wait_for("An order was sent earlier, but zegel got no response");
    if placed {
        adopt(&mut tty);
    } else {
        deny_earlier(&mut tty);
        assert_typed(&mut tty);
        again(&mut tty);
        assert_places(&mut tty);
    }
    let report: &[&str] = if placed { &["unknown, adopted 700001"] } else { &["unknown, not placed", "placed 700001"] };
    assert_eq!((bench.journal(), bench.orders().1), (report.iter().map(ToString::to_string).collect(), 1));
}

#[test]
fn a_lost_order_for_a_new_organization_is_found_under_the_linked_one() {
    let bench = Bench::with(NEW);
    let mut tty = bench.at_confirm();
    bench.switch(&["reply-lost"]);
    order(&mut tty);
    tty.wait_for(TITLE);
    adopt(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["unknown, adopted 700001".to_owned()], (1, 1)));
}

/// Failing requests during the looks: they prove nothing about the order.
#[test]
fn without_lists_nothing_can_be_decided_until_they_work_again() {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&["http-500-after", "list-forbidden"]);
    order(&mut tty);
    tty.wait_for(TITLE).wait_for("whether the order was placed. The list of orders could not be");
    tty.type_text("not placed").press("enter").wait_for("Nothing was recorded. After \"not placed:\", type at");
    bench.switch(&[]);
    tty.press("ctrl-u").press("f5");
    adopt(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["unknown, adopted 700001".to_owned()], (1, 1)));
}
