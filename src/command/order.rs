//! Bare `zegel`: the wizard on the account that the environment names.
//!
//! Where it names none, the demo is pointed at.

use super::basis::Basis;
use super::{Desk, Opening, Trouble};
use crate::product::pkio;
use crate::store;
use crate::wizard::Start;

/// Opens the wizard.
pub(super) fn run(basis: &Basis) -> Result<u8, Trouble> {
    let (access, state) = (Some(basis.access(pkio()?)?), store::state_dir(super::environment));
    super::wizard(basis, Desk { access, state, start: Start::Home, opening: Opening::New, panics: false })
}
