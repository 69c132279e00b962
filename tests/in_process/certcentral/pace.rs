//! How fast requests are sent, as the sandbox counts them: all requests of a client stay under the documented limits,
//! however many start at once.

use super::limits;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zegel::api_url::ApiUrl;
use zegel::certcentral::{Client, Limits, Network};
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};
use zegel::secret::Secret;

fn client(sandbox: &Sandbox, limits: Limits) -> Arc<Client> {
    let host = ApiUrl::parse(&sandbox.api_url()).unwrap();
    Arc::new(Client::new(host, Secret::from(KEY), &Network::default(), limits).unwrap())
}

/// Starts this many requests at once.
async fn send_requests(client: &Arc<Client>, count: usize) {
    let asked: Vec<_> = (0..count)
        .map(|_| {
            let client = Arc::clone(client);
            tokio::spawn(async move { client.fetch_current_user().await.unwrap() })
        })
        .collect();
    for one in asked {
        one.await.unwrap();
    }
}

/// At the pace of a real server: there are five seconds between the two periods.
#[tokio::test]
async fn a_hundred_simultaneous_requests_stay_under_the_documented_limit() {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    send_requests(&client(&sandbox, Limits { pace: 1, ..limits() }), 100).await;
    let rate = sandbox.call_rate();
    assert_eq!(rate.calls, 100);
    assert!((70..=90).contains(&rate.most_in_5_seconds), "{rate:?}");
}

/// Sixty times as fast, so that three minutes become three seconds: of 801 requests the last one must wait that long.
#[tokio::test]
async fn the_long_limit_applies_too() {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    let (client, begun) = (client(&sandbox, Limits { pace: 60, ..limits() }), Instant::now());
    send_requests(&client, 801).await;
    assert_eq!(sandbox.call_rate().calls, 801);
    assert!(begun.elapsed() >= Duration::from_secs(3), "{:?}", begun.elapsed());
}

/// The control: without the rate limit, the requests of the tests above would all arrive at once.
#[tokio::test]
async fn without_a_limit_all_requests_arrive_at_once() {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    send_requests(&client(&sandbox, limits()), 100).await;
    assert_eq!(sandbox.call_rate().most_in_5_seconds, 100);
}
