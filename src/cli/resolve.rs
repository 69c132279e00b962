//! What `zegel resolve` is asked for.
//!
//! Its help is English, and names every member of its JSON.

use clap::Args;
use clap::builder::{RangedI64ValueParser, RangedU64ValueParser};

/// What the command is for.
pub(super) const ABOUT: &str = "\
Find out what became of an order whose answer was lost, and decide

It looks for the order in the account, at once and after 5, 15, 60, 300 and 600
seconds, until something is found. It never sends an order. What was found is
listed; it is decided only by --adopt or --not-placed, under the same conditions
as in the wizard: only an order that was found can be adopted, and \"not placed\"
takes every look, all of them whole, nothing that could be the order, and the key
of the user who ordered. Where a condition is not met nothing is written.
Where that cannot be had, look in CertCentral yourself and say with --checked what
you checked: --adopt then takes any order that is new, and --not-placed every look,
whole or not. It corrects an earlier decision as well, and then asks nothing.
It ends with 0 where it was decided or nothing is open, with 1 where INTENT is
resolved already or does not exist, with 2 where it could not look, and with 3
where it is still not known.";

/// Examples, and what a script can rely on.
pub(super) const AFTER: &str = "\
Examples:
  zegel resolve
  zegel resolve 3 --for 60
  zegel resolve 3 --adopt 700001
  zegel resolve 3 --not-placed
  zegel resolve 3 --not-placed --checked \"nothing under Orders and Requests since June\"

--json prints an object with these members:
  intent      what was looked for, or null: id, time, host, product,
              organization (null for a new one), digest, words (what the
              server said of it, short and without secrets, or null)
  verdict     found, not_there, cannot_tell or looking; null where nothing was
              looked for
  why         no_known_set, cut or other_user, where that keeps it from being
              told for certain, else null
  candidates  what may be it, a list of objects: order, status,
              organization_id, organization, user_id, user, created,
              validity (years, days, date), requests (list of id and status);
              null where not told
  proposed    the id of the one that fits in all that can be seen, or null
  may_adopt   the ids that --adopt takes
  may_deny    whether --not-placed is taken
  decided     null, {\"adopted\": ID} or \"not_placed\"
  others      what else is open, a list of objects as intent, each with state:
              open, busy (another window is resolving it) or elsewhere (it is
              of another account)";

/// What is asked for.
#[derive(Debug, Args)]
pub struct Resolve {
    /// The number in the journal of this computer; without it the oldest that is open
    #[arg(value_name = "INTENT", value_parser = RangedI64ValueParser::<i64>::new().range(1..))]
    pub intent: Option<i64>,
    /// Look for at most so long, not for all 600 seconds; a look that has begun is waited for
    #[arg(long = "for", value_name = "SECONDS")]
    pub seconds: Option<u32>,
    /// Decide: the order of this id, which was found, is the one
    #[arg(long, value_name = "ORDER_ID", conflicts_with = "not_placed", requires = "intent",
          value_parser = RangedU64ValueParser::<u64>::new().range(1..))]
    pub adopt: Option<u64>,
    /// Decide: it was not placed, and can be ordered again
    #[arg(long, requires = "intent")]
    pub not_placed: bool,
    /// Decide by what you checked in CertCentral, in a sentence that the journal keeps
    #[arg(long, value_name = "SENTENCE")]
    pub checked: Option<String>,
    /// Print JSON, as described below
    #[arg(long)]
    pub json: bool,
}
