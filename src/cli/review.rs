//! The arguments of `zegel review`.
//!
//! `commands` runs the command, and the help texts are in `assets/help`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Order file: a JSON object in UTF-8.
    pub file: PathBuf,
}
