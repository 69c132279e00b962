//! Two people who order the same at the same moment, from one journal and from two.
//!
//! From one journal there is never more than one order. Two computers have only the account's lists in common: one that
//! looks after the other's order is listed learns of it, one that looked before cannot. No more can be guaranteed, and
//! this is what the test checks.

use super::victim::Victim;
use crate::common::submit_desk::{Desk, Ran, bare, program, ran};
use rstest::rstest;
use std::path::Path;
use std::time::Duration;

/// Long enough for a busy machine. A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

fn start(desk: &Desk, state: &Path, more: &[&str]) -> Victim {
    let (path, digest) = (desk.path(), desk.digest());
    let mut command = bare(state, &desk.sandbox.api_url());
    command.args(["--lang", "en", "submit", &path, "--confirm", &digest, "--json"]).args(more);
    Victim::start(command)
}

fn submit(desk: &Desk, state: &Path, more: &[&str]) -> Ran {
    let (path, digest) = (desk.path(), desk.digest());
    let mut command = program(state, &desk.sandbox.api_url());
    ran(command.args(["--lang", "en", "submit", &path, "--confirm", &digest, "--json"]).args(more))
}

/// With and without lists: without them, only the journal shows the other order.
#[rstest]
#[case::short(4)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(24)]
fn two_from_one_journal_order_once(#[case] pairs: u64) {
    for (faults, more) in [(&[][..], &[][..]), (&["list-forbidden"], &["--unprotected"])] {
        (0..pairs).for_each(|pair| order_twice(faults, more, pair * 180 / pairs));
    }
}

/// The second starts this many milliseconds later, up to after the end of the first.
fn order_twice(faults: &[&str], more: &[&str], later: u64) {
    let desk = Desk::new();
    desk.switch(faults);
    let state = desk.state();
    let first = start(&desk, &state, more);
    std::thread::sleep(Duration::from_millis(later));
    let second = start(&desk, &state, more);
    let report = [first, second].map(|run| run.end().unwrap());
    let mut outcomes = report.each_ref().map(|report| report.json()["outcome"].as_str().unwrap().to_owned());
    outcomes.sort();
    let [other, placed] = &outcomes;
    assert_eq!(placed, "placed", "{report:#?}");
    assert!(["alike", "blocked"].contains(&other.as_str()), "{report:#?}");
    assert_eq!((desk.orders(), desk.journal()), ((1, 1), vec!["placed 700001".to_owned()]), "{report:#?}");
}

#[rstest]
#[case::accept("hold-accept")]
#[case::headers("hold-headers")]
#[case::placing("hold-placing")]
#[case::reply("hold-reply")]
fn while_one_order_is_sent_another_from_its_journal_is_blocked(#[case] hold: &str) {
    let desk = Desk::new();
    let state = desk.state();
    desk.switch(&[hold]);
    let first = start(&desk, &state, &[]);
    desk.sandbox.wait_for_hold(0, PATIENCE).expect("it is held");
    let second = submit(&desk, &state, &[]).expect_end(1, &["zegel resolve 1"]);
    assert_eq!(second.json()["outcome"], "blocked");
    desk.sandbox.set_faults(&[]);
    let first = first.end().unwrap();
    assert_eq!((first.code, desk.orders()), (0, (1, 1)), "{first:#?}");
    assert_eq!(desk.journal(), ["placed 700001"]);
}

#[test]
fn another_computer_sees_a_listed_order() {
    let desk = Desk::new();
    submit(&desk, &desk.state(), &[]).expect_end(0, &[]);
    let second = submit(&desk, &desk.dir.path().join("second"), &[]).expect_end(1, &["--despite 700001"]).json();
    assert_eq!(
        (second["alike"][0]["order"].as_u64(), second["alike"][0]["same"].as_bool()),
        (Some(700_001), Some(false))
    );
    assert_eq!(desk.orders(), (1, 1));
}

/// The limit of what can be known: the first had looked before the second ordered. Each journal knows its own order
/// nevertheless, and the next order is told of both.
#[test]
fn another_computer_that_looked_earlier_cannot_know() {
    let desk = Desk::new();
    let (here, there) = (desk.state(), desk.dir.path().join("second"));
    desk.switch(&["hold-accept*1"]);
    let first = start(&desk, &here, &[]);
    desk.sandbox.wait_for_hold(0, PATIENCE).expect("it is held");
    submit(&desk, &there, &[]).expect_end(0, &[]);
    desk.sandbox.set_faults(&[]);
    assert_eq!(first.end().unwrap().json()["order"], 700_002);
    assert_eq!(desk.orders(), (2, 2));
    assert_eq!([&here, &there].map(|dir| crate::common::journal::journal(dir)), [["placed 700002"], ["placed 700001"]]);
    for state in [&here, &there] {
        submit(&desk, state, &[]).expect_end(1, &["--despite 700001", "--despite 700002"]);
    }
    assert_eq!(desk.orders(), (2, 2));
}
