//! Files that were cut or in which bytes changed: each is either intact or set aside, and nothing is lost silently.
//!
//! `ZEGEL_DAMAGE_STEP=1` changes every byte; otherwise a selection of them is changed.

use crate::common::store_samples::{directory, draft, intent, whole};
use std::fs;
use std::path::Path;
use zegel::store::{
    DATABASE_FILE, Decision, DraftId, JournalEntry, PersistenceErrorKind, RecordedOutcome, Store, StoredDraft,
};

const PAGE: usize = 4096;

type Content = (Vec<JournalEntry>, Vec<(DraftId, StoredDraft)>);

fn content(store: &Store) -> Content {
    let entries = (1..=5).map(|id| store.load_entry(zegel::store::IntentId(id)).unwrap());
    (entries.flatten().collect(), store.list_drafts().unwrap())
}

/// Makes a store with one entry of each kind, including a row too large for a page.
fn made(dir: &Path) -> (Vec<u8>, Content) {
    let mut store = whole(dir);
    for number in 1..=4 {
        let id = store.record_intent(&intent(Some(number))).unwrap();
        match number {
            1 => store.record_outcome(id, &RecordedOutcome::Placed { order: 9, requests: vec![1, 2] }).unwrap(),
            2 => store.record_outcome(id, &RecordedOutcome::Unknown { why: "cut".to_owned() }).unwrap(),
            3 => store.record_decision(id, &Decision::NotPlaced).unwrap(),
            _ => {}
        }
    }
    for number in 1..=3 {
        store.save_draft(DraftId(number), &draft(&"typed ".repeat(2000), number)).unwrap();
    }
    store.remove_draft(DraftId(3)).unwrap();
    store.save_draft(DraftId(1), &draft("{}", 8)).unwrap();
    let content = content(&store);
    (fs::read(store.database_file()).unwrap(), content)
}

/// How a file was opened.
#[derive(Debug, PartialEq)]
enum Met {
    Whole,
    SetAside,
    Refused,
}

/// Opens damaged bytes. If they are set aside, they must be where the store says; if not, nothing may be missing.
fn open_damaged(bytes: &[u8], before: &Content, what: &str) -> Met {
    let temp = directory();
    fs::write(temp.path().join(DATABASE_FILE), bytes).unwrap();
    let opened = match Store::open(temp.path()) {
        Ok(opened) => opened,
        Err(error) => {
            assert!(matches!(error.kind, PersistenceErrorKind::Newer { .. }), "{what}: {error}");
            assert_eq!(fs::read(temp.path().join(DATABASE_FILE)).unwrap(), bytes, "{what}");
            return Met::Refused;
        }
    };
    let Some(aside) = opened.quarantined else {
        assert_eq!(content(&opened.store), *before, "{what}");
        return Met::Whole;
    };
    assert_eq!(fs::read(&aside.files[0]).unwrap(), bytes, "{what}");
    assert_eq!(content(&opened.store), (vec![], vec![]), "{what}");
    Met::SetAside
}

#[test]
fn a_cut_file_is_set_aside() {
    let temp = directory();
    let (bytes, before) = made(temp.path());
    assert_eq!(open_damaged(&bytes, &before, "as it was"), Met::Whole);
    let cuts = (0..bytes.len()).step_by(PAGE).chain([1, 50, 100, PAGE - 1, PAGE + 1, bytes.len() - 1]);
    for length in cuts {
        assert_eq!(open_damaged(&bytes[..length], &before, &format!("cut to {length}")), Met::SetAside);
    }
}

#[test]
fn a_changed_byte_is_detected_or_irrelevant() {
    let temp = directory();
    let (bytes, before) = made(temp.path());
    let step = std::env::var("ZEGEL_DAMAGE_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(131);
    let heads = (0..bytes.len()).step_by(PAGE).flat_map(|page| page..page + 8);
    let offsets = (0..100).chain(heads).chain((100..bytes.len()).step_by(step));
    let mut set_aside = 0;
    for at in offsets {
        for mask in [0x01, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= mask;
            let met = open_damaged(&damaged, &before, &format!("{at} changed by {mask:#x}"));
            set_aside += usize::from(met == Met::SetAside);
            assert!(met != Met::Refused || (60..64).contains(&at), "{at} is not in the version");
        }
    }
    assert!(set_aside > 200, "{set_aside}");
}

#[test]
fn a_foreign_file_is_set_aside() {
    let other = directory();
    let (bytes, before) = made(other.path());
    let pages = |from: usize, byte: u8| [&bytes[..from], &vec![byte; bytes.len() - from]].concat();
    for (what, bytes) in [
        ("text", b"not a database, and long enough to have the head of one ".repeat(9)),
        ("zeroes", vec![0; bytes.len()]),
        ("zeroes from the second page", pages(PAGE, 0)),
        ("ones from the third page", pages(2 * PAGE, 0xff)),
    ] {
        assert_eq!(open_damaged(&bytes, &before, what), Met::SetAside);
    }
}

#[test]
fn earlier_files_set_aside_are_kept() {
    let temp = directory();
    for round in 1..=3 {
        fs::write(temp.path().join(DATABASE_FILE), format!("round {round}")).unwrap();
        Store::open(temp.path()).unwrap().quarantined.unwrap();
    }
    for round in 1..=3 {
        let aside = temp.path().join(format!("{DATABASE_FILE}.damaged-{round}"));
        assert_eq!(fs::read_to_string(aside).unwrap(), format!("round {round}"));
    }
}
