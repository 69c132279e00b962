//! The data of the account, and how much of it a restricted key, another role or a smaller account gets.

use super::faults::ClientBench;
use crate::common::desk::{Desk, ORDERS, STORED, code};
use rstest::rstest;
use serde_json::{Value, json};
use zegel::domain::{ApiError, PaymentProfile};

fn desk(fault: &str) -> Desk {
    let desk = Desk::open();
    desk.0.set_faults(&[fault.parse().unwrap()]);
    desk
}

#[test]
fn an_account_of_one_division_reads_as_documented() {
    let desk = Desk::open();
    let containers = desk.get("/container");
    assert_eq!(containers["containers"].as_array().unwrap().len(), 1);
    let main = &containers["containers"][0];
    assert_eq!((&main["id"], &main["name"], &main["is_active"]), (&json!(14), &json!("Main"), &json!(true)));
    assert!(main["ekey"].is_string(), "what must not be read is there");
    assert_eq!(desk.get("/account")["root_container_id"], 14);
    assert_eq!(desk.get("/user/me")["container"]["id"], 14);
    assert_eq!(desk.get("/finance/balance"), desk.get("/finance/balance?container_id=14"));
    let profiles = desk.get("/finance/payment-profile");
    let defaults = profiles["profiles"].as_array().unwrap().iter().filter(|profile| profile["is_default"] == true);
    assert_eq!(defaults.count(), 1);
}

#[test]
fn organizations_show_their_validation_on_request() {
    let desk = Desk::open();
    let rows = desk.get("/organization?include_validation=true")["organizations"].as_array().unwrap().clone();
    let plain = desk.get("/organization")["organizations"].as_array().unwrap().clone();
    assert!(plain.iter().all(|row| row.get("validations").is_none()));
    for (row, status) in [(0, "active"), (3, "pending"), (5, "expired")] {
        let validation = &rows[row]["validations"][0];
        assert_eq!(validation["status"], status, "{}", rows[row]);
        assert_eq!(validation["validated_until"].is_string(), status != "pending");
        let alone = desk.get(&format!("/organization/{}/validation", rows[row]["id"]));
        assert_eq!(alone["validations"], rows[row]["validations"]);
    }
    assert_eq!(rows[6]["validations"], json!([]));
    assert!(rows[0]["validations"][0]["verified_users"][0]["id"].is_u64());
    assert_eq!(desk.api("GET", "/organization/1/validation", b"").status, 404);
}

#[test]
fn a_validation_ends_by_the_clock() {
    let desk = Desk::open();
    desk.advance(826 * 86_400);
    let row = desk.get("/organization/900001/validation");
    assert_eq!(row["validations"][0]["status"], "expired");
}

#[test]
fn with_several_divisions_one_must_be_named() {
    let desk = desk("divisions");
    let ids: Vec<Value> =
        desk.get("/container")["containers"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [14, 15, 16]);
    let refused = desk.api("GET", "/finance/balance", b"");
    assert_eq!((refused.status, code(&refused).as_str()), (400, "sandbox|division"));
    assert_eq!(desk.get("/user/me")["container"]["id"], 15);
    assert_eq!(desk.get("/finance/balance?container_id=15")["balance"], "300.00");
    assert_eq!(desk.api("GET", "/finance/balance?container_id=17", b"").status, 404);
}

#[rstest]
#[case("GET", "/user/me", true)]
#[case("GET", "/organization", true)]
#[case("GET", "/finance/payment-profile", true)]
#[case("GET", "/order/certificate", true)]
#[case("POST", ORDERS, false)]
fn a_read_only_key_may_not_order(#[case] method: &str, #[case] path: &str, #[case] allowed: bool) {
    let answer = desk("key-view-only").api(method, path, STORED.as_bytes());
    assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{}", answer.text());
    assert!(allowed || code(&answer) == "access_denied|missing_permission");
}

#[rstest]
#[case("GET", "/user/me", 403)]
#[case("GET", "/organization", 403)]
#[case("GET", "/organization/potential-approvers", 403)]
#[case("GET", "/finance/balance", 403)]
#[case("GET", "/container", 403)]
#[case("GET", "/account", 200)]
#[case("GET", "/product", 200)]
#[case("GET", "/order/certificate", 200)]
#[case("GET", "/request", 200)]
#[case("POST", ORDERS, 201)]
fn an_orders_only_key_may_order_and_little_else(#[case] method: &str, #[case] path: &str, #[case] status: u16) {
    let answer = desk("key-orders-only").api(method, path, STORED.as_bytes());
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(status != 403 || code(&answer) == "access_denied|missing_permission");
}

#[test]
fn a_standard_user_has_its_role() {
    let bench = ClientBench::of(&["role-standard"]);
    let me = bench.runtime.block_on(bench.client.fetch_current_user()).unwrap().value;
    assert_eq!((me.roles[0].id, me.roles[0].name.as_str()), (Some(5), "Standard user"));
    assert_eq!((me.status.as_str(), me.division), ("active", Some(14)));
}

#[test]
fn an_unavailable_product_is_not_found() {
    let bench = ClientBench::of(&["no-product"]);
    let product = bench.runtime.block_on(bench.client.fetch_product("pkio_qualified_organisation_services"));
    let Err(ApiError::Refused { status: 404, errors, .. }) = product else { panic!("{product:?}") };
    assert_eq!(errors[0].code, "not_found|product");
    assert_eq!(bench.desk.get("/product")["products"], json!([]));
    assert_eq!((bench.desk.post(STORED).status, bench.desk.counts()), (404, (1, 0)));
}

#[test]
fn the_client_reads_the_account_data() {
    let bench = ClientBench::of(&["divisions"]);
    let (client, runtime) = (&bench.client, &bench.runtime);
    let account = runtime.block_on(client.fetch_account()).unwrap();
    assert_eq!((account.organization.as_str(), account.root_division), ("Gemeente Zilverdam", Some(14)));
    let divisions = runtime.block_on(client.fetch_divisions()).unwrap();
    assert_eq!(divisions.iter().map(|one| one.id).collect::<Vec<_>>(), [14, 15, 16]);
    let balance = runtime.block_on(client.fetch_balance(Some(15))).unwrap();
    assert_eq!((balance.available.as_str(), balance.currency.as_str()), ("300.00", "EUR"));
    let page = runtime.block_on(client.fetch_organizations(5, 0)).unwrap();
    assert_eq!(runtime.block_on(client.fetch_validations(900_001)).unwrap(), page.rows[0].validations);
}

#[rstest]
#[case(&[], Some("4242"))]
#[case(&["no-profile"], None)]
fn the_default_card_has_four_digits(#[case] faults: &[&str], #[case] last_four: Option<&str>) {
    let bench = ClientBench::of(faults);
    let profiles = bench.runtime.block_on(bench.client.fetch_payment_profiles()).unwrap();
    let default = profiles.iter().find(|profile| profile.is_default);
    let expected = last_four.map(|last_four| PaymentProfile {
        id: Some(40_002),
        is_default: true,
        status: "active".into(),
        last_four: last_four.into(),
        kind: "Visa".into(),
        expires_month: Some(7),
        expires_year: Some(2099),
    });
    assert_eq!(default, expected.as_ref());
}
