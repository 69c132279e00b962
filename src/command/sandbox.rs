//! `zegel sandbox`: the sandbox alone.
//!
//! What it prints is what another zegel needs to use it. The key is made up and opens nothing else.

use super::Trouble;
use super::lines::{print, written};
use crate::account;
use crate::lang::Lang;
use crate::sandbox::{KEY, Options, Sandbox};

/// Serves until the process is ended.
pub(super) fn run(lang: &Lang, options: &Options) -> Result<u8, Trouble> {
    let sandbox = Sandbox::start(options)?;
    let lines = [format!("{}={}", account::URL, sandbox.url()), format!("{}={KEY}", account::KEY)];
    written(lines.iter().try_for_each(|line| print(line)))?;
    super::say(lang.say("tooling.serving"));
    sandbox.wait();
    Ok(0)
}
