//! The account: its divisions, stored cards, and the validations of its organizations.
//!
//! A key may not have the right to read any of these (certcentral-api.md 1.2), so nothing depends on them. Of a card,
//! at most the last four digits are kept here.

use jiff::civil::Date;

/// The account of the key (`GET /account`, certcentral-api.md 4.7). The names of the members come from clients' code
/// alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountInfo {
    pub id: u64,
    /// The name of the primary organization. Blank if the answer has none.
    pub organization: String,
    /// The id of the primary organization.
    pub organization_id: Option<u64>,
    /// `root_container_id`: the division above all others.
    pub root_division: Option<u64>,
    /// `cert_central_type`, as the server sent it.
    pub kind: String,
}

/// A division of the account. The API calls it a container (`GET /container`, certcentral-api.md 4.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Division {
    pub id: u64,
    /// Blank if the answer has none.
    pub name: String,
    /// `is_active`, if the answer has it.
    pub active: Option<bool>,
}

impl Division {
    /// Returns "15 Facilitair Bedrijf", or only the id if the name is not known.
    pub fn label(&self) -> String {
        format!("{} {}", self.id, self.name).trim().to_owned()
    }
}

/// A card that `CertCentral` has stored (`GET /finance/payment-profile`, certcentral-api.md 4.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentProfile {
    pub id: Option<u64>,
    /// `is_default`: true for the card that is charged if an order names none. This meaning is inferred.
    pub is_default: bool,
    /// The status word of the server, from an open-ended set.
    pub status: String,
    /// The last four digits, or fewer if the answer has fewer. Never more, whatever the server sends.
    pub last_four: String,
    /// The brand of the card, as the server sent it.
    pub kind: String,
    /// The month in which the card expires, 1 to 12.
    pub expires_month: Option<i8>,
    /// The year in which the card expires, with four digits.
    pub expires_year: Option<i16>,
}

/// The validation of an organization for one type of product (certcentral-api.md 4.2 and 4.4). No type is documented
/// for PKIo or eIDAS products (certcentral-api.md 3), so the program cannot tell which one an order needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// `type`, such as `ov` or `ev`.
    pub kind: String,
    /// Blank if the answer has none.
    pub name: String,
    /// `active`, `pending`, `expired`, or another word of the server.
    pub status: String,
    /// `validated_until`, as the server sent it. Blank while the validation is pending.
    pub until: String,
}

impl Validation {
    /// Returns the name, or else the type.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.kind } else { &self.name }
    }

    /// Returns true if the validation is active, by its status word. `None` if the word is not known.
    pub fn is_valid(&self) -> Option<bool> {
        match self.status.as_str() {
            "active" => Some(true),
            "pending" | "expired" => Some(false),
            _ => None,
        }
    }

    /// Returns the last day of the validation: the part before the `T`, as the API writes times (certcentral-api.md
    /// 1.1).
    pub fn end_date(&self) -> Option<Date> {
        self.until.get(..10)?.parse().ok()
    }
}
