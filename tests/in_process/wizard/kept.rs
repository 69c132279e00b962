//! Drafts and Home: input is saved soon, opens again where the user stopped, and is never lost silently.

use crate::common::walk::{TO_REVIEW, Walk, setup};
use zegel::domain::{DraftId, PersistenceError, PersistenceErrorKind, StoredDraft};
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::key::KeyPress;
use zegel::tui::message::{Effect, Message, StoreReply, StoreTask};

const ID: DraftId = DraftId(7);

fn home() -> Walk {
    Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 80, 24) }))
}

/// Returns the drafts that were to be saved, in order.
fn saves(walk: &Walk) -> Vec<StoredDraft> {
    let save = |effect: &Effect| match effect {
        Effect::Store(StoreTask::SaveDraft(_, draft)) => Some((**draft).clone()),
        _ => None,
    };
    walk.seen.iter().filter_map(save).collect()
}

fn unkept() -> PersistenceError {
    PersistenceError { path: "/state".into(), kind: PersistenceErrorKind::Full }
}

/// Starts a new wizard with what another one has stored.
fn again(walk: &Walk) -> Walk {
    let mut next = home();
    next.server.stored = walk.server.stored.clone();
    next.keys("wait");
    next
}

#[test]
fn a_change_is_saved_soon_together_with_later_ones() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter").expect("Gemeente Zilverdam");
    assert_eq!(walk.app.next_wake_in(), Some(400));
    walk.keys("tick:399");
    assert_eq!(saves(&walk).len(), 0, "not at every key");
    walk.keys("ctrl-n tick:1 wait");
    let saved = saves(&walk);
    assert_eq!(
        (saved.len(), saved[0].step.as_str(), saved[0].title.as_str()),
        (1, "contacts", "900001  Gemeente Zilverdam")
    );
    assert_eq!((saved[0].account.as_str(), walk.app.next_wake_in()), ("127.0.0.1:4711", None));
    walk.keys("tick:5000 wait");
    assert_eq!(saves(&walk).len(), 1, "nothing has changed");
}

#[test]
fn nothing_is_saved_before_something_is_typed() {
    let mut walk = home();
    walk.keys("wait enter wait ctrl-n tab esc wait ctrl-c");
    assert_eq!((saves(&walk).len(), walk.app.exit().map(|exit| exit.code)), (0, Some(0)));
}

#[test]
fn a_draft_is_saved_before_a_risky_action() {
    let risks: [fn(&mut Walk); 4] = [
        |walk| walk.handle_message(Message::Terminate(143)),
        |walk| walk.handle_message(Message::Suspend),
        |walk| walk.handle_message(Message::Key(KeyPress::parse("ctrl-z").unwrap())),
        |walk| walk.handle_message(Message::Key(KeyPress::parse("ctrl-c").unwrap())),
    ];
    for risk in risks {
        let mut walk = home();
        walk.keys("wait enter pageup right tab type:Gemeente");
        risk(&mut walk);
        let last = &walk.open[walk.open.len() - 2..];
        assert!(matches!(last, [Effect::Store(StoreTask::SaveDraft(..)), Effect::Quit | Effect::Suspend]), "{last:?}");
    }
}

#[test]
fn a_draft_is_saved_before_its_order_is_sent() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("enter survey wait type:order enter");
    let place = |is: fn(&Effect) -> bool| walk.seen.iter().rposition(is).unwrap();
    let (save, order) = (
        place(|effect| matches!(effect, Effect::Store(StoreTask::SaveDraft(..)))),
        place(|effect| matches!(effect, Effect::Order(zegel::order::OrderEffect::Write(_)))),
    );
    assert!(save < order);
}

#[test]
fn a_draft_opens_where_the_user_stopped_with_all_input() {
    let mut walk = home();
    walk.keys("wait enter pageup right tab type:Gemeente<space>Zilver left left left ctrl-n tick:500 wait");
    let mut walk = again(&walk);
    walk.expect("the new organization Gemeente Zilver · Organization · saved")
        .keys("down enter wait")
        .expect("Step 1 of 7");
    assert_eq!(walk.text("org.name"), "Gemeente Zilver");
    walk.keys("ctrl-c");
    assert_eq!(walk.app.exit().unwrap().code, 0, "all of it is kept");
}

#[test]
fn card_and_agreement_are_not_saved_and_requested_again_with_the_reason() {
    let mut walk = home();
    walk.keys("wait enter alt-3 wait space alt-6 wait right tab type:4111111111111111 tick:500 wait");
    let draft = saves(&walk).pop().unwrap();
    assert!(!draft.payload.contains("4111") && !draft.payload.contains("\"true\""), "{}", draft.payload);
    let mut walk = again(&walk);
    walk.keys("down enter wait")
        .expect("Step 6 of 7")
        .expect("These fields are never saved, so please fill them in again:");
    walk.keys("alt-3").expect("[ ] I agree");
}

#[test]
fn a_removed_draft_can_be_restored_until_quitting() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter tick:500 wait");
    let mut walk = again(&walk);
    walk.keys("down d wait").expect("removed; press U to restore it").keys("enter").expect("This draft was removed.");
    walk.keys("u wait").expect_not("removed; press").keys("enter wait").expect("Step 1 of 7");
    assert_eq!(walk.text("org.id"), "900001");
    walk.keys("alt-1 esc wait up d").expect("Only drafts can be removed.");
}

#[test]
fn a_draft_open_in_another_window_is_read_only() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter tick:500 wait");
    let mut walk = again(&walk);
    walk.server.elsewhere = vec![ID];
    walk.keys("down enter wait").expect("Review").expect("This draft is open in another window.");
    walk.keys("alt-4 type:Anna paste:Anna enter space left").expect("This draft is open in another window.");
    assert_eq!(walk.text("ship.name"), "");
    walk.keys("alt-7 ctrl-n tick:900 wait");
    assert_eq!(saves(&walk).len(), 0);
    walk.keys("ctrl-c");
    assert!(walk.app.exit().is_some());
}

#[test]
fn a_failed_save_is_reported_retried_and_asked_about_before_quitting() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter");
    walk.server.unkept = Some(unkept());
    walk.keys("tick:500 wait").expect("Not saved: no disk space left at /state.");
    walk.keys("ctrl-c").expect("What you entered could not be").keys("esc");
    assert_eq!(walk.app.next_wake_in(), Some(10_000));
    walk.server.unkept = None;
    walk.keys("tick:10000 wait").expect_not("Not saved:");
    assert_eq!(walk.server.stored.drafts.len(), 1);
    walk.keys("ctrl-c");
    assert!(walk.app.exit().is_some());
}

#[test]
fn unsaved_input_is_not_discarded_for_another_draft() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter");
    walk.server.unkept = Some(unkept());
    walk.keys("esc wait").expect("New order").keys("enter").expect("would be lost. Press Esc to go back").keys("esc");
    walk.expect("Step 1 of 7").expect("Gemeente Zilverdam");
}

#[test]
fn an_unopenable_draft_is_not_overwritten() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter tick:500 wait");
    let mut other = walk.server.stored.drafts[0].clone();
    (other.0, other.1.payload) = (DraftId(8), "{\"version\": 99}".into());
    walk.server.stored.drafts.push(other);
    walk.keys("esc wait down down enter wait").expect("This draft cannot be read");
    assert!(walk.seen.ends_with(&[Effect::Store(StoreTask::HoldDraft(ID))]), "{:?}", walk.seen.last());
}

#[test]
fn a_reply_about_an_earlier_form_is_ignored() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter tick:500");
    walk.open.clear();
    walk.keys("esc wait").expect("New order").keys("enter").expect("would be lost. Press Esc to go back");
    walk.handle_message(Message::Store(Box::new(StoreReply::Saved(99, Err(unkept())))));
    walk.expect_not("Not saved:");
}

#[test]
fn an_unreadable_draft_is_kept_and_reported() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter tick:500 wait");
    walk.server.stored.drafts[0].1.payload = "{\"version\": 99}".into();
    let mut walk = again(&walk);
    walk.keys("down enter wait").expect("This draft cannot be read").expect("New order");
}

#[test]
fn a_placed_order_removes_its_draft() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("enter survey wait type:order enter wait").expect("was placed");
    assert!(walk.seen.contains(&Effect::Store(StoreTask::DiscardDraft)));
    let before = saves(&walk).len();
    walk.keys("tick:9000 wait esc wait").expect("What would you like to do?");
    assert_eq!(saves(&walk).len(), before, "and nothing is saved in its place");
}

#[test]
fn drafts_of_another_account_are_not_offered() {
    let mut walk = home();
    walk.keys("wait enter wait type:zilver enter tick:500 wait");
    walk.server.stored.drafts[0].1.account = "certcentral.digicert.eu".into();
    again(&walk).expect("No drafts.");
}

#[test]
fn the_demo_saves_nothing_and_says_so() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter tick:500 wait ctrl-c").expect("What you entered will not be saved.");
}
