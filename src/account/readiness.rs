//! Readiness: what the key may do and whether an order can be placed, judged from the answers of the account.
//!
//! Home, account setup and `zegel doctor` share the questions and the findings; `messages` has the words. Findings only
//! inform: none of them stops an order.

use crate::domain::{
    AccountData, AccountInfo, AccountResource, ApiError, Balance, CurrentUser, Division, OrderRow, Organization, Page,
    Role, Validation,
};
use crate::order;
use jiff::civil::Date;
use std::convert::identity;

/// The roles with a known meaning for an order (certcentral-api.md 1.2).
const ADMINISTRATOR_ROLE: u64 = 1;
const MANAGER_ROLE: u64 = 4;
const STANDARD_USER_ROLE: u64 = 5;

/// A validation that ends within this number of days may end before the certificate is issued.
const EXPIRES_SOON_DAYS: i64 = 30;

/// What the test of a key asks once the server has accepted the key.
const KEY_TEST_RESOURCES: [AccountResource; 8] = [
    AccountResource::Account,
    AccountResource::Product,
    AccountResource::Organizations,
    AccountResource::Approvers,
    AccountResource::Users,
    AccountResource::Orders(None),
    AccountResource::Balance(None),
    AccountResource::Profiles,
];

/// The answers of an account so far.
pub trait AccountAnswers {
    fn data(&self) -> &AccountData;

    fn answer_state(&self, want: AccountResource) -> AnswerState<'_>;
}

/// What became of a question to the account.
#[derive(Debug, Clone, Copy)]
pub enum AnswerState<'a> {
    Unasked,
    Pending,
    Answered,
    Failed(&'a ApiError),
}

/// What was found, and how it bears on an order.
pub type Finding<'a> = (FindingSeverity, Fact<'a>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingSeverity {
    Good,
    /// Good enough for an order, but restricted.
    Limited,
    /// Worth a look before an order.
    Warning,
    /// An order is not possible, as far as the account tells.
    Blocking,
    /// It cannot be determined.
    Unknown,
    /// The answer is not there yet.
    Loading,
}

#[derive(Debug, Clone)]
pub enum Fact<'a> {
    Loading,
    /// The key may not ask.
    NotPermitted(&'a ApiError),
    Failed(&'a ApiError),
    User(&'a CurrentUser),
    /// The server knows the key, which may not read its own user.
    NarrowKey(&'a ApiError),
    Roles(&'a [Role]),
    /// The user could not be read, for the reason that the finding on the key gives.
    NoRoles,
    /// The product can be ordered for these numbers of years; empty if they are not reported.
    Product(&'a [u32]),
    ProductMissing(&'a ApiError),
    /// No organization is chosen yet.
    NoOrganization,
    Inactive(&'a Organization),
    Validations {
        id: u64,
        /// `None` if the key could not read it.
        organization: Option<&'a Organization>,
        validations: &'a [Validation],
        ends_soon: bool,
    },
    Contacts {
        organization: &'a Organization,
        count: usize,
        /// The problem with a contact of the order who is not verified.
        unverified: Option<String>,
    },
    AmbiguousPayer,
    /// The funds, of a division if there are several.
    Funds(&'a Balance, Option<Division>),
    /// The rows that may be the same order, of a page of the newest orders.
    OpenOrders(Vec<&'a OrderRow>, &'a Page<OrderRow>),
    Account(&'a AccountInfo),
    /// The key may read the list.
    ListAllowed,
}

/// Who pays, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    Loading,
    /// The account as a whole: it has one division, or its divisions are not known.
    Account,
    /// This division, by inference.
    Division(u64),
    /// One of several divisions, and nothing tells which.
    Ambiguous,
}

/// Returns what to ask about key, role, product and funds, as far as it is known by now. An order may name a division.
pub fn account_resources(known: &impl AccountAnswers, division: Option<u64>) -> Vec<AccountResource> {
    [AccountResource::Me, AccountResource::Product].into_iter().chain(funds_resources(known, division)).collect()
}

/// Returns what to ask about the funds, as far as it is known by now.
pub fn funds_resources(known: &impl AccountAnswers, division: Option<u64>) -> Vec<AccountResource> {
    let user = has_several_divisions(known).then_some(AccountResource::Me);
    let balance = match find_payer(known, division) {
        Payer::Account => Some(AccountResource::Balance(None)),
        Payer::Division(id) => Some(AccountResource::Balance(Some(id))),
        Payer::Loading | Payer::Ambiguous => None,
    };
    [AccountResource::Divisions].into_iter().chain(user).chain(balance).collect()
}

/// Returns what to ask about the organization of an order, its verified contacts and its orders.
pub fn organization_resources(organization: Option<u64>) -> Vec<AccountResource> {
    let Some(id) = organization else { return vec![AccountResource::SoleOrganization] };
    vec![AccountResource::Organization(id), AccountResource::Validations(id), AccountResource::Orders(Some(id))]
}

/// Returns what to ask to test a key: the rest only once the server has accepted the key.
pub fn key_test_resources(known: &impl AccountAnswers) -> Vec<AccountResource> {
    let rest = KEY_TEST_RESOURCES.into_iter().filter(|_| is_key_accepted(known));
    [AccountResource::Me].into_iter().chain(rest).collect()
}

/// Returns what to ask next; `None` while a request is under way, or if the key, the host or the network fails.
pub fn next_resource(known: &impl AccountAnswers, wants: &[AccountResource]) -> Option<AccountResource> {
    let asks = !is_under_way(known, wants) && blocking_failure(known, wants).is_none();
    wants.iter().copied().find(|want| asks && matches!(known.answer_state(*want), AnswerState::Unasked))
}

pub fn is_under_way(known: &impl AccountAnswers, wants: &[AccountResource]) -> bool {
    wants.iter().any(|want| matches!(known.answer_state(*want), AnswerState::Pending))
}

/// Returns the failure of the key, the host or the network that blocks all requests. It is shown only once.
pub fn blocking_failure<'a>(known: &'a impl AccountAnswers, wants: &[AccountResource]) -> Option<&'a ApiError> {
    wants.iter().find_map(|want| match known.answer_state(*want) {
        AnswerState::Failed(failure) if is_blocking(*want, failure) => Some(failure),
        _ => None,
    })
}

/// Returns true if a failure means that every other request would fail too. A key that lacks only the permission to
/// read its own user can still order.
fn is_blocking(want: AccountResource, failure: &ApiError) -> bool {
    matches!(failure, ApiError::NotAllowed(_) | ApiError::NotConnected(_))
        || failure.is_unknown_key()
        || want == AccountResource::Me && !is_not_permitted(failure)
}

/// Returns true if the server knows the key, and refuses this request to it. A refusal without a reason may come from
/// a firewall (certcentral-api.md 1.1).
fn is_not_permitted(failure: &ApiError) -> bool {
    matches!(failure, ApiError::Refused { status: 403, errors, .. } if !errors.is_empty()) && !failure.is_unknown_key()
}

/// Returns true if the server does not know the product, or not for this account (certcentral-api.md 1.5). That it
/// means the latter is inferred.
fn is_product_missing(failure: &ApiError) -> bool {
    matches!(failure, ApiError::Refused { errors, .. } if errors.iter().any(|error| error.code == "not_found|product"))
}

/// Returns an answer, or else the finding that there is none.
fn answer<'a, T: 'a>(
    known: &'a impl AccountAnswers,
    want: AccountResource,
    select: impl FnOnce(&'a AccountData) -> Option<&'a T>,
) -> Result<&'a T, Finding<'a>> {
    match known.answer_state(want) {
        AnswerState::Answered => select(known.data()).ok_or((FindingSeverity::Loading, Fact::Loading)),
        AnswerState::Failed(failure) if is_not_permitted(failure) => {
            Err((FindingSeverity::Unknown, Fact::NotPermitted(failure)))
        }
        AnswerState::Failed(failure) => Err((FindingSeverity::Unknown, Fact::Failed(failure))),
        AnswerState::Unasked | AnswerState::Pending => Err((FindingSeverity::Loading, Fact::Loading)),
    }
}

fn current_user(known: &impl AccountAnswers) -> Result<&CurrentUser, Finding<'_>> {
    answer(known, AccountResource::Me, |data| data.current_user.as_ref())
}

/// Returns true if the server knows the key: it returned the user, or refused only that request.
pub fn is_key_accepted(known: &impl AccountAnswers) -> bool {
    !matches!(find_key(known).0, FindingSeverity::Blocking | FindingSeverity::Loading)
}

pub fn find_key(known: &impl AccountAnswers) -> Finding<'_> {
    match known.answer_state(AccountResource::Me) {
        AnswerState::Failed(failure) if is_blocking(AccountResource::Me, failure) => {
            (FindingSeverity::Blocking, Fact::Failed(failure))
        }
        AnswerState::Failed(failure) => (FindingSeverity::Limited, Fact::NarrowKey(failure)),
        _ => current_user(known).map_or_else(identity, |user| match user.status.as_str() {
            "" | "active" => (FindingSeverity::Good, Fact::User(user)),
            "inactive" => (FindingSeverity::Warning, Fact::User(user)),
            // Which other words exist is not documented.
            _ => (FindingSeverity::Unknown, Fact::User(user)),
        }),
    }
}

/// Judges the role of the user. A restriction of a key shows in no answer except a refusal, so this is never certain.
pub fn find_role(known: &impl AccountAnswers) -> Finding<'_> {
    if let AnswerState::Failed(_) = known.answer_state(AccountResource::Me) {
        return (FindingSeverity::Unknown, Fact::NoRoles);
    }
    current_user(known).map_or_else(identity, |user| {
        let has = |id| user.roles.iter().any(|role| role.id == Some(id));
        let severity = if has(ADMINISTRATOR_ROLE) || has(MANAGER_ROLE) {
            FindingSeverity::Good
        } else if has(STANDARD_USER_ROLE) {
            FindingSeverity::Warning
        } else {
            FindingSeverity::Unknown
        };
        (severity, Fact::Roles(&user.roles))
    })
}

pub fn find_product(known: &impl AccountAnswers) -> Finding<'_> {
    match answer(known, AccountResource::Product, |data| data.product.as_ref()) {
        Ok(product) => (FindingSeverity::Good, Fact::Product(product.years.as_deref().unwrap_or_default())),
        Err((_, Fact::Failed(failure))) if is_product_missing(failure) => {
            (FindingSeverity::Blocking, Fact::ProductMissing(failure))
        }
        Err(finding) => finding,
    }
}

/// Returns who pays: the division that the order names, or else the division of the key's user if there are several.
/// No API page says which division pays (certcentral-api.md 4.8).
pub fn find_payer(known: &impl AccountAnswers, named: Option<u64>) -> Payer {
    let of_user = || known.data().current_user.as_ref().and_then(|user| user.division);
    match (known.answer_state(AccountResource::Divisions), known.answer_state(AccountResource::Me)) {
        _ if named.is_some() => named.map_or(Payer::Ambiguous, Payer::Division),
        (AnswerState::Unasked | AnswerState::Pending, _) => Payer::Loading,
        (AnswerState::Answered, me) if has_several_divisions(known) => match me {
            AnswerState::Unasked | AnswerState::Pending => Payer::Loading,
            AnswerState::Answered => of_user().map_or(Payer::Ambiguous, Payer::Division),
            AnswerState::Failed(_) => Payer::Ambiguous,
        },
        _ => Payer::Account,
    }
}

fn has_several_divisions(known: &impl AccountAnswers) -> bool {
    known.data().divisions.as_ref().is_some_and(|divisions| divisions.len() > 1)
}

/// Judges the funds. The price of an order is not known in advance, so they are not compared with it.
pub fn find_funds(known: &impl AccountAnswers, named_division: Option<u64>) -> Finding<'_> {
    let division = match find_payer(known, named_division) {
        Payer::Loading => return (FindingSeverity::Loading, Fact::Loading),
        Payer::Ambiguous => return (FindingSeverity::Unknown, Fact::AmbiguousPayer),
        Payer::Account => None,
        Payer::Division(id) => Some(id),
    };
    let balance = answer(known, AccountResource::Balance(division), |data| data.balances.get(&division));
    balance.map_or_else(identity, |balance| {
        let severity = match balance.spendable().trim().parse::<f64>() {
            _ if balance.unlimited && balance.has_amount() => FindingSeverity::Good,
            Ok(amount) if amount > 0.0 => FindingSeverity::Good,
            Ok(_) => FindingSeverity::Warning,
            Err(_) => FindingSeverity::Unknown,
        };
        (severity, Fact::Funds(balance, division.map(|id| known.data().division(id))))
    })
}

/// Returns the finding for the case that no organization is known.
fn find_no_organization(known: &impl AccountAnswers) -> Finding<'_> {
    match known.answer_state(AccountResource::SoleOrganization) {
        AnswerState::Unasked | AnswerState::Pending => (FindingSeverity::Loading, Fact::Loading),
        _ => (FindingSeverity::Unknown, Fact::NoOrganization),
    }
}

/// Judges the organization of an order and its validations. Which type of validation counts for this product is not
/// documented (certcentral-api.md 3 and 4.4), so any may be the one that counts.
pub fn find_organization(known: &impl AccountAnswers, chosen: Option<u64>, today: Date) -> Finding<'_> {
    let Some(id) = chosen else { return find_no_organization(known) };
    let organization = match known.answer_state(AccountResource::Organization(id)) {
        AnswerState::Unasked | AnswerState::Pending => return (FindingSeverity::Loading, Fact::Loading),
        AnswerState::Answered => known.data().organization_details.get(id),
        AnswerState::Failed(_) => None,
    };
    if let Some(inactive) = organization.filter(|found| found.is_active() == Some(false)) {
        return (FindingSeverity::Warning, Fact::Inactive(inactive));
    }
    let days_left = |one: &Validation| one.end_date().map_or(i64::MAX, |end| (end - today).get_days().into());
    let validations = answer(known, AccountResource::Validations(id), |data| data.validations.get(&id));
    validations.map_or_else(identity, |validations| {
        let days_left = validations.iter().filter(|one| one.is_valid() == Some(true)).map(days_left).max();
        let severity = match days_left {
            // An unknown status word says nothing for or against the organization.
            Some(EXPIRES_SOON_DAYS..) if organization.is_some_and(Organization::has_unknown_status) => {
                FindingSeverity::Unknown
            }
            Some(EXPIRES_SOON_DAYS..) => FindingSeverity::Good,
            Some(0..EXPIRES_SOON_DAYS) => FindingSeverity::Warning,
            _ if validations.iter().any(|one| one.is_valid().is_none()) => FindingSeverity::Unknown,
            _ => FindingSeverity::Warning,
        };
        let ends_soon = matches!(days_left, Some(0..EXPIRES_SOON_DAYS));
        (severity, Fact::Validations { id, organization, validations, ends_soon })
    })
}

/// Judges the verified contacts of the organization. `unverified` returns the problem with a contact of the order who
/// is not one of them.
pub fn find_contacts(
    known: &impl AccountAnswers,
    chosen: Option<u64>,
    unverified: impl FnOnce(u64) -> Option<String>,
) -> Finding<'_> {
    let Some(id) = chosen else { return find_no_organization(known) };
    let organization = answer(known, AccountResource::Organization(id), |data| data.organization_details.get(id));
    organization.map_or_else(identity, |organization| {
        let people = organization.verified_people.as_deref().unwrap_or_default();
        let count = organization.verified_contacts.len().max(people.len());
        let unverified = unverified(id);
        let severity =
            if count == 0 || unverified.is_some() { FindingSeverity::Warning } else { FindingSeverity::Good };
        (severity, Fact::Contacts { organization, count, unverified })
    })
}

/// Judges the open orders that may be the one that the person is about to place. Only the newest orders are checked
/// here: the preflight checks all of them before an order is sent.
pub fn find_similar_orders<'a>(
    known: &'a impl AccountAnswers,
    chosen: Option<u64>,
    product_name_id: &str,
) -> Finding<'a> {
    let Some(id) = chosen else { return find_no_organization(known) };
    // Values that a row lacks count as a match. An unknown status word says neither open nor closed.
    let is_similar = |row: &OrderRow| {
        (row.product.is_empty() || row.product == product_name_id) && row.organization_id.is_none_or(|own| own == id)
    };
    let is_open = |row: &OrderRow| row.status.is_empty() || order::is_status_under_way(&row.status) == Some(true);
    let is_closed = |row: &OrderRow| order::is_status_under_way(&row.status) == Some(false);
    let page = answer(known, AccountResource::Orders(chosen), |data| data.orders.get(&chosen));
    page.map_or_else(identity, |page| {
        let rows: Vec<_> = page.rows.iter().filter(|row| is_similar(row) && !is_closed(row)).collect();
        let severity = if rows.iter().any(|row| is_open(row)) {
            FindingSeverity::Warning
        } else if !rows.is_empty() || page.tally().gap().is_some() {
            // No match is not good news if the list may be incomplete.
            FindingSeverity::Unknown
        } else {
            FindingSeverity::Good
        };
        (severity, Fact::OpenOrders(rows, page))
    })
}

/// Judges the answer to one question of the test of a key.
pub fn find_key_access(known: &impl AccountAnswers, want: AccountResource) -> Finding<'_> {
    let access = match want {
        AccountResource::Me => return find_key(known),
        AccountResource::Product => return find_product(known),
        AccountResource::Account => answer(known, want, |data| data.account.as_ref()).map(Fact::Account),
        _ => match answer(known, want, |_| Some(&())) {
            Err((_, Fact::NotPermitted(failure))) => Err((FindingSeverity::Warning, Fact::NotPermitted(failure))),
            access => access.map(|()| Fact::ListAllowed),
        },
    };
    access.map_or_else(identity, |fact| (FindingSeverity::Good, fact))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ServerError;
    use rstest::rstest;

    /// An account that refuses every request.
    struct Refusing(AccountData, ApiError);

    impl AccountAnswers for Refusing {
        fn data(&self) -> &AccountData {
            &self.0
        }

        fn answer_state(&self, _: AccountResource) -> AnswerState<'_> {
            AnswerState::Failed(&self.1)
        }
    }

    #[rstest]
    #[case::not_permitted(403, "access_denied|missing_permission", FindingSeverity::Limited, FindingSeverity::Unknown)]
    #[case::unknown_key(
        403,
        "access_denied|access_denied_invalid_key",
        FindingSeverity::Blocking,
        FindingSeverity::Unknown
    )]
    #[case::unauthorized(401, "access_denied", FindingSeverity::Blocking, FindingSeverity::Unknown)]
    #[case::without_a_reason(403, "", FindingSeverity::Blocking, FindingSeverity::Unknown)]
    #[case::no_product(404, "not_found|product", FindingSeverity::Blocking, FindingSeverity::Blocking)]
    #[case::no_endpoint(404, "not_found|route", FindingSeverity::Blocking, FindingSeverity::Unknown)]
    fn a_refusal_means_the_same_everywhere(
        #[case] status: u16,
        #[case] code: &str,
        #[case] key: FindingSeverity,
        #[case] product: FindingSeverity,
    ) {
        let errors = (!code.is_empty()).then(|| ServerError { code: code.into(), message: String::new() });
        let errors = errors.into_iter().collect();
        let known = Refusing(AccountData::default(), ApiError::Refused { status, errors, excerpt: String::new() });
        assert_eq!((find_key(&known).0, find_product(&known).0), (key, product));
        assert_eq!(is_key_accepted(&known), key == FindingSeverity::Limited);
        assert_eq!(blocking_failure(&known, &[AccountResource::Me]).is_some(), key == FindingSeverity::Blocking);
    }
}
