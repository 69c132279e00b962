//! Lending the terminal to another program: the person's editor, or the command that prints a key.
//!
//! Keys that are typed meanwhile or just before are for that program. The terminal is taken back once the program has
//! ended.

use super::effects::EffectExecutor;
use super::external_editor;
use super::listen::exit_code_of;
use super::{EventLoop, current_size, setup};
use crate::domain::EditorError;
use crate::secret::SecretText;
use crate::tui::message::{AccountSetup, FileReply, Message, SetupReply, Ticket};
use crate::tui::terminal::{InputReader, TerminalError};
use tokio::signal::unix::SignalKind;

impl EventLoop {
    /// Lends the terminal to the person's editor, with this text.
    pub(super) fn lend_to_editor(
        &mut self,
        ticket: Ticket,
        text: &SecretText,
        executor: &EffectExecutor,
    ) -> Result<(), TerminalError> {
        self.input_reader.iter_mut().for_each(InputReader::pause_reading);
        let tty = self.terminal.lend_to_program()?;
        let send = self.send.clone();
        let tell = move |edited: Result<SecretText, EditorError>| {
            let _ = send.send(Message::File(ticket, Box::new(FileReply::Edited(edited))));
        };
        match external_editor::start_editor(text, tty, &executor.withheld_variables()) {
            Ok((editing, waiting)) => {
                self.editing = Some(editing);
                // This needs its own thread, because it waits for as long as the person edits.
                let name = "editor".to_owned();
                std::thread::Builder::new()
                    .name(name)
                    .spawn(move || tell(waiting.wait_for_text()))
                    .map_err(TerminalError::Io)?;
            }
            Err(why) => tell(Err(why)),
        }
        Ok(())
    }

    /// Lends the terminal to the command that prints a key.
    pub(super) fn lend_to_command(
        &mut self,
        ticket: Ticket,
        account: AccountSetup,
        executor: &EffectExecutor,
    ) -> Result<(), TerminalError> {
        self.input_reader.iter_mut().for_each(InputReader::pause_reading);
        self.terminal.lend_to_program()?;
        self.key_command = setup::run_command(executor, ticket, account);
        Ok(())
    }

    /// Takes the terminal back after the program that had it has ended.
    pub(super) fn take_back_terminal(&mut self) -> Result<(), TerminalError> {
        (self.editing, self.key_command) = (None, None);
        // Keys that were typed before the program began and were not handled yet were for that program.
        while let Ok(msg) = self.typed.try_recv() {
            self.input_reader.iter().for_each(InputReader::release_one);
            if !is_for_editor(&msg) {
                let _ = self.send.send(msg);
            }
        }
        self.terminal.take_back()?;
        self.input_reader.iter_mut().for_each(InputReader::resume_reading);
        let _ = self.send.send(Message::Resize(current_size()));
        Ok(())
    }
}

/// Returns true if the message is meant for the program that has the terminal: keys from just before it started, and
/// the two signals that keys send to every program of the terminal.
pub(super) fn is_for_editor(msg: &Message) -> bool {
    match msg {
        Message::Key(_) | Message::Typed(_) | Message::Paste(_) | Message::UnreadableKey => true,
        Message::Terminate(code) => [SignalKind::interrupt(), SignalKind::quit()].map(exit_code_of).contains(code),
        _ => false,
    }
}

/// Returns true if the message says that the program with the terminal has ended.
pub(super) fn gives_terminal_back(msg: &Message) -> bool {
    match msg {
        Message::File(_, filed) => matches!(**filed, FileReply::Edited(_)),
        Message::Setup(_, guided) => matches!(**guided, SetupReply::KeyInUse(_)),
        _ => false,
    }
}
