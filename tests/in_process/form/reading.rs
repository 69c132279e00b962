//! The reading of a payload, and the problems that only a payload can have, not typing.

use super::{codes, place, problems, put, read, sent};
use crate::common::payloads::FOREIGN;
use rstest::rstest;
use serde_json::{Value, json};
use zegel::form::Normalization;

#[test]
fn a_read_payload_is_sent_unchanged() {
    let reading = read(FOREIGN);
    assert_eq!(reading.normalizations, []);
    assert_eq!(sent(&reading.form), FOREIGN);
    let unknown: Vec<String> = reading.form.foreign_members().into_iter().map(|(pointer, _)| pointer).collect();
    let expected = [
        "/comments",
        "/ship_info/floor",
        "/organization/contacts/0/pseudonym",
        "/certificate/list",
        "/certificate/deep",
    ];
    assert_eq!(unknown, expected);
}

#[test]
fn lines_of_unknown_members_are_marked() {
    let body = read(FOREIGN).form.payload_text();
    let marked: Vec<&str> = body.lines().iter().filter(|l| l.foreign).map(|l| body.line_text(l).trim()).collect();
    let expected = [
        "\"comments\": \"please hurry\",",
        "\"floor\": 1.50,",
        "\"pseudonym\": null",
        "\"list\": [],",
        "\"deep\": [",
        "{",
        "\"a\": [",
        "1,",
        "2",
        "]",
        "}",
        "]",
    ];
    assert_eq!(marked, expected);
}

#[test]
fn ids_read_as_strings_become_integers_and_are_reported() {
    let reading = read(r#"{"organization": {"id": "900001", "contacts": [{"user_id": "800001"}]}}"#);
    let notes =
        ["/organization/id", "/organization/contacts/0/user_id"].map(|p| Normalization::TextToInteger(p.into()));
    assert_eq!(reading.normalizations, notes);
    assert!(sent(&reading.form).contains("\"user_id\": 800001"));
}

#[rstest]
#[case::id("/organization/id", "900001.0", "900001", Normalization::WholeNumber)]
#[case::id_with_an_exponent("/organization/id", "9.00001e5", "900001", Normalization::WholeNumber)]
#[case::id_in_a_row("/organization/contacts/0/user_id", "800001.00", "800001", Normalization::WholeNumber)]
#[case::years("/order_validity/years", "1.0", "1", Normalization::WholeNumber)]
#[case::postal_code("/ship_info/zip", "1015", "\"1015\"", Normalization::NumberToText)]
#[case::postal_code_with_a_fraction("/ship_info/zip", "1015.0", "\"1015\"", Normalization::NumberToText)]
fn a_number_in_another_spelling_is_sent_as_its_field_requires(
    #[case] pointer: &str,
    #[case] written: &str,
    #[case] sent_as: &str,
    #[case] note: fn(String) -> Normalization,
) {
    let payload = |value: &str| {
        let of = |place: &str, other: &str| if place == pointer { value.to_owned() } else { other.to_owned() };
        format!(
            r#"{{"organization": {{"id": {}, "contacts": [{{"user_id": {}}}]}}, "ship_info": {{"zip": {}}}, "order_validity": {{"years": {}}}}}"#,
            of("/organization/id", "1"),
            of("/organization/contacts/0/user_id", "2"),
            of("/ship_info/zip", "\"x\""),
            of("/order_validity/years", "1"),
        )
    };
    let reading = read(&payload(written));
    assert_eq!(reading.normalizations, [note(pointer.to_owned())]);
    let body: Value = serde_json::from_str(&sent(&reading.form)).unwrap();
    assert_eq!(body.pointer(pointer).unwrap().to_string(), sent_as);
    assert_eq!(read(&payload(sent_as)).normalizations, [], "once it is spelled so, nothing is told");
}

#[test]
fn members_of_hidden_fields_are_omitted_and_listed() {
    let reading = read(
        r#"{"organization": {"id": 1, "contacts": [{"last_name": "x", "job_title": "y"}], "organization_contact": {"email": "a@b.nl"}},
            "order_validity": {"years": 1, "days": 10}, "payment_method": "balance", "credit_card": {"cvv": "123", "x": 1}}"#,
    );
    let expected = ["/organization/organization_contact", "/order_validity/years", "/credit_card"];
    assert_eq!(reading.normalizations, expected.map(|pointer| Normalization::LeftOut(pointer.into())));
    let body: Value = serde_json::from_str(&sent(&reading.form)).unwrap();
    let contacts = json!([{"last_name": "x", "job_title": "y"}]);
    assert_eq!(
        body,
        json!({"organization": {"id": 1, "contacts": contacts}, "order_validity": {"days": 10}, "payment_method": "balance"})
    );
}

#[rstest]
#[case(r#"{"organization": {"id": 1, "name": "x"}}"#, "org.how error conflict")]
#[case(r#"{"order_validity": {"days": 10, "years": 1}}"#, "valid.how warning wins")]
#[case(r#"{"ship_info": "here"}"#, "/ship_info error type")]
#[case(r#"{"organization": {"contacts": {}}}"#, "/organization/contacts error type")]
#[case(r#"{"organization": {"contacts": ["x"]}}"#, "/organization/contacts/0 error type")]
#[case(r#"{"organization": {"contacts": []}}"#, "contact error rows")]
#[case(r#"{"ship_info": {"zip": true}}"#, "ship.zip error type")]
#[case(r#"{"ship_info": {"zip": -1015}}"#, "ship.zip error type")]
#[case(r#"{"ship_info": {"zip": 1015.5}}"#, "ship.zip error type")]
#[case(r#"{"ship_info": {"zip": 12345678901}}"#, "ship.zip error type")]
#[case(r#"{"ship_info": {"city": 1015}}"#, "ship.city error type")]
#[case(r#"{"ship_info": {"zip": null}}"#, "ship.zip error type")]
#[case(r#"{"csa_agreed_to": 1}"#, "order.csa error type")]
#[case(r#"{"organization": {"id": 1.5}}"#, "org.id error type")]
#[case(r#"{"organization": {"id": "x"}}"#, "org.id error type")]
#[case(r#"{"organization": {"id": -1}}"#, "org.id error id")]
#[case("{}", "ship.addr2 warning missing")]
#[case("{}", "cert.hash error missing")]
#[case("{}", "pay.method error missing")]
fn problems_that_only_a_payload_can_have_are_found(#[case] payload: &str, #[case] expected: &str) {
    let form = read(payload).form;
    let found = codes(&form, &problems(&form));
    assert!(found.contains(&expected.to_owned()), "{found:?}");
    let again = read(&sent(&form)).form;
    assert_eq!(sent(&form), sent(&again), "and it is kept as it is");
}

#[test]
fn a_conflict_ends_when_the_user_decides() {
    let mut form = read(r#"{"organization": {"id": 1, "name": "x"}}"#).form;
    let how = place(&form, "org.how");
    form.set_text(how, "new");
    assert!(!codes(&form, &problems(&form)).iter().any(|code| code.starts_with("org.how")));
    assert!(!sent(&form).contains("\"id\""));
}

#[test]
fn a_value_of_a_wrong_type_can_be_corrected() {
    let mut form = read(r#"{"ship_info": "here", "organization": {"contacts": ["x", {"user_id": 1}]}}"#).form;
    put(&mut form, "ship.city", "Amsterdam");
    put(&mut form, "contact.first", "Bram");
    put(&mut form, "contact.how", "new");
    let body: Value = serde_json::from_str(&sent(&form)).unwrap();
    assert_eq!(body["ship_info"], json!({"city": "Amsterdam"}));
    assert_eq!(body["organization"]["contacts"], json!([{"first_name": "Bram"}, {"user_id": 1}]));
}

#[test]
fn reading_adds_no_member_and_accepting_inserts_it_in_order() {
    let mut form = read(r#"{"payment_method": "balance", "ship_info": {"country": "nl", "name": "A B"}, "x": 1}"#).form;
    assert_eq!(sent(&form).matches(':').count(), 5, "{}", sent(&form));
    put(&mut form, "ship.city", "Amsterdam");
    put(&mut form, "ship.method", "STANDARD");
    put(&mut form, "order.csa", "true");
    let expected = r#"{
  "csa_agreed_to": true,
  "payment_method": "balance",
  "ship_info": {
    "country": "nl",
    "method": "STANDARD",
    "name": "A B",
    "city": "Amsterdam"
  },
  "x": 1
}"#;
    assert_eq!(sent(&form), expected);
}
