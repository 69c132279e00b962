//! The path through setting up by keys, and from there to a placed order.
//!
//! Each result is awaited on the screen before the next key.

use super::home::SetupHome;
use crate::common::quotes::quote;
use crate::common::steps::{choose, confirm, fill, focus, focus_back, forward, order, pick, tick};
use crate::common::tty::Tty;

/// The delivery address of every order.
pub(crate) const ADDRESS: [(&str, &str); 6] = [
    ("Recipient", "Anouk van Zilverdam"),
    ("Address", "Griffelstraat 1"),
    ("Address, line 2", "Kamer 1.02"),
    ("Postal code", "1234 AB"),
    ("City", "Zilverdam"),
    ("State or province", "Utrecht"),
];

/// From the first screen to the step of the key, with an account at this address.
#[track_caller]
pub(crate) fn to_key(tty: &mut Tty, url: &str) {
    tty.wait_for("Welcome. You set up an account").press("enter").wait_for("Step 1 of 3: Account");
    tty.wait_cursor("main");
    choose(tty, "CertCentral address", "another address");
    focus(tty, "Other address");
    tty.type_text(url).wait_cursor(url);
    forward(tty, "Step 2 of 3: API key");
    tty.wait_gone(quote("setup.looking_for_keyring", "Looking for the system keyring"));
}

/// Chooses the place of the key.
#[track_caller]
pub(crate) fn keep_in(tty: &mut Tty, place: &str) {
    focus_back(tty, "Keep the key in");
    choose(tty, "Keep the key in", place);
}

/// Sets this variable as the place of the key.
#[track_caller]
pub(crate) fn in_variable(tty: &mut Tty, name: &str) {
    keep_in(tty, "variable");
    focus(tty, "Variable");
    tty.press("ctrl-u").type_text(name).wait_cursor(name);
}

/// Sets this command as the source of the key.
#[track_caller]
pub(crate) fn by_command(tty: &mut Tty, command: &str) {
    keep_in(tty, "command");
    focus(tty, "Command");
    tty.type_text(command).wait_cursor(command);
}

/// Types a key to be stored, as a paste brings it: with a line end.
#[track_caller]
pub(crate) fn give_key(tty: &mut Tty, key: &str) {
    focus(tty, "API key");
    tty.paste(&format!(" {key}\n")).wait_cursor(&"*".repeat(key.len().min(20)));
}

/// From a key that the sandbox knows to the screen with the account to write.
#[track_caller]
pub(crate) fn from_key_test_to_write(tty: &mut Tty, home: &SetupHome) {
    tty.wait_for(&format!("What this key can do at {}", home.host()));
    tty.wait_for("✓ PKIo Qualified eSeal can be ordered.").wait_for("The key works.");
    tty.press("enter").wait_for("Step 1 of 5: Organization");
    pick(tty, "Name or id", "gemeente zilver", "900001  Gemeente Zilverdam");
    forward(tty, "Step 2 of 5: Contacts");
    pick(tty, "Person", "anouk", "800001  Anouk van Zilverdam");
    forward(tty, "Step 3 of 5: Shipping");
    for (label, text) in ADDRESS {
        fill(tty, label, text);
    }
    forward(tty, "Step 4 of 5: Payment");
    forward(tty, "This will be saved");
    tty.wait_for("Account name: main").wait_for(&home.sandbox.api_url());
}

/// From the first order, which begins with the chosen defaults, to a placed one.
#[track_caller]
pub(crate) fn order_first(tty: &mut Tty, home: &SetupHome) {
    tty.wait_for("Step 1 of 7: Organization").wait_for(&format!("SANDBOX main · {}", home.host()));
    tty.wait_for("Filled in from the defaults for account main: Name or id.").wait_for("900001  Gemeente Zilverdam");
    forward(tty, "Step 2 of 7: Contacts");
    tty.wait_for("Filled in from the defaults for account main:").wait_for("800001  Anouk van Zilverdam");
    forward(tty, "Step 3 of 7: Certificate");
    tick(tty, "I agree");
    forward(tty, "Step 4 of 7: Shipping");
    tty.wait_for("Filled in from the defaults for account main:");
    for (label, text) in ADDRESS {
        let filled_in = |row: &String| row.contains(&format!(" {label} ")) && row.ends_with(&format!("  {text}"));
        assert!(tty.look(|view| view.rows().iter().any(filled_in)), "{label}:\n{}", tty.screen());
    }
    forward(tty, "Step 5 of 7: Validity");
    forward(tty, "Step 6 of 7: Payment");
    forward(tty, "JSON · digest ");
    confirm(tty);
    assert_eq!(home.sandbox.order_counts().received, 0, "nothing is ordered before the word");
    order(tty);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_eq!(tty.wait_exit(), 0);
}

/// Asserts that the program starts at Home, where an order can be begun, and asks nothing on the way.
#[track_caller]
pub(crate) fn begin_again(tty: &mut Tty, home: &SetupHome) {
    tty.wait_for("› [ New order ]").wait_for(&format!("SANDBOX main · {}", home.host()));
    tty.press("enter")
        .wait_for("Step 1 of 7: Organization")
        .wait_for("Filled in from the defaults for account main: Name or id.");
    tty.wait_for("900001  Gemeente Zilverdam").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    tty.frames(|view| assert!(!view.shows(quote("setup.title", "Set up an account")), "{}", view.text()));
}
