//! The arguments of `zegel config`.
//!
//! `commands` runs the command, and the help texts are in `assets/help`.

use clap::Args;

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Print only the path of the configuration file, even if it does not exist.
    #[arg(long, conflicts_with = "json")]
    pub path: bool,
    /// Print JSON, as described below.
    #[arg(long)]
    pub json: bool,
}
