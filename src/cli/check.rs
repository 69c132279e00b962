//! The arguments of `zegel check`, with its help.
//!
//! What they lead to is the matter of `command`.

use clap::Args;
use std::path::PathBuf;

/// Help is broken into lines by hand: clap breaks none itself.
pub(super) const ABOUT: &str = "\
Find everything that is wrong with payloads, before an order is placed

Each problem stands with its place, its JSON pointer, and what is right; secrets in
a payload are masked. A folder means the *.json in it, in any case and not those
below, and - standard input; a named pipe is read to its end, and a device is
refused. It needs no account, no network and no configuration, and changes nothing.

Errors are what DigiCert would refuse or misread for certain; everything else is a
warning. Ids may be written as texts: zegel sends them as numbers.
Exit code: 0 no errors, 1 errors, 2 something could not be read or written, or a
folder has nothing to check. Where nobody reads on and files are left, it is 1 if
an error was found, else 2.";

pub(super) const EXAMPLE: &str = "\
Examples:
  zegel check order.json
  zegel check --json orders/ | jq -r 'select(.ok | not).file'
  generate-order | zegel check --strict -";

const JSON_LONG: &str = "\
One line of JSON a file

{\"file\": \"order.json\", \"ok\": false, \"problems\": [{\"severity\": \"error\",
\"pointer\": \"/ship_info/zip\", \"line\": 12, \"column\": 12, \"code\": \"required\",
\"field\": \"ship.zip\", \"label\": \"Postal code\", \"message\": \"…\"}]}

Lines and columns count from 1, columns in characters. field and label are null
where it is about no field. A file that cannot be read has \"error\" in place of
problems. With --strict, ok says that there are no warnings either. Codes do not
change; messages may.";

/// What is checked, and how it is told.
#[derive(Debug, Args)]
pub struct Check {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// One line of JSON a file
    #[arg(long, long_help = JSON_LONG)]
    pub json: bool,
    /// Let warnings count as errors
    #[arg(long)]
    pub strict: bool,
}
