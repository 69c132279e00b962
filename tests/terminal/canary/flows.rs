//! Every course of an order by card, and every way in which the program can end meanwhile.

use super::place::Place;
use crate::common::search::{CARD, CVV, KEY};
use crate::common::server::{Gate, Reply, Request, Server};
use crate::common::steps::{
    address, choose, confirm, fill, fill_masked, focus, focus_back, forward, order, to_payment,
};
use crate::common::tty::{Launch, Tty};
use rstest::rstest;
use rustix::process::Signal;

/// From the start to a typed card and an address.
#[track_caller]
fn typed(launch: &Launch) -> Tty {
    let mut tty = launch.start();
    to_payment(&mut tty);
    type_card(&mut tty, "Anna de Vries");
    tty
}

#[track_caller]
fn type_card(tty: &mut Tty, holder: &str) {
    choose(tty, "Payment method", "credit card");
    fill_masked(tty, "Card number", CARD, "***********0648");
    fill(tty, "Expiry month", "09");
    fill(tty, "Expiry year", "2099");
    fill_masked(tty, "CVV", CVV, "****");
    fill(tty, "Cardholder", holder);
    focus(tty, "Copy address from: Shipping");
    tty.press("enter").wait_for("Address copied. You can undo this below.");
}

/// All the way to a sent order.
#[track_caller]
fn ordered(launch: &Launch) -> Tty {
    let mut tty = typed(launch);
    forward(&mut tty, "JSON · digest ");
    // The whole preview, including its end.
    tty.press("tab end").wait_for("\"billing_address\"");
    confirm(&mut tty);
    order(&mut tty);
    tty
}

/// Asserts that the orders among these requests have the card, that every request has the key, and that no other
/// request has more.
#[track_caller]
pub(crate) fn assert_sent(requests: &[Request], orders: usize) {
    let (sent, asked): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.method == "POST");
    assert_eq!(sent.len(), orders);
    for request in &sent {
        assert!(request.body.contains(CARD) && request.body.contains(&format!("\"cvv\": \"{CVV}\"")));
    }
    assert!(requests.iter().all(|request| request.header("x-dc-devkey") == Some(KEY)));
    assert!(asked.iter().all(|request| !format!("{}{}", request.head, request.body).contains(&CARD[..6])));
}

#[test]
fn a_placed_order_leaves_no_secret() {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::placed()));
    let mut tty = ordered(&place.launch_on(&server.url()));
    tty.wait_for("Order 700001 was placed").press("q");
    assert_eq!(tty.wait_exit(), 0);
    assert_sent(&server.finish(), 1);
    place.assert_clean(&tty);
}

#[test]
fn a_refused_order_leaves_no_secret() {
    let refusal = || Reply::refusal(400, "invalid_card", "The card was declined.");
    let (place, server) = (Place::new(), Server::for_orders(move |_| refusal()));
    let mut tty = ordered(&place.launch_on(&server.url()));
    tty.wait_for("The order was refused (HTTP 400).").press("alt-6").wait_for("***********0648").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 1);
    assert_sent(&server.finish(), 1);
    place.assert_clean(&tty);
}

#[test]
fn a_lost_and_resolved_order_leaves_no_secret() {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::Cut));
    let launch = place.launch_on(&server.url());
    let mut tty = ordered(&launch);
    tty.wait_cursor("Type \"not placed\":").type_text("not placed").wait_cursor(": not placed").press("enter");
    tty.wait_for("The order is now recorded as not")
        .wait_for("placed. You can order again. If")
        .press("alt-6")
        .wait_for("Step 6 of 7: Payment")
        .wait_for("CVV");
    assert!(!tty.look(|view| view.shows("***")), "it is asked again: {}", tty.screen());
    tty.press("ctrl-c");
    assert_eq!(tty.wait_exit(), 1);
    place.assert_clean(&tty);
    // An opened draft has none of it either.
    let mut next = launch.start();
    next.wait_for(" · saved ")
        .press("down enter")
        .wait_for("These fields are never saved, so please fill them in again:")
        .press("ctrl-c");
    assert_eq!(next.wait_exit(), 0);
    place.assert_clean(&tty);
    assert_eq!(place.finds(&next), Vec::<String>::new());
    assert_sent(&server.finish(), 1);
}

/// The screen shows the words of the server, and again after a restart, without the repeated secrets.
#[test]
fn an_order_with_a_repeating_response_leaves_no_secret() {
    let answer = |request: &Request| format!("<p>Bad gateway: {}\r\n{}</p>", request.head, request.body);
    let server = Server::for_orders(move |request| Reply::Bytes(502, answer(request).into_bytes()));
    let place = Place::new();
    let launch = place.launch_on(&server.url());
    let mut tty = ordered(&launch);
    tty.wait_for("Response from the server: \"Bad gateway: POST").press("ctrl-c").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 3);
    place.assert_clean(&tty);
    let mut next = launch.start();
    next.wait_for("An order was sent earlier,").wait_for("Response from the server: \"Bad gateway: POST");
    next.press("ctrl-c").press("ctrl-c");
    assert_eq!(next.wait_exit(), 3);
    assert_eq!(place.finds(&next), Vec::<String>::new());
    assert_sent(&server.finish(), 1);
}

/// Ends the program from outside.
#[track_caller]
fn end(tty: &mut Tty, signal: Signal) {
    tty.signal(signal);
    match signal {
        Signal::KILL => tty.wait_killed(),
        _ => assert!([3, 128 + signal.as_raw().cast_unsigned()].contains(&tty.wait_exit())),
    }
}

#[rstest]
#[case(Signal::KILL)]
#[case(Signal::TERM)]
#[case(Signal::HUP)]
fn a_signal_while_the_card_is_typed_leaves_no_secret(#[case] signal: Signal) {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::placed()));
    let mut tty = typed(&place.launch_on(&server.url()));
    end(&mut tty, signal);
    place.assert_clean(&tty);
    assert_sent(&server.finish(), 0);
}

#[rstest]
#[case(Signal::KILL)]
#[case(Signal::TERM)]
#[case(Signal::HUP)]
fn a_signal_while_the_order_is_sent_leaves_no_secret(#[case] signal: Signal) {
    let (place, gate) = (Place::new(), Gate::default());
    let server = Server::for_orders(gate.before(|_| Reply::placed()));
    let launch = place.launch_on(&server.url());
    let mut tty = ordered(&launch);
    tty.wait_for("Waiting for a response: 1 s");
    end(&mut tty, signal);
    gate.open();
    place.assert_clean(&tty);
    let mut next = launch.start();
    next.wait_for("An order was confirmed earlier,")
        .press("f2")
        .wait_for("JSON · no digest until")
        .press("ctrl-c")
        .press("ctrl-c");
    assert_eq!(next.wait_exit(), 3);
    place.assert_clean(&tty);
    assert_eq!(place.finds(&next), Vec::<String>::new());
    assert_sent(&server.finish(), 1);
}

#[test]
fn a_closed_window_leaves_no_secret() {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::placed()));
    let mut tty = typed(&place.launch_on(&server.url()));
    tty.hang_up("f1");
    assert_eq!(tty.wait_exit(), 129);
    place.assert_clean(&tty);
    assert_sent(&server.finish(), 0);
}

/// Neither the editor's file, of which the test keeps a copy in the searched place, nor the saved file has any of it.
#[test]
fn saved_and_edited_files_have_no_secret() {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::placed()));
    let launch = place
        .launch_on(&server.url())
        .env("EDITOR", r#"sh -c 'cp "$0" "$HOME/given"; env > "$HOME/env"; sed -i s/Vries/Wit/ "$0"'"#);
    let mut tty = typed(&launch);
    forward(&mut tty, "JSON · digest ");
    tty.press("e")
        .wait_for("Your changes from the editor were applied.")
        .press("tab end")
        .wait_for("\"billing_address\"");
    tty.press("s")
        .wait_cursor("File: order")
        .press("enter")
        .wait_for("New file: ")
        .press("enter")
        .wait_for("Saved to ");
    place.assert_clean(&tty);
    let written = place.written("HOME");
    assert!(written.iter().filter(|text| text.contains("\"credit_card\"")).count() == 2, "{written:?}");
    assert!(written.iter().any(|text| text.contains("PATH=") && !text.contains("ZEGEL_API_KEY")), "{written:?}");
    tty.press("alt-6").wait_for("***********0648").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    place.assert_clean(&tty);
    assert_sent(&server.finish(), 0);
}

#[test]
fn a_stopped_program_leaves_no_secret() {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::placed()));
    let line = r#"cd "$HOME"; set -m; "$0" "$@"; echo "halted $?"; read -r go; fg; echo "ended $?""#;
    let mut tty = typed(&place.launch_on(&server.url()).through(line));
    tty.press("ctrl-z").wait_for("halted 149");
    place.assert_clean(&tty);
    tty.type_text("\n").wait_for("***********0648").press("ctrl-c").wait_for("ended 0");
    assert_eq!(tty.wait_exit(), 0);
    place.assert_clean(&tty);
    assert_sent(&server.finish(), 0);
}

/// The demo has its own key, but a card can be typed there, and only there can a test cause a panic.
#[test]
#[cfg(debug_assertions)]
fn a_panic_leaves_no_secret() {
    let place = Place::new();
    let mut tty = place.launch(&["demo"]).env("ZEGEL_TEST_PANIC", "1").start();
    tty.wait_for("Step 1 of 7: Organization").press("alt-4").wait_for("Step 4 of 7: Shipping");
    address(&mut tty);
    tty.press("alt-6").wait_for("Step 6 of 7: Payment");
    type_card(&mut tty, "Anna de Vries");
    tty.press("f12");
    assert_eq!(tty.wait_exit(), 101);
    place.assert_clean(&tty);
}

/// The control: the search does find secrets. A secret typed at a wrong place is found in the store and on the screen,
/// and one that is written anywhere is found there.
#[test]
fn a_secret_at_a_wrong_place_is_found() {
    let (place, server) = (Place::new(), Server::for_orders(|_| Reply::placed()));
    let mut tty = place.launch_on(&server.url()).start();
    to_payment(&mut tty);
    tty.press("alt-4").wait_for("Step 4 of 7: Shipping");
    focus_back(&mut tty, "Recipient");
    let all = format!("{KEY} {CARD} {CVV}");
    // Pasted, so that one frame has all of it: between two frames the terminal gets only the changes.
    tty.press("ctrl-u").paste(&all).wait_cursor(&all).press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    let written = place.plant(&all);
    let finds = place.finds(&tty);
    for what in ["key", "card", "CVV"] {
        assert!(finds.iter().any(|find| find.starts_with(what) && find.ends_with("zegel.sqlite3")), "{finds:?}");
        for place in ["the terminal's text", "a frame"].into_iter().chain(written.iter().map(String::as_str)) {
            assert!(finds.contains(&format!("{what} in {place}")), "{what} in {place}: {finds:?}");
        }
    }
    server.finish();
}
