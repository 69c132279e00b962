//! The terminal is restored on every way out, and taken again on the way back.
//!
//! Its state is known by its modes and by the last bytes that it got; a shell with job control sees the program stop
//! and continue. Other tests check the screen in between.

use crate::common::steps::{choose, focus, leave};
use crate::common::tty::{GIVEN_BACK, Launch, Tty, View};
use crate::terminal::frames::assert_whole;
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};

/// Returns the demo, with this much of a name typed.
fn typed(launch: &Launch, name: &str) -> Tty {
    let mut tty = launch.start();
    tty.wait_for("Step 1 of 7: Organization");
    assert!(!tty.modes_are_back() && tty.look(View::alternate), "it has the terminal");
    choose(&mut tty, "Existing or new", "new");
    focus(&mut tty, "Legal name");
    tty.type_text(name).wait_cursor(name);
    tty
}

fn demo() -> Launch {
    Launch::new(&["demo"])
}

#[track_caller]
fn assert_given_back(tty: &Tty) {
    let raw = tty.raw();
    assert!(raw.ends_with(GIVEN_BACK.as_bytes()), "{:?}", String::from_utf8_lossy(&raw[raw.len() - 80..]));
    assert!(tty.modes_are_back());
    assert!(!tty.look(View::alternate));
    assert_whole(tty);
}

#[test]
fn quitting_restores_the_terminal() {
    let mut tty = typed(&demo(), "Gemeente");
    tty.press("ctrl-c").wait_for("Quit zegel?").wait_for("What you entered will not be saved.").press("esc");
    tty.wait_cursor("Gemeente");
    assert_eq!(leave(&mut tty), 0);
    assert_given_back(&tty);
}

#[rstest]
#[case(Signal::TERM)]
#[case(Signal::HUP)]
#[case(Signal::INT)]
#[case(Signal::QUIT)]
fn a_signal_ends_the_program_and_restores_the_terminal(#[case] signal: Signal) {
    let mut tty = typed(&demo(), "Gemeente");
    tty.signal(signal);
    assert_eq!(tty.wait_exit(), 128 + signal.as_raw().cast_unsigned());
    assert_given_back(&tty);
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_restores_the_terminal_and_is_reported() {
    let mut tty = typed(&demo().env("ZEGEL_TEST_PANIC", "1"), "Gemeente Zilverdam");
    tty.press("f12");
    assert_eq!(tty.wait_exit(), 101);
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    let raw = String::from_utf8(tty.raw()).unwrap();
    let (_, words) = raw.rsplit_once(GIVEN_BACK).unwrap();
    assert!(words.starts_with("zegel stopped because of a bug. Your terminal was restored. If an"), "{words}");
    assert!(!words.contains('\x1b') && !words.contains("Zilverdam"), "{words}");
    assert!(tty.screen().starts_with("zegel stopped because of a bug."), "{}", tty.screen());
    assert_whole(&tty);
}

#[test]
fn f12_has_no_effect_outside_tests() {
    let mut tty = typed(&demo(), "Gemeente");
    tty.press("f12 x").wait_cursor("Gemeentex");
    assert_eq!(leave(&mut tty), 0);
}

#[test]
fn a_line_terminal_is_left_unchanged() {
    let mut tty = demo().env("TERM", "dumb").start();
    assert_eq!(tty.wait_exit(), 2);
    assert!(tty.modes_are_back());
    let raw = String::from_utf8(tty.raw()).unwrap();
    assert!(raw.starts_with("zegel: this terminal (TERM=dumb) cannot show full-screen programs"), "{raw}");
    assert!(!raw.contains('\x1b'), "{raw:?}");
}

#[test]
fn the_modes_of_the_shell_are_restored() {
    let line = r#"stty -icrnl -echo quit undef; stty -a; "$0" "$@"; echo "ended $?"; stty -a"#;
    let mut tty = typed(&demo().through(line), "Gemeente");
    assert_eq!(leave(&mut tty), 0);
    let raw = String::from_utf8(tty.raw()).unwrap();
    let (before, rest) = raw.split_once("\x1b[?1049h").unwrap();
    let (_, after) = rest.split_once("\x1b[?1049l").unwrap();
    assert!(before.contains("-icrnl") && before.contains("quit = <undef>"), "{before}");
    assert_eq!(after, format!("ended 0\r\n{before}"));
}

#[test]
fn a_closed_window_ends_the_program() {
    let mut tty = typed(&demo(), "Gemeente");
    tty.hang_up("x");
    assert_eq!(tty.wait_exit(), 129);
}

/// Returns the system's state of the only child of a shell, such as `T`.
fn state_of_child(tty: &Tty) -> String {
    let child = child(tty).as_raw_nonzero();
    let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap();
    stat.rsplit_once(") ").unwrap().1.split(' ').next().unwrap().to_owned()
}

#[test]
fn suspending_keeps_all_input() {
    let line = r#"set -m; "$0" "$@"; echo "halted $?"; read -r go; fg; echo "ended $?""#;
    let mut tty = typed(&demo().through(line), "Gemeente Zilver");
    let from = tty.raw().len();
    tty.press("ctrl-z").wait_for("halted 149");
    assert_eq!(state_of_child(&tty), "T");
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    let output = String::from_utf8(tty.raw()[from..].to_vec()).unwrap();
    assert!(output.contains(GIVEN_BACK), "{output:?}");
    tty.resize_unseen(70, 20).type_text("\n").wait_cursor("Gemeente Zilver");
    assert!(tty.look(|view| view.alternate() && view.size() == (70, 20)));
    tty.type_text("dam").wait_cursor("Gemeente Zilverdam").wait_for("SANDBOX 127.0.0.1:");
    tty.press("ctrl-c").wait_for("Ctrl-C again").press("ctrl-c").wait_for("ended 0");
    assert_eq!(tty.wait_exit(), 0);
    assert!(tty.modes_are_back());
    assert_whole(&tty);
}

/// Returns the only child of a shell.
fn child(tty: &Tty) -> Pid {
    let shell = tty.pid().as_raw_nonzero();
    let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

#[test]
fn a_stop_signal_restores_the_terminal_first() {
    let line = r#"set -m; "$0" "$@"; echo "halted $?"; read -r go; fg; echo "ended $?""#;
    let mut tty = typed(&demo().through(line), "Gemeente Zilver");
    kill_process(child(&tty), Signal::TSTP).unwrap();
    tty.wait_for("halted 149");
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    tty.type_text("\n").wait_cursor("Gemeente Zilver").type_text("dam").wait_cursor("Gemeente Zilverdam");
    tty.press("ctrl-c").wait_for("Ctrl-C again").press("ctrl-c").wait_for("ended 0");
    assert_eq!(tty.wait_exit(), 0);
}

#[test]
fn after_sigstop_the_terminal_is_taken_again() {
    // STOP cannot be handled. The shell's changes to the terminal meanwhile are undone.
    let line = r#"set -m; "$0" "$@"; echo "halted $?"; stty sane; read -r go; fg; echo "ended $?""#;
    let mut tty = typed(&demo().through(line), "Gemeente Zilver");
    kill_process(child(&tty), Signal::STOP).unwrap();
    tty.wait_raw(0, b"halted 147");
    let from = tty.raw().len();
    tty.type_text("\n").wait_raw(from, b"\x1b[?1049h").type_text("dam").wait_cursor("Gemeente Zilverdam");
    tty.press("ctrl-c").wait_for("Ctrl-C again").press("ctrl-c").wait_for("ended 0");
    assert_eq!(tty.wait_exit(), 0);
}

#[test]
fn without_a_shell_to_continue_it_the_program_is_not_suspended() {
    // It leads its session here, so there is no shell that could continue it, and the system does not stop it.
    let mut tty = typed(&demo(), "Gemeente");
    let from = tty.raw().len();
    tty.press("ctrl-z").wait_raw(from, b"\x1b[?1049h").type_text("x").wait_cursor("Gemeentex");
    assert_eq!(leave(&mut tty), 0);
    assert_given_back(&tty);
}

#[test]
fn the_screen_can_be_redrawn() {
    let mut tty = typed(&demo(), "Gemeente");
    let from = tty.raw().len();
    tty.press("ctrl-l").wait_raw(from, b"Legal name").type_text("x").wait_cursor("Gemeentex");
    let out = String::from_utf8(tty.raw()[from..].to_vec()).unwrap();
    assert!(!out.contains("\x1b[6n"), "nothing is asked of the terminal: {out:?}");
    assert_eq!(leave(&mut tty), 0);
}

#[test]
fn no_request_is_sent_to_the_terminal() {
    let mut tty = typed(&demo(), "Gemeente");
    tty.resize(100, 30).wait_cursor("Gemeente").press("f1").wait_for("Keys you can use here").press("enter");
    tty.wait_cursor("Gemeente");
    assert_eq!(leave(&mut tty), 0);
    // Requests to a terminal end in n (status), c (attributes), t (window), ?u (keyboard) and $p (modes), or are DCS
    // and OSC.
    let raw = String::from_utf8(tty.raw()).unwrap();
    let ends = raw.split('\x1b').skip(1).map(|part| part.trim_start_matches(|c: char| !c.is_ascii_alphabetic()));
    let asked: Vec<&str> = ends.filter(|end| end.starts_with(['n', 'c', 't', 'u', 'p', 'P'])).collect();
    assert_eq!(asked, Vec::<&str>::new(), "{raw:?}");
}

#[test]
fn the_window_can_be_resized_while_typing() {
    let mut tty = typed(&demo(), "Gemeente");
    for (columns, rows) in [(40, 10), (120, 40), (1, 1), (2, 30), (200, 2), (80, 24)] {
        tty.resize(columns, rows).type_text("x");
    }
    tty.wait_cursor("Gemeentexxxxxx").wait_for("SANDBOX 127.0.0.1:").wait_for("Legal name");
    for (columns, rows) in [(40, 10), (120, 40)] {
        tty.resize(columns, rows).wait_cursor("Gemeentexxxxxx").wait_for("Legal name").wait_for("SANDBOX 127.0.0.1:");
    }
    assert_eq!(leave(&mut tty), 0);
    assert_given_back(&tty);
}

#[test]
#[cfg(target_os = "linux")]
fn a_crash_leaves_no_core_dump() {
    let mut tty = typed(&demo(), "Gemeente");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", tty.pid().as_raw_nonzero())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    assert_eq!(leave(&mut tty), 0);
}
