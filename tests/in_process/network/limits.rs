//! Time limits that an account sets.

use super::{NAME, assert_cause, assert_not_sent, client, network, server};
use crate::common::proxy::{Manner, Proxy};
use std::time::Duration;
use zegel::certcentral::Network;
use zegel::domain::TransportErrorKind;

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_never_answers_counts_as_no_connection() {
    let proxy = Proxy::start(server().address(), Manner::Silent).await;
    let way = network(Some(&format!("http://{}", proxy.address)), None);
    let network = Network { connect: Some(Duration::from_secs(1)), ..way };
    assert_cause(&assert_not_sent(&client(NAME, &network)).await, TransportErrorKind::Slow);
    assert_eq!(proxy.asked().len(), 2);
}
