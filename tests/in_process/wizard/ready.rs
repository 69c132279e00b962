//! Readiness for an order: requested once in the background at Home, and shown with what to do.

use crate::common::walk::{About, Walk, card, division, setup, validation};
use rstest::rstest;
use zegel::domain::{
    AccountAnswer, AccountResource, ApiError, Balance, DecodeError, Division, DraftId, OrderRow, PageFlaw, PageRange,
    Role, ServerError, StoredDraft, TransportErrorKind,
};
use zegel::i18n::Language;
use zegel::tui::app::{App, AppEnvironment, CurrentAccount, StartMode, StartOptions};
use zegel::tui::message::{Effect, EffectReply, Message};

fn home() -> Walk {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 80, 24) }));
    walk.server.stored.drafts = vec![(DraftId(7), draft())];
    walk
}

/// A draft for the first organization.
fn draft() -> StoredDraft {
    let mut typed = Walk::new();
    typed.keys("wait type:zilver enter ctrl-n tick:1000 wait");
    typed.server.stored.drafts.remove(0).1
}

fn with(change: impl FnOnce(&mut About)) -> Walk {
    let mut walk = home();
    change(&mut walk.server.about);
    walk.keys("wait");
    walk
}

/// The questions that went out, in order.
fn sent_requests(walk: &Walk) -> Vec<AccountResource> {
    let fetch = |effect: &Effect| if let Effect::Fetch(_, fetch, _) = effect { Some(*fetch) } else { None };
    walk.seen.iter().filter_map(fetch).collect()
}

fn refused(status: u16, code: &str) -> ApiError {
    ApiError::Refused {
        status,
        errors: vec![ServerError { code: code.into(), message: "No.".into() }],
        excerpt: String::new(),
    }
}

fn order(id: u64, status: &str, organization: Option<u64>) -> OrderRow {
    OrderRow {
        id,
        status: status.into(),
        organization_id: organization,
        date_created: "2026-11-20T10:00:00+00:00".into(),
        ..OrderRow::default()
    }
}

const ALL: [AccountResource; 7] = [
    AccountResource::Me,
    AccountResource::Product,
    AccountResource::Divisions,
    AccountResource::Balance(None),
    AccountResource::Organization(900_001),
    AccountResource::Validations(900_001),
    AccountResource::Orders(Some(900_001)),
];

#[test]
fn each_satisfied_check_has_one_line() {
    let mut walk = with(|_| {});
    for line in [
        "✓ Key: works; user: Anna de Vries",
        "✓ Role: Administrator · can approve requests",
        "✓ Product: can be ordered; validity in years: 1, 2",
        "✓ Organization: Gemeente Zilverdam · OV valid (active) until 2 Jan 2028",
        "✓ Verified contact: 1 known for this organization",
        "✓ Balance: €1,500.00 available",
        "✓ Open orders: none for this product and organization",
    ] {
        walk.expect(line);
    }
}

#[test]
fn readiness_requests_are_sent_in_sequence() {
    let mut walk = home();
    let mut report = Vec::new();
    while !walk.open.is_empty() {
        let at = walk.open.iter().position(|effect| matches!(effect, Effect::Fetch(..))).unwrap_or_default();
        let fetches = walk.open.iter().filter(|effect| matches!(effect, Effect::Fetch(..))).count();
        assert!(fetches <= 1, "{:?}", walk.open);
        match walk.open.remove(at) {
            Effect::Fetch(ticket, fetch, range) => {
                let limit = if fetch == AccountResource::Orders(Some(900_001)) { 100 } else { 0 };
                assert_eq!(range, PageRange { offset: 0, limit }, "{fetch:?}");
                report.push(fetch);
                let answer = walk.server.answer(fetch, range);
                walk.handle_message(Message::Reply(ticket, Box::new(EffectReply::Fetched(answer))));
            }
            Effect::Store(keep) => {
                let kept = walk.server.keep(keep);
                if let Some(kept) = kept {
                    walk.handle_message(Message::Store(Box::new(kept)));
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(report, ALL);
}

#[test]
fn nothing_is_requested_twice_within_a_minute() {
    let mut walk = with(|_| {});
    let first = sent_requests(&walk).len();
    walk.keys("enter wait esc wait");
    let with_the_form = sent_requests(&walk);
    let again = ALL.iter().filter(|fetch| with_the_form[first..].contains(fetch)).count();
    assert_eq!(again, 0, "{:?}", &with_the_form[first..]);
    walk.keys("enter tick:60000 esc wait");
    let later = &sent_requests(&walk)[with_the_form.len()..];
    assert!(ALL.iter().all(|fetch| later.contains(fetch)), "{later:?}");
}

#[rstest]
#[case("r")]
#[case("f5")]
#[case("c r")]
fn a_key_repeats_the_requests_unless_they_are_open(#[case] keys: &str) {
    let mut walk = with(|_| {});
    let first = sent_requests(&walk).len();
    walk.keys(keys).keys("r r r");
    assert_eq!(sent_requests(&walk).len(), first + 1);
    walk.server.about.me.name = "Bram Jansen".into();
    walk.keys("wait").expect("✓ Key: works; user: Bram Jansen");
    assert_eq!(sent_requests(&walk)[first..], ALL);
}

#[test]
fn leaving_home_stops_the_requests() {
    let mut walk = home();
    walk.keys("enter");
    let first = sent_requests(&walk).len();
    walk.keys("alt-4 wait");
    let more = &sent_requests(&walk)[first..];
    assert!(
        !more.contains(&AccountResource::Validations(900_001)) && !more.contains(&AccountResource::Divisions),
        "{more:?}"
    );
}

#[test]
fn without_an_account_nothing_is_requested() {
    let account = CurrentAccount { name: String::new(), host: String::new(), is_sandbox: false, uses_markers: false };
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, account, ..setup(Language::En, 80, 24) }));
    walk.keys("wait").expect_not("Before you order").keys("c").expect_not("Before you order");
    assert_eq!(sent_requests(&walk), []);
}

#[rstest]
#[case(ApiError::NotConnected(TransportErrorKind::Issuer.into()), "no connection to 127.0.0.1:4711 (the server's certificate is not trusted on")]
#[case(refused(403, "access_denied|access_denied_invalid_key"), "Check the account's API key and")]
#[case(refused(401, ""), "Check the account's API key and")]
#[case(ApiError::from(DecodeError::WebPage), "it is a web page")]
#[case(refused(404, "not_found|route"), "Check that the account's address ends in /services/v2.")]
fn a_common_failure_is_reported_once(#[case] failure: ApiError, #[case] words: &str) {
    let mut walk = home();
    walk.server.failure = Some(failure);
    walk.keys("wait").expect("! The account could not be checked:").expect(words).expect_not("Product:");
    assert_eq!(
        sent_requests(&walk).into_iter().filter(|fetch| ALL.contains(fetch)).collect::<Vec<_>>(),
        [AccountResource::Me]
    );
    walk.keys("size:40x10").expect("! The account could not be checked. Press C to see why.");
    walk.keys("c").expect("As reported by CertCentral just").keys("esc size:80x24");
    walk.server.failure = None;
    walk.keys("r wait").expect("✓ Key: works").expect("✓ Open orders");
}

#[test]
fn a_network_failure_in_between_is_reported_once() {
    let gone = ApiError::NotConnected(TransportErrorKind::Unreachable.into());
    let mut walk = with(|about| about.refused = vec![(AccountResource::Divisions, gone)]);
    walk.expect("! The account could not be checked:").expect_not("Key: works");
    assert!(!sent_requests(&walk).contains(&AccountResource::Balance(None)));
}

#[test]
fn an_orders_only_key_does_not_block_ordering() {
    let narrow = || refused(403, "access_denied|missing_permission");
    let mut walk = with(|about| {
        about.refused = vec![
            (AccountResource::Me, narrow()),
            (AccountResource::Divisions, narrow()),
            (AccountResource::Balance(None), narrow()),
            (AccountResource::Validations(900_001), narrow()),
        ];
    });
    walk.expect("✓ Key: works, but is not allowed to look up the user it belongs to")
        .expect("? Role: unknown")
        .expect("✓ Product: can be ordered")
        .expect("? Organization: unknown: this key is not allowed to look it up")
        .expect("? Balance: unknown: this key is not allowed to look it up")
        .expect("✓ Open orders: none")
        .keys("c")
        .expect("The key is restricted, perhaps to");
}

#[rstest]
#[case(&[(1, "Administrator")], "✓ Role: Administrator · can approve requests")]
#[case(&[(4, "Manager")], "✓ Role: Manager · can approve requests")]
#[case(&[(5, "Standard user")], "! Role: Standard user · orders wait for approval")]
#[case(&[(5, "Standard user"), (4, "Manager")], "✓ Role: Standard user, Manager · can approve requests")]
#[case(&[(3, "Finance manager")], "? Role: Finance manager · unclear whether this role may order")]
#[case(&[(77, "")], "? Role: 77 · unclear whether this role may order")]
#[case(&[], "? Role: unknown")]
fn the_role_determines_the_approval_of_an_order(#[case] roles: &[(u64, &str)], #[case] words: &str) {
    let roles = roles.iter().map(|(id, name)| Role { id: Some(*id), name: (*name).into() }).collect();
    let mut walk = with(|about| about.me.roles = roles);
    walk.expect(words).keys("c size:80x60").expect("whether the key is restricted to View Only. A View");
}

#[rstest]
#[case("inactive", "! Key: works, but its user Anna de Vries is inactive")]
#[case("active", "✓ Key: works; user: Anna de Vries")]
#[case("", "✓ Key: works; user: Anna de Vries")]
#[case("enabled", "? Key: works; user: Anna de Vries, status: enabled")]
fn the_user_status_is_shown_and_an_unknown_word_is_neutral(#[case] status: &str, #[case] words: &str) {
    with(|about| about.me.status = status.into()).expect(words);
}

/// The status word of a user, an organization and its list, in the language of the wizard beside the server's word.
#[rstest]
#[case(|about: &mut About| about.me.status = "inactive".into(), "! Sleutel: werkt, maar gebruiker Anna de Vries is niet actief (inactive)")]
#[case(|about: &mut About| about.me.status = "pending".into(), "? Sleutel: werkt; gebruiker: Anna de Vries, status: in behandeling (pending)")]
#[case(|about: &mut About| about.me.status = "odd".into(), "? Sleutel: werkt; gebruiker: Anna de Vries, status: odd")]
#[case(|about: &mut About| about.standing = Some((900_001, "pending".into(), None)), "? Organisatie: Gemeente Zilverdam · status: in behandeling (pending) · OV")]
#[case(|about: &mut About| about.standing = Some((900_001, "active".into(), Some(false))), "! Organisatie: Gemeente Zilverdam is niet actief; status: actief (active)")]
fn a_status_is_translated_beside_the_servers_word(#[case] change: fn(&mut About), #[case] words: &str) {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::Nl, 100, 30) }));
    walk.server.stored.drafts = vec![(DraftId(7), draft())];
    change(&mut walk.server.about);
    walk.keys("wait").expect(words);
}

#[rstest]
#[case(
    refused(404, "not_found|product"),
    "! Product: probably not enabled for this account",
    "Ask DigiCert to enable it."
)]
#[case(refused(500, ""), "? Product: unknown", "the server reported an error (HTTP 500)")]
fn a_product_that_cannot_be_ordered_is_told(#[case] failure: ApiError, #[case] words: &str, #[case] advice: &str) {
    let mut walk = with(|about| about.refused = vec![(AccountResource::Product, failure)]);
    walk.expect(words).expect("✓ Open orders").keys("c size:80x60").expect(advice);
}

#[rstest]
#[case(&[("ov", "active", "2026-12-22T00:00:00+00:00")], "✓ Organization: Gemeente Zilverdam · OV valid (active) until 22 Dec 2026", "825 days")]
#[case(&[("ov", "active", "2026-12-21")], "! Organization", "The validation may expire before the")]
#[case(&[("ov", "active", "2026-11-21")], "! Organization", "but DigiCert validates the organization")]
#[case(&[("ov", "active", "")], "✓ Organization: Gemeente Zilverdam · OV valid (active)", "825 days")]
#[case(&[("ov", "pending", "")], "! Organization: Gemeente Zilverdam · OV being validated (pending)", "issuance takes longer")]
#[case(&[("ov", "expired", "2025-01-01"), ("ev", "active", "2028-01-01")], "✓ Organization: Gemeente Zilverdam · OV expired on 1 Jan 2025 · EV", "not documented")]
#[case(&[("ov", "odd", "soon")], "? Organization: Gemeente Zilverdam · OV odd", "825 days")]
#[case(&[("ov", "odd", "2028-01-01")], "? Organization: Gemeente Zilverdam · OV odd 1 Jan 2028", "825 days")]
#[case(&[("ov", "odd", ""), ("ev", "expired", "2025-01-01")], "? Organization: Gemeente Zilverdam · OV odd · EV expired", "825 days")]
#[case(&[("ov", "odd", ""), ("ev", "active", "2028-01-01")], "✓ Organization: Gemeente Zilverdam · OV odd · EV valid", "825 days")]
#[case(&[], "! Organization: Gemeente Zilverdam · no validation reported", "issuance takes longer")]
fn an_expiring_validation_is_reported(
    #[case] report: &[(&str, &str, &str)],
    #[case] words: &str,
    #[case] advice: &str,
) {
    let validations = report.iter().map(|(kind, status, until)| validation(kind, status, until)).collect();
    let mut walk = with(|about| about.validations = validations);
    walk.expect(words).keys("c size:80x60").expect(advice);
}

#[rstest]
#[case("active", None, "✓ Organization: Gemeente Zilverdam ·")]
#[case("approved", Some(true), "✓ Organization: Gemeente Zilverdam ·")]
#[case("inactive", Some(true), "✓ Organization: Gemeente Zilverdam ·")]
#[case("", None, "✓ Organization: Gemeente Zilverdam ·")]
#[case("approved", None, "? Organization: Gemeente Zilverdam · status: approved ·")]
#[case("approved", Some(false), "! Organization: Gemeente Zilverdam is inactive; status: approved")]
#[case("active", Some(false), "! Organization: Gemeente Zilverdam is inactive; status: active")]
#[case("", Some(false), "! Organization: Gemeente Zilverdam is inactive")]
#[case("inactive", None, "! Organization: Gemeente Zilverdam is inactive")]
fn the_explicit_active_flag_of_an_organization_decides(
    #[case] status: &str,
    #[case] active: Option<bool>,
    #[case] words: &str,
) {
    let mut walk = with(|about| about.standing = Some((900_001, status.to_owned(), active)));
    walk.expect(words);
    // The list and the field show it as well.
    let bad = words.starts_with('!');
    walk.keys("enter wait type:zilver wait");
    let listed = match (active, status) {
        _ if bad => "inactive",
        (None, "approved") => "approved · OV until",
        _ => "OV until",
    };
    walk.expect(listed).keys("enter");
    if bad {
        walk.expect("! This organization is inactive");
    } else {
        walk.expect_not("inactive");
    }
}

#[test]
fn an_inactive_organization_is_reported() {
    let mut walk = home();
    let mut typed = Walk::new();
    typed.keys("wait type:súdw enter tick:1000 wait");
    walk.server.stored = typed.server.stored;
    walk.keys("wait").expect("! Organization: Stichting Súdwâld is inactive");
}

#[test]
fn the_default_organization_precedes_that_of_a_draft() {
    let around = AppEnvironment { presets: vec![("org.id".into(), "900002".into())], ..AppEnvironment::default() };
    let mut walk = Walk::with(App::new(StartOptions {
        mode: StartMode::Home,
        environment: around,
        ..setup(Language::En, 80, 24)
    }));
    walk.server.stored.drafts = vec![(DraftId(7), draft())];
    walk.keys("wait").expect("✓ Organization: Waterschap Rijnbeemd · OV valid");
    assert!(!sent_requests(&walk).contains(&AccountResource::SoleOrganization));
}

#[test]
fn a_missing_organization_is_reported() {
    let mut walk = home();
    walk.server.stored.drafts.clear();
    walk.keys("wait").expect("? Organization: none selected yet").expect("? Open orders: no organization selected yet");
    assert!(sent_requests(&walk).contains(&AccountResource::SoleOrganization));
}

#[test]
fn with_several_divisions_the_users_balance_is_requested() {
    let mut walk = with(|about| {
        about.divisions = vec![division(14, "Main"), division(15, "Facilitair Bedrijf")];
        about.me.division = Some(15);
    });
    walk.expect("✓ Balance: €1,400.00 available · division 15 Facilitair Bedrijf");
    walk.keys("c size:80x60").expect("It is not confirmed that the division");
}

#[test]
fn without_a_known_division_no_balance_is_requested() {
    let mut walk = with(|about| {
        about.divisions = vec![division(14, "Main"), Division { id: 15, ..Division::default() }];
        about.me.division = None;
    });
    walk.expect("? Balance: unknown: it is unclear which division pays");
    walk.keys("c size:80x60").expect("The account has several divisions, and zegel does not know which one pays.");
    assert!(!sent_requests(&walk).iter().any(|fetch| matches!(fetch, AccountResource::Balance(_))));
}

#[rstest]
#[case(Language::En, "300.00", "", false, "✓ Balance: €300.00; the available amount is not reported")]
#[case(Language::En, "-20.00", "", true, "✓ Balance: -€20.00; can go below zero without limit")]
#[case(Language::En, "-20.00", "80.00", false, "✓ Balance: €80.00 available")]
#[case(Language::En, "", "", false, "? Balance: unknown")]
#[case(Language::Nl, "300.00", "", false, "✓ Saldo: € 300,00; het is niet bekend hoeveel u daarvan kunt besteden")]
#[case(Language::Nl, "-20.00", "", true, "✓ Saldo: € -20,00; u mag onbeperkt rood staan")]
fn the_balance_is_named_once(
    #[case] language: Language,
    #[case] balance: &str,
    #[case] available: &str,
    #[case] unlimited: bool,
    #[case] output: &str,
) {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(language, 100, 30) }));
    let [balance, available] = [balance, available].map(str::to_owned);
    walk.server.about.balance = Some(Balance { balance, available, currency: "EUR".into(), unlimited });
    walk.keys("wait").expect(output);
}

#[test]
fn an_empty_balance_is_reported() {
    let mut walk = with(|about| about.divisions = vec![division(14, "Main"), division(40, "Zorg")]);
    walk.server.about.me.division = Some(40);
    walk.keys("r wait").expect("! Balance: €0.00 available").keys("c size:80x60").expect("Add funds in CertCentral");
}

#[test]
fn only_orders_in_progress_are_listed() {
    let mut walk = with(|about| {
        about.orders = vec![
            order(600_001, "issued", Some(900_001)),
            order(600_002, "pending", Some(900_002)),
            OrderRow { product: "another".into(), ..order(600_003, "pending", Some(900_001)) },
        ];
    });
    walk.expect("✓ Open orders: none");
    walk.server.about.orders = vec![order(600_004, "needs_approval", None), order(600_005, "odd", Some(900_001))];
    walk.keys("r wait").expect("! Open orders: order 600004: waiting for approval (needs_approval) · 20 No");
    walk.keys("c size:80x60").expect("and 1 more").expect("order 600005: odd").expect("Check it first.");
    walk.server.about.orders = vec![order(600_005, "odd", Some(900_001))];
    walk.keys("r wait").expect("? Open orders: order 600005: odd");
}

/// If the list may be incomplete, finding nothing is not reported as good news.
#[rstest]
#[case(PageFlaw::Status(206), "HTTP 206")]
#[case(PageFlaw::Total("-1".into()), "page.total is -1")]
#[case(PageFlaw::Errors(Vec::new()), "the response also contains errors")]
fn an_incomplete_list_of_orders_is_reported(#[case] flaw: PageFlaw, #[case] output: &str) {
    let mut walk = with(|about| about.orders_flaw = Some(flaw));
    walk.expect("? Open orders: none").keys("c size:80x60");
    walk.expect("The list of orders could not be loaded completely").expect(output).keys("esc");
    walk.server.about.orders = vec![order(600_004, "pending", Some(900_001))];
    walk.keys("r wait").expect("! Open orders: order 600004");
}

#[test]
fn on_a_small_screen_readiness_is_counted_and_readable_in_full() {
    let mut walk = with(|about| about.me.roles = vec![Role { id: Some(5), name: String::new() }]);
    walk.keys("size:40x10").expect("Before you order (C): 6 OK, 1 with").keys("c down down");
    walk.expect("✓ Key: works").keys("end").expect("✓ Open orders").keys("esc").expect("New order");
}

#[test]
fn hostile_account_data_is_shown_safely() {
    let mut walk = with(|about| {
        about.me.name = "A\u{1b}[2J\u{202e}B".into();
        about.validations = vec![validation("\u{1b}]0;x\u{7}", "active", "2028-01-02")];
    });
    walk.expect("✓ Key: works; user: A^[[2J\\u{202e}B").expect("^[]0;X^G valid");
}

#[test]
fn a_reply_to_an_earlier_request_changes_nothing() {
    let mut walk = home();
    let Some(Effect::Fetch(ticket, AccountResource::Me, _)) =
        walk.open.iter().find(|effect| matches!(effect, Effect::Fetch(..))).cloned()
    else {
        panic!("{:?}", walk.open)
    };
    walk.keys("wait");
    let other = About { profiles: vec![card(1, 2020)], ..About::default() };
    let me = zegel::domain::CurrentUser { name: "Somebody Else".into(), ..other.me };
    walk.handle_message(Message::Reply(ticket, Box::new(EffectReply::Fetched(Ok(AccountAnswer::Me(me))))));
    walk.expect("works; user: Anna de Vries");
}
