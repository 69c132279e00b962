//! What the account may order and what it can spend.
//!
//! A key may be too narrow for either question (fact sheet 1.2), so nobody depends on these facts. It knows no
//! endpoint and draws no conclusion.

use super::lenient::{flag, number, object, rows, text};
use crate::facts::{Balance, ProductInfo, Unreadable};
use serde_json::Value;

/// Reads what the account may order of a product (`GET /product/{name_id}`, fact sheet 4.8).
///
/// # Errors
/// Where the answer is no JSON object.
pub fn product(answer: &[u8]) -> Result<ProductInfo, Unreadable> {
    let value = object(answer)?;
    Ok(ProductInfo {
        name: text(&value, "name"),
        years: years(&value["allowed_order_validity_years"]),
        custom_date: flag(&value["custom_expiration_date_allowed"]),
        agreement: text(&value, "license_agreement"),
    })
}

/// Reads the money of the account (`GET /finance/balance`, fact sheet 4.8).
///
/// # Errors
/// Where the answer is no JSON object.
pub fn balance(answer: &[u8]) -> Result<Balance, Unreadable> {
    let value = object(answer)?;
    Ok(Balance {
        balance: text(&value, "balance"),
        available: text(&value, "total_available_funds"),
        currency: text(&value, "currency"),
        unlimited: flag(&value["unlimited_negative_balance"]).unwrap_or(false),
    })
}

/// The allowed years. A list that holds something and nothing readable is not known, rather than empty.
fn years(value: &Value) -> Option<Vec<u32>> {
    let listed = rows(value);
    let years: Vec<u32> = listed.iter().filter_map(number).filter_map(|years| years.try_into().ok()).collect();
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
    fn years_are_known_or_not(#[case] value: Value, #[case] years: Option<Vec<u32>>) {
        let answer = json!({ "name": "PKIo Qualified eSeal", "allowed_order_validity_years": value });
        let product = product(&bytes(&answer)).unwrap();
        assert_eq!(product, ProductInfo { name: "PKIo Qualified eSeal".into(), years, ..ProductInfo::default() });
    }

    #[test]
    fn a_product_tells_its_agreement_and_dates() {
        let answer = json!({ "custom_expiration_date_allowed": "1", "license_agreement": "https://example.nl/terms" });
        let product = product(&bytes(&answer)).unwrap();
        assert_eq!((product.years, product.custom_date), (None, Some(true)));
        assert_eq!(product.agreement, "https://example.nl/terms");
    }

    #[rstest]
    #[case(json!({ "balance": "100.00", "currency": "EUR", "total_available_funds": "250.00" }), "100.00", "250.00", false)]
    #[case(json!({ "balance": "-5.00", "currency": "EUR", "unlimited_negative_balance": true }), "-5.00", "", true)]
    #[case(json!({ "balance": 100, "currency": "EUR", "unlimited_negative_balance": null }), "100", "", false)]
    fn the_balance_is_read_as_spelled(
        #[case] answer: Value,
        #[case] amount: &str,
        #[case] available: &str,
        #[case] unlimited: bool,
    ) {
        let read = balance(&bytes(&answer)).unwrap();
        let expected =
            Balance { balance: amount.into(), available: available.into(), currency: "EUR".into(), unlimited };
        assert_eq!(read, expected);
    }
}
