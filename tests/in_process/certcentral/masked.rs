//! Responses that repeat the request: no part of the key or of a card reaches the reader of the response.

use super::{KEY, ORDERS, body, client, limits};
use crate::common::search::in_url;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};
use zegel::domain::{ApiError, SendResult};

const CARD: &str = "4111 1111 1111 1111";

/// A card other than the one in the order.
const OTHER: &str = "5500-0000-0000-0004";

fn order() -> String {
    json!({ "credit_card": { "number": CARD.replace(' ', ""), "cvv": "7391" } }).to_string()
}

fn assert_masked(report: &str) {
    for secret in [KEY, CARD, OTHER, "7391", in_url(KEY).as_str()] {
        assert!(!report.contains(secret), "{secret} in {report}");
    }
    assert!(report.contains("***"), "something was there: {report}");
}

#[rstest]
#[case::message(|text: &str| json!({ "errors": [{ "code": "x", "message": text }] }))]
#[case::code(|text: &str| json!({ "errors": [{ "code": text, "message": "no" }] }))]
#[case::text(|text: &str| json!({ "errors": [text] }))]
#[case::by_name(|text: &str| json!({ "errors": { "zip": [text] } }))]
#[tokio::test]
async fn a_refusal_has_no_secret_in_it(
    #[case] answer: fn(&str) -> Value,
    #[values(KEY.to_owned(), in_url(KEY), CARD.to_owned(), OTHER.to_owned())] secret: String,
) {
    let server = MockServer::start().await;
    let refusal = ResponseTemplate::new(400).set_body_json(answer(&format!("sent {secret} here")));
    Mock::given(method("POST")).and(path(ORDERS)).respond_with(refusal.clone()).mount(&server).await;
    Mock::given(method("GET")).respond_with(refusal).mount(&server).await;
    let client = client(&server.uri(), limits());
    match client.submit_order(super::ENDPOINT, body(&order())).await {
        SendResult::Reply { status: 400, body, excerpt } => {
            let report = format!("{} {excerpt}", String::from_utf8(body).unwrap());
            assert!(!report.contains(&secret), "{report}");
            // The key is masked before anything is parsed.
            if secret != KEY {
                assert_masked(&report);
            }
        }
        other => panic!("{other:?}"),
    }
    match client.fetch_balance(None).await {
        Err(ApiError::Refused { status: 400, errors, excerpt }) => {
            let report = format!("{errors:?} {excerpt}");
            assert!(!report.contains(&secret), "{report}");
        }
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::its_own_card("status", CARD)]
#[case::its_cvv("status", "cvv 7391")]
#[case::another_card("note", OTHER)]
#[tokio::test]
async fn the_response_to_a_placed_order_has_no_secret_in_it(#[case] member: &str, #[case] secret: &str) {
    let server = MockServer::start().await;
    let placed = ResponseTemplate::new(201).set_body_json(json!({ "id": 700_001, member: secret }));
    Mock::given(method("POST")).and(path(ORDERS)).respond_with(placed).mount(&server).await;
    let answer = client(&server.uri(), limits()).submit_order(super::ENDPOINT, body(&order())).await;
    let SendResult::Reply { status: 201, body, .. } = answer else { panic!("{answer:?}") };
    let report = String::from_utf8(body).unwrap();
    assert_masked(&report);
    assert!(report.contains("700001"), "what was placed is still told: {report}");
}
