//! Bare `zegel`: the wizard on the account that the environment names.
//!
//! Where it names none, the demo is pointed at.

use super::{Desk, Opening, Trouble};
use crate::lang::Lang;
use crate::store;
use crate::wizard::Start;

/// Opens the wizard.
pub(super) fn run(lang: Lang) -> Result<u8, Trouble> {
    let (access, state) = (Some(super::access(&lang)?), store::state_dir(super::environment));
    super::wizard(lang, Desk { access, state, start: Start::Home, opening: Opening::New, panics: false })
}
