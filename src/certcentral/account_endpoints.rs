//! Account queries: the account, its divisions, balance and stored cards, and the validations of its organizations.
//!
//! A key that may order may still be refused each of these (certcentral-api.md 1.2), so an order needs none of the
//! answers.

use super::Client;
use crate::certcentral::decode;
use crate::domain::{AccountInfo, ApiError, Balance, Division, ListName, PaymentProfile, Validation};

impl Client {
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
