//! What a key that is restricted may not do, where the sandbox's key is switched to be one.
//!
//! Which calls a restriction closes is documented only in part (certcentral-api.md 1.2): a key for looking may do
//! nothing but GET; of a key for orders it is inferred. It knows no account.

use super::control::ControlBoard;
use super::faults::{CallKind, Fault};
use super::response::ErrorResponse;
use axum::extract::Request;
use axum::http::{Method, StatusCode};

const API_BASE: &str = "/services/v2/";

/// What a key for orders, requests and certificates is not for.
const CLOSED_TO_ORDER_KEYS: [&str; 4] = ["organization", "user", "finance", "container"];

/// Lets a call pass that the key is allowed.
///
/// # Errors
/// Where it is not.
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
