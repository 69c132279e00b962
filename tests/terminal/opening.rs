//! A file that is opened at Home by a path with completion, and a copy of it: the output to a real terminal.

use crate::common::tty::Launch;
use crate::terminal::stream::copied;
use std::fs;

const PAYLOAD: &str = "{\n    \"comments\": \"東京 🙂\",\n    \"organization\": {\"id\": 900001},\n    \
    \"payment_method\": \"card\",\n    \"credit_card\": {\"number\": \"4111111111111111\", \"cvv\": \"123\"}\n}\n";

#[test]
fn a_path_is_completed_and_the_opened_order_is_copied_without_its_card() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("orders 🙂")).unwrap();
    fs::write(dir.path().join("orders 🙂/first \u{1b}[2Jone.json"), PAYLOAD).unwrap();
    let mut tty = Launch::new(&["demo"]).env("HOME", dir.path().to_str().unwrap()).start();
    tty.wait_for("Step 1 of 7").press("esc").wait_for("New order").press("o").wait_for("Open an order file");
    tty.type_text("~/ord").press("tab").wait_for("~/orders 🙂/").press("tab").wait_for("^[[2Jone.json");
    tty.press("enter").wait_for("JSON · no digest until").press("c").wait_for("The JSON was sent to your terminal's");
    let copied = copied(&mut tty);
    assert!(copied.contains("東京 🙂") && copied.contains("************1111"), "{copied}");
    assert!(!copied.contains("41111111") && !copied.contains("\"123\""), "{copied}");
    tty.press("ctrl-c");
}
