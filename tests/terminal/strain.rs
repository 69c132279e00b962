//! Extreme load: windows that resize without end, lines that take nothing, pastes of a book.
//!
//! However much it is, no input is lost, no part of a paste is a command, and the final screen is the one that would be
//! drawn at once.

use crate::common::steps::{focus, leave, name_field};
use crate::common::tty::{Launch, Tty, View, frames};
use crate::terminal::frames::{assert_inside, assert_whole};
use crate::terminal::stream::assert_tame;
use rstest::rstest;
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// Returns a size of a resize storm: from tiny to large, and now and then the same again.
fn stormy(number: u16) -> (u16, u16) {
    (1 + number * 37 % 140, 1 + number * 13 % 45)
}

/// Asserts that drawing the screen again changes nothing.
#[track_caller]
fn assert_as_painted_anew(tty: &mut Tty) {
    let (before, from) = (tty.screen(), tty.raw().len());
    tty.press("ctrl-l").wait_raw(from, b"\x1b[2J").wait_raw(from, b"\x1b[?2026l");
    assert_eq!(tty.screen(), before);
}

#[test]
fn many_resizes_tear_no_frame_and_lose_no_input() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    for number in 0..200 {
        let (columns, rows) = stormy(number);
        tty.resize_unseen(columns, rows).type_text(if number % 5 == 4 { "x" } else { "" });
    }
    let typed = "x".repeat(40);
    tty.resize_unseen(80, 24).type_text("!").wait_cursor(&format!("{typed}!")).wait_for("SANDBOX 127.0.0.1:");
    tty.wait_for("F1 help");
    assert_as_painted_anew(&mut tty);
    assert_eq!(leave(&mut tty), 0);
    assert_tame(&tty);
    assert_whole(&tty);
}

/// A window that was smaller for a moment has lost what did not fit, and the program may never have seen that size.
#[test]
fn a_window_that_returns_to_its_size_is_redrawn() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.type_text("Gemeente").wait_cursor("Gemeente");
    for number in 0..20 {
        let from = tty.raw().len();
        tty.resize_unseen(10, 3).resize_unseen(80, 24);
        tty.wait_raw(from, b"\x1b[2J").wait_for("SANDBOX 127.0.0.1:").wait_for("F1 help");
        tty.type_text("x").wait_cursor(&format!("Gemeente{}", "x".repeat(number + 1)));
    }
    assert_as_painted_anew(&mut tty);
    assert_eq!(leave(&mut tty), 0);
}

/// Returns the highest memory use so far, in KiB.
#[cfg(target_os = "linux")]
fn peak(tty: &Tty) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", tty.pid().as_raw_nonzero())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim_end_matches("kB").trim().parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_line_delays_drawing_but_no_key() {
    const ROUNDS: usize = 120;
    let mut tty = name_field(&Launch::new(&["demo"]));
    let (before, painted) = (peak(&tty), frames(&tty.raw()).len());
    // The line itself holds some thousand bytes. These keys cause more output, and then come more keys than a terminal
    // buffers for a program that does not read.
    tty.hold(true).press(&"ctrl-l ".repeat(12));
    for round in 0..ROUNDS {
        tty.press("ctrl-u").paste(&format!("{}<{round}>", "x".repeat(40)));
    }
    tty.hold(false).wait_cursor(&format!("{}<{}>", "x".repeat(40), ROUNDS - 1));
    let (grown, painted) = (peak(&tty) - before, frames(&tty.raw()).len() - painted);
    assert!(grown < 8 * 1024, "{grown} KiB more");
    // Each of them alone would have been a frame.
    assert!(painted < ROUNDS, "{painted} frames");
    assert_as_painted_anew(&mut tty);
    assert_eq!(leave(&mut tty), 0);
    assert_tame(&tty);
    assert_whole(&tty);
    assert_inside(&tty);
}

#[test]
fn a_line_that_reads_byte_by_byte_shows_the_same() {
    let mut tty = name_field(&Launch::new(&["demo"]).bytewise());
    for round in 0..20 {
        tty.press("ctrl-u").type_text(&format!("{}<{round}>", "東".repeat(12)));
    }
    tty.wait_cursor("<19>");
    assert_eq!(tty.row("Legal name").trim_end(), format!(" › Legal name               {}<19>", "東".repeat(12)));
    assert_as_painted_anew(&mut tty);
    assert_eq!(leave(&mut tty), 0);
    assert_whole(&tty);
    assert_inside(&tty);
}

/// Returns ten thousand characters, each of which would be a command if it were typed.
fn book() -> String {
    let page = "order\r\n\x03\x11\x1a\x0c\x0e\x10\x1b\x1b[A\x1b[B\x1bOP\x1b7\tq ";
    let book = page.repeat(10_000 / page.chars().count() + 1);
    assert!(book.chars().count() >= 10_000);
    book
}

/// A paste takes milliseconds. This allows a busy machine some thousand times as long; a paste that is scanned again
/// for each of its characters takes longer still.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_pasted_book_is_cut_and_never_read_as_commands() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    let begun = Instant::now();
    tty.paste(&book()).wait_for("Too long: the rest was cut off.");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    tty.wait_cursor(" › Legal name").wait_for("Step 1 of 7: Organization");
    let inside = tty.look(|view| view.cursor().is_some_and(|(x, _)| (28..80).contains(&x)));
    assert!(inside, "{}", tty.screen());
    tty.press("ctrl-u").type_text("Gemeente").wait_cursor("Gemeente");
    assert_eq!(leave(&mut tty), 0);
    assert_tame(&tty);
    assert_whole(&tty);
    assert_inside(&tty);
}

#[test]
fn a_book_pasted_into_a_list_only_filters_it() {
    let mut tty = Launch::new(&["demo"]).start();
    tty.wait_for("Step 1 of 7: Organization");
    focus(&mut tty, "Name or id");
    tty.press("enter").wait_cursor("Name or id:").wait_for("900001");
    let begun = Instant::now();
    tty.paste(&book()).wait_gone("900001");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!(tty.look(View::cursor).is_some_and(|(x, _)| x < 80), "{}", tty.screen());
    tty.press("ctrl-u").wait_for("900001").type_text("zilver").wait_cursor("Name or id: zilver").press("esc");
    tty.wait_cursor(" › Name or id").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    assert_tame(&tty);
    assert_whole(&tty);
    assert_inside(&tty);
}

/// A terminal without bracketed paste types the text: thousands of keys come at once. The screen is drawn now and then,
/// so that the user sees the progress, but not for each key.
#[test]
fn a_page_typed_as_keys_is_drawn_in_bursts() {
    const KEYS: usize = 1_000;
    let mut tty = name_field(&Launch::new(&["demo"]));
    let painted = frames(&tty.raw()).len();
    tty.type_text(&"x".repeat(KEYS)).type_text("\x15Gemeente").wait_cursor("Gemeente");
    let painted = frames(&tty.raw()).len() - painted;
    assert!(painted < KEYS / 4, "{painted} frames");
    assert_eq!(leave(&mut tty), 0);
}

/// Keys without end, as from a huge paste without brackets. They are read as fast as possible, and a signal to end does
/// not wait for them.
#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
#[case(Signal::INT, 130)]
#[cfg(target_os = "linux")]
fn a_flood_of_keys_delays_no_signal_and_needs_little_memory(#[case] signal: Signal, #[case] code: u32) {
    const MOST: u64 = 32 * 1024;
    let mut tty = name_field(&Launch::new(&["demo"]));
    let before = peak(&tty);
    tty.type_without_end(&"x".repeat(4096)).wait_for("Too long: the rest was cut off.");
    std::thread::sleep(Duration::from_secs(2));
    let grown = peak(&tty) - before;
    assert!(grown < MOST, "{grown} KiB more");
    let begun = Instant::now();
    tty.signal(signal);
    assert_eq!(tty.wait_exit(), code);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// A paste may have any size. The part beyond the limit is neither stored nor read as keys.
#[test]
#[cfg(target_os = "linux")]
fn an_immense_paste_needs_little_memory_and_is_never_read_as_keys() {
    const MOST: u64 = 32 * 1024;
    let mut tty = name_field(&Launch::new(&["demo"]));
    let before = peak(&tty);
    tty.paste(&"q\r".repeat(5 * 1024 * 1024)).wait_for("Too long: the rest was cut off.");
    let grown = peak(&tty) - before;
    assert!(grown < MOST, "{grown} KiB more");
    tty.wait_for("Step 1 of 7: Organization").press("ctrl-u").type_text("Gemeente").wait_cursor("Gemeente");
    assert_eq!(leave(&mut tty), 0);
}
