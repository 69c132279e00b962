//! What is in an embedded sandbox: the same options for the demo and for the sandbox alone.
//!
//! Only the words are here. What they mean is the sandbox's matter.

use clap::Args;
use std::path::PathBuf;

/// No more than there are different names for.
const MOST: i64 = 300_000;

const ORGANIZATIONS_LONG: &str = "\
How many organizations the account has, up to 300 000, to see how pickers do with
as many as yours; never fewer than the few hundred that it has without asking";

/// The names stand here once more, because help is for reading: a test compares them.
const FAULT_LONG: &str = "\
Let something go wrong in the sandbox; may be given more than once

It is a NAME, then in this order and each only if wanted =NUMBER, @CALLS and
*TIMES, such as slow=200@orders*1. CALLS are every, questions, lists or orders.
Nothing is done: list-forbidden, invalid-key, too-many, too-many-wait=SECONDS,
http-500-before, http-502-before, http-503-before, order-refused,
duplicate-organization.
All is done, and the answer is lost or spoilt: http-500-after, http-502-after,
http-503-after, reply-lost, reply-cut, reset, slow=MILLISECONDS,
trickle=MILLISECONDS, flood=MEBIBYTES, json-truncated, json-wrong-types,
ids-as-strings, no-page, hostile-names, list-late=CALLS.
It is held until it is released: hold-accept, hold-headers, hold-placing,
hold-reply.
The key or the account is another: key-view-only, key-orders-only,
role-standard, no-product, divisions, no-profile.";

/// What is in the sandbox.
#[derive(Debug, Args)]
pub struct World {
    /// Append the orders that arrive to this file, a JSON line each, without card number and CVV
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// How many organizations the account has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST), long_help = ORGANIZATIONS_LONG)]
    pub organizations: Option<u32>,
    /// Let something go wrong in the sandbox; may be given more than once
    #[arg(long = "fault", value_name = "NAME", long_help = FAULT_LONG)]
    pub faults: Vec<String>,
}
