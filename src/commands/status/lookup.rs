//! The lookup of an id: an order, or else a request and its order.
//!
//! The journal helps if it has the id, but is never needed. A failed request does not prove that there is no such
//! order: only the server's reply that it does not know the id does.

use super::StatusQuery;
use crate::commands::eprint_lines;
use crate::domain::{ApiError, JournalEntry, PlacedOrder, RecordedOutcome, RequestRow, RequestState, is_same_host};
use crate::i18n::{texts, with};
use crate::messages;
use crate::order::OrderEvent;
use std::collections::BTreeSet;

/// The result of the lookup.
pub(super) enum IdLookup {
    /// An order, or the order of a request. It is followed from here on, and its first round is complete.
    Order,
    Request(RequestRow),
    /// There is no such order or request, or the lookup failed.
    NotFound(ApiError),
}

impl StatusQuery<'_> {
    /// Reads the journal. If it cannot be read, that is printed, and the command continues.
    pub(super) async fn read_journal(&mut self) {
        let host = self.host.clone();
        let read = self.runner.run_store_task(move |store_session| {
            let placed = store_session.with_store(|store| store.list_placed())?;
            let here = placed.into_iter().filter(|entry| is_same_host(&entry.intent.host, &host)).collect();
            Ok((here, store_session.quarantined()))
        });
        match read.await {
            Ok((here, set_aside)) => {
                self.journal_entries = self.filter_this_account(here).await;
                if let Some((path, damage)) = set_aside {
                    eprint_lines(&messages::quarantined_file_text(self.lang, &path, &damage));
                }
            }
            Err(unkept) => eprint_lines(
                &self
                    .lang
                    .format(texts::follow::NO_JOURNAL, with::Why(&self.message_writer().store_failure_text(&unkept))),
            ),
        }
    }

    /// Keeps only the entries of the account that the key opens. It sends a request only if the journal has several
    /// accounts of this host.
    async fn filter_this_account(&self, here: Vec<JournalEntry>) -> Vec<JournalEntry> {
        let accounts: BTreeSet<&str> = here.iter().map(|entry| entry.intent.account.as_str()).collect();
        let (1.., Ok(client)) = (accounts.len().saturating_sub(1), self.runner.client()) else { return here };
        let me = client.fetch_current_user().await.ok().and_then(|me| me.value.account_id);
        let account = me.map(|id| id.to_string()).unwrap_or_default();
        here.into_iter().filter(|entry| entry.intent.can_be_of_account(&self.host, &account)).collect()
    }

    /// Returns the journal entry of the followed order, or else of the order that has this id as a request.
    pub(super) fn journal_entry(&self) -> Option<&JournalEntry> {
        let order = self.followed_order().map_or(self.id, |follow| follow.placed_order().id);
        let is_told = self.followed_order().is_some_and(|follow| follow.order().is_some());
        let of_request = |entry: &&JournalEntry| !is_told && placed_requests(entry).contains(&self.id);
        let of_order = self.journal_entries.iter().find(|entry| entry.placed_order_id() == Some(order));
        of_order.or_else(|| self.journal_entries.iter().find(of_request))
    }

    /// Looks for the order, then for the request.
    pub(super) async fn look_up_id(&mut self) -> IdLookup {
        self.start_following(PlacedOrder { id: self.id, ..PlacedOrder::default() }).await;
        let missing = self
            .followed_order()
            .and_then(|follow| follow.last_error())
            .filter(|failure| failure.is_missing())
            .cloned();
        let Some(missing) = missing else { return IdLookup::Order };
        if let Some(order) = self.journal_entry().and_then(JournalEntry::placed_order_id) {
            // The journal is more reliable than a delayed list.
            if order != self.id {
                let requests = vec![RequestState { id: self.id, status: String::new() }];
                self.start_following(PlacedOrder { id: order, requests, ..PlacedOrder::default() }).await;
            }
            return IdLookup::Order;
        }
        match async { self.runner.client()?.fetch_request(self.id).await }.await {
            Ok(row @ RequestRow { order_id: Some(order), .. }) => {
                let requests = vec![row.into()];
                self.start_following(PlacedOrder { id: order, requests, ..PlacedOrder::default() }).await;
                IdLookup::Order
            }
            Ok(row) => IdLookup::Request(row),
            Err(failure) if failure.is_missing() => IdLookup::NotFound(missing),
            Err(failure) => IdLookup::NotFound(failure),
        }
    }

    /// Starts to follow an order, and waits for the first round.
    async fn start_following(&mut self, placed: PlacedOrder) {
        let now = self.runner.now();
        self.runner.handle_event(OrderEvent::PollingRequested(Box::new(placed), now));
        self.run_round().await;
    }

    /// Runs until a round of requests is complete. Returns false if no more rounds follow.
    pub(super) async fn run_round(&mut self) -> bool {
        while let Some(event) = self.runner.next_event().await {
            let answered = matches!(event, OrderEvent::PollReplied(..));
            self.runner.handle_event(event);
            if answered && self.followed_order().is_some_and(|follow| !follow.is_round_running()) {
                return true;
            }
        }
        false
    }
}

/// Returns the requests in the response to an order.
pub(super) fn placed_requests(entry: &JournalEntry) -> &[u64] {
    match &entry.outcome {
        Some(RecordedOutcome::Placed { requests, .. }) => requests,
        _ => &[],
    }
}
