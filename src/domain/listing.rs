//! What a list says of an order or an approval request, who the key belongs to, and how whole a list was read.
//!
//! With these an order whose answer was lost is looked for. A list carries less than the details (certcentral-api.md
//! 4.9), so every member but the id may be blank or `None`; a blank one is no fact about the order. Nothing here
//! decides whose order a row is.

use super::{ApiError, Organization, Person, RequestState, ServerError, Validity};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An order as a list has it (`GET /order/certificate`, `GET /order/alternate/{value}`), or its details read for the
/// same members (`GET /order/certificate/{id}`; all in certcentral-api.md 4.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderRow {
    /// Its id.
    pub id: u64,
    /// Its status word, open-ended (certcentral-api.md 4.9 and 6 row 24).
    pub status: String,
    /// `product.name_id`, else `product_name_id`: told of lists (4.9).
    pub product: String,
    /// `organization.id`, told of lists (4.9); else that of the certificate.
    pub organization_id: Option<u64>,
    /// `organization.name`, told of lists (4.9).
    pub organization_name: String,
    /// `user.id`, who ordered: told of the details alone (4.9).
    pub user_id: Option<u64>,
    /// The user's name, or where there is none the e-mail address: told of the details alone (4.9).
    pub user_name: String,
    /// `date_created`, as it came. Lists sort and filter by it; that their rows have it is inferred (4.9).
    pub date_created: String,
    /// `certificate.valid_till`, as it came; blank where the answer has none, and before a certificate is issued (4.9).
    pub valid_till: String,
    /// `days_remaining`, of the certificate or the order: told of lists (4.9), where it is absent until one is issued.
    pub days_remaining: Option<i64>,
    /// `order_validity` or `validity_years`: told of the details alone (4.9).
    pub validity: Validity,
    /// `alternative_order_id`. That an answer repeats it is not documented anywhere, so its absence says nothing;
    /// see certcentral-api.md 2.5 for what the parameter is good for.
    pub alternative_order_id: String,
    /// `requests`: told of the details alone (4.9).
    pub requests: Vec<RequestState>,
}

/// An approval request as a list has it (`GET /request`), or its details (`GET /request/{id}`; both certcentral-api.md
/// 4.11). What a row has was seen in clients' code and is not documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestRow {
    /// Its id.
    pub id: u64,
    /// `submitted`, `pending`, `approved`, `rejected`, or another word of the server.
    pub status: String,
    /// `type`: `new_request`, `revoke`, `duplicate`, `reissue`, or another word. Only the first is about a new order.
    pub kind: String,
    /// `order.id`.
    pub order_id: Option<u64>,
    /// `order.product.name_id`.
    pub product: String,
    /// `order.organization.id`.
    pub organization_id: Option<u64>,
    /// `order.organization.name`.
    pub organization_name: String,
    /// `requester.id`: the user who asked for it.
    pub requester_id: Option<u64>,
    /// The requester's name, or where there is none the e-mail address.
    pub requester_name: String,
    /// `date`, as it came.
    pub date: String,
}

/// The user behind the key (`GET /user/me`, certcentral-api.md 4.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CurrentUser {
    /// The user id.
    pub user_id: u64,
    /// The name; blank where the answer has none.
    pub name: String,
    /// `account_id`: a number in recordings of answers, not documented further.
    pub account_id: Option<u64>,
    /// `access_roles`.
    pub roles: Vec<Role>,
    /// `status`: `active`, or another word of the server; blank where the answer has none.
    pub status: String,
    /// `container.id`: the division that the user belongs to.
    pub division: Option<u64>,
}

/// An access role: 1 Administrator, 2 Limited user, 3 Finance manager, 4 Manager, 5 Standard user (certcentral-api.md
/// 1.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// Its id, where given.
    pub id: Option<u64>,
    /// Its name; blank where not given.
    pub name: String,
}

/// What was told, and what time it was for the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerDated<T> {
    /// What was told.
    pub value: T,
    /// The `Date` header, made visible and otherwise as it came; blank where there was none.
    pub date: String,
}

/// A row that is told from others by its id.
pub trait HasId {
    /// The id.
    fn id(&self) -> u64;
}

impl HasId for OrderRow {
    fn id(&self) -> u64 {
        self.id
    }
}

impl HasId for RequestRow {
    fn id(&self) -> u64 {
        self.id
    }
}

impl HasId for Organization {
    fn id(&self) -> u64 {
        self.id
    }
}

/// A user. Somebody without a user id is told from nobody, and stands in no list that is read page by page.
impl HasId for Person {
    fn id(&self) -> u64 {
        self.user_id.unwrap_or_default()
    }
}

/// A list of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListName {
    /// Orders.
    Orders,
    /// Approval requests.
    Requests,
    /// Organizations.
    Organizations,
    /// Users.
    Users,
    /// Who can be a verified contact.
    Approvers,
    /// Divisions.
    Divisions,
    /// Stored cards.
    Profiles,
    /// How far an organization is validated.
    Validations,
}

/// What came with the rows of a list and leaves open whether these are all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageFlaw {
    /// The status, which is another than 200.
    Status(u16),
    /// The server's errors, which stand beside the list; none where they say nothing.
    Errors(Vec<ServerError>),
    /// `page.total`, which is no number of rows; as it came, if it is short.
    Total(String),
}

/// Why a list cannot be called complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListGap {
    /// A page was refused, cut or not to be read.
    Failed(ApiError),
    /// A page came with something that leaves open whether it is whole.
    Flawed(PageFlaw),
    /// A row had no id that could be read.
    UnreadableRow,
    /// A page brought rows that were there already: pages overlap, or the server does not turn them.
    Repeated,
    /// The number of rows that the server counts changed from page to page: the list grew or shrank meanwhile.
    TotalChanged,
    /// The server counts another number of rows than it sent.
    Miscounted {
        /// What it sent.
        sent: u64,
        /// What it counts.
        total: u64,
    },
    /// There were more pages than are read at most.
    TooMany,
}

/// A list that was read page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows, each id once, in the order in which they came.
    pub rows: Vec<T>,
    /// The first reason why there may be more rows than these; none where every page was there.
    pub gap: Option<ListGap>,
    /// The server's `Date` of the first page that had one; blank where none had.
    pub date: String,
}

impl<T> Listing<T> {
    /// Whether every page was there. Only then is a row that is not here not listed.
    pub fn is_complete(&self) -> bool {
        self.gap.is_none()
    }

    /// The ids of the rows.
    pub fn ids(&self) -> HashSet<u64>
    where
        T: HasId,
    {
        self.rows.iter().map(HasId::id).collect()
    }
}
