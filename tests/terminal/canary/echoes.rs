//! A server or gateway that repeats the whole request, headers included, in every kind of response and in several
//! encodings: no part of it is printed, stored or logged.
//!
//! The rest of the output, such as that the response was text, shows that there was something to mask.

use super::commands::Flow;
use super::flows::assert_sent;
use crate::common::search::{CARD, KEY, in_url};
use crate::common::server::{Reply, Request, Server};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rstest::rstest;
use serde_json::json;
use std::fs;

/// Returns all of a request.
fn whole(request: &Request) -> String {
    format!("{}\r\n\r\n{}", request.head, request.body)
}

type Encode = fn(&str) -> String;

fn plain(text: &str) -> String {
    text.to_owned()
}

fn in_base64(text: &str) -> String {
    STANDARD.encode(text)
}

fn in_base64_of_urls(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

const ALL: &[Encode] = &[plain, in_url, in_base64];
const PLAIN: &[Encode] = &[plain];

/// Returns the responses that repeat a text, with the exit code of an order with each.
fn answers(text: &str) -> Vec<(Reply, i32)> {
    let json = |status, value: serde_json::Value| Reply::Json(status, value.to_string());
    let bytes = |status, text: String| Reply::Bytes(status, text.into_bytes());
    vec![
        (json(400, json!({ "errors": [{ "code": "x", "message": text }] })), 1),
        (json(400, json!({ "errors": [{ "code": text, "description": "no" }] })), 1),
        (json(400, json!({ "errors": { "code": "x", "message": text } })), 1),
        (json(400, json!({ "errors": [text] })), 1),
        (json(422, json!({ "errors": { "zip": [text] } })), 1),
        (json(422, json!({ "errors": { text: "is not known" } })), 1),
        (json(400, json!({ "message": text })), 3),
        (json(403, json!({ "error": { "code": "x", "message": text } })), 3),
        (json(400, json!({ "errors": text })), 3),
        (json(408, json!({ "errors": [text] })), 3),
        (json(500, json!({ "errors": [{ "message": text }], "incident": 18_4711 })), 3),
        (json(500, json!([text])), 3),
        (json(200, json!({ "order": text })), 3),
        (bytes(502, format!("<html><title>Bad gateway</title><p>{text}</p></html>")), 3),
        (bytes(500, format!("Sorry: {text}")), 3),
        (bytes(201, format!("{{\"id\": 700001, \"echo\": {}", json!(text))), 3),
        (json(201, json!({ "id": 700_001, "requests": [{ "id": 5001, "status": text }] })), 0),
    ]
}

#[rstest]
#[case::plain(plain)]
#[case::in_url(in_url)]
#[case::in_base64(in_base64)]
#[case::in_base64_of_urls(in_base64_of_urls)]
fn a_response_that_repeats_an_order_is_reported_without_secrets(#[case] encode: Encode) {
    for (kind, (_, code)) in answers("").into_iter().enumerate() {
        for more in [&[][..], &["--json"]] {
            let flow = Flow::on(move |request| answers(&encode(&whole(request))).swap_remove(kind).0);
            let report = flow.submit_all(more);
            assert_eq!(report.0, Some(code), "{kind}: {report:?}");
            assert_encoded_nowhere(&flow, &report, encode);
            if code == 3 {
                let report = flow.run_all(&[&["resolve", "1", "--for", "0"], more].concat(), "");
                assert_encoded_nowhere(&flow, &report, encode);
            }
            flow.end(1);
        }
    }
}

/// Asserts that the middle of an encoded secret is in no file and no output, and that the log has nothing of a
/// response.
#[track_caller]
fn assert_encoded_nowhere(flow: &Flow, (_, out, err): &(Option<i32>, String, String), encode: Encode) {
    let log = fs::read_to_string(flow.place.path("log")).unwrap();
    let files = flow.place.written_bytes("ZEGEL_STATE_DIR");
    for secret in [KEY, CARD] {
        // In base64 the encoding depends on the position in the whole.
        for before in ["", "a", "ab"] {
            let encoded = encode(&format!("{before}{secret}"));
            let middle = &encoded[4..encoded.len() - 4];
            for text in [out, err, &log].into_iter().chain(&files) {
                assert!(!text.contains(middle), "{middle} in {text}");
            }
        }
    }
    assert!(!log.contains("Sorry") && !log.contains("Bad gateway"), "{log}");
}

/// The same in the responses to all requests before an order: those have only the key. In names it is masked if it
/// occurs plainly; an encoded key is account data like any other.
#[rstest]
#[case::refused(403, r#"{"errors": [{"code": "x", "message": "ECHO"}]}"#, ALL)]
#[case::refused_in_texts(403, r#"{"errors": ["ECHO"]}"#, ALL)]
#[case::refused_by_a_page(403, "<html>ECHO</html>", ALL)]
#[case::a_message(500, r#"{"message": "ECHO"}"#, ALL)]
#[case::no_json(200, "ECHO", ALL)]
#[case::no_list(200, r#"{"ECHO": "ECHO"}"#, ALL)]
#[case::errors_beside(200, r#"{"orders": [], "requests": [], "id": 1, "errors": [{"message": "ECHO"}]}"#, ALL)]
#[case::total(200, r#"{"orders": [], "requests": [], "id": 1, "page": {"total": "ECHO"}}"#, ALL)]
#[case::names(200, r#"{"orders": [{"id": 1, "status": "ECHO", "organization": {"name": "ECHO"}, "date_created": "ECHO"}], "requests": [{"id": 1, "status": "ECHO", "requester": {"id": 5, "name": "ECHO"}}], "id": 1, "name": "ECHO"}"#, PLAIN)]
fn a_response_that_repeats_a_request_is_reported_without_the_key(
    #[case] status: u16,
    #[case] answer: &'static str,
    #[case] encodings: &[Encode],
) {
    for &encode in encodings {
        let server = Server::start(move |request| {
            let text = json!(encode(&whole(request))).to_string();
            Reply::Json(status, answer.replace("ECHO", text.trim_matches('"')))
        });
        let flow = Flow::with(server);
        for report in [flow.submit_all(&[]), flow.submit_all(&["--json"]), flow.run_all(&["status", "700001"], "")] {
            assert_encoded_nowhere(&flow, &report, encode);
        }
        assert_sent(&flow.server.finish(), 0);
    }
}
