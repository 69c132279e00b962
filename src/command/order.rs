//! Bare `zegel`: the wizard on an account.
//!
//! Where none is set up one is, if there is a terminal for that.

use super::basis::Basis;
use super::{Desk, Opening, Trouble, setup};
use crate::account::AccountError;
use crate::product::pkio;
use crate::store;
use crate::term;
use crate::wizard::Start;

/// Opens the wizard at Home, or sets an account up first.
pub(super) fn run(basis: &Basis) -> Result<u8, Trouble> {
    match open(basis, Start::Home) {
        Err(Trouble::Account(AccountError::None)) if term::available().is_ok() => setup::run(basis),
        done => done,
    }
}

/// Opens the wizard on the account that is asked for.
pub(super) fn open(basis: &Basis, start: Start) -> Result<u8, Trouble> {
    let product = pkio()?;
    let (access, state) = (Some(basis.access(product)?), store::state_dir(super::environment));
    super::wizard(basis, Desk { product, access, state, start, opening: Opening::New, panics: false })
}
