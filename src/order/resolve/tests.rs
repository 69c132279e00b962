//! Tests of the resolver: the verdicts, and what a person may decide by them.
//!
//! The tests provide every lookup. The order machine decides when one is due.

use super::*;
use crate::domain::{ListGap, TransportErrorKind};
use rstest::rstest;

const PRODUCT: &str = "pkio_qualified_organisation_services";

fn before() -> OrderBaseline {
    OrderBaseline {
        orders: Some(BTreeSet::from([1, 2])),
        requests: Some(BTreeSet::from([11, 12])),
        user: Some(8),
        account: "5".into(),
    }
}

#[rstest]
#[case::the_same(Some(5), 1, None)]
#[case::not_told(None, 1, None)]
#[case::another(Some(6), 0, Some(InconclusiveCause::OtherUser))]
fn lists_of_another_account_prove_nothing(
    #[case] account: Option<u64>,
    #[case] found: usize,
    #[case] why: Option<InconclusiveCause>,
) {
    let me = CurrentUser { user_id: 8, account_id: account, ..CurrentUser::default() };
    let resolve = resolve(
        LOOKUP_SCHEDULE_MS.map(|_| LookupData { current_user: Ok(me.clone()), ..look(vec![order(3)], vec![]) }),
    );
    assert_eq!((resolve.candidates().len(), resolve.inconclusive), (found, why));
    assert!(!resolve.can_deny());
}

fn sought() -> SoughtOrder {
    let sent = "2026-11-22T10:00:00+00:00".parse().ok();
    let validity = Validity { years: Some(1), ..Validity::default() };
    SoughtOrder { product: PRODUCT.into(), organization: Some(900), validity, sent }
}

fn order(id: u64) -> OrderRow {
    OrderRow { id, product: PRODUCT.into(), organization_id: Some(900), ..OrderRow::default() }
}

fn request(id: u64, order_id: Option<u64>) -> RequestRow {
    RequestRow { id, order_id, product: PRODUCT.into(), organization_id: Some(900), ..RequestRow::default() }
}

fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, gap: None, date: String::new() }
}

fn look(orders: Vec<OrderRow>, requests: Vec<RequestRow>) -> LookupData {
    let me = CurrentUser { user_id: 8, ..CurrentUser::default() };
    LookupData { orders: listing(orders), requests: listing(requests), current_user: Ok(me), write_error: None }
}

/// A lookup without anything new.
fn nothing() -> LookupData {
    look(vec![order(1), order(2)], vec![request(11, Some(1)), request(12, None)])
}

fn resolve(looks: impl IntoIterator<Item = LookupData>) -> Resolver {
    let mut resolve = Resolver::new(before(), sought());
    for (number, look) in looks.into_iter().enumerate() {
        resolve.add_lookup(number, look);
    }
    resolve
}

#[test]
fn only_complete_looks_over_ten_minutes_prove_that_the_order_is_absent() {
    let mut resolve = resolve([]);
    for (number, due) in LOOKUP_SCHEDULE_MS.into_iter().enumerate() {
        assert_eq!((resolve.next_lookup(), resolve.verdict()), (Some((number, due)), Verdict::Looking(due)));
        assert!(!resolve.can_deny());
        resolve.add_lookup(number, nothing());
    }
    assert_eq!((resolve.next_lookup(), resolve.verdict()), (None, Verdict::NotThere));
    assert!(resolve.can_deny());
}

#[rstest]
#[case::forbidden(|look: &mut LookupData| look.orders.gap = Some(ListGap::Failed(ApiError::Refused { status: 403, errors: vec![], excerpt: String::new() })), InconclusiveCause::IncompleteList)]
#[case::cut(|look: &mut LookupData| look.requests.gap = Some(ListGap::Repeated), InconclusiveCause::IncompleteList)]
#[case::another_user(|look: &mut LookupData| look.current_user = Ok(CurrentUser { user_id: 9, ..CurrentUser::default() }), InconclusiveCause::OtherUser)]
#[case::no_user(|look: &mut LookupData| look.current_user = Err(ApiError::ResponseCut(TransportErrorKind::Slow.into())), InconclusiveCause::OtherUser)]
fn one_incomplete_look_prevents_a_verdict(#[case] spoil: fn(&mut LookupData), #[case] why: InconclusiveCause) {
    for spoiled in 0..LOOKUP_SCHEDULE_MS.len() {
        let mut looks: Vec<LookupData> = LOOKUP_SCHEDULE_MS.iter().map(|_| nothing()).collect();
        spoil(&mut looks[spoiled]);
        let resolve = resolve(looks);
        assert_eq!(resolve.verdict(), Verdict::CannotTell(why));
        assert!(!resolve.can_deny());
    }
}

#[rstest]
#[case(OrderBaseline { orders: None, ..before() })]
#[case(OrderBaseline { requests: None, ..before() })]
#[case(OrderBaseline::default())]
fn without_a_known_set_there_is_no_verdict_and_no_proposal(#[case] before: OrderBaseline) {
    let mut resolve = Resolver::new(before, sought());
    resolve.add_lookup(0, look(vec![order(3)], vec![]));
    assert!(matches!(resolve.verdict(), Verdict::Found { proposed: None, .. }), "{:?}", resolve.verdict());
    let mut resolve = Resolver::new(OrderBaseline::default(), sought());
    (0..LOOKUP_SCHEDULE_MS.len()).for_each(|number| resolve.add_lookup(number, look(vec![], vec![])));
    assert_eq!(resolve.verdict(), Verdict::CannotTell(InconclusiveCause::NoKnownSet));
}

#[test]
fn a_new_order_with_its_request_is_proposed_and_never_assumed() {
    let resolve = resolve([look(vec![order(1), order(2), order(3)], vec![request(13, Some(3))])]);
    let Verdict::Found { candidates, proposed, .. } = resolve.verdict() else { panic!("{:?}", resolve.verdict()) };
    assert_eq!((candidates.len(), candidates[0].requests.len(), proposed), (1, 1, Some(3)));
    assert!(resolve.can_adopt(3) && !resolve.can_adopt(1) && !resolve.can_deny());
}

#[test]
fn a_request_alone_is_a_candidate() {
    let resolve = resolve([look(vec![], vec![request(13, None), request(14, Some(4))])]);
    let Verdict::Found { candidates, proposed, .. } = resolve.verdict() else { panic!("{:?}", resolve.verdict()) };
    assert_eq!(candidates.iter().map(|one| one.order).collect::<Vec<_>>(), [None, Some(4)]);
    assert_eq!(proposed, Some(4));
}

#[rstest]
#[case::product(|row: &mut OrderRow| row.product = "eu_eseal".into())]
#[case::organization(|row: &mut OrderRow| row.organization_id = Some(901))]
fn another_product_or_organization_is_no_candidate(#[case] change: fn(&mut OrderRow)) {
    let mut row = order(3);
    change(&mut row);
    assert_eq!(resolve([look(vec![row], vec![])]).verdict(), Verdict::Looking(LOOKUP_SCHEDULE_MS[1]));
}

#[rstest]
#[case::user(|row: &mut OrderRow| row.user_id = Some(9))]
#[case::validity(|row: &mut OrderRow| row.validity.years = Some(2))]
#[case::time(|row: &mut OrderRow| row.date_created = "2026-11-22T09:57:59+00:00".into())]
#[case::rejected(|row: &mut OrderRow| (row.user_id, row.status) = (Some(9), "rejected".into()))]
#[case::organization_not_told(|row: &mut OrderRow| (row.user_id, row.organization_id) = (Some(9), None))]
fn no_denial_while_a_candidate_is_shown(#[case] change: fn(&mut OrderRow)) {
    let mut row = order(3);
    change(&mut row);
    let looks = LOOKUP_SCHEDULE_MS.map(|_| look(vec![row.clone()], vec![]));
    let resolve = resolve(looks);
    assert!(matches!(resolve.verdict(), Verdict::Found { proposed: None, .. }), "{:?}", resolve.verdict());
    assert!(!resolve.can_deny());
}

#[test]
fn with_another_key_nothing_is_proposed() {
    let mut looked = look(vec![order(3)], vec![]);
    looked.current_user = Ok(CurrentUser { user_id: 9, ..CurrentUser::default() });
    let expected = Some(InconclusiveCause::OtherUser);
    assert!(
        matches!(resolve([looked]).verdict(), Verdict::Found { proposed: None, inconclusive, .. } if inconclusive == expected)
    );
}

#[test]
fn an_earlier_finding_survives_a_new_series_of_looks() {
    let mut again = resolve([look(vec![order(3)], vec![])]).restarted();
    (0..LOOKUP_SCHEDULE_MS.len()).for_each(|number| again.add_lookup(number, nothing()));
    assert!(again.can_adopt(3) && !again.can_deny());
}

#[test]
fn a_rejected_request_without_an_order_is_a_candidate() {
    let row = RequestRow { status: "rejected".into(), ..request(13, None) };
    assert!(!resolve(LOOKUP_SCHEDULE_MS.map(|_| look(vec![], vec![row.clone()]))).can_deny());
}

#[test]
fn a_candidate_of_another_organization_is_dropped() {
    let unknown = OrderRow { organization_id: None, ..order(3) };
    let other = OrderRow { organization_id: Some(901), ..order(3) };
    let looks = (0..LOOKUP_SCHEDULE_MS.len())
        .map(|number| look(vec![if number == 0 { unknown.clone() } else { other.clone() }], vec![]));
    let resolve = resolve(looks);
    assert_eq!((resolve.verdict(), resolve.can_deny()), (Verdict::NotThere, true));
}

#[test]
fn two_matching_orders_yield_no_proposal() {
    let resolve = resolve([look(vec![order(3), order(4)], vec![])]);
    assert!(matches!(resolve.verdict(), Verdict::Found { proposed: None, .. }));
}

#[test]
fn a_revocation_or_the_request_of_a_known_order_is_no_candidate() {
    let revoke = RequestRow { kind: "revoke".into(), ..request(13, Some(5)) };
    let resolve = resolve([look(vec![], vec![revoke, request(14, Some(1))])]);
    assert_eq!(resolve.verdict(), Verdict::Looking(LOOKUP_SCHEDULE_MS[1]));
}

#[test]
fn for_a_new_organization_every_organization_counts() {
    let row = OrderRow { organization_id: Some(77), ..order(3) };
    let mut resolve = Resolver::new(before(), SoughtOrder { organization: None, ..sought() });
    resolve.add_lookup(0, look(vec![row], vec![]));
    assert!(matches!(resolve.verdict(), Verdict::Found { proposed: Some(3), .. }));
}

#[test]
fn a_candidate_that_disappears_is_kept_and_makes_the_lists_unreliable() {
    let mut looks = vec![look(vec![order(3)], vec![])];
    looks.extend((1..LOOKUP_SCHEDULE_MS.len()).map(|_| nothing()));
    let resolve = resolve(looks);
    assert!(resolve.can_adopt(3) && !resolve.can_deny());
}

/// Findings are the same after a round trip through the journal.
#[rstest]
#[case::nothing(nothing())]
#[case::an_order(look(vec![order(3)], vec![request(13, Some(3))]))]
#[case::a_request(look(vec![], vec![request(13, None)]))]
#[case::cut(LookupData { orders: Listing { gap: Some(ListGap::Repeated), ..listing(vec![order(4)]) }, ..nothing() })]
#[case::no_user(LookupData { current_user: Err(ApiError::ResponseCut(TransportErrorKind::Slow.into())), ..look(vec![order(3)], vec![]) })]
#[case::of_another_account(LookupData { current_user: Ok(CurrentUser { user_id: 8, account_id: Some(6), ..CurrentUser::default() }), ..look(vec![order(3)], vec![]) })]
#[case::of_another_organization(look(vec![OrderRow { organization_id: Some(901), ..order(3) }], vec![]))]
fn a_stored_look_has_the_same_meaning(#[case] one: LookupData) {
    let first = look(vec![OrderRow { organization_id: None, ..order(3) }], vec![]);
    let (mut looked, mut restored) = (resolve([]), resolve([]));
    for (number, one) in [first, one].into_iter().enumerate() {
        restored.add_stored_lookup(&restored.to_stored_lookup(one.clone(), 0, number, 5));
        looked.add_lookup(number, one);
    }
    assert_eq!(restored, looked);
}

#[test]
fn an_unrequested_look_is_ignored() {
    let mut resolve = resolve([nothing()]);
    resolve.add_lookup(0, look(vec![order(3)], vec![]));
    resolve.add_lookup(5, look(vec![order(3)], vec![]));
    assert_eq!(resolve.verdict(), Verdict::Looking(LOOKUP_SCHEDULE_MS[1]));
}
