//! Matching of list rows with an order: whether a row can be that order, and when the order was sent.
//!
//! A member that a row leaves out counts neither for nor against it. No row is proposed or ruled out here.

use crate::domain::{Intent, RequestRow};
use jiff::{Timestamp, fmt::rfc2822};

/// The type of a request for a new order (certcentral-api.md 4.11).
pub(super) const NEW_REQUEST: &str = "new_request";

/// The types of requests for something else (certcentral-api.md 4.11).
const OTHER_REQUEST_TYPES: [&str; 3] = ["revoke", "duplicate", "reissue"];

/// Returns true if a request may be for a new order. A blank or unknown type may be.
pub(super) fn is_about_new_order(row: &RequestRow) -> bool {
    !OTHER_REQUEST_TYPES.contains(&row.kind.as_str())
}

/// Returns true if neither the product nor the organization of a row contradicts the sought order.
pub(super) fn can_match(expected: &str, organization: Option<u64>, product: &str, there: Option<u64>) -> bool {
    let of_product = product.is_empty() || product == expected;
    of_product && organization.is_none_or(|expected| there.is_none_or(|there| expected == there))
}

/// Parses the time of a `Date` header.
pub(super) fn parse_server_time(date: &str) -> Option<Timestamp> {
    rfc2822::parse(date).ok().map(|zoned| zoned.timestamp())
}

/// Returns the approximate time of sending, by the server's clock or else by the local clock.
pub(super) fn time_sent(intent: &Intent) -> Option<Timestamp> {
    let server = intent.server_time.as_deref().and_then(parse_server_time);
    server.or_else(|| Timestamp::from_millisecond(intent.local_time).ok())
}
