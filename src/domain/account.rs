//! What the account says of itself: its divisions, stored cards, and how far its organizations are validated.
//!
//! A key may be too narrow for any of it (certcentral-api.md 1.2), so nobody depends on these facts. Of a card no more
//! than the last four digits is ever here, and of a division nothing that opens anything.

use jiff::civil::Date;

/// The account of the key (`GET /account`, certcentral-api.md 4.7). Which member carries what was seen in clients' code
/// alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountInfo {
    /// Its id.
    pub id: u64,
    /// The name of its primary organization; blank where the answer has none.
    pub organization: String,
    /// The id of its primary organization.
    pub organization_id: Option<u64>,
    /// `root_container_id`: the division above all others.
    pub root_division: Option<u64>,
    /// `cert_central_type`, as it came.
    pub kind: String,
}

/// A division of the account, which the API calls a container (`GET /container`, certcentral-api.md 4.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Division {
    /// Its id.
    pub id: u64,
    /// Its name; blank where the answer has none.
    pub name: String,
    /// `is_active`, where the answer says it.
    pub active: Option<bool>,
}

/// A card that `CertCentral` has stored (`GET /finance/payment-profile`, certcentral-api.md 4.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentProfile {
    /// Its id, where given.
    pub id: Option<u64>,
    /// Whether it is the one that is charged where an order names none: `is_default`, and that it means so is
    /// inferred.
    pub is_default: bool,
    /// Its status word, open-ended.
    pub status: String,
    /// The last four digits, or fewer where the answer has fewer. Never more, whatever the server sends.
    pub last_four: String,
    /// The card's brand, as it came.
    pub kind: String,
    /// The month in which it expires, 1 to 12.
    pub expires_month: Option<i8>,
    /// The year in which it expires, with four digits.
    pub expires_year: Option<i16>,
}

/// How far an organization is validated, for one type of product (certcentral-api.md 4.2 and 4.4). No type is
/// documented for PKIo or eIDAS products (certcentral-api.md 3), so none of these can be said to be the one that an
/// order needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// `type`, such as `ov` or `ev`.
    pub kind: String,
    /// Its name; blank where the answer has none.
    pub name: String,
    /// `active`, `pending`, `expired`, or another word of the server.
    pub status: String,
    /// `validated_until`, as it came; blank while it is pending.
    pub until: String,
}

impl Validation {
    /// Its name, else its type.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.kind } else { &self.name }
    }

    /// Whether it holds, by its word; none where that is not known.
    pub fn is_valid(&self) -> Option<bool> {
        match self.status.as_str() {
            "active" => Some(true),
            "pending" | "expired" => Some(false),
            _ => None,
        }
    }

    /// The day on which it ends: what stands before the `T` of the time, as the API writes it (certcentral-api.md 1.1).
    pub fn end_date(&self) -> Option<Date> {
        self.until.get(..10)?.parse().ok()
    }
}
