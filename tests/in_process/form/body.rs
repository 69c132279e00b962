//! The body of an order, sent and shown: its lines, its digest, its secrets, and the notes beside it.

use super::{card, place, read, sent, valid_form, with};
use zegel::form::Form;

#[test]
fn each_line_leads_to_its_field_and_back() {
    let form = card(&[]);
    let body = form.payload_text();
    for at in form.visible_places().filter(|at| !form.product()[at.field].is_mode() && !form.is_blank(*at)) {
        let name = form.product()[at.field].at.unwrap();
        let line = body.line_index(at).unwrap_or_else(|| panic!("no line for {name}"));
        assert!(body.line_text(&body.lines()[line]).trim().starts_with(&format!("\"{name}\": ")), "{name}");
    }
    let joined: Vec<&str> = body.lines().iter().map(|line| body.line_text(line)).collect();
    assert_eq!(joined.join("\n"), body.masked_text());
}

#[test]
fn the_digest_covers_everything_but_the_secrets() {
    let digest = |form: &Form| form.payload_text().digest().to_owned();
    let base = digest(&card(&[]));
    assert_eq!(base.len(), 64);
    assert_eq!(digest(&card(&[("card.number", "378282246310005"), ("card.cvv", "1234")])), base);
    for (id, text) in [("card.year", "2027"), ("card.holder", "B C"), ("ship.city", "Leiden"), ("cert.pss", "true")] {
        assert_ne!(digest(&card(&[(id, text)])), base, "{id}");
    }
    // SHA-256 of the exact text if it has no secret.
    let form = read("{}").form;
    assert_eq!(digest(&form), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

#[test]
fn secrets_are_masked_in_the_body_until_it_is_exposed() {
    let form = card(&[]);
    let body = form.payload_text();
    assert!(body.masked_text().contains("\"number\": \"************1111\""));
    assert!(body.masked_text().contains("\"cvv\": \"***\""));
    assert!(!format!("{form:?}{body:?}").contains("4111111111111111"));
    let exposed = sent(&form);
    assert!(exposed.contains("\"number\": \"4111111111111111\""));
    assert!(exposed.contains("\"cvv\": \"123\""));
    let unmask = |text: &str| text.replace("************1111", "4111111111111111").replace("\"***\"", "\"123\"");
    assert_eq!(unmask(body.masked_text()), exposed, "and nothing else differs");
}

#[test]
fn a_card_in_a_payload_never_shows() {
    for number in ["\"4111111111111111\"", "4111111111111111", "[4111111111111111]", "{\"x\": 4111111111111111}"] {
        let reading =
            read(&format!(r#"{{"payment_method": "card", "credit_card": {{"number": {number}, "cvv": 123}}}}"#));
        let shown =
            format!("{:?}{:?}{}", reading.form, reading.normalizations, reading.form.payload_text().masked_text());
        assert!(!shown.contains("4111111111111111"), "{shown}");
    }
}

#[test]
fn a_validity_from_the_day_of_issue_has_an_earliest_end() {
    let today = jiff::civil::date(2026, 11, 22);
    let form = with(&[("valid.days", "10")]);
    let end = |id: &str| form.earliest_end_date(place(&form, id), today).map(|date| date.to_string());
    assert_eq!(end("valid.years").as_deref(), Some("2027-11-22"));
    assert_eq!(end("valid.days").as_deref(), Some("2026-12-02"));
    assert_eq!(end("valid.date"), None);
    let leap = jiff::civil::date(2028, 2, 29);
    assert_eq!(form.earliest_end_date(place(&form, "valid.years"), leap).unwrap().to_string(), "2029-02-28");
}

#[test]
fn an_unconfirmed_fact_is_named_only_while_its_field_is_sent() {
    let named = |form: &Form| form.guessed_defaults().count();
    assert_eq!(named(&card(&[])), 1);
    assert_eq!(named(&card(&[("card.default", "1")])), 0);
    assert_eq!(named(&valid_form()), 0);
}
