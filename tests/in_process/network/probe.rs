//! What can be learned of a host without a key: its certificate, trusted or not, and its time.

use super::{KEY, NAME, assert_cause, network, server};
use crate::common::authority::{Authority, VALID};
use crate::common::proxy::{Manner, Proxy};
use rstest::rstest;
use zegel::api_url::ApiUrl;
use zegel::certcentral::{Network, Probe, probe_host};
use zegel::domain::{Certificate, TransportErrorKind};

async fn look(host: &str, network: &Network) -> Probe {
    probe_host(&ApiUrl::parse(host).unwrap(), network, network.client_limits(1)).await.unwrap()
}

/// Returns the expected content of a certificate.
fn shown(issuer: &str, until: &str) -> Certificate {
    Certificate { issuer: format!("{issuer}, {issuer} Root"), until: until.to_owned() }
}

#[rstest]
#[case::trusted(true, VALID, None, "2200-01-01")]
#[case::not_trusted(false, VALID, Some(TransportErrorKind::Issuer), "2200-01-01")]
#[case::expired(true, (2000, 2001), Some(TransportErrorKind::NotInTime), "2001-01-01")]
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_a_certificate_is_reported(
    #[case] trusted: bool,
    #[case] years: (i32, i32),
    #[case] cause: Option<TransportErrorKind>,
    #[case] until: &str,
) {
    let (server, own, folder) = (server(), Authority::new("Own"), tempfile::tempdir().unwrap());
    let front = own.front_at("127.0.0.1", "127.0.0.1", years, server.address()).await;
    let ca_file = own.file(folder.path());
    let found = look(&format!("https://{front}"), &network(None, trusted.then_some(ca_file.as_path()))).await;
    assert_eq!(found.certificate, Some(shown("Own", until)));
    assert_eq!(found.answer.map_err(|why| why.kind).err(), cause);
    for request in server.finish() {
        assert!(!request.head.contains("dev") && !request.head.contains(KEY), "{}", request.head);
    }
}

/// A man in the middle shows a certificate of its own.
#[rstest]
#[case("http")]
#[case("https")]
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_a_certificate_behind_a_proxy_is_reported(#[case] scheme: &str) {
    let (server, own, between) = (server(), Authority::new("Own"), Authority::new("Between"));
    let folder = tempfile::tempdir().unwrap();
    let proxy = Proxy::start(between.front(NAME, server.address()).await, Manner::Leads).await;
    let front = own.front("127.0.0.1", proxy.address).await;
    let way = if scheme == "https" { front } else { proxy.address };
    let network = network(Some(&format!("{scheme}://{way}")), Some(&own.file(folder.path())));
    let found = look(&format!("https://{NAME}"), &network).await;
    assert_eq!(found.certificate, Some(shown("Between", "2200-01-01")));
    assert_cause(&found.answer.unwrap_err(), TransportErrorKind::Issuer);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_of_a_proxy_is_not_mistaken_for_the_hosts() {
    let (server, own) = (server(), Authority::new("Own"));
    let front = own.front("127.0.0.1", server.address()).await;
    let found = look(&format!("https://{NAME}"), &network(Some(&format!("https://{front}")), None)).await;
    assert_eq!(found.certificate, None);
    assert_cause(&found.answer.unwrap_err(), TransportErrorKind::NoProxy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_tls_shows_no_certificate() {
    let server = server();
    let found = look(&server.url(), &network(None, None)).await;
    assert_eq!(found, Probe { certificate: None, answer: Ok(String::new()) });
}
