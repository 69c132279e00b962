//! Bare `zegel`: the wizard on the account that the environment names.
//!
//! Where it names none, the demo is pointed at.

use super::{Desk, Trouble};
use crate::account::Access;
use crate::lang::Lang;
use crate::sandbox::KEY;
use crate::store;
use crate::wizard::Start;

/// Opens the wizard.
pub(super) fn run(lang: Lang) -> Result<u8, Trouble> {
    let environment = super::environment;
    let access = Access::from_environment(environment)?.or_sandbox(KEY);
    super::wizard(lang, Desk { access, state: store::state_dir(environment), start: Start::Home, panics: false })
}
