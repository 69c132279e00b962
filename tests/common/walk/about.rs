//! The data of the account where a script does not change it: the user of the key, divisions, money, validations.

use super::rows_of_lists::organizations;
use zegel::domain::{
    AccountAnswer, AccountInfo, AccountResource, ApiError, Balance, CurrentUser, Division, OrderRow, Organization,
    Page, PageFlaw, PaymentProfile, Person, Role, Validation,
};

/// The account of a walk.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) me: CurrentUser,
    pub(crate) divisions: Vec<Division>,
    pub(crate) profiles: Vec<PaymentProfile>,
    pub(crate) validations: Vec<Validation>,
    pub(crate) orders: Vec<OrderRow>,
    /// A flaw of the list of orders.
    pub(crate) orders_flaw: Option<PageFlaw>,
    /// The organization in the details of an order.
    pub(crate) tied_to: Option<(u64, &'static str)>,
    /// The status of one of the organizations, if it differs: its id, its status word, and the explicit flag.
    pub(crate) standing: Option<(u64, String, Option<bool>)>,
    /// The verified contacts of organizations that have some.
    pub(crate) verified: Vec<(u64, Vec<Person>)>,
    /// The balance, if it is not the usual one.
    pub(crate) balance: Option<Balance>,
    /// Questions that alone are refused, and why.
    pub(crate) refused: Vec<(AccountResource, ApiError)>,
}

/// A division.
pub(crate) fn division(id: u64, name: &str) -> Division {
    Division { id, name: name.into(), active: Some(true) }
}

/// A validation that ends on this day.
pub(crate) fn validation(kind: &str, status: &str, until: &str) -> Validation {
    Validation { kind: kind.into(), name: kind.to_uppercase(), status: status.into(), until: until.into() }
}

/// The default card, which expires at the end of this month.
pub(crate) fn card(month: i8, year: i16) -> PaymentProfile {
    PaymentProfile {
        id: Some(40_001),
        is_default: true,
        status: "active".into(),
        last_four: "4242".into(),
        kind: "Visa".into(),
        expires_month: Some(month),
        expires_year: Some(year),
    }
}

impl Default for About {
    fn default() -> Self {
        let roles = vec![Role { id: Some(1), name: "Administrator".into() }];
        Self {
            me: CurrentUser { status: "active".into(), division: Some(14), roles, ..super::kept::me() },
            divisions: vec![division(14, "Main")],
            profiles: vec![card(7, 2029)],
            validations: vec![validation("ov", "active", "2028-01-02T10:00:00+00:00")],
            orders: Vec::new(),
            orders_flaw: None,
            tied_to: None,
            standing: None,
            verified: Vec::new(),
            balance: None,
            refused: Vec::new(),
        }
    }
}

impl About {
    /// What the details of an order tell of its organization.
    pub(crate) fn order(&self) -> OrderRow {
        let (id, name) = self.tied_to.unzip();
        let organization_name = name.unwrap_or_default().to_owned();
        OrderRow { organization_id: id, organization_name, ..OrderRow::default() }
    }

    /// Returns the organizations of the account.
    pub(crate) fn organizations(&self) -> Vec<Organization> {
        let mut found = organizations();
        if let Some((id, status, active)) = &self.standing {
            for one in found.iter_mut().filter(|one| one.id == *id) {
                (one.status, one.active) = (status.clone(), *active);
            }
        }
        found
    }

    /// Why this question alone is refused, if it is.
    pub(crate) fn refusal(&self, fetch: AccountResource) -> Option<ApiError> {
        self.refused.iter().find(|(refused, _)| *refused == fetch).map(|(_, why)| why.clone())
    }

    /// What a question about the account is answered with, unless it fails.
    pub(crate) fn answer(&self, fetch: AccountResource) -> AccountAnswer {
        match fetch {
            AccountResource::Me => AccountAnswer::Me(self.me.clone()),
            AccountResource::Account => AccountAnswer::Account(account()),
            AccountResource::Divisions => AccountAnswer::Divisions(self.divisions.clone()),
            AccountResource::Profiles => AccountAnswer::Profiles(self.profiles.clone()),
            AccountResource::Validations(_) => AccountAnswer::Validations(self.validations.clone()),
            AccountResource::Orders(_) => {
                let (rows, count) = (self.orders.clone(), self.orders.len() as u64);
                AccountAnswer::Orders(Page {
                    rows,
                    received: count,
                    total: Some(count),
                    flaw: self.orders_flaw.clone(),
                })
            }
            AccountResource::Balance(division) => {
                AccountAnswer::Balance(self.balance.clone().unwrap_or_else(|| balance(division)))
            }
            other => panic!("{other:?} is about something else"),
        }
    }
}

/// The account.
pub(crate) fn account() -> AccountInfo {
    AccountInfo {
        id: 7001,
        organization: "Gemeente Zilverdam".into(),
        organization_id: Some(900_001),
        root_division: Some(14),
        kind: "enterprise".into(),
    }
}

/// Each division has a lower balance than the one before.
fn balance(division: Option<u64>) -> Balance {
    let less = division.unwrap_or(14).saturating_sub(14).wrapping_mul(100);
    Balance {
        balance: format!("{}.00", 1000_u64.saturating_sub(less)),
        available: format!("{}.00", 1500_u64.saturating_sub(less)),
        currency: "EUR".into(),
        unlimited: false,
    }
}
