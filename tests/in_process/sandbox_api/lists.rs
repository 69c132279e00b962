//! The lists of orders and requests: earlier orders, filters, sorting, pages, and the alternative id.

use crate::common::desk::{Desk, STORED, pages, set};
use rstest::rstest;
use serde_json::{Value, json};

/// The number of colleagues' orders.
const BEFORE: usize = 6;

/// Returns the ids of the orders that were placed here, counted from 1. Colleagues' orders have lower ones.
fn orders(desk: &Desk, query: &str) -> Vec<i64> {
    let page = desk.get(&format!("/order/certificate?{query}"));
    let rows = page["orders"].as_array().unwrap().clone();
    rows.iter().map(|row| row["id"].as_i64().unwrap() - 700_000).collect()
}

fn placed(desk: &Desk, query: &str) -> Vec<i64> {
    orders(desk, query).into_iter().filter(|&id| id > 0).collect()
}

#[test]
fn orders_are_listed_filtered_sorted_and_paged() {
    let desk = Desk::open();
    for id in [900_001, 900_002, 900_001] {
        desk.place(&STORED.replace("900001", &id.to_string()));
    }
    assert_eq!(placed(&desk, ""), [1, 2, 3]);
    assert_eq!(orders(&desk, "sort=-date_created&limit=4"), [3, 2, 1, 0]);
    assert_eq!(placed(&desk, "sort=order_id"), [1, 2, 3]);
    assert_eq!(placed(&desk, "filters%5Borganization_id%5D=900001"), [1, 3]);
    assert_eq!(orders(&desk, "filters%5Buser_id%5D=800001"), [1, 2, 3]);
    assert_eq!(orders(&desk, "filters%5Bid%5D=700002"), [2]);
    assert_eq!(
        orders(&desk, "filters%5Bproduct_name_id%5D=pkio_qualified_organisation_services&sort=-order_id&limit=2"),
        [3, 2]
    );
    assert_eq!(orders(&desk, "filters%5Bproduct_name_id%5D=eu_eseal"), [0; 0]);
    assert_eq!(orders(&desk, "filters%5Bstatus%5D=revoked"), [0; 0]);
    let rows = pages(&desk, "/order/certificate", "orders", 1);
    assert_eq!(rows.len(), BEFORE + 3);
    assert_eq!(rows[BEFORE + 1]["organization"]["id"], 900_002);
    assert!(rows.iter().all(|row| row["organization"]["name"].is_string()));
}

#[test]
fn requests_are_listed_filtered_and_paged() {
    let desk = Desk::open();
    desk.place(STORED);
    desk.advance(3600);
    let total = |query: &str| desk.get(&format!("/request?{query}"))["page"]["total"].as_u64().unwrap();
    let all = BEFORE as u64 + 1;
    assert_eq!(total("filters%5Bstatus%5D=approved"), 5);
    assert_eq!(total("filters%5Bstatus%5D=submitted"), 0);
    assert_eq!((total(""), total("filters%5Btype%5D=new_request"), total("filters%5Btype%5D=revoke")), (all, all, 0));
    assert_eq!(total("filters%5Borganization_id%5D=1&filters%5Bproduct_name_id%5D=x"), all, "no such filters");
    assert_eq!(pages(&desk, "/request?filters%5Bstatus%5D=approved", "requests", 2).len(), 5);
    let newest = desk.get("/request?sort=-date")["requests"][0].clone();
    assert_eq!((&newest["order"]["id"], &newest["requester"]["id"]), (&json!(700_001), &json!(800_001)));
}

#[test]
fn earlier_orders_of_colleagues_have_all_statuses() {
    let desk = Desk::open();
    assert_eq!(desk.counts(), (0, 0), "which does not count");
    let rows = pages(&desk, "/order/certificate", "orders", 1000);
    let words: Vec<_> = rows.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(words, ["issued", "issued", "canceled", "rejected", "pending", "needs_approval"]);
    let requests = pages(&desk, "/request", "requests", 1000);
    let words: Vec<_> = requests.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(words, ["approved", "approved", "approved", "rejected", "approved", "pending"]);
    desk.advance(1_000_000);
    for (order, request) in rows.iter().zip(&requests) {
        assert_eq!(request["order"]["id"], order["id"]);
        assert!(order.get("user").is_none(), "a list has less than the details");
        let details = desk.get(&format!("/order/certificate/{}", order["id"]));
        assert_eq!((&details["status"], &details["requests"][0]["id"]), (&order["status"], &request["id"]));
        assert_eq!(details["user"]["id"], request["requester"]["id"]);
        assert_ne!(details["user"]["id"], 800_001);
        assert_eq!(details["certificate"].get("id").is_some(), request["status"] == "approved");
        let created: jiff::Timestamp = order["date_created"].as_str().unwrap().parse().unwrap();
        assert!(created < jiff::Timestamp::now());
        let whole = desk.get(&format!("/request/{}", request["id"]));
        assert_eq!(whole["date_processed"].is_string(), request["status"] != "pending");
    }
}

#[rstest]
#[case(json!("intent-1"), 1)]
#[case(json!("intent-2"), 0)]
#[case(json!(""), 0)]
#[case(json!(7), 0)]
fn a_sent_alternative_id_finds_the_order(#[case] sent: Value, #[case] found: usize) {
    let desk = Desk::open();
    desk.place(&set(STORED, "alternative_order_id", sent));
    desk.place(STORED);
    let page = desk.get("/order/alternate/intent-1");
    assert_eq!((page["orders"].as_array().unwrap().len(), &page["page"]["total"]), (found, &json!(found)));
    if found > 0 {
        assert_eq!(page["orders"][0], json!({ "order_id": 700_001, "status": "needs_approval" }));
    }
}
