//! The order against a whole server: the request, the response, and that it is sent once.

use super::peer::Peer;
use super::{BODY, ENDPOINT, KEY, ORDERS, body, client, limits, reply, submit};
use rstest::rstest;
use std::io::Write;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};
use zegel::certcentral::decode;
use zegel::domain::{PlacedOrder, RequestState, SendResult, TransportErrorKind};

/// Starts a server that gives every order this response and does nothing else.
pub(crate) async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path(ORDERS)).respond_with(answer).mount(&server).await;
    server
}

/// Returns the outcome, and the only request that led to it.
async fn outcome(answer: ResponseTemplate) -> (SendResult, Request) {
    let server = server(answer).await;
    let answer = submit(&client(&server.uri(), limits())).await;
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1, "requests");
    (answer, requests.remove(0))
}

fn one(status: &str) -> PlacedOrder {
    PlacedOrder {
        id: 700_001,
        requests: vec![RequestState { id: 5001, status: status.into() }],
        ..PlacedOrder::default()
    }
}

/// Removes the quoted text from an outcome.
fn bare(answer: SendResult) -> SendResult {
    match answer {
        SendResult::Reply { status, body, .. } => SendResult::from_reply(status, body),
        other => other,
    }
}

#[rstest]
#[case(r#"{ "id": 700001, "requests": [ { "id": 5001, "status": "pending" } ] }"#, one("pending"))]
#[case(r#"{ "id": 700001, "requests": [ { "id": 5001, "status": "submitted" } ] }"#, one("submitted"))]
#[case(
    r#"{ "id": 700001, "requests": [ { "id": 5001, "status": "approved" } ], "certificate_id": 600001 }"#,
    PlacedOrder { certificate_id: Some(600_001), ..one("approved") }
)]
#[case(
    r#"{ "id": 700001, "certificate_id": 600001 }"#,
    PlacedOrder { id: 700_001, certificate_id: Some(600_001), ..PlacedOrder::default() }
)]
#[tokio::test]
async fn the_documented_responses_are_orders(#[case] text: &str, #[case] placed: PlacedOrder) {
    let (answer, _) = outcome(ResponseTemplate::new(201).set_body_raw(text, "application/json")).await;
    assert_eq!(bare(answer), reply(201, text));
    assert_eq!(decode::parse_placed_order(text.as_bytes()), Some(placed));
}

#[rstest]
#[case(200, r#"{"id":"700001"}"#)]
#[case(201, r#"{"status":"ok"}"#)]
#[case(204, "")]
#[case(301, "")]
#[case(304, "")]
#[case(400, r#"{"errors":[{"code":"bad_request_format","message":"No."}]}"#)]
#[case(403, "")]
#[case(404, r#"{"errors":{"code":"not_found|product"}}"#)]
#[case(429, r#"{"errors":[{"code":"request_limit_exceeded"}]}"#)]
#[case(500, "<html><body>Oops</body></html>")]
#[case(502, "")]
#[case(503, r#"{"id":700001}"#)]
#[case(599, "\u{1b}[2J")]
#[tokio::test]
async fn any_complete_response_is_a_reply(#[case] status: u16, #[case] text: &str) {
    let answer = ResponseTemplate::new(status).insert_header("retry-after", "0").set_body_string(text);
    assert_eq!(bare(outcome(answer).await.0), reply(status, text));
}

#[tokio::test]
async fn invalid_utf_8_is_kept() {
    let (answer, _) = outcome(ResponseTemplate::new(200).set_body_bytes([0xff, 0x00, 0x1f, 0x8b])).await;
    assert_eq!(answer, SendResult::from_reply(200, vec![0xff, 0x00, 0x1f, 0x8b]));
}

#[tokio::test]
async fn the_request_is_as_documented() {
    let (_, request) = outcome(ResponseTemplate::new(201)).await;
    let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("x-dc-devkey").as_deref(), Some(KEY));
    assert_eq!(header("user-agent").as_deref(), Some(concat!("zegel/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(header("content-type").as_deref(), Some("application/json"));
    assert_eq!(header("accept").as_deref(), Some("application/json"));
    assert_eq!(header("content-length"), Some(BODY.len().to_string()));
    for absent in ["referer", "accept-encoding", "cookie", "expect", "transfer-encoding"] {
        assert_eq!(header(absent), None, "{absent}");
    }
    assert_eq!(request.body, BODY.as_bytes(), "byte for byte");
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(303)]
#[case(307)]
#[case(308)]
#[tokio::test]
async fn a_redirect_is_not_followed(#[case] status: u16) {
    let elsewhere = server(ResponseTemplate::new(201)).await;
    for target in [format!("{}{ORDERS}", elsewhere.uri()), ORDERS.to_owned()] {
        let answer = ResponseTemplate::new(status).insert_header("location", target.as_str());
        assert_eq!(outcome(answer).await.0, reply(status, ""));
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty(), "neither the order nor the key went there");
}

#[rstest]
#[case("/order/certificate/pkio_qualified_organisation_services")]
#[case("order/certificate/pkio_qualified_organisation_services")]
#[tokio::test]
async fn an_endpoint_may_begin_with_a_slash(#[case] endpoint: &str) {
    let server = server(ResponseTemplate::new(201)).await;
    let answer = client(&server.uri(), limits()).submit_order(endpoint, body(BODY)).await;
    assert_eq!(answer, reply(201, ""));
}

#[rstest]
#[case("")]
#[case("order//certificate")]
#[case("order/certificate/")]
#[case("order/../user")]
#[case("order/certificate?x=y")]
#[case("order/certificate#x")]
#[case("http://example.nl")]
#[tokio::test]
async fn an_order_to_an_invalid_endpoint_is_not_sent(#[case] endpoint: &str) {
    let server = MockServer::start().await;
    let answer = client(&server.uri(), limits()).submit_order(endpoint, body(BODY)).await;
    assert_eq!(answer, SendResult::NotSent(TransportErrorKind::Unfit.into()));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn two_orders_use_two_connections() {
    let peer = Peer::new(|stream| stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}").unwrap());
    let client = client(&peer.origin("http"), limits());
    let both = async move { (submit(&client).await, submit(&client).await) };
    let both = tokio::spawn(both).await.unwrap();
    assert_eq!(both, (reply(201, "{}"), reply(201, "{}")));
    let seen = peer.finish().await;
    assert_eq!(seen.len(), 2, "connections, though the first was left open");
    assert_ne!(seen[0].from, seen[1].from);
    assert!(seen.iter().all(|one| one.bytes.starts_with(format!("POST /services/v2/{ENDPOINT} HTTP/1.1").as_bytes())));
}
