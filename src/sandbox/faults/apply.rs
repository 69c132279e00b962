//! Applying faults: how the faults that strike a call replace, change or delay its response.
//!
//! A fault with *before* in its name prevents the call from being handled, and so do the faults that refuse a call.
//! Every other fault strikes after the call is handled, so the order is placed, whatever the client receives. Which
//! faults are on is decided elsewhere.

use super::connection::{ConnectionEnd, Peer, ResponseCut};
use super::long_body;
use crate::sandbox::control::ControlBoard;
use crate::sandbox::faults::{Fault, FaultSpec};
use crate::sandbox::response::{ErrorResponse, JsonResponse};
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// How many later list calls do not show the order that this call places.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct HiddenListCalls(pub(in crate::sandbox) u64);

/// Handles a call and applies the faults that strike it.
pub(in crate::sandbox) async fn serve_with_faults(
    struck: Vec<FaultSpec>,
    board: &ControlBoard,
    mut request: Request,
    next: Next,
) -> Response {
    let number = |fault| struck.iter().find(|switch| switch.fault == fault).map(|switch| switch.number);
    let peer = request.extensions().get::<ConnectInfo<Peer>>().cloned();
    request.extensions_mut().insert(HiddenListCalls(number(Fault::ListLate).unwrap_or_default()));
    let mut response = match struck.iter().find_map(replacement_response) {
        Some(response) => response,
        None => next.run(request).await,
    };
    for switch in &struck {
        response = alter_response(switch.fault, response).await;
    }
    if let Some(switch) = struck.iter().find(|switch| matches!(switch.fault, Fault::Trickle | Fault::Flood)) {
        response = lengthen_body(switch, response).await;
    }
    if let Some(milliseconds) = number(Fault::Slow) {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    if let Some(ConnectInfo(peer)) = peer {
        apply_connection_faults(&struck, board, &peer).await;
    }
    response
}

/// Holds or cuts the connection after the response is made.
async fn apply_connection_faults(struck: &[FaultSpec], board: &ControlBoard, peer: &Peer) {
    if struck.iter().any(|switch| switch.fault == Fault::HoldPlacing) {
        // The result does not matter: a caller who has hung up receives nothing either way.
        board.holds.hold_connection(Fault::HoldPlacing, &peer.probe).await;
    }
    if let Some((cut, end)) = struck.iter().find_map(|switch| cut_of_fault(switch.fault)) {
        peer.cut_response(cut, end);
    }
}

fn cut_of_fault(fault: Fault) -> Option<(ResponseCut, ConnectionEnd)> {
    match fault {
        Fault::ReplyLost => Some((ResponseCut::AtStart, ConnectionEnd::Close)),
        Fault::ReplyCut => Some((ResponseCut::AtHalf, ConnectionEnd::Close)),
        Fault::Reset => Some((ResponseCut::AtStart, ConnectionEnd::Reset)),
        Fault::HoldReply => Some((ResponseCut::AtHalf, ConnectionEnd::Hold)),
        _ => None,
    }
}

/// Returns the response of a fault that prevents the call from being handled. Its codes are documented
/// (certcentral-api.md 1.5), but the code of a refused order is the sandbox's own.
fn replacement_response(switch: &FaultSpec) -> Option<Response> {
    let refusal = |status, code, words: &str| Some(ErrorResponse::new(status, code, words).into_response());
    match switch.fault {
        Fault::ListForbidden => {
            refusal(StatusCode::FORBIDDEN, "access_denied|missing_permission", "You may not list these.")
        }
        Fault::InvalidKey => {
            refusal(StatusCode::FORBIDDEN, "access_denied|access_denied_invalid_key", "The key is not known.")
        }
        Fault::OrderRefused => refusal(StatusCode::BAD_REQUEST, "sandbox|refused", "The order was refused."),
        Fault::TooMany => Some(too_many_requests()),
        Fault::TooManyWait => {
            let mut answer = too_many_requests();
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(switch.number));
            Some(answer)
        }
        Fault::Http500Before => Some(html_error_page(StatusCode::INTERNAL_SERVER_ERROR)),
        Fault::Http502Before => Some(html_error_page(StatusCode::BAD_GATEWAY)),
        Fault::Http503Before => Some(html_error_page(StatusCode::SERVICE_UNAVAILABLE)),
        _ => None,
    }
}

fn too_many_requests() -> Response {
    ErrorResponse::new(StatusCode::TOO_MANY_REQUESTS, "request_limit_exceeded", "Too many requests.").into_response()
}

/// Makes an error page like that of a proxy in front of the server.
fn html_error_page(status: StatusCode) -> Response {
    let page = format!("<!DOCTYPE html>\n<html><body><h1>{status}</h1></body></html>\n");
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// Changes the response according to a fault that lets the call be handled.
async fn alter_response(fault: Fault, answer: Response) -> Response {
    match fault {
        Fault::Http500After => html_error_page(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::Http502After => html_error_page(StatusCode::BAD_GATEWAY),
        Fault::Http503After => html_error_page(StatusCode::SERVICE_UNAVAILABLE),
        Fault::JsonTruncated => truncate_body(answer).await,
        Fault::JsonWrongTypes => rewrite_json(answer, change_member_types).await,
        Fault::IdsAsStrings => rewrite_json(answer, turn_ids_into_strings).await,
        Fault::NoPage => rewrite_json(answer, remove_page_info).await,
        Fault::HostileNames => rewrite_json(answer, insert_hostile_names).await,
        _ => answer,
    }
}

/// Every body here was made in memory, so reading it does not fail and takes no time.
async fn collect_response(answer: Response) -> (StatusCode, Vec<u8>) {
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
    (status, body.into())
}

async fn truncate_body(answer: Response) -> Response {
    let (status, body) = collect_response(answer).await;
    let half = body[..body.len() / 2].to_vec();
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(half)).into_response()
}

/// Makes the body longer. This is the last change to the body, because the new body cannot be collected in memory.
async fn lengthen_body(switch: &FaultSpec, answer: Response) -> Response {
    let (status, body) = collect_response(answer).await;
    let body = match switch.fault {
        Fault::Trickle => long_body::trickle_body(body, Duration::from_millis(switch.number)),
        _ => long_body::flood_body(body, switch.number),
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Rewrites the JSON of the response. A body that is not JSON stays unchanged.
async fn rewrite_json(answer: Response, rewrite: fn(&mut Value)) -> Response {
    let (status, body) = collect_response(answer).await;
    match serde_json::from_slice(&body) {
        Ok(mut value) => {
            rewrite(&mut value);
            (status, JsonResponse(value)).into_response()
        }
        Err(_) => (status, Body::from(body)).into_response(),
    }
}

/// Gives every member of the response another JSON type. The response stays an object, so that clients look at its
/// members.
fn change_member_types(answer: &mut Value) {
    for member in answer.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
        *member = match member.take() {
            Value::Null => json!({}),
            Value::Bool(_) => json!("perhaps"),
            Value::Number(number) => json!([number]),
            Value::String(text) => json!({ "text": text }),
            Value::Array(_) => json!("a list"),
            Value::Object(_) => json!(7),
        };
    }
}

/// Calls `change` with the name and the value of every member, at any depth.
fn for_each_member(value: &mut Value, change: fn(&str, &mut Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                change(name, member);
                for_each_member(member, change);
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| for_each_member(row, change)),
        _ => {}
    }
}

fn turn_ids_into_strings(answer: &mut Value) {
    for_each_member(answer, |name, member| {
        if (name == "id" || name.ends_with("_id")) && member.is_number() {
            *member = member.to_string().into();
        }
    });
}

fn remove_page_info(answer: &mut Value) {
    answer.as_object_mut().map(|members| members.remove("page"));
}

/// Adds characters that clear the screen, set the title and the clipboard, reverse the text direction, and use C1
/// controls.
fn insert_hostile_names(answer: &mut Value) {
    for_each_member(answer, |name, member| {
        if let Value::String(text) = member
            && ["name", "first_name", "last_name", "display_name", "assumed_name"].contains(&name)
        {
            *text = format!("\u{1b}[2J\u{1b}]0;x\u{7}\u{1b}]52;c;eA==\u{7}\u{202e}{text}\u{200b}\u{9b}31m\r\n");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(change_member_types, json!({ "id": [1], "a": { "text": "x" }, "l": "a list", "page": 7, "n": {}, "b": "perhaps" }))]
    #[case(turn_ids_into_strings, json!({ "id": "1", "a": "x", "l": [{ "user_id": "2", "name": "A" }], "page": { "total": 3 }, "n": null, "b": true }))]
    #[case(remove_page_info, json!({ "id": 1, "a": "x", "l": [{ "user_id": 2, "name": "A" }], "n": null, "b": true }))]
    fn a_response_is_rewritten(#[case] rewrite: fn(&mut Value), #[case] expected: Value) {
        let mut answer = json!({ "id": 1, "a": "x", "l": [{ "user_id": 2, "name": "A" }], "page": { "total": 3 },
                                 "n": null, "b": true });
        rewrite(&mut answer);
        assert_eq!(answer, expected);
    }

    #[test]
    fn only_names_become_hostile_at_any_depth() {
        let mut answer = json!({ "organizations": [{ "name": "A", "city": "B", "user": { "first_name": "C" } }] });
        insert_hostile_names(&mut answer);
        let row = &answer["organizations"][0];
        for name in [&row["name"], &row["user"]["first_name"]] {
            assert!(name.as_str().unwrap().starts_with('\u{1b}'), "{name}");
        }
        assert_eq!(row["city"], "B");
    }
}
