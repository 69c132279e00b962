//! Connections by a proxy: what it sees, what it must not see, and the message if it does not connect.

use super::{KEY, NAME, assert_cause, client, network, not_sent, placed, server, submit, try_client, words};
use crate::common::authority::Authority;
use crate::common::proxy::{Manner, Proxy};
use crate::common::server::{Reply, Server};
use rstest::rstest;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio::sync::Notify;
use zegel::certcentral::{Client, ClientError, Network};
use zegel::domain::{ProxyAddressError, ProxySource, SendResult, TransportError, TransportErrorKind};

/// `anna` and `hunter2`, as `Basic` encodes them.
const BASIC: &str = "YW5uYTpodW50ZXIy";

/// A server with a name, and a proxy that leads to it.
struct Ground {
    server: Server,
    proxy: Proxy,
    folder: TempDir,
    authority: Authority,
}

impl Ground {
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
    let ground = Ground::new(Manner::Leads).await;
    let client = ground.client("");
    client.fetch_current_user().await.unwrap();
    placed(&submit(&client).await);
    let asked = ground.proxy.asked();
    assert_eq!(asked.len(), 2, "the order has a connection of its own");
    for head in asked {
        assert!(head.starts_with("CONNECT certcentral.test:443 HTTP/1.1\r\n"), "{head}");
        assert!(!head.contains(KEY) && !head.to_lowercase().contains("proxy-authorization"), "{head}");
    }
    assert_eq!(ground.server.finish_orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_gets_its_credentials_and_the_host_does_not() {
    let ground = Ground::new(Manner::Wants(BASIC)).await;
    let client = ground.client("anna:hunter2@");
    client.fetch_current_user().await.unwrap();
    placed(&submit(&client).await);
    for request in ground.server.finish() {
        assert!(request.header("proxy-authorization").is_none(), "{}", request.head);
    }
}

#[rstest]
#[case::none("", "http://")]
#[case::others("anna:hunter3@", "http://***@")]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_wants_other_credentials_is_told_from_the_host(#[case] told: &str, #[case] scheme: &str) {
    let ground = Ground::new(Manner::Wants(BASIC)).await;
    let why = not_sent(&ground.client(told)).await;
    assert_cause(&why, TransportErrorKind::ProxyAuth);
    assert_eq!(why.via, Some(ground.shown(scheme)));
    let told = words(&why);
    assert!(told.contains(&ground.proxy.address.to_string()) && told.contains("name and password, or"), "{told}");
    assert!(!format!("{why:?} {why} {told}").contains("hunter"));
    assert_eq!(ground.server.finish().len(), 0);
}

#[rstest]
#[case::ntlm("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\r\n", "")]
#[case::with_a_password("HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", "anna:hunter2@")]
#[case::kerberos("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n", "anna:hunter2@")]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_takes_no_password_is_told_from_one_that_wants_another(
    #[case] says: &'static str,
    #[case] credentials: &str,
) {
    let ground = Ground::new(Manner::Says(says)).await;
    let why = not_sent(&ground.client(credentials)).await;
    assert_cause(&why, TransportErrorKind::ProxyWay);
    assert!(!ground.proxy.asked().last().unwrap().contains("uthorization"), "no credentials go with the question");
    let told = words(&why);
    assert!(told.contains("NTLM or Kerberos") && told.contains("helper program such as"), "{told}");
    assert!(!told.contains("hunter"), "{told}");
}

#[rstest]
#[case::forbidden(Manner::Says("HTTP/1.1 403 Forbidden\r\n\r\n"))]
#[case::bad_gateway(Manner::Says("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nevil"))]
#[case::no_http(Manner::Says("SSH-2.0-OpenSSH\r\n"))]
#[case::nothing(Manner::Says(""))]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_does_not_lead_on_is_told_from_the_host(#[case] manner: Manner) {
    let ground = Ground::new(manner).await;
    let why = not_sent(&ground.client("anna:hunter2@")).await;
    assert_cause(&why, TransportErrorKind::Proxy);
    assert_eq!(why.via, Some(ground.shown("http://***@")));
    assert!(words(&why).contains("let the connection"), "{}", words(&why));
    assert_eq!(ground.server.finish().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_hangs_up_once_the_tunnel_stands_has_sent_nothing() {
    let ground = Ground::new(Manner::HangsUp).await;
    let why = not_sent(&ground.client("")).await;
    assert!(matches!(why.kind, TransportErrorKind::Tls | TransportErrorKind::Broken), "{why}");
    assert!(words(&why).ends_with(&format!("; proxy: http://{}", ground.proxy.address)), "{}", words(&why));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_when_the_proxy_died_is_lost() {
    let end = Arc::new(Notify::new());
    let arrived = Arc::clone(&end);
    let server = Server::for_orders(move |_| {
        arrived.notify_one();
        Reply::Cut
    });
    let ground = Ground::around(server, Manner::LeadsUntil(end)).await;
    let answer = submit(&ground.client("")).await;
    assert!(matches!(&answer, SendResult::Lost(why) if why.via == Some(ground.shown("http://"))), "{answer:?}");
    assert_eq!(ground.server.finish_orders().len(), 1, "sent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_the_place_of_the_proxy_is_told_from_the_host() {
    let taken = TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let proxy = format!("http://{}", taken.local_addr().unwrap());
    let why = not_sent(&client(NAME, &network(Some(&proxy), None))).await;
    assert_cause(&why, TransportErrorKind::NoProxy);
    assert_eq!(words(&why), format!("the proxy {proxy} cannot be reached"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_that_is_intercepted_is_told_and_mended_by_a_file() {
    let ground = Ground::new(Manner::Leads).await;
    let proxy = format!("http://{}", ground.proxy.address);
    let why = not_sent(&client(NAME, &network(Some(&proxy), None))).await;
    assert_cause(&why, TransportErrorKind::Issuer);
    assert!(
        words(&why).contains("whether TLS is being intercepted") && words(&why).contains(&proxy),
        "{}",
        words(&why)
    );
    placed(&submit(&client(NAME, &ground.network(&proxy))).await);
}

/// The connection to the proxy itself uses TLS: its certificate is checked as that of the host is.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_behind_tls_must_prove_itself() {
    let ground = Ground::new(Manner::Wants(BASIC)).await;
    let front = ground.authority.front("127.0.0.1", ground.proxy.address).await;
    let proxy = format!("https://anna:hunter2@{front}");
    let why = not_sent(&client(NAME, &network(Some(&proxy), None))).await;
    assert_cause(&why, TransportErrorKind::NoProxy);
    assert!(why.detail.contains("its certificate has an issuer that is not trusted here"), "{why}");
    assert_eq!(ground.proxy.asked().len(), 0, "no credentials went out");
    placed(&submit(&client(NAME, &ground.network(&proxy))).await);
}

#[rstest]
#[case::open("", None)]
#[case::told("anna:hunter2@", Some(("anna", "hunter2")))]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_may_speak_socks(#[case] told: &str, #[case] wants: Option<(&'static str, &'static str)>) {
    let ground = Ground::new(Manner::Silent).await;
    let socks = Proxy::socks(ground.authority.front(NAME, ground.server.address()).await, wants).await;
    let client = client(NAME, &ground.network(&format!("socks5h://{told}{}", socks.address)));
    client.fetch_current_user().await.unwrap();
    placed(&submit(&client).await);
    assert_eq!(socks.asked(), ["certcentral.test:443", "certcentral.test:443"]);
}

#[rstest]
#[case::none("", TransportErrorKind::ProxyAuth)]
#[case::others("anna:hunter3@", TransportErrorKind::ProxyAuth)]
#[tokio::test(flavor = "multi_thread")]
async fn a_socks_proxy_that_wants_other_credentials_is_told(#[case] told: &str, #[case] cause: TransportErrorKind) {
    let ground = Ground::new(Manner::Silent).await;
    let socks = Proxy::socks(ground.server.address(), Some(("anna", "hunter2"))).await;
    let why = not_sent(&client(NAME, &ground.network(&format!("socks5h://{told}{}", socks.address)))).await;
    assert_cause(&why, cause);
    assert!(!format!("{why:?} {why} {}", words(&why)).contains("hunter"));
}

/// The HTTP library would send such a CONNECT, and then expect a certificate for a name that no certificate can have.
#[test]
fn an_ipv6_address_behind_a_proxy_is_refused() {
    let error = try_client("[2001:db8::1]:8443", &network(Some("http://anna:hunter2@127.0.0.1:1"), None)).unwrap_err();
    assert_eq!(error, ClientError::Proxy { named: ProxySource::Configuration, flaw: ProxyAddressError::Ipv6 });
    assert!(words(&TransportError::from(error)).contains("zegel cannot reach"));
}
