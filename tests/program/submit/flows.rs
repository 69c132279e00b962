//! What is ordered and what is not: by the reviewed digest, despite similar orders, with a card.
//!
//! Each test checks the messages and the final number of orders.

use crate::common::search::{CARD, CVV};
use crate::common::submit_desk::{Desk, ORDER, program, ran};
use rstest::rstest;
use zegel::json;

#[test]
fn the_reviewed_order_is_placed_once() {
    let desk = Desk::new();
    let report =
        desk.submit(&[]).expect_end(0, &["Order 700001 was placed", "zegel status 700001", "true, as in the file"]);
    assert!(report.out.starts_with("order 700001\nrequest "), "{report:#?}");
    assert_eq!((desk.orders(), desk.journal()), ((1, 1), vec!["placed 700001".to_owned()]));
}

#[test]
fn a_script_reads_one_object() {
    let desk = Desk::new();
    let report = desk.submit(&["--json"]).expect_end(0, &[]).json();
    assert_eq!((report["outcome"].as_str(), report["order"].as_u64()), (Some("placed"), Some(700_001)));
    assert_eq!(report["digest"].as_str(), Some(desk.digest().as_str()));
    assert_eq!(report["requests"].as_array().unwrap().len(), 1);
}

#[test]
fn the_displayed_digits_confirm_too() {
    let desk = Desk::new();
    let digest = desk.digest()[..16].to_uppercase();
    desk.run(&["submit", &desk.path(), "--confirm", &digest], "").expect_end(0, &["order 700001"]);
}

#[test]
fn the_digest_of_another_payload_orders_nothing() {
    let desk = Desk::new();
    let digest = desk.digest();
    std::fs::write(&desk.file, ORDER.replace("\"years\": 1", "\"years\": 2")).unwrap();
    let report = desk
        .run(&["submit", &desk.path(), "--confirm", &digest, "--json"], "")
        .expect_end(1, &["Nothing was ordered", &digest]);
    assert_eq!(report.json()["outcome"], "not_confirmed");
    assert_eq!(desk.orders(), (0, 0));
}

#[test]
fn without_a_terminal_nothing_is_ordered_unconfirmed() {
    let desk = Desk::new();
    desk.run(&["submit", &desk.path()], "order\n").expect_end(2, &["ordered: without a terminal", "--confirm DIGEST"]);
    assert_eq!(desk.orders(), (0, 0));
}

#[rstest]
#[case::wrong(&ORDER.replace("Amsterdam", ""), &["/ship_info/city (City)", "Required, but missing or", "has errors."])]
#[case::not_agreed(&ORDER.replace("true", "false"), &["You have not agreed yet:"])]
#[case::no_json("{", &["order.json:1:1", "not closed:"])]
#[case::no_object("[]", &["must be a JSON object,"])]
#[case::stray_card(&ORDER.replace("\"csa", "\"card\": {\"nr\": \"4111111111111111\"}, \"csa"), &["may contain card data at /card"])]
fn an_invalid_order_is_reported_and_not_placed(#[case] payload: &str, #[case] output: &[&str]) {
    let desk = Desk::with(payload);
    desk.run(&["submit", &desk.path(), "--confirm", &"0".repeat(16)], "").expect_end(1, output);
    assert_eq!(desk.orders(), (0, 0));
    assert!(!desk.state().exists(), "not even the journal was opened");
}

#[test]
fn a_missing_file_has_exit_code_two() {
    let desk = Desk::new();
    desk.run(&["submit", "nowhere.json"], "").expect_end(2, &["nowhere.json could not be read"]);
}

#[test]
fn without_an_account_nothing_is_asked() {
    let desk = Desk::new();
    let mut command = program(&desk.state(), "");
    ran(command.env_remove("ZEGEL_API_KEY").env_remove("ZEGEL_API_URL").args(["submit", &desk.path()]))
        .expect_end(2, &["ZEGEL_API_KEY"]);
}

#[test]
fn a_repeated_order_is_similar_and_needs_the_named_option() {
    let desk = Desk::new();
    desk.submit(&[]).expect_end(0, &[]);
    let report = desk.submit(&["--json"]).expect_end(1, &["Nothing was ordered", "--despite 700001"]).json();
    assert_eq!(
        (report["alike"][0]["order"].as_u64(), report["alike"][0]["same"].as_bool()),
        (Some(700_001), Some(true))
    );
    desk.submit(&["--despite", "7"]).expect_end(1, &["--despite 700001"]);
    assert_eq!(desk.orders(), (1, 1));
    desk.submit(&["--despite", "700001"]).expect_end(0, &["order 700002"]);
    assert_eq!(desk.orders(), (2, 2));
}

const BY_CARD: &str = r#""payment_method": "card",
  "credit_card": { "expiration_month": "09", "expiration_year": "2099", "cardholder_name": "Anna de Vries", "set_as_default": "0" },
  "billing_address": { "address": "Keizersgracht 1", "country": "nl", "zip": "1015 AA", "city": "Amsterdam", "state": "Noord-Holland" }"#;

fn by_card() -> Desk {
    Desk::with(&ORDER.replace("\"payment_method\": \"balance\"", BY_CARD))
}

#[test]
fn a_card_comes_from_standard_input_and_is_nowhere_else() {
    let desk = by_card();
    let (path, digest) = (desk.path(), desk.digest());
    let args = ["submit", &path, "--confirm", &digest, "--card-from-stdin"];
    desk.run(&args, &format!("{} {}\n{CVV}\n", &CARD[..8], &CARD[8..])).expect_end(0, &["order 700001"]);
    for entry in std::fs::read_dir(desk.state()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(CARD.len()).any(|window| window == CARD.as_bytes()));
    }
}

#[rstest]
#[case::nobody_to_ask(&[], "", 2, "--card-from-stdin")]
#[case::no_card(&["--card-from-stdin"], "4111111111111112\n987\n", 1, "Card number: This card number is not valid")]
#[case::blank(&["--card-from-stdin"], "\n\n", 1, "has errors.")]
#[case::too_little(&["--card-from-stdin"], "4111111111111111\n", 2, "Could not read your input")]
fn without_a_valid_card_nothing_is_ordered(
    #[case] more: &[&str],
    #[case] typed: &str,
    #[case] code: i32,
    #[case] output: &str,
) {
    let desk = by_card();
    let (path, digest) = (desk.path(), desk.digest());
    desk.run(&[&["submit", &path, "--confirm", &digest], more].concat(), typed).expect_end(code, &[output]);
    assert_eq!(desk.orders(), (0, 0));
}

/// Otherwise a colleague who reviewed the file without its card could not confirm it.
#[test]
fn the_digest_is_the_same_with_the_card_and_without() {
    let without = by_card();
    let with = Desk::with(
        &std::fs::read_to_string(&without.file)
            .unwrap()
            .replace("\"credit_card\": {", &format!("\"credit_card\": {{ \"number\": \"{CARD}\", \"cvv\": \"{CVV}\",")),
    );
    assert_eq!(with.digest(), without.digest());
    assert!(json::parse(&std::fs::read_to_string(&with.file).unwrap()).is_ok());
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let desk = Desk::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    let (path, digest) = (desk.path(), desk.digest());
    command.args(["submit", &path, "--confirm", &digest]).env("ZEGEL_STATE_DIR", desk.state());
    command.env("ZEGEL_CONFIG_DIR", "/nonexistent");
    command.env("ZEGEL_API_URL", desk.sandbox.api_url()).env("ZEGEL_API_KEY", zegel::sandbox::KEY);
    let (read, write) = std::io::pipe().unwrap();
    drop(read);
    let status = command.stdout(write.try_clone().unwrap()).stderr(write).status().unwrap();
    assert_eq!((status.code(), desk.journal()), (Some(0), vec!["placed 700001".to_owned()]));
}
