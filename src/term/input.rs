//! The thread that reads the terminal: what it brings is told as keys and pastes, until the terminal is gone.
//!
//! While another program has the terminal the thread rests: whoever reads it first has the key. It reads no further either
//! while much of what it has read waits to be taken: then the terminal is held up, and nothing grows.

use super::parse::{Parser, Sent};
use crate::secret::SecretText;
use crate::wizard::key::{Code, Key};
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
pub enum Input {
    /// A key.
    Key(Key),
    /// Several characters that were typed one after the other and came at once.
    Typed(SecretText),
    /// A paste.
    Paste(SecretText),
    /// A letter that cannot be read: its bytes are not UTF-8.
    Garbled,
    /// The terminal is gone.
    Gone,
}

/// Whoever reads the terminal, to be told to leave it alone for a while.
pub struct Ear {
    gate: Arc<Gate>,
    wake: UnixStream,
}

/// How the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// It reads.
    Reads,
    /// It is to leave the terminal alone, and does not know yet.
    Asked,
    /// It leaves it alone.
    Rests,
    /// It is to throw away what is there, and then to read on.
    Clears,
    /// It has ended, or is to: nobody listens any more.
    Ended,
}

/// So much may wait to be taken before the reader reads on.
const FULL: usize = 512;

/// Where the reader and who gives the terminal away meet.
struct Gate {
    inside: Mutex<Inside>,
    changed: Condvar,
}

struct Inside {
    stand: Stand,
    /// How much was read and not taken yet.
    waiting: usize,
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stand(&self) -> Stand {
        self.lock().stand
    }

    fn set(&self, stand: Stand) {
        self.lock().stand = stand;
        self.changed.notify_all();
    }

    /// Waits while it stands like this.
    fn wait_while(&self, stand: Stand) {
        let guard = self.lock();
        drop(self.changed.wait_while(guard, |inside| inside.stand == stand).unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until there is room for more, or something else is to be done.
    fn wait_for_room(&self) -> Stand {
        let full = |inside: &mut Inside| inside.stand == Stand::Reads && inside.waiting >= FULL;
        self.changed.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner).stand
    }

    /// Where the reader is asked to, it rests until it is told to go on.
    fn rest(&self) {
        if self.stand() == Stand::Asked {
            self.set(Stand::Rests);
            self.wait_while(Stand::Rests);
        }
    }
}

impl Ear {
    /// Once this returns nothing of the terminal is read any more. What was read before is heard.
    pub fn rest(&mut self) {
        if self.gate.stand() != Stand::Reads {
            return;
        }
        self.gate.set(Stand::Asked);
        // Where the thread has ended nobody reads this, and nobody has to.
        let _ = self.wake.write_all(b".");
        self.gate.wait_while(Stand::Asked);
    }

    /// Something that was heard was taken: there is room for more.
    pub fn took_one(&self) {
        let mut inside = self.gate.lock();
        inside.waiting = inside.waiting.saturating_sub(1);
        drop(inside);
        self.gate.changed.notify_all();
    }

    /// Throws away what was typed for who had the terminal, and reads again. Of a report that had come in part the rest
    /// is still known for one.
    pub fn go_on(&mut self) {
        if self.gate.stand() == Stand::Rests {
            self.gate.set(Stand::Clears);
            self.gate.wait_while(Stand::Clears);
        }
    }
}

impl Drop for Ear {
    /// Whoever has the terminal next gets every key: what still waited for one would take it away.
    fn drop(&mut self) {
        if self.gate.stand() == Stand::Reads {
            self.gate.set(Stand::Asked);
            let _ = self.wake.write_all(b".");
        }
        // A terminal that does not answer must not keep anybody from leaving.
        let guard = self.gate.lock();
        let asked = |inside: &mut Inside| inside.stand == Stand::Asked;
        drop(self.gate.changed.wait_timeout_while(guard, PARTING, asked).unwrap_or_else(PoisonError::into_inner));
        self.gate.set(Stand::Ended);
    }
}

/// How long the end waits for the thread that reads the terminal.
const PARTING: Duration = Duration::from_millis(500);

/// Reads the terminal until it is gone or nobody listens any more. `hear` answers whether somebody does. Esc waits so long
/// for what may follow it.
///
/// # Errors
/// Where no thread can be had.
pub fn listen(escape_wait: Duration, mut hear: impl FnMut(Input) -> bool + Send + 'static) -> io::Result<Ear> {
    let (wake, mut woken) = UnixStream::pair()?;
    let gate =
        Arc::new(Gate { inside: Mutex::new(Inside { stand: Stand::Reads, waiting: 0 }), changed: Condvar::new() });
    let ear = Ear { gate: Arc::clone(&gate), wake };
    let read = move || {
        let mut parser = Parser::new(escape_wait);
        while read_once(&mut parser, &mut woken, &gate, &mut hear) {}
        let wanted = gate.stand() != Stand::Ended;
        gate.set(Stand::Ended);
        if wanted {
            hear(Input::Gone);
        }
    };
    std::thread::Builder::new().name("input".into()).spawn(read)?;
    Ok(ear)
}

/// What the thread has waited for.
enum Event {
    /// There are bytes.
    Bytes,
    /// The time is over in which more of something was waited for.
    Silence,
    /// It is to rest.
    Asked,
    /// The terminal is gone, or nobody listens any more.
    Over,
}

/// So much is read at once.
const CHUNK: usize = 4096;

/// So often it is read to throw away what is there.
const CLEARED: usize = 256;

/// Waits for something to happen, and tells what comes of it. Answers whether it goes on.
fn read_once(parser: &mut Parser, woken: &mut UnixStream, gate: &Gate, hear: &mut impl FnMut(Input) -> bool) -> bool {
    let mut heard = true;
    let mut hear = |input| {
        gate.lock().waiting += 1;
        heard = heard && hear(input);
    };
    let mut run = Typing::default();
    let mut tell = |sent| run.take(sent, &mut hear);
    match wait(woken, gate, parser.patience()) {
        Event::Over => return false,
        Event::Silence => parser.give_up(&mut tell),
        Event::Asked => {
            // What somebody has typed is heard, and what comes next is for another program.
            parser.give_up(&mut tell);
            gate.rest();
            if gate.stand() == Stand::Clears {
                clear(parser);
                gate.set(Stand::Reads);
            }
        }
        Event::Bytes => {
            // A card number may be among them.
            let mut bytes = Zeroizing::new([0; CHUNK]);
            match rustix::io::read(io::stdin(), &mut *bytes) {
                Ok(0) => return false,
                Ok(count) => parser.feed(&bytes[..count], &mut tell),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return false,
            }
        }
    }
    run.end(&mut hear);
    heard
}

/// Throws away what is there by now. It is read rather than flushed: what comes next may be the rest of it.
fn clear(parser: &mut Parser) {
    let stdin = io::stdin();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // Whoever types without end is heard again after so much.
    for _ in 0..CLEARED {
        let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
        if !matches!(poll(&mut watched, Some(&now)), Ok(1)) || !watched[0].revents().contains(PollFlags::IN) {
            return;
        }
        let mut bytes = Zeroizing::new([0; CHUNK]);
        match rustix::io::read(&stdin, &mut *bytes) {
            Ok(count) if count > 0 => parser.feed(&bytes[..count], &mut |_| ()),
            _ => return,
        }
    }
}

/// So many characters that came at once are taken at once. More would take longer than a signal is to wait.
const AT_ONCE: usize = 64;

/// Characters that came at once, until something else follows: a paste may come as keys, thousands of them.
#[derive(Default)]
struct Typing {
    text: Zeroizing<String>,
    chars: usize,
}

impl Typing {
    fn take(&mut self, sent: Sent, hear: &mut impl FnMut(Input)) {
        let input = match sent {
            Sent::Key(Key { code: Code::Char(c), ctrl: false, alt: false, .. }) if !c.is_control() => {
                return self.push(c, hear);
            }
            Sent::Key(key) => Input::Key(key),
            Sent::Paste(text) => Input::Paste(text),
            Sent::Garbled => Input::Garbled,
        };
        self.end(hear);
        hear(input);
    }

    fn push(&mut self, c: char, hear: &mut impl FnMut(Input)) {
        if self.chars == 0 {
            // A text that grows leaves copies behind.
            self.text.reserve_exact(AT_ONCE * char::MAX.len_utf8());
        }
        self.text.push(c);
        self.chars += 1;
        if self.chars == AT_ONCE {
            self.end(hear);
        }
    }

    /// Tells of what there is.
    fn end(&mut self, hear: &mut impl FnMut(Input)) {
        let (text, chars) = (std::mem::take(&mut *self.text), std::mem::take(&mut self.chars));
        match (chars, text.chars().next()) {
            (1, Some(c)) => hear(Input::Key(Key::plain(Code::Char(c)))),
            (0, _) => {}
            _ => hear(Input::Typed(SecretText::from(text))),
        }
    }
}

/// Waits until there is something to read or to do, at most as long as more is waited for.
fn wait(woken: &mut UnixStream, gate: &Gate, patience: Option<Duration>) -> Event {
    let stdin = io::stdin();
    let deadline = patience.map(|patience| Instant::now() + patience);
    loop {
        match gate.wait_for_room() {
            Stand::Ended => return Event::Over,
            Stand::Asked => return Event::Asked,
            Stand::Reads | Stand::Rests | Stand::Clears => {}
        }
        let mut watched = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&*woken, PollFlags::IN)];
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        let found = match poll(&mut watched, left.as_ref()) {
            Err(Errno::INTR) => continue,
            Err(_) => return Event::Over,
            Ok(0) => return Event::Silence,
            Ok(_) => watched.map(|one| one.revents()),
        };
        if found[1].contains(PollFlags::IN) {
            // One byte is written each time. What is read here says nothing more than that.
            let _ = woken.read(&mut [0]);
        } else if !found[0].is_empty() {
            let gone = !found[0].contains(PollFlags::IN) || found[0].intersects(PollFlags::HUP | PollFlags::ERR);
            return if gone { Event::Over } else { Event::Bytes };
        }
    }
}
