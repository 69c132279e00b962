//! The account: whether its key can be had and opens it, and what it opens.
//!
//! The server's own words are never told, for they may repeat what they were sent, and name people. Amounts are not
//! told either.

use super::finding::{Check, Finding, Mark};
use super::way::There;
use crate::account::{Access, Key};
use crate::certcentral::Client;
use crate::facts::{Balance, Cause, Failure, Me, ProductInfo, Reason};
use crate::lang::Lang;
use crate::product::Product;
use crate::secret::Secret;
use crate::tell::{self, Teller};
use crate::vault;
use std::time::Duration;

/// More than a question takes that is asked again where it was one too many.
const PATIENCE: Duration = Duration::from_mins(2);

/// The access roles by their ids, as the vendor calls them (certcentral-api.md 1.2).
const ROLES: [&str; 5] = ["Administrator", "Limited user", "Finance manager", "Manager", "Standard user"];

/// The roles that can approve requests (certcentral-api.md 1.2).
const APPROVE: [u64; 2] = [1, 4];

/// Which account it is.
pub(super) fn account(access: &Access) -> Finding {
    let host = access.host.name();
    match (access.sandbox, access.name.as_str()) {
        (true, _) => Check::Account.ok("doctor.account_sandbox").with("host", host),
        (false, "") => Check::Account.ok("doctor.account_environment").with("host", host),
        (false, name) => Check::Account.ok("doctor.account_named").with("name", name).with("host", host),
    }
}

/// The key, where it can be had. It may wait for a person.
pub(super) async fn key(lang: &Lang, access: &Access) -> (Finding, Option<Secret>) {
    let place = match &access.key {
        Key::Given(key) => return (Check::Key.ok("doctor.key_given"), Some(key.clone())),
        Key::Kept(place) => place.clone(),
    };
    let (named, owner, withheld) = (tell::place_words(lang, &place), access.owner(), access.withheld.clone());
    let reading = move || vault::read(&place, &owner, |name| std::env::var(name).ok(), &withheld);
    match tokio::task::spawn_blocking(reading).await {
        Ok(Ok(key)) => (Check::Key.ok("doctor.key_read").with("place", named), Some(key)),
        Ok(Err(why)) => (Check::Key.failed("doctor.key_failed").with("why", tell::key_words(lang, &why)), None),
        Err(_) => (Check::Key.unknown("doctor.key_unknown").with("place", named), None),
    }
}

/// What the key opens.
pub(super) async fn opens(lang: &Lang, there: &There, key: Secret, product: &'static Product) -> Vec<Finding> {
    let (host, network, limits) = (there.host.clone(), there.network.clone(), there.network.limits(there.pace));
    let made = tokio::task::spawn_blocking(move || Client::new(host, key, &network, limits)).await;
    let client = match made {
        Ok(Ok(client)) => client,
        Ok(Err(error)) => return closed(&there.words(lang, &error.into())),
        Err(_) => return closed(lang.say("cause.other")),
    };
    let looking = Looking { lang, host: there.host.name(), product };
    let looked = tokio::time::timeout(PATIENCE, looking.all(&client)).await;
    looked.unwrap_or_else(|_| closed(&there.words(lang, &Reason::from(Cause::Slow))))
}

/// What is told where nothing of the account could be asked.
pub(super) fn unasked() -> Vec<Finding> {
    [Check::Api, Check::Role, Check::Product, Check::Balance].map(|check| check.unknown("doctor.not_asked")).into()
}

fn closed(why: &str) -> Vec<Finding> {
    alone(Check::Api.failed("doctor.api_failed").with("why", why))
}

/// What is told where the key opens nothing.
fn alone(api: Finding) -> Vec<Finding> {
    [api].into_iter().chain(unasked().into_iter().skip(1)).collect()
}

struct Looking<'a> {
    lang: &'a Lang,
    host: &'a str,
    product: &'static Product,
}

impl Looking<'_> {
    async fn all(&self, client: &Client) -> Vec<Finding> {
        let me = client.me().await.map(|me| me.told);
        let api = self.api(&me);
        if api.mark == Mark::Failed {
            return alone(api);
        }
        let division = me.as_ref().ok().and_then(|me| me.division);
        let (product, balance) = tokio::join!(client.product(&self.product.name_id), client.balance(division));
        vec![api, role(me.ok().as_ref()), self.product(product), self.balance(balance)]
    }

    fn api(&self, me: &Result<Me, Failure>) -> Finding {
        match me {
            Ok(_) => Check::Api.ok("doctor.api_is"),
            Err(failure) if failure.is_unknown_key() => Check::Api.failed("doctor.api_key").with("host", self.host),
            Err(Failure::Refused { status: 403, .. }) => Check::Api.warning("doctor.api_narrow"),
            Err(failure) => Check::Api.failed("doctor.api_failed").with("why", self.why(failure)),
        }
    }

    fn product(&self, told: Result<ProductInfo, Failure>) -> Finding {
        let finding = match told {
            Ok(ProductInfo { years: Some(years), .. }) if !years.is_empty() => {
                let years: Vec<_> = years.iter().map(ToString::to_string).collect();
                Check::Product.ok("doctor.product_years").with("years", years.join(", "))
            }
            Ok(_) => Check::Product.ok("doctor.product_is"),
            Err(failure) if failure.is_missing() => Check::Product.failed("doctor.product_missing"),
            Err(Failure::Refused { status: 403, .. }) => Check::Product.unknown("doctor.not_allowed"),
            Err(failure) => Check::Product.failed("doctor.api_failed").with("why", self.why(&failure)),
        };
        finding.with("product", self.product.title.in_language(self.lang.language))
    }

    fn balance(&self, told: Result<Balance, Failure>) -> Finding {
        match told {
            Ok(balance) => funds(&balance),
            Err(Failure::Refused { status: 403, .. }) => Check::Balance.unknown("doctor.not_allowed"),
            Err(failure) => Check::Balance.unknown("doctor.api_failed").with("why", self.why(&failure)),
        }
    }

    /// Why a question has no answer. Of a refusal the status alone is told.
    fn why(&self, failure: &Failure) -> String {
        let teller = Teller { lang: self.lang, host: self.host };
        match failure {
            Failure::Refused { status, .. } => {
                teller.failure(&Failure::Refused { status: *status, errors: Vec::new(), words: String::new() })
            }
            Failure::Unreadable(why, _) => teller.failure(&why.clone().into()),
            other => teller.failure(other),
        }
    }
}

/// A standard user, whose orders wait for approval (certcentral-api.md 1.2).
const STANDARD: u64 = 5;

fn role(me: Option<&Me>) -> Finding {
    let roles: Vec<u64> = me.into_iter().flat_map(|me| &me.roles).filter_map(|role| role.id).collect();
    let word = |id: &u64| {
        let place = usize::try_from(*id).ok().and_then(|id| id.checked_sub(1));
        place.and_then(|place| ROLES.get(place)).map_or_else(|| id.to_string(), |name| (*name).to_owned())
    };
    let words: Vec<_> = roles.iter().map(word).collect();
    let finding = match roles.as_slice() {
        [] => Check::Role.unknown("doctor.role_unknown"),
        roles if roles.iter().any(|id| APPROVE.contains(id)) => Check::Role.ok("doctor.role_approves"),
        roles if roles.contains(&STANDARD) => Check::Role.warning("doctor.role_waits"),
        _ => Check::Role.unknown("doctor.role_unclear"),
    };
    if words.is_empty() { finding } else { finding.with("roles", words.join(", ")) }
}

fn funds(balance: &Balance) -> Finding {
    let told = if balance.available.is_empty() { &balance.balance } else { &balance.available };
    match told.trim().parse::<f64>() {
        _ if balance.unlimited => Check::Balance.ok("doctor.funds_unlimited"),
        Ok(amount) if amount > 0.0 => Check::Balance.ok("doctor.funds_are"),
        Ok(_) => Check::Balance.warning("doctor.funds_none"),
        Err(_) => Check::Balance.unknown("doctor.funds_unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Role;
    use rstest::rstest;

    #[rstest]
    #[case(&[Some(1)], "role_approves")]
    #[case(&[Some(5), Some(4)], "role_approves")]
    #[case(&[Some(5)], "role_waits")]
    #[case(&[Some(99)], "role_unclear")]
    #[case(&[Some(3)], "role_unclear")]
    #[case(&[None], "role_unknown")]
    #[case(&[], "role_unknown")]
    fn a_role_approves_or_waits(#[case] ids: &[Option<u64>], #[case] code: &str) {
        let roles = ids.iter().map(|id| Role { id: *id, name: "Anna".to_owned() }).collect();
        let finding = role(Some(&Me { roles, ..Me::default() }));
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
    fn funds_are_told_without_their_amount(
        #[case] balance: &str,
        #[case] available: &str,
        #[case] unlimited: bool,
        #[case] code: &str,
    ) {
        let balance = Balance { balance: balance.into(), available: available.into(), unlimited, ..Balance::default() };
        let finding = funds(&balance);
        assert_eq!(finding.code(), code);
        assert!(!format!("{finding:?}").contains("1000"));
    }
}
