//! Rows of the order and request lists, the user behind the key, and the completeness of a list.
//!
//! They serve to look for an order whose answer was lost. A list carries less than the details (certcentral-api.md
//! 4.9), so every member except the id may be blank or `None`; a blank member says nothing about the order. Whether a
//! row belongs to an order is not decided here.

use super::{ApiError, Organization, Person, RequestState, ServerError, Validity};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An order in a list (`GET /order/certificate`, `GET /order/alternate/{value}`), or the same members of its details
/// (`GET /order/certificate/{id}`; all in certcentral-api.md 4.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderRow {
    pub id: u64,
    /// The status word, from an open-ended set (certcentral-api.md 4.9 and 6 row 24).
    pub status: String,
    /// `product.name_id`, else `product_name_id`: documented for lists (4.9).
    pub product: String,
    /// `organization.id`, documented for lists (4.9); else that of the certificate.
    pub organization_id: Option<u64>,
    /// `organization.name`, documented for lists (4.9).
    pub organization_name: String,
    /// `user.id`, the user who ordered: documented for the details alone (4.9).
    pub user_id: Option<u64>,
    /// The user's name, or else the e-mail address: documented for the details alone (4.9).
    pub user_name: String,
    /// `date_created`, as the server sent it. Lists sort and filter by it; that their rows have it is inferred (4.9).
    pub date_created: String,
    /// `certificate.valid_till`, as the server sent it. Blank if the answer has none, and before a certificate is
    /// issued (4.9).
    pub valid_till: String,
    /// `days_remaining`, of the certificate or the order: documented for lists (4.9). Absent until a certificate is
    /// issued.
    pub days_remaining: Option<i64>,
    /// `order_validity` or `validity_years`: documented for the details alone (4.9).
    pub validity: Validity,
    /// `alternative_order_id`. No document says that an answer repeats it, so its absence proves nothing. See
    /// certcentral-api.md 2.5 for the use of the parameter.
    pub alternative_order_id: String,
    /// `requests`: documented for the details alone (4.9).
    pub requests: Vec<RequestState>,
    /// The id of the certificate, if there is one. The journal does not keep it.
    #[serde(skip)]
    pub certificate_id: Option<u64>,
}

/// An approval request in a list (`GET /request`), or its details (`GET /request/{id}`; both certcentral-api.md
/// 4.11). The members were seen in clients' code and are not documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestRow {
    pub id: u64,
    /// `submitted`, `pending`, `approved`, `rejected`, or another word of the server.
    pub status: String,
    /// `type`: `new_request`, `revoke`, `duplicate`, `reissue`, or another word. Only the first concerns a new order.
    pub kind: String,
    /// `order.id`.
    pub order_id: Option<u64>,
    /// `order.product.name_id`.
    pub product: String,
    /// `order.organization.id`.
    pub organization_id: Option<u64>,
    /// `order.organization.name`.
    pub organization_name: String,
    /// `requester.id`: the user who made the request.
    pub requester_id: Option<u64>,
    /// The requester's name, or else the e-mail address.
    pub requester_name: String,
    /// `date`, as the server sent it.
    pub date: String,
}

impl From<RequestRow> for RequestState {
    fn from(row: RequestRow) -> Self {
        Self { id: row.id, status: row.status }
    }
}

/// The user behind the key (`GET /user/me`, certcentral-api.md 4.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CurrentUser {
    pub user_id: u64,
    /// Blank if the answer has none.
    pub name: String,
    /// `account_id`: a number in recordings of answers, not documented further.
    pub account_id: Option<u64>,
    /// `access_roles`.
    pub roles: Vec<Role>,
    /// `status`: `active`, or another word of the server. Blank if the answer has none.
    pub status: String,
    /// `container.id`: the division that the user belongs to.
    pub division: Option<u64>,
}

impl CurrentUser {
    /// Returns the name, or else the id.
    pub fn name_or_id(&self) -> String {
        if self.name.is_empty() { self.user_id.to_string() } else { self.name.clone() }
    }
}

/// An access role: 1 Administrator, 2 Limited user, 3 Finance manager, 4 Manager, 5 Standard user (certcentral-api.md
/// 1.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    pub id: Option<u64>,
    /// Blank if the answer has none.
    pub name: String,
}

/// A value from the server, with the server's time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerDated<T> {
    pub value: T,
    /// The `Date` header, made visible and otherwise unchanged. Blank if there was none.
    pub date: String,
}

/// A row that its id identifies.
pub trait HasId {
    /// Returns the id. `None` only for a person who is not a user.
    fn id(&self) -> Option<u64>;
}

impl HasId for OrderRow {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl HasId for RequestRow {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl HasId for Organization {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl HasId for Person {
    fn id(&self) -> Option<u64> {
        self.user_id
    }
}

/// A list of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListName {
    Orders,
    /// The approval requests.
    Requests,
    Organizations,
    Users,
    /// The people who can be a verified contact.
    Approvers,
    Divisions,
    /// The stored cards.
    Profiles,
    /// The validations of an organization.
    Validations,
}

/// Something in a page that casts doubt on whether its rows are complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageFlaw {
    /// The HTTP status, which is not 200.
    Status(u16),
    /// The server's errors beside the list. Empty if they have no content.
    Errors(Vec<ServerError>),
    /// `page.total`, which is not a number of rows. The value as the server sent it, if it is short.
    Total(String),
}

/// Why a list cannot be called complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListGap {
    /// A page was refused, cut off, or could not be read.
    Failed(ApiError),
    /// A page has a flaw that casts doubt on whether it is complete.
    Flawed(PageFlaw),
    /// A row had no id that could be read.
    UnreadableRow,
    /// A page repeated earlier rows: pages overlap, or the server ignores the offset.
    Repeated,
    /// The stated total changed between pages: the list grew or shrank meanwhile.
    TotalChanged,
    /// The stated total differs from the number of rows sent.
    Miscounted {
        /// The number of rows that the server sent.
        sent: u64,
        /// The number of rows that the server stated.
        total: u64,
    },
    /// The list has more pages than the limit.
    TooMany,
}

/// A list that was read page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows, each id once, in the order in which they arrived.
    pub rows: Vec<T>,
    /// The first reason why rows may be missing. `None` if every page was read.
    pub gap: Option<ListGap>,
    /// The server's `Date` of the first page that had one. Blank if none had.
    pub date: String,
}

impl<T> Listing<T> {
    /// Returns true if every page was read. Only then does a missing row mean that it is not listed.
    pub fn is_complete(&self) -> bool {
        self.gap.is_none()
    }

    pub fn ids(&self) -> HashSet<u64>
    where
        T: HasId,
    {
        self.rows.iter().filter_map(HasId::id).collect()
    }
}
