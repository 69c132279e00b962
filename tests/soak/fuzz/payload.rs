//! Payloads by other programs: they are read or refused, and a payload that was read has the same content when it is
//! written.
//!
//! The input is the text of a file. The written text is visible byte by byte, is read back without a change, and shows
//! at most the last four characters of a secret.

use super::grow::{LONG, SHORT, fuzz, pieces};
use crate::common::walk::{TODAY, product};
use rstest::rstest;
use std::time::Duration;
use zegel::domain::AccountData;
use zegel::form::{Audience, Form, ValidationContext};
use zegel::json::{self, JsonNode, JsonValue};
use zegel::text;

pub(crate) const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "{}",
    "[]",
    "[[]]",
    "null",
    "true",
    "false",
    "\"\"",
    "\"x\"",
    "0",
    "-0",
    "1",
    "1.50",
    "1e999",
    "17",
    "\"17\"",
    "\"017\"",
    "900001",
    "\"900001\"",
    "99999999999999999999",
    "\u{feff}",
    "\"\\u001b[2J\"",
    "\"\u{202e}x\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\\"",
    "// x\n",
    "\t",
    "\u{1}",
    "'x'",
    "NaN",
    "0x1f",
    "\"a\": 1, \"a\": 2,",
    "\"organization\":",
    "\"id\":",
    "\"contacts\":",
    "\"user_id\":",
    "\"contact_type\":",
    "\"first_name\":",
    "\"email\":",
    "\"certificate\":",
    "\"csa_agreed_to\": true,",
    "\"csa_agreed_to\": \"true\",",
    "\"ship_info\":",
    "\"zip\":",
    "\"country\": \"nl\",",
    "\"order_validity\":",
    "\"years\":",
    "\"days\":",
    "\"custom_expiration_date\": \"2027-02-31\",",
    "\"payment_method\":",
    "\"balance\"",
    "\"card\"",
    "\"credit_card\":",
    "\"number\": \"378282246310005\",",
    "\"cvv\": \"9876\",",
    "\"cvv\": 9876,",
    "\"number\": 378282246310005,",
    "\"number\": [],",
    "\"billing_address\":",
    "\"set_as_default\": \"1\",",
    "\"\": {\"\": 1},",
];

/// The members whose values are secrets.
const SECRETS: [&str; 2] = ["/credit_card/number", "/credit_card/cvv"];

fn sent(form: &Form) -> String {
    String::from_utf8(form.payload_text().expose_request_body(form).expose().to_vec()).unwrap()
}

/// Asserts that the written text is JSON, by reading it.
fn written(doc: &JsonNode) {
    let mut line = String::new();
    json::write_one_line(&mut line, doc);
    assert_eq!(json::parse(&line).as_ref(), Ok(doc));
    assert_eq!(text::visible(&line), line);
}

/// Asserts that the body shows at most four characters of secrets, and that its bare text has none of them.
fn masks(form: &Form) {
    let body = form.payload_text();
    let (shown, bare) = (json::parse(body.masked_text()).unwrap(), json::parse(body.text_without_secrets()).unwrap());
    for pointer in SECRETS {
        assert!(bare.pointer(pointer).is_none(), "{pointer} in {}", body.text_without_secrets());
        if let Some(JsonValue::Text(mask)) = shown.pointer(pointer).map(|doc| &doc.value) {
            let hidden = mask.chars().count().saturating_sub(4);
            assert!(mask.chars().take(hidden).all(|c| c == '*'), "{mask}");
        }
    }
}

/// Asserts that the lines of a body are its text, and that no two of them overlap.
fn lines(form: &Form) {
    let body = form.payload_text();
    let text: Vec<&str> = body.lines().iter().map(|line| body.line_text(line)).collect();
    assert_eq!(text.join("\n"), body.masked_text());
    assert!(text.iter().all(|line| text::visible(line) == *line));
}

fn target(input: &[u8]) -> bool {
    let source = String::from_utf8_lossy(input);
    let Ok(doc) = json::parse(&source) else { return false };
    written(&doc);
    let Ok(reading) = Form::parse_payload(product(), &doc) else { return false };
    let form = reading.form;
    for audience in [Audience::Wizard, Audience::Review] {
        form.find_problems(&ValidationContext { today: TODAY, known: &AccountData::default(), audience });
    }
    masks(&form);
    lines(&form);
    let body = sent(&form);
    let again = Form::parse_payload(product(), &json::parse(&body).unwrap()).unwrap();
    assert_eq!(again.normalizations, []);
    assert_eq!(sent(&again.form), body);
    assert_eq!(again.form.payload_text(), form.payload_text());
    true
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn payload(#[case] time: Duration) {
    fuzz("payload", time, pieces(PIECES), target);
}
