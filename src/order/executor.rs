//! Carries out what the course of an order asks for, over the API and the store. The order is sent once; its future is
//! never dropped before the answer.
//!
//! It decides nothing: what an answer means, and what comes next, is the course's matter.

use super::matching::{NEW_REQUEST, can_match, is_about_new_order};
use super::preflight::LATE_LISTING;
use super::resolve::{LookupData, OrderBaseline, Resolver, SoughtOrder};
use super::similar_orders::organizations_to_fetch;
use super::{
    JournalRecords, JournalWrite, JournaledOrder, LocalTimes, OrderEffect, OrderEvent, OrderLookup, OrderPlan,
    PollReply, PollResult, PreflightData, PreflightExtras, ShownRecords,
};
use crate::certcentral::{Client, OrderFilter, Paging};
use crate::domain::{
    ApiError, Decision, Intent, IntentId, JournalEntry, ListGap, Listing, OrderRow, Organization, PersistenceError,
    PersistenceErrorKind, RecordedOutcome, RequestRow, SendResult, Statement, TransportError,
};
use crate::redact::Redactor;
use crate::secret::SecretBytes;
use crate::store::{Acknowledgment, StoreSession, StoreWorker};
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::oneshot;

/// Of so many new orders details are asked for at most.
const MAX_DETAIL_FETCHES: usize = 20;

/// How often the outcome is written at most, where another process is in the way.
const MAX_WRITE_ATTEMPTS: u32 = 3;

/// By what it is carried out.
#[derive(Clone, Copy)]
pub struct ExecutorContext<'a> {
    /// The client, or why there is none.
    pub client: Result<&'a Client, &'a TransportError>,
    /// The store.
    pub store_worker: &'a StoreWorker,
    /// Where the order goes.
    pub endpoint: &'a str,
    /// What waits are divided by: 1 for a real server.
    pub pace: u32,
}

impl<'a> ExecutorContext<'a> {
    /// The client for a question, or why it cannot be asked.
    fn client_or_error(self) -> Result<&'a Client, ApiError> {
        self.client.map_err(|why| ApiError::NotAllowed(why.clone()))
    }
}

/// Writes something down, after all that was asked for before, and tells what happened. That it is asked for when
/// this returns is what a program that ends now relies on.
pub fn write_to_journal(
    keeper: &StoreWorker,
    write: JournalWrite,
    now: impl FnOnce() -> u64 + Send + 'static,
    tell: impl FnOnce(OrderEvent) + Send + 'static,
) {
    keeper.enqueue(move |shelf| {
        let event = match write {
            JournalWrite::Intent(intent, told) => {
                OrderEvent::IntentRecorded(record_intent(shelf, *intent, &told).map(Box::new))
            }
            JournalWrite::Outcome(id, ended, words) => {
                OrderEvent::OutcomeRecorded(record_outcome(shelf, id, &ended, &words))
            }
            JournalWrite::Decision(id, decision) => {
                OrderEvent::DecisionRecorded(record_decision(shelf, id, &decision), now())
            }
            JournalWrite::Statement(id, decision, sentence) => {
                OrderEvent::DecisionRecorded(record_statement(shelf, id, &decision, sentence), now())
            }
        };
        tell(event);
    });
}

/// Does one thing, and says what happened; nothing where it is to be written down. `now` tells the time in
/// milliseconds.
pub async fn execute_effect(
    means: ExecutorContext<'_>,
    effect: OrderEffect,
    now: impl Fn() -> u64,
) -> Option<OrderEvent> {
    Some(match effect {
        OrderEffect::RunPreflight(plan) => {
            let begun = now();
            let mut survey = run_preflight(means, &plan).await;
            survey.extras.started_at = Some(begun);
            OrderEvent::PreflightDone(plan.preflight_number, Box::new(survey), now())
        }
        OrderEffect::SendOrder(body) => OrderEvent::SendFinished(send_order(means, body).await, now()),
        OrderEffect::RunLookup(quest, wait) => {
            sleep_at_pace(wait, means.pace).await;
            let look = record_lookup(means.store_worker, &quest, run_lookup(means, &quest).await).await;
            OrderEvent::LookupDone(quest, Box::new(look), now())
        }
        OrderEffect::FetchRequest(round, id) => {
            let answer = async { means.client_or_error()?.fetch_request(id).await }.await;
            OrderEvent::PollReplied(PollReply { round, result: PollResult::Request(id, answer) }, now())
        }
        OrderEffect::FetchOrder(round, id) => {
            let answer = async { means.client_or_error()?.fetch_order(id).await }.await;
            OrderEvent::PollReplied(PollReply { round, result: PollResult::Order(Box::new(answer)) }, now())
        }
        OrderEffect::WaitForRound(round, wait) => {
            sleep_at_pace(wait, means.pace).await;
            OrderEvent::PollPauseEnded(round)
        }
        OrderEffect::Write(_) => return None,
    })
}

async fn send_order(means: ExecutorContext<'_>, body: SecretBytes) -> SendResult {
    match means.client {
        Ok(client) => client.submit_order(means.endpoint, body).await,
        // Without a client nothing can have left.
        Err(why) => SendResult::NotSent(why.clone()),
    }
}

/// Waits so many milliseconds, divided by the pace.
pub async fn sleep_at_pace(wait: u64, pace: u32) {
    tokio::time::sleep(Duration::from_millis(wait) / pace.max(1)).await;
}

/// Has something done with the store, after all that was asked for before.
///
/// # Errors
/// Where it cannot be done.
pub async fn run_on_store<T: Send + 'static>(
    keeper: &StoreWorker,
    work: impl FnOnce(&mut StoreSession) -> Result<T, PersistenceError> + Send + 'static,
) -> Result<T, PersistenceError> {
    let (send, receive) = oneshot::channel();
    keeper.enqueue(move |shelf| {
        let _ = send.send(work(shelf));
    });
    receive.await.unwrap_or_else(|_| Err(store_closed_error()))
}

/// Nothing is kept any more: the program is about to end.
fn store_closed_error() -> PersistenceError {
    PersistenceError { path: String::new(), kind: PersistenceErrorKind::Closed }
}

/// Puts the intent on disk, with the time here. Only one window sends a digest at a time.
fn record_intent(
    shelf: &mut StoreSession,
    mut intent: Intent,
    told: &ShownRecords,
) -> Result<JournalEntry, PersistenceError> {
    intent.local_time = jiff::Timestamp::now().as_millisecond();
    // The draft may have been saved for the first time since the order was planned.
    intent.draft = shelf.held_draft().or(intent.draft);
    shelf.lock_digest(&intent.digest)?;
    let words = format!("confirmed the order {}", intent.digest);
    let acknowledged = Acknowledgment { losses: told.losses.clone(), words, user: local_user() };
    let begun = shelf.with_store(|store| {
        store.record_intent_unless(&intent, &acknowledged, |entry| find_unseen_order(entry, &intent, &told.orders))
    });
    if begun.is_err() {
        shelf.release_digest(&intent.digest);
    }
    Ok(JournalEntry { id: begun?, intent, ..JournalEntry::default() })
}

/// Who works here: the number that the system has for the user, and the name that the environment gives.
pub fn local_user() -> String {
    let name = ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    format!("{} {name}", rustix::process::getuid().as_raw()).trim_end().to_owned()
}

/// Writes down what a person decides by what was checked in `CertCentral`, with the time and who that is here. A number
/// of a card that was typed with it is masked.
///
/// # Errors
/// Where it cannot be written.
pub fn record_statement(
    shelf: &mut StoreSession,
    id: IntentId,
    decision: &Decision,
    sentence: String,
) -> Result<(), PersistenceError> {
    let sentence = Redactor::default().mask_secrets(&sentence).unwrap_or(sentence);
    let statement = Statement { sentence, user: local_user(), time: Timestamp::now().as_millisecond() };
    shelf.with_store(|store| store.record_statement(id, decision, &statement))?;
    shelf.release_intent(id);
    Ok(())
}

/// The order of a journaled intent of which nobody was told here: another window placed it after this one looked. The
/// journal alone decides, because the account's lists may be forbidden to the key, and clocks may be turned back.
fn find_unseen_order(entry: &JournalEntry, intent: &Intent, told: &[u64]) -> Option<u64> {
    let past = JournaledOrder::from_entry(entry, intent)?;
    let same = can_match(&intent.product, intent.organization, "", past.organization);
    (same && !told.contains(&past.order)).then_some(past.order)
}

fn record_outcome(
    shelf: &mut StoreSession,
    id: IntentId,
    ended: &RecordedOutcome,
    words: &str,
) -> Result<(), PersistenceError> {
    // Another process may be slow; what became of an order is worth waiting for.
    let mut left = MAX_WRITE_ATTEMPTS;
    while let Err(unkept) = shelf.with_store(|store| store.record_outcome(id, ended)) {
        left -= 1;
        if left == 0 || unkept.kind != PersistenceErrorKind::Busy {
            return Err(unkept);
        }
    }
    if !words.is_empty() {
        // What became of it is kept; without the words it is known all the same.
        let _ = shelf.with_store(|store| store.record_server_excerpt(id, words));
    }
    // One that is unknown is resolved in this window, and in no other.
    if !matches!(ended, RecordedOutcome::Unknown { .. }) {
        shelf.release_intent(id);
    }
    Ok(())
}

fn record_decision(shelf: &mut StoreSession, id: IntentId, decision: &Decision) -> Result<(), PersistenceError> {
    shelf.with_store(|store| store.record_decision(id, decision))?;
    shelf.release_intent(id);
    Ok(())
}

/// What there is before an order.
async fn run_preflight(means: ExecutorContext<'_>, plan: &OrderPlan) -> PreflightData {
    let intent = &plan.intent;
    let asked = Timestamp::now();
    let LookupData { orders, requests, current_user: me, .. } =
        fetch_lists(means, &intent.product, intent.organization).await;
    let here = Some(LocalTimes { asked, answered: Timestamp::now() });
    let account = me.as_ref().ok().and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default();
    let intent = Intent { account, ..intent.clone() };
    let records = run_on_store(means.store_worker, move |shelf| {
        shelf.with_store(|store| {
            let Intent { host, account, product, organization, .. } = &intent;
            // First: it may bring an open intent back.
            let lost = store.list_unacknowledged_losses()?;
            let blocked = store.find_blocking_intent(host, account, product, *organization)?;
            let placed = store.list_placed()?;
            let placed = placed.iter().filter_map(|entry| JournaledOrder::from_entry(entry, &intent)).collect();
            Ok(JournalRecords { blocking_intent: blocked, placed, losses: lost })
        })
    });
    let records = records.await;
    let placed = records.as_ref().map_or(&[][..], |records| &records.placed);
    let details = fetch_order_details(means, placed).await;
    let organizations = fetch_organizations(means, &orders, &requests, &plan.intent).await;
    PreflightData {
        current_user: me,
        orders,
        requests,
        records,
        extras: PreflightExtras { details, organizations, local_times: here, started_at: None },
    }
}

/// What the account tells of the newest orders of the same digest: lists say little of whether one still holds.
async fn fetch_order_details(means: ExecutorContext<'_>, placed: &[JournaledOrder]) -> Vec<OrderRow> {
    let Ok(client) = means.client else { return Vec::new() };
    let mut found = Vec::new();
    for past in placed.iter().filter(|past| past.same_digest).take(MAX_DETAIL_FETCHES) {
        found.extend(client.fetch_order_row(past.order).await.ok().map(|answer| answer.value));
    }
    found
}

/// The organizations of the listed orders, by a page of their list and then one by one; not all of a large account.
async fn fetch_organizations(
    means: ExecutorContext<'_>,
    orders: &Listing<OrderRow>,
    requests: &Listing<RequestRow>,
    intent: &Intent,
) -> Vec<Organization> {
    let mut wanted = organizations_to_fetch(&orders.rows, &requests.rows, intent);
    let Some(client) = means.client.ok().filter(|_| !wanted.is_empty()) else { return Vec::new() };
    let page = client.fetch_organizations(Paging::default().size, 0).await;
    let mut found = page.map(|page| page.rows).unwrap_or_default();
    found.retain(|one| wanted.remove(&one.id));
    // Ids grow: the newest organizations have the newest orders.
    for id in wanted.into_iter().rev().take(MAX_DETAIL_FETCHES) {
        found.extend(client.fetch_organization(id).await.ok());
    }
    found
}

/// The lists of orders and requests, and whose key it is, all whole or with a reason.
async fn fetch_lists(means: ExecutorContext<'_>, product: &str, organization: Option<u64>) -> LookupData {
    let client = match means.client_or_error() {
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

/// Keeps what a look brought, before it counts.
async fn record_lookup(keeper: &StoreWorker, quest: &OrderLookup, look: LookupData) -> LookupData {
    let (id, series, number, brought) = (quest.intent, quest.series, quest.number, look.clone());
    let kept = run_on_store(keeper, move |shelf| {
        shelf.with_store(|store| {
            let Some(JournalEntry { intent, .. }) = store.load_entry(id)? else { return Ok(()) };
            let resolve = Resolver::new(OrderBaseline::from(&intent), SoughtOrder::from(&intent));
            store.record_lookup(
                id,
                &resolve.to_stored_lookup(brought, series, number, Timestamp::now().as_millisecond()),
            )
        })
    });
    LookupData { write_error: kept.await.err(), ..look }
}

/// One look for an order: the lists, with the details of what is new in them, because lists do not tell the user.
async fn run_lookup(means: ExecutorContext<'_>, quest: &OrderLookup) -> LookupData {
    let client = match means.client_or_error() {
        Ok(client) => client,
        Err(failure) => return failed_lookup(failure),
    };
    // By its mark first: that is found at once, where it is taken at all. Nothing found says nothing.
    let by_mark = match quest.alternative_order_id.as_str() {
        "" => Vec::new(),
        mark => client.fetch_orders_by_alternative_id(mark).await.map(|answer| answer.value.rows).unwrap_or_default(),
    };
    let mut look = fetch_lists(means, &quest.product, quest.organization).await;
    let of_others = orders_of_other_intents(means.store_worker, quest.intent).await;
    look.orders.rows.retain(|row| !of_others.contains(&row.id));
    look.requests.rows.retain(|row| row.order_id.is_none_or(|id| !of_others.contains(&id)));
    for row in by_mark {
        if look.orders.rows.iter().all(|known| known.id != row.id) {
            look.orders.rows.push(row);
        }
    }
    let new = look.orders.rows.iter_mut().filter(|row| !quest.known_orders.contains(&row.id)).take(MAX_DETAIL_FETCHES);
    for row in new {
        if let Ok(details) = client.fetch_order_row(row.id).await {
            *row = merge_details(row, details.value);
        }
    }
    look
}

/// The orders that the journal gives to other intents of this account, of about this time or later: none of them is
/// this one.
async fn orders_of_other_intents(keeper: &StoreWorker, id: IntentId) -> Vec<u64> {
    let found = run_on_store(keeper, move |shelf| {
        shelf.with_store(|store| {
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

/// So late, in milliseconds, an order may be listed that was placed from here.
fn late_listing_millis() -> i64 {
    i64::try_from(LATE_LISTING.as_millis()).unwrap_or(i64::MAX)
}

/// The details, and what only the list told.
fn merge_details(listed: &OrderRow, details: OrderRow) -> OrderRow {
    let or = |told: String, listed: &str| if told.is_empty() { listed.to_owned() } else { told };
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

    /// A key that may list nothing, and a clock that was turned back, must not let an order of another window be missed.
    #[rstest]
    #[case::not_told("h", Some(9), &[], false)]
    #[case::told("h", Some(9), &[7], true)]
    #[case::new_organization("h", None, &[], false)]
    #[case::other_organization("h", Some(8), &[], true)]
    #[case::elsewhere("i", Some(9), &[], true)]
    fn what_another_window_placed_meanwhile_is_in_the_way(
        #[case] host: &str,
        #[case] organization: Option<u64>,
        #[case] told: &[u64],
        #[case] begins: bool,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap().store;
        let past = Intent { host: host.into(), organization, local_time: i64::MAX, ..intent() };
        let id = store.record_intent(&past).unwrap();
        store.record_outcome(id, &RecordedOutcome::Placed { order: 7, requests: Vec::new() }).unwrap();
        let keeper = StoreWorker::start(Ok(dir.path().to_owned())).unwrap();
        let (send, receive) = channel();
        let next = Intent { organization: Some(9), ..intent() };
        write_to_journal(
            &keeper,
            JournalWrite::Intent(Box::new(next), ShownRecords { orders: told.to_vec(), ..ShownRecords::default() }),
            || 0,
            move |event| send.send(event).unwrap(),
        );
        match receive.recv().unwrap() {
            OrderEvent::IntentRecorded(Ok(_)) => assert!(begins),
            OrderEvent::IntentRecorded(Err(unkept)) => {
                assert_eq!((unkept.kind, begins), (PersistenceErrorKind::PlacedMeanwhile(7), false))
            }
            event => panic!("{event:?}"),
        }
    }

    /// Else the draft of an order that was placed would be offered again, after the program was killed.
    #[test]
    fn an_intent_names_a_draft_that_was_saved_after_it_was_planned() {
        let dir = tempfile::tempdir().unwrap();
        let keeper = StoreWorker::start(Ok(dir.path().to_owned())).unwrap();
        let (send, receive) = channel();
        let saved = send.clone();
        keeper.enqueue(move |shelf| saved.send(shelf.save_draft(&draft()).ok()).unwrap());
        let written = move |event| {
            let OrderEvent::IntentRecorded(Ok(entry)) = event else { panic!("{event:?}") };
            send.send(entry.intent.draft).unwrap();
        };
        write_to_journal(&keeper, JournalWrite::Intent(Box::new(intent()), ShownRecords::default()), || 0, written);
        let ids = [receive.recv().unwrap(), receive.recv().unwrap()];
        assert!(ids[0].is_some() && ids[0] == ids[1], "{ids:?}");
    }
}
