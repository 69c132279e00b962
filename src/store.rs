//! What outlives a run: drafts, and the journal that protects from ordering twice. One `SQLite` file in one directory.
//!
//! An intent is on disk before an order leaves, and its outcome after it; several processes may have the file open.
//! It knows no course of an order, no form and no network: it keeps plain values, and no secret is ever among them.
//! Every operation is synchronous, ends within a bounded time, and is meant to be called off the loop.

mod database;
mod drafts;
mod error;
mod inspect;
mod integrity;
mod intent_file;
mod journal;
mod lock;
mod loss;
mod paths;
mod quarantine;
mod recover;
mod schema;
mod sealed_rows;
mod worker;

pub use crate::domain::{
    Decision, DraftId, Intent, IntentId, JournalEntry, JournalLoss, KnownSet, RecordedOutcome, Statement, StoredDraft,
    StoredLookup,
};
pub use error::{StoreError, StoreErrorKind};
pub use inspect::{StoreInspection, inspect_store};
pub use lock::Lock;
pub use loss::Acknowledgment;
pub use paths::{STATE_DIR, state_dir};
pub use quarantine::QuarantinedFiles;
pub use worker::{OpenIntents, StoreSession, StoreWorker};

use lock::PresenceLock;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The file's name in the state directory.
pub const DATABASE_FILE: &str = "zegel.sqlite3";

/// How long an operation waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open file. It can be sent to another thread, and is not for two at once.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    file: PathBuf,
    locks: PathBuf,
    /// Tells other processes that somebody is here. Locks share it, so that they count as somebody too.
    presence: Arc<PresenceLock>,
}

/// An open store, and what had to be put out of the way for it.
#[derive(Debug)]
pub struct OpenedStore {
    /// The store.
    pub store: Store,
    /// A damaged file, where there was one: to be said, because open intents in it protect no more.
    pub quarantined: Option<QuarantinedFiles>,
}

impl Store {
    /// Opens the store in this directory, and makes both where they are not there yet.
    ///
    /// Whoever opens it alone also forgets the drafts that were removed before.
    ///
    /// # Errors
    /// Where the directory or the file cannot be used; a file of a newer zegel is left untouched.
    pub fn open(dir: &Path) -> Result<OpenedStore, StoreError> {
        Self::open_with_timeout(dir, BUSY_TIMEOUT)
    }

    /// As [`Store::open`], waiting at most so long for other processes, here and in each later operation.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with_timeout(dir: &Path, wait: Duration) -> Result<OpenedStore, StoreError> {
        let locks = dir.join("locks");
        paths::ensure_private_directory(dir)?;
        paths::ensure_private_directory(&locks)?;
        // Held until the end: opening, beginning anew, setting aside and migrating are done by one at a time.
        let _opening = lock::lock_opening(&locks, wait)?;
        let presence = PresenceLock::new(&locks)?;
        let file = dir.join(DATABASE_FILE);
        let (connection, set_aside) = database::open_or_create(&file, wait, presence.is_alone())?;
        if presence.is_alone() {
            lock::remove_lock_files(&locks);
        }
        presence.share_store()?;
        let mut store = Self { connection, file, locks, presence: Arc::new(presence) };
        // Where that fails it is tried again before an order begins, which does not begin without.
        let _ = store.recover_journal();
        if store.presence.is_alone() {
            // Where that fails they are forgotten another time; it is no reason to do without the rest.
            let _ = store.write_database(drafts::purge_removed);
        }
        Ok(OpenedStore { store, quarantined: set_aside })
    }

    /// The file, for messages.
    pub fn database_file(&self) -> &Path {
        &self.file
    }

    /// Puts an intent on disk: once this returns, it is there whatever happens to the process or the machine.
    ///
    /// # Errors
    /// [`Why::Blocked`] where an open intent stands in the way, [`Why::Lost`] where something of the journal is lost;
    /// else where it cannot be written, and then it is not.
    pub fn record_intent(&mut self, intent: &Intent) -> Result<IntentId, StoreError> {
        self.record_intent_unless(intent, &Acknowledgment::default(), |_| None)
    }

    /// The same, but not where an order of the journal has come in between: `between` gives the order of such
    /// an entry. All is looked at and written in one go, so that no other window can come in between. What the person
    /// acknowledges to be lost is written down with it.
    ///
    /// # Errors
    /// [`Why::Meanwhile`] where there is such an order; else as [`Store::begin`].
    pub fn record_intent_unless(
        &mut self,
        intent: &Intent,
        acknowledged: &Acknowledgment,
        between: impl Fn(&JournalEntry) -> Option<u64>,
    ) -> Result<IntentId, StoreError> {
        self.recover_journal()?;
        let dir = paths::parent_dir(&self.file).to_owned();
        let mut file = None;
        let begun = self.write_database(|tx| {
            loss::acknowledge_losses(tx, acknowledged, now_millis())?;
            if let Some(lost) = loss::list_unacknowledged(tx)?.first() {
                return Err(StoreErrorKind::JournalLost(lost.file.clone()));
            }
            if let Some(order) = journal::list_placed(tx)?.iter().find_map(&between) {
                return Err(StoreErrorKind::PlacedMeanwhile(order));
            }
            journal::refuse_if_blocked(tx, intent)?;
            let id = recover::next_intent_id(tx, &dir)?;
            intent_file::write_intent_file(&dir, id, intent)?;
            file = Some(id);
            journal::insert_intent(tx, id, intent)?;
            Ok(id)
        });
        // Nothing is sent without the row.
        if let (Err(_), Some(id)) = (&begun, file) {
            intent_file::remove_intent_file(&dir, id);
        }
        begun
    }

    /// Brings the journal and the files beside it together.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn recover_journal(&mut self) -> Result<(), StoreError> {
        let file = self.file.clone();
        if !recover::is_recovery_needed(&file).map_err(|why| why.at_path(&file))? {
            return Ok(());
        }
        let after = self.write_database(|tx| recover::recover_rows(tx, &file, now_millis()))?;
        after.apply_all(paths::parent_dir(&file));
        Ok(())
    }

    /// Writes down that a person was told of these losses.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn acknowledge_losses(&mut self, by: &Acknowledgment) -> Result<(), StoreError> {
        self.write_database(|tx| loss::acknowledge_losses(tx, by, now_millis()))
    }

    /// What the journal has lost and nobody has acknowledged, the oldest first. No order begins before.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn list_unacknowledged_losses(&mut self) -> Result<Vec<JournalLoss>, StoreError> {
        self.recover_journal()?;
        self.read_database(loss::list_unacknowledged)
    }

    /// Writes down how the attempt to send ended. Also after a decision, because what happened is a fact.
    ///
    /// # Errors
    /// [`Why::Contradiction`] where another outcome stands there already; the same one again is fine.
    pub fn record_outcome(&mut self, id: IntentId, outcome: &RecordedOutcome) -> Result<(), StoreError> {
        self.write_resolution(id, |tx| journal::record_outcome(tx, id, outcome))
    }

    /// Writes down what was decided of an intent whose outcome is unknown, or was never written.
    ///
    /// # Errors
    /// [`Why::Resolved`] where the outcome is known, [`Why::Contradiction`] where another decision stands there already.
    pub fn record_decision(&mut self, id: IntentId, decision: &Decision) -> Result<(), StoreError> {
        self.write_resolution(id, |tx| journal::record_decision(tx, id, decision))
    }

    /// Writes down what a person decides by what was checked in `CertCentral`. It counts before what was decided before,
    /// which may have been wrong.
    ///
    /// # Errors
    /// [`Why::Resolved`] where the outcome is known.
    pub fn record_statement(
        &mut self,
        id: IntentId,
        decision: &Decision,
        statement: &Statement,
    ) -> Result<(), StoreError> {
        self.write_resolution(id, |tx| journal::record_statement(tx, id, decision, statement))
    }

    /// Writes, and removes the file of the intent once its outcome or a decision is on disk.
    fn write_resolution(
        &mut self,
        id: IntentId,
        work: impl FnOnce(&Transaction<'_>) -> Result<(), StoreErrorKind>,
    ) -> Result<(), StoreError> {
        let open = self.write_database(|tx| {
            work(tx)?;
            Ok(journal::load_entry(tx, id)?.is_none_or(|entry| entry.is_open()))
        })?;
        if !open {
            intent_file::remove_intent_file(paths::parent_dir(&self.file), id);
        }
        Ok(())
    }

    /// Keeps what a look for an order brought.
    ///
    /// # Errors
    /// Where it cannot be written; then it counts as not made.
    pub fn record_lookup(&mut self, id: IntentId, look: &StoredLookup) -> Result<(), StoreError> {
        self.write_database(|tx| journal::record_lookup(tx, id, look))
    }

    /// Keeps an excerpt of the server's own words about an order; the last one is read back. Who calls it has taken
    /// everything out of it that may not be kept.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn record_server_excerpt(&mut self, id: IntentId, text: &str) -> Result<(), StoreError> {
        self.write_database(|tx| journal::record_server_excerpt(tx, id, text))
    }

    /// An intent with what became of it.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn load_entry(&self, id: IntentId) -> Result<Option<JournalEntry>, StoreError> {
        self.read_database(|connection| journal::load_entry(connection, id))
    }

    /// The intents of which nobody knows whether an order came of them, oldest first.
    ///
    /// One that another process is sending right now is among them; [`Store::lock_digest`] tells.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn list_open_intents(&self) -> Result<Vec<JournalEntry>, StoreError> {
        self.read_database(journal::list_open_intents)
    }

    /// The oldest open intent that stands in the way of such an order; `None` is for a new organization, given inline.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn find_blocking_intent(
        &self,
        host: &str,
        account: &str,
        product: &str,
        organization: Option<u64>,
    ) -> Result<Option<JournalEntry>, StoreError> {
        self.read_database(|connection| journal::find_blocking_intent(connection, host, account, product, organization))
    }

    /// The intents of which an order came, newest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn list_placed(&self) -> Result<Vec<JournalEntry>, StoreError> {
        self.read_database(journal::list_placed)
    }

    /// A new id for a draft, so that it can be locked before it is first saved.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn new_draft_id(&self) -> Result<DraftId, StoreError> {
        self.read_database(drafts::new_draft_id)
    }

    /// Saves a draft in place of what was saved under its id. One that was removed stays so.
    ///
    /// # Errors
    /// Where it cannot be written; what was saved before is still there then.
    pub fn save_draft(&mut self, id: DraftId, draft: &StoredDraft) -> Result<(), StoreError> {
        self.write_database(|tx| drafts::save_draft(tx, id, draft))
    }

    /// All drafts that are not removed, newest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn list_drafts(&self) -> Result<Vec<(DraftId, StoredDraft)>, StoreError> {
        self.read_database(drafts::list_drafts)
    }

    /// A draft, unless there is none or it was removed.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn load_draft(&self, id: DraftId) -> Result<Option<StoredDraft>, StoreError> {
        self.read_database(|connection| drafts::load_draft(connection, id))
    }

    /// Removes a draft, and answers whether there is one of this id. Until the store is next opened by a process
    /// that is alone with it, this can be taken back.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn remove_draft(&mut self, id: DraftId) -> Result<bool, StoreError> {
        self.write_database(|tx| drafts::mark_removed(tx, id, true))
    }

    /// Takes the removal of a draft back, and answers whether there is one of this id.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn restore_draft(&mut self, id: DraftId) -> Result<bool, StoreError> {
        self.write_database(|tx| drafts::mark_removed(tx, id, false))
    }

    /// Locks a draft until the lock is dropped or the process dies; `None` if it is locked already, here or elsewhere.
    ///
    /// # Errors
    /// Where the lock's file cannot be made or locked.
    pub fn lock_draft(&self, id: DraftId) -> Result<Option<Lock>, StoreError> {
        Lock::try_acquire(&self.locks, &format!("draft-{}", id.0), &self.presence)
    }

    /// Locks a digest while its order is sent and resolved; as [`Store::lock_draft`].
    ///
    /// # Errors
    /// Where the lock's file cannot be made or locked.
    pub fn lock_digest(&self, digest: &str) -> Result<Option<Lock>, StoreError> {
        Lock::try_acquire(&self.locks, &lock::digest_name(digest), &self.presence)
    }

    /// Reads at one point in time.
    fn read_database<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreErrorKind>) -> Result<T, StoreError> {
        work(&self.connection).map_err(|why| why.at_path(&self.file))
    }

    /// Does all of some work, on disk when this returns, or nothing of it.
    fn write_database<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreErrorKind>,
    ) -> Result<T, StoreError> {
        run_in_transaction(&mut self.connection, work).map_err(|why| why.at_path(&self.file))
    }
}

/// The time here, in milliseconds since 1970.
fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The lock is taken at the start: one that is taken at the first write fails at once where two have read.
fn run_in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreErrorKind>,
) -> Result<T, StoreErrorKind> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}

#[cfg(test)]
mod tests;
