//! What the system and the terminal tell, as messages: signals, sizes, keys and pastes.
//!
//! Signals come by a way of their own, so that they wait for nothing that is typed. What is done about them is decided
//! elsewhere.

use super::current_size;
use crate::tui::message::Message;
use crate::tui::terminal::{InputReader, TerminalInput};
use rustix::process::Signal;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

/// The exit code where the terminal is gone: that of a hang-up.
pub(super) const HANG_UP_EXIT_CODE: u8 = 129;

/// From now on this signal arrives as a message.
fn forward_signal(
    kind: SignalKind,
    send: &UnboundedSender<Message>,
    msg: impl Fn() -> Message + Send + 'static,
) -> std::io::Result<()> {
    let (mut signal, send) = (signal(kind)?, send.clone());
    tokio::spawn(async move {
        while signal.recv().await.is_some() {
            let _ = send.send(msg());
        }
    });
    Ok(())
}

/// The exit code of a program that this signal ends.
pub(super) fn exit_code_of(kind: SignalKind) -> u8 {
    u8::try_from(128 + kind.as_raw_value()).unwrap_or(HANG_UP_EXIT_CODE)
}

/// From now on signals and sizes arrive as messages.
pub(super) fn listen_to_signals(send: &UnboundedSender<Message>) -> std::io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()] {
        forward_signal(kind, send, move || Message::Terminate(exit_code_of(kind)))?;
    }
    forward_signal(SignalKind::window_change(), send, || Message::Resize(current_size()))?;
    forward_signal(SignalKind::from_raw(Signal::TSTP.as_raw()), send, || Message::Suspend)?;
    forward_signal(SignalKind::from_raw(Signal::CONT.as_raw()), send, || Message::Continued)?;
    Ok(())
}

/// From now on keys and pastes arrive as messages.
pub(super) fn listen_to_keys(send: UnboundedSender<Message>, escape_wait: Duration) -> std::io::Result<InputReader> {
    crate::tui::terminal::start_reading(escape_wait, move |input| {
        let msg = match input {
            TerminalInput::Key(key) => Message::Key(key),
            TerminalInput::Typed(text) => Message::Typed(text),
            TerminalInput::Paste(text) => Message::Paste(text),
            TerminalInput::InvalidUtf8 => Message::UnreadableKey,
            TerminalInput::Gone => Message::Terminate(HANG_UP_EXIT_CODE),
        };
        send.send(msg).is_ok()
    })
}
