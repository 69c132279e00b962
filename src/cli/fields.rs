//! The arguments of `zegel fields`, and its help.
//!
//! The help promises what the members of the JSON are; a test holds that it names all of them.

use clap::Args;

pub(super) const ABOUT: &str = "\
List every field of the order: where it stands in the payload, when it is
required, what it may hold, and how well that is known

It needs no account, network or configuration. Fields stand in the order in
which the wizard asks for them, by step. A pointer names a member of the payload;
* in it stands for every row of a list. Of where something comes from, whatever
the documentation of the order itself does not say reads \"not confirmed\".";

/// No line is so long that a manual page would break it.
pub(super) const AFTER: &str = "\
Members of --json:
  product, title, endpoint, language
  steps[]       id, title, intro
  fields[]
    id          its name here, such as ship.zip
    step        the id of its step
    pointer     such as /ship_info/zip; null where it is not sent
    label, help, example
    kind        mode (it only steers what is asked), text, integer,
                bool, consent, choice, date, country, opaque
    required    yes; asked (by the wizard) and advised: without it a
                payload gets a warning; no
    when[]      field and is[]; all must hold for it to be asked
    values[]    those that are known: value, label, note; of a mode
                told_by[], pointers to what tells it, or null
    open        whether other values may be right too
    fixed       the only value, or null
    default     the value of a new form, or null
    sent_blank  whether it is sent as an empty text if left blank
    rows        min and max of the list that it is in, or null
    secret      last4 (but these are masked), all, or null
    expert      whether the wizard folds it away
    limits[]    level (error or warning), code, when[], says, source
    source      mark (doc, sib, code, inf), confirmed, page, says

Examples:
  zegel fields --lang nl
  zegel fields --json
  zegel fields --markdown > fields.md
  zegel fields --schema > order.schema.json";

/// What of the fields is listed how.
#[derive(Debug, Args)]
pub struct Fields {
    /// As one JSON document, for programs
    #[arg(long, group = "form")]
    pub json: bool,
    /// As JSON Schema 2020-12: accepts each payload in which zegel finds no error
    #[arg(long, group = "form")]
    pub schema: bool,
    /// As tables in Markdown, one for each step
    #[arg(long, group = "form")]
    pub markdown: bool,
}
