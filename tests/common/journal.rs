//! The journal of a run in words, read with the store once the program has ended.
//!
//! This module does not know how the orders were made.

use std::path::Path;
use zegel::domain::{Decision, JournalEntry, RecordedOutcome};
use zegel::store::{IntentId, Store};

/// Returns the outcomes of all orders in the journal of this directory, oldest first.
pub(crate) fn journal(dir: &Path) -> Vec<String> {
    let store = Store::open(dir).unwrap().store;
    (1..).map_while(|id| store.load_entry(IntentId(id)).unwrap()).map(|entry| words(&entry)).collect()
}

/// Returns outcome and decision of an order, such as `unknown, not placed`.
fn words(entry: &JournalEntry) -> String {
    let outcome = match &entry.outcome {
        None => "no outcome".to_owned(),
        Some(RecordedOutcome::Placed { order, .. }) => format!("placed {order}"),
        Some(RecordedOutcome::Refused { status }) => format!("refused {status}"),
        Some(RecordedOutcome::NotSent) => "not sent".to_owned(),
        Some(RecordedOutcome::Unknown { .. }) => "unknown".to_owned(),
    };
    match &entry.decision {
        None => outcome,
        Some(Decision::Adopted { order }) => format!("{outcome}, adopted {order}"),
        Some(Decision::NotPlaced) => format!("{outcome}, not placed"),
    }
}
