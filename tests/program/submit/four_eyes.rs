//! One person writes an order, another reviews it and reads its digest aloud, and the first submits with that digest.
//!
//! Review asks for the agreement again, so it must not show a digest of an order without it: no order could be
//! submitted with that digest.

use crate::common::steps::{fill, tick};
use crate::common::submit_desk::{Desk, ORDER};
use crate::common::tty::{Launch, Tty};
use rstest::rstest;

/// Opens the review of a colleague at another computer, with the same file.
fn review(desk: &Desk, account: bool) -> Tty {
    let launch = Launch::new(&["review", &desk.path()]).size(120, 40);
    let launch = if account {
        launch.env("ZEGEL_API_URL", &desk.sandbox.api_url()).env("ZEGEL_API_KEY", zegel::sandbox::KEY)
    } else {
        launch
    };
    launch.start()
}

/// Returns the digits of the digest in the title of the JSON.
fn read_aloud(tty: &mut Tty) -> String {
    const TITLE: &str = "JSON · file digest ";
    tty.wait_for(TITLE);
    let row = tty.row(TITLE);
    row.split(TITLE).nth(1).unwrap().trim().to_owned()
}

#[rstest]
#[case::as_written(ORDER, true)]
#[case::without_an_account(ORDER, false)]
#[case::ids_as_texts(&ORDER.replace("900011", "\"900011\""), true)]
#[case::a_member_of_its_own(&ORDER.replace("\"provisioning_method\"", "\"comments\": \"by hand\", \"provisioning_method\""), true)]
#[case::what_does_not_belong(&ORDER.replace("\"years\": 1", "\"years\": 1 }, \"billing_address\": { \"city\": \"Elders\""), true)]
fn a_colleagues_review_provides_the_digest_for_the_submission(#[case] payload: &str, #[case] account: bool) {
    let desk = Desk::with(payload);
    let mut tty = review(&desk, account);
    let digest = read_aloud(&mut tty);
    tty.wait_for("consent to the agreement, has the digest").press("ctrl-c");
    assert_eq!((tty.wait_exit(), digest.as_str()), (0, &desk.digest()[..16]));
    let report = desk.run(&["submit", &desk.path(), "--confirm", &digest], "").expect_end(0, &["order 700001"]);
    assert!(report.err.contains(&digest), "{report:#?}");
    assert_eq!(desk.orders(), (1, 1));
}

#[rstest]
#[case::not_agreed(&ORDER.replace("true", "false"))]
#[case::not_asked(&ORDER.replace("\"csa_agreed_to\": true,", ""))]
#[case::wrong(&ORDER.replace("\"city\": \"Amsterdam\"", "\"city\": \"\""))]
#[case::twice(&ORDER.replace("\"provisioning_method\": \"qscd\"", "\"provisioning_method\": \"x\", \"provisioning_method\": \"qscd\""))]
fn no_digest_is_shown_of_a_file_that_cannot_be_submitted(#[case] payload: &str) {
    let desk = Desk::with(payload);
    let mut tty = review(&desk, true);
    tty.wait_for("JSON · no digest until you agree").press("ctrl-c");
    tty.wait_exit();
    desk.run(&["submit", &desk.path(), "--confirm", &desk.run(&["preview", "--digest", &desk.path()], "").out], "")
        .expect_end(1, &["has errors."]);
}

#[test]
fn a_change_by_the_reviewer_changes_the_digest() {
    let desk = Desk::new();
    let mut tty = review(&desk, true);
    let of_file = read_aloud(&mut tty);
    // With the agreement it is the order of the file again.
    tty.press("alt-3").wait_for("[ ] I agree");
    tick(&mut tty, "I agree");
    tty.press("alt-7")
        .wait_for(&format!("JSON · digest {of_file}"))
        .wait_for("consent to the agreement, has the digest");
    tty.press("alt-4").wait_for("Step 4 of 7");
    fill(&mut tty, "Recipient", "X");
    tty.press("alt-7")
        .wait_for("JSON · digest ")
        .wait_gone(&of_file)
        .wait_gone("consent to the agreement, has the digest")
        .press("ctrl-c");
}
