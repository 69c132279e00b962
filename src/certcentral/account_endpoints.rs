//! The questions on the account itself: what it is, its divisions, its money and stored cards, and validations.
//!
//! A key that may order may still be refused each of these (certcentral-api.md 1.2), so no answer to any of them is
//! needed for an order.

use super::Client;
use crate::certcentral::decode;
use crate::domain::{AccountInfo, ApiError, Balance, Division, ListName, PaymentProfile, Validation};

impl Client {
    /// The account of the key (`GET /account`, certcentral-api.md 4.7).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_account(&self) -> Result<AccountInfo, ApiError> {
        self.fetch_value(&["account"], &[], decode::parse_account).await
    }

    /// The account's divisions (`GET /container`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_divisions(&self) -> Result<Vec<Division>, ApiError> {
        self.fetch_whole_list(ListName::Divisions, &["container"], decode::parse_divisions).await
    }

    /// The money of the account, or of this division (`GET /finance/balance`, certcentral-api.md 4.8). Where the
    /// account has several divisions, one must be named.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_balance(&self, division: Option<u64>) -> Result<Balance, ApiError> {
        let query: Vec<_> = division.map(|id| ("container_id", id.to_string())).into_iter().collect();
        self.fetch_value(&["finance", "balance"], &query, decode::parse_balance).await
    }

    /// The cards that `CertCentral` has stored (`GET /finance/payment-profile`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_payment_profiles(&self) -> Result<Vec<PaymentProfile>, ApiError> {
        self.fetch_whole_list(ListName::Profiles, &["finance", "payment-profile"], decode::parse_payment_profiles).await
    }

    /// How far an organization is validated (`GET /organization/{id}/validation`, certcentral-api.md 4.4).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_validations(&self, organization: u64) -> Result<Vec<Validation>, ApiError> {
        let path = ["organization", &organization.to_string(), "validation"];
        self.fetch_whole_list(ListName::Validations, &path, decode::parse_validations).await
    }
}
