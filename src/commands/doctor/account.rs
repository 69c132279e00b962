//! The checks of the account: whether its key can be read and is accepted, and what it gives access to.
//!
//! The server's own words are never printed, because they may repeat what was sent, and name people. Amounts are not
//! printed either.

use super::finding::{DoctorCheck, DoctorFinding, DoctorStatus};
use super::network::ProbeTarget;
use crate::account::readiness::{self, AccountAnswers, AnswerState, Fact, Finding, FindingSeverity};
use crate::account::{AccountAccess, ApiKeySource};
use crate::certcentral::Client;
use crate::domain::{AccountData, AccountResource, ApiError, TransportError, TransportErrorKind};
use crate::i18n::{Translations, texts};
use crate::keystore;
use crate::messages::{self, MessageWriter};
use crate::product::Product;
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::time::Duration;

/// The time limit of the checks. It leaves room for retries after a rate limit.
const ACCOUNT_TIMEOUT: Duration = Duration::from_mins(2);

/// Returns which account it is.
pub(super) fn account_finding(access: &AccountAccess) -> DoctorFinding {
    let host = access.host.host_and_port();
    match (access.sandbox, access.name.as_str()) {
        (true, _) => DoctorCheck::Account.ok(texts::doctor::ACCOUNT_SANDBOX).with_value("host", host),
        (false, "") => DoctorCheck::Account.ok(texts::doctor::ACCOUNT_ENVIRONMENT).with_value("host", host),
        (false, name) => {
            DoctorCheck::Account.ok(texts::doctor::ACCOUNT_NAMED).with_value("name", name).with_value("host", host)
        }
    }
}

/// Reads the key, which may wait for a person.
pub(super) async fn check_key(lang: &Translations, access: &AccountAccess) -> (DoctorFinding, Option<Secret>) {
    let place = match &access.key {
        ApiKeySource::Given(key) => return (DoctorCheck::Key.ok(texts::doctor::KEY_GIVEN), Some(key.clone())),
        ApiKeySource::Stored(place) => place.clone(),
    };
    let (named, owner, withheld) =
        (messages::key_place_text(lang, &place), access.key_owner(), access.withheld_variables.clone());
    let reading = move || keystore::read_key(&place, &owner, |name| std::env::var(name).ok(), &withheld);
    match tokio::task::spawn_blocking(reading).await {
        Ok(Ok(key)) => (DoctorCheck::Key.ok(texts::doctor::KEY_READ).with_value("place", named), Some(key)),
        Ok(Err(why)) => (
            DoctorCheck::Key.failed(texts::doctor::KEY_FAILED).with_value("why", messages::key_error_text(lang, &why)),
            None,
        ),
        Err(_) => (DoctorCheck::Key.unknown(texts::doctor::KEY_UNKNOWN).with_value("place", named), None),
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
        Err(_) => return failed_api_findings(lang.text(texts::cause::OTHER)),
    };
    let writer = MessageWriter { lang, host: there.host.host_and_port() };
    let title = product.title.in_language(lang.language);
    match tokio::time::timeout(ACCOUNT_TIMEOUT, FetchedAnswers::fetch(&client, product.name_id)).await {
        Ok(answers) => account_findings(writer, &answers, title),
        Err(_) => failed_api_findings(&there.reason_text(lang, &TransportError::from(TransportErrorKind::Slow))),
    }
}

/// Returns the findings if no request about the account was possible.
pub(super) fn unasked_findings() -> Vec<DoctorFinding> {
    [DoctorCheck::Api, DoctorCheck::Role, DoctorCheck::Product, DoctorCheck::Balance]
        .map(|check| check.unknown(texts::doctor::NOT_ASKED))
        .into()
}

fn failed_api_findings(why: &str) -> Vec<DoctorFinding> {
    only_api_finding(DoctorCheck::Api.failed(texts::doctor::API_FAILED).with_value("why", why))
}

/// Returns the findings if the check of the API failed: the other checks are then unknown.
fn only_api_finding(api: DoctorFinding) -> Vec<DoctorFinding> {
    [api].into_iter().chain(unasked_findings().into_iter().skip(1)).collect()
}

/// The answers of the account, and the failures.
#[derive(Default)]
struct FetchedAnswers {
    data: AccountData,
    outcomes: BTreeMap<AccountResource, Result<(), ApiError>>,
}

impl AccountAnswers for FetchedAnswers {
    fn data(&self) -> &AccountData {
        &self.data
    }

    fn answer_state(&self, want: AccountResource) -> AnswerState<'_> {
        match self.outcomes.get(&want) {
            None => AnswerState::Unasked,
            Some(Ok(())) => AnswerState::Answered,
            Some(Err(failure)) => AnswerState::Failed(failure),
        }
    }
}

impl FetchedAnswers {
    /// Asks one question after another.
    async fn fetch(client: &Client, product: &str) -> Self {
        let mut answers = Self::default();
        while let Some(want) = readiness::next_resource(&answers, &readiness::account_resources(&answers, None)) {
            let fetched = client.fetch_resource(want, want.only_range(), product).await;
            let outcome = fetched.map(|answer| drop(answers.data.add_answer(want, answer)));
            answers.outcomes.insert(want, outcome);
        }
        answers
    }
}

/// Returns what the answers mean. `product` is the title of the product.
fn account_findings(writer: MessageWriter<'_>, answers: &FetchedAnswers, product: &str) -> Vec<DoctorFinding> {
    let blocking = readiness::blocking_failure(answers, &readiness::account_resources(answers, None));
    let access = blocking
        .map_or_else(|| readiness::find_key(answers), |failure| (FindingSeverity::Blocking, Fact::Failed(failure)));
    let api = doctor_finding(writer, DoctorCheck::Api, &access);
    if api.status == DoctorStatus::Failed {
        return only_api_finding(api);
    }
    vec![
        api,
        doctor_finding(writer, DoctorCheck::Role, &readiness::find_role(answers)),
        product_finding(writer, answers).with_value("product", product),
        doctor_finding(writer, DoctorCheck::Balance, &readiness::find_funds(answers, None)),
    ]
}

/// Returns what is known of the product. A request that failed is a failure of this check: without an answer nobody
/// knows if an order is possible.
fn product_finding(writer: MessageWriter<'_>, answers: &FetchedAnswers) -> DoctorFinding {
    let finding = match readiness::find_product(answers) {
        (_, fact @ Fact::Failed(_)) => (FindingSeverity::Blocking, fact),
        finding => finding,
    };
    doctor_finding(writer, DoctorCheck::Product, &finding)
}

fn doctor_finding(writer: MessageWriter<'_>, check: DoctorCheck, finding: &Finding<'_>) -> DoctorFinding {
    let status = match finding.0 {
        FindingSeverity::Good => DoctorStatus::Ok,
        FindingSeverity::Limited | FindingSeverity::Warning => DoctorStatus::Warning,
        FindingSeverity::Blocking => DoctorStatus::Failed,
        FindingSeverity::Unknown | FindingSeverity::Loading => DoctorStatus::Unknown,
    };
    let (id, value) = writer.doctor_text(finding);
    let finding = check.to_finding(status, id);
    match value {
        Some((name, value)) => finding.with_value(name, value),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Balance, CurrentUser, Division, ProductInfo, Role};
    use crate::i18n::Language;
    use rstest::rstest;

    /// Returns the findings on an account that answered every question.
    fn findings(user: CurrentUser, balance: Balance) -> Vec<DoctorFinding> {
        let wants = [AccountResource::Me, AccountResource::Product, AccountResource::Divisions];
        let wants = wants.into_iter().chain([AccountResource::Balance(None)]);
        let mut data = AccountData {
            current_user: Some(user),
            product: Some(ProductInfo::default()),
            divisions: Some(vec![Division::default()]),
            ..AccountData::default()
        };
        data.balances.insert(None, balance);
        let answers = FetchedAnswers { data, outcomes: wants.map(|want| (want, Ok(()))).collect() };
        let lang = Translations::new(Language::En);
        account_findings(MessageWriter { lang: &lang, host: "" }, &answers, "eSeal")
    }

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
        let finding = &findings(CurrentUser { roles, ..CurrentUser::default() }, Balance::default())[1];
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
        let finding = &findings(CurrentUser::default(), balance)[3];
        assert_eq!(finding.code(), code);
        assert!(!format!("{finding:?}").contains("1000"));
    }
}
