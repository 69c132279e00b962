//! `zegel setup`, and bare `zegel` without an account: setting one up in the wizard.
//!
//! Nothing is written down before its last screen. What was set up is then opened by its name, from where it was written.

use super::basis::Basis;
use super::{Desk, Opening, Trouble};
use crate::config::Lost;
use crate::product;
use crate::store;
use crate::wizard::{Forms, Start};

/// Opens the wizard at setting up.
pub(super) fn run(basis: &Basis) -> Result<u8, Trouble> {
    if let Err(lost @ (Lost::Relative(_) | Lost::NoText)) = &basis.path {
        return Err(Trouble::Lost(lost.clone()));
    }
    // By a proxy that is spelled wrong a key would go another way than was set.
    let product = product::pkio()?;
    basis.sound(product)?;
    let forms = Forms { account: product::setup()?, presets: product::presets()? };
    let state = store::state_dir(super::environment);
    let start = Start::Guide(forms);
    super::wizard(basis, Desk { product, access: None, state, start, opening: Opening::New, panics: false })
}
