//! The picker of a large account: rows before the rest has arrived, typing meanwhile, and leaving it.

use crate::common::tty::{Launch, Tty};
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

/// A sandbox with more organizations than one or two pages have, and the program at the step of the organization.
fn at_step() -> (Sandbox, Tty) {
    let sandbox = Sandbox::start(&SandboxOptions { organizations: 10_000, ..SandboxOptions::default() }).unwrap();
    let launch = Launch::new(&[]).env("ZEGEL_API_URL", &sandbox.api_url()).env("ZEGEL_API_KEY", KEY);
    let mut tty = launch.start();
    tty.wait_for("[ New order ]").press("enter").wait_for("Step 1 of 7: Organization");
    (sandbox, tty)
}

/// No page after the first thousand ever arrives, and the rows can be used nevertheless.
#[test]
fn rows_are_usable_before_the_others_have_arrived() {
    let (sandbox, mut tty) = at_step();
    tty.press("enter").wait_for("of 10,000").press("esc").wait_for("[ ");
    sandbox.set_faults(&["slow=3600000@lists".parse().unwrap()]);
    tty.press("enter").wait_for("Loading: ").wait_for("› 900001  Gemeente Zilverdam");
    tty.type_text("watersch rijnbeemd").wait_for("Waterschap Rijnbeemd").press("enter");
    tty.wait_for("900010  Waterschap Rijnbeemd");
}

/// Text typed meanwhile is found, and all rows arrive.
#[test]
fn the_other_rows_arrive_while_typing() {
    let (sandbox, mut tty) = at_step();
    tty.press("enter").type_text("zilverdam").wait_for("Gemeente Zilverdam");
    tty.press("ctrl-u").wait_for("10,000 of 10,000");
    assert!(sandbox.call_rate().calls >= 11, "a page has no more than a thousand");
    tty.type_text("910000").wait_for("› 910000  ");
}
