//! Obstacles to an order, at Home of the real program: reported by the server before the form is begun.

use crate::common::tty::{Launch, Tty};
use zegel::sandbox::{FaultSpec, KEY, Sandbox, SandboxOptions};

/// Starts a sandbox in this process with these faults, and the program at Home with its account.
fn home(faults: &[&str]) -> (Sandbox, Tty) {
    let faults = faults.iter().map(|fault| fault.parse::<FaultSpec>().unwrap()).collect();
    let sandbox = Sandbox::start(&SandboxOptions { faults, ..SandboxOptions::default() }).unwrap();
    let launch = Launch::new(&[]).env("ZEGEL_API_URL", &sandbox.api_url()).env("ZEGEL_API_KEY", KEY);
    let mut tty = launch.start();
    tty.wait_for("Before you order");
    (sandbox, tty)
}

#[test]
fn account_problems_are_reported_and_can_be_checked_again() {
    let (sandbox, mut tty) = home(&["role-standard", "no-product", "divisions"]);
    tty.wait_for("✓ Key: works; user: Anouk van Zilverdam")
        .wait_for("! Role: Standard user")
        .wait_for("! Product: probably not enabled for this account")
        .wait_for("✓ Balance: €300.00 available · division 15 Facilitair Bedrijf")
        // While requests are open, no new ones are sent.
        .wait_for("? Organization: none selected yet")
        .wait_for("? Open orders: no organization selected yet");
    tty.press("c")
        .wait_for("must approve the order in CertCentral. Let")
        .wait_for("one of them know before you order.")
        .press("esc")
        .wait_for("[ New order ]");
    sandbox.set_faults(&[]);
    tty.press("r").wait_for("✓ Role: Administrator").wait_for("✓ Product: can be ordered; validity in years: 1, 2, 3");
    tty.wait_for("✓ Balance: €12,500.00 available").press("q");
    assert_eq!(tty.wait_exit(), 0);
}

#[test]
fn an_orders_only_key_can_order() {
    let (_sandbox, mut tty) = home(&["key-orders-only"]);
    tty.wait_for("✓ Key: works, but is not allowed to look up the user it belongs to")
        .wait_for("? Balance: unknown: this key is not allowed to look it up");
    tty.press("enter").wait_for("Step 1 of 7: Organization");
    tty.press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}

#[test]
fn an_unknown_key_is_reported_once() {
    let (_sandbox, mut tty) = home(&["invalid-key"]);
    tty.wait_for("! The account could not be checked: refused (HTTP 403)");
    assert_eq!(tty.screen().matches("access_denied").count(), 2, "once, in its code:\n{}", tty.screen());
    tty.press("q");
    assert_eq!(tty.wait_exit(), 0);
}
