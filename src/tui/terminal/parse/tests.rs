//! Tables of what terminals send. Each sequence is parsed in one piece, byte by byte, and split at every position.
//!
//! The tests say when time has passed, so nothing waits.

use super::*;
use rstest::rstest;

const WAIT: Duration = Duration::from_millis(80);

/// Names an input: a key by its name, a paste as `paste(…)`, an unreadable character as `garbled`.
fn input_name(sent: &ParsedInput) -> String {
    match sent {
        ParsedInput::Key(key) => key.name(),
        ParsedInput::Paste(text) => format!("paste({})", text.expose()),
        ParsedInput::InvalidUtf8 => "garbled".to_owned(),
    }
}

/// Parses these pieces, which follow each other at once, and then silence. Returns the names of all inputs.
fn parsed_names(pieces: &[&[u8]]) -> String {
    let (mut parser, mut words) = (InputParser::new(WAIT), Vec::new());
    for piece in pieces {
        parser.feed_bytes(piece, &mut |sent| words.push(input_name(&sent)));
    }
    if parser.wait_limit().is_some() {
        parser.finish_pending(&mut |sent| words.push(input_name(&sent)));
    }
    assert_eq!(parser.wait_limit(), None, "nothing is under way after silence");
    words.join(" ")
}

/// Asserts that the result is the same in one piece, byte by byte, and split at every position.
#[track_caller]
fn assert_parsed(bytes: &[u8], expected: &str) {
    assert_eq!(parsed_names(&[bytes]), expected, "{:?}", bytes.escape_ascii().to_string());
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(parsed_names(&single), expected, "byte by byte");
    for at in 0..bytes.len() {
        assert_eq!(parsed_names(&[&bytes[..at], &bytes[at..]]), expected, "split at {at}");
    }
}

#[rstest]
#[case::letters("aZ 9", "a Z space 9")]
#[case::letters_beyond_ascii("é東🙂", "é 東 🙂")]
#[case::controls("\x00\x03\x08\t\n\r\x0e\x1a\x7f", "ctrl-space ctrl-c ctrl-h tab ctrl-j enter ctrl-n ctrl-z backspace")]
#[case::high_controls("\x1c\x1d\x1e\x1f", "ctrl-4 ctrl-5 ctrl-6 ctrl-_")]
#[case::esc("\x1b", "esc")]
#[case::esc_twice("\x1b\x1b", "esc esc")]
#[case::esc_three_times("\x1b\x1b\x1b", "esc esc esc")]
#[case::alt("\x1bx\x1bé\x1b3", "alt-x alt-é alt-3")]
#[case::alt_sign("\x1b@\x1b#\x1b(\x1b \x1b/\x1b\\", "alt-@ alt-# alt-( alt-space alt-/ alt-\\")]
#[case::alt_control("\x1b\x1f\x1b\x7f\x1b\r", "ctrl-alt-_ alt-backspace alt-enter")]
#[case::esc_and_alt("\x1b\x1bx", "esc alt-x")]
#[case::arrows("\x1b[A\x1b[B\x1b[C\x1b[D", "up down right left")]
#[case::application("\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", "up down right left home end")]
#[case::ends("\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "home end home end home end")]
#[case::block("\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "insert delete pageup pagedown")]
#[case::functions("\x1bOP\x1bOS\x1b[11~\x1b[15~\x1b[17~\x1b[21~\x1b[24~", "f1 f4 f1 f5 f6 f10 f12")]
#[case::more_functions("\x1b[25~\x1b[28~\x1b[29~\x1b[31~\x1b[34~", "f13 f15 f16 f17 f20")]
#[case::console("\x1b[[A\x1b[[E", "f1 f5")]
#[case::keypad("\x1bOM\x1bOp\x1bOy\x1bOj", "enter 0 9 *")]
#[case::held(
    "\x1b[1;5D\x1b[1;3C\x1b[1;2A\x1b[1;6B\x1b[3;5~\x1b[15;2~",
    "ctrl-left alt-right shift-up ctrl-shift-down ctrl-delete f5"
)]
#[case::held_function("\x1b[1;5P\x1bO5Q", "ctrl-f1 ctrl-f2")]
#[case::shift_tab("\x1b[Z", "shift-tab")]
#[case::twice("\x1b\x1b[A\x1b\x1bOB\x1b\x1b[5~", "alt-up alt-down alt-pageup")]
#[case::by_number("\x1b[97;5u\x1b[13u\x1b[27u\x1b[127;3u\x1b[27;5;46~", "ctrl-a enter esc alt-backspace ctrl-.")]
#[case::by_number_with_shift("\x1b[97;2u", "A")]
#[case::let_go("\x1b[97;1:3u\x1b[1;1:3A\x1b[1;1:2A", "up")]
fn keys_are_recognized_at_every_split(#[case] bytes: &str, #[case] keys: &str) {
    assert_parsed(bytes.as_bytes(), keys);
}

#[rstest]
#[case::foreground("\x1b]10;rgb:ffff/ffff/ffff\x07")]
#[case::background("\x1b]11;rgb:0000/0000/0000\x1b\\")]
#[case::clipboard("\x1b]52;c;b3JkZXI=\x07")]
#[case::unknown_command("\x1b]777;q\ry\x1b\\")]
#[case::legacy_title("\x1b]lorder\x1b\\")]
#[case::letters_within("\x1b]2;Gemeente Súdwest-Fryslân\x1b\\")]
#[case::empty_string("\x1b]\x1b\\")]
#[case::version("\x1bP>|XTerm(390)\x1b\\")]
#[case::capability("\x1bP1+r544e=787465726d\x1b\\")]
#[case::setting("\x1bP1$r0m\x1b\\")]
#[case::bell_within("\x1bP1$rq\x07y\x1b\\")]
#[case::graphics("\x1b_Gi=31;OK\x1b\\")]
#[case::private("\x1b^order\x1b\\")]
#[case::start_of_string("\x1bXorder\x1b\\")]
#[case::device("\x1b[?62;22c")]
#[case::second_device("\x1b[>1;10;0c")]
#[case::third_device("\x1bP!|00000000\x1b\\")]
#[case::unknown_of_device("\x1b[>q\x1b[=1;2;3q")]
#[case::mode("\x1b[?2026;2$y")]
#[case::mode_of_ansi("\x1b[4;1$y")]
#[case::keyboard("\x1b[?0u")]
#[case::modify("\x1b[>4;2m")]
#[case::status("\x1b[0n\x1b[?15n")]
#[case::cursor("\x1b[12;40R\x1b[1;1R\x1b[?1;1R")]
#[case::window("\x1b[8;24;80t\x1b[4;600;800t")]
#[case::focus("\x1b[I\x1b[O")]
#[case::mouse("\x1b[<0;10;20M\x1b[<0;10;20m\x1b[32;10;20M")]
#[case::old_mouse("\x1b[M q!\x1b[M#qy")]
#[case::end_of_a_paste("\x1b[201~")]
#[case::unknown("\x1b[999~\x1b[1;2;3;4x\x1b[<>~\x1b[!p")]
#[case::more_numbers_than_fit("\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1~")]
#[case::key_of_no_character("\x1b[57399u\x1b[57441;2u")]
#[case::unknown_function("\x1bOz\x1bO~")]
#[case::unknown_of_the_console("\x1b[[Z")]
fn reports_are_ignored_at_every_split(#[case] report: &str) {
    assert_parsed(report.as_bytes(), "");
    assert_parsed(format!("a{report}b").as_bytes(), "a b");
    assert_parsed(format!("{report}{report}\r").as_bytes(), "enter");
}

#[rstest]
#[case::report("\x1b\x1b[?62;22c", "esc")]
#[case::string("\x1b\x1b]11;rgb:0/0/0\x07", "esc")]
#[case::paste("\x1b\x1b[200~x\x1b[201~", "esc paste(x)")]
fn esc_before_an_invalid_sequence_is_a_key(#[case] bytes: &str, #[case] expected: &str) {
    assert_parsed(bytes.as_bytes(), expected);
}

#[rstest]
#[case::in_a_string("\x1b]11;rgb\x03", "ctrl-c")]
#[case::in_a_string_of_another_kind("\x1bP1$r\x03x", "ctrl-c x")]
#[case::canceled("\x1b]11;rgb\x18x", "x")]
#[case::in_a_sequence("\x1b[12\x03", "ctrl-c")]
#[case::enter_in_a_sequence("\x1b[12\r", "enter")]
#[case::letter_in_a_sequence("\x1b[12é", "é")]
#[case::in_a_function("\x1bO\x03", "ctrl-c")]
#[case::another_begins_in_a_sequence("\x1b[12\x1b[A", "up")]
#[case::another_begins_in_a_string("\x1b]11;rgb\x1b[A", "up")]
#[case::another_begins_in_a_function("\x1bO\x1b[A", "up")]
fn an_interrupted_sequence_does_not_affect_the_next_input(#[case] bytes: &str, #[case] expected: &str) {
    assert_parsed(bytes.as_bytes(), expected);
}

#[rstest]
#[case::bracket("\x1b[", "alt-[")]
#[case::letter("\x1bO", "alt-O")]
#[case::other_bracket("\x1b]", "alt-]")]
#[case::capital("\x1bP", "alt-P")]
#[case::others("\x1b_", "alt-_")]
#[case::hat("\x1b^", "alt-^")]
#[case::twice("\x1b\x1b[", "esc alt-[")]
#[case::half_a_sequence("\x1b[1;5", "")]
#[case::half_a_string("\x1b]11;rgb:00", "")]
#[case::a_string_but_half_its_end("\x1b]11;rgb:00\x1b", "")]
#[case::half_of_the_mouse("\x1b[M q", "")]
#[case::half_of_the_console("\x1b[[", "")]
fn silence_ends_an_incomplete_sequence(#[case] bytes: &str, #[case] expected: &str) {
    assert_parsed(bytes.as_bytes(), expected);
}

#[rstest]
#[case::plain("x", "paste(x)")]
#[case::nothing("", "paste()")]
#[case::keys("order\r\x03\x1a\x1b[A\x1bOP q", "paste(order\r\x03\x1a\x1b[A\x1bOP q)")]
#[case::half_an_end("a\x1b[201b\x1b[20\x1b\x1b[2", "paste(a\x1b[201b\x1b[20\x1b\x1b[2)")]
#[case::letters("é東🙂", "paste(é東🙂)")]
fn a_paste_is_text_at_every_split(#[case] text: &str, #[case] expected: &str) {
    assert_parsed(format!("\x1b[200~{text}\x1b[201~").as_bytes(), expected);
    assert_parsed(format!("\x1b[200~{text}\x1b[201~\x03").as_bytes(), &format!("{expected} ctrl-c"));
}

#[rstest]
#[case::nothing("", "paste()")]
#[case::text("abc", "paste(abc)")]
#[case::half_its_end("abc\x1b[20", "paste(abc)")]
#[case::ctrl_c("abc\x03", "paste(abc) ctrl-c")]
#[case::ctrl_c_alone("\x03", "paste() ctrl-c")]
fn a_paste_without_an_end_ends_by_silence(#[case] text: &str, #[case] expected: &str) {
    assert_parsed(format!("\x1b[200~{text}").as_bytes(), expected);
}

#[test]
fn invalid_bytes_are_visible_in_a_paste() {
    assert_parsed(b"\x1b[200~a\xe9b\x1b[201~", "paste(a\u{fffd}b)");
}

#[rstest]
#[case::latin(b"Andr\xe9", "A n d r garbled")]
#[case::latin_before_a_letter(b"\xe9a", "garbled a")]
#[case::latin_twice(b"\xe9\xe8a", "garbled garbled a")]
#[case::latin_high(b"\xffa", "garbled a")]
#[case::windows(b"\x80 5", "garbled space 5")]
#[case::before_a_key(b"\xe9\r", "garbled enter")]
#[case::before_ctrl_c(b"\xe9\x03", "garbled ctrl-c")]
#[case::before_a_sequence(b"\xe9\x1b[A", "garbled up")]
#[case::before_esc(b"\xe9\x1b", "garbled esc")]
#[case::half_a_letter(b"\xf0\x9f\x99x", "garbled x")]
#[case::half_a_letter_before_another(b"\xe6\x9d\xc3\xa9", "garbled é")]
#[case::with_alt(b"\x1b\xe9x", "garbled x")]
#[case::surrogate(b"\xed\xa0\x80x", "garbled garbled garbled x")]
fn an_unreadable_letter_is_reported_and_the_next_is_kept(#[case] bytes: &[u8], #[case] expected: &str) {
    assert_parsed(bytes, expected);
}

#[rstest]
#[case::nothing("", None)]
#[case::key("\x1b[A", None)]
#[case::esc("\x1b", Some(WAIT))]
#[case::alt_bracket("\x1b[", Some(WAIT))]
#[case::alt_letter("\x1bO", Some(WAIT))]
#[case::alt_string("\x1b]", Some(WAIT))]
#[case::sequence("\x1b[1", Some(REST_TIMEOUT))]
#[case::string("\x1b]1", Some(REST_TIMEOUT))]
#[case::end_of_a_string("\x1b]1\x1b", Some(REST_TIMEOUT))]
#[case::paste("\x1b[200~", Some(Duration::from_secs(2)))]
#[case::paste_and_ctrl_c("\x1b[200~a\x03", Some(Duration::from_millis(300)))]
#[case::paste_after_ctrl_c("\x1b[200~a\x03b", Some(Duration::from_secs(2)))]
#[case::whole_paste("\x1b[200~a\x03\x1b[201~", None)]
fn the_wait_for_more_bytes_has_its_limit(#[case] bytes: &str, #[case] expected: Option<Duration>) {
    let mut parser = InputParser::new(WAIT);
    parser.feed_bytes(bytes.as_bytes(), &mut |_| ());
    assert_eq!(parser.wait_limit(), expected);
}

/// Text beyond the limit is dropped. Read as keys, it would be executed.
#[test]
fn a_paste_is_limited_and_never_read_as_keys() {
    let (mut parser, mut sent) = (InputParser::new(WAIT), Vec::new());
    parser.feed_bytes(b"\x1b[200~", &mut |one| sent.push(one));
    for _ in 0..3 * 1024 {
        parser.feed_bytes(&[b'q'; 1024], &mut |one| sent.push(one));
    }
    parser.feed_bytes(b"\x1b[201~x", &mut |one| sent.push(one));
    let [ParsedInput::Paste(text), ParsedInput::Key(key)] = sent.as_slice() else { panic!("{} things", sent.len()) };
    assert_eq!((text.expose().len(), key.name().as_str()), (1024 * 1024, "x"));
}

/// Silence ends any sequence, so the next key is read as that key.
#[test]
fn after_any_bytes_and_silence_the_next_key_is_recognized() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let mut parser = InputParser::new(WAIT);
        parser.feed_bytes(bytes, &mut |_| ());
        parser.finish_pending(&mut |_| ());
        let mut words = Vec::new();
        parser.feed_bytes(b"x", &mut |sent| words.push(input_name(&sent)));
        assert_eq!((words, parser.wait_limit()), (vec!["x".to_owned()], None));
    });
}
