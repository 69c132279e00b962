//! The store: drafts, and the journal that prevents a second order, in one `SQLite` file in one directory.
//!
//! An intent is on disk before its order leaves, and its outcome is written afterwards. Several processes may have
//! the file open. The store keeps plain values, never a secret; the order machine, the form and the network do not
//! belong here. Every operation is synchronous and ends within a bounded time, so callers run it outside the event
//! loop.

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
    Decision, DraftId, Intent, IntentId, JournalEntry, JournalLoss, KnownSet, PersistenceError, PersistenceErrorKind,
    RecordedOutcome, Statement, StoredDraft, StoredLookup,
};
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

/// The file name in the state directory.
pub const DATABASE_FILE: &str = "zegel.sqlite3";

/// The wait for another process before an operation fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database file. It can be moved to another thread, but only one thread may use it at a time.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    file: PathBuf,
    locks: PathBuf,
    /// Shows other processes that the store is open. Every [`Lock`] shares it, so that a lock alone keeps the store
    /// open, too.
    presence: Arc<PresenceLock>,
}

/// An open store, and the damaged file that was set aside for it.
#[derive(Debug)]
pub struct OpenedStore {
    pub store: Store,
    /// The damaged file, if there was one. The person must be told, because its open intents no longer protect.
    pub quarantined: Option<QuarantinedFiles>,
}

impl Store {
    /// Opens the store in this directory. Creates the directory and the file if they do not exist.
    ///
    /// If no other process has the store open, drafts that were removed earlier are deleted for good.
    ///
    /// # Errors
    /// The directory or the file cannot be used. A file of a newer zegel is left untouched.
    pub fn open(dir: &Path) -> Result<OpenedStore, PersistenceError> {
        Self::open_with_timeout(dir, BUSY_TIMEOUT)
    }

    /// Opens the store as [`Store::open`] does, with this wait for other processes, here and in each later operation.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with_timeout(dir: &Path, wait: Duration) -> Result<OpenedStore, PersistenceError> {
        let locks = dir.join("locks");
        paths::ensure_private_directory(dir)?;
        paths::ensure_private_directory(&locks)?;
        // Held until the end: only one process at a time may open, create, set aside or migrate a file.
        let _opening = lock::lock_opening(&locks, wait)?;
        let presence = PresenceLock::new(&locks)?;
        let file = dir.join(DATABASE_FILE);
        let (connection, set_aside) = database::open_or_create(&file, wait, presence.is_alone())?;
        if presence.is_alone() {
            lock::remove_lock_files(&locks);
        }
        presence.share_store()?;
        let mut store = Self { connection, file, locks, presence: Arc::new(presence) };
        // A failure here is repeated before the next order, which then does not start.
        let _ = store.recover_journal();
        if store.presence.is_alone() {
            // A failure here only keeps the removed drafts until the next start.
            let _ = store.write_database(drafts::purge_removed);
        }
        Ok(OpenedStore { store, quarantined: set_aside })
    }

    /// Returns the path of the file, for messages.
    pub fn database_file(&self) -> &Path {
        &self.file
    }

    /// Writes an intent to disk. Once this returns, the intent survives a crash of the process and of the machine.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::Blocked`] if an open intent blocks it, [`PersistenceErrorKind::JournalLost`] if a part of the
    /// journal is lost, or the cause of a failed write. On an error the intent is not written.
    pub fn record_intent(&mut self, intent: &Intent) -> Result<IntentId, PersistenceError> {
        self.record_intent_unless(intent, &Acknowledgment::default(), |_| None)
    }

    /// Writes an intent as [`Store::record_intent`] does, unless the journal has a conflicting order: `between`
    /// returns the order of an entry that conflicts. One transaction covers the checks and the write, so no other
    /// window can write in between. It also records the losses that the person acknowledged.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::PlacedMeanwhile`] if there is a conflicting order; otherwise as [`Store::record_intent`].
    pub fn record_intent_unless(
        &mut self,
        intent: &Intent,
        acknowledged: &Acknowledgment,
        between: impl Fn(&JournalEntry) -> Option<u64>,
    ) -> Result<IntentId, PersistenceError> {
        self.recover_journal()?;
        let dir = paths::parent_dir(&self.file).to_owned();
        let mut file = None;
        let result = self.write_database(|tx| {
            loss::acknowledge_losses(tx, acknowledged, now_millis())?;
            if let Some(lost) = loss::list_unacknowledged(tx)?.first() {
                return Err(PersistenceErrorKind::JournalLost(lost.file.clone()));
            }
            if let Some(order) = journal::list_placed(tx)?.iter().find_map(&between) {
                return Err(PersistenceErrorKind::PlacedMeanwhile(order));
            }
            journal::blocking_orders::refuse_if_blocked(tx, intent)?;
            let id = recover::next_intent_id(tx, &dir)?;
            intent_file::write_intent_file(&dir, id, intent)?;
            file = Some(id);
            journal::insert_intent(tx, id, intent)?;
            Ok(id)
        });
        // Nothing is sent without the row, so its file is not needed either.
        if let (Err(_), Some(id)) = (&result, file) {
            intent_file::remove_intent_file(&dir, id);
        }
        result
    }

    /// Reconciles the journal with the files beside it.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    fn recover_journal(&mut self) -> Result<(), PersistenceError> {
        let file = self.file.clone();
        if !recover::is_recovery_needed(&file).map_err(|why| why.at_path(&file))? {
            return Ok(());
        }
        let after = self.write_database(|tx| recover::recover_rows(tx, &file, now_millis()))?;
        after.apply_all(paths::parent_dir(&file));
        Ok(())
    }

    /// Records that a person acknowledged these losses.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn acknowledge_losses(&mut self, by: &Acknowledgment) -> Result<(), PersistenceError> {
        self.write_database(|tx| loss::acknowledge_losses(tx, by, now_millis()))
    }

    /// Returns the journal losses that nobody has acknowledged, oldest first. No order starts while there is one.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn list_unacknowledged_losses(&mut self) -> Result<Vec<JournalLoss>, PersistenceError> {
        self.recover_journal()?;
        self.read_database(loss::list_unacknowledged)
    }

    /// Records how the attempt to send ended. This is possible after a decision, too, because the outcome is a fact.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::Contradiction`] if another outcome is already recorded. The same outcome again is accepted.
    pub fn record_outcome(&mut self, id: IntentId, outcome: &RecordedOutcome) -> Result<(), PersistenceError> {
        self.write_resolution(id, |tx| journal::record_outcome(tx, id, outcome))
    }

    /// Records the decision about an intent whose outcome is unknown or was never written.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::Resolved`] if the outcome is known, [`PersistenceErrorKind::Contradiction`] if another decision is
    /// already recorded.
    pub fn record_decision(&mut self, id: IntentId, decision: &Decision) -> Result<(), PersistenceError> {
        self.write_resolution(id, |tx| journal::record_decision(tx, id, decision))
    }

    /// Records a decision that rests on a check in `CertCentral`. It takes precedence over an earlier decision, which
    /// may have been wrong.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::Resolved`] if the outcome is known.
    pub fn record_statement(
        &mut self,
        id: IntentId,
        decision: &Decision,
        statement: &Statement,
    ) -> Result<(), PersistenceError> {
        self.write_resolution(id, |tx| journal::record_statement(tx, id, decision, statement))
    }

    /// Runs the write, and removes the intent's file once the outcome or a decision is on disk.
    fn write_resolution(
        &mut self,
        id: IntentId,
        work: impl FnOnce(&Transaction<'_>) -> Result<(), PersistenceErrorKind>,
    ) -> Result<(), PersistenceError> {
        let open = self.write_database(|tx| {
            work(tx)?;
            Ok(journal::load_entry(tx, id)?.is_none_or(|entry| entry.is_open()))
        })?;
        if !open {
            intent_file::remove_intent_file(paths::parent_dir(&self.file), id);
        }
        Ok(())
    }

    /// Stores the result of a lookup.
    ///
    /// # Errors
    /// The file cannot be written. Then the lookup counts as not made.
    pub fn record_lookup(&mut self, id: IntentId, look: &StoredLookup) -> Result<(), PersistenceError> {
        self.write_database(|tx| journal::record_lookup(tx, id, look))
    }

    /// Stores an excerpt of the server's words about an order. Only the last excerpt is read back. The caller has
    /// removed everything that must not be stored.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record_server_excerpt(&mut self, id: IntentId, text: &str) -> Result<(), PersistenceError> {
        self.write_database(|tx| journal::record_server_excerpt(tx, id, text))
    }

    /// Returns an intent and what became of it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load_entry(&self, id: IntentId) -> Result<Option<JournalEntry>, PersistenceError> {
        self.read_database(|connection| journal::load_entry(connection, id))
    }

    /// Returns the intents with an unknown result, oldest first.
    ///
    /// They include an intent that another process is sending right now; [`Store::lock_digest`] shows that.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list_open_intents(&self) -> Result<Vec<JournalEntry>, PersistenceError> {
        self.read_database(journal::list_open_intents)
    }

    /// Returns the oldest open intent that blocks such an order. The organization is `None` for a new one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn find_blocking_intent(
        &self,
        host: &str,
        account: &str,
        product: &str,
        organization: Option<u64>,
    ) -> Result<Option<JournalEntry>, PersistenceError> {
        self.read_database(|connection| {
            journal::blocking_orders::find_blocking_intent(connection, host, account, product, organization)
        })
    }

    /// Returns the intents that led to an order, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list_placed(&self) -> Result<Vec<JournalEntry>, PersistenceError> {
        self.read_database(journal::list_placed)
    }

    /// Returns an id for a new draft, so that the draft can be locked before it is first saved.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn new_draft_id(&self) -> Result<DraftId, PersistenceError> {
        self.read_database(drafts::new_draft_id)
    }

    /// Saves a draft and replaces the earlier version with the same id. A removed draft stays removed.
    ///
    /// # Errors
    /// The file cannot be written. Then the earlier version is kept.
    pub fn save_draft(&mut self, id: DraftId, draft: &StoredDraft) -> Result<(), PersistenceError> {
        self.write_database(|tx| drafts::save_draft(tx, id, draft))
    }

    /// Returns all drafts that are not removed, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list_drafts(&self) -> Result<Vec<(DraftId, StoredDraft)>, PersistenceError> {
        self.read_database(drafts::list_drafts)
    }

    /// Returns a draft. `None` if it does not exist or was removed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load_draft(&self, id: DraftId) -> Result<Option<StoredDraft>, PersistenceError> {
        self.read_database(|connection| drafts::load_draft(connection, id))
    }

    /// Removes a draft. Returns true if a draft has this id. The removal can be undone until a process opens the
    /// store while no other process has it open.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remove_draft(&mut self, id: DraftId) -> Result<bool, PersistenceError> {
        self.write_database(|tx| drafts::mark_removed(tx, id, true))
    }

    /// Undoes the removal of a draft. Returns true if a draft has this id.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn restore_draft(&mut self, id: DraftId) -> Result<bool, PersistenceError> {
        self.write_database(|tx| drafts::mark_removed(tx, id, false))
    }

    /// Locks a draft until the lock is dropped or the process ends. `None` if it is already locked, by this process
    /// or another.
    ///
    /// # Errors
    /// The lock file cannot be created or locked.
    pub fn lock_draft(&self, id: DraftId) -> Result<Option<Lock>, PersistenceError> {
        Lock::try_acquire(&self.locks, &format!("draft-{}", id.0), &self.presence)
    }

    /// Locks a digest while its order is sent and resolved, as [`Store::lock_draft`] locks a draft.
    ///
    /// # Errors
    /// The lock file cannot be created or locked.
    pub fn lock_digest(&self, digest: &str) -> Result<Option<Lock>, PersistenceError> {
        Lock::try_acquire(&self.locks, &lock::digest_name(digest), &self.presence)
    }

    fn read_database<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, PersistenceErrorKind>,
    ) -> Result<T, PersistenceError> {
        work(&self.connection).map_err(|why| why.at_path(&self.file))
    }

    /// Runs the work in one transaction: all of it is on disk when this returns, or nothing.
    fn write_database<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, PersistenceErrorKind>,
    ) -> Result<T, PersistenceError> {
        run_in_transaction(&mut self.connection, work).map_err(|why| why.at_path(&self.file))
    }
}

/// Returns the local time in milliseconds since 1970.
fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The transaction takes its write lock at the start. A lock taken at the first write fails at once if two processes
/// have read.
fn run_in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, PersistenceErrorKind>,
) -> Result<T, PersistenceErrorKind> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}

#[cfg(test)]
mod tests;
