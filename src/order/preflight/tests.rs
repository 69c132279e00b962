//! Tests of the preflight: similar orders, duplicates, the known set, and the age of a report.
//!
//! Rows and entries are made up here, and no clock is read.

use super::*;
use crate::domain::{IntentId, ListGap, RecordedOutcome, TransportErrorKind};
use rstest::rstest;

const PRODUCT: &str = "pkio_qualified_organisation_services";

fn intent(organization: Option<u64>) -> Intent {
    Intent {
        draft: None,
        host: "h".into(),
        account: String::new(),
        product: PRODUCT.into(),
        organization,
        digest: "d".into(),
        body: "{}".into(),
        user: None,
        known_set: KnownSet::default(),
        server_time: None,
        local_time: 0,
    }
}

fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, gap: None, date: "Sun, 22 Nov 2026 12:00:00 GMT".into() }
}

fn row(id: u64, date: &str) -> OrderRow {
    let date_created = date.into();
    OrderRow { id, product: PRODUCT.into(), organization_id: Some(9), date_created, ..OrderRow::default() }
}

fn request(id: u64, order_id: Option<u64>) -> RequestRow {
    let date = "2026-11-22T11:00:00+00:00".into();
    RequestRow { id, order_id, product: PRODUCT.into(), date, status: "pending".into(), ..RequestRow::default() }
}

fn ground(orders: Vec<OrderRow>, requests: Vec<RequestRow>, placed: Vec<JournaledOrder>) -> PreflightReport {
    let records = Ok(JournalRecords { blocking_intent: None, placed, ..JournalRecords::default() });
    let survey = PreflightData {
        current_user: Ok(CurrentUser::default()),
        orders: listing(orders),
        requests: listing(requests),
        records,
        extras: PreflightExtras::default(),
    };
    PreflightReport::from_data(survey, &intent(Some(9)), 0)
}

#[rstest]
#[case("2026-11-22T11:59:30+00:00", Some(0))]
#[case("2026-11-22T10:00:00+00:00", Some(120))]
#[case("2026-11-22T11:00:00+01:00", Some(120))]
#[case("2026-11-22T12:03:00+00:00", Some(-3))]
#[case("yesterday", None)]
fn the_age_of_an_order_uses_the_servers_clock(#[case] date: &str, #[case] minutes: Option<i64>) {
    assert_eq!(ground(vec![row(1, date)], vec![], vec![]).similar_orders[0].age_minutes, minutes);
}

#[test]
fn recent_orders_are_listed_once_and_newest_first() {
    let rows = vec![
        row(1, "2026-10-24T12:00:00+00:00"),
        row(2, "2026-10-22T12:00:00+00:00"),
        row(3, "2026-11-22T11:00:00+00:00"),
    ];
    let requests =
        vec![request(13, Some(3)), request(14, Some(4)), RequestRow { kind: "revoke".into(), ..request(15, Some(5)) }];
    let found = ground(rows, requests, vec![]);
    let told: Vec<_> = found.similar_orders.iter().map(|one| (one.order, one.request_status.as_str())).collect();
    assert_eq!(told, [(Some(3), "pending"), (Some(4), "pending"), (Some(1), "")]);
}

#[test]
fn an_identical_order_from_here_is_listed_at_any_age() {
    let found = ground(vec![row(2, "2024-10-22T12:00:00+00:00")], vec![], vec![past(2, |_| {})]);
    assert_eq!(
        (found.similar_orders.len(), found.similar_orders[0].same_digest, found.similar_orders[0].unlisted),
        (1, true, false)
    );
}

/// An order that was placed from this computer, with the same digest.
fn past(order: u64, change: impl Fn(&mut JournalEntry)) -> JournaledOrder {
    let (intent, server_time) = (intent(Some(9)), Some("Sun, 22 Nov 2026 11:30:00 GMT".to_owned()));
    let outcome = RecordedOutcome::Placed { order, requests: vec![] };
    let past = Intent { server_time, ..intent.clone() };
    let mut entry = JournalEntry { id: IntentId(1), intent: past, outcome: Some(outcome), ..JournalEntry::default() };
    change(&mut entry);
    JournaledOrder::from_entry(&entry, &intent).unwrap()
}

#[rstest]
#[case::the_same(|_: &mut JournalEntry| {}, Some((true, Some(30))))]
#[case::another(|entry: &mut JournalEntry| entry.intent.digest = "e".into(), Some((false, Some(30))))]
#[case::new(|entry: &mut JournalEntry| entry.intent.organization = None, Some((true, Some(30))))]
#[case::elsewhere(|entry: &mut JournalEntry| entry.intent.organization = Some(8), None)]
#[case::by_the_clock_here(|entry: &mut JournalEntry| entry.intent.server_time = None, Some((true, Some(29_922_480))))]
fn an_order_placed_from_here_is_listed_before_the_server_lists_it(
    #[case] change: fn(&mut JournalEntry),
    #[case] told: Option<(bool, Option<i64>)>,
) {
    let found = ground(vec![], vec![], vec![past(2, change)]);
    let alike = found.similar_orders.first();
    assert_eq!(alike.map(|one| (one.same_digest, one.age_minutes)), told);
    assert!(alike.is_none_or(|one| one.unlisted && one.order == Some(2)));
}

#[rstest]
#[case::host(|entry: &mut JournalEntry| entry.intent.host = "i".into())]
#[case::account(|entry: &mut JournalEntry| entry.intent.account = "6".into())]
#[case::product(|entry: &mut JournalEntry| entry.intent.product = "eu_eseal".into())]
#[case::not_placed(|entry: &mut JournalEntry| entry.outcome = None)]
fn an_order_from_elsewhere_or_not_placed_is_no_journaled_order(#[case] change: fn(&mut JournalEntry)) {
    let plan = Intent { account: "5".into(), ..intent(Some(9)) };
    let outcome = Some(RecordedOutcome::Placed { order: 2, requests: vec![] });
    let mut entry = JournalEntry { id: IntentId(1), intent: plan.clone(), outcome, ..JournalEntry::default() };
    assert!(JournaledOrder::from_entry(&entry, &plan).is_some());
    entry.intent.host = "h.".into();
    assert!(JournaledOrder::from_entry(&entry, &plan).is_some(), "the dot at the end makes no other host");
    entry.intent.host = "h".into();
    change(&mut entry);
    assert_eq!(JournaledOrder::from_entry(&entry, &plan), None);
}

#[rstest]
#[case("Sun, 22 Nov 2026 11:55:00 GMT", &[1, 7])]
#[case("Sun, 22 Nov 2026 11:30:00 GMT", &[1])]
fn a_recent_order_from_here_is_in_the_known_set_before_it_is_listed(#[case] sent: &str, #[case] known: &[u64]) {
    let past = JournaledOrder { order: 7, sent: parse_server_time(sent), same_digest: false, ..past(7, |_| {}) };
    let records = Ok(JournalRecords { blocking_intent: None, placed: vec![past], ..JournalRecords::default() });
    let orders = listing(vec![row(1, "2026-11-22T11:00:00+00:00")]);
    let survey = PreflightData {
        current_user: Ok(CurrentUser::default()),
        orders,
        requests: listing(vec![]),
        records,
        extras: PreflightExtras::default(),
    };
    assert_eq!(PreflightReport::from_data(survey, &intent(Some(9)), 0).known.orders.as_deref(), Some(known));
}

#[test]
fn an_order_for_another_organization_is_not_similar_but_known() {
    let found =
        ground(vec![OrderRow { organization_id: Some(8), ..row(1, "2026-11-22T11:00:00+00:00") }], vec![], vec![]);
    assert_eq!((found.similar_orders.len(), found.known.orders), (0, Some(vec![1])));
}

#[test]
fn an_incomplete_list_is_no_known_set() {
    let failure = ApiError::ResponseCut(TransportErrorKind::Slow.into());
    let orders = Listing { gap: Some(ListGap::Failed(failure.clone())), ..listing(vec![row(1, "")]) };
    let (me, requests, records) = (Err(failure.clone()), listing(vec![]), Ok(JournalRecords::default()));
    let found = PreflightReport::from_data(
        PreflightData { current_user: me, orders, requests, records, extras: PreflightExtras::default() },
        &intent(None),
        0,
    );
    assert!(!found.has_known_set() && found.can_proceed());
    let gap = Some((ListName::Orders, ListGap::Failed(failure)));
    assert_eq!((found.known.orders.clone(), found.gap.clone(), found.user), (None, gap, None));
    assert_eq!(found.complete_intent(&intent(None)).account, "");
}

/// The report for a listed order with the same digest, after a change to the preflight data.
fn held(change: impl Fn(&mut PreflightData)) -> PreflightReport {
    let orders = listing(vec![OrderRow { status: "issued".into(), ..row(2, "2026-03-01T12:00:00+00:00") }]);
    let records =
        Ok(JournalRecords { blocking_intent: None, placed: vec![past(2, |_| {})], ..JournalRecords::default() });
    let (me, requests, beside) = (Ok(CurrentUser::default()), listing(vec![]), PreflightExtras::default());
    let mut survey = PreflightData { current_user: me, orders, requests, records, extras: beside };
    change(&mut survey);
    PreflightReport::from_data(survey, &intent(Some(9)), 0)
}

/// A change of the listed order.
fn listed(change: impl Fn(&mut OrderRow)) -> impl Fn(&mut PreflightData) {
    move |survey| change(&mut survey.orders.rows[0])
}

fn detailed(status: &str, valid_till: &str) -> impl Fn(&mut PreflightData) {
    let (status, valid_till) = (status.to_owned(), valid_till.to_owned());
    move |survey| {
        let (status, valid_till) = (status.clone(), valid_till.clone());
        survey.extras.details = vec![OrderRow { id: 2, status, valid_till, ..OrderRow::default() }];
    }
}

fn requested(requests: &'static [(&'static str, &'static str)]) -> impl Fn(&mut PreflightData) {
    move |survey| {
        survey.orders.rows.clear();
        let made = requests.iter().map(|(kind, status)| ((*kind).to_owned(), (*status).to_owned()));
        let rows = made.zip(11..).map(|((kind, status), id)| RequestRow { status, kind, ..request(id, Some(2)) });
        survey.requests = listing(rows.collect());
    }
}

#[rstest]
#[case::no_end_is_told(held(|_| {}), true)]
#[case::pending(held(listed(|row| row.status = "pending".into())), true)]
#[case::a_word_that_is_not_known(held(listed(|row| row.status = "CANCELED?".into())), true)]
#[case::no_word(held(listed(|row| row.status = String::new())), true)]
#[case::rejected(held(listed(|row| row.status = "rejected".into())), false)]
#[case::canceled(held(listed(|row| row.status = "canceled".into())), false)]
#[case::revoked(held(listed(|row| row.status = "revoked".into())), false)]
#[case::expired(held(listed(|row| row.status = "expired".into())), false)]
#[case::by_its_details(held(detailed("revoked", "")), false)]
#[case::no_word_in_its_details(held(detailed("", "")), true)]
#[case::ends_in_91_days(held(listed(|row| row.valid_till = "2027-02-21".into())), true)]
#[case::ends_in_90_days(held(listed(|row| row.valid_till = "2027-02-20".into())), false)]
#[case::with_a_time(held(listed(|row| row.valid_till = "2027-02-20T23:59:59+00:00".into())), false)]
#[case::has_ended(held(listed(|row| row.valid_till = "2026-01-01".into())), false)]
#[case::an_end_that_cannot_be_read(held(listed(|row| row.valid_till = "20 Feb 2027".into())), true)]
#[case::end_of_the_details(held(detailed("", "2027-02-20")), false)]
#[case::days_that_remain(held(listed(|row| row.days_remaining = Some(90))), false)]
#[case::more_days(held(listed(|row| row.days_remaining = Some(91))), true)]
#[case::days_before_it_is_issued(held(listed(|row| { row.status = "needs_approval".into(); row.days_remaining = Some(0); })), true)]
#[case::the_later_end_counts(held(|survey: &mut PreflightData| { detailed("", "2027-11-01")(survey); survey.orders.rows[0].days_remaining = Some(3); }), true)]
#[case::not_listed(held(|survey: &mut PreflightData| survey.orders.rows.clear()), true)]
#[case::not_listed_and_told_by_its_details(held(|survey: &mut PreflightData| { survey.orders.rows.clear(); detailed("canceled", "")(survey); }), false)]
#[case::request_rejected(held(requested(&[("new_request", "rejected")])), false)]
#[case::request_pending(held(requested(&[("new_request", "pending")])), true)]
#[case::asked_again(held(requested(&[("new_request", "rejected"), ("new_request", "submitted")])), true)]
#[case::a_revoke_that_was_rejected(held(requested(&[("revoke", "rejected")])), true)]
#[case::a_request_of_no_type(held(requested(&[("", "rejected")])), true)]
fn an_identical_order_is_a_duplicate_unless_it_has_ended_or_ends_soon(
    #[case] found: PreflightReport,
    #[case] duplicate: bool,
) {
    let [alike] = &found.similar_orders[..] else { panic!("{:?}", found.similar_orders) };
    assert_eq!((alike.order, alike.same_digest, alike.duplicate), (Some(2), true, duplicate));
    assert_eq!((found.newest_duplicate(), alike.is_ended_duplicate()), (duplicate.then_some(2), !duplicate));
}

#[test]
fn an_order_ends_soon_only_if_both_clocks_agree() {
    let wrong = |survey: &mut PreflightData| {
        let here = "2027-10-01T12:00:00Z".parse().unwrap();
        survey.extras.local_times = Some(LocalTimes { asked: here, answered: here });
        survey.orders.rows[0].valid_till = "2027-11-01".into();
    };
    assert_eq!(held(wrong).newest_duplicate(), Some(2));
}

#[test]
fn the_newest_duplicate_needs_its_number_and_ended_orders_come_first() {
    let rows = vec![
        row(5, "2026-11-22T11:00:00+00:00"),
        OrderRow { status: "revoked".into(), ..row(4, "2026-11-21T11:00:00+00:00") },
        row(3, "2026-11-20T11:00:00+00:00"),
        row(2, "2026-03-01T12:00:00+00:00"),
    ];
    let found = ground(rows, vec![], [2, 3, 4].map(|id| past(id, |_| {})).into());
    let told: Vec<_> = found.similar_orders.iter().map(|one| one.order.unwrap()).collect();
    assert_eq!((told, found.newest_duplicate()), (vec![3, 2, 4, 5], Some(3)));
}

const NEW_BODY: &str =
    r#"{"organization":{"name":"Gemeente Zilverdam","city":"Zilverdam","zip":"1234 AB","country":"nl"}}"#;

/// The report before an order for a new organization.
fn for_new(
    orders: Vec<OrderRow>,
    requests: Vec<RequestRow>,
    placed: Vec<JournaledOrder>,
    known: Vec<Organization>,
) -> PreflightReport {
    let records = Ok(JournalRecords { blocking_intent: None, placed, ..JournalRecords::default() });
    let beside = PreflightExtras { organizations: known, ..PreflightExtras::default() };
    let survey = PreflightData {
        current_user: Ok(CurrentUser::default()),
        orders: listing(orders),
        requests: listing(requests),
        records,
        extras: beside,
    };
    PreflightReport::from_data(survey, &Intent { body: NEW_BODY.into(), ..intent(None) }, 0)
}

fn named(name: &str) -> OrderRow {
    OrderRow { organization_name: name.into(), ..row(1, "2026-11-22T11:00:00+00:00") }
}

fn organization(name: &str, zip: &str, city: &str) -> Vec<Organization> {
    let [name, zip, city] = [name, zip, city].map(str::to_owned);
    vec![Organization { id: 9, name, zip, city, ..Organization::default() }]
}

#[rstest]
#[case::the_same_name("GEMEENTE ZILVERDAM", vec![], true)]
#[case::a_slip("Gemeente Zilvrdam", vec![], true)]
#[case::another("Waterschap Rijnoever", vec![], false)]
#[case::another_at_the_same_place(
    "Waterschap Rijnoever",
    organization("Waterschap Rijnoever", "1234AB", "Zilverdam"),
    false
)]
#[case::part_of_the_name("Zilverdam", vec![], false)]
#[case::part_of_the_name_at_the_place("Zilverdam", organization("Zilverdam", "9999 ZZ", "zilverdam"), true)]
#[case::part_of_the_name_at_the_code("Zilverdam", organization("Zilverdam", "1234ab", "Elders"), true)]
#[case::part_of_the_name_elsewhere("Zilverdam", organization("Zilverdam", "9999 ZZ", "Elders"), false)]
#[case::only_the_list_has_the_name("", organization("Gemeente Zilverdam", "", ""), true)]
#[case::only_the_list_has_another_name("", organization("Waterschap Rijnoever", "", ""), false)]
#[case::no_name_at_all("", vec![], true)]
#[case::a_trade_name("Holding B.V.", vec![Organization { id: 9, name: "Holding B.V.".into(), assumed_name: "Gemeente Zilverdam".into(), ..Organization::default() }], true)]
fn only_orders_that_may_be_for_the_new_organization_are_similar(
    #[case] name: &str,
    #[case] known: Vec<Organization>,
    #[case] likely: bool,
) {
    let found = for_new(vec![named(name)], vec![], vec![], known.clone());
    assert_eq!((found.similar_orders.len(), found.other_organizations), (usize::from(likely), usize::from(!likely)));
    assert_eq!(found.known.orders, Some(vec![1]), "all of it was there");
    let asked = RequestRow { organization_id: Some(9), organization_name: name.into(), ..request(11, Some(1)) };
    let found = for_new(vec![], vec![asked], vec![], known);
    assert_eq!((found.similar_orders.len(), found.other_organizations), (usize::from(likely), usize::from(!likely)));
}

#[rstest]
#[case::the_same(r#"{"organization":{"name":"Gemeente Zilverdam"}}"#, None, 1)]
#[case::another(r#"{"organization":{"name":"Waterschap Rijnoever"}}"#, None, 0)]
#[case::by_its_id(r#"{"organization":{"id":9}}"#, Some(9), 1)]
fn an_order_placed_from_here_for_a_new_organization_is_compared(
    #[case] body: &str,
    #[case] organization: Option<u64>,
    #[case] alike: usize,
) {
    let placed = past(2, |entry| {
        (entry.intent.body, entry.intent.organization) = (body.to_owned(), organization);
        entry.intent.digest = "e".into();
    });
    let found = for_new(vec![], vec![], vec![placed], vec![]);
    assert_eq!((found.similar_orders.len(), found.other_organizations), (alike, 1 - alike));
}

#[test]
fn an_order_for_a_new_organization_listed_under_another_is_not_similar() {
    let placed = || {
        past(2, |entry| {
            entry.intent.organization = None;
            entry.intent.digest = "e".into();
        })
    };
    let other = RequestRow { organization_id: Some(8), ..request(11, Some(2)) };
    assert_eq!(ground(vec![], vec![other], vec![placed()]).similar_orders, []);
    assert_eq!(ground(vec![], vec![], vec![placed()]).similar_orders.len(), 1);
}

#[rstest]
#[case::both("2026-11-22T12:00:00Z", "2026-11-01T00:00:00+00:00", true, false)]
#[case::neither("2026-11-22T12:00:00Z", "2026-10-01T00:00:00+00:00", false, false)]
#[case::by_the_server_alone("2027-11-22T12:00:00Z", "2026-11-01T00:00:00+00:00", true, true)]
#[case::by_this_computer_alone("2026-10-10T12:00:00Z", "2026-10-01T00:00:00+00:00", true, true)]
#[case::by_no_clock("2027-11-22T12:00:00Z", "2026-10-01T00:00:00+00:00", false, true)]
fn an_order_is_recent_if_either_clock_says_so(
    #[case] here: &str,
    #[case] placed: &str,
    #[case] recent: bool,
    #[case] differ: bool,
) {
    let here = here.parse().unwrap();
    let beside =
        PreflightExtras { local_times: Some(LocalTimes { asked: here, answered: here }), ..PreflightExtras::default() };
    let (orders, records) = (listing(vec![row(1, placed)]), Ok(JournalRecords::default()));
    let survey = PreflightData {
        current_user: Ok(CurrentUser::default()),
        orders,
        requests: listing(vec![]),
        records,
        extras: beside,
    };
    let found = PreflightReport::from_data(survey, &intent(Some(9)), 0);
    assert_eq!((found.similar_orders.len(), found.clock_skew.is_some()), (usize::from(recent), differ));
}

const MINUTE: u64 = 60_000;

#[rstest]
#[case::short(0, 0, 2 * MINUTE, false)]
#[case::just_too_old(0, 0, 2 * MINUTE + 1, true)]
#[case::since_its_first_question(0, MINUTE, 2 * MINUTE + 1, true)]
#[case::long_lists(0, 4 * MINUTE, 5 * MINUTE, false)]
#[case::long_lists_read_too_late(0, 4 * MINUTE, 5 * MINUTE + 1, true)]
#[case::suspended_while_it_looked(0, 480 * MINUTE, 480 * MINUTE, true)]
fn a_preflight_report_is_as_old_as_its_oldest_part(
    #[case] begun: u64,
    #[case] at: u64,
    #[case] now: u64,
    #[case] aged: bool,
) {
    let beside = PreflightExtras { started_at: Some(begun), ..PreflightExtras::default() };
    let (orders, records) = (listing(vec![]), Ok(JournalRecords::default()));
    let survey = PreflightData {
        current_user: Ok(CurrentUser::default()),
        orders,
        requests: listing(vec![]),
        records,
        extras: beside,
    };
    assert_eq!(PreflightReport::from_data(survey, &intent(Some(9)), at).is_expired(now), aged);
}
