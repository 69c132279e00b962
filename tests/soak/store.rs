//! Killed processes: what they reported as begun is stored, and what they held is free.
//!
//! There are no pauses: the kill hits the child at any point.

use crate::common::store_child::Child;
use crate::common::store_samples::whole;
use crate::soak::rounds::number;
use rstest::rstest;
use std::collections::BTreeSet;
use zegel::store::DraftId;

#[rstest]
#[case::short(5)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(number("ZEGEL_CRASH_ROUNDS").unwrap_or(200))]
fn a_reported_intent_is_stored_after_a_kill(#[case] rounds: u64) {
    // On the real disk, because its syncs take most of the time.
    let temp = tempfile::tempdir().unwrap();
    let mut report = BTreeSet::new();
    for round in 0..rounds {
        let mut child = Child::new("begin", temp.path());
        for _ in 0..=round % 5 {
            report.insert(child.hear().unwrap());
        }
        report.extend(child.kill());
        let store = whole(temp.path());
        let (open, placed) = (store.list_open_intents().unwrap(), store.list_placed().unwrap());
        let begun: BTreeSet<_> = open.iter().chain(&placed).filter_map(|entry| entry.intent.organization).collect();
        let ended: BTreeSet<_> = placed.iter().filter_map(zegel::store::JournalEntry::placed_order_id).collect();
        for line in &report {
            let (what, number) = line.split_once(' ').unwrap();
            let there = if what == "begun" { &begun } else { &ended };
            assert!(there.contains(&number.parse().unwrap()), "round {round}: {line} is lost");
        }
        assert_eq!(begun.len(), open.len() + placed.len(), "none twice");
    }
    assert!(report.len() as u64 >= rounds);
}

#[test]
fn locks_are_released_when_their_holder_is_killed() {
    let temp = tempfile::tempdir().unwrap();
    let mut child = Child::new("hold", temp.path());
    assert_eq!(child.hear().as_deref(), Some("held"));
    let store = whole(temp.path());
    assert!(store.lock_draft(DraftId(1)).unwrap().is_none());
    assert!(store.lock_digest("00FF").unwrap().is_none());
    assert!(store.lock_draft(DraftId(2)).unwrap().is_some());
    child.kill();
    assert!(store.lock_draft(DraftId(1)).unwrap().is_some());
    assert!(store.lock_digest("00ff").unwrap().is_some());
}

#[test]
fn a_lock_is_held_against_other_handles_and_until_it_is_dropped() {
    let temp = tempfile::tempdir().unwrap();
    let (one, other) = (whole(temp.path()), whole(temp.path()));
    let held = one.lock_draft(DraftId(1)).unwrap().unwrap();
    for store in [&one, &other] {
        assert!(store.lock_draft(DraftId(1)).unwrap().is_none());
    }
    drop(one);
    assert!(other.lock_draft(DraftId(1)).unwrap().is_none(), "it outlives its store");
    drop(held);
    assert!(other.lock_draft(DraftId(1)).unwrap().is_some());
}

/// The entry point of the child processes.
#[test]
fn play_part() {
    crate::common::store_child::play();
}
