//! A connection as it can be looked at from beside: how it begins, and whether the caller has hung up.
//!
//! It looks through a descriptor of its own that is registered for each look, so that whoever reads the connection
//! misses nothing: not a byte, and not the news that there is one. What a look is for is not known here.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Weak};
use tokio::io::{Interest, Ready};
use tokio::net::TcpStream;

/// A connection for as long as somebody keeps it.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct ConnectionProbe(Weak<OwnedFd>);

/// Keeps a line. It belongs beside the connection, and goes with it.
#[derive(Debug)]
pub(in crate::sandbox) struct ProbeOwner(Arc<OwnedFd>);

impl ProbeOwner {
    /// Keeps the line of this connection.
    pub(in crate::sandbox) fn for_stream(stream: &TcpStream) -> io::Result<Self> {
        Ok(Self(Arc::new(stream.as_fd().try_clone_to_owned()?)))
    }

    /// The line.
    pub(in crate::sandbox) fn probe(&self) -> ConnectionProbe {
        ConnectionProbe(Arc::downgrade(&self.0))
    }
}

impl ConnectionProbe {
    /// Whether what the caller sends begins like this, as soon as that can be told. Nothing is read.
    pub(in crate::sandbox) async fn begins_with(&self, start: &[u8]) -> bool {
        match self.open_stream() {
            Ok(watch) => peek_begins_with(&watch, start).await.unwrap_or_default(),
            Err(_) => false,
        }
    }

    /// Ends when the caller has hung up, even with bytes that nobody has read yet. A caller who only says that
    /// nothing more will come cannot be told from one who has gone.
    pub(in crate::sandbox) async fn wait_for_hang_up(&self) {
        let Ok(watch) = self.open_stream() else { return };
        while watch.ready(Interest::READABLE).await.is_ok_and(|ready| !ready.is_read_closed()) {
            clear_readiness(&watch);
        }
    }

    /// Whether the caller has hung up by now. A line that cannot be looked at is one that nobody keeps.
    pub(in crate::sandbox) async fn has_hung_up(&self) -> bool {
        let Ok(watch) = self.open_stream() else { return true };
        // The first news of a line say all that is the case. That it can be written to is the case at any time.
        watch.ready(Interest::READABLE | Interest::WRITABLE).await.is_ok_and(Ready::is_read_closed)
    }

    fn open_stream(&self) -> io::Result<TcpStream> {
        let kept = self.0.upgrade().ok_or(io::ErrorKind::NotConnected)?;
        TcpStream::from_std(kept.try_clone()?.into())
    }
}

async fn peek_begins_with(watch: &TcpStream, start: &[u8]) -> io::Result<bool> {
    let mut first = vec![0; start.len()];
    loop {
        let ready = watch.ready(Interest::READABLE).await?;
        let seen = watch.peek(&mut first).await?;
        if seen == start.len() || !start.starts_with(&first[..seen]) || ready.is_read_closed() {
            return Ok(first[..seen] == *start);
        }
        clear_readiness(watch);
    }
}

/// Forgets that there is something to read, so that only more of it is news.
fn clear_readiness(watch: &TcpStream) {
    let nothing = || Err::<(), _>(io::ErrorKind::WouldBlock.into());
    // That there is nothing is said by an error, which is the point of it.
    let _ = watch.try_io(Interest::READABLE, nothing);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener};

    /// Runs this with a caller, and with the connection as it was accepted.
    fn with<F: Future<Output = ()>>(run: impl FnOnce(std::net::TcpStream, TcpStream, ProbeOwner) -> F) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let caller = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (accepted, _) = listener.accept().unwrap();
        accepted.set_nonblocking(true).unwrap();
        runtime.block_on(async {
            let accepted = TcpStream::from_std(accepted).unwrap();
            let kept = ProbeOwner::for_stream(&accepted).unwrap();
            run(caller, accepted, kept).await;
        });
    }

    #[rstest]
    #[case(&["POST /a"], true)]
    #[case(&["POST /a/b HTTP/1.1\r\n"], true)]
    #[case(&["P", "OST", " /a"], true)]
    #[case(&["GET /a"], false)]
    #[case(&["POST", " /b"], false)]
    #[case(&["POST "], false)]
    #[case(&[], false)]
    fn a_beginning_is_told_and_stays_to_be_read(#[case] parts: &'static [&'static str], #[case] expected: bool) {
        with(|mut caller, mut accepted, kept| async move {
            let looking = tokio::spawn(async move { (kept.probe().begins_with(b"POST /a").await, kept) });
            for part in parts {
                caller.write_all(part.as_bytes()).unwrap();
                tokio::task::yield_now().await;
            }
            drop(caller);
            assert_eq!(looking.await.unwrap().0, expected);
            let mut came = String::new();
            tokio::io::AsyncReadExt::read_to_string(&mut accepted, &mut came).await.unwrap();
            assert_eq!(came, parts.concat());
        });
    }

    #[rstest]
    #[case(b"")]
    #[case(b"unread")]
    fn a_caller_who_hangs_up_is_gone(#[case] unread: &'static [u8]) {
        with(|mut caller, accepted, kept| async move {
            caller.write_all(unread).unwrap();
            assert!(!kept.probe().has_hung_up().await);
            let line = kept.probe();
            let waiting = tokio::spawn(async move { line.wait_for_hang_up().await });
            tokio::task::yield_now().await;
            assert!(!waiting.is_finished());
            drop(caller);
            assert!(kept.probe().has_hung_up().await, "at once");
            waiting.await.unwrap();
            drop(accepted);
        });
    }

    #[test]
    fn a_line_keeps_no_connection_open() {
        with(|mut caller, accepted, kept| async move {
            let line = kept.probe();
            drop((accepted, kept));
            assert_eq!(caller.read(&mut [0]).unwrap(), 0);
            line.wait_for_hang_up().await;
            assert!(line.has_hung_up().await && !line.begins_with(b"").await);
        });
    }
}
