//! What makes a row of a list one that could be a given order, and when that was sent.
//!
//! What a row does not tell speaks neither for nor against it. Nothing is proposed or ruled out here.

use crate::domain::{Intent, RequestRow};
use jiff::{Timestamp, fmt::rfc2822};

/// The type of a request that is about a new order (certcentral-api.md 4.11).
pub(super) const NEW_REQUEST: &str = "new_request";

/// The types that are about something else (certcentral-api.md 4.11).
const OTHER_REQUEST_TYPES: [&str; 3] = ["revoke", "duplicate", "reissue"];

/// Whether a request may be about a new order. One whose type is not told, or is a word that is not known, may be.
pub(super) fn is_about_new_order(row: &RequestRow) -> bool {
    !OTHER_REQUEST_TYPES.contains(&row.kind.as_str())
}

/// Whether nothing that a row tells of its product and organization speaks against what is sought.
pub(super) fn can_match(sought: &str, organization: Option<u64>, product: &str, there: Option<u64>) -> bool {
    let of_product = product.is_empty() || product == sought;
    of_product && organization.is_none_or(|sought| there.is_none_or(|there| sought == there))
}

/// The time in a `Date` header.
pub(super) fn parse_server_time(date: &str) -> Option<Timestamp> {
    rfc2822::parse(date).ok().map(|zoned| zoned.timestamp())
}

/// About when an order was sent: by the server's clock, else by the one here.
pub(super) fn time_sent(intent: &Intent) -> Option<Timestamp> {
    let server = intent.server_time.as_deref().and_then(parse_server_time);
    server.or_else(|| Timestamp::from_millisecond(intent.local_time).ok())
}
