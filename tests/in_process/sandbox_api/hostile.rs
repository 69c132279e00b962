//! Malicious or broken callers: nothing that they send may stop the sandbox.

use super::record::lines;
use crate::common::desk::{Desk, NEW, STORED, code};
use crate::common::http;
use rstest::rstest;
use serde_json::{Value, json};

#[test]
fn a_body_of_one_mebibyte_is_accepted_and_a_longer_one_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    let desk = Desk::recording(&path);
    let padded = |length: usize| format!("{STORED}{}", " ".repeat(length - STORED.len()));
    desk.place(&padded(1 << 20));
    let answer = desk.post(&padded((1 << 20) + 1));
    assert_eq!((answer.status, code(&answer).as_str()), (413, "sandbox|too_large"));
    assert_eq!(desk.counts(), (2, 1));
    assert!(lines(&path)[1].ends_with("\"unreadable_bytes\":1048577}"));
}

#[test]
fn hostile_texts_are_refused_and_the_next_caller_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    let desk = Desk::recording(&path);
    let deep = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    let bodies = [
        deep("[", "]", 100),
        deep("[", "]", 400),
        deep("[", "]", 400_000),
        "[".repeat(1_000_000),
        deep("{\"a\":", "}", 100_000),
        format!("{{\"organization\": {}}}", deep("{\"contacts\":[", "]}", 50)),
        format!("{{\"organization\": {{\"id\": 1{}}}}}", "0".repeat(300)),
        format!("{{\"organization\": {{\"id\": \"1{}\"}}}}", "0".repeat(300_000)),
        format!("{{\"organization\": {{\"id\": 1{}}}}}", "0".repeat(300_000)),
        "{\"organization\": {\"id\": 1e999}}".into(),
        "\u{feff}{}".into(),
        "{\"a\": \"\\ud800\"}".into(),
        "\0".repeat(1000),
    ];
    for body in &bodies {
        let start: String = body.chars().take(40).collect();
        assert_eq!(desk.post(body).status, 400, "{start}");
    }
    assert_eq!(lines(&path).len(), bodies.len(), "each is recorded, read or not");
    assert_eq!(desk.counts().1, 0);
    desk.place(STORED);
}

/// Returns the pointers of a value and everything in it.
fn pointers(value: &Value, at: &str) -> Vec<String> {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(rows) => rows.iter().enumerate().map(|(n, row)| (n.to_string(), row)).collect(),
        _ => Vec::new(),
    };
    let inner = members.iter().flat_map(|(name, member)| pointers(member, &format!("{at}/{name}")));
    std::iter::once(at.to_owned()).chain(inner).collect()
}

#[test]
fn wrong_types_anywhere_never_break_the_sandbox() {
    let desk = Desk::open();
    let mut order: Value = serde_json::from_str(NEW).unwrap();
    order["order_validity"] = json!({ "years": 1, "days": 30, "custom_expiration_date": "2020-01-01" });
    let wrong = [
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("é٣🙂"),
        json!([[]]),
        json!({}),
    ];
    let mut calls = 0;
    for pointer in pointers(&order, "") {
        for value in &wrong {
            let mut broken = order.clone();
            *broken.pointer_mut(&pointer).unwrap() = value.clone();
            let answer = desk.post(&broken.to_string());
            assert!(matches!(answer.status, 201 | 400), "{pointer} as {value}: {}", answer.text());
            calls += 1;
        }
    }
    assert_eq!(desk.counts().0, calls);
}

#[rstest]
#[case(b"\x16\x03\x01\x02\x00\x01\x00".as_slice())]
#[case(b"GET\r\n\r\n")]
#[case(b"GET /services/v2/user/me?%ff=%00&filters[search HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: \xff\r\nConnection: close\r\n\r\n")]
#[case(b"POST /services/v2/order/certificate/%ff HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{")]
#[case(b"POST /services/v2/order/certificate/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n{")]
fn malformed_http_does_not_stop_the_sandbox(#[case] bytes: &[u8]) {
    let desk = Desk::open();
    http::exchange_cut(desk.0.address(), bytes);
    desk.place(STORED);
}
