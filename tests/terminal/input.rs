//! Terminal input that is not simply a key: unrequested reports, pastes without an end, keys in pieces, letters that
//! are not UTF-8.
//!
//! Tables beside the parser test the decoding. Here the bytes go through a real terminal.

use crate::common::steps::{begin, choose, focus, leave, leave_kept, name_field};
use crate::common::tty::{Launch, Tty};
use rstest::rstest;
use std::fs;
use std::time::Duration;
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

/// At the name of a new organization of an account, with the longest allowed wait after Esc: on a busy machine pieces
/// come late.
fn patient_name_field() -> (Sandbox, Tty) {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    let launch = Launch::new(&[]).env("ZEGEL_API_URL", &sandbox.api_url()).env("ZEGEL_API_KEY", KEY);
    let dir = launch.state().join("config");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("config.toml"), "[terminal]\nescape_milliseconds = 1000\n").unwrap();
    let mut tty = launch.start();
    begin(&mut tty);
    choose(&mut tty, "Existing or new", "new");
    focus(&mut tty, "Legal name");
    (sandbox, tty)
}

/// How long a slow line takes for the next piece.
const SLOW: Duration = Duration::from_millis(30);

/// Sends pieces with a pause before each.
fn send_slowly(tty: &mut Tty, pieces: &[&[u8]]) {
    for (number, piece) in pieces.iter().enumerate() {
        if number > 0 {
            std::thread::sleep(SLOW);
        }
        tty.send_bytes(piece);
    }
}

#[rstest]
#[case::colors(b"\x1b]10;rgb:ffff/ffff/ffff\x07\x1b]11;rgb:0000/0000/0000\x1b\\")]
#[case::clipboard(b"\x1b]52;c;b3JkZXINCg==\x07")]
#[case::version(b"\x1bP>|XTerm(390)\x1b\\")]
#[case::device(b"\x1b[?62;22c\x1b[>1;10;0c")]
#[case::modes(b"\x1b[?2026;2$y\x1b[?0u\x1b[>4;2m")]
#[case::cursor(b"\x1b[12;40R")]
#[case::mouse_of_another_program(b"\x1b[<0;10;20M\x1b[M q!")]
#[case::unknown(b"\x1b]777;q\ry\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[1;2;3;4x")]
fn a_late_report_is_ignored(#[case] report: &[u8]) {
    let (_sandbox, mut tty) = patient_name_field();
    tty.type_text("a").send_bytes(report).type_text("b").wait_cursor("ab");
    let at = report.len() / 2;
    send_slowly(&mut tty, &[&report[..at], &report[at..]]);
    send_slowly(&mut tty, &[&report[..1], &report[1..]]);
    tty.type_text("c").wait_cursor("abc").wait_for("Step 1 of 7: Organization");
    assert_eq!(leave_kept(&mut tty), 0);
}

#[rstest]
#[case::text("Gemeente", "Gemeente")]
#[case::keys("q\r\x1b[A\x03Ede", "Ede")]
fn a_paste_without_an_end_is_accepted_and_keys_work_again(#[case] text: &str, #[case] shown: &str) {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.send_bytes(b"\x1b[200~").type_text(text).wait_cursor(shown).type_text("!").wait_cursor(&format!("{shown}!"));
    // Its end arrives when the program no longer waits for it.
    tty.send_bytes(b"\x1b[201~").type_text("?").wait_cursor(&format!("{shown}!?"));
    assert_eq!(leave(&mut tty), 0);
}

#[test]
fn ctrl_c_ends_a_paste_without_an_end() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.send_bytes(b"\x1b[200~Gemeente\x03").wait_for("Ctrl-C again");
    tty.press("esc").wait_gone("Ctrl-C again").wait_cursor("Gemeente");
    assert_eq!(leave(&mut tty), 0);
}

#[test]
fn ctrl_c_ends_a_report_without_an_end() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.type_text("Gemeente").wait_cursor("Gemeente").send_bytes(b"\x1b]11;rgb:00\x03").wait_for("Ctrl-C again");
    tty.press("esc").wait_gone("Ctrl-C again");
    assert_eq!(leave(&mut tty), 0);
}

#[test]
fn a_key_in_pieces_is_one_key() {
    let (_sandbox, mut tty) = patient_name_field();
    tty.type_text("ac").wait_cursor("ac");
    send_slowly(&mut tty, &[b"\x1b", b"[D"]);
    tty.type_text("b").wait_cursor("abc");
    send_slowly(&mut tty, &[b"\x1b", b"[", b"1", b";", b"5", b"D"]);
    tty.type_text("<").wait_cursor("<abc");
    // PuTTY sends another Esc before the key with Alt.
    tty.send_bytes(b"\x1b\x1b[C").type_text(">").wait_cursor("<abc>").wait_for("Step 1 of 7: Organization");
    assert_eq!(leave_kept(&mut tty), 0);
}

#[test]
fn esc_alone_goes_back_however_long_it_waits() {
    let (_sandbox, mut tty) = patient_name_field();
    tty.press("esc").wait_for("New order");
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.press("esc").wait_for("New order");
}

#[rstest]
#[case::at("@")]
#[case::brackets("[]{}")]
#[case::others("#\\|~^_(")]
#[case::beyond_ascii("€ł")]
fn altgr_characters_sent_with_alt_are_typed(#[case] signs: &str) {
    let mut tty = name_field(&Launch::new(&["demo"]));
    let mut typed = String::from("a");
    tty.type_text("a").wait_cursor("a");
    for sign in signs.chars() {
        typed.push(sign);
        tty.send_bytes(format!("\x1b{sign}").as_bytes()).wait_cursor(&typed);
    }
    assert_eq!(leave(&mut tty), 0);
}

#[test]
fn alt_with_a_letter_without_effect_is_reported() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.type_text("a").press("alt-x").wait_for("Alt-X does nothing here").wait_for(" a");
}

#[rstest]
#[case::alone(b"Andr\xe9", "Andr")]
#[case::before_a_letter(b"\xe9cole", "cole")]
#[case::several(b"cr\xe8me br\xfbl\xe9e", "crme brle")]
fn an_invalid_letter_is_reported_and_the_next_is_kept(#[case] bytes: &[u8], #[case] shown: &str) {
    let mut tty = Launch::new(&["demo"]).env("LC_CTYPE", "nl_NL.ISO-8859-1").start();
    tty.wait_for("Name or id").press("home").wait_for("> Existing or new").press("right").wait_for("(*) new");
    tty.press("tab").wait_for("> Legal name");
    tty.send_bytes(bytes).wait_for("Your terminal sent a character that is not valid").wait_cursor(shown);
    assert_eq!(leave(&mut tty), 0);
}
