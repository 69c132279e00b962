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
fn the_servers_words_go_once_it_was_corrected(
    #[case] code: &str,
    #[case] message: &str,
    #[case] to: &str,
    #[case] correct: &str,
) {
    let mut walk = by_balance(&[(code, message)]);
    walk.expect("errors: 1 ·").keys(to).keys("wait alt-7").expect("errors: 1 ·").expect(SAYS);
    walk.keys(to).keys("wait").keys(correct).keys("wait alt-7").expect_not(SAYS);
    let problems =
        walk.model.feedback().problems.iter().filter(|one| one.level == zegel::product::Severity::Error).count();
    walk.expect(&format!("errors: {problems} ·")).expect_not("The order was refused");
}

#[rstest]
#[case::another_field("", "ship_info.zip is wrong", "4 pageup tab end type:x")]
#[case::another_step("", "shipping is not possible", "5 pageup right")]
#[case::the_same_row_again("", "user_id 800001 is unknown", "2 pageup tab enter enter")]
#[case::the_same_address_again("", "ship_info.zip is wrong", "4 pageup enter")]
#[case::looked_at_alone("odd", "who knows", "4 pageup tab tab tab left right f1 esc")]
fn the_servers_words_stay_until_then(#[case] code: &str, #[case] message: &str, #[case] keys: &str) {
    let mut walk = by_balance(&[(code, message)]);
    walk.keys(keys).keys("wait alt-7").expect("errors: 1 ·").expect(SAYS);
}

#[test]
fn what_was_said_of_the_whole_stays_as_long_as_something_that_was_named() {
    let mut walk = by_balance(&[("", "ship_info.zip is wrong"), ("contact_type_duplicate", ""), ("odd", "who knows")]);
    walk.expect("errors: 3 ·").keys(ZIP).keys("backspace type:C alt-7").expect("errors: 2 ·").expect("who knows");
    walk.keys("2 pageup tab tab type:technical enter alt-7").expect("errors: 0 ·").expect_not("who knows");
}

#[test]
fn an_address_that_is_copied_corrects_it() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys(ZIP).keys("backspace type:X alt-7 wait");
    let mut walk = refused_with(walk, &[("", "ship_info.zip is wrong")]);
    walk.keys("4 pageup enter alt-7").expect("errors: 0 ·").expect_not(SAYS);
}

#[rstest]
#[case::paid_otherwise("6 pageup left", 0)]
#[case::another_number("6 pageup tab ctrl-u type:4111111111111111", 0)]
#[case::no_digit("6 pageup tab type:x", 1)]
fn of_a_card_only_a_change_corrects_it(#[case] keys: &str, #[case] left: usize) {
    let mut walk = refused_with(state("review, paid by card").walk.clone(), &[("", "Card declined")]);
    walk.expect("errors: 1 ·").keys(keys).keys("wait alt-7");
    assert_eq!(walk.model.feedback().remarks.len(), left, "{}", walk.screen());
}

#[test]
fn that_one_is_to_agree_again_is_said_until_one_does() {
    let doc = zegel::json::parse(FOREIGN).unwrap();
    let model = App::with_payload(setup(Language::En, 120, 60), Form::parse_payload(product(), &doc).unwrap());
    let mut walk = Walk::with(model);
    walk.keys("wait").expect("agree to it here.").keys("3 space alt-7").expect_not("agree to it here.");
    walk.keys("3 tab space alt-7").expect("errors: 0 ·");
    walk.keys("3 pagedown shift-tab space alt-7").expect("agree to it here.");
}

#[rstest]
#[case(Language::En, "This field is never saved, so please fill it in again: I agree", "never saved,")]
#[case(Language::Nl, "Dit gegeven wordt nooit bewaard. Vul het opnieuw in: Ik ga akkoord", "nooit bewaard.")]
fn what_is_asked_again_is_named_until_it_is_entered(
    #[case] language: Language,
    #[case] said: &str,
    #[case] part: &str,
) {
    let mut typed = Walk::new();
    typed.keys(TO_REVIEW).keys("tick:1000 wait");
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(language, 120, 60) }));
    walk.server.stock = typed.server.stock;
    walk.keys("wait down enter wait").expect(said);
    walk.keys("3 space alt-7")
        .expect(if language == Language::En { "errors: 0 ·" } else { "Fouten: 0 ·" })
        .expect_not(part);
}

#[test]
fn that_digits_stood_in_a_text_is_said_as_long_as_they_do() {
    let source = FOREIGN.replace("\"id\": 900001", "\"id\": \"900001\"");
    let doc = zegel::json::parse(&source).unwrap();
    let model = App::with_payload(setup(Language::En, 120, 60), Form::parse_payload(product(), &doc).unwrap());
    let mut walk = Walk::with(model);
    walk.keys("wait").expect("/organization/id is a number in quotes; it");
    walk.keys("1 pageup tab type:rijnb wait enter wait alt-7").expect_not("a number in quotes; it");
}
