//! The listener of the sandbox, whose connections can be broken off while an answer is on its way.
//!
//! An answer that ends before it is whole is no HTTP, so what makes answers cannot make one: here the bytes are held
//! back. It knows no call and no fault.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// How much of the answer that comes next goes out before the connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Nothing.
    Whole,
    /// The headers and half of the body; of an answer without a body half of the headers.
    Half,
    /// So many bytes: what is left once the first of them were written.
    After(usize),
}

/// What happens to a connection where its answer is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is closed.
    Close,
    /// It is reset, as if this machine had never known of it.
    Reset,
}

/// Who calls, and the hold on that connection.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    /// Where the call comes from.
    pub(super) address: SocketAddr,
    cut: Arc<Mutex<Option<(Cut, End)>>>,
}

impl Peer {
    /// A caller whose connection is whole.
    pub(super) fn of(address: SocketAddr) -> Self {
        Self { address, cut: Arc::default() }
    }

    /// Cuts the answer that comes next, and the connection with it.
    pub(super) fn cut(&self, cut: Cut, end: End) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = Some((cut, end));
    }

    /// How many of these bytes may go out, if not all, and what happens then.
    fn allowed(&self, bytes: &[u8]) -> Option<(usize, End)> {
        let cut = *self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        cut.map(|(cut, end)| match cut {
            Cut::Whole => (0, end),
            Cut::Half => (half(bytes), end),
            Cut::After(left) => (left.min(bytes.len()), end),
        })
    }
}

/// Where the half of an answer ends.
fn half(answer: &[u8]) -> usize {
    let head = answer.windows(BLANK_LINE.len()).position(|bytes| bytes == BLANK_LINE);
    let head = head.map(|at| at + BLANK_LINE.len()).filter(|&head| head < answer.len()).unwrap_or_default();
    head + (answer.len() - head) / 2
}

impl Connected<IncomingStream<'_, Tap>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Tap>) -> Self {
        stream.remote_addr().clone()
    }
}

/// The listener.
pub(super) struct Tap(pub(super) TcpListener);

impl Listener for Tap {
    type Io = Stream;
    type Addr = Peer;

    async fn accept(&mut self) -> (Stream, Peer) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let peer = Peer::of(address);
        (Stream { stream, peer: peer.clone() }, peer)
    }

    fn local_addr(&self) -> io::Result<Peer> {
        self.0.local_addr().map(Peer::of)
    }
}

/// A connection.
pub(super) struct Stream {
    stream: TcpStream,
    peer: Peer,
}

impl Stream {
    /// Ends the connection before its answer is whole.
    fn end(&self, end: End) -> io::Error {
        let reset = if end == End::Reset { self.stream.set_zero_linger() } else { Ok(()) };
        reset.err().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some((allowed, end)) = self.peer.allowed(bytes) else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        if allowed == 0 {
            return Poll::Ready(Err(self.end(end)));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]))?;
        self.peer.cut(Cut::After(allowed - written), end);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(b"A: b\r\n\r\n{\"id\": 1}", 12)]
    #[case(b"A: b\r\n\r\n", 4)]
    #[case(b"A: b", 2)]
    #[case(b"{", 0)]
    fn half_of_an_answer_is_half_of_its_body(#[case] answer: &[u8], #[case] end: usize) {
        assert_eq!(half(answer), end);
    }

    #[test]
    fn a_cut_holds_back_the_rest() {
        let peer = Peer::of("127.0.0.1:9".parse().unwrap());
        assert_eq!(peer.allowed(b"abc"), None);
        for (cut, allowed) in [(Cut::Whole, 0), (Cut::Half, 1), (Cut::After(2), 2), (Cut::After(9), 3)] {
            peer.cut(cut, End::Reset);
            assert_eq!(peer.allowed(b"abc"), Some((allowed, End::Reset)), "{cut:?}");
        }
    }
}
