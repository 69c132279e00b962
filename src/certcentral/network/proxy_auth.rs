//! What a proxy wants of whoever asks it to lead on, where it refused us: a name and a password, or something else.
//!
//! The HTTP library tells only that it wants something. It is asked once more, by a connection of its own, on which
//! neither credentials nor a key go. Nothing that it says is shown.

use super::{ChosenProxy, Network, Route};
use crate::api_url::ApiUrl;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long it may take to tell.
const TIMEOUT: Duration = Duration::from_secs(5);

/// No head of an answer is longer.
const MAX_HEAD_BYTES: u64 = 16 * 1024;

/// Whether the proxy on the way to a host takes a name and a password as they are given here (RFC 7617). None where it
/// does not tell.
pub(in crate::certcentral) async fn accepts_basic_auth(network: &Network, host: &ApiUrl) -> Option<bool> {
    let Ok(Route::Through(ChosenProxy { proxy, .. })) = network.route_to(host) else { return None };
    // Of others it would have to be asked by way of TLS, or does not tell by such a head.
    if !proxy.is_http() {
        return None;
    }
    let place = proxy.host_and_port();
    let (place, to) = ((place.0.to_owned(), place.1), connect_target(host));
    let asked = tokio::task::spawn_blocking(move || fetch_head(&place, &to));
    let head = tokio::time::timeout(TIMEOUT, asked).await.ok()?.ok()?.ok()?;
    offers_basic_auth(&head)
}

fn connect_target(host: &ApiUrl) -> String {
    match host.host() {
        name if name.contains(':') => format!("[{name}]:{}", host.port()),
        name => format!("{name}:{}", host.port()),
    }
}

/// The head of what it answers.
fn fetch_head(place: &(String, u16), to: &str) -> io::Result<Vec<u8>> {
    let address = (place.0.as_str(), place.1).to_socket_addrs()?.next().ok_or(ErrorKind::NotFound)?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes())?;
    let (mut head, mut lines) = (Vec::new(), BufReader::new(stream.take(MAX_HEAD_BYTES)));
    // Its last line is blank: a line end, perhaps with a return before it.
    while lines.read_until(b'\n', &mut head)? > 2 {}
    Ok(head)
}

/// Whether `Basic` is among the ways that a head names (RFC 9110, 11.7.1). None where it names none.
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
    fn the_ways_that_a_proxy_takes_are_read(#[case] lines: &str, #[case] basic: Option<bool>) {
        assert_eq!(offers_basic_auth(format!("HTTP/1.1 407 No\r\n{lines}\r\n\r\n").as_bytes()), basic);
    }
}
