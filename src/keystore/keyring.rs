//! A key in the system's keyring, under its account and host.
//!
//! A keyring may ask a person to unlock it, and may never respond. So each call runs on a thread of its own, which is
//! abandoned when it takes too long. The submodules know which keyring the system has, and what its errors mean.

#[cfg(target_os = "macos")]
mod keychain;
#[cfg(not(target_os = "macos"))]
mod secret_service;

#[cfg(target_os = "macos")]
use keychain as system;
#[cfg(not(target_os = "macos"))]
use secret_service as system;

use super::{KeyOwner, parse_key};
use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyringErrorKind, SystemError};
use crate::secret::Secret;
use keyring_core::{Entry, Error};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// The time limit of a keyring: long enough for a person to type a password.
const KEYRING_TIMEOUT: Duration = Duration::from_mins(1);

/// The time limit of a probe. It asks no person for anything.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// The service name of all of zegel's entries.
const SERVICE_NAME: &str = "zegel";

/// Reads the key of this account at this host.
pub(super) fn read_key(owner: &KeyOwner) -> Result<Secret, ApiKeyError> {
    let user = entry_user(owner);
    run_with_timeout(KEYRING_TIMEOUT, move || {
        let held = Zeroizing::new(open_entry(&user)?.get_secret().map_err(|error| key_error(&error, &user))?);
        parse_key(&held, &user)
    })
}

/// Writes a key, and reads it back: some keyrings accept a key but do not keep it.
pub(super) fn write_key(owner: &KeyOwner, key: &Secret) -> Result<(), ApiKeyError> {
    let (user, key) = (entry_user(owner), key.clone());
    run_with_timeout(KEYRING_TIMEOUT, move || {
        system::check_persistent()?;
        let entry = open_entry(&user)?;
        entry.set_secret(key.expose().as_bytes()).map_err(|error| key_error(&error, &user))?;
        let stored = entry.get_secret().map(Zeroizing::new);
        let same = stored.is_ok_and(|stored| stored.as_slice() == key.expose().as_bytes());
        if same { Ok(()) } else { Err(failed(KeyringErrorKind::NotKept)) }
    })
}

pub(super) fn remove_key(owner: &KeyOwner) -> Result<(), ApiKeyError> {
    let user = entry_user(owner);
    run_with_timeout(KEYRING_TIMEOUT, move || {
        open_entry(&user)?.delete_credential().map_err(|error| key_error(&error, &user))
    })
}

/// Returns the name of the keyring, if it can keep a key now.
pub(super) fn probe_keyring() -> Result<String, ApiKeyError> {
    run_with_timeout(PROBE_TIMEOUT, system::probe_keyring)
}

/// Returns the account and its host as one name. No host contains an `@`, so two owners never share a name.
fn entry_user(owner: &KeyOwner) -> String {
    format!("{}@{}", owner.account, owner.host)
}

fn open_entry(user: &str) -> Result<Entry, ApiKeyError> {
    system::open_entry(SERVICE_NAME, user).map_err(|error| key_error(&error, user))
}

/// Converts an error. It takes over only parts that are known to contain no key.
fn key_error(error: &Error, user: &str) -> ApiKeyError {
    match error {
        Error::NoEntry => ApiKeyError::new(ApiKeyErrorKind::Absent, user),
        Error::Ambiguous(_) => ApiKeyError::new(ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Several), user),
        Error::PlatformFailure(inner) | Error::NoStorageAccess(inner) => system::key_error(inner.as_ref()),
        _ => failed(KeyringErrorKind::Unsupported),
    }
}

fn failed(fault: KeyringErrorKind) -> ApiKeyError {
    ApiKeyErrorKind::KeyringFailed(fault).into()
}

/// Runs `work` on a thread of its own, and returns its result if it comes in time.
fn run_with_timeout<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, ApiKeyError> + Send + 'static,
) -> Result<T, ApiKeyError> {
    let (send, receive) = mpsc::sync_channel(1);
    let started = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // The receiver may have stopped waiting.
        let _ = send.send(work());
    });
    started.map_err(|error| failed(KeyringErrorKind::NoThread(SystemError::from(&error))))?;
    match receive.recv_timeout(limit) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(ApiKeyErrorKind::KeyringSlow.into()),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(failed(KeyringErrorKind::Stopped)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_keyring_call_is_abandoned() {
        let (held, never) = mpsc::channel::<()>();
        let slow = run_with_timeout(Duration::from_millis(20), move || {
            let _ = never.recv();
            Ok(())
        });
        assert_eq!(slow, Err(ApiKeyErrorKind::KeyringSlow.into()));
        drop(held);
    }

    #[test]
    fn a_keyring_result_in_time_is_returned() {
        assert_eq!(run_with_timeout(KEYRING_TIMEOUT, || Ok(1)), Ok(1));
        assert_eq!(
            run_with_timeout::<()>(KEYRING_TIMEOUT, || Err(ApiKeyErrorKind::Locked.into())),
            Err(ApiKeyErrorKind::Locked.into())
        );
    }

    #[test]
    fn a_keyring_call_that_panics_is_not_awaited() {
        assert_eq!(
            run_with_timeout::<()>(KEYRING_TIMEOUT, || panic!("a test asked for it")),
            Err(failed(KeyringErrorKind::Stopped))
        );
    }

    #[test]
    fn a_keyring_entry_belongs_to_its_host() {
        let owner = KeyOwner { account: "main@home".to_owned(), host: "127.0.0.1:4711".to_owned() };
        assert_eq!(entry_user(&owner), "main@home@127.0.0.1:4711");
    }
}
