//! Payment: the balance, a card, a stored card.

use crate::common::walk::{About, TO_REVIEW, Walk, card as stored_card, division, place, product, setup};
use rstest::rstest;
use zegel::domain::{AccountResource, ApiError, TransportErrorKind};
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::order;
use zegel::tui::app::App;
use zegel::tui::message::{Effect, Message};

/// At Payment with a card chosen and no other problem.
fn card() -> Walk {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("6 wait right").expect("(•) credit card");
    walk
}

const CARD: &str = "tab type:4111<space>1111-1111<space>1111 tab type:9 tab type:2029 tab type:123 \
    tab type:Anna<space>de<space>Vries";

#[test]
fn available_funds_are_shown() {
    let mut walk = Walk::new();
    walk.keys("alt-6").expect("Getting the balance …").keys("wait");
    walk.expect("Available: €1,500.00 (balance €1,000.00)");
}

#[test]
fn an_unknown_balance_is_reported() {
    let mut walk = Walk::new();
    walk.server.failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
    walk.keys("alt-6 wait").expect("The balance could not be retrieved: no complete response");
    walk.server.failure = None;
    walk.keys("alt-5 alt-6 wait").expect("Available: €1,500.00");
}

#[test]
fn a_stored_card_is_an_advanced_option() {
    let mut walk = Walk::new();
    walk.keys("alt-6").expect_not(") stored card").keys("left").expect("(•) credit card");
    walk.keys("alt-6 pageup right pagedown shift-tab").expect("› [ Show advanced options ]").keys("enter pageup left");
    walk.expect("(•) stored card").expect("Loading the stored card …").keys("wait");
    walk.expect("The default card would be charged (not confirmed): Visa *4242, valid through 07/2029.");
}

/// At Payment with the stored card chosen and no other problem.
fn stored(change: impl FnOnce(&mut About)) -> Walk {
    let mut walk = Walk::new();
    change(&mut walk.server.about);
    walk.keys(TO_REVIEW).keys("6 wait pagedown shift-tab enter pageup left wait").expect("(•) stored card");
    walk
}

#[rstest]
#[case(|_: &mut About| {}, "The default card would be charged (not confirmed): Visa *4242, valid through 07/2029.")]
#[case(|about: &mut About| about.profiles = vec![stored_card(11, 2026)], "valid through 11/2026.")]
#[case(|about: &mut About| about.profiles = vec![stored_card(10, 2026)], "! The default card would be charged (not confirmed): Visa *4242. It expired at the end of 10/2026.")]
#[case(|about: &mut About| about.profiles = Vec::new(), "! The account has no stored card that can be charged.")]
#[case(|about: &mut About| about.profiles[0].is_default = false, "! It is unclear which stored card would be charged")]
#[case(|about: &mut About| about.profiles[0].expires_year = None, "! The default card would be charged (not confirmed): Visa *4242. Its expiry date is not reported.")]
#[case(|about: &mut About| about.profiles[0].status = "expired".into(), "! The default card would be charged (not confirmed): Visa *4242. It is expired.")]
#[case(|about: &mut About| about.profiles[0].status = "on_hold".into(), "The default card would be charged (not confirmed): Visa *4242. Its status is on_hold.")]
#[case(
    |about: &mut About| about.refused = vec![(AccountResource::Profiles, ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() })],
    "! It is unclear which stored card would be charged. Check CertCentral before you order. Reason: refused (HTTP 403)"
)]
fn the_stored_card_is_shown_at_the_step_at_review_and_at_confirm(#[case] change: fn(&mut About), #[case] words: &str) {
    let mut walk = stored(change);
    walk.expect(words).keys("size:59x80 alt-7 wait").expect("Review").expect(words);
    walk.keys("enter survey").expect("Confirm").expect(words);
}

#[rstest]
#[case("expired", "De status van de kaart is verlopen (expired).")]
#[case("inactive", "De status van de kaart is niet actief (inactive).")]
#[case("on_hold", "De status van de kaart is on_hold.")]
fn the_stored_card_status_is_shown_in_dutch_beside_the_servers_word(#[case] status: &str, #[case] words: &str) {
    let mut walk = Walk::sized(Language::Nl, 80, 24);
    walk.server.about.profiles[0].status = status.into();
    walk.keys(TO_REVIEW).keys("6 wait pagedown shift-tab enter pageup left wait").expect(words);
}

#[test]
fn stored_cards_are_requested_only_if_one_is_used() {
    let asked = |walk: &Walk| {
        walk.seen.iter().filter(|effect| matches!(effect, Effect::Fetch(_, AccountResource::Profiles, _))).count()
    };
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("6 wait");
    assert_eq!(asked(&walk), 0);
    assert_eq!(asked(&stored(|_| {})), 1);
}

#[test]
fn the_balance_is_that_of_the_division_that_pays() {
    let mut walk = Walk::new();
    walk.server.about.divisions = vec![division(14, "Main"), division(15, "Facilitair Bedrijf")];
    walk.server.about.me.division = Some(15);
    walk.keys("alt-6 wait").expect("Available: €1,400.00 (balance €900.00) · division 15 Facilitair Bedrijf");
    walk.expect("different division may be charged)");
    walk.server.about.me.division = None;
    let mut walk = Walk { app: Walk::new().app, open: Vec::new(), seen: Vec::new(), ..walk };
    walk.handle_message(Message::Resize(walk.app.size()));
    walk.keys("wait alt-6 wait").expect("The account has several divisions, and zegel does not know");
}

#[test]
fn a_division_in_the_payload_pays() {
    let payload = r#"{"container": {"id": "16"}, "payment_method": "balance"}"#;
    let reading = Form::parse_payload(product(), &zegel::json::parse(payload).unwrap()).unwrap();
    let mut walk = Walk::with(App::with_payload(setup(Language::En, 80, 24), reading));
    walk.keys("wait alt-6 wait").expect(
        "Available: €1,300.00 (balance €800.00) · division 16 (not confirmed: a different division may be charged)",
    );
}

#[test]
fn a_card_is_masked_on_screen_and_sent_completely() {
    let mut walk = card();
    walk.keys(CARD).expect("************1111").expect("***").expect_not("4111");
    walk.keys("tab").expect("Copy address from: Organization");
    walk.keys("enter ctrl-n").expect("Review").expect_not("4111");
    walk.keys("enter").expect("which should mean").keys("survey pagedown pagedown wait type:order enter wait");
    let sent = walk.seen.iter().find_map(|effect| match effect {
        Effect::Order(order::OrderEffect::SendOrder(body)) => Some(String::from_utf8(body.expose().to_vec()).unwrap()),
        _ => None,
    });
    let body: serde_json::Value = serde_json::from_str(&sent.unwrap()).unwrap();
    let expected = serde_json::json!({
        "number": "4111111111111111", "expiration_month": "09", "expiration_year": "2029", "cvv": "123",
        "cardholder_name": "Anna de Vries", "set_as_default": "0"
    });
    assert_eq!(body["credit_card"], expected);
    assert_eq!(body["billing_address"]["city"], "Zilverdam");
}

#[test]
fn each_part_of_a_card_is_checked_at_its_field() {
    let mut walk = card();
    walk.keys("tab type:4111111111111112 tab").expect("✗ This card number is not valid");
    walk.keys("shift-tab backspace type:1").expect_not("✗ This card number is not valid");
    walk.keys("tab type:13 tab").expect("✗ Enter the month as two digits");
    walk.keys("shift-tab ctrl-u type:10 tab type:2026 tab").expect("✗ This card has expired.");
    walk.keys("shift-tab shift-tab ctrl-u type:11").expect_not("✗ This card has expired.");
    walk.keys("tab tab type:1234 tab").expect("✗ This card's CVV must have 3 digits.");
    walk.keys("shift-tab backspace").expect_not("✗ This card");
    walk.keys("tab type:Anna tab").expect("! Enter a first and a last name.");
}

#[test]
fn a_card_number_accepts_only_digits() {
    let mut walk = card();
    walk.keys("tab type:x").expect("You can only enter digits here.").keys("paste:4111<space>1111<enter>1111-1111");
    walk.expect("************1111");
    walk.keys("backspace").expect("***********1111".get(1..).unwrap()).keys("ctrl-u").expect_not("*");
}

#[test]
fn the_billing_address_is_copied_from_shipping_or_the_organization() {
    let mut walk = card();
    while !walk.shows("› [ Copy address from: Shipping ]") {
        walk.keys("tab");
    }
    walk.keys("enter");
    assert_eq!((walk.text("bill.address"), walk.text("bill.address2")), ("Raadhuisplein 1".into(), "2 hoog".into()));
}

/// The help is the same whether or not the advanced options are shown.
#[rstest]
#[case(Language::En, "A stored card is one of the advanced options.", "choose \"Show")]
#[case(Language::Nl, "Betalen met een bewaarde kaart is een van de extra opties.", "opties tonen\".")]
fn the_help_does_not_offer_to_show_visible_options(
    #[case] language: Language,
    #[case] output: &str,
    #[case] former: &str,
) {
    let mut walk = Walk::sized(language, 80, 24);
    walk.keys("alt-6 wait").expect(output).expect_not(former);
    walk.keys("pagedown shift-tab enter pageup").expect(output).expect_not(former);
}

#[test]
fn advanced_options_are_hidden_and_sent() {
    let mut walk = card();
    walk.expect_not("Set as default card");
    while !walk.shows("› [ Show advanced options ]") {
        walk.keys("tab");
    }
    walk.keys("enter").expect("[ Hide advanced options ]");
    while !walk.shows("› Set as default card") {
        walk.keys("shift-tab");
    }
    walk.expect("possible values are unknown.");
}

#[test]
fn card_data_is_wiped_after_ten_minutes_without_a_key() {
    let mut walk = card();
    walk.keys(CARD).keys("tick:599000");
    let at = place(walk.app.form(), "card.number");
    assert!(walk.app.form().secret(at).is_some());
    assert_eq!(walk.app.next_wake_in(), Some(1_000));
    walk.keys("tick:1000").expect("For security, the card");
    assert!(walk.app.form().secret(at).is_none());
    assert_eq!(walk.app.next_wake_in(), None);
}

#[test]
fn an_unused_card_is_neither_sent_nor_requested() {
    let mut walk = card();
    walk.keys(CARD).keys("alt-6 wait");
    while !walk.shows("› Payment method") {
        walk.keys("shift-tab");
    }
    walk.keys("left ctrl-n").expect("errors: 0").expect_not("credit_card");
}
