//! Locks between windows and processes: the kernel frees them when their holder dies, however it dies.
//!
//! They stand on files of their own, apart from the database, whose locks are `SQLite`'s. What a lock protects is for
//! the caller to know.

use super::{StoreError, Why, paths};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one waits before trying again for the lock on opening, which has no queue.
const PAUSE: Duration = Duration::from_millis(5);

/// A lock on a draft or a digest, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _held: File,
    _presence: Arc<Presence>,
}

impl Lock {
    pub(super) fn take(locks: &Path, name: &str, presence: &Arc<Presence>) -> Result<Option<Self>, StoreError> {
        let path = locks.join(name);
        let file = open(&path)?;
        let taken = taken(file.try_lock()).map_err(|why| why.at(&path))?;
        Ok(taken.then(|| Self { _held: file, _presence: Arc::clone(presence) }))
    }
}

/// That this process has the store open. Alone at first, if nobody else has; then shared with all who open it.
///
/// Only who is alone may rename, migrate or sweep. To be asked for and shared under the lock on opening alone, so
/// that nobody comes in between.
#[derive(Debug)]
pub(super) struct Presence {
    file: File,
    alone: bool,
}

impl Presence {
    pub(super) fn new(locks: &Path) -> Result<Self, StoreError> {
        let path = locks.join("present");
        let file = open(&path)?;
        let alone = taken(file.try_lock()).map_err(|why| why.at(&path))?;
        Ok(Self { file, alone })
    }

    /// Whether nobody else had the store open when this was made.
    pub(super) fn is_alone(&self) -> bool {
        self.alone
    }

    /// Lets others in.
    pub(super) fn share(&self) -> Result<(), StoreError> {
        // A lock is not changed in place: what that does depends on the platform.
        let shared = self.file.unlock().map_err(Why::from).and_then(|()| taken(self.file.try_lock_shared()));
        match shared {
            Ok(true) => Ok(()),
            Ok(false) => Err(Why::Busy.at(Path::new("present"))),
            Err(why) => Err(why.at(Path::new("present"))),
        }
    }
}

/// The lock on opening, waited for at most so long.
pub(super) fn opening(locks: &Path, wait: Duration) -> Result<File, StoreError> {
    let path = locks.join("opening");
    let file = open(&path)?;
    let until = Instant::now() + wait;
    while !taken(file.try_lock()).map_err(|why| why.at(&path))? {
        if Instant::now() >= until {
            return Err(Why::Busy.at(&path));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(file)
}

/// Removes the files of locks that nobody can hold. Only for who is alone. One that stays does no harm.
pub(super) fn sweep(locks: &Path) {
    for entry in fs::read_dir(locks).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("draft-") || name.starts_with("digest-") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file's name for a digest. Whatever else than hexadecimal digits is in it, the name stays a plain one: two
/// strange digests may share it, which locks too much and never too little.
pub(super) fn digest_name(digest: &str) -> String {
    let plain = digest.chars().take(128).map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    format!("digest-{}", plain.collect::<String>())
}

fn open(path: &Path) -> Result<File, StoreError> {
    paths::own_file(path)?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    file.map_err(|error| Why::from(error).at(path))
}

fn taken(tried: Result<(), TryLockError>) -> Result<bool, Why> {
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
    fn the_first_is_alone_and_the_next_are_not() {
        let dir = locks();
        let first = Presence::new(dir.path()).unwrap();
        first.share().unwrap();
        let second = Presence::new(dir.path()).unwrap();
        second.share().unwrap();
        assert_eq!((first.is_alone(), second.is_alone()), (true, false));
        drop(first);
        assert!(!Presence::new(dir.path()).unwrap().is_alone());
        drop(second);
        assert!(Presence::new(dir.path()).unwrap().is_alone());
    }

    #[test]
    fn opening_is_waited_for_and_not_for_ever() {
        let dir = locks();
        let held = opening(dir.path(), Duration::ZERO).unwrap();
        let late = opening(dir.path(), Duration::from_millis(1)).unwrap_err();
        assert!(matches!(late.why, Why::Busy));
        drop(held);
        opening(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_lock_counts_as_presence() {
        let dir = locks();
        let presence = Presence::new(dir.path()).unwrap();
        presence.share().unwrap();
        let presence = Arc::new(presence);
        let lock = Lock::take(dir.path(), "draft-1", &presence).unwrap().unwrap();
        drop(presence);
        assert!(!Presence::new(dir.path()).unwrap().is_alone());
        drop(lock);
        assert!(Presence::new(dir.path()).unwrap().is_alone());
    }

    #[test]
    fn sweeping_takes_the_files_of_locks_alone() {
        let dir = locks();
        for name in ["draft-1", "digest-ab", "present", "opening", "other"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        sweep(dir.path());
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
