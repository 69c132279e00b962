//! Several accounts: each screen names the current one, the user can switch, and a new order begins with its defaults.

use crate::common::walk::{Walk, of_two};
use rstest::rstest;
use zegel::i18n::Language;
use zegel::tui::app::{NextSession, StartMode};
use zegel::tui::message::{Effect, StoreTask};

fn at(start: StartMode) -> Walk {
    of_two(Language::En, 80, 24, start)
}

#[test]
fn every_screen_names_the_account() {
    let mut walk = at(StartMode::Home);
    walk.keys("wait").expect("ACCOUNT main · certcentral.digicert.eu");
    walk.keys("enter wait").expect("ACCOUNT main · certcentral.digicert.eu");
}

#[test]
fn switching_accounts_opens_another_wizard_and_saves_the_draft() {
    let mut walk = at(StartMode::Home);
    walk.keys("wait enter wait alt-4 type:Anna wait alt-1 esc wait a");
    walk.expect("main · certcentral.digicert.eu · current").expect("test · 127.0.0.1:4711");
    walk.keys("down enter wait");
    assert_eq!(walk.app.exit().unwrap().next, Some(NextSession::SwitchAccount("test".into())));
    assert!(walk.seen.iter().any(|effect| matches!(effect, Effect::Store(StoreTask::SaveDraft(..)))));
}

#[test]
fn the_account_list_offers_setup_and_the_sandbox() {
    for (keys, next) in [("end up enter", NextSession::SetUpAccount), ("end enter", NextSession::Demo)] {
        let mut walk = at(StartMode::Home);
        walk.keys("wait a").keys(keys);
        assert_eq!(walk.app.exit().unwrap().next, Some(next));
    }
}

#[test]
fn choosing_the_same_account_changes_nothing() {
    let mut walk = at(StartMode::Home);
    walk.keys("wait a enter").expect("What would you like to do?");
    assert!(walk.app.exit().is_none());
    walk.keys("a esc").expect("What would you like to do?");
}

/// Returns true if the field in focus has the note that its value is from the account. The top of the page lists all
/// such fields.
fn noted(walk: &Walk) -> bool {
    const NOTE: &str = "Filled in from the defaults for account main";
    walk.rows().iter().any(|row| row.contains(NOTE) && !row.contains(&format!("{NOTE}:")))
}

#[test]
fn a_new_order_begins_with_the_account_defaults_and_shows_that() {
    let mut walk = at(StartMode::NewOrder);
    walk.keys("wait").expect("Filled in from the defaults for account main: Name or id.");
    assert_eq!(walk.text("org.id"), "900001");
    walk.keys("tab");
    assert!(noted(&walk), "{}", walk.screen());
    walk.keys("alt-4").expect("Filled in from the defaults for account main:").expect("Zilverdam");
    walk.keys("alt-1 esc wait enter wait alt-4");
    assert_eq!(walk.text("ship.city"), "Zilverdam");
}

#[test]
fn a_changed_default_is_no_longer_noted() {
    let mut walk = at(StartMode::NewOrder);
    walk.keys("wait alt-4 pageup").expect("City");
    while !walk.shows("› City") {
        walk.keys("tab");
    }
    assert!(noted(&walk), "{}", walk.screen());
    walk.keys("type:x");
    assert!(!noted(&walk), "{}", walk.screen());
}

/// Unresolved orders at a host with an account in the configuration, and at a host without one.
#[rstest]
#[case(Language::En, "127.0.0.1:4711", "start zegel with the account for that host: zegel --account test")]
#[case(Language::En, "certcentral.example", "start zegel with an account for that host: zegel --account NAME")]
#[case(Language::Nl, "127.0.0.1:4711", "Handel de bestelling af met uw account bij die host: zegel --account test")]
#[case(
    Language::Nl,
    "certcentral.example",
    "Handel de bestelling af met een account van die host: zegel --account NAAM"
)]
fn an_order_of_another_account_names_the_account_that_resolves_it(
    #[case] language: Language,
    #[case] host: &str,
    #[case] output: &str,
) {
    let mut walk = of_two(language, 80, 24, StartMode::Home);
    walk.server.stored.other_hosts = vec![host.into()];
    walk.keys("wait").expect(host).expect(output);
}
