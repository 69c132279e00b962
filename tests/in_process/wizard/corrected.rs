//! The errors of the last attempt stay until they are corrected.

use crate::common::payloads::FOREIGN;
use crate::common::states::state;
use crate::common::walk::{TO_REVIEW, Walk, product, refused, setup};
use rstest::rstest;
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};

const SAYS: &str = "The server says";

/// A walk whose first order was refused with these reasons.
fn refused_with(mut walk: Walk, errors: &[(&str, &str)]) -> Walk {
    walk.server.orders = vec![refused(errors)].into();
    walk.keys("size:200x60 ctrl-n wait pagedown wait type:order enter wait")
        .expect("The order was refused (HTTP 400)")
        .expect(SAYS);
    walk
}

fn by_balance(errors: &[(&str, &str)]) -> Walk {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW);
    refused_with(walk, errors)
}

/// Zip is the fourth field of Shipping, and addr2 the third.
const ZIP: &str = "4 pageup tab tab tab tab";

#[rstest]
#[case::the_field_that_was_named("", "ship_info.zip is wrong", ZIP, "backspace type:C")]
#[case::any_field_of_what_was_named("", "shipping is not possible", ZIP, "backspace type:C")]
#[case::a_field_by_its_code("contact_type_duplicate", "", "2 pageup tab tab", "type:technical enter")]
#[case::what_hangs_on_a_choice("", "the organization cannot be used", "1 pageup tab", "type:rijnb enter")]
#[case::a_person_who_fills_in_more("", "user_id 800001 is unknown", "2 pageup tab", "type:carla enter")]
#[case::another_way_to_say_it("", "validity is too long", "5 pageup", "right")]
#[case::the_order_as_a_whole("odd", "who knows", "4", "type:x")]
#[case::a_row_more("odd", "who knows", "2 pagedown shift-tab", "enter")]
fn a_server_error_disappears_once_it_is_corrected(
    #[case] code: &str,
    #[case] message: &str,
    #[case] to: &str,
    #[case] correct: &str,
) {
    let mut walk = by_balance(&[(code, message)]);
    walk.expect("errors: 1 ·").keys(to).keys("wait alt-7").expect("errors: 1 ·").expect(SAYS);
    walk.keys(to).keys("wait").keys(correct).keys("wait alt-7").expect_not(SAYS);
    let problems =
        walk.app.feedback().problems.iter().filter(|one| one.level == zegel::product::Severity::Error).count();
    walk.expect(&format!("errors: {problems} ·")).expect_not("The order was refused");
}

#[rstest]
#[case::another_field("", "ship_info.zip is wrong", "4 pageup tab end type:x")]
#[case::another_step("", "shipping is not possible", "5 pageup right")]
#[case::the_same_row_again("", "user_id 800001 is unknown", "2 pageup tab enter enter")]
#[case::the_same_address_again("", "ship_info.zip is wrong", "4 pageup enter")]
#[case::looked_at_alone("odd", "who knows", "4 pageup tab tab tab left right f1 esc")]
fn a_server_error_stays_until_it_is_corrected(#[case] code: &str, #[case] message: &str, #[case] keys: &str) {
    let mut walk = by_balance(&[(code, message)]);
    walk.keys(keys).keys("wait alt-7").expect("errors: 1 ·").expect(SAYS);
}

#[test]
fn an_error_about_the_whole_order_stays_with_the_last_field_error() {
    let mut walk = by_balance(&[("", "ship_info.zip is wrong"), ("contact_type_duplicate", ""), ("odd", "who knows")]);
    walk.expect("errors: 3 ·").keys(ZIP).keys("backspace type:C alt-7").expect("errors: 2 ·").expect("who knows");
    walk.keys("2 pageup tab tab type:technical enter alt-7").expect("errors: 0 ·").expect_not("who knows");
}

#[test]
fn copying_an_address_corrects_a_server_error() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys(ZIP).keys("backspace type:X alt-7 wait");
    let mut walk = refused_with(walk, &[("", "ship_info.zip is wrong")]);
    walk.keys("4 pageup enter alt-7").expect("errors: 0 ·").expect_not(SAYS);
}

#[rstest]
#[case::paid_otherwise("6 pageup left", 0)]
#[case::another_number("6 pageup tab ctrl-u type:4111111111111111", 0)]
#[case::no_digit("6 pageup tab type:x", 1)]
fn a_card_error_is_corrected_only_by_a_change(#[case] keys: &str, #[case] left: usize) {
    let mut walk = refused_with(state("review, paid by card").walk.clone(), &[("", "Card declined")]);
    walk.expect("errors: 1 ·").keys(keys).keys("wait alt-7");
    assert_eq!(walk.app.feedback().remarks.len(), left, "{}", walk.screen());
}

#[test]
fn the_agreement_notice_stays_until_it_is_accepted() {
    let doc = zegel::json::parse(FOREIGN).unwrap();
    let app = App::with_payload(setup(Language::En, 120, 60), Form::parse_payload(product(), &doc).unwrap());
    let mut walk = Walk::with(app);
    walk.keys("wait").expect("agree to it here.").keys("3 space alt-7").expect_not("agree to it here.");
    walk.keys("3 tab space alt-7").expect("errors: 0 ·");
    walk.keys("3 pagedown shift-tab space alt-7").expect("agree to it here.");
}

#[rstest]
#[case(Language::En, "This field is never saved, so please fill it in again: I agree", "never saved,")]
#[case(Language::Nl, "Dit gegeven wordt nooit bewaard. Vul het opnieuw in: Ik ga akkoord", "nooit bewaard.")]
fn a_withheld_value_is_named_until_it_is_entered(#[case] language: Language, #[case] output: &str, #[case] part: &str) {
    let mut typed = Walk::new();
    typed.keys(TO_REVIEW).keys("tick:1000 wait");
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(language, 120, 60) }));
    walk.server.stored = typed.server.stored;
    walk.keys("wait down enter wait").expect(output);
    walk.keys("3 space alt-7")
        .expect(if language == Language::En { "errors: 0 ·" } else { "Fouten: 0 ·" })
        .expect_not(part);
}

#[test]
fn card_digits_in_a_text_are_reported_while_they_are_there() {
    let source = FOREIGN.replace("\"id\": 900001", "\"id\": \"900001\"");
    let doc = zegel::json::parse(&source).unwrap();
    let app = App::with_payload(setup(Language::En, 120, 60), Form::parse_payload(product(), &doc).unwrap());
    let mut walk = Walk::with(app);
    walk.keys("wait").expect("/organization/id is a number in quotes; it");
    walk.keys("1 pageup tab type:rijnb wait enter wait alt-7").expect_not("a number in quotes; it");
}
