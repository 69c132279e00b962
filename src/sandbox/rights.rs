//! What a key that is restricted may not do, where the sandbox's key is switched to be one.
//!
//! Which calls a restriction closes is documented only in part (certcentral-api.md 1.2): a key for looking may do
//! nothing but GET; of a key for orders it is inferred. It knows no account.

use super::answer::Refusal;
use super::board::Board;
use super::switches::{Calls, Fault};
use axum::extract::Request;
use axum::http::{Method, StatusCode};

const BASE: &str = "/services/v2/";

/// What a key for orders, requests and certificates is not for.
const NO_ORDERS: [&str; 4] = ["organization", "user", "finance", "container"];

/// Lets a call pass that the key is allowed.
///
/// # Errors
/// Where it is not.
pub(super) fn check(board: &Board, request: &Request) -> Result<(), Refusal> {
    let looks = request.method() == Method::GET;
    let path = request.uri().path();
    let part = path.strip_prefix(BASE).and_then(|path| path.split('/').next()).unwrap_or_default();
    let strikes = |fault| board.strikes(fault, Calls::of(request));
    let refused = !looks && strikes(Fault::KeyViewOnly) || NO_ORDERS.contains(&part) && strikes(Fault::KeyOrdersOnly);
    if refused { Err(missing()) } else { Ok(()) }
}

fn missing() -> Refusal {
    let words = "The key's restriction does not allow this.";
    Refusal::new(StatusCode::FORBIDDEN, "access_denied|missing_permission", words)
}
