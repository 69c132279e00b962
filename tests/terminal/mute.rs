//! A terminal that no longer reads: a hanging connection, a stopped window.
//!
//! Nothing waits for it: not the store, not an order in progress, and not a signal to end.

use crate::common::server::{Gate, Reply, Server};
use crate::common::steps::{confirm, focus, order, to_confirm, to_payment};
use crate::common::tty::{Launch, Tty};
use rstest::rstest;
use rustix::process::Signal;
use std::path::Path;
use std::time::{Duration, Instant};
use zegel::domain::RecordedOutcome;
use zegel::store::{IntentId, Store};

/// On a busy machine an action of milliseconds takes at most this long; one that waits for the terminal never ends.
const SOON: Duration = Duration::from_secs(10);

/// Returns the program with the account of a server.
fn on(server: &Server) -> Launch {
    Launch::new(&[]).env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", "MADE-UP-KEY")
}

/// At the recipient of a complete order.
fn recipient(launch: &Launch) -> Tty {
    let mut tty = launch.start();
    to_payment(&mut tty);
    tty.press("alt-4").wait_for("Step 4 of 7: Shipping");
    focus(&mut tty, "Recipient");
    tty
}

/// Returns true if a draft has this text in it.
fn is_kept(dir: &Path, text: &str) -> bool {
    let drafts = Store::open(dir).ok().and_then(|opened| opened.store.list_drafts().ok()).unwrap_or_default();
    drafts.iter().any(|(_, draft)| draft.payload.contains(text))
}

/// Waits for a condition on the disk.
#[track_caller]
fn wait_kept(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < SOON, "{what} is not on disk");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Asserts that it ends within some time, although its output is not read.
#[track_caller]
fn assert_ends_soon(tty: &mut Tty, signal: Signal, code: u32) {
    let begun = Instant::now();
    tty.signal(signal);
    assert_eq!(tty.wait_exit_unread(), code);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!(tty.modes_are_back(), "the modes do not need what the terminal reads");
}

#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
#[case(Signal::INT, 130)]
#[case(Signal::QUIT, 131)]
fn input_is_saved_and_a_signal_ends_the_program(#[case] signal: Signal, #[case] code: u32) {
    let server = Server::for_orders(|_| Reply::placed());
    let launch = on(&server);
    let mut tty = recipient(&launch);
    tty.stop_reading().press("ctrl-u").type_text("Pieternella van Dam");
    wait_kept("what was typed", || is_kept(launch.state(), "Pieternella van Dam"));
    assert_ends_soon(&mut tty, signal, code);
    tty.hold(false);
    server.finish_orders();
}

#[test]
fn input_just_before_a_signal_is_saved_too() {
    let server = Server::for_orders(|_| Reply::placed());
    let launch = on(&server);
    let mut tty = recipient(&launch);
    tty.press("ctrl-u").type_text("Pieternella").wait_cursor("Pieternella").stop_reading();
    assert_ends_soon(&mut tty, Signal::TERM, 143);
    assert!(is_kept(launch.state(), "Pieternella"));
    tty.hold(false);
}

/// Returns the outcome of the first order, as the journal has it now.
fn outcome(dir: &Path) -> Option<RecordedOutcome> {
    Store::open(dir).ok()?.store.load_entry(IntentId(1)).ok()??.outcome
}

#[test]
fn an_order_answered_meanwhile_is_journaled() {
    let gate = Gate::default();
    let server = Server::for_orders({
        let gate = gate.clone();
        move |_| {
            gate.pass();
            Reply::placed()
        }
    });
    let launch = on(&server);
    let mut tty = launch.start();
    to_payment(&mut tty);
    to_confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("Sending the order to").stop_reading();
    gate.open();
    wait_kept("the outcome", || {
        matches!(outcome(launch.state()), Some(RecordedOutcome::Placed { order: 700_001, .. }))
    });
    assert_ends_soon(&mut tty, Signal::TERM, 143);
    tty.hold(false);
    assert_eq!(server.finish_orders().len(), 1);
}

/// The user has not seen the order until it is on the terminal.
#[test]
fn no_key_orders_before_confirm_is_on_the_terminal() {
    let server = Server::for_orders(|_| Reply::placed());
    let mut tty = on(&server).size(110, 60).start();
    to_payment(&mut tty);
    tty.press("ctrl-n").wait_for("JSON · digest ").stop_reading().press("ctrl-n");
    // Longer than the pause in which Confirm takes no keys, including its requests.
    std::thread::sleep(Duration::from_secs(3));
    tty.type_text("order\r");
    std::thread::sleep(Duration::from_secs(1));
    tty.hold(false).wait_until("Confirm", |view| view.rows()[1].starts_with(" Confirm "));
    tty.wait_cursor("press Enter:").press("esc").wait_for("JSON · digest ");
    confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_eq!(tty.wait_exit(), 0);
    assert_eq!(server.finish_orders().len(), 1);
}

#[test]
fn a_terminal_that_reads_again_shows_the_present_screen() {
    let server = Server::for_orders(|_| Reply::placed());
    let mut tty = recipient(&on(&server));
    tty.stop_reading();
    for round in 0..20 {
        tty.press("ctrl-u").type_text(&format!("Pieternella {round}"));
    }
    tty.hold(false).wait_cursor("Pieternella 19").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}
