//! The questions on the account itself: what it is, its divisions, its money and stored cards, and validations.
//!
//! A key that may order may still be refused each of these (certcentral-api.md 1.2), so no answer to any of them is
//! needed for an order.

use super::Client;
use crate::facts::{AccountInfo, Balance, Division, Failure, ListName, PaymentProfile, Validation};
use crate::wire;

impl Client {
    /// The account of the key (`GET /account`, certcentral-api.md 4.7).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn account(&self) -> Result<AccountInfo, Failure> {
        self.ask(&["account"], &[], wire::account).await
    }

    /// The account's divisions (`GET /container`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn divisions(&self) -> Result<Vec<Division>, Failure> {
        self.ask_whole(ListName::Divisions, &["container"], wire::divisions).await
    }

    /// The money of the account, or of this division (`GET /finance/balance`, certcentral-api.md 4.8). Where the
    /// account has several divisions, one must be named.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn balance(&self, division: Option<u64>) -> Result<Balance, Failure> {
        let query: Vec<_> = division.map(|id| ("container_id", id.to_string())).into_iter().collect();
        self.ask(&["finance", "balance"], &query, wire::balance).await
    }

    /// The cards that `CertCentral` has stored (`GET /finance/payment-profile`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn profiles(&self) -> Result<Vec<PaymentProfile>, Failure> {
        self.ask_whole(ListName::Profiles, &["finance", "payment-profile"], wire::profiles).await
    }

    /// How far an organization is validated (`GET /organization/{id}/validation`, certcentral-api.md 4.4).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn validations(&self, organization: u64) -> Result<Vec<Validation>, Failure> {
        let path = ["organization", &organization.to_string(), "validation"];
        self.ask_whole(ListName::Validations, &path, wire::validations).await
    }
}
