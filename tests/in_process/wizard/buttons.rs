//! Buttons and typing: only Enter presses a button, and a step opens on a field.

use crate::common::payloads::FOREIGN;
use crate::common::rules::Values;
use crate::common::states::{State, state};
use crate::common::walk::{ORDER, TO_REVIEW, Walk, product, refused, setup};
use rstest::rstest;
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::key::{KeyCode, KeyPress};
use zegel::tui::message::Message;

/// Every kind of button, each in focus.
const BUTTONS: &[(&str, &str)] = &[
    ("shipping", "pageup"),
    ("shipping, copied", "pagedown shift-tab"),
    ("payment, card number", "tab tab tab tab tab"),
    ("certificate, the agreement in focus", ""),
    ("certificate, agreed", "pagedown"),
    ("contacts, a person", "pagedown shift-tab"),
    ("contacts, four rows", "pagedown shift-tab shift-tab"),
    ("contacts, a row taken out", ""),
    ("payment, for experts", ""),
    ("organization, new, one that is alike", ""),
    ("payload, odd, certificate", "pageup"),
    ("organization, picked", "pagedown"),
];

fn at_button((name, script): (&str, &str)) -> Walk {
    let State { walk, .. } = state(name);
    let mut walk = walk.clone();
    walk.keys(script);
    let row = walk.rows().into_iter().find(|row| row.starts_with(" › ")).unwrap_or_default();
    assert!(row.contains("[ ") || row.contains("sha1"), "{name}: no button has the focus: {row}");
    walk
}

#[test]
fn a_printable_key_on_a_button_changes_nothing_and_is_reported() {
    for button in BUTTONS {
        let before = at_button(*button);
        for c in (' '..='~').filter(|c| *c != '?').chain(['é', '東']) {
            let mut walk = before.clone();
            walk.handle_message(Message::Key(KeyPress::plain(KeyCode::Char(c))));
            assert!(Values::of(walk.app.form()) == Values::of(before.app.form()), "{c:?} at {button:?}");
            assert!(walk.app.top_dialog().is_none(), "{c:?} at {button:?} opened something");
            let name = if c == ' ' { "Space".to_owned() } else { c.to_string() };
            walk.expect(&format!("{name} does nothing on a button. Press Enter to use the button, or"));
        }
    }
}

#[test]
fn enter_presses_a_button() {
    for button in BUTTONS {
        let before = at_button(*button);
        let mut walk = before.clone();
        walk.keys("enter");
        assert_ne!(walk.screen(), before.screen(), "Enter at {button:?}");
    }
}

#[rstest]
#[case("alt-5 pageup", "space", "(•) let DigiCert decide")]
#[case("alt-3", "space", "[x] I agree")]
#[case("alt-3 space", "space", "[ ] I agree")]
fn space_toggles_boxes_and_radios(#[case] to: &str, #[case] key: &str, #[case] then: &str) {
    Walk::new().keys("wait").keys(to).keys(key).expect(then);
}

/// Returns the focus after a script.
fn focused(walk: &Walk) -> String {
    walk.rows().into_iter().find(|row| row.starts_with(" › ")).unwrap_or_else(|| panic!("{}", walk.screen()))
}

#[rstest]
#[case::nothing_is_filled_in("wait", "Name or id")]
#[case::a_person_is_missing("wait alt-2", "Person")]
#[case::the_agreement_is_missing("wait alt-3", "[ ] I agree")]
#[case::nothing_is_shipped("wait alt-4", "Recipient")]
#[case::what_is_there_is_passed_over(
    "wait alt-4 type:Anna<space>Vries tab type:Kade<space>3 alt-1 alt-4",
    "Postal code"
)]
#[case::nothing_is_missing("wait alt-5", "Validity period")]
#[case::a_card_number_is_missing("wait alt-6 right alt-5 alt-6", "Card number")]
#[case::a_new_organization_lacks_its_name("wait pageup right alt-2 alt-1", "Legal name")]
#[case::by_the_way_back("wait alt-5 esc", "Recipient")]
#[case::by_the_way_on("wait alt-5 esc esc type:x space ctrl-n", "Recipient")]
#[case::from_review("wait alt-7 4", "Recipient")]
fn a_step_opens_on_the_first_field_that_needs_a_value(#[case] script: &str, #[case] label: &str) {
    let mut walk = Walk::new();
    walk.keys(script);
    assert!(focused(&walk).starts_with(&format!(" › {label}")), "{}", walk.screen());
}

#[rstest]
#[case("1", "Existing or new")]
#[case("2", "Kind of contact")]
#[case("3", "[ ] Sign with RSASSA-PSS")]
#[case("4", "Recipient")]
#[case("5", "Validity period")]
#[case("6", "Payment method")]
fn a_complete_step_opens_on_its_first_field(#[case] number: &str, #[case] label: &str) {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys(number).keys("wait");
    assert!(focused(&walk).starts_with(&format!(" › {label}")), "{}", walk.screen());
}

/// A complete order that was read, as `zegel review` opens it.
fn complete() -> Walk {
    let doc = zegel::json::parse(FOREIGN).unwrap();
    Walk::with(App::with_payload(setup(Language::En, 80, 24), Form::parse_payload(product(), &doc).unwrap()))
}

#[test]
fn typing_a_name_into_a_complete_order_overwrites_no_address() {
    let mut walk = complete();
    walk.keys("wait alt-4 ctrl-u type:Bram<space>de<space>Boer");
    assert_eq!((walk.text("ship.name"), walk.text("ship.addr1")), ("Bram de Boer".into(), "Keizersgracht 1".into()));
    walk.keys("pageup type:Bram<space>de<space>Boer");
    assert_eq!((walk.text("ship.name"), walk.text("ship.addr1")), ("Bram de Boer".into(), "Keizersgracht 1".into()));
}

#[test]
fn a_step_opens_on_the_field_with_a_server_error() {
    let mut walk = Walk::new();
    walk.server.orders.push_back(refused(&[("", "ship_info.zip is wrong")]));
    walk.keys(TO_REVIEW).keys("size:200x40").keys(ORDER).keys("4");
    assert!(focused(&walk).starts_with(" › Postal code"), "{}", walk.screen());
    assert_eq!(walk.app.top_dialog().map(|_| ()), None);
}

#[test]
fn a_draft_opens_at_the_first_missing_value() {
    let mut typed = Walk::new();
    typed.keys("wait type:zilver enter alt-4 type:Anna<space>Vries tick:1000 wait");
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 80, 24) }));
    walk.server.stored = typed.server.stored;
    walk.keys("wait down enter wait").expect("Step 4 of 7");
    assert!(focused(&walk).starts_with(" › Address"), "{}", walk.screen());
}
