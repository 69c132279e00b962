//! Saving to a file and the user's editor: what is shown, written and read back.

use crate::common::walk::{Files, TO_REVIEW, Walk, product, setup, stamp};
use std::io::ErrorKind;
use zegel::domain::{EditorError, EditorErrorKind, FileErrorKind, SendResult, TransportErrorKind};
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::tui::app::{App, CurrentAccount, StartMode, StartOptions};

const SOURCE: &str = "{\r\n\t\"comments\" : \"東京 🙂\",\r\n\t\"payment_method\": \"profile\",\r\n\t\"csa_agreed_to\": true,\r\n\t\
    \"payment_method\": \"balance\",\r\n\t\"organization\": {\"id\": 900001}\r\n}\r\n";

/// The result of an editor for a text.
type EditorResult = fn(&str) -> Result<String, EditorError>;

/// A wizard with this file open, under this name.
fn opened(source: &str, change: impl FnOnce(&mut StartOptions)) -> Walk {
    let reading = Form::parse_payload(product(), &zegel::json::parse(source).unwrap()).unwrap();
    let mut setup = StartOptions { mode: StartMode::Home, ..setup(Language::En, 100, 40) };
    change(&mut setup);
    let mut walk = Walk::with(App::with_file(setup, reading, ("order.json".into(), stamp(source), false), Vec::new()));
    walk.server.files = Files::with("order.json", source);
    walk.keys("wait");
    walk
}

fn review() -> Walk {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW);
    walk
}

#[test]
fn the_change_is_shown_before_it_is_written() {
    let mut walk = opened(SOURCE, |_| ());
    walk.keys("s wait").expect("Changes to order.json").expect("- /csa_agreed_to: true");
    walk.expect(
        "/payment_method: \"profile\" (this field appears more than once in the file; this value was not used)",
    );
    walk.expect("Never saved to a file: Card number, CVV.").expect("will not include").expect_not("/comments");
    assert_eq!(walk.server.files.text("order.json"), Some(SOURCE), "nothing is written yet");
    walk.keys("esc").expect("Summary");
    assert_eq!(walk.server.files.text("order.json"), Some(SOURCE));
    walk.keys("s wait enter wait").expect("Saved to /home/anna/order.json");
    let expected =
        SOURCE.replace("\r\n\t\"payment_method\": \"profile\",", "").replace("\r\n\t\"csa_agreed_to\": true,", "");
    assert_eq!(walk.server.files.text("order.json"), Some(expected.as_str()));
}

#[test]
fn after_saving_nothing_changes_and_quitting_loses_nothing() {
    let mut walk = review();
    walk.keys("s").expect("Save this order to a file").expect("File: order-gemeente-zilverdam.json");
    walk.keys("enter wait").expect("New file: order-gemeente-zilverdam.json").expect("+ /organization/id: 900001");
    walk.expect("+ /csa_agreed_to: true").keys("end").expect("will include your consent");
    walk.keys("enter wait").expect("Saved to /home/anna/order-gemeente-zilverdam.json");
    let file = walk.server.files.text("order-gemeente-zilverdam.json").unwrap().to_owned();
    assert_eq!(file, walk.app.form().file_text());
    walk.server.files.kept.insert("/home/anna/order-gemeente-zilverdam.json".into(), file);
    walk.keys("s wait")
        .expect("No changes: the file already contains this order.")
        .keys("enter wait")
        .expect("Saved to");
    let mut left = walk.clone();
    left.keys("ctrl-c");
    assert!(left.app.exit().is_some(), "all of it is in the file");
    walk.keys("4 wait type:x ctrl-c").expect("What you entered will not be saved.");
}

#[test]
fn a_file_changed_by_others_is_kept_and_another_name_is_offered() {
    let mut walk = opened(SOURCE, |_| ());
    walk.server.files.kept.insert("order.json".into(), "{}".into());
    walk.keys("s wait").expect("order.json was changed or removed after zegel read it").expect("File: order-2.json");
    walk.keys("enter wait").expect("New file: order-2.json").keys("enter wait").expect("order-2.json");
    assert_eq!(walk.server.files.text("order.json"), Some("{}"));
    assert!(walk.server.files.text("order-2.json").is_some());
    // The same if the file changes between the check and the write.
    let mut walk = opened(SOURCE, |_| ());
    walk.keys("s wait");
    walk.server.files.kept.remove(std::path::Path::new("order.json"));
    walk.keys("enter wait").expect("order.json was changed or removed after zegel read it");
    assert_eq!(walk.server.files.text("order.json"), None);
}

#[test]
fn an_existing_file_is_replaced_only_after_it_was_shown() {
    let mut walk = review();
    walk.server.files = Files::with("there.json", "{\"comments\": \"theirs\"}");
    walk.server.files.kept.insert("letter.txt".into(), "Dear Anna".into());
    walk.keys("s ctrl-u type:letter.txt enter wait").expect("letter.txt already exists and is not an order");
    walk.keys("ctrl-u type:there.json enter wait")
        .expect("there.json already exists. Overwriting it")
        .expect("- /comments: \"theirs\"");
    walk.keys("enter wait").expect("Saved to");
    assert!(walk.server.files.text("there.json").unwrap().contains("\"id\": 900001"));
    assert_eq!(walk.server.files.text("letter.txt"), Some("Dear Anna"));
}

#[test]
fn a_file_name_can_be_edited_until_the_last_moment() {
    let mut walk = review();
    walk.keys("s ctrl-u enter").expect("Type a file name, or");
    walk.keys("paste:~/a<space>b.jso type:n left left")
        .expect("File: ~/a b.json")
        .keys("enter wait")
        .expect("New file: ~/a b.json");
    walk.keys("n")
        .expect("File: ~/a b.json")
        .keys("ctrl-u type:c.json enter wait enter wait")
        .expect("Saved to /home/anna/c.json");
}

#[test]
fn a_failed_write_is_reported_with_advice() {
    for (write_error, words) in [
        (FileErrorKind::Denied, "You do not have permission to use order.json."),
        (FileErrorKind::ReadOnly, "order.json is read-only."),
        (FileErrorKind::NoDirectory, "Create it, or choose another."),
        (FileErrorKind::Full, "There is no disk space left for order.json."),
        (
            FileErrorKind::System(ErrorKind::ResourceBusy.into()),
            "order.json cannot be used (in use by another program).",
        ),
    ] {
        let mut walk = opened(SOURCE, |_| ());
        walk.server.files.write_error = Some(write_error);
        walk.keys("s wait enter wait").expect(words).expect("File: order.json").keys("esc").expect("Summary");
        assert_eq!(walk.server.files.text("order.json"), Some(SOURCE));
    }
}

#[test]
fn another_form_is_not_saved_over_the_file_of_this_one() {
    let mut walk = opened(SOURCE, |_| ());
    walk.keys("1 wait esc wait enter wait alt-7 s").expect("Save this order to a file").expect("File: order.json");
    walk.keys("enter wait").expect("order.json already exists. Overwriting it");
}

#[test]
fn without_an_account_everything_works_except_ordering() {
    let mut walk = opened(SOURCE, |setup| {
        setup.account =
            CurrentAccount { name: String::new(), host: String::new(), is_sandbox: false, uses_markers: false }
    });
    walk.expect("NO ACCOUNT").expect("No account is set up. You can do everything");
    walk.keys("ctrl-n")
        .expect("You cannot order: no account is set up. Quit")
        .keys("s wait enter wait")
        .expect("Saved to");
    assert_eq!(walk.orders(), 0);
}

#[test]
fn the_edited_text_becomes_the_form() {
    let mut walk = opened(SOURCE, |_| ());
    walk.server.files.editor_results.push_back(|text| Ok(text.replace("900001", "900002").replace("東京", "大阪")));
    walk.keys("e")
        .expect("Your editor is open in this terminal.")
        .keys("wait")
        .expect("Your changes from the editor were applied.");
    assert_eq!(walk.text("org.id"), "900002");
    walk.keys("s wait").expect("~ /organization/id: 900001 → 900002").expect("~ /comments: \"東京 🙂\" → \"大阪 🙂\"");
}

#[test]
fn an_unchanged_text_from_the_editor_changes_nothing() {
    let mut walk = review();
    let before = walk.app.form().file_text();
    walk.keys("e wait").expect("You made no changes in the editor.").expect("Summary");
    assert_eq!((walk.app.form().file_text(), walk.text("order.csa")), (before, "true".into()));
}

#[test]
fn invalid_json_can_be_edited_again_without_loss() {
    let mut walk = review();
    let before = walk.app.form().file_text();
    walk.server.files.editor_results =
        [|text: &str| Ok(text.replace("900001,", "900002")), |text: &str| Ok(text.replace("900002", "900002,"))].into();
    walk.keys("e wait").expect("Your text is not valid JSON (line").expect("is unchanged. Press Enter to");
    assert_eq!(walk.app.form().file_text(), before);
    let mut given_up = walk.clone();
    given_up.keys("esc").expect("Summary");
    assert_eq!(given_up.app.form().file_text(), before);
    walk.keys("enter wait").expect("Your changes from the editor were applied.");
    assert_eq!(
        (walk.text("org.id"), walk.text("order.csa")),
        ("900002".into(), "true".into()),
        "and the agreement stands"
    );
    assert!(walk.server.files.edited_texts[1].contains("900002\n"), "it is given what was written there");
}

#[test]
fn an_agreement_added_in_the_editor_is_removed() {
    let mut walk = Walk::new();
    walk.server
        .files
        .editor_results
        .push_back(|_| Ok("{\"csa_agreed_to\": true, \"organization\": {\"id\": 900001}}".into()));
    walk.keys("wait alt-7 e wait").expect("Consent recorded in the file does");
    assert_eq!((walk.text("order.csa"), walk.text("org.id")), (String::new(), "900001".into()));
}

#[test]
fn a_failed_editor_is_reported_and_can_be_retried() {
    let failures: [(EditorResult, &str); 3] = [
        (
            |_| Err(EditorError { program: "emacs".into(), kind: EditorErrorKind::NotFound }),
            "The program emacs was not found. Set VISUAL or EDITOR",
        ),
        (|_| Err(EditorError { program: "vim".into(), kind: EditorErrorKind::Failed(1) }), "vim exited with code 1"),
        (
            |_| Err(EditorError { program: "vim".into(), kind: EditorErrorKind::Killed(9) }),
            "vim was stopped by signal 9",
        ),
    ];
    for (hand, words) in failures {
        let mut walk = review();
        walk.server.files.editor_results.push_back(hand);
        walk.keys("e wait").expect(words).expect("The form is unchanged.");
        walk.keys("enter wait").expect("You made no changes in the editor.");
        assert_eq!(walk.server.files.edited_texts.len(), 2);
    }
}

#[test]
fn a_card_stays_in_the_form_and_out_of_files_and_editor() {
    let mut walk = Walk::new();
    walk.keys("wait alt-6 wait right tab type:4111111111111111 alt-7 wait");
    walk.server.files.editor_results.push_back(|text| Ok(text.replace("\"NL\"", "\"BE\"").replace('{', "{\n")));
    walk.server.files.editor_results.push_back(|text| Ok(text.replacen('{', "{\"comments\": \"x\",", 1)));
    walk.keys("e wait e wait").expect("Your changes from the editor were applied.");
    walk.keys("tab end").expect("************1111").keys("tab");
    walk.keys("s enter wait enter wait").expect("Saved to");
    let files = &walk.server.files;
    assert!(files.edited_texts.iter().chain(files.kept.values()).all(|text| !text.contains("1111")), "{files:?}");
    assert_eq!(files.edited_texts.len(), 2);
}

#[test]
fn keys_typed_for_the_editor_have_no_effect() {
    let mut walk = review();
    let before = walk.app.form().file_text();
    walk.keys("e esc enter s e ctrl-n x paste:text");
    walk.expect("Your editor is open in this terminal.");
    assert_eq!(walk.app.form().file_text(), before);
    walk.keys("wait").expect("Summary");
}

#[test]
fn an_unresolved_orders_form_can_be_saved_but_not_edited() {
    let mut walk = review();
    walk.server.orders.push_back(SendResult::Lost(TransportErrorKind::Broken.into()));
    walk.keys("size:80x60 enter survey wait type:order enter wait").expect("It is not known whether");
    walk.keys("f2 e").expect("It is not yet known whether this order was placed.");
    walk.keys("s").expect("Save this order to a file");
    assert_eq!(walk.server.files.edited_texts.len(), 0);
}
