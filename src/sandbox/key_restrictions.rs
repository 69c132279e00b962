//! Key restrictions: which calls a restricted key may not make, if a fault gives the sandbox's key a restriction.
//!
//! The documentation says only in part which calls a restriction forbids (certcentral-api.md 1.2). A view-only key may
//! only use GET; what a key for orders may not do is inferred.

use super::control::ControlBoard;
use super::faults::{CallKind, Fault};
use super::response::ErrorResponse;
use axum::extract::Request;
use axum::http::{Method, StatusCode};

const API_BASE: &str = "/services/v2/";

/// The parts of the API that a key for orders, requests and certificates cannot use.
const CLOSED_TO_ORDER_KEYS: [&str; 4] = ["organization", "user", "finance", "container"];

/// Accepts a call that the key may make.
///
/// # Errors
/// The key's restriction forbids the call.
pub(super) fn check_key_restriction(board: &ControlBoard, request: &Request) -> Result<(), ErrorResponse> {
    let looks = request.method() == Method::GET;
    let path = request.uri().path();
    let part = path.strip_prefix(API_BASE).and_then(|path| path.split('/').next()).unwrap_or_default();
    let strikes = |fault| board.trigger_fault(fault, CallKind::from_request(request));
    let refused =
        !looks && strikes(Fault::KeyViewOnly) || CLOSED_TO_ORDER_KEYS.contains(&part) && strikes(Fault::KeyOrdersOnly);
    if refused { Err(missing_permission()) } else { Ok(()) }
}

fn missing_permission() -> ErrorResponse {
    let words = "The key's restriction does not allow this.";
    ErrorResponse::new(StatusCode::FORBIDDEN, "access_denied|missing_permission", words)
}
