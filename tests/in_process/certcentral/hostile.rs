//! Servers that break off, stall, flood or speak another protocol: the outcome, and how often the order was sent.

use super::peer::Peer;
use super::{BODY, KEY, client, limits, short, submit};
use rstest::rstest;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use tokio::net::TcpSocket;
use zegel::certcentral::Limits;
use zegel::domain::{ApiError, SendResult, TransportError, TransportErrorKind};

/// Sends an order and a request to such a server. Asserts that each made exactly one connection with one request.
async fn exchange_once(act: fn(&mut TcpStream), limits: Limits) -> (SendResult, ApiError) {
    tokio::join!(order_once(act, limits), ask_once(act, limits))
}

async fn order_once(act: fn(&mut TcpStream), limits: Limits) -> SendResult {
    let peer = Peer::new(act);
    let answer = submit(&client(&peer.origin("http"), limits)).await;
    let request = peer.only().await;
    assert_eq!(request.matches("POST ").count(), 1, "{request}");
    assert!(request.ends_with(BODY), "{request}");
    answer
}

async fn ask_once(act: fn(&mut TcpStream), limits: Limits) -> ApiError {
    let peer = Peer::new(act);
    let failure = client(&peer.origin("http"), limits).fetch_balance(None).await.unwrap_err();
    assert_eq!(peer.only().await.matches("GET ").count(), 1);
    failure
}

fn write_text(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Both).unwrap();
}

pub(crate) fn hang_up(stream: &mut TcpStream) {
    write_text(stream, "");
}

pub(crate) fn cut_status(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 20");
}

pub(crate) fn cut_headers(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 201 Created\r\nContent-Type: appl");
}

pub(crate) fn cut_body(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\": 700001}");
}

pub(crate) fn cut_chunk(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"id\": 700001}");
}

fn cut_after_chunk(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{\"id\": 700001}\r\n");
}

pub(crate) fn early_hints(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 103 Early Hints\r\n\r\n");
}

pub(crate) fn something_else(stream: &mut TcpStream) {
    write_text(stream, "SSH-2.0-OpenSSH_9.9\r\n");
}

fn two_lengths(stream: &mut TcpStream) {
    write_text(stream, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}\n");
}

#[rstest]
#[case::before_an_answer(hang_up)]
#[case::in_the_status_line(cut_status)]
#[case::in_the_headers(cut_headers)]
#[case::in_the_body(cut_body)]
#[case::in_a_chunk(cut_chunk)]
#[case::before_the_last_chunk(cut_after_chunk)]
#[case::after_hints(early_hints)]
#[case::no_http(something_else)]
#[case::no_agreement_on_the_length(two_lengths)]
#[tokio::test]
async fn a_cut_response_is_lost(#[case] act: fn(&mut TcpStream)) {
    let (answer, failure) = exchange_once(act, limits()).await;
    let (SendResult::Lost(lost), ApiError::ResponseCut(cut)) = (answer, failure) else { panic!("not lost") };
    for TransportError { kind, detail: text, .. } in [lost, cut] {
        assert!(matches!(kind, TransportErrorKind::Broken | TransportErrorKind::NotHttp), "{kind:?}: {text}");
        assert!(!text.is_empty() && text.len() < 200, "{text}");
        for foreign in [KEY, "700001", "OpenSSH", "Created", "127.0.0.1", "http://"] {
            assert!(!text.contains(foreign), "{text}");
        }
    }
}

/// Writes until the other side closes the connection. The pause only makes it slow.
fn write_endlessly(stream: &mut TcpStream, piece: &str, pause: Duration) {
    while stream.write_all(piece.as_bytes()).is_ok() {
        std::thread::sleep(pause);
    }
}

fn trickle_in_headers(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 201 Created\r\n").unwrap();
    write_endlessly(stream, "X-A: b\r\n", Duration::from_millis(20));
}

pub(crate) fn trickle_in_body(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    write_endlessly(stream, "1\r\n \r\n", Duration::from_millis(20));
}

fn endless_hints(stream: &mut TcpStream) {
    write_endlessly(stream, "HTTP/1.1 103 Early Hints\r\n\r\n", Duration::from_millis(20));
}

pub(crate) fn stall(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0]);
}

#[rstest]
#[case::in_the_headers(trickle_in_headers)]
#[case::in_the_body(trickle_in_body)]
#[case::before_the_answer(endless_hints)]
#[case::without_a_word(stall)]
#[tokio::test]
async fn a_late_response_is_lost(#[case] act: fn(&mut TcpStream)) {
    let (answer, failure) = exchange_once(act, short()).await;
    assert!(
        matches!(&answer, SendResult::Lost(why) if why.kind == TransportErrorKind::Slow && why.detail.contains("timed out")),
        "{answer:?}"
    );
    assert!(
        matches!(&failure, ApiError::ResponseCut(why) if why.kind == TransportErrorKind::Slow && why.detail.contains("timed out")),
        "{failure:?}"
    );
}

fn flood(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 201 Created\r\n\r\n").unwrap();
    write_endlessly(stream, &"x".repeat(4096), Duration::ZERO);
}

pub(crate) fn bloated(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 1001\r\n\r\n");
    let _ = stream.write_all(&[b' '; 1001]);
}

#[rstest]
#[case::without_end(flood)]
#[case::by_one_byte(bloated)]
#[tokio::test]
async fn a_response_beyond_the_limit_is_lost(#[case] act: fn(&mut TcpStream)) {
    let (answer, failure) = exchange_once(act, Limits { max_body_bytes: 1000, ..limits() }).await;
    assert_eq!(answer, SendResult::Lost(TransportErrorKind::TooLarge.into()));
    assert_eq!(failure, ApiError::ResponseCut(TransportErrorKind::TooLarge.into()));
}

#[tokio::test]
async fn a_response_of_exactly_the_limit_arrives() {
    let peer = Peer::new(bloated);
    let answer = submit(&client(&peer.origin("http"), Limits { max_body_bytes: 1001, ..limits() })).await;
    assert_eq!(answer, SendResult::from_reply(201, vec![b' '; 1001]));
    peer.only().await;
}

#[tokio::test]
async fn a_reset_connection_is_lost() {
    let peer = Peer::rude(|_| ());
    let answer = submit(&client(&peer.origin("http"), limits())).await;
    assert!(matches!(answer, SendResult::Lost(_)), "{answer:?}");
    assert_eq!(peer.finish().await.len(), 1, "connections");
}

/// Returns a bound port without a listener. No other test can get it.
pub(crate) fn bind_silent_port() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let origin = format!("http://{}", socket.local_addr().unwrap());
    (socket, origin)
}

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    let (_taken, origin) = bind_silent_port();
    let client = client(&origin, limits());
    let answer = submit(&client).await;
    let SendResult::NotSent(why) = &answer else { panic!("{answer:?}") };
    assert!(why.kind == TransportErrorKind::Refused && why.detail.contains("refused"), "{why}");
    assert!(!why.detail.contains(KEY) && !why.detail.contains("http://"), "{why}");
    let failure = client.fetch_users(1000, 0).await.unwrap_err();
    assert!(
        matches!(&failure, ApiError::NotConnected(why) if why.kind == TransportErrorKind::Refused && !why.detail.contains("limit=")),
        "{failure:?}"
    );
}

/// Sends an order by `https` to a server that does not speak TLS.
async fn submit_without_tls(act: fn(&mut TcpStream), limits: Limits) -> SendResult {
    let peer = Peer::rude(act);
    let answer = submit(&client(&peer.origin("https"), limits)).await;
    let seen = peer.finish().await;
    assert_eq!(seen.len(), 1, "connections");
    assert_eq!(seen[0].bytes[0], 0x16, "a TLS handshake, and nothing in clear");
    answer
}

/// Reads until the other side closes the connection.
fn listen(stream: &mut TcpStream) {
    let _ = stream.read_to_end(&mut Vec::new());
}

pub(crate) fn answer_in_clear(stream: &mut TcpStream) {
    stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    listen(stream);
}

#[tokio::test]
async fn without_tls_nothing_is_sent() {
    let answer = submit_without_tls(answer_in_clear, limits()).await;
    assert!(
        matches!(&answer, SendResult::NotSent(why) if why.kind == TransportErrorKind::Tls && why.detail.ends_with("it does not speak TLS")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_connection_that_takes_too_long_sends_nothing() {
    let answer = submit_without_tls(listen, Limits { connect: Duration::from_secs(1), ..limits() }).await;
    assert!(
        matches!(&answer, SendResult::NotSent(why) if why.kind == TransportErrorKind::Slow && why.detail.contains("timed out")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn the_total_time_limit_counts_as_lost_even_while_connecting() {
    let answer = submit_without_tls(listen, short()).await;
    assert!(
        matches!(&answer, SendResult::Lost(why) if why.kind == TransportErrorKind::Slow && why.detail.contains("timed out")),
        "{answer:?}"
    );
}
