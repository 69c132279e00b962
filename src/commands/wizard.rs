//! Bare `zegel`: the wizard on an account.
//!
//! If no account is set up, it starts the setup, provided that there is a terminal.

use super::context::CommandContext;
use super::{CommandError, InitialOrder, WizardLaunch, setup};
use crate::account::AccountError;
use crate::product::PKIO;
use crate::store;
use crate::tui::app::StartMode;
use crate::tui::terminal;

/// Opens the wizard on the Home screen, or sets up an account first.
pub(super) fn run(context: &CommandContext) -> Result<u8, CommandError> {
    match open_account_wizard(context, StartMode::Home) {
        Err(CommandError::Account(AccountError::None)) if terminal::check_terminal().is_ok() => setup::run(context),
        done => done,
    }
}

/// Opens the wizard on the requested account.
pub(super) fn open_account_wizard(context: &CommandContext, start: StartMode) -> Result<u8, CommandError> {
    let product = PKIO;
    let (access, state) = (Some(context.access_with_key(product)?), store::state_dir(super::environment_variable));
    super::run_wizard(
        context,
        WizardLaunch {
            product,
            access,
            state_dir: state,
            start,
            initial_order: InitialOrder::New,
            panics_on_f12: false,
        },
    )
}
