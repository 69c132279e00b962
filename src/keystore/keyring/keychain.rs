//! The keychain of macOS that is unlocked at login.
//!
//! Its store says no more of a failure than a number of the system's, and what can be done about each is told here. It
//! does not know what is kept there.

use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyringFault, NoKeyring};
use apple_native_keyring_store::keychain::Store;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use security_framework::base::Error as SecurityError;
use std::collections::HashMap;

/// Its name for people.
const KEYCHAIN_NAME: &str = "Keychain";

/// Where there is no keychain that can be used: `errSecNotAvailable`, `errSecNoSuchKeychain`, `errSecInvalidKeychain`,
/// `errSecNoDefaultKeychain` (Apple: Security Framework Result Codes).
const NO_KEYCHAIN_CODES: &[i32] = &[-25291, -25294, -25295, -25307];

/// Where it was not unlocked: `errSecAuthFailed`, `errSecInteractionNotAllowed`, `errSecInteractionRequired` (as above).
const LOCKED_CODES: &[i32] = &[-25293, -25308, -25315];

/// Where its owner was asked to unlock it and said no: `errSecUserCanceled` (as above).
const DISMISSED_CODE: i32 = -128;

/// The entry of this user, whether it is there or not.
pub(super) fn open_entry(service: &str, user: &str) -> Result<Entry, Error> {
    Store::new()?.build(service, user, None)
}

/// The name of the keychain, if it can be looked into. The values of entries are not asked for, so nobody is either.
pub(super) fn probe_keyring() -> Result<String, ApiKeyError> {
    let found = Store::new().and_then(|store| store.search(&HashMap::from([("service", super::SERVICE_NAME)])));
    match found {
        Ok(_) | Err(Error::NoEntry) => Ok(KEYCHAIN_NAME.to_owned()),
        Err(Error::PlatformFailure(inner) | Error::NoStorageAccess(inner)) => Err(key_error(inner.as_ref())),
        Err(_) => Err(unreadable()),
    }
}

/// Every keychain outlives the session.
#[expect(clippy::unnecessary_wraps, reason = "other systems have keyrings that do not")]
pub(super) fn check_persistent() -> Result<(), ApiKeyError> {
    Ok(())
}

/// What a failure of the store means, by the one that is within it.
pub(super) fn key_error(inner: &(dyn std::error::Error + 'static)) -> ApiKeyError {
    let Some(code) = inner.downcast_ref().map(|error: &SecurityError| error.code()) else { return unreadable() };
    let kind = match code {
        DISMISSED_CODE => ApiKeyErrorKind::Dismissed,
        code if NO_KEYCHAIN_CODES.contains(&code) => ApiKeyErrorKind::NoKeyring(NoKeyring::NoKeychain),
        code if LOCKED_CODES.contains(&code) => ApiKeyErrorKind::Locked,
        _ => ApiKeyErrorKind::KeyringFailed(KeyringFault::Refused),
    };
    ApiKeyError::new(kind, format!("{KEYCHAIN_NAME}: {code}"))
}

fn unreadable() -> ApiKeyError {
    ApiKeyErrorKind::KeyringFailed(KeyringFault::Unreadable).into()
}
