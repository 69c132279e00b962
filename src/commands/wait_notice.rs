//! What is said where a program waits for bytes that somebody else is to send.
//!
//! Whoever sits at a terminal would take it for a program that hangs. A script is told nothing.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// So long nothing comes before it is said.
const NOTICE_DELAY: Duration = Duration::from_secs(2);

/// Says on a terminal what is waited for, unless it is dropped before.
pub(super) struct WaitNotice {
    _cancel: Option<Sender<()>>,
}

impl WaitNotice {
    /// From now on these words are due.
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
        // Without a thread it is waited all the same.
        let _ = thread::Builder::new().name("waiting".to_owned()).spawn(say);
        Self { _cancel: Some(until) }
    }
}

/// A source of bytes, with a notice that is due until the first of them has come.
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
