//! The keychain of macOS that is unlocked at login.
//!
//! Its store reports only a system error number; this module maps each number to what the user can do about it.

use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyringErrorKind, NoKeyring};
use apple_native_keyring_store::keychain::Store;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use security_framework::base::Error as SecurityError;
use std::collections::HashMap;

/// The display name.
const KEYCHAIN_NAME: &str = "Keychain";

/// No usable keychain: `errSecNotAvailable`, `errSecNoSuchKeychain`, `errSecInvalidKeychain`,
/// `errSecNoDefaultKeychain` (Apple: Security Framework Result Codes).
const NO_KEYCHAIN_CODES: &[i32] = &[-25291, -25294, -25295, -25307];

/// The keychain is locked: `errSecAuthFailed`, `errSecInteractionNotAllowed`, `errSecInteractionRequired` (as above).
const LOCKED_CODES: &[i32] = &[-25293, -25308, -25315];

/// The owner was asked to unlock the keychain and refused: `errSecUserCanceled` (as above).
const DISMISSED_CODE: i32 = -128;

/// Returns the entry of this user, even if it does not exist yet.
pub(super) fn open_entry(service: &str, user: &str) -> Result<Entry, Error> {
    Store::new()?.build(service, user, None)
}

/// Returns the name of the keychain, if it can be searched. The search does not read values, so it asks no one.
pub(super) fn probe_keyring() -> Result<String, ApiKeyError> {
    let found = Store::new().and_then(|store| store.search(&HashMap::from([("service", super::SERVICE_NAME)])));
    match found {
        Ok(_) | Err(Error::NoEntry) => Ok(KEYCHAIN_NAME.to_owned()),
        Err(Error::PlatformFailure(inner) | Error::NoStorageAccess(inner)) => Err(key_error(inner.as_ref())),
        Err(_) => Err(unreadable()),
    }
}

/// Always succeeds: every keychain outlives the session.
#[expect(clippy::unnecessary_wraps, reason = "other systems have keyrings that do not")]
pub(super) fn check_persistent() -> Result<(), ApiKeyError> {
    Ok(())
}

/// Converts a failure of the store, by its inner error.
pub(super) fn key_error(inner: &(dyn std::error::Error + 'static)) -> ApiKeyError {
    let Some(code) = inner.downcast_ref().map(|error: &SecurityError| error.code()) else { return unreadable() };
    let kind = match code {
        DISMISSED_CODE => ApiKeyErrorKind::Dismissed,
        code if NO_KEYCHAIN_CODES.contains(&code) => ApiKeyErrorKind::NoKeyring(NoKeyring::NoKeychain),
        code if LOCKED_CODES.contains(&code) => ApiKeyErrorKind::Locked,
        _ => ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Refused),
    };
    ApiKeyError::new(kind, format!("{KEYCHAIN_NAME}: {code}"))
}

fn unreadable() -> ApiKeyError {
    ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Unreadable).into()
}
