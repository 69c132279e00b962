//! Opening a file at Home: a path with completion, and the result for each kind of content.

use crate::common::walk::{Files, TO_REVIEW, Walk, setup};
use zegel::domain::{PersistenceError, PersistenceErrorKind};
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::message::{Effect, StoreTask};

const ORDER: &str = r#"{"comments": "theirs", "csa_agreed_to": true, "alternative_order_id": "own-7",
    "organization": {"id": 900001}, "order_validity": {"custom_expiration_date": "2026-11-01"}, "organization": {"id": 900002}}"#;

/// Home, with these files.
fn home(files: &[(&str, &str)]) -> Walk {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 80, 24) }));
    walk.server.files.kept = files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned())).collect();
    walk.keys("wait");
    walk
}

#[test]
fn a_path_is_completed_as_far_as_it_is_unambiguous() {
    let mut walk = home(&[("in/order-a.json", "{}"), ("in/order-b.json", "{}"), ("in/x<y 🙂\u{1b}[2J.json", "{}")]);
    walk.keys("o").expect("Open an order file").keys("type:in/o tab wait");
    walk.expect("File: in/order-").expect("Matches: 2").expect("order-b.json");
    walk.keys("type:b").expect_not("Matches:").keys("tab wait").expect("File: in/order-b.json").expect_not("Matches:");
    walk.keys("ctrl-u type:in/x tab wait").expect("File: in/x<y 🙂^[[2J.json");
    walk.keys("ctrl-u type:in/z tab wait").expect("No match. Check the name; a").expect("File: in/z");
    walk.keys("ctrl-u type:~ tab").expect("File: ~/").keys("esc").expect("What would you like to do?");
}

#[test]
fn a_reply_for_another_path_is_ignored() {
    let mut walk = home(&[("order-a.json", "{}")]);
    walk.keys("o type:or tab type:x wait").expect("File: orx").expect_not("order-a");
}

#[test]
fn a_file_opens_at_review_and_can_be_saved() {
    let mut walk = home(&[("order.json", ORDER)]);
    walk.keys("size:120x40 down enter type:order.json enter")
        .expect("order.json: one moment …")
        .keys("wait")
        .expect("Summary");
    walk.expect("Consent recorded in the file does not count.").expect("/organization: ");
    assert_eq!((walk.text("order.csa"), walk.text("org.id")), (String::new(), "900002".into()));
    walk.keys("s wait").expect("Changes to order.json");
}

#[test]
fn a_new_order_from_a_file_has_neither_its_path_nor_its_order_specific_values() {
    let mut walk = home(&[("order.json", ORDER)]);
    walk.keys("o type:order.json ctrl-n wait")
        .expect("Summary")
        .expect("These fields are never copied, so please fill them in again:");
    let file = walk.app.form().file_text();
    assert!(file.contains("theirs") && !file.contains("own-7") && !file.contains("2026-11-01"), "{file}");
    assert_eq!((walk.text("order.csa"), walk.text("org.id")), (String::new(), "900002".into()));
    walk.keys("s").expect("Save this order to a file").keys("esc tick:500 wait");
    assert!(
        walk.seen.iter().any(|effect| matches!(effect, Effect::Store(StoreTask::SaveDraft(..)))),
        "it is kept as a draft"
    );
}

#[test]
fn a_new_order_does_not_take_a_card_from_a_file() {
    let card = r#"{"payment_method": "card", "credit_card": {"number": "4111111111111111", "cvv": "123"}}"#;
    let mut walk = home(&[("order.json", card)]);
    walk.keys("o type:order.json ctrl-n wait").expect("Card number").expect_not("1111");
    assert!(!walk.app.form().has_secrets());
}

#[test]
fn an_invalid_order_file_is_reported_with_its_place_and_nothing_is_lost() {
    for (text, words) in [
        ("{\n  \"a\": 1,\n}", "order.json, line 2, column 9:"),
        ("[]", "order.json, line 1, column 1:"),
        ("", "order.json, line 1, column 1:"),
        (r#"{"comments": {"x": "4111 1111 1111 1111"}}"#, "may contain card data"),
    ] {
        let mut walk = home(&[("order.json", text)]);
        walk.keys("o type:order.json enter wait").expect(words).expect("Nothing was opened.");
        walk.expect("File: order.json").expect_not("1111 1111").keys("esc").expect("What would you like to do?");
    }
    let mut walk = home(&[]);
    walk.keys("o enter").expect("Type a file name, or").keys("type:gone.json enter wait");
    walk.expect("gone.json does not exist. Check the name.").expect("File: gone.json");
}

#[test]
fn unsaved_input_is_not_discarded_for_a_file() {
    let mut walk = home(&[("order.json", ORDER)]);
    walk.keys("enter wait type:zilver enter");
    walk.server.unkept = Some(PersistenceError { path: "/state".into(), kind: PersistenceErrorKind::Full });
    walk.keys("esc wait o type:order.json enter wait").expect("would be lost.");
    assert_eq!(walk.text("org.id"), "900001");
}

#[test]
fn the_earlier_form_is_still_a_draft() {
    let mut walk = home(&[]);
    walk.keys("enter").keys(TO_REVIEW).keys("tick:500 wait alt-1 esc wait");
    walk.server.files = Files::with("order.json", ORDER);
    walk.keys("o type:order.json enter wait").expect("Summary");
    assert!(walk.seen.contains(&Effect::Store(StoreTask::ReleaseDraft)));
    assert!(!walk.seen.contains(&Effect::Store(StoreTask::DiscardDraft)));
}
