//! The arguments of `zegel review`, with its help.
//!
//! What they lead to is the matter of `command`.

use clap::Args;
use std::path::PathBuf;

/// Help is broken into lines by hand, as in all commands.
pub(super) const ABOUT: &str = "\
Look a payload over before it is submitted, mend it, and save or order it

The wizard opens at Review with the payload of FILE: what is wrong stands first,
and leads to where it is mended. S saves to the file, after showing what changes
in it; E opens the JSON in $VISUAL or $EDITOR. Layout, order and unknown members
of the file stay, and card data is never written. An agreement in FILE does not
count: it must be given here.
Without an account everything works but ordering.";

/// What `zegel review` is asked for.
#[derive(Debug, Args)]
pub struct Review {
    /// The payload: a JSON object, in UTF-8
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
