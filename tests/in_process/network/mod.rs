//! The networks of organizations: proxies, issuers of certificates of their own, IPv6, and what is told where the way
//! fails.
//!
//! Proxies and TLS are of the tests' own, on loopback. A host behind a proxy has a name that nobody is asked for.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod limits;
mod probe;
mod proxies;
mod trust;

use crate::common::authority::NAME;
use crate::common::server::{Reply, Server};
use std::path::Path;
use zegel::certcentral::network::Proxy;
use zegel::certcentral::{Client, ClientError, Network};
use zegel::facts::{Answer, Cause, Failure, Reason};
use zegel::host::Host;
use zegel::lang::{Lang, Language};
use zegel::secret::{Secret, SecretBytes};
use zegel::tell::Teller;

/// Made up.
const KEY: &str = "MADE-UP-KEY-0123456789";

/// A server that takes every order, and tells afterwards what it was sent.
fn server() -> Server {
    Server::for_orders(|_| Reply::placed())
}

/// What is set where a proxy and a file of issuers are.
fn network(proxy: Option<&str>, ca_file: Option<&Path>) -> Network {
    let proxy = proxy.map(|proxy| Proxy::parse(proxy).unwrap());
    Network { proxy, ca_file: ca_file.map(Path::to_path_buf), ..Network::default() }
}

fn try_client(host: &str, network: &Network) -> Result<Client, ClientError> {
    let host = Host::parse(&format!("https://{host}/services/v2")).unwrap();
    Client::new(host, Secret::from(KEY), network, network.limits(1))
}

fn client(host: &str, network: &Network) -> Client {
    try_client(host, network).unwrap()
}

async fn submit(client: &Client) -> Answer {
    let mut body = SecretBytes::with_capacity(2);
    body.push_str("{}");
    client.submit("order/certificate/pkio_qualified_organisation_services", body).await
}

/// That an order is placed this way, and a question answered.
#[track_caller]
fn placed(answer: &Answer) {
    assert!(matches!(answer, Answer::Reply { status: 201, .. }), "{answer:?}");
}

/// Why neither a question nor an order got as far as to be sent.
async fn not_sent(client: &Client) -> Reason {
    let asked = client.me().await;
    let Err(Failure::NotConnected(asked)) = asked else { panic!("{asked:?}") };
    let ordered = submit(client).await;
    let Answer::NotSent(ordered) = ordered else { panic!("{ordered:?}") };
    assert_eq!(asked, ordered);
    ordered
}

/// What a person is told of it, in English.
fn words(reason: &Reason) -> String {
    let lang = Lang::load(Language::En).unwrap();
    Teller { lang: &lang, host: NAME }.reason(reason)
}

#[track_caller]
fn assert_cause(reason: &Reason, cause: Cause) {
    assert_eq!(reason.cause, cause, "{reason}");
}
