//! The executor of an order: runs the effects of the order machine over the API client and the store. The order is
//! sent once, and its future is never dropped before the answer.
//!
//! It decides nothing: the order machine interprets the answers and chooses the next step.

use super::matching::{NEW_REQUEST, can_match, is_about_new_order};
use super::preflight::LATE_LISTING;
use super::resolve::{LookupData, OrderBaseline, Resolver, SoughtOrder};
use super::similar_orders::organizations_to_fetch;
use super::{
    JournalRecords, JournalWrite, JournaledOrder, LocalTimes, OrderEffect, OrderEvent, OrderLookup, OrderPlan,
    PollReply, PollResult, PreflightData, PreflightExtras, ShownRecords,
};
use crate::certcentral::{Client, OrderFilter, Paging};
use crate::clock::Clock;
use crate::domain::{
    ApiError, Decision, Intent, IntentId, JournalEntry, ListGap, Listing, OrderRow, Organization, PersistenceError,
    PersistenceErrorKind, RecordedOutcome, RequestRow, RequestState, SendResult, Statement, TransportError,
};
use crate::redact::Redactor;
use crate::secret::SecretBytes;
use crate::store::{Acknowledgment, StoreSession, StoreWorker};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// The limit on fetching details, for one list of orders or organizations.
const MAX_DETAIL_FETCHES: usize = 20;

/// The number of attempts to write the outcome while another process blocks the store.
const MAX_WRITE_ATTEMPTS: u32 = 3;

/// The client, the store and the settings that effects need.
#[derive(Clone, Copy)]
pub struct ExecutorContext<'a> {
    /// The client, or the reason why there is none.
    pub client: Result<&'a Client, &'a TransportError>,
    pub store_worker: &'a StoreWorker,
    /// The API endpoint that receives the order.
    pub endpoint: &'a str,
    /// The divisor of every wait: 1 for a real server.
    pub pace: u32,
}

impl<'a> ExecutorContext<'a> {
    /// Returns the client for a query, or the reason why it cannot be sent.
    fn client_or_error(self) -> Result<&'a Client, ApiError> {
        self.client.map_err(|why| ApiError::NotAllowed(why.clone()))
    }
}

/// What starts the effects of orders, for the wizard and the commands.
#[derive(Clone)]
pub struct OrderExecutor {
    pub store_worker: Arc<StoreWorker>,
    /// The API endpoint that receives the order.
    pub endpoint: &'static str,
    pub clock: Clock,
}

impl OrderExecutor {
    /// Starts an effect for an account, and reports its event through `tell`. A write to the journal is queued when
    /// this returns; a program that ends now relies on that.
    pub fn start_effect(
        &self,
        client: impl Future<Output = Result<Arc<Client>, TransportError>> + Send + 'static,
        pace: u32,
        effect: OrderEffect,
        tell: impl FnOnce(OrderEvent) + Send + 'static,
    ) {
        let clock = self.clock;
        if let OrderEffect::Write(write) = effect {
            return write_to_journal(&self.store_worker, write, move || clock.now(), tell);
        }
        let Self { store_worker, endpoint, .. } = self.clone();
        tokio::spawn(async move {
            let client = client.await;
            let context = ExecutorContext { client: client.as_deref(), store_worker: &store_worker, endpoint, pace };
            if let Some(event) = execute_effect(context, effect, || clock.now()).await {
                tell(event);
            }
        });
    }
}

/// Queues a write to the journal, after all earlier work, and reports the result through `tell`.
pub fn write_to_journal(
    store_worker: &StoreWorker,
    write: JournalWrite,
    now: impl FnOnce() -> u64 + Send + 'static,
    tell: impl FnOnce(OrderEvent) + Send + 'static,
) {
    store_worker.enqueue(move |store_session| {
        let event = match write {
            JournalWrite::Intent(intent, shown) => {
                OrderEvent::IntentRecorded(record_intent(store_session, *intent, &shown).map(Box::new))
            }
            JournalWrite::Outcome(id, ended, words) => {
                OrderEvent::OutcomeRecorded(record_outcome(store_session, id, &ended, &words))
            }
            JournalWrite::Decision(id, decision) => {
                OrderEvent::DecisionRecorded(record_decision(store_session, id, &decision), now())
            }
            JournalWrite::Statement(id, decision, sentence) => {
                OrderEvent::DecisionRecorded(record_statement(store_session, id, &decision, sentence), now())
            }
        };
        tell(event);
    });
}

/// Runs one effect and returns its event. `None` for a write, which [`write_to_journal`] handles. `now` returns the
/// time in milliseconds.
pub async fn execute_effect(
    context: ExecutorContext<'_>,
    effect: OrderEffect,
    now: impl Fn() -> u64,
) -> Option<OrderEvent> {
    Some(match effect {
        OrderEffect::RunPreflight(plan) => {
            let begun = now();
            let mut preflight = run_preflight(context, &plan).await;
            preflight.extras.started_at = Some(begun);
            OrderEvent::PreflightDone(plan.preflight_number, Box::new(preflight), now())
        }
        OrderEffect::SendOrder(body) => OrderEvent::SendFinished(send_order(context, body).await, now()),
        OrderEffect::RunLookup(lookup, wait) => {
            sleep_at_pace(wait, context.pace).await;
            let found = record_lookup(context.store_worker, &lookup, run_lookup(context, &lookup).await).await;
            OrderEvent::LookupDone(lookup, Box::new(found), now())
        }
        OrderEffect::FetchRequest(round, id) => {
            let answer = async { context.client_or_error()?.fetch_request(id).await }.await.map(RequestState::from);
            OrderEvent::PollReplied(PollReply { round, result: PollResult::Request(id, answer) }, now())
        }
        OrderEffect::FetchOrder(round, id) => {
            let answer = async { context.client_or_error()?.fetch_order(id).await }.await;
            OrderEvent::PollReplied(PollReply { round, result: PollResult::Order(Box::new(answer)) }, now())
        }
        OrderEffect::WaitForRound(round, wait) => {
            sleep_at_pace(wait, context.pace).await;
            OrderEvent::PollPauseEnded(round)
        }
        OrderEffect::Write(_) => return None,
    })
}

async fn send_order(context: ExecutorContext<'_>, body: SecretBytes) -> SendResult {
    match context.client {
        Ok(client) => client.submit_order(context.endpoint, body).await,
        // Without a client nothing can have left this machine.
        Err(why) => SendResult::NotSent(why.clone()),
    }
}

/// Waits this many milliseconds, divided by the pace.
pub async fn sleep_at_pace(wait: u64, pace: u32) {
    tokio::time::sleep(duration_at_pace(wait, pace)).await;
}

/// Returns this many milliseconds of a schedule, divided by the pace.
pub fn duration_at_pace(millis: u64, pace: u32) -> Duration {
    Duration::from_millis(millis) / pace.max(1)
}

/// Runs the work on the store's thread, after all earlier work, and returns its result.
///
/// # Errors
/// The work failed, or the store is closed.
pub async fn run_on_store<T: Send + 'static>(
    store_worker: &StoreWorker,
    work: impl FnOnce(&mut StoreSession) -> Result<T, PersistenceError> + Send + 'static,
) -> Result<T, PersistenceError> {
    let (send, receive) = oneshot::channel();
    store_worker.enqueue(move |store_session| {
        let _ = send.send(work(store_session));
    });
    receive.await.unwrap_or_else(|_| Err(store_closed_error()))
}

/// Nothing is stored any more, because the program is about to end.
fn store_closed_error() -> PersistenceError {
    PersistenceError { path: String::new(), kind: PersistenceErrorKind::Closed }
}

/// Writes the intent to disk, with the local time. Only one window can send an order with this digest at a time.
fn record_intent(
    store_session: &mut StoreSession,
    mut intent: Intent,
    shown: &ShownRecords,
) -> Result<JournalEntry, PersistenceError> {
    intent.local_time = jiff::Timestamp::now().as_millisecond();
    // The draft may have been saved for the first time after the order was planned.
    intent.draft = store_session.held_draft().or(intent.draft);
    store_session.lock_digest(&intent.digest)?;
    let words = format!("confirmed the order {}", intent.digest);
    let acknowledged = Acknowledgment { losses: shown.losses.clone(), words, user: local_user() };
    let begun = store_session.with_store(|store| {
        store.record_intent_unless(&intent, &acknowledged, |entry| find_unseen_order(entry, &intent, &shown.orders))
    });
    if begun.is_err() {
        store_session.release_digest(&intent.digest);
    }
    Ok(JournalEntry { id: begun?, intent, ..JournalEntry::default() })
}

/// Returns the user of this machine: the system's user number, and the name from the environment.
pub fn local_user() -> String {
    let name = ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    format!("{} {name}", rustix::process::getuid().as_raw()).trim_end().to_owned()
}

/// Records a decision that rests on a check in `CertCentral`, with the time and the local user. Card numbers in the
/// sentence are masked.
///
/// # Errors
/// The statement cannot be written.
pub fn record_statement(
    store_session: &mut StoreSession,
    id: IntentId,
    decision: &Decision,
    sentence: String,
) -> Result<(), PersistenceError> {
    let sentence = Redactor::default().mask_secrets(&sentence).unwrap_or(sentence);
    let statement = Statement { sentence, user: local_user(), time: Timestamp::now().as_millisecond() };
    store_session.with_store(|store| store.record_statement(id, decision, &statement))?;
    store_session.release_intent(id);
    Ok(())
}

/// Returns the order of a journal entry that matches the intent and that the person did not see: another window
/// placed it after the preflight. The journal alone decides, because the key may not have the right to read the
/// lists, and clocks may be turned back.
fn find_unseen_order(entry: &JournalEntry, intent: &Intent, shown: &[u64]) -> Option<u64> {
    let past = JournaledOrder::from_entry(entry, intent)?;
    let same = can_match(&intent.product, intent.organization, "", past.organization);
    (same && !shown.contains(&past.order)).then_some(past.order)
}

fn record_outcome(
    store_session: &mut StoreSession,
    id: IntentId,
    ended: &RecordedOutcome,
    words: &str,
) -> Result<(), PersistenceError> {
    // Another process may be slow. The outcome of an order is worth the wait.
    let mut left = MAX_WRITE_ATTEMPTS;
    while let Err(unkept) = store_session.with_store(|store| store.record_outcome(id, ended)) {
        left -= 1;
        if left == 0 || unkept.kind != PersistenceErrorKind::Busy {
            return Err(unkept);
        }
    }
    if !words.is_empty() {
        // The outcome is stored. A failure to store the server's words does not change that.
        let _ = store_session.with_store(|store| store.record_server_excerpt(id, words));
    }
    // An unknown outcome is resolved in this window and in no other.
    if !matches!(ended, RecordedOutcome::Unknown { .. }) {
        store_session.release_intent(id);
    }
    Ok(())
}

fn record_decision(
    store_session: &mut StoreSession,
    id: IntentId,
    decision: &Decision,
) -> Result<(), PersistenceError> {
    store_session.with_store(|store| store.record_decision(id, decision))?;
    store_session.release_intent(id);
    Ok(())
}

/// Fetches what the preflight needs: the lists, the journal records, the details and the organizations.
async fn run_preflight(context: ExecutorContext<'_>, plan: &OrderPlan) -> PreflightData {
    let intent = &plan.intent;
    let asked = Timestamp::now();
    let LookupData { orders, requests, current_user: me, .. } =
        fetch_lists(context, &intent.product, intent.organization).await;
    let here = Some(LocalTimes { asked, answered: Timestamp::now() });
    let account = me.as_ref().ok().and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default();
    let intent = Intent { account, ..intent.clone() };
    let records = run_on_store(context.store_worker, move |store_session| {
        store_session.with_store(|store| {
            let Intent { host, account, product, organization, .. } = &intent;
            // Losses come first: reading them may restore an open intent.
            let lost = store.list_unacknowledged_losses()?;
            let blocked = store.find_blocking_intent(host, account, product, *organization)?;
            let placed = store.list_placed()?;
            let placed = placed.iter().filter_map(|entry| JournaledOrder::from_entry(entry, &intent)).collect();
            Ok(JournalRecords { blocking_intent: blocked, placed, losses: lost })
        })
    });
    let records = records.await;
    let placed = records.as_ref().map_or(&[][..], |records| &records.placed);
    let details = fetch_order_details(context, placed).await;
    let organizations = fetch_organizations(context, &orders, &requests, &plan.intent).await;
    PreflightData {
        current_user: me,
        orders,
        requests,
        records,
        extras: PreflightExtras { details, organizations, local_times: here, started_at: None },
    }
}

/// Fetches the details of the newest orders with the same digest. Lists say little about whether an order is still
/// valid.
async fn fetch_order_details(context: ExecutorContext<'_>, placed: &[JournaledOrder]) -> Vec<OrderRow> {
    let Ok(client) = context.client else { return Vec::new() };
    let mut found = Vec::new();
    for past in placed.iter().filter(|past| past.same_digest).take(MAX_DETAIL_FETCHES) {
        found.extend(client.fetch_order(past.order).await.ok());
    }
    found
}

/// Fetches the organizations of the listed orders: first from one page of their list, then one by one. The limit
/// keeps a large account from being read completely.
async fn fetch_organizations(
    context: ExecutorContext<'_>,
    orders: &Listing<OrderRow>,
    requests: &Listing<RequestRow>,
    intent: &Intent,
) -> Vec<Organization> {
    let mut wanted = organizations_to_fetch(&orders.rows, &requests.rows, intent);
    let Some(client) = context.client.ok().filter(|_| !wanted.is_empty()) else { return Vec::new() };
    let page = client.fetch_organizations(Paging::default().size, 0).await;
    let mut found = page.map(|page| page.rows).unwrap_or_default();
    found.retain(|one| wanted.remove(&one.id));
    // Ids grow, so the newest organizations have the newest orders.
    for id in wanted.into_iter().rev().take(MAX_DETAIL_FETCHES) {
        found.extend(client.fetch_organization(id).await.ok());
    }
    found
}

/// Fetches the lists of orders and requests, and the user of the key. Each is complete or has a reason why it is not.
async fn fetch_lists(context: ExecutorContext<'_>, product: &str, organization: Option<u64>) -> LookupData {
    let client = match context.client_or_error() {
        Ok(client) => client,
        Err(failure) => return failed_lookup(failure),
    };
    let filter = OrderFilter { product, organization };
    let (orders, requests, me) = tokio::join!(
        client.fetch_all_orders(filter, Paging::longest()),
        client.fetch_requests_of_type(NEW_REQUEST, is_about_new_order),
        client.fetch_current_user(),
    );
    LookupData { orders, requests, current_user: me.map(|me| me.value), write_error: None }
}

fn failed_lookup(failure: ApiError) -> LookupData {
    LookupData {
        orders: failed_listing(&failure),
        requests: failed_listing(&failure),
        current_user: Err(failure),
        write_error: None,
    }
}

fn failed_listing<T>(failure: &ApiError) -> Listing<T> {
    Listing { rows: Vec::new(), gap: Some(ListGap::Failed(failure.clone())), date: String::new() }
}

/// Stores the result of a lookup, before it counts.
async fn record_lookup(store_worker: &StoreWorker, lookup: &OrderLookup, found: LookupData) -> LookupData {
    let (id, series, number, brought) = (lookup.intent, lookup.series, lookup.number, found.clone());
    let kept = run_on_store(store_worker, move |store_session| {
        store_session.with_store(|store| {
            let Some(JournalEntry { intent, .. }) = store.load_entry(id)? else { return Ok(()) };
            let resolve = Resolver::new(OrderBaseline::from(&intent), SoughtOrder::from(&intent));
            store.record_lookup(
                id,
                &resolve.to_stored_lookup(brought, series, number, Timestamp::now().as_millisecond()),
            )
        })
    });
    LookupData { write_error: kept.await.err(), ..found }
}

/// Runs one lookup: the lists, with the details of new orders, because lists do not report the user.
async fn run_lookup(context: ExecutorContext<'_>, lookup: &OrderLookup) -> LookupData {
    let client = match context.client_or_error() {
        Ok(client) => client,
        Err(failure) => return failed_lookup(failure),
    };
    // The search by the order's own mark comes first, because it finds the order at once if the server supports it.
    // An empty result proves nothing.
    let by_mark = match lookup.alternative_order_id.as_str() {
        "" => Vec::new(),
        mark => client.fetch_orders_by_alternative_id(mark).await.map(|answer| answer.value.rows).unwrap_or_default(),
    };
    let mut found = fetch_lists(context, &lookup.product, lookup.organization).await;
    let of_others = orders_of_other_intents(context.store_worker, lookup.intent).await;
    found.orders.rows.retain(|row| !of_others.contains(&row.id));
    found.requests.rows.retain(|row| row.order_id.is_none_or(|id| !of_others.contains(&id)));
    for row in by_mark {
        if found.orders.rows.iter().all(|known| known.id != row.id) {
            found.orders.rows.push(row);
        }
    }
    let new =
        found.orders.rows.iter_mut().filter(|row| !lookup.known_orders.contains(&row.id)).take(MAX_DETAIL_FETCHES);
    for row in new {
        if let Ok(details) = client.fetch_order(row.id).await {
            *row = merge_details(row, details);
        }
    }
    found
}

/// Returns the orders that the journal assigns to other intents of this account, sent at about the same time or
/// later. None of them can be the order of this intent.
async fn orders_of_other_intents(store_worker: &StoreWorker, id: IntentId) -> Vec<u64> {
    let found = run_on_store(store_worker, move |store_session| {
        store_session.with_store(|store| {
            let Some(JournalEntry { intent, .. }) = store.load_entry(id)? else { return Ok(Vec::new()) };
            let since = intent.local_time - late_listing_millis();
            let others = store.list_placed()?.into_iter().filter(|other| {
                other.id != id && other.intent.local_time >= since && other.intent.is_same_account(&intent)
            });
            Ok(others.filter_map(|entry| entry.placed_order_id()).collect())
        })
    });
    found.await.unwrap_or_default()
}

/// Returns the longest delay, in milliseconds, before an order from this computer appears in the lists.
fn late_listing_millis() -> i64 {
    i64::try_from(LATE_LISTING.as_millis()).unwrap_or(i64::MAX)
}

/// Returns the details, completed with what only the list has.
fn merge_details(listed: &OrderRow, details: OrderRow) -> OrderRow {
    let or = |shown: String, listed: &str| if shown.is_empty() { listed.to_owned() } else { shown };
    OrderRow {
        status: or(details.status, &listed.status),
        product: or(details.product, &listed.product),
        organization_id: details.organization_id.or(listed.organization_id),
        organization_name: or(details.organization_name, &listed.organization_name),
        date_created: or(details.date_created, &listed.date_created),
        ..details
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{KnownSet, StoredDraft};
    use crate::store::Store;
    use rstest::rstest;
    use std::sync::mpsc::channel;

    fn intent() -> Intent {
        Intent {
            draft: None,
            host: "h".into(),
            account: String::new(),
            product: "p".into(),
            organization: None,
            digest: "d".into(),
            body: "{}".into(),
            user: None,
            known_set: KnownSet::default(),
            server_time: None,
            local_time: 0,
        }
    }

    fn draft() -> StoredDraft {
        let text = String::new;
        StoredDraft { account: text(), product: text(), step: text(), title: text(), payload: text(), saved_at: 0 }
    }

    /// An order of another window must not be missed, even with a key that may not list orders and a clock that was
    /// turned back.
    #[rstest]
    #[case::not_told("h", Some(9), &[], false)]
    #[case::told("h", Some(9), &[7], true)]
    #[case::new_organization("h", None, &[], false)]
    #[case::other_organization("h", Some(8), &[], true)]
    #[case::elsewhere("i", Some(9), &[], true)]
    fn an_order_placed_by_another_window_blocks_the_submission(
        #[case] host: &str,
        #[case] organization: Option<u64>,
        #[case] shown: &[u64],
        #[case] begins: bool,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap().store;
        let past = Intent { host: host.into(), organization, local_time: i64::MAX, ..intent() };
        let id = store.record_intent(&past).unwrap();
        store.record_outcome(id, &RecordedOutcome::Placed { order: 7, requests: Vec::new() }).unwrap();
        let store_worker = StoreWorker::start(Ok(dir.path().to_owned())).unwrap();
        let (send, receive) = channel();
        let next = Intent { organization: Some(9), ..intent() };
        write_to_journal(
            &store_worker,
            JournalWrite::Intent(Box::new(next), ShownRecords { orders: shown.to_vec(), ..ShownRecords::default() }),
            || 0,
            move |event| send.send(event).unwrap(),
        );
        match receive.recv().unwrap() {
            OrderEvent::IntentRecorded(Ok(_)) => assert!(begins),
            OrderEvent::IntentRecorded(Err(unkept)) => {
                assert_eq!((unkept.kind, begins), (PersistenceErrorKind::PlacedMeanwhile(7), false));
            }
            event => panic!("{event:?}"),
        }
    }

    /// Without this, the draft of a placed order would be offered again after the program was killed.
    #[test]
    fn an_intent_names_a_draft_that_was_saved_after_it_was_planned() {
        let dir = tempfile::tempdir().unwrap();
        let store_worker = StoreWorker::start(Ok(dir.path().to_owned())).unwrap();
        let (send, receive) = channel();
        let saved = send.clone();
        store_worker.enqueue(move |store_session| saved.send(store_session.save_draft(&draft()).ok()).unwrap());
        let written = move |event| {
            let OrderEvent::IntentRecorded(Ok(entry)) = event else { panic!("{event:?}") };
            send.send(entry.intent.draft).unwrap();
        };
        write_to_journal(
            &store_worker,
            JournalWrite::Intent(Box::new(intent()), ShownRecords::default()),
            || 0,
            written,
        );
        let ids = [receive.recv().unwrap(), receive.recv().unwrap()];
        assert!(ids[0].is_some() && ids[0] == ids[1], "{ids:?}");
    }
}
