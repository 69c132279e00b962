//! The thread that reads the terminal: what it brings is told as keys and pastes, until the terminal is gone.
//!
//! While another program has the terminal the thread rests: whoever reads it first has the key. It reads no further either
//! while much of what it has read waits to be taken: then the terminal is held up, and nothing grows.

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

/// How long Esc waits for what may follow it, where nobody says otherwise: over a slow line a key comes in pieces, and
/// nobody who presses Esc notices so little.
pub const ESCAPE_WAIT: Duration = Duration::from_millis(80);

/// Something that the terminal brings.
#[derive(Debug, Clone, PartialEq)]
pub enum TerminalInput {
    /// A key.
    Key(KeyPress),
    /// Several characters that were typed one after the other and came at once.
    Typed(SecretText),
    /// A paste.
    Paste(SecretText),
    /// A letter that cannot be read: its bytes are not UTF-8.
    InvalidUtf8,
    /// The terminal is gone.
    Gone,
}

/// Whoever reads the terminal, to be told to leave it alone for a while.
pub struct InputReader {
    gate: Arc<ReaderGate>,
    wake: UnixStream,
}

/// How the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReaderState {
    /// It reads.
    Reading,
    /// It is to leave the terminal alone, and does not know yet.
    PauseRequested,
    /// It leaves it alone.
    Paused,
    /// It is to throw away what is there, and then to read on.
    Discarding,
    /// It has ended, or is to: nobody listens any more.
    Ended,
}

/// So much may wait to be taken before the reader reads on.
const MAX_UNREAD: usize = 512;

/// Where the reader and who gives the terminal away meet.
struct ReaderGate {
    inside: Mutex<GateState>,
    changed: Condvar,
}

struct GateState {
    reader_state: ReaderState,
    /// How much was read and not taken yet.
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

    /// Waits while it stands like this.
    fn wait_while(&self, stand: ReaderState) {
        let guard = self.lock_state();
        drop(
            self.changed
                .wait_while(guard, |inside| inside.reader_state == stand)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// Waits until there is room for more, or something else is to be done.
    fn wait_for_room(&self) -> ReaderState {
        let full =
            |inside: &mut GateState| inside.reader_state == ReaderState::Reading && inside.unread_count >= MAX_UNREAD;
        self.changed.wait_while(self.lock_state(), full).unwrap_or_else(PoisonError::into_inner).reader_state
    }

    /// Where the reader is asked to, it rests until it is told to go on.
    fn pause_if_requested(&self) {
        if self.reader_state() == ReaderState::PauseRequested {
            self.set_reader_state(ReaderState::Paused);
            self.wait_while(ReaderState::Paused);
        }
    }
}

impl InputReader {
    /// Once this returns nothing of the terminal is read any more. What was read before is heard.
    pub fn pause_reading(&mut self) {
        if self.gate.reader_state() != ReaderState::Reading {
            return;
        }
        self.gate.set_reader_state(ReaderState::PauseRequested);
        // Where the thread has ended nobody reads this, and nobody has to.
        let _ = self.wake.write_all(b".");
        self.gate.wait_while(ReaderState::PauseRequested);
    }

    /// Something that was heard was taken: there is room for more.
    pub fn release_one(&self) {
        let mut inside = self.gate.lock_state();
        inside.unread_count = inside.unread_count.saturating_sub(1);
        drop(inside);
        self.gate.changed.notify_all();
    }

    /// Throws away what was typed for who had the terminal, and reads again. Of a report that had come in part the rest
    /// is still known for one.
    pub fn resume_reading(&mut self) {
        if self.gate.reader_state() == ReaderState::Paused {
            self.gate.set_reader_state(ReaderState::Discarding);
            self.gate.wait_while(ReaderState::Discarding);
        }
    }
}

impl Drop for InputReader {
    /// Whoever has the terminal next gets every key: what still waited for one would take it away.
    fn drop(&mut self) {
        if self.gate.reader_state() == ReaderState::Reading {
            self.gate.set_reader_state(ReaderState::PauseRequested);
            let _ = self.wake.write_all(b".");
        }
        // A terminal that does not answer must not keep anybody from leaving.
        let guard = self.gate.lock_state();
        let asked = |inside: &mut GateState| inside.reader_state == ReaderState::PauseRequested;
        drop(self.gate.changed.wait_timeout_while(guard, END_TIMEOUT, asked).unwrap_or_else(PoisonError::into_inner));
        self.gate.set_reader_state(ReaderState::Ended);
    }
}

/// How long the end waits for the thread that reads the terminal.
const END_TIMEOUT: Duration = Duration::from_millis(500);

/// Reads the terminal until it is gone or nobody listens any more. `hear` answers whether somebody does. Esc waits so long
/// for what may follow it.
///
/// # Errors
/// Where no thread can be had.
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

/// What the thread has waited for.
enum ReaderEvent {
    /// There are bytes.
    Bytes,
    /// The time is over in which more of something was waited for.
    TimedOut,
    /// It is to rest.
    PauseRequested,
    /// The terminal is gone, or nobody listens any more.
    Ended,
}

/// So much is read at once.
const READ_BYTES: usize = 4096;

/// So often it is read to throw away what is there.
const MAX_DISCARD_READS: usize = 256;

/// Waits for something to happen, and tells what comes of it. Answers whether it goes on.
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
            // What somebody has typed is heard, and what comes next is for another program.
            parser.finish_pending(&mut tell);
            gate.pause_if_requested();
            if gate.reader_state() == ReaderState::Discarding {
                discard_pending(parser);
                gate.set_reader_state(ReaderState::Reading);
            }
        }
        ReaderEvent::Bytes => {
            // A card number may be among them.
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

/// Throws away what is there by now. It is read rather than flushed: what comes next may be the rest of it.
fn discard_pending(parser: &mut InputParser) {
    let stdin = io::stdin();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // Whoever types without end is heard again after so much.
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

/// So many characters that came at once are taken at once. More would take longer than a signal is to wait.
const MAX_BATCH_CHARS: usize = 64;

/// Characters that came at once, until something else follows: a paste may come as keys, thousands of them.
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
            // A text that grows leaves copies behind.
            self.text.reserve_exact(MAX_BATCH_CHARS * char::MAX.len_utf8());
        }
        self.text.push(c);
        self.chars += 1;
        if self.chars == MAX_BATCH_CHARS {
            self.flush_text(hear);
        }
    }

    /// Tells of what there is.
    fn flush_text(&mut self, hear: &mut impl FnMut(TerminalInput)) {
        let (text, chars) = (std::mem::take(&mut *self.text), std::mem::take(&mut self.chars));
        match (chars, text.chars().next()) {
            (1, Some(c)) => hear(TerminalInput::Key(KeyPress::plain(KeyCode::Char(c)))),
            (0, _) => {}
            _ => hear(TerminalInput::Typed(SecretText::from(text))),
        }
    }
}

/// Waits until there is something to read or to do, at most as long as more is waited for.
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
            // One byte is written each time. What is read here says nothing more than that.
            let _ = woken.read(&mut [0]);
        } else if !found[0].is_empty() {
            let gone = !found[0].contains(PollFlags::IN) || found[0].intersects(PollFlags::HUP | PollFlags::ERR);
            return if gone { ReaderEvent::Ended } else { ReaderEvent::Bytes };
        }
    }
}
