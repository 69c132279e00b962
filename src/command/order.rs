//! Bare `zegel`: the wizard on the account that the environment names.
//!
//! Where it names none, the demo is pointed at.

use super::Trouble;
use crate::account::Access;
use crate::lang::Lang;
use crate::sandbox::KEY;

/// Opens the wizard.
pub(super) fn run(lang: Lang) -> Result<u8, Trouble> {
    let access = Access::from_environment(|name| std::env::var(name).ok())?.or_sandbox(KEY);
    super::wizard(lang, access, false)
}
