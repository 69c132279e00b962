//! `zegel sandbox`: only the sandbox server.
//!
//! It prints the variables that another zegel needs to use it. The key is made up and opens nothing else.

use super::CommandError;
use super::output::{ignore_closed_pipe, print_line};
use crate::account;
use crate::i18n::{Translations, texts};
use crate::sandbox::{KEY, Sandbox, SandboxOptions};

/// Runs the server until the process ends.
pub(super) fn run(lang: &Translations, options: &SandboxOptions) -> Result<u8, CommandError> {
    let sandbox = Sandbox::start(options)?;
    let lines = [
        format!("{}={}", account::API_URL_VARIABLE, sandbox.api_url()),
        format!("{}={KEY}", account::API_KEY_VARIABLE),
    ];
    ignore_closed_pipe(lines.iter().try_for_each(|line| print_line(line)))?;
    super::eprint_lines(lang.text(texts::tooling::SERVING));
    sandbox.serve_forever();
    Ok(0)
}
