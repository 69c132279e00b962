//! A new organization beside similar existing ones: shown before the next step, taken by a key, without loss of input.

use crate::common::walk::Walk;
use rstest::rstest;
use zegel::domain::{AccountResource, ApiError, TransportErrorKind};
use zegel::tui::message::Effect;

/// At the name of a new organization.
fn new() -> Walk {
    let mut walk = Walk::new();
    walk.keys("wait pageup right tab");
    walk
}

const TAKE: &str = "[ Use 900001  Gemeente Zilverdam, 1234 AB Zilverdam ]";

#[rstest]
#[case("Gemeente<space>Zilverdam")]
#[case("gemeente<space>zilverdamm")]
#[case("Zilverdam")]
fn a_similar_organization_is_shown_once_the_name_is_typed(#[case] name: &str) {
    let mut walk = new();
    walk.keys(&format!("type:{name}")).expect_not("may already have");
    walk.keys("tab")
        .expect("! The account may already have this organization. DigiCert recommends using an existing one:")
        .expect(TAKE);
}

#[rstest]
#[case("Waterschap<space>Nergens")]
#[case("Stichting<space>Súdwâld")]
#[case("Gem")]
fn dissimilar_organizations_are_not_shown(#[case] name: &str) {
    new().keys(&format!("type:{name} tab")).expect_not("may already have").expect_not("[ Use");
}

#[test]
fn another_city_rules_out_a_partial_name_match() {
    let mut walk = new();
    walk.keys("type:Zilverdam tab").expect(TAKE);
    walk.keys("tab tab tab tab tab type:Rijnbeemd tab").expect_not("[ Use");
    assert_eq!(walk.text("org.city"), "Rijnbeemd");
}

#[test]
fn taking_the_existing_organization_orders_for_it_and_loses_nothing() {
    let mut walk = new();
    walk.keys("type:Gemeente<space>Zilverdam tab shift-tab").expect("› [ Use 900001").keys("enter wait");
    walk.expect("The order is now for this").expect("(•) already in CertCentral").expect("900001  Gemeente Zilverdam");
    assert_eq!((walk.text("org.how"), walk.text("org.id")), ("existing".into(), "900001".into()));
    walk.keys("shift-tab right").expect("Gemeente Zilverdam");
    assert_eq!(walk.text("org.name"), "Gemeente Zilverdam");
}

#[test]
fn leaving_the_step_shows_similar_organizations_once() {
    let mut walk = new();
    walk.keys(
        "type:Gemeente<space>Zilverdam tab tab tab type:Kade<space>3 tab tab type:1234AB tab type:Zilverdam tab \
        type:Utrecht tab type:0885550100 tab tab type:Anna tab type:Smit tab type:anna@zilverdam.example",
    );
    walk.keys("ctrl-n")
        .expect("The account may already have this organization. Use it, or press Ctrl-N again to continue.");
    walk.expect("› [ Use 900001").expect("Step 1 of 7").keys("ctrl-n wait").expect("Step 2 of 7");
    walk.keys("alt-1 ctrl-n").expect("Step 2 of 7");
    walk.keys("alt-1 pageup tab type:x tab ctrl-n").expect("Step 1 of 7").expect("it, or press Ctrl-N again to");
}

#[test]
fn confirm_repeats_the_similar_organization() {
    let mut walk = new();
    walk.keys(
        "type:Gemeente<space>Zilverdam tab size:80x60 alt-2 wait pageup right right tab type:Bram tab type:Jansen tab \
        type:bram@zilverdam.example tab type:CISO tab type:0885550102 alt-1 pageup tab tab tab tab tab \
        type:Kade<space>3 tab tab type:1234AB tab type:Zilverdam tab type:Utrecht tab type:0885550100 tab tab \
        type:Anna tab type:Smit tab type:anna@zilverdam.example alt-3 wait space alt-4 pageup enter tab \
        type:Anna<space>Smit alt-7 wait enter survey",
    );
    walk.expect("You entered a new organization, but the account may already have it: 900001  Gemeente Zilverdam");
}

#[test]
fn organizations_that_arrive_later_are_compared_too() {
    let mut walk = Walk::new();
    walk.keys("pageup right tab type:Gemeente<space>Zilverdam tab").expect_not("may already have").keys("wait");
    walk.expect(TAKE);
}

#[test]
fn the_list_is_requested_for_a_new_organization_too() {
    let payload = r#"{"organization": {"name": "Gemeente Zilverdam", "country": "nl", "contacts": []}}"#;
    let reading =
        zegel::form::Form::parse_payload(crate::common::walk::product(), &zegel::json::parse(payload).unwrap())
            .unwrap();
    let setup = crate::common::walk::setup(zegel::i18n::Language::En, 80, 24);
    let mut walk = Walk::with(zegel::tui::app::App::with_payload(setup, reading));
    walk.keys("wait alt-1 wait").expect(TAKE);
    let lists = walk.seen.iter().filter(|effect| {
        matches!(effect, Effect::Fetch(_, AccountResource::Organizations | AccountResource::SoleOrganization, _))
    });
    assert_eq!(lists.count(), 1);
}

#[test]
fn an_unavailable_list_is_reported() {
    let mut walk = Walk::new();
    walk.server.failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
    walk.keys("wait pageup right tab type:Gemeente tab");
    walk.expect("zegel could not check whether the account already has this organization: no complete");
}
