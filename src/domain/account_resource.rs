//! The resources of the account that a screen can ask for, and the answers to them.
//!
//! Each resource is declared once here. The API client fetches it, and [`AccountData`](super::AccountData) keeps the
//! answer.

use super::{
    AccountInfo, Balance, CurrentUser, Division, OrderRow, Organization, Page, PaymentProfile, Person, ProductInfo,
    Validation,
};

/// The number of newest orders to fetch: enough to find out if a similar order was placed lately.
const RECENT_ORDERS_LIMIT: u64 = 100;

/// A resource of the account that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountResource {
    Organizations,
    /// Enough organizations to know if there is only one.
    SoleOrganization,
    /// One organization with its details.
    Organization(u64),
    /// The people who can be verified contacts.
    Approvers,
    Users,
    User(u64),
    /// What the account may order.
    Product,
    /// The balance of the account, or of a division.
    Balance(Option<u64>),
    /// The user that the API key belongs to.
    Me,
    Account,
    Divisions,
    /// The stored cards.
    Profiles,
    /// The validations of an organization.
    Validations(u64),
    /// The newest orders of the product: of an organization, or of all organizations.
    Orders(Option<u64>),
}

/// The answer to a resource; several resources may have the same kind of answer.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountAnswer {
    Organizations(Page<Organization>),
    Organization(Organization),
    People(Page<Person>),
    Person(Person),
    Product(ProductInfo),
    Balance(Balance),
    Me(CurrentUser),
    Account(AccountInfo),
    Divisions(Vec<Division>),
    Profiles(Vec<PaymentProfile>),
    Validations(Vec<Validation>),
    Orders(Page<OrderRow>),
}

/// A range of the rows of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageRange {
    /// The number of rows to skip.
    pub offset: u64,
    /// The highest number of rows.
    pub limit: u64,
}

impl AccountResource {
    /// Returns true if the resource is fetched page by page.
    pub fn is_paged(self) -> bool {
        matches!(self, Self::Organizations | Self::Users)
    }

    /// Returns the rows to fetch of a resource that is not paged. It is empty for a resource without a limit.
    pub fn only_range(self) -> PageRange {
        let limit = match self {
            Self::SoleOrganization => 2,
            Self::Orders(_) => RECENT_ORDERS_LIMIT,
            _ => 0,
        };
        PageRange { offset: 0, limit }
    }
}
