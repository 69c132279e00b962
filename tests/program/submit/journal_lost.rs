//! A journal that was damaged, emptied, removed, or restored from an older copy: no order of any kind is sent until the
//! user has acknowledged that, and an order without a response stays blocked nevertheless.

use crate::common::submit_desk::{Desk, ORDER};
use rstest::rstest;
use std::fs;
use std::path::{Path, PathBuf};
use zegel::store::DATABASE_FILE;

const PAGE: usize = 4096;

/// Writes the payload for another organization to its own file. Returns its path and digest.
fn other(desk: &Desk) -> (String, String) {
    let file = desk.dir.path().join("other.json");
    fs::write(&file, ORDER.replace("900011", "900021")).unwrap();
    let path = file.display().to_string();
    let digest = desk.run(&["preview", "--digest", &path], "").expect_end(0, &[]).out.trim().to_owned();
    (path, digest)
}

fn database(desk: &Desk) -> PathBuf {
    desk.state().join(DATABASE_FILE)
}

fn spoil_page(file: &Path, number: usize) {
    let mut bytes = fs::read(file).unwrap();
    let from = (number * PAGE).min(bytes.len() - PAGE);
    bytes[from..from + PAGE].fill(0);
    fs::write(file, bytes).unwrap();
}

#[rstest]
#[case::the_first_page(|file: &Path| spoil_page(file, 0), "zegel.sqlite3.damaged-1")]
#[case::the_second_page(|file: &Path| spoil_page(file, 1), "zegel.sqlite3.damaged-1")]
#[case::the_last_page(|file: &Path| spoil_page(file, usize::MAX / PAGE), "zegel.sqlite3.damaged-1")]
#[case::cut(|file: &Path| fs::write(file, &fs::read(file).unwrap()[..PAGE]).unwrap(), "zegel.sqlite3.damaged-1")]
#[case::empty(|file: &Path| fs::write(file, b"").unwrap(), "zegel.sqlite3.damaged-1")]
#[case::text(|file: &Path| fs::write(file, b"notes").unwrap(), "zegel.sqlite3.damaged-1")]
#[case::gone(|file: &Path| fs::remove_file(file).unwrap(), "zegel.sqlite3, is missing or was emptied")]
fn a_lost_response_followed_by_a_lost_journal_places_nothing_twice(#[case] spoil: fn(&Path), #[case] named: &str) {
    let desk = Desk::new();
    let (digest, (other, other_digest)) = (desk.digest(), other(&desk));
    desk.switch(&["reply-lost@orders*1", "list-forbidden"]);
    let args = ["submit", &desk.path(), "--confirm", &digest, "--unprotected", "--resolve", "0"];
    desk.run(&args, "").expect_end(3, &[]);
    desk.switch(&[]);
    spoil(&database(&desk));
    // Every order is stopped, the same one and any other, at each start.
    for _ in 0..2 {
        let report = desk
            .run(&[&args[..], &["--json"]].concat(), "")
            .expect_end(2, &[named, "no longer knows which", "--journal-lost"]);
        assert_eq!(report.json()["outcome"], "journal_lost");
        desk.run(&["submit", &other, "--confirm", &other_digest], "").expect_end(2, &[named, "--journal-lost"]);
    }
    assert_eq!(desk.orders(), (1, 1));
    // After the acknowledgment the unresolved order is still blocked, and the other one is not.
    desk.run(&[&args[..], &["--journal-lost"]].concat(), "").expect_end(1, &["zegel resolve 1"]);
    desk.run(&args, "").expect_end(1, &["zegel resolve 1"]);
    desk.run(&["submit", &other, "--confirm", &other_digest], "").expect_end(0, &["order 700002"]);
    assert_eq!((desk.orders().1, desk.journal()), (2, vec!["no outcome".to_owned(), "placed 700002".to_owned()]));
}

#[test]
fn a_damaged_journal_without_an_open_order_blocks_until_acknowledged() {
    let desk = Desk::new();
    desk.submit(&[]).expect_end(0, &["order 700001"]);
    spoil_page(&database(&desk), 1);
    let (other, digest) = other(&desk);
    let args = ["submit", &other, "--confirm", &digest];
    desk.run(&args, "").expect_end(2, &["zegel.sqlite3.damaged-1", "--journal-lost"]);
    desk.run(&[&args[..], &["--journal-lost"]].concat(), "").expect_end(0, &["order 700002"]);
    fs::write(&desk.file, ORDER.replace("900011", "900022")).unwrap();
    desk.submit(&[]).expect_end(0, &["order 700003"]);
}

#[test]
fn without_any_remains_a_new_journal_begins() {
    let desk = Desk::new();
    desk.submit(&[]).expect_end(0, &["order 700001"]);
    fs::remove_file(database(&desk)).unwrap();
    let (other, digest) = other(&desk);
    desk.run(&["submit", &other, "--confirm", &digest], "").expect_end(0, &["order 700002"]);
}

#[test]
fn a_journal_from_before_the_order_blocks_only_that_order() {
    let desk = Desk::new();
    let (digest, (other, other_digest)) = (desk.digest(), other(&desk));
    desk.run(&["resolve"], "").expect_end(0, &[]);
    let before = fs::read(database(&desk)).unwrap();
    desk.switch(&["reply-lost@orders*1"]);
    let args = ["submit", &desk.path(), "--confirm", &digest, "--resolve", "0"];
    desk.run(&args, "").expect_end(3, &[]);
    desk.switch(&[]);
    fs::write(database(&desk), before).unwrap();
    desk.run(&args, "").expect_end(1, &["zegel resolve 1"]);
    desk.run(&["submit", &other, "--confirm", &other_digest], "").expect_end(0, &["order 700002"]);
    assert_eq!(desk.journal(), ["no outcome", "placed 700002"]);
}

/// A damaged intent file does not reveal its order, so no other order may be sent.
#[test]
fn a_damaged_intent_file_of_an_unknown_order_blocks_every_order() {
    let desk = Desk::new();
    let (digest, (other, other_digest)) = (desk.digest(), other(&desk));
    desk.switch(&["reply-lost@orders*1"]);
    desk.run(&["submit", &desk.path(), "--confirm", &digest, "--resolve", "0"], "").expect_end(3, &[]);
    desk.switch(&[]);
    fs::remove_file(database(&desk)).unwrap();
    fs::write(desk.state().join("intent-1.json"), "half").unwrap();
    let args = ["submit", &other, "--confirm", &other_digest];
    desk.run(&args, "").expect_end(2, &["intent-1.json", "cannot be read", "--journal-lost"]);
    desk.run(&[&args[..], &["--journal-lost"]].concat(), "").expect_end(0, &["order 700002"]);
    assert!(desk.state().join("intent-1.json").exists(), "nothing is thrown away");
}

#[test]
fn an_intent_file_is_removed_with_the_outcome_and_stays_without_one() {
    let desk = Desk::new();
    let file = desk.state().join("intent-1.json");
    desk.switch(&["reply-lost@orders*1"]);
    desk.submit(&["--resolve", "0"]).expect_end(3, &[]);
    assert!(file.exists());
    desk.switch(&[]);
    desk.run(&["resolve", "1", "--adopt", "700001"], "").expect_end(0, &[]);
    assert!(!file.exists());
    fs::write(&desk.file, ORDER.replace("900011", "900021")).unwrap();
    desk.submit(&[]).expect_end(0, &[]);
    assert!(!desk.state().join("intent-2.json").exists());
}
