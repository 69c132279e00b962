//! Every kind of terminal: its name, its keys, its size, and the characters of its locale.
//!
//! The bytes of a key are those of ncurses' terminfo for the name. The emulator reads the screen, and the tests check
//! the bytes.

use crate::common::steps::{choose, focus, forward, leave, name_field};
use crate::common::tty::{FRAME, Launch, Tty, View, frames};
use crate::terminal::frames::{assert_inside, assert_whole};
use crate::terminal::stream::{assert_tame, copied, has_color};
use rstest::rstest;

/// The bytes that a terminal sends for some keys.
struct Keys {
    backspace: &'static str,
    left: &'static str,
    home: &'static str,
    end: &'static str,
    help: &'static str,
}

const XTERM: Keys = Keys { backspace: "\x7f", left: "\x1b[D", home: "\x1b[H", end: "\x1b[F", help: "\x1bOP" };
const SCREEN: Keys = Keys { backspace: "\x7f", left: "\x1bOD", home: "\x1b[1~", end: "\x1b[4~", help: "\x1bOP" };
const LINUX: Keys = Keys { backspace: "\x7f", left: "\x1b[D", home: "\x1b[1~", end: "\x1b[4~", help: "\x1b[[A" };
const RXVT: Keys = Keys { backspace: "\x7f", left: "\x1b[D", home: "\x1b[7~", end: "\x1b[8~", help: "\x1b[11~" };
// It has neither Home nor End; their alternatives in a line work everywhere.
const VT100: Keys = Keys { backspace: "\x08", left: "\x1bOD", home: "\x01", end: "\x05", help: "\x1bOP" };

#[rstest]
#[case("xterm-256color", XTERM, true)]
#[case("xterm", XTERM, true)]
#[case("screen", SCREEN, true)]
#[case("screen-256color", SCREEN, true)]
#[case("tmux", SCREEN, true)]
#[case("tmux-256color", SCREEN, true)]
#[case("rxvt-unicode-256color", RXVT, true)]
#[case("linux", LINUX, true)]
#[case("vt100", VT100, false)]
#[case("vt220", SCREEN, false)]
#[case("xterm-mono", XTERM, false)]
#[case("a-name-of-tomorrow", XTERM, true)]
fn a_step_works_in_a_terminal_of_this_name(#[case] term: &str, #[case] keys: Keys, #[case] colors: bool) {
    let mut tty = name_field(&Launch::new(&["demo"]).env("TERM", term));
    tty.type_text(&format!("Gemeentx{}e", keys.backspace)).wait_cursor("Gemeente");
    tty.type_text(&format!("{}x{}", keys.left, keys.home)).wait_until("the cursor in front", at(28));
    tty.type_text(keys.end).wait_until("the cursor behind", at(28 + 9)).wait_cursor("Gemeentxe");
    tty.type_text(keys.help).wait_for("Keys you can use here").press("esc").wait_cursor("Gemeentxe");
    tty.press("ctrl-n").wait_for("✗ This field is required.").press("alt-7").wait_for("JSON · no digest until");
    assert_eq!(leave(&mut tty), 0);
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    assert_eq!(has_color(&tty), colors);
    assert_tame(&tty);
    assert_whole(&tty);
    assert_inside(&tty);
}

/// Returns a check that the cursor is in this column.
fn at(column: u16) -> impl Fn(&View) -> bool {
    move |view| view.cursor().is_some_and(|(x, _)| x == column)
}

#[rstest]
#[case(Some("dumb"), "zegel: this terminal (TERM=dumb) cannot show full-screen programs")]
#[case(Some("unknown"), "zegel: this terminal (TERM=unknown) cannot show full-screen programs")]
#[case(Some(""), "zegel: TERM is not set")]
#[case(None, "zegel: TERM is not set")]
fn nothing_is_drawn_where_no_screen_is_possible(#[case] term: Option<&str>, #[case] words: &str) {
    for args in [&["demo"][..], &["setup"], &["review", "order.json"]] {
        // Its standard error goes to a file, to separate it from the output to the terminal.
        let line = r#"cd "$ZEGEL_STATE_DIR"; "$0" "$@" 2> words; echo "ended $?""#;
        let launch = Launch::new(args).through(line);
        std::fs::write(launch.state().join("order.json"), "{}").unwrap();
        let launch = match term {
            Some(term) => launch.env("TERM", term),
            None => launch.without("TERM"),
        };
        let mut tty = launch.start();
        assert_eq!(tty.wait_exit(), 0);
        assert_eq!(String::from_utf8(tty.raw()).unwrap(), "ended 2\r\n", "{args:?}");
        let message = std::fs::read_to_string(launch.state().join("words")).unwrap();
        assert!(message.starts_with(words) && message.contains("zegel check, preview, submit"), "{args:?}: {message}");
        assert!(tty.modes_are_back());
    }
}

#[test]
fn the_line_commands_work_in_a_line_terminal() {
    let line = r#"cd "$ZEGEL_STATE_DIR"; "$0" check order.json; "$0" preview order.json; "$0" doctor | head -n 4"#;
    let launch = Launch::new(&[]).env("TERM", "dumb").through(line);
    std::fs::write(launch.state().join("order.json"), r#"{"csa_agreed_to": true}"#).unwrap();
    let mut tty = launch.start();
    assert_eq!(tty.wait_exit(), 0);
    let raw = String::from_utf8(tty.raw()).unwrap();
    for report in ["/ship_info: Required here, but missing: ", "\"csa_agreed_to\": true", "TERM is dumb"] {
        assert!(raw.contains(report) && !raw.contains('\x1b'), "{report}: {raw}");
    }
}

/// A name of two ASCII letters at its ends, with other characters between them.
const NAME: &str = "Café 東京 e\u{301}…";
const STANDS: &str = "Caf? ???? ?~";

#[rstest]
#[case(&[("LC_CTYPE", "C")])]
#[case(&[("LC_CTYPE", "POSIX"), ("LANG", "en_US.UTF-8")])]
#[case(&[("LC_ALL", "C"), ("LC_CTYPE", "C.UTF-8")])]
#[case(&[("LC_CTYPE", ""), ("LANG", "en_US.ISO-8859-1")])]
fn without_utf_8_the_screen_is_ascii_and_input_is_unchanged(#[case] locale: &[(&str, &str)]) {
    let launch = locale.iter().fold(Launch::new(&["demo"]), |launch, (name, value)| launch.env(name, value));
    let mut tty = name_field_in_ascii(&launch);
    tty.type_text(NAME).wait_cursor(STANDS);
    let rows = tty.look(View::rows);
    assert_eq!(rows[2], "-".repeat(80), "{}", tty.screen());
    tty.press("f1").wait_for("Tab, Down  ").press("esc").wait_cursor(STANDS);
    tty.press("ctrl-n")
        .wait_for("x This field is required.")
        .press("alt-7")
        .wait_for("JSON - no digest until")
        .press("c")
        .wait_for("The JSON was sent to your terminal's");
    assert!(copied(&mut tty).contains(NAME));
    assert_eq!(leave(&mut tty), 0);
    let raw = tty.raw();
    assert!(raw.is_ascii(), "{}", String::from_utf8_lossy(&raw));
    assert_whole(&tty);
    assert_inside(&tty);
}

#[test]
fn without_utf_8_commands_print_ascii_to_a_terminal_and_full_text_to_a_file() {
    let line =
        r#"cd "$ZEGEL_STATE_DIR"; "$0" preview order.json > file; "$0" preview order.json; "$0" check order.json"#;
    let launch = Launch::new(&[]).env("LC_CTYPE", "C").through(line);
    std::fs::write(launch.state().join("order.json"), r#"{"comments": "Café 東京"}"#).unwrap();
    let mut tty = launch.start();
    assert_eq!(tty.wait_exit(), 1);
    let raw = tty.raw();
    assert!(raw.is_ascii(), "{}", String::from_utf8_lossy(&raw));
    assert!(tty.screen().contains(r#""comments": "Caf? ????""#), "{}", tty.screen());
    let kept = std::fs::read_to_string(launch.state().join("file")).unwrap();
    assert!(kept.contains("Café 東京"), "{kept}");
}

/// The Linux console has no alternate screen, nor has GNU screen unless configured: the old content is drawn over, and
/// nothing of an order is left.
#[test]
fn without_an_alternate_screen_old_content_is_covered_and_nothing_is_left() {
    let mut tty = name_field(&Launch::new(&["demo"]).env("TERM", "linux"));
    tty.type_text("Gemeente").wait_cursor("Gemeente");
    assert_eq!(leave(&mut tty), 0);
    let raw = String::from_utf8(tty.raw()).unwrap();
    let raw = raw.replace("\x1b[?1049h", "").replace("\x1b[?1049l", "");
    let mut console = vt100::Parser::default();
    console.process("somebody's shell\r\n".repeat(30).as_bytes());
    let frames = frames(raw.as_bytes());
    for frame in &frames {
        console.process(frame);
        assert!(!console.screen().contents().contains("shell"), "{}", console.screen().contents());
    }
    assert!(console.screen().contents().contains("Quit zegel?"));
    let rest = frames.iter().map(|frame| frame.len() + FRAME[1].len()).sum::<usize>();
    console.process(&raw.as_bytes()[rest..]);
    assert_eq!((console.screen().contents().trim(), console.screen().cursor_position()), ("", (0, 0)));
}

/// As [`name_field`], with other marks.
fn name_field_in_ascii(launch: &Launch) -> Tty {
    let mut tty = launch.start();
    tty.wait_for(" > Name or id").wait_for("(*) already in CertCentral");
    tty.press("pageup")
        .wait_for(" > Existing or new")
        .press("right")
        .wait_for("(*) new")
        .press("tab")
        .wait_cursor(" > Legal name");
    tty
}

#[test]
fn with_utf_8_the_screen_is_unchanged() {
    for (name, value) in [("LC_ALL", "nl_NL.utf8"), ("LC_CTYPE", "UTF-8"), ("LC_ALL", "C.UTF-8")] {
        let launch = Launch::new(&["demo", "--lang", "en"]).without("LC_CTYPE").env(name, value);
        let mut tty = name_field(&launch);
        tty.type_text("Café 東京").wait_cursor("Café 東京").wait_for("─────");
        assert_eq!(leave(&mut tty), 0);
    }
}

#[rstest]
fn nothing_is_drawn_beyond_a_window_of_this_size(
    #[values((1, 1), (2, 2), (20, 5), (40, 10), (80, 24), (120, 40), (300, 100))] size: (u16, u16),
    #[values("C.UTF-8", "C")] locale: &str,
) {
    let mut tty = Launch::new(&["demo"]).size(size.0, size.1).env("LC_CTYPE", locale).start();
    tty.wait_raw(0, b"\x1b[?2026l");
    // Hidden text can be awaited nevertheless: each of these keys draws.
    for keys in
        ["right", "tab", "東 京 é x", "ctrl-n", "alt-2", "tab", "f1", "enter", "alt-6", "alt-7", "pagedown", "tab"]
    {
        let from = tty.raw().len();
        tty.press(keys).press("ctrl-l").wait_raw(from, b"\x1b[?2026l");
    }
    let (columns, rows) = size;
    if columns >= 40 && rows >= 10 {
        tty.wait_for("Review");
    }
    tty.press("ctrl-q ctrl-q");
    assert_eq!(tty.wait_exit(), 0);
    assert_tame(&tty);
    assert_whole(&tty);
    assert_inside(&tty);
}

#[test]
fn every_step_can_be_reached_in_a_window_of_40_by_10() {
    let mut tty = Launch::new(&["demo"]).size(40, 10).start();
    tty.wait_for("Organization");
    choose(&mut tty, "Existing or new", "new");
    focus(&mut tty, "Legal name");
    tty.type_text("東京".repeat(30).as_str()).wait_cursor("東京");
    for (number, title) in (2..).zip(["Contacts", "Certificate", "Shipping", "Validity", "Payment"]) {
        tty.press("alt-1").wait_for("Organization").press(&format!("alt-{number}")).wait_for(title);
    }
    forward(&mut tty, "Review");
    assert_eq!(leave(&mut tty), 0);
    assert_inside(&tty);
}
