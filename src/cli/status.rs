//! What `zegel status` is asked for.
//!
//! Its help is English, and names every member of its JSON.

use clap::Args;
use clap::builder::RangedU64ValueParser;

/// What the command is for.
pub(super) const ABOUT: &str = "\
What became of an order: status, approval requests, certificate

It asks the account that is used (\"zegel config\" shows which that is), and
changes nothing there. The journal of this computer tells what was asked for,
where the order was placed from here.
--summary tells what the journal knows where the server does not answer.
It ends with 0 where the status was told, whatever it is, and with 2 where it
could not be had.";

/// Examples, and what a script can rely on.
pub(super) const AFTER: &str = "\
Examples:
  zegel status 700001
  zegel status 700001 --watch
  zegel status 700001 --summary > order-700001.txt

--json prints an object with these members, and with --watch one a line:
  host         the account's host
  order        null where only a request is known, else an object: id,
               status (the server's word, null where none was told),
               validity (object: years, days, date; each null where not told),
               organization (object: id, name; each null where not told)
  requests     a list of objects: id, status
  certificate  the certificate's id, or null
  heard        when that was heard, in UTC (2026-11-22T20:00:00Z)
  final        whether nothing more changes by itself
  failure      what could not be had, in words, or null";

/// What is asked for.
#[derive(Debug, Args)]
pub struct Status {
    /// The id of an order, or where there is no such order that of a request
    #[arg(value_name = "ID", value_parser = RangedU64ValueParser::<u64>::new().range(1..))]
    pub id: u64,
    /// Go on asking until nothing more changes, and print a line at each change
    #[arg(long)]
    pub watch: bool,
    /// Print JSON, as described below
    #[arg(long)]
    pub json: bool,
    /// Print a page for the file: what was ordered, by whom, and what became of it
    #[arg(long, conflicts_with_all = ["watch", "json"])]
    pub summary: bool,
}
