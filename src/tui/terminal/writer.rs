//! The thread that writes to the terminal, so that nobody else waits for a terminal that does not read.
//!
//! A connection may hang, and a window may be stopped, while an order is answered and somebody tells the program to end.
//! Whoever paints asks first whether what was written before has left, and paints later where it has not: so only the
//! newest frame is ever made. It knows nothing of what is in the bytes.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The way to the terminal. The thread ends when this is dropped and nothing is left to be written.
pub(super) struct TerminalWriter(Arc<WriterShared>);

#[derive(Default)]
struct WriterShared {
    state: Mutex<WriterState>,
    changed: Condvar,
}

#[derive(Default)]
struct WriterState {
    /// What is to be written next.
    queued: Vec<u8>,
    /// Whether something is being written.
    busy: bool,
    /// Somebody wants to be told when nothing is left.
    notify_when_idle: bool,
    /// Why nothing can be written any more.
    failed: Option<io::ErrorKind>,
    /// Whether nothing more comes.
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
    /// Starts the thread. `tell` is called from it once everything is written, where that was asked for, and when
    /// nothing can be written any more.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(super) fn start(tty: File, tell: impl Fn() + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(WriterShared::default());
        let writer = Self(Arc::clone(&shared));
        std::thread::Builder::new().name("output".into()).spawn(move || write_queued_bytes(tty, &shared, tell))?;
        Ok(writer)
    }

    /// Whether everything was written. Where it was not, that is told once it is.
    ///
    /// # Errors
    /// Where nothing can be written any more.
    pub(super) fn is_idle(&self) -> io::Result<bool> {
        let mut state = self.0.lock_state();
        if let Some(kind) = state.failed {
            return Err(kind.into());
        }
        state.notify_when_idle = !state.is_idle();
        Ok(!state.notify_when_idle)
    }

    /// Has bytes written after all that came before.
    pub(super) fn queue_bytes(&self, bytes: &[u8]) {
        self.0.lock_state().queued.extend_from_slice(bytes);
        self.0.changed.notify_all();
    }

    /// Waits until everything is written, at most so long. Answers whether it is.
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
        let told = state.failed.is_some() || state.notify_when_idle && state.is_idle();
        state.notify_when_idle &= !told;
        drop(state);
        shared.changed.notify_all();
        if told {
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

    /// A writer, the other end of its line, and what it tells.
    fn line() -> (TerminalWriter, UnixStream, Receiver<()>) {
        let (near, far) = UnixStream::pair().unwrap();
        let (send, told) = channel();
        let writer = TerminalWriter::start(File::from(OwnedFd::from(near)), move || send.send(()).unwrap()).unwrap();
        (writer, far, told)
    }

    #[test]
    fn bytes_leave_in_their_order() {
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
    fn nobody_waits_for_a_line_that_takes_nothing() {
        const MUCH: usize = 8 * 1024 * 1024;
        let (writer, mut far, told) = line();
        writer.queue_bytes(&vec![b'x'; MUCH]);
        assert!(!writer.wait_until_written(Duration::from_millis(50)));
        assert!(!writer.is_idle().unwrap());
        assert!(told.try_recv().is_err());
        far.read_exact(&mut vec![0; MUCH]).unwrap();
        // It was asked for, and is told once.
        told.recv_timeout(PATIENCE).unwrap();
        assert!(writer.is_idle().unwrap() && writer.wait_until_written(Duration::ZERO));
        writer.queue_bytes(b"y");
        assert!(writer.wait_until_written(PATIENCE));
        assert!(told.try_recv().is_err());
    }

    #[test]
    fn that_the_line_is_gone_is_told() {
        let (writer, far, told) = line();
        drop(far);
        writer.queue_bytes(b"x");
        told.recv_timeout(PATIENCE).unwrap();
        assert!(writer.wait_until_written(PATIENCE));
        assert!(writer.is_idle().is_err());
    }
}
