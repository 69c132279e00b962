//! Which intent is resolved: the one that is named, or the oldest that is open and that no other window has.
//!
//! It is locked from then on, until the store is let go of. Nothing is asked of the server here.

use super::Resolving;
use crate::command::say;
use crate::facts::{Entry, Hitch, IntentId, Unkept, same_host};
use crate::store::Shelf;
use crate::tell;

/// What the journal says of the intent that is to be resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Taken {
    /// It is open, and locked here.
    Open(Entry),
    /// Another window has it, or all that are open.
    Busy,
    /// It is open, and of another account.
    Elsewhere(Entry),
    /// It is resolved already.
    Resolved(Entry),
    /// There is none of this id.
    Missing(IntentId),
    /// None is open.
    Nothing,
}

/// How an intent that is open stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It is looked for now.
    Taken,
    /// Nobody is at it.
    Open,
    /// Another window is resolving it.
    Busy,
    /// It is of another account.
    Elsewhere,
}

/// What was taken, and all that are open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Journal {
    pub(super) taken: Taken,
    pub(super) open: Vec<(Entry, State)>,
}

impl Resolving<'_> {
    /// Takes an intent.
    pub(super) async fn take(&self, wanted: Option<IntentId>) -> Result<Journal, Unkept> {
        let host = self.host.clone();
        let read = self.errand.ask(move |shelf| Ok((take(shelf, &host, wanted)?, shelf.set_aside())));
        let (journal, set_aside) = read.await?;
        if let Some((path, damage)) = set_aside {
            say(&tell::set_aside_words(self.lang, &path, &damage));
        }
        Ok(journal)
    }
}

fn take(shelf: &mut Shelf, host: &str, wanted: Option<IntentId>) -> Result<Journal, Unkept> {
    let taken = match wanted {
        Some(id) => take_named(shelf, host, id)?,
        None => take_oldest(shelf, host)?,
    };
    let entries = shelf.with(|store| store.open_intents())?;
    let open = entries.into_iter().map(|entry| Ok((state(shelf, host, &taken, &entry)?, entry)));
    let open = open.collect::<Result<Vec<_>, Unkept>>()?;
    Ok(Journal { taken, open: open.into_iter().map(|(state, entry)| (entry, state)).collect() })
}

fn take_oldest(shelf: &mut Shelf, host: &str) -> Result<Taken, Unkept> {
    let found = shelf.take_open(host)?;
    Ok(match found.open {
        Some(entry) => Taken::Open(entry),
        None if found.busy > 0 => Taken::Busy,
        None => Taken::Nothing,
    })
}

fn take_named(shelf: &mut Shelf, host: &str, id: IntentId) -> Result<Taken, Unkept> {
    let Some(entry) = shelf.with(|store| store.entry(id))? else { return Ok(Taken::Missing(id)) };
    if !entry.is_open() {
        return Ok(Taken::Resolved(entry));
    }
    if !same_host(&entry.intent.host, host) {
        return Ok(Taken::Elsewhere(entry));
    }
    match shelf.lock_digest(&entry.intent.digest) {
        Err(unkept) if unkept.cause == Hitch::Sending => return Ok(Taken::Busy),
        locked => locked?,
    }
    // Whoever had it may have resolved it just now.
    match shelf.with(|store| store.entry(id))? {
        Some(entry) if entry.is_open() => Ok(Taken::Open(entry)),
        Some(entry) => {
            shelf.release_digest(&entry.intent.digest);
            Ok(Taken::Resolved(entry))
        }
        None => Ok(Taken::Missing(id)),
    }
}

fn state(shelf: &mut Shelf, host: &str, taken: &Taken, entry: &Entry) -> Result<State, Unkept> {
    match taken {
        Taken::Open(taken) if taken.id == entry.id => return Ok(State::Taken),
        _ if !same_host(&entry.intent.host, host) => return Ok(State::Elsewhere),
        // Its lock is the one that is held here.
        Taken::Open(taken) if taken.intent.digest == entry.intent.digest => return Ok(State::Open),
        _ => {}
    }
    let free = shelf.with(|store| store.lock_digest(&entry.intent.digest))?.is_some();
    Ok(if free { State::Open } else { State::Busy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Decision, Intent, KnownSet};
    use crate::store::{Keeper, Store};
    use rstest::rstest;
    use std::path::Path;
    use std::sync::mpsc::channel;

    fn intent(host: &str, organization: u64) -> Intent {
        Intent {
            draft: None,
            host: host.into(),
            account: "5".into(),
            product: "p".into(),
            organization: Some(organization),
            digest: format!("{host}{organization}"),
            body: "{}".into(),
            user: None,
            known: KnownSet::default(),
            server_time: None,
            local_time: 0,
        }
    }

    /// Two that are open here, one elsewhere, and one that is resolved.
    fn journal(dir: &Path) -> Store {
        let mut store = Store::open(dir).unwrap().store;
        for (host, organization) in [("here", 1), ("here", 2), ("there", 1), ("here", 3)] {
            store.begin(&intent(host, organization)).unwrap();
        }
        store.decide(IntentId(4), &Decision::NotPlaced).unwrap();
        store
    }

    fn taken(dir: &Path, wanted: Option<i64>) -> Journal {
        let keeper = Keeper::start(Ok(dir.to_owned())).unwrap();
        let (send, receive) = channel();
        keeper.ask(move |shelf| send.send(take(shelf, "here", wanted.map(IntentId)).unwrap()).unwrap());
        receive.recv().unwrap()
    }

    #[rstest]
    #[case(None, "open 1", [State::Taken, State::Open, State::Elsewhere])]
    #[case(Some(2), "open 2", [State::Open, State::Taken, State::Elsewhere])]
    #[case(Some(3), "elsewhere 3", [State::Open, State::Open, State::Elsewhere])]
    #[case(Some(4), "resolved 4", [State::Open, State::Open, State::Elsewhere])]
    #[case(Some(5), "missing 5", [State::Open, State::Open, State::Elsewhere])]
    fn the_one_that_is_named_is_taken_else_the_oldest(
        #[case] wanted: Option<i64>,
        #[case] expected: &str,
        #[case] states: [State; 3],
    ) {
        let dir = tempfile::tempdir().unwrap();
        let _store = journal(dir.path());
        let Journal { taken, open } = taken(dir.path(), wanted);
        let told = match taken {
            Taken::Open(entry) => format!("open {}", entry.id),
            Taken::Elsewhere(entry) => format!("elsewhere {}", entry.id),
            Taken::Resolved(entry) => format!("resolved {}", entry.id),
            Taken::Missing(id) => format!("missing {id}"),
            Taken::Busy => "busy".to_owned(),
            Taken::Nothing => "nothing".to_owned(),
        };
        assert_eq!(
            (told.as_str(), open.iter().map(|(_, state)| *state).collect::<Vec<_>>()),
            (expected, states.into())
        );
    }

    #[test]
    fn what_another_window_has_is_left_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = journal(dir.path());
        let _first = store.lock_digest("here1").unwrap().unwrap();
        assert_eq!(taken(dir.path(), Some(1)).taken, Taken::Busy);
        assert!(matches!(taken(dir.path(), None).taken, Taken::Open(entry) if entry.id == IntentId(2)));
        let _second = store.lock_digest("here2").unwrap().unwrap();
        let Journal { taken, open } = taken(dir.path(), None);
        assert_eq!((taken, open[1].1), (Taken::Busy, State::Busy));
    }
}
