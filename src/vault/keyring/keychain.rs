//! The keychain of macOS that is unlocked at login.
//!
//! Its store says no more of a failure than a number of the system's, and what can be done about each is told here. It
//! does not know what is kept there.

use crate::facts::{KeyCause, KeyTrouble, KeyringFault, NoKeyring};
use apple_native_keyring_store::keychain::Store;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use security_framework::base::Error as Said;
use std::collections::HashMap;

/// Its name for people.
const NAME: &str = "Keychain";

/// Where there is no keychain that can be used: `errSecNotAvailable`, `errSecNoSuchKeychain`, `errSecInvalidKeychain`,
/// `errSecNoDefaultKeychain` (Apple: Security Framework Result Codes).
const NONE: &[i32] = &[-25291, -25294, -25295, -25307];

/// Where it was not unlocked: `errSecAuthFailed`, `errSecInteractionNotAllowed`, `errSecInteractionRequired` (as above).
const LOCKED: &[i32] = &[-25293, -25308, -25315];

/// Where its owner was asked to unlock it and said no: `errSecUserCanceled` (as above).
const DISMISSED: i32 = -128;

/// The entry of this user, whether it is there or not.
pub(super) fn entry(service: &str, user: &str) -> Result<Entry, Error> {
    Store::new()?.build(service, user, None)
}

/// The name of the keychain, if it can be looked into. The values of entries are not asked for, so nobody is either.
pub(super) fn probe() -> Result<String, KeyTrouble> {
    let found = Store::new().and_then(|store| store.search(&HashMap::from([("service", super::SERVICE)])));
    match found {
        Ok(_) | Err(Error::NoEntry) => Ok(NAME.to_owned()),
        Err(Error::PlatformFailure(inner) | Error::NoStorageAccess(inner)) => Err(trouble(inner.as_ref())),
        Err(_) => Err(unreadable()),
    }
}

/// Every keychain outlives the session.
#[expect(clippy::unnecessary_wraps, reason = "other systems have keyrings that do not")]
pub(super) fn lasts() -> Result<(), KeyTrouble> {
    Ok(())
}

/// What a failure of the store means, by the one that is within it.
pub(super) fn trouble(inner: &(dyn std::error::Error + 'static)) -> KeyTrouble {
    let Some(code) = inner.downcast_ref().map(|said: &Said| said.code()) else { return unreadable() };
    let cause = match code {
        DISMISSED => KeyCause::Dismissed,
        code if NONE.contains(&code) => KeyCause::NoKeyring(NoKeyring::NoKeychain),
        code if LOCKED.contains(&code) => KeyCause::Locked,
        _ => KeyCause::KeyringFailed(KeyringFault::Refused),
    };
    KeyTrouble::new(cause, format!("{NAME}: {code}"))
}

fn unreadable() -> KeyTrouble {
    KeyCause::KeyringFailed(KeyringFault::Unreadable).into()
}
