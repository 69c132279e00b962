//! Decoding of orders, their approval requests, the answer to a new order, and the server's errors.
//!
//! The order machine decides what counts as *placed* or *refused*. Here an answer is only parsed, without its status
//! code.

use super::lenient::{parse_object, read_id, read_number, read_text, rows_or_empty};
use crate::domain::{PlacedOrder, RequestState, ServerError, Validity};
use serde_json::Value;

/// Parses the errors of an answer: a list or a single one, each with a `message` or, in old answers, a `description`
/// (certcentral-api.md 1.4); or a list of texts; or texts by the name of their subject. Errors without content are
/// left out. Empty if the answer cannot be parsed.
pub fn parse_errors(answer: &[u8]) -> Vec<ServerError> {
    read_errors(&parse_object(answer).unwrap_or_default())
}

pub(super) fn read_errors(value: &Value) -> Vec<ServerError> {
    match &value["errors"] {
        // A single text is none of the accepted forms.
        Value::String(_) => Vec::new(),
        Value::Object(members) if read_error(&value["errors"]).is_none() => members
            .iter()
            .flat_map(|(name, about)| rows_or_empty(about).iter().filter_map(|one| read_named_error(name, one)))
            .collect(),
        errors => rows_or_empty(errors).iter().filter_map(read_error).collect(),
    }
}

/// Reads an error about the subject with this name.
fn read_named_error(name: &str, value: &Value) -> Option<ServerError> {
    let error = read_error(value).filter(|_| value.is_string() || value.is_object())?;
    Some(if error.code.is_empty() { ServerError { code: name.to_owned(), ..error } } else { error })
}

/// Parses the answer to an order (certcentral-api.md 2.4): a JSON object with an `id` that is a positive integer or
/// its digits. Everything else may be missing, and no other member can make the answer invalid.
pub fn parse_placed_order(answer: &[u8]) -> Option<PlacedOrder> {
    let value = parse_object(answer).ok()?;
    Some(PlacedOrder {
        id: read_id(&value["id"])?,
        requests: read_requests(&value),
        certificate_id: read_certificate_id(&value),
        organization_id: read_id(&value["organization"]["id"]),
    })
}

/// Reads the certificate's id. An order has the certificate as an object, and the answer to a new order only its id.
pub(super) fn read_certificate_id(value: &Value) -> Option<u64> {
    read_id(&value["certificate_id"]).or_else(|| read_id(&value["certificate"]["id"]))
}

/// Reads the organization of an order, or else that of its certificate.
pub(super) fn read_organization_id(value: &Value) -> Option<u64> {
    read_id(&value["organization"]["id"]).or_else(|| read_id(&value["certificate"]["organization"]["id"]))
}

pub(super) fn read_requests(value: &Value) -> Vec<RequestState> {
    rows_or_empty(&value["requests"]).iter().filter_map(read_request).collect()
}

fn read_request(value: &Value) -> Option<RequestState> {
    Some(RequestState { id: read_id(&value["id"])?, status: read_text(value, "status") })
}

/// Parses the validity that an order's body requests. Empty if it requests none.
pub fn parse_requested_validity(body: &[u8]) -> Validity {
    parse_object(body).map(|value| read_validity(&value)).unwrap_or_default()
}

/// Parses the `alternative_order_id` of an order's body. Blank if it has none.
pub fn parse_alternative_order_id(body: &[u8]) -> String {
    parse_object(body).map(|value| read_text(&value, "alternative_order_id")).unwrap_or_default()
}

/// Reads `order_validity`, or else the older `validity_years`.
pub(super) fn read_validity(value: &Value) -> Validity {
    let stated = &value["order_validity"];
    let read = Validity {
        years: read_number(&stated["years"]),
        days: read_number(&stated["days"]),
        date: read_text(stated, "custom_expiration_date"),
    };
    if read == Validity::default() { Validity { years: read_number(&value["validity_years"]), ..read } } else { read }
}

pub(super) fn read_error(value: &Value) -> Option<ServerError> {
    let message = Some(read_text(value, "message")).filter(|message| !message.trim().is_empty());
    let error = match value {
        Value::String(text) => ServerError { code: String::new(), message: text.clone() },
        _ => ServerError {
            code: read_text(value, "code"),
            message: message.unwrap_or_else(|| read_text(value, "description")),
        },
    };
    let has_text = !error.code.trim().is_empty() || !error.message.trim().is_empty();
    has_text.then_some(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certcentral::decode::{parse_order, parse_request};
    use crate::domain::{DecodeError, OrderRow, RequestRow};
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    fn bytes(value: &Value) -> Vec<u8> {
        value.to_string().into_bytes()
    }

    fn pending(id: u64) -> Vec<RequestState> {
        vec![RequestState { id, status: "pending".into() }]
    }

    #[test]
    fn the_documented_order_is_decoded() {
        let answer = json!({ "id": 700_001, "status": "pending", "is_renewal": false,
            "certificate": { "id": 600_001, "signature_hash": "sha256", "organization": { "id": 900_001 } },
            "organization": { "id": 900_001, "name": "Voorbeeld B.V.", "is_active": true },
            "order_validity": { "years": 1 }, "is_multi_year_plan": "1", "price": 0,
            "requests": [{ "id": 5001, "type": "new_request", "status": "pending", "comments": "" }] });
        let expected = OrderRow {
            id: 700_001,
            status: "pending".into(),
            certificate_id: Some(600_001),
            requests: pending(5001),
            validity: Validity { years: Some(1), ..Validity::default() },
            organization_id: Some(900_001),
            organization_name: "Voorbeeld B.V.".into(),
            ..OrderRow::default()
        };
        assert_eq!(parse_order(&bytes(&answer)), Ok(expected));
    }

    #[rstest]
    #[case(json!({ "id": "5" }), OrderRow::default())]
    #[case(json!({ "id": 5, "requests": null, "certificate": [], "organization": "x", "status": null }), OrderRow::default())]
    #[case(json!({ "id": 5, "status": "a word of tomorrow" }), OrderRow { status: "a word of tomorrow".into(), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "certificate_id": "6" }), OrderRow { certificate_id: Some(6), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "certificate": { "organization": { "id": "9" } } }), OrderRow { organization_id: Some(9), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "requests": { "id": "7", "status": "pending" } }), OrderRow { requests: pending(7), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "requests": [{ "status": "pending" }, null, { "id": 7, "status": "pending" }] }), OrderRow { requests: pending(7), ..OrderRow::default() })]
    fn an_order_of_other_types_is_read(#[case] answer: Value, #[case] expected: OrderRow) {
        assert_eq!(parse_order(&bytes(&answer)), Ok(OrderRow { id: 5, ..expected }));
    }

    #[rstest]
    #[case(json!({ "order_validity": { "years": "1" } }), Some(1), None, "")]
    #[case(json!({ "order_validity": { "days": 200 }, "validity_years": 1 }), None, Some(200), "")]
    #[case(json!({ "order_validity": { "custom_expiration_date": "2027-06-09" }, "validity_years": 1 }), None, None, "2027-06-09")]
    #[case(json!({ "order_validity": { "years": 2 }, "validity_years": 1 }), Some(2), None, "")]
    #[case(json!({ "validity_years": "3" }), Some(3), None, "")]
    #[case(json!({ "order_validity": null, "validity_years": 3 }), Some(3), None, "")]
    #[case(json!({ "order_validity": [] }), None, None, "")]
    fn the_validity_is_decoded_from_both_forms(
        #[case] answer: Value,
        #[case] years: Option<u64>,
        #[case] days: Option<u64>,
        #[case] date: &str,
    ) {
        assert_eq!(read_validity(&answer), Validity { years, days, date: date.into() });
    }

    #[rstest]
    #[case(json!({ "id": "5001", "status": "approved" }), Ok(RequestRow { id: 5001, status: "approved".into(), ..RequestRow::default() }))]
    #[case(json!({ "id": 5001 }), Ok(RequestRow { id: 5001, ..RequestRow::default() }))]
    #[case(json!({ "status": "approved" }), Err(DecodeError::MissingIdOrName))]
    fn a_request_is_read(#[case] answer: Value, #[case] read: Result<RequestRow, DecodeError>) {
        assert_eq!(parse_request(&bytes(&answer)), read);
    }

    #[rstest]
    #[case(r#"{"errors":[{"code":"not_found|order","message":"Gone"},{"code":"b"}]}"#, &[("not_found|order", "Gone"), ("b", "")])]
    #[case(r#"{"errors":{"code":"a","message":"B"}}"#, &[("a", "B")])]
    #[case(r#"{"errors":[{"description":"old"}]}"#, &[("", "old")])]
    #[case(r#"{"errors":[{"message":" ","description":"old"}]}"#, &[("", "old")])]
    #[case(r#"{"errors":[{"message":"new","description":"old"}]}"#, &[("", "new")])]
    #[case(r#"{"errors":[{"code":400,"message":null}]}"#, &[("400", "")])]
    #[case(r#"{"errors":[{},{"code":""},{"field":"zip"},null,"text"," ",7,{"code":"a"}]}"#, &[("", "text"), ("a", "")])]
    #[case(r#"{"errors":["organization.contacts is required","No."]}"#, &[("", "organization.contacts is required"), ("", "No.")])]
    #[case(r#"{"errors":{"zip":"is invalid","ship_info.city":["is missing","is blank"]}}"#, &[("zip", "is invalid"), ("ship_info.city", "is missing"), ("ship_info.city", "is blank")])]
    #[case(r#"{"errors":{"zip":{"message":"is invalid"},"city":{"code":"c","message":"d"}}}"#, &[("zip", "is invalid"), ("c", "d")])]
    #[case(r#"{"errors":{"code":"a","zip":"x"}}"#, &[("a", "")])]
    #[case(r#"{"errors":{"count":3,"zip":" ","city":null}}"#, &[])]
    #[case(r#"{"errors":[" ",""]}"#, &[])]
    #[case(r#"{"errors":[]}"#, &[])]
    #[case(r#"{"errors":null}"#, &[])]
    #[case(r#"{"errors":"text"}"#, &[])]
    #[case(r#"{"id":1}"#, &[])]
    #[case(r#"[{"code":"a"}]"#, &[])]
    #[case("<html></html>", &[])]
    #[case("", &[])]
    fn errors_are_decoded_from_a_list_or_a_single_object(#[case] answer: &str, #[case] expected: &[(&str, &str)]) {
        let read = parse_errors(answer.as_bytes());
        let read: Vec<_> = read.iter().map(|e| (e.code.as_str(), e.message.as_str())).collect();
        assert_eq!(read, expected);
    }

    #[rstest]
    #[case(r#"{"id":700001,"requests":[{"id":5001,"status":"pending"}]}"#, PlacedOrder { requests: pending(5001), ..PlacedOrder::default() })]
    #[case(r#"{"id":700001,"requests":[{"id":"5001","status":"pending"}]}"#, PlacedOrder { requests: pending(5001), ..PlacedOrder::default() })]
    #[case(r#"{"id":700001,"certificate_id":600001}"#, PlacedOrder { certificate_id: Some(600_001), ..PlacedOrder::default() })]
    #[case(r#"{"id":"700001"}"#, PlacedOrder::default())]
    #[case(r#"{"id":700001,"organization":{"id":900002}}"#, PlacedOrder { organization_id: Some(900_002), ..PlacedOrder::default() })]
    #[case(r#"{"id":700001,"requests":"x","organization":7,"certificate_id":-1,"errors":[]}"#, PlacedOrder::default())]
    #[case(r#"{"id":700001,"requests":[{"id":0},{"id":1.5},[]]}"#, PlacedOrder::default())]
    fn an_id_makes_an_order(#[case] answer: &str, #[case] expected: PlacedOrder) {
        assert_eq!(parse_placed_order(answer.as_bytes()), Some(PlacedOrder { id: 700_001, ..expected }));
    }

    #[rstest]
    #[case("{}")]
    #[case(r#"{"id":null}"#)]
    #[case(r#"{"id":0}"#)]
    #[case(r#"{"id":-700001}"#)]
    #[case(r#"{"id":700001.5}"#)]
    #[case(r#"{"id":"abc"}"#)]
    #[case(r#"{"id":[700001]}"#)]
    #[case(r#"{"id":99999999999999999999}"#)]
    #[case(r#"{"order":{"id":700001}}"#)]
    #[case(r#"[{"id":700001}]"#)]
    #[case(r#"{"id":700001"#)]
    #[case("700001")]
    #[case("")]
    fn a_response_without_a_usable_id_is_no_order(#[case] answer: &str) {
        assert_eq!(parse_placed_order(answer.as_bytes()), None);
    }

    /// JSON of any shape, with the member names that the decoders look for.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[0-9<a-z\u{1b}]{0,4}".prop_map(Value::from),
        ];
        let names = prop::sample::select(vec![
            "id",
            "name",
            "errors",
            "code",
            "message",
            "requests",
            "organization",
            "organizations",
            "users",
            "contacts",
            "page",
            "total",
            "certificate",
            "order_validity",
            "allowed_order_validity_years",
            "verified_contacts",
        ]);
        leaf.prop_recursive(4, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names.clone(), inner), 0..6)
                    .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    /// Runs every decoder, and returns the errors of those that failed.
    fn read_all(answer: &[u8]) -> Vec<DecodeError> {
        use crate::certcentral::decode;
        let _ = decode::parse_errors(answer);
        [
            decode::parse_organizations(answer).err(),
            decode::parse_organization(answer).err(),
            decode::parse_approvers(answer).err(),
            decode::parse_users(answer).err(),
            decode::parse_user(answer).err(),
            decode::parse_product(answer).err(),
            decode::parse_balance(answer).err(),
            decode::parse_order(answer).err(),
            decode::parse_request(answer).err(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(answer in prop::collection::vec(any::<u8>(), 0..64)) {
            read_all(&answer);
        }

        #[test]
        fn any_object_is_decoded_or_lacks_an_id(value in any_json()) {
            let answer = bytes(&value);
            let allowed = |why| match why {
                DecodeError::MissingIdOrName | DecodeError::MissingList(_) => value.is_object(),
                why => why == DecodeError::NotAnObject && !value.is_object(),
            };
            prop_assert!(read_all(&answer).into_iter().all(allowed));
            prop_assert_eq!(parse_placed_order(&answer).is_some(), parse_order(&answer).is_ok(), "both go by the id alone");
        }

        #[test]
        fn an_id_is_decoded_alike_from_a_number_and_from_digits(id in 1..=i64::MAX) {
            let number = parse_placed_order(&bytes(&json!({ "id": id })));
            prop_assert_eq!(&number, &parse_placed_order(&bytes(&json!({ "id": id.to_string() }))));
            prop_assert_eq!(number.map(|placed| placed.id), u64::try_from(id).ok());
        }

        #[test]
        fn a_cut_response_is_never_a_placed_order(id in 1..=i64::MAX, requests in 0_usize..4, keep in 0.0..1.0_f64) {
            let answer = bytes(&json!({ "requests": vec![json!({ "id": 1, "status": "pending" }); requests], "id": id }));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let cut = (answer.len() as f64 * keep) as usize;
            prop_assert_eq!(parse_placed_order(&answer[..cut]), None);
        }
    }
}
