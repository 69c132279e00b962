//! The lists of orders and requests against a whole server: their URLs, the server's time, and when a list is complete.

use super::{client, limits};
use rstest::rstest;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};
use zegel::certcentral::{OrderFilter, Paging, RequestFilter};
use zegel::domain::{ApiError, CurrentUser, DecodeError, ListGap, ListName, RequestRow};

const FILTER: OrderFilter<'static> = OrderFilter { product: "a_product", organization: None };
const DATE: &str = "Sun, 01 Mar 2026 09:15:00 GMT";

async fn always(at: &str, answer: Value) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).insert_header("date", DATE).set_body_json(answer);
    Mock::given(method("GET")).and(path(format!("/services/v2/{at}"))).respond_with(answer).mount(&server).await;
    server
}

async fn query(server: &MockServer) -> String {
    server.received_requests().await.unwrap()[0].url.query().unwrap_or_default().to_owned()
}

#[rstest]
#[case("a_product", None, "filters%5Bproduct_name_id%5D=a_product&")]
#[case("a_product", Some(7), "filters%5Bproduct_name_id%5D=a_product&filters%5Borganization_id%5D=7&")]
#[case("a&b=%]é", None, "filters%5Bproduct_name_id%5D=a%26b%3D%25%5D%C3%A9&")]
#[tokio::test]
async fn orders_are_requested_by_page(#[case] product: &str, #[case] organization: Option<u64>, #[case] filters: &str) {
    let answer = json!({ "orders": [{ "id": "700001", "product_name_id": "a_product" }, {}], "page": { "total": 9 } });
    let server = always("order/certificate", answer).await;
    let page =
        client(&server.uri(), limits()).fetch_orders(OrderFilter { product, organization }, 25, 50).await.unwrap();
    assert_eq!((page.value.rows[0].id, page.value.received, page.value.total), (700_001, 2, Some(9)));
    assert_eq!(page.date, DATE);
    assert_eq!(query(&server).await, format!("{filters}sort=-date_created&limit=25&offset=50"));
}

#[rstest]
#[case(RequestFilter::default(), "")]
#[case(RequestFilter { kind: Some("new_request"), status: None }, "filters%5Btype%5D=new_request&")]
#[case(
    RequestFilter { kind: Some("new_request"), status: Some("pending") },
    "filters%5Btype%5D=new_request&filters%5Bstatus%5D=pending&"
)]
#[tokio::test]
async fn approval_requests_are_requested_by_page(#[case] filter: RequestFilter<'static>, #[case] filters: &str) {
    let row = json!({ "id": 5001, "requester": { "id": "800001" }, "order": { "id": 700_001 } });
    let server = always("request", json!({ "requests": row })).await;
    let page = client(&server.uri(), limits()).fetch_requests(filter, 1000, 0).await.unwrap();
    let row = &page.value.rows[0];
    assert_eq!((row.id, row.order_id, row.requester_id), (5001, Some(700_001), Some(800_001)));
    assert_eq!(query(&server).await, format!("{filters}limit=1000&offset=0"));
}

#[tokio::test]
async fn the_user_of_the_key_is_requested() {
    let server = always("user/me", json!({ "id": 800_001, "account_id": 7001 })).await;
    let me = client(&server.uri(), limits()).fetch_current_user().await.unwrap();
    assert_eq!(me.value, CurrentUser { user_id: 800_001, account_id: Some(7001), ..CurrentUser::default() });
    assert_eq!(me.date, DATE);
}

#[tokio::test]
async fn an_order_is_requested_by_alternative_id_and_by_id() {
    let server = always("order/alternate/a-1_B", json!({ "orders": [{ "order_id": 700_001 }] })).await;
    let client = client(&server.uri(), limits());
    assert_eq!(client.fetch_orders_by_alternative_id("a-1_B").await.unwrap().value.rows[0].id, 700_001);
    let unknown = client.fetch_orders_by_alternative_id("other").await;
    assert!(matches!(unknown, Err(ApiError::Refused { status: 404, .. })), "{unknown:?}");
    for elsewhere in ["", "..", "a/b", "a?b", "a b"] {
        assert!(
            matches!(client.fetch_orders_by_alternative_id(elsewhere).await, Err(ApiError::NotAllowed(_))),
            "{elsewhere}"
        );
    }
    let server = always("order/certificate/700001", json!({ "id": 700_001, "user": { "id": 800_001 } })).await;
    let row = super::client(&server.uri(), limits()).fetch_order(700_001).await.unwrap();
    assert_eq!(row.user_id, Some(800_001));
}

#[rstest]
#[case("not a date at all", "not a date at all")]
#[case("a\tb", "a^Ib")]
#[case("x", "x")]
#[tokio::test]
async fn the_servers_time_is_kept_unchanged(#[case] sent: &str, #[case] shown: &str) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).insert_header("date", sent).set_body_json(json!({ "id": 1 }));
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    assert_eq!(client(&server.uri(), limits()).fetch_current_user().await.unwrap().date, shown);
}

/// Serves a list of this many orders by the query's offset and limit, with or without `page`.
struct Turning {
    rows: usize,
    counted: bool,
    largest: usize,
}

impl Respond for Turning {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number = |name: &str| -> usize {
            let pair = request.url.query_pairs().find(|(known, _)| known == name);
            pair.unwrap().1.parse().unwrap()
        };
        let (offset, limit) = (number("offset"), number("limit").min(self.largest));
        let rows: Vec<_> = (1..=self.rows).skip(offset).take(limit).map(|id| json!({ "id": id })).collect();
        let mut answer = json!({ "orders": rows });
        if self.counted {
            answer["page"] = json!({ "total": self.rows, "limit": 0, "offset": offset });
        }
        ResponseTemplate::new(200).set_body_json(answer)
    }
}

async fn turning(rows: usize, counted: bool, largest: usize) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(Turning { rows, counted, largest }).mount(&server).await;
    server
}

#[rstest]
#[case(0, true, 10, 1)]
#[case(10, true, 10, 1)]
#[case(11, true, 10, 2)]
#[case(25, true, 10, 3)]
#[case(25, true, 7, 4)]
#[case(0, false, 10, 1)]
#[case(10, false, 10, 2)]
#[case(25, false, 7, 5)]
#[tokio::test]
async fn a_list_is_read_completely(
    #[case] rows: usize,
    #[case] counted: bool,
    #[case] largest: usize,
    #[case] asked: usize,
) {
    let server = turning(rows, counted, largest).await;
    let listing = client(&server.uri(), limits()).fetch_all_orders(FILTER, Paging { size: 10, max_pages: 9 }).await;
    assert_eq!((listing.rows.len(), listing.gap.clone()), (rows, None));
    assert!(listing.is_complete() && !listing.date.is_empty());
    assert_eq!(server.received_requests().await.unwrap().len(), asked);
}

#[tokio::test]
async fn a_list_of_too_many_pages_is_not_complete() {
    let server = turning(25, true, 10).await;
    let client = client(&server.uri(), limits());
    let read = tokio::spawn(async move { client.fetch_all_orders(FILTER, Paging { size: 10, max_pages: 2 }).await });
    let listing = read.await.unwrap();
    assert_eq!((listing.rows.len(), listing.gap), (20, Some(ListGap::TooMany)));
}

#[tokio::test]
async fn a_server_that_repeats_its_page_is_not_read_forever() {
    let server = always("request", json!({ "requests": [{ "id": 1 }, { "id": 2 }], "page": { "total": 99 } })).await;
    let listing = client(&server.uri(), limits()).fetch_all_requests(RequestFilter::default(), Paging::default()).await;
    assert_eq!((listing.rows.len(), listing.gap), (2, Some(ListGap::Repeated)));
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

/// Serves a correct first page, and this second one.
struct Second(ResponseTemplate, AtomicUsize);

impl Respond for Second {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        match self.1.fetch_add(1, Ordering::SeqCst) {
            0 => ResponseTemplate::new(200).set_body_json(json!({ "orders": [{ "id": 1 }], "page": { "total": 2 } })),
            _ => self.0.clone(),
        }
    }
}

#[rstest]
#[case::forbidden(ResponseTemplate::new(403), ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() })]
#[case::a_fault(ResponseTemplate::new(502).set_body_string("<html>"), ApiError::Refused { status: 502, errors: Vec::new(), excerpt: String::new() })]
#[case::cut(ResponseTemplate::new(200).set_body_string("{\"orders\":[{\"id\":2"), ApiError::Unreadable(DecodeError::NotJson, "{\"orders\":[{\"id\":2".into()))]
#[case::no_list(ResponseTemplate::new(200).set_body_string("{}"), ApiError::from(DecodeError::MissingList(ListName::Orders)))]
#[case::a_page(ResponseTemplate::new(200).set_body_string("<html>"), ApiError::from(DecodeError::WebPage))]
#[tokio::test]
async fn a_list_whose_second_page_fails_is_not_complete(#[case] answer: ResponseTemplate, #[case] failure: ApiError) {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(Second(answer, AtomicUsize::default())).mount(&server).await;
    let listing = client(&server.uri(), limits()).fetch_all_orders(FILTER, Paging::default()).await;
    assert_eq!((listing.rows.len(), listing.gap), (1, Some(ListGap::Failed(failure))));
    assert_eq!(server.received_requests().await.unwrap().len(), 2, "nothing but 429 is asked again");
}

#[tokio::test]
async fn a_rate_limited_page_is_requested_again() {
    let server = MockServer::start().await;
    let busy = Mock::given(method("GET")).respond_with(ResponseTemplate::new(429)).up_to_n_times(2);
    busy.mount(&server).await;
    let rest = Turning { rows: 3, counted: true, largest: 10 };
    Mock::given(query_param("offset", "0")).respond_with(rest).mount(&server).await;
    let listing = client(&server.uri(), limits()).fetch_all_orders(FILTER, Paging::default()).await;
    assert_eq!((listing.rows.len(), listing.gap), (3, None));
}

/// Serves the list with the filter on the type, and the one without it.
struct ByType {
    filtered: Value,
    unfiltered: ResponseTemplate,
}

impl Respond for ByType {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let query = request.url.query().unwrap_or_default();
        assert!(!query.contains("status"), "a filter by status hides an order that is decided: {query}");
        if query.contains("filters%5Btype%5D=new_request") {
            ResponseTemplate::new(200).set_body_json(&self.filtered)
        } else {
            self.unfiltered.clone()
        }
    }
}

#[rstest]
#[case::some(json!([{ "id": 1, "type": "new_request" }]), (200, json!([])), 1, None, 1)]
#[case::none_at_all(json!([]), (200, json!([])), 0, None, 2)]
#[case::none_but_others(json!([]), (200, json!([{ "id": 2, "type": "revoke" }])), 0, None, 2)]
#[case::the_filter_is_not_understood(json!([]), (200, json!([{ "id": 2, "type": "new_request" }, { "id": 3, "type": "revoke" }])), 2, None, 3)]
#[case::the_type_is_not_told(json!([]), (200, json!([{ "id": 2 }])), 1, None, 3)]
#[case::a_row_cannot_be_read(json!([]), (200, json!([{}])), 0, Some(ListGap::UnreadableRow), 2)]
#[case::the_whole_list_is_refused(json!([]), (403, json!([])), 0, Some(ListGap::Failed(ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() })), 2)]
#[tokio::test]
async fn an_empty_filtered_request_list_counts_only_if_the_unfiltered_list_agrees(
    #[case] filtered: Value,
    #[case] (status, unfiltered): (u16, Value),
    #[case] rows: usize,
    #[case] gap: Option<ListGap>,
    #[case] asked: usize,
) {
    let list = |rows: Value| json!({ "page": { "total": rows.as_array().unwrap().len() }, "requests": rows });
    let unfiltered = match status {
        200 => ResponseTemplate::new(200).set_body_json(list(unfiltered)),
        status => ResponseTemplate::new(status),
    };
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ByType { filtered: list(filtered), unfiltered }).mount(&server).await;
    let about_new = |row: &RequestRow| ["new_request", ""].contains(&row.kind.as_str());
    let listing = client(&server.uri(), limits()).fetch_requests_of_type("new_request", about_new).await;
    assert_eq!((listing.rows.len(), listing.gap), (rows, gap));
    assert_eq!(server.received_requests().await.unwrap().len(), asked);
}

#[test]
fn the_page_limit_equals_five_minutes_of_calls() {
    let Paging { size, max_pages: most } = Paging::longest();
    assert_eq!(size, 1000);
    assert!((1_000..=1_500).contains(&most), "{most}");
}
