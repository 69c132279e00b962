//! Requests against a whole server: their URLs, the result of every kind of response, and which are repeated.

use super::{KEY, client, limits};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};
use zegel::certcentral::retry;
use zegel::domain::{
    ApiError, Balance, DecodeError, OrderRow, Organization, Page, Person, ProductInfo, RequestRow, RequestState,
    ServerError, Validity,
};

/// Starts a server with one path below the base.
async fn server(at: &str, answer: Value) -> MockServer {
    let server = MockServer::start().await;
    let here = Mock::given(method("GET")).and(path(format!("/services/v2/{at}")));
    here.respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
    server
}

/// Starts a server with this response to anything.
async fn always(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    server
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn organizations_are_requested_by_page() {
    let server = MockServer::start().await;
    let answer = json!({ "organizations": [{ "id": "900001", "name": "Voorbeeld B.V.", "zip": 1015 }, { "name": "?" }],
                         "page": { "total": "2002" } });
    Mock::given(path("/services/v2/organization"))
        .and(query_param("include_validation", "true"))
        .and(query_param("limit", "1000"))
        .and(query_param("offset", "2000"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&server)
        .await;
    let page = client(&server.uri(), limits()).fetch_organizations(1000, 2000).await.unwrap();
    let one =
        Organization { id: 900_001, name: "Voorbeeld B.V.".into(), zip: "1015".into(), ..Organization::default() };
    assert_eq!(page, Page { rows: vec![one], received: 2, total: Some(2002), flaw: None });
}

#[tokio::test]
async fn one_organization_is_requested_by_id() {
    let server =
        server("organization/900001", json!({ "id": 900_001, "name": "V", "ev_approvers": [{ "id": 7 }] })).await;
    let organization = client(&server.uri(), limits()).fetch_organization(900_001).await.unwrap();
    assert_eq!((organization.id, organization.verified_contacts), (900_001, vec![7]));
}

#[tokio::test]
async fn approvers_are_requested() {
    let answer = json!({ "users": { "user_id": "800001", "name": "A. Tester" }, "contacts": null });
    let server = server("organization/potential-approvers", answer).await;
    let approvers = client(&server.uri(), limits()).fetch_approvers().await.unwrap();
    assert_eq!(approvers.rows, [Person { user_id: Some(800_001), name: "A. Tester".into(), ..Person::default() }]);
}

#[tokio::test]
async fn users_are_requested_by_page_and_by_id() {
    let row = json!({ "id": 800_001, "first_name": "A.", "last_name": "Tester" });
    let person =
        Person { user_id: Some(800_001), first_name: "A.".into(), last_name: "Tester".into(), ..Person::default() };
    let all = server("user", json!({ "users": [row.clone()] })).await;
    let page = client(&all.uri(), limits()).fetch_users(25, 50).await.unwrap();
    assert_eq!(page, Page { rows: vec![person.clone()], received: 1, total: None, flaw: None });
    assert_eq!(all.received_requests().await.unwrap()[0].url.query(), Some("limit=25&offset=50"));
    let one = server("user/800001", row).await;
    assert_eq!(client(&one.uri(), limits()).fetch_user(800_001).await, Ok(person));
    assert_eq!(one.received_requests().await.unwrap()[0].url.query(), None);
}

#[tokio::test]
async fn the_product_is_requested_by_its_name_id() {
    let server =
        server("product/pkio_qualified_organisation_services", json!({ "allowed_order_validity_years": ["1"] }));
    let server = server.await;
    let client = client(&server.uri(), limits());
    let product = client.fetch_product("pkio_qualified_organisation_services").await;
    assert_eq!(product, Ok(ProductInfo { years: Some(vec![1]), ..ProductInfo::default() }));
    for elsewhere in ["..", "../user/me", "", "a?b"] {
        let failure = client.fetch_product(elsewhere).await;
        assert!(matches!(failure, Err(ApiError::NotAllowed(_))), "{elsewhere}");
    }
    assert_eq!(count(&server).await, 1);
}

#[tokio::test]
async fn the_balance_is_requested() {
    let server = server("finance/balance", json!({ "balance": "100.00", "currency": "EUR" })).await;
    let balance = client(&server.uri(), limits()).fetch_balance(None).await;
    assert_eq!(balance, Ok(Balance { balance: "100.00".into(), currency: "EUR".into(), ..Balance::default() }));
}

#[tokio::test]
async fn orders_and_requests_are_requested_by_id() {
    let answer = json!({ "id": "700001", "status": "pending", "validity_years": 1, "requests": { "id": 5001 } });
    let orders = server("order/certificate/700001", answer).await;
    let expected = OrderRow {
        id: 700_001,
        status: "pending".into(),
        requests: vec![RequestState { id: 5001, status: String::new() }],
        validity: Validity { years: Some(1), ..Validity::default() },
        ..OrderRow::default()
    };
    assert_eq!(client(&orders.uri(), limits()).fetch_order(700_001).await, Ok(expected));
    let requests = server("request/5001", json!({ "id": 5001, "status": "approved" })).await;
    let expected = RequestRow { id: 5001, status: "approved".into(), ..RequestRow::default() };
    assert_eq!(client(&requests.uri(), limits()).fetch_request(5001).await, Ok(expected));
}

#[tokio::test]
async fn a_get_request_has_the_key_and_no_body() {
    let server = server("finance/balance", json!({})).await;
    client(&server.uri(), limits()).fetch_balance(None).await.unwrap();
    let request = server.received_requests().await.unwrap().remove(0);
    let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("x-dc-devkey").as_deref(), Some(KEY));
    assert_eq!(header("user-agent").as_deref(), Some(concat!("zegel/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(header("accept").as_deref(), Some("application/json"));
    assert_eq!((header("content-type"), header("referer"), request.body.len()), (None, None, 0));
}

fn refused(status: u16, errors: &[(&str, &str)]) -> ApiError {
    let error = |&(code, message): &(&str, &str)| ServerError { code: code.into(), message: message.into() };
    ApiError::Refused { status, errors: errors.iter().map(error).collect(), excerpt: String::new() }
}

/// Returns a refusal without readable errors and with these words.
fn refused_in_words(status: u16, words: &str) -> ApiError {
    ApiError::Refused { status, errors: Vec::new(), excerpt: words.into() }
}

#[rstest]
#[case(200, "", ApiError::from(DecodeError::Empty))]
#[case(204, "", ApiError::from(DecodeError::Empty))]
#[case(200, "<html>blocked</html>", ApiError::Unreadable(DecodeError::WebPage, "blocked".into()))]
#[case(200, "{\"id\": 5", ApiError::Unreadable(DecodeError::NotJson, "{\"id\": 5".into()))]
#[case(200, "[]", ApiError::from(DecodeError::NotAnObject))]
#[case(200, "{}", ApiError::from(DecodeError::MissingIdOrName))]
#[case(400, "{\"errors\":[{\"code\":\"a\",\"message\":\"b\"},{\"description\":\"c\"}]}", refused(400, &[("a", "b"), ("", "c")]))]
#[case(403, "{\"errors\":{\"code\":\"access_denied|missing_permission\"}}", refused(403, &[("access_denied|missing_permission", "")]))]
#[case(404, "", refused(404, &[]))]
#[case(302, "{\"id\":5}", refused_in_words(302, "{\"id\":5}"))]
#[case(500, "<html>\u{1b}[2J</html>", refused(500, &[]))]
#[case(503, "{\"id\":5}", refused_in_words(503, "{\"id\":5}"))]
#[case(403, "{\"message\":\"Blocked. \\u001b[2J\\nIncident 4711\"}", refused_in_words(403, "Blocked. Incident 4711"))]
#[case(403, "<html><title>Blocked</title><p>Incident 4711</html>", refused_in_words(403, "Blocked Incident 4711"))]
#[tokio::test]
async fn an_unusable_response_is_an_error_with_its_cause(
    #[case] status: u16,
    #[case] text: &str,
    #[case] failure: ApiError,
) {
    let answer = ResponseTemplate::new(status).insert_header("retry-after", "0").set_body_string(text);
    let server = always(answer).await;
    assert_eq!(client(&server.uri(), limits()).fetch_request(5).await, Err(failure));
    assert_eq!(count(&server).await, 1, "nothing but 429 is asked again");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = always(ResponseTemplate::new(200).set_body_json(json!({ "id": 5 }))).await;
    let redirect = ResponseTemplate::new(307).insert_header("location", format!("{}/x", elsewhere.uri()).as_str());
    let server = always(redirect).await;
    assert_eq!(client(&server.uri(), limits()).fetch_request(5).await, Err(refused(307, &[])));
    assert_eq!((count(&server).await, count(&elsewhere).await), (1, 0));
}

#[rstest]
#[case(None)]
#[case(Some("1"))]
#[case(Some("Wed, 21 Oct 2026 07:28:00 GMT"))]
#[tokio::test]
async fn a_rate_limited_request_is_repeated(#[case] retry_after: Option<&str>) {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429);
    let busy = if let Some(wait) = retry_after { busy.insert_header("retry-after", wait) } else { busy };
    Mock::given(method("GET")).respond_with(busy).up_to_n_times(2).mount(&server).await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "id": 5 }));
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let client = client(&server.uri(), limits());
    assert_eq!(client.fetch_request(5).await, Ok(RequestRow { id: 5, ..RequestRow::default() }));
    assert_eq!(count(&server).await, 3);
}

#[tokio::test]
async fn a_request_rate_limited_for_too_long_is_refused() {
    let text = "{\"errors\":[{\"code\":\"request_limit_exceeded\"}]}";
    let server = always(ResponseTemplate::new(429).set_body_string(text)).await;
    let failure = client(&server.uri(), limits()).fetch_request(5).await;
    assert_eq!(failure, Err(refused(429, &[("request_limit_exceeded", "")])));
    assert_eq!(count(&server).await, usize::try_from(retry::MAX_ATTEMPTS).unwrap());
}
