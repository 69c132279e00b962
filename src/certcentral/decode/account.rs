//! Decoding of the account, its product, its balance, its stored cards, and validations.
//!
//! A key may not have the right to any of these queries (certcentral-api.md 1.2), so nothing depends on the values.
//! No conclusions are drawn here.

use super::lenient::{parse_object, read_flag, read_id, read_number, read_text, rows_or_empty};
use super::page::parse_page;
use crate::domain::{
    AccountInfo, Balance, DecodeError, Division, ListName, Page, PaymentProfile, ProductInfo, Validation,
};
use serde_json::Value;

/// Parses what the account may order of a product (`GET /product/{name_id}`, certcentral-api.md 4.8).
///
/// # Errors
/// The answer is not a JSON object.
pub fn parse_product(answer: &[u8]) -> Result<ProductInfo, DecodeError> {
    let value = parse_object(answer)?;
    Ok(ProductInfo {
        name: read_text(&value, "name"),
        years: read_years(&value["allowed_order_validity_years"]),
        custom_date: read_flag(&value["custom_expiration_date_allowed"]),
        agreement: read_text(&value, "license_agreement"),
    })
}

/// Parses the balance of the account (`GET /finance/balance`, certcentral-api.md 4.8).
///
/// # Errors
/// The answer is not a JSON object.
pub fn parse_balance(answer: &[u8]) -> Result<Balance, DecodeError> {
    let value = parse_object(answer)?;
    Ok(Balance {
        balance: read_text(&value, "balance"),
        available: read_text(&value, "total_available_funds"),
        currency: read_text(&value, "currency"),
        unlimited: read_flag(&value["unlimited_negative_balance"]).unwrap_or(false),
    })
}

/// Parses the account of the key (`GET /account`, certcentral-api.md 4.7).
///
/// # Errors
/// The answer is not a JSON object, or has no id.
pub fn parse_account(answer: &[u8]) -> Result<AccountInfo, DecodeError> {
    let value = parse_object(answer)?;
    Ok(AccountInfo {
        id: read_id(&value["id"]).ok_or(DecodeError::MissingIdOrName)?,
        organization: read_text(&value, "primary_organization_name"),
        organization_id: read_id(&value["primary_organization_id"]),
        root_division: read_id(&value["root_container_id"]),
        kind: read_text(&value, "cert_central_type"),
    })
}

/// Parses the divisions of the account (`GET /container`, certcentral-api.md 4.8). Their `ekey` is not read, because
/// it looks like a secret.
///
/// # Errors
/// The answer is not a JSON object, or has no list of divisions.
pub fn parse_divisions(answer: &[u8]) -> Result<Page<Division>, DecodeError> {
    parse_page(answer, ListName::Divisions, |row| {
        Some(Division { id: read_id(&row["id"])?, name: read_text(row, "name"), active: read_flag(&row["is_active"]) })
    })
}

/// Parses the stored cards of the account (`GET /finance/payment-profile`, certcentral-api.md 4.8). A row without a
/// readable card is kept: it may be the card that is charged.
///
/// # Errors
/// The answer is not a JSON object, or has no list of stored cards.
pub fn parse_payment_profiles(answer: &[u8]) -> Result<Page<PaymentProfile>, DecodeError> {
    parse_page(answer, ListName::Profiles, |row| row.is_object().then(|| read_payment_profile(row)))
}

/// Parses the validations of an organization (`GET /organization/{id}/validation`, certcentral-api.md 4.4).
///
/// # Errors
/// The answer is not a JSON object, or has no list of validations.
pub fn parse_validations(answer: &[u8]) -> Result<Page<Validation>, DecodeError> {
    parse_page(answer, ListName::Validations, read_validation)
}

/// Reads the validations in the data of an organization.
pub(super) fn read_validations(value: &Value) -> Vec<Validation> {
    rows_or_empty(&value["validations"]).iter().filter_map(read_validation).collect()
}

/// Reads a validation. A row with neither a type nor a name is left out, because it says nothing.
fn read_validation(row: &Value) -> Option<Validation> {
    let read = Validation {
        kind: read_text(row, "type"),
        name: read_text(row, "name"),
        status: read_text(row, "status"),
        until: read_text(row, "validated_until"),
    };
    (!read.kind.is_empty() || !read.name.is_empty()).then_some(read)
}

fn read_payment_profile(value: &Value) -> PaymentProfile {
    let card = &value["credit_card"];
    PaymentProfile {
        id: read_id(&value["id"]),
        is_default: read_flag(&value["is_default"]).unwrap_or(false),
        status: read_text(value, "status"),
        last_four: last_four_digits(&read_text(card, "shortened_number")),
        kind: read_text(card, "type"),
        expires_month: read_number(&card["expiration_month"]).and_then(valid_month),
        expires_year: read_number(&card["expiration_year"]).and_then(full_year),
    }
}

/// Returns the last four digits and no more, even if a server sends the full number.
fn last_four_digits(shortened: &str) -> String {
    let digits: Vec<char> = shortened.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

fn valid_month(number: u64) -> Option<i8> {
    i8::try_from(number).ok().filter(|month| (1..=12).contains(month))
}

/// Returns a year with four digits, also from the two digits that are printed on a card.
fn full_year(number: u64) -> Option<i16> {
    match i16::try_from(number).ok()? {
        short @ 0..=99 => Some(2000 + short),
        full @ 1000..=9999 => Some(full),
        _ => None,
    }
}

/// Reads the allowed years. A list without any readable entry gives `None`, not an empty list.
fn read_years(value: &Value) -> Option<Vec<u32>> {
    let listed = rows_or_empty(value);
    let years: Vec<u32> = listed.iter().filter_map(read_number).filter_map(|years| years.try_into().ok()).collect();
    let known = if listed.is_empty() { value.is_array() } else { !years.is_empty() };
    known.then_some(years)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn bytes(value: &Value) -> Vec<u8> {
        value.to_string().into_bytes()
    }

    #[rstest]
    #[case(json!([1, 2, 3]), Some(vec![1, 2, 3]))]
    #[case(json!(["1", "3"]), Some(vec![1, 3]))]
    #[case(json!([1, "x", null]), Some(vec![1]))]
    #[case(json!(1), Some(vec![1]))]
    #[case(json!("2"), Some(vec![2]))]
    #[case(json!([]), Some(vec![]))]
    #[case(json!(["x"]), None)]
    #[case(json!([99_999_999_999_u64]), None)]
    #[case(json!(null), None)]
    #[case(json!({}), None)]
    #[case(json!({ "a": 1 }), None)]
    #[case(json!(""), None)]
    fn offered_years_are_decoded_or_unknown(#[case] value: Value, #[case] years: Option<Vec<u32>>) {
        let answer = json!({ "name": "PKIo Qualified eSeal", "allowed_order_validity_years": value });
        let product = parse_product(&bytes(&answer)).unwrap();
        assert_eq!(product, ProductInfo { name: "PKIo Qualified eSeal".into(), years, ..ProductInfo::default() });
    }

    #[test]
    fn a_product_has_its_agreement_and_end_date_option() {
        let answer = json!({ "custom_expiration_date_allowed": "1", "license_agreement": "https://example.nl/terms" });
        let product = parse_product(&bytes(&answer)).unwrap();
        assert_eq!((product.years, product.custom_date), (None, Some(true)));
        assert_eq!(product.agreement, "https://example.nl/terms");
    }

    #[rstest]
    #[case(json!({ "balance": "100.00", "currency": "EUR", "total_available_funds": "250.00" }), "100.00", "250.00", false)]
    #[case(json!({ "balance": "-5.00", "currency": "EUR", "unlimited_negative_balance": true }), "-5.00", "", true)]
    #[case(json!({ "balance": 100, "currency": "EUR", "unlimited_negative_balance": null }), "100", "", false)]
    fn the_balance_keeps_its_spelling(
        #[case] answer: Value,
        #[case] amount: &str,
        #[case] available: &str,
        #[case] unlimited: bool,
    ) {
        let read = parse_balance(&bytes(&answer)).unwrap();
        let expected =
            Balance { balance: amount.into(), available: available.into(), currency: "EUR".into(), unlimited };
        assert_eq!(read, expected);
    }

    #[rstest]
    #[case(json!({ "id": "7001" }), Ok(AccountInfo { id: 7001, ..AccountInfo::default() }))]
    #[case(
        json!({ "id": 7001, "primary_organization_id": "900001", "primary_organization_name": "Gemeente Zilverdam",
                "primary_organization_country": "nl", "root_container_id": 14, "cert_central_type": "enterprise",
                "balance_negative_limit": 0, "billing_account_id": 7101 }),
        Ok(AccountInfo {
            id: 7001,
            organization: "Gemeente Zilverdam".into(),
            organization_id: Some(900_001),
            root_division: Some(14),
            kind: "enterprise".into(),
        })
    )]
    #[case(json!({ "id": 5, "primary_organization_name": null, "root_container_id": [14] }), Ok(AccountInfo { id: 5, ..AccountInfo::default() }))]
    #[case(json!({ "primary_organization_name": "A" }), Err(DecodeError::MissingIdOrName))]
    fn the_account_is_decoded(#[case] answer: Value, #[case] read: Result<AccountInfo, DecodeError>) {
        assert_eq!(parse_account(&bytes(&answer)), read);
    }

    #[test]
    fn divisions_are_decoded_by_id_without_their_secrets() {
        let answer = json!({ "containers": [
            { "id": 14, "public_id": "x", "name": "Main", "parent_id": 0, "ekey": "OPENS-SOMETHING", "is_active": true },
            { "id": "15", "is_active": "0" }, { "id": 16, "name": "C" }, { "name": "no id" }, null] });
        let division = |id, name: &str, active| Division { id, name: name.into(), active };
        let read = parse_divisions(&bytes(&answer)).unwrap().rows;
        assert_eq!(read, [division(14, "Main", Some(true)), division(15, "", Some(false)), division(16, "C", None)]);
        assert!(!format!("{read:?}").contains("OPENS-SOMETHING"));
        assert_eq!(parse_divisions(b"{}"), Err(DecodeError::MissingList(ListName::Divisions)));
    }

    #[rstest]
    #[case(json!("************4242"), "4242")]
    #[case(json!("4111 1111 1111 1111"), "1111")]
    #[case(json!(4_111_111_111_114_242_u64), "4242")]
    #[case(json!("4242 (Visa)"), "4242")]
    #[case(json!("42"), "42")]
    #[case(json!("٤٢٤٢"), "")]
    #[case(json!(null), "")]
    #[case(json!({ "number": "4111111111111111" }), "")]
    fn only_the_last_four_digits_of_a_card_are_decoded(#[case] number: Value, #[case] kept: &str) {
        let answer = json!({ "profiles": [{ "id": 1, "credit_card": { "shortened_number": number,
            "number": "4111111111111111", "cardholder_name": "A. Tester" } }] });
        let read = parse_payment_profiles(&bytes(&answer)).unwrap().rows;
        assert_eq!(read, [PaymentProfile { id: Some(1), last_four: kept.into(), ..PaymentProfile::default() }]);
    }

    #[rstest]
    #[case(json!("07"), json!("2029"), (Some(7), Some(2029)))]
    #[case(json!(12), json!(29), (Some(12), Some(2029)))]
    #[case(json!("13"), json!("129"), (None, None))]
    #[case(json!(0), json!(99_999), (None, None))]
    #[case(json!("July"), json!(null), (None, None))]
    fn card_expiry_is_decoded_or_unknown(
        #[case] month: Value,
        #[case] year: Value,
        #[case] expires: (Option<i8>, Option<i16>),
    ) {
        let card = json!({ "type": "Visa", "expiration_month": month, "expiration_year": year });
        let answer = json!({ "profiles": { "is_default": "1", "status": "active", "credit_card": card } });
        let read = parse_payment_profiles(&bytes(&answer)).unwrap().rows.remove(0);
        assert_eq!((read.expires_month, read.expires_year), expires);
        assert_eq!((read.is_default, read.status.as_str(), read.kind.as_str()), (true, "active", "Visa"));
    }

    #[rstest]
    #[case(json!({}), Err(DecodeError::MissingList(ListName::Profiles)))]
    #[case(json!({ "profiles": null }), Err(DecodeError::MissingList(ListName::Profiles)))]
    #[case(json!({ "profiles": [] }), Ok(0))]
    #[case(json!({ "profiles": [7, "x", null, {}] }), Ok(1))]
    fn a_payment_profile_must_be_an_object(#[case] answer: Value, #[case] count: Result<usize, DecodeError>) {
        assert_eq!(parse_payment_profiles(&bytes(&answer)).map(|page| page.rows.len()), count);
    }

    #[test]
    fn validations_are_read_by_type_or_name() {
        let answer = json!({ "validations": [
            { "type": "ov", "name": "OV", "status": "active", "validated_until": "2028-01-02T10:00:00+00:00" },
            { "type": "ev", "status": "pending", "validated_until": null }, { "name": "CS" }, { "status": "active" }, 7] });
        let one = |kind: &str, name: &str, status: &str, until: &str| Validation {
            kind: kind.into(),
            name: name.into(),
            status: status.into(),
            until: until.into(),
        };
        let expected = [
            one("ov", "OV", "active", "2028-01-02T10:00:00+00:00"),
            one("ev", "", "pending", ""),
            one("", "CS", "", ""),
        ];
        assert_eq!(parse_validations(&bytes(&answer)).unwrap().rows, expected);
        assert_eq!(parse_validations(b"[]"), Err(DecodeError::NotAnObject));
    }
}
