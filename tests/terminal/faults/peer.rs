//! A listener that sends its own bytes to every client, and reports what it received.
//!
//! The bytes need not be HTTP, nor TLS where that is expected.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// Ends it, as the first bytes of a last connection.
const STOP: &[u8] = b"STOP";

/// A listening thread.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    thread: JoinHandle<Vec<Vec<u8>>>,
}

impl Peer {
    /// Sends this to each client after the first bytes from it.
    pub(crate) fn start(says: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, thread: std::thread::spawn(move || serve(&listener, &says)) }
    }

    /// Stops the listener. Returns the bytes of each connection.
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

/// Responds, and reads until the other side closes the connection.
fn answer(mut stream: TcpStream, mut heard: Vec<u8>, says: &[u8]) -> Vec<u8> {
    // A client that closed the connection does not need the bytes.
    let _ = stream.write_all(says);
    let _ = stream.read_to_end(&mut heard);
    heard
}
