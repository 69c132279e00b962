//! Status: the state of a placed order, the age of that information, and a new order afterwards.

use crate::common::quotes::quote;
use crate::common::walk::{ORDER, TO_REVIEW, Walk};
use rstest::rstest;
use zegel::domain::{AccountResource, ApiError, SendResult, TransportErrorKind};
use zegel::i18n::Language;
use zegel::tui::message::Effect;

/// At Status, after this response to the order.
fn placed(body: &str) -> Walk {
    let mut walk = Walk::new();
    walk.server.orders = [SendResult::from_reply(201, body.as_bytes().to_vec())].into();
    walk.keys(TO_REVIEW).keys(ORDER).expect("was placed");
    walk
}

#[test]
fn every_request_is_shown_with_its_state() {
    let mut walk =
        placed(r#"{"id": "7", "requests": [{"id": "1", "status": "submitted"}, {"id": 2, "status": "odd_word"}]}"#);
    walk.server.request = "approved";
    walk.expect("request 1:").expect("request 2:").keys("r wait").expect("request 1: approved");
}

#[test]
fn unknown_status_words_are_shown_unchanged() {
    let mut walk = Walk::new();
    (walk.server.request, walk.server.order) = ("brand_new", "odd\u{1b}[31m");
    walk.keys(TO_REVIEW).keys(ORDER).expect("request 5001: brand_new").expect("status: odd^[[31m");
}

#[test]
fn without_requests_there_was_no_approval_step() {
    placed(r#"{"id": 7, "certificate_id": 9}"#).expect("no approval step reported").expect("certificate 9");
}

#[test]
fn the_reported_validity_is_shown_beside_the_requested_one() {
    placed(r#"{"id": 7}"#).expect("validity according to the order: 1 year (requested: 1 year)");
}

#[rstest]
#[case::none(
    Language::En,
    "5 wait pageup right",
    "validity according to the order: 1 year (no validity was requested)"
)]
#[case::none_in_dutch(
    Language::Nl,
    "5 wait pageup right",
    "geldigheid volgens de bestelling: 1 jaar (in de bestelling is geen geldigheidsduur opgegeven)"
)]
#[case::one_day(Language::En, "5 wait pageup left tab type:1", "1 year (requested: 1 day)")]
#[case::a_date(Language::En, "5 wait pageup left left tab type:2027-06-30", "1 year (requested: 30 Jun 2027)")]
#[case::a_date_of_two_readings(Language::En, "5 wait pageup left left tab type:05/06/2027", "(requested: 05/06/2027)")]
fn the_requested_validity_is_shown_as_sent(#[case] language: Language, #[case] to: &str, #[case] output: &str) {
    let word = if language == Language::En { "order" } else { "bestel" };
    let mut walk = Walk::sized(language, 100, 50);
    walk.server.orders = [SendResult::from_reply(201, br#"{"id": 7}"#.to_vec())].into();
    walk.keys(TO_REVIEW).keys(to).keys(&format!("alt-7 wait enter wait pagedown pagedown wait type:{word} enter wait"));
    walk.expect(output);
}

const NEW: &str = "wait pageup right tab type:Gemeente<space>Zilverdam tab tab tab type:Kade<space>3 tab tab type:1234AB tab \
    type:Zilverdam tab type:Utrecht tab type:+31<space>88<space>555<space>0100 tab tab type:Anna tab type:Smit tab \
    type:anna@zilverdam.example alt-2 wait type:anna enter alt-3 wait space alt-4 pageup enter tab \
    type:Anna<space>Smit alt-7";

#[test]
fn a_new_organization_is_named_by_its_id() {
    let mut walk = Walk::new();
    walk.server.orders = [SendResult::from_reply(201, br#"{"id": 7, "organization": {"id": 900333}}"#.to_vec())].into();
    walk.keys(NEW).expect("errors: 0").keys(ORDER).expect("A new organization was created: 900333");
    walk.expect("the new organization Gemeente Zilverdam").keys("q");
    assert!(walk.app.exit().unwrap().placed_ids.contains(&"organization 900333".to_owned()));
}

#[test]
fn a_new_organization_without_an_id_is_shown_too() {
    let mut walk = Walk::new();
    walk.server.orders = [SendResult::from_reply(201, br#"{"id": 7}"#.to_vec())].into();
    walk.keys(NEW).keys(ORDER).expect("the order may be linked to an existing organization.");
}

#[test]
fn the_linked_organization_is_named_by_the_order_details() {
    let mut walk = Walk::new();
    walk.server.about.tied_to = Some((900_009, "Gemeente Zilverdam"));
    walk.keys(NEW).keys(ORDER).expect("the order is for organization 900009 Gemeente Zilverdam");
    walk.expect_not(quote("status.no_new_organization", "be linked to"));
}

#[test]
fn the_age_of_the_last_reply_is_shown() {
    let mut walk = placed(r#"{"id": 7}"#);
    walk.keys("tick:5000").expect("updated 5 seconds ago");
    assert_eq!(walk.app.next_wake_in(), Some(1_000));
    walk.keys("tick:120000").expect("updated 2 minutes ago");
    assert_eq!(walk.app.next_wake_in(), Some(60_000), "it need not wake every second any more");
}

#[test]
fn a_failed_request_keeps_the_known_status() {
    let mut walk = placed(r#"{"id": 7, "requests": [{"id": 1, "status": "pending"}]}"#);
    walk.server.failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
    walk.keys("r wait").expect("no complete response (timed out)").expect("request 1: waiting for approval (pending)");
}

#[test]
fn an_issued_order_is_no_longer_polled() {
    let mut walk = Walk::new();
    (walk.server.request, walk.server.order) = ("approved", "issued");
    walk.keys(TO_REVIEW).keys(ORDER).expect("status: issued").expect("certificate 600001");
    walk.expect("has stopped checking.");
}

#[test]
fn a_new_order_starts_empty() {
    let mut walk = placed(r#"{"id": 7, "requests": [{"id": 1, "status": "pending"}]}"#);
    walk.server.orders = [SendResult::from_reply(201, br#"{"id": 8}"#.to_vec())].into();
    walk.keys("n").expect("Step 1 of 7").expect("1› 2· 3· 4· 5· 6· 7·");
    for id in ["org.id", "order.csa", "ship.name", "contact.person"] {
        assert_eq!(walk.text(id), "", "{id}");
    }
    walk.keys(TO_REVIEW.trim_start_matches("wait")).keys(ORDER).expect("was placed");
    assert_eq!(walk.orders(), 2);
    walk.keys("q");
    assert_eq!(walk.app.exit().unwrap().placed_ids, ["order 7", "request 1 pending", "order 8"], "none is forgotten");
}

#[test]
fn the_balance_is_requested_again_for_a_new_order() {
    let mut walk = placed(r#"{"id": 7}"#);
    let asked = |walk: &Walk| {
        walk.seen.iter().filter(|effect| matches!(effect, Effect::Fetch(_, AccountResource::Balance(_), _))).count()
    };
    assert_eq!(asked(&walk), 1);
    walk.keys("n alt-6 wait");
    assert_eq!(asked(&walk), 2);
}
