//! Bare `zegel`: the wizard on the account that the environment names.
//!
//! Where it names none, the demo is pointed at.

use super::{Desk, Trouble};
use super::{Desk, Opening, Trouble};
use crate::account::Access;
use crate::lang::Lang;
use crate::store;
use crate::wizard::Start;

/// Opens the wizard.
pub(super) fn run(lang: Lang) -> Result<u8, Trouble> {
    let (access, state) = (super::access(&lang)?, store::state_dir(super::environment));
    super::wizard(lang, Desk { access, state, start: Start::Home, panics: false })
    let environment = super::environment;
    let access = Access::from_environment(environment)?.or_sandbox(KEY);
    let (access, state) = (Some(access), store::state_dir(environment));
    super::wizard(lang, Desk { access, state, start: Start::Home, opening: Opening::New, panics: false })
}
