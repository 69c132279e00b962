//! `zegel demo`: the wizard on an embedded sandbox.
//!
//! The demo reads no key and no configuration: the sandbox has an account of its own, with a made-up key.

use super::context::CommandContext;
use super::{CommandError, InitialOrder, WizardLaunch};
use crate::account::AccountAccess;
use crate::product::PKIO;
use crate::sandbox::{KEY, Sandbox, SandboxOptions};
use crate::tui::app::StartMode;
use crate::tui::event_loop::RunError;

/// The variable that makes F12 panic, so that a test can check that the terminal survives. Only the demo of a test
/// build reads it.
const TEST_PANIC_VARIABLE: &str = "ZEGEL_TEST_PANIC";

pub(super) fn run(context: &CommandContext, options: &SandboxOptions) -> Result<u8, CommandError> {
    crate::tui::terminal::check_terminal()?;
    let sandbox = Sandbox::start(options)?;
    // The directory disappears when this function returns, whatever happens.
    let state = tempfile::Builder::new().prefix("zegel-demo-").tempdir().map_err(RunError::System)?;
    let desk = WizardLaunch {
        product: PKIO,
        access: Some(super::with_test_pace(AccountAccess::for_sandbox(&sandbox.api_url(), KEY)?, &context.lang)),
        state_dir: Ok(state.path().to_owned()),
        start: StartMode::TemporaryOrder,
        initial_order: InitialOrder::New,
        panics_on_f12: cfg!(debug_assertions) && std::env::var_os(TEST_PANIC_VARIABLE).is_some(),
    };
    super::run_wizard(context, desk)
}
