//! The networks of organizations: proxies, private certificate authorities, IPv6, and the messages when the connection
//! fails.
//!
//! Proxies and TLS belong to the tests and run on loopback. A host behind a proxy has a name that is never resolved.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod limits;
mod probe;
mod proxies;
mod trust;

use crate::common::authority::NAME;
use crate::common::server::{Reply, Server};
use std::path::Path;
use zegel::api_url::ApiUrl;
use zegel::certcentral::network::Proxy;
use zegel::certcentral::{Client, Network};
use zegel::domain::{ApiError, SendResult, TransportError, TransportErrorKind};
use zegel::i18n::{Language, Translations};
use zegel::messages::MessageWriter;
use zegel::secret::{Secret, SecretBytes};

/// A made-up key.
const KEY: &str = "MADE-UP-KEY-0123456789";

/// Starts a server that accepts every order and records the requests.
fn server() -> Server {
    Server::for_orders(|_| Reply::placed())
}

/// Returns the settings with a proxy and a file of certificate authorities.
fn network(proxy: Option<&str>, ca_file: Option<&Path>) -> Network {
    let proxy = proxy.map(|proxy| Proxy::parse(proxy).unwrap());
    Network { proxy, ca_file: ca_file.map(Path::to_path_buf), ..Network::default() }
}

fn try_client(host: &str, network: &Network) -> Result<Client, TransportError> {
    let host = ApiUrl::parse(&format!("https://{host}/services/v2")).unwrap();
    Client::new(host, Secret::from(KEY), network, network.client_limits(1))
}

fn client(host: &str, network: &Network) -> Client {
    try_client(host, network).unwrap()
}

async fn submit(client: &Client) -> SendResult {
    let mut body = SecretBytes::with_capacity(2);
    body.push_str("{}");
    client.submit_order("order/certificate/pkio_qualified_organisation_services", body).await
}

/// Asserts that the order was accepted.
#[track_caller]
fn assert_accepted(answer: &SendResult) {
    assert!(matches!(answer, SendResult::Reply { status: 201, .. }), "{answer:?}");
}

/// Returns why neither a request nor an order was sent.
async fn assert_not_sent(client: &Client) -> TransportError {
    let asked = client.fetch_current_user().await;
    let Err(ApiError::NotConnected(asked)) = asked else { panic!("{asked:?}") };
    let ordered = submit(client).await;
    let SendResult::NotSent(ordered) = ordered else { panic!("{ordered:?}") };
    assert_eq!(asked, ordered);
    ordered
}

/// Returns the English message for the user.
fn reason_text(reason: &TransportError) -> String {
    let lang = Translations::new(Language::En);
    MessageWriter { lang: &lang, host: NAME }.reason_text(reason)
}

#[track_caller]
fn assert_cause(reason: &TransportError, cause: TransportErrorKind) {
    assert_eq!(reason.kind, cause, "{reason}");
}
