//! The store on a thread of its own, so that nobody who types waits for a disk: one thing after another, in the order
//! in which it was asked for, and all of it before the program ends.
//!
//! The file is opened with the first thing that is asked for, and again with the next where that failed. It knows
//! neither a course nor a form.

use super::{Lock, QuarantinedFiles, Store, StoreError};
use crate::domain::{
    DatabaseDamage, DraftId, IntentId, JournalEntry, PersistenceError, PersistenceErrorKind, StoredDraft, is_same_host,
};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

type StoreJob = Box<dyn FnOnce(&mut StoreSession) + Send>;

/// The way to the store. It is shared by all who ask.
#[derive(Debug)]
pub struct StoreWorker {
    jobs: Mutex<Option<Sender<StoreJob>>>,
    thread: Mutex<Option<JoinHandle<Option<PersistenceError>>>>,
}

/// What the thread has in its hands.
pub struct StoreSession {
    dir: Result<PathBuf, PersistenceError>,
    store: Option<Store>,
    quarantined: Option<QuarantinedFiles>,
    /// The draft that is open in this window.
    draft: Option<(DraftId, Lock)>,
    /// Held while orders of these digests are sent and resolved.
    digest_locks: Vec<(String, Lock)>,
    /// Why the draft could not be saved the last time.
    last_save_error: Option<PersistenceError>,
}

impl StoreWorker {
    /// Starts the thread, for the store in this directory.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(dir: Result<PathBuf, StoreError>) -> std::io::Result<Self> {
        let (send, receive) = channel();
        let dir = dir.map_err(|error| PersistenceError::from(&error));
        let shelf = StoreSession {
            dir,
            store: None,
            quarantined: None,
            draft: None,
            digest_locks: Vec::new(),
            last_save_error: None,
        };
        let thread = std::thread::Builder::new().name("store".into()).spawn(move || run_jobs(shelf, &receive))?;
        Ok(Self { jobs: Mutex::new(Some(send)), thread: Mutex::new(Some(thread)) })
    }

    /// Has some work done after all that was asked for before. Once the keeper is closed nothing is done.
    pub fn enqueue(&self, work: impl FnOnce(&mut StoreSession) + Send + 'static) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread that is gone has panicked, which ended the program.
        let _ = jobs.as_ref().map(|jobs| jobs.send(Box::new(work)));
    }

    /// Waits until everything that was asked for is done.
    pub fn wait_until_idle(&self) {
        let (send, receive) = channel();
        self.enqueue(move |_| {
            let _ = send.send(());
        });
        let _ = receive.recv();
    }

    /// Does what was asked for, and lets go of the store. Answers why the draft could not be saved the last time, if
    /// it could not.
    pub fn close(&self) -> Option<PersistenceError> {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // One that panicked has said so.
        thread?.join().ok().flatten()
    }
}

impl Drop for StoreWorker {
    fn drop(&mut self) {
        self.close();
    }
}

fn run_jobs(mut shelf: StoreSession, jobs: &Receiver<StoreJob>) -> Option<PersistenceError> {
    while let Ok(job) = jobs.recv() {
        job(&mut shelf);
    }
    shelf.last_save_error
}

impl StoreSession {
    /// The store, opened where it is not yet.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn open_store(&mut self) -> Result<&mut Store, PersistenceError> {
        if self.store.is_none() {
            let opened = Store::open(self.dir.as_ref().map_err(Clone::clone)?)
                .map_err(|error| PersistenceError::from(&error))?;
            self.quarantined = opened.quarantined.or(self.quarantined.take());
            self.store = Some(opened.store);
        }
        self.store.as_mut().ok_or_else(|| lock_error(PersistenceErrorKind::Closed))
    }

    /// Does something with the store.
    ///
    /// # Errors
    /// Where the store cannot be opened, or this fails.
    pub fn with_store<T>(
        &mut self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, PersistenceError> {
        work(self.open_store()?).map_err(|error| PersistenceError::from(&error))
    }

    /// A damaged file that was put out of the way, if one was: where it is now, and what is wrong with it.
    pub fn quarantined(&self) -> Option<(String, DatabaseDamage)> {
        let aside = self.quarantined.as_ref()?;
        Some((aside.files.first()?.display().to_string(), aside.damage.clone()))
    }

    /// Saves the draft of this window; the first time it gets an id and is locked.
    ///
    /// # Errors
    /// Where it cannot be saved.
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
            self.hold_draft(id)?.ok_or_else(|| lock_error(PersistenceErrorKind::OpenElsewhere))?
        };
        self.with_store(|store| store.save_draft(id, draft))?;
        Ok(id)
    }

    /// Makes this draft the one of this window; none if another window has it open.
    ///
    /// # Errors
    /// Where the lock's file cannot be made.
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

    /// The draft of this window, once it was saved or opened.
    pub fn held_draft(&self) -> Option<DraftId> {
        self.draft.as_ref().map(|(id, _)| *id)
    }

    /// Lets go of the draft of this window.
    pub fn release_draft(&mut self) {
        self.draft = None;
    }

    /// Removes the draft of this window, and lets go of it.
    ///
    /// # Errors
    /// Where it cannot be removed; then it is let go of all the same.
    pub fn discard_draft(&mut self) -> Result<(), PersistenceError> {
        match self.draft.take() {
            Some((id, _lock)) => self.with_store(|store| store.remove_draft(id)).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Locks a digest for as long as its order is sent and resolved.
    ///
    /// # Errors
    /// [`Hitch::Sending`] where another window has it.
    pub fn lock_digest(&mut self, digest: &str) -> Result<(), PersistenceError> {
        if self.digest_locks.iter().any(|(held, _)| held == digest) {
            return Ok(());
        }
        let lock = self
            .with_store(|store| store.lock_digest(digest))?
            .ok_or_else(|| lock_error(PersistenceErrorKind::SendingElsewhere))?;
        self.digest_locks.push((digest.to_owned(), lock));
        Ok(())
    }

    /// Lets go of a digest.
    pub fn release_digest(&mut self, digest: &str) {
        self.digest_locks.retain(|(held, _)| held != digest);
    }

    /// Lets go of the digest of an intent.
    pub fn release_intent(&mut self, id: IntentId) {
        if let Ok(Some(entry)) = self.with_store(|store| store.load_entry(id)) {
            self.release_digest(&entry.intent.digest);
        }
    }

    /// The oldest open intent that nobody is sending or resolving elsewhere, and how many others there are. It is
    /// locked here from now on.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn take_open_intents(&mut self, host: &str) -> Result<OpenIntents, PersistenceError> {
        let entries = self.with_store(|store| store.list_open_intents())?;
        let mut found = OpenIntents::default();
        for entry in entries {
            if !is_same_host(&entry.intent.host, host) {
                found.other_hosts.push(entry.intent.host);
            } else if found.oldest.is_some() {
                found.more_count += 1;
            } else {
                self.take_intent(&entry, &mut found)?;
            }
        }
        Ok(found)
    }

    fn take_intent(&mut self, entry: &JournalEntry, found: &mut OpenIntents) -> Result<(), PersistenceError> {
        match self.lock_digest(&entry.intent.digest) {
            Err(unkept) if unkept.kind == PersistenceErrorKind::SendingElsewhere => found.busy_count += 1,
            Err(unkept) => return Err(unkept),
            // Whoever had it may have resolved it just now.
            Ok(()) => match self.with_store(|store| store.load_entry(entry.id))?.filter(JournalEntry::is_open) {
                Some(entry) => found.oldest = Some(entry),
                None => self.release_digest(&entry.intent.digest),
            },
        }
        Ok(())
    }

    /// The drafts, without those whose order was placed: these are removed, because a program that was killed right
    /// after an order was placed could not do it.
    ///
    /// # Errors
    /// Where the file cannot be read.
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

/// The open intents at a start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenIntents {
    /// The one to resolve first.
    pub oldest: Option<JournalEntry>,
    /// How many more there are for this host.
    pub more_count: usize,
    /// How many another window is sending or resolving.
    pub busy_count: usize,
    /// The hosts of those that belong elsewhere.
    pub other_hosts: Vec<String>,
}

fn lock_error(cause: PersistenceErrorKind) -> PersistenceError {
    PersistenceError { path: String::new(), kind: cause }
}
