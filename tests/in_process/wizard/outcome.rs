//! The outcome of an order: refused, not sent, unknown.

use crate::common::walk::{ORDER, TO_REVIEW, TODAY, Walk, refused};
use rstest::rstest;
use zegel::domain::{SendResult, TransportErrorKind};
use zegel::tui::message::Message;

fn answered(answers: Vec<SendResult>) -> Walk {
    let mut walk = Walk::new();
    walk.server.orders = answers.into();
    walk.keys(TO_REVIEW).keys("size:200x40").keys(ORDER);
    walk
}

fn placed() -> SendResult {
    SendResult::from_reply(201, br#"{"id": 7}"#.to_vec())
}

#[test]
fn a_refusal_is_shown_at_its_fields_and_can_be_corrected() {
    let errors = [("contact_type_duplicate", "two of a kind"), ("x|y", "ship_info.zip is wrong"), ("odd", "who knows")];
    let mut walk = answered(vec![refused(&errors), placed()]);
    walk.expect("The order was refused (HTTP 400)").expect("contact 1 · Role: The server says").expect("who knows");
    walk.keys("down").expect("› ✗ Shipping · Postal code").keys("enter").expect("› Postal code");
    walk.expect("✗ The server says: ship_info.zip is wrong");
    walk.keys("backspace").expect_not("✗ The server says").keys("type:C ctrl-n").expect("Review");
    walk.expect_not("ship_info.zip").expect("who knows").expect_not("The order was refused");
    assert_eq!(walk.text("ship.name"), "Anna de Vries", "nothing typed is lost");
    while !walk.shows("› [ Confirm the order") {
        walk.keys("down");
    }
    walk.keys("enter wait type:order enter wait").expect("Order 7 was placed");
    assert_eq!(walk.orders(), 2);
}

#[rstest]
#[case("cert_validity_exceeds_order_validity", "", "Validity · Validity period")]
#[case("a|contact_type_duplicate", "", "contact 1 · Role")]
#[case("", "The user_id 5 is unknown", "contact 1 · Person")]
#[case("", "shipping is not possible", "Shipping · Recipient")]
#[case("", "Insufficient balance", "Payment · Payment method")]
#[case("", "Card declined", "Payment · Payment method")]
#[case("organization_invalid", "", "Organization · Existing or new")]
fn the_product_tables_map_an_error_to_its_field(#[case] code: &str, #[case] message: &str, #[case] field: &str) {
    let mut walk = answered(vec![refused(&[(code, message)])]);
    if field == "Payment · Payment method" && message.starts_with("Card") {
        // The card fields are not shown, so the user cannot correct them: the error stays at the top.
        walk.expect("✗ The server says: Card declined");
    } else {
        walk.expect(field);
    }
}

#[test]
fn hostile_server_text_is_made_visible() {
    let mut walk = answered(vec![refused(&[("\u{1b}]0;x\u{7}", "\u{202e}evil\u{9b}31m")])]);
    walk.expect("\\u{202e}evil\\u{9b}31m").expect("^[]0;x^G");
    assert!(!walk.screen().contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{7}']));
}

#[test]
fn an_unsent_order_may_be_confirmed_again() {
    let mut walk = answered(vec![SendResult::NotSent(TransportErrorKind::Refused.into()), placed()]);
    walk.expect("Nothing was ordered").expect("connection refused");
    walk.keys("enter wait type:order enter wait").expect("Order 7 was placed");
}

#[rstest]
#[case(SendResult::Lost(TransportErrorKind::Broken.into()), "the connection was lost")]
#[case(SendResult::from_reply(502, b"<html>".to_vec()), "HTTP 502")]
#[case(SendResult::from_reply(201, b"{}".to_vec()), "HTTP 201")]
#[case(SendResult::from_reply(302, Vec::new()), "HTTP 302")]
fn an_unknown_outcome_is_reported_and_never_sent_again(#[case] answer: SendResult, #[case] why: &str) {
    let mut walk = answered(vec![answer, placed()]);
    walk.expect("It is not known whether the order was placed").expect(why).expect("The order may have been");
    walk.expect("PKIo Qualified eSeal for 900001")
        .expect("22 Nov 2026")
        .expect("zegel never resends the order. It also blocks");
    walk.keys("f2").expect("Review").keys("ctrl-n").expect("you change the order or place");
    walk.expect("It is not known whether the order was placed").keys("f2 enter").expect("you change the order or");
    walk.expect(why).keys("f2").expect("[ Find out what happened …").keys("esc").expect(why);
    assert_eq!(walk.text("ship.name"), "Anna de Vries", "the form is kept");
    walk.keys("ctrl-c").expect("It is not known whether your order was placed").keys("y");
    let exit = walk.app.exit().unwrap();
    assert_eq!((exit.code, walk.orders()), (3, 1));
    assert!(exit.notices[0].contains("not known"));
    assert!(exit.notices[1].contains("900001") && exit.notices[1].contains("22 Nov 2026"), "{:?}", exit.notices);
}

/// The screen shows the server's words from the start, and again when the order is found in the journal.
#[test]
fn the_text_of_an_inconclusive_response_is_shown() {
    let words = "Request blocked. Incident 18-4711";
    let mut walk = answered(vec![SendResult::Reply { status: 403, body: b"<html>".to_vec(), excerpt: words.into() }]);
    walk.expect("HTTP 403").expect(&format!("Response from the server: \"{words}\""));
}

#[rstest]
#[case("invalid_value:ship_info.zip", "Shipping · Postal code")]
#[case("required_param:city", "Shipping · City")]
#[case("invalid_value:validity_years", "Validity · Years")]
fn the_parameter_in_a_code_determines_the_field(#[case] code: &str, #[case] field: &str) {
    answered(vec![refused(&[(code, "No.")])]).expect(field).expect("No.");
}

#[test]
fn the_day_of_sending_is_shown_after_midnight_too() {
    let mut walk = answered(vec![SendResult::Lost(TransportErrorKind::Slow.into())]);
    walk.handle_message(Message::Tick(60_000, TODAY.tomorrow().unwrap()));
    walk.expect("for an order dated 22 Nov 2026 (UTC)");
}

#[test]
fn the_exit_code_reports_a_refused_last_order() {
    let mut walk = answered(vec![refused(&[("odd", "who knows")]), placed()]);
    let mut left = walk.clone();
    left.keys("ctrl-c y");
    assert_eq!(left.app.exit().unwrap().code, 1);
    walk.keys("ctrl-n wait type:order enter wait q");
    assert_eq!(walk.app.exit().unwrap().code, 0);
}

#[test]
fn quitting_while_sending_asks_first_and_does_nothing_else() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("enter wait type:order enter").expect("Sending the order to 127.0.0.1:4711");
    walk.keys("enter esc type:order enter tick:3000").expect("Waiting for a response: 3 s");
    assert_eq!((walk.orders(), walk.app.next_wake_in()), (1, Some(1_000)));
    walk.keys("ctrl-c").expect("An order is being sent.").keys("esc wait").expect("was placed");
}

#[test]
fn a_response_during_the_quit_dialog_is_shown() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("enter wait type:order enter ctrl-c wait").expect("Order 700001 was placed");
}

#[test]
fn a_signal_to_end_while_sending_is_an_unknown_outcome() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("enter wait type:order enter");
    walk.handle_message(Message::Terminate(143));
    assert_eq!(walk.app.exit().unwrap().code, 3);
}

#[test]
fn a_server_remark_disappears_with_its_subject() {
    let mut walk =
        answered(vec![refused(&[("", "the organization cannot be used"), ("", "organization.id 900001 is wrong")])]);
    walk.expect("errors: 2").expect("1✗").expect("Organization · Existing or new: The server says");
    walk.keys("alt-1 pageup tab enter type:77 enter").expect("77").expect_not("✗ The server says");
    walk.keys("alt-7").expect("errors: 0").expect_not("The server says");
}

#[rstest]
#[case("ship_info.zip is wrong", "Shipping · Postal code")]
#[case("organization.id 5 is not active", "Organization · Name or id")]
#[case("billing zip is wrong", "✗ The server says")]
#[case("zip is wrong", "✗ The server says")]
fn the_surrounding_words_distinguish_fields_of_one_name(#[case] message: &str, #[case] field: &str) {
    answered(vec![refused(&[("", message)])]).expect(field);
}

#[test]
fn no_step_shows_a_problem_after_the_order() {
    let mut walk = answered(vec![SendResult::Lost(TransportErrorKind::Slow.into())]);
    walk.expect("1✓ 2✓ 3✓ 4✓ 5✓ 6✓ 7·");
}
