//! A state directory that is unusable, full, damaged, or removed: nothing is ordered without a record in the journal,
//! and the screen says what cannot be saved before it is lost.
//!
//! The tests do not remove permissions, because those do not apply to root.

use super::bench::{
    Bench, TYPED, assert_ends, assert_kept, assert_places, assert_typed, drafts, leave_asked, leave_with, on, wait_said,
};
use crate::common::server::{Reply, Server};
use crate::common::steps::{begin, fill, forward, order, to_payment};
use crate::common::tty::Launch;
use rstest::rstest;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use zegel::store::{DATABASE_FILE, Store};

/// More than a busy machine takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Walks through the whole form to Confirm, where nothing can be ordered for this reason, and quits.
#[track_caller]
fn assert_orders_nothing(launch: &Launch, why: &str) {
    let mut tty = launch.start();
    wait_said(&mut tty, &format!("✗ Not saved: {why}"));
    to_payment(&mut tty);
    forward(&mut tty, "JSON · digest ");
    tty.press("ctrl-n").wait_for("You cannot order yet; the reasons are shown above. Press Esc to go back.");
    wait_said(&mut tty, &format!("zegel must record an order before sending it, but could not do so: {why}"));
    tty.type_text("order").press("enter").press("esc").wait_for("JSON · digest ");
    tty.press("alt-4").wait_for("Step 4 of 7: Shipping").wait_for("Keizersgracht 1");
    tty.press("ctrl-c").wait_for("What you entered could not be saved and will be lost.").press("y");
    assert_ends(&mut tty, 0);
}

/// Returns an empty server, and a directory that does not exist yet.
fn on_nothing() -> (Server, tempfile::TempDir) {
    (Server::for_orders(|_| Reply::placed()), tempfile::tempdir().unwrap())
}

#[rstest]
#[case::a_file_in_its_place("file", "cannot be used")]
#[case::below_a_file("file/below/it", "cannot be used")]
#[case::nowhere("/proc/zegel/state", "cannot be used")]
#[case::a_link("link", "cannot be used")]
fn without_a_state_directory_nothing_is_ordered(#[case] name: &str, #[case] why: &str) {
    let (server, temp) = on_nothing();
    fs::write(temp.path().join("file"), "somebody's").unwrap();
    std::os::unix::fs::symlink(temp.path(), temp.path().join("link")).unwrap();
    let dir = temp.path().join(name);
    let launch = on(&server.url(), "MADE-UP-KEY").env("ZEGEL_STATE_DIR", dir.to_str().unwrap());
    assert_orders_nothing(&launch, &format!("{} {why}", dir.display()));
    assert_eq!(server.finish_orders().len(), 0);
    assert_eq!(fs::read_to_string(temp.path().join("file")).unwrap(), "somebody's");
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 2, "nothing is left about");
}

#[test]
fn a_journal_of_a_newer_zegel_is_left_alone() {
    let (server, temp) = on_nothing();
    drop(Store::open(temp.path()).unwrap());
    let file = temp.path().join(DATABASE_FILE);
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.execute_batch("CREATE TABLE more (x); PRAGMA user_version = 99").unwrap();
    newer.close().unwrap();
    let before = fs::read(&file).unwrap();
    let launch = on(&server.url(), "MADE-UP-KEY").env("ZEGEL_STATE_DIR", temp.path().to_str().unwrap());
    assert_orders_nothing(&launch, &format!("{} was written by a newer version of zegel", file.display()));
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(server.finish_orders().len(), 0);
}

#[test]
fn a_relative_state_directory_is_refused() {
    let (server, _temp) = on_nothing();
    let launch = on(&server.url(), "MADE-UP-KEY").env("ZEGEL_STATE_DIR", "some/where");
    assert_orders_nothing(&launch, "ZEGEL_STATE_DIR must be an absolute path, starting with /.");
    assert_eq!(server.finish_orders().len(), 0);
}

#[test]
fn a_damaged_journal_is_set_aside_and_reported() {
    let bench = Bench::new();
    let file = bench.launch.state().join(DATABASE_FILE);
    fs::write(&file, "not a database, and long enough to have the head of one ".repeat(9)).unwrap();
    let before = fs::read(&file).unwrap();
    let mut tty = bench.launch.start();
    let aside = PathBuf::from(format!("{}.damaged-1", file.display()));
    wait_said(&mut tty, &format!("was damaged; the damaged file was kept as {}.", aside.display()));
    wait_said(&mut tty, "zegel no longer knows which orders were sent from here");
    assert_eq!(fs::read(&aside).unwrap(), before);
    begin(&mut tty);
    tty.press("alt-4").wait_for("Step 4 of 7: Shipping");
    fill(&mut tty, "Recipient", TYPED);
    leave_with(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
    assert_eq!(fs::read(&aside).unwrap(), before);
}

/// No file can be larger than one block. It must make no difference whether or not the shell makes the program ignore
/// the signal of that limit.
#[rstest]
#[case::passed_over(r#"trap '' XFSZ; ulimit -f 1; exec "$0" "$@""#)]
#[case::by_default(r#"ulimit -f 1; exec "$0" "$@""#)]
fn without_disk_space_nothing_is_ordered(#[case] line: &str) {
    let bench = Bench::new();
    let before = drafts(bench.launch.state());
    let bench = bench.through(line);
    let mut tty = bench.at_confirm();
    order(&mut tty);
    tty.wait_for("Nothing was sent, because the order could not be").wait_for("recorded first:");
    assert_typed(&mut tty);
    tty.press("ctrl-c").wait_for("What you entered could not be saved and will be lost.").press("y");
    assert_ends(&mut tty, 1);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_eq!(drafts(bench.launch.state()), before, "what was kept before is whole");
    let bench = bench.through(r#"exec "$0" "$@""#);
    assert_places(&mut bench.at_confirm());
    assert_eq!((bench.journal(), bench.orders()), (vec!["placed 700001".to_owned()], (1, 1)));
}

/// Removes the file while the program has it open.
fn take_away(dir: &Path) {
    fs::rename(dir.join(DATABASE_FILE), dir.join("elsewhere")).unwrap();
}

#[test]
fn a_journal_removed_before_the_order_prevents_it() {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    take_away(bench.launch.state());
    order(&mut tty);
    tty.wait_for("Nothing was sent, because the order could not be").wait_for("recorded first:");
    assert_typed(&mut tty);
    // It was saved before, so that quitting loses nothing.
    leave_with(&mut tty, 1);
    assert_eq!(bench.orders(), (0, 0));
    fs::rename(bench.launch.state().join("elsewhere"), bench.launch.state().join(DATABASE_FILE)).unwrap();
    assert_eq!(bench.journal(), Vec::<String>::new());
    assert_kept(bench.launch.state());
}

#[rstest]
#[case::placed(&["hold-placing"], "Order 700001 was placed", 0)]
#[case::lost(&["hold-placing", "reply-lost"], "It is not known whether the order was placed", 3)]
fn an_outcome_that_cannot_be_written_is_reported(#[case] faults: &[&str], #[case] report: &str, #[case] code: u32) {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(faults);
    order(&mut tty);
    bench.sandbox.wait_for_hold(0, PATIENCE).expect("an order that is held");
    take_away(bench.launch.state());
    bench.sandbox.release_holds();
    tty.wait_for(report);
    wait_said(&mut tty, "The outcome of the order could not be recorded:");
    let leave = if code == 0 { leave_with } else { leave_asked };
    leave(&mut tty, code);
    fs::rename(bench.launch.state().join("elsewhere"), bench.launch.state().join(DATABASE_FILE)).unwrap();
    assert_eq!((bench.journal(), bench.orders()), (vec!["no outcome".to_owned()], (1, 1)));
    bench.switch(&[]);
    let mut tty = bench.launch.start();
    tty.wait_for("An order was confirmed earlier,");
    super::lost::adopt(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["no outcome, adopted 700001".to_owned()], (1, 1)));
}
