//! What the journal of a run says, in words, read by the store itself once the program has ended.
//!
//! It knows nothing of how the orders came about.

use std::path::Path;
use zegel::domain::{Decision, JournalEntry, RecordedOutcome};
use zegel::store::{IntentId, Store};

/// What the journal in this directory says of all orders, the oldest first.
pub(crate) fn journal(dir: &Path) -> Vec<String> {
    let store = Store::open(dir).unwrap().store;
    (1..).map_while(|id| store.load_entry(IntentId(id)).unwrap()).map(|entry| words(&entry)).collect()
}

/// Outcome and decision of an order, such as `unknown, not placed`.
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
