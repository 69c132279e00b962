//! The sandbox's listener, whose connections can be cut or held while a response is being sent.
//!
//! A response that ends early is not valid HTTP, so the code that makes responses cannot make one. This module cuts the
//! bytes instead. It also holds connections before anything is read from them.

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

/// How much of the next response is sent before the connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum ResponseCut {
    AtStart,
    /// The headers and half of the body. If there is no body: half of the headers.
    AtHalf,
    /// This many bytes. Set after part of the response was sent, to the bytes that remain.
    AfterBytes(usize),
}

/// What happens to a connection where its response is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum ConnectionEnd {
    Close,
    /// The connection is reset, as if this machine had never known it.
    Reset,
    /// The connection is held, and then the rest of the response is sent.
    Hold,
}

/// The caller, and where to cut the next response.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Peer {
    pub(in crate::sandbox) address: SocketAddr,
    /// Looks at the connection without reading from it.
    pub(in crate::sandbox) probe: ConnectionProbe,
    cut: Arc<Mutex<Option<(ResponseCut, ConnectionEnd)>>>,
}

impl Peer {
    pub(in crate::sandbox) fn without_connection(address: SocketAddr) -> Self {
        Self { address, probe: ConnectionProbe::default(), cut: Arc::default() }
    }

    /// Cuts the next response, and ends or holds the connection there.
    pub(in crate::sandbox) fn cut_response(&self, cut: ResponseCut, end: ConnectionEnd) {
        self.set_cut(Some((cut, end)));
    }

    fn set_cut(&self, cut: Option<(ResponseCut, ConnectionEnd)>) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }

    /// Returns how many of these bytes may be sent, and what happens after them. `None` if there is no cut.
    fn allowed_bytes(&self, bytes: &[u8]) -> Option<(usize, ConnectionEnd)> {
        let cut = *self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        cut.map(|(cut, end)| match cut {
            ResponseCut::AtStart => (0, end),
            ResponseCut::AtHalf => (half_point(bytes), end),
            ResponseCut::AfterBytes(left) => (left.min(bytes.len()), end),
        })
    }
}

/// Returns the position of the half of a response; see [`ResponseCut::AtHalf`].
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

pub(in crate::sandbox) struct FaultListener {
    listener: TcpListener,
    board: Arc<ControlBoard>,
}

impl FaultListener {
    /// Makes a listener. The faults of the board decide which connections are held.
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

pub(in crate::sandbox) struct FaultStream {
    io: TcpStream,
    _probe_owner: Option<ProbeOwner>,
    peer: Peer,
    board: Arc<ControlBoard>,
    /// The hold before anything is read.
    opening_hold: Option<HoldFuture>,
    /// The hold where the response is cut.
    ending_hold: Option<HoldFuture>,
}

/// Completes when the connection is no longer held. The result is true if the connection is to be used further.
type HoldFuture = Pin<Box<dyn Future<Output = bool> + Send>>;

impl FaultStream {
    fn new(io: TcpStream, address: SocketAddr, board: &Arc<ControlBoard>) -> Self {
        // A connection without a second descriptor is served normally. Only a fault that holds it ends it at once.
        let kept = ProbeOwner::for_stream(&io).ok();
        let line = kept.as_ref().map(ProbeOwner::probe).unwrap_or_default();
        let peer = Peer { probe: line.clone(), ..Peer::without_connection(address) };
        let (board, holds) = (Arc::clone(board), Arc::clone(board));
        let opening: HoldFuture = Box::pin(async move { receive::hold_if_order(&holds, &line).await });
        Self { io, _probe_owner: kept, peer, board, opening_hold: Some(opening), ending_hold: None }
    }

    /// Performs what happens where the response is cut. An error ends the connection there.
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
    fn half_of_a_response_is_half_of_its_body(#[case] answer: &[u8], #[case] end: usize) {
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
