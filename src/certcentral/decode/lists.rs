//! Decoding of the order and request lists, and of the user behind the key.
//!
//! The lists show what became of an order. A row without an id is left out but still counted, so that its existence
//! is known. No conclusions are drawn here.

use super::lenient::{parse_object, read_id, read_identifier, read_signed, read_text, rows_or_empty};
use super::orders::{read_certificate_id, read_organization_id, read_requests as requests_of, read_validity};
use super::page::parse_page;
use crate::domain::{CurrentUser, DecodeError, ListName, OrderRow, Page, RequestRow, Role};
use serde_json::Value;

/// Parses a page of orders (`GET /order/certificate`, certcentral-api.md 4.9).
///
/// # Errors
/// The answer is not a JSON object, or has no list of orders.
pub fn parse_orders(answer: &[u8]) -> Result<Page<OrderRow>, DecodeError> {
    parse_page(answer, ListName::Orders, read_order_row)
}

/// Parses the orders with an alternative id (`GET /order/alternate/{value}`, certcentral-api.md 4.9). Their rows have
/// the id as `order_id`.
///
/// # Errors
/// The answer is not a JSON object, or has no list of orders.
pub fn parse_alternative_orders(answer: &[u8]) -> Result<Page<OrderRow>, DecodeError> {
    parse_page(answer, ListName::Orders, |value| {
        Some(OrderRow { id: read_id(&value["order_id"])?, ..read_order_members(value) })
    })
}

/// Parses an order (`GET /order/certificate/{id}`, certcentral-api.md 4.9).
///
/// # Errors
/// The answer is not a JSON object, or has no id.
pub fn parse_order(answer: &[u8]) -> Result<OrderRow, DecodeError> {
    read_order_row(&parse_object(answer)?).ok_or(DecodeError::MissingIdOrName)
}

/// Parses a page of approval requests (`GET /request`, certcentral-api.md 4.11).
///
/// # Errors
/// The answer is not a JSON object, or has no list of requests.
pub fn parse_requests(answer: &[u8]) -> Result<Page<RequestRow>, DecodeError> {
    parse_page(answer, ListName::Requests, read_request_row)
}

/// Parses an approval request (`GET /request/{id}`, certcentral-api.md 4.11).
///
/// # Errors
/// The answer is not a JSON object, or has no id.
pub fn parse_request(answer: &[u8]) -> Result<RequestRow, DecodeError> {
    read_request_row(&parse_object(answer)?).ok_or(DecodeError::MissingIdOrName)
}

/// Parses the user behind the key (`GET /user/me`, certcentral-api.md 4.6).
///
/// # Errors
/// The answer is not a JSON object, or has no id.
pub fn parse_current_user(answer: &[u8]) -> Result<CurrentUser, DecodeError> {
    let value = parse_object(answer)?;
    Ok(CurrentUser {
        user_id: read_id(&value["id"]).ok_or(DecodeError::MissingIdOrName)?,
        name: read_person_name(&value),
        account_id: read_id(&value["account_id"]),
        roles: rows_or_empty(&value["access_roles"]).iter().filter_map(read_role).collect(),
        status: read_text(&value, "status"),
        division: read_id(&value["container"]["id"]),
    })
}

fn read_order_row(value: &Value) -> Option<OrderRow> {
    Some(OrderRow { id: read_id(&value["id"])?, ..read_order_members(value) })
}

/// Reads all members of an order except its id.
fn read_order_members(value: &Value) -> OrderRow {
    let product = Some(read_identifier(&value["product"], "name_id")).filter(|product| !product.is_empty());
    OrderRow {
        id: 0,
        status: read_text(value, "status"),
        product: product.unwrap_or_else(|| read_identifier(value, "product_name_id")),
        organization_id: read_organization_id(value),
        organization_name: read_text(&value["organization"], "name"),
        user_id: read_id(&value["user"]["id"]),
        user_name: read_person_name(&value["user"]),
        date_created: read_text(value, "date_created"),
        valid_till: read_text(&value["certificate"], "valid_till"),
        days_remaining: read_signed(&value["certificate"]["days_remaining"])
            .or_else(|| read_signed(&value["days_remaining"])),
        validity: read_validity(value),
        alternative_order_id: read_identifier(value, "alternative_order_id"),
        requests: requests_of(value),
        certificate_id: read_certificate_id(value),
    }
}

fn read_request_row(value: &Value) -> Option<RequestRow> {
    let order = &value["order"];
    Some(RequestRow {
        id: read_id(&value["id"])?,
        status: read_text(value, "status"),
        kind: read_text(value, "type"),
        order_id: read_id(&order["id"]),
        product: read_identifier(&order["product"], "name_id"),
        organization_id: read_id(&order["organization"]["id"]),
        organization_name: read_text(&order["organization"], "name"),
        requester_id: read_id(&value["requester"]["id"]),
        requester_name: read_person_name(&value["requester"]),
        date: read_text(value, "date"),
    })
}

/// Reads a person's name: the full name, or else its parts, or else the e-mail address.
fn read_person_name(value: &Value) -> String {
    let parts = format!("{} {}", read_text(value, "first_name"), read_text(value, "last_name"));
    let known = [read_text(value, "name"), parts, read_text(value, "email")];
    known.iter().map(|name| name.trim()).find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}

fn read_role(value: &Value) -> Option<Role> {
    let role = Role { id: read_id(&value["id"]), name: read_text(value, "name") };
    (role != Role::default()).then_some(role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{RequestState, Validity};
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    fn bytes(value: &Value) -> Vec<u8> {
        value.to_string().into_bytes()
    }

    #[test]
    fn the_documented_order_details_are_decoded() {
        let answer = json!({ "id": 700_001, "status": "pending", "date_created": "2026-03-01T09:15:00+00:00",
            "certificate": { "id": 600_001, "organization": { "id": 900_001 } },
            "organization": { "id": 900_001, "name": "Voorbeeld B.V." }, "order_validity": { "years": 1 },
            "product": { "name_id": "pkio_qualified_organisation_services", "name": "PKIo Qualified eSeal" },
            "user": { "id": 800_001, "first_name": "A.", "last_name": "Tester", "email": "a@example.nl" },
            "requests": [{ "id": 5001, "type": "new_request", "status": "pending", "comments": "" }] });
        let expected = OrderRow {
            id: 700_001,
            status: "pending".into(),
            product: "pkio_qualified_organisation_services".into(),
            organization_id: Some(900_001),
            organization_name: "Voorbeeld B.V.".into(),
            user_id: Some(800_001),
            user_name: "A. Tester".into(),
            date_created: "2026-03-01T09:15:00+00:00".into(),
            valid_till: String::new(),
            days_remaining: None,
            validity: Validity { years: Some(1), ..Validity::default() },
            alternative_order_id: String::new(),
            requests: vec![RequestState { id: 5001, status: "pending".into() }],
            certificate_id: Some(600_001),
        };
        assert_eq!(parse_order(&bytes(&answer)), Ok(expected.clone()));
        assert_eq!(parse_orders(&bytes(&json!({ "orders": [answer] }))).map(|page| page.rows), Ok(vec![expected]));
    }

    #[rstest]
    #[case(json!({ "id": "5" }), OrderRow::default())]
    #[case(json!({ "id": 5, "product": null, "user": 7, "organization": [], "requests": "x" }), OrderRow::default())]
    #[case(json!({ "id": 5, "certificate": { "valid_till": "2027-03-01" }, "days_remaining": "12" }), OrderRow { valid_till: "2027-03-01".into(), days_remaining: Some(12), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "certificate": { "valid_till": null }, "days_remaining": -3 }), OrderRow { days_remaining: Some(-3), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "days_remaining": 1.5 }), OrderRow::default())]
    #[case(json!({ "id": 5, "certificate": { "days_remaining": 7 }, "days_remaining": 0 }), OrderRow { days_remaining: Some(7), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "product_name_id": "eu_eseal" }), OrderRow { product: "eu_eseal".into(), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "product": { "name_id": "a" }, "product_name_id": "b" }), OrderRow { product: "a".into(), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "certificate": { "organization": { "id": "9" } } }), OrderRow { organization_id: Some(9), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "user": { "id": "8", "email": "a@example.nl" } }), OrderRow { user_id: Some(8), user_name: "a@example.nl".into(), ..OrderRow::default() })]
    #[case(json!({ "id": 5, "alternative_order_id": "a-1" }), OrderRow { alternative_order_id: "a-1".into(), ..OrderRow::default() })]
    fn an_order_with_other_types_is_decoded(#[case] row: Value, #[case] expected: OrderRow) {
        let page = parse_orders(&bytes(&json!({ "orders": row }))).unwrap();
        assert_eq!(page.rows, [OrderRow { id: 5, ..expected }]);
    }

    /// The rest of an id that was cut may be the id of something else.
    #[rstest]
    #[case(r#"{"id": 5, "status": "issued", "organization": {"id": 9, "name": "Caf\ud83d"}, "product": {"name_id": "ssl"}}"#, OrderRow { status: "issued".into(), organization_id: Some(9), organization_name: "Caf\u{fffd}".into(), product: "ssl".into(), ..OrderRow::default() })]
    #[case(r#"{"id": "5", "status": "iss\ude00", "user": {"id": 8, "first_name": "\ud83d"}}"#, OrderRow { status: "iss\u{fffd}".into(), user_id: Some(8), user_name: "\u{fffd}".into(), ..OrderRow::default() })]
    #[case(
        r#"{"id": 5, "product": {"name_id": "ssl\ud83d"}, "alternative_order_id": "a-1\ud83d"}"#,
        OrderRow::default()
    )]
    #[case(
        r#"{"id": 5, "organization": {"id": "9\ud83d"}, "user": {"id": "\ud83d8"}, "\ud83d": 1}"#,
        OrderRow::default()
    )]
    fn an_unpaired_surrogate_affects_only_its_own_text_and_never_forms_an_id(
        #[case] row: &str,
        #[case] expected: OrderRow,
    ) {
        let answer = format!(r#"{{"orders": [{row}, {{"id": "6\ud83d"}}], "page": {{"total": 2}}}}"#);
        let page = parse_orders(answer.as_bytes()).unwrap();
        assert_eq!((page.rows, page.received), (vec![OrderRow { id: 5, ..expected }], 2));
    }

    #[test]
    fn the_documented_request_is_decoded() {
        let answer = json!({ "requests": [{ "id": "5001", "date": "2026-03-01T09:15:00+00:00", "type": "new_request",
            "status": "submitted", "requester": { "id": 800_001, "first_name": "A.", "last_name": "Tester" },
            "order": { "id": 700_001, "certificate": {}, "organization": { "id": 900_001, "name": "Voorbeeld B.V." },
                       "product": { "name_id": "pkio_qualified_organisation_services" } } }], "page": { "total": 1 } });
        let expected = RequestRow {
            id: 5001,
            status: "submitted".into(),
            kind: "new_request".into(),
            order_id: Some(700_001),
            product: "pkio_qualified_organisation_services".into(),
            organization_id: Some(900_001),
            organization_name: "Voorbeeld B.V.".into(),
            requester_id: Some(800_001),
            requester_name: "A. Tester".into(),
            date: "2026-03-01T09:15:00+00:00".into(),
        };
        assert_eq!(
            parse_requests(&bytes(&answer)),
            Ok(Page { rows: vec![expected], received: 1, total: Some(1), flaw: None })
        );
    }

    #[rstest]
    #[case(json!({ "id": "5001", "order": { "id": 700_001 } }), Ok(Some(700_001)))]
    #[case(json!({ "id": 5001, "order": null }), Ok(None))]
    #[case(json!({ "order": { "id": 700_001 } }), Err(DecodeError::MissingIdOrName))]
    fn the_details_of_a_request_name_its_order(#[case] answer: Value, #[case] order: Result<Option<u64>, DecodeError>) {
        assert_eq!(parse_request(&bytes(&answer)).map(|row| row.order_id), order);
    }

    #[test]
    fn a_request_needs_only_its_id() {
        let answer =
            json!({ "requests": [{ "id": 5001, "order": null, "requester": "A." }, { "order": { "id": 1 } }] });
        let page = parse_requests(&bytes(&answer)).unwrap();
        assert_eq!(page.rows, [RequestRow { id: 5001, ..RequestRow::default() }]);
        assert_eq!(page.received, 2, "the row without an id was there");
    }

    #[test]
    fn orders_found_by_alternative_id_have_their_id_as_order_id() {
        let answer = json!({ "orders": [{ "order_id": "700001", "certificate_id": 600_001, "status": "pending" },
                                        { "id": 5 }], "page": { "total": 1 } });
        let page = parse_alternative_orders(&bytes(&answer)).unwrap();
        let (status, certificate_id) = ("pending".into(), Some(600_001));
        assert_eq!(page.rows, [OrderRow { id: 700_001, status, certificate_id, ..OrderRow::default() }]);
        assert_eq!((page.received, page.total), (2, Some(1)));
    }

    #[rstest]
    #[case(json!({ "orders": [] }), Ok((0, None)))]
    #[case(json!({ "orders": [], "page": { "total": "0" } }), Ok((0, Some(0))))]
    #[case(json!({ "page": { "total": 0 } }), Ok((0, Some(0))))]
    #[case(json!({ "orders": null, "page": { "total": 0 } }), Ok((0, Some(0))))]
    #[case(json!({ "orders": [], "page": { "total": 7 } }), Ok((0, Some(7))))]
    #[case(json!({ "orders": "none" }), Ok((1, None)))]
    #[case(json!({ "orders": [null, 7, []] }), Ok((3, None)))]
    #[case(json!({}), Err(DecodeError::MissingList(ListName::Orders)))]
    #[case(json!({ "orders": null }), Err(DecodeError::MissingList(ListName::Orders)))]
    #[case(json!({ "orders": {} }), Err(DecodeError::MissingList(ListName::Orders)))]
    #[case(json!({ "orders": "", "page": { "total": 1 } }), Err(DecodeError::MissingList(ListName::Orders)))]
    #[case(json!({ "requests": [] }), Err(DecodeError::MissingList(ListName::Orders)))]
    #[case(json!([]), Err(DecodeError::NotAnObject))]
    fn a_missing_list_is_not_an_empty_list(
        #[case] answer: Value,
        #[case] read: Result<(u64, Option<u64>), DecodeError>,
    ) {
        assert_eq!(parse_orders(&bytes(&answer)).map(|page| (page.received, page.total)), read);
    }

    #[rstest]
    #[case(json!({ "id": "800001" }), Ok(CurrentUser { user_id: 800_001, ..CurrentUser::default() }))]
    #[case(
        json!({ "id": 800_001, "username": "a", "account_id": 7001, "first_name": "A.", "last_name": "Tester",
                "status": "active", "container": { "id": "14", "name": "Main" },
                "access_roles": [{ "id": 1, "name": "Administrator" }, { "id": "5" }, { "name": "Made up" }, {}, null] }),
        Ok(CurrentUser {
            user_id: 800_001,
            name: "A. Tester".into(),
            account_id: Some(7001),
            roles: vec![
                Role { id: Some(1), name: "Administrator".into() },
                Role { id: Some(5), name: String::new() },
                Role { id: None, name: "Made up".into() },
            ],
            status: "active".into(),
            division: Some(14),
        })
    )]
    #[case(json!({ "id": 5, "account_id": "x", "access_roles": "none", "status": [], "container": 14 }), Ok(CurrentUser { user_id: 5, ..CurrentUser::default() }))]
    #[case(json!({ "first_name": "A." }), Err(DecodeError::MissingIdOrName))]
    fn the_user_of_the_key_is_decoded(#[case] answer: Value, #[case] read: Result<CurrentUser, DecodeError>) {
        assert_eq!(parse_current_user(&bytes(&answer)), read);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(answer in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = (parse_orders(&answer), parse_alternative_orders(&answer), parse_order(&answer), parse_requests(&answer), parse_current_user(&answer));
            let _ = parse_request(&answer);
        }

        #[test]
        fn a_cut_page_is_never_decoded(count in 0_u64..4, keep in 0.0..1.0_f64) {
            let answer = bytes(&json!({ "orders": (1..=count).map(|id| json!({ "id": id })).collect::<Vec<_>>() }));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let cut = (answer.len() as f64 * keep) as usize;
            prop_assert!(parse_orders(&answer[..cut]).is_err());
        }
    }
}
