//! The Secret Service of a desktop (GNOME's keyring, KDE's wallet, `KeePassXC`), over D-Bus.
//!
//! Each call opens a session that encrypts the data on the bus. New entries go to the default collection, because it
//! is the one that is most often unlocked at login.

use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyringErrorKind, NoKeyring, SystemError};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secret_service::EncryptionType;
use secret_service::blocking::{Collection, SecretService};
use std::collections::HashMap;
use zbus::fdo;
use zbus_secret_service_keyring_store::Store;

/// The errors of a bus if no program owns the name of the Secret Service, and none can be started.
const NO_SERVICE_ERRORS: &[&str] = &[
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownObject",
];

/// The error of the Secret Service for a locked item (its specification: "Errors").
const LOCKED_ERROR: &str = "org.freedesktop.Secret.Error.IsLocked";

/// The prefix of the errors of a bus if a program should start and did not.
const NOT_STARTED_PREFIX: &str = "org.freedesktop.DBus.Error.Spawn.";

/// Returns the entry of this user, even if it does not exist yet.
pub(super) fn open_entry(service: &str, user: &str) -> Result<Entry, Error> {
    let label = format!("{service}: {user}");
    Store::new()?.build(service, user, Some(&HashMap::from([("label", label.as_str())])))
}

/// Returns the name of the default collection, if it is persistent and unlocked.
pub(super) fn probe_keyring() -> Result<String, ApiKeyError> {
    let service = connect()?;
    let collection = persistent_collection(&service)?;
    let name = collection.get_label().map_err(|error| service_key_error(&error))?;
    if collection.is_locked().map_err(|error| service_key_error(&error))? {
        return Err(ApiKeyError::new(ApiKeyErrorKind::Locked, name));
    }
    Ok(name)
}

/// Checks that a default collection exists that outlives the session. It may be locked.
pub(super) fn check_persistent() -> Result<(), ApiKeyError> {
    persistent_collection(&connect()?).map(|_| ())
}

fn connect<'a>() -> Result<SecretService<'a>, ApiKeyError> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| service_key_error(&error))
}

/// Returns the default collection. On a desktop that never got a password, it may be the one that disappears at
/// logout; that is an error.
fn persistent_collection<'a>(service: &'a SecretService<'a>) -> Result<Collection<'a>, ApiKeyError> {
    let collection = service.get_default_collection().map_err(|error| service_key_error(&error))?;
    let passing = service.get_collection_by_alias("session");
    if passing.is_ok_and(|passing| passing.collection_path == collection.collection_path) {
        return Err(none(NoKeyring::Temporary));
    }
    Ok(collection)
}

/// Converts a failure of the store, by its inner error.
pub(super) fn key_error(inner: &(dyn std::error::Error + 'static)) -> ApiKeyError {
    inner.downcast_ref().map_or_else(unreadable_answer_error, service_key_error)
}

fn service_key_error(error: &secret_service::Error) -> ApiKeyError {
    use secret_service::Error as Said;
    match error {
        Said::Unavailable => none(NoKeyring::NotFound),
        Said::NoResult => none(NoKeyring::NoDefault),
        Said::Locked => ApiKeyErrorKind::Locked.into(),
        Said::Prompt => ApiKeyErrorKind::Dismissed.into(),
        Said::PromptDisconnected => failed(KeyringErrorKind::HungUp),
        Said::Zbus(error) => bus_key_error(error),
        Said::ZbusFdo(error) => named_key_error(&error_name(error)),
        _ => unreadable_answer_error(),
    }
}

fn none(why: NoKeyring) -> ApiKeyError {
    ApiKeyErrorKind::NoKeyring(why).into()
}

fn failed(fault: KeyringErrorKind) -> ApiKeyError {
    ApiKeyErrorKind::KeyringFailed(fault).into()
}

fn bus_key_error(error: &zbus::Error) -> ApiKeyError {
    match error {
        zbus::Error::MethodError(name, ..) => named_key_error(name),
        zbus::Error::FDO(error) => named_key_error(&error_name(error)),
        zbus::Error::Connection(error, _) | zbus::Error::InputOutput(error) => {
            none(NoKeyring::BusClosed(SystemError::from(error.as_ref())))
        }
        zbus::Error::Address(_) | zbus::Error::Handshake(_) => none(NoKeyring::BusUnusable),
        _ => unreadable_answer_error(),
    }
}

fn unreadable_answer_error() -> ApiKeyError {
    failed(KeyringErrorKind::Unreadable)
}

/// Returns the name of an error. Its message is left out, because the other side chose the words.
fn error_name(error: &fdo::Error) -> String {
    use zbus::DBusError;
    error.name().to_string()
}

fn named_key_error(name: &str) -> ApiKeyError {
    let cause = match name {
        LOCKED_ERROR => ApiKeyErrorKind::Locked,
        name if NO_SERVICE_ERRORS.contains(&name) => ApiKeyErrorKind::NoKeyring(NoKeyring::NoService),
        name if name.starts_with(NOT_STARTED_PREFIX) => ApiKeyErrorKind::NoKeyring(NoKeyring::NotStarted),
        _ => ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Refused),
    };
    ApiKeyError::new(cause, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use secret_service::Error as Said;
    use std::io::ErrorKind;

    #[rstest]
    #[case("org.freedesktop.DBus.Error.ServiceUnknown", ApiKeyErrorKind::NoKeyring(NoKeyring::NoService))]
    #[case("org.freedesktop.DBus.Error.Spawn.ExecFailed", ApiKeyErrorKind::NoKeyring(NoKeyring::NotStarted))]
    #[case("org.freedesktop.Secret.Error.IsLocked", ApiKeyErrorKind::Locked)]
    #[case("org.freedesktop.DBus.Error.NoReply", ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Refused))]
    #[case("com.example.Error", ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Refused))]
    fn a_bus_error_maps_to_a_cause(#[case] name: &str, #[case] cause: ApiKeyErrorKind) {
        assert_eq!(named_key_error(name), ApiKeyError::new(cause, name));
    }

    fn closed() -> ApiKeyErrorKind {
        ApiKeyErrorKind::NoKeyring(NoKeyring::BusClosed(ErrorKind::BrokenPipe.into()))
    }

    #[rstest]
    #[case(Said::Unavailable, ApiKeyErrorKind::NoKeyring(NoKeyring::NotFound))]
    #[case(Said::NoResult, ApiKeyErrorKind::NoKeyring(NoKeyring::NoDefault))]
    #[case(Said::Locked, ApiKeyErrorKind::Locked)]
    #[case(Said::Prompt, ApiKeyErrorKind::Dismissed)]
    #[case(Said::PromptDisconnected, ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::HungUp))]
    #[case(Said::Crypto("made-up"), ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Unreadable))]
    #[case(Said::Zbus(zbus::Error::from(std::io::Error::from(ErrorKind::BrokenPipe))), closed())]
    #[case(Said::Zbus(zbus::Error::Handshake("made-up".to_owned())), ApiKeyErrorKind::NoKeyring(NoKeyring::BusUnusable))]
    #[case(Said::Zbus(zbus::Error::InvalidReply), ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Unreadable))]
    #[case(Said::ZbusFdo(fdo::Error::AccessDenied("made-up".to_owned())), ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Refused))]
    #[case(Said::ZbusFdo(fdo::Error::NameHasNoOwner("made-up".to_owned())), ApiKeyErrorKind::NoKeyring(NoKeyring::NoService))]
    fn a_failure_maps_to_a_cause_without_its_text(#[case] said: Said, #[case] cause: ApiKeyErrorKind) {
        let trouble = service_key_error(&said);
        assert_eq!(trouble.kind, cause);
        assert!(!trouble.detail.contains("made-up"), "{trouble}");
    }
}
