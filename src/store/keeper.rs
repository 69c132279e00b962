//! The store on a thread of its own, so that nobody who types waits for a disk: one thing after another, in the order
//! in which it was asked for, and all of it before the program ends.
//!
//! The file is opened with the first thing that is asked for, and again with the next where that failed. It knows
//! neither a course nor a form.

use super::{Lock, SetAside, Store, StoreError};
use crate::facts::{Damage, Draft, DraftId, Entry, Hitch, IntentId, Unkept, same_host};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

type Job = Box<dyn FnOnce(&mut Shelf) + Send>;

/// The way to the store. It is shared by all who ask.
#[derive(Debug)]
pub struct Keeper {
    jobs: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<Option<Unkept>>>>,
}

/// What the thread has in its hands.
pub struct Shelf {
    dir: Result<PathBuf, Unkept>,
    store: Option<Store>,
    set_aside: Option<SetAside>,
    /// The draft that is open in this window.
    draft: Option<(DraftId, Lock)>,
    /// Held while orders of these digests are sent and resolved.
    digests: Vec<(String, Lock)>,
    /// Why the draft could not be saved the last time.
    unsaved: Option<Unkept>,
}

impl Keeper {
    /// Starts the thread, for the store in this directory.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(dir: Result<PathBuf, StoreError>) -> std::io::Result<Self> {
        let (send, receive) = channel();
        let dir = dir.map_err(|error| Unkept::from(&error));
        let shelf = Shelf { dir, store: None, set_aside: None, draft: None, digests: Vec::new(), unsaved: None };
        let thread = std::thread::Builder::new().name("store".into()).spawn(move || serve(shelf, &receive))?;
        Ok(Self { jobs: Mutex::new(Some(send)), thread: Mutex::new(Some(thread)) })
    }

    /// Has some work done after all that was asked for before. Once the keeper is closed nothing is done.
    pub fn ask(&self, work: impl FnOnce(&mut Shelf) + Send + 'static) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread that is gone has panicked, which ended the program.
        let _ = jobs.as_ref().map(|jobs| jobs.send(Box::new(work)));
    }

    /// Waits until everything that was asked for is done.
    pub fn drain(&self) {
        let (send, receive) = channel();
        self.ask(move |_| {
            let _ = send.send(());
        });
        let _ = receive.recv();
    }

    /// Does what was asked for, and lets go of the store. Answers why the draft could not be saved the last time, if
    /// it could not.
    pub fn close(&self) -> Option<Unkept> {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // One that panicked has said so.
        thread?.join().ok().flatten()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.close();
    }
}

fn serve(mut shelf: Shelf, jobs: &Receiver<Job>) -> Option<Unkept> {
    while let Ok(job) = jobs.recv() {
        job(&mut shelf);
    }
    shelf.unsaved
}

impl Shelf {
    /// The store, opened where it is not yet.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn store(&mut self) -> Result<&mut Store, Unkept> {
        if self.store.is_none() {
            let opened = Store::open(self.dir.as_ref().map_err(Clone::clone)?).map_err(|error| Unkept::from(&error))?;
            self.set_aside = opened.set_aside.or(self.set_aside.take());
            self.store = Some(opened.store);
        }
        self.store.as_mut().ok_or_else(|| unkept(Hitch::Closed))
    }

    /// Does something with the store.
    ///
    /// # Errors
    /// Where the store cannot be opened, or this fails.
    pub fn with<T>(&mut self, work: impl FnOnce(&mut Store) -> Result<T, StoreError>) -> Result<T, Unkept> {
        work(self.store()?).map_err(|error| Unkept::from(&error))
    }

    /// A damaged file that was put out of the way, if one was: where it is now, and what is wrong with it.
    pub fn set_aside(&self) -> Option<(String, Damage)> {
        let aside = self.set_aside.as_ref()?;
        Some((aside.files.first()?.display().to_string(), aside.damage.clone()))
    }

    /// Saves the draft of this window; the first time it gets an id and is locked.
    ///
    /// # Errors
    /// Where it cannot be saved.
    pub fn save(&mut self, draft: &Draft) -> Result<DraftId, Unkept> {
        let saved = self.try_to_save(draft);
        self.unsaved = saved.as_ref().err().cloned();
        saved
    }

    fn try_to_save(&mut self, draft: &Draft) -> Result<DraftId, Unkept> {
        let id = if let Some((id, _)) = self.draft.as_ref() {
            *id
        } else {
            let id = self.with(|store| store.new_draft())?;
            self.hold(id)?.ok_or_else(|| unkept(Hitch::OpenElsewhere))?
        };
        self.with(|store| store.save_draft(id, draft))?;
        Ok(id)
    }

    /// Makes this draft the one of this window; none if another window has it open.
    ///
    /// # Errors
    /// Where the lock's file cannot be made.
    pub fn hold(&mut self, id: DraftId) -> Result<Option<DraftId>, Unkept> {
        if self.draft.as_ref().is_some_and(|(held, _)| *held == id) {
            return Ok(Some(id));
        }
        let lock = self.with(|store| store.lock_draft(id))?;
        Ok(lock.map(|lock| {
            self.draft = Some((id, lock));
            id
        }))
    }

    /// The draft of this window, once it was saved or opened.
    pub fn held(&self) -> Option<DraftId> {
        self.draft.as_ref().map(|(id, _)| *id)
    }

    /// Lets go of the draft of this window.
    pub fn release(&mut self) {
        self.draft = None;
    }

    /// Removes the draft of this window, and lets go of it.
    ///
    /// # Errors
    /// Where it cannot be removed; then it is let go of all the same.
    pub fn discard(&mut self) -> Result<(), Unkept> {
        match self.draft.take() {
            Some((id, _lock)) => self.with(|store| store.remove_draft(id)).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Locks a digest for as long as its order is sent and resolved.
    ///
    /// # Errors
    /// [`Hitch::Sending`] where another window has it.
    pub fn lock_digest(&mut self, digest: &str) -> Result<(), Unkept> {
        if self.digests.iter().any(|(held, _)| held == digest) {
            return Ok(());
        }
        let lock = self.with(|store| store.lock_digest(digest))?.ok_or_else(|| unkept(Hitch::Sending))?;
        self.digests.push((digest.to_owned(), lock));
        Ok(())
    }

    /// Lets go of a digest.
    pub fn release_digest(&mut self, digest: &str) {
        self.digests.retain(|(held, _)| held != digest);
    }

    /// Lets go of the digest of an intent.
    pub fn release_intent(&mut self, id: IntentId) {
        if let Ok(Some(entry)) = self.with(|store| store.entry(id)) {
            self.release_digest(&entry.intent.digest);
        }
    }

    /// The oldest open intent that nobody is sending or resolving elsewhere, and how many others there are. It is
    /// locked here from now on.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn take_open(&mut self, host: &str) -> Result<Found, Unkept> {
        let entries = self.with(|store| store.open_intents())?;
        let mut found = Found::default();
        for entry in entries {
            if !same_host(&entry.intent.host, host) {
                found.elsewhere.push(entry.intent.host);
            } else if found.open.is_some() {
                found.more += 1;
            } else {
                self.take_one(&entry, &mut found)?;
            }
        }
        Ok(found)
    }

    fn take_one(&mut self, entry: &Entry, found: &mut Found) -> Result<(), Unkept> {
        match self.lock_digest(&entry.intent.digest) {
            Err(unkept) if unkept.cause == Hitch::Sending => found.busy += 1,
            Err(unkept) => return Err(unkept),
            // Whoever had it may have resolved it just now.
            Ok(()) => match self.with(|store| store.entry(entry.id))?.filter(Entry::is_open) {
                Some(entry) => found.open = Some(entry),
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
    pub fn drafts(&mut self) -> Result<Vec<(DraftId, Draft)>, Unkept> {
        let placed: Vec<DraftId> =
            self.with(|store| store.placed())?.into_iter().filter_map(|entry| entry.intent.draft).collect();
        for id in placed {
            if self.with(|store| store.draft(id))?.is_some() {
                self.with(|store| store.remove_draft(id))?;
            }
        }
        self.with(|store| store.drafts())
    }
}

/// The open intents at a start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The one to resolve first.
    pub open: Option<Entry>,
    /// How many more there are for this host.
    pub more: usize,
    /// How many another window is sending or resolving.
    pub busy: usize,
    /// The hosts of those that belong elsewhere.
    pub elsewhere: Vec<String>,
}

fn unkept(cause: Hitch) -> Unkept {
    Unkept { path: String::new(), cause }
}
