//! What ends a long command: a signal, or a reader that closes standard output.
//!
//! A signal becomes an exit code, so that the command can finish its writes and release its locks first. This module
//! does not know what the command does.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal as Number;
use std::io;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Makes a write beyond the file size limit (`ulimit -f`) fail like a full disk instead of ending the program, so that
/// the outcome of an order is still reported.
pub(super) fn survive_file_size_limit() {
    // If the system accepts no handler, the signal keeps its default effect.
    let _ = signal_hook::flag::register(Number::XFSZ.as_raw(), Arc::default());
}

/// The signals that ask a program to end.
pub(super) struct TerminationSignals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
}

impl TerminationSignals {
    /// Starts to receive the signals, which then no longer end the program by themselves. It needs a runtime.
    ///
    /// # Errors
    /// The system does not allow it.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// Waits for a signal, and returns its exit code, as shells define it.
    pub(super) async fn wait_for_exit_code(&mut self) -> u8 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
            _ = self.quit.recv() => SignalKind::quit(),
        };
        // The signal numbers are at most 15.
        u8::try_from(128 + kind.as_raw_value()).unwrap_or(u8::MAX)
    }
}

/// Builds the runtime, which can wait for several things at once.
///
/// # Errors
/// The system provides no event queue.
pub(super) fn build_runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Returns when the reader closes standard output; never for a file. Without this, a program that writes only when
/// something changes would not notice it.
pub(super) async fn wait_until_stdout_closed() {
    let waited = tokio::task::spawn_blocking(|| {
        let out = io::stdout();
        // No event is requested, but a closed pipe is reported anyway.
        let is_closed = |flags: PollFlags| flags.intersects(PollFlags::ERR | PollFlags::HUP);
        let mut out = [PollFd::new(&out, PollFlags::empty())];
        poll(&mut out, None).is_ok() && is_closed(out[0].revents())
    });
    if !waited.await.unwrap_or(false) {
        std::future::pending::<()>().await;
    }
}
