//! A listener that says something of its own to whoever connects, and tells afterwards what it was sent.
//!
//! What it says need not be HTTP, or TLS where that is expected.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// What ends it, as the first bytes of a last connection.
const STOP: &[u8] = b"STOP";

/// A listening thread.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    thread: JoinHandle<Vec<Vec<u8>>>,
}

impl Peer {
    /// Says this to each who connects, once something was heard.
    pub(crate) fn start(says: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, thread: std::thread::spawn(move || serve(&listener, &says)) }
    }

    /// What each connection brought, once nobody can connect any more.
    pub(crate) fn finish(self) -> Vec<Vec<u8>> {
        TcpStream::connect(self.address).unwrap().write_all(STOP).unwrap();
        self.thread.join().unwrap()
    }
}

fn serve(listener: &TcpListener, says: &[u8]) -> Vec<Vec<u8>> {
    let mut calls = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = vec![0; 4096];
        let count = stream.read(&mut heard).unwrap_or(0);
        heard.truncate(count);
        if heard == STOP {
            break;
        }
        let says = says.to_vec();
        calls.push(std::thread::spawn(move || answer(stream, heard, &says)));
    }
    calls.into_iter().map(|call| call.join().unwrap()).collect()
}

/// Answers, and listens on until the other side hangs up.
fn answer(mut stream: TcpStream, mut heard: Vec<u8>, says: &[u8]) -> Vec<u8> {
    // Whoever has hung up meanwhile does not want to hear it.
    let _ = stream.write_all(says);
    let _ = stream.read_to_end(&mut heard);
    heard
}
