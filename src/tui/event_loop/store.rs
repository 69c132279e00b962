//! Doing what the wizard asks for with what is kept, on the store's own thread. Nothing is decided here.

use crate::domain::{DraftId, JournalEntry, PersistenceError, PersistenceErrorKind, StoredDraft, is_same_host};
use crate::store::{OpenIntents, Store, StoreSession};
use crate::tui::message;
use crate::tui::message::{OpenedDraft, StoreReply, StoreTask};
use std::collections::BTreeSet;

/// So many orders are handed out, whatever organization they are of.
const MAX_RECENT_ORDERS: usize = 20;

/// Does one thing, and tells what came of it, where somebody waits for that.
pub(super) fn run_store_task(shelf: &mut StoreSession, keep: StoreTask, host: &str, tell: impl FnOnce(StoreReply)) {
    match keep {
        StoreTask::ReadAll => tell(StoreReply::Read(read_stock(shelf, host).map(Box::new))),
        StoreTask::SaveDraft(form, draft) => {
            tell(StoreReply::Saved(form, shelf.save_draft(&StoredDraft { saved_at: now_millis(), ..*draft })))
        }
        StoreTask::ReleaseDraft => shelf.release_draft(),
        StoreTask::DiscardDraft => tell(StoreReply::Discarded(shelf.discard_draft())),
        StoreTask::HoldDraft(id) => {
            shelf.release_draft();
            // Where another window has it, what is typed here goes into a draft of its own.
            let _ = shelf.hold_draft(id);
        }
        StoreTask::OpenDraft(id) => tell(StoreReply::Opened(take_draft(shelf, id).map(Box::new))),
        StoreTask::CreateMarker => tell(StoreReply::MarkerCreated(
            shelf.with_store(|store| store.new_draft_id()).map(|id| format!("zegel-{:x}", id.0)),
        )),
        StoreTask::RemoveDraft(id) => tell(StoreReply::Removed(id, remove_draft(shelf, id))),
        StoreTask::RestoreDraft(id) => {
            tell(StoreReply::Removed(id, shelf.with_store(|store| store.restore_draft(id)).map(|there| !there)))
        }
    }
}

fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn read_stock(shelf: &mut StoreSession, host: &str) -> Result<message::StoreSnapshot, PersistenceError> {
    // First: it may bring an open intent back.
    let lost = shelf.with_store(Store::list_unacknowledged_losses)?;
    let drafts = shelf.list_drafts()?;
    let OpenIntents { oldest: open, more_count: more, busy_count: busy, other_hosts: mut elsewhere } =
        shelf.take_open_intents(host)?;
    elsewhere.sort();
    elsewhere.dedup();
    let set_aside = shelf.quarantined();
    let placed = recent_orders(shelf.with_store(|store| store.list_placed())?, host);
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

/// The newest orders of this host, and of older ones those that are the last of their organization.
fn recent_orders(placed: Vec<JournalEntry>, host: &str) -> Vec<JournalEntry> {
    let mut met = BTreeSet::new();
    let here = placed.into_iter().filter(|entry| is_same_host(&entry.intent.host, host)).enumerate();
    let kept = here.filter(|(at, entry)| {
        // Of a new organization only its body tells which it is.
        let last = entry.intent.organization.is_none_or(|id| met.insert(id));
        *at < MAX_RECENT_ORDERS || last
    });
    kept.map(|(_, entry)| entry).collect()
}

fn take_draft(shelf: &mut StoreSession, id: DraftId) -> Result<OpenedDraft, PersistenceError> {
    shelf.release_draft();
    let mine = shelf.hold_draft(id)?.is_some();
    let draft = shelf.with_store(|store| store.load_draft(id))?;
    Ok(OpenedDraft { id, draft, is_own: mine })
}

/// One that another window has open stays.
fn remove_draft(shelf: &mut StoreSession, id: DraftId) -> Result<bool, PersistenceError> {
    let lock = shelf.with_store(|store| store.lock_draft(id))?;
    if lock.is_none() {
        return Err(PersistenceError { path: String::new(), kind: PersistenceErrorKind::OpenElsewhere });
    }
    shelf.with_store(|store| store.remove_draft(id))
}
