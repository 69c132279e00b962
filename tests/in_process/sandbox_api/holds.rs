//! Held connections: the state of the order at that time, and afterwards.
//!
//! The sandbox notifies the test when it holds a connection; the test never waits for a fixed time.

use super::faults::ClientBench;
use crate::common::desk::{Desk, ORDERS, STORED, code};
use crate::common::http;
use rstest::rstest;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use zegel::domain::SendResult;
use zegel::sandbox::{Fault, HoldStatus, KEY, OrderCounts, Sandbox, SandboxOptions};

/// Long enough for a busy machine. A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

const NOTHING: OrderCounts = OrderCounts { received: 0, received_whole: 0, placed: 0 };
const HEAD: OrderCounts = OrderCounts { received: 1, ..NOTHING };
const PLACED: OrderCounts = OrderCounts { received: 1, received_whole: 1, placed: 1 };

fn desk(faults: &[&str]) -> Desk {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    Desk(Sandbox::start(&SandboxOptions { faults, ..SandboxOptions::default() }).unwrap())
}

/// Returns an order as it goes over the wire.
fn order() -> Vec<u8> {
    http::request("POST", &format!("/services/v2{ORDERS}"), &[("X-DC-DEVKEY", KEY)], STORED.as_bytes())
}

/// Opens a connection and sends these bytes over it.
fn send_bytes(desk: &Desk, bytes: &[u8]) -> TcpStream {
    let mut stream = http::connect(desk.0.address());
    stream.write_all(bytes).unwrap();
    stream
}

fn await_hold(desk: &Desk, count: u64, fault: Fault) {
    let held = desk.0.wait_for_hold(count - 1, PATIENCE);
    assert_eq!(held, Some(HoldStatus { count, phase: Some(fault) }));
}

fn placed(mut stream: &TcpStream) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 ") && answer.contains("\"id\":70000"), "{answer}");
}

fn own(desk: &Desk, method: &str, path: &str, body: &str) -> Value {
    http::call(desk.0.address(), method, path, &[], body.as_bytes()).json()
}

#[rstest]
#[case(Fault::HoldAccept, NOTHING)]
#[case(Fault::HoldHeaders, HEAD)]
#[case(Fault::HoldPlacing, PLACED)]
#[case(Fault::HoldReply, PLACED)]
fn a_held_order_continues_after_release(
    #[case] fault: Fault,
    #[case] counts: OrderCounts,
    #[values("release", "switch", "POST release", "POST faults")] how: &str,
) {
    let desk = desk(&[fault.name()]);
    assert_eq!(desk.0.wait_for_hold(0, Duration::ZERO), None);
    let stream = send_bytes(&desk, &order());
    await_hold(&desk, 1, fault);
    assert_eq!(desk.0.order_counts(), counts);
    match how {
        "release" => desk.0.release_holds(),
        "switch" => desk.0.set_faults(&[]),
        "POST release" => assert_eq!(own(&desk, "POST", "/sandbox/release", "")["held"], 1),
        _ => assert_eq!(own(&desk, "POST", "/sandbox/faults", r#"{"faults": []}"#), json!({ "faults": [] })),
    }
    placed(&stream);
    assert_eq!(desk.0.order_counts(), PLACED);
    assert_eq!(desk.0.wait_for_hold(0, Duration::ZERO), Some(HoldStatus { count: 1, phase: Some(fault) }));
}

/// A caller that closes the connection before the body is examined has ordered nothing, even if all of it was sent.
#[rstest]
#[case(Fault::HoldAccept, NOTHING)]
#[case(Fault::HoldHeaders, HEAD)]
#[case(Fault::HoldPlacing, PLACED)]
#[case(Fault::HoldReply, PLACED)]
fn closing_the_connection_does_not_change_the_result(
    #[case] fault: Fault,
    #[case] before: OrderCounts,
    #[values(0, 9)] missing: usize,
    #[values(true, false)] half: bool,
) {
    if missing > 0 && before == PLACED {
        return;
    }
    let desk = desk(&[&format!("{}*1", fault.name())]);
    let bytes = order();
    let stream = send_bytes(&desk, &bytes[..bytes.len() - missing]);
    await_hold(&desk, 1, fault);
    if half {
        stream.shutdown(Shutdown::Write).unwrap();
    } else {
        drop(stream);
    }
    desk.0.release_holds();
    desk.place(STORED);
    let OrderCounts { received, received_whole, placed } = before;
    let after = OrderCounts { received: received + 1, received_whole: received_whole + 1, placed: placed + 1 };
    assert_eq!(desk.0.order_counts(), after);
}

#[test]
fn the_body_of_an_order_may_arrive_while_its_head_is_held() {
    let desk = desk(&["hold-headers"]);
    let bytes = order();
    let (head, body) = bytes.split_at(bytes.len() - STORED.len());
    let mut stream = send_bytes(&desk, head);
    await_hold(&desk, 1, Fault::HoldHeaders);
    desk.0.release_holds();
    stream.write_all(body).unwrap();
    placed(&stream);
    assert_eq!(desk.0.order_counts(), PLACED);
}

#[test]
fn half_of_the_response_is_sent_before_the_rest_is_held() {
    let desk = desk(&["hold-reply*1", "hold-reply@lists*1"]);
    let list = http::request("GET", "/services/v2/request?limit=2", &[("X-DC-DEVKEY", KEY)], b"");
    for (count, request) in [(1, order()), (2, list)] {
        let mut stream = send_bytes(&desk, &request);
        await_hold(&desk, count, Fault::HoldReply);
        let (mut first, mut rest) = ([0; 4096], String::new());
        let came = stream.read(&mut first).unwrap();
        let first = String::from_utf8(first[..came].to_vec()).unwrap();
        desk.0.release_holds();
        stream.read_to_string(&mut rest).unwrap();
        let (head, body) = first.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 20") && body.len().abs_diff(rest.len()) <= 1, "{first}|{rest}");
        assert!(serde_json::from_str::<Value>(&format!("{body}{rest}")).unwrap().is_object());
    }
}

/// Requests and other calls continue while an order is held, and are not held themselves.
#[rstest]
#[case("hold-accept@every")]
#[case("hold-headers@every")]
#[case("hold-placing")]
#[case("hold-reply")]
fn a_held_order_does_not_block_other_calls(#[case] fault: &str) {
    let desk = desk(&[fault]);
    desk.get("/user/me");
    let first = send_bytes(&desk, &order());
    assert_eq!(desk.0.wait_for_hold(0, PATIENCE).unwrap().count, 1);
    let second = send_bytes(&desk, &order());
    assert_eq!(desk.0.wait_for_hold(1, PATIENCE).unwrap().count, 2);
    desk.get("/order/certificate");
    desk.0.release_holds();
    placed(&first);
    placed(&second);
    assert_eq!(desk.0.order_counts().placed, 2);
}

#[test]
fn an_order_can_be_held_at_several_places_in_turn() {
    let desk = desk(&["hold-reply", "hold-placing", "hold-headers", "hold-accept"]);
    let stream = send_bytes(&desk, &order());
    let places = [Fault::HoldAccept, Fault::HoldHeaders, Fault::HoldPlacing, Fault::HoldReply];
    for (count, fault) in (1..).zip(places) {
        await_hold(&desk, count, fault);
        desk.0.release_holds();
    }
    placed(&stream);
}

#[test]
fn a_hold_ends_after_its_count() {
    let desk = desk(&["hold-accept*1", "hold-headers*1"]);
    let stream = send_bytes(&desk, &order());
    await_hold(&desk, 1, Fault::HoldAccept);
    desk.0.release_holds();
    await_hold(&desk, 2, Fault::HoldHeaders);
    desk.place(STORED);
    desk.0.release_holds();
    placed(&stream);
    assert_eq!(own(&desk, "GET", "/sandbox/faults", ""), json!({ "faults": [] }));
}

#[test]
fn a_hold_can_be_awaited_over_http() {
    let desk = desk(&["hold-placing"]);
    assert_eq!(own(&desk, "GET", "/sandbox/held", ""), json!({ "held": 0, "phase": null }));
    let mut waiting = send_bytes(&desk, &http::request("GET", "/sandbox/held?after=0", &[], b""));
    let stream = send_bytes(&desk, &order());
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(r#"{"held":1,"phase":"hold-placing"}"#), "{answer}");
    assert_eq!(own(&desk, "GET", "/sandbox/held?after=0", "")["held"], 1, "what has been is told at once");
    own(&desk, "POST", "/sandbox/release", "");
    placed(&stream);
}

#[rstest]
#[case("")]
#[case("-1")]
#[case("x")]
#[case("18446744073709551616")]
fn only_a_number_of_holds_can_be_awaited(#[case] after: &str) {
    let desk = desk(&[]);
    let answer = http::call(desk.0.address(), "GET", &format!("/sandbox/held?after={after}"), &[], b"");
    assert_eq!((answer.status, code(&answer).as_str()), (400, "sandbox|range"));
}

/// With the real client, whose requests are written unchanged.
#[rstest]
#[case(Fault::HoldAccept)]
#[case(Fault::HoldHeaders)]
#[case(Fault::HoldPlacing)]
#[case(Fault::HoldReply)]
fn the_client_waits_while_its_order_is_held(#[case] fault: Fault) {
    let bench = ClientBench::of(&[fault.name()]);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| bench.order());
        await_hold(&bench.desk, 1, fault);
        bench.desk.0.set_faults(&[]);
        let answer = waiting.join().unwrap();
        assert!(matches!(answer, SendResult::Reply { status: 201, .. }), "{answer:?}");
    });
    assert!(bench.list().is_complete());
    assert_eq!(bench.desk.0.order_counts(), PLACED);
}

#[rstest]
#[case(Fault::HoldAccept)]
#[case(Fault::HoldHeaders)]
#[case(Fault::HoldPlacing)]
#[case(Fault::HoldReply)]
fn a_stopping_sandbox_releases_held_connections(#[case] fault: Fault) {
    let desk = desk(&[fault.name()]);
    let mut stream = send_bytes(&desk, &order());
    await_hold(&desk, 1, fault);
    drop(desk);
    let mut answer = Vec::new();
    // Unread bytes of an order turn the end into a reset.
    let _ = stream.read_to_end(&mut answer);
    assert_eq!(answer.is_empty(), fault != Fault::HoldReply);
}
