//! The arguments of `zegel completions` and `zegel man`.
//!
//! Both commands are for people who install or package the program.

use clap::Args;
use clap_complete::Shell;
use std::path::PathBuf;

/// For which shell.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print the script for.
    pub shell: Shell,
}

/// Where manual pages go.
#[derive(Debug, Args)]
pub struct ManualArgs {
    /// Write zegel.1 and a page for each command to this directory, overwriting existing files.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}
