//! The terminal in other hands: those of the person's editor, or of the command that prints a key.
//!
//! What is typed meanwhile, and what was typed just before, is for that program. It is taken back once the program has
//! ended.

use super::editor;
use super::hands::Hands;
use super::listening::code_of;
use super::{Loop, guide, size};
use crate::facts::Unedited;
use crate::secret::SecretText;
use crate::term::{Ear, TermError};
use crate::wizard::msg::{Filed, Guided, Msg, NewAccount, Ticket};
use tokio::signal::unix::SignalKind;

impl Loop {
    /// Hands a text to the person's editor, with the terminal.
    pub(super) fn lend(&mut self, ticket: Ticket, text: &SecretText, hands: &Hands) -> Result<(), TermError> {
        self.ear.iter_mut().for_each(Ear::rest);
        let tty = self.term.lend()?;
        let send = self.send.clone();
        let tell = move |edited: Result<SecretText, Unedited>| {
            let _ = send.send(Msg::File(ticket, Box::new(Filed::Edited(edited))));
        };
        match editor::start(text, tty, &hands.withheld()) {
            Ok((editing, waiting)) => {
                self.editing = Some(editing);
                // A thread of its own, because it waits for as long as somebody writes.
                let name = "editor".to_owned();
                std::thread::Builder::new().name(name).spawn(move || tell(waiting.wait())).map_err(TermError::Io)?;
            }
            Err(why) => tell(Err(why)),
        }
        Ok(())
    }

    /// Lends the terminal to the command that prints a key.
    pub(super) fn lend_to_command(
        &mut self,
        ticket: Ticket,
        account: NewAccount,
        hands: &Hands,
    ) -> Result<(), TermError> {
        self.ear.iter_mut().for_each(Ear::rest);
        self.term.lend()?;
        self.asking = guide::run_command(hands, ticket, account);
        Ok(())
    }

    /// Whoever had the terminal has ended.
    pub(super) fn take_back(&mut self) -> Result<(), TermError> {
        (self.editing, self.asking) = (None, None);
        // What was typed before it began and never taken was for that program.
        while let Ok(msg) = self.typed.try_recv() {
            self.ear.iter().for_each(Ear::took_one);
            if !is_for_editor(&msg) {
                let _ = self.send.send(msg);
            }
        }
        self.term.take_back()?;
        self.ear.iter_mut().for_each(Ear::go_on);
        let _ = self.send.send(Msg::Resize(size()));
        Ok(())
    }
}

/// Whether it is meant for the editor that has the terminal: what was typed just before it had it, and the two signals
/// that keys send to everybody at the terminal.
pub(super) fn is_for_editor(msg: &Msg) -> bool {
    match msg {
        Msg::Key(_) | Msg::Typed(_) | Msg::Paste(_) | Msg::Garbled => true,
        Msg::Terminate(code) => [SignalKind::interrupt(), SignalKind::quit()].map(code_of).contains(code),
        _ => false,
    }
}

/// Whether it says that the program which has the terminal has ended.
pub(super) fn gives_back(msg: &Msg) -> bool {
    match msg {
        Msg::File(_, filed) => matches!(**filed, Filed::Edited(_)),
        Msg::Guided(_, guided) => matches!(**guided, Guided::Tried(_)),
        _ => false,
    }
}
