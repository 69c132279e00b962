//! The path through the wizard by keys: to a field by its label, through a step, from the first step to Review.
//!
//! Each result is awaited on the screen before the next key. The tests decide what is typed where.

use crate::common::quotes::quote;
use crate::common::tty::{Launch, Tty, View};

/// The columns of the labels.
const LABELS: usize = 28;

/// Returns the label in focus on the page of a step. The value beside it is left out: it may change by itself.
fn focused(view: &View) -> Option<String> {
    let row = view.rows().into_iter().find(|row| row.starts_with(" › "))?;
    let columns = if row.starts_with(" › [") { usize::MAX } else { LABELS };
    Some(row.chars().take(columns).collect())
}

/// Presses a key and waits until another element has the focus.
#[track_caller]
fn move_by(tty: &mut Tty, key: &str) {
    let before = tty.look(focused);
    tty.press(key).wait_until("another focus", |view| focused(view) != before);
}

/// The button at the end of a page.
const LAST: [&str; 2] = ["[ Continue to: ", "[ Verder naar: "];

/// Moves forward until this label has the focus; after the end of the page from its begin. A step opens on the first
/// field that needs a value, so other fields may come before it.
#[track_caller]
pub(crate) fn focus(tty: &mut Tty, label: &str) {
    while let row = tty.look(focused).unwrap_or_default()
        && !row.contains(label)
    {
        move_by(tty, if LAST.iter().any(|last| row.contains(last)) { "pageup" } else { "tab" });
    }
}

/// Moves back until this label has the focus.
#[track_caller]
pub(crate) fn focus_back(tty: &mut Tty, label: &str) {
    while !tty.look(focused).is_some_and(|row| row.contains(label)) {
        move_by(tty, "shift-tab");
    }
}

/// Moves to a field and types into it.
#[track_caller]
pub(crate) fn fill(tty: &mut Tty, label: &str, text: &str) {
    focus(tty, label);
    tty.type_text(text).wait_cursor(text);
    move_by(tty, "tab");
}

/// Moves to a masked field, types into it, and waits for its display.
#[track_caller]
pub(crate) fn fill_masked(tty: &mut Tty, label: &str, text: &str, shown: &str) {
    focus(tty, label);
    tty.type_text(text).wait_cursor(shown);
    move_by(tty, "tab");
}

/// Moves to a field with a list, types, and takes the row once it is chosen.
#[track_caller]
pub(crate) fn pick(tty: &mut Tty, label: &str, typed: &str, row: &str) {
    focus(tty, label);
    let chosen = format!(" › {row}");
    tty.type_text(typed).wait_cursor(&format!("{label}: {typed}")).wait_for(&chosen).press("enter");
    tty.wait_gone(&format!("{label}: {typed}"));
}

/// Returns the chosen options on the page.
fn chosen(view: &View) -> Vec<String> {
    let text = view.text();
    let behind = text.split("(•) ").skip(1);
    behind.map(|rest| rest.split(['(', '\n']).next().unwrap_or_default().trim_end().to_owned()).collect()
}

/// Chooses an option of a field.
#[track_caller]
pub(crate) fn choose(tty: &mut Tty, label: &str, option: &str) {
    focus(tty, label);
    while !tty.look(chosen).iter().any(|chosen| chosen == option) {
        let before = tty.look(chosen);
        tty.press("right").wait_until("another option", |view| chosen(view) != before);
    }
}

/// Moves to a box and ticks it.
#[track_caller]
pub(crate) fn tick(tty: &mut Tty, label: &str) {
    focus(tty, label);
    tty.press("space").wait_cursor("[x]");
}

/// Moves to the next step.
#[track_caller]
pub(crate) fn forward(tty: &mut Tty, title: &str) {
    tty.press("ctrl-n").wait_for(title);
}

/// Starts the program and moves the cursor into the field of the legal name.
#[track_caller]
pub(crate) fn name_field(launch: &Launch) -> Tty {
    let mut tty = launch.start();
    tty.wait_for("Step 1 of 7: Organization");
    choose(&mut tty, "Existing or new", "new");
    focus(&mut tty, "Legal name");
    tty
}

/// Moves from Home to the first step of a new order.
#[track_caller]
pub(crate) fn begin(tty: &mut Tty) {
    tty.wait_for("› [ New order ]").press("enter").wait_for("Step 1 of 7: Organization");
}

/// Moves from Home to Payment with typed ids: for a server without data.
#[track_caller]
pub(crate) fn to_payment(tty: &mut Tty) {
    begin(tty);
    pick(tty, "Name or id", "900001", "Use id 900001");
    forward(tty, "Step 2 of 7: Contacts");
    pick(tty, "Person", "800001", "Use id 800001");
    forward(tty, "Step 3 of 7: Certificate");
    tick(tty, "I agree");
    forward(tty, "Step 4 of 7: Shipping");
    address(tty);
    forward(tty, "Step 5 of 7: Validity");
    forward(tty, "Step 6 of 7: Payment");
}

const ADDRESS: [(&str, &str); 6] = [
    ("Recipient", "Anna de Vries"),
    ("Address", "Keizersgracht 1"),
    ("Address, line 2", "2 hoog"),
    ("Postal code", "1015 AA"),
    ("City", "Amsterdam"),
    ("State or province", "Noord-Holland"),
];

/// Types the delivery address of the token.
#[track_caller]
pub(crate) fn address(tty: &mut Tty) {
    for (label, text) in ADDRESS {
        fill(tty, label, text);
    }
}

/// Types the data of a card, and copies the billing address.
#[track_caller]
pub(crate) fn pay_by_card(tty: &mut Tty) {
    choose(tty, "Payment method", "credit card");
    type_card(tty, ["Card number", "Expiry month", "Expiry year", "Cardholder"], ["09", "Anna de Vries"]);
    focus(tty, "Copy address from: Shipping");
    tty.press("enter").wait_for("Address copied. You can undo this below.");
}

/// Types a card under these labels, with this month and holder.
#[track_caller]
pub(crate) fn type_card(tty: &mut Tty, labels: [&str; 4], [month, holder]: [&str; 2]) {
    fill_masked(tty, labels[0], CARD, "************1111");
    fill(tty, labels[1], month);
    fill(tty, labels[2], "2099");
    fill_masked(tty, "CVV", "123", "***");
    fill(tty, labels[3], holder);
}

/// A card number for tests; it belongs to nobody.
pub(crate) const CARD: &str = "4111111111111111";

/// Moves from Payment to Confirm, and waits until it takes keys.
#[track_caller]
pub(crate) fn to_confirm(tty: &mut Tty) {
    forward(tty, "JSON · digest ");
    confirm(tty);
}

/// Moves from Review to Confirm, and waits until it takes keys.
#[track_caller]
pub(crate) fn confirm(tty: &mut Tty) {
    confirm_by(tty, "order");
}

/// As [`confirm`], where another word may be required.
#[track_caller]
pub(crate) fn confirm_by(tty: &mut Tty, word: &str) {
    tty.press("ctrl-n").wait_until("Confirm", |view| view.rows()[1].starts_with(" Confirm "));
    tty.wait_gone(quote("confirm.survey", "Checking for earlier orders"));
    while tty.look(|view| view.shows("Scroll down to the end")) {
        let before = tty.screen();
        tty.press("down").wait_until("more", |view| view.text() != before);
    }
    tty.wait_cursor(&format!("Type {word} and press Enter:"));
}

/// Types the word, and sends the order.
#[track_caller]
pub(crate) fn order(tty: &mut Tty) {
    order_by(tty, "order");
}

/// As [`order`], where another word may be required.
#[track_caller]
pub(crate) fn order_by(tty: &mut Tty, word: &str) {
    tty.type_text(word).wait_cursor(&format!("Enter: {word}")).press("enter");
}

/// Quits with everything saved.
#[track_caller]
pub(crate) fn leave_kept(tty: &mut Tty) -> u32 {
    tty.press("ctrl-c");
    tty.wait_exit()
}

/// Quits although something is lost.
#[track_caller]
pub(crate) fn leave(tty: &mut Tty) -> u32 {
    tty.press("ctrl-c").wait_for("Ctrl-C again").press("ctrl-c");
    tty.wait_exit()
}
