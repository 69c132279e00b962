//! Copied and filled-in values, and the note once their source has another value.

use crate::common::walk::{TO_REVIEW, Walk, setup};
use rstest::rstest;
use zegel::domain::Person;
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};

const SAID: &str = "This was copied from Organization";

/// An organization with an address different from the others.
const OTHER: &str = "type:rijnb wait enter wait";

/// At Shipping, with the address of Gemeente Zilverdam copied.
fn copied() -> Walk {
    let mut walk = Walk::sized(Language::En, 120, 70);
    walk.keys(TO_REVIEW).expect_not(SAID);
    walk
}

/// The same, with another organization chosen afterwards.
fn outdated() -> Walk {
    let mut walk = copied();
    walk.keys("1 pageup tab").keys(OTHER);
    walk
}

#[test]
fn an_outdated_copied_address_is_reported() {
    let mut walk = outdated();
    let words = format!("{SAID}. The address there is now: Raadhuisplein 1, 1234 AB Rijnbeemd");
    walk.expect("4!")
        .keys("alt-4")
        .expect(&words)
        .expect("[ Copy again ]")
        .expect("[ Keep as is ]")
        .expect("› Recipient");
    walk.keys("size:59x80 alt-7").expect(&format!("Shipping: {words}")).expect("warnings: 1").expect("[ Copy again ]");
    walk.keys("ctrl-n wait").expect(&format!("! Shipping: {words}")).expect("copy the details again or");
    walk.keys("type:order enter wait").expect("was placed");
}

#[rstest]
#[case::on_the_step("alt-4 pageup tab", "alt-4")]
#[case::at_review("alt-7 home down", "alt-7")]
fn an_outdated_copy_can_be_renewed_or_kept(#[case] to: &str, #[case] at: &str) {
    let mut again = outdated();
    again.keys(to).expect("› [ Copy again ]").keys("enter").expect("Address copied. You can");
    assert_eq!((again.text("ship.city"), again.text("ship.name")), ("Rijnbeemd".into(), "Anna de Vries".into()));
    again.keys(at).expect_not(SAID).keys("alt-7").expect_not(SAID).keys("ctrl-n wait").expect_not(SAID);
    let mut kept = outdated();
    kept.keys(to).keys(if at == "alt-4" { "tab" } else { "down" }).expect("› [ Keep as is ]").keys("enter");
    assert_eq!(kept.text("ship.city"), "Zilverdam");
    kept.keys(at).expect_not(SAID).keys("alt-7 ctrl-n wait").expect_not(SAID);
    kept.keys("esc 1 pageup tab type:sudw wait enter wait alt-4").expect_not(SAID);
}

#[test]
fn the_order_has_the_address_of_review_after_copying_again() {
    let mut walk = outdated();
    walk.keys("alt-7 home down enter wait").expect("Review").keys("ctrl-n wait type:order enter wait");
    let body: serde_json::Value = serde_json::from_str(&walk.server.sent[0]).unwrap();
    assert_eq!((&body["organization"]["id"], &body["ship_info"]["city"]), (&900_002.into(), &"Rijnbeemd".into()));
}

#[rstest]
#[case::the_same_again("1 pageup tab type:rijnb wait enter wait alt-1 pageup tab type:zilver wait enter wait")]
#[case::typed_over(
    "4 pageup tab tab end type:a tab tab end type:a tab end type:a tab end type:a alt-1 pageup tab type:rijnb wait enter wait"
)]
#[case::undone("1 pageup tab type:rijnb wait enter wait shift-tab ctrl-_ wait")]
#[case::taken_back("4 pagedown shift-tab enter alt-1 pageup tab type:rijnb wait enter wait")]
fn no_note_if_the_copy_is_gone_or_nothing_changed(#[case] keys: &str) {
    let mut walk = copied();
    walk.keys(keys).keys("alt-4").expect_not(SAID).keys("alt-7").expect_not(SAID);
}

#[rstest]
#[case::a_new_organization("1 pageup right", "but that address is no longer there.", false)]
#[case::an_unknown_one("1 pageup tab type:900077 enter wait", "but that address is no longer there.", false)]
#[case::one_part_typed_over(
    "4 pageup tab tab end type:a alt-1 pageup tab type:rijnb wait enter wait",
    "Rijnbeemd",
    true
)]
fn the_note_follows_any_change_of_the_source(#[case] keys: &str, #[case] words: &str, #[case] again: bool) {
    let mut walk = copied();
    walk.keys(keys).keys("alt-4").expect(SAID).expect(words).expect("[ Keep as is ]");
    assert_eq!(walk.shows("[ Copy again ]"), again);
}

#[test]
fn a_typed_address_is_a_source_too() {
    let mut walk = Walk::sized(Language::En, 120, 70);
    walk.keys("wait pageup right tab tab tab tab type:Kade<space>3 alt-4 pageup enter").expect("Kade 3");
    walk.keys("alt-1 pageup tab tab tab tab end type:a alt-4").expect("The address there is now: Kade 3a");
}

#[test]
fn the_billing_address_follows_its_own_source() {
    let mut walk = copied();
    walk.keys("6 pageup right wait pagedown shift-tab");
    while !walk.shows("› [ Copy address from: Shipping ]") {
        walk.keys("shift-tab");
    }
    walk.keys("enter alt-1 pageup tab").keys(OTHER).keys("alt-6").expect_not("This was copied");
    walk.keys("alt-4 pageup tab enter alt-6").expect("This was copied from Shipping. The address there is now:");
    walk.keys("alt-7").expect("Billing address: This was copied from Shipping");
    walk.keys("6 pageup left alt-7").expect_not("This was copied");
}

#[test]
fn the_origin_is_saved_in_the_draft() {
    let mut typed = copied();
    typed.keys("tick:1000 wait");
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 70) }));
    walk.server.stored = typed.server.stored;
    walk.keys("wait down enter wait").expect_not(SAID).keys("1 pageup tab").keys(OTHER).keys("alt-4").expect(SAID);
    walk.keys("pageup tab tab enter tick:1000 wait").expect_not(SAID);
    let mut again = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 70) }));
    again.server.stored = walk.server.stored;
    again.keys("wait down enter wait alt-7 wait").expect("Rijnbeemd").expect_not(SAID);
}

#[test]
fn new_and_read_orders_have_no_origin() {
    let mut walk = copied();
    walk.keys("ctrl-n wait type:order enter wait n wait").keys("pageup tab").keys(OTHER).keys("alt-4").expect_not(SAID);
}

/// At Contacts, with the details of a person who is no user filled in.
fn filled() -> Walk {
    let mut walk = Walk::sized(Language::En, 120, 70);
    walk.keys("wait type:zilver enter wait ctrl-n wait type:carla enter wait").expect("Carla").expect_not("filled in");
    walk
}

#[test]
fn details_of_another_person_are_reported_beside_the_chosen_user() {
    let mut walk = filled();
    walk.keys("pageup left left tab type:anna enter wait alt-2 wait");
    walk.keys("pageup left wait")
        .keys("alt-2")
        .expect("This was filled in with the details of Carla Smit. The current details are: Anna");
    walk.keys("alt-7")
        .expect("contact 1: This was filled in with the details of")
        .expect("Carla Smit. The current details are: Anna")
        .keys("2 pageup enter");
    walk.expect("The current details were filled in.").expect_not("This was filled in");
    assert_eq!((walk.text("contact.first"), walk.text("contact.title")), ("Anna".into(), "CISO".into()));
}

#[test]
fn details_changed_in_certcentral_are_reported_in_a_draft() {
    let mut typed = filled();
    typed.keys("tick:1000 wait");
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 70) }));
    let carla = Person { first_name: "Carla".into(), last_name: "Smit".into(), ..Person::default() };
    let carla = Person { email: "carla@zilverdam.example".into(), telephone: "14070".into(), ..carla };
    walk.server.about.verified = vec![(900_001, vec![carla])];
    walk.server.about.refused = vec![(zegel::domain::AccountResource::Approvers, refusal())];
    walk.server.stored = typed.server.stored;
    walk.keys("wait down enter wait")
        .expect("This was filled in with the details of Carla Smit. The current details are: Carla Smit");
    walk.keys("pageup tab enter").expect("The details were left unchanged.").expect_not("This was filled in");
}

fn refusal() -> zegel::domain::ApiError {
    zegel::domain::ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() }
}
