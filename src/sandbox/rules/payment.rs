//! Rules for the payment: the method, and the card if there is one (certcentral-api.md 2.1 and 2.2).
//!
//! No message repeats anything of a card.

use super::object::{PayloadObject, UNLIMITED};
use super::{Date, Violation};

/// This card number is always declined. Payment processors publish it for testing.
const DECLINED_CARD: &str = "4000000000000002";

/// Checks the method. A card and a billing address are allowed with the method `card` only, and required with it.
pub(super) fn check_payment(order: &PayloadObject<'_>, today: Date, found: &mut Vec<Violation>) {
    let Some(method) = order.required_choice("payment_method", &["balance", "card", "profile"], found) else { return };
    if method != "card" {
        for name in ["credit_card", "billing_address"].into_iter().filter(|name| order.has_member(name)) {
            order.report_violation(name, "sandbox|not_allowed", "is sent with payment_method card only", found);
        }
        return;
    }
    if let Some(card) = order.required_object("credit_card", found) {
        check_credit_card(&card, today, found);
    }
    if let Some(address) = order.required_object("billing_address", found) {
        check_billing_address(&address, found);
    }
}

fn check_credit_card(card: &PayloadObject<'_>, today: Date, found: &mut Vec<Violation>) {
    check_card_number(card, found);
    check_expiry(card, today, found);
    card.required_digits("cvv", 3..=4, found);
    card.required_text("cardholder_name", UNLIMITED, found);
    card.required_text("set_as_default", UNLIMITED, found);
}

fn check_card_number(card: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    match card.required_digits("number", 12..=19, found) {
        Some(DECLINED_CARD) => {
            card.report_violation("number", "sandbox|card_declined", "belongs to a card that was declined", found);
        }
        Some(number) if !passes_luhn(number) => {
            card.report_violation("number", "sandbox|format", "is not a card number: its check digit is wrong", found);
        }
        _ => {}
    }
}

fn check_expiry(card: &PayloadObject<'_>, today: Date, found: &mut Vec<Violation>) {
    let month = card.required_digits("expiration_month", 2..=2, found).and_then(|text| text.parse::<i8>().ok());
    let year = card.required_digits("expiration_year", 4..=4, found).and_then(|text| text.parse::<i16>().ok());
    if month.is_some_and(|month| !(1..=12).contains(&month)) {
        return card.report_violation("expiration_month", "sandbox|range", "must be from 01 to 12", found);
    }
    if let (Some(month), Some(year)) = (month, year)
        && (year, month) < (today.year(), today.month())
    {
        let words = format!("and {} lie in the past", card.member_path("expiration_month"));
        card.report_violation("expiration_year", "sandbox|expired_card", &words, found);
    }
}

/// Returns true if the last digit is the check digit of the others (ISO/IEC 7812). The digits must be ASCII.
fn passes_luhn(digits: &str) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let worth = |(n, byte): (usize, u8)| {
        let digit = u32::from(byte - b'0');
        if n % 2 == 1 { doubled(digit) } else { digit }
    };
    digits.bytes().rev().enumerate().map(worth).sum::<u32>().is_multiple_of(10)
}

fn check_billing_address(address: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    address.required_text("address", UNLIMITED, found);
    address.required_text("city", UNLIMITED, found);
    address.required_country("country", found);
    for name in ["address2", "state", "zip"] {
        address.optional_text(name, UNLIMITED, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("4111111111111111", true)]
    #[case("378282246310005", true)]
    #[case("6304000000000000", true)]
    #[case("4111111111111112", false)]
    #[case("1411111111111111", false)]
    #[case(DECLINED_CARD, true)]
    fn the_check_digit_is_verified(#[case] digits: &str, #[case] right: bool) {
        assert_eq!(passes_luhn(digits), right);
    }
}
