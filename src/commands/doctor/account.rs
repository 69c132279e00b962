//! The checks of the account: whether its key can be read and is accepted, and what it gives access to.
//!
//! The server's own words are never printed, because they may repeat what was sent, and name people. Amounts are not
//! printed either.

use super::finding::{DoctorCheck, DoctorFinding, DoctorStatus};
use super::network::ProbeTarget;
use crate::account::{AccountAccess, ApiKeySource};
use crate::certcentral::Client;
use crate::domain::{ApiError, Balance, CurrentUser, ProductInfo, TransportError, TransportErrorKind};
use crate::i18n::Translations;
use crate::keystore;
use crate::messages::{self, MessageWriter};
use crate::product::Product;
use crate::secret::Secret;
use std::time::Duration;

/// The time limit of the checks. It leaves room for retries after a rate limit.
const ACCOUNT_TIMEOUT: Duration = Duration::from_mins(2);

/// The access roles, ordered by their ids, with the vendor's names (certcentral-api.md 1.2).
const ROLE_NAMES: [&str; 5] = ["Administrator", "Limited user", "Finance manager", "Manager", "Standard user"];

/// The roles that can approve requests (certcentral-api.md 1.2).
const APPROVING_ROLES: [u64; 2] = [1, 4];

/// Returns which account it is.
pub(super) fn account_finding(access: &AccountAccess) -> DoctorFinding {
    let host = access.host.host_and_port();
    match (access.sandbox, access.name.as_str()) {
        (true, _) => DoctorCheck::Account.ok("doctor.account_sandbox").with_value("host", host),
        (false, "") => DoctorCheck::Account.ok("doctor.account_environment").with_value("host", host),
        (false, name) => {
            DoctorCheck::Account.ok("doctor.account_named").with_value("name", name).with_value("host", host)
        }
    }
}

/// Reads the key, which may wait for a person.
pub(super) async fn check_key(lang: &Translations, access: &AccountAccess) -> (DoctorFinding, Option<Secret>) {
    let place = match &access.key {
        ApiKeySource::Given(key) => return (DoctorCheck::Key.ok("doctor.key_given"), Some(key.clone())),
        ApiKeySource::Stored(place) => place.clone(),
    };
    let (named, owner, withheld) =
        (messages::key_place_text(lang, &place), access.key_owner(), access.withheld_variables.clone());
    let reading = move || keystore::read_key(&place, &owner, |name| std::env::var(name).ok(), &withheld);
    match tokio::task::spawn_blocking(reading).await {
        Ok(Ok(key)) => (DoctorCheck::Key.ok("doctor.key_read").with_value("place", named), Some(key)),
        Ok(Err(why)) => {
            (DoctorCheck::Key.failed("doctor.key_failed").with_value("why", messages::key_error_text(lang, &why)), None)
        }
        Err(_) => (DoctorCheck::Key.unknown("doctor.key_unknown").with_value("place", named), None),
    }
}

/// Checks what the key gives access to.
pub(super) async fn check_account_access(
    lang: &Translations,
    there: &ProbeTarget,
    key: Secret,
    product: &'static Product,
) -> Vec<DoctorFinding> {
    let (host, network, limits) = (there.host.clone(), there.network.clone(), there.network.client_limits(there.pace));
    let made = tokio::task::spawn_blocking(move || Client::new(host, key, &network, limits)).await;
    let client = match made {
        Ok(Ok(client)) => client,
        Ok(Err(error)) => return failed_api_findings(&there.reason_text(lang, &error)),
        Err(_) => return failed_api_findings(lang.text("cause.other")),
    };
    let looking = AccountChecker { lang, host: there.host.host_and_port(), product };
    let looked = tokio::time::timeout(ACCOUNT_TIMEOUT, looking.check_all(&client)).await;
    looked.unwrap_or_else(|_| {
        failed_api_findings(&there.reason_text(lang, &TransportError::from(TransportErrorKind::Slow)))
    })
}

/// Returns the findings if no request about the account was possible.
pub(super) fn unasked_findings() -> Vec<DoctorFinding> {
    [DoctorCheck::Api, DoctorCheck::Role, DoctorCheck::Product, DoctorCheck::Balance]
        .map(|check| check.unknown("doctor.not_asked"))
        .into()
}

fn failed_api_findings(why: &str) -> Vec<DoctorFinding> {
    only_api_finding(DoctorCheck::Api.failed("doctor.api_failed").with_value("why", why))
}

/// Returns the findings if the check of the API failed: the other checks are then unknown.
fn only_api_finding(api: DoctorFinding) -> Vec<DoctorFinding> {
    [api].into_iter().chain(unasked_findings().into_iter().skip(1)).collect()
}

struct AccountChecker<'a> {
    lang: &'a Translations,
    host: &'a str,
    product: &'static Product,
}

impl AccountChecker<'_> {
    async fn check_all(&self, client: &Client) -> Vec<DoctorFinding> {
        let me = client.fetch_current_user().await.map(|me| me.value);
        let api = self.api_finding(&me);
        if api.status == DoctorStatus::Failed {
            return only_api_finding(api);
        }
        let division = me.as_ref().ok().and_then(|me| me.division);
        let (product, balance) =
            tokio::join!(client.fetch_product(&self.product.name_id), client.fetch_balance(division));
        vec![api, role_finding(me.ok().as_ref()), self.product_finding(product), self.balance_finding(balance)]
    }

    fn api_finding(&self, me: &Result<CurrentUser, ApiError>) -> DoctorFinding {
        match me {
            Ok(_) => DoctorCheck::Api.ok("doctor.api_is"),
            Err(failure) if failure.is_unknown_key() => {
                DoctorCheck::Api.failed("doctor.api_key").with_value("host", self.host)
            }
            Err(ApiError::Refused { status: 403, .. }) => DoctorCheck::Api.warning("doctor.api_narrow"),
            Err(failure) => DoctorCheck::Api.failed("doctor.api_failed").with_value("why", self.failure_text(failure)),
        }
    }

    fn product_finding(&self, told: Result<ProductInfo, ApiError>) -> DoctorFinding {
        let finding = match told {
            Ok(ProductInfo { years: Some(years), .. }) if !years.is_empty() => {
                let years: Vec<_> = years.iter().map(ToString::to_string).collect();
                DoctorCheck::Product.ok("doctor.product_years").with_value("years", years.join(", "))
            }
            Ok(_) => DoctorCheck::Product.ok("doctor.product_is"),
            Err(failure) if failure.is_missing() => DoctorCheck::Product.failed("doctor.product_missing"),
            Err(ApiError::Refused { status: 403, .. }) => DoctorCheck::Product.unknown("doctor.not_allowed"),
            Err(failure) => {
                DoctorCheck::Product.failed("doctor.api_failed").with_value("why", self.failure_text(&failure))
            }
        };
        finding.with_value("product", self.product.title.in_language(self.lang.language))
    }

    fn balance_finding(&self, told: Result<Balance, ApiError>) -> DoctorFinding {
        match told {
            Ok(balance) => funds_finding(&balance),
            Err(ApiError::Refused { status: 403, .. }) => DoctorCheck::Balance.unknown("doctor.not_allowed"),
            Err(failure) => {
                DoctorCheck::Balance.unknown("doctor.api_failed").with_value("why", self.failure_text(&failure))
            }
        }
    }

    /// Returns why a request failed. For a refusal, it gives only the status.
    fn failure_text(&self, failure: &ApiError) -> String {
        let teller = MessageWriter { lang: self.lang, host: self.host };
        match failure {
            ApiError::Refused { status, .. } => {
                teller.failure_text(&ApiError::Refused { status: *status, errors: Vec::new(), excerpt: String::new() })
            }
            ApiError::Unreadable(why, _) => teller.failure_text(&why.clone().into()),
            other => teller.failure_text(other),
        }
    }
}

/// A standard user, whose orders wait for approval (certcentral-api.md 1.2).
const STANDARD_USER_ROLE: u64 = 5;

fn role_finding(me: Option<&CurrentUser>) -> DoctorFinding {
    let roles: Vec<u64> = me.into_iter().flat_map(|me| &me.roles).filter_map(|role| role.id).collect();
    let word = |id: &u64| {
        let place = usize::try_from(*id).ok().and_then(|id| id.checked_sub(1));
        place.and_then(|place| ROLE_NAMES.get(place)).map_or_else(|| id.to_string(), |name| (*name).to_owned())
    };
    let words: Vec<_> = roles.iter().map(word).collect();
    let finding = match roles.as_slice() {
        [] => DoctorCheck::Role.unknown("doctor.role_unknown"),
        roles if roles.iter().any(|id| APPROVING_ROLES.contains(id)) => DoctorCheck::Role.ok("doctor.role_approves"),
        roles if roles.contains(&STANDARD_USER_ROLE) => DoctorCheck::Role.warning("doctor.role_waits"),
        _ => DoctorCheck::Role.unknown("doctor.role_unclear"),
    };
    if words.is_empty() { finding } else { finding.with_value("roles", words.join(", ")) }
}

fn funds_finding(balance: &Balance) -> DoctorFinding {
    let told = if balance.available.is_empty() { &balance.balance } else { &balance.available };
    match told.trim().parse::<f64>() {
        _ if balance.unlimited => DoctorCheck::Balance.ok("doctor.funds_unlimited"),
        Ok(amount) if amount > 0.0 => DoctorCheck::Balance.ok("doctor.funds_are"),
        Ok(_) => DoctorCheck::Balance.warning("doctor.funds_none"),
        Err(_) => DoctorCheck::Balance.unknown("doctor.funds_unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;
    use rstest::rstest;

    #[rstest]
    #[case(&[Some(1)], "role_approves")]
    #[case(&[Some(5), Some(4)], "role_approves")]
    #[case(&[Some(5)], "role_waits")]
    #[case(&[Some(99)], "role_unclear")]
    #[case(&[Some(3)], "role_unclear")]
    #[case(&[None], "role_unknown")]
    #[case(&[], "role_unknown")]
    fn a_role_approves_orders_or_waits_for_approval(#[case] ids: &[Option<u64>], #[case] code: &str) {
        let roles = ids.iter().map(|id| Role { id: *id, name: "Anna".to_owned() }).collect();
        let finding = role_finding(Some(&CurrentUser { roles, ..CurrentUser::default() }));
        assert_eq!(finding.code(), code);
        assert!(!format!("{finding:?}").contains("Anna"), "the server's own word is not told");
    }

    #[rstest]
    #[case("1000.00", "", false, "funds_are")]
    #[case("-5.00", "0.01", false, "funds_are")]
    #[case("0.00", "", false, "funds_none")]
    #[case("5.00", "0", false, "funds_none")]
    #[case("-5.00", "", true, "funds_unlimited")]
    #[case("NaN", "", false, "funds_none")]
    #[case("", "", false, "funds_unknown")]
    fn funds_are_reported_without_their_amount(
        #[case] balance: &str,
        #[case] available: &str,
        #[case] unlimited: bool,
        #[case] code: &str,
    ) {
        let balance = Balance { balance: balance.into(), available: available.into(), unlimited, ..Balance::default() };
        let finding = funds_finding(&balance);
        assert_eq!(finding.code(), code);
        assert!(!format!("{finding:?}").contains("1000"));
    }
}
