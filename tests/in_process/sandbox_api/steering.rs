//! A sandbox in the process of a test: what the test can switch and read without a call over HTTP.

use crate::common::desk::{Desk, NEW, ORDERS, STORED};
use crate::common::http;
use rstest::rstest;
use serde_json::json;
use zegel::sandbox::{KEY, OrderCounts};

/// Returns an order as it goes over the wire.
fn order(body: &str) -> Vec<u8> {
    http::request("POST", &format!("/services/v2{ORDERS}"), &[("X-DC-DEVKEY", KEY)], body.as_bytes())
}

#[rstest]
#[case(STORED, 0, (1, 1, 1))]
#[case("{}", 0, (1, 1, 0))]
#[case(STORED, 1, (1, 0, 0))]
#[case(NEW, NEW.len(), (1, 0, 0))]
#[case(NEW, NEW.len() + 1, (0, 0, 0))]
fn an_order_is_counted_as_far_as_it_arrived(
    #[case] body: &str,
    #[case] missing: usize,
    #[case] counts: (u64, u64, u64),
) {
    let desk = Desk::open();
    assert_eq!(desk.0.order_counts(), OrderCounts::default());
    let bytes = order(body);
    let sent = &bytes[..bytes.len() - missing];
    if missing == 0 {
        http::exchange_raw(desk.0.address(), sent)
    } else {
        http::exchange_cut(desk.0.address(), sent)
    };
    let (received, received_whole, placed) = counts;
    assert_eq!(desk.0.order_counts(), OrderCounts { received, received_whole, placed });
    let json = http::call(desk.0.address(), "GET", "/sandbox/orders", &[], b"").json();
    assert_eq!(json, json!({ "received": received, "received_whole": received_whole, "placed": placed }));
}

#[test]
fn an_overlong_body_counts_as_arrived() {
    let desk = Desk::open();
    assert_eq!(desk.post(&" ".repeat(2 << 20)).status, 413);
    assert_eq!(desk.0.order_counts(), OrderCounts { received: 1, received_whole: 1, placed: 0 });
}

#[test]
fn faults_can_be_changed_without_a_call() {
    let desk = Desk::open();
    desk.0.set_faults(&["order-refused*1".parse().unwrap()]);
    assert_eq!(desk.post(STORED).status, 400);
    assert_eq!(desk.post(STORED).status, 201);
    desk.0.set_faults(&["order-refused".parse().unwrap()]);
    desk.0.set_faults(&[]);
    assert_eq!(desk.post(STORED).status, 201);
    assert_eq!(desk.counts(), (3, 2));
}
