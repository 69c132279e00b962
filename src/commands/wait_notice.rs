//! The notice that a command waits for input from another program.
//!
//! Without it, a user at a terminal would think that the program hangs. Scripts get no notice.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long the command waits before it prints the notice.
const NOTICE_DELAY: Duration = Duration::from_secs(2);

/// Prints on a terminal what the command waits for, unless it is dropped first.
pub(super) struct WaitNotice {
    _cancel: Option<Sender<()>>,
}

impl WaitNotice {
    /// Starts the delay before the notice.
    pub(super) fn start(words: String) -> Self {
        if !io::stderr().is_terminal() {
            return Self { _cancel: None };
        }
        let (until, waiting) = channel();
        let say = move || {
            if waiting.recv_timeout(NOTICE_DELAY) == Err(RecvTimeoutError::Timeout) {
                super::eprint_lines(&words);
            }
        };
        // If no thread starts, the command waits without a notice.
        let _ = thread::Builder::new().name("waiting".to_owned()).spawn(say);
        Self { _cancel: Some(until) }
    }
}

/// A reader with a notice that is canceled when the first bytes arrive.
pub(super) struct NoticeReader<R> {
    source: R,
    notice: Option<WaitNotice>,
}

impl<R: Read> NoticeReader<R> {
    pub(super) fn new(source: R, notice: WaitNotice) -> Self {
        Self { source, notice: Some(notice) }
    }
}

impl<R: Read> Read for NoticeReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer);
        self.notice = None;
        read
    }
}
