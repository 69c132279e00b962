//! Tests of the store that need access to its connection: a full disk, files that disappear.
//!
//! All other tests of the store are integration tests.

use super::*;
use crate::domain::DatabaseDamage;
use rstest::rstest;
use std::fs;
use tempfile::TempDir;

fn store() -> (TempDir, Store) {
    let temp = tempfile::tempdir().unwrap();
    let opened = Store::open_with_timeout(temp.path(), Duration::from_millis(20)).unwrap();
    assert_eq!(opened.quarantined, None);
    (temp, opened.store)
}

fn draft(payload: &str) -> StoredDraft {
    let text = str::to_owned;
    let (account, product, step, title) = (text("a"), text("p"), text("s"), text("t"));
    StoredDraft { account, product, step, title, payload: text(payload), saved_at: 1 }
}

fn intent(organization: u64) -> Intent {
    let text = str::to_owned;
    Intent {
        draft: None,
        host: text("h"),
        account: text("a"),
        product: text("p"),
        organization: Some(organization),
        digest: text("0f"),
        body: text("{}"),
        user: Some(1),
        known_set: KnownSet::default(),
        server_time: None,
        local_time: 1,
    }
}

/// Limits the file to its present size, as a full disk does.
fn fill(store: &Store) {
    let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let set = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    store.connection.pragma_update_and_check(None, "max_page_count", pages, set).unwrap();
}

#[test]
fn a_full_disk_keeps_old_data_and_free_space_restores_writing() {
    let (_temp, mut store) = store();
    store.save_draft(DraftId(1), &draft("first")).unwrap();
    let id = store.record_intent(&intent(1)).unwrap();
    fill(&store);
    let large = "x".repeat(100_000);
    let full = store.save_draft(DraftId(1), &draft(&large)).unwrap_err();
    assert!(matches!(full.kind, PersistenceErrorKind::Full), "{full}");
    let full = store.record_intent(&Intent { body: large.clone(), ..intent(2) }).unwrap_err();
    assert!(matches!(full.kind, PersistenceErrorKind::Full), "{full}");
    let full = store.record_outcome(id, &RecordedOutcome::Unknown { why: large.clone() }).unwrap_err();
    assert!(matches!(full.kind, PersistenceErrorKind::Full), "{full}");
    assert_eq!(store.load_draft(DraftId(1)).unwrap(), Some(draft("first")));
    assert_eq!(store.list_open_intents().unwrap().len(), 1);
    let set = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    store.connection.pragma_update_and_check(None, "max_page_count", 100_000, set).unwrap();
    store.save_draft(DraftId(1), &draft(&large)).unwrap();
}

#[test]
fn an_interrupted_change_is_rolled_back() {
    let ((_temp, mut store), crashed) = (store(), tempfile::tempdir().unwrap());
    store.save_draft(DraftId(1), &draft("first")).unwrap();
    let before = fs::read(store.database_file()).unwrap();
    // A very small cache, so that pages are written to the disk before the transaction ends.
    store.connection.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    drafts::save_draft(&store.connection, DraftId(1), &draft(&"x".repeat(200_000))).unwrap();
    for name in [DATABASE_FILE.to_owned(), format!("{DATABASE_FILE}-journal")] {
        fs::copy(store.database_file().with_file_name(&name), crashed.path().join(&name)).unwrap();
    }
    assert_ne!(fs::read(crashed.path().join(DATABASE_FILE)).unwrap(), before);
    let opened = Store::open(crashed.path()).unwrap();
    assert_eq!(opened.quarantined, None);
    assert_eq!(opened.store.load_draft(DraftId(1)).unwrap(), Some(draft("first")));
}

#[test]
fn a_lock_held_too_long_is_an_error() {
    let (temp, first) = store();
    let mut second = Store::open_with_timeout(temp.path(), Duration::from_millis(20)).unwrap().store;
    first.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(second.save_draft(DraftId(1), &draft("x")).unwrap_err().kind, PersistenceErrorKind::Busy));
    assert!(matches!(second.record_intent(&intent(1)).unwrap_err().kind, PersistenceErrorKind::Busy));
    first.connection.execute_batch("COMMIT").unwrap();
    second.record_intent(&intent(1)).unwrap();
    assert_eq!(first.list_open_intents().unwrap().len(), 1);
}

#[test]
fn a_moved_file_accepts_no_writes() {
    let (temp, mut store) = store();
    fs::rename(store.database_file(), temp.path().join("elsewhere")).unwrap();
    assert!(matches!(store.record_intent(&intent(1)).unwrap_err().kind, PersistenceErrorKind::MovedAway));
    let in_use = Store::open_with_timeout(temp.path(), Duration::ZERO).unwrap_err();
    assert!(matches!(in_use.kind, PersistenceErrorKind::InUse), "{in_use}");
}

#[test]
fn a_file_with_a_read_only_header_is_set_aside() {
    let (temp, store) = store();
    let file = store.database_file().to_owned();
    drop(store);
    let mut bytes = fs::read(&file).unwrap();
    bytes[18] = 3;
    fs::write(&file, bytes).unwrap();
    assert!(Store::open(temp.path()).unwrap().quarantined.is_some());
}

#[rstest]
#[case("UPDATE draft SET payload = 'other'")]
#[case("UPDATE draft SET removed = 1")]
#[case("UPDATE draft SET id = 2")]
fn a_file_with_a_row_changed_outside_the_store_is_set_aside(#[case] change: &str) {
    let (temp, mut store) = store();
    store.save_draft(DraftId(1), &draft("first")).unwrap();
    store.connection.execute_batch(change).unwrap();
    drop(store);
    let opened = Store::open(temp.path()).unwrap();
    assert!(matches!(opened.quarantined.unwrap().damage, DatabaseDamage::Row(_)));
    assert_eq!(opened.store.list_drafts().unwrap(), []);
}

#[test]
fn a_forgotten_draft_leaves_no_byte_in_the_file() {
    let (temp, mut store) = store();
    store.save_draft(DraftId(1), &draft("a word that is looked for")).unwrap();
    store.remove_draft(DraftId(1)).unwrap();
    drop(store);
    let store = Store::open(temp.path()).unwrap().store;
    let text = String::from_utf8_lossy(&fs::read(store.database_file()).unwrap()).into_owned();
    assert!(!text.contains("looked for"));
}
