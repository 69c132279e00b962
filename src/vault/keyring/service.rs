//! The Secret Service of a desktop (GNOME's keyring, KDE's wallet, `KeePassXC`), spoken to over D-Bus.
//!
//! What goes over the bus is encrypted for the session that each question opens. An entry is put into the default
//! collection, the one that is most often unlocked at login. It does not know what is kept there.

use crate::facts::{KeyCause, KeyTrouble, KeyringFault, NoKeyring, SystemError};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secret_service::EncryptionType;
use secret_service::blocking::{Collection, SecretService};
use std::collections::HashMap;
use zbus::fdo;
use zbus_secret_service_keyring_store::Store;

/// What a bus says where nobody answers to the name of the Secret Service, and nobody can be started to.
const NOBODY: &[&str] = &[
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownObject",
];

/// What the Secret Service says of what is locked (its specification: "Errors").
const IS_LOCKED: &str = "org.freedesktop.Secret.Error.IsLocked";

/// What a bus says where somebody could be started and did not start.
const NOT_STARTED: &str = "org.freedesktop.DBus.Error.Spawn.";

/// The entry of this user, whether it is there or not.
pub(super) fn entry(service: &str, user: &str) -> Result<Entry, Error> {
    let label = format!("{service}: {user}");
    Store::new()?.build(service, user, Some(&HashMap::from([("label", label.as_str())])))
}

/// The name of the default collection, if it lasts and is unlocked.
pub(super) fn probe() -> Result<String, KeyTrouble> {
    let service = connect()?;
    let collection = lasting(&service)?;
    let name = collection.get_label().map_err(|error| meaning(&error))?;
    if collection.is_locked().map_err(|error| meaning(&error))? {
        return Err(KeyTrouble::new(KeyCause::Locked, name));
    }
    Ok(name)
}

/// That there is a collection that outlives the session. Whether it is locked is not looked at.
pub(super) fn lasts() -> Result<(), KeyTrouble> {
    lasting(&connect()?).map(|_| ())
}

fn connect<'a>() -> Result<SecretService<'a>, KeyTrouble> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| meaning(&error))
}

/// The default collection. Where a desktop was never given a password it may be the one that is gone at logout.
fn lasting<'a>(service: &'a SecretService<'a>) -> Result<Collection<'a>, KeyTrouble> {
    let collection = service.get_default_collection().map_err(|error| meaning(&error))?;
    let passing = service.get_collection_by_alias("session");
    if passing.is_ok_and(|passing| passing.collection_path == collection.collection_path) {
        return Err(none(NoKeyring::Temporary));
    }
    Ok(collection)
}

/// What a failure of the store means, by the one that is within it.
pub(super) fn trouble(inner: &(dyn std::error::Error + 'static)) -> KeyTrouble {
    inner.downcast_ref().map_or_else(unreadable, meaning)
}

fn meaning(error: &secret_service::Error) -> KeyTrouble {
    use secret_service::Error as Said;
    match error {
        Said::Unavailable => none(NoKeyring::NotFound),
        Said::NoResult => none(NoKeyring::NoDefault),
        Said::Locked => KeyCause::Locked.into(),
        Said::Prompt => KeyCause::Dismissed.into(),
        Said::PromptDisconnected => failed(KeyringFault::HungUp),
        Said::Zbus(error) => on_the_bus(error),
        Said::ZbusFdo(error) => named(&name(error)),
        _ => unreadable(),
    }
}

fn none(why: NoKeyring) -> KeyTrouble {
    KeyCause::NoKeyring(why).into()
}

fn failed(fault: KeyringFault) -> KeyTrouble {
    KeyCause::KeyringFailed(fault).into()
}

fn on_the_bus(error: &zbus::Error) -> KeyTrouble {
    match error {
        zbus::Error::MethodError(name, ..) => named(name),
        zbus::Error::FDO(error) => named(&name(error)),
        zbus::Error::Connection(error, _) | zbus::Error::InputOutput(error) => {
            none(NoKeyring::BusClosed(SystemError::from(error.as_ref())))
        }
        zbus::Error::Address(_) | zbus::Error::Handshake(_) => none(NoKeyring::BusUnusable),
        _ => unreadable(),
    }
}

fn unreadable() -> KeyTrouble {
    failed(KeyringFault::Unreadable)
}

/// The name of an error. Its words are whatever the other side wrote, and are left out.
fn name(error: &fdo::Error) -> String {
    use zbus::DBusError;
    error.name().to_string()
}

fn named(name: &str) -> KeyTrouble {
    let cause = match name {
        IS_LOCKED => KeyCause::Locked,
        name if NOBODY.contains(&name) => KeyCause::NoKeyring(NoKeyring::NoService),
        name if name.starts_with(NOT_STARTED) => KeyCause::NoKeyring(NoKeyring::NotStarted),
        _ => KeyCause::KeyringFailed(KeyringFault::Refused),
    };
    KeyTrouble::new(cause, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use secret_service::Error as Said;
    use std::io::ErrorKind;

    #[rstest]
    #[case("org.freedesktop.DBus.Error.ServiceUnknown", KeyCause::NoKeyring(NoKeyring::NoService))]
    #[case("org.freedesktop.DBus.Error.Spawn.ExecFailed", KeyCause::NoKeyring(NoKeyring::NotStarted))]
    #[case("org.freedesktop.Secret.Error.IsLocked", KeyCause::Locked)]
    #[case("org.freedesktop.DBus.Error.NoReply", KeyCause::KeyringFailed(KeyringFault::Refused))]
    #[case("com.example.Error", KeyCause::KeyringFailed(KeyringFault::Refused))]
    fn an_error_of_the_bus_has_a_meaning(#[case] name: &str, #[case] cause: KeyCause) {
        assert_eq!(named(name), KeyTrouble::new(cause, name));
    }

    fn closed() -> KeyCause {
        KeyCause::NoKeyring(NoKeyring::BusClosed(ErrorKind::BrokenPipe.into()))
    }

    #[rstest]
    #[case(Said::Unavailable, KeyCause::NoKeyring(NoKeyring::NotFound))]
    #[case(Said::NoResult, KeyCause::NoKeyring(NoKeyring::NoDefault))]
    #[case(Said::Locked, KeyCause::Locked)]
    #[case(Said::Prompt, KeyCause::Dismissed)]
    #[case(Said::PromptDisconnected, KeyCause::KeyringFailed(KeyringFault::HungUp))]
    #[case(Said::Crypto("made-up"), KeyCause::KeyringFailed(KeyringFault::Unreadable))]
    #[case(Said::Zbus(zbus::Error::from(std::io::Error::from(ErrorKind::BrokenPipe))), closed())]
    #[case(Said::Zbus(zbus::Error::Handshake("made-up".to_owned())), KeyCause::NoKeyring(NoKeyring::BusUnusable))]
    #[case(Said::Zbus(zbus::Error::InvalidReply), KeyCause::KeyringFailed(KeyringFault::Unreadable))]
    #[case(Said::ZbusFdo(fdo::Error::AccessDenied("made-up".to_owned())), KeyCause::KeyringFailed(KeyringFault::Refused))]
    #[case(Said::ZbusFdo(fdo::Error::NameHasNoOwner("made-up".to_owned())), KeyCause::NoKeyring(NoKeyring::NoService))]
    fn a_failure_has_a_meaning_and_none_of_its_own_words(#[case] said: Said, #[case] cause: KeyCause) {
        let trouble = meaning(&said);
        assert_eq!(trouble.cause, cause);
        assert!(!trouble.detail.contains("made-up"), "{trouble}");
    }
}
