//! What there is before an order: the orders and requests that are known, recent ones that look alike, and what the
//! journal says. Without it nothing is sent.
//!
//! It judges by what was listed and knows no clock: the server's own time says what is recent.

use super::near::{about_new, could_be, sent, server_time};
use crate::facts::{Entry, Failure, Intent, KnownSet, Listing, Me, OrderRow, RequestRow, Row, Unkept};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How far back an order is a look-alike.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// So late an order may be listed that was placed from here.
pub(super) const LATE: SignedDuration = SignedDuration::from_mins(10);

/// After so many milliseconds a survey is too old to order by.
const AGES: u64 = 2 * 60 * 1000;

/// What is about to be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The intent as far as it is known by now: the rest comes from the survey and from who writes it down.
    pub intent: Intent,
    /// Which survey is for it.
    pub number: u64,
}

/// What was found before an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Who the key belongs to.
    pub me: Result<Me, Failure>,
    /// The orders of the product, of the organization where it has an id.
    pub orders: Listing<OrderRow>,
    /// The requests.
    pub requests: Listing<RequestRow>,
    /// What the journal says.
    pub records: Result<Records, Unkept>,
}

/// What the journal says before an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The open intent that stands in its way.
    pub blocked: Option<Entry>,
    /// What was ordered from here of this product, on this account.
    pub placed: Vec<Past>,
}

/// An order that the journal knows as placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its id.
    pub order: u64,
    /// The organization; none for one that was new.
    pub organization: Option<u64>,
    /// About when it was sent.
    pub sent: Option<Timestamp>,
    /// Whether it had the same digest.
    pub same: bool,
}

impl Past {
    /// What an entry of the journal means for an order; nothing where it was not placed, or elsewhere.
    pub(super) fn of(entry: &Entry, intent: &Intent) -> Option<Self> {
        let past = &entry.intent;
        let account = past.account == intent.account || past.account.is_empty() || intent.account.is_empty();
        let here = past.host == intent.host && past.product == intent.product && account;
        let order = entry.order().filter(|_| here)?;
        Some(Self { order, organization: past.organization, sent: sent(past), same: past.digest == intent.digest })
    }
}

/// An order that looks alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alike {
    /// Its id; none where only a request is listed that names no order.
    pub order: Option<u64>,
    /// Its status word.
    pub status: String,
    /// The id of its request; none where none is listed.
    pub request_id: Option<u64>,
    /// The status word of its request; blank where none is listed.
    pub request: String,
    /// For whom, in the server's words.
    pub organization: String,
    /// Who asked for it; blank where that is not told.
    pub user: String,
    /// How old it is in minutes, by the server's clock; none where either time is not told.
    pub minutes: Option<i64>,
    /// Whether this journal knows it as placed with the same digest.
    pub same: bool,
    /// Whether this journal alone knows it: the account lists it late, or not for this key.
    pub unlisted: bool,
}

/// What a survey means for the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// What was there.
    pub known: KnownSet,
    /// The user, where that was told.
    pub user: Option<u64>,
    /// The account's id in words; blank where that was not told.
    pub account: String,
    /// The server's time in its own words; blank where it gave none.
    pub date: String,
    /// What looks alike, the newest first.
    pub alike: Vec<Alike>,
    /// Why there is no known set, where a list failed.
    pub failure: Option<Failure>,
    /// What the journal says.
    pub records: Result<Records, Unkept>,
    /// When that was, in milliseconds.
    pub at: u64,
}

impl Ground {
    /// Takes in what was found, at this time.
    pub(super) fn of(survey: Survey, intent: &Intent, now: u64) -> Self {
        let date = [&survey.orders.date, &survey.requests.date].into_iter().find(|date| !date.is_empty());
        let date = date.cloned().unwrap_or_default();
        let placed = survey.records.as_ref().map(|records| records.placed.clone()).unwrap_or_default();
        let alike = alike(&survey, intent, server_time(&date), &placed);
        let me = survey.me.ok();
        let failed = [failure(&survey.orders), failure(&survey.requests)];
        let mut known = KnownSet { orders: known(&survey.orders), requests: known(&survey.requests) };
        known.orders.iter_mut().for_each(|ids| ids.extend(late(&alike)));
        Self {
            known,
            user: me.as_ref().map(|me| me.user_id),
            account: me.and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default(),
            date,
            alike,
            failure: failed.into_iter().flatten().next(),
            records: survey.records,
            at: now,
        }
    }

    /// Whether it may have changed since.
    pub fn is_aged(&self, now: u64) -> bool {
        now.saturating_sub(self.at) > AGES
    }

    /// Whether nothing stands in the way of the order.
    pub fn goes(&self) -> bool {
        self.records.as_ref().is_ok_and(|records| records.blocked.is_none())
    }

    /// Whether it is known what was there: only then can an order whose answer is lost be found again for certain.
    pub fn protects(&self) -> bool {
        self.known.is_whole()
    }

    /// The orders of the journal that were told of.
    pub(super) fn journaled(&self) -> Vec<u64> {
        self.records.iter().flat_map(|records| &records.placed).map(|past| past.order).collect()
    }

    /// The plan's intent with what was found.
    pub(super) fn complete(&self, intent: &Intent) -> Intent {
        Intent {
            account: self.account.clone(),
            user: self.user,
            known: self.known.clone(),
            server_time: Some(self.date.clone()).filter(|date| !date.is_empty()),
            ..intent.clone()
        }
    }
}

/// The orders that were placed from here just now and are not listed yet: they were there all the same.
fn late(alike: &[Alike]) -> impl Iterator<Item = u64> + '_ {
    let late = |one: &&Alike| one.unlisted && one.minutes.is_some_and(|minutes| minutes <= LATE.as_mins());
    alike.iter().filter(late).filter_map(|one| one.order)
}

fn known<T: Row>(listing: &Listing<T>) -> Option<Vec<u64>> {
    let ids: BTreeSet<u64> = listing.ids().into_iter().collect();
    listing.complete().then(|| ids.into_iter().collect())
}

fn failure<T>(listing: &Listing<T>) -> Option<Failure> {
    match &listing.gap {
        Some(crate::facts::Gap::Failed(failure)) => Some(failure.clone()),
        _ => None,
    }
}

/// What is of the product and the organization, or may be, and not older than counts as recent.
fn alike(survey: &Survey, intent: &Intent, now: Option<Timestamp>, placed: &[Past]) -> Vec<Alike> {
    let same = |id: u64| placed.iter().any(|past| past.same && past.order == id);
    let mut found: Vec<Alike> = Vec::new();
    for row in survey.orders.rows.iter().filter(|row| near(intent, &row.product, row.organization_id)) {
        let request = survey.requests.rows.iter().find(|request| request.order_id == Some(row.id));
        found.push(Alike {
            order: Some(row.id),
            status: row.status.clone(),
            request_id: request.map(|request| request.id),
            request: request.map(|request| request.status.clone()).unwrap_or_default(),
            organization: row.organization_name.clone(),
            user: request.map_or_else(|| row.user_name.clone(), |request| request.requester_name.clone()),
            minutes: minutes(now, row.date_created.parse().ok()),
            same: same(row.id),
            unlisted: false,
        });
    }
    for row in survey.requests.rows.iter().filter(|row| about_new(row)) {
        let there = row.order_id.is_some_and(|id| found.iter().any(|alike| alike.order == Some(id)));
        if !there && near(intent, &row.product, row.organization_id) {
            found.push(Alike {
                order: row.order_id,
                status: String::new(),
                request_id: Some(row.id),
                request: row.status.clone(),
                organization: row.organization_name.clone(),
                user: row.requester_name.clone(),
                minutes: minutes(now, row.date.parse().ok()),
                same: row.order_id.is_some_and(same),
                unlisted: false,
            });
        }
    }
    // An order may be listed late; what was placed from here is known at once.
    for past in placed {
        let there = found.iter().any(|alike| alike.order == Some(past.order));
        if !there && near(intent, "", past.organization) {
            let minutes = minutes(now, past.sent);
            let (order, same) = (Some(past.order), past.same);
            found.push(Alike { order, minutes, same, unlisted: true, ..Alike::default() });
        }
    }
    found.retain(|alike| alike.same || alike.minutes.is_none_or(|minutes| minutes <= RECENT.as_mins()));
    found.sort_by_key(|alike| alike.minutes.unwrap_or(0));
    found
}

fn near(intent: &Intent, product: &str, organization: Option<u64>) -> bool {
    could_be(&intent.product, intent.organization, product, organization)
}

fn minutes(now: Option<Timestamp>, then: Option<Timestamp>) -> Option<i64> {
    Some(now?.duration_since(then?).as_mins())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Cause, Ended, Gap, IntentId};
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
            known: KnownSet::default(),
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

    fn ground(orders: Vec<OrderRow>, requests: Vec<RequestRow>, placed: Vec<Past>) -> Ground {
        let records = Ok(Records { blocked: None, placed });
        let survey = Survey { me: Ok(Me::default()), orders: listing(orders), requests: listing(requests), records };
        Ground::of(survey, &intent(Some(9)), 0)
    }

    #[rstest]
    #[case("2026-11-22T11:59:30+00:00", Some(0))]
    #[case("2026-11-22T10:00:00+00:00", Some(120))]
    #[case("2026-11-22T11:00:00+01:00", Some(120))]
    #[case("2026-11-22T12:03:00+00:00", Some(-3))]
    #[case("yesterday", None)]
    fn age_is_by_the_servers_clock(#[case] date: &str, #[case] minutes: Option<i64>) {
        assert_eq!(ground(vec![row(1, date)], vec![], vec![]).alike[0].minutes, minutes);
    }

    #[test]
    fn recent_ones_are_told_the_newest_first_each_once() {
        let rows = vec![
            row(1, "2026-10-24T12:00:00+00:00"),
            row(2, "2026-10-22T12:00:00+00:00"),
            row(3, "2026-11-22T11:00:00+00:00"),
        ];
        let requests = vec![
            request(13, Some(3)),
            request(14, Some(4)),
            RequestRow { kind: "revoke".into(), ..request(15, Some(5)) },
        ];
        let found = ground(rows, requests, vec![]);
        let told: Vec<_> = found.alike.iter().map(|one| (one.order, one.request.as_str())).collect();
        assert_eq!(told, [(Some(3), "pending"), (Some(4), "pending"), (Some(1), "")]);
    }

    #[test]
    fn the_same_order_placed_from_here_is_told_however_old() {
        let found = ground(vec![row(2, "2024-10-22T12:00:00+00:00")], vec![], vec![past(2, |_| {})]);
        assert_eq!((found.alike.len(), found.alike[0].same, found.alike[0].unlisted), (1, true, false));
    }

    /// An order that was placed from here, one of the same.
    fn past(order: u64, change: impl Fn(&mut Entry)) -> Past {
        let (intent, server_time) = (intent(Some(9)), Some("Sun, 22 Nov 2026 11:30:00 GMT".to_owned()));
        let outcome = Ended::Placed { order, requests: vec![] };
        let past = Intent { server_time, ..intent.clone() };
        let mut entry = Entry { id: IntentId(1), intent: past, outcome: Some(outcome), decision: None };
        change(&mut entry);
        Past::of(&entry, &intent).unwrap()
    }

    #[rstest]
    #[case::the_same(|_: &mut Entry| {}, Some((true, Some(30))))]
    #[case::another(|entry: &mut Entry| entry.intent.digest = "e".into(), Some((false, Some(30))))]
    #[case::new(|entry: &mut Entry| entry.intent.organization = None, Some((true, Some(30))))]
    #[case::elsewhere(|entry: &mut Entry| entry.intent.organization = Some(8), None)]
    #[case::by_the_clock_here(|entry: &mut Entry| entry.intent.server_time = None, Some((true, Some(29_922_480))))]
    fn what_was_placed_from_here_is_told_though_it_is_not_listed_yet(
        #[case] change: fn(&mut Entry),
        #[case] told: Option<(bool, Option<i64>)>,
    ) {
        let found = ground(vec![], vec![], vec![past(2, change)]);
        let alike = found.alike.first();
        assert_eq!(alike.map(|one| (one.same, one.minutes)), told);
        assert!(alike.is_none_or(|one| one.unlisted && one.order == Some(2)));
    }

    #[rstest]
    #[case::host(|entry: &mut Entry| entry.intent.host = "i".into())]
    #[case::account(|entry: &mut Entry| entry.intent.account = "6".into())]
    #[case::product(|entry: &mut Entry| entry.intent.product = "eu_eseal".into())]
    #[case::not_placed(|entry: &mut Entry| entry.outcome = None)]
    fn what_was_placed_elsewhere_or_not_at_all_is_none_of_it(#[case] change: fn(&mut Entry)) {
        let plan = Intent { account: "5".into(), ..intent(Some(9)) };
        let outcome = Some(Ended::Placed { order: 2, requests: vec![] });
        let mut entry = Entry { id: IntentId(1), intent: plan.clone(), outcome, decision: None };
        assert!(Past::of(&entry, &plan).is_some());
        change(&mut entry);
        assert_eq!(Past::of(&entry, &plan), None);
    }

    #[rstest]
    #[case("Sun, 22 Nov 2026 11:55:00 GMT", &[1, 7])]
    #[case("Sun, 22 Nov 2026 11:30:00 GMT", &[1])]
    fn what_was_placed_from_here_just_now_was_there_though_not_listed(#[case] sent: &str, #[case] known: &[u64]) {
        let past = Past { order: 7, organization: Some(9), sent: server_time(sent), same: false };
        let records = Ok(Records { blocked: None, placed: vec![past] });
        let orders = listing(vec![row(1, "2026-11-22T11:00:00+00:00")]);
        let survey = Survey { me: Ok(Me::default()), orders, requests: listing(vec![]), records };
        assert_eq!(Ground::of(survey, &intent(Some(9)), 0).known.orders.as_deref(), Some(known));
    }

    #[test]
    fn another_organization_is_not_alike_and_yet_known() {
        let found =
            ground(vec![OrderRow { organization_id: Some(8), ..row(1, "2026-11-22T11:00:00+00:00") }], vec![], vec![]);
        assert_eq!((found.alike.len(), found.known.orders), (0, Some(vec![1])));
    }

    #[test]
    fn a_list_that_is_not_whole_is_no_known_set() {
        let failure = Failure::Cut(Cause::Slow.into());
        let orders = Listing { gap: Some(Gap::Failed(failure.clone())), ..listing(vec![row(1, "")]) };
        let (me, requests, records) = (Err(failure.clone()), listing(vec![]), Ok(Records::default()));
        let found = Ground::of(Survey { me, orders, requests, records }, &intent(None), 0);
        assert!(!found.protects() && found.goes());
        assert_eq!((found.known.orders.clone(), found.failure.clone(), found.user), (None, Some(failure), None));
        assert_eq!(found.complete(&intent(None)).account, "");
    }
}
