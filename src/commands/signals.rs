//! What ends a command that takes its time: a signal, or that nobody reads its output any more.
//!
//! A signal becomes an exit code, so that what was begun is put away first: what is to be written down is, and locks
//! are let go of. It knows nothing of what is under way.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal as Number;
use std::io;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// From now on a write beyond the largest size that a file may have here (`ulimit -f`) fails as on a full disk, and
/// does not end the program: what became of an order is told.
pub(super) fn survive_file_size_limit() {
    // Where the system does not take a handler, all stays as it was.
    let _ = signal_hook::flag::register(Number::XFSZ.as_raw(), Arc::default());
}

/// The signals that tell a program to end.
pub(super) struct TerminationSignals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
}

impl TerminationSignals {
    /// From now on these signals are heard, and end nothing by themselves. Within a runtime.
    ///
    /// # Errors
    /// Where the system does not let them be heard.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// The exit code of the one that comes, as a shell tells it.
    pub(super) async fn wait_for_exit_code(&mut self) -> u8 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
            _ = self.quit.recv() => SignalKind::quit(),
        };
        // Their numbers are 15 at most.
        u8::try_from(128 + kind.as_raw_value()).unwrap_or(u8::MAX)
    }
}

/// The means to wait for several things at once.
///
/// # Errors
/// Where the system gives no event queue.
pub(super) fn build_runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Comes back once nobody reads standard output any more; never where it is a file. A program that only writes when
/// something changes would not learn of it otherwise.
pub(super) async fn wait_until_stdout_closed() {
    let waited = tokio::task::spawn_blocking(|| {
        let out = io::stdout();
        // Nothing is asked for: that the other side is gone is told all the same.
        let gone = |flags: PollFlags| flags.intersects(PollFlags::ERR | PollFlags::HUP);
        let mut out = [PollFd::new(&out, PollFlags::empty())];
        poll(&mut out, None).is_ok() && gone(out[0].revents())
    });
    if !waited.await.unwrap_or(false) {
        std::future::pending::<()>().await;
    }
}
