//! Requests for account data against a whole server: their URLs, and the decoded responses.

use super::{client, limits};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};
use zegel::certcentral::Client;
use zegel::domain::{
    AccountInfo, AccountResource, ApiError, Division, PageRange, PaymentProfile, ServerError, Validation,
};

/// Starts a server with one path below the base, and a client of it.
async fn server(at: &str, answer: Value) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let here = Mock::given(method("GET")).and(path(format!("/services/v2/{at}")));
    here.respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
    let client = client(&server.uri(), limits());
    (server, client)
}

/// Returns the query of each request.
async fn queries(server: &MockServer) -> Vec<Option<String>> {
    let asked = server.received_requests().await.unwrap();
    asked.iter().map(|request| request.url.query().map(str::to_owned)).collect()
}

#[tokio::test]
async fn the_account_is_requested() {
    let answer = json!({ "id": 7001, "primary_organization_name": "V", "root_container_id": "14" });
    let (_server, client) = server("account", answer).await;
    let expected =
        AccountInfo { id: 7001, organization: "V".into(), root_division: Some(14), ..AccountInfo::default() };
    assert_eq!(client.fetch_account().await, Ok(expected));
}

#[tokio::test]
async fn divisions_are_requested() {
    let answer = json!({ "containers": [{ "id": 14, "name": "Main", "is_active": true, "ekey": "x" }] });
    let (_server, client) = server("container", answer).await;
    assert_eq!(client.fetch_divisions().await, Ok(vec![Division { id: 14, name: "Main".into(), active: Some(true) }]));
}

#[tokio::test]
async fn the_balance_is_requested_for_the_named_division() {
    let (server, client) = server("finance/balance", json!({ "balance": "1.00" })).await;
    for division in [None, Some(15)] {
        assert_eq!(client.fetch_balance(division).await.map(|balance| balance.balance), Ok("1.00".into()));
    }
    assert_eq!(queries(&server).await, [None, Some("container_id=15".to_owned())]);
}

#[tokio::test]
async fn stored_cards_are_requested() {
    let card = json!({ "shortened_number": "4111111111111111", "expiration_month": "07", "expiration_year": "2029" });
    let answer = json!({ "profiles": [{ "id": "40001", "is_default": true, "credit_card": card }] });
    let (_server, client) = server("finance/payment-profile", answer).await;
    let expected = PaymentProfile {
        id: Some(40_001),
        is_default: true,
        last_four: "1111".into(),
        expires_month: Some(7),
        expires_year: Some(2029),
        ..PaymentProfile::default()
    };
    assert_eq!(client.fetch_payment_profiles().await, Ok(vec![expected]));
}

#[tokio::test]
async fn validations_are_requested_by_organization() {
    let answer = json!({ "validations": [{ "type": "ov", "status": "pending" }] });
    let (_server, client) = server("organization/900001/validation", answer).await;
    let expected = Validation { kind: "ov".into(), status: "pending".into(), ..Validation::default() };
    assert_eq!(client.fetch_validations(900_001).await, Ok(vec![expected]));
}

#[rstest]
#[case(AccountResource::Organizations, "organization?include_validation=true&limit=5&offset=100")]
#[case(AccountResource::SoleOrganization, "organization?include_validation=true&limit=5&offset=100")]
#[case(AccountResource::Organization(7), "organization/7")]
#[case(AccountResource::Approvers, "organization/potential-approvers")]
#[case(AccountResource::Users, "user?limit=5&offset=100")]
#[case(AccountResource::User(7), "user/7")]
#[case(AccountResource::Product, "product/p")]
#[case(AccountResource::Balance(Some(7)), "finance/balance?container_id=7")]
#[case(AccountResource::Me, "user/me")]
#[case(AccountResource::Account, "account")]
#[case(AccountResource::Divisions, "container")]
#[case(AccountResource::Profiles, "finance/payment-profile")]
#[case(AccountResource::Validations(7), "organization/7/validation")]
#[case(
    AccountResource::Orders(Some(7)),
    "order/certificate?filters%5Bproduct_name_id%5D=p&filters%5Borganization_id%5D=7&sort=-date_created&limit=5&offset=100"
)]
#[tokio::test]
async fn each_resource_is_asked_at_its_place(#[case] resource: AccountResource, #[case] at: &str) {
    let server = MockServer::start().await;
    let client = client(&server.uri(), limits());
    let answer = client.fetch_resource(resource, PageRange { offset: 100, limit: 5 }, "p").await;
    assert!(matches!(answer, Err(ApiError::Refused { status: 404, .. })), "{answer:?}");
    let asked = server.received_requests().await.unwrap();
    let urls: Vec<&str> =
        asked.iter().filter_map(|request| request.url.as_str().split_once("/services/v2/")).map(|(_, at)| at).collect();
    assert_eq!(urls, [at]);
}

#[tokio::test]
async fn a_restricted_key_is_refused_with_the_reason() {
    let server = MockServer::start().await;
    let error = json!({ "errors": [{ "code": "access_denied|missing_permission", "message": "No." }] });
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(403).set_body_json(error)).mount(&server).await;
    let client = client(&server.uri(), limits());
    let errors = vec![ServerError { code: "access_denied|missing_permission".into(), message: "No.".into() }];
    let refused = ApiError::Refused { status: 403, errors, excerpt: String::new() };
    assert_eq!(client.fetch_account().await, Err(refused.clone()));
    assert_eq!(client.fetch_divisions().await, Err(refused.clone()));
    assert_eq!(client.fetch_payment_profiles().await, Err(refused.clone()));
    assert_eq!(client.fetch_validations(5).await, Err(refused));
}
