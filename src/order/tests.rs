//! The course of an order by events alone: what sends, what never does, and what is written down before and after.
//!
//! No clock, network or disk is in them; those that carry the effects out are tested with `certcentral`.

use super::resolve::LOOKS;
use super::*;
use crate::facts::{Cause, DraftId, Hitch, KeptLook, KnownSet, Listing, Me, OrderRow, RequestRow};
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
        known: KnownSet::default(),
        server_time: None,
        local_time: 0,
    }
}

fn plan(number: u64) -> Box<Plan> {
    Box::new(Plan { intent: intent(), number })
}

fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, gap: None, date: "Sun, 22 Nov 2026 10:00:00 GMT".into() }
}

fn me() -> Me {
    Me { user_id: 8, account_id: Some(5), ..Me::default() }
}

fn survey(records: Result<Records, Unkept>) -> Box<Survey> {
    let orders = listing(vec![OrderRow { id: 1, ..OrderRow::default() }]);
    Box::new(Survey { me: Ok(me()), orders, requests: listing(Vec::new()), records, beside: Beside::default() })
}

fn look(orders: Vec<OrderRow>) -> Box<Look> {
    Box::new(Look { orders: listing(orders), requests: listing(Vec::<RequestRow>::new()), me: Ok(me()), unkept: None })
}

fn unkept() -> Unkept {
    Unkept { path: "/x".into(), cause: Hitch::Full }
}

fn entry(intent: Intent) -> Box<Entry> {
    Box::new(Entry { id: ID, intent, ..Entry::default() })
}

fn reply(status: u16, body: &str) -> Event {
    Event::Answered(Answer::reply(status, body), 9)
}

fn lost() -> Event {
    Event::Answered(Answer::Lost(Cause::Broken.into()), 9)
}

/// A course that was led through these events.
fn after(events: impl IntoIterator<Item = Event>) -> Course {
    let mut course = Course::Ready;
    for event in events {
        course.step(event);
    }
    course
}

fn confirmed() -> [Event; 3] {
    [Event::Planned(plan(1)), Event::Surveyed(1, survey(Ok(Records::default())), 5), Event::Confirmed(body(), 5)]
}

fn sent() -> impl Iterator<Item = Event> {
    confirmed().into_iter().chain([Event::Recorded(Ok(entry(intent())))])
}

fn unknown() -> Course {
    let known = KnownSet { orders: Some(vec![1]), requests: Some(vec![]) };
    let intent = Intent { known, user: Some(8), ..intent() };
    after(confirmed().into_iter().chain([Event::Recorded(Ok(entry(intent))), lost()]))
}

fn quest(course: &Course, number: usize) -> Quest {
    let intent = course.unknown().unwrap().intent();
    let known = intent.known.orders.clone().unwrap_or_default();
    Quest { intent: ID, series: 0, number, product: "p".into(), organization: Some(9), known, mark: String::new() }
}

#[test]
fn the_body_leaves_after_the_survey_and_with_the_intent_on_disk() {
    let mut course = Course::Ready;
    assert_eq!(course.step(Event::Confirmed(body(), 5)).1, vec![], "not without a survey");
    assert_eq!(course.step(Event::Planned(plan(1))).1, vec![Effect::Survey(plan(1))]);
    assert_eq!(course.step(Event::Confirmed(body(), 5)).1, vec![], "nor before it is in");
    course.step(Event::Surveyed(0, survey(Ok(Records::default())), 5));
    assert_eq!(course.ground(), None, "nor with that of another plan");
    course.step(Event::Surveyed(1, survey(Ok(Records::default())), 5));
    let (turn, effects) = course.step(Event::Confirmed(body(), 5));
    let [Effect::Write(Write::Intent(written, _))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(turn, Turn::Sent);
    assert_eq!(
        (written.user, written.account.as_str(), written.known.orders.as_deref()),
        (Some(8), "5", Some(&[1][..]))
    );
    assert_eq!(written.server_time.as_deref(), Some("Sun, 22 Nov 2026 10:00:00 GMT"));
    assert_eq!(course.step(Event::Confirmed(body(), 6)).1, vec![], "once");
    let (_, effects) = course.step(Event::Recorded(Ok(entry(*written.clone()))));
    assert_eq!(effects, vec![Effect::Send(body())]);
    assert!(course.is_open());
}

#[rstest]
#[case(120_005, true)]
#[case(120_006, false)]
fn after_two_minutes_what_there_is_is_looked_at_again(#[case] now: u64, #[case] fresh: bool) {
    let [planned, surveyed, _] = confirmed();
    let mut course = after([planned, surveyed]);
    let (turn, effects) = course.step(Event::Confirmed(body(), now));
    assert_eq!(turn, if fresh { Turn::Sent } else { Turn::Aged });
    if !fresh {
        assert_eq!((effects, course.ground()), (vec![Effect::Survey(plan(1))], None));
    }
}

#[test]
fn without_the_intent_on_disk_nothing_leaves() {
    let mut course = after(confirmed());
    assert_eq!(course.step(Event::Recorded(Err(unkept()))), (Turn::NotRecorded(unkept()), vec![]));
    assert_eq!(course, Course::Ready);
}

#[rstest]
#[case(Err(unkept()))]
#[case(Ok(Records { blocked: Some(*entry(intent())), placed: vec![], ..Records::default() }))]
fn what_stands_in_the_way_keeps_it_from_being_confirmed(#[case] records: Result<Records, Unkept>) {
    let mut course = after([Event::Planned(plan(1)), Event::Surveyed(1, survey(records), 1)]);
    assert_eq!(course.step(Event::Confirmed(body(), 5)), (Turn::Stay, vec![]));
}

#[rstest]
#[case(reply(201, r#"{"id": 1}"#), Ended::Placed { order: 1, requests: vec![] })]
#[case(reply(400, r#"{"errors": [{"code": "x"}]}"#), Ended::Refused { status: 400 })]
#[case(Event::Answered(Answer::NotSent(Cause::Refused.into()), 9), Ended::NotSent)]
#[case(lost(), Ended::Unknown { why: "no whole answer: Broken".into() })]
#[case(reply(500, "x"), Ended::Unknown { why: "status 500".into() })]
fn what_became_of_it_is_written_first(#[case] answer: Event, #[case] ended: Ended) {
    let mut course = after(sent());
    let open = matches!(ended, Ended::Unknown { .. });
    let (_, effects) = course.step(answer);
    assert!(matches!(&effects[0], Effect::Write(Write::Ended(ID, kept, _)) if *kept == ended), "{effects:?}");
    assert_eq!(course.is_open(), open);
}

#[rstest]
#[case(500, r#"{"errors": [{"code": "x"}]}"#, "Blocked. 18-4711", "Blocked. 18-4711")]
#[case(400, r#"{"errors": ["a is wrong", {"code": "x", "message": "y"}]}"#, "not these", "a is wrong; x y")]
#[case(201, r#"{"id": 1}"#, "not these", "")]
fn the_words_of_an_answer_are_written_with_what_became_of_it(
    #[case] status: u16,
    #[case] body: &str,
    #[case] words: &str,
    #[case] kept: &str,
) {
    let mut course = after(sent());
    let answer = Answer::Reply { status, body: body.into(), words: words.into() };
    let (_, effects) = course.step(Event::Answered(answer, 9));
    assert!(matches!(&effects[0], Effect::Write(Write::Ended(ID, _, words)) if words == kept), "{effects:?}");
    assert!(course.unknown().is_none_or(|open| open.words() == kept));
}

#[test]
fn the_words_that_were_kept_are_told_again() {
    let found = Entry { words: Some("Blocked. 18-4711".into()), ..*entry(intent()) };
    let course = after([Event::Found(Box::new(found), 5, 0)]);
    assert_eq!(course.unknown().unwrap().words(), "Blocked. 18-4711");
}

#[rstest]
#[case::zegel_ended(None, Doubt::Earlier)]
#[case::no_answer_told(Some(Ended::Unknown { why: "status 500".into() }), Doubt::Unanswered)]
fn an_intent_that_was_found_is_looked_for_at_once(#[case] outcome: Option<Ended>, #[case] doubt: Doubt) {
    let mut course = Course::Ready;
    let found = Entry { outcome, ..*entry(intent()) };
    let (turn, effects) = course.step(Event::Found(Box::new(found), 5, 0));
    assert_eq!(turn, Turn::Unknown);
    assert_eq!(effects, vec![Effect::Look(Box::new(quest(&course, 0)), 0)]);
    assert_eq!(course.unknown().unwrap().doubt(), &doubt);
}

/// A look as the journal has it.
fn kept_look(series: u32, number: u32, time: i64, blind: Option<&str>) -> KeptLook {
    let candidates = r#"{"candidates": [], "others": []}"#.into();
    KeptLook { series, number, time, blind: blind.map(str::to_owned), candidates }
}

/// When each look was made, in milliseconds since the first, what time it is, and which look is next after how long.
#[rstest]
#[case::none(&[], 99, Some((0, 0)))]
#[case::at_once(&[0, 5_000], 5_000, Some((2, 10_000)))]
#[case::some_time_later(&[0, 5_000, 15_000], 18_000, Some((3, 42_000)))]
#[case::long_after(&[0, 5_000], 9_999_999, Some((2, 0)))]
#[case::by_a_clock_that_was_turned_back(&[0, 5_000], -9_999_999, Some((2, 10_000)))]
#[case::all(&[0, 5_000, 15_000, 60_000, 300_000, 600_000], 700_000, None)]
fn after_a_restart_the_schedule_goes_on(#[case] made: &[i64], #[case] now: i64, #[case] next: Option<(usize, u64)>) {
    let looks = made.iter().zip(0..).map(|(time, number)| kept_look(0, number, *time, None)).collect();
    let known = KnownSet { orders: Some(vec![1]), requests: Some(vec![]) };
    let mut found = entry(Intent { known, user: Some(8), ..intent() });
    found.looks = looks;
    let mut course = Course::Ready;
    let (_, effects) = course.step(Event::Found(found, 7, now));
    let looks = effects.iter().map(|effect| match effect {
        Effect::Look(quest, wait) => (quest.number, *wait),
        other => panic!("{other:?}"),
    });
    assert_eq!(looks.collect::<Vec<_>>(), next.into_iter().collect::<Vec<_>>());
    assert_eq!(course.unknown().unwrap().may_deny(), next.is_none());
}

#[test]
fn what_a_look_before_a_restart_saw_or_could_not_see_still_counts() {
    let seen = r#"{"candidates": [{"order": 5, "row": {"id": 5, "product": "p"}, "requests": []}], "others": []}"#;
    let known =
        || Intent { known: KnownSet { orders: Some(vec![1]), requests: Some(vec![]) }, user: Some(8), ..intent() };
    let course = |looks: Vec<KeptLook>| {
        let mut course = Course::Ready;
        course.step(Event::Found(Box::new(Entry { looks, ..*entry(known()) }), 0, 0));
        course
    };
    let all = |first: KeptLook| [first].into_iter().chain((1..6).map(|number| kept_look(0, number, 0, None))).collect();
    let found = course(vec![KeptLook { candidates: seen.into(), ..kept_look(0, 0, 0, None) }]);
    assert!(found.unknown().unwrap().may_adopt(5));
    for blind in ["cut", "other_user", "no_known_set", "a word of another version"] {
        assert!(!course(all(kept_look(0, 0, 0, Some(blind)))).unknown().unwrap().may_deny(), "{blind}");
    }
    let unreadable = KeptLook { candidates: "{".into(), ..kept_look(0, 0, 0, None) };
    assert!(!course(all(unreadable)).unknown().unwrap().may_deny());
    // Looks of a later series make up for it, and one that is missing does not count.
    let again = |skipped: Option<u32>| {
        let later = (0..6).filter(move |number| Some(*number) != skipped).map(|number| kept_look(1, number, 0, None));
        let blind: Vec<KeptLook> = all(kept_look(0, 0, 0, Some("cut")));
        course(blind.into_iter().chain(later).collect())
    };
    assert!(again(None).unknown().unwrap().may_deny());
    let gap = again(Some(3));
    assert_eq!((gap.unknown().unwrap().may_deny(), gap.unknown().unwrap().next_look()), (false, Some(4)));
}

#[test]
fn a_look_that_is_not_on_disk_counts_as_not_made() {
    let mut course = unknown();
    let lost = Look { unkept: Some(unkept()), ..*look(vec![]) };
    let again = course.step(Event::Looked(Box::new(quest(&course, 0)), Box::new(lost), 10)).1;
    assert_eq!(again, vec![Effect::Look(Box::new(quest(&course, 0)), 15_000)]);
    let found = OrderRow { id: 2, product: "p".into(), ..OrderRow::default() };
    let lost = Look { unkept: Some(unkept()), ..*look(vec![found]) };
    course.step(Event::Looked(Box::new(quest(&course, 0)), Box::new(lost), 10));
    assert!(course.unknown().unwrap().may_adopt(2), "what it saw is not forgotten");
    assert_eq!(course.unknown().unwrap().next_look(), Some(1));
}

#[rstest]
#[case(Decision::NotPlaced, "nothing under Orders and Requests", false)]
#[case(Decision::Adopted { order: 9 }, "order 9 is ours", true)]
#[case(Decision::Adopted { order: 1 }, "it was there before", false)]
#[case(Decision::Adopted { order: 9 }, "sure", false)]
fn a_statement_decides_before_the_looks_are_through_only_by_an_order(
    #[case] decision: Decision,
    #[case] sentence: &str,
    #[case] decides: bool,
) {
    let mut course = unknown();
    let effects = course.step(Event::Stated(decision.clone(), sentence.into())).1;
    let expected = decides.then(|| Effect::Write(Write::Statement(ID, decision, sentence.into())));
    assert_eq!(effects, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn the_looks_follow_their_schedule_and_only_then_it_can_be_denied() {
    let mut course = unknown();
    for (number, before) in LOOKS.into_iter().enumerate() {
        assert_eq!(course.step(Event::Decided(Decision::NotPlaced)).1, vec![], "not after {number} looks");
        let event = Event::Looked(Box::new(quest(&course, number)), look(vec![]), 10);
        let expected: Vec<Effect> = LOOKS
            .get(number + 1)
            .map(|due| Effect::Look(Box::new(quest(&course, number + 1)), due - before))
            .into_iter()
            .collect();
        assert_eq!(course.step(event.clone()).1, expected);
        assert_eq!(course.step(event).1, vec![], "a look counts once");
    }
    let decide = course.step(Event::Decided(Decision::NotPlaced)).1;
    assert_eq!(decide, vec![Effect::Write(Write::Decision(ID, Decision::NotPlaced))]);
    assert!(course.is_open(), "it counts once it is on disk");
    assert_eq!(course.step(Event::DecisionKept(Err(unkept()), 11)).0, Turn::NotKept(unkept()));
    assert!(course.is_open());
    course.step(Event::Decided(Decision::NotPlaced));
    assert_eq!(course.step(Event::DecisionKept(Ok(()), 12)), (Turn::NotPlaced, vec![]));
    assert_eq!(course, Course::Ready);
}

#[test]
fn an_adopted_order_is_followed() {
    let mut course = unknown();
    let found = OrderRow { id: 2, product: "p".into(), ..OrderRow::default() };
    course.step(Event::Looked(Box::new(quest(&course, 0)), look(vec![found]), 10));
    assert_eq!(course.step(Event::Decided(Decision::Adopted { order: 1 })).1, vec![], "it was there before");
    let effects = course.step(Event::Decided(Decision::Adopted { order: 2 })).1;
    assert_eq!(effects, vec![Effect::Write(Write::Decision(ID, Decision::Adopted { order: 2 }))]);
    let (turn, effects) = course.step(Event::DecisionKept(Ok(()), 12));
    assert_eq!((turn, effects.len()), (Turn::Placed, 1));
    assert_eq!(course.placed().map(|placed| placed.id), Some(2));
}

#[test]
fn where_it_cannot_be_told_it_is_looked_for_again_on_demand() {
    let mut course = unknown();
    assert_eq!(course.step(Event::Refresh(9)).1, vec![], "the looks are not through");
    for number in 0..LOOKS.len() {
        let mut blind = look(vec![]);
        blind.me = Err(crate::facts::Failure::Cut(Cause::Slow.into()));
        course.step(Event::Looked(Box::new(quest(&course, number)), blind, 10));
    }
    assert_eq!(course.step(Event::Decided(Decision::NotPlaced)).1, vec![]);
    let again = Box::new(Quest { series: 1, ..quest(&course, 0) });
    assert_eq!(course.step(Event::Refresh(20)).1, vec![Effect::Look(again, 0)]);
    assert_eq!(
        course.step(Event::Looked(Box::new(quest(&course, 0)), look(vec![]), 21)).1,
        vec![],
        "of the first series"
    );
}

#[test]
fn what_could_not_be_written_afterwards_is_said() {
    for mut course in [after(sent().chain([reply(201, r#"{"id": 1}"#)])), unknown(), Course::Ready] {
        assert_eq!(course.step(Event::Kept(Err(unkept()))).0, Turn::NotKept(unkept()));
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let bodies = ["{\"id\": 1}", "{\"errors\": [{\"code\": \"x\"}]}", "", "<html>", "{\"id\": 0}"];
    let answers =
        (proptest::sample::select(vec![200, 201, 302, 400, 403, 429, 500]), proptest::sample::select(bodies.to_vec()))
            .prop_map(|(status, body)| reply(status, body));
    let kept = || proptest::bool::weighted(0.8).prop_map(|good| if good { Ok(()) } else { Err(unkept()) });
    let blocked = Records { blocked: Some(*entry(intent())), placed: vec![], ..Records::default() };
    let records = prop_oneof![4 => Just(Ok(Records::default())), 1 => Just(Ok(blocked)), 1 => Just(Err(unkept()))];
    let row = |id| OrderRow { id, product: "p".into(), ..OrderRow::default() };
    let looked = (0..LOOKS.len(), 0..2_u32, proptest::bool::weighted(0.2)).prop_map(move |(number, series, found)| {
        let quest = Quest {
            intent: ID,
            series,
            number,
            product: "p".into(),
            organization: Some(9),
            known: Vec::new(),
            mark: String::new(),
        };
        Event::Looked(Box::new(quest), look(if found { vec![row(2)] } else { vec![] }), 9)
    });
    prop_oneof![
        3 => (1_u64..3).prop_map(|number| Event::Planned(plan(number))),
        4 => (1_u64..3, records).prop_map(|(number, records)| Event::Surveyed(number, survey(records), 1)),
        4 => Just(Event::Confirmed(body(), 1)),
        3 => kept().prop_map(|kept| Event::Recorded(kept.map(|()| entry(intent())))),
        3 => answers,
        2 => Just(lost()),
        1 => Just(Event::Answered(Answer::NotSent(Cause::Name.into()), 1)),
        2 => kept().prop_map(Event::Kept),
        1 => Just(Event::Found(entry(intent()), 1, 0)),
        4 => looked,
        2 => prop_oneof![Just(Decision::NotPlaced), Just(Decision::Adopted { order: 2 })].prop_map(Event::Decided),
        2 => kept().prop_map(|kept| Event::DecisionKept(kept, 1)),
        1 => (0_u32..4).prop_map(|number| Event::Waited(Round { order: 7, number })),
        1 => Just(Event::Refresh(1)),
        1 => Just(Event::Followed(Box::new(Placed { id: 7, ..Placed::default() }), 1)),
    ]
}

proptest! {
    #[test]
    fn only_a_confirmation_that_is_on_disk_sends(events in proptest::collection::vec(any_event(), 0..60)) {
        let mut course = Course::Ready;
        let (mut confirmed, mut sends) = (0, 0);
        for event in events {
            let before = course.clone();
            let recorded = matches!((&before, &event), (Course::Recording(..), Event::Recorded(Ok(_))));
            let confirms = matches!(event, Event::Confirmed(..))
                && matches!(&before, Course::Planned(_, Some(ground)) if ground.goes());
            let (_, effects) = course.step(event);
            let sent = effects.iter().filter(|effect| matches!(effect, Effect::Send(_))).count();
            let written = effects.iter().filter(|effect| matches!(effect, Effect::Write(Write::Intent(..)))).count();
            prop_assert_eq!((written, sent), (usize::from(confirms), usize::from(recorded)));
            confirmed += written;
            sends += sent;
            prop_assert!(sends <= confirmed, "at most one for each confirmation");
            // From an order that may have been placed nothing leads back but a decision that is on disk.
            if before.unknown().is_some() && !course.is_open() {
                let decided = matches!(course, Course::Ready | Course::Placed(_));
                prop_assert!(decided && before.unknown().is_some_and(Open::is_deciding));
            }
        }
    }
}
