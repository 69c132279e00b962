//! What `CertCentral` says of an account, an order or a request, as plain facts.
//!
//! The one vocabulary that the API client produces and that checks, pickers and the course of an order read. All
//! of it is the server's word: texts are kept as they came, and are made visible only where they are shown. It
//! knows no JSON and no network. What an answer left out is `None` or blank, never made up.

mod account;
mod account_data;
mod api_error;
mod api_key;
mod file_error;
mod journal;
mod listing;
mod page_tally;
mod persistence_error;
mod system_error;

pub use account::{AccountInfo, Division, PaymentProfile, Validation};
pub use account_data::{AccountData, HasOptionalId, IndexedRows, PersonRef};
pub use api_error::{
    CaFileError, Certificate, DecodeError, ProxyAddressError, ProxySource, TransportError, TransportErrorKind,
};
pub use api_key::{
    ApiKeyError, ApiKeyErrorKind, KeyLocation, KeyVariables, KeyringFault, NoKeyring, is_account_name, is_key,
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
pub use persistence_error::{DatabaseDamage, PathProblem, PersistenceError, PersistenceErrorKind};
pub use system_error::SystemError;

/// An organization of the account (`GET /organization`, `GET /organization/{id}`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its id, the one member besides the name that is always there.
    pub id: u64,
    /// Legal name.
    pub name: String,
    /// Trade name, blank where none was given.
    pub assumed_name: String,
    /// `active`, `inactive`, or another word of the server; blank where none was given.
    pub status: String,
    /// `is_active`, where the answer says it: that decides, whatever the word is.
    pub active: Option<bool>,
    /// First address line; every part of the address may be blank.
    pub address: String,
    /// Second address line.
    pub address2: String,
    /// City.
    pub city: String,
    /// State or province.
    pub state: String,
    /// Postal code.
    pub zip: String,
    /// Two letters, in the server's case.
    pub country: String,
    /// Telephone number.
    pub telephone: String,
    /// Ids of its verified contacts, which are *not* user ids. Filled by the details alone.
    pub verified_contacts: Vec<u64>,
    /// Who they are, as far as the details tell; none where they tell of no such list.
    pub verified_people: Option<Vec<Person>>,
    /// How far it is validated. Filled by a list that was asked for it.
    pub validations: Vec<Validation>,
}

impl Organization {
    /// Whether it is active: what the answer says outright, else what its word means. A word that is not known says
    /// neither.
    pub fn is_active(&self) -> Option<bool> {
        self.active.or(match self.status.as_str() {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        })
    }
}

/// Somebody who can be a contact: a potential approver, a contact, or a user of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The user id, which an order needs. A contact who is no user has none.
    pub user_id: Option<u64>,
    /// Full name as the server writes it; blank where only its parts are given.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Job title; often missing.
    pub job_title: String,
    /// Telephone number; often missing.
    pub telephone: String,
}

impl Person {
    /// The name to show: the full one, else its parts.
    pub fn full_name(&self) -> String {
        if self.name.is_empty() {
            format!("{} {}", self.first_name, self.last_name).trim().to_owned()
        } else {
            self.name.clone()
        }
    }

    /// What tells who it is, in a few words: the name, else the e-mail address, else the user id.
    pub fn short_name(&self) -> String {
        let name = self.full_name();
        match (name.trim().is_empty(), self.email.is_empty()) {
            (false, _) => name,
            (true, false) => self.email.clone(),
            (true, true) => self.user_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

/// One page of a list. Whether a list is whole is judged by a [`Tally`] of its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows that could be read. A row without an id or name is passed over and counted in `received`.
    pub rows: Vec<T>,
    /// How many rows the page held, for the offset of the next one.
    pub received: u64,
    /// How many there are in all, where the server says so.
    pub total: Option<u64>,
    /// What leaves open whether the page is whole.
    pub flaw: Option<PageFlaw>,
}

impl<T> Default for Page<T> {
    /// A page without rows, of a list of which the server does not say how many there are.
    fn default() -> Self {
        Self { rows: Vec::new(), received: 0, total: None, flaw: None }
    }
}

/// What the account may order of a product (`GET /product/{name_id}`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductInfo {
    /// The product's name in the account.
    pub name: String,
    /// `allowed_order_validity_years`, where the answer has it.
    pub years: Option<Vec<u32>>,
    /// `custom_expiration_date_allowed`, where the answer has it.
    pub custom_date: Option<bool>,
    /// `license_agreement`: text or link; blank where the answer has none.
    pub agreement: String,
}

/// The money of the account or of one division (`GET /finance/balance`), in the server's own spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balance {
    /// Balance.
    pub balance: String,
    /// What can be spent, blank where the answer has none.
    pub available: String,
    /// Currency, such as `EUR`.
    pub currency: String,
    /// Whether the account may go below zero without a limit.
    pub unlimited: bool,
}

impl Balance {
    /// Whether the answer has an amount at all.
    pub fn has_amount(&self) -> bool {
        !self.balance.is_empty() || !self.available.is_empty()
    }
}

/// One error of the server (certcentral-api.md 1.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerError {
    /// Such as `not_found|order`; blank where only a message came.
    pub code: String,
    /// The message, or in old answers the description.
    pub message: String,
}

impl ServerError {
    /// With other texts in place of its own.
    #[must_use]
    pub fn with_replaced_texts(self, replace: impl Fn(String) -> String) -> Self {
        Self { code: replace(self.code), message: replace(self.message) }
    }
}

/// A request as an order lists it, and as `GET /request/{id}` answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RequestState {
    /// Its id.
    pub id: u64,
    /// `submitted`, `pending`, `approved`, `rejected`, or another word of the server.
    pub status: String,
}

/// The validity that an order reports. At most one is usually there; all are the server's.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validity {
    /// Years.
    pub years: Option<u64>,
    /// Days.
    pub days: Option<u64>,
    /// An end date, as the server spells it.
    pub date: String,
}

/// An order (`GET /order/certificate/{id}`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderState {
    /// Its id.
    pub id: u64,
    /// Its status word.
    pub status: String,
    /// The certificate's id, where there is one.
    pub certificate_id: Option<u64>,
    /// Its approval requests.
    pub requests: Vec<RequestState>,
    /// The validity it reports.
    pub validity: Validity,
    /// The organization it is for: id and name, each where given.
    pub organization_id: Option<u64>,
    /// The organization's name; blank where not given.
    pub organization_name: String,
}

/// The answer to an order that was placed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The order's id.
    pub id: u64,
    /// Its approval requests; none where the account has no approval step.
    pub requests: Vec<RequestState>,
    /// The certificate's id, where the answer has one.
    pub certificate_id: Option<u64>,
    /// The id of the organization, only where the order made a new one.
    pub organization_id: Option<u64>,
}

/// Why a question to the server has no answer. Each says what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Refused on this side, before a name was looked up or a connection made: nothing left this machine.
    #[error("not allowed: {0}")]
    NotAllowed(TransportError),
    /// The server refused, with its reasons: look at the key's rights, or type the value instead.
    #[error("refused with {status}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The server's reasons; empty where it gave none that could be read.
        errors: Vec<ServerError>,
        /// What it said in other words; blank where it gave reasons, or said nothing.
        excerpt: String,
    },
    /// No connection: look at the network, the host's name, a proxy.
    #[error("not connected: {0}")]
    NotConnected(TransportError),
    /// No answer in time, or one that was cut: try again.
    #[error("no whole answer: {0}")]
    ResponseCut(TransportError),
    /// An answer that cannot be read: something else than `CertCentral` may have answered. With what it says in words,
    /// cleaned, short, and without secrets.
    #[error("unreadable: {0}")]
    Unreadable(DecodeError, String),
}

impl From<DecodeError> for ApiError {
    fn from(why: DecodeError) -> Self {
        Self::Unreadable(why, String::new())
    }
}

impl ApiError {
    /// Whether the API says that there is no such thing. A web page, or nothing at all, is what another server says, or
    /// this one at another path.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, errors, .. } if !errors.is_empty())
    }

    /// Whether the server does not know the key at all, rather than what may be asked with it: by the code that clients
    /// have met (certcentral-api.md 1.5), or by HTTP 401.
    pub fn is_unknown_key(&self) -> bool {
        match self {
            Self::Refused { status: 401, .. } => true,
            Self::Refused { errors, .. } => errors.iter().any(|error| error.code.contains("access_denied_invalid_key")),
            _ => false,
        }
    }
}

/// How the one attempt to send an order ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendResult {
    /// Not allowed on this side, or no connection came about: nothing of the order left this machine.
    NotSent(TransportError),
    /// A whole answer arrived.
    Reply {
        /// HTTP status.
        status: u16,
        /// The body, at most as long as the client's limit.
        body: Vec<u8>,
        /// What it says in words, cleaned, short, and without secrets.
        excerpt: String,
    },
    /// Something may have left, and no whole answer came back.
    Lost(TransportError),
}

impl SendResult {
    /// A whole answer without words.
    pub fn from_reply(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Reply { status, body: body.into(), excerpt: String::new() }
    }
}
