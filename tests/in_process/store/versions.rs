//! The files of an earlier version open unchanged: its journal, its drafts, and its configuration.
//!
//! That version itself wrote `tests/versions/0.1.0`, on a sandbox.

use crate::common::journal::journal;
use crate::common::store_samples::{directory, whole};
use rstest::rstest;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use zegel::config::Config;
use zegel::store::{
    Acknowledgment, DATABASE_FILE, Decision, DraftId, IntentId, JournalEntry, PersistenceErrorKind, Statement, Store,
    StoredLookup, inspect_store,
};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions/0.1.0").join(name)
}

/// A directory with the journal of 0.1.0.
fn kept() -> tempfile::TempDir {
    let temp = directory();
    let file = temp.path().join(DATABASE_FILE);
    fs::copy(sample(DATABASE_FILE), &file).unwrap();
    fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    temp
}

fn entry(store: &Store, id: i64) -> JournalEntry {
    store.load_entry(IntentId(id)).unwrap().unwrap()
}

#[test]
fn a_journal_of_0_1_0_opens_unchanged() {
    let temp = kept();
    let expected =
        ["placed 700001", "refused 400", "unknown, adopted 700002", "unknown, not placed", "unknown", "not sent"];
    for _ in 0..2 {
        assert_eq!(journal(temp.path()), expected);
    }
    let store = whole(temp.path());
    let fifth = entry(&store, 5);
    assert_eq!((fifth.intent.organization, fifth.intent.user), (Some(900_015), Some(800_001)));
    assert_eq!(fifth.intent.known_set.orders, Some(vec![700_002, 700_001]));
    assert!(fifth.intent.body.contains("Keizersgracht 1"));
    assert_eq!((fifth.statement, fifth.lookups, fifth.server_excerpt), (None, vec![], None));
    let open: Vec<_> = store.list_open_intents().unwrap().iter().map(|entry| entry.id.0).collect();
    assert_eq!(open, [5], "what it left open still stands in the way, and is no loss");
    let placed: Vec<_> = store.list_placed().unwrap().iter().filter_map(JournalEntry::placed_order_id).collect();
    assert_eq!(placed, [700_002, 700_001]);
}

/// That version set a damaged journal aside and recorded no loss. A read-only inspection reports it nevertheless, until
/// the user has acknowledged it.
#[rstest]
#[case::beside_a_journal_of_that_version(kept)]
#[case::beside_a_newer_one(|| {
    let temp = directory();
    drop(whole(temp.path()));
    temp
})]
#[case::beside_none(directory)]
fn an_inspection_reports_a_copy_set_aside_by_0_1_0(#[case] store: fn() -> tempfile::TempDir) {
    let temp = store();
    inspect_store(temp.path()).unwrap();
    fs::write(temp.path().join(format!("{DATABASE_FILE}.damaged-1")), "damaged").unwrap();
    let error = inspect_store(temp.path()).unwrap_err();
    assert!(matches!(&error.kind, PersistenceErrorKind::JournalLost(lost) if lost.ends_with(".damaged-1")), "{error}");
    let mut store = Store::open(temp.path()).unwrap().store;
    let losses = store.list_unacknowledged_losses().unwrap().iter().map(|loss| loss.id).collect();
    store.acknowledge_losses(&Acknowledgment { losses, words: "journal lost".into(), user: "anna".into() }).unwrap();
    drop(store);
    inspect_store(temp.path()).unwrap();
}

#[test]
fn a_draft_of_0_1_0_opens_unchanged() {
    let drafts = whole(kept().path()).list_drafts().unwrap();
    let [(DraftId(2_794_854_333_546_053), draft)] = &drafts[..] else { panic!("{drafts:?}") };
    assert_eq!((draft.account.as_str(), draft.step.as_str()), ("127.0.0.1:47110", "shipping"));
    let document = zegel::json::parse(&draft.payload).unwrap();
    let product = zegel::product::PKIO;
    let form = zegel::form::Form::from_draft(product, &draft.payload).unwrap().form;
    assert!(draft.payload.contains("Dorpsstraat 7"), "{document:?}");
    assert!(form.payload_text().masked_text().contains("Dorpsstraat 7"), "{}", form.payload_text().masked_text());
}

#[test]
fn new_entries_can_be_written_to_a_journal_of_0_1_0() {
    let temp = kept();
    let mut store = whole(temp.path());
    let look = StoredLookup { series: 0, number: 0, time: 7, inconclusive: None, candidates: "[]".to_owned() };
    store.record_lookup(IntentId(5), &look).unwrap();
    store.record_server_excerpt(IntentId(5), "the server's words").unwrap();
    let statement = Statement { sentence: "not in the list of orders".to_owned(), user: "anna".to_owned(), time: 8 };
    store.record_statement(IntentId(5), &Decision::NotPlaced, &statement).unwrap();
    drop(store);
    let fifth = entry(&whole(temp.path()), 5);
    assert_eq!((fifth.decision, fifth.statement), (Some(Decision::NotPlaced), Some(statement)));
    assert_eq!((fifth.lookups, fifth.server_excerpt.as_deref()), (vec![look], Some("the server's words")));
}

#[test]
fn a_configuration_of_0_1_0_opens_unchanged() {
    let config = Config::read(&sample("config.toml"));
    assert!(config.problems.is_empty(), "{:?}", config.problems);
    assert_eq!(config.account_names().collect::<Vec<_>>(), ["main", "test"]);
    assert!(config.find_account("test").is_some());
}
