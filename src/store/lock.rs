//! Locks between windows and processes. The kernel releases them when their holder ends, however it ends.
//!
//! They use files of their own, apart from the database, whose locks belong to `SQLite`. The caller knows what a lock
//! protects.

use super::{PersistenceError, PersistenceErrorKind, paths};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The pause between two attempts to get the opening lock, which has no queue.
const RETRY_PAUSE: Duration = Duration::from_millis(5);

/// A lock on a draft or a digest, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _held: File,
    _presence: Arc<PresenceLock>,
}

impl Lock {
    pub(super) fn try_acquire(
        locks: &Path,
        name: &str,
        presence: &Arc<PresenceLock>,
    ) -> Result<Option<Self>, PersistenceError> {
        let path = locks.join(name);
        let file = open_lock_file(&path)?;
        let taken = was_acquired(file.try_lock()).map_err(|why| why.at_path(&path))?;
        Ok(taken.then(|| Self { _held: file, _presence: Arc::clone(presence) }))
    }
}

/// Marks the store as open in this process. It is exclusive at first, if no other process has the store open; later
/// it is shared.
///
/// Only an exclusive holder may rename, migrate or clean up. It must be acquired and shared under the opening lock,
/// so that no other process opens the store in between.
#[derive(Debug)]
pub(super) struct PresenceLock {
    file: File,
    alone: bool,
}

impl PresenceLock {
    pub(super) fn new(locks: &Path) -> Result<Self, PersistenceError> {
        let path = locks.join("present");
        let file = open_lock_file(&path)?;
        let alone = was_acquired(file.try_lock()).map_err(|why| why.at_path(&path))?;
        Ok(Self { file, alone })
    }

    /// Returns true if no other process had the store open when this lock was acquired.
    pub(super) fn is_alone(&self) -> bool {
        self.alone
    }

    /// Turns the exclusive lock into a shared one, so that other processes can open the store.
    pub(super) fn share_store(&self) -> Result<(), PersistenceError> {
        // The lock is released and acquired again, because a change in place depends on the platform.
        let shared = self
            .file
            .unlock()
            .map_err(PersistenceErrorKind::from)
            .and_then(|()| was_acquired(self.file.try_lock_shared()));
        match shared {
            Ok(true) => Ok(()),
            Ok(false) => Err(PersistenceErrorKind::Busy.at_path(Path::new("present"))),
            Err(why) => Err(why.at_path(Path::new("present"))),
        }
    }
}

/// Acquires the opening lock, with this wait.
pub(super) fn lock_opening(locks: &Path, wait: Duration) -> Result<File, PersistenceError> {
    let path = locks.join("opening");
    let file = open_lock_file(&path)?;
    let until = Instant::now() + wait;
    while !was_acquired(file.try_lock()).map_err(|why| why.at_path(&path))? {
        if Instant::now() >= until {
            return Err(PersistenceErrorKind::Busy.at_path(&path));
        }
        std::thread::sleep(RETRY_PAUSE);
    }
    Ok(file)
}

/// Removes the lock files, which nobody can hold when this process is alone with the store. A file that stays behind
/// does no harm.
pub(super) fn remove_lock_files(locks: &Path) {
    for entry in fs::read_dir(locks).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("draft-") || name.starts_with("digest-") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns the file name for a digest. Characters other than letters and digits are replaced, so that the name stays
/// plain. Two unusual digests may share a name, which locks too much and never too little.
pub(super) fn digest_name(digest: &str) -> String {
    let plain = digest.chars().take(128).map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    format!("digest-{}", plain.collect::<String>())
}

fn open_lock_file(path: &Path) -> Result<File, PersistenceError> {
    paths::ensure_private_file(path)?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    file.map_err(|error| PersistenceErrorKind::from(error).at_path(path))
}

fn was_acquired(tried: Result<(), TryLockError>) -> Result<bool, PersistenceErrorKind> {
    match tried {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locks() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn only_the_first_lock_is_exclusive() {
        let dir = locks();
        let first = PresenceLock::new(dir.path()).unwrap();
        first.share_store().unwrap();
        let second = PresenceLock::new(dir.path()).unwrap();
        second.share_store().unwrap();
        assert_eq!((first.is_alone(), second.is_alone()), (true, false));
        drop(first);
        assert!(!PresenceLock::new(dir.path()).unwrap().is_alone());
        drop(second);
        assert!(PresenceLock::new(dir.path()).unwrap().is_alone());
    }

    #[test]
    fn waiting_for_the_opening_lock_has_a_limit() {
        let dir = locks();
        let held = lock_opening(dir.path(), Duration::ZERO).unwrap();
        let late = lock_opening(dir.path(), Duration::from_millis(1)).unwrap_err();
        assert!(matches!(late.kind, PersistenceErrorKind::Busy));
        drop(held);
        lock_opening(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_lock_counts_as_presence() {
        let dir = locks();
        let presence = PresenceLock::new(dir.path()).unwrap();
        presence.share_store().unwrap();
        let presence = Arc::new(presence);
        let lock = Lock::try_acquire(dir.path(), "draft-1", &presence).unwrap().unwrap();
        drop(presence);
        assert!(!PresenceLock::new(dir.path()).unwrap().is_alone());
        drop(lock);
        assert!(PresenceLock::new(dir.path()).unwrap().is_alone());
    }

    #[test]
    fn sweeping_removes_only_lock_files() {
        let dir = locks();
        for name in ["draft-1", "digest-ab", "present", "opening", "other"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        remove_lock_files(dir.path());
        let mut left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["opening", "other", "present"]);
    }

    #[test]
    fn a_digest_names_a_plain_file() {
        assert_eq!(digest_name("00FFab"), "digest-00ffab");
        assert_eq!(digest_name("../é\0x"), "digest------x");
        assert!(digest_name(&"a".repeat(999)).len() < 200);
    }
}
