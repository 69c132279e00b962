//! Intents and drafts to store, and directories for stores.

use std::path::Path;
use tempfile::TempDir;
use zegel::store::{DraftId, Intent, KnownSet, OpenedStore, Store, StoredDraft};

/// Returns an intent for an organization; its body names it.
pub(crate) fn intent(organization: Option<u64>) -> Intent {
    Intent {
        draft: Some(DraftId(7)),
        host: "certcentral.digicert.eu".to_owned(),
        account: "1234".to_owned(),
        product: "pkio_qualified_eseal".to_owned(),
        organization,
        digest: "5e".repeat(32),
        body: format!("{{\"organization\": {organization:?}, \"note\": \"{}\"}}", "words ".repeat(40)),
        user: Some(42),
        known_set: KnownSet { orders: Some(vec![1, 2, 3]), requests: None },
        server_time: None,
        local_time: 1_795_000_000_000,
    }
}

pub(crate) fn draft(payload: &str, saved_at: i64) -> StoredDraft {
    StoredDraft {
        account: "1234".to_owned(),
        product: "pkio_qualified_eseal".to_owned(),
        step: "contacts".to_owned(),
        title: "Gemeente Voorbeeld".to_owned(),
        payload: payload.to_owned(),
        saved_at,
    }
}

/// Returns a directory in memory if there is one: tests with many runs need not use the disk.
pub(crate) fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// Opens the store in a directory, and asserts that no damaged file had to be set aside.
pub(crate) fn whole(dir: &Path) -> Store {
    let OpenedStore { store, quarantined: set_aside } = Store::open(dir).unwrap();
    assert_eq!(set_aside, None);
    store
}
