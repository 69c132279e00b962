//! The listener of the sandbox, whose connections can be broken off or held while an answer is on its way.
//!
//! An answer that ends before it is whole is no HTTP, so what makes answers cannot make one: here the bytes are held
//! back. So is a connection that is to be held before anything is read of it. It knows no call.

use super::probe::{ConnectionProbe, ProbeOwner};
use crate::sandbox::control::ControlBoard;
use crate::sandbox::faults::Fault;
use crate::sandbox::receive;
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
pub(in crate::sandbox) enum ResponseCut {
    /// Nothing.
    AtStart,
    /// The headers and half of the body; of an answer without a body half of the headers.
    AtHalf,
    /// So many bytes: what is left once the first of them were written.
    AfterBytes(usize),
}

/// What happens to a connection where its answer is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum ConnectionEnd {
    /// It is closed.
    Close,
    /// It is reset, as if this machine had never known of it.
    Reset,
    /// It is held, and then the rest of the answer goes out.
    Hold,
}

/// Who calls, and the hold on that connection.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Peer {
    /// Where the call comes from.
    pub(in crate::sandbox) address: SocketAddr,
    /// The connection, to look at from beside.
    pub(in crate::sandbox) probe: ConnectionProbe,
    cut: Arc<Mutex<Option<(ResponseCut, ConnectionEnd)>>>,
}

impl Peer {
    /// A caller without a connection.
    pub(in crate::sandbox) fn without_connection(address: SocketAddr) -> Self {
        Self { address, probe: ConnectionProbe::default(), cut: Arc::default() }
    }

    /// Cuts the answer that comes next, and the connection with it.
    pub(in crate::sandbox) fn cut_response(&self, cut: ResponseCut, end: ConnectionEnd) {
        self.set_cut(Some((cut, end)));
    }

    fn set_cut(&self, cut: Option<(ResponseCut, ConnectionEnd)>) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }

    /// How many of these bytes may go out, if not all, and what happens then.
    fn allowed_bytes(&self, bytes: &[u8]) -> Option<(usize, ConnectionEnd)> {
        let cut = *self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        cut.map(|(cut, end)| match cut {
            ResponseCut::AtStart => (0, end),
            ResponseCut::AtHalf => (half_point(bytes), end),
            ResponseCut::AfterBytes(left) => (left.min(bytes.len()), end),
        })
    }
}

/// Where the half of an answer ends.
fn half_point(answer: &[u8]) -> usize {
    let head = answer.windows(BLANK_LINE.len()).position(|bytes| bytes == BLANK_LINE);
    let head = head.map(|at| at + BLANK_LINE.len()).filter(|&head| head < answer.len()).unwrap_or_default();
    head + (answer.len() - head) / 2
}

impl Connected<IncomingStream<'_, FaultListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, FaultListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// The listener.
pub(in crate::sandbox) struct FaultListener {
    listener: TcpListener,
    board: Arc<ControlBoard>,
}

impl FaultListener {
    /// A listener whose connections are held where this says.
    pub(in crate::sandbox) fn new(listener: TcpListener, board: Arc<ControlBoard>) -> Self {
        Self { listener, board }
    }
}

impl Listener for FaultListener {
    type Io = FaultStream;
    type Addr = Peer;

    async fn accept(&mut self) -> (FaultStream, Peer) {
        let (io, address) = Listener::accept(&mut self.listener).await;
        let stream = FaultStream::new(io, address, &self.board);
        let peer = stream.peer.clone();
        (stream, peer)
    }

    fn local_addr(&self) -> io::Result<Peer> {
        self.listener.local_addr().map(Peer::without_connection)
    }
}

/// A connection.
pub(in crate::sandbox) struct FaultStream {
    io: TcpStream,
    _probe_owner: Option<ProbeOwner>,
    peer: Peer,
    board: Arc<ControlBoard>,
    /// Before anything is read.
    opening_hold: Option<HoldFuture>,
    /// Where the answer is cut.
    ending_hold: Option<HoldFuture>,
}

/// Ends when a connection is held no more, with whether it is to go on.
type HoldFuture = Pin<Box<dyn Future<Output = bool> + Send>>;

impl FaultStream {
    fn new(io: TcpStream, address: SocketAddr, board: &Arc<ControlBoard>) -> Self {
        // Without a second descriptor it is served like any other; only if it is to be held, it ends.
        let kept = ProbeOwner::for_stream(&io).ok();
        let line = kept.as_ref().map(ProbeOwner::probe).unwrap_or_default();
        let peer = Peer { probe: line.clone(), ..Peer::without_connection(address) };
        let (board, holds) = (Arc::clone(board), Arc::clone(board));
        let opening: HoldFuture = Box::pin(async move { receive::hold_if_order(&holds, &line).await });
        Self { io, _probe_owner: kept, peer, board, opening_hold: Some(opening), ending_hold: None }
    }

    /// What happens where the answer is cut: an error ends the connection there.
    fn poll_end(&mut self, end: ConnectionEnd, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match end {
            ConnectionEnd::Reset => self.io.set_zero_linger()?,
            ConnectionEnd::Hold if ready!(self.poll_hold(context)) => {
                self.peer.set_cut(None);
                return Poll::Ready(Ok(()));
            }
            ConnectionEnd::Close | ConnectionEnd::Hold => {}
        }
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_hold(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        let Self { ending_hold: ending, board, peer, .. } = self;
        let ending = ending.get_or_insert_with(|| {
            let (board, line) = (Arc::clone(board), peer.probe.clone());
            Box::pin(async move { board.holds.hold_connection(Fault::HoldReply, &line).await })
        });
        let goes_on = ready!(ending.as_mut().poll(context));
        self.ending_hold = None;
        Poll::Ready(goes_on)
    }
}

impl AsyncRead for FaultStream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(opening) = &mut self.opening_hold {
            let goes_on = ready!(opening.as_mut().poll(context));
            self.opening_hold = None;
            if !goes_on {
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
        }
        Pin::new(&mut self.io).poll_read(context, into)
    }
}

impl AsyncWrite for FaultStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some((allowed, end)) = self.peer.allowed_bytes(bytes) else {
            return Pin::new(&mut self.io).poll_write(context, bytes);
        };
        if allowed == 0 {
            ready!(self.poll_end(end, context))?;
            return Pin::new(&mut self.io).poll_write(context, bytes);
        }
        let written = ready!(Pin::new(&mut self.io).poll_write(context, &bytes[..allowed]))?;
        self.peer.cut_response(ResponseCut::AfterBytes(allowed - written), end);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
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
        assert_eq!(half_point(answer), end);
    }

    #[test]
    fn a_cut_holds_back_the_rest() {
        let peer = Peer::without_connection("127.0.0.1:9".parse().unwrap());
        assert_eq!(peer.allowed_bytes(b"abc"), None);
        for (cut, allowed) in [
            (ResponseCut::AtStart, 0),
            (ResponseCut::AtHalf, 1),
            (ResponseCut::AfterBytes(2), 2),
            (ResponseCut::AfterBytes(9), 3),
        ] {
            peer.cut_response(cut, ConnectionEnd::Reset);
            assert_eq!(peer.allowed_bytes(b"abc"), Some((allowed, ConnectionEnd::Reset)), "{cut:?}");
        }
    }
}
