//! `zegel demo`: the wizard on an embedded sandbox.
//!
//! It reads no key and no configuration: the account is the sandbox's own, made up like its key.

use super::basis::Basis;
use super::{Desk, Opening, Trouble};
use crate::account::Access;
use crate::product::pkio;
use crate::run::RunError;
use crate::sandbox::{KEY, Options, Sandbox};
use crate::wizard::Start;

/// With this variable F12 panics, so that a test can see the terminal survive it. Only the demo of a build for tests
/// reads it.
const PANICS: &str = "ZEGEL_TEST_PANIC";

/// Runs the demo.
pub(super) fn run(basis: &Basis, options: &Options) -> Result<u8, Trouble> {
    crate::term::available()?;
    let sandbox = Sandbox::start(options)?;
    // Gone when this returns, whatever came of it.
    let state = tempfile::Builder::new().prefix("zegel-demo-").tempdir().map_err(RunError::System)?;
    let desk = Desk {
        product: pkio()?,
        access: Some(super::paced(Access::sandbox(&sandbox.url(), KEY)?, &basis.lang)),
        state: Ok(state.path().to_owned()),
        start: Start::Form,
        opening: Opening::New,
        panics: cfg!(debug_assertions) && std::env::var_os(PANICS).is_some(),
    };
    super::wizard(basis, desk)
}
