//! What the system and the terminal tell, as messages: signals, sizes, keys and pastes.
//!
//! Signals come by a way of their own, so that they wait for nothing that is typed. What is done about them is decided
//! elsewhere.

use super::size;
use crate::term::{Ear, Input};
use crate::wizard::msg::Msg;
use rustix::process::Signal;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

/// The exit code where the terminal is gone: that of a hang-up.
pub(super) const GONE: u8 = 129;

/// From now on this signal arrives as a message.
fn on_signal(
    kind: SignalKind,
    send: &UnboundedSender<Msg>,
    msg: impl Fn() -> Msg + Send + 'static,
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
pub(super) fn code_of(kind: SignalKind) -> u8 {
    u8::try_from(128 + kind.as_raw_value()).unwrap_or(GONE)
}

/// From now on signals and sizes arrive as messages.
pub(super) fn listen_to_signals(send: &UnboundedSender<Msg>) -> std::io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()] {
        on_signal(kind, send, move || Msg::Terminate(code_of(kind)))?;
    }
    on_signal(SignalKind::window_change(), send, || Msg::Resize(size()))?;
    on_signal(SignalKind::from_raw(Signal::TSTP.as_raw()), send, || Msg::Suspend)?;
    on_signal(SignalKind::from_raw(Signal::CONT.as_raw()), send, || Msg::Continued)?;
    Ok(())
}

/// From now on keys and pastes arrive as messages.
pub(super) fn listen_to_keys(send: UnboundedSender<Msg>, escape_wait: Duration) -> std::io::Result<Ear> {
    crate::term::listen(escape_wait, move |input| {
        let msg = match input {
            Input::Key(key) => Msg::Key(key),
            Input::Typed(text) => Msg::Typed(text),
            Input::Paste(text) => Msg::Paste(text),
            Input::Garbled => Msg::Garbled,
            Input::Gone => Msg::Terminate(GONE),
        };
        send.send(msg).is_ok()
    })
}
