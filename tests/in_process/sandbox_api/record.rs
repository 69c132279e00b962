//! The record of requests: every byte except the secrets of a card, on disk before the response.

use crate::common::desk::{Desk, ORDERS, STORED, code};
use crate::common::http;
use serde_json::{Value, json};
use zegel::sandbox::{KEY, Sandbox, SandboxOptions, StartError};

pub(crate) fn lines(path: &std::path::Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_record_has_every_body_byte_for_byte_except_card_secrets() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    let desk = Desk::recording(&path);
    let sent = "{ \"zip\":\t\"1015 AA\",\r\n \"x\" : [ { \"cvv\" :\"12é\" , \"cvv\": 98765 } ], \"n\\u0075mber\": \"4111111111111111\",\n \
                \"telephone\": 1.50e3, \"card\":{\"number\":{\"a\": 1}}, \"name\":\"S\\u00fadwâld \\\"\" }";
    let kept = "{ \"zip\":\t\"1015 AA\",\r\n \"x\" : [ { \"cvv\" :3 , \"cvv\": 5 } ], \"n\\u0075mber\": 16,\n \
                \"telephone\": 1.50e3, \"card\":{\"number\":8}, \"name\":\"S\\u00fadwâld \\\"\" }";
    assert_eq!(desk.post(sent).status, 400);
    assert_eq!(desk.post(STORED).status, 201);
    let lines = lines(&path);
    let records: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let path = format!("/services/v2{ORDERS}");
    assert_eq!(records, [json!({ "path": path, "body": kept }), json!({ "path": path, "body": STORED })]);
}

#[test]
fn the_record_omits_unreadable_bodies() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    let desk = Desk::recording(&path);
    desk.post("{\"cvv\": \"4111");
    desk.api("POST", "/order/certificate/other", b"{\"cvv\": \"\xff4111\"}");
    let full = format!("/services/v2{ORDERS}");
    let cut = b"{\"cvv\":\"4111\"}";
    let mut request = http::request("POST", &full, &[("X-DC-DEVKEY", KEY)], cut);
    request.truncate(request.len() - 1);
    http::exchange_cut(desk.0.address(), &request);
    assert_eq!(
        lines(&path),
        [
            json!({ "path": full, "unreadable_bytes": 13 }).to_string(),
            json!({ "path": "/services/v2/order/certificate/other", "unreadable_bytes": 16 }).to_string(),
            json!({ "path": full, "unreadable_bytes": cut.len() - 1 }).to_string(),
        ]
    );
}

#[test]
fn the_record_is_appended_to() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    for count in 1..=2 {
        Desk::recording(&path).place(STORED);
        assert_eq!(lines(&path).len(), count);
    }
}

#[cfg(unix)]
#[test]
fn the_record_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    let _desk = Desk::recording(&path);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "made at the start");
}

#[cfg(target_os = "linux")]
#[test]
fn an_order_that_cannot_be_recorded_is_not_placed() {
    let desk = Desk::recording(std::path::Path::new("/dev/full"));
    let answer = desk.post(STORED);
    assert_eq!((answer.status, code(&answer).as_str()), (500, "sandbox|record"));
    assert_eq!(desk.counts(), (1, 0));
}

#[test]
fn an_unwritable_record_is_refused_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let options = SandboxOptions { record: Some(directory.path().to_owned()), ..SandboxOptions::default() };
    let refused = Sandbox::start(&options).unwrap_err();
    assert!(matches!(&refused, StartError::RecordUnwritable { path, .. } if path == directory.path()), "{refused}");
}
