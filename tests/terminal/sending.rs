//! Sending an order: only after a typed word, only once, and with an honest message about what is unknown.
//!
//! The server is in the memory of the test. It counts the orders that arrive, and answers on request.

use crate::common::server::{Gate, Reply, Request, Server, in_turn};
use crate::common::steps::{
    begin, confirm, fill, focus_back, forward, leave_kept, order, pick, to_confirm, to_payment,
};
use crate::common::tty::{GIVEN_BACK, Launch, Tty};
use rstest::rstest;

/// Returns the program with the account of a server.
fn on(server: &Server) -> Launch {
    Launch::new(&[]).env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", "MADE-UP-KEY")
}

/// Returns the program with the account of a server, at Confirm, where keys are taken.
fn at_confirm(launch: &Launch) -> Tty {
    let mut tty = launch.start();
    to_payment(&mut tty);
    to_confirm(&mut tty);
    tty
}

#[test]
fn nothing_is_sent_without_the_word() {
    let server = Server::for_orders(|_| Reply::placed());
    let mut tty = at_confirm(&on(&server));
    tty.press(&"enter ".repeat(50)).wait_for("To order, type \"order\". To go back, press Esc.");
    tty.paste("order\n").wait_for("You cannot paste here. Type the text yourself.");
    tty.press("enter").wait_for("To order, type \"order\". To go back, press Esc.");
    for word in ["Order", "orders", "yes", "bestel", "orde", "ord er"] {
        tty.type_text(word).wait_cursor(&format!("Enter: {word}")).press("enter").wait_for("To order, type \"order\".");
        tty.press("ctrl-u")
            .wait_until("an empty line", |view| view.cursor_row().is_some_and(|row| row.ends_with("press Enter:")));
    }
    assert_eq!(leave_kept(&mut tty), 0);
    assert_eq!(server.finish_orders().len(), 0);
}

#[test]
fn keys_meant_for_another_screen_do_not_order() {
    let server = Server::for_orders(|_| Reply::placed());
    let mut tty = on(&server).start();
    to_payment(&mut tty);
    forward(&mut tty, "JSON · digest ");
    tty.type_text("\x0eorder\rorder\r").wait_until("Confirm", |view| view.rows()[1].starts_with(" Confirm "));
    tty.press("down down down down down down down down down down").wait_cursor("press Enter:");
    assert!(tty.row("press Enter:").ends_with("press Enter:"), "nothing of it was kept: {}", tty.screen());
    assert_eq!(leave_kept(&mut tty), 0);
    assert_eq!(server.finish_orders().len(), 0);
}

#[test]
fn a_slow_list_does_not_block_typing() {
    let gate = Gate::default();
    let list = |_: &Request| {
        let row = serde_json::json!({ "id": 900_001, "name": "Gemeente Zilverdam", "city": "Zilverdam" });
        Reply::Json(200, serde_json::json!({ "organizations": [row], "page": { "total": 1 } }).to_string())
    };
    let server = Server::start(gate.before(move |request| {
        if request.path.starts_with("/services/v2/organization?") { list(request) } else { Reply::missing() }
    }));
    let mut tty = on(&server).start();
    begin(&mut tty);
    tty.press("enter").wait_for("Loading: 0 of ?");
    tty.type_text("zil")
        .wait_cursor("Name or id: zil")
        .press("esc")
        .wait_for("Step 1 of 7")
        .wait_gone("Name or id: zil");
    forward_to_validity(&mut tty);
    tty.press("alt-1").wait_for("Step 1 of 7").press("enter").wait_for("Loading: 0 of ?");
    gate.open();
    tty.wait_for("› 900001  Gemeente Zilverdam").wait_for("1 of 1").press("enter");
    tty.wait_for("900001  Gemeente Zilverdam ▾");
    assert_eq!(leave_kept(&mut tty), 0);
    server.finish();
}

/// Types into another step while the list is being fetched.
fn forward_to_validity(tty: &mut Tty) {
    tty.press("alt-5").wait_for("Step 5 of 7: Validity").press("alt-4").wait_for("Step 4 of 7: Shipping");
    fill(tty, "Recipient", "Anna de Vries");
    assert!(tty.row("Recipient").ends_with("Anna de Vries"));
}

#[test]
fn quitting_does_not_wait_for_a_list() {
    let gate = Gate::default();
    let server = Server::start(gate.before(|_| Reply::missing()));
    let mut tty = on(&server).start();
    begin(&mut tty);
    tty.press("enter").wait_for("Loading: 0 of ?").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    gate.open();
    server.finish();
}

#[test]
fn while_sending_a_message_is_shown_and_quitting_asks_first() {
    let gate = Gate::default();
    let server = Server::for_orders(gate.before(|_| Reply::placed()));
    let mut tty = at_confirm(&on(&server));
    order(&mut tty);
    tty.wait_for(&format!("Sending the order to {}", server.name())).wait_for("Waiting for a response: 1 s");
    tty.press("enter")
        .press("ctrl-c")
        .wait_for("An order is being sent.")
        .press("esc")
        .wait_for("Waiting for a response:");
    gate.open();
    tty.wait_for("Order 700001 was placed").press("q");
    assert_eq!(tty.wait_exit(), 0);
    assert_eq!(server.finish_orders().len(), 1);
}

#[rstest]
#[case(false)]
#[case(true)]
fn quitting_while_sending_reports_an_unknown_outcome(#[case] sent: bool) {
    let (gate, arrived) = (Gate::default(), Gate::default());
    let held = gate.before(|_| Reply::placed());
    let heard = arrived.clone();
    let server = Server::for_orders(move |request| {
        heard.open();
        held(request)
    });
    let mut tty = at_confirm(&on(&server));
    if sent {
        order(&mut tty);
        arrived.pass();
        tty.wait_for("Sending the order to").press("ctrl-c").wait_for("An order is being sent.").press("y");
    } else {
        tty.press("ctrl-c");
    }
    assert_eq!(tty.wait_exit(), if sent { 3 } else { 0 });
    assert_eq!(tty.look(|view| view.shows("zegel: it is not known whether the order was placed")), sent);
    gate.open();
    assert_eq!(server.finish_orders().len(), usize::from(sent));
}

/// The reaction of the server to the order.
type Act = fn() -> Reply;

#[rstest]
#[case(|| Reply::Cut, "no complete response came back")]
#[case(|| Reply::Json(500, "{}".to_owned()), "HTTP 500")]
#[case(|| Reply::Json(201, "<html>".to_owned()), "HTTP 201")]
#[case(|| Reply::Json(201, "{\"id\": 0}".to_owned()), "HTTP 201")]
#[case(|| Reply::Json(302, String::new()), "HTTP 302")]
#[case(|| Reply::Json(403, "{}".to_owned()), "HTTP 403")]
fn an_unknown_outcome_is_shown_and_the_order_never_sent_again(#[case] act: Act, #[case] why: &str) {
    let server = Server::for_orders(move |_| act());
    let mut tty = at_confirm(&on(&server));
    order(&mut tty);
    tty.wait_for("It is not known whether the order was placed").wait_for(why).wait_for("Do not order again");
    tty.press("enter r enter f2").wait_for("JSON · digest ").press("ctrl-n");
    tty.wait_for("It is not yet known whether this order was placed. Resolve this before you")
        .wait_for("change the order or place it again.");
    tty.press("ctrl-c").wait_for("It is not known whether your order was placed.").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 3);
    let raw = String::from_utf8(tty.raw()).unwrap();
    let (_, words) = raw.rsplit_once(GIVEN_BACK).unwrap();
    assert!(words.starts_with("zegel: it is not known whether the order was placed; check CertCentral"), "{words}");
    assert_eq!(server.finish_orders().len(), 1);
}

#[test]
fn a_refused_order_can_be_corrected_and_sent_again_with_the_word() {
    let refusal = || Reply::refusal(400, "invalid_zip", "The zip of ship_info is not known.");
    let answer = in_turn(refusal, Reply::placed);
    let server = Server::for_orders(move |_| answer());
    let mut tty = at_confirm(&on(&server));
    order(&mut tty);
    tty.wait_for("The order was refused (HTTP 400).").wait_for("✗ Shipping · Postal code: The");
    tty.press("enter").wait_for("Step 4 of 7: Shipping").wait_cursor("Postal code").wait_for("✗ The server says:");
    tty.press("ctrl-u").type_text("1016 BB").wait_cursor("1016 BB").wait_gone("✗ The server says:");
    tty.press("alt-7").wait_for("JSON · digest ");
    assert_eq!(server.orders(), 1);
    confirm(&mut tty);
    tty.press("enter").wait_for("To order, type \"order\".");
    assert_eq!(server.orders(), 1, "it needs its own word");
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_eq!(tty.wait_exit(), 0);
    let orders = server.finish_orders();
    assert_eq!(orders.len(), 2);
    assert_eq!(orders[1].body, orders[0].body.replace("1015 AA", "1016 BB"));
}

#[test]
fn an_unsent_order_is_reported_as_not_sent() {
    let server = Server::for_orders(|_| Reply::placed());
    let launch = on(&server);
    let mut tty = at_confirm(&launch);
    assert_eq!(server.finish_orders().len(), 0);
    order(&mut tty);
    tty.wait_for("Nothing was ordered: there was no").wait_for("You can").wait_for("confirm again.");
    assert_eq!(leave_kept(&mut tty), 1);
}

#[test]
fn a_closed_window_does_not_lose_the_ids() {
    let server = Server::for_orders(|_| Reply::placed());
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let launch = on(&server).env("OUT", out.to_str().unwrap()).through(r#"exec "$0" "$@" > "$OUT""#);
    let mut tty = at_confirm(&launch);
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").hang_up("f1");
    assert_eq!(tty.wait_exit(), 129);
    assert_eq!(std::fs::read_to_string(out).unwrap(), "order 700001\nrequest 5001 pending\n");
    server.finish();
}

#[test]
fn a_window_closed_during_an_unknown_outcome_ends_with_that_exit_code() {
    let server = Server::for_orders(|_| Reply::Cut);
    let mut tty = at_confirm(&on(&server));
    order(&mut tty);
    tty.wait_for("It is not known whether the order was placed").hang_up("f1");
    assert_eq!(tty.wait_exit(), 3);
    server.finish();
}

#[test]
fn a_new_order_has_nothing_of_the_last_one() {
    let server = Server::for_orders(|_| Reply::placed());
    let mut tty = at_confirm(&on(&server));
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").press("n").wait_for("Step 1 of 7: Organization");
    pick(&mut tty, "Name or id", "900002", "Use id 900002");
    tty.press("alt-3").wait_for("[ ] I agree").press("alt-4").wait_for("Step 4 of 7: Shipping");
    focus_back(&mut tty, "Copy address from: Organization");
    assert!(!tty.look(|view| view.shows("Anna de Vries")), "{}", tty.screen());
    assert_eq!(leave_kept(&mut tty), 0);
    assert_eq!(server.finish_orders().len(), 1);
}
