//! Every shape of a response to a request for a list: the reader of pages and the lists in one piece judge completeness
//! by the same reasons.

use super::{client, limits};
use crate::common::list_shapes::{SHAPES, Shape};
use wiremock::matchers::{method, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};
use zegel::certcentral::{Client, OrderFilter, Paging, RequestFilter};
use zegel::domain::{ApiError, HasId, ListGap, ListName, Listing, Page, PageTally};
use zegel::i18n::{Language, Translations};
use zegel::messages::MessageWriter;

/// Returns the message about an incomplete list.
fn gap_message(list: ListName, gap: &ListGap) -> String {
    let lang = Translations::new(Language::En);
    MessageWriter { lang: &lang, host: "h" }.list_gap_sentence(list, gap)
}

/// Starts a server with a first page of this shape and empty later pages.
async fn server(shape: &Shape, list: &str, row: &str) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let answer = |status, body: String| ResponseTemplate::new(status).set_body_string(body);
    let further = format!(r#"{{"{list}": []}}"#);
    for offset in ["1", "2"] {
        let here = Mock::given(method("GET")).and(query_param("offset", offset));
        here.respond_with(answer(200, further.clone())).mount(&server).await;
    }
    Mock::given(method("GET")).respond_with(answer(shape.status, shape.body(list, row))).mount(&server).await;
    let client = client(&server.uri(), limits());
    (server, client)
}

/// Asserts that the list is complete, or incomplete for the reason of the shape, and that it has the right number of
/// rows.
fn assert_completeness(shape: &Shape, list: ListName, name: &str, (rows, gap): (usize, Option<&ListGap>)) {
    let report = gap.map(|gap| gap_message(list, gap)).unwrap_or_default();
    assert_eq!((rows, gap.is_none()), (shape.rows, shape.said.is_empty()), "{shape:?}: {report}");
    assert!(report.contains(&shape.said(name)), "{shape:?}: {report}");
    assert!(gap.is_none() || report.contains(name), "{report}");
}

fn row_count<T>(listing: &Listing<T>) -> (usize, Option<&ListGap>) {
    (listing.rows.len(), listing.gap.as_ref())
}

#[tokio::test]
async fn orders_and_requests_are_complete_or_not() {
    let filter = OrderFilter { product: "p", organization: None };
    for shape in SHAPES {
        let (_server, client) = server(shape, "orders", r#"{"id": 700001}"#).await;
        assert_completeness(
            shape,
            ListName::Orders,
            "orders",
            row_count(&client.fetch_all_orders(filter, Paging::default()).await),
        );
        let (_server, client) = server(shape, "requests", r#"{"id": 5001}"#).await;
        let requests = client.fetch_all_requests(RequestFilter::default(), Paging::default()).await;
        assert_completeness(shape, ListName::Requests, "requests", row_count(&requests));
    }
}

/// Counts the pages of a list as the wizard reads them: a failed page is the end.
fn count_rows<T: HasId>(pages: [Result<Page<T>, ApiError>; 2]) -> (usize, Option<ListGap>) {
    let (mut tally, mut rows) = (PageTally::default(), 0);
    for page in pages {
        match page {
            _ if tally.is_ended() => {}
            Ok(page) => rows += tally.add_page(tally.received(), page).len(),
            Err(failure) => tally.break_off(ListGap::Failed(failure)),
        }
    }
    (rows, tally.gap().cloned())
}

#[tokio::test]
async fn organizations_and_users_are_complete_or_not() {
    for shape in SHAPES {
        let (_server, client) = server(shape, "organizations", r#"{"id": 900001, "name": "A"}"#).await;
        let (rows, gap) =
            count_rows([client.fetch_organizations(100, 0).await, client.fetch_organizations(1000, 1).await]);
        assert_completeness(shape, ListName::Organizations, "organizations", (rows, gap.as_ref()));
        let (_server, client) = server(shape, "users", r#"{"id": 800001, "name": "A"}"#).await;
        let (rows, gap) = count_rows([client.fetch_users(100, 0).await, client.fetch_users(1000, 1).await]);
        assert_completeness(shape, ListName::Users, "users", (rows, gap.as_ref()));
    }
}

/// A flaw or a failed request makes a list in one piece incomplete.
#[tokio::test]
async fn lists_in_one_piece_are_complete_or_not() {
    // These rows have no id to compare, so a repeated row, or one without an id, counts as a missing row.
    let by_id = ["of the rows has no usable id", "some rows were sent more than once"];
    for shape in SHAPES.iter().filter(|shape| !by_id.contains(&shape.said)) {
        let (_server, client) = server(shape, "containers", r#"{"id": 14, "name": "Main"}"#).await;
        let found = client.fetch_divisions().await;
        assert_eq!(found.as_ref().map(Vec::len).ok(), shape.said.is_empty().then_some(shape.rows), "{shape:?}");
        let (_server, client) = server(shape, "profiles", r#"{"id": 1}"#).await;
        assert_eq!(client.fetch_payment_profiles().await.is_ok(), shape.said.is_empty(), "{shape:?}");
        let (_server, client) = server(shape, "validations", r#"{"type": "ov"}"#).await;
        assert_eq!(client.fetch_validations(900_001).await.is_ok(), shape.said.is_empty(), "{shape:?}");
        let (_server, client) = server(shape, "users", r#"{"user_id": 800001, "name": "A"}"#).await;
        let approvers = client.fetch_approvers().await;
        assert_eq!(approvers.is_ok_and(|page| page.find_gap().is_none()), shape.said.is_empty(), "{shape:?}");
        if let Err(failure) = found {
            let lang = Translations::new(Language::En);
            let report = MessageWriter { lang: &lang, host: "h" }.failure_text(&failure);
            assert!(report.contains(&shape.said("divisions")), "{shape:?}: {report}");
        }
    }
}
