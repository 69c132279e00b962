//! `zegel setup`, and bare `zegel` without an account: the setup of an account in the wizard.
//!
//! Nothing is written before the last screen. The new account is then opened by its name from the configuration.

use super::context::CommandContext;
use super::{CommandError, InitialOrder, WizardLaunch};
use crate::config::ConfigPathError;
use crate::product;
use crate::store;
use crate::tui::app::{SetupForms, StartMode};

pub(super) fn run(context: &CommandContext) -> Result<u8, CommandError> {
    if let Err(lost @ (ConfigPathError::Relative(_) | ConfigPathError::NotUtf8)) = &context.config_path {
        return Err(CommandError::ConfigPath(lost.clone()));
    }
    // With an invalid proxy setting, the key would take another route than the user intended.
    let product = product::PKIO;
    context.valid_config(product)?;
    let forms = SetupForms { account: product::ACCOUNT_SETUP, presets: product::PKIO_DEFAULTS };
    let state = store::state_dir(super::environment_variable);
    let start = StartMode::AccountSetup(forms);
    super::run_wizard(
        context,
        WizardLaunch {
            product,
            access: None,
            state_dir: state,
            start,
            initial_order: InitialOrder::New,
            panics_on_f12: false,
        },
    )
}
