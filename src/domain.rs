//! The domain types: what `CertCentral` reports of accounts, orders and requests, as plain data.
//!
//! The API client produces these values; checks, lists and the order machine read them. Texts are kept as the server
//! sent them and are made visible only where they are shown. Anything that an answer left out is `None` or blank,
//! never made up. JSON and the network do not belong here.

mod account;
mod account_data;
mod account_resource;
mod api_error;
mod api_key;
mod file_error;
mod journal;
mod listing;
mod page_tally;
mod persistence_error;
mod system_error;

pub use account::{AccountInfo, Division, PaymentProfile, Validation};
pub use account_data::{AccountData, IndexedRows, PersonRef};
pub use account_resource::{AccountAnswer, AccountResource, PageRange};
pub use api_error::{
    CaFileError, Certificate, DecodeError, ProxyAddressError, ProxySource, TransportError, TransportErrorKind,
};
pub use api_key::{
    ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyVariables, KeyringErrorKind, NoKeyring, is_account_name, is_key,
    is_variable_name,
};
pub use file_error::{
    EditorError, EditorErrorKind, FileDigest, FileError, FileErrorKind, LoadedFile, NOT_UTF8, PathCompletion,
};
pub use journal::{
    Decision, DraftId, Intent, IntentId, JournalEntry, JournalLoss, KnownSet, RecordedOutcome, Statement, StoredDraft,
    StoredLookup, is_same_host, is_sentence,
};
pub use listing::{CurrentUser, HasId, ListGap, ListName, Listing, OrderRow, PageFlaw, RequestRow, Role, ServerDated};
pub use page_tally::PageTally;
pub use persistence_error::{DatabaseDamage, PersistenceError, PersistenceErrorKind};
pub use system_error::SystemError;

/// An organization of the account (`GET /organization`, `GET /organization/{id}`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    /// Besides the name, the only member that is always present.
    pub id: u64,
    /// The legal name.
    pub name: String,
    /// The trade name. Blank if the answer has none.
    pub assumed_name: String,
    /// `active`, `inactive`, or another word of the server. Blank if the answer has none.
    pub status: String,
    /// `is_active`, if the answer has it. It takes precedence over `status`.
    pub active: Option<bool>,
    /// The first address line. Every part of the address may be blank.
    pub address: String,
    pub address2: String,
    pub city: String,
    /// The state or province.
    pub state: String,
    pub zip: String,
    /// Two letters, in the server's case.
    pub country: String,
    pub telephone: String,
    /// The ids of its verified contacts, which are *not* user ids. Only the details fill it.
    pub verified_contacts: Vec<u64>,
    /// The verified contacts as people, as far as the details give them. `None` if the details have no such list.
    pub verified_people: Option<Vec<Person>>,
    /// The validations of the organization. Filled by a list that was asked to include them, and empty otherwise.
    pub validations: Vec<Validation>,
}

impl Organization {
    /// Returns the value of `is_active`, or else the meaning of the status word. `None` if the word is not known.
    pub fn is_active(&self) -> Option<bool> {
        self.active.or(match self.status.as_str() {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        })
    }

    /// Returns true if the answer has a status word that is not known, and nothing else tells if it is active.
    pub fn has_unknown_status(&self) -> bool {
        self.is_active().is_none() && !self.status.is_empty()
    }
}

/// A person who can be a contact: a potential approver, a contact, or a user of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The user id, which an order needs. `None` for a contact who is not a user.
    pub user_id: Option<u64>,
    /// The full name as the server writes it. Blank if the answer gives only the parts.
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    /// Often missing.
    pub job_title: String,
    /// Often missing.
    pub telephone: String,
}

impl Person {
    /// Returns the name to show: the full name, or else the first and last name.
    pub fn full_name(&self) -> String {
        if self.name.is_empty() {
            format!("{} {}", self.first_name, self.last_name).trim().to_owned()
        } else {
            self.name.clone()
        }
    }

    /// Returns a short text that identifies the person: the name, or else the e-mail address, or else the user id.
    pub fn short_name(&self) -> String {
        let name = self.full_name();
        match (name.trim().is_empty(), self.email.is_empty()) {
            (false, _) => name,
            (true, false) => self.email.clone(),
            (true, true) => self.user_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

/// One page of a list. A [`PageTally`] of its pages decides whether a list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows that could be read. A row without an id or name is left out, but counts in `received`.
    pub rows: Vec<T>,
    /// The number of rows in the page, from which the offset of the next page follows.
    pub received: u64,
    /// The number of rows in all pages, if the server states it.
    pub total: Option<u64>,
    /// The reason why the page may be incomplete, if there is one.
    pub flaw: Option<PageFlaw>,
}

impl<T> Default for Page<T> {
    /// An empty page of a list without a stated total.
    fn default() -> Self {
        Self { rows: Vec::new(), received: 0, total: None, flaw: None }
    }
}

/// What the account may order of a product (`GET /product/{name_id}`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductInfo {
    /// The product's name in the account.
    pub name: String,
    /// `allowed_order_validity_years`, if the answer has it.
    pub years: Option<Vec<u32>>,
    /// `custom_expiration_date_allowed`, if the answer has it.
    pub custom_date: Option<bool>,
    /// `license_agreement`: a text or a link. Blank if the answer has none.
    pub agreement: String,
}

/// The balance of the account or of one division (`GET /finance/balance`), in the server's own spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balance {
    pub balance: String,
    /// The amount that can be spent. Blank if the answer has none.
    pub available: String,
    /// The currency code, such as `EUR`.
    pub currency: String,
    /// True if the account may go below zero without a limit.
    pub unlimited: bool,
}

impl Balance {
    /// Returns true if the answer has an amount at all.
    pub fn has_amount(&self) -> bool {
        !self.balance.is_empty() || !self.available.is_empty()
    }

    /// Returns the available amount, or else the balance.
    pub fn spendable(&self) -> &str {
        if self.available.is_empty() { &self.balance } else { &self.available }
    }
}

/// One error of the server (certcentral-api.md 1.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerError {
    /// For example `not_found|order`. Blank if the server sent only a message.
    pub code: String,
    /// The message, or the description in old answers.
    pub message: String,
}

impl ServerError {
    /// Returns the error with both texts replaced.
    #[must_use]
    pub fn with_replaced_texts(self, replace: impl Fn(String) -> String) -> Self {
        Self { code: replace(self.code), message: replace(self.message) }
    }
}

/// An approval request, as an order lists it and as `GET /request/{id}` returns it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RequestState {
    pub id: u64,
    /// `submitted`, `pending`, `approved`, `rejected`, or another word of the server.
    pub status: String,
}

/// The validity that an order reports. Usually at most one member is present.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validity {
    pub years: Option<u64>,
    pub days: Option<u64>,
    /// The end date, as the server spells it.
    pub date: String,
}

/// The answer to an order that was placed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlacedOrder {
    pub id: u64,
    /// The approval requests. Empty if the account has no approval step.
    pub requests: Vec<RequestState>,
    /// The id of the certificate, if the answer has it.
    pub certificate_id: Option<u64>,
    /// The id of the organization, only if the order created a new one.
    pub organization_id: Option<u64>,
}

/// Why a query has no answer. Each variant says what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ApiError {
    /// This side refused the query before a name lookup or a connection. Nothing left this machine.
    NotAllowed(TransportError),
    /// The server refused, with reasons. Check the rights of the key, or type the value instead.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's reasons. Empty if no reason could be read.
        errors: Vec<ServerError>,
        /// The server's other words. Blank if it gave reasons or said nothing.
        excerpt: String,
    },
    /// No connection. Check the network, the host name, the proxy.
    NotConnected(TransportError),
    /// No answer in time, or an answer that was cut off. Try again.
    ResponseCut(TransportError),
    /// The answer cannot be read; perhaps another server than `CertCentral` sent it. The text is an excerpt of the
    /// answer: cleaned, short, and without secrets.
    Unreadable(DecodeError, String),
}

impl From<DecodeError> for ApiError {
    fn from(why: DecodeError) -> Self {
        Self::Unreadable(why, String::new())
    }
}

impl ApiError {
    /// Returns true if the API says that the thing does not exist. A 404 with a web page or without errors does not
    /// count: another server sends that, or this server at another path.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, errors, .. } if !errors.is_empty())
    }

    /// Returns true if the server does not know the key at all. A key without enough rights does not count. The signs
    /// are the error code that clients have met (certcentral-api.md 1.5), or HTTP 401.
    pub fn is_unknown_key(&self) -> bool {
        match self {
            Self::Refused { status: 401, .. } => true,
            Self::Refused { errors, .. } => errors.iter().any(|error| error.code.contains("access_denied_invalid_key")),
            _ => false,
        }
    }
}

/// How the only attempt to send an order ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendResult {
    /// This side refused, or no connection was made. Nothing of the order left this machine.
    NotSent(TransportError),
    /// A complete answer arrived.
    Reply {
        /// The HTTP status.
        status: u16,
        /// The body, at most as long as the client's limit.
        body: Vec<u8>,
        /// An excerpt of the body in words: cleaned, short, and without secrets.
        excerpt: String,
    },
    /// A part of the order may have left this machine, and no complete answer came back.
    Lost(TransportError),
}

impl SendResult {
    /// A complete answer with an empty excerpt.
    pub fn from_reply(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Reply { status, body: body.into(), excerpt: String::new() }
    }
}
