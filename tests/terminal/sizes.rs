//! Terminals that report no size, or an impossible one.

use crate::common::tty::{Launch, Tty, View};
use rstest::rstest;

/// Waits until the step with the field in focus is drawn completely in this size.
#[track_caller]
fn wait_whole(tty: &mut Tty, columns: u16, rows: u16) {
    let title = |view: &View| view.rows().first().is_some_and(|row| row.trim_end().chars().count() <= columns.into());
    let footer = |view: &View| {
        let found = view.rows().iter().position(|row| row.contains("F1 help"));
        found.is_some_and(|at| at + 1 == usize::from(rows))
    };
    tty.wait_for("Step 1 of 7: Organization");
    tty.wait_until(&format!("{columns}×{rows}"), |view| title(view) && footer(view));
}

/// Starts in a terminal that reports another size than it has.
fn told(size: (u16, u16), told: (u16, u16), variables: &[(&str, &str)]) -> Tty {
    let launch = Launch::new(&["demo"]).size(size.0, size.1).told(told.0, told.1);
    variables.iter().fold(launch, |launch, (name, value)| launch.env(name, value)).start()
}

#[rstest]
#[case::nothing((80, 24), (0, 0), &[], (80, 24))]
#[case::no_columns((80, 24), (0, 24), &[], (80, 24))]
#[case::no_rows((80, 24), (80, 0), &[], (80, 24))]
#[case::environment((100, 30), (0, 0), &[("COLUMNS", "100"), ("LINES", "30")], (100, 30))]
#[case::environment_of_nonsense((80, 24), (0, 0), &[("COLUMNS", "0"), ("LINES", "many")], (80, 24))]
#[case::told_before_the_environment((90, 28), (90, 28), &[("COLUMNS", "100"), ("LINES", "30")], (90, 28))]
fn a_terminal_without_a_size_is_drawn_and_takes_keys(
    #[case] size: (u16, u16),
    #[case] says: (u16, u16),
    #[case] variables: &[(&str, &str)],
    #[case] painted: (u16, u16),
) {
    let mut tty = told(size, says, variables);
    wait_whole(&mut tty, painted.0, painted.1);
    tty.press("esc").wait_for("New order").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}

#[test]
fn a_terminal_that_loses_its_size_later_is_handled_the_same_way() {
    let mut tty = told((100, 30), (90, 28), &[("COLUMNS", "100"), ("LINES", "30")]);
    wait_whole(&mut tty, 90, 28);
    tty.tell_size(0, 0);
    wait_whole(&mut tty, 100, 30);
    tty.tell_size(90, 28);
    wait_whole(&mut tty, 90, 28);
}

#[test]
fn an_enormous_window_is_drawn_up_to_the_size_limit() {
    let mut tty = told((1_000, 400), (65_535, 65_535), &[]);
    wait_whole(&mut tty, 1_000, 400);
    tty.tell_size(80, 24);
    wait_whole(&mut tty, 80, 24);
    tty.tell_size(u16::MAX, 24);
    wait_whole(&mut tty, 1_000, 24);
    tty.press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}
