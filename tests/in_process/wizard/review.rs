//! Review: summary and JSON, lines that lead to fields, payloads that were read.

use crate::common::quotes::quote;
use crate::common::walk::{TO_REVIEW, Walk, product, setup};
use rstest::rstest;
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::tui::app::App;

fn review() -> Walk {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW);
    walk
}

/// A wizard with this payload loaded.
fn loaded(payload: &str) -> Walk {
    let reading = Form::parse_payload(product(), &zegel::json::parse(payload).unwrap()).unwrap();
    Walk::with(App::with_payload(setup(Language::En, 200, 60), reading))
}

#[test]
fn missing_values_are_listed_with_a_way_there_and_back() {
    let mut walk = Walk::new();
    walk.keys("size:200x60 wait alt-7").expect("› ✗ Organization · Name or id: This field is required.");
    walk.keys("down enter wait").expect("Step 2 of 7").expect("› Person").expect("[ Continue to: Review ]");
    walk.keys("type:anna enter ctrl-n").expect("Review").expect_not("Person: This field is required");
}

#[test]
fn a_line_of_the_summary_leads_to_its_field() {
    let mut walk = review();
    walk.keys("down").expect("› Organization").keys("down enter").expect("› Name or id");
}

#[test]
fn a_line_of_the_json_leads_to_its_field() {
    let mut walk = review();
    walk.keys("tab down")
        .expect("›   \"organization\": {")
        .keys("enter")
        .expect("This line does not belong to a field.");
    walk.keys("down").expect("›     \"id\": 900001,").keys("enter").expect("› Name or id");
}

#[test]
fn the_json_follows_the_summary() {
    let mut walk = review();
    walk.keys("end").expect("›   \"payment_method\": \"balance\"");
}

#[test]
fn the_digest_is_shown_and_changes_with_the_order() {
    let mut walk = review();
    let digest = |walk: &Walk| {
        let screen = walk.screen();
        screen.split_once("digest ").unwrap().1[..16].to_owned()
    };
    let before = digest(&walk);
    assert!(before.chars().all(|c| c.is_ascii_hexdigit()));
    walk.keys("3 space alt-7");
    assert_ne!(digest(&walk), before);
}

#[test]
fn on_a_narrow_screen_tab_shows_the_other_half() {
    let mut walk = review();
    walk.keys("size:40x10").expect("Confirm the order").expect_not("\"organization\"");
    walk.keys("tab").expect("\"organization\": {").expect_not("Confirm the order");
}

#[test]
fn errors_block_the_confirmation() {
    let mut walk = Walk::new();
    walk.keys("wait alt-7 ctrl-n")
        .expect("First fix the errors shown at the top.")
        .expect_not(quote("confirm.survey", "Checking for earlier orders"));
}

const PAYLOAD: &str = r#"{
  "comments": "please",
  "csa_agreed_to": true,
  "organization": {"id": "900001", "name": null, "contacts": [{"user_id": 800001, "contact_type": "verified_contact"}]},
  "payment_method": "balance",
  "credit_card": {"number": "4111111111111111"}
}"#;

#[test]
fn loading_removes_the_agreement_and_reports_that() {
    let mut walk = loaded(&PAYLOAD.replace(", \"name\": null", ""));
    walk.expect("Consent recorded in the file does not count.").expect_not("4111");
    walk.expect("/organization/id is a number in quotes").expect("/credit_card does not apply");
    assert_eq!(walk.text("order.csa"), "");
}

#[test]
fn reading_adds_nothing_until_the_user_accepts_it() {
    let mut walk = loaded(&PAYLOAD.replace(", \"name\": null", ""));
    while !walk.shows("› ✗ Certificate · Signature hash") {
        walk.keys("down");
    }
    walk.expect("Missing; press Enter to");
    walk.keys("enter").expect("› Signature hash").keys("enter").expect("sha256");
    assert_eq!(walk.text("cert.hash"), "sha256");
}

#[test]
fn unknown_members_are_shown_and_named_on_confirm() {
    let payload = r#"{"organization": {"id": 900001, "contacts": [{"user_id": 800001, "contact_type": "verified_contact"}]},
        "certificate": {"signature_hash": "sha256", "profile_option": "nonrepudiation"}, "provisioning_method": "qscd",
        "ship_info": {"name": "A B", "addr1": "x", "addr2": "y", "city": "z", "state": "w", "zip": "1234 AB", "country": "NL", "method": "STANDARD"},
        "payment_method": "balance", "comments": "please hurry"}"#;
    let mut walk = loaded(payload);
    walk.keys("wait end up").expect("Not in this form").expect("/comments");
    walk.keys("3 wait").expect("I agree").keys("space alt-7 enter down down");
    walk.expect("Not in this form, but sent unchanged: /comments");
    walk.keys("down down down down down wait type:order enter wait").expect("was placed");
    assert!(walk.server.sent[0].contains("\"comments\": \"please hurry\""));
    assert!(walk.server.sent[0].contains("\"country\": \"NL\""), "its own case is kept");
}

const DATE: &str = include_str!("../../program/commands/reported/date-keyfactor.json");
const FLOAT: &str = include_str!("../../program/commands/reported/float-id.json");
const GOOD: &str = include_str!("../../program/commands/reported/review-good.json");

#[rstest]
#[case::date(DATE, &["consent", "date_spelling"], &[])]
#[case::float(FLOAT, &["consent"], &["/organization/id is a whole number"])]
#[case::good(GOOD, &["consent"], &[])]
fn a_complete_foreign_payload_needs_only_the_agreement(
    #[case] payload: &str,
    #[case] expected: &[&str],
    #[case] report: &[&str],
) {
    let mut walk = loaded(&payload.replace("{date}", "2027-06-30"));
    walk.keys("wait");
    let codes: Vec<&str> = walk.app.feedback().problems.iter().map(|problem| problem.kind.code()).collect();
    assert_eq!(codes, expected);
    for words in report {
        walk.expect(words);
    }
}
