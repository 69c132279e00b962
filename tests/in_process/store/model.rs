//! The journal against a model in memory: random operations, with the store opened again in between.
//!
//! `PROPTEST_CASES` sets the number of runs.

use crate::common::store_samples::{directory, intent, whole};
use proptest::prelude::*;
use proptest::sample::Index;
use zegel::store::{Decision, Intent, IntentId, JournalEntry, PersistenceError, PersistenceErrorKind, RecordedOutcome};

#[derive(Debug, Clone)]
enum Move {
    Begin(Intent),
    Finish(Index, RecordedOutcome),
    Decide(Index, Decision),
    Blocks(Intent),
    Reopen,
}

/// The result of an operation, as far as a caller depends on it.
#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    Blocked(IntentId),
    Contradiction,
    Resolved,
}

fn answer<T>(result: Result<T, PersistenceError>) -> Answer {
    match result.map_err(|error| error.kind) {
        Ok(_) => Answer::Done,
        Err(PersistenceErrorKind::Blocked(id)) => Answer::Blocked(id),
        Err(PersistenceErrorKind::Contradiction(_)) => Answer::Contradiction,
        Err(PersistenceErrorKind::Resolved(_)) => Answer::Resolved,
        Err(why) => panic!("{why:?}"),
    }
}

#[derive(Default)]
struct Model(Vec<JournalEntry>);

impl Model {
    fn in_the_way(&self, new: &Intent) -> Option<&JournalEntry> {
        self.0.iter().find(|entry| {
            let old = &entry.intent;
            let undecided = entry.decision.is_none();
            let unknown = matches!(entry.outcome, None | Some(RecordedOutcome::Unknown { .. }));
            let same = (&old.host, &old.account, &old.product) == (&new.host, &new.account, &new.product);
            let organization =
                old.organization.is_none() || new.organization.is_none() || old.organization == new.organization;
            undecided && unknown && same && organization
        })
    }

    fn begin(&mut self, intent: Intent) -> Answer {
        if let Some(entry) = self.in_the_way(&intent) {
            return Answer::Blocked(entry.id);
        }
        let id = IntentId(i64::try_from(self.0.len()).unwrap() + 1);
        self.0.push(JournalEntry { id, intent, ..JournalEntry::default() });
        Answer::Done
    }

    fn finish(entry: &mut JournalEntry, outcome: RecordedOutcome) -> Answer {
        match &entry.outcome {
            Some(old) if *old != outcome => Answer::Contradiction,
            _ => {
                entry.outcome = Some(outcome);
                Answer::Done
            }
        }
    }

    fn decide(entry: &mut JournalEntry, decision: Decision) -> Answer {
        match (&entry.decision, &entry.outcome) {
            (Some(old), _) if *old == decision => Answer::Done,
            (Some(_), _) => Answer::Contradiction,
            (None, None | Some(RecordedOutcome::Unknown { .. })) => {
                entry.decision = Some(decision);
                Answer::Done
            }
            (None, Some(_)) => Answer::Resolved,
        }
    }
}

fn any_intent() -> impl Strategy<Value = Intent> {
    let few = |words: &'static [&'static str]| proptest::sample::select(words).prop_map(str::to_owned);
    let organization = prop_oneof![Just(None), Just(Some(1)), Just(Some(2)), Just(Some(u64::MAX))];
    (few(&["h", "i"]), few(&["a", "b"]), few(&["p", "q"]), organization, any::<String>(), any::<Option<Vec<u64>>>())
        .prop_map(|(host, account, product, organization, body, orders)| {
            let mut new = Intent { host, account, product, body, ..intent(organization) };
            new.known_set.orders = orders;
            new
        })
}

fn any_outcome() -> impl Strategy<Value = RecordedOutcome> {
    prop_oneof![
        (any::<u64>(), any::<Vec<u64>>()).prop_map(|(order, requests)| RecordedOutcome::Placed { order, requests }),
        (400_u16..402).prop_map(|status| RecordedOutcome::Refused { status }),
        Just(RecordedOutcome::NotSent),
        proptest::sample::select(vec!["cut", "late"]).prop_map(|why| RecordedOutcome::Unknown { why: why.to_owned() }),
    ]
}

fn any_decision() -> impl Strategy<Value = Decision> {
    prop_oneof![Just(Decision::NotPlaced), (0_u64..2).prop_map(|order| Decision::Adopted { order })]
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        4 => any_intent().prop_map(Move::Begin),
        3 => (any::<Index>(), any_outcome()).prop_map(|(at, outcome)| Move::Finish(at, outcome)),
        3 => (any::<Index>(), any_decision()).prop_map(|(at, decision)| Move::Decide(at, decision)),
        2 => any_intent().prop_map(Move::Blocks),
        1 => Just(Move::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_journal_behaves_like_the_model(moves in proptest::collection::vec(any_move(), 1..40)) {
        let temp = directory();
        let (mut store, mut model) = (whole(temp.path()), Model::default());
        for step in moves {
            match step {
                Move::Begin(intent) => prop_assert_eq!(answer(store.record_intent(&intent)), model.begin(intent)),
                Move::Blocks(intent) => {
                    let Intent { host, account, product, organization, .. } = &intent;
                    let found = store.find_blocking_intent(host, account, product, *organization).unwrap();
                    prop_assert_eq!(found.as_ref(), model.in_the_way(&intent));
                }
                Move::Finish(at, outcome) if !model.0.is_empty() => {
                    let entry = at.get_mut(&mut model.0);
                    prop_assert_eq!(answer(store.record_outcome(entry.id, &outcome)), Model::finish(entry, outcome));
                }
                Move::Decide(at, decision) if !model.0.is_empty() => {
                    let entry = at.get_mut(&mut model.0);
                    prop_assert_eq!(answer(store.record_decision(entry.id, &decision)), Model::decide(entry, decision));
                }
                Move::Reopen => {
                    drop(store);
                    store = whole(temp.path());
                }
                Move::Finish(..) | Move::Decide(..) => {}
            }
        }
        let entries: Vec<JournalEntry> = model.0.iter().map(|entry| store.load_entry(entry.id).unwrap().unwrap()).collect();
        prop_assert_eq!(&entries, &model.0);
        let open: Vec<JournalEntry> = entries.iter().filter(|entry| entry.is_open()).cloned().collect();
        prop_assert_eq!(store.list_open_intents().unwrap(), open);
        let placed: Vec<JournalEntry> = entries.iter().rev().filter(|entry| entry.placed_order_id().is_some()).cloned().collect();
        prop_assert_eq!(store.list_placed().unwrap(), placed);
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48)
}
