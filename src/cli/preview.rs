//! The arguments of `zegel preview`, with its help.
//!
//! What they lead to is the matter of `command`.

use clap::Args;
use std::path::PathBuf;

/// Help is broken into lines by hand: clap breaks none itself.
pub(super) const ABOUT: &str = "\
Show the payload as zegel would send it, secrets masked

Ids that are written as texts become numbers, and what does not belong to what is
chosen is left out; each is told on standard error. The digest is that of the file
as it stands, and the one that \"zegel submit --confirm\" wants: whoever has it has
reviewed this. It needs no account, no network and no configuration.
Exit code: 0 shown; 1 no order, one with errors or, with --diff, another one; 2 it
could not be read, or not be shown.";

pub(super) const EXAMPLE: &str = "\
Examples:
  zegel preview order.json
  zegel preview --digest order.json
  zegel preview order.json --diff last-year.json";

/// What is shown.
#[derive(Debug, Args)]
pub struct Preview {
    /// The payload, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Show the digest alone
    #[arg(long, conflicts_with = "diff")]
    pub digest: bool,
    /// Show member by member how another payload differs from this one
    #[arg(long, value_name = "OTHER")]
    pub diff: Option<PathBuf>,
}
