//! What the sandbox refuses and accepts: each required member, limit and cross-field rule, over raw HTTP.
//!
//! Each case changes one thing in a literal order that is otherwise accepted, and the refusal must name it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod payment;
mod validity;

use crate::common::desk::{Desk, NEW, STORED, pointer, set, without};
use crate::common::http;
use rstest::rstest;
use serde_json::{Value, json};
use zegel::sandbox::KEY;

#[rstest]
#[case(STORED, "certificate")]
#[case(STORED, "certificate.signature_hash")]
#[case(STORED, "certificate.profile_option")]
#[case(STORED, "csa_agreed_to")]
#[case(STORED, "provisioning_method")]
#[case(STORED, "ship_info")]
#[case(STORED, "ship_info.name")]
#[case(STORED, "ship_info.addr1")]
#[case(STORED, "ship_info.addr2")]
#[case(STORED, "ship_info.city")]
#[case(STORED, "ship_info.state")]
#[case(STORED, "ship_info.zip")]
#[case(STORED, "ship_info.country")]
#[case(STORED, "ship_info.method")]
#[case(STORED, "organization")]
#[case(STORED, "organization.id")]
#[case(STORED, "organization.contacts")]
#[case(STORED, "organization.contacts[0].contact_type")]
#[case(STORED, "payment_method")]
#[case(NEW, "organization.name")]
#[case(NEW, "organization.country")]
#[case(NEW, "organization.address")]
#[case(NEW, "organization.city")]
#[case(NEW, "organization.state")]
#[case(NEW, "organization.zip")]
#[case(NEW, "organization.telephone")]
#[case(NEW, "organization.organization_contact")]
#[case(NEW, "organization.organization_contact.first_name")]
#[case(NEW, "organization.organization_contact.last_name")]
#[case(NEW, "organization.organization_contact.email")]
#[case(NEW, "organization.contacts")]
#[case(NEW, "organization.contacts[0].contact_type")]
#[case(NEW, "organization.contacts[0].first_name")]
#[case(NEW, "organization.contacts[0].last_name")]
#[case(NEW, "organization.contacts[0].email")]
#[case(NEW, "organization.contacts[0].job_title")]
#[case(NEW, "organization.contacts[0].telephone")]
#[case(NEW, "credit_card")]
#[case(NEW, "credit_card.number")]
#[case(NEW, "credit_card.expiration_month")]
#[case(NEW, "credit_card.expiration_year")]
#[case(NEW, "credit_card.cvv")]
#[case(NEW, "credit_card.cardholder_name")]
#[case(NEW, "credit_card.set_as_default")]
#[case(NEW, "billing_address")]
#[case(NEW, "billing_address.address")]
#[case(NEW, "billing_address.city")]
#[case(NEW, "billing_address.country")]
fn a_required_member_must_exist_with_its_type(#[case] base: &str, #[case] member: &str) {
    let desk = Desk::open();
    desk.accepts(base);
    desk.refuses(&without(base, member), "sandbox|required", member);
    desk.refuses(&set(base, member, Value::Null), "sandbox|type", member);
    desk.refuses(&set(base, member, json!(1.5)), "sandbox|type", member);
    let order: Value = serde_json::from_str(base).unwrap();
    if order.pointer(&pointer(member)).unwrap().is_string() && member != "ship_info.addr2" {
        desk.refuses(&set(base, member, json!(" ")), "sandbox|required", member);
    }
}

#[rstest]
#[case(STORED, "certificate.is_rsassa_pss", json!(1))]
#[case(STORED, "order_validity", json!([]))]
#[case(STORED, "order_validity.years", json!("1"))]
#[case(STORED, "order_validity.years", json!(1.0))]
#[case(STORED, "order_validity.days", json!("30"))]
#[case(STORED, "order_validity.custom_expiration_date", json!(20_300_101))]
#[case(STORED, "organization.skip_duplicate_org_check", json!("true"))]
#[case(NEW, "organization.skip_duplicate_org_check", json!(1))]
#[case(NEW, "organization.assumed_name", json!(1))]
#[case(NEW, "organization.address2", json!(1))]
#[case(NEW, "organization.organization_contact.job_title", json!([]))]
#[case(NEW, "organization.organization_contact.telephone", json!(31_205_550_100_u64))]
#[case(NEW, "organization.organization_contact.telephone_extension", json!(12))]
#[case(NEW, "billing_address.address2", json!(false))]
#[case(NEW, "billing_address.state", json!({}))]
#[case(NEW, "billing_address.zip", json!(1015))]
#[case(STORED, "organization.id", json!(-900_001))]
#[case(STORED, "organization.id", json!("9e5"))]
#[case(STORED, "organization.id", json!(""))]
#[case(STORED, "organization.contacts[0]", json!("800001"))]
#[case(STORED, "organization.contacts[0].user_id", json!(null))]
#[case(STORED, "organization.contacts[0].user_id", json!("a"))]
fn a_member_of_a_wrong_type_is_refused(#[case] base: &str, #[case] member: &str, #[case] value: Value) {
    let desk = Desk::open();
    desk.accepts(base);
    desk.refuses(&set(base, member, value), "sandbox|type", member);
}

#[rstest]
#[case("certificate.is_rsassa_pss", STORED)]
#[case("order_validity", STORED)]
#[case("order_validity.years", STORED)]
#[case("organization.assumed_name", NEW)]
#[case("organization.address2", NEW)]
#[case("organization.organization_contact.job_title", NEW)]
#[case("organization.organization_contact.telephone", NEW)]
#[case("organization.organization_contact.telephone_extension", NEW)]
#[case("organization.skip_duplicate_org_check", NEW)]
#[case("credit_card.save_credit_card", NEW)]
#[case("billing_address.address2", NEW)]
#[case("billing_address.state", NEW)]
#[case("billing_address.zip", NEW)]
fn an_optional_member_may_be_omitted(#[case] member: &str, #[case] base: &str) {
    Desk::open().accepts(&without(base, member));
}

#[rstest]
#[case("organization.name", 64)]
#[case("organization.address", 64)]
#[case("organization.address2", 64)]
#[case("organization.city", 64)]
#[case("organization.state", 64)]
#[case("organization.zip", 40)]
#[case("organization.telephone", 32)]
#[case("organization.organization_contact.first_name", 128)]
#[case("organization.organization_contact.last_name", 128)]
#[case("organization.organization_contact.email", 255)]
#[case("organization.organization_contact.job_title", 64)]
#[case("organization.organization_contact.telephone", 32)]
#[case("organization.organization_contact.telephone_extension", 16)]
#[case("organization.contacts[0].first_name", 128)]
#[case("organization.contacts[0].last_name", 128)]
#[case("organization.contacts[0].email", 255)]
#[case("organization.contacts[0].job_title", 64)]
#[case("organization.contacts[0].telephone", 32)]
fn a_text_may_have_its_limit_and_no_more(#[case] member: &str, #[case] limit: usize) {
    let desk = Desk::open();
    let base = without(NEW, "organization.assumed_name");
    desk.accepts(&base);
    // Two bytes each, to detect a limit in bytes instead of characters.
    desk.accepts(&set(&base, member, json!("é".repeat(limit))));
    desk.refuses(&set(&base, member, json!("é".repeat(limit + 1))), "sandbox|max_length", member);
}

#[test]
fn both_names_together_have_a_combined_limit() {
    let desk = Desk::open();
    let names = |name: usize, assumed: usize| {
        let named = set(NEW, "organization.name", json!("é".repeat(name)));
        set(&named, "organization.assumed_name", json!("é".repeat(assumed)))
    };
    desk.accepts(&names(60, 1));
    desk.accepts(&names(31, 30));
    desk.accepts(&names(64, 0));
    desk.refuses(&names(31, 31), "sandbox|max_length", "organization.assumed_name");
    desk.refuses(&names(61, 1), "sandbox|max_length", "organization.assumed_name");
}

#[rstest]
#[case(STORED, "certificate.signature_hash", json!("SHA256"))]
#[case(STORED, "certificate.signature_hash", json!("sha512"))]
#[case(STORED, "certificate.profile_option", json!("authentication"))]
#[case(STORED, "csa_agreed_to", json!(false))]
#[case(STORED, "provisioning_method", json!("token"))]
#[case(STORED, "payment_method", json!("wire_transfer"))]
fn only_one_value_can_be_ordered(#[case] base: &str, #[case] member: &str, #[case] value: Value) {
    let desk = Desk::open();
    desk.accepts(base);
    desk.refuses(&set(base, member, value), "sandbox|not_allowed", member);
}

#[rstest]
#[case(STORED, "ship_info.country")]
#[case(NEW, "organization.country")]
#[case(NEW, "billing_address.country")]
fn a_country_is_two_letters(#[case] base: &str, #[case] member: &str) {
    let desk = Desk::open();
    desk.accepts(&set(base, member, json!("BE")));
    for wrong in ["nld", "n", "n1", "é", "Nederland"] {
        desk.refuses(&set(base, member, json!(wrong)), "sandbox|format", member);
    }
}

#[test]
fn an_id_and_a_new_organization_exclude_each_other() {
    let desk = Desk::open();
    desk.accepts(STORED);
    for (member, value) in [("name", json!("Voorbeeld B.V.")), ("organization_contact", json!({}))] {
        let both = set(STORED, &format!("organization.{member}"), value);
        desk.refuses(&both, "sandbox|conflict", "organization.id");
    }
}

#[test]
fn the_organization_is_known_and_active() {
    let desk = Desk::open();
    desk.accepts(&set(STORED, "organization.id", json!("900001")));
    desk.refuses(&set(STORED, "organization.id", json!(999_999)), "sandbox|unknown_organization", "organization.id");
    let path = "/services/v2/organization?filters%5Bstatus%5D=inactive&limit=1";
    let inactive = http::call(desk.0.address(), "GET", path, &[("X-DC-DEVKEY", KEY)], b"").json();
    let id = inactive["organizations"][0]["id"].clone();
    assert!(id.is_u64(), "{inactive}");
    desk.refuses(&set(STORED, "organization.id", id), "sandbox|inactive_organization", "organization.id");
}

#[test]
fn a_contact_is_a_user_of_the_account_and_not_a_verified_contact() {
    const USER: &str = "organization.contacts[0].user_id";
    let desk = Desk::open();
    desk.accepts(&set(STORED, USER, json!("800002")));
    desk.refuses(&set(STORED, USER, json!(899_999)), "sandbox|unknown_user", USER);
    desk.refuses(&set(STORED, USER, json!(900_001)), "sandbox|unknown_user", USER);
    desk.refuses(&set(STORED, USER, json!(810_001)), "sandbox|contact_id", USER);
    desk.refuses(&set(STORED, USER, json!("810001")), "sandbox|contact_id", USER);
    assert!(desk.refusals(&set(STORED, USER, json!(810_001)))[0].1.contains("verified contact"));
}

#[test]
fn a_contact_without_user_id_needs_all_five_details() {
    let desk = Desk::open();
    desk.accepts(STORED);
    let messages: Vec<_> = desk
        .refusals(&without(STORED, "organization.contacts[0].user_id"))
        .into_iter()
        .map(|(_, words)| words)
        .collect();
    let missing = ["first_name", "last_name", "email", "job_title", "telephone"];
    assert_eq!(messages, missing.map(|name| format!("organization.contacts[0].{name} is required")));
}

#[test]
fn an_order_has_contacts_of_different_types() {
    let desk = Desk::open();
    let contacts = |rows: Value| set(STORED, "organization.contacts", rows);
    let user = |id: u64, kind: &str| json!({ "user_id": id, "contact_type": kind });
    desk.accepts(&contacts(json!([user(800_001, "verified_contact"), user(800_001, "technical_contact")])));
    desk.accepts(&contacts(json!([user(800_001, "any word")])));
    desk.refuses(&contacts(json!([])), "sandbox|required", "organization.contacts");
    desk.refuses(
        &contacts(json!([user(800_001, "verified_contact"), user(800_002, "verified_contact")])),
        "contact_type_duplicate",
        "organization.contacts[1].contact_type",
    );
    let second = json!([user(800_001, "verified_contact"), { "user_id": 800_002 }]);
    desk.refuses(&contacts(second), "sandbox|required", "organization.contacts[1].contact_type");
}

#[test]
fn a_new_organization_may_have_a_known_contact_and_a_stored_one_a_new() {
    let desk = Desk::open();
    desk.accepts(&set(
        NEW,
        "organization.contacts",
        json!([{ "user_id": 800_001, "contact_type": "verified_contact" }]),
    ));
    let new: Value = serde_json::from_str(NEW).unwrap();
    desk.accepts(&set(STORED, "organization.contacts", new["organization"]["contacts"].clone()));
}

#[test]
fn unknown_members_and_details_beside_an_id_are_ignored() {
    let desk = Desk::open();
    desk.accepts(&set(STORED, "comments", json!("as agreed")));
    desk.accepts(&set(STORED, "ship_info.note", json!([1])));
    desk.accepts(&set(STORED, "organization.contacts[0].email", json!("b@example.nl")));
    desk.accepts(&set(STORED, "certificate.csr", json!(null)));
}

#[test]
fn all_problems_are_reported_at_once() {
    let desk = Desk::open();
    let body = set(&without(STORED, "ship_info.zip"), "csa_agreed_to", json!(false));
    let body = set(&body, "organization.contacts[0].user_id", json!(1));
    let codes: Vec<_> = desk.refusals(&body).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["sandbox|not_allowed", "sandbox|required", "sandbox|unknown_user"]);
}

#[rstest]
#[case("")]
#[case("{")]
#[case("{\"certificate\": {},}")]
#[case("order")]
#[case("{\"csa_agreed_to\": 1e999}")]
fn invalid_json_has_the_documented_code(#[case] body: &str) {
    let refusals = Desk::open().refusals(body);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(refusals[0].0, "bad_request_format");
}
