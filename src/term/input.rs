//! Keys, pastes and sizes, as the terminal brings them, translated into the wizard's own.
//!
//! They are read on a thread of their own, which ends when the terminal is gone. crossterm would spin there, so it
//! is only asked once there is something to read.

use crate::layout::Size;
use crate::secret::SecretText;
use crate::wizard::key::{Code, Key, Named};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use std::io;
use std::time::Duration;

/// Something that the terminal brings.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A key.
    Key(Key),
    /// A paste.
    Paste(SecretText),
    /// A new size.
    Size(Size),
    /// The terminal is gone.
    Gone,
}

/// Reads the terminal until it is gone or nobody listens any more. `hear` answers whether somebody does.
///
/// # Errors
/// Where no thread can be had.
pub fn listen(mut hear: impl FnMut(Input) -> bool + Send + 'static) -> io::Result<()> {
    let read = move || {
        while wait() {
            match drain(&mut hear) {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => break,
            }
        }
        hear(Input::Gone);
    };
    std::thread::Builder::new().name("input".into()).spawn(read).map(drop)
}

/// Waits until there is something to read; `false` once the terminal is gone.
fn wait() -> bool {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
    loop {
        match poll(&mut watched, None) {
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => {
                let found = watched[0].revents();
                return found.contains(PollFlags::IN) && !found.intersects(PollFlags::HUP | PollFlags::ERR);
            }
        }
    }
}

/// How long crossterm is asked for more before the terminal itself is watched again, and how often. It looks at what it
/// has read already only while there is time left: a thread that is held up for longer than this just then would leave
/// keys behind until the next one. Nothing waits for this: what arrives meanwhile is heard at once.
const MORE: Duration = Duration::from_millis(100);
const TIMES: usize = 2;

/// Reads everything that is there. Answers whether somebody still listens.
fn drain(hear: &mut impl FnMut(Input) -> bool) -> io::Result<bool> {
    loop {
        if translate(event::read()?).is_some_and(|input| !hear(input)) {
            return Ok(false);
        }
        if !is_more()? {
            return Ok(true);
        }
    }
}

/// Whether there is something more to read.
fn is_more() -> io::Result<bool> {
    for _ in 0..TIMES {
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
        Event::Resize(width, height) => Some(Input::Size(Size { width, height })),
        _ => None,
    }
}

/// A key, if it was pressed or repeats: some terminals also tell when it is let go.
fn translate_key(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let held = |modifier| key.modifiers.contains(modifier);
    let (code, shift) = code(key.code)?;
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
