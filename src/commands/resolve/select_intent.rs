//! The selection of the intent to resolve: the named one, or the oldest open one that no other window has locked.
//!
//! The selected intent stays locked until the store closes. This module sends no request.

use super::IntentResolver;
use crate::commands::eprint_lines;
use crate::domain::{IntentId, JournalEntry, PersistenceError, PersistenceErrorKind, is_same_host};
use crate::messages;
use crate::store::StoreSession;

/// The result of the selection.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SelectedIntent {
    /// The intent is open, and locked here.
    Open(JournalEntry),
    /// Another window has locked the intent, or all open ones.
    Busy,
    /// The intent is open, and belongs to another account.
    OtherHost(JournalEntry),
    /// The intent is already resolved.
    Resolved(JournalEntry),
    /// There is no intent of this id.
    Missing(IntentId),
    /// No intent is open.
    NoneOpen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenIntentState {
    /// This run resolves the intent.
    Selected,
    /// No window resolves the intent.
    Open,
    /// Another window resolves the intent.
    Busy,
    /// The intent belongs to another account.
    OtherHost,
}

/// The result of the selection, and all open intents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct IntentSelection {
    pub(super) selected: SelectedIntent,
    pub(super) open: Vec<(JournalEntry, OpenIntentState)>,
}

impl IntentResolver<'_> {
    /// Selects and locks an intent.
    pub(super) async fn select_intent(&self, requested: Option<IntentId>) -> Result<IntentSelection, PersistenceError> {
        let host = self.host.clone();
        let read = self.runner.run_store_task(move |store_session| {
            Ok((read_selection(store_session, &host, requested)?, store_session.quarantined()))
        });
        let (journal, set_aside) = read.await?;
        if let Some((path, damage)) = set_aside {
            eprint_lines(&messages::quarantined_file_text(self.lang, &path, &damage));
        }
        Ok(journal)
    }
}

fn read_selection(
    store_session: &mut StoreSession,
    host: &str,
    requested: Option<IntentId>,
) -> Result<IntentSelection, PersistenceError> {
    let taken = match requested {
        Some(id) => select_named(store_session, host, id)?,
        None => select_oldest(store_session, host)?,
    };
    let entries = store_session.with_store(|store| store.list_open_intents())?;
    let open = entries.into_iter().map(|entry| Ok((open_intent_state(store_session, host, &taken, &entry)?, entry)));
    let open = open.collect::<Result<Vec<_>, PersistenceError>>()?;
    Ok(IntentSelection { selected: taken, open: open.into_iter().map(|(state, entry)| (entry, state)).collect() })
}

fn select_oldest(store_session: &mut StoreSession, host: &str) -> Result<SelectedIntent, PersistenceError> {
    let found = store_session.take_open_intents(host)?;
    Ok(match found.oldest {
        Some(entry) => SelectedIntent::Open(entry),
        None if found.busy_count > 0 => SelectedIntent::Busy,
        None => SelectedIntent::NoneOpen,
    })
}

fn select_named(
    store_session: &mut StoreSession,
    host: &str,
    id: IntentId,
) -> Result<SelectedIntent, PersistenceError> {
    let Some(entry) = store_session.with_store(|store| store.load_entry(id))? else {
        return Ok(SelectedIntent::Missing(id));
    };
    if !entry.is_open() {
        return Ok(SelectedIntent::Resolved(entry));
    }
    if !is_same_host(&entry.intent.host, host) {
        return Ok(SelectedIntent::OtherHost(entry));
    }
    match store_session.take_intent(&entry) {
        Err(unkept) if unkept.kind == PersistenceErrorKind::SendingElsewhere => Ok(SelectedIntent::Busy),
        taken => Ok(match taken? {
            Some(entry) if entry.is_open() => SelectedIntent::Open(entry),
            Some(entry) => SelectedIntent::Resolved(entry),
            None => SelectedIntent::Missing(id),
        }),
    }
}

fn open_intent_state(
    store_session: &mut StoreSession,
    host: &str,
    taken: &SelectedIntent,
    entry: &JournalEntry,
) -> Result<OpenIntentState, PersistenceError> {
    match taken {
        SelectedIntent::Open(taken) if taken.id == entry.id => return Ok(OpenIntentState::Selected),
        _ if !is_same_host(&entry.intent.host, host) => return Ok(OpenIntentState::OtherHost),
        // This process holds the lock, because the digest is the same.
        SelectedIntent::Open(taken) if taken.intent.digest == entry.intent.digest => return Ok(OpenIntentState::Open),
        _ => {}
    }
    let free = store_session.with_store(|store| store.lock_digest(&entry.intent.digest))?.is_some();
    Ok(if free { OpenIntentState::Open } else { OpenIntentState::Busy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Decision, Intent, KnownSet};
    use crate::store::{Store, StoreWorker};
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
            known_set: KnownSet::default(),
            server_time: None,
            local_time: 0,
        }
    }

    /// Returns a store with two open intents here, one of another host, and a resolved one.
    fn journal(dir: &Path) -> Store {
        let mut store = Store::open(dir).unwrap().store;
        for (host, organization) in [("here", 1), ("here", 2), ("there", 1), ("here", 3)] {
            store.record_intent(&intent(host, organization)).unwrap();
        }
        store.record_decision(IntentId(4), &Decision::NotPlaced).unwrap();
        store
    }

    fn taken(dir: &Path, wanted: Option<i64>) -> IntentSelection {
        let store_worker = StoreWorker::start(Ok(dir.to_owned())).unwrap();
        let (send, receive) = channel();
        store_worker.enqueue(move |store_session| {
            send.send(read_selection(store_session, "here", wanted.map(IntentId)).unwrap()).unwrap();
        });
        receive.recv().unwrap()
    }

    #[rstest]
    #[case(None, "open 1", [OpenIntentState::Selected, OpenIntentState::Open, OpenIntentState::OtherHost])]
    #[case(Some(2), "open 2", [OpenIntentState::Open, OpenIntentState::Selected, OpenIntentState::OtherHost])]
    #[case(Some(3), "elsewhere 3", [OpenIntentState::Open, OpenIntentState::Open, OpenIntentState::OtherHost])]
    #[case(Some(4), "resolved 4", [OpenIntentState::Open, OpenIntentState::Open, OpenIntentState::OtherHost])]
    #[case(Some(5), "missing 5", [OpenIntentState::Open, OpenIntentState::Open, OpenIntentState::OtherHost])]
    fn the_named_intent_is_selected_else_the_oldest(
        #[case] wanted: Option<i64>,
        #[case] expected: &str,
        #[case] states: [OpenIntentState; 3],
    ) {
        let dir = tempfile::tempdir().unwrap();
        let _store = journal(dir.path());
        let IntentSelection { selected, open } = taken(dir.path(), wanted);
        let told = match selected {
            SelectedIntent::Open(entry) => format!("open {}", entry.id),
            SelectedIntent::OtherHost(entry) => format!("elsewhere {}", entry.id),
            SelectedIntent::Resolved(entry) => format!("resolved {}", entry.id),
            SelectedIntent::Missing(id) => format!("missing {id}"),
            SelectedIntent::Busy => "busy".to_owned(),
            SelectedIntent::NoneOpen => "nothing".to_owned(),
        };
        assert_eq!(
            (told.as_str(), open.iter().map(|(_, state)| *state).collect::<Vec<_>>()),
            (expected, states.into())
        );
    }

    #[test]
    fn an_order_held_by_another_window_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let store = journal(dir.path());
        let _first = store.lock_digest("here1").unwrap().unwrap();
        assert_eq!(taken(dir.path(), Some(1)).selected, SelectedIntent::Busy);
        assert!(matches!(taken(dir.path(), None).selected, SelectedIntent::Open(entry) if entry.id == IntentId(2)));
        let _second = store.lock_digest("here2").unwrap().unwrap();
        let IntentSelection { selected: taken, open } = taken(dir.path(), None);
        assert_eq!((taken, open[1].1), (SelectedIntent::Busy, OpenIntentState::Busy));
    }
}
