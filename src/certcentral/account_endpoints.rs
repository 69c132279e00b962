//! Account queries: the account, its divisions, balance and stored cards, and the validations of its organizations.
//!
//! A key that may order may still be refused each of these (certcentral-api.md 1.2), so an order needs none of the
//! answers.

use super::{Client, OrderFilter};
use crate::certcentral::decode;
use crate::domain::{
    AccountAnswer, AccountInfo, AccountResource, ApiError, Balance, Division, ListName, PageRange, PaymentProfile,
    Validation,
};

impl Client {
    /// Fetches a resource of the account, of a list the rows in this range. `product` is the `name_id` of the product
    /// that is ordered.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_resource(
        &self,
        resource: AccountResource,
        PageRange { offset, limit }: PageRange,
        product: &str,
    ) -> Result<AccountAnswer, ApiError> {
        Ok(match resource {
            AccountResource::Organizations | AccountResource::SoleOrganization => {
                AccountAnswer::Organizations(self.fetch_organizations(limit, offset).await?)
            }
            AccountResource::Organization(id) => AccountAnswer::Organization(self.fetch_organization(id).await?),
            AccountResource::Approvers => AccountAnswer::People(self.fetch_approvers().await?),
            AccountResource::Users => AccountAnswer::People(self.fetch_users(limit, offset).await?),
            AccountResource::User(id) => AccountAnswer::Person(self.fetch_user(id).await?),
            AccountResource::Product => AccountAnswer::Product(self.fetch_product(product).await?),
            AccountResource::Balance(division) => AccountAnswer::Balance(self.fetch_balance(division).await?),
            AccountResource::Me => AccountAnswer::Me(self.fetch_current_user().await?.value),
            AccountResource::Account => AccountAnswer::Account(self.fetch_account().await?),
            AccountResource::Divisions => AccountAnswer::Divisions(self.fetch_divisions().await?),
            AccountResource::Profiles => AccountAnswer::Profiles(self.fetch_payment_profiles().await?),
            AccountResource::Validations(organization) => {
                AccountAnswer::Validations(self.fetch_validations(organization).await?)
            }
            AccountResource::Orders(organization) => {
                let filter = OrderFilter { product, organization };
                AccountAnswer::Orders(self.fetch_orders(filter, limit, offset).await?.value)
            }
        })
    }

    /// Fetches the account of the key (`GET /account`, certcentral-api.md 4.7).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_account(&self) -> Result<AccountInfo, ApiError> {
        self.fetch_value(&["account"], &[], decode::parse_account).await
    }

    /// Fetches the account's divisions (`GET /container`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_divisions(&self) -> Result<Vec<Division>, ApiError> {
        self.fetch_whole_list(ListName::Divisions, &["container"], decode::parse_divisions).await
    }

    /// Fetches the balance of the account, or of this division (`GET /finance/balance`, certcentral-api.md 4.8). For
    /// an account with several divisions, a division is required.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_balance(&self, division: Option<u64>) -> Result<Balance, ApiError> {
        let query: Vec<_> = division.map(|id| ("container_id", id.to_string())).into_iter().collect();
        self.fetch_value(&["finance", "balance"], &query, decode::parse_balance).await
    }

    /// Fetches the cards that `CertCentral` has stored (`GET /finance/payment-profile`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_payment_profiles(&self) -> Result<Vec<PaymentProfile>, ApiError> {
        self.fetch_whole_list(ListName::Profiles, &["finance", "payment-profile"], decode::parse_payment_profiles).await
    }

    /// Fetches the validations of an organization (`GET /organization/{id}/validation`, certcentral-api.md 4.4).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_validations(&self, organization: u64) -> Result<Vec<Validation>, ApiError> {
        let path = ["organization", &organization.to_string(), "validation"];
        self.fetch_whole_list(ListName::Validations, &path, decode::parse_validations).await
    }
}
