//! Output writer: the thread that writes to the terminal, so that nothing else waits for a terminal that does not read.
//!
//! A connection may hang, and a window may be stopped, while the reply to an order arrives or a signal tells the
//! program to end. So the caller first checks whether the former output is written, and otherwise draws later: only the
//! newest frame is ever made.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A handle of the writer thread. The thread ends when this is dropped and all bytes are written.
pub(super) struct TerminalWriter(Arc<WriterShared>);

#[derive(Default)]
struct WriterShared {
    state: Mutex<WriterState>,
    changed: Condvar,
}

#[derive(Default)]
struct WriterState {
    /// The bytes to write next.
    queued: Vec<u8>,
    /// Whether the thread is writing.
    busy: bool,
    /// Whether to call `tell` when all bytes are written.
    notify_when_idle: bool,
    /// Why writing has failed. Nothing can be written after that.
    failed: Option<io::ErrorKind>,
    /// Whether the handle was dropped.
    is_closed: bool,
}

impl WriterState {
    fn is_idle(&self) -> bool {
        self.queued.is_empty() && !self.busy
    }
}

impl WriterShared {
    fn lock_state(&self) -> MutexGuard<'_, WriterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TerminalWriter {
    /// Starts the thread. The thread calls `tell` after [`Self::is_idle`] returned false and all bytes are written, and
    /// when writing fails.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(tty: File, tell: impl Fn() + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(WriterShared::default());
        let writer = Self(Arc::clone(&shared));
        std::thread::Builder::new().name("output".into()).spawn(move || write_queued_bytes(tty, &shared, tell))?;
        Ok(writer)
    }

    /// Returns true if all bytes are written. If not, the thread calls `tell` once they are.
    ///
    /// # Errors
    /// Writing has failed.
    pub(super) fn is_idle(&self) -> io::Result<bool> {
        let mut state = self.0.lock_state();
        if let Some(kind) = state.failed {
            return Err(kind.into());
        }
        state.notify_when_idle = !state.is_idle();
        Ok(!state.notify_when_idle)
    }

    /// Queues bytes after those that are not written yet.
    pub(super) fn queue_bytes(&self, bytes: &[u8]) {
        self.0.lock_state().queued.extend_from_slice(bytes);
        self.0.changed.notify_all();
    }

    /// Waits until all bytes are written or writing fails, but at most for `most`. Returns true if the thread has
    /// nothing left to write.
    pub(super) fn wait_until_written(&self, most: Duration) -> bool {
        let state = self.0.lock_state();
        let (state, _) = self
            .0
            .changed
            .wait_timeout_while(state, most, |state| !state.is_idle())
            .unwrap_or_else(PoisonError::into_inner);
        state.is_idle()
    }
}

impl Drop for TerminalWriter {
    fn drop(&mut self) {
        self.0.lock_state().is_closed = true;
        self.0.changed.notify_all();
    }
}

fn write_queued_bytes(mut tty: File, shared: &WriterShared, tell: impl Fn()) {
    let mut bytes = Vec::new();
    loop {
        let state = shared.lock_state();
        let nothing = |state: &mut WriterState| state.queued.is_empty() && !state.is_closed;
        let mut state = shared.changed.wait_while(state, nothing).unwrap_or_else(PoisonError::into_inner);
        if state.queued.is_empty() {
            return;
        }
        bytes.clear();
        std::mem::swap(&mut bytes, &mut state.queued);
        state.busy = true;
        drop(state);
        let written = tty.write_all(&bytes);
        let mut state = shared.lock_state();
        state.busy = false;
        state.failed = state.failed.or(written.err().map(|error| error.kind()));
        let must_notify = state.failed.is_some() || state.notify_when_idle && state.is_idle();
        state.notify_when_idle &= !must_notify;
        drop(state);
        shared.changed.notify_all();
        if must_notify {
            tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc::{Receiver, channel};

    const PATIENCE: Duration = Duration::from_secs(30);

    /// Returns a writer, the other end of its line, and the receiver of its notifications.
    fn line() -> (TerminalWriter, UnixStream, Receiver<()>) {
        let (near, far) = UnixStream::pair().unwrap();
        let (send, must_notify) = channel();
        let writer = TerminalWriter::start(File::from(OwnedFd::from(near)), move || send.send(()).unwrap()).unwrap();
        (writer, far, must_notify)
    }

    #[test]
    fn bytes_are_written_in_order() {
        let (writer, mut far, _told) = line();
        for part in ["one ", "two ", "three"] {
            writer.queue_bytes(part.as_bytes());
        }
        assert!(writer.wait_until_written(PATIENCE));
        drop(writer);
        let mut text = String::new();
        far.read_to_string(&mut text).unwrap();
        assert_eq!(text, "one two three");
    }

    #[test]
    fn the_writer_never_blocks_on_a_full_line() {
        const MUCH: usize = 8 * 1024 * 1024;
        let (writer, mut far, must_notify) = line();
        writer.queue_bytes(&vec![b'x'; MUCH]);
        assert!(!writer.wait_until_written(Duration::from_millis(50)));
        assert!(!writer.is_idle().unwrap());
        assert!(must_notify.try_recv().is_err());
        far.read_exact(&mut vec![0; MUCH]).unwrap();
        // The notification was requested, and comes once.
        must_notify.recv_timeout(PATIENCE).unwrap();
        assert!(writer.is_idle().unwrap() && writer.wait_until_written(Duration::ZERO));
        writer.queue_bytes(b"y");
        assert!(writer.wait_until_written(PATIENCE));
        assert!(must_notify.try_recv().is_err());
    }

    #[test]
    fn a_closed_line_is_reported() {
        let (writer, far, must_notify) = line();
        drop(far);
        writer.queue_bytes(b"x");
        must_notify.recv_timeout(PATIENCE).unwrap();
        assert!(writer.wait_until_written(PATIENCE));
        assert!(writer.is_idle().is_err());
    }
}
