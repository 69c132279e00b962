//! The output of the program so far, and the thread that reads it.
//!
//! It is shown by whole frames. Readers wait on its condition variable, which is notified whenever bytes arrive.

use portable_pty::ExitStatus;
use std::io::Read;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Begin and end of a frame.
pub(crate) const FRAME: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

pub(super) type Shared = (Mutex<Seen>, Condvar);

/// The output so far.
pub(super) struct Seen {
    pub(super) parser: vt100::Parser,
    pub(super) raw: Vec<u8>,
    /// How much of it the emulator has.
    shown: usize,
    pub(super) ended: bool,
    /// The reader must stop after the next bytes.
    pub(super) stop: bool,
    /// The reader must pause.
    pub(super) held: bool,
    pub(super) exit: Option<ExitStatus>,
}

impl Seen {
    pub(super) fn new((columns, rows): (u16, u16)) -> Self {
        let parser = vt100::Parser::new(some(rows), some(columns), 0);
        Self { parser, raw: Vec::new(), shown: 0, ended: false, stop: false, held: false, exit: None }
    }

    /// Gives the emulator everything except an incomplete frame.
    fn show(&mut self) {
        let rest = &self.raw[self.shown..];
        let begin = rfind(rest, FRAME[0]);
        let end = rfind(rest, FRAME[1]);
        let whole = match begin {
            Some(begin) if end.is_none_or(|end| end < begin) && !self.ended => begin,
            _ if self.ended => rest.len(),
            // The last bytes may be the beginning of a mark.
            _ => rest.len() - (1..FRAME[0].len()).rev().find(|n| rest.ends_with(&FRAME[0][..*n])).unwrap_or(0),
        };
        self.parser.process(&self.raw[self.shown..self.shown + whole]);
        self.shown += whole;
    }

    pub(super) fn is_over(&self) -> bool {
        self.ended && self.exit.is_some()
    }
}

pub(super) fn some(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// Returns the last position of these bytes.
pub(crate) fn rfind(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|window| window == part)
}

/// Returns the frames of a stream, each with the bytes before it.
pub(crate) fn frames(raw: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut frames) = (raw, Vec::new());
    while let Some(end) = rest.windows(FRAME[1].len()).position(|window| window == FRAME[1]) {
        frames.push(&rest[..end]);
        rest = &rest[end + FRAME[1].len()..];
    }
    frames
}

pub(super) fn lock(seen: &Shared) -> MutexGuard<'_, Seen> {
    seen.0.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn change(seen: &Shared, change: impl FnOnce(&mut Seen)) {
    change(&mut lock(seen));
    seen.1.notify_all();
}

/// Reads the output to its end, at most this many bytes at once.
pub(super) fn read(mut reader: Box<dyn Read + Send>, seen: &Shared, at_once: usize) {
    let mut chunk = vec![0; at_once];
    loop {
        drop(seen.1.wait_while(lock(seen), |seen| seen.held).unwrap_or_else(PoisonError::into_inner));
        let count = reader.read(&mut chunk).unwrap_or(0);
        let mut stop = count == 0;
        change(seen, |seen| {
            seen.raw.extend_from_slice(&chunk[..count]);
            seen.ended = count == 0;
            seen.show();
            stop |= seen.stop;
        });
        if stop {
            return;
        }
    }
}
