//! The API client against servers on loopback: correct ones by wiremock, misbehaving ones by raw TCP.
#![expect(clippy::unwrap_used, reason = "a test is where to panic, in its helpers too")]

mod account;
mod hostile;
mod leaving;
mod lists;
mod masked;
mod orders;
mod outcomes;
mod pace;
mod peer;
mod questions;
mod shapes;

use std::time::Duration;
use zegel::api_url::ApiUrl;
use zegel::certcentral::{Client, Limits, Network};
use zegel::domain::SendResult;
use zegel::secret::{Secret, SecretBytes};

/// A made-up key.
const KEY: &str = "MADE-UP-KEY-0123456789";

const ENDPOINT: &str = "order/certificate/pkio_qualified_organisation_services";

/// The path of [`ENDPOINT`] at a wiremock server, below the base of [`client`].
const ORDERS: &str = "/services/v2/order/certificate/pkio_qualified_organisation_services";

/// An order with a spelling that no serializer would produce, so that its exact bytes are recognized.
const BODY: &str = "{\n  \"csa_agreed_to\": true,\n  \"zip\": \"1015 AA\", \"name\": \"Súdwest\"\n}\n";

/// Long limits, so that a loaded machine does not reach them, with almost no waits.
fn limits() -> Limits {
    Limits { pace: 100_000, ..Limits::default() }
}

/// Short limits, for tests that must reach one after everything was sent.
fn short() -> Limits {
    Limits { get: Duration::from_secs(1), post: Duration::from_secs(1), ..limits() }
}

fn client(origin: &str, limits: Limits) -> Client {
    let host = ApiUrl::parse(&format!("{origin}/services/v2")).unwrap();
    Client::new(host, Secret::from(KEY), &Network::default(), limits).unwrap()
}

fn body(text: &str) -> SecretBytes {
    let mut body = SecretBytes::with_capacity(text.len());
    body.push_str(text);
    body
}

async fn submit(client: &Client) -> SendResult {
    client.submit_order(ENDPOINT, body(BODY)).await
}

fn reply(status: u16, body: &str) -> SendResult {
    SendResult::from_reply(status, body)
}
