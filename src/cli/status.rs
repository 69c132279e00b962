//! The arguments of `zegel status`.
//!
//! The help in `assets/help` lists every member of the JSON.

use clap::Args;
use clap::builder::RangedU64ValueParser;

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Number of the order or, if there is no such order, of a request.
    #[arg(value_parser = RangedU64ValueParser::<u64>::new().range(1..))]
    pub id: u64,
    /// Keep checking until the status is final; print a line for each change.
    #[arg(long)]
    pub watch: bool,
    /// Print JSON, as described below.
    #[arg(long)]
    pub json: bool,
    /// Print a one-page summary for your records: what was ordered, by whom, and the outcome.
    #[arg(long, conflicts_with_all = ["watch", "json"])]
    pub summary: bool,
}
