//! The arguments of `zegel submit`, with its help.
//!
//! What they lead to is the matter of `command`.

use clap::Args;
use std::path::PathBuf;

/// Help is broken into lines by hand: clap breaks none itself.
pub(super) const ABOUT: &str = "\
Order what a payload says, once

The order is journaled before it is sent, sent once, and never again by itself.
What is sent is what was reviewed: DIGEST is what \"zegel preview --digest\" or Review
shows, in full or its first 16 digits, on this machine or a colleague's. Without
--confirm a terminal shows the payload and asks for a typed word; elsewhere nothing
is ordered. csa_agreed_to is sent as it stands in the file, and the digest covers it.

Nothing is ordered where an order of the last 30 days looks alike, or where exactly
this was ordered from here, unless each is named by --despite; nor where an earlier
order is not resolved. Exactly this one may be ordered anew once it was rejected,
canceled or revoked, or ends within 90 days. Where the journal of this computer was
damaged, emptied or removed while an order was open, nothing is ordered without
--journal-lost: look in CertCentral first.
Exit code: 0 placed; 1 refused, or problems; 2 could not run, and nothing was sent;
3 it is not known whether it was placed: then it says how to resolve that. Where an
order left, no output that cannot be written to changes that.";

pub(super) const EXAMPLE: &str = "\
Examples:
  zegel submit order.json
  zegel submit order.json --confirm 3fae939b2ee83f4d --json
  zegel submit order.json --confirm 3fae939b2ee83f4d --despite 700001";

const JSON_LONG: &str = "\
Print one JSON object

{\"outcome\": \"placed\", \"digest\": \"…\", \"order\": 700001, \"requests\": [{\"id\": 710001,
\"status\": \"pending\"}], \"certificate\": null, \"organization\": null}
outcome is placed, refused (with status and errors), not_sent (with reason), alike
(with alike: look-alike orders), blocked (with intent), unprotected, journal_lost (with
lost: the files), problems, not_confirmed, or unknown (with intent, candidates, and
words: what the server said, short and without secrets, or null).";

/// What is ordered, and what may be gone past.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Submit {
    /// The payload
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The digest of what was reviewed; only that is sent
    #[arg(long, value_name = "DIGEST")]
    pub confirm: Option<String>,
    /// Order although this order, or request, looks alike; may be given more than once
    #[arg(long, value_name = "ORDER_ID")]
    pub despite: Vec<u64>,
    /// Order although what there is cannot be listed, so that nothing protects from ordering twice
    #[arg(long)]
    pub unprotected: bool,
    /// Order although the journal of this computer is lost, in part or whole; that is written down
    #[arg(long)]
    pub journal_lost: bool,
    /// Where the outcome is not known, look for the order for so many seconds
    #[arg(long, alias = "settle", value_name = "SECONDS", default_value_t = 30)]
    pub resolve: u64,
    /// Read the card number and the CVV that the file lacks from standard input, a line each, in this order
    #[arg(long)]
    pub card_from_stdin: bool,
    /// Print one JSON object
    #[arg(long, long_help = JSON_LONG)]
    pub json: bool,
}
