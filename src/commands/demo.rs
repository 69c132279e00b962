//! `zegel demo`: the wizard on an embedded sandbox.
//!
//! It reads no key and no configuration: the account is the sandbox's own, made up like its key.

use super::context::CommandContext;
use super::{CommandError, InitialOrder, WizardLaunch};
use crate::account::AccountAccess;
use crate::product::load_pkio_product;
use crate::sandbox::{KEY, Sandbox, SandboxOptions};
use crate::tui::app::StartMode;
use crate::tui::event_loop::RunError;

/// With this variable F12 panics, so that a test can see the terminal survive it. Only the demo of a build for tests
/// reads it.
const TEST_PANIC_VARIABLE: &str = "ZEGEL_TEST_PANIC";

/// Runs the demo.
pub(super) fn run(basis: &CommandContext, options: &SandboxOptions) -> Result<u8, CommandError> {
    crate::tui::terminal::check_terminal()?;
    let sandbox = Sandbox::start(options)?;
    // Gone when this returns, whatever came of it.
    let state = tempfile::Builder::new().prefix("zegel-demo-").tempdir().map_err(RunError::System)?;
    let desk = WizardLaunch {
        product: load_pkio_product()?,
        access: Some(super::with_test_pace(AccountAccess::for_sandbox(&sandbox.api_url(), KEY)?, &basis.lang)),
        state_dir: Ok(state.path().to_owned()),
        start: StartMode::TemporaryOrder,
        initial_order: InitialOrder::New,
        panics_on_f12: cfg!(debug_assertions) && std::env::var_os(TEST_PANIC_VARIABLE).is_some(),
    };
    super::run_wizard(basis, desk)
}
