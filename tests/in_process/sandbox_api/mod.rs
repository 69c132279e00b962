//! The sandbox as a server: who may call, which paths exist, how orders are counted, placed and followed.
//!
//! The account, the record and hostile callers have files of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod account;
mod answers;
mod faults;
mod holds;
mod hostile;
mod lists;
mod record;
mod rights;
mod steering;

use crate::common::desk::{Desk, ORDERS, STORED, code};
use crate::common::http;
use rstest::rstest;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use zegel::sandbox::{KEY, Sandbox, SandboxOptions, StartError};

/// Returns an order for a new organization of this name.
fn order_for_new(name: &str, city: &str, forced: bool) -> String {
    let mut order: Value = serde_json::from_str(STORED).unwrap();
    order["organization"] = json!({
        "name": name, "country": "NL", "address": "Straat 1", "city": city, "state": "Noord-Holland", "zip": "1015 AA",
        "telephone": "+31 20 5550100", "skip_duplicate_org_check": forced,
        "organization_contact": { "first_name": "A.", "last_name": "Tester", "email": "a@example.nl" },
        "contacts": [{ "contact_type": "verified_contact", "first_name": "B.", "last_name": "Tester",
                       "email": "b@example.nl", "job_title": "CFO", "telephone": "+31 20 5550101" }],
    });
    order.to_string()
}

#[rstest]
#[case(&[])]
#[case(&[("X-DC-DEVKEY", "")])]
#[case(&[("X-DC-DEVKEY", "of another account")])]
#[case(&[("Authorization", KEY)])]
fn without_the_key_every_call_is_refused(#[case] headers: &[(&str, &str)]) {
    let desk = Desk::open();
    for (method, path) in [("GET", "/user/me"), ("GET", "/nothing"), ("POST", ORDERS)] {
        let answer = http::call(desk.0.address(), method, &format!("/services/v2{path}"), headers, STORED.as_bytes());
        assert_eq!((answer.status, code(&answer).as_str()), (403, "access_denied|access_denied_invalid_key"), "{path}");
    }
    assert_eq!(desk.counts(), (1, 0), "an order is counted whoever sent it");
}

#[rstest]
#[case("GET", "/nothing", "not_found|route")]
#[case("GET", "/", "not_found|route")]
#[case("DELETE", "/organization", "not_found|route")]
#[case("PUT", "/order/certificate/700001/status", "not_found|route")]
#[case("GET", "/order/certificate/700001", "not_found|order")]
#[case("GET", "/order/certificate/x", "not_found|order")]
#[case("GET", "/product/eu_eseal", "not_found|product")]
#[case("POST", "/order/certificate/eu_eseal", "not_found|product")]
#[case("GET", "/organization/1", "not_found")]
#[case("GET", "/organization/-1", "not_found")]
#[case("GET", "/user/810001", "not_found")]
#[case("GET", "/request/99999999999999999999999", "not_found")]
fn a_missing_path_is_not_found(#[case] method: &str, #[case] path: &str, #[case] expected: &str) {
    let answer = Desk::open().api(method, path, b"{}");
    assert_eq!((answer.status, code(&answer).as_str()), (404, expected));
    assert!(answer.json()["errors"][0]["message"].is_string());
}

#[test]
fn paths_outside_of_the_api_are_not_found() {
    let desk = Desk::open();
    for path in ["/", "/sandbox", "/sandbox/clock", "/services/v1/user/me"] {
        let answer = http::call(desk.0.address(), "GET", path, &[], b"");
        assert_eq!((answer.status, code(&answer).as_str()), (404, "not_found|route"), "{path}");
    }
}

#[test]
fn a_placed_order_returns_its_id_and_a_submitted_request() {
    let desk = Desk::open();
    let placed = desk.place(STORED);
    assert_eq!(placed, json!({ "id": 700_001, "requests": [{ "id": 5001, "status": "submitted" }] }));
    assert_eq!(desk.place(STORED)["id"], 700_002, "the same order twice is two orders");
}

/// Returns the status words of an order and its request, and the certificate's id, everywhere they occur.
fn progress(desk: &Desk) -> (Value, Value, Option<Value>) {
    let order = desk.get("/order/certificate/700001");
    let request = desk.get("/request/5001");
    assert_eq!(request["date_processed"].is_string(), request["status"] == "approved", "{request}");
    (order["status"].clone(), request["status"].clone(), order["certificate"].get("id").cloned())
}

/// Advances a new order and compares its state. Repeats this if the machine paused too long for a clear result.
fn after(seconds: u64, expected: &(Value, Value, Option<Value>)) {
    loop {
        let began = Instant::now();
        let desk = Desk::open();
        desk.place(STORED);
        assert_eq!(desk.advance(seconds), json!({ "offset_seconds": seconds }));
        let shown = progress(&desk);
        if began.elapsed() < Duration::from_secs(4) || shown == *expected {
            return assert_eq!(shown, *expected);
        }
    }
}

#[rstest]
#[case(0, "needs_approval", "submitted", None)]
#[case(6, "needs_approval", "pending", None)]
#[case(10, "needs_approval", "pending", None)]
#[case(15, "pending", "approved", Some(600_001))]
#[case(1_000_000, "pending", "approved", Some(600_001))]
fn an_order_advances_with_the_clock(
    #[case] seconds: u64,
    #[case] order: &str,
    #[case] request: &str,
    #[case] certificate: Option<u64>,
) {
    after(seconds, &(json!(order), json!(request), certificate.map(|id| json!(id))));
}

#[test]
fn advancing_the_clock_adds_up_and_moves_the_allowed_dates() {
    let desk = Desk::open();
    assert_eq!(desk.advance(60), json!({ "offset_seconds": 60 }));
    assert_eq!(desk.advance(800 * 86_400), json!({ "offset_seconds": 800 * 86_400 + 60 }));
    let soon = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut order: Value = serde_json::from_str(STORED).unwrap();
    order["order_validity"] = json!({ "custom_expiration_date": soon });
    assert_eq!(code(&desk.post(&order.to_string())), "sandbox|range", "today has passed, by the sandbox's clock");
}

#[rstest]
#[case("")]
#[case("{}")]
#[case("[1]")]
#[case(r#"{"advance_seconds": -1}"#)]
#[case(r#"{"advance_seconds": 1.5}"#)]
#[case(r#"{"advance_seconds": "5"}"#)]
#[case(r#"{"advance_seconds": 18446744073709551615}"#)]
fn the_clock_accepts_only_whole_seconds(#[case] body: &str) {
    let desk = Desk::open();
    let answer = http::call(desk.0.address(), "POST", "/sandbox/clock", &[], body.as_bytes());
    assert_eq!((answer.status, code(&answer).as_str()), (400, "sandbox|range"));
    assert_eq!(desk.advance(1), json!({ "offset_seconds": 1 }), "nothing was advanced before");
}

#[test]
fn an_order_reads_as_documented() {
    let desk = Desk::open();
    desk.place(STORED);
    desk.advance(20);
    let order = desk.get("/order/certificate/700001");
    assert_eq!(order["id"], 700_001);
    assert_eq!(order["certificate"]["organization"]["id"], 900_001);
    assert_eq!(order["organization"]["name"], "Gemeente Zilverdam");
    assert_eq!(order["order_validity"], json!({ "years": 1 }));
    assert_eq!(order["product"]["name_id"], "pkio_qualified_organisation_services");
    assert_eq!(order["payment_method"], "balance");
    assert_eq!(order["user"]["id"], 800_001);
    assert_eq!(order["verified_contacts"][0]["id"], 810_001);
    assert_eq!(order["verified_contacts"][0]["user_id"], 800_001);
    assert_eq!(order["requests"][0]["id"], 5001);
    let created = order["date_created"].as_str().unwrap();
    assert!(created.ends_with("+00:00") && created.parse::<jiff::Timestamp>().is_ok(), "{created}");
    let request = desk.get("/request/5001");
    assert_eq!((&request["type"], &request["order"]["id"]), (&json!("new_request"), &json!(700_001)));
    assert_eq!(request["requester"]["id"], 800_001);
    assert!(request["date_processed"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
}

#[test]
fn a_new_organization_is_created_and_can_be_read() {
    let desk = Desk::open();
    let before = desk.get("/organization")["page"]["total"].as_u64().unwrap();
    let placed = desk.place(&order_for_new("Voorbeeld B.V.", "Amsterdam", false));
    let id = placed["organization"]["id"].as_u64().expect("a new organization");
    let known = desk.get(&format!("/organization/{id}"));
    assert_eq!((&known["name"], &known["is_active"]), (&json!("Voorbeeld B.V."), &json!(true)));
    assert_eq!(known["organization_contact"]["first_name"], "A.");
    assert_eq!(known["verified_contacts"][0]["email"], "b@example.nl");
    assert!(known["verified_contacts"][0].get("user_id").is_none());
    assert_eq!(desk.get("/organization")["page"]["total"], before + 1);
    assert_eq!(desk.get("/order/certificate/700001")["organization"]["id"], id);
}

#[test]
fn a_duplicate_organization_is_tied_to_the_known_one_unless_forced() {
    let desk = Desk::open();
    let tied = desk.place(&order_for_new("gemeente zilverdam", "ZILVERDAM", false));
    assert!(tied.get("organization").is_none(), "{tied}");
    assert_eq!(desk.get("/order/certificate/700001")["organization"]["id"], 900_001);
    let forced = desk.place(&order_for_new("Gemeente Zilverdam", "Zilverdam", true));
    let id = forced["organization"]["id"].as_u64().unwrap();
    assert_ne!(id, 900_001);
    assert_eq!(desk.get("/order/certificate/700002")["organization"]["id"], id);
    let elsewhere = desk.place(&order_for_new("Gemeente Zilverdam", "Amsterdam", false));
    assert!(elsewhere["organization"]["id"].is_u64(), "the same name in another city is another organization");
}

#[test]
fn an_inactive_organization_is_not_matched() {
    let desk = Desk::open();
    let inactive = desk.get("/organization?filters%5Bstatus%5D=inactive&limit=1")["organizations"][0].clone();
    let text = |name: &str| inactive[name].as_str().unwrap().to_owned();
    assert!(desk.place(&order_for_new(&text("name"), &text("city"), false))["organization"]["id"].is_u64());
}

#[test]
fn every_order_that_arrives_is_counted_before_any_rule() {
    let desk = Desk::open();
    assert_eq!(desk.counts(), (0, 0));
    desk.place(STORED);
    assert_eq!(desk.counts(), (1, 1));
    assert_eq!(desk.post("{}").status, 400);
    assert_eq!(desk.post("not JSON").status, 400);
    assert_eq!(desk.api("POST", "/order/certificate/eu_eseal", STORED.as_bytes()).status, 404);
    assert_eq!(desk.counts(), (4, 1));
    desk.get("/order/certificate/700001");
    assert_eq!(desk.counts(), (4, 1), "reading is not ordering");
}

#[test]
fn an_occupied_port_is_refused_at_the_start() {
    let desk = Desk::open();
    let port = desk.0.address().port();
    let refused = Sandbox::start(&SandboxOptions { port, ..SandboxOptions::default() }).unwrap_err();
    assert!(matches!(refused, StartError::PortTaken { port: taken, .. } if taken == port), "{refused}");
}

#[test]
fn the_sandbox_serves_only_at_the_loopback_address() {
    let desk = Desk::open();
    assert!(desk.0.address().ip().is_loopback());
    assert_eq!(desk.0.api_url(), format!("http://127.0.0.1:{}/services/v2", desk.0.address().port()));
}

#[test]
fn dropping_the_sandbox_stops_it_and_closes_connections() {
    let desk = Desk::open();
    let mut idle = http::connect(desk.0.address());
    idle.write_all(b"POST /sandbox/clock HTTP/1.1\r\nContent-Length: 9\r\n").unwrap();
    desk.counts();
    drop(desk);
    let mut rest = Vec::new();
    assert!(idle.read_to_end(&mut rest).is_err() || rest.is_empty());
}

#[test]
fn serve_forever_serves_requests() {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    let address = sandbox.address();
    // The thread runs until the process ends, because it serves forever.
    std::thread::spawn(move || sandbox.serve_forever());
    assert_eq!(http::call(address, "GET", "/services/v2/user/me", &[("X-DC-DEVKEY", KEY)], b"").status, 200);
}
