//! Certificate, shipping, validity.

use crate::common::walk::{TO_REVIEW, Walk};
use rstest::rstest;
use zegel::domain::{ApiError, TransportErrorKind};
use zegel::i18n::Language;

/// A walk that has visited every step once, at the step of this number.
fn at_step(number: usize) -> Walk {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys(&number.to_string()).keys("wait pageup");
    walk
}

fn body(walk: &mut Walk) -> serde_json::Value {
    walk.keys("alt-7 wait enter wait type:order enter wait");
    serde_json::from_str(walk.server.sent.last().unwrap_or_else(|| panic!("{}", walk.screen()))).unwrap()
}

#[test]
fn fixed_values_are_explained_and_cannot_have_the_focus() {
    let mut walk = at_step(3);
    walk.expect("sha256").expect("This product only supports SHA-256.").expect("qscd");
    for _ in 0..6 {
        walk.keys("tab").expect_not("› Signature hash").expect_not("› Provisioning method");
    }
}

#[test]
fn the_pss_option_shows_when_it_applies() {
    at_step(3).expect("› [ ] Sign with RSASSA-PSS").expect("issuing CA has an RSA");
    let mut walk = at_step(3);
    walk.keys("f1").expect("issuing CA has an RSA key").keys("esc space");
    assert_eq!(body(&mut walk)["certificate"]["is_rsassa_pss"], true);
}

#[test]
fn the_agreement_must_be_accepted_explicitly() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter ctrl-n wait type:anna enter ctrl-n wait");
    walk.expect("[ ] I agree to the Certificate Subscriber Agreement");
    walk.keys("ctrl-n").expect("✗ You must agree before you can order.").expect("Step 3 of 7");
    walk.keys("space").expect("[x] I agree").expect_not("✗ You must agree");
    walk.keys("ctrl-n").expect("Step 4 of 7");
}

#[test]
fn the_agreement_can_be_read_before() {
    let mut walk = at_step(3);
    walk.keys("tab").expect("› [ Read the agreement (CSA) ]").keys("enter").expect("The made-up agreement.");
    walk.keys("end").expect_not("The made-up agreement.").keys("esc").expect("› [ Read the agreement (CSA) ]");
}

#[test]
fn an_unavailable_agreement_names_a_contact() {
    let mut walk = Walk::new();
    walk.server.failure = Some(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
    walk.keys("alt-3 shift-tab enter").expect("Getting the agreement …");
    walk.keys("wait").expect("no complete response (timed out)").expect("Ask DigiCert for its Certificate");
}

#[test]
fn copying_the_organizations_address_can_be_undone() {
    let mut walk = at_step(4);
    walk.keys("tab tab").expect("› Address");
    walk.keys("ctrl-u type:Oude<space>Weg<space>2 tab type:x");
    walk.keys("pageup enter").expect("Raadhuisplein 1").expect("Address copied. You can");
    assert_eq!(walk.text("ship.addr2"), "", "no stray line stays");
    walk.keys("pagedown shift-tab").expect("› [ Undo copy ]").keys("enter");
    assert_eq!((walk.text("ship.addr1"), walk.text("ship.addr2")), ("Oude Weg 2".into(), "2 hoogx".into()));
}

#[test]
fn the_address_of_a_new_organization_is_copied_too() {
    let mut walk = Walk::new();
    walk.keys("wait alt-4 pageup enter").expect("There is no address to copy yet.");
    walk.keys("alt-1 pageup right tab tab tab tab type:Kade<space>3 alt-4 pageup enter").expect("Kade 3");
}

#[rstest]
#[case("belgi", "be", "Belgium (be)")]
#[case("duits", "de", "Germany (de)")]
#[case("FR", "fr", "France (fr)")]
fn a_country_is_chosen_by_name_in_both_languages_or_by_code(
    #[case] typed: &str,
    #[case] code: &str,
    #[case] shown: &str,
) {
    let mut walk = at_step(4);
    while !walk.shows("› Country") {
        walk.keys("tab");
    }
    walk.keys(&format!("type:{typed} enter")).expect(shown);
    assert_eq!(walk.text("ship.country"), code);
}

#[test]
fn a_blank_second_line_is_sent_as_an_empty_text_and_shown_so() {
    let mut walk = at_step(4);
    walk.keys("tab tab tab")
        .expect("› Address, line 2")
        .keys("ctrl-u tab")
        .expect("If you leave this blank, an empty value is sent.");
    assert_eq!(body(&mut walk)["ship_info"]["addr2"], "");
}

#[test]
fn expedited_shipping_is_marked_as_not_confirmed() {
    let mut walk = at_step(4);
    while !walk.shows("› Shipping method") {
        walk.keys("tab");
    }
    walk.keys("right").expect("(•) expedited").expect("not confirmed for this one");
    assert_eq!(body(&mut walk)["ship_info"]["method"], "EXPEDITED");
}

#[test]
fn years_count_from_the_day_of_issue() {
    let mut walk = at_step(5);
    walk.expect("1 year from the date of issue; expires on")
        .expect("22 Nov 2027")
        .expect("Years allowed for your account: 1, 2");
    walk.keys("tab type:2 enter").expect("2 years from the date of issue");
    assert_eq!(body(&mut walk)["order_validity"], serde_json::json!({"years": 2}));
}

#[test]
fn years_not_offered_by_the_account_cause_a_warning() {
    let mut walk = at_step(5);
    walk.keys("tab enter").expect("1 year").expect("2 years").keys("type:5").expect("› Use \"5\" as typed");
    walk.keys("enter").expect("! Years allowed for your account: 1, 2.");
    assert_eq!(body(&mut walk)["order_validity"]["years"], 5);
}

#[test]
fn without_account_data_only_one_year_is_offered() {
    let mut walk = Walk::new();
    walk.keys("alt-5 tab enter").expect("1 year").expect_not("2 years").keys("type:2 enter");
    walk.expect("! Only 1 year is known to be allowed");
}

#[test]
fn more_than_397_days_cause_a_warning() {
    let mut walk = at_step(5);
    walk.keys("left")
        .expect("(•) in days")
        .keys("tab type:398 tab")
        .expect("! This is more than 397, the highest value known to be allowed.");
    walk.keys("shift-tab backspace type:7").expect_not("✗").expect("397 days from the date of issue; expires on");
    assert_eq!(body(&mut walk)["order_validity"], serde_json::json!({"days": 397}));
}

#[test]
fn an_end_date_is_sent_unchanged_and_marked_as_not_confirmed() {
    let mut walk = at_step(5);
    walk.keys("left left").expect("(•) until a date").expect("never converted to days.");
    walk.keys("tab f1").expect("Source of this field: an assumption by zegel. Not confirmed for this product.");
    walk.keys("esc type:2026-11-22 tab");
    walk.expect("✗ Enter a date from 2026-11-23 to 2027-12-24.");
    walk.keys("shift-tab ctrl-u type:2027-06-30").expect_not("✗");
    assert_eq!(body(&mut walk)["order_validity"], serde_json::json!({"custom_expiration_date": "2027-06-30"}));
}

#[test]
fn the_validity_can_be_left_to_digicert() {
    let mut walk = at_step(5);
    walk.keys("right").expect("(•) let DigiCert decide").expect("No validity period is sent");
    assert!(body(&mut walk).get("order_validity").is_none());
}

#[test]
fn undoing_a_copy_keeps_later_typing() {
    let mut walk = at_step(4);
    walk.keys("tab tab ctrl-u type:Oude<space>Weg<space>2 pageup enter enter").expect("Raadhuisplein 1");
    walk.keys("pageup tab tab tab type:3<space>hoog pagedown shift-tab").expect("› [ Undo copy ]").keys("enter");
    assert_eq!((walk.text("ship.addr1"), walk.text("ship.addr2")), ("Oude Weg 2".into(), "3 hoog".into()));
}

#[test]
fn digits_typed_at_a_choice_do_not_change_the_step() {
    let mut walk = Walk::new();
    walk.keys("alt-6 type:4111").expect("Step 6 of 7").expect("1 does nothing here.");
    assert_eq!(walk.text("ship.name"), "");
}

/// Every step, with each choice that shows other fields.
const STEPS: [&str; 13] = [
    "alt-1",
    "alt-1 pageup right",
    "alt-2",
    "alt-2 pageup right",
    "alt-2 pageup right right",
    "alt-2 pageup right right right",
    "alt-3",
    "alt-4",
    "alt-5",
    "alt-5 left",
    "alt-5 left left",
    "alt-6",
    "alt-6 right",
];

#[rstest]
fn the_help_of_each_field_fits_80_by_24(#[values(Language::En, Language::Nl)] language: Language) {
    let mut met = 0;
    for step in STEPS {
        let mut walk = Walk::sized(language, 80, 24);
        walk.keys("wait").keys(step).keys("wait pageup");
        let mut last = String::new();
        while last != walk.screen() {
            last = walk.screen();
            let help = walk.rows()[20..23].join("\n");
            assert!(!help.contains('…'), "{step}:\n{help}");
            met += 1;
            walk.keys("tab");
        }
    }
    assert!(met > 80, "{met} spots were looked at");
}

#[rstest]
#[case::zero_width("type:\u{200b}\u{feff}")]
#[case::joined_space("type:\u{2060}<space>\u{2060}")]
#[case::filler("type:\u{3164}")]
fn a_step_with_an_invisible_text_cannot_be_left(#[case] typed: &str) {
    let mut walk = at_step(4);
    walk.keys("tab ctrl-u").keys(typed).keys("ctrl-n");
    walk.expect("✗ This field is required.").expect("Step 4 of 7");
    walk.keys("ctrl-u type:Anna<space>Smit ctrl-n").expect("Step 5 of 7");
}

#[test]
fn a_blank_second_line_is_noted_and_is_no_warning() {
    let mut walk = Walk::new();
    walk.keys("alt-4 tab tab").expect_not("If you leave this blank, an empty value is sent.");
    walk.keys("tab").expect("If you leave this blank, an empty value is sent.").expect_not("! This is blank");
    walk.keys("shift-tab type:x tab").expect_not("If you leave this blank, an empty value is sent.");
    let mut walk = at_step(7);
    walk.expect_not("If you leave this blank, an empty value is sent.")
        .keys("enter wait")
        .expect_not("leave this blank");
}

/// At the field for the province of the shipping address.
fn at_the_province() -> Walk {
    let mut walk = Walk::new();
    walk.keys("alt-4 tab tab tab tab tab").expect("› State or province");
    walk
}

#[test]
fn provinces_are_suggested_and_accepted_by_a_key() {
    let mut walk = at_the_province();
    walk.expect("For example: Drenthe, Flevoland, Fryslân");
    walk.keys("type:friesl").expect("Press the right arrow key to use Fryslân.").keys("right").expect_not("arrow key");
    assert_eq!(walk.text("ship.state"), "Fryslân");
    walk.keys("ctrl-_");
    assert_eq!(walk.text("ship.state"), "friesl");
    walk.keys("ctrl-u type:holland").expect("to use Noord-Holland. Other options: Zuid-Holland.").keys("left right");
    assert_eq!(walk.text("ship.state"), "holland", "within a text the key moves the cursor");
}

#[rstest]
#[case("Friesland")]
#[case("friesland")]
#[case("Vlaams-Brabant")]
#[case("Holland")]
fn any_other_province_is_sent_as_it_is_typed(#[case] typed: &str) {
    let mut walk = at_the_province();
    walk.keys(&format!("type:{typed} tab")).expect_not("arrow key").expect_not("For example:");
    assert_eq!(walk.text("ship.state"), typed);
    walk.keys("alt-4 pageup").expect(typed).expect_not(&format!("{typed}\n!"));
}
