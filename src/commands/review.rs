//! `zegel review FILE`: the wizard on the Review screen, with the payload of a file.
//!
//! The file is read before the terminal is checked, so that its problems are always reported. Without an account,
//! everything works except ordering.

use super::context::CommandContext;
use super::payload;
use super::{CommandError, EXIT_COULD_NOT_RUN, InitialOrder, WizardLaunch};
use crate::account::AccountError;
use crate::cli;
use crate::form::lint::text_only_messages;
use crate::tui::app::StartMode;
use crate::{product, store, user_files};

pub(super) fn run(context: &CommandContext, args: &cli::ReviewArgs) -> Result<u8, CommandError> {
    let (lang, product) = (&context.lang, product::PKIO);
    let read = user_files::read_file(&args.file)?;
    let found = payload::payload_from_bytes(lang, product, &args.file, read.text.expose().as_bytes());
    let Some(loaded) = found else { return Ok(EXIT_COULD_NOT_RUN) };
    let access = match context.access_with_key(product) {
        Err(CommandError::Account(AccountError::None)) => None,
        access => Some(access?),
    };
    let notices = text_only_messages(lang, &loaded.findings);
    let (faulty, path) = (loaded.has_errors(), args.file.clone());
    let opening = InitialOrder::File { reading: Box::new(loaded.reading), path, stamp: read.digest, faulty, notices };
    let state = store::state_dir(super::environment_variable);
    super::run_wizard(
        context,
        WizardLaunch {
            product,
            access,
            state_dir: state,
            start: StartMode::Home,
            initial_order: opening,
            panics_on_f12: false,
        },
    )
}
