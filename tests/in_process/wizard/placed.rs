//! Placed orders at Home: listed from the journal, followed, and repeated as a new order.

use crate::common::walk::{ORDER, TO_REVIEW, Walk, setup};
use rstest::rstest;
use zegel::domain::{
    Decision, Intent, IntentId, JournalEntry, KnownSet, PersistenceError, PersistenceErrorKind, RecordedOutcome,
};
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::message::{Effect, StoreTask};

const HOST: &str = "127.0.0.1:4711";

/// Returns the journal entry of an order with this body.
fn entry(id: i64, order: u64, body: &str) -> JournalEntry {
    let intent = Intent {
        draft: None,
        host: HOST.into(),
        account: "7001".into(),
        product: "pkio_qualified_organisation_services".into(),
        organization: Some(900_001),
        digest: "0".repeat(64),
        body: body.into(),
        user: Some(800_001),
        known_set: KnownSet::default(),
        server_time: None,
        local_time: 1_795_000_000_000,
    };
    let outcome = Some(RecordedOutcome::Placed { order, requests: vec![5001] });
    JournalEntry { id: IntentId(id), intent, outcome, ..JournalEntry::default() }
}

/// Returns a body without problems.
fn body() -> String {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).app.form().payload_text().text_without_secrets().to_owned()
}

fn home(placed: Vec<JournalEntry>) -> Walk {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 80, 24) }));
    walk.server.stored.placed = placed;
    walk.keys("wait");
    walk
}

#[test]
fn the_orders_of_this_host_are_listed_by_name_and_day() {
    let mut adopted = entry(3, 700_003, &body());
    (adopted.outcome, adopted.decision) = (None, Some(Decision::Adopted { order: 700_003 }));
    let mut elsewhere = entry(2, 700_002, "{}");
    elsewhere.intent.host = "certcentral.example".into();
    let mut new = entry(1, 700_001, r#"{"organization": {"name": "Gemeente Nieuwdam"}}"#);
    new.intent.organization = None;
    let mut walk = home(vec![adopted, elsewhere, new]);
    walk.expect("Earlier orders").expect("order 700003 · 900001 Gemeente Zilverdam · placed on 18 Nov 2026");
    walk.expect("order 700001 · Gemeente Nieuwdam · placed").expect_not("700002");
    home(vec![]).expect_not("Earlier orders");
}

/// An entry without an account may belong to this one.
#[rstest]
#[case::this_account("7001", true)]
#[case::another_account("7002", false)]
#[case::an_account_that_is_not_told("", true)]
fn the_orders_of_another_account_of_this_host_are_not_listed(#[case] account: &str, #[case] listed: bool) {
    let mut other = entry(2, 700_002, "{}");
    other.intent.account = account.into();
    let mut walk = home(vec![entry(3, 700_003, "{}"), other]);
    assert_eq!(walk.expect("order 700003").shows("order 700002"), listed, "{}", walk.screen());
}

#[test]
fn no_more_than_twenty_are_listed() {
    let many = (1..=30).rev().map(|id| entry(id, 700_000 + id.cast_unsigned(), "{}"));
    let mut walk = home(many.collect());
    walk.keys("size:80x60").expect("order 700030").expect("order 700011").expect_not("order 700010");
}

#[test]
fn an_earlier_order_is_followed_and_not_reported_as_new() {
    let mut walk = home(vec![entry(1, 700_001, &body())]);
    walk.keys("end enter").expect("Order 700001 was placed").expect("900001 Gemeente Zilverdam");
    walk.keys("wait").expect("request 5001: waiting for approval (pending)").expect("requested: 1 year");
    assert!(!walk.seen.contains(&Effect::Store(StoreTask::DiscardDraft)), "no draft is thrown away for it");
    walk.keys("esc wait").expect("Earlier orders").keys("end enter wait q");
    let exit = walk.app.exit().unwrap();
    assert_eq!((exit.code, exit.placed_ids.as_slice()), (0, &[][..]));
}

#[test]
fn a_repeated_order_has_the_earlier_values_without_agreement_and_mark() {
    let body = body().replacen('{', r#"{"alternative_order_id": "zegel-1f", "comments": "x","#, 1);
    let mut walk = home(vec![entry(1, 700_001, &body)]);
    walk.keys("n").expect("First select an earlier order or a file to base").keys("end n wait");
    walk.expect("Summary").expect("This field is never copied, so please fill it in again: I agree");
    assert_eq!((walk.text("org.id"), walk.text("order.csa")), ("900001".into(), String::new()));
    let now = walk.app.form().payload_text();
    assert!(now.masked_text().contains("comments") && !now.masked_text().contains("zegel-1f"), "{}", now.masked_text());
    walk.keys("ctrl-n").expect("First fix the errors shown at the top.");
    walk.keys("alt-3 space alt-7").expect("errors: 0").keys(ORDER).expect("was placed");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn unsaved_input_is_not_discarded_for_an_earlier_order() {
    let mut walk = home(vec![entry(1, 700_001, &body())]);
    walk.keys("enter wait type:rijnb enter");
    walk.server.unkept = Some(PersistenceError { path: "/state".into(), kind: PersistenceErrorKind::Full });
    walk.keys("esc wait end enter").expect("would be lost.").keys("n").expect("would be lost.");
    assert_eq!(walk.text("org.id"), "900002");
}

#[test]
fn an_unreadable_record_is_reported_and_can_be_followed() {
    let mut walk = home(vec![entry(1, 700_001, "{")]);
    walk.keys("end n").expect("The journal entry for this order cannot be read.");
    walk.keys("enter wait").expect("Order 700001 was placed");
}

#[test]
fn an_order_is_compared_with_the_last_one_of_its_organization() {
    let older = entry(1, 700_001, &body().replace("NL", "BE"));
    let mut other = entry(3, 700_003, &body());
    other.intent.organization = Some(900_002);
    let mut walk = home(vec![other.clone(), entry(2, 700_002, &body()), older]);
    walk.keys("enter").keys(TO_REVIEW).keys("wait d").expect("Differences from order 700002, placed on 18 Nov 2026");
    walk.expect("No differences.").keys("esc").expect("Summary");
    let mut walk = home(vec![other]);
    walk.keys("enter").keys(TO_REVIEW).keys("wait d").expect("The journal has no order for this organization.");
    let mut walk = home(vec![entry(2, 700_002, &body().replace("Anna de Vries", "Bram"))]);
    walk.keys("enter").keys(TO_REVIEW).keys("wait d").expect("(/ship_info/name): \"Bram\" → \"Anna de Vries\"");
}

#[test]
fn the_copied_text_is_the_shown_one_without_a_card() {
    let mut walk = Walk::new();
    walk.keys("wait alt-6 wait right tab type:4111111111111111 alt-7 wait c");
    walk.expect("The JSON was sent to your terminal's clipboard, with").expect("tell whether it arrived:");
    walk.expect("no digest until you agree");
    let copied = walk.open.iter().find_map(|effect| match effect {
        Effect::CopyToClipboard(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.unwrap();
    assert_eq!(copied, walk.app.form().payload_text().masked_text());
    assert!(copied.contains("************1111") && !copied.contains("41111111"), "{copied}");
}

#[test]
fn the_copied_text_is_named_by_its_digest_after_the_agreement() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("c");
    let digest = walk.app.form().payload_text().short_digest().to_owned();
    walk.expect(&format!("card data masked (JSON · digest {digest})"));
}

#[test]
fn text_too_long_for_a_clipboard_is_not_sent() {
    let body = format!("{{\"comments\": \"{}\"}}", "x".repeat(80_000));
    let mut walk = home(vec![entry(1, 700_001, &body)]);
    walk.keys("end n wait c").expect("This is too long for the clipboard.");
    assert!(!walk.seen.iter().any(|effect| matches!(effect, Effect::CopyToClipboard(_))));
}
