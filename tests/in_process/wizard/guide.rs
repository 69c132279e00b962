//! Setting up an account: what is asked, tried and written, and the message of each failure.

use crate::common::walk::{TO_KEY, TO_KEY_TEST, TO_WRITE, Walk, around, guided, listed, setup};
use zegel::domain::{
    AccountResource, ApiError, ApiKeyError, ApiKeyErrorKind, KeyLocation, NoKeyring, ServerError, TransportError,
    TransportErrorKind,
};
use zegel::i18n::Language;
use zegel::tui::app::{AppEnvironment, NextSession};
use zegel::tui::message::{Effect, SetupTask};

/// A walk that sets up an account in surroundings that can be changed.
fn with(change: impl FnOnce(&mut Walk, &mut AppEnvironment)) -> Walk {
    let mut surroundings = around();
    let mut prepared = Walk::new();
    change(&mut prepared, &mut surroundings);
    let mut walk = guided(setup(Language::En, 80, 40), surroundings);
    walk.server = prepared.server;
    walk
}

fn plain() -> Walk {
    with(|_, _| {})
}

#[test]
fn a_first_run_ends_at_an_order_of_the_new_account() {
    let mut walk = plain();
    walk.expect("Set up an account").expect("Automation > API Keys").expect("View Only").expect("Press T");
    walk.keys(TO_KEY).expect("Step 2 of 3: API key").expect("Found: Test Keyring.");
    walk.keys(TO_KEY_TEST).expect("What this key can do at certcentral.digicert.eu").expect_not("MADE-UP");
    walk.expect("PKIo Qualified eSeal can be ordered.").expect("The key works.");
    walk.keys(TO_WRITE).expect("This will be saved").expect("The key will be stored in the system's keyring.");
    walk.keys("enter wait");
    let written = &walk.server.guiding.written[0];
    assert_eq!((written.name.as_str(), &written.url, &written.key_location), ("main", &None, &KeyLocation::Keyring));
    assert_eq!(written.key.as_ref().unwrap().expose(), "MADE-UP-KEY");
    assert!(written.presets.contains(&("org.id".to_owned(), "900001".to_owned())), "{:?}", written.presets);
    assert_eq!(walk.app.exit().unwrap().next, Some(NextSession::NewOrder("main".into())));
    let kept = walk.seen.iter().find(|effect| matches!(effect, Effect::Store(_)));
    assert_eq!(kept, None, "of what is typed nothing reaches the store");
}

#[test]
fn a_skipped_step_is_checked_nevertheless() {
    let mut walk = plain();
    walk.keys("enter wait ctrl-u type:No<space>Name alt-2")
        .keys(TO_KEY_TEST)
        .expect("Step 1 of 3")
        .expect("Use at most 32 characters: lowercase");
}

#[test]
fn the_proposed_file_follows_the_name() {
    let mut walk = plain();
    walk.keys(TO_KEY)
        .keys("pageup left")
        .expect("zegel/main.key")
        .keys("esc ctrl-u type:test ctrl-n")
        .expect("zegel/test.key");
    walk.keys("pageup tab type:x esc ctrl-u type:other ctrl-n").expect("zegel/test.keyx");
}

#[test]
fn a_wiped_key_is_never_replaced_by_a_stored_one() {
    let mut walk = plain();
    walk.keys(TO_KEY).keys(TO_KEY_TEST).keys("tick:600000 r wait").expect("the key was cleared").expect("Step 2 of 3");
    let tries = walk.seen.iter().filter(|effect| matches!(effect, Effect::Setup(_, SetupTask::UseKey(_)))).count();
    assert_eq!(tries, 1);
}

#[test]
fn setup_cannot_be_left_while_it_is_written() {
    let mut walk = plain();
    walk.keys(TO_KEY).keys(TO_KEY_TEST).keys(TO_WRITE).keys("enter esc").expect("Still saving. One").keys("enter wait");
    assert_eq!(walk.server.guiding.written.len(), 1);
}

#[test]
fn a_refusal_without_a_reason_does_not_blame_the_key() {
    let refused = ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() };
    let mut walk = with(|walk, _| walk.server.failure = Some(refused));
    walk.keys(TO_KEY).keys(TO_KEY_TEST).expect("refused (HTTP 403)").expect_not("does not recognize this key");
    walk.expect_not("The key works.");
}

#[test]
fn nothing_is_sent_to_a_foreign_host_before_its_name_is_typed() {
    let mut walk = plain();
    walk.keys("enter wait tab space tab type:https://gateway.example.nl/services/v2 ctrl-n");
    walk.keys(TO_KEY_TEST).expect("This host does not belong to DigiCert and is not this computer");
    let asked = |walk: &Walk| walk.seen.iter().any(|effect| matches!(effect, Effect::Fetch(..)));
    walk.keys("paste:gateway.example.nl enter").expect_not("What this key can do");
    walk.keys("type:gateway.example.com enter").expect("That is not the host name.");
    assert!(!asked(&walk));
    walk.keys("ctrl-u type:gateway.example.nl enter wait").expect("What this key can do at gateway.example.nl");
    assert!(asked(&walk));
}

#[test]
fn united_states_hosts_are_refused_with_the_reason() {
    let mut walk = plain();
    walk.keys("enter wait tab space tab type:https://www.digicert.com/services/v2 ctrl-n");
    walk.expect("CertCentral in the United States does not sell PKIoverheid products");
}

#[test]
fn white_space_around_a_key_is_removed_and_within_it_is_refused() {
    let mut walk = plain();
    walk.keys(TO_KEY).keys("paste:MADE<space>UP").expect("Keys do not contain spaces");
    walk.keys("paste:<space>MADE-UP-KEY<enter> ctrl-n wait").expect("What this key can do at");
}

#[test]
fn an_unusable_keyring_is_shown_with_the_reason_and_cannot_be_chosen() {
    let mut walk =
        with(|walk, _| walk.server.guiding.keyring = Err(ApiKeyErrorKind::NoKeyring(NoKeyring::NoService).into()));
    walk.keys(TO_KEY).expect("The keyring is not available.").expect("A password manager keeps the");
    walk.keys("pageup left tab type:MADE-UP ctrl-n").expect("This option is not available");
}

#[test]
fn a_key_in_the_environment_is_proposed() {
    let mut walk = with(|walk, around| {
        walk.server.guiding.keyring = Err(ApiKeyErrorKind::NoKeyring(NoKeyring::NoService).into());
        around.has_environment_key = true;
    });
    walk.keys(TO_KEY).expect("(•) variable").keys("ctrl-n wait").expect("What this key can do at");
    walk.keys("enter wait alt-4 ctrl-n wait").expect("The key stays in the variable ZEGEL_API_KEY").keys("enter wait");
    let written = &walk.server.guiding.written[0];
    assert_eq!((&written.key_location, &written.key), (&KeyLocation::Variable("ZEGEL_API_KEY".into()), &None));
}

#[test]
fn a_command_is_split_into_words_without_a_shell() {
    let mut walk = plain();
    walk.keys(TO_KEY)
        .keys("pageup space tab type:pass<space>show<space>'a<space>b' ctrl-n wait enter wait alt-4 ctrl-n enter wait");
    let words = ["pass", "show", "a b"].map(str::to_owned).to_vec();
    assert_eq!(walk.server.guiding.written[0].key_location, KeyLocation::Command(words));
}

#[test]
fn a_key_file_needs_a_typed_yes_and_its_own_path() {
    let mut walk = plain();
    walk.keys(TO_KEY).keys("pageup left").expect("/home/anna/.config/zegel/main.key").expect("Not encrypted");
    walk.keys("tab tab tab paste:MADE-UP-KEY ctrl-n").expect("This field is required.");
    walk.keys("type:perhaps ctrl-n").expect("Not a known value. Known values: yes, ja.");
    walk.keys("ctrl-u type:yes ctrl-n wait enter wait alt-4 ctrl-n enter wait");
    let file = KeyLocation::File("/home/anna/.config/zegel/main.key".into());
    assert_eq!(walk.server.guiding.written[0].key_location, file);
}

/// Each failure says what happened and what to do.
#[test]
fn every_failure_of_a_key_test_gives_advice() {
    let refused = |status, code: &str| ApiError::Refused {
        status,
        errors: vec![ServerError { code: code.into(), message: "said".into() }],
        excerpt: String::new(),
    };
    let cases: [(ApiError, &str, &str); 9] = [
        (refused(403, "access_denied|access_denied_invalid_key"), "does not recognize this key", "United States"),
        (refused(404, "not_found|route"), "refused (HTTP 404)", "/services/v2"),
        (ApiError::NotConnected(TransportErrorKind::Name.into()), "no connection to", "spelled correctly"),
        (ApiError::NotConnected(TransportErrorKind::Refused.into()), "no connection to", "Is this computer online?"),
        (ApiError::NotConnected(TransportErrorKind::Issuer.into()), "no connection to", "TLS interception"),
        (ApiError::NotConnected(TransportErrorKind::NotInTime.into()), "no connection to", "clock"),
        (ApiError::NotConnected(TransportErrorKind::ProxyAuth.into()), "no connection to", "the administrator"),
        (ApiError::ResponseCut(TransportErrorKind::Slow.into()), "no complete response", "Try again. If"),
        (zegel::domain::DecodeError::WebPage.into(), "unreadable response: it is a web page", "sign-in page"),
    ];
    for (failure, happened, next) in cases {
        let mut walk = with(|walk, _| walk.server.failure = Some(failure));
        walk.keys(TO_KEY).keys(TO_KEY_TEST).expect(happened).expect(next).expect("Press R to try again");
        let questions = walk.seen.iter().filter(|effect| matches!(effect, Effect::Fetch(..))).count();
        assert_eq!(questions, 1, "what is said once is not asked nine times");
        walk.server.failure = None;
        walk.keys("r wait").expect("The key works.");
    }
}

#[test]
fn a_restricted_key_is_reported_with_its_limits_and_accepted() {
    let missing = ServerError { code: "access_denied|missing_permission".into(), message: "no".into() };
    let mut walk = with(|walk, _| {
        walk.server.failure = Some(ApiError::Refused { status: 403, errors: vec![missing], excerpt: String::new() });
    });
    walk.keys(TO_KEY).keys(TO_KEY_TEST).expect("zegel could not find out whose key this is:");
    walk.expect("Not available with this key: list of organizations.").expect("The key works.");
    walk.keys("enter wait").expect("Defaults for new orders");
}

#[test]
fn an_unavailable_key_leads_back_to_its_location() {
    let why = TransportError::from(ApiKeyError::new(ApiKeyErrorKind::Failed(1), "pass"));
    let mut walk = with(|walk, _| walk.server.guiding.tried = Err(why));
    walk.keys(TO_KEY).keys(TO_KEY_TEST).expect("The key cannot be used").keys("enter").expect("Step 2 of 3: API key");
}

#[test]
fn a_failed_write_is_reported_and_can_be_retried() {
    let mut walk = with(|walk, _| walk.server.guiding.kept = Err("no room".into()));
    walk.keys(TO_KEY).keys(TO_KEY_TEST).keys("enter wait alt-4 ctrl-n enter wait").expect("✗ no room");
    assert!(walk.app.exit().is_none());
    walk.server.guiding.kept = Ok(());
    walk.keys("enter wait");
    assert_eq!(walk.server.guiding.written.len(), 2);
    assert!(walk.app.exit().is_some());
}

#[test]
fn an_account_of_the_same_name_is_replaced_only_after_a_warning() {
    let mut walk = with(|_, around| around.accounts = vec![listed("main", "certcentral.digicert.eu")]);
    walk.keys("enter wait").expect("main-2").expect_not("will be replaced");
    walk.keys("ctrl-u type:main").expect("An account with this name already exists. It will be replaced.");
}

#[test]
fn back_and_forth_loses_nothing() {
    let mut walk = plain();
    walk.keys("enter wait ctrl-u type:other ctrl-n paste:MADE-UP-KEY ctrl-n wait enter wait");
    walk.keys("type:zilver wait enter").keys("esc").expect("The key works.").keys("esc esc");
    walk.expect("Step 1 of 3").expect("other").keys("ctrl-n ctrl-n wait enter wait").expect("900001");
}

#[test]
fn an_idle_key_is_wiped_and_requested_again() {
    let mut walk = plain();
    walk.keys(TO_KEY).keys(TO_KEY_TEST).keys("enter wait tick:600000 alt-4 ctrl-n enter wait");
    walk.expect("Step 2 of 3: API key").expect("the key was cleared");
    assert_eq!(walk.server.guiding.written, []);
}

#[test]
fn the_sandbox_is_one_key_away() {
    let mut walk = plain();
    walk.keys("wait t");
    assert_eq!(walk.app.exit().unwrap().next, Some(NextSession::Demo));
    assert!(!walk.seen.iter().any(|effect| matches!(effect, Effect::Fetch(_, AccountResource::Me, _))));
}

#[test]
fn setup_is_available_in_dutch() {
    let mut walk = guided(setup(Language::Nl, 80, 40), around());
    walk.expect("Account instellen").keys("enter wait").expect("(•) Nederlands");
}
