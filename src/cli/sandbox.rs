//! The arguments of an embedded sandbox, shared by `zegel demo` and `zegel sandbox`.
//!
//! The sandbox decides what the names of the faults mean, and the help texts are in `assets/help`.

use clap::Args;
use std::path::PathBuf;

/// The sandbox has no more different names than this.
const MAX_ORGANIZATIONS: i64 = 300_000;

#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Append the orders that are received to this file, one line of JSON each, without card number and CVV.
    #[arg(long)]
    pub record: Option<PathBuf>,
    /// Number of organizations in the account.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=MAX_ORGANIZATIONS))]
    pub organizations: Option<u32>,
    /// Make the sandbox misbehave (repeatable).
    #[arg(long = "fault")]
    pub faults: Vec<String>,
}
