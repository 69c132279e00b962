//! The arguments of `zegel check`.
//!
//! `commands` runs the command, and the help texts are in `assets/help`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files, folders, or - for standard input.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Print one line of JSON per file.
    #[arg(long)]
    pub json: bool,
    /// Treat warnings as errors.
    #[arg(long)]
    pub strict: bool,
}
