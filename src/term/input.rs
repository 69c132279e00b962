//! Keys and pastes, as the terminal brings them, translated into the wizard's own.
//!
//! They are read on a thread of their own, which ends when the terminal is gone. crossterm would spin there, so it
//! is only asked once there is something to read. While another program has the terminal the thread rests: whoever
//! reads it first has the key.

use crate::secret::SecretText;
use crate::wizard::key::{Code, Key, Named};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something that the terminal brings.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A key.
    Key(Key),
    /// A paste.
    Paste(SecretText),
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
    /// It has ended, or is to: nobody listens any more.
    Ended,
}

/// Where the reader and who gives the terminal away meet.
struct Gate {
    stand: Mutex<Stand>,
    changed: Condvar,
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, Stand> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, stand: Stand) {
        *self.lock() = stand;
        self.changed.notify_all();
    }

    fn is_asked(&self) -> bool {
        *self.lock() == Stand::Asked
    }

    fn is_over(&self) -> bool {
        *self.lock() == Stand::Ended
    }

    /// Waits while it stands like this.
    fn wait_while(&self, stand: Stand) {
        let guard = self.lock();
        drop(self.changed.wait_while(guard, |now| *now == stand).unwrap_or_else(PoisonError::into_inner));
    }

    /// Where the reader is asked to, it rests until it is told to go on.
    fn rest(&self) {
        if self.is_asked() {
            self.set(Stand::Rests);
            self.wait_while(Stand::Rests);
        }
    }
}

impl Ear {
    /// Once this returns nothing of the terminal is read any more. What was read before is heard.
    pub fn rest(&mut self) {
        if *self.gate.lock() != Stand::Reads {
            return;
        }
        self.gate.set(Stand::Asked);
        // Where the thread has ended nobody reads this, and nobody has to.
        let _ = self.wake.write_all(b".");
        self.gate.wait_while(Stand::Asked);
    }

    /// Reads again.
    pub fn go_on(&mut self) {
        if *self.gate.lock() == Stand::Rests {
            self.gate.set(Stand::Reads);
        }
    }
}

impl Drop for Ear {
    /// Whoever has the terminal next gets every key: what still waited for one would take it away.
    fn drop(&mut self) {
        if *self.gate.lock() == Stand::Reads {
            self.gate.set(Stand::Asked);
            let _ = self.wake.write_all(b".");
        }
        // Half a sequence of a key may keep the thread waiting for the rest, and must not keep anybody from leaving.
        let guard = self.gate.lock();
        let asked = |now: &mut Stand| *now == Stand::Asked;
        drop(self.gate.changed.wait_timeout_while(guard, PARTING, asked).unwrap_or_else(PoisonError::into_inner));
        self.gate.set(Stand::Ended);
    }
}

/// How long the end waits for the thread that reads the terminal.
const PARTING: Duration = Duration::from_millis(500);

/// Reads the terminal until it is gone or nobody listens any more. `hear` answers whether somebody does.
///
/// # Errors
/// Where no thread can be had.
pub fn listen(mut hear: impl FnMut(Input) -> bool + Send + 'static) -> io::Result<Ear> {
    let (wake, mut woken) = UnixStream::pair()?;
    let gate = Arc::new(Gate { stand: Mutex::new(Stand::Reads), changed: Condvar::new() });
    let ear = Ear { gate: Arc::clone(&gate), wake };
    let read = move || {
        let mut heard = true;
        while heard && wait(&mut woken, &gate) {
            match drain(&mut hear, &gate) {
                Ok(true) => {}
                Ok(false) => heard = false,
                Err(_) => break,
            }
        }
        let wanted = !gate.is_over();
        gate.set(Stand::Ended);
        if heard && wanted {
            hear(Input::Gone);
        }
    };
    std::thread::Builder::new().name("input".into()).spawn(read)?;
    Ok(ear)
}

/// Waits until there is something to read, and rests where it is asked to; `false` once the terminal is gone.
fn wait(woken: &mut UnixStream, gate: &Gate) -> bool {
    let stdin = io::stdin();
    loop {
        gate.rest();
        if gate.is_over() {
            return false;
        }
        let mut watched = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&*woken, PollFlags::IN)];
        let found = match poll(&mut watched, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return false,
            Ok(_) => watched.map(|one| one.revents()),
        };
        if found[1].contains(PollFlags::IN) {
            // One byte is written each time. What is read here says nothing more than that.
            let _ = woken.read(&mut [0]);
        } else if !found[0].is_empty() {
            return found[0].contains(PollFlags::IN) && !found[0].intersects(PollFlags::HUP | PollFlags::ERR);
        }
    }
}

/// How long crossterm is asked for more before the terminal itself is watched again, and how often. It looks at what it
/// has read already only while there is time left: a thread that is held up for longer than this just then would leave
/// keys behind until the next one. Nothing waits for this but a program that is given the terminal: what arrives
/// meanwhile is heard at once.
const MORE: Duration = Duration::from_millis(100);
const TIMES: usize = 2;

/// Reads everything that is there. Answers whether somebody still listens.
fn drain(hear: &mut impl FnMut(Input) -> bool, gate: &Gate) -> io::Result<bool> {
    loop {
        if translate(event::read()?).is_some_and(|input| !hear(input)) {
            return Ok(false);
        }
        if !is_more(gate)? {
            return Ok(true);
        }
    }
}

/// Whether there is something more to read. Where the reader is to rest, only what was read already is.
fn is_more(gate: &Gate) -> io::Result<bool> {
    for _ in 0..TIMES {
        if gate.is_asked() {
            return event::poll(Duration::ZERO);
        }
        if event::poll(MORE)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn translate(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => translate_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text.into())),
        // A new size is heard of by its signal, at once: this one comes with the next key.
        _ => None,
    }
}

/// A key, if it was pressed or repeats: some terminals also tell when it is let go.
fn translate_key(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let held = |modifier| key.modifiers.contains(modifier);
    let (code, shift) = code(match key.code {
        // Byte 0x1f is what terminals send for Ctrl-_, and most of them for Ctrl-/; crossterm takes it for Ctrl-7.
        KeyCode::Char('7') if held(KeyModifiers::CONTROL) => KeyCode::Char('_'),
        code => code,
    })?;
    let shift = shift || held(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_));
    Some(Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT), shift })
}

fn code(code: KeyCode) -> Option<(Code, bool)> {
    let named = match code {
        KeyCode::Char(c) => return Some((Code::Char(c), false)),
        KeyCode::F(number) => return Some((Code::F(number), false)),
        KeyCode::BackTab => return Some((Code::Named(Named::Tab), true)),
        KeyCode::Enter => Named::Enter,
        KeyCode::Tab => Named::Tab,
        KeyCode::Esc => Named::Esc,
        KeyCode::Backspace => Named::Backspace,
        KeyCode::Delete => Named::Delete,
        KeyCode::Left => Named::Left,
        KeyCode::Right => Named::Right,
        KeyCode::Up => Named::Up,
        KeyCode::Down => Named::Down,
        KeyCode::Home => Named::Home,
        KeyCode::End => Named::End,
        KeyCode::PageUp => Named::PageUp,
        KeyCode::PageDown => Named::PageDown,
        KeyCode::Insert => Named::Insert,
        _ => return None,
    };
    Some((Code::Named(named), false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(KeyEvent::new(KeyCode::Char('n'), KeyModifiers::CONTROL), "ctrl-n")]
    #[case(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT), "shift-tab")]
    #[case(KeyEvent::new(KeyCode::BackTab, KeyModifiers::NONE), "shift-tab")]
    #[case(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT), "G")]
    #[case(KeyEvent::new(KeyCode::Char('3'), KeyModifiers::ALT), "alt-3")]
    #[case(KeyEvent::new(KeyCode::Char('7'), KeyModifiers::CONTROL), "ctrl-_")]
    #[case(KeyEvent::new(KeyCode::Char('7'), KeyModifiers::CONTROL | KeyModifiers::ALT), "ctrl-alt-_")]
    #[case(KeyEvent::new(KeyCode::Char('7'), KeyModifiers::ALT), "alt-7")]
    #[case(KeyEvent::new(KeyCode::F(1), KeyModifiers::NONE), "f1")]
    fn keys_get_their_names(#[case] event: KeyEvent, #[case] name: &str) {
        assert_eq!(translate_key(event).unwrap().name(), name);
    }

    #[test]
    fn a_key_counts_when_it_is_pressed_and_repeats_but_not_when_it_is_let_go() {
        let event = |kind| KeyEvent { kind, ..KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE) };
        assert!(translate_key(event(KeyEventKind::Press)).is_some());
        assert!(translate_key(event(KeyEventKind::Repeat)).is_some());
        assert!(translate_key(event(KeyEventKind::Release)).is_none());
    }
}
