//! Connections by a proxy: what it sees, what it must not see, and the message if it does not connect.

use super::{
    KEY, NAME, assert_accepted, assert_cause, assert_not_sent, client, network, reason_text, server, submit, try_client,
};
use crate::common::authority::Authority;
use crate::common::proxy::{Manner, Proxy};
use crate::common::server::{Reply, Server};
use rstest::rstest;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio::sync::Notify;
use zegel::certcentral::{Client, Network};
use zegel::domain::{ProxyAddressError, ProxySource, SendResult, TransportErrorKind};

/// `anna` and `hunter2`, as `Basic` encodes them.
const BASIC: &str = "YW5uYTpodW50ZXIy";

/// A server with a name, and a proxy that leads to it.
struct ProxyBench {
    server: Server,
    proxy: Proxy,
    folder: TempDir,
    authority: Authority,
}

impl ProxyBench {
    async fn new(manner: Manner) -> Self {
        Self::around(server(), manner).await
    }

    async fn around(server: Server, manner: Manner) -> Self {
        let authority = Authority::new("Tests");
        let proxy = Proxy::start(authority.front(NAME, server.address()).await, manner).await;
        Self { server, proxy, folder: tempfile::tempdir().unwrap(), authority }
    }

    fn network(&self, proxy: &str) -> Network {
        network(Some(proxy), Some(&self.authority.file(self.folder.path())))
    }

    /// Returns a client that uses the proxy with these credentials.
    fn client(&self, credentials: &str) -> Client {
        client(NAME, &self.network(&format!("http://{credentials}{}", self.proxy.address)))
    }

    /// Returns the proxy as it may be shown.
    fn shown(&self, scheme: &str) -> String {
        format!("{scheme}{}", self.proxy.address)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_leads_to_the_host_and_sees_no_key() {
    let bench = ProxyBench::new(Manner::Leads).await;
    let client = bench.client("");
    client.fetch_current_user().await.unwrap();
    assert_accepted(&submit(&client).await);
    let asked = bench.proxy.asked();
    assert_eq!(asked.len(), 2, "the order has a connection of its own");
    for head in asked {
        assert!(head.starts_with("CONNECT certcentral.test:443 HTTP/1.1\r\n"), "{head}");
        assert!(!head.contains(KEY) && !head.to_lowercase().contains("proxy-authorization"), "{head}");
    }
    assert_eq!(bench.server.finish_orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_gets_its_credentials_and_the_host_does_not() {
    let bench = ProxyBench::new(Manner::Wants(BASIC)).await;
    let client = bench.client("anna:hunter2@");
    client.fetch_current_user().await.unwrap();
    assert_accepted(&submit(&client).await);
    for request in bench.server.finish() {
        assert!(request.header("proxy-authorization").is_none(), "{}", request.head);
    }
}

#[rstest]
#[case::none("", "http://")]
#[case::others("anna:hunter3@", "http://***@")]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_the_credentials_is_distinguished_from_the_host(
    #[case] report: &str,
    #[case] scheme: &str,
) {
    let bench = ProxyBench::new(Manner::Wants(BASIC)).await;
    let why = assert_not_sent(&bench.client(report)).await;
    assert_cause(&why, TransportErrorKind::ProxyAuth);
    assert_eq!(why.via, Some(bench.shown(scheme)));
    let report = reason_text(&why);
    assert!(report.contains(&bench.proxy.address.to_string()) && report.contains("name and password, or"), "{report}");
    assert!(!format!("{why:?} {why} {report}").contains("hunter"));
    assert_eq!(bench.server.finish().len(), 0);
}

#[rstest]
#[case::ntlm("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\r\n", "")]
#[case::with_a_password("HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", "anna:hunter2@")]
#[case::kerberos("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n", "anna:hunter2@")]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_without_basic_authentication_is_distinguished_from_wrong_credentials(
    #[case] says: &'static str,
    #[case] credentials: &str,
) {
    let bench = ProxyBench::new(Manner::Says(says)).await;
    let why = assert_not_sent(&bench.client(credentials)).await;
    assert_cause(&why, TransportErrorKind::ProxyWay);
    assert!(!bench.proxy.asked().last().unwrap().contains("uthorization"), "no credentials go with the question");
    let report = reason_text(&why);
    assert!(report.contains("NTLM or Kerberos") && report.contains("helper program such as"), "{report}");
    assert!(!report.contains("hunter"), "{report}");
}

#[rstest]
#[case::forbidden(Manner::Says("HTTP/1.1 403 Forbidden\r\n\r\n"))]
#[case::bad_gateway(Manner::Says("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nevil"))]
#[case::no_http(Manner::Says("SSH-2.0-OpenSSH\r\n"))]
#[case::nothing(Manner::Says(""))]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_does_not_connect_is_distinguished_from_the_host(#[case] manner: Manner) {
    let bench = ProxyBench::new(manner).await;
    let why = assert_not_sent(&bench.client("anna:hunter2@")).await;
    assert_cause(&why, TransportErrorKind::Proxy);
    assert_eq!(why.via, Some(bench.shown("http://***@")));
    assert!(reason_text(&why).contains("let the connection"), "{}", reason_text(&why));
    assert_eq!(bench.server.finish().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_closes_the_new_tunnel_has_sent_nothing() {
    let bench = ProxyBench::new(Manner::HangsUp).await;
    let why = assert_not_sent(&bench.client("")).await;
    assert!(matches!(why.kind, TransportErrorKind::Tls | TransportErrorKind::Broken), "{why}");
    assert!(reason_text(&why).ends_with(&format!("; proxy: http://{}", bench.proxy.address)), "{}", reason_text(&why));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_in_transit_when_the_proxy_died_is_lost() {
    let end = Arc::new(Notify::new());
    let arrived = Arc::clone(&end);
    let server = Server::for_orders(move |_| {
        arrived.notify_one();
        Reply::Cut
    });
    let bench = ProxyBench::around(server, Manner::LeadsUntil(end)).await;
    let answer = submit(&bench.client("")).await;
    assert!(matches!(&answer, SendResult::Lost(why) if why.via == Some(bench.shown("http://"))), "{answer:?}");
    assert_eq!(bench.server.finish_orders().len(), 1, "sent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_proxy_is_distinguished_from_the_host() {
    let taken = TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let proxy = format!("http://{}", taken.local_addr().unwrap());
    let why = assert_not_sent(&client(NAME, &network(Some(&proxy), None))).await;
    assert_cause(&why, TransportErrorKind::NoProxy);
    assert_eq!(reason_text(&why), format!("the proxy {proxy} cannot be reached"));
}

#[tokio::test(flavor = "multi_thread")]
async fn intercepted_tls_is_reported_and_solved_by_a_ca_file() {
    let bench = ProxyBench::new(Manner::Leads).await;
    let proxy = format!("http://{}", bench.proxy.address);
    let why = assert_not_sent(&client(NAME, &network(Some(&proxy), None))).await;
    assert_cause(&why, TransportErrorKind::Issuer);
    assert!(
        reason_text(&why).contains("whether TLS is being intercepted") && reason_text(&why).contains(&proxy),
        "{}",
        reason_text(&why)
    );
    assert_accepted(&submit(&client(NAME, &bench.network(&proxy))).await);
}

/// The connection to the proxy itself uses TLS: its certificate is checked as that of the host is.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_behind_tls_needs_a_valid_certificate() {
    let bench = ProxyBench::new(Manner::Wants(BASIC)).await;
    let front = bench.authority.front("127.0.0.1", bench.proxy.address).await;
    let proxy = format!("https://anna:hunter2@{front}");
    let why = assert_not_sent(&client(NAME, &network(Some(&proxy), None))).await;
    assert_cause(&why, TransportErrorKind::NoProxy);
    assert!(why.detail.contains("its certificate has an issuer that is not trusted here"), "{why}");
    assert_eq!(bench.proxy.asked().len(), 0, "no credentials went out");
    assert_accepted(&submit(&client(NAME, &bench.network(&proxy))).await);
}

#[rstest]
#[case::open("", None)]
#[case::told("anna:hunter2@", Some(("anna", "hunter2")))]
#[tokio::test(flavor = "multi_thread")]
async fn a_socks_proxy_works(#[case] report: &str, #[case] wants: Option<(&'static str, &'static str)>) {
    let bench = ProxyBench::new(Manner::Silent).await;
    let socks = Proxy::socks(bench.authority.front(NAME, bench.server.address()).await, wants).await;
    let client = client(NAME, &bench.network(&format!("socks5h://{report}{}", socks.address)));
    client.fetch_current_user().await.unwrap();
    assert_accepted(&submit(&client).await);
    assert_eq!(socks.asked(), ["certcentral.test:443", "certcentral.test:443"]);
}

#[rstest]
#[case::none("", TransportErrorKind::ProxyAuth)]
#[case::others("anna:hunter3@", TransportErrorKind::ProxyAuth)]
#[tokio::test(flavor = "multi_thread")]
async fn a_socks_proxy_that_refuses_the_credentials_is_reported(
    #[case] report: &str,
    #[case] cause: TransportErrorKind,
) {
    let bench = ProxyBench::new(Manner::Silent).await;
    let socks = Proxy::socks(bench.server.address(), Some(("anna", "hunter2"))).await;
    let why = assert_not_sent(&client(NAME, &bench.network(&format!("socks5h://{report}{}", socks.address)))).await;
    assert_cause(&why, cause);
    assert!(!format!("{why:?} {why} {}", reason_text(&why)).contains("hunter"));
}

/// The HTTP library would send such a CONNECT, and then expect a certificate for a name that no certificate can have.
#[test]
fn an_ipv6_address_behind_a_proxy_is_refused() {
    let error = try_client("[2001:db8::1]:8443", &network(Some("http://anna:hunter2@127.0.0.1:1"), None)).unwrap_err();
    assert_eq!(error, TransportErrorKind::BadProxy(ProxySource::Configuration, ProxyAddressError::Ipv6).into());
    assert!(reason_text(&error).contains("zegel cannot reach"));
}
