//! Leaving the first run leaves no files behind, and without a terminal it does not start.

use super::home::{SetupHome, assert_unseen};
use super::way::{give_key, in_variable, keep_in, to_key};
use crate::common::steps::{forward, leave, leave_kept};
use rstest::rstest;
use std::path::PathBuf;
use zegel::sandbox::KEY;

#[rstest]
#[case("q")]
#[case("ctrl-c")]
fn leaving_the_first_screen_leaves_no_trace(#[case] key: &str) {
    let home = SetupHome::new();
    let mut tty = home.start();
    tty.wait_for("Welcome. You set up an account").press(key);
    assert_eq!(tty.wait_exit(), 0);
    assert_eq!(home.left(), Vec::<PathBuf>::new());
    assert!(tty.modes_are_back());
}

#[test]
fn escape_leads_back_to_the_first_screen() {
    let home = SetupHome::new();
    let mut tty = home.start();
    to_key(&mut tty, &home.sandbox.api_url());
    tty.press("esc").wait_for("Step 1 of 3: Account").press("esc").wait_for("Welcome. You set up an account");
    assert_eq!(leave(&mut tty), 0);
    assert_eq!(home.left(), Vec::<PathBuf>::new());
}

#[test]
fn leaving_setup_leaves_no_typed_key() {
    let home = SetupHome::new();
    let mut tty = home.start();
    to_key(&mut tty, &home.sandbox.api_url());
    keep_in(&mut tty, "file");
    give_key(&mut tty, KEY);
    assert_eq!(leave(&mut tty), 0);
    assert_eq!(home.left(), Vec::<PathBuf>::new());
    assert_unseen(&tty, KEY);
}

#[test]
fn the_last_screen_can_still_be_left() {
    let home = SetupHome::with(&[("MY_KEY", KEY)]);
    let mut tty = home.start();
    to_key(&mut tty, &home.sandbox.api_url());
    in_variable(&mut tty, "MY_KEY");
    forward(&mut tty, "The key works.");
    tty.press("enter").wait_for("Step 1 of 5").press("alt-4").wait_for("Step 4 of 5");
    forward(&mut tty, "This will be saved");
    assert_eq!(leave(&mut tty), 0);
    assert_eq!(home.left(), Vec::<PathBuf>::new());
}

#[test]
fn the_embedded_sandbox_starts_by_one_key_and_leaves_no_trace() {
    let home = SetupHome::new();
    let mut tty = home.start();
    tty.wait_for("Welcome. You set up an account").press("t");
    tty.wait_for("SANDBOX 127.0.0.1:").wait_for("Step 1 of 7: Organization");
    assert_eq!(leave_kept(&mut tty), 0);
    assert_eq!(home.left(), Vec::<PathBuf>::new());
}

#[rstest]
#[case(&["setup"])]
#[case(&[])]
fn without_a_terminal_nothing_is_set_up(#[case] args: &[&str]) {
    let home = SetupHome::new();
    let ran = home.run(args);
    let (out, err) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap());
    assert_eq!((ran.status.code(), out.as_str()), (Some(2), ""));
    let expected = if args.is_empty() { "zegel: no account is set up" } else { "zegel: " };
    assert!(err.starts_with(expected) && err.contains("\nhint: "), "{err}");
    assert_eq!(home.left(), Vec::<PathBuf>::new());
}
