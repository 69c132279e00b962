//! Unknown: the results of the looks, what can be decided then and not before, and what blocks an order.

use crate::common::quotes::quote;
use crate::common::walk::{ORDER, TO_REVIEW, Walk, listing, look, setup};
use rstest::rstest;
use zegel::domain::{
    ApiError, DraftId, Intent, IntentId, JournalEntry, KnownSet, ListGap, OrderRow, PersistenceError,
    PersistenceErrorKind, SendResult, StoredLookup, TransportErrorKind, Validity,
};
use zegel::i18n::Language;
use zegel::order::resolve::{LOOKUP_SCHEDULE_MS, LookupData};
use zegel::order::{self, JournalRecords};
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::message::{Effect, Message, StoreTask};

pub(super) fn row(id: u64) -> OrderRow {
    OrderRow {
        id,
        status: "needs_approval".into(),
        organization_id: Some(900_001),
        user_id: Some(800_001),
        user_name: "Anna de Vries".into(),
        date_created: "2026-11-22T12:00:01+00:00".into(),
        validity: Validity { years: Some(1), ..Validity::default() },
        ..OrderRow::default()
    }
}

/// A walk after an order without a response, with these looks for it.
pub(super) fn lost(looks: impl IntoIterator<Item = LookupData>) -> Walk {
    let mut walk = Walk::new();
    walk.server.orders = vec![SendResult::Lost(TransportErrorKind::Broken.into())].into();
    walk.server.looks = looks.into_iter().collect();
    walk.keys(TO_REVIEW).keys("size:120x60").keys(ORDER);
    walk
}

fn nothing() -> impl Iterator<Item = LookupData> {
    LOOKUP_SCHEDULE_MS.iter().map(|_| look(vec![]))
}

#[test]
fn no_decision_is_possible_before_the_first_look() {
    let mut walk = lost([look(vec![])]);
    walk.expect("Check 2 of 6 in 5 s").keys("tick:3000").expect("Check 2 of 6 in 2 s");
    assert_eq!(walk.app.next_wake_in(), Some(1_000));
    walk.keys("type:x").expect("That key does nothing here.").keys("enter").expect("There is nothing to decide yet.");
    walk.keys("tick:3000").expect("Running check 2 of 6");
}

#[test]
fn a_found_order_is_proposed_and_adopted_by_its_number() {
    let mut walk = lost([look(vec![row(700_002)])]);
    walk.expect("order 700002 · waiting for approval (needs_approval) · by Anna de Vries").expect("1 year");
    walk.expect("order 700002 matches yours.");
    walk.keys("type:700003 enter").expect("Not recognized. Type one of the order");
    walk.keys("ctrl-u paste:700002").expect("paste here. Type").keys("enter").expect("Not recognized.");
    walk.keys("type:700002 enter wait").expect("Order 700002 was placed").expect("Gemeente Zilverdam");
    assert_eq!(walk.orders(), 1);
}

#[rstest]
#[case(OrderRow { user_id: Some(9), ..row(700_002) })]
#[case(OrderRow { validity: Validity { years: Some(2), ..Validity::default() }, ..row(700_002) })]
fn an_order_that_does_not_match_is_shown_and_not_proposed(#[case] row: OrderRow) {
    let mut walk = lost([look(vec![row])]);
    walk.expect("order 700002").expect_not("matches yours");
}

#[test]
fn after_ten_minutes_without_a_find_a_word_allows_another_order() {
    let mut walk = lost(nothing());
    walk.expect("zegel checked all orders and requests").keys("type:no enter").expect("Not recognized.");
    walk.keys("ctrl-u type:not<space>placed enter wait").expect("The order is now recorded as not placed. You can");
    assert_eq!(walk.text("ship.name"), "Anna de Vries", "the form is still there");
    walk.server.orders.clear();
    walk.keys(ORDER).expect("Order 700001 was placed");
    assert_eq!(walk.orders(), 2);
}

#[test]
fn without_a_verdict_the_looks_repeat_and_no_denial_is_possible() {
    let blind = || {
        let mut look = look(vec![]);
        look.orders.gap =
            Some(ListGap::Failed(ApiError::Refused { status: 403, errors: vec![], excerpt: String::new() }));
        look
    };
    let mut walk = lost(LOOKUP_SCHEDULE_MS.iter().map(|_| blind()));
    walk.expect("whether the order was placed. The list of orders could not be loaded completely: refused (HTTP 403).");
    walk.keys("type:not<space>placed enter").expect("Nothing was recorded. After \"not placed:\", type at least three");
    walk.keys("ctrl-u");
    walk.server.looks = nothing().collect();
    walk.keys("f5 wait").expect("zegel checked all orders and requests");
}

#[test]
fn without_a_known_set_another_word_is_required_and_nothing_is_proposed() {
    let mut walk = Walk::new();
    walk.server.orders = vec![SendResult::Lost(TransportErrorKind::Broken.into())].into();
    walk.server.survey.requests.gap =
        Some(ListGap::Failed(ApiError::Refused { status: 403, errors: vec![], excerpt: String::new() }));
    walk.server.looks = LOOKUP_SCHEDULE_MS.iter().map(|_| look(vec![row(5)])).collect();
    walk.keys(TO_REVIEW).keys("size:120x60 enter wait").expect("zegel cannot protect you from ordering twice: if");
    walk.keys("type:order enter").expect("To order, type \"unprotected\".");
    assert_eq!(walk.orders(), 0);
    walk.keys("ctrl-u type:unprotected enter wait").expect("Now in the account").expect_not("matches yours");
    walk.keys("type:not<space>placed enter").expect("Nothing was recorded. After \"not placed:\", type at least three");
}

#[test]
fn an_unresolved_order_blocks_a_new_one() {
    let mut walk = Walk::new();
    walk.server.survey.records =
        Ok(JournalRecords { blocking_intent: Some(entry(None)), placed: vec![], ..JournalRecords::default() });
    walk.keys(TO_REVIEW).keys("enter wait").expect("was placed (entry 3").expect("You cannot order yet; the");
    walk.keys("type:order").expect_not(quote("flash.not_yet", "You cannot type yet."));
    walk.keys("end type:order enter");
    assert_eq!(walk.orders(), 0);
}

#[test]
fn an_order_that_cannot_be_journaled_is_not_sent() {
    let mut walk = Walk::new();
    let full = PersistenceError { path: "/state".into(), kind: PersistenceErrorKind::Full };
    walk.keys(TO_REVIEW).keys("size:120x60 enter wait");
    walk.server.unkept = Some(full.clone());
    walk.keys("type:order enter wait").expect("Nothing was sent, because the order could not be");
    assert_eq!(walk.server.sent.len(), 0);
    walk.server.survey.records = Err(full);
    walk.keys("ctrl-n wait").expect("You cannot order now").expect("no disk space left at /state");
}

#[test]
fn similar_orders_are_shown_before_the_confirmation() {
    let mut walk = Walk::new();
    let date_created = "2026-11-22T10:00:00+00:00".into();
    walk.server.survey.orders = listing(vec![OrderRow { date_created, ..row(600_001) }]);
    walk.keys(TO_REVIEW)
        .keys("size:120x60 enter wait")
        .expect("ordered 2 hours ago · order 600001 · waiting for approval");
    walk.expect("Orders placed by colleagues may be hidden").keys("type:order enter wait").expect("was placed");
}

#[test]
fn an_order_can_have_a_mark_shown_as_unconfirmed() {
    let base = setup(Language::En, 120, 60);
    let account = zegel::tui::app::CurrentAccount { uses_markers: true, ..base.account.clone() };
    let mut walk = Walk::with(App::new(StartOptions { account, ..base }));
    walk.server.orders = vec![SendResult::Lost(TransportErrorKind::Broken.into())].into();
    walk.server.looks = nothing().collect();
    walk.keys(TO_REVIEW).keys("wait").expect("\"alternative_order_id\": \"zegel-1f\"");
    walk.keys("enter wait").expect("(not confirmed for this product): /alternative_order_id");
    walk.keys("type:order enter wait");
    assert!(walk.server.sent[0].contains("\"alternative_order_id\": \"zegel-1f\""));
    let looks_by_it = |effect: &Effect| matches!(effect, Effect::Order(order::OrderEffect::RunLookup(lookup, _)) if lookup.alternative_order_id == "zegel-1f");
    assert!(walk.seen.iter().any(looks_by_it));
    walk.keys("type:not<space>placed enter");
    let marks = |walk: &Walk| {
        walk.seen.iter().filter(|effect| matches!(effect, Effect::Store(StoreTask::CreateMarker))).count()
    };
    assert_eq!(marks(&walk), 1);
    walk.keys("wait");
    assert_eq!(marks(&walk), 2, "another order has another mark");
}

/// An intent without an outcome, as the journal has it.
fn entry(draft: Option<DraftId>) -> JournalEntry {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW);
    let intent = Intent {
        draft,
        host: "127.0.0.1:4711".into(),
        account: "7001".into(),
        product: "pkio_qualified_organisation_services".into(),
        organization: Some(900_001),
        digest: "0".repeat(64),
        body: walk.app.form().payload_text().text_without_secrets().to_owned(),
        user: Some(800_001),
        known_set: KnownSet { orders: Some(vec![]), requests: Some(vec![]) },
        server_time: Some("Sun, 22 Nov 2026 12:00:00 GMT".into()),
        local_time: 1_795_000_000_000,
    };
    JournalEntry { id: IntentId(3), intent, ..JournalEntry::default() }
}

/// A walk that starts with an intent without an outcome in the journal.
fn found(looks: impl IntoIterator<Item = LookupData>) -> Walk {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 60) }));
    walk.server.stored.first_unresolved = Some(Box::new(entry(Some(DraftId(7)))));
    walk.server.looks = looks.into_iter().collect();
    walk.keys("wait");
    walk.server.stored.first_unresolved = None;
    walk
}

#[test]
fn an_intent_without_an_outcome_opens_unknown_and_cannot_be_skipped() {
    let mut walk = found([look(vec![])]);
    walk.expect("An order was confirmed earlier, but zegel stopped").expect("for 900001");
    walk.keys("f2").expect("Review").keys("ctrl-n").expect("you change the order or place").expect("Check 2 of 6");
    walk.keys("f2 esc").expect("Check 2 of 6").keys("ctrl-c y");
    assert_eq!((walk.app.exit().unwrap().code, walk.orders()), (3, 0));
}

#[test]
fn no_key_bypasses_an_unresolved_order() {
    let mut walk = found([look(vec![])]);
    walk.keys("f2 alt-1 esc").expect("Outcome unknown").expect("you change the order or place");
    assert!(walk.app.order_machine().unresolved_order().is_some());
}

/// Esc leaves the looks to their schedule: the wizard is not locked for ten minutes.
#[test]
fn an_unresolved_order_is_left_to_its_looks_and_decided_later() {
    let mut walk = found([look(vec![]), look(vec![])]);
    walk.expect("Check 3 of 6 in 10 s").keys("esc wait").expect("1 order: outcome unknown · check 3 of 6 in 10 s");
    assert_eq!(walk.app.next_wake_in(), Some(1_000));
    walk.keys("tick:4000").expect("1 order: outcome unknown · check 3 of 6 in 6 s");
    walk.keys("tick:7000").expect("running check 3 of 6");
    walk.server.looks = vec![look(vec![row(700_002)])].into();
    let waiting = Effect::Order(
        walk.seen
            .iter()
            .rev()
            .find_map(|effect| match effect {
                Effect::Order(effect @ order::OrderEffect::RunLookup(..)) => Some(effect.clone()),
                _ => None,
            })
            .unwrap(),
    );
    walk.open.push(waiting);
    walk.keys("wait").expect("possible match found: press Enter to decide");
    walk.keys("down enter").expect("order 700002 matches yours");
    assert_eq!(walk.text("ship.name"), "Anna de Vries", "what was sent is the form again");
    walk.keys("type:700002 enter wait")
        .expect("Order 700002 was placed")
        .keys("esc wait")
        .expect_not("outcome unknown");
}

#[test]
fn meanwhile_another_order_is_placed() {
    let mut walk = found([look(vec![])]);
    walk.keys("esc wait").expect("1 order: outcome unknown").keys("enter wait");
    assert_eq!(walk.text("ship.name"), "", "a new order begins");
    walk.keys(TO_REVIEW).keys(ORDER).expect("Order 700001 was placed");
    walk.keys("esc wait").expect("1 order: outcome unknown").keys("ctrl-c wait");
    let exit = walk.app.exit().unwrap();
    assert_eq!((exit.code, walk.orders()), (3, 1));
    assert!(exit.notices.iter().any(|line| line.contains("zegel resolve 3")), "{exit:?}");
}

/// The journal decides which orders are blocked, and the preflight reports it.
#[test]
fn a_similar_order_is_blocked_meanwhile() {
    let mut walk = found([look(vec![])]);
    walk.server.survey.records = Ok(JournalRecords { blocking_intent: Some(entry(None)), ..JournalRecords::default() });
    walk.keys("esc wait enter wait").keys(TO_REVIEW).keys("enter wait").expect("was placed (entry 3");
    walk.keys("end type:order enter wait");
    assert_eq!(walk.orders(), 0);
}

/// Home is read each time; its open entry is the order that these looks are for.
#[test]
fn a_left_unresolved_order_does_not_reopen_by_itself() {
    let mut walk = found([look(vec![])]);
    walk.server.stored.first_unresolved = Some(Box::new(entry(Some(DraftId(7)))));
    walk.keys("esc wait").expect("1 order: outcome unknown").keys("r wait").expect("1 order: outcome unknown");
}

#[test]
fn the_draft_of_an_unresolved_order_stays_unchanged() {
    let mut typed = Walk::new();
    typed.keys(TO_REVIEW).keys("tick:900 wait");
    let mut walk = found([look(vec![])]);
    walk.server.stored.drafts = typed.server.stored.drafts.clone();
    walk.keys("esc wait down down enter wait alt-4 tab type:x").expect("before you change the order");
    assert_eq!(walk.text("ship.name"), "Anna de Vries");
}

#[test]
fn after_a_restart_the_looks_continue() {
    let whole = |number, time| StoredLookup {
        series: 0,
        number,
        time,
        inconclusive: None,
        candidates: r#"{"candidates": [], "others": []}"#.to_owned(),
    };
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 60) }));
    let looks = [1_000, 6_000, 16_000].into_iter().zip(0..).map(|(time, number)| whole(number, time)).collect();
    walk.server.stored.first_unresolved = Some(Box::new(JournalEntry { lookups: looks, ..entry(None) }));
    walk.server.stored.read_at = 19_000;
    walk.keys("wait").expect("Check 4 of 6 in 42 s").keys("esc wait");
    walk.server.stored.first_unresolved = None;
    walk.expect("1 order: outcome unknown · check 4 of 6 in 42 s");
}

#[test]
fn draft_values_beyond_the_body_are_restored() {
    let mut typed = Walk::new();
    typed.keys(TO_REVIEW).keys("alt-1 pageup right tab type:Gemeente<space>Nieuw shift-tab left alt-7 tick:900 wait");
    let mut walk = found(nothing());
    walk.server.stored.drafts = typed.server.stored.drafts.clone();
    walk.keys("type:not<space>placed enter wait").expect("The order is now recorded as not placed. You can");
    assert_eq!((walk.text("org.name").as_str(), walk.text("org.id").as_str()), ("Gemeente Nieuw", "900001"));
}

/// The decision is shown until something changes, wherever the draft stopped; the messages of the draft are below it.
#[rstest]
#[case::at_review("tick:900 wait")]
#[case::at_a_step("alt-4 tab type:x tick:900 wait")]
#[case::at_a_step_with_a_card("alt-6 wait right tab type:4111111111111111 tick:900 wait")]
fn after_a_restart_draft_messages_do_not_hide_a_denial(#[case] stopped: &str) {
    let mut typed = Walk::new();
    typed.keys(TO_REVIEW).keys(stopped);
    let mut walk = found(nothing());
    walk.server.stored.drafts = typed.server.stored.drafts.clone();
    walk.keys("type:not<space>placed enter wait size:59x60").expect("The order is now recorded as not placed. You can");
    walk.expect("Review").expect("never saved, so please fill");
    assert!(walk.app.feedback().flash.is_none(), "nothing covers it: {:?}", walk.app.feedback().flash);
}

#[test]
fn no_input_is_possible_until_the_draft_is_loaded() {
    let mut typed = Walk::new();
    typed.keys(TO_REVIEW).keys("tick:900 wait");
    let mut walk = found(nothing());
    walk.server.stored.drafts = typed.server.stored.drafts.clone();
    walk.keys("type:not<space>placed enter");
    let decided = walk.open.pop().unwrap();
    let msg = walk.server.order(
        match decided {
            Effect::Order(effect) => effect,
            other => panic!("{other:?}"),
        },
        0,
    );
    walk.handle_message(Message::Order(Box::new(msg.unwrap())));
    walk.expect("Review").keys("alt-4 type:x").expect("One moment");
    assert_eq!(walk.text("ship.name"), "Anna de Vries");
    walk.keys("wait alt-4 type:x");
    assert_eq!(walk.text("ship.name"), "Anna de Vriesx");
}

#[test]
fn unresolved_orders_are_resolved_one_after_the_other() {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 60) }));
    walk.server.stored.first_unresolved = Some(Box::new(entry(None)));
    walk.server.stored.more_unresolved = 1;
    walk.server.looks = nothing().collect();
    walk.keys("wait type:not<space>placed enter");
    walk.server.stored.more_unresolved = 0;
    walk.keys("wait").expect("Outcome unknown");
}

#[test]
fn a_found_order_of_an_earlier_run_can_be_adopted() {
    let mut walk = found([look(vec![row(700_002)])]);
    walk.keys("type:700002 enter wait").expect("Order 700002 was placed").expect("Gemeente Zilverdam");
    walk.keys("esc wait").expect("What would you like to do?");
}

#[test]
fn an_order_not_placed_becomes_the_form_again_without_the_agreement() {
    let mut walk = found(nothing());
    walk.keys("type:not<space>placed enter wait").expect("Review").expect("If card data or your consent");
    assert_eq!((walk.text("ship.name").as_str(), walk.text("order.csa").as_str()), ("Anna de Vries", ""));
    walk.keys("ctrl-n").expect("First fix the errors shown at the top.");
}

/// An order that only its intent file knew has no form: the input is among the drafts.
#[test]
fn denying_an_order_known_only_by_its_file_leads_home() {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 60) }));
    let mut bare = entry(None);
    (bare.intent.body, bare.intent.known_set) = (String::new(), KnownSet::default());
    walk.server.stored.first_unresolved = Some(Box::new(bare));
    walk.server.looks = nothing().collect();
    walk.keys("wait").expect("Type \"not placed:\" and why:");
    walk.server.stored.first_unresolved = None;
    walk.keys("type:not<space>placed:<space>nothing<space>under<space>Orders enter wait");
    walk.expect("The order is now recorded as not placed. You can order").expect("[ New order ]");
}
