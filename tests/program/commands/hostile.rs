//! `zegel check` with malicious or unusual text: in payloads, and in the names of files.

use super::{RIGHT, folder, lines, run};
use crate::common::attacks::{ATTACKS, SPOOF};
use crate::common::tty::Launch;
use rstest::rstest;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// Returns the standard output for one payload, and the exit code.
fn check_payload(payload: &[u8]) -> (String, Option<i32>) {
    let folder = folder(&[("order.json", payload)]);
    let ran = run(folder.path(), &["check", "order.json"]);
    (ran.out, ran.code)
}

#[rstest]
#[case::byte_order_mark(&format!("\u{feff}{RIGHT}"))]
#[case::crlf(&RIGHT.replace('\n', "\r\n"))]
#[case::lone_cr(&RIGHT.replace('\n', "\r"))]
#[case::no_line_end(RIGHT.trim_end())]
#[case::one_line(&RIGHT.replace('\n', " "))]
fn any_line_ending_is_valid(#[case] payload: &str) {
    assert_eq!(check_payload(payload.as_bytes()), (String::new(), Some(0)));
}

#[rstest]
#[case::crlf("{\r\n\"csa_agreed_to\": no\r\n}", "order.json:2:18: error: ", "   2 | \"csa_agreed_to\": no\n")]
#[case::lone_cr("{\r\"csa_agreed_to\": no\r}", "order.json:1:20: error: ", "   1 | {^M\"csa_agreed_to\": no^M}\n")]
#[case::byte_order_mark("\u{feff}{no", "order.json:1:2: error: ", "   1 | {no\n")]
#[case::wide("{\"省\": no", "order.json:1:7: error: ", "   1 | {\"省\": no\n     |        ^\n")]
#[case::combining("{\"e\u{301}\": no", "order.json:1:8: error: ", "   1 | {\"e\u{301}\": no\n     |       ^\n")]
#[case::tab("\t{\t\"a\": no", "order.json:1:9: error: ", "   1 | {^I\"a\": no\n     |         ^\n")]
#[case::nul("{\u{0}}", "order.json:1:2: error: ", "   1 | {^@}\n     |  ^^\n")]
#[case::nothing_but_nul("\u{0}\u{0}", "order.json:1:1: error: ", "   1 | ^@^@\n     | ^^\n")]
fn the_mark_is_under_the_problem(#[case] payload: &str, #[case] place: &str, #[case] excerpt: &str) {
    let (report, code) = check_payload(payload.as_bytes());
    assert_eq!(code, Some(1));
    assert!(report.starts_with(place) && report.contains(excerpt), "{report}");
}

#[rstest]
#[case::little(&[0xff, 0xfe], u16::to_le_bytes)]
#[case::big(&[0xfe, 0xff], u16::to_be_bytes)]
fn utf_16_is_reported_as_invalid_utf_8(#[case] mark: &[u8], #[case] bytes: fn(u16) -> [u8; 2]) {
    let wide: Vec<u8> = mark.iter().copied().chain(RIGHT.encode_utf16().flat_map(bytes)).collect();
    let (report, code) = check_payload(&wide);
    assert_eq!(code, Some(1));
    assert!(report.starts_with("order.json:1:1: error: The file is not valid UTF-8 from byte 0 onward."), "{report}");
}

#[test]
fn a_byte_more_than_a_mebibyte_is_too_long() {
    let padded = |length: usize| [RIGHT.as_bytes(), &vec![b' '; length - RIGHT.len()]].concat();
    assert_eq!(check_payload(&padded(1 << 20)), (String::new(), Some(0)));
    let (report, code) = check_payload(&padded((1 << 20) + 1));
    assert_eq!(code, Some(1));
    assert!(report.starts_with("order.json:1:1: error: This is too large to be an order"), "{report}");
}

/// Returns true if every character is visible, apart from line ends.
fn is_seen(text: &str) -> bool {
    text.lines().all(|line| zegel::text::visible(line) == line)
}

#[test]
fn no_payload_text_controls_the_terminal() {
    for (name, attack) in ATTACKS {
        let text = format!("{attack}{SPOOF}");
        let escaped = serde_json::to_string(&text).unwrap();
        let payloads = [
            RIGHT.replace("Amsterdam", &text),
            RIGHT.replace("\"Amsterdam\"", &escaped),
            RIGHT.replace("\"city\"", &escaped),
            RIGHT.replace("\"city\"", &format!("\"{text}\"")),
            format!("{text}{RIGHT}"),
            format!("{RIGHT}{text}"),
        ];
        for payload in payloads {
            let folder = folder(&[("order.json", payload.as_bytes())]);
            for args in [&["check", "order.json"][..], &["check", "--json", "order.json"]] {
                let ran = run(folder.path(), args);
                assert!(is_seen(&ran.out) && is_seen(&ran.err), "{name}: {:?}", ran.out);
                assert!(!ran.out.lines().any(|line| line.starts_with(SPOOF)), "{name}: {}", ran.out);
            }
        }
    }
}

#[rstest]
#[case(b"\x1b[2J.json", "^[[2J.json:1:1: error: ")]
#[case(b"a\nb.json:1:1: error: SPOOFED.json", "a^Jb.json:1:1: error: SPOOFED.json:1:1: error: ")]
#[case(b"\xffodd.json", "\u{fffd}odd.json:1:1: error: ")]
#[case("\u{202e}\u{9b}x.json".as_bytes(), "\\u{202e}\\u{9b}x.json:1:1: error: ")]
fn a_file_name_is_cleaned_like_other_text(#[case] name: &[u8], #[case] begin: &str) {
    let folder = folder(&[]);
    std::fs::write(folder.path().join(OsStr::from_bytes(name)), "[]").unwrap();
    let args = |last: &OsStr| [OsString::from("check"), last.to_owned()];
    let ran = run(folder.path(), &args(OsStr::from_bytes(name)));
    assert!(ran.out.starts_with(begin) && is_seen(&ran.out), "{:?}", ran.out);
    assert_eq!(ran.out.lines().count(), 3);
    let json = run(folder.path(), &[OsStr::new("check"), OsStr::new("--json"), OsStr::from_bytes(name)]);
    assert!(is_seen(&json.out), "{:?}", json.out);
    assert_eq!(lines(&json)[0]["file"].as_str().unwrap(), String::from_utf8_lossy(name));
    std::fs::remove_file(folder.path().join(OsStr::from_bytes(name))).unwrap();
    let gone = run(folder.path(), &args(OsStr::from_bytes(name)));
    assert!(is_seen(&gone.err) && gone.err.lines().count() == 2, "{:?}", gone.err);
}

#[test]
fn color_is_used_only_on_a_terminal_and_if_wanted() {
    let folder = folder(&[("order.json", b"{")]);
    let path = folder.path().join("order.json").to_str().unwrap().to_owned();
    let plain = run(folder.path(), &["check", &path]).out;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let on_terminal = |variable: &str| {
        let mut tty = Launch::new(&["check", &path]).size(250, 24).env(variable, "1").start();
        assert_eq!(tty.wait_exit(), 1);
        String::from_utf8(tty.raw()).unwrap()
    };
    let colored = on_terminal("COLORED");
    assert!(colored.contains("\u{1b}[1m\u{1b}[31merror\u{1b}[0m: "), "{colored:?}");
    assert!(colored.contains("\u{1b}[1m\u{1b}[31m^\u{1b}[0m"), "{colored:?}");
    let bare = on_terminal("NO_COLOR");
    assert!(bare.contains("error: ") && !bare.contains('\u{1b}'), "{bare:?}");
}
