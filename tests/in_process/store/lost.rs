//! Intent files beside a journal that is intact, older, damaged or missing: which become an open order, which stop
//! every order, and what an acknowledgment changes.

use crate::common::store_samples::{directory, intent, whole};
use rstest::rstest;
use std::fs;
use std::path::Path;
use zegel::store::{
    Acknowledgment, DATABASE_FILE, Decision, Intent, IntentId, JournalEntry, PersistenceError, PersistenceErrorKind,
    RecordedOutcome, Statement, Store,
};

fn other() -> Intent {
    Intent { product: "another".to_owned(), digest: "0f".to_owned(), ..intent(Some(9)) }
}

fn opened(dir: &Path) -> Store {
    Store::open(dir).unwrap().store
}

fn file(dir: &Path, id: i64) -> std::path::PathBuf {
    dir.join(format!("intent-{id}.json"))
}

fn acknowledged(store: &mut Store) -> Acknowledgment {
    let losses = store.list_unacknowledged_losses().unwrap().iter().map(|loss| loss.id).collect();
    Acknowledgment { losses, words: "journal lost".to_owned(), user: "anna".to_owned() }
}

fn is_lost(begun: Result<IntentId, PersistenceError>) -> bool {
    matches!(begun, Err(error) if matches!(error.kind, PersistenceErrorKind::JournalLost(_)))
}

fn places(id: IntentId, store: &mut Store) {
    store.record_outcome(id, &RecordedOutcome::Placed { order: 7, requests: vec![] }).unwrap();
}

#[rstest]
#[case::placed(|id, store: &mut Store| places(id, store), false)]
#[case::refused(|id, store: &mut Store| store.record_outcome(id, &RecordedOutcome::Refused { status: 400 }).unwrap(), false)]
#[case::not_sent(|id, store: &mut Store| store.record_outcome(id, &RecordedOutcome::NotSent).unwrap(), false)]
#[case::unknown(|id, store: &mut Store| store.record_outcome(id, &RecordedOutcome::Unknown { why: "cut".into() }).unwrap(), true)]
#[case::nothing(|_, _: &mut Store| {}, true)]
#[case::decided(|id, store: &mut Store| store.record_decision(id, &Decision::NotPlaced).unwrap(), false)]
#[case::stated(|id, store: &mut Store| {
    let output = Statement { sentence: "s".into(), user: "u".into(), time: 1 };
    store.record_statement(id, &Decision::NotPlaced, &output).unwrap();
}, false)]
fn an_intent_file_stays_while_the_outcome_is_unknown(#[case] end: fn(IntentId, &mut Store), #[case] stays: bool) {
    let temp = directory();
    let mut store = whole(temp.path());
    let id = store.record_intent(&intent(Some(1))).unwrap();
    assert!(file(temp.path(), 1).exists());
    end(id, &mut store);
    assert_eq!(file(temp.path(), 1).exists(), stays);
    drop(store);
    assert_eq!(opened(temp.path()).list_open_intents().unwrap().len(), usize::from(stays));
    assert_eq!(file(temp.path(), 1).exists(), stays);
}

/// The file of an order that ended: the program crashed between the outcome and the removal of the file.
#[test]
fn a_file_whose_row_has_an_outcome_is_removed_at_the_next_start() {
    let temp = directory();
    let mut store = whole(temp.path());
    let id = store.record_intent(&intent(Some(1))).unwrap();
    let bytes = fs::read(file(temp.path(), 1)).unwrap();
    places(id, &mut store);
    drop(store);
    for bytes in [bytes.as_slice(), b"half"] {
        fs::write(file(temp.path(), 1), bytes).unwrap();
        let mut store = opened(temp.path());
        assert_eq!((store.list_unacknowledged_losses().unwrap(), file(temp.path(), 1).exists()), (vec![], false));
    }
}

/// The program crashed between the file and its row, or the journal is a restored older one.
#[test]
fn a_file_without_its_row_is_an_open_order() {
    let temp = directory();
    drop(whole(temp.path()));
    let before = fs::read(temp.path().join(DATABASE_FILE)).unwrap();
    opened(temp.path()).record_intent(&intent(Some(1))).unwrap();
    fs::write(temp.path().join(DATABASE_FILE), before).unwrap();
    let mut store = opened(temp.path());
    assert_eq!(store.list_unacknowledged_losses().unwrap(), []);
    let [JournalEntry { id, intent: found, outcome: None, .. }] = &store.list_open_intents().unwrap()[..] else {
        panic!()
    };
    let known = intent(Some(1));
    let bare = Intent { host: known.host, account: known.account, product: known.product, ..Intent::default() };
    let bare = Intent { organization: Some(1), digest: known.digest, local_time: known.local_time, ..bare };
    assert_eq!((*id, found), (IntentId(1), &bare));
    assert!(matches!(
        store.record_intent(&intent(Some(1))).unwrap_err().kind,
        PersistenceErrorKind::Blocked(IntentId(1))
    ));
    assert_eq!(store.record_intent(&other()).unwrap(), IntentId(2));
    drop(store);
    assert_eq!(opened(temp.path()).list_open_intents().unwrap().len(), 2, "once only");
}

/// A restored older journal numbers its rows differently: no file is mistaken for that of another order.
#[test]
fn an_intent_file_under_the_number_of_another_order_gets_a_new_number() {
    let (temp, elsewhere) = (directory(), directory());
    let mut store = whole(elsewhere.path());
    let id = store.record_intent(&other()).unwrap();
    places(id, &mut store);
    drop(store);
    opened(temp.path()).record_intent(&intent(Some(1))).unwrap();
    fs::copy(elsewhere.path().join(DATABASE_FILE), temp.path().join(DATABASE_FILE)).unwrap();
    for _ in 0..2 {
        let store = opened(temp.path());
        let open: Vec<_> = store.list_open_intents().unwrap().into_iter().map(|entry| entry.id.0).collect();
        assert_eq!((open, file(temp.path(), 1).exists(), file(temp.path(), 2).exists()), (vec![2], false, true));
        assert_eq!(store.load_entry(IntentId(1)).unwrap().unwrap().intent.digest, other().digest);
    }
}

#[rstest]
#[case::damaged(|file: &Path| fs::write(file, "damaged").unwrap(), Some(".damaged-1"))]
#[case::empty(|file: &Path| fs::write(file, "").unwrap(), Some(".damaged-1"))]
#[case::gone(|file: &Path| fs::remove_file(file).unwrap(), None)]
fn a_lost_journal_stops_every_order_until_it_is_acknowledged(#[case] lose: fn(&Path), #[case] aside: Option<&str>) {
    let temp = directory();
    let named = temp.path().join(DATABASE_FILE).display().to_string() + aside.unwrap_or_default();
    opened(temp.path()).record_intent(&intent(Some(1))).unwrap();
    lose(&temp.path().join(DATABASE_FILE));
    let mut store = opened(temp.path());
    let mut second = opened(temp.path());
    for store in [&mut store, &mut second] {
        let lost: Vec<_> = store.list_unacknowledged_losses().unwrap().into_iter().map(|loss| loss.file).collect();
        assert_eq!(lost, [named.as_str()]);
        assert!(is_lost(store.record_intent(&other())), "in every process");
    }
    drop((store, second));
    let mut store = opened(temp.path());
    assert!(is_lost(store.record_intent(&other())), "at every start");
    let by = acknowledged(&mut store);
    assert_eq!(store.record_intent_unless(&other(), &by, |_| None).unwrap(), IntentId(2));
    assert!(
        matches!(store.record_intent(&intent(Some(1))).unwrap_err().kind, PersistenceErrorKind::Blocked(IntentId(1))),
        "its file brought it"
    );
    drop(store);
    let mut store = opened(temp.path());
    assert_eq!(store.list_unacknowledged_losses().unwrap(), [], "it is written down");
    assert_eq!(store.list_open_intents().unwrap().len(), 2);
}

#[test]
fn an_acknowledgment_covers_the_reported_losses_and_is_stored_with_the_order() {
    let temp = directory();
    drop(whole(temp.path()));
    fs::write(temp.path().join(DATABASE_FILE), "damaged").unwrap();
    let mut store = opened(temp.path());
    let by = acknowledged(&mut store);
    // Another copy was put there after the user was informed.
    fs::write(temp.path().join(format!("{DATABASE_FILE}.damaged-2")), "damaged too").unwrap();
    assert!(is_lost(store.record_intent_unless(&other(), &by, |_| None)));
    assert_eq!(store.list_unacknowledged_losses().unwrap().len(), 2, "what was not ordered is not acknowledged");
    let by = acknowledged(&mut store);
    store.record_intent_unless(&other(), &by, |_| None).unwrap();
    // A new file of the same name is a different one.
    fs::write(temp.path().join(format!("{DATABASE_FILE}.damaged-2")), "and one more of another size").unwrap();
    assert_eq!(store.list_unacknowledged_losses().unwrap().len(), 1);
}

#[test]
fn a_copy_silently_set_aside_by_an_earlier_version_stops_orders_too() {
    let temp = directory();
    drop(whole(temp.path()));
    fs::write(temp.path().join(format!("{DATABASE_FILE}.damaged-1")), "damaged").unwrap();
    fs::write(temp.path().join(format!("{DATABASE_FILE}.damaged-1-journal")), "its journal").unwrap();
    let mut store = opened(temp.path());
    assert_eq!(store.list_unacknowledged_losses().unwrap().len(), 1);
    assert!(is_lost(store.record_intent(&other())));
}

#[test]
fn an_open_row_without_a_file_is_no_loss() {
    let temp = directory();
    opened(temp.path()).record_intent(&intent(Some(1))).unwrap();
    fs::remove_file(file(temp.path(), 1)).unwrap();
    let mut store = opened(temp.path());
    assert_eq!((store.list_unacknowledged_losses().unwrap().len(), store.list_open_intents().unwrap().len()), (0, 1));
    store.record_intent(&other()).unwrap();
}

#[test]
fn without_a_writable_intent_file_no_intent_begins() {
    let temp = directory();
    let mut store = whole(temp.path());
    // A directory has the name that the file needs.
    fs::create_dir(temp.path().join("intent-1.json.new")).unwrap();
    store.record_intent(&intent(Some(1))).unwrap_err();
    assert_eq!(store.list_open_intents().unwrap(), []);
}

#[rstest]
#[case::damaged(|file: &Path| fs::write(file, "damaged").unwrap(), true)]
#[case::gone(|file: &Path| fs::remove_file(file).unwrap(), false)]
fn a_read_only_inspection_reports_losses(#[case] lose: fn(&Path), #[case] reopened: bool) {
    let temp = directory();
    let id = opened(temp.path()).record_intent(&intent(Some(1))).unwrap();
    lose(&temp.path().join(DATABASE_FILE));
    if reopened {
        drop(opened(temp.path()));
    }
    let error = zegel::store::inspect_store(temp.path()).unwrap_err();
    assert!(matches!(&error.kind, PersistenceErrorKind::JournalLost(file) if file.contains(DATABASE_FILE)), "{error}");
    let mut store = opened(temp.path());
    let by = acknowledged(&mut store);
    store.acknowledge_losses(&by).unwrap();
    store.record_decision(id, &Decision::NotPlaced).unwrap();
    drop(store);
    zegel::store::inspect_store(temp.path()).unwrap();
}
