//! The arguments of `zegel submit`.
//!
//! `commands` runs the command, and the help texts are in `assets/help`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct SubmitArgs {
    /// Order file.
    pub file: PathBuf,
    /// Digest of the order that was reviewed; only that order is sent.
    #[arg(long)]
    pub confirm: Option<String>,
    /// Order even though this order or request looks similar (repeatable).
    #[arg(long)]
    pub despite: Vec<u64>,
    /// Order even if existing orders cannot be listed (no protection against ordering twice).
    #[arg(long)]
    pub unprotected: bool,
    /// Order even though the journal on this computer is lost or incomplete; this is recorded.
    #[arg(long)]
    pub journal_lost: bool,
    /// If the outcome is unknown, look for the order for this many seconds.
    #[arg(long, alias = "settle", default_value_t = 30)]
    pub resolve: u64,
    /// Read the card number and the CVV that the file lacks from standard input, one per line, in that order.
    #[arg(long)]
    pub card_from_stdin: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}
