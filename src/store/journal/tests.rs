//! Tests of the journal: what may be written, what blocks what, and that everything is read back unchanged.
//!
//! They use a database in memory. The integration tests cover the disk.

use super::blocking_orders::{find_blocking_intent, refuse_if_blocked};
use super::*;
use crate::domain::{DraftId, KnownSet};
use crate::store::schema;
use rstest::rstest;

/// Begins an intent as the store does, without its file.
fn begin(connection: &Connection, intent: &Intent) -> Result<IntentId, PersistenceErrorKind> {
    refuse_if_blocked(connection, intent)?;
    let id = IntentId(last_intent_id(connection)?.0 + 1);
    insert_intent(connection, id, intent).map(|()| id)
}

fn journal() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::create_schema(&mut connection).unwrap();
    connection
}

fn intent(organization: Option<u64>) -> Intent {
    Intent {
        draft: Some(DraftId(5)),
        host: "h".to_owned(),
        account: "a".to_owned(),
        product: "p".to_owned(),
        organization,
        digest: "00ff".to_owned(),
        body: "{\"a\": \"\0é\"}".to_owned(),
        user: None,
        known_set: KnownSet { orders: Some(vec![]), requests: None },
        server_time: Some("Sun, 22 Nov 2026 15:00:00 GMT".to_owned()),
        local_time: -1,
    }
}

fn unknown() -> RecordedOutcome {
    RecordedOutcome::Unknown { why: "cut".to_owned() }
}

const NOT_PLACED: Decision = Decision::NotPlaced;

#[rstest]
#[case(RecordedOutcome::Placed { order: u64::MAX, requests: vec![] })]
#[case(RecordedOutcome::Placed { order: 1, requests: vec![0, u64::MAX] })]
#[case(RecordedOutcome::Refused { status: u16::MAX })]
#[case(RecordedOutcome::NotSent)]
#[case(RecordedOutcome::Unknown { why: String::new() })]
fn a_journal_entry_is_read_back_unchanged(#[case] outcome: RecordedOutcome) {
    let connection = journal();
    let mut intent = intent(Some(u64::MAX));
    intent.known_set = KnownSet { orders: Some(vec![3, u64::MAX, 1]), requests: Some(vec![7]) };
    let id = begin(&connection, &intent).unwrap();
    record_outcome(&connection, id, &outcome).unwrap();
    let entry = load_entry(&connection, id).unwrap().unwrap();
    assert_eq!((entry.intent, entry.outcome, entry.decision), (intent, Some(outcome), None));
}

#[test]
fn unknown_values_stay_unknown() {
    let connection = journal();
    let bare = Intent { draft: None, server_time: None, known_set: KnownSet::default(), ..intent(None) };
    let id = begin(&connection, &bare).unwrap();
    let found = load_entry(&connection, id).unwrap().unwrap();
    assert_eq!(found, JournalEntry { id, intent: bare, ..JournalEntry::default() });
    assert_eq!(load_entry(&connection, IntentId(99)).unwrap(), None);
}

#[rstest]
#[case("h", "a", "p", Some(1), true)]
#[case("h", "a", "p", Some(2), false)]
#[case("h", "a", "p", None, true)]
#[case("h.", "a", "p", Some(1), true)]
#[case("i", "a", "p", Some(1), false)]
#[case("h", "b", "p", None, false)]
#[case("h", "a", "q", None, false)]
fn an_open_intent_blocks_a_similar_one(
    #[case] host: &str,
    #[case] account: &str,
    #[case] product: &str,
    #[case] organization: Option<u64>,
    #[case] blocked: bool,
) {
    let connection = journal();
    let id = begin(&connection, &intent(Some(1))).unwrap();
    let found = find_blocking_intent(&connection, host, account, product, organization).unwrap();
    assert_eq!(found.map(|entry| entry.id), blocked.then_some(id));
}

#[rstest]
#[case("example.nl.", "example.nl", true)]
#[case("example.nl", "example.nl.", true)]
#[case("example.nl.:8443", "example.nl:8443", true)]
#[case("example.nl.:8443", "example.nl", false)]
#[case("example.nl.", "example", false)]
#[case("[::1]:4711", "[::1]:4711", true)]
fn a_trailing_dot_of_a_stored_host_makes_no_other_account(
    #[case] kept: &str,
    #[case] host: &str,
    #[case] blocked: bool,
) {
    let connection = journal();
    begin(&connection, &Intent { host: kept.to_owned(), ..intent(Some(1)) }).unwrap();
    assert_eq!(find_blocking_intent(&connection, host, "a", "p", Some(1)).unwrap().is_some(), blocked);
}

#[test]
fn a_new_organization_blocks_the_whole_product_and_begin_checks_it_itself() {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    for organization in [None, Some(1), Some(2)] {
        assert!(find_blocking_intent(&connection, "h", "a", "p", organization).unwrap().is_some());
        let refused = begin(&connection, &intent(organization)).unwrap_err();
        assert!(matches!(refused, PersistenceErrorKind::Blocked(in_the_way) if in_the_way == id));
    }
    begin(&connection, &Intent { product: "q".to_owned(), ..intent(None) }).unwrap();
}

#[rstest]
#[case(None, None, true)]
#[case(Some(unknown()), None, true)]
#[case(Some(unknown()), Some(NOT_PLACED), false)]
#[case(None, Some(Decision::Adopted { order: 1 }), false)]
#[case(Some(RecordedOutcome::NotSent), None, false)]
#[case(Some(RecordedOutcome::Refused { status: 400 }), None, false)]
#[case(Some(RecordedOutcome::Placed { order: 1, requests: vec![] }), None, false)]
fn only_unknown_outcomes_are_open(
    #[case] outcome: Option<RecordedOutcome>,
    #[case] decision: Option<Decision>,
    #[case] open: bool,
) {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    if let Some(outcome) = &outcome {
        record_outcome(&connection, id, outcome).unwrap();
    }
    if let Some(decision) = &decision {
        record_decision(&connection, id, decision).unwrap();
    }
    assert_eq!(load_entry(&connection, id).unwrap().unwrap().is_open(), open);
    assert_eq!(list_open_intents(&connection).unwrap().len(), usize::from(open));
    assert_eq!(find_blocking_intent(&connection, "h", "a", "p", None).unwrap().is_some(), open);
}

#[test]
fn an_outcome_is_written_once() {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    record_outcome(&connection, id, &unknown()).unwrap();
    record_outcome(&connection, id, &unknown()).unwrap();
    let other = record_outcome(&connection, id, &RecordedOutcome::NotSent).unwrap_err();
    assert!(matches!(other, PersistenceErrorKind::Contradiction(at) if at == id));
    assert_eq!(load_entry(&connection, id).unwrap().unwrap().outcome, Some(unknown()));
    assert!(matches!(
        record_outcome(&connection, IntentId(9), &unknown()).unwrap_err(),
        PersistenceErrorKind::NoIntent(IntentId(9))
    ));
}

#[test]
fn a_decision_is_written_once_and_only_for_an_unknown_outcome() {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    record_decision(&connection, id, &NOT_PLACED).unwrap();
    record_decision(&connection, id, &NOT_PLACED).unwrap();
    let other = record_decision(&connection, id, &Decision::Adopted { order: 1 }).unwrap_err();
    assert!(matches!(other, PersistenceErrorKind::Contradiction(_)));
    let known = begin(&connection, &intent(None)).unwrap();
    record_outcome(&connection, known, &RecordedOutcome::Refused { status: 400 }).unwrap();
    assert!(
        matches!(record_decision(&connection, known, &NOT_PLACED).unwrap_err(), PersistenceErrorKind::Resolved(at) if at == known)
    );
    assert!(matches!(
        record_decision(&connection, IntentId(9), &NOT_PLACED).unwrap_err(),
        PersistenceErrorKind::NoIntent(_)
    ));
}

#[test]
fn the_server_message_is_stored_even_after_a_decision() {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    record_decision(&connection, id, &NOT_PLACED).unwrap();
    record_outcome(&connection, id, &RecordedOutcome::Placed { order: 4, requests: vec![] }).unwrap();
    record_decision(&connection, id, &NOT_PLACED).unwrap();
    let orders: Vec<_> = list_placed(&connection).unwrap().iter().map(JournalEntry::placed_order_id).collect();
    assert_eq!(orders, [Some(4)]);
}

fn said(sentence: &str) -> Statement {
    Statement { sentence: sentence.to_owned(), user: "anna".to_owned(), time: 5 }
}

#[rstest]
#[case::never_written(None, None)]
#[case::unknown(Some(unknown()), None)]
#[case::a_wrong_not_placed(Some(unknown()), Some(NOT_PLACED))]
#[case::a_wrong_adoption(None, Some(Decision::Adopted { order: 1 }))]
fn a_statement_decides_and_corrects(#[case] outcome: Option<RecordedOutcome>, #[case] before: Option<Decision>) {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    if let Some(outcome) = &outcome {
        record_outcome(&connection, id, outcome).unwrap();
    }
    if let Some(decision) = &before {
        record_decision(&connection, id, decision).unwrap();
    }
    for decision in [Decision::Adopted { order: 7 }, NOT_PLACED, Decision::Adopted { order: u64::MAX }] {
        record_statement(&connection, id, &decision, &said("looked it up")).unwrap();
        let found = load_entry(&connection, id).unwrap().unwrap();
        assert_eq!((found.decision.as_ref(), found.is_open()), (Some(&decision), false));
        assert_eq!(found.statement, Some(said("looked it up")));
        assert!(find_blocking_intent(&connection, "h", "a", "p", None).unwrap().is_none());
        let placed: Vec<_> =
            list_placed(&connection).unwrap().iter().filter_map(JournalEntry::placed_order_id).collect();
        assert_eq!(placed.is_empty(), decision == NOT_PLACED, "{placed:?}");
    }
}

#[rstest]
#[case(RecordedOutcome::Placed { order: 1, requests: vec![] })]
#[case(RecordedOutcome::Refused { status: 400 })]
#[case(RecordedOutcome::NotSent)]
fn a_statement_never_overrides_a_known_outcome(#[case] outcome: RecordedOutcome) {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    record_outcome(&connection, id, &outcome).unwrap();
    let refused = record_statement(&connection, id, &NOT_PLACED, &said("x")).unwrap_err();
    assert!(matches!(refused, PersistenceErrorKind::Resolved(at) if at == id));
    assert!(matches!(
        record_statement(&connection, IntentId(9), &NOT_PLACED, &said("x")).unwrap_err(),
        PersistenceErrorKind::NoIntent(_)
    ));
}

#[test]
fn looks_and_messages_are_read_back_in_order() {
    let connection = journal();
    let id = begin(&connection, &intent(None)).unwrap();
    let look = |series, number, blind: Option<&str>| StoredLookup {
        series,
        number,
        time: 3,
        inconclusive: blind.map(str::to_owned),
        candidates: format!("[{series}, {number}]"),
    };
    for one in [look(1, 0, None), look(0, 1, Some("cut")), look(0, 0, None), look(0, 1, None)] {
        record_lookup(&connection, id, &one).unwrap();
    }
    record_server_excerpt(&connection, id, "first").unwrap();
    record_server_excerpt(&connection, id, "second").unwrap();
    record_server_excerpt(&connection, id, "second").unwrap();
    let found = load_entry(&connection, id).unwrap().unwrap();
    assert_eq!(found.lookups, [look(0, 0, None), look(0, 1, Some("cut")), look(1, 0, None)], "what is there stays");
    assert_eq!(found.server_excerpt.as_deref(), Some("second"));
    let count: i64 = connection.query_row("SELECT count(*) FROM words", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 2);
    assert!(matches!(
        record_server_excerpt(&connection, IntentId(9), "x").unwrap_err(),
        PersistenceErrorKind::NoIntent(_)
    ));
}

#[test]
fn orders_are_listed_newest_first() {
    let connection = journal();
    for number in 1..=3 {
        let id = begin(&connection, &intent(None)).unwrap();
        record_outcome(&connection, id, &RecordedOutcome::Placed { order: number, requests: vec![] }).unwrap();
    }
    let id = begin(&connection, &intent(None)).unwrap();
    record_decision(&connection, id, &Decision::Adopted { order: 9 }).unwrap();
    let id = begin(&connection, &intent(None)).unwrap();
    record_outcome(&connection, id, &RecordedOutcome::NotSent).unwrap();
    let orders: Vec<_> = list_placed(&connection).unwrap().iter().filter_map(JournalEntry::placed_order_id).collect();
    assert_eq!(orders, [9, 3, 2, 1]);
}
