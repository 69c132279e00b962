//! The arguments of `zegel doctor`.
//!
//! What they lead to is the matter of `command`, and their help is in `assets/help`.

use clap::Args;

/// How it is told.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Print JSON, as described below.
    #[arg(long)]
    pub json: bool,
}
