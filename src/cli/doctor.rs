//! The arguments of `zegel doctor`.
//!
//! `commands` runs the command, and the help texts are in `assets/help`.

use clap::Args;

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Print JSON, as described below.
    #[arg(long)]
    pub json: bool,
}
