//! `zegel submit` at a terminal: the word that confirms the order, the hidden card, and leaving in between.
//!
//! A real pseudo-terminal, because only there can the program ask.

use crate::common::search::{CARD, CVV, found, plain};
use crate::common::submit_desk::{Desk, ORDER};
use crate::common::tty::{Launch, Tty};
use rstest::rstest;
use rustix::process::Signal;

fn launch(desk: &Desk) -> Launch {
    let launch = Launch::new(&["submit", &desk.path()]).size(110, 60);
    let launch = launch.env("ZEGEL_API_URL", &desk.sandbox.api_url()).env("ZEGEL_API_KEY", zegel::sandbox::KEY);
    launch.env("ZEGEL_STATE_DIR", desk.state().to_str().unwrap()).env("ZEGEL_TEST_PACE", "600")
}

#[test]
fn the_word_confirms_after_everything_was_shown() {
    let desk = Desk::new();
    let mut tty = launch(&desk).start();
    tty.wait_for("\"name\": \"Anna de Vries\"")
        .wait_for("PKIo Qualified eSeal for ")
        .wait_for("To confirm, type order and press Enter; to cancel, type anything else:");
    assert_eq!(desk.orders(), (0, 0));
    tty.type_text("order\r").wait_for("order 700001");
    assert_eq!((tty.wait_exit(), desk.orders()), (0, (1, 1)));
}

#[test]
fn any_other_input_orders_nothing() {
    let desk = Desk::new();
    let mut tty = launch(&desk).start();
    tty.wait_for("To confirm, type order and press Enter")
        .type_text("yes\r")
        .wait_for("did not type the requested word.");
    assert_eq!((tty.wait_exit(), desk.orders()), (1, (0, 0)));
}

#[test]
fn a_signal_at_the_prompt_ends_without_an_order() {
    let desk = Desk::new();
    let mut tty = launch(&desk).start();
    tty.wait_for("To confirm, type order and press Enter").signal(Signal::INT);
    assert_eq!((tty.wait_exit(), desk.orders()), (130, (0, 0)));
}

/// An order that another window placed while this one waits at the prompt is not placed again, even if no list shows
/// it.
#[rstest]
#[case::with_lists(&[], "order", &[])]
#[case::without_lists(&["list-forbidden"], "unprotected", &["--unprotected"])]
fn an_order_placed_by_another_window_is_not_repeated(
    #[case] faults: &[&str],
    #[case] word: &str,
    #[case] more: &[&str],
) {
    let desk = Desk::new();
    desk.switch(faults);
    let mut tty = launch(&desk).start();
    tty.wait_for(&format!("To confirm, type {word} and press Enter"));
    desk.submit(more).expect_end(0, &["order 700001"]);
    tty.type_text(&format!("{word}\r")).wait_for("order 700001 was placed from another window");
    assert_eq!((tty.wait_exit(), desk.orders()), (1, (1, 1)));
    assert_eq!(desk.journal(), ["placed 700001"]);
}

fn by_card() -> Desk {
    let card = "\"payment_method\": \"card\", \"credit_card\": { \"expiration_month\": \"09\", \"expiration_year\": \"2099\", \
                \"cardholder_name\": \"Anna de Vries\", \"set_as_default\": \"0\" }, \"billing_address\": { \
                \"address\": \"Keizersgracht 1\", \"country\": \"nl\", \"zip\": \"1015 AA\", \"city\": \"Amsterdam\", \
                \"state\": \"Noord-Holland\" }";
    Desk::with(&ORDER.replace("\"payment_method\": \"balance\"", card))
}

fn assert_unseen(tty: &Tty) {
    let raw = plain(&tty.raw());
    assert_eq!(found(&raw), Vec::<&str>::new(), "{}", String::from_utf8_lossy(&raw));
}

#[test]
fn a_card_is_requested_and_not_shown() {
    let desk = by_card();
    let mut tty = launch(&desk).start();
    tty.wait_for("Card number (not shown):").type_text(&format!("{CARD}\r"));
    tty.wait_for("CVV (not shown):").type_text(&format!("{CVV}\r"));
    tty.wait_for("***********0648")
        .wait_for("To confirm, type order and press Enter")
        .type_text("order\r")
        .wait_for("order 700001");
    assert_eq!((tty.wait_exit(), desk.orders()), (0, (1, 1)));
    assert_unseen(&tty);
}

/// While the order is being sent, a signal must not make it look as if nothing had happened.
#[test]
fn a_signal_while_sending_reports_an_unknown_outcome() {
    let desk = Desk::new();
    let mut tty = launch(&desk).start();
    tty.wait_for("To confirm, type order and press Enter");
    desk.switch(&["hold-reply"]);
    tty.type_text("order\r");
    desk.sandbox.wait_for_hold(0, std::time::Duration::from_mins(1)).unwrap();
    tty.signal(Signal::TERM);
    tty.wait_for("it is not known whether the order was placed").wait_for("zegel resolve 1");
    assert_eq!(tty.wait_exit(), 3);
    desk.sandbox.release_holds();
}
