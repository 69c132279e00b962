//! The payment of an order: what a card needs, which are refused, and what requires one.

use super::validity::{expect, on_one_day};
use crate::common::desk::{Desk, NEW, STORED, set, without};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[case("credit_card.number", "4111 1111 1111 1111", "sandbox|format")]
#[case("credit_card.number", "4111111111111112", "sandbox|format")]
#[case("credit_card.number", "41111111111", "sandbox|format")]
#[case("credit_card.number", "41111111111111111111", "sandbox|format")]
#[case("credit_card.number", "٤١١١١١١١١١١١١١١١", "sandbox|format")]
#[case("credit_card.number", "4000000000000002", "sandbox|card_declined")]
#[case("credit_card.expiration_month", "00", "sandbox|range")]
#[case("credit_card.expiration_month", "13", "sandbox|range")]
#[case("credit_card.expiration_month", "1", "sandbox|format")]
#[case("credit_card.expiration_year", "99", "sandbox|format")]
#[case("credit_card.expiration_year", "2020", "sandbox|expired_card")]
#[case("credit_card.cvv", "12", "sandbox|format")]
#[case("credit_card.cvv", "12345", "sandbox|format")]
#[case("credit_card.cvv", "12a", "sandbox|format")]
fn a_card_is_refused_without_repeating_it(#[case] member: &str, #[case] value: &str, #[case] code: &str) {
    let desk = Desk::open();
    desk.accepts(NEW);
    let body = set(NEW, member, json!(value));
    desk.refuses(&body, code, member);
    assert!(!desk.refusals(&body)[0].1.contains(value));
}

#[rstest]
#[case("credit_card.number", "378282246310005")]
#[case("credit_card.number", "630400000000")]
#[case("credit_card.number", "6304000000000000000")]
#[case("credit_card.cvv", "1234")]
#[case("credit_card.expiration_month", "01")]
fn other_cards_are_accepted(#[case] member: &str, #[case] value: &str) {
    Desk::open().accepts(&set(NEW, member, json!(value)));
}

#[test]
fn a_card_is_valid_to_the_end_of_its_month() {
    let desk = Desk::open();
    let until = |date: jiff::civil::Date| {
        let month = set(NEW, "credit_card.expiration_month", json!(format!("{:02}", date.month())));
        set(&month, "credit_card.expiration_year", json!(date.year().to_string()))
    };
    on_one_day(|today| {
        expect(&desk, &until(today), None, "")?;
        let past = until(today.first_of_month().yesterday().unwrap());
        expect(&desk, &past, Some("sandbox|expired_card"), "credit_card.expiration_year ")
    });
}

#[test]
fn card_members_are_allowed_only_with_a_card() {
    let desk = Desk::open();
    for method in ["balance", "profile"] {
        desk.accepts(&set(STORED, "payment_method", json!(method)));
        let body = set(&without(NEW, "billing_address"), "payment_method", json!(method));
        desk.refuses(&body, "sandbox|not_allowed", "credit_card");
        let body = set(&without(NEW, "credit_card"), "payment_method", json!(method));
        desk.refuses(&body, "sandbox|not_allowed", "billing_address");
    }
}
