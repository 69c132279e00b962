//! The program is ended, stopped or cut off from outside: the input is on disk, an order in progress is resolved at the
//! next start, and the terminal is restored wherever that is possible.

use super::bench::{Bench, TYPED, again, assert_ends, assert_kept, assert_places, assert_typed, leave_with, resume};
use crate::common::steps::{focus, order};
use crate::common::tty::{Tty, View};
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use std::time::Duration;

/// More than a busy machine takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Returns the program right after the text was typed.
#[track_caller]
fn type_text_at_review(bench: &Bench) -> Tty {
    let mut tty = bench.launch.start();
    type_into(&mut tty);
    tty
}

#[track_caller]
fn type_into(tty: &mut Tty) {
    resume(tty);
    tty.press("alt-4").wait_for("Step 4 of 7: Shipping");
    focus(tty, "Recipient");
    tty.type_text(TYPED).wait_cursor(TYPED);
}

#[rstest]
#[case(Signal::TERM)]
#[case(Signal::HUP)]
#[case(Signal::INT)]
#[case(Signal::QUIT)]
fn a_signal_while_typing_saves_the_input(#[case] signal: Signal) {
    let bench = Bench::new();
    let mut tty = type_text_at_review(&bench);
    tty.signal(signal);
    assert_ends(&mut tty, 128 + signal.as_raw().cast_unsigned());
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
    bench.assert_goes_on();
}

/// How a run ends while an order is being sent.
#[derive(Debug, Clone, Copy)]
enum End {
    Signal(Signal),
    Killed,
    Window,
}

#[track_caller]
fn end(tty: &mut Tty, by: End) {
    match by {
        End::Signal(signal) => {
            tty.signal(signal);
            assert_ends(tty, 3);
        }
        End::Killed => {
            tty.signal(Signal::KILL);
            tty.wait_killed();
        }
        End::Window => {
            tty.hang_up("f1");
            assert_eq!(tty.wait_exit(), 3);
        }
    }
}

#[rstest]
fn an_order_interrupted_while_sending_is_resolved_at_the_next_start(
    #[values(End::Signal(Signal::TERM), End::Signal(Signal::HUP), End::Killed, End::Window)] by: End,
    #[values(true, false)] placed: bool,
) {
    let bench = Bench::new();
    let mut tty = bench.at_confirm();
    bench.switch(&[if placed { "hold-placing" } else { "hold-headers" }]);
    order(&mut tty);
    bench.sandbox.wait_for_hold(0, PATIENCE).expect("an order that is held");
    end(&mut tty, by);
    assert_eq!((bench.journal(), bench.orders().1), (vec!["no outcome".to_owned()], u64::from(placed)));
    assert_kept(bench.launch.state());
    bench.switch(&[]);
    let mut tty = bench.launch.start();
    tty.wait_for("An order was confirmed earlier,");
    let report: &[&str] = if placed {
        super::lost::adopt(&mut tty);
        &["no outcome, adopted 700001"]
    } else {
        super::lost::deny_earlier(&mut tty);
        assert_typed(&mut tty);
        again(&mut tty);
        assert_places(&mut tty);
        &["no outcome, not placed", "placed 700001"]
    };
    assert_eq!((bench.journal(), bench.orders().1), (report.iter().map(ToString::to_string).collect(), 1));
}

#[test]
fn a_window_closed_while_typing_loses_nothing() {
    let bench = Bench::new();
    let mut tty = type_text_at_review(&bench);
    tty.hang_up("f1");
    assert_eq!(tty.wait_exit(), 129);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
    bench.assert_goes_on();
}

/// Returns the only child of a shell.
fn child(tty: &Tty) -> Pid {
    let shell = tty.pid().as_raw_nonzero();
    let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

#[rstest]
#[case::by_the_key(None)]
#[case::from_outside(Some(Signal::TSTP))]
fn a_stopped_program_has_saved_the_input_and_continues(#[case] signal: Option<Signal>) {
    let line = r#"set -m; "$0" "$@"; echo "halted $?"; read -r go; fg; echo "ended $?""#;
    let bench = Bench::new().through(line);
    let mut tty = type_text_at_review(&bench);
    match signal {
        Some(signal) => kill_process(child(&tty), signal).unwrap(),
        None => drop(tty.press("ctrl-z")),
    }
    tty.wait_for("halted 149");
    assert!(tty.modes_are_back() && !tty.look(View::alternate), "{}", tty.screen());
    assert_kept(bench.launch.state());
    tty.type_text("\n").wait_cursor(TYPED).press("ctrl-c").wait_for("ended 0");
    assert_ends(&mut tty, 0);
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
    assert_kept(bench.launch.state());
}

#[rstest]
#[case::output(r#"exec "$0" "$@" >&-"#)]
#[case::errors(r#"exec "$0" "$@" 2>&-"#)]
#[case::both(r#"exec "$0" "$@" >&- 2>&-"#)]
#[case::full(r#"exec "$0" "$@" > /dev/full"#)]
fn a_closed_output_causes_no_problem(#[case] line: &str) {
    let bench = Bench::new().through(line);
    let mut tty = bench.at_confirm();
    assert_places(&mut tty);
    assert_eq!((bench.journal(), bench.orders()), (vec!["placed 700001".to_owned()], (1, 1)));
}

#[test]
fn without_an_input_the_wizard_does_not_start() {
    let bench = Bench::new().through(r#"exec "$0" "$@" <&-"#);
    let mut tty = bench.launch.start();
    assert_eq!(tty.wait_exit(), 2);
    tty.wait_for("this command needs a terminal");
    assert!(tty.modes_are_back() && !tty.raw().contains(&0x1b), "the terminal was not touched");
    assert_eq!((bench.journal(), bench.orders()), (vec![], (0, 0)));
}

#[test]
fn quitting_and_restarting_loses_nothing() {
    let bench = Bench::new();
    let mut tty = type_text_at_review(&bench);
    leave_with(&mut tty, 0);
    assert_kept(bench.launch.state());
    bench.assert_goes_on();
}
