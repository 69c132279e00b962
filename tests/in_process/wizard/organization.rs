//! The organization: chosen, typed by id, or entered as new.

use crate::common::walk::Walk;
use zegel::domain::{ApiError, ServerError, TransportErrorKind};

#[test]
fn an_organization_is_found_by_a_part_of_its_name() {
    let mut walk = Walk::new();
    walk.keys("wait type:rijnb").expect("› 900002  Waterschap Rijnbeemd").expect_not("Zilverdam");
    walk.keys("enter wait").expect("900002  Waterschap Rijnbeemd").expect("Raadhuisplein 1, 1234 AB, Rijnbeemd, nl");
    assert_eq!(walk.text("org.id"), "900002");
}

#[test]
fn case_and_diacritics_do_not_matter() {
    let mut walk = Walk::new();
    walk.keys("wait type:SUDWALD").expect("› 900003  Stichting Súdwâld").expect("inactive");
    walk.keys("enter tab").expect("! This organization is inactive");
}

#[test]
fn a_typed_id_is_resolved_to_its_name() {
    let mut walk = Walk::new();
    walk.keys("type:900002 enter").expect("900002  looking up the name");
    walk.keys("wait").expect("900002  Waterschap Rijnbeemd");
}

#[test]
fn an_unknown_id_can_still_be_used() {
    let mut walk = Walk::new();
    walk.keys("wait type:123456").expect("› Use id 123456");
    walk.keys("enter wait").expect("123456  name unknown");
    assert_eq!(walk.text("org.id"), "123456");
}

#[test]
fn without_the_list_the_id_can_be_typed() {
    let mut walk = Walk::new();
    let error = |code: &str, message: &str| ServerError { code: code.into(), message: message.into() };
    let errors = vec![error("access_denied", "no"), error("", "not today")];
    walk.server.failure = Some(ApiError::Refused { status: 403, errors, excerpt: String::new() });
    walk.keys("wait enter").expect("refused (HTTP 403) access_denied no; not today").expect("try again, or type");
    walk.keys("type:900001 enter wait").expect("900001  name unknown");
}

#[test]
fn a_failed_list_is_loaded_again_on_demand() {
    let mut walk = Walk::new();
    walk.server.failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
    walk.keys("wait enter").expect("no complete response (timed out)");
    walk.server.failure = None;
    walk.keys("f5 wait").expect("Gemeente Zilverdam").expect("3 of 3");
}

#[test]
fn leaving_the_list_changes_nothing() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter wait up");
    walk.keys("tab shift-tab enter type:xyz").expect("0 of 3");
    walk.keys("enter").expect("No match. Press Backspace to");
    walk.keys("esc").expect("900001  Gemeente Zilverdam");
    assert_eq!(walk.text("org.id"), "900001");
}

#[test]
fn a_new_organization_is_entered_inline_with_its_limits() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right").expect("(•) new").expect("DigiCert validates a new organization first");
    let long = "x".repeat(65);
    walk.keys(&format!("tab type:{long} tab")).expect("✗ This has 65 characters; the maximum is 64.");
    walk.keys("shift-tab backspace").expect_not("✗");
    walk.keys(&format!("tab type:{} tab", "y".repeat(10)))
        .expect("✗ Together with the legal name, this has 74 characters; the maximum is 61.");
}

#[test]
fn skipping_the_duplicate_check_is_an_explicit_choice() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right");
    assert_eq!(walk.text("org.skip"), "");
    while !walk.shows("› [ ] Create a new organization even if a similar one exists") {
        walk.keys("tab");
    }
    walk.expect("Off: DigiCert looks for a match").keys("space").expect("[x] Create a new organization even if");
    assert_eq!(walk.text("org.skip"), "true");
    walk.keys("space");
    assert_eq!(walk.text("org.skip"), "", "off again: nothing is sent");
}

#[test]
fn values_hidden_by_a_later_choice_are_kept() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right tab type:Gemeente<space>Zilverdam up left").expect_not("Gemeente Zilverdam");
    walk.keys("right").expect("Gemeente Zilverdam");
}

#[test]
fn digits_found_in_a_row_do_not_become_an_id_by_themselves() {
    let mut walk = Walk::new();
    walk.keys("wait type:9000").expect("› 900001  Gemeente Zilverdam").expect("   Use id 9000");
    walk.keys("up enter");
    assert_eq!(walk.text("org.id"), "900001");
    walk.keys("shift-tab enter type:9000 end").expect("› 900001");
    walk.keys("pagedown enter");
    assert_eq!(walk.text("org.id"), "9000", "it can still be taken, by choice");
}

#[test]
fn help_and_the_quit_dialog_keep_the_list_input() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right left tab type:rijnb f1").expect("Keys you can use here").expect("select");
    walk.keys("f1").expect("› 900002  Waterschap Rijnbeemd");
    walk.keys("f1 esc ctrl-c").expect_not("Rijnbeemd").keys("esc").expect("Name or id: rijnb");
}
