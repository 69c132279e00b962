//! Connections that fail or lead elsewhere: nothing is ordered, and the key goes to no other host.
//!
//! Every address is one of this machine, or cannot exist on any network.

use super::bench::{STORED, assert_ends, assert_kept, keep_draft, leave_asked, leave_with, on, to_review, wait_said};
use super::peer::Peer;
use super::questions::{UNPROTECTED, to_unprotected};
use super::tls;
use crate::common::journal::journal;
use crate::common::server::{Reply, Server};
use crate::common::steps::{confirm, order, order_by};
use crate::common::tty::{Launch, Tty};
use rstest::rstest;
use tokio::net::TcpSocket;

/// A made-up key.
const KEY: &str = "MADE-UP-KEY-0123456789";

/// Returns the program at this address, with a draft.
fn at(url: &str, host: &str) -> Launch {
    let launch = on(url, KEY);
    keep_draft(launch.state(), host, STORED);
    launch
}

fn to_review_at(launch: &Launch) -> Tty {
    let mut tty = launch.start();
    to_review(&mut tty);
    tty
}

/// Asserts that an order is surely not sent there.
#[track_caller]
fn assert_does_not_leave(launch: &Launch, why: &str) {
    let mut tty = to_review_at(launch);
    to_unprotected(&mut tty, "no connection to ");
    wait_said(&mut tty, why);
    order_by(&mut tty, UNPROTECTED);
    tty.wait_for("Nothing was ordered: there was no");
    leave_with(&mut tty, 1);
    assert_eq!(journal(launch.state()), ["not sent"]);
    assert_kept(launch.state());
}

/// Returns a bound port without a listener. No other test can get it.
fn bind_silent_port() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let host = socket.local_addr().unwrap().to_string();
    (socket, host)
}

#[test]
fn a_refused_connection_orders_nothing() {
    let (_taken, host) = bind_silent_port();
    assert_does_not_leave(&at(&format!("http://{host}/services/v2"), &host), "(connection refused)");
}

/// No host name has a label of more than 63 letters, so no server is asked for it.
#[test]
fn an_unresolvable_name_orders_nothing() {
    let host = format!("{}.invalid", "zegel".repeat(13));
    assert_does_not_leave(&at(&format!("https://{host}/services/v2"), &host), "(the host name was not found)");
}

#[rstest]
#[case::no_tls(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "(a secure connection (TLS) could not be set up)")]
#[case::untrusted(
    tls::flight(tls::UNTRUSTED),
    "(the server's certificate is not trusted on this computer; ask your network administrator"
)]
#[case::expired(
    tls::flight(tls::EXPIRED),
    "(the server's certificate has expired or is not valid yet; check this computer's clock"
)]
fn a_server_without_a_valid_certificate_gets_no_key(#[case] says: Vec<u8>, #[case] why: &str) {
    let peer = Peer::start(says);
    let host = peer.address.to_string();
    let launch = at(&format!("https://{host}/services/v2"), &host);
    assert_does_not_leave(&launch, why);
    let heard = peer.finish();
    assert!(heard.len() > 1, "{heard:?}");
    for bytes in heard {
        assert_eq!(bytes[0], 0x16, "a handshake");
        assert!(!bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "the key went out in clear");
    }
}

#[rstest]
#[case("http://192.0.2.1/services/v2")]
#[case("http://localhost:4711/services/v2")]
fn http_to_another_machine_is_refused_at_once(#[case] url: &str) {
    let mut tty = on(url, KEY).start();
    assert_eq!(tty.wait_exit(), 2);
    tty.wait_for("over http, others could read the key in transit;");
    assert!(tty.modes_are_back() && !tty.raw().contains(&0x1b), "the terminal was not touched");
}

#[rstest]
fn a_redirect_of_an_order_is_not_followed(#[values(301, 302, 303, 307, 308)] status: u16) {
    let other = Server::start(|_| Reply::placed());
    let to = format!("{}/order/certificate/pkio_qualified_organisation_services", other.url());
    let server = Server::for_orders(move |_| Reply::Moved(status, to.clone()));
    let launch = at(&server.url(), &server.name());
    let mut tty = to_review_at(&launch);
    confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("It is not known whether the order was placed")
        .wait_for(&format!("The server responded with HTTP {status}"));
    leave_asked(&mut tty, 3);
    assert_eq!(journal(launch.state()), ["unknown"]);
    assert_kept(launch.state());
    assert_eq!(server.finish_orders().len(), 1);
    assert_eq!(other.finish().len(), 0, "nobody was sent there, and no key");
}

#[rstest]
fn a_redirect_of_a_request_is_not_followed(#[values(301, 302, 307)] status: u16) {
    let other = Server::start(|request| Reply::nothing(&request.path));
    let to = other.url();
    let server = Server::start(move |request| match request.method.as_str() {
        "POST" => Reply::placed(),
        _ => Reply::Moved(status, format!("{to}{}", request.path.trim_start_matches("/services/v2"))),
    });
    let launch = at(&server.url(), &server.name());
    let mut tty = to_review_at(&launch);
    to_unprotected(&mut tty, &format!("refused (HTTP {status})"));
    order_by(&mut tty, UNPROTECTED);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_ends(&mut tty, 0);
    assert_eq!(journal(launch.state()), ["placed 700001"]);
    assert_eq!(server.finish_orders().len(), 1);
    assert_eq!(other.finish().len(), 0, "nobody was sent there, and no key");
}
