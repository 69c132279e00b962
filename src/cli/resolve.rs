//! The arguments of `zegel resolve`.
//!
//! The help in `assets/help` lists every member of the JSON.

use clap::Args;
use clap::builder::{RangedI64ValueParser, RangedU64ValueParser};

#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// Number of the order in the journal on this computer.
    #[arg(value_parser = RangedI64ValueParser::<i64>::new().range(1..))]
    pub intent: Option<i64>,
    /// Stop after this many seconds; a check that has begun is finished.
    #[arg(long = "for")]
    pub seconds: Option<u32>,
    /// Record that this order, which was found, is the one.
    #[arg(long, conflicts_with = "not_placed", requires = "intent",
          value_parser = RangedU64ValueParser::<u64>::new().range(1..))]
    pub adopt: Option<u64>,
    /// Record that the order was not placed, so that it can be ordered again.
    #[arg(long, requires = "intent")]
    pub not_placed: bool,
    /// Decide by what you checked in CertCentral; the sentence is recorded in the journal.
    #[arg(long)]
    pub checked: Option<String>,
    /// Print JSON, as described below.
    #[arg(long)]
    pub json: bool,
}
