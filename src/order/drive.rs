//! Carries out what the course of an order asks for, over the API and the store. The order is sent once; its future is
//! never dropped before the answer.
//!
//! It decides nothing: what an answer means, and what comes next, is the course's matter.

use super::alike::organizations_of;
use super::near::{NEW, about_new, could_be};
use super::resolve::{Before, Look, Resolve, Sought};
use super::survey::LATE;
use super::{Beside, Effect, Event, Heard, Here, Past, Plan, Quest, Records, Survey, Told, ToldOf, Write};
use crate::certcentral::{Client, OrderFilter, Paging};
use crate::facts::{
    Answer, Decision, Ended, Entry, Failure, Gap, Hitch, Intent, IntentId, Listing, OrderRow, Organization, Reason,
    RequestRow, Statement, Unkept,
};
use crate::redact::Redactor;
use crate::secret::SecretBytes;
use crate::store::{Acknowledgment, Keeper, Shelf};
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::oneshot;

/// Of so many new orders details are asked for at most.
const DETAILS: usize = 20;

/// How often the outcome is written at most, where another process is in the way.
const ATTEMPTS: u32 = 3;

/// By what it is carried out.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The client, or why there is none.
    pub client: Result<&'a Client, &'a Reason>,
    /// The store.
    pub keeper: &'a Keeper,
    /// Where the order goes.
    pub endpoint: &'a str,
    /// What waits are divided by: 1 for a real server.
    pub pace: u32,
}

impl<'a> Means<'a> {
    /// The client for a question, or why it cannot be asked.
    fn to_ask(self) -> Result<&'a Client, Failure> {
        self.client.map_err(|why| Failure::NotAllowed(why.clone()))
    }
}

/// Writes something down, after all that was asked for before, and tells what happened. That it is asked for when
/// this returns is what a program that ends now relies on.
pub fn write_down(
    keeper: &Keeper,
    write: Write,
    now: impl FnOnce() -> u64 + Send + 'static,
    tell: impl FnOnce(Event) + Send + 'static,
) {
    keeper.ask(move |shelf| {
        let event = match write {
            Write::Intent(intent, told) => Event::Recorded(record(shelf, *intent, &told).map(Box::new)),
            Write::Ended(id, ended, words) => Event::Kept(finish(shelf, id, &ended, &words)),
            Write::Decision(id, decision) => Event::DecisionKept(decide(shelf, id, &decision), now()),
            Write::Statement(id, decision, sentence) => {
                Event::DecisionKept(state(shelf, id, &decision, sentence), now())
            }
        };
        tell(event);
    });
}

/// Does one thing, and says what happened; nothing where it is to be written down. `now` tells the time in
/// milliseconds.
pub async fn carry_out(means: Means<'_>, effect: Effect, now: impl Fn() -> u64) -> Option<Event> {
    Some(match effect {
        Effect::Survey(plan) => {
            let begun = now();
            let mut survey = survey(means, &plan).await;
            survey.beside.begun = Some(begun);
            Event::Surveyed(plan.number, Box::new(survey), now())
        }
        Effect::Send(body) => Event::Answered(send(means, body).await, now()),
        Effect::Look(quest, wait) => {
            pause(wait, means.pace).await;
            let look = kept(means.keeper, &quest, look(means, &quest).await).await;
            Event::Looked(quest, Box::new(look), now())
        }
        Effect::AskRequest(round, id) => {
            let answer = async { means.to_ask()?.request(id).await }.await;
            Event::Heard(Heard { round, told: Told::Request(id, answer) }, now())
        }
        Effect::AskOrder(round, id) => {
            let answer = async { means.to_ask()?.order(id).await }.await;
            Event::Heard(Heard { round, told: Told::Order(Box::new(answer)) }, now())
        }
        Effect::Wait(round, wait) => {
            pause(wait, means.pace).await;
            Event::Waited(round)
        }
        Effect::Write(_) => return None,
    })
}

async fn send(means: Means<'_>, body: SecretBytes) -> Answer {
    match means.client {
        Ok(client) => client.submit(means.endpoint, body).await,
        // Without a client nothing can have left.
        Err(why) => Answer::NotSent(why.clone()),
    }
}

/// Waits so many milliseconds, divided by the pace.
pub async fn pause(wait: u64, pace: u32) {
    tokio::time::sleep(Duration::from_millis(wait) / pace.max(1)).await;
}

/// Has something done with the store, after all that was asked for before.
///
/// # Errors
/// Where it cannot be done.
pub async fn ask<T: Send + 'static>(
    keeper: &Keeper,
    work: impl FnOnce(&mut Shelf) -> Result<T, Unkept> + Send + 'static,
) -> Result<T, Unkept> {
    let (send, receive) = oneshot::channel();
    keeper.ask(move |shelf| {
        let _ = send.send(work(shelf));
    });
    receive.await.unwrap_or_else(|_| Err(closed()))
}

/// Nothing is kept any more: the program is about to end.
fn closed() -> Unkept {
    Unkept { path: String::new(), cause: Hitch::Closed }
}

/// Puts the intent on disk, with the time here. Only one window sends a digest at a time.
fn record(shelf: &mut Shelf, mut intent: Intent, told: &ToldOf) -> Result<Entry, Unkept> {
    intent.local_time = jiff::Timestamp::now().as_millisecond();
    // The draft may have been saved for the first time since the order was planned.
    intent.draft = shelf.held().or(intent.draft);
    shelf.lock_digest(&intent.digest)?;
    let words = format!("confirmed the order {}", intent.digest);
    let acknowledged = Acknowledgment { losses: told.losses.clone(), words, user: user_here() };
    let begun =
        shelf.with(|store| store.begin_unless(&intent, &acknowledged, |entry| meanwhile(entry, &intent, &told.orders)));
    if begun.is_err() {
        shelf.release_digest(&intent.digest);
    }
    Ok(Entry { id: begun?, intent, ..Entry::default() })
}

/// Who works here: the number that the system has for the user, and the name that the environment gives.
pub fn user_here() -> String {
    let name = ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    format!("{} {name}", rustix::process::getuid().as_raw()).trim_end().to_owned()
}

/// Writes down what a person decides by what was checked in `CertCentral`, with the time and who that is here. A number
/// of a card that was typed with it is masked.
///
/// # Errors
/// Where it cannot be written.
pub fn state(shelf: &mut Shelf, id: IntentId, decision: &Decision, sentence: String) -> Result<(), Unkept> {
    let sentence = Redactor::default().mask(&sentence).unwrap_or(sentence);
    let statement = Statement { sentence, user: user_here(), time: Timestamp::now().as_millisecond() };
    shelf.with(|store| store.state(id, decision, &statement))?;
    shelf.release_intent(id);
    Ok(())
}

/// The order of a journaled intent of which nobody was told here: another window placed it after this one looked. The
/// journal alone decides, because the account's lists may be forbidden to the key, and clocks may be turned back.
fn meanwhile(entry: &Entry, intent: &Intent, told: &[u64]) -> Option<u64> {
    let past = Past::of(entry, intent)?;
    let same = could_be(&intent.product, intent.organization, "", past.organization);
    (same && !told.contains(&past.order)).then_some(past.order)
}

fn finish(shelf: &mut Shelf, id: IntentId, ended: &Ended, words: &str) -> Result<(), Unkept> {
    // Another process may be slow; what became of an order is worth waiting for.
    let mut left = ATTEMPTS;
    while let Err(unkept) = shelf.with(|store| store.finish(id, ended)) {
        left -= 1;
        if left == 0 || unkept.cause != Hitch::Busy {
            return Err(unkept);
        }
    }
    if !words.is_empty() {
        // What became of it is kept; without the words it is known all the same.
        let _ = shelf.with(|store| store.keep_words(id, words));
    }
    // One that is unknown is resolved in this window, and in no other.
    if !matches!(ended, Ended::Unknown { .. }) {
        shelf.release_intent(id);
    }
    Ok(())
}

fn decide(shelf: &mut Shelf, id: IntentId, decision: &Decision) -> Result<(), Unkept> {
    shelf.with(|store| store.decide(id, decision))?;
    shelf.release_intent(id);
    Ok(())
}

/// What there is before an order.
async fn survey(means: Means<'_>, plan: &Plan) -> Survey {
    let intent = &plan.intent;
    let asked = Timestamp::now();
    let Look { orders, requests, me, .. } = lists(means, &intent.product, intent.organization).await;
    let here = Some(Here { asked, answered: Timestamp::now() });
    let account = me.as_ref().ok().and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default();
    let intent = Intent { account, ..intent.clone() };
    let records = ask(means.keeper, move |shelf| {
        shelf.with(|store| {
            let Intent { host, account, product, organization, .. } = &intent;
            // First: it may bring an open intent back.
            let lost = store.losses()?;
            let blocked = store.blocks(host, account, product, *organization)?;
            let placed = store.placed()?;
            let placed = placed.iter().filter_map(|entry| Past::of(entry, &intent)).collect();
            Ok(Records { blocked, placed, lost })
        })
    });
    let records = records.await;
    let placed = records.as_ref().map_or(&[][..], |records| &records.placed);
    let details = details(means, placed).await;
    let organizations = organizations(means, &orders, &requests, &plan.intent).await;
    Survey { me, orders, requests, records, beside: Beside { details, organizations, here, begun: None } }
}

/// What the account tells of the newest orders of the same digest: lists say little of whether one still holds.
async fn details(means: Means<'_>, placed: &[Past]) -> Vec<OrderRow> {
    let Ok(client) = means.client else { return Vec::new() };
    let mut found = Vec::new();
    for past in placed.iter().filter(|past| past.same).take(DETAILS) {
        found.extend(client.order_row(past.order).await.ok().map(|answer| answer.told));
    }
    found
}

/// The organizations of the listed orders, by a page of their list and then one by one; not all of a large account.
async fn organizations(
    means: Means<'_>,
    orders: &Listing<OrderRow>,
    requests: &Listing<RequestRow>,
    intent: &Intent,
) -> Vec<Organization> {
    let mut wanted = organizations_of(&orders.rows, &requests.rows, intent);
    let Some(client) = means.client.ok().filter(|_| !wanted.is_empty()) else { return Vec::new() };
    let page = client.organizations(Paging::default().size, 0).await;
    let mut found = page.map(|page| page.rows).unwrap_or_default();
    found.retain(|one| wanted.remove(&one.id));
    // Ids grow: the newest organizations have the newest orders.
    for id in wanted.into_iter().rev().take(DETAILS) {
        found.extend(client.organization(id).await.ok());
    }
    found
}

/// The lists of orders and requests, and whose key it is, all whole or with a reason.
async fn lists(means: Means<'_>, product: &str, organization: Option<u64>) -> Look {
    let client = match means.to_ask() {
        Ok(client) => client,
        Err(failure) => return unasked(failure),
    };
    let filter = OrderFilter { product, organization };
    let (orders, requests, me) =
        tokio::join!(client.all_orders(filter, Paging::longest()), client.requests_of(NEW, about_new), client.me(),);
    Look { orders, requests, me: me.map(|me| me.told), unkept: None }
}

fn unasked(failure: Failure) -> Look {
    Look { orders: failed(&failure), requests: failed(&failure), me: Err(failure), unkept: None }
}

fn failed<T>(failure: &Failure) -> Listing<T> {
    Listing { rows: Vec::new(), gap: Some(Gap::Failed(failure.clone())), date: String::new() }
}

/// Keeps what a look brought, before it counts.
async fn kept(keeper: &Keeper, quest: &Quest, look: Look) -> Look {
    let (id, series, number, brought) = (quest.intent, quest.series, quest.number, look.clone());
    let kept = ask(keeper, move |shelf| {
        shelf.with(|store| {
            let Some(Entry { intent, .. }) = store.entry(id)? else { return Ok(()) };
            let resolve = Resolve::new(Before::from(&intent), Sought::from(&intent));
            store.keep_look(id, &resolve.to_keep(brought, series, number, Timestamp::now().as_millisecond()))
        })
    });
    Look { unkept: kept.await.err(), ..look }
}

/// One look for an order: the lists, with the details of what is new in them, because lists do not tell the user.
async fn look(means: Means<'_>, quest: &Quest) -> Look {
    let client = match means.to_ask() {
        Ok(client) => client,
        Err(failure) => return unasked(failure),
    };
    // By its mark first: that is found at once, where it is taken at all. Nothing found says nothing.
    let by_mark = match quest.mark.as_str() {
        "" => Vec::new(),
        mark => client.order_by_alternative(mark).await.map(|answer| answer.told.rows).unwrap_or_default(),
    };
    let mut look = lists(means, &quest.product, quest.organization).await;
    let of_others = of_others(means.keeper, quest.intent).await;
    look.orders.rows.retain(|row| !of_others.contains(&row.id));
    look.requests.rows.retain(|row| row.order_id.is_none_or(|id| !of_others.contains(&id)));
    for row in by_mark {
        if look.orders.rows.iter().all(|known| known.id != row.id) {
            look.orders.rows.push(row);
        }
    }
    let new = look.orders.rows.iter_mut().filter(|row| !quest.known.contains(&row.id)).take(DETAILS);
    for row in new {
        if let Ok(details) = client.order_row(row.id).await {
            *row = merged(row, details.told);
        }
    }
    look
}

/// The orders that the journal gives to other intents of this account, of about this time or later: none of them is
/// this one.
async fn of_others(keeper: &Keeper, id: IntentId) -> Vec<u64> {
    let found = ask(keeper, move |shelf| {
        shelf.with(|store| {
            let Some(Entry { intent, .. }) = store.entry(id)? else { return Ok(Vec::new()) };
            let since = intent.local_time - late();
            let others = store.placed()?.into_iter().filter(|other| {
                other.id != id && other.intent.local_time >= since && other.intent.is_of_account_of(&intent)
            });
            Ok(others.filter_map(|entry| entry.order()).collect())
        })
    });
    found.await.unwrap_or_default()
}

/// So late, in milliseconds, an order may be listed that was placed from here.
fn late() -> i64 {
    i64::try_from(LATE.as_millis()).unwrap_or(i64::MAX)
}

/// The details, and what only the list told.
fn merged(listed: &OrderRow, details: OrderRow) -> OrderRow {
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
    use crate::facts::{Draft, KnownSet};
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
            known: KnownSet::default(),
            server_time: None,
            local_time: 0,
        }
    }

    fn draft() -> Draft {
        let text = String::new;
        Draft { account: text(), product: text(), step: text(), title: text(), payload: text(), saved_at: 0 }
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
        let id = store.begin(&past).unwrap();
        store.finish(id, &Ended::Placed { order: 7, requests: Vec::new() }).unwrap();
        let keeper = Keeper::start(Ok(dir.path().to_owned())).unwrap();
        let (send, receive) = channel();
        let next = Intent { organization: Some(9), ..intent() };
        write_down(
            &keeper,
            Write::Intent(Box::new(next), ToldOf { orders: told.to_vec(), ..ToldOf::default() }),
            || 0,
            move |event| send.send(event).unwrap(),
        );
        match receive.recv().unwrap() {
            Event::Recorded(Ok(_)) => assert!(begins),
            Event::Recorded(Err(unkept)) => assert_eq!((unkept.cause, begins), (Hitch::Meanwhile(7), false)),
            event => panic!("{event:?}"),
        }
    }

    /// Else the draft of an order that was placed would be offered again, after the program was killed.
    #[test]
    fn an_intent_names_a_draft_that_was_saved_after_it_was_planned() {
        let dir = tempfile::tempdir().unwrap();
        let keeper = Keeper::start(Ok(dir.path().to_owned())).unwrap();
        let (send, receive) = channel();
        let saved = send.clone();
        keeper.ask(move |shelf| saved.send(shelf.save(&draft()).ok()).unwrap());
        let written = move |event| {
            let Event::Recorded(Ok(entry)) = event else { panic!("{event:?}") };
            send.send(entry.intent.draft).unwrap();
        };
        write_down(&keeper, Write::Intent(Box::new(intent()), ToldOf::default()), || 0, written);
        let ids = [receive.recv().unwrap(), receive.recv().unwrap()];
        assert!(ids[0].is_some() && ids[0] == ids[1], "{ids:?}");
    }
}
