//! Tests of the order machine by events alone: what sends, what never sends, and what is written before and after.
//!
//! They use no clock, network or disk. The executor is tested elsewhere, together with the API client.

use super::resolve::LOOKUP_SCHEDULE_MS;
use super::*;
use crate::domain::{
    CurrentUser, DraftId, KnownSet, Listing, OrderRow, PersistenceErrorKind, RequestRow, StoredLookup,
    TransportErrorKind,
};
use proptest::prelude::*;
use rstest::rstest;

const ID: IntentId = IntentId(7);

fn body() -> SecretBytes {
    SecretBytes::with_capacity(0)
}

fn intent() -> Intent {
    Intent {
        draft: Some(DraftId(3)),
        host: "h".into(),
        account: String::new(),
        product: "p".into(),
        organization: Some(9),
        digest: "d".into(),
        body: r#"{"order_validity":{"years":1}}"#.into(),
        user: None,
        known_set: KnownSet::default(),
        server_time: None,
        local_time: 0,
    }
}

fn plan(number: u64) -> Box<OrderPlan> {
    Box::new(OrderPlan { intent: intent(), preflight_number: number })
}

fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, gap: None, date: "Sun, 22 Nov 2026 10:00:00 GMT".into() }
}

fn me() -> CurrentUser {
    CurrentUser { user_id: 8, account_id: Some(5), ..CurrentUser::default() }
}

fn survey(records: Result<JournalRecords, PersistenceError>) -> Box<PreflightData> {
    let orders = listing(vec![OrderRow { id: 1, ..OrderRow::default() }]);
    Box::new(PreflightData {
        current_user: Ok(me()),
        orders,
        requests: listing(Vec::new()),
        records,
        extras: PreflightExtras::default(),
    })
}

fn look(orders: Vec<OrderRow>) -> Box<LookupData> {
    Box::new(LookupData {
        orders: listing(orders),
        requests: listing(Vec::<RequestRow>::new()),
        current_user: Ok(me()),
        write_error: None,
    })
}

fn unkept() -> PersistenceError {
    PersistenceError { path: "/x".into(), kind: PersistenceErrorKind::Full }
}

fn entry(intent: Intent) -> Box<JournalEntry> {
    Box::new(JournalEntry { id: ID, intent, ..JournalEntry::default() })
}

fn reply(status: u16, body: &str) -> OrderEvent {
    OrderEvent::SendFinished(SendResult::from_reply(status, body), 9)
}

fn lost() -> OrderEvent {
    OrderEvent::SendFinished(SendResult::Lost(TransportErrorKind::Broken.into()), 9)
}

/// Returns an order machine after these events.
fn after(events: impl IntoIterator<Item = OrderEvent>) -> OrderMachine {
    let mut course = OrderMachine::Ready;
    for event in events {
        course.handle_event(event);
    }
    course
}

fn confirmed() -> [OrderEvent; 3] {
    [
        OrderEvent::Planned(plan(1)),
        OrderEvent::PreflightDone(1, survey(Ok(JournalRecords::default())), 5),
        OrderEvent::Confirmed(body(), 5),
    ]
}

fn sent() -> impl Iterator<Item = OrderEvent> {
    confirmed().into_iter().chain([OrderEvent::IntentRecorded(Ok(entry(intent())))])
}

fn unknown() -> OrderMachine {
    let known = KnownSet { orders: Some(vec![1]), requests: Some(vec![]) };
    let intent = Intent { known_set: known, user: Some(8), ..intent() };
    after(confirmed().into_iter().chain([OrderEvent::IntentRecorded(Ok(entry(intent))), lost()]))
}

fn quest(course: &OrderMachine, number: usize) -> OrderLookup {
    let intent = course.unresolved_order().unwrap().intent();
    let known = intent.known_set.orders.clone().unwrap_or_default();
    OrderLookup {
        intent: ID,
        series: 0,
        number,
        product: "p".into(),
        organization: Some(9),
        known_orders: known,
        alternative_order_id: String::new(),
    }
}

#[test]
fn the_body_is_sent_after_the_preflight_and_with_the_intent_on_disk() {
    let mut course = OrderMachine::Ready;
    assert_eq!(course.handle_event(OrderEvent::Confirmed(body(), 5)).1, vec![], "not without a survey");
    assert_eq!(course.handle_event(OrderEvent::Planned(plan(1))).1, vec![OrderEffect::RunPreflight(plan(1))]);
    assert_eq!(course.handle_event(OrderEvent::Confirmed(body(), 5)).1, vec![], "nor before it is in");
    course.handle_event(OrderEvent::PreflightDone(0, survey(Ok(JournalRecords::default())), 5));
    assert_eq!(course.preflight_report(), None, "nor with that of another plan");
    course.handle_event(OrderEvent::PreflightDone(1, survey(Ok(JournalRecords::default())), 5));
    let (turn, effects) = course.handle_event(OrderEvent::Confirmed(body(), 5));
    let [OrderEffect::Write(JournalWrite::Intent(written, _))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(turn, OrderTransition::Sent);
    assert_eq!(
        (written.user, written.account.as_str(), written.known_set.orders.as_deref()),
        (Some(8), "5", Some(&[1][..]))
    );
    assert_eq!(written.server_time.as_deref(), Some("Sun, 22 Nov 2026 10:00:00 GMT"));
    assert_eq!(course.handle_event(OrderEvent::Confirmed(body(), 6)).1, vec![], "once");
    let (_, effects) = course.handle_event(OrderEvent::IntentRecorded(Ok(entry(*written.clone()))));
    assert_eq!(effects, vec![OrderEffect::SendOrder(body())]);
    assert!(course.is_outcome_open());
}

#[rstest]
#[case(120_005, true)]
#[case(120_006, false)]
fn the_preflight_is_repeated_after_two_minutes(#[case] now: u64, #[case] fresh: bool) {
    let [planned, surveyed, _] = confirmed();
    let mut course = after([planned, surveyed]);
    let (turn, effects) = course.handle_event(OrderEvent::Confirmed(body(), now));
    assert_eq!(turn, if fresh { OrderTransition::Sent } else { OrderTransition::PreflightExpired });
    if !fresh {
        assert_eq!((effects, course.preflight_report()), (vec![OrderEffect::RunPreflight(plan(1))], None));
    }
}

#[test]
fn without_the_intent_on_disk_nothing_is_sent() {
    let mut course = after(confirmed());
    assert_eq!(
        course.handle_event(OrderEvent::IntentRecorded(Err(unkept()))),
        (OrderTransition::NotRecorded(unkept()), vec![])
    );
    assert_eq!(course, OrderMachine::Ready);
}

#[rstest]
#[case(Err(unkept()))]
#[case(Ok(JournalRecords { blocking_intent: Some(*entry(intent())), placed: vec![], ..JournalRecords::default() }))]
fn an_obstacle_prevents_the_confirmation(#[case] records: Result<JournalRecords, PersistenceError>) {
    let mut course = after([OrderEvent::Planned(plan(1)), OrderEvent::PreflightDone(1, survey(records), 1)]);
    assert_eq!(course.handle_event(OrderEvent::Confirmed(body(), 5)), (OrderTransition::Stay, vec![]));
}

#[rstest]
#[case(reply(201, r#"{"id": 1}"#), RecordedOutcome::Placed { order: 1, requests: vec![] })]
#[case(reply(400, r#"{"errors": [{"code": "x"}]}"#), RecordedOutcome::Refused { status: 400 })]
#[case(OrderEvent::SendFinished(SendResult::NotSent(TransportErrorKind::Refused.into()), 9), RecordedOutcome::NotSent)]
#[case(lost(), RecordedOutcome::Unknown { why: "no whole answer: Broken".into() })]
#[case(reply(500, "x"), RecordedOutcome::Unknown { why: "status 500".into() })]
fn the_outcome_is_written_first(#[case] answer: OrderEvent, #[case] ended: RecordedOutcome) {
    let mut course = after(sent());
    let open = matches!(ended, RecordedOutcome::Unknown { .. });
    let (_, effects) = course.handle_event(answer);
    assert!(
        matches!(&effects[0], OrderEffect::Write(JournalWrite::Outcome(ID, kept, _)) if *kept == ended),
        "{effects:?}"
    );
    assert_eq!(course.is_outcome_open(), open);
}

#[rstest]
#[case(500, r#"{"errors": [{"code": "x"}]}"#, "Blocked. 18-4711", "Blocked. 18-4711")]
#[case(400, r#"{"errors": ["a is wrong", {"code": "x", "message": "y"}]}"#, "not these", "a is wrong; x y")]
#[case(201, r#"{"id": 1}"#, "not these", "")]
fn the_message_of_a_response_is_written_with_the_outcome(
    #[case] status: u16,
    #[case] body: &str,
    #[case] words: &str,
    #[case] kept: &str,
) {
    let mut course = after(sent());
    let answer = SendResult::Reply { status, body: body.into(), excerpt: words.into() };
    let (_, effects) = course.handle_event(OrderEvent::SendFinished(answer, 9));
    assert!(
        matches!(&effects[0], OrderEffect::Write(JournalWrite::Outcome(ID, _, words)) if words == kept),
        "{effects:?}"
    );
    assert!(course.unresolved_order().is_none_or(|open| open.server_excerpt() == kept));
}

#[test]
fn a_stored_message_is_reported_again() {
    let found = JournalEntry { server_excerpt: Some("Blocked. 18-4711".into()), ..*entry(intent()) };
    let course = after([OrderEvent::OpenIntentFound(Box::new(found), 5, 0)]);
    assert_eq!(course.unresolved_order().unwrap().server_excerpt(), "Blocked. 18-4711");
}

#[rstest]
#[case::zegel_ended(None, UnknownCause::Interrupted)]
#[case::no_answer_told(Some(RecordedOutcome::Unknown { why: "status 500".into() }), UnknownCause::Unanswered)]
fn looks_for_a_found_intent_start_at_once(#[case] outcome: Option<RecordedOutcome>, #[case] doubt: UnknownCause) {
    let mut course = OrderMachine::Ready;
    let found = JournalEntry { outcome, ..*entry(intent()) };
    let (turn, effects) = course.handle_event(OrderEvent::OpenIntentFound(Box::new(found), 5, 0));
    assert_eq!(turn, OrderTransition::Unknown);
    assert_eq!(effects, vec![OrderEffect::RunLookup(Box::new(quest(&course, 0)), 0)]);
    assert_eq!(course.unresolved_order().unwrap().cause(), &doubt);
}

/// A lookup as the journal stores it.
fn kept_look(series: u32, number: u32, time: i64, blind: Option<&str>) -> StoredLookup {
    let candidates = r#"{"candidates": [], "others": []}"#.into();
    StoredLookup { series, number, time, inconclusive: blind.map(str::to_owned), candidates }
}

/// The arguments: when each lookup was made, in milliseconds since the first; the current time; the next lookup and
/// its wait.
#[rstest]
#[case::none(&[], 99, Some((0, 0)))]
#[case::at_once(&[0, 5_000], 5_000, Some((2, 10_000)))]
#[case::some_time_later(&[0, 5_000, 15_000], 18_000, Some((3, 42_000)))]
#[case::long_after(&[0, 5_000], 9_999_999, Some((2, 0)))]
#[case::by_a_clock_that_was_turned_back(&[0, 5_000], -9_999_999, Some((2, 10_000)))]
#[case::all(&[0, 5_000, 15_000, 60_000, 300_000, 600_000], 700_000, None)]
fn the_look_schedule_continues_after_a_restart(
    #[case] made: &[i64],
    #[case] now: i64,
    #[case] next: Option<(usize, u64)>,
) {
    let looks = made.iter().zip(0..).map(|(time, number)| kept_look(0, number, *time, None)).collect();
    let known = KnownSet { orders: Some(vec![1]), requests: Some(vec![]) };
    let mut found = entry(Intent { known_set: known, user: Some(8), ..intent() });
    found.lookups = looks;
    let mut course = OrderMachine::Ready;
    let (_, effects) = course.handle_event(OrderEvent::OpenIntentFound(found, 7, now));
    let looks = effects.iter().map(|effect| match effect {
        OrderEffect::RunLookup(lookup, wait) => (lookup.number, *wait),
        other => panic!("{other:?}"),
    });
    assert_eq!(looks.collect::<Vec<_>>(), next.into_iter().collect::<Vec<_>>());
    assert_eq!(course.unresolved_order().unwrap().can_deny(), next.is_none());
}

#[test]
fn a_look_before_a_restart_still_counts() {
    let seen = r#"{"candidates": [{"order": 5, "row": {"id": 5, "product": "p"}, "requests": []}], "others": []}"#;
    let known =
        || Intent { known_set: KnownSet { orders: Some(vec![1]), requests: Some(vec![]) }, user: Some(8), ..intent() };
    let course = |looks: Vec<StoredLookup>| {
        let mut course = OrderMachine::Ready;
        course.handle_event(OrderEvent::OpenIntentFound(
            Box::new(JournalEntry { lookups: looks, ..*entry(known()) }),
            0,
            0,
        ));
        course
    };
    let all =
        |first: StoredLookup| [first].into_iter().chain((1..6).map(|number| kept_look(0, number, 0, None))).collect();
    let found = course(vec![StoredLookup { candidates: seen.into(), ..kept_look(0, 0, 0, None) }]);
    assert!(found.unresolved_order().unwrap().can_adopt(5));
    for blind in ["cut", "other_user", "no_known_set", "a word of another version"] {
        assert!(!course(all(kept_look(0, 0, 0, Some(blind)))).unresolved_order().unwrap().can_deny(), "{blind}");
    }
    let unreadable = StoredLookup { candidates: "{".into(), ..kept_look(0, 0, 0, None) };
    assert!(!course(all(unreadable)).unresolved_order().unwrap().can_deny());
    // Lookups of a later series replace the incomplete ones. A missing lookup does not count.
    let again = |skipped: Option<u32>| {
        let later = (0..6).filter(move |number| Some(*number) != skipped).map(|number| kept_look(1, number, 0, None));
        let blind: Vec<StoredLookup> = all(kept_look(0, 0, 0, Some("cut")));
        course(blind.into_iter().chain(later).collect())
    };
    assert!(again(None).unresolved_order().unwrap().can_deny());
    let gap = again(Some(3));
    assert_eq!(
        (gap.unresolved_order().unwrap().can_deny(), gap.unresolved_order().unwrap().next_lookup_number()),
        (false, Some(4))
    );
}

#[test]
fn a_look_that_is_not_on_disk_does_not_count() {
    let mut course = unknown();
    let lost = LookupData { write_error: Some(unkept()), ..*look(vec![]) };
    let again = course.handle_event(OrderEvent::LookupDone(Box::new(quest(&course, 0)), Box::new(lost), 10)).1;
    assert_eq!(again, vec![OrderEffect::RunLookup(Box::new(quest(&course, 0)), 15_000)]);
    let found = OrderRow { id: 2, product: "p".into(), ..OrderRow::default() };
    let lost = LookupData { write_error: Some(unkept()), ..*look(vec![found]) };
    course.handle_event(OrderEvent::LookupDone(Box::new(quest(&course, 0)), Box::new(lost), 10));
    assert!(course.unresolved_order().unwrap().can_adopt(2), "what it saw is not forgotten");
    assert_eq!(course.unresolved_order().unwrap().next_lookup_number(), Some(1));
}

#[rstest]
#[case(Decision::NotPlaced, "nothing under Orders and Requests", false)]
#[case(Decision::Adopted { order: 9 }, "order 9 is ours", true)]
#[case(Decision::Adopted { order: 1 }, "it was there before", false)]
#[case(Decision::Adopted { order: 9 }, "sure", false)]
fn before_the_last_look_a_statement_decides_only_with_an_order(
    #[case] decision: Decision,
    #[case] sentence: &str,
    #[case] decides: bool,
) {
    let mut course = unknown();
    let effects = course.handle_event(OrderEvent::StatementGiven(decision.clone(), sentence.into())).1;
    let expected = decides.then(|| OrderEffect::Write(JournalWrite::Statement(ID, decision, sentence.into())));
    assert_eq!(effects, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn the_looks_follow_their_schedule_and_only_then_a_denial_is_possible() {
    let mut course = unknown();
    for (number, before) in LOOKUP_SCHEDULE_MS.into_iter().enumerate() {
        assert_eq!(course.handle_event(OrderEvent::Decided(Decision::NotPlaced)).1, vec![], "not after {number} looks");
        let event = OrderEvent::LookupDone(Box::new(quest(&course, number)), look(vec![]), 10);
        let expected: Vec<OrderEffect> = LOOKUP_SCHEDULE_MS
            .get(number + 1)
            .map(|due| OrderEffect::RunLookup(Box::new(quest(&course, number + 1)), due - before))
            .into_iter()
            .collect();
        assert_eq!(course.handle_event(event.clone()).1, expected);
        assert_eq!(course.handle_event(event).1, vec![], "a look counts once");
    }
    let decide = course.handle_event(OrderEvent::Decided(Decision::NotPlaced)).1;
    assert_eq!(decide, vec![OrderEffect::Write(JournalWrite::Decision(ID, Decision::NotPlaced))]);
    assert!(course.is_outcome_open(), "it counts once it is on disk");
    assert_eq!(
        course.handle_event(OrderEvent::DecisionRecorded(Err(unkept()), 11)).0,
        OrderTransition::NotSaved(unkept())
    );
    assert!(course.is_outcome_open());
    course.handle_event(OrderEvent::Decided(Decision::NotPlaced));
    assert_eq!(course.handle_event(OrderEvent::DecisionRecorded(Ok(()), 12)), (OrderTransition::NotPlaced, vec![]));
    assert_eq!(course, OrderMachine::Ready);
}

#[test]
fn an_adopted_order_is_polled() {
    let mut course = unknown();
    let found = OrderRow { id: 2, product: "p".into(), ..OrderRow::default() };
    course.handle_event(OrderEvent::LookupDone(Box::new(quest(&course, 0)), look(vec![found]), 10));
    assert_eq!(
        course.handle_event(OrderEvent::Decided(Decision::Adopted { order: 1 })).1,
        vec![],
        "it was there before"
    );
    let effects = course.handle_event(OrderEvent::Decided(Decision::Adopted { order: 2 })).1;
    assert_eq!(effects, vec![OrderEffect::Write(JournalWrite::Decision(ID, Decision::Adopted { order: 2 }))]);
    let (turn, effects) = course.handle_event(OrderEvent::DecisionRecorded(Ok(()), 12));
    assert_eq!((turn, effects.len()), (OrderTransition::Placed, 1));
    assert_eq!(course.placed_order().map(|placed| placed.id), Some(2));
}

#[test]
fn without_a_verdict_the_looks_repeat_on_demand() {
    let mut course = unknown();
    assert_eq!(course.handle_event(OrderEvent::Refresh(9)).1, vec![], "the looks are not through");
    for number in 0..LOOKUP_SCHEDULE_MS.len() {
        let mut blind = look(vec![]);
        blind.current_user = Err(crate::domain::ApiError::ResponseCut(TransportErrorKind::Slow.into()));
        course.handle_event(OrderEvent::LookupDone(Box::new(quest(&course, number)), blind, 10));
    }
    assert_eq!(course.handle_event(OrderEvent::Decided(Decision::NotPlaced)).1, vec![]);
    let again = Box::new(OrderLookup { series: 1, ..quest(&course, 0) });
    assert_eq!(course.handle_event(OrderEvent::Refresh(20)).1, vec![OrderEffect::RunLookup(again, 0)]);
    assert_eq!(
        course.handle_event(OrderEvent::LookupDone(Box::new(quest(&course, 0)), look(vec![]), 21)).1,
        vec![],
        "of the first series"
    );
}

#[test]
fn a_failed_write_after_the_outcome_is_reported() {
    for mut course in [after(sent().chain([reply(201, r#"{"id": 1}"#)])), unknown(), OrderMachine::Ready] {
        assert_eq!(
            course.handle_event(OrderEvent::OutcomeRecorded(Err(unkept()))).0,
            OrderTransition::NotSaved(unkept())
        );
    }
}

fn any_event() -> impl Strategy<Value = OrderEvent> {
    let bodies = ["{\"id\": 1}", "{\"errors\": [{\"code\": \"x\"}]}", "", "<html>", "{\"id\": 0}"];
    let answers =
        (proptest::sample::select(vec![200, 201, 302, 400, 403, 429, 500]), proptest::sample::select(bodies.to_vec()))
            .prop_map(|(status, body)| reply(status, body));
    let kept = || proptest::bool::weighted(0.8).prop_map(|good| if good { Ok(()) } else { Err(unkept()) });
    let blocked =
        JournalRecords { blocking_intent: Some(*entry(intent())), placed: vec![], ..JournalRecords::default() };
    let records =
        prop_oneof![4 => Just(Ok(JournalRecords::default())), 1 => Just(Ok(blocked)), 1 => Just(Err(unkept()))];
    let row = |id| OrderRow { id, product: "p".into(), ..OrderRow::default() };
    let looked = (0..LOOKUP_SCHEDULE_MS.len(), 0..2_u32, proptest::bool::weighted(0.2)).prop_map(
        move |(number, series, found)| {
            let lookup = OrderLookup {
                intent: ID,
                series,
                number,
                product: "p".into(),
                organization: Some(9),
                known_orders: Vec::new(),
                alternative_order_id: String::new(),
            };
            OrderEvent::LookupDone(Box::new(lookup), look(if found { vec![row(2)] } else { vec![] }), 9)
        },
    );
    prop_oneof![
        3 => (1_u64..3).prop_map(|number| OrderEvent::Planned(plan(number))),
        4 => (1_u64..3, records).prop_map(|(number, records)| OrderEvent::PreflightDone(number, survey(records), 1)),
        4 => Just(OrderEvent::Confirmed(body(), 1)),
        3 => kept().prop_map(|kept| OrderEvent::IntentRecorded(kept.map(|()| entry(intent())))),
        3 => answers,
        2 => Just(lost()),
        1 => Just(OrderEvent::SendFinished(SendResult::NotSent(TransportErrorKind::Name.into()), 1)),
        2 => kept().prop_map(OrderEvent::OutcomeRecorded),
        1 => Just(OrderEvent::OpenIntentFound(entry(intent()), 1, 0)),
        4 => looked,
        2 => prop_oneof![Just(Decision::NotPlaced), Just(Decision::Adopted { order: 2 })].prop_map(OrderEvent::Decided),
        2 => kept().prop_map(|kept| OrderEvent::DecisionRecorded(kept, 1)),
        1 => (0_u32..4).prop_map(|number| OrderEvent::PollPauseEnded(PollRound { order: 7, number })),
        1 => Just(OrderEvent::Refresh(1)),
        1 => Just(OrderEvent::PollingRequested(Box::new(PlacedOrder { id: 7, ..PlacedOrder::default() }), 1)),
    ]
}

proptest! {
    #[test]
    fn only_a_confirmation_that_is_on_disk_sends(events in proptest::collection::vec(any_event(), 0..60)) {
        let mut course = OrderMachine::Ready;
        let (mut confirmed, mut sends) = (0, 0);
        for event in events {
            let before = course.clone();
            let recorded = matches!((&before, &event), (OrderMachine::Recording(..), OrderEvent::IntentRecorded(Ok(_))));
            let confirms = matches!(event, OrderEvent::Confirmed(..))
                && matches!(&before, OrderMachine::Planned(_, Some(report)) if report.can_proceed());
            let (_, effects) = course.handle_event(event);
            let sent = effects.iter().filter(|effect| matches!(effect, OrderEffect::SendOrder(_))).count();
            let written = effects.iter().filter(|effect| matches!(effect, OrderEffect::Write(JournalWrite::Intent(..)))).count();
            prop_assert_eq!((written, sent), (usize::from(confirms), usize::from(recorded)));
            confirmed += written;
            sends += sent;
            prop_assert!(sends <= confirmed, "at most one for each confirmation");
            // Only a decision that is on disk may leave the state of an order that may have been placed.
            if before.unresolved_order().is_some() && !course.is_outcome_open() {
                let decided = matches!(course, OrderMachine::Ready | OrderMachine::Placed(_));
                prop_assert!(decided && before.unresolved_order().is_some_and(UnresolvedOrder::is_deciding));
            }
        }
    }
}
