//! A server that treats each connection exactly as a test says, and reports what it received.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// Ends the thread when sent over a last connection. As connections are accepted in order, all others come before it.
const STOP: &[u8] = b"STOP\r\n\r\n";

/// One connection.
pub(crate) struct Seen {
    /// The address of the client.
    pub(crate) from: SocketAddr,
    /// The bytes that were read before `act` was called.
    pub(crate) bytes: Vec<u8>,
}

/// A listening thread.
pub(crate) struct Peer {
    address: SocketAddr,
    thread: JoinHandle<Vec<Seen>>,
}

impl Peer {
    /// Reads one request from each connection, and then calls `act` with it. Connections stay open until the end,
    /// unless `act` shuts them down.
    pub(crate) fn new(act: fn(&mut TcpStream)) -> Self {
        Self::start(move |listener| serve(listener, request, act, true))
    }

    /// Calls `act` when the first bytes arrive, without reading any, and then closes the connection: this resets it if
    /// there are unread bytes.
    pub(crate) fn rude(act: fn(&mut TcpStream)) -> Self {
        Self::start(move |listener| serve(listener, greeting, act, false))
    }

    fn start(serve: impl FnOnce(&TcpListener) -> Vec<Seen> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, thread: std::thread::spawn(move || serve(&listener)) }
    }

    /// Returns the origin, such as `http://127.0.0.1:4711`.
    pub(crate) fn origin(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns all connections. The thread is joined elsewhere, because a client closes its connections in the
    /// background.
    pub(crate) async fn finish(self) -> Vec<Seen> {
        let waiting = tokio::task::spawn_blocking(move || {
            TcpStream::connect(self.address).unwrap().write_all(STOP).unwrap();
            self.thread.join().unwrap()
        });
        waiting.await.unwrap()
    }

    /// Returns the request of the only connection.
    pub(crate) async fn only(self) -> String {
        let seen = self.finish().await;
        assert_eq!(seen.len(), 1, "connections");
        String::from_utf8(seen.into_iter().next().unwrap().bytes).unwrap()
    }
}

type Intake = fn(&mut TcpStream) -> Vec<u8>;

fn serve(listener: &TcpListener, read: Intake, act: fn(&mut TcpStream), keep: bool) -> Vec<Seen> {
    let (mut seen, mut open) = (Vec::new(), Vec::new());
    loop {
        let (mut stream, from) = listener.accept().unwrap();
        let bytes = read(&mut stream);
        if bytes == STOP {
            return seen;
        }
        act(&mut stream);
        seen.push(Seen { from, bytes });
        if keep {
            open.push(stream);
        }
    }
}

/// Reads the bytes of one request, up to its end or the end of the connection.
fn request(stream: &mut TcpStream) -> Vec<u8> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    while !complete(&bytes) {
        match stream.read(&mut chunk) {
            Ok(count @ 1..) => bytes.extend_from_slice(&chunk[..count]),
            _ => break,
        }
    }
    bytes
}

fn complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
    // Invalid bytes would change the length of the text, but the requests of these tests have none.
    bytes.len() >= head.len() + 4 + length
}

/// Peeks at the first bytes and leaves them unread.
fn greeting(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = [0; STOP.len()];
    let count = stream.peek(&mut bytes).unwrap_or_default();
    bytes[..count].to_vec()
}
