//! What a person types for an order: the secrets that its file rightly lacks, and the word that orders.
//!
//! A secret is asked for without showing it, or read from standard input where that was asked for. Nothing here
//! knows what becomes of it.

use super::Trouble;
use crate::form::{Form, Place};
use crate::lang::Lang;
use crate::secret::Secret;
use rustix::termios::{QueueSelector, tcflush};
use std::io::{self, BufRead, IsTerminal, Write};
use zeroize::Zeroizing;

/// Whether somebody can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The secrets that are asked and not there.
pub(super) fn wanted(form: &Form) -> Vec<Place> {
    let secret = |at: &Place| form.product()[at.field].secret.is_some();
    form.all_asked().filter(|at| secret(at) && form.is_blank(*at)).collect()
}

/// Asks for each.
///
/// # Errors
/// Where nobody can be asked, or what was read ends too early.
pub(super) fn fill(lang: &Lang, form: &mut Form, from_stdin: bool) -> Result<(), Trouble> {
    for at in wanted(form) {
        let label = form.product()[at.field].label.in_language(lang.language);
        let typed = if from_stdin {
            line()?
        } else if can_ask() {
            let prompt = lang.tell("submit.secret", &[("label", label)]);
            Zeroizing::new(rpassword::prompt_password(prompt).map_err(Trouble::Input)?)
        } else {
            return Err(Trouble::NoSecret(label));
        };
        let plain: Zeroizing<String> = Zeroizing::new(typed.chars().filter(|c| !c.is_whitespace()).collect());
        *form.secret_mut(at) = Secret::from(plain.as_str());
    }
    Ok(())
}

/// A line of standard input, in a buffer that does not grow.
fn line() -> Result<Zeroizing<String>, Trouble> {
    let mut line = Zeroizing::new(String::with_capacity(1 << 12));
    let read = io::Read::take(io::stdin().lock(), 1 << 11).read_line(&mut line).map_err(Trouble::Input)?;
    if read == 0 {
        return Err(Trouble::Input(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(line)
}

/// The word that is typed at a prompt, away from what else goes on.
///
/// # Errors
/// Where nothing can be read.
pub(super) async fn word(prompt: &str) -> Result<String, Trouble> {
    let mut out = io::stderr();
    // What was typed before the question was seen is no answer to it.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    let _ = write!(out, "{prompt} ").and_then(|()| out.flush());
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line.trim().to_owned())
    });
    read.await.map_err(|_| Trouble::Input(io::ErrorKind::Interrupted.into()))?.map_err(Trouble::Input)
}
