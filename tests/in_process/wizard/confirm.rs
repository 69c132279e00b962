//! Confirm: an order is sent only by the typed word, after a pause, once everything was visible.

use crate::common::walk::{TO_REVIEW, Walk};
use rstest::rstest;
use zegel::tui::message::{Effect, EffectReply, Message, Ticket};

/// At Confirm, before the pause is over.
fn confirm() -> Walk {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("enter survey");
    walk
}

fn armings(walk: &Walk) -> Vec<Ticket> {
    let arm = |effect: &Effect| match effect {
        Effect::ArmConfirm(ticket) => Some(*ticket),
        _ => None,
    };
    walk.open.iter().filter_map(arm).collect()
}

#[test]
fn confirm_shows_product_organization_address_and_payment() {
    let mut walk = confirm();
    walk.expect("PKIo Qualified eSeal for 900001  Gemeente Zilverdam").expect("SANDBOX at 127.0.0.1:4711");
    walk.expect("The price is not shown here.").expect("Payment: account balance");
    walk.expect("1 year from the date of issue; expires on 22 Nov 2027")
        .expect("Anna de Vries · Raadhuisplein 1 · 2 hoog");
}

#[test]
fn a_typed_id_without_a_name_is_reported() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("1 pageup tab type:77 enter wait alt-7 ctrl-n").expect("for 77  name unknown");
}

#[test]
fn until_the_pause_is_over_keys_are_dropped_and_there_is_no_cursor() {
    let mut walk = confirm();
    walk.expect("One moment");
    assert_eq!(walk.buffer().1, None);
    walk.keys("type:order enter");
    assert_eq!(walk.orders(), 0);
    walk.keys("wait").expect("Type order and press Enter:").expect_not("Enter: order");
    assert!(walk.buffer().1.is_some());
    walk.keys("enter").expect("To order, type \"order\".");
    walk.keys("type:order enter");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn a_paste_never_orders() {
    let mut walk = confirm();
    walk.keys("wait paste:order<enter>").expect("You cannot paste here.").keys("enter");
    assert_eq!(walk.orders(), 0);
}

#[rstest]
#[case("ordr")]
#[case("ORDER")]
#[case("bestel")]
#[case("orderr")]
fn another_word_does_not_order(#[case] word: &str) {
    let mut walk = confirm();
    walk.keys("wait").keys(&format!("type:{word} enter"));
    assert_eq!(walk.orders(), 0);
    walk.keys("ctrl-u type:order enter");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn confirm_takes_keys_only_after_its_end_was_visible() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("size:40x10 enter wait").expect("Scroll down to the end …");
    assert!(armings(&walk).is_empty());
    walk.keys("type:order enter");
    for _ in 0..40 {
        walk.keys("down");
    }
    walk.expect("One moment").keys("wait").expect("Type order and").keys("type:order enter");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn scrolling_the_end_out_of_view_stops_the_pause() {
    let mut walk = confirm();
    let first = armings(&walk);
    walk.keys("size:80x10 size:80x24");
    let second = armings(&walk);
    assert_eq!((first.len(), second.len()), (1, 2));
    walk.handle_message(Message::Reply(first[0], Box::new(EffectReply::Armed)));
    walk.expect("One moment");
    walk.handle_message(Message::Reply(second[1], Box::new(EffectReply::Armed)));
    walk.expect("Type order and press Enter:");
}

#[test]
fn opening_help_stops_the_pause() {
    let mut walk = confirm();
    walk.keys("f1 wait esc").expect("One moment").keys("wait").expect("Type order");
}

#[test]
fn esc_returns_to_review_and_confirm_asks_again() {
    let mut walk = confirm();
    walk.keys("wait type:orde esc")
        .expect("Review")
        .keys("enter survey")
        .expect("One moment")
        .keys("wait type:r enter");
    assert_eq!(walk.orders(), 0);
}

#[test]
fn confirm_is_readable_at_any_size() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("size:0x0 enter wait");
    assert!(armings(&walk).is_empty());
    walk.keys("size:80x1 wait");
    assert!(armings(&walk).is_empty());
}

#[test]
fn the_sent_body_is_the_reviewed_one() {
    let mut walk = confirm();
    let shown = match walk.app.screen() {
        zegel::tui::app::Screen::Confirm(confirm) => confirm.body.masked_text().to_owned(),
        other => panic!("{other:?}"),
    };
    walk.keys("wait type:order enter wait");
    assert_eq!(walk.server.sent, [shown]);
}

/// From the start to Confirm by typed ids, with every request for account data still open.
const UNANSWERED: &str = "type:900001 enter ctrl-n type:800001 enter ctrl-n space ctrl-n \
    type:Anna<space>de<space>Vries tab type:Kade<space>3 tab tab type:1234AB tab type:Zilverdam tab type:Utrecht \
    alt-7 ctrl-n survey";

/// Ends the pause and answers nothing else.
fn arm(walk: &mut Walk) {
    let last = *armings(walk).last().unwrap();
    walk.handle_message(Message::Reply(last, Box::new(EffectReply::Armed)));
}

#[test]
fn a_change_on_the_screen_must_be_read_again() {
    let mut walk = Walk::new();
    walk.keys(UNANSWERED).expect("looking up the name");
    arm(&mut walk);
    walk.keys("type:orde").expect("Enter: orde").keys("wait").expect("has just changed").expect("Gemeente Zilverdam");
    walk.keys("type:r enter");
    assert_eq!(walk.orders(), 0, "what was typed before does not count");
    walk.keys("ctrl-u type:order enter");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn the_preflight_is_repeated_after_two_minutes_at_confirm() {
    let mut walk = confirm();
    walk.keys("wait tick:120001 type:order enter").expect("Two minutes have passed,");
    assert_eq!(walk.orders(), 0);
    walk.keys("wait").expect("Type order and press Enter:").keys("type:order enter");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn a_reply_that_reveals_an_error_blocks_the_order() {
    let mut walk = Walk::new();
    walk.keys(&UNANSWERED.replace("type:800001", "type:810001"));
    arm(&mut walk);
    walk.keys("type:order wait type:order enter")
        .expect("First fix the errors shown at the top.")
        .expect("verified contact");
    assert_eq!(walk.orders(), 0);
    assert!(matches!(walk.app.screen(), zegel::tui::app::Screen::Review(_)));
}

#[rstest]
#[case::a_letter("type:o")]
#[case::a_word("type:order")]
#[case::enter("enter")]
#[case::an_edit("backspace")]
fn a_key_during_the_pause_is_answered_with_not_yet(#[case] keys: &str) {
    for (size, survey, why) in [
        ("80x24", "survey", "One moment …"),
        ("40x10", "survey", "Scroll down to the end …"),
        ("80x24", "", "Checking for earlier orders …"),
    ] {
        let mut walk = Walk::new();
        walk.keys(TO_REVIEW).keys(&format!("size:{size} ctrl-n {survey}"));
        walk.keys(keys).expect("You cannot type yet.").expect(why);
        assert_eq!(walk.orders(), 0);
        walk.keys("size:80x60 wait")
            .expect_not("You cannot type yet.")
            .expect("Type order and press Enter:")
            .expect_not("Enter: o");
    }
}
