//! The arguments of `zegel doctor`, with its help.
//!
//! What they lead to is the matter of `command`.

use clap::Args;

/// Help is broken into lines by hand: clap breaks none itself.
pub(super) const ABOUT: &str = "\
Find out what is wrong: terminal, configuration, network, key, account

It looks at everything that an order needs, from this terminal to the account's
money, changes nothing, and orders nothing. Each line says how it is, and what to do
where that is not well. Without an account it looks whether CertCentral Europe can
be reached.

What it prints can be sent to a stranger: no key, card, credentials of a proxy, name
of a person or amount of money is in it, and your home directory is ~.
Exit code: 0 nothing failed, 1 something did, 2 it could not run.";

pub(super) const AFTER: &str = "\
Examples:
  zegel doctor
  zegel doctor --json > doctor.json

--json prints one object with these members:
  version  zegel's version
  ok       whether nothing failed
  checks   a list of objects, in the order of the lines: check (version, terminal,
           size, colors, unicode, paste, clipboard, configuration, state, space,
           account, key, proxy, name, tls, clock, api, role, product, balance),
           result (ok, warning, failed, unknown), code (what was found), values
           (an object of texts, by what was found), message
Names and codes do not change; messages may.";

/// How it is told.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print JSON, as described below
    #[arg(long)]
    pub json: bool,
}
