//! Keys as terminals send them: undo, words, a field by its label, and keys without effect.
//!
//! Other tests check the effect of keys without a terminal; here the keys come as bytes.

use crate::common::steps::focus;
use crate::common::tty::{Launch, Tty};

/// At the name of a recipient.
fn recipient() -> Tty {
    let mut tty = Launch::new(&["demo"]).start();
    tty.wait_for("Step 1 of 7: Organization");
    tty.press("ctrl-g").wait_for("Type part of a field's name. Press Enter");
    tty.type_text("recip").wait_for(" › 4 Recipient").press("enter").wait_for("Step 4 of 7: Shipping");
    focus(&mut tty, "Recipient");
    tty
}

#[test]
fn undo_and_redo_work_with_the_bytes_of_terminals() {
    let mut tty = recipient();
    tty.type_text("Piet van Dam").wait_cursor("Piet van Dam");
    // 0x1f is Ctrl-_, and Ctrl-/ in most terminals.
    tty.press("ctrl-_").wait_cursor("Piet van").wait_gone("Dam");
    tty.press("alt-u").wait_cursor("Piet").wait_gone("van");
    tty.press("alt-r").wait_cursor("Piet van");
    tty.press("ctrl-alt-_").wait_cursor("Piet van Dam");
    tty.press("ctrl-left").press("alt-backspace").wait_for("Piet Dam");
    tty.press("ctrl-_").wait_for("Piet van Dam");
}

#[test]
fn a_key_without_effect_is_named_until_the_next_one() {
    let mut tty = recipient();
    tty.press("insert").wait_for("Ins does nothing here. Press F1 to see the keys that work.");
    tty.press("f12").wait_for("F12 does nothing here.").press("tab").wait_gone("does nothing here");
    tty.press("f3").wait_for(" › 4 Address").press("esc").wait_gone("Type part of a");
}

#[test]
fn ctrl_d_deletes_and_never_quits() {
    let mut tty = recipient();
    tty.press("ctrl-d ctrl-d").type_text("Piet").press("home").press("ctrl-d").wait_for("iet");
    tty.press("ctrl-k").wait_gone("iet").press("ctrl-d").type_text("Bram").wait_for("Bram");
}
