//! Doing what the wizard asks for with what is kept, on the store's own thread. Nothing is decided here.

use crate::facts::{Draft, DraftId, Entry, Hitch, Unkept, same_host};
use crate::store::{Found, Shelf, Store};
use crate::wizard::msg::{self, Keep, Kept, Taken};
use std::collections::BTreeSet;

/// So many orders are handed out, whatever organization they are of.
const RECENT: usize = 20;

/// Does one thing, and tells what came of it, where somebody waits for that.
pub(super) fn keep(shelf: &mut Shelf, keep: Keep, host: &str, tell: impl FnOnce(Kept)) {
    match keep {
        Keep::Read => tell(Kept::Read(read(shelf, host).map(Box::new))),
        Keep::Save(form, draft) => tell(Kept::Saved(form, shelf.save(&Draft { saved_at: now(), ..*draft }))),
        Keep::Release => shelf.release(),
        Keep::Discard => tell(Kept::Closed(shelf.discard())),
        Keep::Hold(id) => {
            shelf.release();
            // Where another window has it, what is typed here goes into a draft of its own.
            let _ = shelf.hold(id);
        }
        Keep::Take(id) => tell(Kept::Taken(take(shelf, id).map(Box::new))),
        Keep::Mark => tell(Kept::Marked(shelf.with(|store| store.new_draft()).map(|id| format!("zegel-{:x}", id.0)))),
        Keep::Remove(id) => tell(Kept::Removed(id, remove(shelf, id))),
        Keep::Restore(id) => tell(Kept::Removed(id, shelf.with(|store| store.restore_draft(id)).map(|there| !there))),
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn read(shelf: &mut Shelf, host: &str) -> Result<msg::Stock, Unkept> {
    // First: it may bring an open intent back.
    let lost = shelf.with(Store::losses)?;
    let drafts = shelf.drafts()?;
    let Found { open, more, busy, mut elsewhere } = shelf.take_open(host)?;
    elsewhere.sort();
    elsewhere.dedup();
    let set_aside = shelf.set_aside();
    let placed = recent(shelf.with(|store| store.placed())?, host);
    Ok(msg::Stock { drafts, placed, open: open.map(Box::new), more, busy, elsewhere, set_aside, lost, now: now() })
}

/// The newest orders of this host, and of older ones those that are the last of their organization.
fn recent(placed: Vec<Entry>, host: &str) -> Vec<Entry> {
    let mut met = BTreeSet::new();
    let here = placed.into_iter().filter(|entry| same_host(&entry.intent.host, host)).enumerate();
    let kept = here.filter(|(at, entry)| {
        // Of a new organization only its body tells which it is.
        let last = entry.intent.organization.is_none_or(|id| met.insert(id));
        *at < RECENT || last
    });
    kept.map(|(_, entry)| entry).collect()
}

fn take(shelf: &mut Shelf, id: DraftId) -> Result<Taken, Unkept> {
    shelf.release();
    let mine = shelf.hold(id)?.is_some();
    let draft = shelf.with(|store| store.draft(id))?;
    Ok(Taken { id, draft, mine })
}

/// One that another window has open stays.
fn remove(shelf: &mut Shelf, id: DraftId) -> Result<bool, Unkept> {
    let lock = shelf.with(|store| store.lock_draft(id))?;
    if lock.is_none() {
        return Err(Unkept { path: String::new(), cause: Hitch::OpenElsewhere });
    }
    shelf.with(|store| store.remove_draft(id))
}
