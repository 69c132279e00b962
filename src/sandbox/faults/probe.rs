//! Connection probe: looks at how a connection begins and whether its caller has hung up, without reading from it.
//!
//! The probe uses its own descriptor, which it registers again for each look. So the code that reads the connection
//! misses nothing: no byte, and no notification of one. What a look is for is decided elsewhere.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Weak};
use tokio::io::{Interest, Ready};
use tokio::net::TcpStream;

/// A probe of a connection. It works for as long as its [`ProbeOwner`] exists.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct ConnectionProbe(Weak<OwnedFd>);

/// Keeps the descriptor of a probe. It is stored next to the connection and dropped with it.
#[derive(Debug)]
pub(in crate::sandbox) struct ProbeOwner(Arc<OwnedFd>);

impl ProbeOwner {
    pub(in crate::sandbox) fn for_stream(stream: &TcpStream) -> io::Result<Self> {
        Ok(Self(Arc::new(stream.as_fd().try_clone_to_owned()?)))
    }

    pub(in crate::sandbox) fn probe(&self) -> ConnectionProbe {
        ConnectionProbe(Arc::downgrade(&self.0))
    }
}

impl ConnectionProbe {
    /// Returns true if the bytes that the caller sends begin with `start`. Waits only until that is certain, and reads
    /// nothing.
    pub(in crate::sandbox) async fn begins_with(&self, start: &[u8]) -> bool {
        match self.open_stream() {
            Ok(watch) => peek_begins_with(&watch, start).await.unwrap_or_default(),
            Err(_) => false,
        }
    }

    /// Completes when the caller has hung up, even if there are unread bytes. A caller who only closes the sending side
    /// cannot be distinguished from one who has gone.
    pub(in crate::sandbox) async fn wait_for_hang_up(&self) {
        let Ok(watch) = self.open_stream() else { return };
        while watch.ready(Interest::READABLE).await.is_ok_and(|ready| !ready.is_read_closed()) {
            clear_readiness(&watch);
        }
    }

    /// Returns true if the caller has hung up. A connection without an owner counts as hung up.
    pub(in crate::sandbox) async fn has_hung_up(&self) -> bool {
        let Ok(watch) = self.open_stream() else { return true };
        // The first notification of a new registration reports the full state. It comes at once, because a connection
        // is always writable.
        watch.ready(Interest::READABLE | Interest::WRITABLE).await.is_ok_and(Ready::is_read_closed)
    }

    fn open_stream(&self) -> io::Result<TcpStream> {
        let connection = self.0.upgrade().ok_or(io::ErrorKind::NotConnected)?;
        TcpStream::from_std(connection.try_clone()?.into())
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

/// Clears the readiness, so that only new bytes cause a notification.
fn clear_readiness(watch: &TcpStream) {
    let nothing = || Err::<(), _>(io::ErrorKind::WouldBlock.into());
    // The error is expected: only `WouldBlock` makes tokio clear the readiness.
    let _ = watch.try_io(Interest::READABLE, nothing);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener};

    /// Runs a test with the caller's side of a connection and the accepted side.
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
    fn a_prefix_is_recognized_and_stays_unread(#[case] parts: &'static [&'static str], #[case] expected: bool) {
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
    fn a_caller_that_closes_the_connection_is_gone(#[case] unread: &'static [u8]) {
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
    fn a_probe_keeps_no_connection_open() {
        with(|mut caller, accepted, kept| async move {
            let line = kept.probe();
            drop((accepted, kept));
            assert_eq!(caller.read(&mut [0]).unwrap(), 0);
            line.wait_for_hang_up().await;
            assert!(line.has_hung_up().await && !line.begins_with(b"").await);
        });
    }
}
