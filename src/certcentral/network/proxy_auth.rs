//! The authentication schemes of a proxy that refused a connection: a name and a password, or something else.
//!
//! The HTTP library reports only that authentication is required. The proxy is asked again, over a separate
//! connection without credentials and without a key. Nothing of its answer is shown.

use super::{ChosenProxy, Network, Route};
use crate::api_url::ApiUrl;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// The time limit for the query.
const TIMEOUT: Duration = Duration::from_secs(5);

/// No head of an answer is longer.
const MAX_HEAD_BYTES: u64 = 16 * 1024;

/// Returns true if the proxy for this host accepts a name and a password in the form used here (RFC 7617). `None` if
/// the proxy does not say.
pub(in crate::certcentral) async fn accepts_basic_auth(network: &Network, host: &ApiUrl) -> Option<bool> {
    let Ok(Route::Through(ChosenProxy { proxy, .. })) = network.route_to(host) else { return None };
    // Other proxies would need TLS, or do not answer with an HTTP head.
    if !proxy.is_http() {
        return None;
    }
    let place = proxy.host_and_port();
    let (place, to) = ((place.0.to_owned(), place.1), connect_target(host));
    let task = tokio::task::spawn_blocking(move || fetch_head(&place, &to));
    let head = tokio::time::timeout(TIMEOUT, task).await.ok()?.ok()?.ok()?;
    offers_basic_auth(&head)
}

fn connect_target(host: &ApiUrl) -> String {
    match host.host() {
        name if name.contains(':') => format!("[{name}]:{}", host.port()),
        name => format!("{name}:{}", host.port()),
    }
}

/// Returns the head of the proxy's answer.
fn fetch_head(place: &(String, u16), to: &str) -> io::Result<Vec<u8>> {
    let address = (place.0.as_str(), place.1).to_socket_addrs()?.next().ok_or(ErrorKind::NotFound)?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes())?;
    let (mut head, mut lines) = (Vec::new(), BufReader::new(stream.take(MAX_HEAD_BYTES)));
    // The last line of a head is blank: a line feed, perhaps after a carriage return.
    while lines.read_until(b'\n', &mut head)? > 2 {}
    Ok(head)
}

/// Returns true if `Basic` is among the schemes in the head (RFC 9110, 11.7.1). `None` if it names none.
fn offers_basic_auth(head: &[u8]) -> Option<bool> {
    let head = String::from_utf8_lossy(head);
    let named = head.lines().filter_map(|line| line.split_once(':'));
    let ways = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("proxy-authenticate"));
    let ways: Vec<_> = ways.map(|(_, ways)| ways).collect();
    let is_basic = |way: &&str| way.split([',', ' ', '\t']).any(|word| word.eq_ignore_ascii_case("basic"));
    (!ways.is_empty()).then(|| ways.iter().any(is_basic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Proxy-Authenticate: Basic realm=\"x\"", Some(true))]
    #[case("proxy-authenticate:basic", Some(true))]
    #[case("Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"x\"", Some(true))]
    #[case("Proxy-Authenticate: Negotiate, Basic realm=\"x\"", Some(true))]
    #[case("Proxy-Authenticate: NTLM", Some(false))]
    #[case("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM", Some(false))]
    #[case("Proxy-Authenticate: Digest realm=\"basic\"", Some(false))]
    #[case("WWW-Authenticate: NTLM", None)]
    #[case("", None)]
    fn proxy_authentication_schemes_are_parsed(#[case] lines: &str, #[case] basic: Option<bool>) {
        assert_eq!(offers_basic_auth(format!("HTTP/1.1 407 No\r\n{lines}\r\n\r\n").as_bytes()), basic);
    }
}
