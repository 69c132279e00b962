//! Orders that are refused, delayed, or answered in an odd way that still shows the outcome.

use super::bench::{
    Bench, NEW, again, assert_ends, assert_kept, assert_places, assert_typed, leave_asked, leave_with, resume,
};
use crate::common::steps::order;
use crate::terminal::stream::assert_tame;
use rstest::rstest;

#[rstest]
#[case::key_revoked("invalid-key@orders", 403, "The key is not known.")]
#[case::too_many("too-many@orders", 429, "Too many requests.")]
#[case::too_many_with_a_time("too-many-wait=7@orders", 429, "Too many requests.")]
#[case::refused("order-refused", 400, "The order was refused.")]
fn a_refused_order_can_be_corrected(#[case] fault: &str, #[case] status: u16, #[case] words: &str) {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&[fault]);
    order(&mut tty);
    tty.wait_for(&format!("The order was refused (HTTP {status}).")).wait_for(words);
    assert_eq!(bench.orders(), (1, 0), "it was sent once");
    assert_typed(&mut tty);
    leave_with(&mut tty, 1);
    assert_eq!(bench.journal(), [format!("refused {status}")]);
    assert_kept(bench.launch.state());
    bench.assert_goes_on();
    assert_eq!(bench.journal(), [format!("refused {status}"), "placed 700001".to_owned()]);
}

#[test]
fn a_duplicate_organization_is_refused_once() {
    let bench = Bench::with(NEW);
    let mut tty = bench.at_confirm();
    bench.switch(&["duplicate-organization*1"]);
    order(&mut tty);
    tty.wait_for("The order was refused (HTTP 400).").wait_for("in the account already");
    assert_typed(&mut tty);
    leave_with(&mut tty, 1);
    assert_eq!((bench.journal(), bench.orders()), (vec!["refused 400".to_owned()], (1, 0)));
    let mut tty = bench.launch.start();
    resume(&mut tty);
    assert_typed(&mut tty);
    again(&mut tty);
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").wait_for("but DigiCert did not report creating one").press("q");
    assert_ends(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders().1), (vec!["refused 400".to_owned(), "placed 700001".to_owned()], 1));
}

/// A response with many flaws that still shows the outcome of the order.
#[rstest]
#[case("ids-as-strings")]
#[case("no-page")]
#[case("hostile-names")]
#[case("slow=300")]
fn an_odd_response_with_an_id_is_read(#[case] fault: &str) {
    let bench = Bench::new();
    bench.switch(&[fault]);
    let mut tty = bench.at_confirm();
    assert_places(&mut tty);
    assert_tame(&tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["placed 700001".to_owned()], (1, 1)));
}

#[test]
fn hostile_names_are_text() {
    let bench = Bench::new();
    bench.switch(&["hostile-names"]);
    let mut tty = bench.at_confirm();
    tty.wait_for("900001  ^[[2J^[]0;x^G^[]52;c;eA==^G").press("pageup");
    leave_with(&mut tty, 0);
    assert_tame(&tty);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
}

#[test]
fn a_slow_response_is_awaited() {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&["slow=2500@orders"]);
    order(&mut tty);
    tty.wait_for("Sending the order to").wait_for("Waiting for a response: 1 s").press("enter enter");
    tty.wait_for("Order 700001 was placed").press("q");
    assert_ends(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec!["placed 700001".to_owned()], (1, 1)));
}

/// The order arrived, and its response comes byte by byte without an end: the user need not wait for it.
#[test]
fn an_endless_response_is_abandoned_and_resolved_at_the_next_start() {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&["trickle@orders"]);
    order(&mut tty);
    tty.wait_for("Waiting for a response: 1 s");
    leave_asked(&mut tty, 3);
    assert_eq!((bench.journal(), bench.orders()), (vec!["no outcome".to_owned()], (1, 1)));
    bench.switch(&[]);
    let mut tty = bench.launch.start();
    tty.wait_for("An order was confirmed earlier,");
    super::lost::adopt(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["no outcome, adopted 700001".to_owned()], (1, 1)));
}
