//! One round: a sandbox, a directory with a payload and a journal, a person who wants one order, and the checks at the
//! end.

use super::person::{Done, Person};
use super::plan::Plan;
use super::tally::Tally;
use crate::common::http;
use crate::common::submit_desk::Desk;
use zegel::domain::JournalEntry;
use zegel::sandbox::KEY;
use zegel::store::{IntentId, Store};

/// The first order that a sandbox places.
pub(crate) const FIRST: u64 = 700_001;

/// The list of orders in the account.
const ORDERS: &str = "/services/v2/order/certificate";

/// Plays the round of a seed.
pub(crate) fn play(seed: u64) -> Tally {
    let (desk, plan) = (Desk::new(), Plan::of(seed));
    let mut person = Person::new(&desk, plan.clone());
    let done = person.live();
    let (Done::Placed(order) | Done::Adopted(order) | Done::Known(order)) = done;
    assert_eq!((order, desk.orders().1, listed(&desk, plan.late)), (FIRST, 1, vec![FIRST]));
    // An older journal knows less, but it may not lead to another order.
    if person.damaged.is_empty() {
        assert_journaled(&desk, person.confirmed);
    }
    if plan.kills.is_empty() {
        assert_eq!((desk.orders(), person.confirmed), ((1, 1), 1));
    }
    Tally::of(&person, done)
}

/// Returns the placed orders, as the account lists them.
pub(crate) fn listed(desk: &Desk, late: u64) -> Vec<u64> {
    let ask = || http::call(desk.sandbox.address(), "GET", ORDERS, &[("X-DC-DEVKEY", KEY)], b"").json();
    // An order that is listed late is in the list after these requests.
    (0..late).for_each(|_| drop(ask()));
    let orders = ask();
    let ids = orders["orders"].as_array().unwrap().iter().map(|order| order["id"].as_u64().unwrap());
    ids.filter(|id| *id >= FIRST).collect()
}

/// Asserts that the journal knows the order and has nothing open, and that no process holds anything.
fn assert_journaled(desk: &Desk, confirmed: u64) {
    let store = Store::open(&desk.state()).unwrap().store;
    let entries: Vec<JournalEntry> = (1..).map_while(|id| store.load_entry(IntentId(id)).unwrap()).collect();
    assert!(entries.len() as u64 <= confirmed, "an intent for each confirmation at most: {entries:#?}");
    assert!(!entries.iter().any(JournalEntry::is_open), "{entries:#?}");
    assert_eq!(entries.iter().filter_map(JournalEntry::placed_order_id).collect::<Vec<_>>(), [FIRST], "{entries:#?}");
    assert!(store.lock_digest(&entries[0].intent.digest).unwrap().is_some());
}
