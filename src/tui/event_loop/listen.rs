//! Listeners: turn signals, sizes, keys and pastes into messages.
//!
//! Signals have their own channel, so that they never wait behind typed keys. What a message causes is decided
//! elsewhere.

use super::current_size;
use crate::tui::message::Message;
use crate::tui::terminal::{InputReader, TerminalInput};
use rustix::process::Signal;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

/// The exit code if the terminal is gone: that of the hang-up signal.
pub(super) const HANG_UP_EXIT_CODE: u8 = 129;

/// Sends a message for every signal of this kind from now on.
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

/// Returns the exit code of a program that this signal ends, as shells report it.
pub(super) fn exit_code_of(kind: SignalKind) -> u8 {
    u8::try_from(128 + kind.as_raw_value()).unwrap_or(HANG_UP_EXIT_CODE)
}

/// Sends messages for signals and sizes from now on.
pub(super) fn listen_to_signals(send: &UnboundedSender<Message>) -> std::io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()] {
        forward_signal(kind, send, move || Message::Terminate(exit_code_of(kind)))?;
    }
    forward_signal(SignalKind::window_change(), send, || Message::Resize(current_size()))?;
    forward_signal(SignalKind::from_raw(Signal::TSTP.as_raw()), send, || Message::Suspend)?;
    forward_signal(SignalKind::from_raw(Signal::CONT.as_raw()), send, || Message::Continued)?;
    Ok(())
}

/// Sends messages for keys and pastes from now on.
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
