//! Finding what an id is: an order, or where there is no such order a request, and the order that it is about.
//!
//! The journal helps where it knows the id, and is never needed. A question that failed is no proof that there is no
//! such order: only the server's word that it does not know it is.

use super::Inquiry;
use crate::command::say;
use crate::facts::{Ended, Entry, Failure, Placed, RequestRow, RequestState, same_host};
use crate::order::Event;
use crate::tell;
use std::collections::BTreeSet;

/// What an id was found to be.
pub(super) enum Found {
    /// An order, or the order of a request: it is followed from here on, and its first round is in.
    Order,
    /// A request that names no order.
    Request(RequestRow),
    /// Nothing, or it could not be found out.
    Nothing(Failure),
}

impl Inquiry<'_> {
    /// What the journal knows. That it cannot be read is said, and is no reason to stop.
    pub(super) async fn read_journal(&mut self) {
        let host = self.host.clone();
        let read = self.errand.ask(move |shelf| {
            let placed = shelf.with(|store| store.placed())?;
            let here = placed.into_iter().filter(|entry| same_host(&entry.intent.host, &host)).collect();
            Ok((here, shelf.set_aside()))
        });
        match read.await {
            Ok((here, set_aside)) => {
                self.journal = self.of_this_account(here).await;
                if let Some((path, damage)) = set_aside {
                    say(&tell::set_aside_words(self.lang, &path, &damage));
                }
            }
            Err(unkept) => say(&self.lang.tell("follow.no_journal", &[("why", &self.teller().unkept(&unkept))])),
        }
    }

    /// Those of the account that the key opens. It is asked for only where the journal knows several of this host.
    async fn of_this_account(&self, here: Vec<Entry>) -> Vec<Entry> {
        let accounts: BTreeSet<&str> = here.iter().map(|entry| entry.intent.account.as_str()).collect();
        let (1.., Ok(client)) = (accounts.len().saturating_sub(1), self.errand.client()) else { return here };
        let me = client.me().await.ok().and_then(|me| me.told.account_id);
        let account = me.map(|id| id.to_string()).unwrap_or_default();
        here.into_iter().filter(|entry| entry.intent.may_be_of(&self.host, &account)).collect()
    }

    /// What the journal knows of what is asked for: of the order that is followed, else of the order that this id is a
    /// request of.
    pub(super) fn past(&self) -> Option<&Entry> {
        let order = self.follow().map_or(self.id, |follow| follow.placed().id);
        let is_told = self.follow().is_some_and(|follow| follow.order().is_some());
        let of_request = |entry: &&Entry| !is_told && requests(entry).contains(&self.id);
        let of_order = self.journal.iter().find(|entry| entry.order() == Some(order));
        of_order.or_else(|| self.journal.iter().find(of_request))
    }

    /// Asks for the order, then for the request.
    pub(super) async fn find(&mut self) -> Found {
        self.begin(Placed { id: self.id, ..Placed::default() }).await;
        let missing = self.follow().and_then(|follow| follow.failure()).filter(|failure| is_missing(failure)).cloned();
        let Some(missing) = missing else { return Found::Order };
        if let Some(order) = self.past().and_then(Entry::order) {
            // The journal knows better than a list that is late.
            if order != self.id {
                let requests = vec![RequestState { id: self.id, status: String::new() }];
                self.begin(Placed { id: order, requests, ..Placed::default() }).await;
            }
            return Found::Order;
        }
        let answer = match self.errand.client() {
            Ok(client) => client.request_row(self.id).await,
            Err(why) => Err(Failure::NotAllowed(why.clone())),
        };
        match answer {
            Ok(RequestRow { order_id: Some(order), id, status, .. }) => {
                let requests = vec![RequestState { id, status }];
                self.begin(Placed { id: order, requests, ..Placed::default() }).await;
                Found::Order
            }
            Ok(row) => Found::Request(row),
            Err(failure) if is_missing(&failure) => Found::Nothing(missing),
            Err(failure) => Found::Nothing(failure),
        }
    }

    /// Follows this order from now on; its first round is in when this returns.
    async fn begin(&mut self, placed: Placed) {
        let now = self.errand.now();
        self.errand.happen(Event::Followed(Box::new(placed), now));
        self.round().await;
    }

    /// Goes on until a round of questions is answered; false where nothing more is to come.
    pub(super) async fn round(&mut self) -> bool {
        while let Some(event) = self.errand.next().await {
            let answered = matches!(event, Event::Heard(..));
            self.errand.happen(event);
            if answered && self.follow().is_some_and(|follow| !follow.is_asking()) {
                return true;
            }
        }
        false
    }
}

/// Whether the server says that there is no such thing.
pub(super) fn is_missing(failure: &Failure) -> bool {
    failure.is_missing()
}

/// The requests that the answer to an order brought.
pub(super) fn requests(entry: &Entry) -> &[u64] {
    match &entry.outcome {
        Some(Ended::Placed { requests, .. }) => requests,
        _ => &[],
    }
}
