//! The bytes of a response when a fault makes it extremely long or ends the connection instead.
//!
//! Some are read by hand, because the client gives up on them. Another part of the test then checks the client's error.

use super::faults::ClientBench;
use crate::common::desk::{Desk, ORDERS, STORED};
use crate::common::http;
use rstest::rstest;
use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use zegel::certcentral::Limits;
use zegel::domain::{ApiError, ListGap, SendResult, TransportErrorKind};
use zegel::sandbox::KEY;

const OWN: &[(&str, &str)] = &[("X-DC-DEVKEY", KEY)];

/// Opens a connection and sends this over it.
fn send_request(desk: &Desk, method: &str, path: &str, body: &str) -> TcpStream {
    let mut stream = http::connect(desk.0.address());
    stream.write_all(&http::request(method, &format!("/services/v2{path}"), OWN, body.as_bytes())).unwrap();
    stream
}

/// Reads until these bytes.
fn read_until(stream: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let (mut came, mut byte) = (Vec::new(), [0]);
    while !came.ends_with(end) {
        stream.read_exact(&mut byte).unwrap();
        came.push(byte[0]);
    }
    came
}

#[test]
fn a_trickle_is_the_response_byte_by_byte_and_then_blanks() {
    let bench = ClientBench::of(&["trickle=1"]);
    let mut stream = send_request(&bench.desk, "POST", ORDERS, STORED);
    let head = String::from_utf8(read_until(&mut stream, b"\r\n\r\n")).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 201 ") && !head.contains("content-length"), "{head}");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    let blanks = b"1\r\n \r\n".repeat(20);
    let mut chunks = read_until(&mut stream, &blanks);
    chunks.truncate(chunks.len() - blanks.len());
    let body: Vec<u8> =
        chunks.chunks(6).inspect(|chunk| assert!(chunk.starts_with(b"1\r\n"))).map(|chunk| chunk[3]).collect();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["id"], 700_001);
    assert_eq!(bench.desk.counts(), (1, 1));
}

#[test]
fn a_client_does_not_wait_for_the_end_of_a_trickle() {
    let patience = Duration::from_secs(1);
    let limits = Limits { post: patience, get: patience, ..Limits::default() };
    let bench = ClientBench::within(limits, &["trickle=1@every"]);
    assert_eq!(bench.desk.counts(), (0, 0), "the account is made up by now");
    let answer = bench.order();
    assert!(matches!(&answer, SendResult::Lost(why) if why.kind == TransportErrorKind::Slow), "{answer:?}");
    assert_eq!(bench.desk.counts(), (1, 1));
    let failure = bench.runtime.block_on(bench.client.fetch_current_user()).unwrap_err();
    assert!(matches!(&failure, ApiError::ResponseCut(why) if why.kind == TransportErrorKind::Slow), "{failure:?}");
}

#[test]
fn a_flood_is_the_response_and_then_blanks_of_its_declared_length() {
    let bench = ClientBench::of(&["flood=3@every"]);
    for (method, path, body) in [("POST", ORDERS, STORED), ("GET", "/order/certificate/700001", "")] {
        let answer = bench.desk.api(method, path, body.as_bytes());
        assert!(answer.head.to_lowercase().contains("content-length: 3145728"), "{}", answer.head);
        assert_eq!((answer.body.len(), answer.json()["id"].as_u64()), (3 << 20, Some(700_001)));
    }
}

#[test]
fn a_client_does_not_read_a_flood_into_memory() {
    let bench = ClientBench::of(&["flood@every"]);
    let answer = bench.order();
    assert!(matches!(&answer, SendResult::Lost(why) if why.kind == TransportErrorKind::TooLarge), "{answer:?}");
    assert_eq!(bench.desk.counts(), (1, 1));
    let gap = bench.list().gap;
    assert!(
        matches!(&gap, Some(ListGap::Failed(ApiError::ResponseCut(why))) if why.kind == TransportErrorKind::TooLarge),
        "{gap:?}"
    );
}

#[test]
fn a_reset_is_not_the_end_of_the_response() {
    let bench = ClientBench::of(&["reset@every"]);
    for (method, path, body) in [("POST", ORDERS, STORED), ("GET", "/user/me", "")] {
        let mut stream = send_request(&bench.desk, method, path, body);
        let flaw = stream.read(&mut [0]).unwrap_err();
        assert_eq!(flaw.kind(), io::ErrorKind::ConnectionReset, "{method}: {flaw}");
    }
    assert_eq!(bench.desk.counts(), (1, 1));
}

#[rstest]
#[case("POST", ORDERS, STORED, 201)]
#[case("POST", ORDERS, "{}", 400)]
#[case("POST", "/order/certificate/eu_eseal", STORED, 404)]
#[case("GET", "/user/me", "", 200)]
#[case("GET", "/nothing", "", 404)]
fn every_response_has_one_date(#[case] method: &str, #[case] path: &str, #[case] body: &str, #[case] status: u16) {
    let desk = Desk::open();
    let answer = desk.api(method, path, body.as_bytes());
    assert_eq!(answer.status, status);
    assert_one_date(&answer);
    assert_one_date(&http::call(desk.0.address(), method, "/sandbox/faults", OWN, b""));
}

#[rstest]
#[case("order-refused", 400)]
#[case("too-many-wait", 429)]
#[case("http-502-before", 502)]
#[case("http-503-after", 503)]
#[case("json-truncated", 201)]
#[case("no-page", 201)]
#[case("flood=1", 201)]
fn a_response_changed_by_a_fault_has_one_date_too(#[case] fault: &str, #[case] status: u16) {
    let answer = ClientBench::of(&[fault]).desk.post(STORED);
    assert_eq!(answer.status, status);
    assert_one_date(&answer);
}

/// Asserts that there is one HTTP date, close to now.
fn assert_one_date(answer: &http::Answer) {
    let dates: Vec<&str> = answer.head.lines().filter_map(|line| line.strip_prefix("date: ")).collect();
    let [date] = dates[..] else { panic!("{}", answer.head) };
    let read = jiff::fmt::rfc2822::parse(date).unwrap().timestamp();
    assert!(
        date.ends_with(" GMT") && jiff::Timestamp::now().duration_since(read).unsigned_abs() < Duration::from_hours(1)
    );
}
