//! Store tasks: saving, opening and removing drafts and reading the journal, on the thread of the store. Decisions do
//! not belong here.

use crate::domain::{DraftId, JournalEntry, PersistenceError, PersistenceErrorKind, StoredDraft, is_same_host};
use crate::store::{OpenIntents, Store, StoreSession};
use crate::tui::message;
use crate::tui::message::{OpenedDraft, StoreReply, StoreTask};
use std::collections::BTreeSet;

/// The number of newest orders that are returned, whatever their organizations are.
const MAX_RECENT_ORDERS: usize = 20;

/// Performs one task, and calls `tell` with the reply if the task has one.
pub(super) fn run_store_task(
    store_session: &mut StoreSession,
    keep: StoreTask,
    host: &str,
    tell: impl FnOnce(StoreReply),
) {
    match keep {
        StoreTask::ReadAll => tell(StoreReply::Read(read_stock(store_session, host).map(Box::new))),
        StoreTask::SaveDraft(form, draft) => {
            tell(StoreReply::Saved(form, store_session.save_draft(&StoredDraft { saved_at: now_millis(), ..*draft })));
        }
        StoreTask::ReleaseDraft => store_session.release_draft(),
        StoreTask::DiscardDraft => tell(StoreReply::Discarded(store_session.discard_draft())),
        StoreTask::HoldDraft(id) => {
            store_session.release_draft();
            // If another window has the draft open, this window saves what is typed here in a new draft.
            let _ = store_session.hold_draft(id);
        }
        StoreTask::OpenDraft(id) => tell(StoreReply::Opened(take_draft(store_session, id).map(Box::new))),
        StoreTask::CreateMarker => tell(StoreReply::MarkerCreated(
            store_session.with_store(|store| store.new_draft_id()).map(|id| format!("zegel-{:x}", id.0)),
        )),
        StoreTask::RemoveDraft(id) => tell(StoreReply::Removed(id, remove_draft(store_session, id))),
        StoreTask::RestoreDraft(id) => {
            tell(StoreReply::Removed(
                id,
                store_session.with_store(|store| store.restore_draft(id)).map(|there| !there),
            ));
        }
    }
}

fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn read_stock(store_session: &mut StoreSession, host: &str) -> Result<message::StoreSnapshot, PersistenceError> {
    // This comes first, because it may restore an open intent.
    let lost = store_session.with_store(Store::list_unacknowledged_losses)?;
    let drafts = store_session.list_drafts()?;
    let OpenIntents { oldest: open, more_count: more, busy_count: busy, other_hosts: mut elsewhere } =
        store_session.take_open_intents(host)?;
    elsewhere.sort();
    elsewhere.dedup();
    let set_aside = store_session.quarantined();
    let placed = recent_orders(store_session.with_store(|store| store.list_placed())?, host);
    Ok(message::StoreSnapshot {
        drafts,
        placed,
        first_unresolved: open.map(Box::new),
        more_unresolved: more,
        busy_orders: busy,
        other_hosts: elsewhere,
        quarantined_file: set_aside,
        journal_losses: lost,
        read_at: now_millis(),
    })
}

/// Returns the newest orders of this host, and of the older ones the last of each organization.
fn recent_orders(placed: Vec<JournalEntry>, host: &str) -> Vec<JournalEntry> {
    let mut met = BTreeSet::new();
    let here = placed.into_iter().filter(|entry| is_same_host(&entry.intent.host, host)).enumerate();
    let kept = here.filter(|(at, entry)| {
        // An order for a new organization has no id to compare, so every such order is kept.
        let last = entry.intent.organization.is_none_or(|id| met.insert(id));
        *at < MAX_RECENT_ORDERS || last
    });
    kept.map(|(_, entry)| entry).collect()
}

fn take_draft(store_session: &mut StoreSession, id: DraftId) -> Result<OpenedDraft, PersistenceError> {
    store_session.release_draft();
    let mine = store_session.hold_draft(id)?.is_some();
    let draft = store_session.with_store(|store| store.load_draft(id))?;
    Ok(OpenedDraft { id, draft, is_own: mine })
}

/// Removes a draft. A draft that another window has open is not removed.
fn remove_draft(store_session: &mut StoreSession, id: DraftId) -> Result<bool, PersistenceError> {
    let lock = store_session.with_store(|store| store.lock_draft(id))?;
    if lock.is_none() {
        return Err(PersistenceErrorKind::OpenElsewhere.into());
    }
    store_session.with_store(|store| store.remove_draft(id))
}
