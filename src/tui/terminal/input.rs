//! Input reader: the thread that reads the terminal and sends keys and pastes until the terminal is gone.
//!
//! The thread pauses while another program has the terminal, because a key goes to whichever program reads it first.
//! The thread also stops reading while too much input is unhandled: then the terminal waits, and memory does not grow.

use super::parse::{InputParser, ParsedInput};
use crate::secret::SecretText;
use crate::tui::key::{KeyCode, KeyPress};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The default time for which Esc waits for more bytes. The bytes of a key arrive in pieces over a slow line, and a
/// person who presses Esc does not notice so short a delay.
pub const ESCAPE_WAIT: Duration = Duration::from_millis(80);

/// Input from the terminal.
#[derive(Debug, Clone, PartialEq)]
pub enum TerminalInput {
    Key(KeyPress),
    /// Several characters that were typed one after the other and arrived together.
    Typed(SecretText),
    Paste(SecretText),
    /// A character that cannot be read: its bytes are not UTF-8.
    InvalidUtf8,
    /// The terminal is gone.
    Gone,
}

/// A handle of the thread that reads the terminal. It pauses and resumes the thread, and dropping it ends the thread.
pub struct InputReader {
    gate: Arc<ReaderGate>,
    wake: UnixStream,
}

/// What the thread does, or is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReaderState {
    Reading,
    /// The thread is asked to pause, and does not know it yet.
    PauseRequested,
    Paused,
    /// The thread discards the available input, and then reads again.
    Discarding,
    /// The thread has ended, or is asked to end because nobody listens any more.
    Ended,
}

/// The number of unhandled inputs at which the thread stops reading.
const MAX_UNREAD: usize = 512;

/// Coordinates the thread and the code that lends the terminal.
struct ReaderGate {
    inside: Mutex<GateState>,
    changed: Condvar,
}

struct GateState {
    reader_state: ReaderState,
    /// The number of inputs that were sent and are not handled yet.
    unread_count: usize,
}

impl ReaderGate {
    fn lock_state(&self) -> MutexGuard<'_, GateState> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader_state(&self) -> ReaderState {
        self.lock_state().reader_state
    }

    fn set_reader_state(&self, stand: ReaderState) {
        self.lock_state().reader_state = stand;
        self.changed.notify_all();
    }

    /// Waits while the state is this one.
    fn wait_while(&self, stand: ReaderState) {
        let guard = self.lock_state();
        drop(
            self.changed
                .wait_while(guard, |inside| inside.reader_state == stand)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// Waits until there is room for more input, or the state is no longer `Reading`. Returns the state.
    fn wait_for_room(&self) -> ReaderState {
        let full =
            |inside: &mut GateState| inside.reader_state == ReaderState::Reading && inside.unread_count >= MAX_UNREAD;
        self.changed.wait_while(self.lock_state(), full).unwrap_or_else(PoisonError::into_inner).reader_state
    }

    /// Pauses the thread if that is requested, until the state changes.
    fn pause_if_requested(&self) {
        if self.reader_state() == ReaderState::PauseRequested {
            self.set_reader_state(ReaderState::Paused);
            self.wait_while(ReaderState::Paused);
        }
    }
}

impl InputReader {
    /// Pauses the thread. Once this returns, nothing more is read from the terminal. Input that was read before is
    /// still sent.
    pub fn pause_reading(&mut self) {
        if self.gate.reader_state() != ReaderState::Reading {
            return;
        }
        self.gate.set_reader_state(ReaderState::PauseRequested);
        // A failed write means that the thread has ended, so nothing needs to wake it.
        let _ = self.wake.write_all(b".");
        self.gate.wait_while(ReaderState::PauseRequested);
    }

    /// Call this for every input that was handled: it makes room for one more.
    pub fn release_one(&self) {
        let mut inside = self.gate.lock_state();
        inside.unread_count = inside.unread_count.saturating_sub(1);
        drop(inside);
        self.gate.changed.notify_all();
    }

    /// Discards the input that was typed for the other program, and reads again. If a report has arrived in part by
    /// then, its rest is still recognized as part of a report.
    pub fn resume_reading(&mut self) {
        if self.gate.reader_state() == ReaderState::Paused {
            self.gate.set_reader_state(ReaderState::Discarding);
            self.gate.wait_while(ReaderState::Discarding);
        }
    }
}

impl Drop for InputReader {
    /// The next program that has the terminal must get every key: a thread that still waits for input would take one.
    fn drop(&mut self) {
        if self.gate.reader_state() == ReaderState::Reading {
            self.gate.set_reader_state(ReaderState::PauseRequested);
            let _ = self.wake.write_all(b".");
        }
        // A terminal that does not respond must not prevent the person from leaving.
        let guard = self.gate.lock_state();
        let asked = |inside: &mut GateState| inside.reader_state == ReaderState::PauseRequested;
        drop(self.gate.changed.wait_timeout_while(guard, END_TIMEOUT, asked).unwrap_or_else(PoisonError::into_inner));
        self.gate.set_reader_state(ReaderState::Ended);
    }
}

/// How long dropping the handle waits for the thread.
const END_TIMEOUT: Duration = Duration::from_millis(500);

/// Reads the terminal until it is gone or nobody listens any more. `hear` returns true as long as somebody listens. Esc
/// waits for `escape_wait` for more bytes.
///
/// # Errors
/// The system gives no thread or no pair of sockets.
pub fn start_reading(
    escape_wait: Duration,
    mut hear: impl FnMut(TerminalInput) -> bool + Send + 'static,
) -> io::Result<InputReader> {
    let (wake, mut woken) = UnixStream::pair()?;
    let gate = Arc::new(ReaderGate {
        inside: Mutex::new(GateState { reader_state: ReaderState::Reading, unread_count: 0 }),
        changed: Condvar::new(),
    });
    let ear = InputReader { gate: Arc::clone(&gate), wake };
    let read = move || {
        let mut parser = InputParser::new(escape_wait);
        while read_once(&mut parser, &mut woken, &gate, &mut hear) {}
        let wanted = gate.reader_state() != ReaderState::Ended;
        gate.set_reader_state(ReaderState::Ended);
        if wanted {
            hear(TerminalInput::Gone);
        }
    };
    std::thread::Builder::new().name("input".into()).spawn(read)?;
    Ok(ear)
}

/// What the thread waited for.
enum ReaderEvent {
    /// There are bytes to read.
    Bytes,
    /// The parser waited for more bytes, and the time for that is over.
    TimedOut,
    PauseRequested,
    /// The terminal is gone, or nobody listens any more.
    Ended,
}

/// The most bytes of one read.
const READ_BYTES: usize = 4096;

/// The most reads while discarding.
const MAX_DISCARD_READS: usize = 256;

/// Waits for one event and sends the input that results from it. Returns true if the thread goes on.
fn read_once(
    parser: &mut InputParser,
    woken: &mut UnixStream,
    gate: &ReaderGate,
    hear: &mut impl FnMut(TerminalInput) -> bool,
) -> bool {
    let mut heard = true;
    let mut hear = |input| {
        gate.lock_state().unread_count += 1;
        heard = heard && hear(input);
    };
    let mut run = TypedBatch::default();
    let mut tell = |sent| run.take_input(sent, &mut hear);
    match wait_for_event(woken, gate, parser.wait_limit()) {
        ReaderEvent::Ended => return false,
        ReaderEvent::TimedOut => parser.finish_pending(&mut tell),
        ReaderEvent::PauseRequested => {
            // Input that was typed before is sent. Later input is for another program.
            parser.finish_pending(&mut tell);
            gate.pause_if_requested();
            if gate.reader_state() == ReaderState::Discarding {
                discard_pending(parser);
                gate.set_reader_state(ReaderState::Reading);
            }
        }
        ReaderEvent::Bytes => {
            // The bytes may contain a card number, so they are wiped.
            let mut bytes = Zeroizing::new([0; READ_BYTES]);
            match rustix::io::read(io::stdin(), &mut *bytes) {
                Ok(0) => return false,
                Ok(count) => parser.feed_bytes(&bytes[..count], &mut tell),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return false,
            }
        }
    }
    run.flush_text(&mut hear);
    heard
}

/// Discards the input that is available now. It reads and parses the input instead of flushing it, because later bytes
/// may continue a sequence.
fn discard_pending(parser: &mut InputParser) {
    let stdin = io::stdin();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // The limit keeps input without end from blocking the thread.
    for _ in 0..MAX_DISCARD_READS {
        let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
        if !matches!(poll(&mut watched, Some(&now)), Ok(1)) || !watched[0].revents().contains(PollFlags::IN) {
            return;
        }
        let mut bytes = Zeroizing::new([0; READ_BYTES]);
        match rustix::io::read(&stdin, &mut *bytes) {
            Ok(count) if count > 0 => parser.feed_bytes(&bytes[..count], &mut |_| ()),
            _ => return,
        }
    }
}

/// The most characters that are sent as one input. Handling more would delay a signal too long.
const MAX_BATCH_CHARS: usize = 64;

/// Collects characters that arrive together until other input follows: a paste may arrive as thousands of keys.
#[derive(Default)]
struct TypedBatch {
    text: Zeroizing<String>,
    chars: usize,
}

impl TypedBatch {
    fn take_input(&mut self, sent: ParsedInput, hear: &mut impl FnMut(TerminalInput)) {
        let input = match sent {
            ParsedInput::Key(KeyPress { code: KeyCode::Char(c), ctrl: false, alt: false, .. }) if !c.is_control() => {
                return self.push_char(c, hear);
            }
            ParsedInput::Key(key) => TerminalInput::Key(key),
            ParsedInput::Paste(text) => TerminalInput::Paste(text),
            ParsedInput::InvalidUtf8 => TerminalInput::InvalidUtf8,
        };
        self.flush_text(hear);
        hear(input);
    }

    fn push_char(&mut self, c: char, hear: &mut impl FnMut(TerminalInput)) {
        if self.chars == 0 {
            // A string that grows leaves unwiped copies behind.
            self.text.reserve_exact(MAX_BATCH_CHARS * char::MAX.len_utf8());
        }
        self.text.push(c);
        self.chars += 1;
        if self.chars == MAX_BATCH_CHARS {
            self.flush_text(hear);
        }
    }

    /// Sends the collected characters.
    fn flush_text(&mut self, hear: &mut impl FnMut(TerminalInput)) {
        let (text, chars) = (std::mem::take(&mut *self.text), std::mem::take(&mut self.chars));
        match (chars, text.chars().next()) {
            (1, Some(c)) => hear(TerminalInput::Key(KeyPress::plain(KeyCode::Char(c)))),
            (0, _) => {}
            _ => hear(TerminalInput::Typed(SecretText::from(text))),
        }
    }
}

/// Waits until there is something to read or to do, but at most for `patience`.
fn wait_for_event(woken: &mut UnixStream, gate: &ReaderGate, patience: Option<Duration>) -> ReaderEvent {
    let stdin = io::stdin();
    let deadline = patience.map(|patience| Instant::now() + patience);
    loop {
        match gate.wait_for_room() {
            ReaderState::Ended => return ReaderEvent::Ended,
            ReaderState::PauseRequested => return ReaderEvent::PauseRequested,
            ReaderState::Reading | ReaderState::Paused | ReaderState::Discarding => {}
        }
        let mut watched = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&*woken, PollFlags::IN)];
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        let found = match poll(&mut watched, left.as_ref()) {
            Err(Errno::INTR) => continue,
            Err(_) => return ReaderEvent::Ended,
            Ok(0) => return ReaderEvent::TimedOut,
            Ok(_) => watched.map(|one| one.revents()),
        };
        if found[1].contains(PollFlags::IN) {
            // Every wake-up writes one byte. The byte has no meaning of its own.
            let _ = woken.read(&mut [0]);
        } else if !found[0].is_empty() {
            let gone = !found[0].contains(PollFlags::IN) || found[0].intersects(PollFlags::HUP | PollFlags::ERR);
            return if gone { ReaderEvent::Ended } else { ReaderEvent::Bytes };
        }
    }
}
