//! The real schedule of the looks for an order without a response, on a clock that the test controls.
//!
//! The test provides the results of the looks. It measures that the order machine waits as long as it says.

use std::time::Duration;
use tokio::time::Instant;
use zegel::domain::{CurrentUser, Intent, IntentId, JournalEntry, KnownSet, Listing};
use zegel::order::resolve::LookupData;
use zegel::order::{OrderEffect, OrderEvent, OrderMachine, executor};

fn entry() -> JournalEntry {
    let known = KnownSet { orders: Some(vec![]), requests: Some(vec![]) };
    let intent = Intent {
        draft: None,
        host: "h".into(),
        account: String::new(),
        product: "p".into(),
        organization: None,
        digest: "d".into(),
        body: "{}".into(),
        user: Some(8),
        known_set: known,
        server_time: None,
        local_time: 0,
    };
    JournalEntry { id: IntentId(1), intent, ..JournalEntry::default() }
}

fn nothing<T>() -> Listing<T> {
    Listing { rows: Vec::new(), gap: None, date: String::new() }
}

/// Returns the time of each look in milliseconds, until there were no more, and the final order machine.
async fn looks(pace: u32) -> (Vec<Duration>, OrderMachine) {
    let (begun, mut machine, mut times) = (Instant::now(), OrderMachine::Ready, Vec::new());
    let (_, mut effects) = machine.handle_event(OrderEvent::OpenIntentFound(Box::new(entry()), 0, 0));
    while let Some(OrderEffect::RunLookup(lookup, wait)) = effects.pop() {
        executor::sleep_at_pace(wait, pace).await;
        times.push(begun.elapsed());
        let me = Ok(CurrentUser { user_id: 8, ..CurrentUser::default() });
        let look = LookupData { orders: nothing(), requests: nothing(), current_user: me, write_error: None };
        (_, effects) = machine.handle_event(OrderEvent::LookupDone(lookup, Box::new(look), 0));
    }
    (times, machine)
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_of_looks_precede_a_denial() {
    let (times, machine) = looks(1).await;
    assert_eq!(times, [0, 5, 15, 60, 300, 600].map(Duration::from_secs));
    assert!(machine.unresolved_order().unwrap().can_deny());
}

#[tokio::test(start_paused = true)]
async fn a_test_can_shorten_the_waits() {
    let (times, _) = looks(600).await;
    let (first, last) = (times[1].as_millis(), times[5].as_millis());
    assert!((8..=10).contains(&first) && (1_000..=1_010).contains(&last), "{times:?}");
}
