//! What may leave this machine, and what may be shown of a secret: nothing goes to another host, and nothing is in a
//! text.

use super::hostile;
use super::peer::Peer;
use super::{KEY, client, limits, submit};
use rstest::rstest;
use std::process::Command;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};
use zegel::api_url::{ApiUrl, ApiUrlError};
use zegel::certcentral::{Client, Network};
use zegel::domain::{ApiError, SendResult, TransportErrorKind};
use zegel::secret::Secret;

fn account(address: &str) -> Client {
    Client::new(ApiUrl::parse(address).unwrap(), Secret::from(KEY), &Network::default(), limits()).unwrap()
}

/// `localhost` is a name like any other: its server must first prove its identity by TLS.
#[tokio::test]
async fn localhost_counts_as_another_machine() {
    assert_eq!(ApiUrl::parse("http://localhost:4711"), Err(ApiUrlError::PlaintextHttp));
    let peer = Peer::rude(hostile::answer_in_clear);
    let client = account(&format!("https://localhost:{}", peer.port()));
    assert!(
        matches!(client.fetch_balance(None).await, Err(ApiError::NotConnected(why)) if why.kind == TransportErrorKind::Tls)
    );
    assert!(matches!(submit(&client).await, SendResult::NotSent(why) if why.kind == TransportErrorKind::Tls));
    for seen in peer.finish().await {
        assert_eq!(seen.bytes[0], 0x16, "a handshake");
        assert!(!seen.bytes.windows(KEY.len()).any(|bytes| bytes == KEY.as_bytes()), "the key went out in clear");
    }
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
    let host = ApiUrl::parse("http://127.0.0.1:4711").unwrap();
    let error = Client::new(host, Secret::from(key), &Network::default(), limits()).unwrap_err();
    assert_eq!(error, TransportErrorKind::BadKey.into());
    assert!(!format!("{error} {error:?}").contains("MADE"));
}

/// The server to use; set when this test runs as a child.
const SERVER: &str = "ZEGEL_TEST_SERVER";

/// The environment of a process cannot be changed safely while it runs, so this test runs itself again as a child with
/// a proxy in its environment. The control shows that the proxy would be used.
#[tokio::test]
async fn loopback_is_never_reached_through_a_proxy() {
    if let Ok(server) = std::env::var(SERVER) {
        let _ = reqwest::Client::new().get(format!("{server}/control")).send().await;
        client(&server, limits()).fetch_balance(None).await.unwrap();
        assert!(matches!(submit(&client(&server, limits())).await, SendResult::Reply { status: 200, .. }));
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
    child
        .args(["--exact", "in_process::certcentral::leaving::loopback_is_never_reached_through_a_proxy"])
        .env(SERVER, server);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy);
    }
    child.env_remove("no_proxy").env_remove("NO_PROXY").env_remove("REQUEST_METHOD");
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    output.status.success()
}
