//! Card number and CVV of a payload are on no output, whatever problems surround them.
//!
//! The canary is searched as everywhere: in parts, spaced, and in lower case.

use super::{RIGHT, folder, run};
use crate::common::search::{CARD, CVV, found, found_on_screen};
use rstest::rstest;

/// Returns the secrets of the card that are visible, also in part.
fn visible_secrets(report: &str) -> Vec<&'static str> {
    let rows: Vec<String> = report.lines().map(str::to_owned).collect();
    [found(report.as_bytes()), found_on_screen(&rows)].concat()
}

/// Returns all output of a check of this payload, in all formats.
fn check_outputs(payload: &[u8]) -> String {
    let folder = folder(&[("order.json", payload)]);
    let forms = [&["check", "order.json"][..], &["check", "--json", "order.json"], &["check", "--lang", "nl", "."]];
    let runs = forms.map(|args| run(folder.path(), args));
    runs.iter().flat_map(|ran| [ran.out.as_str(), ran.err.as_str()]).collect()
}

/// Returns a payload with a card, after a replacement.
fn card(from: &str, to: &str) -> String {
    let paid = format!(
        "\"payment_method\": \"card\", \"credit_card\": {{\"number\": \"{CARD}\", \"expiration_month\": \"09\", \
         \"expiration_year\": \"2099\", \"cvv\": \"{CVV}\", \"cardholder_name\": \"Anna\", \"set_as_default\": \"0\"}}"
    );
    let whole = RIGHT.replace("\"payment_method\": \"balance\"", &paid);
    assert!(whole.contains(from));
    whole.replace(from, to)
}

/// Returns the number with a separator between its groups.
fn grouped(by: &str) -> String {
    [&CARD[..4], &CARD[4..10], &CARD[10..]].join(by)
}

#[rstest]
#[case::as_it_is("{", "{")]
#[case::other_payment("\"card\"", "\"balance\"")]
#[case::wrong_number(CARD, &format!("{CARD}1"))]
#[case::wrong_cvv(CVV, &format!("{CVV}, {CVV}"))]
#[case::trailing_comma("\"0\"}", "\"0\",}")]
#[case::no_comma("\", \"cvv", "\" \"cvv")]
#[case::no_quote(&format!("\"{CVV}\""), CVV)]
#[case::number_and_name(&format!("\"number\": \"{CARD}\""), &format!("\"number\": {CARD}x"))]
#[case::unclosed(&format!("\"{CARD}\""), &format!("\"{CARD}"))]
#[case::over_lines(CARD, &grouped("\n"))]
#[case::over_lines_escaped(CARD, &grouped("\\n"))]
#[case::cut_off("\"2099\"", "")]
#[case::escaped_digits(CARD, &format!("\\u0033{}", &CARD[1..]))]
#[case::no_escape(CARD, &format!("\\x33{}", &CARD[1..]))]
#[case::in_a_list(&format!("\"{CARD}\""), &format!("[\"{}\", \"{}\"]", &CARD[..8], &CARD[8..]))]
#[case::in_an_object(&format!("\"{CARD}\""), &format!("{{\"{CARD}\": \"{CARD}\"}}"))]
#[case::as_a_number(&format!("\"{CARD}\""), CARD)]
#[case::twice("\"number\"", &format!("\"number\": \"{CARD}\", \"number\""))]
#[case::misspelled("\"number\"", "\"numer\"")]
#[case::capitals("\"cvv\"", "\"CVV\"")]
#[case::in_another_object("\"credit_card\"", "\"payment_card\"")]
#[case::mixed_up("\"cvv\": \"8305\"", "\"cvv\": \"09\", \"expiration_month\": \"8305\"")]
#[case::in_a_name("\"cardholder_name\"", &format!("\"{CARD}\""))]
#[case::in_a_name_of_no_card("\"zip\"", &format!("\"{CARD}\": null, \"zip\""))]
#[case::in_remarks("\"csa_agreed_to\"", &format!("\"comments\": \"Amex {} 09/99\", \"csa_agreed_to\"", grouped(" ")))]
#[case::in_an_address("Keizersgracht 1", &grouped("\u{a0}"))]
#[case::beside_a_raw_control("Amsterdam", "Amster\u{7}dam")]
#[case::after_the_end("\"set_as_default\": \"0\"}", "\"set_as_default\": \"0\"}} {")]
fn a_card_in_a_file_is_not_shown(#[case] from: &str, #[case] to: &str) {
    let whole = card(from, to);
    for payload in [
        whole.clone(),
        whole.replace('\n', " "),
        format!("[{whole}]"),
        format!("{whole}}}"),
        whole.replacen('{', "", 1),
    ] {
        let report = check_outputs(payload.as_bytes());
        assert!(report.contains("order.json"));
        assert_eq!(visible_secrets(&report), [""; 0], "{report}");
    }
}

#[test]
fn a_card_in_invalid_utf_8_is_not_shown() {
    let whole = card("{", "{").replace('\n', " ");
    let wide: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &wide].concat();
    let latin = [whole.as_bytes(), b"\xe9"].concat();
    let early = [b"\xe9".as_slice(), whole.as_bytes()].concat();
    let long = [b"{\"number\": \"".as_slice(), CARD.as_bytes(), b"\"", &vec![b' '; 1 << 20]].concat();
    for payload in [wide, marked, latin, early, long] {
        let report = check_outputs(&payload);
        assert!(report.contains("error: "), "{report}");
        assert_eq!(visible_secrets(&report), [""; 0], "{report}");
    }
}

#[test]
fn cut_at_any_byte_a_payload_shows_nothing_of_its_card() {
    let whole = card("{", "{").replace('\n', " ");
    let begin = whole.find("credit_card").unwrap();
    let cuts: Vec<(String, &[u8])> =
        (begin..whole.len()).map(|at| (format!("{at:05}.json"), &whole.as_bytes()[..at])).collect();
    let files: Vec<(&str, &[u8])> = cuts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let folder = folder(&files);
    for args in [&["check", "."][..], &["check", "--json", "."]] {
        let ran = run(folder.path(), args);
        assert_eq!(ran.code, Some(1));
        assert_eq!(visible_secrets(&ran.out), [""; 0]);
    }
}
