//! The store worker: runs the store on a thread of its own, so that typing never waits for a disk. Jobs run one after
//! another, in the order in which they were queued, and all of them before the program ends.
//!
//! The first job opens the file. If that fails, the next job tries again.

use super::{Lock, QuarantinedFiles, Store};
use crate::domain::{
    DatabaseDamage, DraftId, IntentId, JournalEntry, PersistenceError, PersistenceErrorKind, StoredDraft, is_same_host,
};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

type StoreJob = Box<dyn FnOnce(&mut StoreSession) + Send>;

/// The handle to the store's thread. It can be shared.
#[derive(Debug)]
pub struct StoreWorker {
    jobs: Mutex<Option<Sender<StoreJob>>>,
    thread: Mutex<Option<JoinHandle<Option<PersistenceError>>>>,
}

/// The state of the store's thread.
pub struct StoreSession {
    dir: Result<PathBuf, PersistenceError>,
    store: Option<Store>,
    quarantined: Option<QuarantinedFiles>,
    /// The draft that is open in this window.
    draft: Option<(DraftId, Lock)>,
    /// The digests whose orders are being sent and resolved.
    digest_locks: Vec<(String, Lock)>,
    /// The error of the last attempt to save the draft. `None` if it succeeded.
    last_save_error: Option<PersistenceError>,
}

impl StoreWorker {
    /// Starts the thread, for the store in this directory.
    ///
    /// # Errors
    /// The operating system cannot start a thread.
    pub fn start(dir: Result<PathBuf, PersistenceError>) -> std::io::Result<Self> {
        let (send, receive) = channel();
        let store_session = StoreSession {
            dir,
            store: None,
            quarantined: None,
            draft: None,
            digest_locks: Vec::new(),
            last_save_error: None,
        };
        let thread =
            std::thread::Builder::new().name("store".into()).spawn(move || run_jobs(store_session, &receive))?;
        Ok(Self { jobs: Mutex::new(Some(send)), thread: Mutex::new(Some(thread)) })
    }

    /// Queues a job after all earlier ones. Once the worker is closed, the job is dropped.
    pub fn enqueue(&self, work: impl FnOnce(&mut StoreSession) + Send + 'static) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread that is gone has panicked, and that panic has ended the program.
        let _ = jobs.as_ref().map(|jobs| jobs.send(Box::new(work)));
    }

    /// Waits until all queued jobs are done.
    pub fn wait_until_idle(&self) {
        let (send, receive) = channel();
        self.enqueue(move |_| {
            let _ = send.send(());
        });
        let _ = receive.recv();
    }

    /// Runs the queued jobs and closes the store. Returns the error of the last attempt to save the draft, if it
    /// failed.
    pub fn close(&self) -> Option<PersistenceError> {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A panicked thread has already reported its panic.
        thread?.join().ok().flatten()
    }
}

impl Drop for StoreWorker {
    fn drop(&mut self) {
        self.close();
    }
}

fn run_jobs(mut store_session: StoreSession, jobs: &Receiver<StoreJob>) -> Option<PersistenceError> {
    while let Ok(job) = jobs.recv() {
        job(&mut store_session);
    }
    store_session.last_save_error
}

impl StoreSession {
    /// Returns the store. Opens it if it is not open yet.
    ///
    /// # Errors
    /// The store cannot be opened.
    pub fn open_store(&mut self) -> Result<&mut Store, PersistenceError> {
        if self.store.is_none() {
            let opened = Store::open(self.dir.as_ref().map_err(Clone::clone)?)?;
            self.quarantined = opened.quarantined.or(self.quarantined.take());
            self.store = Some(opened.store);
        }
        self.store.as_mut().ok_or_else(|| PersistenceErrorKind::Closed.into())
    }

    /// Runs the work with the store.
    ///
    /// # Errors
    /// The store cannot be opened, or the work fails.
    pub fn with_store<T>(
        &mut self,
        work: impl FnOnce(&mut Store) -> Result<T, PersistenceError>,
    ) -> Result<T, PersistenceError> {
        work(self.open_store()?)
    }

    /// Returns the path and the damage of a database that was set aside.
    pub fn quarantined(&self) -> Option<(String, DatabaseDamage)> {
        let aside = self.quarantined.as_ref()?;
        Some((aside.files.first()?.display().to_string(), aside.damage.clone()))
    }

    /// Saves the draft of this window. The first time, the draft gets an id and is locked.
    ///
    /// # Errors
    /// The draft cannot be saved.
    pub fn save_draft(&mut self, draft: &StoredDraft) -> Result<DraftId, PersistenceError> {
        let saved = self.try_save_draft(draft);
        self.last_save_error = saved.as_ref().err().cloned();
        saved
    }

    fn try_save_draft(&mut self, draft: &StoredDraft) -> Result<DraftId, PersistenceError> {
        let id = if let Some((id, _)) = self.draft.as_ref() {
            *id
        } else {
            let id = self.with_store(|store| store.new_draft_id())?;
            self.hold_draft(id)?.ok_or(PersistenceErrorKind::OpenElsewhere)?
        };
        self.with_store(|store| store.save_draft(id, draft))?;
        Ok(id)
    }

    /// Makes this the draft of this window. `None` if another window has it open.
    ///
    /// # Errors
    /// The lock file cannot be created.
    pub fn hold_draft(&mut self, id: DraftId) -> Result<Option<DraftId>, PersistenceError> {
        if self.draft.as_ref().is_some_and(|(held, _)| *held == id) {
            return Ok(Some(id));
        }
        let lock = self.with_store(|store| store.lock_draft(id))?;
        Ok(lock.map(|lock| {
            self.draft = Some((id, lock));
            id
        }))
    }

    /// Returns the draft of this window, once it was saved or opened.
    pub fn held_draft(&self) -> Option<DraftId> {
        self.draft.as_ref().map(|(id, _)| *id)
    }

    /// Releases the draft of this window.
    pub fn release_draft(&mut self) {
        self.draft = None;
    }

    /// Removes and releases the draft of this window.
    ///
    /// # Errors
    /// The draft cannot be removed. It is released all the same.
    pub fn discard_draft(&mut self) -> Result<(), PersistenceError> {
        match self.draft.take() {
            Some((id, _lock)) => self.with_store(|store| store.remove_draft(id)).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Locks a digest while its order is sent and resolved.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::SendingElsewhere`] if another window holds the lock.
    pub fn lock_digest(&mut self, digest: &str) -> Result<(), PersistenceError> {
        if self.digest_locks.iter().any(|(held, _)| held == digest) {
            return Ok(());
        }
        let lock = self.with_store(|store| store.lock_digest(digest))?.ok_or(PersistenceErrorKind::SendingElsewhere)?;
        self.digest_locks.push((digest.to_owned(), lock));
        Ok(())
    }

    pub fn release_digest(&mut self, digest: &str) {
        self.digest_locks.retain(|(held, _)| held != digest);
    }

    /// Releases the digest of an intent.
    pub fn release_intent(&mut self, id: IntentId) {
        if let Ok(Some(entry)) = self.with_store(|store| store.load_entry(id)) {
            self.release_digest(&entry.intent.digest);
        }
    }

    /// Returns the oldest open intent that no other window is sending or resolving, and locks it. Also returns the
    /// number of other open intents.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn take_open_intents(&mut self, host: &str) -> Result<OpenIntents, PersistenceError> {
        let entries = self.with_store(|store| store.list_open_intents())?;
        let mut found = OpenIntents::default();
        for entry in entries {
            if !is_same_host(&entry.intent.host, host) {
                found.other_hosts.push(entry.intent.host);
            } else if found.oldest.is_some() {
                found.more_count += 1;
            } else {
                match self.take_intent(&entry) {
                    Err(unkept) if unkept.kind == PersistenceErrorKind::SendingElsewhere => found.busy_count += 1,
                    taken => found.oldest = taken?.filter(JournalEntry::is_open),
                }
            }
        }
        Ok(found)
    }

    /// Locks an open intent, and returns its entry as it is now: another window may have resolved it just before the
    /// lock was free. Then the lock is released.
    ///
    /// # Errors
    /// [`PersistenceErrorKind::SendingElsewhere`] if another window is sending or resolving it.
    pub fn take_intent(&mut self, entry: &JournalEntry) -> Result<Option<JournalEntry>, PersistenceError> {
        self.lock_digest(&entry.intent.digest)?;
        let now = self.with_store(|store| store.load_entry(entry.id))?;
        if !now.as_ref().is_some_and(JournalEntry::is_open) {
            self.release_digest(&entry.intent.digest);
        }
        Ok(now)
    }

    /// Returns the drafts. A draft whose order was placed is removed first: a program that was killed right after the
    /// order could not do so.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list_drafts(&mut self) -> Result<Vec<(DraftId, StoredDraft)>, PersistenceError> {
        let placed: Vec<DraftId> =
            self.with_store(|store| store.list_placed())?.into_iter().filter_map(|entry| entry.intent.draft).collect();
        for id in placed {
            if self.with_store(|store| store.load_draft(id))?.is_some() {
                self.with_store(|store| store.remove_draft(id))?;
            }
        }
        self.with_store(|store| store.list_drafts())
    }
}

/// The open intents at the start of the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenIntents {
    /// The intent to resolve first.
    pub oldest: Option<JournalEntry>,
    /// The number of further open intents for this host.
    pub more_count: usize,
    /// The number of open intents that another window is sending or resolving.
    pub busy_count: usize,
    /// The hosts of the open intents for other hosts.
    pub other_hosts: Vec<String>,
}
