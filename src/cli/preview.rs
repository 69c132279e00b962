//! The arguments of `zegel preview`.
//!
//! `commands` runs the command, and the help texts are in `assets/help`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// Order file, or - for standard input.
    pub file: PathBuf,
    /// Show only the digest.
    #[arg(long, conflicts_with = "diff")]
    pub digest: bool,
    /// Show the differences with another order file, field by field.
    #[arg(long)]
    pub diff: Option<PathBuf>,
}
