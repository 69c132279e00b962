//! The stored data of a walk: drafts, the journal, and the preflight data of the account.
//!
//! It writes nothing: the test decides the result of each write.

use super::Server;
use zegel::domain::{CurrentUser, DraftId, Intent, IntentId, JournalEntry, Listing, OrderRow};
use zegel::order::resolve::LookupData;
use zegel::order::{self, JournalRecords, JournalWrite, PreflightData, PreflightExtras};
use zegel::tui::message::{OpenedDraft, StoreReply, StoreTask};

impl Server {
    /// Returns the result of a write to the journal.
    pub(super) fn write(&self, write: JournalWrite, now: u64) -> order::OrderEvent {
        let done = self.unkept.clone().map_or(Ok(()), Err);
        match write {
            JournalWrite::Intent(intent, _) => order::OrderEvent::IntentRecorded(done.map(|()| {
                let intent = Intent { local_time: 1_795_000_000_000, ..*intent };
                Box::new(JournalEntry { id: IntentId(1), intent, ..JournalEntry::default() })
            })),
            JournalWrite::Outcome(..) => order::OrderEvent::OutcomeRecorded(done),
            JournalWrite::Decision(..) | JournalWrite::Statement(..) => order::OrderEvent::DecisionRecorded(done, now),
        }
    }

    /// Returns the result of a task of the store.
    pub(crate) fn keep(&mut self, keep: StoreTask) -> Option<StoreReply> {
        let done = self.unkept.clone().map_or(Ok(()), Err);
        Some(match keep {
            StoreTask::ReadAll => {
                StoreReply::Read(self.unread.clone().map_or_else(|| Ok(Box::new(self.stored.clone())), Err))
            }
            StoreTask::SaveDraft(form, draft) => StoreReply::Saved(
                form,
                done.map(|()| {
                    self.stored.drafts.retain(|(id, _)| *id != DraftId(7));
                    self.stored.drafts.insert(0, (DraftId(7), *draft));
                    DraftId(7)
                }),
            ),
            StoreTask::ReleaseDraft | StoreTask::HoldDraft(_) => return None,
            StoreTask::DiscardDraft => StoreReply::Discarded(done),
            StoreTask::OpenDraft(id) => StoreReply::Opened(done.map(|()| {
                let draft = self.stored.drafts.iter().find(|(known, _)| *known == id).map(|(_, draft)| draft.clone());
                Box::new(OpenedDraft { id, draft, is_own: !self.elsewhere.contains(&id) })
            })),
            StoreTask::CreateMarker => StoreReply::MarkerCreated(done.map(|()| "zegel-1f".to_owned())),
            StoreTask::RemoveDraft(id) => StoreReply::Removed(id, done.map(|()| true)),
            StoreTask::RestoreDraft(id) => StoreReply::Removed(id, done.map(|()| false)),
        })
    }
}

/// Returns a complete list.
pub(crate) fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, gap: None, date: "Sun, 22 Nov 2026 12:00:00 GMT".into() }
}

/// Returns the user of the key.
pub(crate) fn me() -> CurrentUser {
    CurrentUser { user_id: 800_001, name: "Anna de Vries".into(), account_id: Some(7001), ..CurrentUser::default() }
}

/// Returns an account without orders, and a journal without an obstacle.
pub(crate) fn nothing_before() -> PreflightData {
    let records = Ok(JournalRecords::default());
    PreflightData {
        current_user: Ok(me()),
        orders: listing(Vec::new()),
        requests: listing(Vec::new()),
        records,
        extras: PreflightExtras::default(),
    }
}

/// Returns a look that finds these orders.
pub(crate) fn look(orders: Vec<OrderRow>) -> LookupData {
    LookupData { orders: listing(orders), requests: listing(Vec::new()), current_user: Ok(me()), write_error: None }
}
