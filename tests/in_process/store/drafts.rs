//! Drafts: saved in place, listed newest first, and removable until the removal can no longer be undone.

use crate::common::store_samples::{directory, draft, whole};
use zegel::store::DraftId;

#[test]
fn a_draft_is_saved_in_place_and_listed_newest_first() {
    let temp = directory();
    let mut store = whole(temp.path());
    let (one, two) = (store.new_draft_id().unwrap(), store.new_draft_id().unwrap());
    assert!(one != two && one.0 > 0 && two.0 > 0 && one.0 < 1 << 53);
    assert_eq!(store.load_draft(one).unwrap(), None, "an id alone is no draft");
    store.save_draft(one, &draft("{}", 1)).unwrap();
    store.save_draft(two, &draft("{\"a\": \"é\0\"}", 2)).unwrap();
    store.save_draft(one, &draft("{\"b\": 1}", 3)).unwrap();
    drop(store);
    let listed = whole(temp.path()).list_drafts().unwrap();
    assert_eq!(listed, [(one, draft("{\"b\": 1}", 3)), (two, draft("{\"a\": \"é\0\"}", 2))]);
}

#[test]
fn a_removal_can_be_undone_while_a_process_has_the_store_open() {
    let temp = directory();
    let (mut store, id) = (whole(temp.path()), DraftId(1));
    store.save_draft(id, &draft("x", 1)).unwrap();
    assert!(store.remove_draft(id).unwrap());
    assert_eq!((store.load_draft(id).unwrap(), store.list_drafts().unwrap().len()), (None, 0));
    store.save_draft(id, &draft("y", 2)).unwrap();
    assert_eq!(store.load_draft(id).unwrap(), None, "a late save brings nothing back by itself");
    drop(whole(temp.path()));
    assert!(store.restore_draft(id).unwrap());
    assert_eq!(store.load_draft(id).unwrap(), Some(draft("y", 2)));
    store.remove_draft(id).unwrap();
    drop(store);
    let mut store = whole(temp.path());
    assert!(!store.restore_draft(id).unwrap());
    assert!(!store.remove_draft(id).unwrap());
}
