//! The input for an order: the secrets that its file rightly lacks, and the word that confirms it.
//!
//! A secret is typed without being shown, or read from standard input if requested. This module does not use the
//! input.

use super::CommandError;
use crate::commands::wait_notice::WaitNotice;
use crate::form::{FieldPlace, Form};
use crate::i18n::{Translations, texts, with};
use crate::secret::Secret;
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use zeroize::Zeroizing;

/// The maximum length of a typed line, in bytes.
const MAX_LINE_BYTES: usize = 1 << 11;

/// Returns true if there is a terminal to ask for input.
pub(super) fn can_prompt() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Returns the required secrets that are missing.
pub(super) fn missing_secrets(form: &Form) -> Vec<FieldPlace> {
    let secret = |at: &FieldPlace| form.product()[at.field].secret.is_some();
    form.visible_places().filter(|at| secret(at) && form.is_blank(*at)).collect()
}

/// Asks for each missing secret.
///
/// # Errors
/// There is no terminal to ask for it, or the input ends too early.
pub(super) async fn ask_for_secrets(
    lang: &Translations,
    form: &mut Form,
    from_stdin: bool,
) -> Result<(), CommandError> {
    for at in missing_secrets(form) {
        let label = form.product()[at.field].label.in_language(lang.language);
        let typed = if from_stdin {
            let _notice = WaitNotice::start(lang.format(texts::waiting::CARD, with::Label(&label)));
            read_line().await?
        } else if can_prompt() {
            read_hidden_line(&lang.format(texts::submit::SECRET, with::Label(&label))).await?
        } else {
            return Err(CommandError::MissingSecret(label));
        };
        let plain: Zeroizing<String> = Zeroizing::new(typed.chars().filter(|c| !c.is_whitespace()).collect());
        *form.secret_mut(at) = Secret::from(plain.as_str());
    }
    Ok(())
}

/// Keeps the terminal from showing what is typed. Dropping the value restores the terminal, whatever happened.
struct EchoOff(Termios);

impl EchoOff {
    fn disable_echo() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        quiet.local_modes.insert(LocalModes::ECHONL);
        // Discards input from before the prompt, so that it is not taken for a reply.
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

/// Reads a line that is not shown. The prompt appears only after the echo is off, so that nothing typed fast is shown.
async fn read_hidden_line(prompt: &str) -> Result<Zeroizing<String>, CommandError> {
    let _quiet = EchoOff::disable_echo().map_err(CommandError::Input)?;
    print_prompt(prompt);
    read_line().await
}

fn print_prompt(prompt: &str) {
    let mut out = io::stderr();
    let _ = write!(out, "{prompt} ").and_then(|()| out.flush());
}

/// Reads a line of standard input into a buffer that does not grow, on a thread that may block.
async fn read_line() -> Result<Zeroizing<String>, CommandError> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = Zeroizing::new(String::with_capacity(2 * MAX_LINE_BYTES));
        let read = io::stdin().lock().take(MAX_LINE_BYTES as u64).read_line(&mut line)?;
        if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(line) }
    });
    read.await.map_err(|_| CommandError::Input(io::ErrorKind::Interrupted.into()))?.map_err(CommandError::Input)
}

/// Reads the word that is typed at a prompt. Input from before the prompt is discarded.
///
/// # Errors
/// Nothing can be read.
pub(super) async fn read_word(prompt: &str) -> Result<String, CommandError> {
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    print_prompt(prompt);
    Ok(read_line().await?.trim().to_owned())
}
