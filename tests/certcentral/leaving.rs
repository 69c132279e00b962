//! What may leave this machine, and what may be seen of a secret: to other hosts nothing, in a text nothing.

use crate::peer::Peer;
use crate::{ENDPOINT, KEY, body, client, limits, submit};
use rstest::rstest;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};
use zegel::certcentral::{Client, ClientError, Host, OrderFilter, Paging, RequestFilter};
use zegel::facts::{Answer, Cause, Failure, Gap};
use zegel::secret::Secret;

const REAL: &str = "https://certcentral.digicert.eu/services/v2";

fn account(address: &str) -> Client {
    Client::new(Host::parse(address).unwrap(), Secret::from(KEY), limits()).unwrap()
}

/// What a future has come to when it was polled once, without a runtime: looking up a name, connecting and waiting
/// are impossible without one.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("something was attempted"),
    }
}

#[rstest]
#[case(REAL)]
#[case("https://10.0.0.1")]
#[case("https://localhost:4711")]
fn another_machine_is_refused_before_anything_is_attempted(#[case] address: &str) {
    let client = account(address);
    let refused = Failure::NotAllowed(Cause::NotLoopback.into());
    assert_eq!(at_once(client.submit(ENDPOINT, body("{}"))), Answer::NotSent(Cause::NotLoopback.into()));
    let failures = [
        at_once(client.organizations(1000, 0)).err(),
        at_once(client.organization(5)).err(),
        at_once(client.approvers()).err(),
        at_once(client.users(1000, 0)).err(),
        at_once(client.user(5)).err(),
        at_once(client.product("pkio_qualified_organisation_services")).err(),
        at_once(client.balance()).err(),
        at_once(client.order(5)).err(),
        at_once(client.request(5)).err(),
        at_once(client.orders(OrderFilter { product: "p", organization: None }, 1000, 0)).err(),
        at_once(client.requests(RequestFilter::default(), 1000, 0)).err(),
        at_once(client.order_by_alternative("a")).err(),
        at_once(client.order_row(5)).err(),
        at_once(client.me()).err(),
    ];
    assert!(failures.iter().all(|failure| failure.as_ref() == Some(&refused)), "{failures:?}");
    let listing = at_once(client.all_requests(RequestFilter::default(), Paging::default()));
    assert_eq!((listing.rows.len(), listing.gap), (0, Some(Gap::Failed(refused))));
}

#[tokio::test]
async fn a_name_for_this_machine_is_another_machine() {
    let peer = Peer::new(|_| ());
    let client = account(&format!("https://localhost:{}", peer.port()));
    assert!(matches!(client.balance().await, Err(Failure::NotAllowed(_))));
    assert!(matches!(submit(&client).await, Answer::NotSent(_)));
    assert!(peer.finish().await.is_empty());
}

#[test]
fn nothing_prints_the_key() {
    let client = account("http://127.0.0.1:4711");
    assert_eq!(format!("{client:?}"), "Client { host: \"127.0.0.1:4711\", .. }");
    assert!(!format!("{:?} {:#?}", client.host(), client).contains(KEY));
}

#[rstest]
#[case("")]
#[case("made up")]
#[case("MADE-UP\r\nX-Other: header")]
#[case("MADE-UP-\u{20ac}")]
fn a_key_that_cannot_be_sent_makes_no_client(#[case] key: &str) {
    let host = Host::parse("http://127.0.0.1:4711").unwrap();
    let error = Client::new(host, Secret::from(key), limits()).unwrap_err();
    assert_eq!(error, ClientError::Key);
    assert!(!format!("{error} {error:?}").contains("MADE"));
}

/// Set for the run of this test as a child: the server to ask.
const SERVER: &str = "ZEGEL_TEST_SERVER";

/// The environment of a process cannot be changed safely while it runs, so this test runs itself again as a child
/// that is told of a proxy. The control shows that the proxy would be used.
#[tokio::test]
async fn loopback_is_never_reached_through_a_proxy() {
    if let Ok(server) = std::env::var(SERVER) {
        let _ = reqwest::Client::new().get(format!("{server}/control")).send().await;
        client(&server, limits()).balance().await.unwrap();
        assert!(matches!(submit(&client(&server, limits())).await, Answer::Reply { status: 200, .. }));
        return;
    }
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(ResponseTemplate::new(200).set_body_string("{}")).mount(&server).await;
    let proxy = Peer::new(|stream| stream.shutdown(std::net::Shutdown::Both).unwrap());
    assert!(as_child(&server.uri(), &proxy.origin("http")).await, "the child failed");
    let control = proxy.only().await;
    assert!(control.starts_with(&format!("GET {}/control ", server.uri())), "{control}");
}

async fn as_child(server: &str, proxy: &str) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "leaving::loopback_is_never_reached_through_a_proxy"]).env(SERVER, server);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy);
    }
    child.env_remove("no_proxy").env_remove("NO_PROXY").env_remove("REQUEST_METHOD");
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    output.status.success()
}
